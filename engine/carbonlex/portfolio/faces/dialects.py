"""Where SQL differs: wide integers, whole division, days. DuckDB and Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonlex.portfolio.faces.terms import bracketed
from carbonlex.portfolio.faces.working import working_days

if TYPE_CHECKING:
    from sqlglot import exp

DAY_ZERO = "1970-01-01"


class DuckDB:
    """DuckDB: HUGEINT for what is wide, `//` for whole division."""

    name = "duckdb"
    wide = "INT128"

    def divided(self, above: exp.Expr, below: exp.Expr, wide: bool) -> exp.Expr:
        """Return the whole quotient of two integers that are not negative."""
        from sqlglot import exp

        return exp.IntDiv(this=bracketed(above), expression=bracketed(below))

    def out(self, value: exp.Expr) -> exp.Expr:
        """Return a wide integer as a type that leaves the engine digit for digit."""
        from sqlglot import exp

        return exp.cast(value, "DECIMAL(38,0)")

    def day_of_month(self, days: exp.Expr) -> exp.Expr:
        """Return the day of the month of a day."""
        from sqlglot import exp

        return exp.func("day", self._date(days))

    def years_later(self, days: exp.Expr, count: int) -> exp.Expr:
        """Return the same day so many years later; 29 February falls back to the 28th."""
        from sqlglot import exp

        later = exp.Add(
            this=self._date(days),
            expression=exp.Interval(this=exp.Literal.string(str(count)), unit=exp.var("YEAR")),
        )
        zero = exp.cast(exp.Literal.string(DAY_ZERO), "DATE")
        return exp.Sub(this=exp.cast(later, "DATE"), expression=zero)

    def item(self, items: list[int | None], place: exp.Expr) -> exp.Expr:
        """Return the item of a list at a place, counted from 1."""
        from sqlglot import exp

        return exp.Anonymous(this="list_extract", expressions=[_array(items), place])

    def _date(self, days: exp.Expr) -> exp.Expr:
        from sqlglot import exp

        zero = exp.cast(exp.Literal.string(DAY_ZERO), "DATE")
        return exp.Paren(this=exp.Add(this=zero, expression=exp.cast(days, "INT")))


class Spark:
    """Spark: DECIMAL(38,0) for what is wide; its whole division of decimals gives BIGINT."""

    name = "spark"
    wide = "DECIMAL(38,0)"

    def divided(self, above: exp.Expr, below: exp.Expr, wide: bool) -> exp.Expr:
        """Return the whole quotient of two integers that are not negative."""
        from sqlglot import exp

        if not wide:
            return exp.IntDiv(this=bracketed(above), expression=bracketed(below))
        rest = exp.Mod(this=exp.Paren(this=above), expression=exp.Paren(this=below.copy()))
        whole = exp.Sub(this=exp.Paren(this=above.copy()), expression=exp.Paren(this=rest))
        # What is left divides without a rest, so that no digit of the quotient is rounded.
        return exp.cast(
            exp.Div(this=exp.Paren(this=whole), expression=exp.Paren(this=below.copy())), self.wide
        )

    def out(self, value: exp.Expr) -> exp.Expr:
        """Return a wide integer as a type that leaves the engine digit for digit."""
        return value

    def day_of_month(self, days: exp.Expr) -> exp.Expr:
        """Return the day of the month of a day."""
        from sqlglot import exp

        return exp.Anonymous(this="day", expressions=[self._date(days)])

    def years_later(self, days: exp.Expr, count: int) -> exp.Expr:
        """Return the same day so many years later; 29 February falls back to the 28th."""
        from sqlglot import exp

        months = exp.Literal.number(12 * count)
        later = exp.Anonymous(this="add_months", expressions=[self._date(days), months])
        return exp.Anonymous(this="unix_date", expressions=[later])

    def item(self, items: list[int | None], place: exp.Expr) -> exp.Expr:
        """Return the item of a list at a place, counted from 1."""
        from sqlglot import exp

        listed = exp.Anonymous(this="array", expressions=_numbers(items))
        return exp.Anonymous(this="element_at", expressions=[listed, exp.cast(place, "INT")])

    def _date(self, days: exp.Expr) -> exp.Expr:
        from sqlglot import exp

        return exp.Anonymous(this="date_from_unix_date", expressions=[exp.cast(days, "INT")])


Dialect = DuckDB | Spark


def _numbers(items: list[int | None]) -> list[exp.Expr]:
    from sqlglot import exp

    return [exp.null() if i is None else exp.Literal.number(i) for i in items]


def _array(items: list[int | None]) -> exp.Expr:
    from sqlglot import exp

    return exp.Array(expressions=_numbers(items))


def working_day(dialect: Dialect, days: exp.Expr, count: int, lo: int, hi: int) -> exp.Expr:
    """Return the day so many working days later, for days within bounds; null where unknown."""
    from sqlglot import exp

    known = working_days(count)
    inside = [d for d in known if lo <= d <= hi]
    if not inside:
        return exp.null()
    first, last = min(inside), max(inside)
    items = [known.get(d) for d in range(first, last + 1)]
    place = exp.Sub(this=exp.Paren(this=days), expression=exp.Literal.number(first - 1))
    within = exp.Between(
        this=days.copy(), low=exp.Literal.number(first), high=exp.Literal.number(last)
    )
    return exp.Case().when(within, dialect.item(items, place))
