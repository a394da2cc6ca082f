"""Known values as columns: numbers, days, truths and choices."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from carbonlex.model import Scalar
from carbonlex.portfolio.arithmetic import number
from carbonlex.portfolio.graph import Graph
from carbonlex.portfolio.sym import Value


def constant(g: Graph, value: Scalar) -> tuple[Value, tuple[str, ...]]:
    """Return a known value, and for a text the one choice that its code stands for."""
    match value:
        case bool():
            return g.truth(value), ()
        case date():
            return g.day(value), ()
        case str():
            return g.constant("code", 0, 0), (value,)
        case _:
            return number(g, Fraction(value)), ()
