"""What is said of fines that may be one: one act, one deadline, one article."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from carbonlex.cases.read import case_from
from carbonlex.reasoner.check import check_case
from carbonlex.rulebook.load import load_rulebook
from carbonlex.words.penalties import one_act

REPORTED = {"report_submitted": True, "credits": [], "verified_emissions": 30_000, "listed": True}


def said(years: dict[str, dict[str, Any]], on: date, lang: str = "zh") -> list[str]:
    rulebook = load_rulebook()
    told = {y: REPORTED | {"reported_on": f"{int(y) + 1}-03-01"} | f for y, f in years.items()}
    tree = {"entity": {"sector": "power"}, "year": told}
    report = check_case(rulebook, case_from(tree, rulebook.vocabulary, "plant"), on, survey=False)
    return [line.text for line in one_act(rulebook, report, lang)]


def test_two_years_with_one_deadline_are_named() -> None:
    short = {"allowances_surrendered": 20_000}
    (line,) = said({"2021": short, "2022": short}, date(2024, 2, 1))
    assert "2021、2022年度期限相同" in line
    full = {"allowances_surrendered": 30_000}
    assert said({"2021": short, "2022": full}, date(2024, 2, 1)) == []
    assert said({"2022": short, "2023": short}, date(2025, 2, 1)) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_several_items_of_one_article_are_named(lang: str) -> None:
    full = {"allowances_surrendered": 30_000, "illegal_gain": 600_000}
    wrong = {"accounting_as_required": False, "samples_as_required": False}
    (line,) = said({"2024": full | wrong}, date(2026, 5, 1), lang)
    assert ("由同一条处罚" if lang == "zh" else "one article fines") in line
    assert said({"2024": full | {"samples_as_required": False}}, date(2026, 5, 1), lang) == []


def test_what_is_told_to_be_one_act_is_said_once() -> None:
    full = {"allowances_surrendered": 30_000, "illegal_gain": 600_000}
    wrong = {"accounting_as_required": False, "samples_as_required": False}
    acts = {"single_acts": [{"breaches": "accounting, samples"}]}
    (line,) = said({"2024": full | wrong | acts}, date(2026, 5, 1))
    assert "只罚一次，依" in line and "3,000,000 元以上 6,000,000 元以下" in line
