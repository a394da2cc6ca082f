"""The rows that a reform changes, as one Parquet file: a line for each verdict or value.

Columns: `entity`, `year`, `row` (of the data, from 1), `record` (empty: the entity itself), `name`
of the duty or concept, `before` and `after` in words, and each kind of amount before and after,
as exact decimals; null is none, or not known. Whole or not at all.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonlex.cases.formats import fail
from carbonlex.errors import Location
from carbonlex.portfolio.flips import Flip
from carbonlex.portfolio.judge import exact_decimal
from carbonlex.portfolio.measures import slot_of
from carbonlex.portfolio.moving import Amount, End
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.output import NUMBER, PARQUET, SYNTHETIC
from carbonlex.portfolio.pairs import FROM, TO, Concept, code_of
from carbonlex.portfolio.reading.prepared import ENTITIES, ENTITY, ROW, YEAR
from carbonlex.portfolio.subjects import KINDS, SANCTIONS
from carbonlex.portfolio.synth.label import KEY

if TYPE_CHECKING:
    import polars as pl

RECORD, NAME, BEFORE, AFTER, VALUE = "record", "name", "before", "after", "value"
_WORDS = (RECORD, NAME, BEFORE, AFTER)


def amount_columns() -> tuple[str, ...]:
    """Return the columns of amounts, in their order.

    >>> amount_columns()[:4]
    ('value_before', 'value_after', 'gap_before', 'gap_after')
    """
    kinds = [(f"{k}_low", f"{k}_high") if k in SANCTIONS else (k,) for k in KINDS]
    ends = [VALUE, *(end for kind in kinds for end in kind)]
    return tuple(f"{end}_{side}" for end in ends for side in (BEFORE, AFTER))


@dataclass
class ChangedRows:
    """Writes the rows that differ, batch by batch; `close` takes away what was kept beside."""

    out: Path
    said: Mapping[str, str]
    _batch: list[pl.DataFrame] = field(default_factory=list)
    _kept: list[Path] = field(default_factory=list)
    _scales: dict[str, int] = field(default_factory=dict)
    _beside: Path = field(init=False)

    def __post_init__(self) -> None:
        if self.out.is_dir():
            raise IsADirectoryError(self.out)
        self.out.parent.mkdir(parents=True, exist_ok=True)
        self._beside = Path(tempfile.mkdtemp(prefix=f".{self.out.name}-", dir=self.out.parent))

    def duty(self, frame: pl.DataFrame, table: str, duty: str, kinds: Sequence[Amount]) -> None:
        """Take the rows of which a verdict flips or an amount moves."""
        import polars as pl

        codes = [code_of(frame, duty, at) for at in (0, 1)]
        marked = frame.with_columns(c.alias(n) for c, n in zip(codes, (FROM, TO), strict=True))
        sides = [pl.col(FROM), pl.col(TO)]
        flips = [_pair(at) for at in range(len(OUTCOMES) ** 2)]
        flipped = [at for at, flip in enumerate(flips) if flip.flipped]
        pair = sides[0].cast(pl.Int16) * len(OUTCOMES) + sides[1]
        changed = [pair.is_in(flipped), *(_moves(kind, sides) for kind in kinds)]
        rows = marked.filter(pl.any_horizontal(changed))
        if rows.height:
            words = [
                side.replace_strict(
                    list(range(len(OUTCOMES))), list(OUTCOMES), return_dtype=pl.String
                )
                for side in sides
            ]
            record = table if table != ENTITIES else slot_of(duty).record
            ends = [e for kind in kinds for e in _ends(kind, duty)]
            self._take(rows, record, slot_of(duty).duty, words, ends)

    def concept(self, frame: pl.DataFrame, concept: Concept) -> None:
        """Take the rows of which a concept has another value."""
        import polars as pl

        if concept.amount is None:
            rows = frame.with_columns(concept.values(frame))
            rows = rows.filter(pl.col(FROM).ne_missing(pl.col(TO)))
            words = [pl.col(c).cast(pl.String) for c in (FROM, TO)]
            ends: list[tuple[str, End]] = []
        else:
            none = [pl.lit(0, dtype=pl.Int8)] * 2
            rows = frame.filter(_moves(concept.amount, none))
            words = [pl.lit(None, dtype=pl.String)] * 2
            ends = [
                (f"{VALUE}_{side}", of[0])
                for side, of in zip((BEFORE, AFTER), concept.amount.ends, strict=True)
                if of
            ]
        if rows.height:
            self._take(rows, "", concept.name, words, ends)

    def _take(
        self,
        rows: pl.DataFrame,
        record: str,
        name: str,
        words: Sequence[pl.Expr],
        ends: Sequence[tuple[str, End]],
    ) -> None:
        import polars as pl

        columns = [
            pl.lit(record).alias(RECORD),
            pl.lit(name).alias(NAME),
            *(w.alias(n) for w, n in zip(words, (BEFORE, AFTER), strict=True)),
        ]
        for column, end in ends:
            self._scales[column] = max(self._scales.get(column, 0), end.scale)
            columns.append(exact_decimal(pl.col(end.name), end.scale).alias(column))
        self._batch.append(rows.select(ENTITY, YEAR, pl.col(ROW).cast(pl.Int64), *columns))

    def cut(self) -> None:
        """End a batch: its rows, in the order of the data, go to disk."""
        if self._batch:
            rows = self._alike(self._batch).sort(ENTITY, YEAR, ROW, maintain_order=True)
            self._kept.append(self._beside / f"{len(self._kept)}{PARQUET}")
            rows.write_parquet(self._kept[-1], compression="lz4")
            self._batch = []

    def finish(self, entity: Any, progress: Callable[[str, int, int], None] | None) -> Path:
        """Write what was taken; `entity` is the type of the names of entities."""
        import polars as pl
        import pyarrow.parquet as pq

        whole = self._beside / "whole"
        types = {c: pl.Decimal(38, self._scales.get(c, 0)) for c in amount_columns()}
        keys = {ENTITY: entity, YEAR: pl.Int32, ROW: pl.Int64}
        schema = {**keys, **dict.fromkeys(_WORDS, pl.String), **types}
        label = [pl.lit(True).alias(SYNTHETIC)] if KEY in self.said else []
        writer = None
        try:
            pieces: Iterator[pl.DataFrame] = (pl.read_parquet(path) for path in self._kept)
            for done, piece in enumerate((pl.DataFrame(schema=schema), *pieces)):
                rows = self._alike([pl.DataFrame(schema=schema), piece]).select(
                    ENTITY, YEAR, pl.col(ROW).alias(NUMBER), *label, *_WORDS, *types
                )
                arrow = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
                if writer is None:
                    writer = pq.ParquetWriter(whole, arrow.schema, compression="zstd")
                    writer.add_key_value_metadata(dict(self.said))
                writer.write_table(arrow)
                if progress is not None:
                    progress("write", done, len(self._kept))
        finally:
            if writer is not None:
                writer.close()
        os.replace(whole, self.out)
        return self.out

    def close(self) -> None:
        """Take away what was kept beside the output."""
        shutil.rmtree(self._beside, ignore_errors=True)

    def _alike(self, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
        """Return frames as one, each decimal with the decimals that its column has by now."""
        import polars as pl

        try:
            scaled = [
                frame.with_columns(
                    pl.col(n).cast(pl.Decimal(38, s))
                    for n, s in self._scales.items()
                    if n in frame.columns
                )
                for frame in frames
            ]
        except pl.exceptions.InvalidOperationError as error:
            words = (f"有一列超过 38 位：{error}", f"a column has more than 38 digits: {error}")
            hint = ("减少数据的小数位数", "tell fewer decimals in the data")
            fail("range-exceeded", words, hint, Location(str(self.out)))
        return pl.concat(scaled, how="diagonal")


def _pair(at: int) -> Flip:
    return Flip(OUTCOMES[at // len(OUTCOMES)], OUTCOMES[at % len(OUTCOMES)])


def _moves(kind: Amount, codes: Sequence[pl.Expr]) -> pl.Expr:
    """Return whether an amount differs, or is known on one side only."""
    one, other = (kind.known(at, code) for at, code in enumerate(codes))
    return (one & other & kind.differs()) | (one != other)


def _ends(kind: Amount, duty: str) -> Iterator[tuple[str, End]]:
    for side, ends in zip((BEFORE, AFTER), kind.ends, strict=True):
        for end in dict.fromkeys(ends):
            yield f"{end.name[:-1].removeprefix(duty + '.')}_{side}", end
