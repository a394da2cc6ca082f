"""Rounding as SQL: whole division of what is not negative, by the mode of the rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonlex.portfolio.faces.terms import binary, case, literal
from carbonlex.portfolio.graph import NARROW, Node

if TYPE_CHECKING:
    from sqlglot import exp

    from carbonlex.portfolio.faces.sql import Statement


def _rounded_up_from(
    to: Statement, mode: str, above: exp.Expr, below: exp.Expr, wide: bool
) -> exp.Expr:
    """Round a quotient of what is not negative by what is positive."""
    divide = to.dialect.divided
    one = literal(1)
    if mode == "round_down":
        return divide(above, below, wide)
    if mode == "round_up":
        more = binary("Sub", below, one)
        return divide(binary("Add", above, more), below.copy(), wide)
    two = literal(2)
    twice = binary("Mul", above, two)
    if mode == "round_half_up":
        more = binary("Add", twice, below)
        return divide(more, binary("Mul", below.copy(), two.copy()), wide)
    whole = divide(above, below, wide)
    rest = binary("Mul", binary("Mod", above.copy(), below.copy()), two)
    beyond = binary("GT", rest, below.copy())
    odd = binary("EQ", binary("Mod", whole.copy(), two.copy()), one)
    level = binary("EQ", rest.copy(), below.copy())
    from sqlglot import exp

    up = exp.or_(beyond, exp.and_(level, odd))
    return binary("Add", whole, case((up, one.copy())).else_(literal(0)))


_MIRRORED = {"round_down": "round_up", "round_up": "round_down"}


def _quotient(
    to: Statement, mode: str, above: exp.Expr, below: exp.Expr, signed: bool, wide: bool
) -> exp.Expr:
    """Round a quotient by what is positive; both dialects cut whole division towards zero."""
    from sqlglot import exp

    plain = _rounded_up_from(to, mode, above, below, wide)
    if not signed:
        return plain
    minus = exp.Paren(this=exp.Neg(this=exp.Paren(this=above.copy())))
    mirrored = _rounded_up_from(to, _MIRRORED.get(mode, mode), minus, below.copy(), wide)
    upward = binary("GTE", above.copy(), literal(0))
    return case((upward, plain)).else_(exp.Neg(this=exp.Paren(this=mirrored)))


def _unit(value: int, kind: str, wide: bool) -> exp.Expr:
    from sqlglot import exp

    return exp.cast(exp.Literal.string(str(value)), kind) if wide else literal(value)


def rounded(to: Statement, node: Node) -> exp.Expr:
    """Round a number by a power of ten."""
    from sqlglot import exp

    arg = node.args[0]
    assert isinstance(node.data, tuple)
    mode, cut = node.data
    unit = 10**cut
    wide = 2 * max(abs(arg.lo), abs(arg.hi)) + 2 * unit > NARROW
    kind = to.dialect.wide if wide else "BIGINT"
    value = to.wide(arg, wide)
    if mode == "round_half_up":  # by a known unit the half is known too
        half, below = (_unit(n, kind, wide) for n in (unit // 2, unit))
        found = to.dialect.divided(binary("Add", value, half), below, wide)
        if arg.lo < 0:
            other = to.dialect.divided(binary("Sub", half.copy(), value.copy()), below.copy(), wide)
            upward = binary("GTE", value.copy(), literal(0))
            found = case((upward, found)).else_(exp.Neg(this=exp.Paren(this=other)))
    else:
        below = _unit(unit, kind, wide)
        found = _quotient(to, mode, value, below, arg.lo < 0, wide)
    return found if node.wide or not wide else exp.cast(found, "BIGINT")


def rounded_quotient(to: Statement, node: Node) -> exp.Expr:
    """Round a quotient of two columns; unknown where the divisor is zero."""
    from sqlglot import exp

    top, bottom = node.args
    wide = 4 * max(abs(b) for n in (top, bottom) for b in (n.lo, n.hi)) > NARROW
    above, below = to.wide(top, wide), to.wide(bottom, wide)
    if bottom.lo <= 0:
        minus = binary("LT", below, literal(0))
        turned = case((minus, exp.Neg(this=exp.Paren(this=above.copy())))).else_(above)
        size = exp.Nullif(this=exp.Abs(this=below.copy()), expression=literal(0))
        above, below = turned, size
    signed = top.lo < 0 or bottom.lo < 0
    assert isinstance(node.data, str)
    found = _quotient(to, node.data, above, below, signed, wide)
    return found if node.wide or not wide else exp.cast(found, "BIGINT")
