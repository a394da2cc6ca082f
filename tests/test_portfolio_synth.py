"""The synthetic population: totals that are the published ones, edges that the rules turn on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import carbonlex
from carbonlex.model import Case
from carbonlex.portfolio.synth import (
    DEFAULT_ENTITIES,
    NOTICE,
    SynthSummary,
    is_synthetic,
    population,
    synthesise,
)
from carbonlex.portfolio.synth.figures import LAST_SETTLED, PROVINCES, PUBLISHED, expected
from carbonlex.portfolio.synth.guesses import GUESSES, share
from carbonlex.rulebook.vocabulary import Term

Row = dict[str, Any]

SEED = 7
ON = date(2026, 11, 22)
RULEBOOK = carbonlex.load_rulebook()
TERMS = RULEBOOK.vocabulary.terms
KEYS = {"entity", "year"}


@pytest.fixture(scope="module")
def summary(tmp_path_factory: pytest.TempPathFactory) -> SynthSummary:
    folder = tmp_path_factory.mktemp("synth") / "national"
    return synthesise(folder, DEFAULT_ENTITIES, SEED, RULEBOOK)


@pytest.fixture(scope="module")
def tables(summary: SynthSummary) -> dict[str, list[Row]]:
    return {p.stem: pq.read_table(p).to_pylist() for p in summary.folder.glob("*.parquet")}


def by_key(rows: list[Row]) -> dict[tuple[int, int], list[Row]]:
    found: dict[tuple[int, int], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["entity"], row["year"]].append(row)
    return found


def told(row: Row) -> Row:
    return {n: v for n, v in row.items() if v is not None and n not in KEYS}


def case_of(tables: dict[str, list[Row]], entity: int) -> Case:
    always: Row = {}
    years: dict[str, Row] = {}
    for row in tables["entities"]:
        if row["entity"] == entity:
            facts = years.setdefault(str(row["year"]), {})
            for name, value in told(row).items():
                record, _, count = name.partition(".")
                if count:
                    facts |= {record: []} if value == 0 else {}
                elif name == "name" or TERMS[name].period == "always":
                    always[name] = value
                else:
                    facts[name] = value
    for table, rows in tables.items():
        for row in rows if table != "entities" else ():
            if row["entity"] == entity:
                years[str(row["year"])].setdefault(table, []).append(told(row))
    return carbonlex.case_from({"entity": always, "year": years}, RULEBOOK.vocabulary, "one")


def off(drawn: Fraction, published: str) -> Fraction:
    value = PUBLISHED[published].value
    return abs(drawn - value) / value


def test_yearly_sums_are_the_published_ones(tables: dict[str, list[Row]]) -> None:
    sums: dict[int, Fraction] = defaultdict(Fraction)
    power: dict[int, Fraction] = defaultdict(Fraction)
    for row in tables["entities"]:
        tonnes = Fraction(row["verified_emissions"] or 0)
        sums[row["year"]] += tonnes
        power[row["year"]] += tonnes * (row["sector"] == "power")
    limit = Fraction(5, 1_000)
    assert off(sums[2019], "power_tonnes_2019") < limit
    assert off(sums[2020], "power_tonnes_2019") < limit
    assert off(power[2023], "power_tonnes_2023") < limit
    assert off(power[2024], "power_tonnes_2023") < limit
    assert off(sums[2025], "tonnes_2026") < limit
    assert len(sums) == 7


def test_the_summary_says_what_the_files_hold(
    summary: SynthSummary, tables: dict[str, list[Row]]
) -> None:
    assert summary.rows == {name: len(rows) for name, rows in tables.items()}
    for total in summary.totals:
        rows = [r for r in tables["entities"] if r["year"] == total.year]
        assert total.entities == len(rows)
        assert total.drawn == sum(Fraction(r["verified_emissions"] or 0) for r in rows)


def test_there_are_as_many_entities_as_published(summary: SynthSummary) -> None:
    entities = {t.year: t.entities for t in summary.totals}
    assert entities[2019] == PUBLISHED["power_entities"].value
    assert entities[2025] == PUBLISHED["entities_2026"].value


@pytest.mark.parametrize("entities", [340, 12_000])
def test_totals_grow_with_the_entities(tmp_path: Path, entities: int) -> None:
    drawn = synthesise(tmp_path / "some", entities, SEED, RULEBOOK)
    assert drawn.totals[-1].entities == entities
    for total in drawn.totals:
        assert total.aimed == expected(entities)[total.year]
        assert abs(total.drawn - total.aimed) / total.aimed < Fraction(5, 1_000)


@pytest.mark.parametrize("entities", [1, 2, 5])
def test_a_few_entities_make_a_population_too(tmp_path: Path, entities: int) -> None:
    drawn = synthesise(tmp_path / "few", entities, SEED, RULEBOOK)
    assert drawn.totals[-1].entities == entities


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        synthesise(tmp_path / name, 50, seed, RULEBOOK)
    files = sorted(p.name for p in (tmp_path / "a").iterdir())
    assert {"README.txt", "synthetic.json", "entities.parquet", "units.parquet"} <= {*files}
    same = [(tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files]
    assert all(same)
    a, c = (pq.read_table(tmp_path / name / "entities.parquet") for name in "ac")
    assert not a.equals(c)


def test_columns_are_terms_that_may_be_told_and_no_value_is_a_float(summary: SynthSummary) -> None:
    for path in summary.folder.glob("*.parquet"):
        record = "entity" if path.stem == "entities" else path.stem
        for column in pq.read_schema(path):
            if column.name in KEYS | {"name"} or column.name.endswith(".count"):
                assert column.type in (pa.int64(), pa.int32(), pa.string())
                continue
            term = TERMS[column.name]
            assert term.record == record
            assert term.tellable
            assert column.type == arrow_type(term, column.type), column.name


def arrow_type(term: Term, found: pa.DataType) -> pa.DataType:
    match term.type:
        case "number":
            return pa.decimal128(found.precision, term.decimals)
        case "boolean":
            return pa.bool_()
        case "date":
            return pa.date32()
    return pa.string()


def test_values_keep_to_the_vocabulary(tables: dict[str, list[Row]]) -> None:
    for table, rows in tables.items():
        for name in {*rows[0]} & {*TERMS}:
            term, values = TERMS[name], {r[name] for r in rows} - {None}
            assert values, f"{table}.{name} is told of nobody"
            if term.type == "number":
                assert term.minimum is None or min(values) >= term.minimum
                assert term.maximum is None or max(values) <= term.maximum
            if term.type == "choice":
                assert values <= {*term.choices}


def test_entities_stand_on_both_sides_of_the_threshold_and_on_it(
    tables: dict[str, list[Row]],
) -> None:
    told = [r["verified_emissions"] for r in tables["entities"] if r["verified_emissions"]]
    near = Counter((t > 26_000) - (t < 26_000) for t in told if abs(t - 26_000) < 2_000)
    assert min(near[-1], near[0], near[1]) > 20
    small = [
        entity
        for entity, rows in by_entity(tables["entities"]).items()
        if len(rows) > 2
        and all((r["verified_emissions"] or 26_000) < 26_000 for r in rows[-2:])
        and not any(r["operations_ceased"] for r in rows)
        and all((r["verified_emissions"] or 26_000) >= 26_000 for r in rows[:-2])
    ]
    assert len(small) > 10


def by_entity(rows: list[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["entity"]].append(row)
    return found


def test_what_has_ceased_emits_nothing_later_and_leaves_the_list(
    tables: dict[str, list[Row]],
) -> None:
    ceased = 0
    for rows in by_entity(tables["entities"]).values():
        since = [r for r in rows if r["operations_ceased"]]
        ceased += bool(since)
        for row in since[1:]:
            assert not row["verified_emissions"]
            assert row["removed"] is True
            assert row["listed"] is False
    assert ceased > 10


def test_entities_stand_in_every_province_and_say_so_every_year(
    tables: dict[str, list[Row]],
) -> None:
    regions = {r["region"] for r in tables["entities"]}
    assert regions == {*PROVINCES, None}
    assert len(PROVINCES) == 31
    for rows in by_entity(tables["entities"]).values():
        assert len({(r["sector"], r["role"], r["region"], r["name"]) for r in rows}) == 1


@pytest.mark.parametrize(
    ("table", "fact"), [("units", "unit_emissions"), ("lines", "line_emissions")]
)
def test_parts_emit_what_the_whole_emits(
    tables: dict[str, list[Row]], table: str, fact: str
) -> None:
    wholes = by_key(tables["entities"])
    compared = 0
    for key, parts in by_key(tables[table]).items():
        whole = wholes[key][0]["verified_emissions"]
        if whole is not None and all(p[fact] is not None for p in parts):
            assert sum(p[fact] for p in parts) == whole
            compared += 1
    assert compared > 1_000


@pytest.mark.parametrize("year", [2019, 2022, 2023, 2024])
def test_units_are_allocated_about_what_they_emit(tables: dict[str, list[Row]], year: int) -> None:
    allocated = emitted = Fraction(0)
    for unit in tables["units"]:
        if unit["year"] == year and unit["entity"] <= 100:
            # A unit whose corrections are not all told has no allocation to compare.
            names = ("cooling_correction", "heat_correction", "load_correction")
            names = names if year < 2023 else ("peaking_correction",)
            factors = [unit[name] for name in names]
            basis = unit["electricity_supplied" if year < 2023 else "electricity_generated"]
            if None in factors or unit["unit_emissions"] is None:
                continue
            for factor in factors:
                basis *= factor
            rate, heat = (
                value(name, year, unit["unit_class"]) for name in ("benchmark", "heat_benchmark")
            )
            allocated += rate * Fraction(basis) + heat * Fraction(unit["heat_supplied"])
            emitted += Fraction(unit["unit_emissions"])
    assert abs(allocated / emitted - 1) < Fraction(3, 100)


def value(name: str, year: int, unit_class: str) -> Fraction:
    spans = [s for p in RULEBOOK.parameter_names[name] for s in p.spans]
    entry = next(s.entry for s in spans if s.start <= year <= s.until)  # type: ignore[operator]
    found = entry.value[unit_class]  # type: ignore[index,union-attr,call-overload]
    assert isinstance(found, Fraction)
    return found


@pytest.mark.parametrize("table", ["units", "lines", "credits", "movements", "months"])
def test_counts_are_those_of_the_rows(tables: dict[str, list[Row]], table: str) -> None:
    found = by_key(tables[table])
    for key, rows in by_key(tables["entities"]).items():
        assert (rows[0][f"{table}.count"] or 0) == len(found.get(key, ()))


def test_most_surrender_exactly_or_more_some_less_and_of_some_it_is_not_told(
    tables: dict[str, list[Row]],
) -> None:
    settled = [r for r in tables["entities"] if r["year"] <= LAST_SETTLED]
    told = [r for r in settled if r["credits.count"] == 0 and r["verified_emissions"]]
    sides = Counter(
        (r["allowances_surrendered"] > r["verified_emissions"])
        - (r["allowances_surrendered"] < r["verified_emissions"])
        for r in told
        if r["allowances_surrendered"] is not None
    )
    assert (sides[0] + sides[1]) / sides.total() > 0.95
    assert sides[0] > sides[1] > sides[-1] > 100
    untold = sum(r["allowances_surrendered"] is None for r in settled) / len(settled)
    assert abs(untold - share("untold") - share("by_ledger")) < 0.01


def test_offsets_are_exactly_at_the_cap_above_it_and_from_covered_projects(
    tables: dict[str, list[Row]],
) -> None:
    emitted = {
        key: rows[0]["verified_emissions"] for key, rows in by_key(tables["entities"]).items()
    }
    sides: Counter[int] = Counter()
    for key, credits in by_key(tables["credits"]).items():
        used = sum(c["quantity"] for c in credits if c["used"])
        if used and emitted[key]:
            sides[(used * 20 > emitted[key]) - (used * 20 < emitted[key])] += 1
    assert min(sides[-1], sides[0], sides[1]) > 50
    covered = [c["from_covered_project"] for c in tables["credits"] if c["used"]]
    assert 0.04 < sum(covered) / len(covered) < 0.15


def test_the_reasoner_takes_the_cases_and_finds_every_outcome(
    tables: dict[str, list[Row]],
) -> None:
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for entity in Random(3).sample(range(1, DEFAULT_ENTITIES + 1), 30):
        report = carbonlex.check_case(RULEBOOK, case_of(tables, entity), ON, survey=False)
        for verdict in report.verdicts:
            outcomes[verdict.duty][verdict.outcome] += 1
    surrender = outcomes["surrender"]
    assert {*surrender} >= {"complied", "breached", "pending", "undetermined"}
    assert surrender["complied"] > surrender["pending"] > surrender["undetermined"]
    assert outcomes["offset-cap"]["complied"]
    assert "conflict" not in surrender


def test_every_file_says_that_it_is_synthetic_also_away_from_its_folder(
    summary: SynthSummary, tmp_path: Path
) -> None:
    assert is_synthetic(summary.folder)
    for path in summary.folder.glob("*.parquet"):
        assert is_synthetic(path)
        assert is_synthetic(Path(shutil.copy(path, tmp_path)))
        metadata = pq.read_metadata(path).metadata
        assert metadata[b"carbonlex.synthetic.seed"] == str(SEED).encode()
        figures = json.loads(metadata[b"carbonlex.synthetic.figures"])
        assert figures["tonnes_2026"]["grade"] == "recalled"
    assert is_synthetic(tmp_path)  # by its files: there is no synthetic.json


def test_what_was_not_made_here_is_not_said_to_be(tmp_path: Path) -> None:
    pq.write_table(pa.table({"entity": [1]}), tmp_path / "entities.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1")
    (tmp_path / "synthetic.json").write_text("{", "utf-8")
    (tmp_path / "entities.csv").write_text("entity,year\n", "utf-8")
    for path in (tmp_path, *tmp_path.iterdir()):
        assert not is_synthetic(path)


def test_the_readme_tells_what_is_published_and_what_is_made_up(summary: SynthSummary) -> None:
    words = (summary.folder / "README.txt").read_text("utf-8")
    assert words.startswith(f"{NOTICE.zh}\n{NOTICE.en}\n")
    for figure in PUBLISHED.values():
        assert figure.label.zh in words
        assert f"({figure.grade};" in words
    for guess in GUESSES.values():
        assert f"{guess.label.zh} / {guess.label.en}: {guess.value}" in words
    told = json.loads((summary.folder / "synthetic.json").read_text("utf-8"))
    assert told["seed"] == SEED
    assert told["rulebook"] == RULEBOOK.digest


def test_a_folder_with_something_in_it_is_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("work", "utf-8")
    with pytest.raises(FileExistsError):
        synthesise(tmp_path, 5, SEED, RULEBOOK)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_used_and_a_failure_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    synthesise(out, 5, SEED, RULEBOOK)
    assert is_synthetic(out)

    def fails(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(population, "draw", fails)
    with pytest.raises(OSError, match="disk full"):
        synthesise(tmp_path / "other", 5, SEED, RULEBOOK)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(("entities", "seed"), [(0, 1), (-3, 1), (5, -1)])
def test_no_entities_or_a_negative_seed_are_refused(
    tmp_path: Path, entities: int, seed: int
) -> None:
    with pytest.raises(ValueError, match="at least one entity"):
        synthesise(tmp_path / "none", entities, seed, RULEBOOK)


def test_pieces_are_small_and_leave_no_entity_out() -> None:
    pieces = [piece for piece, _ in population._pieces(123_457, SEED)]
    assert max(p.entities for p in pieces) <= 10_000
    first = 1
    for piece in pieces:
        assert piece.first == first
        first += piece.entities
    assert first == 123_458


def test_to_know_of_populations_loads_neither_numpy_nor_arrow() -> None:
    loaded = "import sys, carbonlex.portfolio.synth; print({'numpy', 'pyarrow'} & {*sys.modules})"
    ran = subprocess.run(
        [sys.executable, "-c", loaded], capture_output=True, encoding="utf-8", check=True
    )
    assert ran.stdout.strip() == "set()"
