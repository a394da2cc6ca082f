"""A store of records: only added to, chained, killed at any moment, opened by strangers."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from carbonlex.errors import ContentError
from carbonlex.records.connect import default_place, located
from carbonlex.records.content import is_place
from carbonlex.records.packing import Damaged, pack, unpack
from carbonlex.records.schema import TABLES
from carbonlex.records.store import Store, open_store
from carbonlex.records.verify import verify
from records_store import (
    check_append_only,
    check_cut_tail,
    check_killed_writers,
    check_two_writers_lose_nothing,
    kept_in,
    refusal,
    signed_in,
)

CUT = """
DROP TRIGGER carbonlex_entries_no_delete;
DROP TRIGGER carbonlex_uses_no_delete;
DROP TRIGGER carbonlex_blobs_no_delete;
DELETE FROM carbonlex_uses WHERE seq = 2;
DELETE FROM carbonlex_entries WHERE seq = 2;
DELETE FROM carbonlex_blobs WHERE digest NOT IN (SELECT digest FROM carbonlex_uses);
CREATE TRIGGER carbonlex_entries_no_delete BEFORE DELETE ON carbonlex_entries BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER carbonlex_uses_no_delete BEFORE DELETE ON carbonlex_uses BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
CREATE TRIGGER carbonlex_blobs_no_delete BEFORE DELETE ON carbonlex_blobs BEGIN SELECT RAISE(ABORT, 'records are append-only'); END;
"""  # noqa: E501


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(tmp_path / "库" / "records.sqlite")


@pytest.fixture
def store(place: str) -> Store:
    return open_store(place, make=True)


def test_a_new_store_is_for_its_owner_alone(store: Store) -> None:
    assert stat.S_IMODE(Path(store.place).stat().st_mode) == 0o600
    assert verify(store).entries == 0


def test_rows_are_neither_changed_nor_deleted(store: Store) -> None:
    check_append_only(store)


def test_files_are_kept_once(store: Store) -> None:
    kept_in(store)
    files = verify(store).files
    kept_in(store)
    assert verify(store).files == files


def test_two_processes_writing_at_once_lose_nothing(place: str) -> None:
    check_two_writers_lose_nothing(place)


def test_a_kill_at_any_moment_leaves_a_store_that_verifies(place: str) -> None:
    check_killed_writers(place, 100, 0.0017)


def test_a_cut_tail_is_found_against_a_head_told_before(store: Store) -> None:
    check_cut_tail(store, CUT)


def _tampered(store: Store, statement: str) -> str:
    """Change a row behind the triggers, and return what verify then says."""
    with closing(sqlite3.connect(store.place)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'")
        made = triggers.fetchall()
        for name, _ in made:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute(statement)
        for _, sql in made:
            connection.execute(sql)
        connection.commit()
    fault = verify(store).fault
    assert fault is not None, statement
    return f"{fault.table} {fault.row} {fault.message[1]}"


CHANGES = {
    "UPDATE carbonlex_entries SET content = replace(content, 'complied', 'breached') WHERE seq = 2":
        "carbonlex_entries 2 ({short}) content was changed",
    "UPDATE carbonlex_entries SET id = replace(id, substr(id, 1, 4), 'ffff') WHERE seq = 2":
        "id was changed",
    "UPDATE carbonlex_entries SET previous = 'x' WHERE seq = 2": "previous was changed",
    "UPDATE carbonlex_entries SET hash = 'x' WHERE seq = 3": "was changed",
    "UPDATE carbonlex_entries SET about = NULL WHERE seq = 3": "about",
    "UPDATE carbonlex_entries SET seq = 9 WHERE seq = 3": "entry 3 is missing",
    "DELETE FROM carbonlex_entries WHERE seq = 2": "entry 2 is missing",
    "UPDATE carbonlex_blobs SET size = size + 1 WHERE digest = (SELECT min(digest) FROM "
    "carbonlex_blobs)": "the file was changed",
    "UPDATE carbonlex_blobs SET packed = x'78da0300000000010a'": "the file was changed",
    "DELETE FROM carbonlex_blobs WHERE digest = (SELECT min(digest) FROM carbonlex_blobs)":
        "the file is missing",
    "INSERT INTO carbonlex_blobs VALUES ('"
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 0, x'78da030000000001')":
        "a file that no record uses",
    "UPDATE carbonlex_uses SET packed = 'x' WHERE rowid = 1": "was changed",
    "DELETE FROM carbonlex_uses WHERE rowid = 1": "was changed",
    "INSERT INTO carbonlex_uses VALUES (99, 'x', 'x')": "rows that belong to no entry",
    "INSERT INTO carbonlex_store VALUES (0)": "version",
    "UPDATE carbonlex_entries SET content = CAST(content AS BLOB) WHERE seq = 2":
        "content is of another type",
    "UPDATE carbonlex_entries SET about = x'00' WHERE seq = 3": "about is of another type",
    "UPDATE carbonlex_blobs SET packed = hex(packed)": "packed is of another type",
    "UPDATE carbonlex_blobs SET packed = -1": "packed is of another type",
    "UPDATE carbonlex_uses SET packed = x'00' WHERE rowid = 1": "packed is of another type",
}  # fmt: skip


@pytest.fixture
def signed(store: Store) -> Store:
    kept_in(store, "one")
    signed_in(store, kept_in(store, "two"), ("preparer", "甲"))
    return store


@pytest.mark.parametrize("statement", CHANGES)
def test_a_change_to_any_stored_value_is_found_and_named(signed: Store, statement: str) -> None:
    with signed.reading() as found:
        short = [*found.entries()][1].short
    assert CHANGES[statement].format(short=short) in _tampered(signed, statement)


@pytest.mark.parametrize("statement", [s for s in CHANGES if "CAST" in s or "x'00'" in s])
def test_values_of_other_types_are_refused_and_not_read(signed: Store, statement: str) -> None:
    _tampered(signed, statement)
    with pytest.raises(ContentError) as error, signed.reading() as found:
        [*found.entries()]
    assert "another type" in refusal(error)


def test_a_file_with_a_broken_index_is_damaged(signed: Store) -> None:
    """Rows are found by indexes: one that is spoilt hides what the table still holds."""
    with closing(sqlite3.connect(signed.place)) as connection:
        indexed = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_carbonlex_entries_1'"
        ).fetchone()
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        with signed.reading() as found:
            name = [*found.entries()][1].id.encode()
    data = bytearray(Path(signed.place).read_bytes())
    at = data.index(name, (indexed[0] - 1) * size)
    data[at] ^= 1
    Path(signed.place).write_bytes(data)
    fault = verify(signed).fault
    assert fault is not None and "damaged" in fault.message[1]


def test_every_byte_of_a_packed_file_counts(signed: Store) -> None:
    """Deflate has bits that change nothing of what it unpacks to: those are stored values too."""
    with signed.reading() as found:
        packed, size = found.packed(min(found.digests()))
    last = bytes([packed[-5] ^ 1])
    spoilt = packed[:-5] + last + packed[-4:]
    statement = f"UPDATE carbonlex_blobs SET packed = x'{spoilt.hex()}' WHERE size = {size}"
    assert "file" in _tampered(signed, statement)


def test_a_trigger_that_was_taken_away_is_found(signed: Store) -> None:
    with closing(sqlite3.connect(signed.place)) as connection:
        connection.execute("DROP TRIGGER carbonlex_entries_no_update")
        connection.commit()
    fault = verify(signed).fault
    assert fault is not None and fault.table == "schema"


def test_packing_is_the_same_each_time_and_bounded() -> None:
    data = b"0" * 100_000
    assert pack(data) == pack(data) and unpack(pack(data), len(data)) == data
    for size in (99_999, 100_001, 0, -1, 1 << 40):
        with pytest.raises(Damaged):
            unpack(pack(data), size)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("none.sqlite", "there is no store of records"),
        ("mysql://u:geheim@h/db", "not supported"),
        ("postgresql://u:geheim@h:port/db", "is no URL"),
        ("a\0b", "is no path"),
        (".", "cannot be used"),
    ],
)
def test_what_is_no_store_is_refused_in_words(
    given: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ContentError) as error:
        open_store(given)
    assert said in refusal(error) and "store-unreadable" in refusal(error)
    assert "geheim" not in str(error.value)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("data", "zh", "hint"),
    [
        (b"facts = 1\n" * 100, "不是数据库文件", "换一个 --store"),
        (None, "文件已损坏", "从备份恢复"),
    ],
)
def test_why_a_store_cannot_be_read_is_said_in_both_languages(
    data: bytes | None, zh: str, hint: str, signed: Store
) -> None:
    whole = Path(signed.place).read_bytes()
    Path(signed.place).write_bytes(whole[:9_000] if data is None else data)
    with pytest.raises(ContentError) as error:
        verify(open_store(signed.place))
    (one,) = error.value.diagnostics
    assert zh in one.message[0] and hint in str(one.hint)


def test_the_last_run_is_found_behind_many_signatures(store: Store) -> None:
    runs = [kept_in(store, str(n)) for n in range(8)]
    for run in runs:
        signed_in(store, run, ("preparer", "甲"), ("reviewer", "乙"), ("approver", "丙"))
    with store.reading() as found:
        assert found.entry("last") == runs[-1]


def test_a_password_is_never_shown() -> None:
    url, shown = located("postgresql://u:geheim@localhost/db?password=geheim")
    assert "geheim" not in shown and url.password == "geheim"


def test_files_that_are_no_store_are_left_as_they_are(tmp_path: Path) -> None:
    text = tmp_path / "a.txt"
    text.write_text("not a database, and longer than a header of SQLite is " * 3)
    other = tmp_path / "b.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE accounts (id INTEGER)")
    for path, said in ((text, "not a database"), (other, "another program")):
        before = path.read_bytes()
        with pytest.raises(ContentError) as error:
            open_store(str(path), make=True)
        assert said in refusal(error)
        assert path.read_bytes() == before


def test_a_store_of_a_later_version_is_refused_with_words(store: Store) -> None:
    with closing(sqlite3.connect(store.place)) as connection:
        connection.execute("INSERT INTO carbonlex_store VALUES (7)")
        connection.commit()
    with pytest.raises(ContentError) as error:
        open_store(store.place)
    assert "version 7" in refusal(error) and "upgrade" in error.value.diagnostics[0].hint[1]


def test_a_view_in_the_place_of_a_table_is_refused(store: Store) -> None:
    with closing(sqlite3.connect(store.place)) as connection:
        connection.execute("CREATE VIEW more AS SELECT 1")
        connection.commit()
    with pytest.raises(ContentError):
        open_store(store.place)


def test_the_usual_store_is_in_the_users_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CARBONLEX_RECORDS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", "/home/x/data")
    assert default_place() == "/home/x/data/carbonlex/records.sqlite"
    monkeypatch.setenv("CARBONLEX_RECORDS", "postgresql://h/db")
    assert default_place() == "postgresql://h/db"


PLACES = ("../a", "a/../b", "/a", "a//b", "C:a", "a\\b", "", ".", "a\0", "a\nb", "x" * 300)


@pytest.mark.parametrize("place", PLACES)
def test_no_place_leads_out_of_its_folder(place: str) -> None:
    assert not is_place(place)


def test_four_tables_and_no_more(store: Store) -> None:
    with closing(sqlite3.connect(store.place)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    assert {name for (name,) in rows} == {*TABLES}
