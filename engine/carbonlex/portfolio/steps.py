"""How each node of an expression is read over columns: `reasoner.steps` with columns for values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from carbonlex.expressions import tree as t
from carbonlex.portfolio.arithmetic import (
    Quotient,
    add,
    compare,
    conditional,
    divide,
    least,
    multiply,
    negative,
    same,
    subtract,
)
from carbonlex.portfolio.choices import ends_of, recoded
from carbonlex.portfolio.days import DAYS
from carbonlex.portfolio.frame import Frame
from carbonlex.portfolio.graph import Graph, Node, NotColumnar
from carbonlex.portfolio.lists import aggregated
from carbonlex.portfolio.literal import constant
from carbonlex.portfolio.logic import (
    choose,
    conjunction,
    disjunction,
    is_false,
    is_true,
    negation,
)
from carbonlex.portfolio.lookup import looked_up
from carbonlex.portfolio.rounding import rounded
from carbonlex.portfolio.sym import Parts, Span, Sym, Value

if TYPE_CHECKING:
    from carbonlex.portfolio.symbolic import Symbolic


def _name(run: Symbolic, node: t.Name, frame: Frame) -> Sym:
    return run.name(node.name, frame)


def _previous(run: Symbolic, node: t.Previous, frame: Frame) -> Sym:
    return run.name(node.name, frame._replace(year=frame.year - node.years))


def _literal(run: Symbolic, node: t.Number | t.Boolean | t.Text, frame: Frame) -> Sym:
    value, choices = constant(run.graph, node.value)
    return Sym(value, "literal", (), choices)


def _field(run: Symbolic, node: t.Field, frame: Frame) -> Sym:
    place = next(p for v, p in frame.bound if v == node.variable)
    return run.term(run.rulebook.vocabulary.terms[node.name], frame, place)


def _both(g: Graph, *syms: Sym) -> Parts:
    return tuple((g.true, s) for s in syms)


def _compare(run: Symbolic, node: t.Compare, frame: Frame) -> Sym:
    g = run.graph
    left, right = run.value(node.left, frame), run.value(node.right, frame)
    one, other = left.value, right.value
    if left.choices or right.choices:
        one, other = recoded(g, left, right)
    assert isinstance(one, (Node, Quotient)) and isinstance(other, (Node, Quotient))
    return Sym(compare(g, node.op, one, other), "compare", _both(g, left, right))


def _logic(run: Symbolic, node: t.Logic, frame: Frame) -> Sym:
    return junction(run.graph, node.op, [run.value(p, frame) for p in node.parts])


def junction(g: Graph, op: str, parts: Sequence[Sym]) -> Sym:
    """Join truths: the first decisive part is the whole proof, else all parts are."""
    nodes = [p.node for p in parts]
    value = conjunction(g, nodes) if op == "and" else disjunction(g, nodes)

    def shown() -> Parts:
        decide = [is_true(g, n) if op == "or" else is_false(g, n) for n in nodes]
        undecided = negation(g, disjunction(g, decide))
        found = []
        for at, part in enumerate(parts):
            before = [negation(g, d) for d in decide[:at]]
            first = conjunction(g, (*before, decide[at]))
            found.append((disjunction(g, (first, undecided)), part))
        return tuple(found)

    return Sym(value, "logic", shown)


def _not(run: Symbolic, node: t.Not, frame: Frame) -> Sym:
    part = run.value(node.part, frame)
    return Sym(negation(run.graph, part.node), "not", _both(run.graph, part))


def _negative(run: Symbolic, node: t.Negative, frame: Frame) -> Sym:
    part = run.value(node.part, frame)
    assert isinstance(part.value, (Node, Quotient))
    return Sym(negative(run.graph, part.value), "arithmetic", _both(run.graph, part))


def _arithmetic(run: Symbolic, node: t.Arithmetic, frame: Frame) -> Sym:
    g = run.graph
    left, right = run.value(node.left, frame), run.value(node.right, frame)
    value = calculated(g, node.op, left.value, right.value)
    return Sym(value, "arithmetic", _both(g, left, right))


def calculated(g: Graph, op: str, one: Value, other: Value) -> Value:
    """Add, subtract, multiply or divide; ranges add, and scale by what is not negative."""
    if isinstance(one, Span) and isinstance(other, Span):
        return Span(add(g, one.lower, other.lower), add(g, one.upper, other.upper))
    if isinstance(one, Span) or isinstance(other, Span):
        span, factor = (one, other) if isinstance(one, Span) else (other, one)
        assert isinstance(span, Span) and isinstance(factor, Node)
        if op != "*" or factor.op == "null":
            return Span(g.unknown, g.unknown)
        wrong = is_true(g, compare(g, "<", factor, g.constant("number", 0, 0)))
        ends = (multiply(g, span.lower, factor), multiply(g, span.upper, factor))
        return Span(*(choose(g, wrong, g.unknown, e) for e in ends))
    if not isinstance(one, Node) or not isinstance(other, Node):
        raise NotColumnar(
            "未取整的商只能比较或者取整", "an unrounded quotient is compared or rounded"
        )
    operation = {"+": add, "-": subtract, "*": multiply, "/": divide}[op]
    return operation(g, one, other)


def _conditional(run: Symbolic, node: t.Conditional, frame: Frame) -> Sym:
    g = run.graph
    condition = run.value(node.condition, frame)
    if condition.node.op == "const":
        chosen = run.value(node.then if condition.node.data else node.otherwise, frame)
        return Sym(chosen.value, "conditional", _both(g, condition, chosen), chosen.choices)
    then, otherwise = run.value(node.then, frame), run.value(node.otherwise, frame)
    choices = tuple(dict.fromkeys((*then.choices, *otherwise.choices)))
    value: Value
    if isinstance(then.value, Span) or isinstance(otherwise.value, Span):
        one, other = ends_of(g, then.value), ends_of(g, otherwise.value)
        agree = conjunction(g, [same(g, a, b) for a, b in zip(one, other, strict=True)])
        ends = []
        for a, b in zip(one, other, strict=True):
            rest = choose(g, agree, a, g.unknown)
            left = choose(g, is_false(g, condition.node), b, rest)
            ends.append(choose(g, is_true(g, condition.node), a, left))
        value = Span(*ends)
    else:
        first, second = recoded(g, then, otherwise)
        value = conditional(g, condition.node, first, second)
    parts: Parts = (
        (g.true, condition),
        (negation(g, is_false(g, condition.node)), then),
        (negation(g, is_true(g, condition.node)), otherwise),
    )
    return Sym(value, "conditional", parts, choices)


def _member(run: Symbolic, node: t.Member, frame: Frame) -> Sym:
    g = run.graph
    item = run.value(node.item, frame)
    parts: Parts = _both(g, item)
    if isinstance(node.options, t.Name):
        listed = run.name(node.options.name, frame)
        parts = _both(g, item, listed)
        if not isinstance(listed.value, tuple) or isinstance(listed.value, (Span, Quotient)):
            return Sym(g.null("boolean"), "member", parts)
        options = {str(o) for o in listed.value}
    else:
        options = {o.value for o in node.options}
    if item.node.op == "null":
        return Sym(g.null("boolean"), "member", parts)
    codes = tuple(at for at, c in enumerate(item.choices) if c in options)
    if item.node.op == "const":
        return Sym(g.truth(item.node.data in codes), "member", parts)
    if len(codes) in (0, len(item.choices)) and not item.node.nullable:
        return Sym(g.truth(bool(codes)), "member", parts)
    return Sym(g.node("among", (item.node,), codes, "boolean"), "member", parts)


def _call(run: Symbolic, node: t.Call, frame: Frame) -> Sym:
    g = run.graph
    args = [run.value(a, frame) for a in node.args]
    values = [a.value for a in args]
    parts = _both(g, *args)
    function = node.function
    if function in DAYS:
        return Sym(DAYS[function](g, [a.node for a in args]), "call", parts)
    if function == "between":
        return Sym(_between(g, args[0].node, args[1].node), "call", parts)
    if function in ("lower", "upper"):
        ends = ends_of(g, values[0])
        return Sym(ends.lower if function == "lower" else ends.upper, "call", parts)
    if function in ("min", "max"):
        return Sym(least(g, function, [a.node for a in args]), "call", parts)
    places = 0
    if len(args) == 2:
        assert isinstance(node.args[1], (t.Number, t.Negative))
        inner = node.args[1]
        sign, told = (-1, inner.part) if isinstance(inner, t.Negative) else (1, inner)
        assert isinstance(told, t.Number)
        places = sign * int(told.value)
    assert isinstance(values[0], (Node, Quotient))
    return Sym(rounded(g, function, values[0], places), "call", parts)


def _between(g: Graph, lower: Node, upper: Node) -> Span:
    """Return a range; unknown where its ends are the wrong way round."""
    if "null" in (lower.op, upper.op):
        return Span(g.unknown, g.unknown)
    right = is_true(g, compare(g, "<=", lower, upper))
    return Span(choose(g, right, lower, g.unknown), choose(g, right, upper, g.unknown))


STEPS: dict[type, Callable[[Any, Any, Any], Sym]] = {
    t.Name: _name,
    t.Previous: _previous,
    t.Lookup: looked_up,
    t.Number: _literal,
    t.Boolean: _literal,
    t.Text: _literal,
    t.Field: _field,
    t.Compare: _compare,
    t.Logic: _logic,
    t.Not: _not,
    t.Negative: _negative,
    t.Arithmetic: _arithmetic,
    t.Conditional: _conditional,
    t.Member: _member,
    t.Call: _call,
    t.Aggregate: aggregated,
}
