"""Child records of one kind row by row, whether they have a table or stand in wide columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonlex.errors import Code
from carbonlex.portfolio.available import Available, Held
from carbonlex.portfolio.reading.prepared import BAD, ENTITIES, ENTITY, ROW, YEAR
from carbonlex.portfolio.reading.structure import problem_rows
from carbonlex.portfolio.schema import COUNT
from carbonlex.rulebook.vocabulary import TermType

if TYPE_CHECKING:
    import polars as pl

PLACE = "_place"


@dataclass(frozen=True)
class Children:
    """Child records of one kind.

    Attributes:
        wide: whether they stand in columns of their entity.
        frame: `entity`, `year`, `_row` in the source, `_place` in the list of the year, and the
            facts asked for, null where not told.
        scale: numbers are integers in units of 1/10**scale.
    """

    record: str
    wide: bool
    frame: pl.DataFrame
    scale: int = 0

    def problems(
        self, faulty: pl.DataFrame, fact: str, code: Code | pl.Expr, value: pl.Expr
    ) -> Iterator[pl.DataFrame]:
        """Yield some of the rows as problems of the column in which a fact of theirs stands."""
        if not self.wide:
            yield problem_rows(faulty, self.record, fact, code, value)
            return
        for (place,), part in faulty.partition_by(PLACE, as_dict=True).items():
            yield problem_rows(part, ENTITIES, f"{self.record}.{place}.{fact}", code, value)


def children_of(
    frames: Mapping[str, pl.DataFrame],
    available: Available,
    record: str,
    facts: Mapping[str, TermType],
) -> Children:
    """Return the records of one kind of every entity of a batch that is not `_bad`.

    At most one of the facts is a number: one scale is kept.
    """
    import polars as pl

    sound = frames[ENTITIES].filter(~pl.col(BAD))
    number = next((fact for fact, kind in facts.items() if kind == "number"), "")
    if record in frames:
        held = available.children.get(record, {}).get(number, Held())
        rows = frames[record].join(sound.select(ENTITY), on=ENTITY, how="semi")
        place = pl.col(ROW).cast(pl.Int64).alias(PLACE)
        columns = [_told(rows, fact, fact, kind) for fact, kind in facts.items()]
        return Children(record, False, rows.select(ENTITY, YEAR, ROW, place, *columns), held.scale)
    count = f"{record}{COUNT}"
    most = sound[count].max() if count in sound.columns else 0
    slots = range(1, 1 + (most if isinstance(most, int) else 0))
    scales = [available.entity.get(f"{record}.{n}.{number}", Held()).scale for n in slots]
    scale = max(scales, default=0)
    parts = []
    for n, own in zip(slots, scales, strict=True):
        place = pl.lit(n, dtype=pl.Int64).alias(PLACE)
        columns = [_told(sound, f"{record}.{n}.{fact}", fact, k) for fact, k in facts.items()]
        part = sound.filter(pl.col(count) >= n).select(ENTITY, YEAR, ROW, place, *columns)
        if own < scale:
            part = part.with_columns(pl.col(number).cast(pl.Int128) * 10 ** (scale - own))
        parts.append(part)
    none = sound.clear().select(ENTITY, YEAR, ROW)
    frame = pl.concat(parts, how="vertical_relaxed") if parts else none
    return Children(record, True, frame, scale)


def _told(frame: pl.DataFrame, name: str, fact: str, kind: TermType) -> pl.Expr:
    import polars as pl

    types = {"date": pl.Int32, "choice": pl.Int16, "number": pl.Int64, "boolean": pl.Boolean}
    untold = pl.lit(None, dtype=types.get(kind, pl.String))
    return (pl.col(name) if name in frame.columns else untold).alias(fact)
