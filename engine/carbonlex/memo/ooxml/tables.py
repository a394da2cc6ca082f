"""Tables of a Word file: ruled above and below, their heads repeated, their rows kept whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lxml.etree import _Element

from carbonlex.memo.document import Table
from carbonlex.memo.ooxml.elements import W, paragraph, run, w, wide
from carbonlex.memo.ooxml.sheet import DARK, RULE

_PART = re.compile(r"[0-9A-Za-z.,:%@+-]+|\S")
_WIDEST, _WORD, _PAD = 66, 16, 85
_NONE: dict[str, str | int] = {"val": "nil"}


def table(block: Table, width: int, size: int) -> list[_Element]:
    """Return a table with its caption; `size` is that of its type in half points."""
    aligned = [n in block.right for n in range(len(block.headers))]
    widths = columns((block.headers, *block.rows), width, size)
    head = grid_row([
        [paragraph("TableHead", [run(text)], *_flush(right))]
        for text, right in zip(block.headers, aligned, strict=True)
    ], widths, head=True)  # fmt: skip
    body = [
        grid_row([
            [paragraph("TableText", [run(text)], *_flush(right))]
            for text, right in zip(row, aligned, strict=True)
        ], widths)
        for row in block.rows
    ]  # fmt: skip
    caption = [paragraph("Caption", [run(block.caption)])] if block.caption else []
    return [*caption, grid([head, *body], widths, ruled=True), gap()]


def grid(rows: Iterable[_Element], widths: Sequence[int], ruled: bool) -> _Element:
    """Return rows as a table of fixed columns, with rules across it or else between its columns."""
    outer = _border(8, DARK) if ruled else _NONE
    across, between = (_border(2, RULE), _NONE) if ruled else (_NONE, _border(2, RULE))
    rules = (outer, _NONE, outer, _NONE, across, between)
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = [w(side, **rule) for side, rule in zip(sides, rules, strict=True)]
    margins = [w(side, w=_PAD, type="dxa") for side in ("left", "right")]
    made = w(
        "tbl",
        w(
            "tblPr",
            w("tblW", w=sum(widths), type="dxa"),
            w("tblBorders", *borders),
            w("tblLayout", type="fixed"),
            w("tblCellMar", *margins),
        ),
        w("tblGrid", *(w("gridCol", w=width) for width in widths)),
    )
    made.extend(rows)
    return made


def _border(size: int, colour: str) -> dict[str, str | int]:
    return {"val": "single", "sz": size, "space": 0, "color": colour}


def grid_row(
    cells: Sequence[list[_Element]], widths: Sequence[int], head: bool = False, whole: bool = True
) -> _Element:
    """Return one row; `head` is repeated on each page, `whole` is not divided between pages."""
    properties = [*([w("cantSplit")] if whole else []), *([w("tblHeader")] if head else [])]
    made = w("tr", *([w("trPr", *properties)] if properties else []))
    for blocks, width in zip(cells, widths, strict=True):
        rule = [w("tcBorders", w("bottom", val="single", sz=4, color=DARK))] if head else []
        middle = [w("vAlign", val="bottom")] if head else []
        cell = w("tc", w("tcPr", w("tcW", w=width, type="dxa"), *rule, *middle))
        # A cell must end with a paragraph.
        cell.extend(blocks or [paragraph("TableText", [])])
        made.append(cell)
    return made


def gap() -> _Element:
    """Return an empty line that keeps what follows off a table."""
    return paragraph("Gap", [])


def ended(body: Sequence[_Element]) -> list[_Element]:
    """Return what a file holds so that a table at its end leaves no empty page behind it.

    Word needs a paragraph after the table; it is made as low as can be.
    """
    made = [*body]
    if made and made[-1].find(f"{{{W}}}pPr/{{{W}}}pStyle[@{{{W}}}val='Gap']") is not None:
        made[-1] = paragraph("Gap", [], w("spacing", after=0, line=20, lineRule="exact"))
    return made


def columns(rows: Sequence[Sequence[str]], width: int, size: int) -> list[int]:
    """Return the widths of columns: room for the longest word, the rest by how much they hold.

    >>> columns((("年度", "事实"), ("2024", "经核查确认的温室气体实际排放量")), 6000, 18)
    [1005, 4995]
    """
    half = size * 5  # a half-width character, in twentieths of a point
    least, natural = [], []
    for column in zip(*rows, strict=True):
        words = max((wide(part) for text in column for part in _PART.findall(text)), default=1)
        most = max((wide(line) for text in column for line in text.split("\n")), default=1)
        # Four Chinese characters: a column of fewer to the line is read downwards.
        words = max(min(words, _WORD), min(most, 8))
        least.append(words * half + 2 * _PAD + 60)
        natural.append(max(min(most, _WIDEST) * half + 2 * _PAD + 60, least[-1]))
    spare, wanted = width - sum(least), sum(natural) - sum(least)
    if spare <= 0:
        return _shared(least, width)
    if wanted <= 0 or wanted <= spare:
        return _shared(natural, width)
    made = [a + (b - a) * spare // wanted for a, b in zip(least, natural, strict=True)]
    made[-1] += width - sum(made)
    return made


def _shared(parts: Sequence[int], width: int) -> list[int]:
    made = [part * width // sum(parts) for part in parts]
    made[-1] += width - sum(made)
    return made


def _flush(right: bool) -> list[_Element]:
    return [w("jc", val="right")] if right else []
