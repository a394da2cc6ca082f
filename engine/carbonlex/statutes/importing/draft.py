"""A text as an act, divided and not yet an expression: it lacks the metadata."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from carbonlex.statutes.importing.article import Content, Node
from carbonlex.statutes.importing.preface import Preface
from carbonlex.statutes.importing.source import Remark


@dataclass(frozen=True)
class Annex:
    """An annex: its mark and title as printed, and what it holds."""

    heading: str
    content: tuple[Content, ...]
    line: int


@dataclass(frozen=True)
class Draft:
    """A text as an act: not yet with the metadata that make it an expression.

    `remarks` are what a person must look at, in the order of the text.
    """

    title: str
    preface: Preface
    body: tuple[Node, ...]
    annexes: tuple[Annex, ...]
    remarks: tuple[Remark, ...]

    def nodes(self) -> Iterator[Node]:
        """Yield every division, in the order of the text."""
        waiting = [*reversed(self.body)]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)

    @property
    def counts(self) -> dict[str, int]:
        """How many divisions of each kind there are, by their names in Akoma Ntoso."""
        return {**Counter(n.tag for n in self.nodes()), "annex": len(self.annexes)}

    @property
    def missing(self) -> tuple[int, ...]:
        """The numbers of articles below the last that the text does not have; 1000 at most."""
        eids = (n.eid for n in self.nodes() if n.tag == "article")
        numbers = {int(e.removeprefix("art_").partition("-")[0]) for e in eids}
        absent = (n for n in range(1, max(numbers, default=0)) if n not in numbers)
        return tuple(islice(absent, 1000))
