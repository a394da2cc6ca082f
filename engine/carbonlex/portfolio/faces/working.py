"""Working days as a table: which day is so many working days after which."""

from __future__ import annotations

from functools import cache

from carbonlex import calendar
from carbonlex.portfolio.graph import EPOCH


@cache
def working_days(count: int) -> dict[int, int]:
    """Return, by day since 1970, the last of that many working days after it, where known."""
    import chinese_calendar  # type: ignore[import-untyped]

    published = sorted({d.year for d in chinese_calendar.constants.holidays})
    from datetime import date

    first = date(published[0], 1, 1).toordinal() - 1
    last = date(published[-1], 12, 31).toordinal()
    counted = []  # the working days known, in order; None ends what is known
    for ordinal in range(first + 1, last + 1):
        known = calendar.working_day(date.fromordinal(ordinal))
        if known is None:
            break
        if known:
            counted.append(ordinal)
    found: dict[int, int] = {}
    at = 0
    for ordinal in range(first, last + 1):
        while at < len(counted) and counted[at] <= ordinal:
            at += 1
        if at + count - 1 < len(counted):
            found[ordinal - EPOCH] = counted[at + count - 1] - EPOCH
    return found
