"""Exact arithmetic on the graph: scales line up, bounds follow, quotients are never formed.

A quotient is only compared, by multiplying across, or rounded, by one integer division; what
divides by zero is unknown.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from carbonlex.portfolio.graph import Graph, Node
from carbonlex.portfolio.logic import (
    choose,
    conjunction,
    disjunction,
    is_false,
    is_null,
    is_true,
    negation,
)
from carbonlex.portfolio.scales import aligned
from carbonlex.quantities import decimals
from carbonlex.reasoner.operators import compare as decided_by

FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


class Quotient(NamedTuple):
    """What a division gives until it is compared or rounded; unknown where the divisor is 0."""

    dividend: Node
    divisor: Node


Number = Node | Quotient


def number(g: Graph, value: Fraction) -> Number:
    """Return a known number; one without a finite decimal is a quotient."""
    places = decimals(value)
    if places is None:
        return Quotient(
            g.constant("number", value.numerator, 0), g.constant("number", value.denominator, 0)
        )
    return g.constant("number", int(value * 10**places), places)


def figure(node: Node) -> Fraction:
    """Return the number that a known node stands for."""
    assert isinstance(node.data, int)
    return Fraction(node.data, 10**node.scale)


def is_unknown(*nodes: Node) -> bool:
    """Return whether any of some columns is unknown everywhere."""
    return any(n.op == "null" for n in nodes)


def add(g: Graph, one: Node, other: Node) -> Node:
    """Add two numbers."""
    if is_unknown(one, other):
        return g.null("number")
    one, other = aligned(g, one, other)
    if one.op == "const" and other.op == "const":
        return g.constant("number", int(one.data) + int(other.data), one.scale)
    for zero, rest in ((one, other), (other, one)):
        if zero.op == "const" and zero.data == 0:
            return rest
    return g.node(
        "add", (one, other), None, "number",
        scale=one.scale, bounds=(one.lo + other.lo, one.hi + other.hi),
    )  # fmt: skip


def subtract(g: Graph, one: Node, other: Node) -> Node:
    """Subtract two numbers."""
    if is_unknown(one, other):
        return g.null("number")
    one, other = aligned(g, one, other)
    if one.op == "const" and other.op == "const":
        return g.constant("number", int(one.data) - int(other.data), one.scale)
    if other.op == "const" and other.data == 0:
        return one
    return g.node(
        "sub", (one, other), None, "number",
        scale=one.scale, bounds=(one.lo - other.hi, one.hi - other.lo),
    )  # fmt: skip


def multiply(g: Graph, one: Node, other: Node) -> Node:
    """Multiply two numbers."""
    if is_unknown(one, other):
        return g.null("number")
    scale = one.scale + other.scale
    if one.op == "const" and other.op == "const":
        product = number(g, figure(one) * figure(other))
        assert isinstance(product, Node)
        return product
    for factor, rest in ((one, other), (other, one)):
        if factor.op == "const" and figure(factor) == 1:
            return rest
        if factor.op == "const" and factor.data == 0 and not rest.nullable:
            return g.constant("number", 0, 0)
        if factor.op == "const":
            tens, plain = _tens_in(factor, rest.scale)
            if tens:
                return shifted(g, multiply(g, rest, g.constant("number", plain, 0)), tens)
    corners = [a * b for a in (one.lo, one.hi) for b in (other.lo, other.hi)]
    return g.node(
        "mul", (one, other), None, "number", scale=scale, bounds=(min(corners), max(corners))
    )


def _tens_in(factor: Node, most: int) -> tuple[int, int]:
    """Return how often ten goes into a whole constant, at most so often, and what is left."""
    tens, left = 0, factor.data
    assert isinstance(left, int)
    while not factor.scale and left and left % 10 == 0 and tens < most:
        tens, left = tens + 1, left // 10
    return tens, left


def shifted(g: Graph, node: Node, tens: int) -> Node:
    """Return ten times a number, so often: the same integer, over fewer decimals."""
    return g.node(
        "scaled", (node,), 1, "number", scale=node.scale - tens, bounds=(node.lo, node.hi)
    )


def negative(g: Graph, part: Number) -> Number:
    """Change the sign."""
    if isinstance(part, Quotient):
        dividend = negative(g, part.dividend)
        assert isinstance(dividend, Node)
        return Quotient(dividend, part.divisor)
    return subtract(g, g.constant("number", 0, 0), part)


def divide(g: Graph, one: Node, other: Node) -> Number:
    """Divide; the quotient is a number only where it is known and has a finite decimal."""
    if is_unknown(one, other):
        return g.null("number")
    if other.op == "const" and other.data == 0:
        return g.null("number")
    if one.op == "const" and other.op == "const":
        return number(g, figure(one) / figure(other))
    return Quotient(one, other)


def least(g: Graph, op: str, args: list[Node]) -> Node:
    """Return the smallest (`min`) or largest (`max`) of numbers or days; unknown if any is."""
    if is_unknown(*args):
        return g.null(next((a.kind for a in args if a.kind != "any"), "any"))
    found = args[0]
    for other in args[1:]:
        one, other = aligned(g, found, other) if found.kind == "number" else (found, other)
        if not (one.nullable or other.nullable) and (one.hi <= other.lo or other.hi <= one.lo):
            found = one if (one.hi <= other.lo) == (op == "min") else other
        elif one is not other:
            pick = min if op == "min" else max
            bounds = (pick(one.lo, other.lo), pick(one.hi, other.hi))
            found = g.node(op, (one, other), None, one.kind, scale=one.scale, bounds=bounds)
    return found


def compare(g: Graph, op: str, left: Number, right: Number) -> Node:
    """Compare two numbers, quotients included, two days, two codes or two truths."""
    if isinstance(left, Quotient) or isinstance(right, Quotient):
        return _across(g, op, left, right)
    if is_unknown(left, right):
        return g.null("boolean")
    if left.kind == "number":
        left, right = aligned(g, left, right)
    if left.op == "const":
        if right.op == "const":
            return g.truth(decided_by(op, left.data, right.data) is True)
        left, right, op = right, left, FLIPPED[op]
    if left is right and not left.nullable:
        return g.truth(op in ("<=", ">=", "=="))
    decided = _decided(op, left, right)
    if decided is not None and not (left.nullable or right.nullable):
        return g.truth(decided)
    return g.node(op, (left, right), None, "boolean")


def _decided(op: str, left: Node, right: Node) -> bool | None:
    """Return what bounds alone say of a comparison."""
    if left.hi < right.lo:
        return op in ("<", "<=", "!=")
    if left.lo > right.hi:
        return op in (">", ">=", "!=")
    if op in ("<=", ">") and left.hi <= right.lo:
        return op == "<="
    if op in (">=", "<") and left.lo >= right.hi:
        return op == ">="
    return None


def _across(g: Graph, op: str, left: Number, right: Number) -> Node:
    """Compare quotients by multiplying across, with the sign of the divisors."""
    zero = g.constant("number", 0, 0)
    one = g.constant("number", 1, 0)
    a, b = (left.dividend, left.divisor) if isinstance(left, Quotient) else (left, one)
    c, d = (right.dividend, right.divisor) if isinstance(right, Quotient) else (right, one)
    if is_unknown(a, b, c, d):
        return g.null("boolean")
    first, second = multiply(g, a, d), multiply(g, c, b)
    signs = [n for n in (b, d) if n is not one]
    minus = [is_true(g, compare(g, "<", n, zero)) for n in signs]
    none = disjunction(g, [is_true(g, compare(g, "==", n, zero)) for n in signs])
    odd = _differ(g, *minus) if len(minus) == 2 else disjunction(g, minus)
    straight = compare(g, op, first, second)
    flipped = compare(g, FLIPPED[op], first, second)
    return choose(g, none, g.null("boolean"), choose(g, odd, flipped, straight))


def _differ(g: Graph, one: Node, other: Node) -> Node:
    left = conjunction(g, (one, negation(g, other)))
    right = conjunction(g, (negation(g, one), other))
    return disjunction(g, (left, right))


def same(g: Graph, one: Node, other: Node) -> Node:
    """Return whether two nodes are equal, unknown being equal to unknown; never unknown."""
    if one is other:
        return g.true
    both = conjunction(g, (is_null(g, one), is_null(g, other)))
    return disjunction(g, (both, is_true(g, compare(g, "==", one, other))))


def conditional(g: Graph, condition: Node, then: Node, otherwise: Node) -> Node:
    """Return one of two nodes; where the condition is unknown, their value if both agree."""
    if not condition.nullable:
        return choose(g, condition, then, otherwise)
    agreed = choose(g, same(g, then, otherwise), then, g.unknown)
    rest = choose(g, is_false(g, condition), otherwise, agreed)
    return choose(g, is_true(g, condition), then, rest)
