"""The graph of a plan: columns and what is computed from them, each thing once.

A number is an integer of its smallest unit: `value = integer / 10**scale`. Scale and bounds of
every node follow from its arguments, so that a node whose integer could leave 38 digits is
refused when the plan is made, and the others are known to fit 64 bits or to need the wide lane.
A node that may be null is unknown there: not told is never zero and never false.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from typing import Any, Literal, NamedTuple

from carbonlex.errors import CarbonlexError

Kind = Literal["boolean", "number", "date", "code", "any"]
Bounds = tuple[int, int]

WIDEST = 10**38 - 1  # Spark's DECIMAL(38,0) is the narrowest of the wide lanes
NARROW = 2**63 - 1
EPOCH = date(1970, 1, 1).toordinal()
FALSE_TRUE = (0, 1)


class Grain(NamedTuple):
    """What a node has one value of: a child record, of so many years back."""

    record: str
    back: int


class NotColumnar(CarbonlexError):
    """A rule that cannot be said column by column; `args` is `(zh, en)`."""


class PlanOverflow(NotColumnar):
    """A number that could outgrow 38 digits, so that the plan is refused."""


class Node:
    """One column of a plan. Equal nodes are the same object within a graph.

    Attributes:
        op: what computes it; `data` what the operation needs beside its arguments.
        scale: decimals of a number; `lo` and `hi` bounds of its integer, of the days of a date
            since 1970-01-01, or of a code.
        nullable: whether it may be unknown.
        grain: the child record that it is of; None for the entity.
        id: its place in the graph, after all of its arguments.
    """

    __slots__ = ("args", "data", "grain", "hi", "id", "kind", "lo", "nullable", "op", "scale")

    def __init__(
        self,
        op: str,
        args: tuple[Node, ...],
        data: Any,
        kind: Kind,
        scale: int,
        bounds: Bounds,
        nullable: bool,
        grain: Grain | None,
    ) -> None:
        self.op, self.args, self.data, self.kind = op, args, data, kind
        self.scale, self.nullable, self.grain = scale, nullable, grain
        self.lo, self.hi = bounds
        self.id = -1

    @property
    def wide(self) -> bool:
        """Whether its integer may need more than 64 bits."""
        return self.lo < -NARROW or self.hi > NARROW

    @property
    def constant(self) -> bool:
        """Whether it has one known value."""
        return self.op == "const"

    def __repr__(self) -> str:
        inside = ", ".join(f"#{a.id}" for a in self.args)
        return f"#{self.id} {self.op}({inside}; {self.data})"


class Graph:
    """Makes nodes, each once. It knows no arithmetic: see `arithmetic` and `logic`."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._known: dict[Hashable, Node] = {}
        self.true = self.constant("boolean", 1, 0)
        self.false = self.constant("boolean", 0, 0)
        self.unknown = self.null("any")

    def node(
        self,
        op: str,
        args: tuple[Node, ...],
        data: Hashable,
        kind: Kind,
        *,
        scale: int = 0,
        bounds: Bounds = FALSE_TRUE,
        nullable: bool | None = None,
        grain: Grain | Literal["arguments"] | None = "arguments",
    ) -> Node:
        """Return the node of an operation; without `nullable`, unknown where an argument is.

        Raises `PlanOverflow` where its integer may outgrow 38 digits, and `NotColumnar` where
        its arguments are of two different child records.
        """
        key = (op, tuple(a.id for a in args), data, kind, scale, grain)
        found = self._known.get(key)
        if found is not None:
            return found
        fitting(max(-bounds[0], bounds[1]))
        of = common_grain(args) if grain == "arguments" else grain
        unknown = any(a.nullable for a in args) if nullable is None else nullable
        made = Node(op, args, data, kind, scale, bounds, unknown, of)
        made.id = len(self.nodes)
        self.nodes.append(made)
        self._known[key] = made
        return made

    def constant(self, kind: Kind, value: int, scale: int) -> Node:
        """Return a known value: an integer at a scale, 0 or 1, days since 1970, or a code."""
        return self.node("const", (), value, kind, scale=scale, bounds=(value, value))

    def truth(self, value: bool) -> Node:
        """Return true or false."""
        return self.true if value else self.false

    def day(self, value: date) -> Node:
        """Return a day."""
        return self.constant("date", value.toordinal() - EPOCH, 0)

    def null(self, kind: Kind, scale: int = 0) -> Node:
        """Return what is unknown everywhere."""
        return self.node("null", (), None, kind, scale=scale, bounds=(0, 0), nullable=True)

    def column(
        self,
        name: str,
        kind: Kind,
        *,
        back: int = 0,
        scale: int = 0,
        bounds: Bounds = FALSE_TRUE,
        nullable: bool = True,
        grain: Grain | None = None,
    ) -> Node:
        """Return a column of the data, of the year asked or of so many years before."""
        return self.node(
            "column", (), (name, back), kind, scale=scale, bounds=bounds, nullable=nullable,
            grain=grain,
        )  # fmt: skip


def fitting(size: int) -> None:
    """Raise `PlanOverflow` for an integer that 38 digits may not hold."""
    if size > WIDEST:
        digits = len(str(size))
        raise PlanOverflow(
            f"中间结果可能达到 {digits} 位，超过 38 位：请收窄词汇表或数据的取值范围与小数位数",
            f"an intermediate figure may take {digits} digits, more than 38: narrow the ranges "
            "or decimals in the vocabulary or in the data",
        )


def common_grain(args: Iterable[Node]) -> Grain | None:
    """Return what nodes taken together are of; raises `NotColumnar` for two child records."""
    found: Grain | None = None
    for arg in args:
        if arg.grain is not None and arg.grain != found:
            if found is not None:
                raise NotColumnar(
                    f"一处同时涉及两种记录的单项：{found.record}、{arg.grain.record}",
                    f"single records of two kinds meet: {found.record} and {arg.grain.record}",
                )
            found = arg.grain
    return found


def ordered(outputs: Iterable[Node]) -> Iterator[Node]:
    """Yield every node that outputs need, arguments first."""
    needed: dict[int, Node] = {}
    stack = list(outputs)
    while stack:
        node = stack.pop()
        if node.id not in needed:
            needed[node.id] = node
            stack.extend(node.args)
    for at in sorted(needed):
        yield needed[at]
