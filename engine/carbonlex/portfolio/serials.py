"""Serial numbers of a portfolio: followed by columns, and one by one only where some may clash.

Rows have `_low` and `_high`: the first and the last number in 128 bits, null where none is told,
and where they are longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonlex.errors import Code, Location
from carbonlex.ledger.movements import Movement
from carbonlex.ledger.serials import Serials
from carbonlex.portfolio.graph import EPOCH

if TYPE_CHECKING:
    import polars as pl

FIRST, LAST = "first_serial", "last_serial"
LOW, HIGH = "_low", "_high"
# Of the rows of a ledger in their order: which it is, the units that are alike, what it does.
AT, POOL, KIND, BRINGS = "_at", "_pool", "_kind", "_brings"
_NUMBERED, _BARE, _LATEST, _NEXT = "_numbered", "_bare", "_latest", "_next"
_END, _SINCE = "_end", "_since"


def readable() -> pl.Expr:
    """Return whether both numbers of a row are digits; null where they are not told."""
    import polars as pl

    digits = "^[0-9]+$"
    return pl.col(FIRST).str.contains(digits) & pl.col(LAST).str.contains(digits)


def with_numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """Return rows with `_low` and `_high`."""
    import polars as pl

    def number(name: str) -> pl.Expr:
        return pl.when(readable()).then(pl.col(name)).cast(pl.Int128, strict=False)

    return rows.with_columns(number(FIRST).alias(LOW), number(LAST).alias(HIGH))


def miscounted(rows: pl.DataFrame, quantity: str, scale: int) -> pl.Series:
    """Return which rows have serial numbers that are not as many as their tonnes.

    `quantity` is the column of integers in units of 1/10**scale.
    """
    import polars as pl

    unit, moved = 10**scale, pl.col(quantity)
    apart = (moved % unit != 0) | (moved // unit != pl.col(HIGH) - pl.col(LOW) + 1)
    long = pl.col(LOW).is_null() | pl.col(HIGH).is_null()
    told = readable().fill_null(False)
    apart = apart.fill_null(False) & told & ~long
    found = rows.select(apart.alias("apart"), (told & long).alias("long"))
    if not found["long"].any():
        return found["apart"]
    kept = rows.filter(found["long"]).select(FIRST, LAST, quantity).iter_rows()
    wrong = [(int(last) - int(first) + 1) * unit != told for first, last, told in kept]
    return found["apart"].scatter(found["long"].arg_true(), wrong)


def clashes(rows: pl.DataFrame, quantity: str, scale: int) -> Iterator[tuple[int, Code]]:
    """Yield `_at` and code of the rows that move units not held, or units used, sold or held.

    `rows` are whole ledgers, pool after pool, each in the order of its movements.
    """
    import polars as pl

    numbered = pl.col(FIRST).is_not_null() & (pl.col(quantity) != 0)
    rows = rows.with_columns(numbered.alias(_NUMBERED))
    suspects = _suspects(rows)
    ledgers: dict[int, Serials] = {}
    for row in rows.filter(pl.col(POOL).is_in(suspects.implode())).iter_rows(named=True):
        fault = ledgers.setdefault(row[POOL], Serials()).take(_movement(row, quantity, scale))
        if fault is not None:
            yield row[AT], fault.code


def _suspects(rows: pl.DataFrame) -> pl.Series:
    """Return the pools that are not clear at a glance.

    Clear is: what came in came in once, what went out went out once, and each range that went out
    lies within what had come in, or beside all of it where some had come in without numbers.
    """
    import polars as pl

    bare = (pl.col(BRINGS) & ~pl.col(_NUMBERED)).cum_max().over(POOL)
    told = rows.with_columns(bare.alias(_BARE)).filter(_NUMBERED)
    short = (pl.col(LOW) <= pl.col(HIGH)).fill_null(False)
    odd = told.filter(~short)
    told = told.filter(short).sort(POOL, LOW, ~pl.col(BRINGS))
    into, out = told.filter(BRINGS), told.filter(~pl.col(BRINGS))
    before = pl.col(HIGH).shift(1).over(POOL)
    twice = [side.filter(pl.col(LOW) <= before) for side in (into, out)]
    run = (pl.col(LOW) != before + 1).fill_null(True).cum_sum()
    into = into.with_columns(
        pl.col(HIGH).max().over(run).alias(_END), pl.col(AT).max().over(run).alias(_SINCE)
    )
    both = pl.concat([into, out], how="diagonal").sort(POOL, LOW, ~pl.col(BRINGS))
    came = pl.when(BRINGS).then(pl.struct(LOW, HIGH, AT, _END, _SINCE))
    out = both.with_columns(
        came.forward_fill().over(POOL).alias(_LATEST), came.backward_fill().over(POOL).alias(_NEXT)
    ).filter(~pl.col(BRINGS))
    latest, after = pl.col(_LATEST).struct, pl.col(_NEXT).struct
    # Of one range, or of ranges that follow on one another.
    within = (latest.field(HIGH) >= pl.col(HIGH)) & (latest.field(AT) < pl.col(AT))
    within |= (latest.field(_END) >= pl.col(HIGH)) & (latest.field(_SINCE) < pl.col(AT))
    beside = (latest.field(HIGH) < pl.col(LOW)).fill_null(True)
    beside &= (after.field(LOW) > pl.col(HIGH)).fill_null(True)
    unclear = out.filter(~(within.fill_null(False) | (beside & pl.col(_BARE))))
    return pl.concat([part[POOL] for part in (odd, *twice, unclear)]).unique()


def _movement(row: Mapping[str, Any], quantity: str, scale: int) -> Movement:
    serials = (int(row[FIRST]), int(row[LAST])) if row[_NUMBERED] else None
    return Movement(
        year=row["year"],
        index=row[AT],
        day=date.fromordinal(row["moved_on"] + EPOCH),
        kind=row[KIND],
        product="",
        vintage="",
        quantity=Fraction(row[quantity], 10**scale),
        serials=serials,
        price=None,
        borrowed=False,
        where=Location(""),
    )
