"""The shape of `carbonlex calendar --json`, from which docs/calendar.schema.json is generated."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import Field

from carbonlex.interfaces.wire_figures import LANGUAGES, UntoldOut, untold
from carbonlex.interfaces.wire_models import Wire
from carbonlex.model import Grade
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.timeline.entry import Actor, Entry, Nature, Reason, Status, Timeline
from carbonlex.timeline.wording import EntryWords
from carbonlex.words.sentences import written_cites


class UndatedOut(Wire):
    """Why a day is not known, and what would settle it."""

    reason: Reason
    words: dict[str, str]
    needs: list[list[UntoldOut]]
    parameters: list[str]


class LocalOut(Wire):
    """The overlay that a local day comes from, and the national day beside it."""

    overlay: str
    region: dict[str, str]
    source: str
    national: date | None


class EntryOut(Wire):
    """One entry: `day` is null where it is not known, and `undated` then says why."""

    key: str
    answers: str
    title: dict[str, str]
    year: int = Field(description="compliance year")
    month: int | None
    record: int | None = Field(description="place of the child record, from 1")
    nature: Nature
    actor: Actor
    status: Status
    day: date | None
    days_left: int | None
    until: bool = Field(description="the day is the last of something that lasts")
    soon: bool = Field(description="within 60 days and not done")
    norm: str
    provisions: list[str] = Field(description="instrument#eId")
    cite: dict[str, str]
    grade: Grade
    undated: UndatedOut | None
    needs: list[list[UntoldOut]]
    local: LocalOut | None
    presumed: bool = Field(description="done by presumption alone")
    told: bool = Field(description="whether the case tells of the year and record")


class CalendarOut(Wire):
    """The whole answer of `carbonlex calendar --json`."""

    schema_version: Literal["1"] = "1"
    case: str
    asked_on: date
    calendar_year: int | None = Field(description="what --year left: undated and overdue stay")
    readings: dict[str, str]
    exit_code: int
    entries: list[EntryOut]
    added_years: list[int]
    assumptions: list[dict[str, str | int]]
    engine: str
    digests: dict[str, str]


def calendar_json(
    rulebook: Rulebook, timeline: Timeline, entries: Iterable[Entry], year: int | None
) -> str:
    """Return some entries of a calendar as JSON text; the same calendar gives the same text."""
    said = {lang: EntryWords(rulebook, lang) for lang in LANGUAGES}
    soon = {e.key for e in timeline.soon}
    return CalendarOut(
        case=timeline.case_name,
        asked_on=timeline.asked_on,
        calendar_year=year,
        readings=dict(timeline.readings),
        exit_code=timeline.exit_code,
        entries=[_entry(rulebook, said, e, e.key in soon) for e in entries],
        added_years=list(timeline.added_years),
        assumptions=[{"fact": f, "year": y} for f, y in timeline.presumed],
        engine=timeline.engine,
        digests={"case": timeline.case_digest, "rulebook": timeline.rulebook_digest},
    ).model_dump_json(indent=2)


def calendar_schema() -> str:
    """Return the JSON Schema of `calendar --json` as text."""
    return json.dumps(CalendarOut.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True)


def _entry(rulebook: Rulebook, said: dict[str, EntryWords], entry: Entry, soon: bool) -> EntryOut:
    local, undated = entry.local, entry.undated
    return EntryOut(
        key=entry.key,
        answers=entry.answers,
        title={lang: said[lang].title(entry) for lang in LANGUAGES},
        year=entry.year,
        month=entry.month or None,
        record=entry.index + 1 if entry.index >= 0 else None,
        nature=entry.nature,
        actor=entry.actor,
        status=entry.status,
        day=entry.day,
        days_left=entry.days_left,
        until=entry.until,
        soon=soon,
        norm=entry.norm,
        provisions=[f"{c.instrument}#{c.eid}" for c in entry.cites],
        cite={lang: written_cites(rulebook, entry.cites, lang) for lang in LANGUAGES},
        grade=entry.grade,
        undated=None
        if undated is None
        else UndatedOut(
            reason=undated.reason,
            words={lang: said[lang].why(entry) for lang in LANGUAGES},
            needs=untold(undated.needs),
            parameters=list(undated.parameters),
        ),
        needs=untold(entry.needs),
        local=None
        if local is None
        else LocalOut(
            overlay=local.overlay,
            region={"zh": local.region.zh, "en": local.region.en},
            source=local.source,
            national=local.national,
        ),
        presumed=entry.presumed,
        told=entry.told,
    )
