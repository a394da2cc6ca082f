"""One document in two languages, side by side: section beside section, block beside block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

from carbonlex.memo.document import Block, Document, Section
from carbonlex.model import Language


@dataclass(frozen=True)
class Parallel:
    """The Chinese and the English document of one run; `prevails` is the one that holds."""

    zh: Document
    en: Document
    prevails: Language = "zh"

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


def beside(zh: Section, en: Section) -> Iterator[Row]:
    """Yield the blocks of one section in both languages, row by row; None where one has fewer."""
    yield from zip_longest(zh.blocks, en.blocks)
