"""Notes: what an authority is, of which version and grade, where it is first relied on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, Literal

from lxml.etree import _Element

from carbonlex.memo.document import (
    Authorities,
    AuthorityEntry,
    Citation,
    Document,
    Pinpoint,
)
from carbonlex.memo.ooxml.elements import link, paragraph, run, w
from carbonlex.words.values import say

_MOST_DAYS = 3


class Notes:
    """The notes of one file, in the order in which they are met.

    They are footnotes; of a document in two columns they are endnotes, since a footnote of a cell
    drives its row, and those after it, to another page in LibreOffice.
    """

    def __init__(self, kind: Literal["footnote", "endnote"] = "footnote") -> None:
        self.kind = kind
        self.made: list[_Element] = []

    def add(self, *texts: Iterable[_Element]) -> _Element:
        """Add a note of one paragraph per text, and return the run that refers to it."""
        at = len(self.made) + 1
        name = self.kind.capitalize()
        mark = self._mark(f"{self.kind}Ref")
        under = w("ind", left=240, firstLine=0)
        paragraphs = [
            paragraph(f"{name}Text", text, under) if n
            else paragraph(f"{name}Text", [mark, run(" "), *text])
            for n, text in enumerate(texts)
        ]  # fmt: skip
        self.made.append(w(self.kind, *paragraphs, id=at))
        return self._mark(f"{self.kind}Reference", id=at)

    def _mark(self, tag: str, **attributes: int) -> _Element:
        style = w("rStyle", val=f"{self.kind.capitalize()}Reference")
        return w("r", w("rPr", style), w(tag, **attributes))

    def part(self) -> _Element:
        """Return the part of notes, its two separators first."""
        separators = [
            w(self.kind, _rule(tag), type=tag, id=at)
            for at, tag in ((-1, "separator"), (0, "continuationSeparator"))
        ]
        return w(f"{self.kind}s", *separators, *self.made)


def _rule(tag: str) -> _Element:
    tight = w("spacing", before=0, after=0, line=240, lineRule="auto")
    return w("p", w("pPr", tight), w("r", w(tag)))


class Authority:
    """One entry of the table of authorities, as footnotes speak of it."""

    def __init__(self, entry: AuthorityEntry, point: Pinpoint, days: tuple[date, ...]) -> None:
        self.entry, self.point, self.days = entry, point, days

    def note(self, lang: str, anchor: str, first: bool = True) -> list[_Element]:
        """Return the words of its footnote: full form, version relied on and for which day, grade.

        `anchor` is the bookmark of the entry in the table of authorities; `first` is the first
        note on its instrument, which has number and dates.
        """
        entry, point = self.entry, self.point
        akn = f"{entry.uri}~{point.eid}" if point.eid else entry.uri
        if lang == "zh":
            about = f"（{entry.about}）" if first else ""
            full = f"{entry.title}{about}{point.text if point.eid else ''}。"
            held = f"所据文本：{akn}{self.said(lang)}。来源等级：{point.grade_words}。"
            return [
                run(full + held),
                link(anchor, [run(f"依据目录第 {point.number} 项")]),
                run("。"),
            ]
        place = f", {point.text}" if point.eid else ""
        about = f" ({entry.about})" if first else ""
        held = f" Text relied on: {akn}{self.said(lang)}. Grade: {point.grade_words}. "
        where = link(anchor, [run(f"Table of authorities, no. {point.number}")])
        return [run(f"{entry.title}{about}{place}.{held}"), where, run(".")]

    def said(self, lang: str) -> str:
        """Return for the law of which days it is relied on; nothing where it is only named."""
        days = [say(day, "", lang) for day in self.days]
        if not days:
            return ""
        if len(days) > _MOST_DAYS:
            span = (days[0], days[-1], len(days))
            zh, en = "{}至{}间的{}日", "{} to {} ({} days)"
            return (
                f"（{zh.format(*span)}有效）"
                if lang == "zh"
                else f" (as in force on {en.format(*span)})"
            )
        if lang == "zh":
            return f"（{'、'.join(days)}有效）"
        return f" (as in force on {', '.join(days)})"


def authorities_of(document: Document) -> dict[int, Authority]:
    """Return the entries of a document's table of authorities by their numbers."""
    days: dict[int, set[date]] = {}
    for citation in _citations(document):
        known = days.setdefault(citation.authority, set())
        if citation.on is not None:
            known.add(citation.on)
    return {
        point.number: Authority(entry, point, tuple(sorted(days.get(point.number, ()))))
        for section in document.walk()
        for block in section.blocks
        if isinstance(block, Authorities)
        for entry in block.entries
        for point in entry.pinpoints
    }


def _citations(part: Any) -> Iterator[Citation]:
    """Yield every citation of a part of a document."""
    if isinstance(part, Citation):
        yield part
    elif isinstance(part, tuple):
        for one in part:
            yield from _citations(one)
    elif is_dataclass(part) and not isinstance(part, type):
        for f in fields(part):
            yield from _citations(getattr(part, f.name))
