"""Tables cut into ranges of entities, so that memory is bounded whatever the size of the data.

A cut is a filter on a scan: of a file sorted by entity only the groups of rows in it are read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonlex.cases.formats import fail
from carbonlex.errors import Location
from carbonlex.portfolio.reading.layout import Layout
from carbonlex.portfolio.reading.prepared import ENTITY, ROW, YEAR
from carbonlex.portfolio.reading.sources import guarded

if TYPE_CHECKING:
    import polars as pl

_SAMPLE = 50_000
_NAMED_ROWS = 10
_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Cut:
    """The entities after one and up to another, which is included; None: from or to the end."""

    after: int | str | None = None
    upto: int | str | None = None

    @property
    def whole(self) -> bool:
        """Whether it is all entities."""
        return self.after is None and self.upto is None


@dataclass(frozen=True)
class Keys:
    """What the keys of one table are like.

    Attributes:
        ordered: (entity, year) increases from row to row, so that no key comes twice.
        gathered: entities come in order, so that a cut is a stretch of the file.
        years: the first and the last; None where there are no rows.
        sample: the entity of every `every`-th row.
    """

    rows: int
    ordered: bool
    gathered: bool
    years: tuple[int, int] | None
    sample: pl.Series
    every: int

    def stretch(self, cut: Cut) -> tuple[int, int]:
        """Return a stretch of a gathered table that has the rows of a cut, and few others.

        It is the row that it begins with, from 0, and how many rows it has.
        """
        before, upto = 0, len(self.sample)
        if cut.after is not None:
            before = max(0, self.sample.search_sorted(cut.after, side="right") - 1)
        if cut.upto is not None:
            upto = self.sample.search_sorted(cut.upto, side="right")
        start = before * self.every
        return start, min(self.rows, upto * self.every) - start


def keys_of(layout: Layout) -> Keys:
    """Return what the keys of a table are like; raises `ContentError` for rows without a key."""
    import polars as pl

    claim = layout.source.footer.claims.get(YEAR)
    whole = layout.source.schema[YEAR].is_signed_integer()
    told = whole and claim is not None and not claim.nulls and claim.lo == claim.hi
    single = claim.lo if claim is not None and told else None
    every = max(1, layout.source.rows // _SAMPLE)
    ordered, gathered, rows = True, True, 0
    last: tuple[Any, ...] | None = None
    kinds = {ENTITY: pl.String if layout.text_keys else pl.Int64, YEAR: pl.Int32}
    samples = [pl.Series(ENTITY, [], kinds[ENTITY])]
    lost: list[tuple[str, int]] = []
    spans = [] if single is None else [single]
    with guarded(layout.source.file):
        for chunk in _chunks(layout, spans[0] if spans else None):
            for key in (ENTITY, YEAR):
                without = chunk.filter(pl.col(key).is_null())
                lost += [(key, row) for row in without[ROW].head(_NAMED_ROWS)]
            samples.append(chunk[ENTITY].gather_every(every, -rows % every))
            rows += chunk.height
            if single is None:
                spans += [y for y in (chunk[YEAR].min(), chunk[YEAR].max()) if isinstance(y, int)]
            gathered = gathered and not lost and _gathered(chunk, last)
            ordered = ordered and gathered and _ordered(chunk, last)
            last = chunk.row(-1)[:2] if chunk.height else last
    _refuse_lost(layout, lost)
    years = (min(spans), max(spans)) if spans and rows else None
    return Keys(rows, ordered, gathered, years, pl.concat(samples), every)


def cuts(keys: Sequence[Keys], rows: int) -> Iterator[Cut]:
    """Return cuts that together have every entity once, of about `rows` rows over all tables."""
    import polars as pl

    if sum(k.rows for k in keys) <= rows:
        yield Cut()
        return
    weighed = [
        pl.DataFrame({ENTITY: k.sample}).with_columns(pl.lit(k.every).alias("rows")) for k in keys
    ]
    heavy = pl.concat(weighed).group_by(ENTITY).agg(pl.col("rows").sum()).sort(ENTITY)
    place = pl.col("rows").cum_sum() // rows
    ends = heavy.group_by(place.alias("place"), maintain_order=True).agg(pl.col(ENTITY).last())
    after = None
    for upto in ends[ENTITY].head(-1):
        yield Cut(after, upto)
        after = upto
    yield Cut(after)


def within(layout: Layout, keys: Keys, cut: Cut) -> pl.LazyFrame:
    """Return a scan of the rows of a table whose entities are in a cut, in the file's order.

    Of a Parquet file the groups of rows say whether they may have any; of one written here, where
    entities stand in order, it is known between which rows they are.
    """
    import polars as pl

    scan = layout.source.scan()
    if layout.source.arrow and not layout.source.numbered and keys.gathered and not cut.whole:
        scan = scan.slice(*keys.stretch(cut))
    entity = pl.col(ENTITY) if layout.plain_keys else layout.keys()[0]
    if cut.after is not None:
        scan = scan.filter(entity > cut.after)
    if cut.upto is not None:
        scan = scan.filter(entity <= cut.upto)
    return scan


def slices(scan: pl.LazyFrame, rows: int, step: int) -> Iterator[pl.DataFrame]:
    """Return a scan of so many rows in slices: `collect_batches` would run ahead without bound."""
    for start in range(0, rows, step):
        yield scan.slice(start, step).collect()


def _chunks(layout: Layout, year: int | None) -> Iterator[pl.DataFrame]:
    import polars as pl

    entity, told = layout.keys()
    years = told if year is None else pl.lit(year, dtype=pl.Int32)
    wanted = layout.source.scan().select(entity.alias(ENTITY), years.alias(YEAR), pl.col(ROW))
    yield from slices(wanted, layout.source.rows, _AT_ONCE)


def _gathered(chunk: pl.DataFrame, last: tuple[Any, ...] | None) -> bool:
    if not chunk.height:
        return True
    return chunk[ENTITY].is_sorted() and (last is None or last[0] <= chunk[ENTITY][0])


def _ordered(chunk: pl.DataFrame, last: tuple[Any, ...] | None) -> bool:
    import polars as pl

    if not chunk.height:
        return True
    entity, year = pl.col(ENTITY), pl.col(YEAR)
    later = (entity == entity.shift(1)) & (year > year.shift(1))
    rises = chunk.select(((entity > entity.shift(1)) | later).slice(1).all()).item()
    return bool(rises and (last is None or last < chunk.row(0)[:2]))


def _refuse_lost(layout: Layout, lost: list[tuple[str, int]]) -> None:
    for key in (ENTITY, YEAR):
        rows = ", ".join(str(row) for name, row in lost if name == key)
        if rows:
            zh, en = f"这些行没有可读的 {key}：{rows}", f"rows without a readable {key}: {rows}"
            hint = ("每行都要有 entity 与 year", "every row has entity and year")
            fail("portfolio-key", (zh, en), hint, Location(layout.source.file, 0, key))
