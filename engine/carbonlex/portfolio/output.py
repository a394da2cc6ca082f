"""Verdicts of each row as Parquet: words, days and exact decimals, whole or not at all.

Batches are kept beside the output until all are judged: only then is it known how many decimals
a column needs. Columns are those of `judge.typed`, with `row` (of the data, from 1) beside the
keys, and `<duty>.reasons`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonlex.cases.formats import fail
from carbonlex.errors import Location
from carbonlex.portfolio.judge import Answered, typed
from carbonlex.portfolio.measures import slot_of
from carbonlex.portfolio.reading.prepared import ENTITIES, ENTITY, ROW, YEAR
from carbonlex.portfolio.reasons import OUTCOME, SUFFIX
from carbonlex.portfolio.subjects import KINDS, Slot, Subject
from carbonlex.portfolio.synth.label import KEY
from carbonlex.rulebook.vocabulary import Vocabulary

if TYPE_CHECKING:
    import polars as pl

PARQUET = ".parquet"
SYNTHETIC, NUMBER = "synthetic", "row"
_TEXTS = ("outcome", "norm", "fines", "reasons")


@dataclass
class Output:
    """Writes a file `.parquet` of entities, or a folder with one file for each table.

    Raises `FileExistsError` for a folder with something in it, and `OSError` where it cannot be
    written. `close` takes away what was kept beside it, also after a failure.
    """

    out: Path
    subjects: Mapping[Slot, Subject]
    vocabulary: Vocabulary
    said: Mapping[str, str]
    _batch: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    _kept: dict[str, list[Path]] = field(default_factory=dict)
    _scales: dict[str, dict[str, int | None]] = field(default_factory=dict)
    _beside: Path = field(init=False)

    def __post_init__(self) -> None:
        out = self.out
        if not self.single and out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise FileExistsError(out)
        if self.single and out.is_dir():
            raise IsADirectoryError(out)
        out.parent.mkdir(parents=True, exist_ok=True)
        self._beside = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))

    @property
    def single(self) -> bool:
        """Whether one file is written, of entities."""
        return self.out.suffix.lower() == PARQUET

    def add(self, answer: Answered, why: Mapping[str, pl.DataFrame]) -> None:
        """Take the rows of one group of a batch."""
        for table in answer.frames:
            if table == ENTITIES or not self.single:
                frame = self._columns(answer, table)
                if table in why:
                    frame = frame.join(why[table], on=ROW, how="left")
                self._batch.setdefault(table, []).append(frame)

    def cut(self) -> None:
        """End a batch: its rows, by entity and year as batches are, go to disk."""
        for table, frames in self._batch.items():
            scales = self._scales.setdefault(table, {})
            for frame in frames:
                for name, dtype in frame.schema.items():
                    scale = getattr(dtype, "scale", None)
                    before = scales.setdefault(name, scale)
                    if scale is not None and before is not None:
                        scales[name] = max(scale, before)
            rows = self._alike(frames, scales).sort(ENTITY, YEAR, ROW)
            kept = self._kept.setdefault(table, [])
            kept.append(self._beside / f"{table}-{len(kept)}{PARQUET}")
            rows.write_parquet(kept[-1], compression="lz4")
        self._batch = {}

    def finish(self, progress: Callable[[str, int, int], None] | None) -> tuple[Path, ...]:
        """Write what was taken and return the files."""
        whole = self._beside / "whole"
        whole.mkdir()
        done, total = 0, sum(map(len, self._kept.values()))
        for table, kept in self._kept.items():
            writer = None
            try:
                for path in kept:
                    rows = self._final(table, path)
                    if writer is None:
                        writer = self._writer(whole / f"{table}{PARQUET}", rows.schema)
                    writer.write_table(rows)
                    path.unlink()
                    done += 1
                    if progress is not None:
                        progress("write", done, total)
            finally:
                if writer is not None:
                    writer.close()
        if self.single:
            os.replace(whole / f"{ENTITIES}{PARQUET}", self.out)
            return (self.out,)
        if self.out.exists():
            self.out.rmdir()
        os.replace(whole, self.out)
        return tuple(self.out / f"{table}{PARQUET}" for table in self._kept)

    def close(self) -> None:
        """Take away what was kept beside the output."""
        shutil.rmtree(self._beside, ignore_errors=True)

    def _columns(self, answer: Answered, table: str) -> pl.DataFrame:
        """Return the columns of an answer that say something, each of the type of its name."""
        import polars as pl

        frame = typed(answer, table)
        keys = [c for c in (ENTITY, YEAR, ROW) if c in frame.columns]
        columns: list[pl.Expr] = []
        for name in answer.outputs:
            if name not in frame.columns or not says_something(name, self.subjects):
                continue
            dtype, column = self._type(name), pl.col(name)
            if dtype is None:  # a decimal, of the scale of its plan
                if not frame.schema[name].is_decimal():
                    column = pl.lit(None, dtype=pl.Decimal(38, 0))
            elif dtype in (pl.Date, pl.Boolean) and frame.schema[name] != dtype:
                column = pl.lit(None, dtype=dtype)  # known nowhere under this plan
            else:
                column = column.cast(dtype)
            columns.append(column.alias(name))
        return frame.select(*keys, *columns)

    def _type(self, name: str) -> Any:
        """Return the type of a column; None for a decimal."""
        import polars as pl

        _, dot, last = name.rpartition(".")
        if not dot:
            return pl.Boolean if self.vocabulary.terms[name].type == "boolean" else None
        if last == "due":
            return pl.Date
        if last == "assumed":
            return pl.Boolean
        return pl.String if last in _TEXTS else None

    def _alike(
        self, frames: Sequence[pl.DataFrame], scales: Mapping[str, int | None]
    ) -> pl.DataFrame:
        """Return frames as one, each decimal with the decimals that its column has by now."""
        import polars as pl

        try:
            scaled = [
                frame.with_columns(
                    pl.col(n).cast(pl.Decimal(38, s))
                    for n, s in scales.items()
                    if s is not None and n in frame.columns
                )
                for frame in frames
            ]
        except pl.exceptions.InvalidOperationError as error:
            words = (
                f"有一列超过 38 位：{error}",
                f"a column has more than 38 digits: {error}",
            )
            hint = ("减少数据的小数位数", "tell fewer decimals in the data")
            fail("range-exceeded", words, hint, Location(str(self.out)))
        return pl.concat(scaled, how="diagonal")

    def _final(self, table: str, path: Path) -> Any:
        """Return a batch as Arrow, with every column of its table."""
        import polars as pl

        scales = self._scales[table]
        frame = self._alike([pl.read_parquet(path)], scales)
        missing = {n: scale for n, scale in scales.items() if n not in frame.columns}
        frame = frame.with_columns(
            pl.lit(None, dtype=self._type(n) if s is None else pl.Decimal(38, s)).alias(n)
            for n, s in missing.items()
        )
        columns = [pl.col(ENTITY), pl.col(YEAR), pl.col(ROW).cast(pl.Int64).alias(NUMBER)]
        if KEY in self.said:
            columns.append(pl.lit(True).alias(SYNTHETIC))
        columns += [pl.col(n) for n in _ordered(scales)]
        return frame.select(columns).to_arrow(compat_level=pl.CompatLevel.oldest())

    def _writer(self, path: Path, schema: Any) -> Any:
        import pyarrow.parquet as pq

        writer = pq.ParquetWriter(path, schema, compression="zstd")
        writer.add_key_value_metadata(dict(self.said))
        return writer


def says_something(name: str, subjects: Mapping[Slot, Subject]) -> bool:
    """Return whether a column can say anything of a duty: no fine of what no fine follows."""
    duty, dot, last = name.rpartition(".")
    if not dot:
        return True
    kind = last.removesuffix("_low").removesuffix("_high")
    kind = "fine" if kind == "fines" else kind
    return kind not in KINDS or kind in subjects[slot_of(duty)].units


def _ordered(names: Mapping[str, object]) -> list[str]:
    """Return columns without the keys; the reasons of a duty beside its verdict."""
    found: list[str] = []
    for name in names:
        if name in (ENTITY, YEAR, ROW) or name.endswith(SUFFIX):
            continue
        found.append(name)
        if name.endswith(OUTCOME) and (why := name.removesuffix(OUTCOME) + SUFFIX) in names:
            found.append(why)
    return found
