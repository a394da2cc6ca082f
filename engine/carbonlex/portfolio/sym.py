"""What an expression comes to over columns, and on what steps of proof it would rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from carbonlex.model import Scalar
from carbonlex.portfolio.aggregate import any_row
from carbonlex.portfolio.arithmetic import Quotient, compare
from carbonlex.portfolio.graph import Grain, Graph, Node, NotColumnar
from carbonlex.portfolio.logic import choose, conjunction, disjunction, is_null


class Span(NamedTuple):
    """A range of money or tonnes: unknown where its ends are."""

    lower: Node
    upper: Node


Value = Node | Quotient | Span | tuple[Scalar, ...]
Parts = Sequence[tuple[Node, "Sym"]]


class Sym:
    """A value over columns, with the steps that the reasoner's proof of it would have.

    `parts` are made only when asked for: each with the condition under which the proof has it.
    `choices` are the texts that a code stands for, by position. A `step` of `choice` is no step
    of its own but one of its parts. `rows` marks what is of each child record.
    """

    __slots__ = ("_parts", "_walked", "choices", "name", "rows", "step", "value")

    def __init__(
        self,
        value: Value,
        step: str,
        parts: Callable[[], Parts] | Parts = (),
        choices: tuple[str, ...] = (),
        name: str = "",
        rows: Grain | None = None,
    ) -> None:
        self.value, self.step, self.choices, self.name, self.rows = (
            value, step, choices, name, rows,
        )  # fmt: skip
        self._parts = parts
        self._walked: dict[frozenset[str], Node] = {}

    @property
    def parts(self) -> Parts:
        """The steps under this one, each with its condition."""
        if callable(self._parts):
            self._parts = self._parts()
        return self._parts

    @property
    def node(self) -> Node:
        """The value, where it is one column."""
        if not isinstance(self.value, Node):
            raise NotColumnar(
                f"“{self.name}”不是一个单独的值", f"'{self.name}' is not a single value"
            )
        return self.value

    def walked(self, g: Graph, steps: frozenset[str]) -> Node:
        """Return whether the proof has one of these steps; never unknown."""
        found = self._walked.get(steps)
        if found is None:
            if self.step in steps:
                found = g.true
            else:
                under = (conjunction(g, (c, part.walked(g, steps))) for c, part in self.parts)
                found = disjunction(g, under)
            if self.rows is not None:
                found = any_row(g, found, self.rows)
            self._walked[steps] = found
        return found

    def stepped(self, g: Graph, step: str, extra: str = "") -> Node:
        """Return whether the topmost step of the proof is of a kind; never unknown."""
        if self.step == "choice":
            under = (conjunction(g, (c, p.stepped(g, step, extra))) for c, p in self.parts)
            return disjunction(g, under)
        return g.truth(self.step == step and (not extra or self.name == extra))


def unknown(g: Graph, value: Value) -> Node:
    """Return whether a value is unknown; never unknown itself."""
    match value:
        case Node():
            return is_null(g, value)
        case Span(lower, _):
            return is_null(g, lower)
        case Quotient(dividend, divisor):
            zero = compare(g, "==", divisor, g.constant("number", 0, 0))
            missing = [is_null(g, dividend), is_null(g, divisor)]
            return disjunction(g, [*missing, choose(g, is_null(g, zero), g.false, zero)])
    return g.false
