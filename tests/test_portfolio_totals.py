"""What a portfolio adds up is what the reasoner says of its entities, one by one."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from carbonlex.portfolio import adding
from carbonlex.portfolio.graph import Graph
from carbonlex.portfolio.judge import Asked
from carbonlex.portfolio.measures import Concept
from carbonlex.portfolio.subjects import Slot
from carbonlex.portfolio.survey import Survey, survey
from carbonlex.portfolio.synth import synthesise
from carbonlex.portfolio.totals import GroupTotals
from portfolio_runs import (
    EXAMPLE,
    ON,
    checked,
    reckoned,
    reports,
    rulebook,
    told_only,
    totals_of,
    write_csv,
)

ENTITIES = 30


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synth") / "small"
    synthesise(folder, ENTITIES, 5, rulebook())
    return folder


@pytest.fixture(scope="module")
def answer(population: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(checked(population, "--by", "sector,year", "--json").out)
    return found


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the example without the entity that has an invalid cell."""
    folder = tmp_path_factory.mktemp("sound")
    for path in EXAMPLE.glob("*.csv"):
        lines = [r for r in path.read_text("utf-8").splitlines() if not r.startswith("C03,")]
        (folder / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_a_synthetic_population_comes_to_what_the_reasoner_says(
    population: Path, answer: dict[str, Any]
) -> None:
    assert totals_of(answer["totals"]) == told_only(reckoned(reports(population)))


def test_the_example_comes_to_what_the_reasoner_says(sound: Path) -> None:
    found = json.loads(checked(sound, "--json").out)["totals"]
    assert totals_of(found) == told_only(reckoned(reports(sound)))
    assert any(d["outcomes"].get("breached") for d in found["duties"])


def test_each_year_comes_to_what_the_reasoner_says_of_it(sound: Path) -> None:
    found = json.loads(checked(sound, "--json").out)
    (years,) = [g for g in found["groupings"] if g["by"] == ["year"]]
    for group in years["groups"]:
        year = group["values"]["year"]
        assert totals_of(group["totals"]) == told_only(reckoned(reports(sound), [year]))


def test_groups_add_up_to_the_whole(answer: dict[str, Any]) -> None:
    assert [g["by"] for g in answer["groupings"]] == [
        ["sector"],
        ["region"],
        ["year"],
        ["sector", "year"],
    ]
    whole = totals_of(answer["totals"])
    for grouping in answer["groupings"]:
        parts = [totals_of(g["totals"]) for g in grouping["groups"]]
        assert sum((p.outcomes for p in parts), whole.outcomes.__class__()) == whole.outcomes
        for place, gap in whole.gaps.items():
            assert sum(p.gaps.get(place, Fraction(0)) for p in parts) == gap
        rows = [g["totals"]["entity_years"] for g in grouping["groups"]]
        assert sum(rows) == answer["totals"]["entity_years"] == answer["rows"]["entities"]


def test_small_batches_come_to_the_same(sound: Path) -> None:
    whole, pieces = (survey(rulebook(), sound, Asked(ON), rows=n) for n in (100_000, 5))
    assert whole.totals == pieces.totals


def test_entity_years_with_a_breach_are_counted_once(sound: Path) -> None:
    found = json.loads(checked(sound, "--json").out)["totals"]
    worst: dict[tuple[object, int], set[str]] = {}
    for entity, report in reports(sound):
        for v in report.verdicts:
            worst.setdefault((entity, v.year), set()).add(v.outcome)
    assert found["breached"] == sum("breached" in o for o in worst.values())
    open_ones = {"undetermined", "conflict"}
    assert found["open"] == sum(bool(o & open_ones) and "breached" not in o for o in worst.values())


def test_a_year_told_twice_is_undetermined_twice_and_no_row_is_doubled(tmp_path: Path) -> None:
    def row(entity: str, year: int) -> dict[str, object]:
        told = {"sector": "power", "listed": "true", "verified_emissions": 30_000}
        return {"entity": entity, "year": year} | told

    years = [("a", 2023), ("a", 2023), ("a", 2024), ("a", 2024), ("b", 2023), ("b", 2024)]
    old = {"year": 2023, "used": "true", "recorded_on": "2016-05-01", "used_on": "2024-02-10"}
    used = [old | {"entity": e, "quantity": n} for e in "ab" for n in (1, 2, 3)]
    data = write_csv(tmp_path / "data", entities=[row(*key) for key in years], credits=used)
    totals = survey(rulebook(), data, Asked(ON)).totals
    assert (totals.whole.entity_years, totals.whole.invalid) == (6, 4)
    assert totals.groups[("year",)][(2024,)].entity_years == 3
    for slot, duty in totals.whole.duties.items():
        assert duty.rows in (3, 6), slot  # some duties are of one year
        assert duty.outcomes["undetermined"] + duty.outcomes["not_applicable"] >= duty.rows // 2
    assert totals.whole.duties[Slot("old-credits", "credits")].rows == 6


def test_the_norms_that_verdicts_rest_on_are_counted(answer: dict[str, Any]) -> None:
    by_duty: dict[tuple[str, str | None], int] = {}
    for one in answer["norms"]:
        key = one["duty"], one["record"]
        by_duty[key] = by_duty.get(key, 0) + one["rows"]
        assert one["cite"]["zh"] and one["cite"]["en"] and one["grade"]
    judged = {(d["duty"], d["record"]): d["rows"] for d in answer["totals"]["duties"]}
    assert by_duty == judged


def test_free_text_beyond_so_many_values_is_one_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "GROUPS", 2)
    rows = [
        {"entity": n, "year": 2024, "sector": "power", "region": f"{'abcda'[n]}省"}
        for n in range(5)
    ]
    data = write_csv(tmp_path / "data", entities=rows)
    found: Survey = survey(rulebook(), data, Asked(ON, only=("report",)))
    regions = found.totals.groups[("region",)]
    assert {key: of.entity_years for key, of in regions.items()} == {
        ("a省",): 2,
        ("b省",): 1,
        ("…",): 2,
    }


@pytest.mark.parametrize("rows", [6, 2**20, 2**40])
@pytest.mark.parametrize("most", [9, 2**62, 10**19, 10**30, 10**38 - 1])
def test_sums_of_any_width_are_exact(most: int, rows: int) -> None:
    g = Graph()
    node = g.column("x", "number", scale=2, bounds=(-most, most), nullable=True)
    values = [most, -most, most - 1, most, None, most - 7]
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Int128)})
    concept, into = Concept("x", node), GroupTotals()
    concept.put(frame.select(*concept.columns(rows)).row(0, named=True), into)
    told = [v for v in values if v is not None]
    assert into.finding("x").sum == Fraction(sum(told), 100)
    assert (into.finding("x").known, into.finding("x").unknown) == (5, 1)
