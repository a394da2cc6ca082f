"""Each operation of a plan as a Polars expression."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, Any

from carbonlex.portfolio.faces.working import working_days
from carbonlex.portfolio.graph import NARROW, Node
from carbonlex.portfolio.lookup import usual

if TYPE_CHECKING:
    import polars as pl

    from carbonlex.portfolio.faces.polars import Frames

_COMPARE = {
    "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__", "==": "__eq__", "!=": "__ne__",
}  # fmt: skip


def _constant(face: Frames, node: Node) -> pl.Expr:
    return pl_literal(node)


def pl_literal(node: Node) -> pl.Expr:
    """Return a known value, or null, of the type of its column."""
    import polars as pl

    if node.kind == "boolean":
        return pl.lit(None if node.op == "null" else bool(node.data), dtype=pl.Boolean)
    dtype: Any = {"number": pl.Int64, "date": pl.Int32, "code": pl.Int16}.get(node.kind, pl.Int64)
    if node.wide:
        dtype = pl.Int128
    return pl.lit(node.data, dtype=dtype)


def _arithmetic(face: Frames, node: Node) -> pl.Expr:
    one, other = (face.wide(a, node.wide) for a in node.args)
    match node.op:
        case "add":
            return one + other
        case "sub":
            return one - other
    return one * other


def _scaled(face: Frames, node: Node) -> pl.Expr:
    import polars as pl

    if node.data == 1:
        return face.wide(node.args[0], node.wide)
    factor = pl.lit(node.data, dtype=pl.Int128 if node.wide else pl.Int64)
    return face.wide(node.args[0], node.wide) * factor


def _compare(face: Frames, node: Node) -> pl.Expr:
    wide = any(a.wide for a in node.args)
    one, other = (face.wide(a, wide) for a in node.args)
    found: pl.Expr = getattr(one, _COMPARE[node.op])(other)
    return found


def _joined(face: Frames, node: Node) -> pl.Expr:
    parts = [face.of(a) for a in node.args]
    if node.op == "and":
        return reduce(lambda a, b: a & b, parts)
    return reduce(lambda a, b: a | b, parts)


def _if(face: Frames, node: Node) -> pl.Expr:
    import polars as pl

    condition, then, otherwise = node.args
    one = face.wide(then, node.wide)
    chosen = pl.when(face.of(condition)).then(one)
    return chosen.otherwise(face.wide(otherwise, node.wide))


def _coalesce(face: Frames, node: Node) -> pl.Expr:
    told, otherwise = (face.wide(a, node.wide) for a in node.args)
    return told.fill_null(otherwise)


def _least(face: Frames, node: Node) -> pl.Expr:
    import polars as pl

    for bound, rest in (node.args, node.args[::-1]):
        if bound.op == "const" and rest.wide == node.wide == bound.wide:
            limit, free = face.of(bound), face.of(rest)
            return free.clip(upper_bound=limit) if node.op == "min" else free.clip(limit)
    one, other = (face.wide(a, any(b.wide for b in node.args)) for a in node.args)
    first = one <= other if node.op == "min" else one >= other
    if not node.nullable:
        found = pl.when(first).then(one).otherwise(other)
    else:  # the library's own least passes over nulls
        found = pl.when(first).then(one).when(~first).then(other).otherwise(None)
    return found.cast(pl.Int64) if node.kind == "number" and not node.wide else found


def _among(face: Frames, node: Node) -> pl.Expr:
    codes: Any = node.data
    item = face.of(node.args[0])
    if len(codes) > 1 and codes == tuple(range(codes[0], codes[-1] + 1)):
        below: pl.Expr = item <= codes[-1]
        return below if codes[0] <= node.args[0].lo else below & (item >= codes[0])
    each: list[pl.Expr] = [item == c for c in codes or (-1,)]
    return reduce(lambda a, b: a | b, each)


def _lookup(face: Frames, node: Node) -> pl.Expr:
    import polars as pl

    pairs: Any = node.data
    key = face.of(node.args[0])
    dtype: Any = {"number": pl.Int64, "date": pl.Int32, "code": pl.Int16}[node.kind]
    dtype = pl.Int128 if node.wide else dtype
    if not node.nullable:
        rest = usual(pairs)
        found = pl.lit(rest, dtype=dtype)
        pairs = [(code, value) for code, value in pairs if value != rest]
    else:
        found = pl.lit(None, dtype=dtype)
    for code, value in reversed(pairs):
        found = pl.when(key == code).then(pl.lit(value, dtype=dtype)).otherwise(found)
    return found


def _round(face: Frames, node: Node) -> pl.Expr:
    import polars as pl

    arg = node.args[0]
    assert isinstance(node.data, tuple)
    mode, cut = node.data
    unit = 10**cut
    wide = max(abs(arg.lo), abs(arg.hi)) + unit > NARROW
    kind: Any = pl.Int128 if wide else pl.Int64
    value, one = face.wide(arg, wide), pl.lit(unit, dtype=kind)
    if mode == "round_half_up":
        half = pl.lit(unit // 2, dtype=kind)
        found = (value + half) // one
        if arg.lo < 0:
            found = pl.when(value >= 0).then(found).otherwise(-((half - value) // one))
    elif mode == "round_down":
        found = value // one
    elif mode == "round_up":
        found = -((-value) // one)
    else:
        found = _to_even(value, one)
    return found if node.wide or not wide else found.cast(pl.Int64)


def _to_even(value: pl.Expr, unit: pl.Expr) -> pl.Expr:
    import polars as pl

    whole = value // unit
    rest = (value - whole * unit) * 2
    more = (rest > unit) | ((rest == unit) & (whole % 2 != 0))
    return whole + pl.when(more).then(1).otherwise(0)


def _divround(face: Frames, node: Node) -> pl.Expr:
    import polars as pl

    top, bottom = node.args
    reach = 2 * max(abs(b) for n in (top, bottom) for b in (n.lo, n.hi))
    wide = 2 * reach > NARROW
    above, below = face.wide(top, wide), face.wide(bottom, wide)
    if bottom.lo <= 0:
        above = pl.when(below < 0).then(-above).otherwise(above)
        below = pl.when(below == 0).then(None).otherwise(below.abs())
    match node.data:
        case "round_half_up":
            up = (above.abs() * 2 + below) // (below * 2)
            found = pl.when(above < 0).then(-up).otherwise(up)
        case "round_down":
            found = above // below
        case "round_up":
            found = -((-above) // below)
        case _:
            found = _to_even(above, below)
    return found if node.wide or not wide else found.cast(pl.Int64)


def _as_day(days: pl.Expr) -> pl.Expr:
    import polars as pl

    return days.cast(pl.Int32).cast(pl.Date)


def _calendar(face: Frames, node: Node) -> pl.Expr:
    import polars as pl

    day = face.of(node.args[0])
    if node.op == "month_start":
        return _as_day(day).dt.month_start().cast(pl.Int32)
    if node.op == "add_years":
        legal = (day.is_not_null()) & (_as_day(day).dt.year() + node.data).is_between(
            date.min.year, date.max.year
        )
        return pl.when(legal).then(_as_day(day).dt.offset_by(f"{node.data}y").cast(pl.Int32))
    assert isinstance(node.data, int)
    known = working_days(node.data)
    return day.replace_strict(
        list(known), list(known.values()), default=None, return_dtype=pl.Int32
    )


def _date(face: Frames, node: Node) -> pl.Expr:
    """Count the days up to a date by integers: from 1 March on, so that a leap day comes last."""
    import polars as pl

    year, month, day = (face.of(a) for a in node.args)
    early = month <= 2
    years = pl.when(early).then(year - 1).otherwise(year)
    since_march = pl.when(early).then(month + 9).otherwise(month - 3)
    days = years * 365 + years // 4 - years // 100 + years // 400
    return (days + (since_march * 153 + 2) // 5 + day - 719469).cast(pl.Int32)


def _days(face: Frames, node: Node) -> pl.Expr:
    import polars as pl

    one, other = (face.of(a) for a in node.args)
    if node.op == "plus_days":
        return (one.cast(pl.Int64) + other).cast(pl.Int32)
    return other.cast(pl.Int64) - one.cast(pl.Int64)


OPERATIONS: dict[str, Callable[[Frames, Node], pl.Expr]] = {
    "const": _constant,
    "null": _constant,
    **dict.fromkeys(("add", "sub", "mul"), _arithmetic),
    "scaled": _scaled,
    **dict.fromkeys(_COMPARE, _compare),
    **dict.fromkeys(("and", "or"), _joined),
    "not": lambda face, node: ~face.of(node.args[0]),
    "isnull": lambda face, node: face.of(node.args[0]).is_null(),
    "istrue": lambda face, node: face.of(node.args[0]).fill_null(False),
    "if": _if,
    "coalesce": _coalesce,
    **dict.fromkeys(("min", "max"), _least),
    "among": _among,
    "lookup": _lookup,
    "round": _round,
    "divround": _divround,
    **dict.fromkeys(("month_start", "add_years", "add_working_days"), _calendar),
    "date": _date,
    **dict.fromkeys(("plus_days", "days_between"), _days),
}
