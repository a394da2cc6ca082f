"""What does not hold yet of every case, in the smallest case that shows it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from carbonlex.reasoner.verdict import Report, Verdict
from generated_cases import Tree, facts_used, report_on

POWER = {"sector": "power"}


def of_year(facts: Tree, on: date, **options: Any) -> Report:
    """Return the report on a listed power plant of which facts of 2024 are told."""
    return report_on({"entity": POWER, "year": {"2024": {"listed": True} | facts}}, on, **options)


def verdict(report: Report, duty: str) -> Verdict:
    (found,) = (v for v in report.verdicts if v.duty == duty)
    return found


def test_a_century() -> None:
    tree: Tree = {"entity": POWER, "year": {"1990": {}, "2100": {"credits": []}}}
    assert report_on(tree, date(2101, 1, 1)).verdicts


TRADE = {"same_gas": False, "same_sector": True}


def test_an_act_is_judged_by_the_law_of_its_day() -> None:
    told = {"2023-01-01": "breached", "2024-04-30": "breached", "2024-05-01": "complied"}
    for day, outcome in told.items():
        report = of_year({"local_trades": [TRADE | {"traded_on": day}]}, date(2027, 1, 1))
        assert verdict(report, "leave-local-market").outcome == outcome


def test_an_act_without_its_day() -> None:
    found = verdict(of_year({"local_trades": [TRADE]}, date(2027, 1, 1)), "leave-local-market")
    assert found.outcome == "undetermined"
    assert [[n.fact for n in s] for s in found.needs] == [["traded_on"]]


def test_a_prohibition_before_its_day() -> None:
    outcomes = []
    for more in ({"used": True}, {"used": False}, {}):
        credits = [{"quantity": 9_000, "from_covered_project": True} | more]
        facts = {"surrender_obligation": 100_000, "credits": credits}
        found = verdict(of_year(facts, date(2025, 6, 1)), "offset-exclusion")
        outcomes.append(found.outcome)
    # Until its day has passed, what is not told may still be done rightly.
    assert outcomes == ["breached", "pending", "pending"]


def test_a_list_presumed_empty_is_an_assumption() -> None:
    assert ("local_trades", 2024) in of_year({}, date(2027, 1, 1)).presumed


def test_the_day_of_a_breach_is_proved() -> None:
    facts = {"records_kept": False, "records_lost_on": date(2026, 2, 1)}
    report = of_year(facts, date(2027, 1, 1))
    sanctions = verdict(report, "keep-records").sanctions
    assert sanctions is not None and sanctions.breach_date == date(2026, 2, 1)
    assert ("records_lost_on", 2024, -1) in facts_used(report)


@pytest.mark.xfail(strict=True, reason="a sanction whose condition fails leaves no trace of it")
def test_why_a_sanction_does_not_attach_is_proved() -> None:
    facts = {"reported_in_time": False, "verified_emissions": 100_000}
    for submitted in (True, False):
        report = of_year(facts | {"report_submitted": submitted}, date(2025, 6, 1))
        assert verdict(report, "report").outcome == "breached"
        assert ("report_submitted", 2024, -1) in facts_used(report), submitted


def test_what_is_asked_for_a_total_settles_it() -> None:
    facts: Tree = {"verified_emissions": 100_000, "allowances_surrendered": 99_000, "credits": []}
    case: Tree = {"entity": POWER, "year": {"2025": {"listed": True} | facts}}
    case["year"]["2025"]["price_calendar_month"] = 60
    first = verdict(report_on(case, date(2027, 3, 1)), "surrender").sanctions
    assert first is not None and first.at_breach.total is None
    # The second fine hangs on the date set for correction, and on what was made good by then.
    answers = {"made_good": 0, "correction_deadline": date(2027, 2, 1)}
    for need in first.at_breach.total_needs[0]:
        case["year"]["2025"][need.fact] = answers[need.fact]
    second = verdict(report_on(case, date(2027, 3, 1)), "surrender").sanctions
    assert second is not None and second.at_breach.total is not None


def test_records_that_are_kept_were_not_lost_some_day() -> None:
    kept = of_year({"records_kept": True}, date(2027, 1, 1))
    assert verdict(kept, "keep-records").outcome == "pending"
    facts = {"records_kept": True, "records_lost_on": date(2019, 3, 2)}
    assert "keep-records" in {v.duty for v in of_year(facts, date(2027, 1, 1)).verdicts}
