"""The shape of `carbonlex law diff --json`, from which docs/redline.schema.json is generated."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Literal

from pydantic import Field

from carbonlex.interfaces.wire_models import Wire
from carbonlex.model import Grade
from carbonlex.rulebook.stranded import Stranded
from carbonlex.statutes.citation import cite
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.redline import CHANGES, Change, Redline, RedlineLine, Row
from carbonlex.statutes.stretches import Op, Stretches
from carbonlex.version import ENGINE
from carbonlex.words.redlines import amendment

UNTOLD = date.max  # the day of effect of a file that does not say it
_LANGS = ("zh", "en")


class SideOut(Wire):
    """One of the two expressions."""

    key: str
    uri: str = Field(description="empty for a file that does not say it")
    title: dict[str, str]
    effective: date | None = Field(description="null for a file that does not say it")
    ended: date | None
    whole: bool = Field(description="whether all of its articles are listed")
    digest: str


class StretchOut(Wire):
    """Words that stayed, went or came: `same` and `deleted` make the old text."""

    op: Op
    text: str


class PlaceOut(Wire):
    """A provision of one side."""

    provision: str = Field(description="instrument#eId")
    cite: dict[str, str]


class LineOut(Wire):
    """One paragraph or point; `elsewhere` is where the other side has it, in another article."""

    kind: Change
    old: str | None = Field(description="eId")
    new: str | None = Field(description="eId")
    elsewhere: str | None = Field(description="eId on the side that lacks it here")
    stretches: list[StretchOut]


class RowOut(Wire):
    """One article; `lines` and `stretches` are empty where the kind is `not-held`."""

    kind: Change
    renumbered: bool
    old: PlaceOut | None
    new: PlaceOut | None
    old_words: str
    new_words: str
    grade: Grade
    summary: bool
    quotable: bool = Field(description="whether the words may be quoted as words of law")
    amendment: dict[str, str] | None = Field(description="as an amending decision would say it")
    lines: list[LineOut]
    stretches: list[StretchOut]


class StrandedOut(Wire):
    """A norm of the old text whose quotes the new one does not have."""

    norm: str
    old: str = Field(description="eId of the article quoted")
    new: str | None
    missing: list[str] = Field(description="empty where the new words are not held")
    moved: list[str] = Field(description="eIds of other articles of the new text that have them")


class RedlineOut(Wire):
    """The whole answer of `carbonlex law diff --json`: every article, changed or not."""

    schema_version: Literal["1"] = "1"
    old: SideOut
    new: SideOut
    counts: dict[Change, int]
    rows: list[RowOut]
    stranded: list[StrandedOut]
    engine: str


def redline_json(redline: Redline, lost: Iterable[Stranded]) -> str:
    """Return a redline as JSON text; the same texts give the same JSON."""
    return RedlineOut(
        old=_side(redline.old, redline.old_whole),
        new=_side(redline.new, redline.new_whole),
        counts={kind: len(redline.of(kind)) for kind in CHANGES},
        rows=[_row(redline, row) for row in redline.rows],
        stranded=[stranded_out(s) for s in lost],
        engine=ENGINE,
    ).model_dump_json(indent=2)


def redline_schema() -> str:
    """Return the JSON Schema of `law diff --json` as text."""
    return json.dumps(RedlineOut.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True)


def stranded_out(lost: Stranded) -> StrandedOut:
    """Return a norm that is stranded as JSON has it."""
    return StrandedOut(
        norm=lost.norm,
        old=lost.old,
        new=lost.new or None,
        missing=list(lost.missing),
        moved=list(lost.moved),
    )


def _side(instrument: Instrument, whole: bool) -> SideOut:
    return SideOut(
        key=instrument.key,
        uri=instrument.uri,
        title={lang: instrument.title.of(lang) for lang in _LANGS},
        effective=None if instrument.effective == UNTOLD else instrument.effective,
        ended=instrument.ended,
        whole=whole,
        digest=instrument.digest,
    )


def _row(redline: Redline, row: Row) -> RowOut:
    said = {lang: amendment(redline, row, lang) for lang in _LANGS}
    return RowOut(
        kind=row.kind,
        renumbered=row.renumbered,
        old=_place(redline.old, row.old),
        new=_place(redline.new, row.new),
        old_words=row.old_words,
        new_words=row.new_words,
        grade=row.grade,
        summary=row.summary,
        quotable=row.quotable,
        amendment=said if said["zh"] else None,
        lines=[_line(line) for line in row.lines],
        stretches=_stretches(row.stretches),
    )


def _place(instrument: Instrument, eid: str) -> PlaceOut | None:
    if not eid:
        return None
    said = {lang: cite(instrument, eid, lang) for lang in _LANGS}
    return PlaceOut(provision=f"{instrument.key}#{eid}", cite=said)


def _line(line: RedlineLine) -> LineOut:
    return LineOut(
        kind=line.kind,
        old=line.old or None,
        new=line.new or None,
        elsewhere=line.elsewhere or None,
        stretches=_stretches(line.stretches),
    )


def _stretches(found: Stretches) -> list[StretchOut]:
    return [StretchOut(op=op, text=text) for op, text in found]
