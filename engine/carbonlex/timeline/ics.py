"""A calendar as an iCalendar file (RFC 5545): one all-day event for each entry with a day."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from carbonlex.calendar import next_day
from carbonlex.timeline.entry import Entry, Timeline
from carbonlex.timeline.wording import ACTORS, MARKS, NATURES, EntryWords
from carbonlex.words.phrases import DISCLAIMER

if TYPE_CHECKING:
    from icalendar import Alarm, Event

ALARM_DAYS = (30, 7)
_FIRST = date(2020, 1, 1)


def ics_of(timeline: Timeline, entries: Iterable[Entry], words: EntryWords) -> str:
    """Return the text of an iCalendar file of some entries; those without a day are left out.

    The same calendar gives the same text: stamps come from the day asked. An entry keeps its
    UID whatever its day, and a later day asked gives a higher SEQUENCE, so that importing again
    updates. Raises `ImportError` where the `icalendar` package is not installed.
    """
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", "-//carbonlex//calendar//ZH")
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("method", "PUBLISH")
    name = words.pick("碳市场履约日历", "carbon-market calendar")
    who = _plain(timeline.case_name).replace("\n", " ")
    made.add("x-wr-calname", f"{who} {name}".strip())
    for entry in entries:
        if entry.day is not None:
            made.add_component(_event(timeline, entry, entry.day, words))
    text: str = made.to_ical().decode("utf-8")
    return text


def uid(timeline: Timeline, entry: Entry) -> str:
    """Return what names an event for good: the entity and the entry, not the day nor the facts."""
    named = f"{timeline.case_name}\n{entry.key}"
    return f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@carbonlex"


def _event(timeline: Timeline, entry: Entry, day: date, words: EntryWords) -> Event:
    from icalendar import Event

    event = Event()
    on = timeline.asked_on
    title = f"{MARKS[entry.status]} {words.title(entry)}"
    event.add("uid", uid(timeline, entry))
    event.add("dtstamp", datetime(on.year, on.month, on.day, tzinfo=UTC))
    event.add("sequence", max(0, (on - _FIRST).days))
    event.add("dtstart", day)
    event.add("dtend", next_day(day))
    event.add("summary", _plain(title))
    event.add("description", _plain(_description(entry, words)))
    event.add("categories", [NATURES[entry.nature].of(words.lang)])
    event.add("transp", "TRANSPARENT")
    if entry.actor == "entity" and entry.status in ("due", "open", "undetermined"):
        for days in ALARM_DAYS:
            event.add_component(_alarm(title, days))
    return event


def _alarm(title: str, days: int) -> Alarm:
    from icalendar import Alarm

    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _plain(title))
    alarm.add("trigger", timedelta(days=-days))
    return alarm


def _description(entry: Entry, words: EntryWords) -> str:
    who = words.pick("由谁", "who") + words.pick("：", ": ") + ACTORS[entry.actor].of(words.lang)
    status = words.status(entry) if entry.days_left is None else _standing(entry, words)
    lines = (
        who, status, words.source(entry), words.remark(entry), words.open(entry),
        DISCLAIMER.of(words.lang),
    )  # fmt: skip
    return "\n".join(line for line in lines if line)


def _standing(entry: Entry, words: EntryWords) -> str:
    """Return the status without the days left, which would be wrong on the next day."""
    said, left = words.status(entry), words.left(entry)
    return said.removesuffix(left).rstrip("，, ") if left else said


def _plain(text: str) -> str:
    """Return a text without the control characters that RFC 5545 forbids."""
    return "".join(c for c in text if c.isprintable() or c == "\n")
