"""Limitation: a breach that was discovered too late brings no penalty any more.

Administrative Penalty Law art. 36, Code art. 1054. An order to correct is no penalty, and stands.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from carbonlex.calendar import add_years
from carbonlex.model import UNKNOWN, Value
from carbonlex.reasoner.consequence import Consequence, Limitation
from carbonlex.reasoner.duties import Duty
from carbonlex.reasoner.evaluate import Evaluation, Frame

DISCOVERED = "discovered_on"
_PENALTIES = frozenset({"fine", "confiscation", "suspension", "ban"})


def limitation(
    run: Evaluation, duty: Duty, breach: date, law: date, cured: bool
) -> Limitation | None:
    """Return the time bar of a breach under the law of a day; None where no norm sets one.

    `cured`: what was ordered has been done, so that a breach that lasts has ended, on a day that
    no fact tells. How long the period is may be an open question. A result turns on it only
    where the day of discovery was told; without it the day is for a reader, and no penalty is
    taken away.
    """
    rules = [n for n in run.rulebook.sanctions.get("*", ()) if n.limits is not None]
    in_force = tuple(n for n in rules if run.in_force(n, law))
    if not in_force:
        return None
    outside, run.reached = run.reached, set()
    slot = duty.slot
    norm = run.version(run.rank(in_force, law).order[0], slot.year)
    assert norm.limits is not None
    frame = Frame(slot.year, law, norm, slot.index)
    years = run.value(norm.limits, frame).value
    assert isinstance(years, Fraction)
    question = duty.basis.norm.continuing
    lasts = bool(question) and duty.met is not True and run.reading(question) == "continuing"
    found = (
        run.name(DISCOVERED, frame).value if DISCOVERED in run.rulebook.vocabulary.terms else None
    )
    told = found if isinstance(found, date) else None
    last = None if lasts else add_years(breach, int(years))
    # While a breach lasts the period has not begun, so nothing is barred.
    late: Value = UNKNOWN if told is None or (lasts and cured) else False
    if last is not None and told is not None:
        late = told > last
    elif last is None and not cured:
        late = False
    run.reached = outside | (run.reached if told is not None else set())
    return Limitation(norm.id, int(years), "end" if lasts else "breach", last, told, late)


def barred(consequences: list[Consequence], time_bar: Limitation | None) -> list[Consequence]:
    """Mark the penalties that limitation takes away; orders to correct and deductions stand."""
    if time_bar is None or time_bar.barred is not True:
        return consequences
    return [
        replace(c, status="barred") if c.kind in _PENALTIES and not c.excluded else c
        for c in consequences
    ]
