"""Which lines begin a heading or an article, and where the annexes begin."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from carbonlex.statutes.importing.marks import Heading, Mark, annex, article
from carbonlex.statutes.importing.marks import heading as heading_of
from carbonlex.statutes.importing.source import Block, Line, Remark, Table, bare

_LAST = (10**9, 0)
# At the beginning of a line, in brackets or not, or after the end of a sentence.
_LIKE_ARTICLE = re.compile(
    r"(?:^|(?<=[。；]))\s?[【\[〔]?(?P<num>第\s?[零〇○Ｏ一二两三四五六七八九十百千廿卅0-9０-９]{1,9}\s?条)"
)


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
    chain = articles_among(marks)
    found: list[Token] = []
    place, after = (0, 0), _next_places(marks, chain)
    for n, (block, heading, mark) in enumerate(zip(blocks, headings, marks, strict=True)):
        own = n in chain and mark is not None
        if own and mark is not None:
            place = mark.place
        if isinstance(block, Line) and not heading and (own or not (mark and mark.firm)):
            remarks += _unread(
                mark.rest if own and mark else block.whole, block.line, place, after[n]
            )
        if isinstance(block, Table):
            for cell in (c for row in block.rows for c in row):
                remarks += _unread(cell, block.line, place, after[n])
        if own:
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


def _next_places(marks: Sequence[Mark | None], chain: frozenset[int]) -> list[tuple[int, int]]:
    """Return for each line where the article sorts that follows it; a place after all for none."""
    found, place = [_LAST] * len(marks), _LAST
    for n in range(len(marks) - 1, -1, -1):
        found[n] = place
        mark = marks[n]
        if n in chain and mark is not None:
            place = mark.place
    return found


def _unread(
    text: str, line: int, before: tuple[int, int], after: tuple[int, int]
) -> Iterator[Remark]:
    """Remark what is written like the number of an article missing between two others."""
    for found in _LIKE_ARTICLE.finditer(text):
        num, mark = found["num"], article(f"{found['num']} ")
        if mark is None or (0, 0) < before < mark.place < after:
            yield Remark(
                f"“{num}”像是条的开头而未作条，请核对",
                f"'{num}' may begin an article and was not taken as one: check it",
                line,
            )


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


def articles_among(marks: Sequence[Mark | None]) -> frozenset[int]:
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
