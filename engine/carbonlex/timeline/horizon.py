"""How far a calendar looks: the years and months that run, though the case tells nothing of them.

To set up a year or a month tells no fact but that it exists; what holds in it stays not told.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.model import Case, CaseYear, Facts, Told
from carbonlex.rulebook.vocabulary import Vocabulary

MONTH = "month"
MONTHS = range(1, 13)
MOST_YEARS = 20
"""How many years a calendar may run beyond the last that a case tells."""


def extended(case: Case, vocabulary: Vocabulary, last: int) -> Case:
    """Return a case with every compliance year up to `last`, and the twelve months of each.

    Raises `ContentError` where that is more than `MOST_YEARS` after the last year told.
    """
    told = dict(case.years)
    _bound(case, last)
    for year in range(max(told, default=last) + 1, last + 1):
        told[year] = CaseYear()
    term = vocabulary.terms.get(MONTH)
    if term is not None and term.record != "entity":
        told = {y: _with_months(facts, term.record) for y, facts in told.items()}
    return replace(case, years=told)


def _bound(case: Case, last: int) -> None:
    told = max(case.years, default=last)
    if last - told <= MOST_YEARS:
        return
    words = (
        f"日历要到 {last} 年，案情只到 {told} 年度：相差多于 {MOST_YEARS} 年",
        f"the calendar would run to {last}, the case ends with {told}: "
        f"more than {MOST_YEARS} years before",
    )
    hint = ("用 --on 换询问日，或补上较近的年度", "ask of an earlier day, or tell a later year")
    raise ContentError((Diagnostic("range-exceeded", words, Location(case.name), hint=hint),))


def _with_months(year: CaseYear, record: str) -> CaseYear:
    rows = year.lists.get(record, ())
    known = {month_in(row) for row in rows}
    if 0 in known:
        return year  # a record that does not say its month may be any of them
    where = Location("calendar")
    added: list[Facts] = [{MONTH: Told(Fraction(m), where)} for m in MONTHS if m not in known]
    return replace(year, lists={**year.lists, record: (*rows, *added)})


def month_in(row: Facts) -> int:
    """Return the month that a child record is of; 0 where it tells none."""
    told = row.get(MONTH)
    value = told.value if told is not None else None
    whole = isinstance(value, Fraction) and value.denominator == 1
    return int(value) if whole and isinstance(value, Fraction) and value in MONTHS else 0


def rows_told(case: Case, record: str, year: int) -> int:
    """Return how many child records of a year a case tells."""
    return len(case.years[year].lists.get(record, ())) if year in case.years else 0
