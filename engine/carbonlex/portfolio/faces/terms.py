"""The pieces that SQL expressions are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlglot import exp


def binary(kind: str, one: exp.Expr, other: exp.Expr) -> exp.Expr:
    """Return an operation on two expressions, in brackets."""
    from sqlglot import exp

    made: exp.Expr = getattr(exp, kind)(this=bracketed(one), expression=bracketed(other))
    return made


def bracketed(one: exp.Expr) -> exp.Expr:
    """Return an expression in brackets, where another could take it apart."""
    from sqlglot import exp

    closed = (exp.Column, exp.Literal, exp.Cast, exp.Case, exp.Func, exp.Paren, exp.Boolean)
    return (
        one
        if isinstance(one, closed) and not isinstance(one, exp.Connector)
        else exp.Paren(this=one)
    )


def literal(value: int) -> exp.Expr:
    """Return a whole number."""
    from sqlglot import exp

    return exp.Literal.number(value)


def case(*pairs: tuple[exp.Expr, exp.Expr]) -> exp.Case:
    """Return the first value whose condition holds; null where none does."""
    from sqlglot import exp

    found = exp.Case()
    for condition, value in pairs:
        found = found.when(condition, value, copy=False)
    return found
