"""What was made, held against its source: nothing lost, nothing added, sign by sign.

In two steps, since a number that Word counts out is no text of the file: the lines read hold just
the text of the file; the file made holds just the lines read, with such numbers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from carbonlex.statutes.importing.draft import Draft
from carbonlex.statutes.importing.marked import without_marks
from carbonlex.statutes.importing.source import Block, Line, Source, bare
from carbonlex.statutes.markup import parse
from carbonlex.statutes.metadata import AKN
from carbonlex.statutes.stretches import stretches

CONTEXT = 12


@dataclass(frozen=True)
class Difference:
    """Words that the source has and the file made has not, or the other way round, and where."""

    lost: str
    added: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """How many signs were compared, without white space, and what differs.

    `spelled_out` are words that are added rightly: a title that was told, numbers that a program
    counts out and does not write.
    """

    signs: int
    differences: tuple[Difference, ...]
    spelled_out: tuple[str, ...]


def compared(source: Source, draft: Draft, xml: bytes) -> Comparison:
    """Compare the text of a source, as it was before any division, with that of the file made."""
    told, read = source.words, "".join(_own(source.blocks))
    marks = tuple(b.mark for b in source.blocks if isinstance(b, Line) and b.mark)
    if source.kind == "md":  # which spells out its numbers
        told, read, marks = without_marks(told), without_marks("".join(_shown(source.blocks))), ()
    title = "".join(draft.preface.title) if draft.preface.supplied else ""
    whole = title + "".join(_shown(source.blocks))
    signs = bare(told)
    found = [*_between(signs, bare(read)), *_between(bare(whole), bare(_text(xml)))]
    return Comparison(len(signs), tuple(found), (*([title] if title else []), *marks))


def _between(old: str, new: str) -> Iterator[Difference]:
    if old == new:
        return
    after = ""
    for op, words in stretches(old, new):
        if op == "same":
            after = words[-CONTEXT:]
        else:
            lost, added = (words, "") if op == "deleted" else ("", words)
            yield Difference(lost, added, after)


def _own(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Line):
            yield block.text
        else:
            yield from (cell for row in block.rows for cell in row)


def _shown(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Line):
            yield block.whole
        else:
            yield from (cell for row in block.rows for cell in row)


def _text(xml: bytes) -> str:
    tree = parse(xml)
    for meta in [*tree.iter(f"{AKN}meta")]:
        over = meta.getparent()
        if over is not None:
            over.remove(meta)
    return "".join(str(words) for words in tree.itertext())
