"""Days in Shanghai, compliance years, and arithmetic of deadlines."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))  # no summer time since 1991, so a fixed offset is exact
FIRST_YEAR, LAST_YEAR = 1990, 2100
_NEW_YEAR_REACHES_BACK_TO = (12, 26)  # the earliest weekend beside its holiday


def today() -> date:
    """Return the day in Shanghai. Only the command line may ask for it."""
    return datetime.now(SHANGHAI).date()


def next_day(day: date) -> date:
    """Return the day after: a duty due on a day is breached on the next."""
    return day + timedelta(days=1)


def add_days(day: date, days: int) -> date:
    """Return the day that many natural days later."""
    return day + timedelta(days=days)


def add_years(day: date, years: int) -> date:
    """Return the same day in a later year; 29 February falls back to the 28th.

    >>> add_years(date(2024, 2, 29), 1)
    datetime.date(2025, 2, 28)
    """
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def working_day(day: date) -> bool | None:
    """Return whether the State Council's calendar makes a day a working day; None: not known.

    Known are the years that the installed `chinesecalendar` holds. The holiday of New Year has
    moved days of the December before (2006, 2007, 2011, 2018), so the last days of a year are
    known only once the calendar of the next year is.

    >>> working_day(date(2024, 10, 1)), working_day(date(2024, 10, 12))
    (False, True)
    """
    from chinese_calendar import is_workday  # type: ignore[import-untyped]

    try:
        if (day.month, day.day) >= _NEW_YEAR_REACHES_BACK_TO:
            is_workday(date(day.year + 1, 1, 1))
        return bool(is_workday(day))
    except NotImplementedError:
        return None


def add_working_days(day: date, days: int) -> date | None:
    """Return the last of that many working days after a day; None where one is not known.

    The day itself is not counted, as is usual for “自…之日起7个工作日内”: counting begins on
    the next day. No day after it: the day itself. Raises `ValueError` for a negative number.

    >>> add_working_days(date(2024, 9, 30), 2)
    datetime.date(2024, 10, 9)
    """
    if days < 0:
        raise ValueError(days)
    while days:
        day = next_day(day)
        counts = working_day(day)
        if counts is None:
            return None
        days -= counts
    return day


def days_between(start: date, end: date) -> int:
    """Return the number of days from one day to another; negative if it lies before."""
    return (end - start).days


def parse_day(text: str) -> date:
    """Return the day that `2026-12-31` names; raises `ValueError` for anything else."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError(text)  # fromisoformat would take a week date too
    return date.fromisoformat(text)


def chinese_day(day: date) -> str:
    """Return the day as a Chinese document writes it.

    >>> chinese_day(date(2026, 8, 15))
    '2026年8月15日'
    """
    return f"{day.year}年{day.month}月{day.day}日"
