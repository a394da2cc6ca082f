"""Quotients over columns: rounded by one integer division, at the scale that the rule asks for."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from carbonlex.portfolio.arithmetic import Quotient
from carbonlex.portfolio.graph import Graph, Node
from carbonlex.portfolio.rounding import rounded


def figures(node: Node, row: int) -> int:
    """Return the integer of a node where the column is a given integer."""
    match node.op:
        case "const":
            assert isinstance(node.data, int)
            return node.data
        case "column":
            return row
        case "scaled":
            assert isinstance(node.data, int)
            return figures(node.args[0], row) * node.data
    raise AssertionError(node)


@pytest.mark.parametrize("dividend", ["8.9502", "9", "0.5", "1000"])
@pytest.mark.parametrize("scale", [0, 2, 4])
@pytest.mark.parametrize("places", [-2, 0, 3])
def test_a_known_dividend_keeps_its_scale(dividend: str, scale: int, places: int) -> None:
    g = Graph()
    number = Decimal(dividend)
    digits = -int(number.as_tuple().exponent)
    top = g.constant("number", int(number.scaleb(digits)), digits)
    bottom = g.column("n", "number", scale=scale, bounds=(1, 10**6))
    found = rounded(g, "round_down", Quotient(top, bottom), places)
    while found.op in ("mul", "scaled"):  # to tens and hundreds
        found = found.args[0]
    assert found.op == "divround"
    above, below = (figures(n, 7 * 10**scale) for n in found.args)
    assert Fraction(above, below) == Fraction(number) / 7 * Fraction(10) ** places
