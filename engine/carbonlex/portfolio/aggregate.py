"""Folding child records into one value of their entity.

Only three folds exist, over columns that say what each record counts for: `sum`, strict; `any`,
Kleene; `min` and `max`, over what is known. The rest of the language is made of these.
"""

from __future__ import annotations

from carbonlex.portfolio.arithmetic import compare
from carbonlex.portfolio.graph import Grain, Graph, Node, NotColumnar
from carbonlex.portfolio.logic import choose, negation


def _of(each: Node, rows: Grain) -> None:
    """Refuse to fold, over one list, what is of a single record of another."""
    if each.grain is not None and each.grain != rows:
        raise NotColumnar(
            f"“{rows.record}”的汇总引用了“{each.grain.record}”的单项，无法逐列计算",
            f"a fold of {rows.record} refers to a single one of {each.grain.record}",
        )


def sum_rows(g: Graph, each: Node, rows: Grain, most: int) -> Node:
    """Sum a number over the child records; unknown where one is, 0 where there is none."""
    _of(each, rows)
    if each.op == "null":
        none = compare(g, "==", count_rows(g, rows, most), g.constant("number", 0, 0))
        return choose(g, none, g.constant("number", 0, 0), each)
    bounds = (min(0, each.lo * most), max(0, each.hi * most))
    return g.node("sum_rows", (each,), rows, "number", scale=each.scale, bounds=bounds, grain=None)


def any_row(g: Graph, each: Node, rows: Grain) -> Node:
    """Kleene or over the child records; of none, false."""
    _of(each, rows)
    if each is g.false:
        return each
    return g.node("any_row", (each,), rows, "boolean", grain=None)


def all_rows(g: Graph, each: Node, rows: Grain) -> Node:
    """Kleene and over the child records; of none, true."""
    return negation(g, any_row(g, negation(g, each), rows))


def most_of_rows(g: Graph, op: str, each: Node, rows: Grain) -> Node:
    """Return the least (`min_rows`) or greatest (`max_rows`) known value; unknown without one."""
    _of(each, rows)
    if each.op == "null":  # a filter that nothing passes, too
        return each
    return g.node(
        op, (each,), rows, each.kind,
        scale=each.scale, bounds=(each.lo, each.hi), nullable=True, grain=None,
    )  # fmt: skip


def count_rows(g: Graph, rows: Grain, most: int) -> Node:
    """Return how many child records there are in the data; never unknown."""
    return g.node("count_rows", (), rows, "number", bounds=(0, most), nullable=False, grain=None)
