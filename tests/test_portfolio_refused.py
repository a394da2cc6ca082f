"""Data of many entities that is not read: what cannot be, what is broken, and footers that lie."""

from __future__ import annotations

import os
import resource
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carbonlex.errors import ContentError
from carbonlex.portfolio.reading.dataset import open_dataset
from carbonlex.portfolio.reading.prepared import ENTITIES
from portfolio_data import (
    KEYS,
    WORDS,
    codes,
    refused,
    stored,
    tonnes,
    written,
)

# What cannot be read at all.


@pytest.mark.parametrize(
    ("column", "code", "hint"),
    [
        ("emisions", "name-unknown", "emissions"),
        ("owed", "name-unknown", "derived"),
        ("heat", "name-unknown", "units"),
        ("units.1.hat", "name-unknown", ""),
        ("units.4.heat", "range-exceeded", ""),
        ("clauses.count", "name-unknown", ""),
    ],
)
def test_a_column_that_there_cannot_be_is_refused(
    tmp_path: Path, column: str, code: str, hint: str
) -> None:
    counted = {"units.count": [0, 0, 0]}
    found = refused(stored(tmp_path, **KEYS, **counted, **{column: tonnes("1", "2", "3")}))
    assert [d.code for d in found] == [code]
    assert hint in found[0].render("en")
    assert found[0].where.cell == column


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("emissions", ["1", "2", "3"]),
        ("emissions", pa.array([1.0, 2.0, 3.0], pa.float32())),
        ("listed", [1, 0, 1]),
        ("reported_on", ["2024-01-01", None, None]),
        ("reported_on", pa.array([0, 0, 0], pa.timestamp("ms"))),
        ("sector", [0, 1, 0]),
        ("units.count", [0.0, 1.0, 2.0]),
        ("remark", [[1], [2], [3]]),
    ],
)
def test_a_column_of_a_type_that_it_cannot_have_is_refused(
    tmp_path: Path, column: str, values: Any
) -> None:
    assert codes(stored(tmp_path, **KEYS, **{column: values})) == ["type-mismatch"]


def test_rows_without_a_key_are_refused_by_number(tmp_path: Path) -> None:
    path = stored(tmp_path, entity=[1, None, 3], year=[2024, 2024, None])
    [found] = refused(path)
    assert (found.code, found.where.cell) == ("portfolio-key", "entity")
    assert "2" in found.message[1]
    [found] = refused(written(tmp_path, "entity,year\n1,2024\n2,2024年\n", "keys"))
    assert "2" in found.message[0]
    assert codes(stored(tmp_path, entity=[1])) == ["portfolio-key"]


def test_what_is_no_data_is_refused(tmp_path: Path) -> None:
    assert codes(tmp_path / "none") == ["file-unreadable"]
    assert codes(tmp_path) == ["record-malformed"]
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    assert codes(loop) == ["file-unreadable"]
    pipe = tmp_path / "pipe.parquet"
    os.mkfifo(pipe)
    assert codes(pipe) == ["file-unreadable"]
    assert codes(written(tmp_path.parent, "", "empty")) == ["syntax"]
    (tmp_path / "data").mkdir()
    stored(tmp_path / "data", "unit", entity=[1], year=[2024])
    assert codes(tmp_path / "data") == ["name-unknown"]


def test_one_table_in_two_files_is_refused(tmp_path: Path) -> None:
    stored(tmp_path, **KEYS)
    written(tmp_path, "entity,year\n1,2024\n")
    assert codes(tmp_path) == ["duplicate-key"]


@pytest.mark.parametrize(
    "text",
    ["entity,year\n1,2024,5\n", 'entity,year\n"1,2024\n', "entity,year\n1\n", "a\0b,year\n"],
)
def test_malformed_csv_is_refused(tmp_path: Path, text: str) -> None:
    assert codes(written(tmp_path, text))[0] in ("syntax", "file-unreadable")


def test_a_line_without_end_is_refused_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "entities.csv"
    with path.open("wb") as stream:
        stream.write(b"entity,year\n1,")
        stream.truncate(2 * 1024**3)  # a hole of noughts: no disk, and a line of 2 GiB
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert codes(path)[0] in ("syntax", "file-unreadable")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 512 * 1024


@pytest.mark.parametrize("junk", [b"", b"PAR1", b"PAR1" + b"\xff" * 200 + b"PAR1"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, junk: bytes) -> None:
    path = tmp_path / "entities.parquet"
    path.write_bytes(junk)
    assert codes(path) == ["file-unreadable"]
    (tmp_path / "x.duckdb").write_bytes(junk)
    assert codes(tmp_path / "x.duckdb") == ["file-unreadable"]


@pytest.mark.parametrize("place", range(0, 100, 7))
def test_a_parquet_file_with_one_byte_wrong_never_ends_in_a_traceback(
    tmp_path: Path, place: int
) -> None:
    keys = {"entity": [*range(300)], "year": [2024] * 300}
    path = stored(tmp_path, **keys, emissions=[*range(300)], sector=["power"] * 300)
    data = bytearray(path.read_bytes())
    data[len(data) * place // 100] ^= 0xFF
    path.write_bytes(bytes(data))
    try:
        for _ in open_dataset(path, WORDS).batches(100):
            pass
    except ContentError as error:
        assert error.diagnostics


# Footers that lie.


def lying(folder: Path, column: str, true: int, told: int, **columns: Any) -> Path:
    """A file whose footer says `told` wherever it should say `true` of a column of integers."""
    path = folder / "entities.parquet"
    pq.write_table(pa.table(columns), path, row_group_size=200, use_dictionary=False)
    data = path.read_bytes()
    size = int.from_bytes(data[-8:-4], "little")
    body, footer = data[: -8 - size], data[-8 - size :]
    was, now = (n.to_bytes(8, "little", signed=True) for n in (true, told))
    assert was in footer, column
    path.write_bytes(body + footer.replace(was, now))
    return path


def test_a_footer_that_understates_a_column_gives_no_number(tmp_path: Path) -> None:
    keys = {"entity": [*range(600)], "year": [2024] * 600}
    path = lying(tmp_path, "emissions", 123_456_789, 1_000, **keys, emissions=[123_456_789] * 600)
    data = open_dataset(path, WORDS)
    assert data.tables[ENTITIES].columns["emissions"].hi == 1_000
    assert codes(path) == ["portfolio-statistics"]


def test_a_footer_that_hides_entities_gives_no_total(tmp_path: Path) -> None:
    keys = {"entity": [*range(1_000_000, 1_000_600)], "year": [2024] * 600}
    path = lying(tmp_path, "entity", 1_000_200, 1_000_399, **keys)
    with pytest.raises(ContentError) as error:
        for _ in open_dataset(path, WORDS).batches(100):
            pass
    assert [d.code for d in error.value.diagnostics] == ["portfolio-statistics"]
