"""What one cell cannot show: keys told twice, records of nobody, counts that are not the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.errors import Code
from carbonlex.portfolio.reading.cells import Cells
from carbonlex.portfolio.reading.layout import Layout
from carbonlex.portfolio.reading.prepared import ENTITIES, ENTITY, ROW, YEAR, Column
from carbonlex.portfolio.schema import COUNT

if TYPE_CHECKING:
    import polars as pl

_KEYS = [ENTITY, YEAR]
_FOUND = "_found"


def structural_columns(
    layouts: Sequence[Layout], proved: Mapping[str, Column], years: bool
) -> Iterator[str]:
    """Return the columns of `entities` that the checks of structure read.

    `proved`: what the file's footer says of them; `years`: whether there may be several.
    """
    entities = layouts[0]
    if years:
        yield from (cells.name for cells in _always(entities))
    for name in entities.cells:
        record = name.removesuffix(COUNT)
        if name.endswith(COUNT) and record not in entities.slots:
            yield name
    for record, slots in entities.slots.items():
        count = f"{record}{COUNT}"
        open_slots = [*_open_slots(slots, proved.get(count))]
        if open_slots or not _covered(slots, proved.get(count)):
            yield count
        for number in open_slots:
            yield from slots[number]


def misfits(
    layouts: Sequence[Layout],
    frames: Mapping[str, pl.DataFrame],
    proved: Mapping[str, Column],
    *,
    ordered: bool,
    years: bool,
) -> Iterator[pl.DataFrame]:
    """Return what does not fit together in the frames of a batch, each with the rows concerned.

    The frames of problems have entity, table, row, column, code and value.
    """
    entities, frame = layouts[0], frames[ENTITIES]
    yield from _years(frame)
    if not ordered:
        yield from _repeated(frame)
    if years:
        yield from _changing(frame, _always(entities))
    for layout in layouts[1:]:
        yield from _children(layout, frame, frames[layout.name])
    children = {layout.name for layout in layouts[1:]}
    for name in entities.cells:
        record = name.removesuffix(COUNT)
        if name.endswith(COUNT) and record not in children and record not in entities.slots:
            yield from _problems(frame, name, "count-differs", _column(name) > 0)
    for record, slots in entities.slots.items():
        yield from _wide(frame, record, slots, proved.get(f"{record}{COUNT}"))


def most_rows(frame: pl.DataFrame) -> int:
    """Return how many rows of a child table one entity has of one year, at most."""
    most = frame.group_by(_KEYS).len()["len"].max()
    return most if isinstance(most, int) else 0


def problem_rows(
    frame: pl.DataFrame, table: str, column: str, code: Code | pl.Expr, value: pl.Expr
) -> pl.DataFrame:
    """Return the rows of a frame as problems of one column."""
    import polars as pl

    return frame.select(
        pl.col(ENTITY),
        pl.lit(table).alias("table"),
        pl.col(ROW).cast(pl.Int64).alias("row"),
        pl.lit(column).alias("column"),
        (pl.lit(code) if isinstance(code, str) else code).alias("code"),
        value.cast(pl.String).fill_null("").str.slice(0, 80).alias("value"),
    )


def _problems(
    frame: pl.DataFrame, column: str, code: Code, wrong: pl.Expr
) -> Iterator[pl.DataFrame]:
    found = frame.filter(wrong)
    if found.height:
        yield problem_rows(found, ENTITIES, column, code, _column(column))


def _years(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    yield from _problems(
        frame, YEAR, "date-impossible", ~_column(YEAR).is_between(FIRST_YEAR, LAST_YEAR)
    )


def _repeated(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    import polars as pl

    keys = pl.struct(_KEYS)
    yield from _problems(frame, ENTITY, "duplicate-key", keys.is_duplicated())


def _changing(frame: pl.DataFrame, always: Iterable[Cells]) -> Iterator[pl.DataFrame]:
    import polars as pl

    same = _column(ENTITY) == _column(ENTITY).shift(1)
    ordered = frame.sort(ENTITY, YEAR, ROW)
    for cells in always:
        told = pl.col(cells.name)
        found = ordered.filter((same & told.ne_missing(told.shift(1))).fill_null(False))
        if cells.kind == "choice":
            codes = [*cells.of.choices]
            told = told.replace_strict(range(len(codes)), codes, return_dtype=pl.String)
        if found.height:
            yield problem_rows(found, ENTITIES, cells.name, "always-differs", told)


def _children(
    layout: Layout, entities: pl.DataFrame, frame: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    import polars as pl

    name = layout.name
    orphans = frame.join(entities, on=_KEYS, how="anti")
    if orphans.height:
        key = pl.format("{} {}", ENTITY, YEAR)
        yield problem_rows(orphans, name, ENTITY, "record-orphan", key)
    found = frame.group_by(_KEYS).agg(pl.len().alias(_FOUND), pl.col(ROW).min())
    most = layout.schema.max_count
    many = found.filter(pl.col(_FOUND) > most) if most else found.clear()
    if many.height:
        yield problem_rows(many, name, ENTITY, "range-exceeded", pl.col(_FOUND))
    count = f"{name}{COUNT}"
    if count in entities.columns:
        joined = entities.join(found.drop(ROW), on=_KEYS, how="left")
        differs = pl.col(count) != pl.col(_FOUND).fill_null(0)
        yield from _problems(joined, count, "count-differs", differs.fill_null(False))


def _wide(
    frame: pl.DataFrame,
    record: str,
    slots: Mapping[int, tuple[str, ...]],
    proved: Column | None,
) -> Iterator[pl.DataFrame]:
    import polars as pl

    count = f"{record}{COUNT}"
    open_slots = [*_open_slots(slots, proved)]
    if not open_slots and _covered(slots, proved):
        return
    told = pl.col(count)
    wrong = (told > max(slots)).fill_null(False)
    for number in open_slots:
        some = pl.any_horizontal(pl.col(name).is_not_null() for name in slots[number])
        wrong |= some & (told < number).fill_null(True)
    yield from _problems(frame, count, "count-differs", wrong)


def _always(entities: Layout) -> Iterator[Cells]:
    # Facts of child records have no period of their own: they stand in slots.
    for cells in entities.cells.values():
        if cells.of.period == "always" and cells.of.name == cells.name:
            yield cells


def _open_slots(slots: Mapping[int, tuple[str, ...]], count: Column | None) -> Iterator[int]:
    # Where the footer proves that every row has so many records, no look at them is due.
    sure = count.lo or 0 if count is not None and not count.nullable else 0
    yield from (number for number in slots if number > sure)


def _covered(slots: Mapping[int, tuple[str, ...]], count: Column | None) -> bool:
    return count is not None and (count.hi or 0) <= max(slots)


def _column(name: str) -> pl.Expr:
    import polars as pl

    return pl.col(name)
