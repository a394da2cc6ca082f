"""One of two values by row: numbers, ranges, and codes of different lists of choices."""

from __future__ import annotations

from carbonlex.portfolio.graph import Graph, Node, NotColumnar
from carbonlex.portfolio.logic import choose
from carbonlex.portfolio.sym import Span, Sym, Value


def recoded(g: Graph, one: Sym, other: Sym) -> tuple[Node, Node]:
    """Return the columns of two values; codes of different lists of choices as one list's."""
    if one.choices == other.choices or "code" not in (one.node.kind, other.node.kind):
        return one.node, other.node
    union = tuple(dict.fromkeys((*one.choices, *other.choices)))
    return _recode(g, one, union), _recode(g, other, union)


def _recode(g: Graph, sym: Sym, union: tuple[str, ...]) -> Node:
    node = sym.node
    places = tuple(union.index(c) for c in sym.choices)
    if node.op == "null" or places == tuple(range(len(places))):
        return node
    if node.op == "const":
        assert isinstance(node.data, int)
        return g.constant("code", places[node.data], 0)
    table = tuple(enumerate(places))
    return g.node("lookup", (node,), table, "code", bounds=(min(places), max(places)))


def either(g: Graph, condition: Node, one: Sym, other: Sym) -> tuple[Value, tuple[str, ...]]:
    """Return one of two values by a condition that is never unknown, with its choices."""
    if condition.op == "const":
        chosen = one if condition.data else other
        return chosen.value, chosen.choices
    first, second = one.value, other.value
    if isinstance(first, Span) or isinstance(second, Span):
        low, high = (ends_of(g, v) for v in (first, second))
        return Span(*(choose(g, condition, a, b) for a, b in zip(low, high, strict=True))), ()
    if isinstance(first, tuple) or isinstance(second, tuple):
        raise NotColumnar("商或者清单不能按行选择", "a quotient or a list cannot be chosen by row")
    a, b = recoded(g, one, other)
    choices = tuple(dict.fromkeys((*one.choices, *other.choices)))
    return choose(g, condition, a, b), choices


def ends_of(g: Graph, value: Value) -> Span:
    """Return a value as a range, a single figure being a range of one."""
    if isinstance(value, Span):
        return value
    assert isinstance(value, Node)
    return Span(value, value)
