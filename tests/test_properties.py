"""What holds of every case under the rulebook that comes with the package."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from carbonlex.reasoner.consequence import Package
from carbonlex.reasoner.verdict import Report, Verdict
from generated_cases import (
    DAYS,
    LISTS,
    READINGS,
    YEARS,
    Tree,
    facts_used,
    parts,
    report_on,
    rows,
    trees,
)

ON = st.dates(date(2021, 1, 1), date(2028, 12, 31)) | DAYS
DECIDED = st.none() | DAYS
WORSE = {"complied": 0, "not_applicable": 0, "pending": 1, "undetermined": 2, "breached": 3}


@given(trees(), ON, DECIDED, READINGS)
@settings(max_examples=40, deadline=None)
def test_both_chainers_say_the_same(
    tree: Tree, on: date, decided: date | None, readings: dict[str, str]
) -> None:
    pytest.importorskip("durable_rules_engine")
    ours = report_on(tree, on, decided, readings=readings)
    plain = report_on(tree, on, decided, readings=readings, chain_with="plain")
    assert ours.chainer != plain.chainer == "plain"
    assert replace(ours, chainer="") == replace(plain, chainer="")


@given(trees(), ON, DECIDED, READINGS)
@settings(max_examples=50, deadline=None)
def test_any_case_is_answered_exactly_and_twice_alike(
    tree: Tree, on: date, decided: date | None, readings: dict[str, str]
) -> None:
    report = report_on(tree, on, decided, readings=readings)
    for part in parts(report):
        assert not isinstance(part, float)
    assert report.exit_code in (0, 1, 3)
    assert report == report_on(tree, on, decided, readings=readings)
    for verdict in report.verdicts:
        event(verdict.outcome)
        assert bool(verdict.sanctions) <= (
            verdict.outcome in ("breached", "undetermined", "pending")
        )
        assert verdict.outcome != "complied" or verdict.gap is None


@given(trees(), ON, DECIDED)
@settings(max_examples=8, deadline=None)
def test_the_survey_changes_no_verdict(tree: Tree, on: date, decided: date | None) -> None:
    surveyed = report_on(tree, on, decided, survey=True)
    plain = report_on(tree, on, decided)
    assert tuple(replace(v, robustness=None) for v in surveyed.verdicts) == plain.verdicts
    assert not any(isinstance(part, float) for part in parts(surveyed))


@given(trees(), ON, DECIDED, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_facts_says_nothing(
    tree: Tree, on: date, decided: date | None, random: Any
) -> None:
    def shuffled(value: object) -> object:
        if isinstance(value, dict):
            items = [(k, shuffled(v)) for k, v in value.items()]
            random.shuffle(items)
            return dict(items)
        return value

    other: Any = shuffled(tree)
    assert report_on(other, on, decided) == report_on(tree, on, decided)


# ---- surrendering more


def surrender_cases() -> st.SearchStrategy[Tree]:
    """Return cases of which enough is told of surrender to say what is owed and short."""
    amounts = st.sampled_from([Decimal(x) for x in (0, 1_000, 94_999, 95_000, 99_999, 100_000)])
    year = st.fixed_dictionaries(
        {"listed": st.just(True), "verified_emissions": st.just(100_000)},
        optional={
            "credits": rows("credits"),
            "price_calendar_month": st.sampled_from([Decimal(1), Decimal(60), Decimal(200)]),
            "correction_deadline": DAYS,
            "made_good": amounts,
        },
    )
    both = st.tuples(year, amounts).map(lambda p: p[0] | {"allowances_surrendered": p[1]})
    years = st.dictionaries(st.sampled_from([str(y) for y in YEARS]), both, min_size=1, max_size=1)
    entity = st.just({"sector": "power"})
    return st.fixed_dictionaries({"entity": entity, "year": years})


def fines(verdict: Verdict) -> tuple[Package | None, Package | None]:
    found = verdict.sanctions
    return (None, None) if found is None else (found.at_breach, found.governing)


@given(surrender_cases(), st.sampled_from([1, 4_999, 5_000, 100_000]), ON, DECIDED, READINGS)
@settings(max_examples=80, deadline=None)
def test_surrendering_more_makes_nothing_worse(
    tree: Tree, more: int, on: date, decided: date | None, readings: dict[str, str]
) -> None:
    better = copy.deepcopy(tree)
    for year in better["year"].values():
        year["allowances_surrendered"] += more
    reports = [report_on(t, on, decided, readings=readings) for t in (tree, better)]
    surrenders = [[v for v in r.verdicts if v.duty == "surrender"] for r in reports]
    for before, after in zip(*surrenders, strict=True):
        event(f"{before.outcome} to {after.outcome}")
        assert WORSE[after.outcome] <= WORSE[before.outcome]
        if isinstance(before.gap, Fraction) and isinstance(after.gap, Fraction):
            assert after.gap <= before.gap
        if before.cost is not None and after.cost is not None:
            assert after.cost <= before.cost
        (was, governed), (now, governs) = fines(before), fines(after)
        if was and now and was.total and now.total:
            assert now.total.lower <= was.total.lower and now.total.upper <= was.total.upper
        # Between two laws the lighter is chosen by its upper end, so only that must not rise.
        if governed and governs and governed.total and governs.total and not readings:
            assert governs.total.upper <= governed.total.upper


# ---- facts that nothing refers to


# See test_properties_known.py; the day of discovery is held against a period, not proved.
UNPROVED = {"records_lost_on", "report_submitted", "discovered_on"}


@given(trees(), ON, DECIDED, READINGS, st.data())
@settings(max_examples=50, deadline=None)
def test_a_fact_in_no_proof_decides_nothing(
    tree: Tree, on: date, decided: date | None, readings: dict[str, str], data: st.DataObject
) -> None:
    report = report_on(tree, on, decided, readings=readings)
    used = {(name, year) for name, year, _ in facts_used(report)}
    unused = [
        (year, name)
        for year, facts in tree["year"].items()
        for name in facts
        if (name, int(year)) not in used and name not in {*LISTS, *UNPROVED}
    ]
    assume(unused)
    year, name = data.draw(st.sampled_from(unused))
    event(name)
    less = copy.deepcopy(tree)
    del less["year"][year][name]
    other = report_on(less, on, decided, readings=readings)
    assert [v.outcome for v in other.verdicts] == [v.outcome for v in report.verdicts]
    assert same(other, report)


def same(one: Report, other: Report) -> bool:
    return (one.verdicts, one.findings, one.presumed) == (
        other.verdicts,
        other.findings,
        other.presumed,
    )


@given(trees(), ON)
@settings(max_examples=40, deadline=None)
def test_gains_do_not_matter_where_the_report_is_truthful(tree: Tree, on: date) -> None:
    for year in tree["year"].values():
        year |= {"report_truthful": True, "illegal_gain": 700_000}
        year |= {"accounting_as_required": True, "samples_as_required": True}
    less = copy.deepcopy(tree)
    for year in less["year"].values():
        del year["illegal_gain"]
    assert same(report_on(tree, on), report_on(less, on))
