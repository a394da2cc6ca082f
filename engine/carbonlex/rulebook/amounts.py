"""Ranges that no number lies in, and amounts below zero: seen in a rule before there is a case."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from carbonlex.errors import Diagnostic
from carbonlex.expressions.tree import (
    Arithmetic,
    Call,
    Conditional,
    Expression,
    Negative,
    Number,
    walk,
)
from carbonlex.quantities import plain
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.typecheck import every_version, expressions_of, wrong

_AMOUNTS = ("fine", "confiscation", "deduction")


def amounts(rulebook: Rulebook) -> Iterator[Diagnostic]:
    """Yield each range of constants that is empty, and each sanction that is below zero."""
    for norm in rulebook.norms.values():
        for version in every_version(norm):
            for key, node, _ in expressions_of(version):
                for low, high in _empty(node):
                    yield wrong(
                        "norm-malformed", version.place(key),
                        f"{norm.id}：between({low}, {high}) 的下限高于上限",
                        f"{norm.id}: the lower end of between({low}, {high}) is above the upper",
                        hint=(f"写作 between({high}, {low})", f"write between({high}, {low})"),
                    )  # fmt: skip
                if key in _AMOUNTS and _negative(node):
                    yield wrong(
                        "norm-malformed", version.place(key),
                        f"{norm.id}：{key} 小于零", f"{norm.id}: {key} is below zero",
                        hint=("数额不能是负数", "an amount is zero or more"),
                    )  # fmt: skip


def _empty(node: Expression) -> Iterator[tuple[str, str]]:
    for inner in walk(node):
        match inner:
            case Call("between", (one, other)):
                low, high = _constant(one), _constant(other)
                if low is not None and high is not None and low > high:
                    yield plain(low), plain(high)


def _negative(node: Expression) -> bool:
    """Return whether an amount is below zero whatever the facts, none of which is."""
    match node:
        case Number(value):
            return value < 0
        case Negative(part):
            return not _negative(part) and _constant(part) != 0
        case Call("between" | "min", args):
            return any(_negative(a) for a in args)
        case Call("max", args):
            return all(_negative(a) for a in args)
        case Conditional(_, then, otherwise):
            return _negative(then) or _negative(otherwise)
        case Arithmetic("*" | "/", left, right):
            return _negative(left) != _negative(right)
        case Arithmetic("+", left, right):
            return _negative(left) and _negative(right)
    found = _constant(node)
    return found is not None and found < 0


def _constant(node: Expression) -> Fraction | None:
    """Return the value of an expression of literals; None for any other."""
    match node:
        case Number(value):
            return value
        case Negative(part):
            inner = _constant(part)
            return None if inner is None else -inner
        case Arithmetic(op, left, right):
            one, other = _constant(left), _constant(right)
            if one is None or other is None or (op == "/" and other == 0):
                return None
            return {
                "+": lambda: one + other,
                "-": lambda: one - other,
                "*": lambda: one * other,
                "/": lambda: one / other,
            }[op]()
    return None
