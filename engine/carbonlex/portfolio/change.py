"""When law changes: the days between which every rule says the same."""

from __future__ import annotations

from datetime import date

from carbonlex.rulebook.rulebook import Rulebook


def days_of_change(rulebook: Rulebook) -> tuple[date, ...]:
    """Return the days on which any law may begin to say something else, in order."""
    found: set[date] = set()
    for instrument in rulebook.instruments.values():
        found |= {d for d in (instrument.effective, instrument.ended) if d is not None}
    for parameter in rulebook.parameters.values():
        for span in parameter.spans:
            found |= {d for d in (span.start, span.until) if isinstance(d, date)}
    return tuple(sorted(found))
