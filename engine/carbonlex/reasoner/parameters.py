"""Which entry of a parameter holds: in force that day or for that year, as known when asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from carbonlex.rulebook.norms import Parameter


def entry_at(parameter: Parameter, year: int, law: date, asked_on: date) -> int:
    """Return the position of the entry that holds, the latest issued by the day asked; -1: none."""
    best, best_day = -1, date.min
    point: Any = law if parameter.keyed == "date" else year
    for at, span in enumerate(parameter.spans):
        start: Any = span.start
        until: Any = span.until
        if parameter.keyed == "date":
            inside = start <= point and (until is None or point < until)
        else:
            inside = start <= point <= until
        issued = span.entry.issued if span.entry else None
        if inside and (issued is None or issued <= asked_on) and (issued or date.min) >= best_day:
            best, best_day = at, issued or date.min
    return best


def issued_later(parameter: Parameter, year: int, law: date) -> bool:
    """Return whether a value is known that was issued only after the day asked."""
    return entry_at(parameter, year, law, date.max) >= 0
