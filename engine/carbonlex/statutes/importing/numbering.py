"""Word's automatic numbers: what Word shows before a paragraph and the file does not spell out.

The number of a paragraph depends on all those before it; this walks them in order, as Word does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonlex.statutes.citation import chinese_number
from carbonlex.statutes.importing.source import refuse

if TYPE_CHECKING:
    from lxml.etree import _Element

_COUNTED = frozenset(
    {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
     "taiwaneseCountingThousand", "ideographDigital", "koreanDigital2"}
)  # fmt: skip
_ARABIC = frozenset({"decimal", "decimalHalfWidth", "decimalFullWidth", "decimalFullWidth2"})
_SILENT = frozenset({"none", "bullet"})
_PLACE = re.compile(r"%([1-9])")
MOST = 9_999
MAX_STYLES = 50  # a chain of styles longer than this runs in a circle


@dataclass(frozen=True)
class _Level:
    start: int
    format: str
    text: str
    style: str
    legal: bool
    restart: int | None


@dataclass
class Numbering:
    """The numbers of one document, in the order of its paragraphs."""

    name: str
    w: str
    lists: dict[str, tuple[str, dict[int, _Level]]] = field(default_factory=dict)
    styles: dict[str, tuple[str, str, int | None]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[str] = field(default_factory=set)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)

    def read(self, numbering: _Element | None, styles: _Element | None) -> None:
        """Take in the definitions of the lists, and the styles that number their paragraphs."""
        w = self.w
        abstract: dict[str, dict[int, _Level]] = {}
        for one in numbering.iterfind(f"{w}abstractNum") if numbering is not None else ():
            abstract[self._of(one, "abstractNumId")] = self._levels(one)
        for one in numbering.iterfind(f"{w}num") if numbering is not None else ():
            base = self._value(one, "abstractNumId")
            levels = dict(abstract.get(base, {}))
            identity = self._of(one, "numId")
            for override in one.iterfind(f"{w}lvlOverride"):
                levels |= self._levels(override)
                at = self._number(self._of(override, "ilvl"))
                start = self._value(override, "startOverride")
                if at is not None and start:
                    self.restarts.setdefault(identity, {})[at] = self._number(start) or 1
            self.lists[identity] = (base, levels)
        for one in styles.iterfind(f"{w}style") if styles is not None else ():
            told = one.find(f"{w}pPr/{w}numPr")
            number = self._value(told, "numId") if told is not None else ""
            level = self._number(self._value(told, "ilvl")) if told is not None else None
            self.styles[self._of(one, "styleId")] = (self._value(one, "basedOn"), number, level)

    def mark(self, paragraph: _Element, line: int) -> str:
        """Return the number that Word shows before a paragraph; empty where it shows none."""
        found = self._place(paragraph)
        if found is None:
            return ""
        identity, at = found
        base, levels = self.lists[identity]
        level = levels.get(at)
        if level is None:
            return ""
        counts = self.counts.setdefault(base, {})
        if identity not in self.begun:
            self.begun.add(identity)
            for one, start in self.restarts.get(identity, {}).items():
                counts[one] = start - 1
        counts[at] = counts.get(at, level.start - 1) + 1
        for lower in [n for n in counts if n > at]:
            # Numbers begin anew below any higher level, or below the one named, or never (0).
            named = levels[lower].restart if lower in levels else None
            if named is None or 0 < at + 1 <= named:
                del counts[lower]
        if level.format in _SILENT:
            return ""

        def shown(place: re.Match[str]) -> str:
            other = int(place[1]) - 1
            asked = levels.get(other)
            if asked is None:
                return ""
            number = counts.get(other, asked.start)
            return self._spelled(number, "decimal" if level.legal else asked.format, line)

        return _PLACE.sub(shown, level.text).strip()

    def _place(self, paragraph: _Element) -> tuple[str, int] | None:
        w = self.w
        told = paragraph.find(f"{w}pPr/{w}numPr")
        identity = self._value(told, "numId") if told is not None else ""
        at = self._number(self._value(told, "ilvl")) if told is not None else None
        properties = paragraph.find(f"{w}pPr")
        style = self._value(properties, "pStyle") if properties is not None else ""
        first = style
        for _ in range(MAX_STYLES):
            if identity or style not in self.styles:
                break
            style, identity, level = self.styles[style]
            at = level if at is None else at
        if identity in ("", "0") or identity not in self.lists:
            return None
        if at is None:
            linked = (n for n, one in self.lists[identity][1].items() if one.style == first)
            at = next(linked, 0) if first else 0
        return identity, at

    def _levels(self, parent: _Element) -> dict[int, _Level]:
        found: dict[int, _Level] = {}
        for one in parent.iterfind(f"{self.w}lvl"):
            at = self._number(self._of(one, "ilvl"))
            if at is None:
                continue
            start = self._number(self._value(one, "start"))
            found[at] = _Level(
                start=1 if start is None else start,
                format=self._value(one, "numFmt") or "decimal",
                text=self._value(one, "lvlText"),
                style=self._value(one, "pStyle"),
                restart=self._number(self._value(one, "lvlRestart")),
                legal=one.find(f"{self.w}isLgl") is not None,
            )
        return found

    def _spelled(self, number: int, format: str, line: int) -> str:
        if 0 < number <= MOST:
            if format in _COUNTED:
                return chinese_number(number)
            if format in _ARABIC:
                return str(number)
            if format in ("lowerLetter", "upperLetter") and number <= 26:
                return chr((97 if format == "lowerLetter" else 65) + number - 1)
        refuse(
            "import-structure",
            (f"自动编号的格式 {format}（{number}）不能写成文字",
             f"an automatic number of the format {format} ({number}) cannot be spelled out"),
            self.name,
            ("在 Word 中把自动编号转换为文字后重试", "turn automatic numbers into text in Word"),
            line,
        )  # fmt: skip

    def _value(self, parent: _Element, child: str) -> str:
        found = parent.find(f"{self.w}{child}")
        return "" if found is None else self._of(found, "val")

    def _of(self, element: _Element, name: str) -> str:
        return element.get(f"{self.w}{name}", "")

    def _number(self, text: str) -> int | None:
        return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else None
