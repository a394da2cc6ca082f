"""The names that made-up expressions use, and numbers as they are drafted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """A term that expressions may name: its type, and for a number its unit and size."""

    name: str
    type: str
    record: str = "entity"
    unit: str = ""
    scale: int = 0
    whole: int = 1
    choices: tuple[str, ...] = ()
    yearly: bool = True


@dataclass(frozen=True)
class Draft:
    """A number as written: its decimals, its digits before the point, whether it has no unit."""

    text: str
    scale: int
    whole: int
    bare: bool = False

    @property
    def size(self) -> int:
        """How many digits it can have in all."""
        return self.scale + self.whole


def joined(text: str, parts: Sequence[Draft], more: int) -> Draft:
    """Return a draft as large as the largest of its parts, with some digits more."""
    scale, whole = max(p.scale for p in parts), max(p.whole for p in parts) + more
    return Draft(text, scale, whole, all(p.bare for p in parts))
