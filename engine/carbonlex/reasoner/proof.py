"""The proof: what held, why, on which words. Everything a user sees is read off it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from carbonlex.model import Value

Step = Literal[
    "told",
    "presumed",
    "before",
    "missing",
    "unissued",
    "undefined",
    "builtin",
    "literal",
    "parameter",
    "concept",
    "definition",
    "exception",
    "spared",
    "compare",
    "logic",
    "not",
    "arithmetic",
    "conditional",
    "member",
    "call",
    "aggregate",
    "limbs",
    "limb",
    "record",
    "conflict",
]


class Proof(NamedTuple):
    """One step: a value, how it was reached, and the steps under it.

    >>> told = Proof("told", "sector", "power")
    >>> [p.step for p in Proof("member", "sector in covered", True, parts=(told,)).walk()]
    ['member', 'told']

    Attributes:
        step: what kind of step; `told` and `presumed` are facts, `missing` one not told,
            `unissued` a parameter of law without a value known on the day asked (`extra` is
            `later` where one was issued afterwards); `spared` an exception that fails by what is
            presumed.
        label: the name of a fact, concept or parameter; else the expression as written.
        unit: the unit of a number, as the vocabulary writes it.
        year, index: compliance year, and the child record (-1: none) that a fact is of.
        norm: the norm whose words ask for this step, where a new norm begins.
        entry: for a parameter, which of its entries (a position) gave the value.
        extra: an operator, a mode, or an item of the statute.
    """

    step: Step
    label: str
    value: Value
    unit: str = ""
    parts: tuple[Proof, ...] = ()
    year: int = 0
    index: int = -1  # type: ignore[assignment]  # a record's place, not tuple.index
    norm: str = ""
    entry: int = -1
    extra: str = ""

    def walk(self) -> Iterator[Proof]:
        """Yield this step and every step under it, top down; a step that is shared comes once."""
        seen: set[int] = set()
        stack = [self]
        while stack:
            step = stack.pop()
            if id(step) not in seen:
                seen.add(id(step))
                yield step
                stack.extend(reversed(step.parts))


def by_presumption(test: Proof | None) -> bool:
    """Return whether a test rests on presumptions and on nothing told."""
    steps = {p.step for p in test.walk()} if test is not None else set()
    return "presumed" in steps and "told" not in steps
