"""One batch read: prepared frames, and the cells in it that could not be taken."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NoReturn

from carbonlex.cases.formats import fail
from carbonlex.cases.models import shown
from carbonlex.errors import Location
from carbonlex.portfolio.reading.cells import Cells
from carbonlex.portfolio.reading.layout import Layout
from carbonlex.portfolio.reading.prepared import ENTITY, ROW, YEAR
from carbonlex.portfolio.reading.ranges import Cut, Keys, within
from carbonlex.portfolio.reading.sources import guarded
from carbonlex.portfolio.reading.structure import problem_rows

if TYPE_CHECKING:
    import polars as pl

_RAW, _FAULT = "?", "!"  # what no column's name begins with


@dataclass(frozen=True)
class Wanted:
    """What is read of one table: the types of its columns, and which of them are checked.

    `types` has None for a column whose bounds are not known yet: it keeps the width it needs.
    """

    types: Mapping[str, pl.DataType | None]
    checked: Collection[str]


def read_table(
    layout: Layout, keys: Keys, cut: Cut, wanted: Wanted
) -> tuple[pl.DataFrame, Sequence[pl.DataFrame]]:
    """Return the prepared frame of a table in a cut, and the problems of its checked cells."""
    import polars as pl

    entity, year = layout.keys()
    columns = [entity.alias(ENTITY), year.alias(YEAR), pl.col(ROW)]
    for name, type_ in wanted.types.items():
        proved = type_ is not None and name not in wanted.checked
        value = layout.cells[name].value(proved=proved)
        if type_ is not None and proved:
            value = value.cast(type_)
        columns.append(value.alias(name))
    columns += [pl.col(name).alias(_RAW + name) for name in wanted.checked]
    engine: Literal["in-memory", "streaming"] = "in-memory" if cut.whole else "streaming"
    with guarded(layout.source.file):
        try:
            frame = within(layout, keys, cut).select(columns).collect(engine=engine)
            return _checked(layout, frame, wanted)
        except pl.exceptions.InvalidOperationError as error:
            refuse_statistics(layout.source.file, "", str(error))


def refuse_statistics(file: str, column: str, said: str) -> NoReturn:
    """Raise `ContentError`: the statistics of a file are not those of its contents."""
    short = shown(" ".join(said.split()))
    words = (f"文件自带的统计不实：{short}", f"the file's own statistics are wrong: {short}")
    hint = (
        "用会计算统计的程序重新写出该文件",
        "write the file again, with a program that computes statistics",
    )
    fail("portfolio-statistics", words, hint, Location(file, 0, column))


def _checked(
    layout: Layout, frame: pl.DataFrame, wanted: Wanted
) -> tuple[pl.DataFrame, Sequence[pl.DataFrame]]:
    import polars as pl

    if not wanted.checked:
        return frame, ()
    suspects = [name for name in wanted.checked if not _sound(layout.cells[name], frame)]
    frame = frame.with_columns(_fault(layout.cells[name]) for name in suspects)
    problems = []
    for name in suspects:
        faulty = frame.filter(pl.col(_FAULT + name).is_not_null())
        if faulty.height:
            code, cell = pl.col(_FAULT + name), pl.col(_RAW + name)
            problems.append(problem_rows(faulty, layout.name, name, code, cell))
    kept = []
    for name in wanted.checked:
        type_, value = wanted.types[name], pl.col(name)
        if name in suspects:
            value = pl.when(pl.col(_FAULT + name).is_null()).then(value).alias(name)
        kept.append(value if type_ is None else value.cast(type_))
    frame = frame.with_columns(kept)
    return frame.select(ENTITY, YEAR, ROW, *wanted.types), problems


def _sound(cells: Cells, frame: pl.DataFrame) -> bool:
    """Return whether no cell can be at fault: as many are read as were told, all within bounds."""
    value = frame[cells.name]
    if cells.kind == "text" or value.null_count() != frame[_RAW + cells.name].null_count():
        return False
    least, most = value.min(), value.max()
    lo, hi = cells.bounds
    if not (isinstance(least, int) and isinstance(most, int)):
        return True
    return (lo is None or lo <= least) and (hi is None or most <= hi)


def _fault(cells: Cells) -> pl.Expr:
    import polars as pl

    first = pl.lit(None, dtype=pl.String)
    for code, wrong in reversed(cells.faults(pl.col(_RAW + cells.name))):
        first = pl.when(wrong).then(pl.lit(code)).otherwise(first)
    return first.alias(_FAULT + cells.name)
