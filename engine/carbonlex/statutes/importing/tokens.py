"""Which lines begin a heading or an article, and where the annexes begin."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from carbonlex.statutes.importing.marks import Heading, Mark, annex, article
from carbonlex.statutes.importing.marks import heading as heading_of
from carbonlex.statutes.importing.source import Block, Line, Remark, bare


@dataclass(frozen=True)
class Token:
    """A line or table, and the heading or article that it begins, if any."""

    block: Block
    heading: tuple[Heading, Mark] | None = None
    article: Mark | None = None


def tokens_of(blocks: Sequence[Block], remarks: list[Remark]) -> list[Token]:
    """Return the lines with what each begins: a heading, an article of the chain, or nothing.

    What has the number of an article and is none, for it stands out of order, is remarked.
    """
    headings = [_heading(b) for b in blocks]
    marks = [
        article(b.whole) if isinstance(b, Line) and not h else None
        for b, h in zip(blocks, headings, strict=True)
    ]
    chain = _chain(marks)
    found: list[Token] = []
    for n, (block, heading, mark) in enumerate(zip(blocks, headings, marks, strict=True)):
        if n in chain:
            found.append(Token(block, article=mark))
            continue
        if mark is not None and mark.firm:
            remarks.append(
                Remark(
                    f"{mark.num}不合条的次序，作平常文字",
                    f"{mark.num} is out of the order of articles: taken as text",
                    block.line,
                )
            )
        found.append(Token(block, heading=heading))
    return found


def begins_annex(block: Block) -> Mark | None:
    """Return the mark of the annex that a line begins; None where it begins none."""
    return annex(block.whole) if isinstance(block, Line) else None


def _first_article(blocks: Sequence[Block]) -> int:
    for n, block in enumerate(blocks):
        if isinstance(block, Line) and (mark := article(block.whole)) and mark.firm:
            return n
    return 0


def annexes_begin(blocks: Sequence[Block]) -> int:
    """Return where the annexes begin: at a mark alone on its line, or with a title and a text."""
    first = _first_article(blocks)
    marks = [(n, mark) for n, b in enumerate(blocks) if n > first and (mark := begins_annex(b))]
    alone = next((n for n, mark in marks if mark.firm), len(blocks))
    for n, mark in marks:
        # 附件：1. … 2. … at the end of a notice lists what is attached.
        follows = len(blocks) - n - 1
        if n >= alone or (not mark.rest[:1].isdigit() and follows > 1 and alone == len(blocks)):
            return n
    return len(blocks)


def _heading(block: Block) -> tuple[Heading, Mark] | None:
    if not isinstance(block, Line):
        return None
    if bare(block.whole) == "附则":
        return "chapter", Mark(0, 0, "", "附则", True)
    return heading_of(block.whole)


def _chain(marks: Sequence[Mark | None]) -> frozenset[int]:
    """Return which marks are articles: the longest sequence in which numbers only rise.

    What goes on without white space may be a reference: it is an article where most are set so,
    or where it alone fills the place between two others.
    """
    firm = [n for n, m in enumerate(marks) if m is not None and m.firm]
    close = [n for n, m in enumerate(marks) if m is not None and not m.firm]
    if len(close) > len(firm):
        return frozenset(_rising(marks, sorted(firm + close)))
    chain = _rising(marks, firm)
    for n in close:
        at = bisect_left(chain, n)
        before, after = (marks[chain[i]] if 0 <= i < len(chain) else None for i in (at - 1, at))
        mark, last = marks[n], before.place if before else (0, 0)
        fits = mark is not None and mark.place in ((last[0] + 1, 0), (last[0], last[1] + 1))
        if mark is not None and fits and (after is None or mark.place < after.place):
            chain.insert(at, n)
    return frozenset(chain)


def _rising(marks: Sequence[Mark | None], among: Sequence[int]) -> list[int]:
    """Return the longest run of marks, not one after another, whose numbers rise."""
    ends: list[tuple[int, int]] = []
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for n in among:
        mark = marks[n]
        assert mark is not None
        at = bisect_left(ends, mark.place)
        ends[at : at + 1] = [mark.place]
        tails[at : at + 1] = [n]
        before[n] = tails[at - 1] if at else None
    found: list[int] = []
    place = tails[-1] if tails else None
    while place is not None:
        found.append(place)
        place = before[place]
    return found[::-1]
