"""Every point that is open in law: what each reading answers, and that the output says it is open.

The points are numbered as in the editor's list of conflicts. Point 1 is not a choice of reading:
the day of the breach decides, whatever the compliance year.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from carbonlex.cases.read import case_from
from carbonlex.interfaces.cli import app
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.verdict import Verdict
from carbonlex.rulebook.load import load_rulebook
from reported import VERDICT, package_of, written

Facts = Mapping[str, Any]
POINTS = range(1, 15)
BESIDES = {"allocation-rounding", "industry-vintages", "monthly-evidence", "relief-continues"}
"""Questions that the list of conflicts does not have: of the allocation plans and of evidence."""


def listed(year: int, **facts: Any) -> Facts:
    """Return the facts of a listed power plant of 100,000 t that reported in time."""
    told: dict[str, Any] = {
        "listed": True, "verified_emissions": 100_000, "report_submitted": True,
        "reported_on": date(year + 1, 3, 20), "credits": [],
    }  # fmt: skip
    return {"entity": {"sector": "power"}, "year": {str(year): told | facts}}


def short(year: int, **facts: Any) -> Facts:
    """Return the same plant 10,000 t short."""
    return listed(year, allowances_surrendered=90_000, **facts)


def day(number: int, month: int, volume: int, turnover: int, **facts: Any) -> dict[str, Any]:
    """Return one day of trading in 2025; no block trades unless told."""
    return {
        "trading_day": date(2025, month, number), "listed_volume": volume,
        "listed_turnover": turnover, "block_volume": 0, "block_turnover": 0,
    } | facts  # fmt: skip


def service(**facts: Any) -> Facts:
    """Return a service body with one false test report."""
    report = {"issued_on": date(2026, 9, 1), "service_kind": "testing", "service_false": True}
    return {
        "entity": {"role": "service_body"},
        "year": {"2026": {"service_reports": [report | facts]}},
    }


INSPECTED = {
    "entity": {"role": "participant"},
    "year": {"2026": {"inspections": [{"inspected_on": date(2026, 9, 1), "obstructed": True}]}},
}
UNCURED = {"correction_deadline": date(2026, 3, 31), "made_good": 0}
CURED = {"correction_deadline": date(2026, 3, 31), "made_good": 10_000}
UNCURED_2025 = {"correction_deadline": date(2027, 3, 31), "made_good": 0}
CREDIT = {"quantity": 7_000, "used": True, "from_covered_project": False}
# 110,000 ÷ 2,000 = 55; 60 without the block trade; closing price 62; December 150,000 ÷ 2,000 = 75;
# 1 to 30 December 70.
MARKET = [
    day(3, 11, 1_000, 60_000, block_volume=1_000, block_turnover=50_000, closing_price=62),
    day(15, 12, 1_000, 70_000, closing_price=70),
    day(31, 12, 1_000, 80_000, closing_price=80),
]


@dataclass(frozen=True)
class Row:
    """One question in one case: what each reading answers, the default first."""

    point: int
    question: str
    facts: Facts
    duty: str
    on: date
    key: str
    answers: Mapping[str, Any]
    decided: date | None = None
    readings: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The row in the words of a test report."""
        return f"{self.point}-{self.question}"


def fine(low: int, high: int) -> list[str]:
    """Return a range of CNY as `written` gives it."""
    return sorted([str(low), str(high)])


A = "surrender"
ON, LATER, END = date(2026, 10, 1), date(2027, 4, 15), date(2026, 1, 10)
ROWS = [
    # Old 3–6 million, new 1–5 million; formally nothing was repealed.
    Row(2, "displacement", short(2024, price_before_deadline=60, **CURED), A, ON, "total",
        {"counts": fine(1_000_000, 5_000_000), "formal": fine(3_000_000, 6_000_000)}, ON),
    # Old 2.25–4.5 million (middle 3.375), new 1–5 million (middle 3).
    Row(2, "lighter-measure", short(2024, price_before_deadline=45, **CURED), A, ON, "total",
        {"maximum": fine(2_250_000, 4_500_000), "minimum": fine(1_000_000, 5_000_000),
         "midpoint": fine(1_000_000, 5_000_000)}, ON),
    # Old 3–6 million; new 4–11 million with the second step, 1–5 million without it.
    Row(2, "lighter-second-step", short(2024, price_before_deadline=60, **UNCURED), A, ON,
        "total", {"with": fine(3_000_000, 6_000_000), "without": fine(4_000_000, 11_000_000)}, ON),
    # Old 2.3–4.6 million and 10,000 t (460,000): 5.06 million in all, above the new 5 million.
    Row(2, "lighter-deduction", short(2024, price_before_deadline=46, **UNCURED), A, ON, "total",
        {"without": fine(2_300_000, 4_600_000), "with": fine(3_300_000, 9_600_000)}, ON,
        {"deduction-survives": "displaced", "lighter-second-step": "without"}),
    # 1–5 million and 10,000 × 60 × 5–10, or that alone.
    Row(3, "two-steps", short(2025, price_before_deadline=60, **UNCURED_2025), A, LATER, "total",
        {"cumulative": fine(4_000_000, 11_000_000), "in-place": fine(3_000_000, 6_000_000)}),
    Row(4, "deduction-survives", short(2025, price_before_deadline=60, **UNCURED_2025), A, LATER,
        "deduction", {"survives": ["interim-regs-2024/non-surrender-deduction 10000"],
                      "displaced": []}),
    Row(5, "disclosure-penalty",
        listed(2025, information_disclosed=False, disclosure_deadline=date(2026, 12, 31)),
        "disclosure", date(2027, 2, 1), "total",
        {"code": fine(20_000, 200_000), "regulations": fine(50_000, 500_000)}),
    # The Regulations' 10,000 × 60 × 5–10 is above the Code's 1–5 million.
    Row(5, "fine-conflict",
        short(2025, price_before_deadline=60, **UNCURED_2025 | {"made_good": 10_000}), A, LATER,
        "total", {"rank": fine(1_000_000, 5_000_000), "higher-fine": fine(3_000_000, 6_000_000)}),
    Row(6, "obstruction", INSPECTED, "accept-inspection", ON, "total",
        {"code": fine(50_000, 200_000), "regulations": fine(20_000, 200_000)}),
    # 600,000 × 5–10, or nothing.
    Row(7, "other-penalties",
        listed(2026, report_truthful=False, illegal_gain=600_000, allowances_surrendered=100_000),
        "truthful-report", date(2027, 5, 1), "total",
        {"preserved": fine(3_000_000, 6_000_000), "barred": fine(0, 0)}),
    Row(7, "service-body-penalty", service(service_gain=0, service_grave=False), "test-report",
        ON, "total", {"regulations": fine(20_000, 100_000), "code": fine(100_000, 500_000)}),
    # 93,000 + 5,000 of the 7,000, or all of them.
    Row(8, "offset-cap-basis", listed(2024, allowances_surrendered=93_000, credits=[CREDIT]), A,
        END, "outcome", {"binding": "breached", "without-basis": "complied"}),
    Row(9, "price-month", short(2024, trading_days=MARKET), A, END, "total",
        {"calendar-month-before": fine(2_750_000, 5_500_000),
         "deadline-month": fine(3_750_000, 7_500_000), "thirty-days": fine(3_500_000, 7_000_000)}),
    Row(9, "price-average", short(2024, trading_days=MARKET), A, END, "total",
        {"volume-weighted": fine(2_750_000, 5_500_000), "simple": fine(3_100_000, 6_200_000)}),
    Row(9, "block-trades", short(2024, trading_days=MARKET), A, END, "total",
        {"included": fine(2_750_000, 5_500_000), "excluded": fine(3_000_000, 6_000_000)}),
    Row(10, "continuing-breach", short(2024, price_before_deadline=60, **UNCURED), A, ON, "total",
        {"instant": fine(3_000_000, 6_000_000), "continuing": fine(4_000_000, 11_000_000)}, ON),
    # Breach on 2026-01-01, discovered a day after two years.
    Row(11, "limitation-period",
        short(2024, price_before_deadline=60, discovered_on=date(2028, 1, 2)), A,
        date(2028, 2, 1), "limitation",
        {"two": ["2028-01-01", "barred"], "five": ["2031-01-01", "applies"]}),
    # The range is the same; the basis is not.
    Row(12, "late-report",
        listed(2026, allowances_surrendered=100_000, reported_on=date(2027, 4, 1)), "report",
        date(2027, 5, 1), "fine",
        {"outside": ["interim-regs-2024/missing-report"], "within": ["code-2026/missing-report"]}),
    Row(13, "threshold-base",
        {"entity": {"sector": "power"}, "year": {"2024": {
            "verified_emissions": 30_000, "direct_emissions": "25999.99", "credits": [],
            "allowances_surrendered": 30_000}}},
        A, END, "outcome", {"total": "complied", "direct": "not_applicable"}),
    Row(14, "measures-fine-ceiling", short(2022), A, date(2024, 1, 10), "fine",
        {"within": ["measures-2021/non-surrender"], "beyond": []}),
]  # fmt: skip


def judged(row: Row, reading: str) -> Verdict:
    """Return the verdict of a row under a reading of its question."""
    rulebook = load_rulebook()
    case = case_from(row.facts, rulebook.vocabulary, row.name)
    readings = {**row.readings, row.question: reading}
    report = check_case(rulebook, case, row.on, row.decided, readings, survey=False)
    return next(v for v in report.verdicts if v.duty == row.duty)


def answer(verdict: Verdict, key: str) -> Any:
    """Return what a verdict says: a key of case files, or the norms behind one consequence."""
    if key in VERDICT:
        return written(VERDICT[key](verdict))
    package = package_of(verdict, "governing")
    assert package is not None
    if key == "limitation":
        assert package.limitation is not None
        status = next(c.status for c in package.consequences if c.kind == "fine")
        return [written(package.limitation.last_day), status]
    found = [c for c in package.consequences if c.kind == key and not c.excluded]
    applies = [c for c in found if c.status == "applies" and c.liable is None]
    if key == "deduction":
        return [f"{c.norm} {written(c.amount)}" for c in applies]
    return [c.norm for c in applies]


def printed(row: Row, folder: Path, *args: str) -> str:
    """Return what `carbonlex check` prints of a row's case under the default of its question."""
    file = folder / "case.json"
    file.write_text(json.dumps(row.facts, default=str), "utf-8")
    asked = ["check", str(file), "--on", row.on.isoformat(), "--only", row.duty, *args]
    asked += ["--decided", row.decided.isoformat()] if row.decided else []
    for question, reading in row.readings.items():
        asked += ["--reading", f"{question}={reading}"]
    found = CliRunner().invoke(app, asked)
    assert found.exit_code in (0, 1), found.output
    return found.stdout


NAMES = [r.name for r in ROWS]
FLIPS = [
    pytest.param(row, reading, id=f"{row.name}-{reading}")
    for row in ROWS
    for reading in row.answers
]


def test_every_point_but_the_first_has_a_question() -> None:
    assert {r.point for r in ROWS} | {1} == {*POINTS}


def test_every_question_declared_is_flipped() -> None:
    assert {r.question for r in ROWS} | BESIDES == {*load_rulebook().questions}


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_each_reading_is_tried_and_all_others_differ_from_the_default(row: Row) -> None:
    declared = load_rulebook().questions[row.question]
    assert {*row.answers} == {r.name for r in declared.readings}
    default = row.answers[declared.default]
    assert all(a != default for r, a in row.answers.items() if r != declared.default)


@pytest.mark.parametrize(("row", "reading"), FLIPS)
def test_a_reading_gives_its_answer(row: Row, reading: str) -> None:
    assert answer(judged(row, reading), row.key) == row.answers[reading]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_the_terminal_shows_the_question_and_its_readings(row: Row, tmp_path: Path) -> None:
    question = load_rulebook().questions[row.question]
    for lang in ("zh", "en"):
        shown = "".join(printed(row, tmp_path, "--lang", lang).split())
        labels = {r.name: r.label.of(lang) for r in question.readings}
        for words in (row.question, question.label.of(lang), labels[question.default], *labels):
            assert "".join(words.split()) in shown


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_machines_are_told_the_question(row: Row, tmp_path: Path) -> None:
    assert f'"{row.question}"' in printed(row, tmp_path, "--json")


@pytest.mark.parametrize(
    ("deadline", "norm"),
    [(13, "interim-regs-2024/no-disclosure"), (14, "code-2026/no-disclosure")],
)
def test_the_day_of_the_breach_decides_within_one_compliance_year(deadline: int, norm: str) -> None:
    due = date(2026, 8, deadline)
    facts = listed(2025, information_disclosed=False, disclosure_deadline=due)
    row = Row(1, "disclosure-penalty", facts, "disclosure", ON, "fine", {"code": [norm]})
    verdict = judged(row, "code")
    assert answer(verdict, "breach_date") == date(2026, 8, deadline + 1).isoformat()
    assert answer(verdict, "fine") == [norm]


@pytest.mark.parametrize(
    ("year", "norm"),
    [
        (2022, "measures-2021/non-surrender"),
        (2023, "interim-regs-2024/non-surrender"),
        (2024, "interim-regs-2024/non-surrender"),
        (2025, "code-2026/non-surrender"),
    ],
)
def test_non_surrender_falls_under_the_law_of_the_day_after_the_deadline(
    year: int, norm: str
) -> None:
    facts = short(year, price_before_deadline=60)
    row = Row(1, "price-month", facts, "surrender", date(2027, 2, 1), "fine", {})
    assert answer(judged(row, "calendar-month-before"), "fine") == [norm]
