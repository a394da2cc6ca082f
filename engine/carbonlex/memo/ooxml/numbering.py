"""Numbers of paragraphs and marks of lists: real ones, which Word keeps in step."""

from __future__ import annotations

from lxml.etree import _Element

from carbonlex.memo.ooxml.elements import w
from carbonlex.memo.ooxml.sheet import Sheet

_BULLETS = ("•", "–", "·")
DEEPEST = 8
_MARKS = 1


class Numbering:
    """The numbered paragraphs and lists of one file.

    A document in two languages counts twice; and where a document leaves a number out, the count
    begins anew at the next, so that what Word shows is always what the document says.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.begun: list[int] = []
        self.counts: dict[str, tuple[int, int]] = {}

    def number(self, number: int, side: str) -> _Element:
        """Return the property of a paragraph of one side that has a number."""
        at, last = self.counts.get(side, (0, 0))
        if not at or number != last + 1:
            self.begun.append(number)
            at = len(self.begun) + _MARKS
        self.counts[side] = at, number
        return w("numPr", w("ilvl", val=0), w("numId", val=at))

    def item(self, depth: int) -> _Element:
        """Return the property of an item of a list at a depth that starts from 0."""
        return w("numPr", w("ilvl", val=min(depth, DEEPEST)), w("numId", val=_MARKS))

    def part(self) -> _Element:
        """Return the part of numbering."""
        indent = self.sheet.number
        marks = w("abstractNum", w("multiLevelType", val="hybridMultilevel"), abstractNumId=_MARKS)
        for depth in range(DEEPEST + 1):
            left = indent + self.sheet.step * (depth + 1)
            mark = _BULLETS[depth % len(_BULLETS)]
            marks.append(_level(depth, "bullet", mark, left, min(self.sheet.step, 300)))
        # Lists of one definition count on from one another: each count has its own.
        counts = [
            w(
                "abstractNum",
                w("multiLevelType", val="singleLevel"),
                _level(0, "decimal", "[%1]", indent, indent, start),
                abstractNumId=at,
            )
            for at, start in enumerate(self.begun, _MARKS + 1)
        ]
        lists = [
            w("num", w("abstractNumId", val=at), numId=at)
            for at in range(_MARKS, _MARKS + len(counts) + 1)
        ]
        return w("numbering", marks, *counts, *lists)


def _level(
    at: int, kind: str, text: str, left: int, hanging: int, start: int = 1
) -> _Element:  # fmt: skip
    return w(
        "lvl",
        w("start", val=start),
        w("numFmt", val=kind),
        w("suff", val="tab"),
        w("lvlText", val=text),
        w("lvlJc", val="left"),
        w("pPr", w("ind", left=left, hanging=hanging)),
        w("rPr", w("rFonts", ascii="Times New Roman", hAnsi="Times New Roman")),
        ilvl=at,
    )
