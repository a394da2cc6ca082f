"""Data of many entities: what is read, exactly, and what is a problem of which row."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonlex
from carbonlex.cases.models import Refusal, value_of
from carbonlex.cases.read import case_from
from carbonlex.portfolio.reading.case import case_of, cases_of
from carbonlex.portfolio.reading.cells import Cells
from carbonlex.portfolio.reading.dataset import open_dataset
from carbonlex.portfolio.reading.digest import WHOLE, digest_of
from carbonlex.portfolio.reading.prepared import ENTITIES, Column
from carbonlex.portfolio.schema import ddl, json_schema, tables
from portfolio_data import (
    KEYS,
    WORDS,
    codes,
    entities,
    problems,
    refused,
    stored,
    tonnes,
    whole,
    written,
)
from portfolio_worlds import cases, worlds, write_dataset

# What a plan may rely on.


def test_decimals_become_integers_of_the_smallest_unit_with_bounds_from_the_footer(
    tmp_path: Path,
) -> None:
    path = stored(tmp_path, **KEYS, emissions=tonnes("1.50", "26000.00", "-0.01"))
    data = open_dataset(path, WORDS)
    column = Column("emissions", "number", 2, -1, 2_600_000, nullable=False)
    assert data.tables[ENTITIES].columns["emissions"] == column
    assert data.proof_columns == {ENTITIES: ("emissions",)}
    frame = whole(data).frames[ENTITIES]
    assert frame["emissions"].dtype == pl.Int64
    assert frame["emissions"].to_list() == [150, 2_600_000, -1]
    assert frame["year"].dtype == pl.Int32
    assert frame["_row"].to_list() == [1, 2, 3]
    assert not frame["_bad"].any()


def test_a_type_with_fewer_decimals_keeps_its_own_scale(tmp_path: Path) -> None:
    path = stored(tmp_path, **KEYS, emissions=[1, 2, 3], free=tonnes("1.5", "2", "3", scale=1))
    columns = open_dataset(path, WORDS).tables[ENTITIES].columns
    assert (columns["emissions"].scale, columns["free"].scale) == (0, 1)
    assert entities(path)["free"].to_list() == [15, 20, 30]


def test_more_decimals_than_declared_are_read_where_they_are_noughts(tmp_path: Path) -> None:
    path = stored(tmp_path, **KEYS, emissions=tonnes("1.5000", "2.0100", "3.0010", scale=4))
    assert problems(path) == [(ENTITIES, 3, "emissions", "number-inexact", "3.0010")]
    assert entities(path)["emissions"].to_list() == [150, 201, None]


def test_a_number_wider_than_64_bits_is_wide(tmp_path: Path) -> None:
    big = pa.array([Decimal(10) ** 25, None, Decimal(1)], pa.decimal128(38, 4))
    path = stored(tmp_path, **KEYS, free=big)
    frame = entities(path)
    assert frame["free"].dtype == pl.Int128
    assert frame["free"].to_list() == [10**29, None, 10**4]


def test_choices_are_places_days_are_counted_and_flags_are_flags(tmp_path: Path) -> None:
    days = pa.array([date(2024, 3, 1), None, date(1970, 1, 2)])
    sectors = ["steel", "steel", "power"]
    path = stored(tmp_path, **KEYS, sector=sectors, reported_on=days, listed=[True, None, False])
    data = open_dataset(path, WORDS)
    frame = whole(data).frames[ENTITIES]
    assert frame["sector"].to_list() == [1, 1, 0]
    assert frame["reported_on"].to_list() == [19783, None, 1]
    assert frame["listed"].to_list() == [True, None, False]
    types = [frame[name].dtype for name in ("sector", "reported_on", "listed")]
    assert types == [pl.Int16, pl.Int32, pl.Boolean]
    assert data.tables[ENTITIES].columns["sector"] == Column("sector", "choice", 0, 0, 1, False)


def test_doubles_are_taken_where_they_are_the_nearest_to_a_decimal(tmp_path: Path) -> None:
    doubles = [0.1, 1.15, 999999.99, 1 / 3, 0.1 + 0.2, float("nan"), float("inf"), None, 1e300]
    keys = {"entity": [*range(9)], "year": [2024] * 9}
    path = stored(tmp_path, **keys, emissions=pa.array(doubles, pa.float64()))
    assert [(row, value) for _, row, _, _, value in problems(path)] == [
        (4, "0.3333333333333333"),
        (5, "0.30000000000000004"),
        (6, "NaN"),
        (7, "inf"),
        (9, "1e+300"),
    ]
    assert entities(path)["emissions"].to_list()[:3] == [10, 115, 99_999_999]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-500, 10**11), min_size=1, max_size=50))
def test_every_double_written_from_a_decimal_comes_back_as_that_decimal(units: list[int]) -> None:
    doubles = pl.DataFrame({"emissions": [float(Decimal(n).scaleb(-2)) for n in units]})
    cells = Cells("emissions", tables(WORDS)[ENTITIES].columns["emissions"], pl.Float64(), False, 2)
    assert doubles.select(cells.value())["emissions"].to_list() == units


# CSV: exact text or a problem, as the reader of cases has it.

NUMBERS = (
    "0", "1.5", "-0.01", "+3", "1,000,000.50", "1_000", "007", "2.50000", " 4 ", "-5", "-0",
    "1e5", "1.234", "", ".5", "5.", "1,00", "1,,000", "NaN", "inf", "=1+1", "0x10", "--1", "1 2",
    "1000000000", "1000000000.01", "-5.01", "9" * 39, "9" * 41, "1.5吨", "十", "_1", "1__0",
)  # fmt: skip


def test_numbers_in_text_are_read_as_a_case_reads_them(tmp_path: Path) -> None:
    rows = "".join(f'{n},2024,"{text}"\n' for n, text in enumerate(NUMBERS))
    path = written(tmp_path, "entity,year,emissions\n" + rows)
    data = open_dataset(path, WORDS)
    bad = {p.row - 1: p.code for p in data.problems}
    frame = whole(data).frames[ENTITIES].sort("_row")
    for place, text in enumerate(NUMBERS):
        found = frame["emissions"][place]
        if text == "1.5吨":  # with a unit: a case takes it, a column has a unit of its own
            assert bad[place] == "number-inexact"
        elif text == "":
            assert (found, place in bad) == (None, False)
        else:
            try:
                assert found == value_of(WORDS.terms["emissions"], text) * 100, text
                assert place not in bad
            except Refusal:
                assert place in bad, text
                assert found is None


def test_flags_days_choices_and_text_in_csv(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "entity,year,sector,listed,reported_on,remark\n"
        "a,2024,power,是,2024-02-29, 两 行 \n"
        "b,2024, steel ,FALSE,,\n"
        "c,2024,coal,yes,2024-02-30,x\n"
        "d,2024,,true,2024-1-5,\n"
        "e,2024,,否,1899-12-31,\n",
    )
    frame = entities(path)
    assert frame["listed"].to_list() == [True, False, None, True, False]
    assert frame["sector"].to_list() == [0, 1, None, None, None]
    assert frame["remark"].to_list() == ["两 行", None, "x", None, None]
    assert [p[1:] for p in problems(path)] == [
        (3, "listed", "type-mismatch", "yes"),
        (3, "reported_on", "date-impossible", "2024-02-30"),
        (3, "sector", "type-mismatch", "coal"),
        (4, "reported_on", "type-mismatch", "2024-1-5"),
        (5, "reported_on", "date-impossible", "1899-12-31"),
    ]
    assert frame["_bad"].to_list() == [False, False, True, True, True]


def test_csv_of_excel_in_china_is_read(tmp_path: Path) -> None:
    path = tmp_path / "entities.csv"
    path.write_bytes("entity,year,listed\r\n甲厂,2024,是\r\n".encode("gb18030"))
    assert entities(path)["entity"].to_list() == ["甲厂"]
    path.write_bytes("\ufeffentity,year,listed\n甲厂,2024,是\n".encode())
    assert entities(path)["entity"].to_list() == ["甲厂"]


def test_text_that_would_garble_a_page_is_a_problem(tmp_path: Path) -> None:
    path = stored(tmp_path, **KEYS, remark=["a\u202eb", "x" * 501, "fine"])
    assert [p[1:4] for p in problems(path)] == [
        (1, "remark", "type-mismatch"),
        (2, "remark", "range-exceeded"),
    ]


# Records of entities: long, wide, counted, orphaned.


def test_rows_of_a_child_table_are_the_list_and_a_count_of_nought_is_none(tmp_path: Path) -> None:
    stored(tmp_path, **KEYS, **{"units.count": [None, 2, 0]})
    stored(tmp_path, "units", entity=[1, 1], year=[2024, 2024], heat=tonnes("2", "1", scale=3))
    data = open_dataset(tmp_path, WORDS)
    assert (data.problems, data.tables["units"].most) == ((), 2)
    batch = whole(data)
    told = {entity: case.years for entity, case in cases_of(batch, WORDS)}
    assert "units" not in told[1][2023].lists
    assert [u["heat"].value for u in told[1][2024].lists["units"]] == [2, 1]
    assert told[2][2024].lists["units"] == ()


def test_wide_columns_are_records_as_far_as_the_count_goes(tmp_path: Path) -> None:
    wide = {
        "units.count": [2, 0, None],
        "units.1.heat": tonnes("1", None, None, scale=3),
        "units.1.kind": ["gas", None, None],
        "units.2.heat": tonnes(None, None, None, scale=3),
    }
    path = stored(tmp_path, **KEYS, **wide)
    data = open_dataset(path, WORDS)
    assert data.problems == ()
    assert data.tables[ENTITIES].columns["units.1.heat"].scale == 3
    one, two = (case for _, case in cases_of(whole(data), WORDS))
    first, second = one.years[2023].lists["units"]
    assert (first["heat"].value, first["kind"].value, dict(second)) == (1, "gas", {})
    assert (one.years[2024].lists["units"], "units" in two.years[2024].lists) == ((), False)


@pytest.mark.parametrize("count", [0, None, 3])
def test_wide_values_beyond_the_count_are_a_problem(tmp_path: Path, count: int | None) -> None:
    wide = {"units.count": pa.array([1, 1, count]), "units.1.heat": tonnes("1", "1", "1", scale=3)}
    path = stored(tmp_path, **KEYS, **wide)
    value = "" if count is None else str(count)
    assert problems(path) == [(ENTITIES, 3, "units.count", "count-differs", value)]


def test_wide_and_long_together_and_wide_without_a_count_are_refused(tmp_path: Path) -> None:
    stored(tmp_path, **KEYS, **{"units.1.heat": tonnes("1", "1", "1", scale=3)})
    assert codes(tmp_path) == ["record-malformed"]
    stored(tmp_path, "units", entity=[1], year=[2024])
    assert codes(tmp_path) == ["record-malformed", "record-malformed"]


def test_movements_stand_in_a_table_of_their_own(tmp_path: Path) -> None:
    # Of wide columns those after the day asked could not be left out.
    days = [date(2024, 3, 1), None, None]
    path = stored(tmp_path, **KEYS, **{"movements.count": [1, 0, 0], "movements.1.moved_on": days})
    [found] = refused(path)
    assert (found.code, found.where.cell) == ("record-malformed", "movements")
    assert "a table movements" in found.render("en")


def test_counts_that_are_not_the_rows_and_rows_of_nobody_are_problems(tmp_path: Path) -> None:
    stored(tmp_path, **KEYS, **{"units.count": [0, 1, 1], "movements.count": [0, 0, 2]})
    stored(tmp_path, "units", entity=[1, 1, 1, 7], year=[2024, 2024, 2022, 2024])
    found = open_dataset(tmp_path, WORDS)
    assert [(p.table, p.row, p.column, p.code, p.value) for p in found.problems] == [
        (ENTITIES, 2, "units.count", "count-differs", "1"),
        (ENTITIES, 3, "movements.count", "count-differs", "2"),
        (ENTITIES, 3, "units.count", "count-differs", "1"),
        ("units", 3, "entity", "record-orphan", "1 2022"),
        ("units", 4, "entity", "record-orphan", "7 2024"),
    ]
    assert whole(found).frames[ENTITIES]["_bad"].to_list() == [True, True, True]
    assert whole(found).frames["units"].height == 4


def test_more_records_than_the_vocabulary_allows_are_a_problem(tmp_path: Path) -> None:
    stored(tmp_path, **KEYS)
    stored(tmp_path, "units", entity=[1, 2, 2, 2, 2], year=[2024] * 5)
    assert problems(tmp_path) == [("units", 2, "entity", "range-exceeded", "4")]


def test_a_key_told_twice_is_a_problem_and_no_row_is_lost(tmp_path: Path) -> None:
    path = stored(tmp_path, entity=[2, 1, 2], year=[2024] * 3, emissions=tonnes("1", "2", "3"))
    assert [p[1:4] for p in problems(path)] == [
        (1, "entity", "duplicate-key"),
        (3, "entity", "duplicate-key"),
    ]
    frame = entities(path)
    assert frame["entity"].to_list() == [1, 2, 2]
    assert frame["_bad"].to_list() == [False, True, True]


def test_a_fact_that_never_changes_must_not_change(tmp_path: Path) -> None:
    path = stored(tmp_path, **KEYS, sector=["steel", "power", "power"])
    assert problems(path) == [(ENTITIES, 2, "sector", "always-differs", "power")]
    path = stored(tmp_path, **KEYS, sector=["steel", None, "power"])
    assert problems(path) == [(ENTITIES, 2, "sector", "always-differs", "")]
    assert entities(path)["_bad"].to_list() == [True, True, False]


def test_an_impossible_year_is_a_problem_of_its_entity(tmp_path: Path) -> None:
    path = stored(tmp_path, entity=[1, 1, 2], year=[2024, 20244, 2024])
    assert problems(path) == [(ENTITIES, 2, "year", "date-impossible", "20244")]
    assert [*case_of(whole(open_dataset(path, WORDS)), 1, WORDS).years] == [2024]


def test_only_the_first_thousand_problems_are_listed_and_all_are_counted(tmp_path: Path) -> None:
    n = 5_000
    path = stored(tmp_path, entity=[*range(n)], year=[2024] * n, sector=["x"] * n)
    data = open_dataset(path, WORDS)
    assert [p.row for p in data.problems] == [*range(1, 1_001)]
    assert data.problem_counts == {(ENTITIES, "sector", "type-mismatch"): n}


# Batches.


def shuffled(folder: Path, order: list[int]) -> Path:
    """Three years of 400 entities, whose rows stand in some order; some units each."""
    rows = [(e, y) for e in range(400) for y in (2022, 2023, 2024)]
    rows = [rows[place] for place in order] if order else rows
    stored(
        folder,
        entity=[e for e, _ in rows],
        year=[y for _, y in rows],
        emissions=pa.array([Decimal(e) for e, _ in rows], pa.decimal128(18, 2)),
    )
    units = [(e, y) for e, y in rows for _ in range(e % 3)]
    stored(folder, "units", entity=[e for e, _ in units], year=[y for _, y in units])
    return folder


@pytest.mark.parametrize("order", [[], [n * 7 % 1200 for n in range(1200)]], ids=["sorted", "not"])
def test_batches_hold_every_row_once_and_each_entity_whole(
    tmp_path: Path, order: list[int]
) -> None:
    data = open_dataset(shuffled(tmp_path, order), WORDS)
    assert data.problems == ()
    seen: list[tuple[int, int]] = []
    sizes = []
    for batch in data.batches(100):
        frame, units = batch.frames[ENTITIES], batch.frames["units"]
        assert frame["emissions"].to_list() == [e * 100 for e in frame["entity"]]
        assert set(units["entity"]) == {e for e in frame["entity"] if e % 3}
        assert units.height == sum(e % 3 for e in frame["entity"])
        seen += frame.select("entity", "year").iter_rows()
        sizes.append(frame.height + units.height)
    assert seen == [(e, y) for e in range(400) for y in (2022, 2023, 2024)]
    assert len(sizes) > 20
    assert max(sizes) <= 120


def test_batches_may_be_read_twice_at_once(tmp_path: Path) -> None:
    data = open_dataset(shuffled(tmp_path, [n * 7 % 1200 for n in range(1200)]), WORDS)
    for one, other in zip(data.batches(200), data.batches(200), strict=True):
        assert one.frames[ENTITIES].equals(other.frames[ENTITIES])
    assert not [*data._scratch.fresh("x").parent.iterdir()]


def test_batches_are_the_same_whatever_the_identifiers_are(tmp_path: Path) -> None:
    rows = "".join(f"{e},2024,{e}\n" for e in range(500))
    stored(tmp_path, entity=[*range(500)], year=[2024] * 500)
    written(tmp_path, "entity,year,heat\n" + rows, "units")
    data = open_dataset(tmp_path, WORDS)
    assert data.problems == ()
    told = {
        entity: batch.frames["units"].filter(pl.col("entity") == entity)["heat"].to_list()
        for batch in data.batches(50)
        for entity in batch.frames[ENTITIES]["entity"]
    }
    assert told == {str(e): [e * 1000] for e in range(500)}


def test_progress_is_told_to_its_end(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    written(tmp_path, "entity,year,emissions\n1,2024,5\n2,2024,6\n")
    open_dataset(tmp_path, WORDS, progress=lambda *step: told.append(step))
    assert told == [(ENTITIES, 2, 0), ("check", 2, 2)]


# A DuckDB file.


def database(path: Path, *statements: str) -> Path:
    with duckdb.connect(str(path)) as base:
        for statement in statements:
            base.execute(statement)
    return path


def test_a_duckdb_file_holds_the_same_tables(tmp_path: Path) -> None:
    path = database(
        tmp_path / "data.duckdb",
        "CREATE TABLE entities AS SELECT 1::HUGEINT AS entity, 2024 AS year,"
        " 1.25::DECIMAL(10, 2) AS emissions, DATE '2024-05-06' AS reported_on, 'power' AS sector",
        "CREATE TABLE units AS SELECT 1 AS entity, 2024 AS year, 3.5::DECIMAL(9, 3) AS heat",
        "CREATE TABLE notes AS SELECT 1 AS x",
    )
    case = case_of(whole(open_dataset(path, WORDS)), 1, WORDS)
    facts = case.years[2024].facts
    assert facts["emissions"].value == Fraction(5, 4)
    assert facts["reported_on"].value == date(2024, 5, 6)
    assert case.entity["sector"].value == "power"
    assert case.years[2024].lists["units"][0]["heat"].value == Fraction(7, 2)


def test_the_tables_of_the_ddl_are_tables_that_are_read(tmp_path: Path) -> None:
    vocabulary = carbonlex.load_rulebook().vocabulary
    path = database(
        tmp_path / "data.duckdb",
        ddl(vocabulary),
        "INSERT INTO entities (entity, year, verified_emissions) VALUES ('a', 2024, 26000.5)",
    )
    data = open_dataset(path, vocabulary)
    assert {*data.tables} == {*tables(vocabulary)}
    case = case_of(whole(data), "a", vocabulary)
    assert case.years[2024].facts["verified_emissions"].value == Fraction(52001, 2)


def test_a_view_is_not_run_and_a_table_nearly_named_like_ours_is_not_passed_over(
    tmp_path: Path,
) -> None:
    view = "CREATE VIEW entities AS SELECT * FROM read_csv('/etc/passwd')"
    path = database(tmp_path / "view.duckdb", view)
    assert codes(path) == ["record-malformed"]
    near = "CREATE TABLE unit AS SELECT 1 AS entity"
    assert codes(database(tmp_path / "near.duckdb", near)) == ["name-unknown"]


# The round trip, and the rest.


@pytest.mark.parametrize("seed", range(12))
def test_what_was_written_is_the_case_that_is_read(tmp_path: Path, seed: int) -> None:
    world = worlds(seed)
    vocabulary = world.rulebook.vocabulary
    told = cases(world, seed, 20)
    write_dataset(tmp_path, told, vocabulary)
    data = open_dataset(tmp_path, vocabulary)
    assert data.problems == ()
    read = {str(e): case for batch in data.batches(30) for e, case in cases_of(batch, vocabulary)}
    wanted = {str(c.entity): case_from(c.tree, vocabulary, str(c.entity)) for c in told}
    assert {e: c.digest for e, c in read.items()} == {e: c.digest for e, c in wanted.items()}


def test_an_entity_that_is_not_there_is_no_case(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        case_of(whole(open_dataset(stored(tmp_path, **KEYS), WORDS)), 9, WORDS)


def test_the_digest_is_of_what_the_files_hold(tmp_path: Path) -> None:
    path = stored(tmp_path, **KEYS)
    first = open_dataset(path, WORDS).digest
    assert first.startswith("sha256:")
    assert open_dataset(stored(tmp_path, **KEYS, listed=[True] * 3), WORDS).digest != first
    with (tmp_path / "big").open("wb") as stream:
        stream.truncate(WHOLE + 1)
    assert digest_of([tmp_path / "big"]).startswith("sampled-sha256:")


def test_temporary_copies_end_with_the_dataset(tmp_path: Path) -> None:
    data = open_dataset(written(tmp_path, "entity,year\n1,2024\n"), WORDS)
    copy = data._layouts[0].source.path
    assert copy.exists()
    del data
    assert not copy.parent.exists()


def test_the_schema_says_what_a_table_may_have() -> None:
    document = json_schema(WORDS)
    json.dumps(document)
    assert [*document["tables"]] == [ENTITIES, "units", "movements"]
    columns = {c["name"]: c for c in document["tables"][ENTITIES]["columns"]}
    assert columns["emissions"]["sql"] == "DECIMAL(12, 2)"
    assert columns["emissions"]["min"] == "-5"
    assert (columns["free"]["sql"], columns["units.count"]["max"]) == ("DECIMAL(38, 4)", "3")
    assert [name for name, c in columns.items() if c["required"]] == ["entity", "year"]
    assert "owed" not in columns


def test_opening_needs_the_extra_and_importing_does_not() -> None:
    heavy = "polars, duckdb, pyarrow, numpy, sqlglot"
    program = (
        "import sys; import carbonlex.portfolio.reading.dataset, carbonlex.portfolio.reading.case;"
        f"print(sorted(set('{heavy}'.split(', ')) & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert told.stdout == "[]\n"
