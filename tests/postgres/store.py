"""PostgreSQL keeps records as SQLite does: appended to, chained, verified, replayed, carried over.

Run by `make test-postgres`, which starts a server; `make test` does not collect this folder.
"""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from carbonlex.errors import ContentError
from carbonlex.interfaces.cli import app
from carbonlex.records.connect import engine_of, located
from carbonlex.records.store import Store, open_store
from carbonlex.records.verify import verify
from records_store import (
    ROOT,
    check_append_only,
    check_cut_tail,
    check_killed_writers,
    check_two_writers_lose_nothing,
    kept_in,
    refusal,
    signed_in,
)

POWER = str(ROOT / "examples" / "power-2025.toml")
CUT = """
ALTER TABLE carbonlex_entries DISABLE TRIGGER USER;
ALTER TABLE carbonlex_uses DISABLE TRIGGER USER;
ALTER TABLE carbonlex_blobs DISABLE TRIGGER USER;
DELETE FROM carbonlex_uses WHERE seq = 2;
DELETE FROM carbonlex_entries WHERE seq = 2;
DELETE FROM carbonlex_blobs WHERE digest NOT IN (SELECT digest FROM carbonlex_uses);
ALTER TABLE carbonlex_entries ENABLE TRIGGER USER;
ALTER TABLE carbonlex_uses ENABLE TRIGGER USER;
ALTER TABLE carbonlex_blobs ENABLE TRIGGER USER
"""


@pytest.fixture
def place() -> str:
    """A database of its own on the server of `make test-postgres`."""
    server, name = os.environ["CARBONLEX_TEST_POSTGRES"], f"t{uuid.uuid4().hex[:12]}"
    engine = engine_of(located(server)[0]).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    return server.replace("/postgres?", f"/{name}?")


@pytest.fixture
def store(place: str) -> Store:
    return open_store(place, make=True)


def ran(*words: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, list(words))
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.exit_code, found.stdout, found.stderr


def test_rows_are_neither_changed_nor_deleted(store: Store) -> None:
    check_append_only(store)
    with pytest.raises(Exception, match="append-only"), store.engine.begin() as connection:
        connection.execute(text("TRUNCATE carbonlex_entries CASCADE"))


def test_two_processes_writing_at_once_lose_nothing(place: str) -> None:
    check_two_writers_lose_nothing(place)


def test_a_kill_at_any_moment_leaves_a_store_that_verifies(place: str) -> None:
    check_killed_writers(place, 40, 0.007)


def test_a_cut_tail_is_found_against_a_head_told_before(store: Store) -> None:
    check_cut_tail(store, CUT)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE carbonlex_entries SET content = content || ' ' WHERE seq = 1", "content was"),
        ("UPDATE carbonlex_blobs SET size = size + 1", "the file was changed"),
        ("UPDATE carbonlex_entries SET previous = 'x' WHERE seq = 2", "previous was changed"),
        ("UPDATE carbonlex_store SET version = 0", "version"),
    ],
)
def test_a_change_to_a_stored_value_is_found(store: Store, change: str, said: str) -> None:
    signed_in(store, kept_in(store), ("preparer", "甲"))
    table = change.split()[1]
    with store.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(change))
    guarded = verify(store).fault
    assert guarded is not None and guarded.table in ("schema", "carbonlex_store")
    with store.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
    fault = verify(store).fault
    assert fault is not None and said in fault.message[1]


def test_a_store_of_a_later_version_is_refused(store: Store, place: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("INSERT INTO carbonlex_store VALUES (7)"))
    with pytest.raises(ContentError) as error:
        open_store(place)
    assert "version 7" in refusal(error)


def test_a_database_without_records_is_no_store(place: str) -> None:
    with pytest.raises(ContentError) as error:
        open_store(place)
    assert "there is no store" in refusal(error)


def test_a_run_is_kept_signed_replayed_and_carried_to_a_file_and_back(
    place: str, store: Store, tmp_path: Path
) -> None:
    at = ("--store", place)
    assert ran("check", POWER, "--on", "2027-01-15", "--record", *at)[0] == 1
    (record,) = json.loads(ran("records", "list", "--json", *at)[1])["records"]
    for role, name in (("preparer", "甲"), ("reviewer", "乙"), ("approver", "丙'; DROP TABLE x")):
        assert ran("records", "sign", record["id"], "--as", role, "--name", name, *at)[0] == 0
    assert ran("records", "replay", "last", *at)[0] == 0
    bundle = str(tmp_path / "bundle.sqlite")
    assert ran("records", "export", "last", "-o", bundle, *at)[0] == 0
    for action in ("verify", "replay"):
        words = ["last"] if action == "replay" else []
        assert ran("records", action, *words, "--store", bundle)[0] == 0
    code, out, _ = ran("records", "import", bundle, *at, "--json")
    assert code == 0 and json.loads(out) == {
        "schema_version": "1", "answer": "import", "ids": [], "held": 4,
    }  # fmt: skip
    assert verify(store).fault is None
