"""The words of an article into 款, 项 and 目: which line continues what, and what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from carbonlex.statutes.importing.marks import Heading, Mark, indent, item
from carbonlex.statutes.importing.source import Block, Line, Remark, Table

Tag: TypeAlias = Heading | Literal["article", "paragraph", "point", "indent", "wrapUp"]
Content: TypeAlias = str | Table
_ENDED = re.compile(r"[。！？.][”’」』）)]*$")
_LEADS = re.compile(r"[：:]$")
_NUMBER_ALONE = re.compile(r"[-—\s./0-9０-９]{1,12}")
# What ends in a character or a comma has not ended its sentence.
_BROKEN_OFF = re.compile(r"[\u4e00-\u9fff，、,]$")


@dataclass(frozen=True)
class Node:
    """One division of a law, as Akoma Ntoso names it, with its eId.

    Attributes:
        num: as printed; empty for a 款, and for what has none.
        content: its own words, before those of its children; a table keeps its place.
        line: where it begins in the source.
        wid: its eId in an older expression; empty where it is the same.
    """

    tag: Tag
    eid: str
    num: str = ""
    heading: str = ""
    content: tuple[Content, ...] = ()
    children: tuple[Node, ...] = ()
    line: int = 0
    wid: str = ""


@dataclass
class _Part:
    """A paragraph, point or 目 that is still open."""

    line: int
    mark: Mark | None = None
    content: list[Content] = field(default_factory=list)
    below: list[_Part] = field(default_factory=list)
    tail: list[Content] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.mark.number if self.mark else 0

    @property
    def last_words(self) -> str:
        """The last words that it holds, its parts included."""
        if self.below:
            return self.below[-1].last_words
        words = [c for c in self.content if isinstance(c, str)]
        return words[-1] if words else ""


class Paragraphs:
    """Puts the lines of one article, or of a text without articles, into paragraphs.

    `strict` is for a text without articles, where （一） and 1. are mostly headings: only what
    follows a colon is then an item.
    """

    def __init__(self, over: str, blocks: Sequence[Block], strict: bool = False) -> None:
        self.over, self.blocks, self.strict = over, blocks, strict
        self.done: list[_Part] = []
        self.remarks: list[Remark] = []
        self.next_item = _next_items(blocks)
        for at, block in enumerate(blocks):
            if isinstance(block, Table):
                self._table(block)
            elif not (self._item(block) or self._indent(block)):
                self._text(block, at)

    def nodes(self) -> tuple[Node, ...]:
        """Return the paragraphs with their eIds."""
        prefix = f"{self.over}__" if self.over else ""
        return tuple(_node("paragraph", f"{prefix}para_{n}", p) for n, p in enumerate(self.done, 1))

    @property
    def _open(self) -> _Part | None:
        """The paragraph that the next line may belong to."""
        return self.done[-1] if self.done and not self.done[-1].tail else None

    def _begin(self, line: int) -> _Part:
        self.done.append(_Part(line))
        return self.done[-1]

    def _doubt(self, line: int, zh: str, en: str) -> None:
        self.remarks.append(Remark(zh, en, line))

    def _leads(self, part: _Part | None) -> bool:
        return part is not None and (bool(_LEADS.search(part.last_words)) or not self.strict)

    def _item(self, line: Line) -> bool:
        mark = item(line.whole)
        current = self._open
        if mark is None or (
            self.strict and not (current and (current.below or self._leads(current)))
        ):
            return False
        points = current.below if current else []
        last = points[-1].number if points else 0
        if points and points[-1].mark and points[-1].mark.arabic:
            return False  # the paragraph counts 1, 2, 3: （一） is no sister of these
        if mark.number <= last and mark.number != 1:
            self._doubt(
                line.line, f"{mark.num}次序颠倒，作平常文字", f"{mark.num} is out of order: text"
            )
            return False
        if (mark.number == 1 and last) or current is None:
            self._doubt(line.line, "项之前没有引导的文字", "items without a lead-in")
            current = self._begin(line.line)
        elif mark.number != last + 1:
            self._doubt(
                line.line, f"{mark.num}之前缺项", f"before {mark.num} an item seems to be missing"
            )
        current.below.append(_Part(line.line, mark, [mark.rest] if mark.rest else []))
        return True

    def _indent(self, line: Line) -> bool:
        mark = indent(line.whole)
        current = self._open
        if mark is None or current is None:
            return False
        over = current.below[-1] if current.below else current
        if over.mark is not None and over.mark.arabic:
            over = current
        last = over.below[-1].number if over.below else 0
        if mark.number != last + 1 or not (last or _LEADS.search(over.last_words)):
            return False
        if over is current and not last:
            self._doubt(line.line, "款下直接为目，没有项", "a 目 directly under a paragraph")
        over.below.append(_Part(line.line, mark, [mark.rest] if mark.rest else []))
        return True

    def _text(self, line: Line, at: int) -> None:
        words, current = line.whole, self._open
        if current is None or not current.below:
            if current is not None and _BROKEN_OFF.search(current.last_words):
                self._doubt(
                    line.line, "前文句未完即另起一款，请核对是否误断",
                    "a paragraph begins where the sentence before has not ended: a stray line end?",
                )  # fmt: skip
            if _NUMBER_ALONE.fullmatch(words):
                self._doubt(
                    line.line,
                    f"只有“{words}”的一行，是否页码",
                    f"a line of '{words}' alone: a page?",
                )
            self._begin(line.line).content.append(words)
            return
        point = current.below[-1]
        if self.next_item[at] == point.number + 1:
            self._doubt(
                line.line,
                "两项之间的文字，作前一项的内容",
                "text between items: taken into the item",
            )
            (point.tail if point.below else point.content).append(words)
        elif _ENDED.search(current.last_words):
            self._doubt(
                line.line,
                "末项之后的文字，作另一款",
                "text after the last item: taken as a paragraph",
            )
            self._begin(line.line).content.append(words)
        else:
            self._doubt(
                line.line, "末项之后的文字，句未完，作该款的结尾",
                "text after the last item, in whose sentence it stands: taken as its end",
            )  # fmt: skip
            current.tail.append(words)

    def _table(self, table: Table) -> None:
        self._doubt(table.line, "条文中的表格，请核对位置", "a table in the text: check its place")
        current = self.done[-1] if self.done else self._begin(table.line)
        if current.tail:
            current.tail.append(table)
        elif current.below:
            last = current.below[-1]
            (last.below[-1] if last.below else last).content.append(table)
        else:
            current.content.append(table)


def _node(tag: Tag, eid: str, part: _Part) -> Node:
    below: list[Node] = []
    for one in part.below:
        inner: Tag = "indent" if one.mark and one.mark.arabic else "point"
        below.append(_node(inner, f"{eid}__{inner}_{one.number}", one))
    if part.tail:
        below.append(Node("wrapUp", f"{eid}__wrapup_1", content=tuple(part.tail), line=part.line))
    return Node(
        tag,
        eid,
        part.mark.num if part.mark else "",
        content=tuple(part.content),
        children=tuple(below),
        line=part.line,
    )


def _next_items(blocks: Sequence[Block]) -> list[int]:
    """Return, for each line, the number of the next item after it; 0 where none follows."""
    found, number = [0] * len(blocks), 0
    for at in range(len(blocks) - 1, -1, -1):
        found[at] = number
        block = blocks[at]
        if isinstance(block, Line) and (mark := item(block.whole)):
            number = mark.number
    return found
