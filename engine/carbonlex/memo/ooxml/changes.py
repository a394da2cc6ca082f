"""Tracked changes: what went and what came, as Word's own, to be accepted or refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml.etree import _Element

from carbonlex.memo.document import Mark, SideBySide
from carbonlex.memo.ooxml.elements import paragraph, run, w
from carbonlex.memo.ooxml.setting import File
from carbonlex.memo.ooxml.tables import gap, grid, grid_row

LEGEND = {
    "zh": "左栏的删除、右栏的插入均为修订标记：请在“审阅”中选“所有标记”查看。",
    "en": "Deletions on the left and insertions on the right are tracked changes: "
    "choose 'All Markup' under 'Review' to see them.",
}


def tracked(file: File, marks: Iterable[Mark]) -> Iterator[_Element]:
    """Yield marked words as runs: what was deleted or inserted as a tracked change."""
    for mark in marks:
        if not mark.text:
            continue
        if mark.op == "same":
            yield run(mark.text)
        elif mark.op == "deleted":
            yield change(file, "del", run(mark.text, deleted=True))
        else:
            yield change(file, "ins", run(mark.text))


def change(file: File, tag: str, *runs: _Element) -> _Element:
    """Return runs as one tracked change, or, of none, the mark that a paragraph is one."""
    return w(tag, *runs, id=file.ids.next(), author=file.author, date=file.stamp)


def side_by_side(
    file: File, block: SideBySide, legend: Iterable[str], headers: tuple[str, str] | None = None
) -> list[_Element]:
    """Return a redline as a table of two columns: deletions on the left, insertions right."""
    width = file.sheet.width
    widths = [width // 2, width - width // 2]
    head = grid_row(
        [[paragraph("TableHead", [run(text)])] for text in headers or block.headers],
        widths, head=True,
    )  # fmt: skip
    rows = [
        grid_row([[paragraph("TableText", tracked(file, c))] for c in row], widths, whole=False)
        for row in block.rows
    ]
    made = [paragraph("Caption", [run(block.caption)])] if block.caption else []
    made += [paragraph("Notice", [run(text)], w("keepNext")) for text in legend]
    return [*made, grid([head, *rows], widths, ruled=True), gap()]
