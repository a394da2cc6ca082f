"""Norms that law may well have and no instrument encoded here has: each is read, and rightly."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from asking import ask
from carbonlex.quantities import Range
from carbonlex.reasoner.verdict import Report
from synthetic import LABEL, Act, checked, sound, verdict_on, write_corpus

VOCABULARY = f"""
[record.entity]
{LABEL}
[record.parts]
{LABEL}
[fact.done]
{LABEL}
type = "boolean"
[fact.broken_on]
{LABEL}
type = "date"
[fact.built_on]
{LABEL}
record = "parts"
type = "date"
[fact.weight]
{LABEL}
record = "parts"
type = "number"
unit = "tCO2e"
[fact.price_before_deadline]
{LABEL}
type = "number"
unit = "CNY/tCO2e"
[concept.size]
{LABEL}
headline = true
type = "number"
unit = "ratio"
"""


def report(
    folder: Path, facts: dict[str, Any], *acts: Act, questions: str = "", **options: Any
) -> Report:
    """Return what is said of a case of 2024 in 2026."""
    write_corpus(folder, acts, VOCABULARY, questions)
    return checked(sound(folder), facts, "2026-01-01", **options)


def question(name: str, *readings: str) -> str:
    """Return an open question; the first of its readings is the default."""
    lines = [
        f"[question.{name}]",
        LABEL,
        'provisions = ["one#art_1"]',
        f'default = "{readings[0]}"',
    ]
    for reading in readings:
        lines += [f"[question.{name}.reading.{reading}]", LABEL, 'source = "文义"']
    return "\n".join(lines)


LASTING = """
id = "keep"
obliges = "keep"
bearer = "True"
requires = "done"
until = "date(year + 2, 12, 31)"
at = "broken_on"
question = "how"
[reading.strict]
[reading.mild]
requires = "done or not done"
"""


@pytest.mark.parametrize(("reading", "outcome"), [("strict", "breached"), ("mild", "pending")])
def test_a_continuing_duty_broken_under_a_reading(
    reading: str, outcome: str, tmp_path: Path
) -> None:
    facts = {"done": False, "broken_on": date(2025, 3, 1)}
    how = question("how", "strict", "mild")
    found = report(
        tmp_path, facts, Act("one", (LASTING,)), questions=how, readings={"how": reading}
    )
    verdict = verdict_on(found, "keep")
    assert verdict.outcome == outcome
    # A breach is judged by the law of its day, a duty not broken by that of the day asked.
    assert verdict.law == (date(2025, 3, 1) if outcome == "breached" else date(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("days_between(deadline, date(2025, 1, 10)) * 2 < days_between(day, deadline)", True),
        (
            "days_between(deadline, date(2025, 1, 10)) / days_between(day, deadline) == 10 / 30",
            True,
        ),
        (
            "days_between(add_days(deadline, 1), day) * n == n * days_between(deadline, day) - 2",
            True,
        ),
    ],
)
def test_days_from_a_deadline_that_law_sets_are_days(text: str, value: bool) -> None:
    facts = {"year": {"2023": {"day": date(2024, 12, 1), "n": 2}}}
    assert ask(text, facts, year=2023) is value


def asks(due: str) -> str:
    """Return a duty that is due on a day."""
    return f"""
id = "report"
obliges = "report"
bearer = "True"
requires = "done"
due = "{due}"
"""


@pytest.mark.parametrize(
    ("told", "outcome"),
    [({}, "undetermined"), ({"broken_on": date(2025, 6, 1)}, "conflict")],
)
def test_norms_of_equals_may_yet_agree_while_the_day_of_one_is_not_told(
    told: dict[str, Any], outcome: str, tmp_path: Path
) -> None:
    one = Act("one", (asks("date(year + 1, 3, 31)"),))
    other = Act("two", (asks("broken_on"),), maker="ndrc")
    found = report(tmp_path, {"done": False, **told}, one, other)
    verdict = verdict_on(found, "report")
    assert verdict.outcome == outcome
    if outcome == "undetermined":
        assert (verdict.norm, verdict.losing[0][0]) == ("two/report", "one/report")


OF_PARTS = """
id = "test-parts"
obliges = "test-parts"
record = "parts"
bearer = "True"
requires = "weight > 0"
due = "add_years(built_on, 2)"
continuing = "lasting"
"""
OF_THE_ENTITY = """
id = "size"
defines = "size"
value = "cap"
[parameter.cap]
unit = "ratio"
2020-01-01 = 1
2025-06-01 = 2
"""
SURRENDER = """
id = "surrender"
obliges = "surrender"
bearer = "True"
requires = "done"
due = "date(year + 1, 3, 31)"
continuing = "lasting"
"""


@pytest.mark.parametrize(("duties", "size"), [([OF_PARTS], 2), ([SURRENDER, OF_PARTS], 1)])
def test_headlines_are_read_under_the_law_of_a_duty_of_the_entity(
    duties: list[str], size: int, tmp_path: Path
) -> None:
    act = Act("one", (OF_THE_ENTITY, *duties))
    facts = {"parts": [{"built_on": date(2023, 1, 1), "weight": 1}]}
    found = report(tmp_path, facts, act, questions=question("lasting", "instant", "continuing"))
    assert [f.value for f in found.findings] == [size]


def sanction(tonnes: int) -> str:
    """Return a sanction: a fine, and a deduction of so many tonnes."""
    return f"""
id = "sanction"
sanctions = "surrender"
fine = "between(100, 200)"
deduction = "t"
[parameter.t]
unit = "tCO2e"
2000-01-01 = {tonnes}"""


@pytest.mark.parametrize(("price", "result"), [(1, "new"), (0, "old"), (-1, "open")])
def test_a_deduction_at_a_price_below_zero_weighs_nothing_known(
    price: int, result: str, tmp_path: Path
) -> None:
    duty = Act("one", (SURRENDER,))
    old = Act("two", (sanction(10),), ended="2025-10-01")
    new = Act("three", (sanction(5),), effective="2025-10-01")
    asked = [
        question("lighter-deduction", "with", "without"),
        question("lasting", "instant", "continuing"),
    ]
    facts = {"done": False, "price_before_deadline": price}
    found = report(
        tmp_path, facts, duty, old, new, questions="\n".join(asked), decided="2025-12-01"
    )
    sanctions = verdict_on(found, "surrender").sanctions
    assert sanctions is not None and sanctions.lighter is not None
    lighter = sanctions.lighter
    assert lighter.result == result
    if result == "open":
        assert (lighter.reason, lighter.needs, lighter.old_measure) == ("unknown", (), None)
    else:
        assert lighter.old_measure == Range(Fraction(100 + 10 * price), Fraction(200 + 10 * price))
