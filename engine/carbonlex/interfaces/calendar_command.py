"""`carbonlex calendar`: every deadline of an entity, as a page, as JSON, as an iCalendar file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonlex.calendar import FIRST_YEAR
from carbonlex.interfaces.arguments import (
    CaseArgument,
    JsonOption,
    LangOption,
    OnOption,
    ReadingOption,
    case_or_refuse,
    chosen_readings,
    console,
    day_asked,
    language,
    not_written,
    refuse_extra,
    refuse_word,
    refusing,
)

if TYPE_CHECKING:
    from carbonlex.timeline.entry import Entry, Timeline
    from carbonlex.timeline.wording import EntryWords

YEARS_AHEAD = 5


def calendar(
    case: CaseArgument,
    year: Annotated[
        int, typer.Option("--year", help="期限所在的公历年。 Calendar year of the dates.")
    ] = 0,
    on: OnOption = "",
    overlay: Annotated[
        str,
        typer.Option("--overlay", help="地方叠加文件，或随附的名称。 Local overlay: file or name."),
    ] = "",
    ics: Annotated[
        Path | None, typer.Option("--ics", help="另写 .ics 日历文件。 Write an .ics file too.")
    ] = None,
    reading: ReadingOption = None,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """列出一个单位的全部期限。 Every deadline of an entity: date, article, status."""
    language(lang)
    from carbonlex.timeline.dates import calendar_of
    from carbonlex.timeline.overlay import overlays_for
    from carbonlex.timeline.wording import EntryWords

    asked = day_asked(on, lang)
    last = asked.year + YEARS_AHEAD
    if year and not FIRST_YEAR <= year <= last:
        refuse_word(
            lang,
            f"--year 应在 {FIRST_YEAR} 至 {last} 之间",
            f"--year lies between {FIRST_YEAR} and {last}",
        )
    _writable(ics, case, lang)
    readings = chosen_readings(reading, lang)
    rulebook, facts = case_or_refuse(case, lang)
    region = facts.entity.get("region")
    with refusing(lang):
        overlays = overlays_for(rulebook, str(region.value) if region else "", overlay)
        timeline = calendar_of(rulebook, facts, asked, readings, overlays, year)
    words = EntryWords(rulebook, lang)
    shown = _of_year(timeline, year)
    if as_json:
        from carbonlex.interfaces.calendar_wire import calendar_json

        print(calendar_json(rulebook, timeline, shown, year or None))
    else:
        from carbonlex.interfaces.calendar_page import CalendarPage

        CalendarPage(console(), words, timeline, year).print()
    if ics is not None:
        _write(ics, timeline, shown, words, lang)
        print(f"→ {ics}", file=sys.stderr if as_json else sys.stdout)
    raise typer.Exit(timeline.exit_code)


def _of_year(timeline: Timeline, year: int) -> tuple[Entry, ...]:
    """Return the entries of a calendar year, with those overdue or without a day; 0: all."""
    return tuple(
        e
        for e in timeline.entries
        if not year or e.day is None or e.day.year == year or e.status == "overdue"
    )


def _writable(ics: Path | None, case: str, lang: str) -> None:
    """Refuse what could not be written, before anything is worked out."""
    if ics is None:
        return
    if ics.suffix.lower() != ".ics" or ics == Path(case):
        refuse_word(
            lang, f"{ics}：文件名应以 .ics 结尾", f"{ics}: the name of the file ends in .ics"
        )
    from importlib.util import find_spec

    if find_spec("icalendar") is None:
        refuse_extra(("写 .ics", "an .ics file"), "calendar", lang)


def _write(
    ics: Path, timeline: Timeline, entries: tuple[Entry, ...], words: EntryWords, lang: str
) -> None:
    from carbonlex.timeline.ics import ics_of
    from carbonlex.writing import write_whole

    try:
        write_whole(ics, ics_of(timeline, entries, words))
    except OSError as error:
        not_written(ics, error, lang)
