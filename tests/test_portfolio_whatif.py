"""Drafts over a portfolio: flips, movements and sweeps against the reasoner, row by row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from carbonlex.interfaces.portfolio_whatif_wire import portfolio_whatif_json
from carbonlex.portfolio.compare import with_concepts
from carbonlex.portfolio.engines import Face
from carbonlex.portfolio.execute import answered
from carbonlex.portfolio.flips import Ends, Flip, Moved
from carbonlex.portfolio.judge import Asked, Judge, available
from carbonlex.portfolio.reading.dataset import open_dataset
from carbonlex.portfolio.survey import survey
from carbonlex.portfolio.sweep import touched
from carbonlex.portfolio.synth import synthesise
from carbonlex.portfolio.together import Together
from carbonlex.portfolio.whatif import PortfolioWhatIf, portfolio_what_if
from carbonlex.reform.postpone import in_effect_from
from carbonlex.reform.read import read_reform
from carbonlex.reform.swept import asked_for, with_value
from carbonlex.reform.whatif import WhatIf, what_if
from drafted import law
from portfolio_runs import EXAMPLE, rulebook, write_csv
from portfolio_whatifs import DRAFTS, ON, REFORMS, Told, reckoned, told_by

SOON = date(2026, 12, 1)
THRESHOLD = DRAFTS / "higher-threshold.md"
DRAFTED = [THRESHOLD, *(REFORMS / f"{n}.md" for n in (
    "offset-ten", "ccer-linkage", "staged-auctioning", "tighter-benchmarks", "price-corridor",
    "raise-status",
))]  # fmt: skip


@cache
def changed(*paths: Path) -> WhatIf:
    reforms = [in_effect_from(r, min(r.effective, SOON)) for r in map(read_reform, paths)]
    return what_if(law(), reforms, (), ON)


def run(found: WhatIf, data: Path, **more: Any) -> PortfolioWhatIf:
    return portfolio_what_if(found, data, Asked(ON), **more)


def flips(found: PortfolioWhatIf) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = json.loads(portfolio_whatif_json(found))["flips"]
    return answer


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synth") / "small"
    synthesise(folder, 24, 3, rulebook())
    return folder


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the example without the entity that has an invalid cell."""
    folder = tmp_path_factory.mktemp("sound")
    for path in EXAMPLE.glob("*.csv"):
        lines = [r for r in path.read_text("utf-8").splitlines() if not r.startswith("C03,")]
        (folder / path.name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


# ---- against the reasoner


@pytest.mark.parametrize("path", DRAFTED, ids=lambda p: p.stem)
def test_flips_and_movements_are_those_of_the_reasoner(path: Path, sound: Path) -> None:
    found = changed(path)
    assert told_by(flips(run(found, sound))["whole"]) == reckoned(sound, found.before, found.after)


def test_a_population_under_many_drafts_is_that_of_the_reasoner(population: Path) -> None:
    found = changed(*DRAFTED)
    answer = run(found, population, rows=60)
    told = told_by(flips(answer)["whole"])
    assert told == reckoned(population, found.before, found.after)
    assert told.sums and told.moved and any(b != a for _, b, a in told.flips)
    (by_year,) = (g for g in flips(answer)["groupings"] if g["by"] == ["year"])
    for group in by_year["groups"]:
        year = group["values"]["year"]
        wanted = reckoned(population, found.before, found.after, (year,))
        if year == 2025:
            assert told_by(group["flips"]) == wanted and wanted.flips


def test_a_made_portfolio_on_either_side_of_a_draft(tmp_path: Path) -> None:
    told = {"sector": "power", "listed": "true", "report_submitted": "true"}
    rows = [
        {**told, "entity": n, "year": y, "verified_emissions": e, "allowances_surrendered": s,
         "allowance_price": p, "price_calendar_month": p, "price_deadline_month": p}
        for n, (e, s, p) in enumerate(
            [(100_000, 92_000, 60), (100_000, 95_000, 60), (100_000, 89_999, ""), (30_000, "", 70),
             (26_000, 26_000, 60), (100_000, "90000.5", "60.25"), ("", 90_000, 60)], 1)
        for y in (2024, 2025)
    ]  # fmt: skip
    credits = [
        {"entity": r["entity"], "year": r["year"], "quantity": q, "used": "true",
         "used_on": "2025-11-02" if r["year"] == 2024 else "2026-12-20",
         "from_covered_project": "false"}
        for r in rows for q in (8_000, 2_000)
    ]  # fmt: skip
    data = write_csv(tmp_path / "d", entities=rows, credits=credits)
    for path in (THRESHOLD, REFORMS / "offset-ten.md"):
        found = changed(path)
        answer = run(found, data)
        told_ = told_by(flips(answer)["whole"])
        assert told_ == reckoned(data, found.before, found.after)
        assert any(b != a for _, b, a in told_.flips) or any(b != a for _, b, a in told_.states)
    # 1: 3,000 t less; 3: 5,000 t, at a price that was not told; 6: 4,999.5 t at CNY 60.25
    gap, cost = Fraction("-12999.5"), -(3_000 * 60 + Fraction("4999.5") * Fraction("60.25"))
    assert told_.moved[("surrender", None), "gap"] == (gap, gap)
    assert told_.moved[("surrender", None), "cost"] == (cost, cost)
    assert told_.moved[("offset-cap", None), "gap"] == (-20_000 - 1_500 - 1_300,) * 2
    assert told_.flips[("surrender", None), "breached", "complied"] == 2


# ---- groups, new duties, invalid data


def test_groups_come_to_the_whole(population: Path) -> None:
    answer = flips(run(changed(*DRAFTED), population, by=[("sector", "year")]))
    whole = told_by(answer["whole"])
    assert [g["by"] for g in answer["groupings"]] == [
        ["sector"], ["region"], ["year"], ["sector", "year"],
    ]  # fmt: skip
    for grouping in answer["groupings"]:
        groups = [g["flips"] for g in grouping["groups"]]
        told = [told_by(g) for g in groups]
        assert sum((t.flips for t in told), Told().flips) == whole.flips
        assert sum((t.states for t in told), Told().states) == whole.states
        for key in ("entity_years", "breached_before", "breached_after", "open_after"):
            assert sum(g[key] for g in groups) == answer["whole"][key]
        for name, by in whole.sums.items():
            assert sum(t.sums.get(name, Fraction(0)) for t in told) == by


def test_a_new_duty_has_no_verdict_before(tmp_path: Path) -> None:
    row = {"entity": 1, "year": 2025, "sector": "power", "listed": "true"}
    credit = {"entity": 1, "year": 2025, "quantity": 5, "used": "true", "used_on": "2026-12-20",
              "recorded_on": "2024-03-01", "from_covered_project": "false"}  # fmt: skip
    data = write_csv(tmp_path / "d", entities=[row], credits=[credit, credit])
    answer = run(changed(REFORMS / "ccer-linkage.md"), data)
    (duty,) = (d for d in flips(answer)["whole"]["duties"] if d["duty"] == "credit-age")
    assert duty["rows_before"] == 0 < duty["rows_after"] == duty["flipped"]
    assert {v["before"] for v in duty["verdicts"]} == {None}


def test_invalid_entities_are_undetermined_on_both_sides(sound: Path) -> None:
    found = changed(THRESHOLD)
    whole, less = (flips(run(found, d))["whole"] for d in (EXAMPLE, sound))
    assert whole["invalid"] == 2 and whole["entity_years"] == less["entity_years"] + 2
    apart = told_by(whole).flips - told_by(less).flips
    assert {(b, a) for _, b, a in apart} == {("undetermined", "undetermined")}
    assert set(apart.values()) == {2}
    assert told_by(whole).states == told_by(less).states


# ---- columns shared


def test_shared_columns_are_those_that_each_plan_computes(population: Path) -> None:
    found = changed(*DRAFTED)
    for data in (EXAMPLE, population):
        dataset = open_dataset(data, rulebook().vocabulary)
        judges = [
            Judge(with_concepts(r), available(dataset), Asked(ON))
            for r in (found.before, found.after, found.before)
        ]
        together = Together(judges)
        for batch in dataset.batches(250_000):
            alone = zip(*(j.answers(batch) for j in judges), strict=True)
            for shared, wanted in zip(together.answers(batch), alone, strict=True):
                for one, other in zip(shared, wanted, strict=True):
                    assert one.frames.keys() == other.frames.keys()
                    for table, frame in other.frames.items():
                        assert one.frames[table].select(frame.columns).equals(frame)
        assert together.problem_counts == judges[0].problem_counts


def test_what_plans_have_in_common_is_computed_once(sound: Path) -> None:
    dataset = open_dataset(sound, rulebook().vocabulary)
    counts = [0, 0]

    def counted(at: int) -> Face:
        def computed(plan: Any, wanted: Any, order: Any, rows: Any) -> dict[str, pl.DataFrame]:
            counts[at] += len(wanted)
            return answered(plan, wanted, order, rows)

        return computed

    found = changed(REFORMS / "offset-ten.md")
    judges = [
        Judge(r, available(dataset), Asked(ON, fields=("outcome", "gap")), counted(at))
        for at, r in enumerate((found.before, found.after))
    ]
    for batch in dataset.batches(250_000):
        for one, other in Together(judges).answers(batch):
            assert one.frames.keys() == other.frames.keys()
    assert 0 < counts[1] < counts[0] / 4


# ---- exit codes


@pytest.mark.parametrize(
    ("name", "code"), [("offset-ten", 0), ("ccer-linkage", 3), ("tighter-benchmarks", 0)]
)
def test_the_exit_code_is_that_of_what_becomes_worse(name: str, code: int) -> None:
    assert run(changed(REFORMS / f"{name}.md"), EXAMPLE).exit_code == code


def test_something_that_becomes_a_breach_ends_with_one(tmp_path: Path) -> None:
    row = {"entity": 1, "year": 2025, "sector": "power", "listed": "true"}
    moved = {"entity": 1, "year": 2025, "movement": "sell", "product": "allowance",
             "moved_on": "2026-12-05", "moved_quantity": 10, "unit_price": 30}  # fmt: skip
    data = write_csv(tmp_path / "d", entities=[row], movements=[moved])
    found = run(changed(REFORMS / "price-corridor.md"), data)
    (duty,) = (d for d in flips(found)["whole"]["duties"] if d["duty"] == "price-corridor")
    assert duty["verdicts"] == [{"before": None, "after": "breached", "rows": 1}]
    assert found.exit_code == 1


def test_a_flip_knows_what_it_is() -> None:
    assert not Flip(None, "not_applicable").flipped and Flip(None, "complied").flipped
    assert Flip("undetermined", "breached").to_breach and not Flip("breached", "breached").to_breach
    assert Flip("complied", "conflict").to_open and Flip("complied", "conflict").half_open
    assert not Flip("conflict", "undetermined").half_open
    nothing = Moved()
    assert nothing.nothing and not nothing.differs
    one_sided = Moved(before=Ends(Fraction(1), Fraction(1), 1), rows=1, open_after=1)
    assert one_sided.differs and not one_sided.whole


# ---- sweeps


def outcomes(totals: Any, slots: Sequence[Any]) -> dict[Any, Any]:
    return {s: totals.duties[s] for s in slots if s in totals.duties}


@pytest.mark.parametrize(
    "swept",
    [
        "offset_cap=0,0.05,0.2",
        "listing_threshold=0,64000,1000000",
        "plan-power-2023-2024/unit-allocation.benchmark[coal_above_300]=0.7,0.8",
    ],
)
def test_at_each_value_totals_are_those_of_that_law(swept: str, population: Path) -> None:
    figure = asked_for(swept, rulebook())
    answer = run(changed(), population, swept=swept)
    assert answer.sweep is not None and answer.flips is None and answer.exit_code == 0
    hangs = touched(rulebook(), figure)
    first = None
    for point in answer.sweep.points:
        alone = survey(with_value(rulebook(), figure, point.value), population, Asked(ON)).totals
        slots = [s for s in alone.whole.duties if s.duty in hangs]
        rest = [s for s in alone.whole.duties if s.duty not in hangs]
        for slot in slots:
            one, other = point.duty(slot), alone.whole.duties[slot]
            assert one.outcomes == other.outcomes
            for part, amount in one.amounts.items():
                assert other.amounts[part] == amount
        for name, concept in alone.whole.findings.items():
            assert point.concept(name) == concept
        kept = outcomes(alone.whole, rest)
        first = first or kept
        assert kept == first, "a duty hangs on the figure, and is not known to"


def test_a_sweep_after_a_draft_is_of_the_law_after_it(sound: Path) -> None:
    found = changed(REFORMS / "offset-ten.md")
    answer = run(found, sound, swept="offset_cap=0.05,0.1")
    assert answer.sweep is not None and answer.flips is not None
    low, high = answer.sweep.points
    for slot in answer.sweep.slots:
        assert answer.flips.whole.duties[slot].side[1] == high.duty(slot).rows
    assert low.value == Fraction(1, 20)
    after = {
        slot: sum(n for f, n in of.flips.items() if f.after == "breached")
        for slot, of in answer.flips.whole.duties.items()
    }
    assert all(of.outcomes["breached"] == after[s] for s, of in high.totals.duties.items())
