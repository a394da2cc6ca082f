"""Rounding on the graph: by a power of ten, or of a quotient, by the mode that the rule names."""

from __future__ import annotations

from fractions import Fraction

from carbonlex.portfolio.arithmetic import (
    Number,
    Quotient,
    figure,
    is_unknown,
    multiply,
    number,
)
from carbonlex.portfolio.graph import Bounds, Graph, Node, fitting
from carbonlex.portfolio.scales import rescaled
from carbonlex.reasoner.operators import call


def rounded(g: Graph, mode: str, value: Number, places: int) -> Node:
    """Round to so many decimals (negative: to tens and more) by the mode of the rule."""
    if isinstance(value, Quotient):
        return _rounded_quotient(g, mode, value, places)
    if value.op == "null":
        return value
    cut = value.scale - places
    if cut <= 0:
        return value
    if value.op == "const":
        found = number(g, _known(mode, figure(value), places))
        assert isinstance(found, Node)
        return found
    fitting(max(abs(value.lo), abs(value.hi)) + 10**cut)
    lo, hi = (int(_known(mode, Fraction(b, 10**cut), 0)) for b in (value.lo, value.hi))
    found = g.node("round", (value,), (mode, cut), "number", scale=max(places, 0), bounds=(lo, hi))
    return _tens(g, found, places)


def _known(mode: str, value: Fraction, places: int) -> Fraction:
    found = call(mode, (value, Fraction(places)))
    assert isinstance(found, Fraction)
    return found


def _tens(g: Graph, node: Node, places: int) -> Node:
    """Return a number that counts tens, hundreds … as one that counts ones."""
    if places >= 0:
        return node
    return multiply(g, node, g.constant("number", 10**-places, 0))


def _rounded_quotient(g: Graph, mode: str, value: Quotient, places: int) -> Node:
    dividend, divisor = value
    if is_unknown(dividend, divisor):
        return g.null("number")
    shift = places + divisor.scale - dividend.scale  # of the integers themselves
    top = rescaled(g, dividend, dividend.scale + max(shift, 0))
    bottom = rescaled(g, divisor, divisor.scale + max(-shift, 0))
    fitting(2 * (max(abs(top.lo), abs(top.hi)) + max(abs(bottom.lo), abs(bottom.hi))))
    reach = max(abs(top.lo), abs(top.hi)) // _smallest(bottom.lo, bottom.hi) + 1
    bounds: Bounds = (-reach if min(top.lo, bottom.lo) < 0 else 0, reach)
    quotient = g.node(
        "divround", (top, bottom), mode, "number", scale=max(places, 0), bounds=bounds,
        nullable=top.nullable or bottom.nullable or bottom.lo <= 0 <= bottom.hi,
    )  # fmt: skip
    return _tens(g, quotient, places)


def _smallest(lo: int, hi: int) -> int:
    """Return the least size that an integer other than 0 within bounds can have."""
    return lo if lo > 0 else -hi if hi < 0 else 1
