"""Data of many entities opened: what a plan may rely on, what is wrong, and batches to compute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.cases.formats import fail
from carbonlex.errors import Location
from carbonlex.portfolio.reading.digest import digest_of
from carbonlex.portfolio.reading.layout import Layout, layouts_of
from carbonlex.portfolio.reading.prepared import (
    BAD,
    ENTITIES,
    ENTITY,
    ROW,
    YEAR,
    Batch,
    Column,
    Problem,
    Table,
)
from carbonlex.portfolio.reading.profile import ProblemKey, Profile, profile_of
from carbonlex.portfolio.reading.ranges import Keys, cuts, keys_of
from carbonlex.portfolio.reading.reader import Wanted, read_table, refuse_statistics
from carbonlex.portfolio.reading.scatter import by_cut
from carbonlex.portfolio.reading.sources import (
    Progress,
    Scratch,
    guarded,
    input_files,
    open_sources,
)
from carbonlex.portfolio.reading.structure import misfits
from carbonlex.portfolio.schema import tables
from carbonlex.rulebook.vocabulary import Vocabulary

if TYPE_CHECKING:
    import polars as pl

_BETWEEN_ROWS = ("always-differs", "count-differs")  # codes that no cell shows by itself


@dataclass(frozen=True)
class Dataset:
    """Data of many entities, opened and looked over.

    Attributes:
        tables: what a plan may rely on, by table, `entities` first.
        problems: the first 1,000 cells that could not be taken, by table and row;
            `problem_counts` has all, by table, column and code.
        years: the first and the last compliance year; `single_year`: they are one.
        digest: of the files, as `digest_of` makes it.
        proof_columns: by table, the columns whose bounds rest on the file's footer alone. Every
            batch is held against them.
    """

    tables: Mapping[str, Table]
    problems: tuple[Problem, ...]
    problem_counts: Mapping[ProblemKey, int]
    years: tuple[int, int]
    single_year: bool
    digest: str
    proof_columns: Mapping[str, tuple[str, ...]]
    _layouts: tuple[Layout, ...]
    _keys: tuple[Keys, ...]
    _scratch: Scratch

    def batches(self, rows: int) -> Iterator[Batch]:
        """Return the data in batches of about `rows` rows over all tables, entities in order.

        All rows of an entity are in one batch. Raises `ContentError` of code
        `portfolio-statistics` where a file is not what its footer says, and `file-unreadable`.
        """
        read = [0] * len(self._layouts)
        parts = [*cuts(self._keys, rows)]
        for cut, layouts in by_cut(self._layouts, self._keys, parts, self._scratch):
            frames: dict[str, pl.DataFrame] = {}
            found: list[pl.DataFrame] = []
            for place, (layout, keys) in enumerate(zip(layouts, self._keys, strict=True)):
                frame, problems = read_table(layout, keys, cut, self._wanted(layout))
                read[place] += frame.height
                frames[layout.name] = frame
                found += problems
            if self._misfitting:
                proved = self.tables[ENTITIES].columns
                ordered, years = self._keys[0].ordered, not self.single_year
                found += misfits(self._layouts, frames, proved, ordered=ordered, years=years)
            frames[ENTITIES] = self._entities(frames[ENTITIES], found)
            batch = Batch(frames, self.tables)
            verify(self, batch)
            if frames[ENTITIES].height:
                yield batch
        for layout, key, seen in zip(self._layouts, self._keys, read, strict=True):
            if seen != key.rows:
                # Groups of rows were left out for what the footer says of their entities.
                refuse_statistics(layout.source.file, ENTITY, f"{seen} ≠ {key.rows}")

    @property
    def _misfitting(self) -> bool:
        return any(
            column in (ENTITY, YEAR) or code in _BETWEEN_ROWS
            for _, column, code in self.problem_counts
        )

    def _wanted(self, layout: Layout) -> Wanted:
        columns = self.tables[layout.name].columns
        types = {name: layout.cells[name].dtype(column) for name, column in columns.items()}
        faulty = {column for table, column, _ in self.problem_counts if table == layout.name}
        return Wanted(types, [name for name in types if name in faulty])

    def _entities(self, frame: pl.DataFrame, found: Sequence[pl.DataFrame]) -> pl.DataFrame:
        import polars as pl

        if not self._keys[0].ordered:
            frame = frame.sort(ENTITY, YEAR, ROW)
        if not found:
            return frame.with_columns(pl.lit(False).alias(BAD))
        bad = pl.concat([problems[ENTITY] for problems in found]).unique()
        return frame.with_columns(pl.col(ENTITY).is_in(bad.implode()).alias(BAD))


def open_dataset(
    path: Path, vocabulary: Vocabulary, *, progress: Progress | None = None
) -> Dataset:
    """Return data opened and looked over; `progress` gets what is done, how many rows, of how many.

    Raises `ContentError` for what makes data unreadable as a whole: files, tables and columns
    that there cannot be, rows without a key. What is wrong with single rows is in `problems`.
    """
    schemas, scratch = tables(vocabulary), Scratch()
    sources = open_sources(path, [*schemas], scratch, progress)
    found = layouts_of(sources, schemas, vocabulary)
    keys = tuple(keys_of(layout) for layout in found)
    years = keys[0].years
    if years is None:
        words = ("entities 表没有行", "the table entities has no rows")
        hint = ("每个单位每个年度写一行", "write a row per entity and year")
        fail("record-malformed", words, hint, Location(found[0].source.file))
    profile = profile_of(found, keys, scratch, progress)
    with guarded(str(path)):
        digest = digest_of(input_files(path))
    return Dataset(
        tables={
            layout.name: _table(layout, key, profile)
            for layout, key in zip(found, keys, strict=True)
        },
        problems=profile.problems,
        problem_counts=profile.counts,
        years=years,
        single_year=years[0] == years[1],
        digest=digest,
        proof_columns=profile.proofs,
        _layouts=found,
        _keys=keys,
        _scratch=scratch,
    )


def verify(dataset: Dataset, batch: Batch) -> None:
    """Hold a batch against what footers say of its columns; `Dataset.batches` does so for each.

    Raises `ContentError` of code `portfolio-statistics`: with other bounds than those it was
    compiled for, a plan could give a wrong number.
    """
    for layout in dataset._layouts:
        names, frame = dataset.proof_columns[layout.name], batch.frames[layout.name]
        columns = [dataset.tables[layout.name].columns[name] for name in names]
        if layout.name == ENTITIES:
            columns.append(Column(YEAR, "count", 0, *dataset.years, nullable=False))
        bounds = _bounds(frame, [column.name for column in columns if column.kind != "boolean"])
        for column in columns:
            lo, hi = bounds.get(column.name, (None, None))
            nulls = frame[column.name].null_count()
            if _contradicts(column, lo, hi, nulls):
                said = f"{column.lo}–{column.hi}, {lo}–{hi}, null {nulls}"
                refuse_statistics(layout.source.file, column.name, said)


def _bounds(frame: pl.DataFrame, names: Sequence[str]) -> Mapping[str, tuple[int, int]]:
    import polars as pl

    if not names or not frame.height:
        return {}
    least, most = pl.col(names).min(), pl.col(names).max()
    found = frame.select(least.name.prefix("<"), most.name.prefix(">")).row(0)
    ends = zip(found[: len(names)], found[len(names) :], strict=True)
    return dict(zip(names, ends, strict=True))


def _contradicts(column: Column, lo: int | None, hi: int | None, nulls: int) -> bool:
    if nulls and not column.nullable:
        return True
    if lo is None or hi is None or column.kind == "boolean":
        return False
    return column.lo is None or column.hi is None or lo < column.lo or hi > column.hi


def _table(layout: Layout, keys: Keys, profile: Profile) -> Table:
    most = profile.most.get(layout.name, 0)
    return Table(layout.schema.record, profile.columns[layout.name], keys.rows, most)
