"""How far a calendar looks: the years and months that run, though the case tells nothing of them.

To set up a year or a month tells no fact but that it exists; what holds in it stays not told.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from carbonlex.errors import Location
from carbonlex.model import Case, CaseYear, Facts, Told
from carbonlex.rulebook.vocabulary import Vocabulary

MONTH = "month"
MONTHS = range(1, 13)


def extended(case: Case, vocabulary: Vocabulary, last: int) -> Case:
    """Return a case with every compliance year up to `last`, and the twelve months of each."""
    told = dict(case.years)
    for year in range(max(told, default=last) + 1, last + 1):
        told[year] = CaseYear()
    term = vocabulary.terms.get(MONTH)
    if term is not None and term.record != "entity":
        told = {y: _with_months(facts, term.record) for y, facts in told.items()}
    return replace(case, years=told)


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
