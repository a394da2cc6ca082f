"""One document in two languages, side by side: section beside section, block beside block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

from carbonlex.memo.document import Authorities, Block, Document, Section, SideBySide, Table
from carbonlex.model import Language

_PREVAILS: dict[Language, tuple[str, str]] = {
    "zh": (
        "本文件以中文文本为准；英文为非官方译文，仅供参考。",
        "The Chinese text of this document prevails; the English is an unofficial translation, for "
        "reference only.",
    ),
    "en": (
        "本文件以英文文本为准；所引法律以中文官方文本为准。",
        "The English text of this document prevails; the law that it cites is authentic in "
        "Chinese only.",
    ),
}
Pair: TypeAlias = tuple[str, str]


@dataclass(frozen=True)
class Parallel:
    """The Chinese and the English document of one run; `prevails` is the one that holds."""

    zh: Document
    en: Document
    prevails: Language = "zh"

    @property
    def notice(self) -> tuple[str, str]:
        """Which language prevails, and what each document says first; set under the header."""
        zh, en = _PREVAILS[self.prevails]
        return zh + self.zh.notice, f"{en} {self.en.notice}".strip()

    @property
    def header(self) -> tuple[tuple[Pair, Pair], ...]:
        """The pairs of the header, in Chinese and in English."""
        return tuple(zip(self.zh.header, self.en.header, strict=True))

    @property
    def digest(self) -> str:
        """The digest of the run that both are of."""
        return self.zh.digest

    def sections(self) -> Iterator[tuple[Section, Section]]:
        """Yield every section in both languages, in order; both have the same ids."""
        yield from zip(self.zh.sections, self.en.sections, strict=True)


Written: TypeAlias = Document | Parallel
"""What a face renders."""

Row: TypeAlias = tuple[Block | None, Block | None]


def spans(row: Row) -> bool:
    """Whether a row is too wide for two columns: tables stand one above the other.

    >>> spans((None, None))
    False
    """
    return any(isinstance(b, Table | SideBySide | Authorities) for b in row)


def beside(zh: Section, en: Section) -> Iterator[Row]:
    """Yield the blocks of one section in both languages, row by row; None where one has fewer."""
    yield from zip_longest(zh.blocks, en.blocks)
