"""Headings and articles into a tree: 编, 分编, 章, 节, 条, each eId once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from carbonlex.statutes.importing.article import Content, Node, Paragraphs
from carbonlex.statutes.importing.marks import (
    HEADINGS,
    LONGEST_HEADING,
    SENTENCE,
    Heading,
    Mark,
    caption,
)
from carbonlex.statutes.importing.source import Block, Line, Remark, Table, refuse, seen
from carbonlex.statutes.importing.tokens import Token

_REFS: dict[Heading, str] = {
    "part": "part",
    "subpart": "subpart",
    "chapter": "chp",
    "section": "sec",
}


class Divisions:
    """The body of one text; `remarks` are what a person must look at."""

    def __init__(self, tokens: Sequence[Token], name: str) -> None:
        self.name = name
        self.remarks: list[Remark] = []
        self.nodes = self.body(tokens)

    def say(self, line: int, zh: str, en: str) -> None:
        """Note something for a person to look at."""
        self.remarks.append(Remark(zh, en, line))

    def body(self, tokens: Sequence[Token]) -> tuple[Node, ...]:
        """Return the divisions from the first heading or article on; each eId is there once."""
        strays, nodes = self.grouped(tokens, "")
        assert not strays  # the first token is a heading or an article
        seen_ids: dict[str, Node] = {}
        waiting = [*reversed(nodes)]
        while waiting:
            node = waiting.pop()
            other = seen_ids.setdefault(node.eid, node)
            if other is not node:
                refuse(
                    "import-structure",
                    (f"{node.num}{node.heading} 与第 {other.line} 行的编号相同",
                     f"{node.num}{node.heading} has the number of that in line {other.line}"),
                    self.name,
                    ("目录请以“目录”二字开头；正文重复的，删去一处",
                     "let a table of contents begin with 目录; delete what is there twice"),
                    max(node.line, other.line),
                )  # fmt: skip
            waiting += reversed(node.children)
        return nodes

    def grouped(
        self, tokens: Sequence[Token], over: str
    ) -> tuple[tuple[Content, ...], tuple[Node, ...]]:
        """Return what stands before the first division, and the divisions, outermost first."""
        levels = [t.heading[0] for t in tokens if t.heading]
        if not levels:
            return self.articles(tokens)
        top = min(levels, key=HEADINGS.index)
        starts = [n for n, t in enumerate(tokens) if t.heading and t.heading[0] == top]
        strays, nodes = self.grouped(tokens[: starts[0]], over)
        made = list(nodes)
        last = 0
        for start, end in pairwise([*starts, len(tokens)]):
            _, mark = tokens[start].heading or (top, Mark(0, 0, "", "", True))
            line = tokens[start].block.line
            number = mark.number or last + 1
            if number != last + 1 and not mark.inserted:
                self.say(
                    line, f"{mark.num}与前一个不连续", f"{mark.num} does not follow the one before"
                )
            last = number
            eid = f"{over}__{_REFS[top]}_{number}" if over else f"{_REFS[top]}_{number}"
            words, begins = mark.rest, start + 1
            if not words and (words := _heading_below(tokens[begins : begins + 2])):
                begins += 1
            content, children = self.grouped(tokens[begins:end], eid)
            if content:
                self.say(
                    line,
                    f"{mark.num}之下、条之前有文字",
                    f"text under {mark.num} before any article",
                )
            if not children:
                self.say(line, f"{mark.num}之下没有条文", f"no article under {mark.num}")
            made.append(Node(top, eid, mark.num, words, content, children, line))
        return strays, tuple(made)

    def articles(self, tokens: Sequence[Token]) -> tuple[tuple[Content, ...], tuple[Node, ...]]:
        """Return what stands before the first article, and the articles."""
        starts = [n for n, t in enumerate(tokens) if t.article]
        before = tokens[: starts[0]] if starts else tokens
        strays = tuple(content_of(t.block) for t in before)
        made: list[Node] = []
        for start, end in pairwise([*starts, len(tokens)]):
            mark, line = tokens[start].article, tokens[start].block.line
            assert mark is not None
            titled, words = caption(mark.rest)
            first = [Line(words, line)] if words else []
            paragraphs = Paragraphs(
                f"art_{mark.ref}", [*first, *(t.block for t in tokens[start + 1 : end])]
            )
            self.remarks += paragraphs.remarks
            if not paragraphs.done:
                self.say(
                    line, f"{mark.num}没有文字，作未收录", f"{mark.num} has no words: not held"
                )
            if titled:
                self.say(
                    line,
                    f"{titled}作条标，是否原文请核对",
                    f"{titled} taken as a heading: is it law?",
                )
            # Even where there are no words there is a 款: what cites the article finds it.
            nodes = paragraphs.nodes() or (Node("paragraph", f"art_{mark.ref}__para_1", line=line),)
            made.append(Node("article", f"art_{mark.ref}", mark.num, titled, (), nodes, line))
        return strays, tuple(made)


def _heading_below(tokens: Sequence[Token]) -> str:
    """Return the words of a heading whose number stands alone on the line before."""
    if len(tokens) < 2 or tokens[0].heading or tokens[0].article:
        return ""
    if not (tokens[1].heading or tokens[1].article) or not isinstance(tokens[0].block, Line):
        return ""
    words = seen(tokens[0].block.whole)
    return words if len(words) <= LONGEST_HEADING and not SENTENCE.search(words) else ""


def content_of(block: Block) -> Content:
    """Return a line as words, a table as it is."""
    return block if isinstance(block, Table) else block.whole
