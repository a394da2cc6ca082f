"""Generator expressions over lists of child records: `reasoner.steps._aggregate` over columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonlex.expressions import tree as t
from carbonlex.portfolio.aggregate import all_rows, any_row, most_of_rows, sum_rows
from carbonlex.portfolio.arithmetic import add, compare, least
from carbonlex.portfolio.frame import Frame, Place
from carbonlex.portfolio.graph import Grain, Graph, Node, NotColumnar
from carbonlex.portfolio.logic import (
    choose,
    conjunction,
    disjunction,
    is_false,
    is_null,
    is_true,
    negation,
)
from carbonlex.portfolio.records import counted, listed
from carbonlex.portfolio.sym import Sym

if TYPE_CHECKING:
    from carbonlex.portfolio.symbolic import Symbolic


def aggregated(run: Symbolic, node: t.Aggregate, frame: Frame) -> Sym:
    """Fold a list; unknown where it was not told, unless it is presumed to be empty."""
    g = run.graph
    rows, told, most = listed(run, node.source, frame.year)
    presumed = run.rulebook.vocabulary.records[node.source].presumed_none
    empty = presumed and frame.year >= run.first
    shown: list[tuple[Node, Sym]] = []
    value: Node | None = None
    if most:
        place = Place(node.source)
        kept, element = _row(run, node, frame, place)
        value = _folded(g, node.function, kept, element.node, rows, most)
        shown.append((told, _shown(g, node.source, kept, element, rows)))
    elif node.source in run.available.wide and told is not g.false:
        value = _unrolled(run, node, frame, told, shown)
    nothing = _nothing(g, node.function)
    if value is None:
        value = nothing
    if told is not g.true:
        value = choose(g, told, value, nothing if empty else g.unknown)
        step = "presumed" if empty else "missing"
        if empty:
            run.assumed.add(node.source)
        shown.append((negation(g, told), Sym(g.unknown, step, name=node.source)))
    return Sym(value, "aggregate", tuple(shown))


def _nothing(g: Graph, function: str) -> Node:
    """Return the fold of an empty list."""
    if function in ("any", "all"):
        return g.truth(function == "all")
    return g.constant("number", 0, 0) if function in ("sum", "count") else g.unknown


def _row(run: Symbolic, node: t.Aggregate, frame: Frame, place: object) -> tuple[Sym | None, Sym]:
    """Read filter and element of one record; refuses what ties two records of lists together."""
    outer = {v for v, p in frame.bound if not p.position}
    if any(isinstance(n, t.Field) and n.variable in outer for n in t.walk(node)):
        raise NotColumnar(
            "内层列表逐项引用外层列表的单项，无法逐列计算",
            "an inner list refers to the single record of an outer one: no column can say it",
        )
    if frame.place.record == node.source and not frame.place.position:
        frame = frame._replace(place=type(frame.place)())
    bound = (*frame.bound, (node.variable, place))
    inner = frame._replace(bound=bound)  # type: ignore[arg-type]
    kept = run.value(node.condition, inner) if node.condition is not None else None
    return kept, run.value(node.element, inner)


def _shown(g: Graph, source: str, kept: Sym | None, element: Sym, rows: Grain | None) -> Sym:
    counts = g.true if kept is None else negation(g, is_false(g, kept.node))
    parts: list[tuple[Node, Sym]] = [(counts, element)]
    if kept is not None:
        parts.append((counts, kept))
    return Sym(g.unknown, "record", parts, name=source, rows=rows)


def _share(g: Graph, function: str, kept: Sym | None, element: Node) -> Node:
    """Return what one record counts for: `reasoner.operators.filtered`."""
    one, zero = g.constant("number", 1, 0), g.constant("number", 0, 0)
    each = one if function == "count" else element
    if kept is None:
        return each
    if function == "any":
        return conjunction(g, (kept.node, element))
    if function == "all":
        return disjunction(g, (negation(g, kept.node), element))
    # An element that is zero cannot change a sum, whether it counts or not.
    nil = g.unknown
    if function == "sum" and element.nullable | kept.node.nullable and element.op != "null":
        is_zero = is_true(g, compare(g, "==", element, zero))
        nil = choose(g, is_zero, zero, g.unknown)
    rest = choose(g, is_false(g, kept.node), zero, nil)
    return choose(g, is_true(g, kept.node), each, rest)


def _folded(
    g: Graph, function: str, kept: Sym | None, element: Node, rows: Grain, most: int
) -> Node:
    if function in ("sum", "count"):
        return sum_rows(g, _share(g, function, kept, element), rows, most)
    if function in ("any", "all"):
        share = _share(g, function, kept, element)
        return any_row(g, share, rows) if function == "any" else all_rows(g, share, rows)
    if element.op == "null":
        return element
    counts = g.true if kept is None else is_true(g, kept.node)
    open_ones = [conjunction(g, (counts, is_null(g, element)))]
    if kept is not None:
        open_ones.append(is_null(g, kept.node))
    open_one = any_row(g, disjunction(g, open_ones), rows)
    found = most_of_rows(g, f"{function}_rows", choose(g, counts, element, g.unknown), rows)
    return choose(g, open_one, g.unknown, found)


def _unrolled(
    run: Symbolic, node: t.Aggregate, frame: Frame, told: Node, shown: list[tuple[Node, Sym]]
) -> Node:
    """Fold the records of the wide form one by one."""
    g = run.graph
    count = counted(run, node.source, frame.year)
    function = node.function
    found: list[tuple[Node, Sym | None, Node]] = []
    for position in range(1, run.available.wide[node.source] + 1):
        there = is_true(g, compare(g, ">=", count, g.constant("number", position, 0)))
        kept, element = _row(run, node, frame, Place(node.source, position))
        shown.append((there, _shown(g, node.source, kept, element, None)))
        found.append((there, kept, element.node))
    if function in ("sum", "count"):
        zero = g.constant("number", 0, 0)
        total = zero
        for there, kept, each in found:
            share = choose(g, there, _share(g, function, kept, each), zero)
            total = add(g, total, share)
        return total
    if function in ("any", "all"):
        shares = [(there, _share(g, function, kept, each)) for there, kept, each in found]
        if function == "any":
            return disjunction(g, [conjunction(g, pair) for pair in shares])
        return conjunction(g, [disjunction(g, (negation(g, t_), s)) for t_, s in shares])
    return _extreme(g, function, found)


def _extreme(g: Graph, function: str, found: list[tuple[Node, Sym | None, Node]]) -> Node:
    """Return the least or greatest of the records that count; unknown where one is, or none."""
    best, any_yet, open_one = g.unknown, g.false, g.false
    for there, kept, element in found:
        if element.op == "null":
            counts, lost = there, g.true
        else:
            inside = g.true if kept is None else is_true(g, kept.node)
            counts, lost = conjunction(g, (there, inside)), is_null(g, element)
        doubt = g.false if kept is None else is_null(g, kept.node)
        open_one = disjunction(
            g, (open_one, conjunction(g, (counts, lost)), conjunction(g, (there, doubt)))
        )
        if element.op == "null":
            continue
        if any_yet is g.false:
            best = choose(g, counts, element, g.unknown)
        else:
            further = least(g, function, [best, element])
            joined = choose(g, any_yet, further, element)
            best = choose(g, counts, joined, best)
        any_yet = disjunction(g, (any_yet, counts))
    return choose(g, open_one, g.unknown, best)
