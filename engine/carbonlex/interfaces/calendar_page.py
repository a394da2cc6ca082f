"""A calendar on a terminal: twelve months, what is overdue, what comes next, then by month."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from rich.console import Console
from rich.text import Text

from carbonlex.interfaces.typesetting import folded
from carbonlex.timeline.entry import Entry, Status, Timeline
from carbonlex.timeline.wording import MARKS, SECTIONS, EntryWords
from carbonlex.words.phrases import DISCLAIMER

_STYLES: dict[Status, str] = {
    "overdue": "bold red",
    "due": "yellow",
    "open": "",
    "undetermined": "magenta",
    "passed": "dim",
    "done": "green",
}
_COUNTED: tuple[Status, ...] = ("overdue", "due", "undetermined")
_CARD = 12


class CalendarPage:
    """Prints one calendar in one language; `year` 0 shows the year of the day asked and later."""

    def __init__(
        self, console: Console, words: EntryWords, timeline: Timeline, year: int = 0
    ) -> None:
        self.console, self.words, self.timeline, self.year = console, words, timeline, year
        self.pick = words.pick
        self.out: list[Text] = []

    def print(self) -> None:
        """Print the whole calendar, at once."""
        timeline = self.timeline
        name = timeline.case_name or self.pick("（未具名）", "(unnamed)")
        asked = self.pick(f"询问日 {timeline.asked_on}", f"asked on {timeline.asked_on}")
        self.put(Text(f"{name} · {asked}", style="bold"))
        self.cards()
        self.section("overdue", timeline.overdue)
        soon = self.year in (0, *{e.day.year for e in timeline.soon if e.day is not None})
        self.section("soon", timeline.soon if soon else (), empty=soon)
        self.months()
        self.undated()
        lines = self.words.assumptions(timeline)
        if lines:
            self.heading(SECTIONS["assumptions"].of(self.words.lang))
            for line in lines:
                self.indented(Text(f"· {line}", style="dim"), 1)
        self.put(Text())
        self.indented(Text(DISCLAIMER.of(self.words.lang), style="dim"), 1)
        self.console.print(Text("\n").join(self.out), soft_wrap=True)

    def put(self, line: Text) -> None:
        """Add a line."""
        self.out.append(line)

    def indented(self, text: Text, depth: int) -> None:
        """Add text at a depth, wrapped under itself."""
        for line in folded(text, self.console.width - 2 * depth):
            self.put(Text(" " * (2 * depth)) + line)

    def heading(self, text: str) -> None:
        """Add a heading."""
        self.put(Text())
        self.put(Text(text, style="bold underline"))

    def cards(self) -> None:
        """Add twelve months with how many entries each has, and how many are still to come."""
        shown = self.year or self.timeline.asked_on.year
        entries = self.timeline.of_year(shown)
        self.put(Text())
        self.put(Text(self.pick(f"{shown}年", str(shown)), style="bold"))
        for first in (1, 7):
            row = Text("  ")
            for month in range(first, first + 6):
                row.append_text(
                    self.card(month, [e for e in entries if e.day and e.day.month == month])
                )
            self.put(row)

    def card(self, month: int, entries: list[Entry]) -> Text:
        """Return the card of a month: 12月 3○1, the count and what is overdue or open of it."""
        from rich.cells import cell_len

        name = self.pick(f"{month}月", f"{month:02}")
        counts = [(s, sum(e.status == s for e in entries)) for s in _COUNTED]
        marks = "".join(f"{MARKS[s]}{n}" for s, n in counts if n)
        text = f"{name} {len(entries) or '·'} {marks}".rstrip()
        style = next((_STYLES[s] for s, n in counts if n), "dim" if not entries else "")
        return Text(text, style=style) + " " * max(1, _CARD - cell_len(text))

    def section(self, key: str, entries: Iterable[Entry], empty: bool = False) -> None:
        """Add a section of entries; `empty` says so where there are none."""
        found = list(entries)
        if not found and not empty:
            return
        self.heading(SECTIONS[key].of(self.words.lang))
        for entry in found:
            self.entry(entry)
        if not found:
            self.indented(Text(self.pick("没有", "nothing"), style="dim"), 1)

    def months(self) -> None:
        """Add the entries by month: of the year asked for, or from the year of the day asked."""
        first = self.timeline.asked_on.year
        dated = [e for e in self.timeline.entries if e.day is not None]
        shown = [
            e
            for e in dated
            if e.day is not None and (e.day.year == self.year if self.year else e.day.year >= first)
        ]
        for (year, month), entries in groupby(
            shown, lambda e: (e.day.year, e.day.month) if e.day else (0, 0)
        ):
            self.heading(self.pick(f"{year}年{month}月", f"{year}-{month:02}"))
            for entry in entries:
                self.entry(entry)
        left = len(dated) - len(shown)
        if left:
            self.put(Text())
            said = self.pick(
                f"另有 {left} 项在其他年份（--year）", f"{left} more in other years (--year)"
            )
            self.indented(Text(said, style="dim"), 1)

    def undated(self) -> None:
        """Add the entries without a day that are not done, those alike in one line."""
        alike: dict[tuple[str, str, str, str], list[Entry]] = {}
        for one in self.timeline.undated:
            if one.status != "done":
                reason = one.undated.reason if one.undated is not None else ""
                alike.setdefault((one.nature, one.answers, one.status, reason), []).append(one)
        if not alike:
            return
        self.heading(SECTIONS["undated"].of(self.words.lang))
        for entries in alike.values():
            last = max(entries, key=lambda e: (e.year, e.index))
            years = sorted({e.year for e in entries})
            title = self.words.title(last) if len(years) == 1 else self.words.titles(last, years)
            text = Text(f"{MARKS[last.status]} {title}　", style=_STYLES[last.status])
            text.append(self.words.status(last))
            for said in (self.words.why(last), self.words.open(last)):
                text.append(self.pick("；", "; ") + said if said else "")
            text.append(f"　{self.words.source(last)}", style="cyan")
            self.indented(text, 1)

    def entry(self, entry: Entry) -> None:
        """Add one entry with a day."""
        day = str(entry.day) if entry.day is not None else self.pick("日期未知", "day not known")
        text = Text(f"{day} {MARKS[entry.status]} {self.words.title(entry)}　")
        text.stylize(_STYLES[entry.status])
        text.append(self.words.status(entry), style="dim" if entry.status == "done" else "")
        for said in (self.words.remark(entry), self.words.open(entry)):
            text.append(self.pick("；", "; ") + said if said else "")
        text.append(f"　{self.words.source(entry)}", style="cyan")
        self.indented(text, 1)
