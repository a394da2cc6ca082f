"""What stands before the body of an act: its title, the note under it, its table of contents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from carbonlex.statutes.importing.marks import HEADINGS, heading, is_contents, without_page
from carbonlex.statutes.importing.source import Block, Line, Table, bare, seen

_TITLE = re.compile(
    r"[^，。；：！？]{2,80}(?:法|法典|条例|办法|规定|规则|细则|决定|方案|通知|意见|准则|标准|规范|公告|通告|"
    r"目录|解释|计划|指南|批复|函|章程|修正案|纲要)(?:[（(][^（）()]{1,30}[）)]){0,2}"
)
_UNNUMBERED = ("序言", "前言", "附则")
_SUFFIX = re.compile(r"[（(](?:试行|暂行|草案|修订稿?|征求意见稿|[0-9]{4}年(?:修正|修订))[）)]")


@dataclass(frozen=True)
class Entry:
    """A line of a table of contents: as printed, and without leader and page; its number."""

    printed: str
    words: str
    level: int
    num: str = ""


@dataclass(frozen=True)
class Preface:
    """What stands before the body.

    Attributes:
        title: the lines of the title; one that the file does not hold as text where `supplied`.
        before, after: what stands before and after the title.
        contents: the title of the table of contents as printed, empty where it has none.
        entries: its lines; what follows them is `last`.
    """

    title: tuple[str, ...]
    supplied: bool
    before: tuple[str | Table, ...] = ()
    after: tuple[str | Table, ...] = ()
    contents: str = ""
    entries: tuple[Entry, ...] = ()
    last: tuple[str | Table, ...] = ()


def title_at(blocks: Sequence[Block], told: str, near: bool) -> range | None:
    """Return the lines that hold the title; None where none does.

    What the user told is looked for first. Else it is the line that ends as titles of law do:
    the last of them before the body where `near`, for an order that promulgates the act stands
    before it, and else the first.
    """
    lines = [(n, b) for n, b in enumerate(blocks) if isinstance(b, Line)]
    for n, _ in lines:
        for length in (1, 2, 3):
            some = [b for b in blocks[n : n + length] if isinstance(b, Line)]
            if told and bare("".join(b.whole for b in some)) == bare(told):
                return range(n, n + length)
    if told:
        return None
    contents = next((n for n, b in lines if is_contents(b.whole)), len(blocks))
    likely = [n for n, b in lines if n < contents and _TITLE.fullmatch(seen(b.whole))]
    if not likely:
        return None
    first = likely[-1] if near else likely[0]
    following = blocks[first + 1] if first + 1 < len(blocks) else None
    more = isinstance(following, Line) and _SUFFIX.fullmatch(seen(following.whole))
    return range(first, first + (2 if more else 1))


def contents_of(blocks: Sequence[Block]) -> dict[int, Entry | None]:
    """Return which lines before the first article are a table of contents, its title as None.

    A table of contents repeats the headings of the text: it ends where its first line comes again,
    or at least its number, for the words of the two may differ.
    """
    found: dict[int, Entry | None] = {}
    lines = [(n, b) for n, b in enumerate(blocks) if isinstance(b, Line)]
    start = next((i for i, (_, b) in enumerate(lines) if is_contents(b.whole)), None)
    if start is None:
        entries = [(i, e) for i, (_, b) in enumerate(lines) if (e := _entry(b))]
        again = [i for i, e in entries[1:] if bare(e.words) == bare(entries[0][1].words)]
        if not again:
            return {}
        return {lines[i][0]: e for i, e in entries if i < again[0]}
    found[lines[start][0]] = None
    first: Entry | None = None
    for n, block in lines[start + 1 :]:
        entry = _entry(block)
        if entry is None or (first is not None and _again(first, entry)):
            break
        first = first or entry
        found[n] = entry
    return found


def preface_of(
    blocks: Sequence[Block], at: range | None, supplied: str, entries: Mapping[int, Entry | None]
) -> Preface:
    """Return what stands before the body, in its parts."""
    held = at if at is not None else range(0)
    title = (supplied,) if supplied else tuple(_titled(blocks[n]) for n in held)
    contents = next((_words(blocks[n]) for n, entry in entries.items() if entry is None), "")
    ends = max(entries, default=len(blocks))
    others = [n for n in range(len(blocks)) if n not in held and n not in entries]
    return Preface(
        title=title,
        supplied=bool(supplied),
        before=tuple(_words(blocks[n]) for n in others if n < held.start),
        after=tuple(_words(blocks[n]) for n in others if n < ends and (n >= held.stop or not held)),
        contents=contents if isinstance(contents, str) else "",
        entries=tuple(entry for entry in entries.values() if entry is not None),
        last=tuple(_words(blocks[n]) for n in others if n > ends),
    )


def _entry(block: Line) -> Entry | None:
    words = without_page(block.whole)
    found = heading(words)
    if bare(words) in _UNNUMBERED:
        return Entry(seen(block.whole), bare(words), HEADINGS.index("chapter") + 1)
    if found is None:
        return None
    level, mark = found
    return Entry(seen(block.whole), mark.num + mark.rest, HEADINGS.index(level) + 1, mark.num)


def _again(first: Entry, other: Entry) -> bool:
    return bare(first.words) == bare(other.words) or bool(first.num and first.num == other.num)


def _words(block: Block) -> str | Table:
    return block if isinstance(block, Table) else block.whole


def _titled(block: Block) -> str:
    return seen(block.whole) if isinstance(block, Line) else ""
