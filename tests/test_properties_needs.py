"""What is asked for: it settles what was open, and nothing else told changes what was settled."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from carbonlex.model import UNKNOWN
from carbonlex.reasoner.consequence import Package
from carbonlex.reasoner.verdict import Verdict
from generated_cases import DAYS, LISTS, Tree, report_on, rows, rulebook, trees, valid

ON = st.dates(date(2021, 1, 1), date(2028, 12, 31)) | DAYS


def slot(verdict: Verdict) -> tuple[str, int, int]:
    return (verdict.duty, verdict.year, verdict.index)


def fines(verdict: Verdict) -> Package | None:
    return verdict.sanctions.at_breach if verdict.sanctions else None


def tell(tree: Tree, needs: Any, data: st.DataObject) -> Tree:
    """Return the case with the facts of a set told, whatever they turn out to be."""
    vocabulary, fuller = rulebook().vocabulary, copy.deepcopy(tree)
    for need in sorted(needs):
        year = fuller["year"].setdefault(str(need.year), {}) if need.year else fuller["entity"]
        if need.fact in vocabulary.records:
            year[need.fact] = data.draw(rows(need.fact, some=False))
            continue
        place = year
        if need.index >= 0:
            place = year[vocabulary.terms[need.fact].record][need.index]
        place[need.fact] = data.draw(valid(vocabulary.terms[need.fact]))
    return fuller


@given(trees(), ON, st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_asked_for_settles_a_verdict(tree: Tree, on: date, data: st.DataObject) -> None:
    report = report_on(tree, on)
    open_ones = [v for v in report.verdicts if v.outcome == "undetermined" and v.needs]
    assume(open_ones)
    verdict = data.draw(st.sampled_from(open_ones))
    chosen = data.draw(st.sampled_from(verdict.needs))
    after = report_on(tell(tree, chosen, data), on)
    # Once the day of an act is told, there may be no norm on it in force that day: no verdict.
    for settled in (v for v in after.verdicts if slot(v) == slot(verdict)):
        event(f"{verdict.duty} {settled.outcome}")
        assert settled.outcome != "undetermined"


@given(trees(), ON, st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_asked_for_settles_a_gap_and_a_fine(
    tree: Tree, on: date, data: st.DataObject
) -> None:
    open_ones = [
        (v, chosen, fine)
        for v in report_on(tree, on).verdicts
        for fine in (False, True)
        for chosen in (total_needs(v) if fine else v.gap_needs)
        if chosen
    ]
    assume(open_ones)
    verdict, chosen, fine = data.draw(st.sampled_from(open_ones))
    after = report_on(tell(tree, chosen, data), on)
    for settled in (v for v in after.verdicts if slot(v) == slot(verdict)):
        event(f"{verdict.duty} {'fine' if fine else 'gap'}")
        if fine:
            package = fines(settled)
            assert package is None or package.total is not None
        elif verdict.gap is UNKNOWN:
            assert settled.gap is not UNKNOWN
        else:
            assert settled.cost is not None


def total_needs(verdict: Verdict) -> tuple[Any, ...]:
    package = fines(verdict)
    if package is None or package.total is not None or verdict.outcome != "breached":
        return ()
    # Whether an order was followed is asked for with the order: see test_properties_known.py.
    followed = all(f.outcome != "undetermined" for f in package.further)
    return package.total_needs if followed else ()


# See test_properties_known.py: prohibitions before their day, and records kept that were lost.
EARLY = {"offset-cap", "offset-exclusion"}
CONTRARY = {"role", "records_lost_on"}


@given(trees(), ON, st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_settled_stays_so(tree: Tree, on: date, data: st.DataObject) -> None:
    """Nothing that was not told, and was not presumed either, can change an answer."""
    report = report_on(tree, on)
    places = [(facts, "entity", "always") for facts in [tree["entity"]]]
    places += [(facts, "entity", "year") for facts in tree["year"].values()]
    places += [
        (row, name, "") for y in tree["year"].values() for name in LISTS for row in y.get(name, [])
    ]
    terms = rulebook().vocabulary.terms.values()
    holes = [
        (place, term)
        for place, record, period in places
        for term in terms
        if term.record == record and period in ("", term.period) and term.name not in place
        if term.kind == "fact" and term.presumption is None and term.name not in CONTRARY
    ]
    assume(holes)
    place, term = data.draw(st.sampled_from(holes))
    place[term.name] = data.draw(valid(term))
    event(term.name)
    after = {slot(v): v.outcome for v in report_on(tree, on).verdicts}
    for verdict in report.verdicts:
        if verdict.outcome != "undetermined":
            allowed = {verdict.outcome}
            if verdict.outcome == "pending":  # what is told may show it fulfilled already
                allowed.add("complied")
                if verdict.duty in EARLY:
                    allowed.add("breached")
            # No verdict: no norm on it was in force on the day of the act.
            assert after.get(slot(verdict), "not_applicable") in allowed


@given(trees(), ON)
@settings(max_examples=40, deadline=None)
def test_nothing_told_is_asked_for(tree: Tree, on: date) -> None:
    for verdict in report_on(tree, on).verdicts:
        for needs in (*verdict.needs, *verdict.gap_needs):
            assert needs
            for need in needs:
                facts = tree["year"].get(str(need.year), {}) if need.year else tree["entity"]
                assert need.index >= 0 or need.fact not in facts
