"""Whether one range of fine lies within another, whatever the facts of the single case.

A fine may hang on facts (a price, a shortfall, a gain). It is within another only if it is so
for all that those facts may be; it is outside if there are facts for which it is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from carbonlex.expressions.tree import (
    Arithmetic,
    Call,
    Conditional,
    Expression,
    Name,
    Number,
    names,
)
from carbonlex.reasoner.parameters import entry_at
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook


@dataclass(frozen=True)
class Interval:
    """What a number may be; None at an end: without bound."""

    low: Fraction | None
    high: Fraction | None

    @property
    def point(self) -> Fraction | None:
        """The number, where it can be only one."""
        return self.low if self.low is not None and self.low == self.high else None


@dataclass(frozen=True)
class Reach:
    """What the minimum and the maximum of a fine may be."""

    minimum: Interval
    maximum: Interval

    @property
    def fixed(self) -> bool:
        """Whether the fine is a range of fixed amounts."""
        return self.minimum.point is not None and self.maximum.point is not None


_ANY = Interval(None, None)


@dataclass(frozen=True)
class Scope:
    """What the names of a norm's expressions may stand for on a day."""

    rulebook: Rulebook
    norm: Norm
    day: date

    def interval(self, name: str) -> Interval:
        """Return what a name may be: the value of a parameter, or the range of a fact."""
        term = self.rulebook.vocabulary.terms.get(name)
        if term is not None:
            return Interval(term.minimum, term.maximum)
        parameter = self.rulebook.parameter(name, self.norm, self.day)
        at = -1
        if parameter is not None:
            at = entry_at(parameter, self.day.year, self.day, date.max)
        entry = parameter.spans[at].entry if parameter is not None and at >= 0 else None
        value = entry.value if entry is not None else None
        return Interval(value, value) if isinstance(value, Fraction) else _ANY


def reach(node: Expression, scope: Scope) -> Reach:
    """Return what the ends of a fine may be."""
    match node:
        case Call("between", (low, high)):
            return Reach(_number(low, scope), _number(high, scope))
        case Conditional(_, then, otherwise):
            one, other = reach(then, scope), reach(otherwise, scope)
            return Reach(_hull(one.minimum, other.minimum), _hull(one.maximum, other.maximum))
        case Arithmetic("*", left, right) if _ranged(left) or _ranged(right):
            inner, factor = (left, right) if _ranged(left) else (right, left)
            found, by = reach(inner, scope), _number(factor, scope)
            return Reach(_times(found.minimum, by), _times(found.maximum, by))
        case Arithmetic("+", left, right):
            one, other = reach(left, scope), reach(right, scope)
            return Reach(_plus(one.minimum, other.minimum), _plus(one.maximum, other.maximum))
    found_number = _number(node, scope)
    return Reach(found_number, found_number)


def within(draft: Expression, in_draft: Scope, higher: Expression, in_higher: Scope) -> bool | None:
    """Return whether a fine lies within another for all facts; None where that cannot be told."""
    if draft == higher:
        return True
    match draft, higher:
        case Conditional(one, a, b), Conditional(other, c, d) if one == other:
            return _both(within(x, in_draft, y, in_higher) for x, y in ((a, c), (b, d)))
        case Conditional(one, a, b), _ if not set(names(one)) & set(names(higher)):
            # Either branch may meet whatever the other fine hangs on.
            return _both(within(x, in_draft, higher, in_higher) for x in (a, b))
    own, (numbers, factors) = reach(draft, in_draft), _factored(draft)
    limit, (others, their_factors) = reach(higher, in_higher), _factored(higher)
    if factors and factors == their_factors:
        own, limit = reach(numbers, in_draft), reach(others, in_higher)
    if _least(own.minimum, limit.minimum) and _most(own.maximum, limit.maximum):
        return True
    # There are facts for which it is outside: a fixed range that is not within is so for some, and
    # one that goes lower or higher than the other ever does.
    outside = own.fixed or _beyond(own, limit)
    return False if outside else None


def _both(branches: Iterable[bool | None]) -> bool | None:
    found = [*branches]
    return False if False in found else None if None in found else True


def _beyond(own: Reach, limit: Reach) -> bool:
    """Return whether a fine may fall below the least minimum, or rise above the most maximum."""
    least, most = limit.minimum.low, limit.maximum.high
    low, high = own.minimum.low, own.maximum.high
    below = least is not None and (low is None or low < least)
    return below or (most is not None and (high is None or high > most))


def _least(own: Interval, theirs: Interval) -> bool:
    """Return whether the minimum is never below theirs."""
    return own.low is not None and theirs.high is not None and theirs.high <= own.low


def _most(own: Interval, theirs: Interval) -> bool:
    """Return whether the maximum is never above theirs."""
    return own.high is not None and theirs.low is not None and own.high <= theirs.low


def _factored(node: Expression) -> tuple[Expression, tuple[Expression, ...]]:
    """Split `between(5, 10) * price * shortfall` into the range and what it is multiplied by."""
    factors: list[Expression] = []
    while isinstance(node, Arithmetic) and node.op == "*":
        inner, factor = (node.left, node.right) if _ranged(node.left) else (node.right, node.left)
        if not _ranged(inner):
            break
        factors.append(factor)
        node = inner
    return node, tuple(sorted(factors, key=repr))


def _ranged(node: Expression) -> bool:
    match node:
        case Call("between", _):
            return True
        case Arithmetic(_, left, right):
            return _ranged(left) or _ranged(right)
        case Conditional(_, then, otherwise):
            return _ranged(then) or _ranged(otherwise)
    return False


def _number(node: Expression, scope: Scope) -> Interval:
    match node:
        case Number(value):
            return Interval(value, value)
        case Name(name):
            return scope.interval(name)
        case Arithmetic("*", left, right):
            return _times(_number(left, scope), _number(right, scope))
        case Arithmetic("+", left, right):
            return _plus(_number(left, scope), _number(right, scope))
        case Conditional(_, then, otherwise):
            return _hull(_number(then, scope), _number(otherwise, scope))
        case Call(("min" | "max") as function, args):
            ends = [_number(a, scope) for a in args]
            return _extreme(ends, max if function == "max" else min)
    return _ANY


def _times(one: Interval, other: Interval) -> Interval:
    """Multiply what is not negative; anything else may be any number."""
    if one.low is None or other.low is None or one.low < 0 or other.low < 0:
        return _ANY
    high = None if one.high is None or other.high is None else one.high * other.high
    return Interval(one.low * other.low, high)


def _plus(one: Interval, other: Interval) -> Interval:
    low = None if one.low is None or other.low is None else one.low + other.low
    high = None if one.high is None or other.high is None else one.high + other.high
    return Interval(low, high)


def _extreme(ends: list[Interval], choose: Callable[..., Fraction]) -> Interval:
    lows, highs = [e.low for e in ends], [e.high for e in ends]
    if None in lows or None in highs:
        return _ANY
    return Interval(choose(lows), choose(highs))


def _hull(one: Interval, other: Interval) -> Interval:
    low = None if one.low is None or other.low is None else min(one.low, other.low)
    high = None if one.high is None or other.high is None else max(one.high, other.high)
    return Interval(low, high)
