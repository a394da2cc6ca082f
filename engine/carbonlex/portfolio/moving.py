"""Amounts of rows under two laws: sums on each side, and by how much they move.

Integers are exact: sums are at the scale of their side's plan, and whether two figures differ is
found without bringing one to the scale of the other, so that nothing can overflow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonlex.portfolio.flips import Flip, Moved
from carbonlex.portfolio.judge import Answered
from carbonlex.portfolio.measures import slot_of
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.subjects import KINDS, SANCTIONS, Kind, Slot, Subject

if TYPE_CHECKING:
    import polars as pl

SIDES = ("<", ">")
"""What the columns of a paired frame end with: before, after."""

_HALF = 10**19
_SETTLED = tuple(OUTCOMES.index(o) for o in (None, "complied", "not_applicable"))
_NO_SANCTION = (*_SETTLED, OUTCOMES.index("pending"))
_NEVER = tuple(range(len(OUTCOMES)))

Two = tuple[Answered, Answered]
Row = Mapping[str, Any]


class End(NamedTuple):
    """One end of an amount on one side: its column, and the scale of its integers."""

    name: str
    scale: int


@dataclass(frozen=True)
class Amount:
    """An amount on both sides: its columns, from and to.

    `ends` of a side are empty where that law attaches none, or none is known of any row; `nothing`
    are the verdicts of which it is nothing when it has no figure.
    """

    kind: str
    ends: tuple[tuple[End, ...], tuple[End, ...]]
    nothing: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())

    def columns(self, frame: pl.DataFrame, codes: Sequence[pl.Expr]) -> Iterator[pl.Expr]:
        """Yield the sums and counts of a group of rows; `codes` are its verdicts on each side."""
        import polars as pl

        known = [self.known(side, code) for side, code in enumerate(codes)]
        both = known[0] & known[1]
        for at, side in enumerate(SIDES):
            yield known[at].sum().cast(pl.Int64).alias(f"{self.kind}{side}rows")
            for end in dict.fromkeys(self.ends[at]):
                dtype, column = frame.schema[end.name], pl.col(end.name)
                yield from _summed(column, dtype, f"{self.kind} {end.name}")
                yield from _summed(column.filter(both), dtype, f"{self.kind} {end.name} both")
        yield both.sum().cast(pl.Int64).alias(f"{self.kind} both")
        yield (both & self.differs()).sum().cast(pl.Int64).alias(f"{self.kind} changed")

    def known(self, side: int, code: pl.Expr) -> pl.Expr:
        """Return of which rows it has a figure, or is nothing, under the law of a side."""
        import polars as pl

        told = [pl.col(e.name).is_not_null() for e in self.ends[side]]
        nothing = code.is_in(self.nothing[side])
        return nothing | pl.all_horizontal(told) if told else nothing

    def differs(self) -> pl.Expr:
        """Return of which rows that are known on both sides the figures differ, in either end."""
        import polars as pl

        one, other = self.ends
        if one and other:
            pairs = dict.fromkeys(zip(one, other, strict=True))
            return pl.any_horizontal(_differ(*pair) for pair in pairs)
        lone = [pl.col(e.name).fill_null(0) != 0 for e in dict.fromkeys((*one, *other))]
        return pl.any_horizontal(lone or [pl.lit(False)])

    def put(self, row: Row, flip: Flip, into: Moved) -> None:
        """Add the sums of a group of rows with the same verdicts."""
        both = row[f"{self.kind} both"]
        lost = []
        for at, side in enumerate((into.before, into.after)):
            known = row[f"{self.kind}{SIDES[at]}rows"]
            side.add(*self._sums(row, at, ""), known)
            # Of a day to come nothing is lacking that has no figure: it may be met already.
            lost.append(0 if flip[at] == "pending" else row["rows"] - known)
        one, other = (self._sums(row, at, " both") for at in (0, 1))
        into.moved.add(other[0] - one[0], other[1] - one[1], both)
        into.rows += row["rows"]
        into.open_before += lost[0]
        into.open_after += lost[1]
        into.changed += row[f"{self.kind} changed"]

    def _sums(self, row: Row, side: int, of: str) -> tuple[Fraction, Fraction]:
        found = [_total(row, f"{self.kind} {e.name}{of}", e.scale) for e in self.ends[side]]
        return (found[0], found[1]) if found else (Fraction(0), Fraction(0))


def amounts(
    both: Two, frame: pl.DataFrame, duty: str, subjects: Sequence[Mapping[Slot, Subject]]
) -> list[Amount]:
    """Return the kinds of amount that either law attaches to a duty."""
    found, slot = [], slot_of(duty)
    for kind in KINDS:
        has = [slot in of and kind in of[slot].units for of in subjects]
        if not any(has):
            continue
        settled = _NO_SANCTION if kind in SANCTIONS else _SETTLED
        names = _columns(duty, kind)
        ends = [
            ends_of(answer, frame, names, at) if has[at] else () for at, answer in enumerate(both)
        ]
        nothing = [settled if here else _NEVER for here in has]
        found.append(Amount(kind, (ends[0], ends[1]), (nothing[0], nothing[1])))
    return found


def _columns(duty: str, kind: Kind) -> tuple[str, str]:
    if kind in SANCTIONS:
        return f"{duty}.{kind}_low", f"{duty}.{kind}_high"
    return (f"{duty}.{kind}",) * 2


def ends_of(
    answer: Answered, frame: pl.DataFrame, names: tuple[str, str], side: int
) -> tuple[End, ...]:
    """Return the columns of an amount on one side; none where no row has a figure."""
    import polars as pl

    columns = [name + SIDES[side] for name in names]
    if any(frame.schema.get(c, pl.Null()) == pl.Null for c in columns):
        return ()
    return tuple(End(c, answer.outputs[n].scale) for c, n in zip(columns, names, strict=True))


def _summed(column: pl.Expr, dtype: pl.DataType, name: str) -> Iterator[pl.Expr]:
    """Yield the sum of integers; of wide ones the sums of their halves, which cannot overflow."""
    import polars as pl

    wide = column.cast(pl.Int128)
    if dtype == pl.Int128:
        yield (wide // _HALF).sum().alias(f"{name}:upper")
        yield (wide % _HALF).sum().alias(name)
    else:
        yield wide.sum().alias(name)


def _total(row: Row, name: str, scale: int) -> Fraction:
    upper: int = row.get(f"{name}:upper") or 0
    return Fraction((row[name] or 0) + upper * _HALF, 10**scale)


def _differ(one: End, other: End) -> pl.Expr:
    """Return whether two columns of integers, each at its scale, have different values."""
    import polars as pl

    coarse, fine = sorted((one, other), key=lambda end: end.scale)
    values = [pl.col(end.name).fill_null(0) for end in (coarse, fine)]
    if coarse.scale == fine.scale:
        return values[0] != values[1]
    unit = pl.lit(10 ** (fine.scale - coarse.scale), dtype=pl.Int128)
    wide = values[1].cast(pl.Int128)
    return (values[0].cast(pl.Int128) != wide // unit) | (wide % unit != 0)
