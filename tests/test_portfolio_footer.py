"""What a Parquet file proves of itself: words of choices, pages in every writer's headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from carbonlex.errors import ContentError
from carbonlex.portfolio.reading.dataset import open_dataset
from carbonlex.portfolio.reading.footer import footer_of
from carbonlex.portfolio.reading.prepared import ENTITIES, Column
from portfolio_data import WORDS, codes, stored

ROWS = 500
KEYS: dict[str, list[int]] = {"entity": [*range(ROWS)], "year": [2024] * ROWS}
SECTORS = ["power", "steel", None, "power", "power"] * (ROWS // 5)


def table(**columns: Any) -> pa.Table:
    return pa.table(KEYS | columns)


@pytest.mark.parametrize("compression", ["none", "snappy", "gzip", "brotli", "zstd", "lz4"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("checksum", [False, True])
def test_a_file_tells_the_words_of_its_choices(
    tmp_path: Path, compression: str, version: str, checksum: bool
) -> None:
    path = tmp_path / "entities.parquet"
    kept = {"data_page_version": version, "write_page_checksum": checksum}
    pq.write_table(table(sector=SECTORS), path, compression=compression, row_group_size=200, **kept)
    words = footer_of(path).words["sector"]
    assert words.values == {"power", "steel"}
    assert words.nulls == SECTORS.count(None)


def test_words_that_polars_wrote_are_told_too(tmp_path: Path) -> None:
    path = tmp_path / "entities.parquet"
    pl.DataFrame(KEYS | {"sector": SECTORS}).write_parquet(path, row_group_size=200)
    assert footer_of(path).words["sector"].values == {"power", "steel"}


def test_a_choice_is_proved_without_a_look_and_read_the_same(tmp_path: Path) -> None:
    path = stored(tmp_path, **KEYS, sector=SECTORS)
    seen: list[str] = []
    data = open_dataset(path, WORDS, progress=lambda what, done, of: seen.append(what))
    assert not seen, "nothing had to be read"
    assert data.proof_columns[ENTITIES] == ("sector",)
    [batch] = data.batches(ROWS)
    places = {word: at for at, word in enumerate(WORDS.terms["sector"].choices)}
    wanted = [None if word is None else places[word] for word in SECTORS]
    assert batch.frames[ENTITIES]["sector"].to_list() == wanted
    told = {places["power"], places["steel"]}
    column = Column("sector", "choice", 0, min(told), max(told), nullable=True)
    assert data.tables[ENTITIES].columns["sector"] == column


def test_a_word_that_is_no_choice_is_counted_whatever_the_dictionary(tmp_path: Path) -> None:
    told = ["power", "powre", ""] + ["steel"] * (ROWS - 3)
    for folder, by_place in (("a", True), ("b", False)):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "entities.parquet"
        pq.write_table(table(sector=told), path, use_dictionary=by_place)
        data = open_dataset(path, WORDS)
        assert data.problem_counts == {(ENTITIES, "sector", "type-mismatch"): 1}
        assert [(p.row, p.value) for p in data.problems] == [(2, "powre")]


def test_a_footer_that_hides_what_is_not_told_gives_no_number(tmp_path: Path) -> None:
    path = tmp_path / "entities.parquet"
    told = ["power"] * 300 + [None] * 200
    pq.write_table(table(sector=told), path, data_page_version="1.0")
    data = path.read_bytes()
    size = int.from_bytes(data[-8:-4], "little")
    body, footer = data[: -8 - size], data[-8 - size :]
    nulls = b"\x36\x90\x03"  # the count of nulls, 200
    assert nulls in footer
    path.write_bytes(body + footer.replace(nulls, b"\x36\x80\x00"))
    assert codes(path) == ["portfolio-statistics"]


@pytest.mark.parametrize("by_place", [False, True])
def test_a_table_without_rows_is_read(tmp_path: Path, by_place: bool) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    stored(folder, **KEYS, sector=SECTORS)
    none = {"entity": pa.array([], pa.int64()), "year": pa.array([], pa.int64())}
    heat = {"heat": pa.array([], pa.decimal128(12, 2))}
    pq.write_table(pa.table(none | heat), folder / "units.parquet", use_dictionary=by_place)
    data = open_dataset(folder, WORDS)
    assert data.tables["units"].rows == 0
    [batch] = data.batches(10_000)
    assert batch.frames["units"].height == 0


def test_no_entities_at_all_are_refused_in_words(tmp_path: Path) -> None:
    none = {"entity": pa.array([], pa.int64()), "year": pa.array([], pa.int64())}
    pq.write_table(pa.table(none), tmp_path / "entities.parquet")
    with pytest.raises(ContentError) as error:
        open_dataset(tmp_path, WORDS)
    assert [d.code for d in error.value.diagnostics] == ["record-malformed"]
