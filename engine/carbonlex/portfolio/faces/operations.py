"""Each operation of a plan as an SQL expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from carbonlex.portfolio.faces.dialects import working_day
from carbonlex.portfolio.faces.rounding import rounded, rounded_quotient
from carbonlex.portfolio.faces.terms import binary, bracketed, case, literal
from carbonlex.portfolio.graph import Node
from carbonlex.portfolio.lookup import usual

if TYPE_CHECKING:
    from sqlglot import exp

    from carbonlex.portfolio.faces.sql import Statement

_COMPARE = {"<": "LT", "<=": "LTE", ">": "GT", ">=": "GTE", "==": "EQ", "!=": "NEQ"}
_TYPES = {"number": "BIGINT", "date": "INT", "code": "SMALLINT", "boolean": "BOOLEAN"}


def _constant(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    if node.op == "null":
        return exp.cast(exp.null(), _TYPES.get(node.kind, "BIGINT"))
    if node.kind == "boolean":
        return exp.true() if node.data else exp.false()
    assert isinstance(node.data, int)
    if node.wide:
        return exp.cast(exp.Literal.string(str(node.data)), to.dialect.wide)
    return literal(node.data)


def _arithmetic(to: Statement, node: Node) -> exp.Expr:
    kind = {"add": "Add", "sub": "Sub", "mul": "Mul"}[node.op]
    one, other = (to.wide(a, node.wide) for a in node.args)
    return binary(kind, one, other)


def _scaled(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    assert isinstance(node.data, int)
    if node.data == 1:
        return to.wide(node.args[0], node.wide)
    by = literal(node.data)
    if node.wide:
        by = exp.cast(exp.Literal.string(str(node.data)), to.dialect.wide)
    return binary("Mul", to.wide(node.args[0], node.wide), by)


def _compare(to: Statement, node: Node) -> exp.Expr:
    return binary(_COMPARE[node.op], *(to.of(a) for a in node.args))


def _junction(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    parts = [to.of(a) for a in node.args]
    return exp.Paren(this=exp.and_(*parts) if node.op == "and" else exp.or_(*parts))


def _not(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    return exp.Not(this=bracketed(to.of(node.args[0])))


def _is_null(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    return exp.Paren(this=exp.Is(this=bracketed(to.of(node.args[0])), expression=exp.null()))


def _is_true(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    return exp.Coalesce(this=to.of(node.args[0]), expressions=[exp.false()])


def _if(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    condition, then, otherwise = node.args
    chosen = case((to.of(condition), to.wide(then, node.wide)))
    if otherwise.op != "null":
        chosen = chosen.else_(to.wide(otherwise, node.wide))
    # Of literals alone the type would be that of the smallest that holds them.
    plain = all(a.op in ("const", "null") for a in (then, otherwise))
    if plain and node.kind == "number" and not node.wide:
        return exp.cast(chosen, "BIGINT")
    return chosen


def _coalesce(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    told, otherwise = (to.wide(a, node.wide) for a in node.args)
    return exp.Coalesce(this=told, expressions=[otherwise])


def _least(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    first, second = ("LTE", "GT") if node.op == "min" else ("GTE", "LT")
    one, other = (to.wide(a, any(b.wide for b in node.args)) for a in node.args)
    if not node.nullable:
        kind = exp.Least if node.op == "min" else exp.Greatest
        found = kind(this=one, expressions=[other], ignore_nulls=True)
        narrowed = node.kind == "number" and not node.wide and any(a.wide for a in node.args)
        return exp.cast(found, "BIGINT") if narrowed else found
    chosen = case((binary(first, one, other), one.copy()))
    # The library's own least passes over nulls.
    return chosen.when(binary(second, one.copy(), other.copy()), other.copy())


def _among(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    codes: Any = node.data
    if len(codes) > 1 and codes == tuple(range(codes[0], codes[-1] + 1)):
        item, last = to.of(node.args[0]), literal(codes[-1])
        if codes[0] <= node.args[0].lo:
            return binary("LTE", item, last)
        return exp.Paren(this=exp.Between(this=item, low=literal(codes[0]), high=last))
    listed = [literal(c) for c in codes or (-1,)]
    return exp.In(this=to.of(node.args[0]), expressions=listed)


def _lookup(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    pairs: Any = node.data
    kind = to.dialect.wide if node.wide else _TYPES[node.kind]
    rest = None if node.nullable else usual(pairs)
    others = [(code, value) for code, value in pairs if value != rest]
    if rest is not None and not others:
        return exp.cast(_written(rest), kind)
    found = exp.Case(this=to.of(node.args[0]))
    for code, value in others:
        found = found.when(literal(code), _written(value), copy=False)
    return exp.cast(found if rest is None else found.else_(_written(rest)), kind)


def _written(value: int) -> exp.Expr:
    from sqlglot import exp

    small = -(2**63) <= value < 2**63
    return literal(value) if small else exp.Literal.string(str(value))


def _date(to: Statement, node: Node) -> exp.Expr:
    """Count the days up to a date by integers: from 1 March on, so that a leap day comes last."""
    from sqlglot import exp

    year, month, day = (exp.cast(to.of(a), "BIGINT") for a in node.args)
    early = binary("LTE", month, literal(2))
    years = case((early, binary("Sub", year, literal(1)))).else_(year.copy())
    march = case((early.copy(), binary("Add", month.copy(), literal(9))))
    march = march.else_(binary("Sub", month.copy(), literal(3)))

    def over(what: exp.Expr, by: int) -> exp.Expr:
        return to.dialect.divided(what.copy(), literal(by), False)

    days = binary("Mul", years, literal(365))
    for kind, by in (("Add", 4), ("Sub", 100), ("Add", 400)):
        days = binary(kind, days, over(years, by))
    inside = over(binary("Add", binary("Mul", march, literal(153)), literal(2)), 5)
    found = binary("Add", binary("Add", days, inside), day)
    return exp.cast(binary("Sub", found, literal(719469)), "INT")


def _calendar(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    arg = node.args[0]
    day = to.of(arg)
    if node.op == "month_start":
        of_month = to.dialect.day_of_month(day)
        return exp.cast(binary("Add", binary("Sub", day.copy(), of_month), literal(1)), "INT")
    assert isinstance(node.data, int)
    if node.op == "add_years":
        return exp.cast(to.dialect.years_later(day, node.data), "INT")
    return working_day(to.dialect, day, node.data, arg.lo, arg.hi)


def _days(to: Statement, node: Node) -> exp.Expr:
    from sqlglot import exp

    one, other = (exp.cast(to.of(a), "BIGINT") for a in node.args)
    if node.op == "plus_days":
        return exp.cast(binary("Add", one, other), "INT")
    return binary("Sub", other, one)


OPERATIONS: dict[str, Callable[[Any, Node], Any]] = {
    "const": _constant,
    "null": _constant,
    **dict.fromkeys(("add", "sub", "mul"), _arithmetic),
    "scaled": _scaled,
    **dict.fromkeys(_COMPARE, _compare),
    **dict.fromkeys(("and", "or"), _junction),
    "not": _not,
    "isnull": _is_null,
    "istrue": _is_true,
    "if": _if,
    "coalesce": _coalesce,
    **dict.fromkeys(("min", "max"), _least),
    "among": _among,
    "lookup": _lookup,
    "round": rounded,
    "divround": rounded_quotient,
    **dict.fromkeys(("month_start", "add_years", "add_working_days"), _calendar),
    **dict.fromkeys(("plus_days", "days_between"), _days),
    "date": _date,
}


def parts(to: Statement, node: Node) -> list[exp.Expr]:
    """Return what a fold aggregates: under `p` its value, under `u` how many are unknown."""
    from sqlglot import exp

    every = exp.Count(this=exp.Star())
    value, lost = f"p{node.id}", f"u{node.id}"
    if node.op == "count_rows":
        return [exp.alias_(every, value)]
    arg = node.args[0]
    each = to.wide(arg, node.wide)
    match node.op:
        case "any_row":
            found: exp.Expr = exp.LogicalOr(this=each)
        case "sum_rows":
            total = exp.Sum(this=each)
            found = exp.cast(total, to.dialect.wide if node.wide else "BIGINT")
        case "min_rows":
            found = exp.Min(this=each)
        case _:
            found = exp.Max(this=each)
    listed = [exp.alias_(found, value)]
    if arg.nullable and node.op in ("any_row", "sum_rows"):
        unknown = binary("Sub", every, exp.Count(this=each.copy()))
        listed.append(exp.alias_(unknown, lost))
    return listed


def folded(to: Statement, node: Node) -> exp.Expr:
    """Return a fold for an entity, which may have no child record."""
    from sqlglot import exp

    value = exp.column(f"p{node.id}", table="f")
    if node.op in ("min_rows", "max_rows"):
        return value
    empty = exp.false() if node.op == "any_row" else literal(0)
    found: exp.Expr = exp.Coalesce(this=value, expressions=[empty])
    if node.op == "count_rows" or not node.args[0].nullable:
        return found
    lost = exp.Coalesce(this=exp.column(f"u{node.id}", table="f"), expressions=[literal(0)])
    if node.op == "any_row":
        nothing = binary("EQ", lost, literal(0))
        return case((found, exp.true()), (nothing, exp.false()))
    return case((binary("EQ", lost, literal(0)), found))
