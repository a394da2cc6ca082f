"""Decisions that turn on a row: none that cannot fall is planned for, and all that can are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from random import Random
from typing import Any, TypeVar

import pytest

from carbonlex.portfolio.arithmetic import compare
from carbonlex.portfolio.days import DAYS
from carbonlex.portfolio.graph import EPOCH, Graph, Node
from carbonlex.portfolio.logic import choose, conjunction, disjunction, is_null, is_true, negation
from carbonlex.portfolio.worlds import Leaf, Tree, World, explore

T = TypeVar("T")
OPS: dict[str, Any] = {
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip
VALUES: dict[str, list[Any]] = {"boolean": [True, False, None], "number": [0, 1, 2, None]}


def leaves(tree: Tree[T]) -> Iterator[T]:
    """Yield what every way gives."""
    if isinstance(tree, Leaf):
        yield tree.result
        return
    for _, branch in tree.cases:
        yield from leaves(branch)
    yield from leaves(tree.rest)


def worth(node: Node, row: dict[str, Any]) -> Any:
    """Return what a node is worth in a row."""
    args = [worth(a, row) for a in node.args] if node.op not in ("column", "if") else []
    match node.op:
        case "column":
            assert isinstance(node.data, tuple)
            return row[node.data[0]]
        case "const":
            return bool(node.data) if node.kind == "boolean" else node.data
        case "null":
            return None
        case "not":
            return None if args[0] is None else not args[0]
        case "and":
            return False if False in args else None if None in args else True
        case "or":
            return True if True in args else None if None in args else False
        case "istrue":
            return args[0] is True
        case "isnull":
            return args[0] is None
        case "if":
            return worth(node.args[1 if worth(node.args[0], row) else 2], row)
        case "coalesce":
            return args[1] if args[0] is None else args[0]
        case "plus_days":
            return None if None in args else sum(args)
    return None if None in args else OPS[node.op](*args)


def taken(tree: Tree[T], row: dict[str, Any]) -> T:
    """Return what the way gives that a row takes."""
    while not isinstance(tree, Leaf):
        branches = (branch for condition, branch in tree.cases if worth(condition, row))
        tree = next(branches, tree.rest)
    return tree.result


class Making:
    """Makes nodes at random over two truths and two small numbers, some of them always told."""

    def __init__(self, seed: int) -> None:
        self.random, self.graph = Random(seed), Graph()
        kinds: list[tuple[str, Any]] = [
            ("a", "boolean"), ("b", "boolean"), ("m", "number"), ("n", "number")
        ]  # fmt: skip
        self.columns = [
            self.graph.column(
                name, kind, bounds=(0, 2 if kind == "number" else 1),
                nullable=self.random.random() < 0.7,
            )
            for name, kind in kinds
        ]  # fmt: skip

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield every row that there can be."""
        told = [VALUES[c.kind][: None if c.nullable else -1] for c in self.columns]
        for values in product(*told):
            yield dict(zip("abmn", values, strict=True))

    def number(self, depth: int) -> Node:
        """Return a number, perhaps one that hangs on a condition."""
        g, pick = self.graph, self.random.choice
        match pick(["column", "column", "if", "const"] if depth else ["column"]):
            case "column":
                return pick(self.columns[2:])
            case "const":
                return g.constant("number", pick([0, 1, 2]), 0)
        sides = [pick([self.number(depth - 1), g.null("number")]), self.number(depth - 1)]
        self.random.shuffle(sides)
        return choose(g, is_true(g, self.truth(depth - 1)), *sides)

    def truth(self, depth: int = 3) -> Node:
        """Return a truth."""
        g, pick, less = self.graph, self.random.choice, depth - 1
        forms = ["column", "compare", "compare", "and", "or", "not", "null", "true", "if"]
        match pick(forms if depth else forms[:1]):
            case "column":
                return pick(self.columns[:2])
            case "compare":
                return compare(g, pick([*OPS]), self.number(less), self.number(less))
            case "and":
                return conjunction(g, (self.truth(less), self.truth(less)))
            case "or":
                return disjunction(g, (self.truth(less), self.truth(less)))
            case "not":
                return negation(g, self.truth(less))
            case "null":
                return is_null(g, pick([self.truth(less), self.number(less)]))
            case "true":
                return is_true(g, self.truth(less))
        return choose(g, is_true(g, self.truth(less)), self.truth(less), self.truth(less))


@pytest.mark.parametrize("seed", range(150))
def test_every_row_takes_the_way_that_is_its_own(seed: int) -> None:
    made = Making(seed)
    nodes = [made.truth() for _ in range(4)]
    tree = explore(made.graph, lambda world: [world.truth(n) for n in nodes])
    for row in made.rows():
        assert taken(tree, row) == [worth(n, row) for n in nodes]


def ways(graph: Graph, *asked: Node) -> int:
    """Return in how many ways several truths can fall, as far as is seen."""
    return len(list(leaves(explore(graph, lambda world: [world.truth(n) for n in asked]))))


def test_what_follows_is_not_decided_again() -> None:
    g = Graph()
    a, b = (g.column(name, "boolean") for name in "ab")
    n = g.column("n", "number", bounds=(0, 1000))
    assert ways(g, a, negation(g, a)) == ways(g, a) == 3
    assert ways(g, is_null(g, a), a) == 3
    assert ways(g, a, b, conjunction(g, (a, b))) == ways(g, a, b) == 9
    more, less = (compare(g, ">=", n, g.constant("number", at, 0)) for at in (200, 100))
    assert ways(g, more, less) == 4  # at least 200, between, less, not told
    assert ways(g, is_null(g, n), more) == 3


def test_the_day_after_falls_into_the_same_stretch_or_the_next() -> None:
    g, breaks = Graph(), tuple(date(year, 1, 1) for year in range(2020, 2026))
    told = g.column("due", "date", bounds=(date(2019, 5, 1).toordinal() - EPOCH, 25_000))
    due = choose(g, is_null(g, told), g.unknown, told)
    next_day = DAYS["add_days"](g, [due, g.constant("number", 1, 0)])

    def found(world: World) -> tuple[date | None, date | None]:
        return world.day(due), world.day(next_day)

    given = list(leaves(explore(g, found, breaks)))
    assert len(given) == len(set(given)) == 14  # seven stretches and their ends, and not told
    starts = [date(2019, 12, 31), *breaks]
    pairs = [*zip(starts, starts, strict=True), *zip(starts, breaks, strict=False)]
    assert set(given) == {(None, None), *pairs}
