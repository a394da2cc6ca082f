"""The operators of the expression language on exact, three-valued values.

Strict save the Kleene ones: an unknown operand makes an unknown result.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache
from math import ceil, floor
from typing import Any

from carbonlex import calendar
from carbonlex.model import UNKNOWN, Value
from carbonlex.quantities import (
    Range,
    multiply_units,
    parse_unit,
    round_half_even,
    round_half_up,
    write_unit,
)
from carbonlex.reasoner.proof import Proof

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def negation(value: Value) -> Value:
    """Kleene not."""
    return UNKNOWN if value is UNKNOWN else not value


def conjunction(values: list[Value] | tuple[Value, ...]) -> Value:
    """Kleene and; of nothing, true."""
    if any(v is False for v in values):
        return False
    return UNKNOWN if any(v is UNKNOWN for v in values) else True


def disjunction(values: list[Value] | tuple[Value, ...]) -> Value:
    """Kleene or; of nothing, false."""
    if any(v is True for v in values):
        return True
    return UNKNOWN if any(v is UNKNOWN for v in values) else False


def compare(op: str, left: Value, right: Value) -> Value:
    """Compare two known values."""
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    return _COMPARE[op](left, right)


def arithmetic(op: str, left: Value, right: Value) -> Value:
    """Add, subtract, multiply or divide; division by zero is unknown; ranges scale and add."""
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if isinstance(left, Range) or isinstance(right, Range):
        return _ranged(op, left, right)
    assert isinstance(left, Fraction) and isinstance(right, Fraction)
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    return left / right if right else UNKNOWN


def _ranged(op: str, left: Value, right: Value) -> Value:
    if isinstance(left, Range) and isinstance(right, Range):
        return left.plus(right)
    ranged, factor = (left, right) if isinstance(left, Range) else (right, left)
    assert isinstance(ranged, Range) and isinstance(factor, Fraction)
    return ranged.times(factor) if op == "*" and factor >= 0 else UNKNOWN


def unit(op: str, left: Proof, right: Proof) -> str:
    """Return the written unit of a result from the units of its operands."""
    if op in "+-":
        return left.unit or right.unit
    return _product_unit(op, left.unit or "ratio", right.unit or "ratio")


@cache
def _product_unit(op: str, left: str, right: str) -> str:
    first, second = parse_unit(left), parse_unit(right)
    return write_unit(multiply_units(first, second, 1 if op == "*" else -1))


def call(function: str, args: tuple[Value, ...]) -> Value:
    """Apply a function of the language to known arguments."""
    if any(a is UNKNOWN for a in args):
        return UNKNOWN
    try:
        return _CALLS[function](*args)
    except (ValueError, OverflowError):
        return UNKNOWN


def _between(lower: Fraction, upper: Fraction) -> Value:
    return Range(lower, upper) if lower <= upper else UNKNOWN


def _end(name: str) -> Callable[[Any], Value]:
    return lambda value: getattr(value, name) if isinstance(value, Range) else value


def _date(year: Fraction, month: Fraction, day: Fraction) -> date:
    return date(_whole(year), _whole(month), _whole(day))


def _whole(number: Fraction) -> int:
    if number.denominator != 1:
        raise ValueError(number)
    return number.numerator


def _or_unknown(found: date | None) -> Value:
    return UNKNOWN if found is None else found


def _cut(mode: Callable[[Fraction], int]) -> Callable[..., Fraction]:
    def cut(number: Fraction, places: Fraction = Fraction(0)) -> Fraction:
        scale = Fraction(10) ** _whole(places)
        return Fraction(mode(number * scale)) / scale

    return cut


_CALLS: dict[str, Callable[..., Value]] = {
    "between": _between,
    "lower": _end("lower"),
    "upper": _end("upper"),
    "min": min,
    "max": max,
    "round_half_up": lambda n, p=Fraction(0): round_half_up(n, _whole(p)),
    "round_half_even": lambda n, p=Fraction(0): round_half_even(n, _whole(p)),
    "round_down": _cut(floor),
    "round_up": _cut(ceil),
    "date": _date,
    "add_years": lambda d, n: calendar.add_years(d, _whole(n)),
    "add_days": lambda d, n: calendar.add_days(d, _whole(n)),
    "add_working_days": lambda d, n: _or_unknown(calendar.add_working_days(d, _whole(n))),
    "month_start": lambda d: d.replace(day=1),
    "days_between": lambda a, b: Fraction(calendar.days_between(a, b)),
}


def filtered(function: str, kept: Value | None, element: Value) -> Value:
    """Return what one element counts for, where it may not be known whether it counts at all."""
    if kept is not UNKNOWN:
        return Fraction(1) if function == "count" else element
    # An element that cannot change the result cannot make it unknown either.
    if (function == "any" and element is False) or (function == "all" and element is True):
        return element
    if function == "sum" and isinstance(element, Fraction) and element == 0:
        return element
    return UNKNOWN


def aggregate(function: str, rows: tuple[Value, ...]) -> Value:
    """Fold the elements of a list: of none, sum 0, any false, all true, min and max unknown."""
    if function == "any":
        return disjunction(rows)
    if function == "all":
        return conjunction(rows)
    if any(r is UNKNOWN for r in rows):
        return UNKNOWN
    if function in ("sum", "count"):
        return sum((r for r in rows if isinstance(r, Fraction)), Fraction(0))
    if not rows:
        return UNKNOWN
    return min(rows) if function == "min" else max(rows)  # type: ignore[type-var]
