"""Rows under two laws side by side: how many have which verdicts, values and states on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonlex.portfolio.flips import ConceptFlips, DutyFlips, Flip, Moved
from carbonlex.portfolio.measures import slot_of
from carbonlex.portfolio.moving import SIDES, Amount, Row, Two, ends_of
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.reading.prepared import BAD, ENTITIES, ENTITY, ROW, YEAR
from carbonlex.portfolio.reasons import OUTCOME

if TYPE_CHECKING:
    import polars as pl

PLACE = "_place"
"""The number of the group that a row belongs to."""

STATES = ("", "breached", "open")
"""What an entity-year is in all: in breach of something, else open in something, or neither."""

FROM, TO = "from", "to"
_BREACHED = OUTCOMES.index("breached")
_OPEN = tuple(OUTCOMES.index(o) for o in ("undetermined", "conflict"))


def paired(both: Two, table: str, places: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a table with the columns of both answers; `places` are of the entities.

    Rows stand in the order of the data, with `_place` and `_bad`. Columns end with their side;
    one that only one answer has is there once.
    """
    import polars as pl

    sides = [
        (answer.frames[table], end)
        for answer, end in zip(both, SIDES, strict=True)
        if table in answer.frames
    ]
    keys = sides[0][0].select(ENTITY, YEAR, ROW)
    if table == ENTITIES:
        frame = keys.hstack(places.select(PLACE, BAD))
    else:
        once = places.unique(ENTITY, keep="first", maintain_order=True)
        frame = keys.join(once, on=ENTITY, how="left", maintain_order="left")
    for side, end in sides:
        assert side[ROW].equals(keys[ROW]), "rows of two plans do not line up"
        columns = [c for c in side.columns if c not in keys.columns]
        frame = frame.hstack(side.select(pl.col(c).alias(c + end) for c in columns))
    return frame


def duties_of(both: Two, table: str) -> list[str]:
    """Return the duties of a table that no plan refuses, as columns name them."""
    refused = {*both[0].plan.refused, *both[1].plan.refused}
    names = (n for a in both if table in a.frames for n in a.frames[table].columns)
    duties = dict.fromkeys(n.removesuffix(OUTCOME) for n in names if n.endswith(OUTCOME))
    return [d for d in duties if slot_of(d).duty not in refused]


def concepts_of(both: Two) -> list[str]:
    """Return the concepts of the entity that a plan has and none refuses."""
    refused = {*both[0].plan.refused, *both[1].plan.refused}
    return [n for n in dict.fromkeys(n for a in both for n in a.plan.findings) if n not in refused]


def code_of(frame: pl.DataFrame, duty: str, side: int) -> pl.Expr:
    """Return the verdict of a side as a code; 0 where that law has no such duty."""
    import polars as pl

    name = f"{duty}{OUTCOME}{SIDES[side]}"
    return (pl.col(name) if name in frame.columns else pl.lit(0)).cast(pl.Int8)


def duty_sums(frame: pl.DataFrame, duty: str, kinds: Sequence[Amount]) -> pl.DataFrame:
    """Return what rows come to, by `_place` and the verdicts `from` and `to`."""
    import polars as pl

    marked = frame.with_columns(
        code_of(frame, duty, at).alias(name) for at, name in enumerate((FROM, TO))
    )
    codes = [pl.col(FROM), pl.col(TO)]
    columns = [c for kind in kinds for c in kind.columns(frame, codes)]
    rows = pl.len().cast(pl.Int64).alias("rows")
    return marked.group_by(PLACE, FROM, TO, maintain_order=True).agg(rows, *columns)


def put_duty(row: Row, kinds: Sequence[Amount], into: DutyFlips) -> None:
    """Add a row of `duty_sums`."""
    flip = Flip(OUTCOMES[row[FROM]], OUTCOMES[row[TO]])
    if flip == (None, None):
        return
    into.flips[flip] += row["rows"]
    for kind in kinds:
        kind.put(row, flip, into.amounts.setdefault(kind.kind, Moved()))


@dataclass(frozen=True)
class Concept:
    """A concept of the entity on both sides: a number, or a flag (`amount` is None)."""

    name: str
    amount: Amount | None

    def sums(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return what rows come to, by `_place` and, of a flag, its values `from` and `to`."""
        import polars as pl

        rows = pl.len().cast(pl.Int64).alias("rows")
        if self.amount is not None:
            none = [pl.lit(0, dtype=pl.Int8)] * 2
            columns = list(self.amount.columns(frame, none))
            return frame.group_by(PLACE, maintain_order=True).agg(rows, *columns)
        marked = frame.select(PLACE, *self.values(frame))
        return marked.group_by(PLACE, FROM, TO, maintain_order=True).agg(rows)

    def values(self, frame: pl.DataFrame) -> list[pl.Expr]:
        """Return a flag on both sides, as `from` and `to`."""
        import polars as pl

        names = [self.name + side for side in SIDES]
        held = [pl.col(n) if n in frame.columns else pl.lit(None) for n in names]
        return [v.cast(pl.Boolean).alias(a) for v, a in zip(held, (FROM, TO), strict=True)]

    def put(self, row: Row, into: ConceptFlips) -> None:
        """Add a row of `sums`."""
        if self.amount is None:
            into.states[row[FROM], row[TO]] += row["rows"]
        else:
            self.amount.put(row, Flip(None, None), into.amount)


def concept_pair(both: Two, frame: pl.DataFrame, name: str, *, number: bool) -> Concept:
    """Return a concept on both sides."""
    if not number:
        return Concept(name, None)
    one, other = (ends_of(answer, frame, (name, name), at) for at, answer in enumerate(both))
    return Concept(name, Amount(name, (one, other)))


def worst(tables: Sequence[tuple[pl.DataFrame, Sequence[str]]]) -> pl.DataFrame:
    """Return of each entity what it is in all, `from` and `to`: places in `STATES`.

    `tables` are paired frames with the duties of each.
    """
    import polars as pl

    parts = []
    for frame, duties in tables:
        columns: list[pl.Expr] = []
        for at, side in enumerate(SIDES):
            codes = [code_of(frame, d, at) for d in duties]
            broken = [c == _BREACHED for c in codes] or [pl.lit(False)]
            unsettled = [c.is_in(_OPEN) for c in codes] or [pl.lit(False)]
            columns += [
                pl.any_horizontal(broken).alias(f"broken{side}"),
                pl.any_horizontal(unsettled).alias(f"open{side}"),
            ]
        parts.append(frame.select(ENTITY, *columns))
    found = pl.concat(parts).group_by(ENTITY).agg(pl.all().any())
    states = [
        pl.when(f"broken{side}").then(1).when(f"open{side}").then(2).otherwise(0).alias(name)
        for side, name in zip(SIDES, (FROM, TO), strict=True)
    ]
    return found.select(ENTITY, *states)
