"""Functions on days over columns: a day is an integer, counted from 1970-01-01."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from carbonlex.model import UNKNOWN
from carbonlex.portfolio.arithmetic import compare, figure
from carbonlex.portfolio.graph import EPOCH, Graph, Node, NotColumnar
from carbonlex.portfolio.logic import choose, conjunction, is_true
from carbonlex.reasoner import operators

FIRST, LAST = 1 - EPOCH, date.max.toordinal() - EPOCH


def _fold(g: Graph, function: str, args: list[Node]) -> Node | None:
    """Return a call on known arguments, as the reasoner computes it; None for others."""
    if any(a.op == "null" for a in args):
        return g.null("number" if function == "days_between" else "date")
    if any(a.op != "const" for a in args):
        return None
    known = tuple(
        date.fromordinal(int(a.data) + EPOCH) if a.kind == "date" else figure(a) for a in args
    )
    found = operators.call(function, known)
    if found is UNKNOWN:
        return g.null("date")
    if isinstance(found, date):
        return g.day(found)
    assert isinstance(found, Fraction)
    return g.constant("number", int(found), 0)


def _plus(function: str) -> Callable[[Graph, list[Node]], Node]:
    def plus(g: Graph, args: list[Node]) -> Node:
        folded = _fold(g, function, args)
        if folded is not None:
            return folded
        day, count = args
        if function == "add_days" and count.scale == 0:
            lo, hi = day.lo + count.lo, day.hi + count.hi
            found = g.node("plus_days", (day, count), None, "date", bounds=(lo, hi))
            if lo >= FIRST and hi <= LAST:
                return found
            ends = ((">=", FIRST), ("<=", LAST))
            inside = [is_true(g, compare(g, op, found, g.constant("date", b, 0))) for op, b in ends]
            return choose(g, conjunction(g, inside), found, g.unknown)
        if count.op != "const" or figure(count).denominator != 1:
            raise NotColumnar(
                f"{function} 的数目逐行不同，无法逐列计算",
                f"the number in {function} differs from row to row: no column can say it",
            )
        return _shifted(g, function, day, int(figure(count)))

    return plus


def _shifted(g: Graph, function: str, day: Node, count: int) -> Node:
    """Return years or working days later; unknown where the calendar does not reach."""
    if function == "add_years":
        span = 366 * abs(count)
        lo, hi = max(FIRST, day.lo - span), min(LAST, day.hi + span)
        inside = day.lo - span >= FIRST and day.hi + span <= LAST
        return g.node(
            function, (day,), count, "date", bounds=(lo, hi), nullable=day.nullable or not inside
        )
    if count < 0:
        return g.null("date")
    if count == 0:
        return day
    span = 40 + 8 * count  # the longest holidays with the weekends beside them
    return g.node(
        function, (day,), count, "date",
        bounds=(max(FIRST, day.lo - span), min(LAST, day.hi + span)), nullable=True,
    )  # fmt: skip


def _month_start(g: Graph, args: list[Node]) -> Node:
    day = args[0]
    folded = _fold(g, "month_start", args)
    return folded or g.node("month_start", (day,), None, "date", bounds=(day.lo - 30, day.hi))


def _between(g: Graph, args: list[Node]) -> Node:
    one, other = args
    folded = _fold(g, "days_between", args)
    bounds = (other.lo - one.hi, other.hi - one.lo)
    return folded or g.node("days_between", (one, other), None, "number", bounds=bounds)


def _date(g: Graph, args: list[Node]) -> Node:
    folded = _fold(g, "date", args)
    if folded is not None:
        return folded
    year, month, day = args
    if (
        any(a.scale for a in args)
        or day.lo < 1
        or day.hi > 28
        or not 1 <= year.lo <= year.hi < 9999
    ):
        raise NotColumnar(
            "date() 的日逐行不同，或者年、月、日不是整数",
            "the day in date() differs from row to row, or its parts are not whole",
        )
    bounds = (date(year.lo, 1, 1).toordinal() - EPOCH, date(year.hi, 12, 31).toordinal() - EPOCH)
    ends = ((">=", 1), ("<=", 12))
    legal = [is_true(g, compare(g, op, month, g.constant("number", b, 0))) for op, b in ends]
    found = g.node("date", (year, month, day), None, "date", bounds=bounds)
    return choose(g, conjunction(g, legal), found, g.unknown)


DAYS: dict[str, Callable[[Graph, list[Node]], Node]] = {
    "date": _date,
    "add_years": _plus("add_years"),
    "add_days": _plus("add_days"),
    "add_working_days": _plus("add_working_days"),
    "month_start": _month_start,
    "days_between": _between,
}
