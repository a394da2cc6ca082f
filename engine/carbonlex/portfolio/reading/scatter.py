"""A table whose rows stand in no order of entities, written once into a file per cut.

Otherwise every cut would have to read the whole table to find its rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonlex.portfolio.reading.layout import Layout
from carbonlex.portfolio.reading.prepared import ENTITY
from carbonlex.portfolio.reading.ranges import Cut, Keys, slices
from carbonlex.portfolio.reading.sources import Scratch, guarded

if TYPE_CHECKING:
    import polars as pl

FEW, MANY = 4, 500  # cuts: with fewer it does not pay, for more there are not enough open files
_AT_ONCE = 250_000  # rows
_PLACE = "!place"


def by_cut(
    layouts: Sequence[Layout], keys: Sequence[Keys], cuts: Sequence[Cut], scratch: Scratch
) -> Iterator[tuple[Cut, Sequence[Layout]]]:
    """Return each cut and the tables to read it from; a file of one cut goes when it was read."""
    worth = FEW <= len(cuts) <= MANY
    spread = {
        layout.name: _scattered(layout, cuts, scratch)
        for layout, key in zip(layouts, keys, strict=True)
        if worth and not key.gathered
    }
    for place, cut in enumerate(cuts):
        paths = {name: files[place] for name, files in spread.items()}
        yield cut, [_read_from(layout, paths.get(layout.name)) for layout in layouts]
        for path in paths.values():
            path.unlink(missing_ok=True)


def _read_from(layout: Layout, path: Path | None) -> Layout:
    if path is None or not path.exists():
        return layout
    return replace(layout, source=replace(layout.source, path=path, arrow=True, numbered=True))


def _scattered(layout: Layout, cuts: Sequence[Cut], scratch: Scratch) -> Sequence[Path]:
    import polars as pl
    import pyarrow as pa

    ends = pl.Series([cut.upto for cut in cuts[:-1]])
    paths = [scratch.fresh(layout.name) for _ in cuts]
    writers: dict[int, Any] = {}
    lz4 = pa.ipc.IpcWriteOptions(compression="lz4")
    with guarded(layout.source.file), ExitStack() as stack:
        for chunk in slices(layout.source.scan(), layout.source.rows, _AT_ONCE):
            for place, piece in _parts(chunk, layout.keys()[0], ends):
                told = piece.to_arrow()
                if place not in writers:
                    stream = pa.ipc.new_file(paths[place], told.schema, options=lz4)
                    writers[place] = stack.enter_context(stream)
                writers[place].write_table(told)
    return paths


def _parts(
    chunk: pl.DataFrame, entity: pl.Expr, ends: pl.Series
) -> Iterator[tuple[int, pl.DataFrame]]:
    places = ends.search_sorted(chunk.select(entity.alias(ENTITY))[ENTITY], side="left")
    placed = chunk.with_columns(places.alias(_PLACE))
    for (place,), piece in placed.partition_by(_PLACE, as_dict=True, include_key=False).items():
        yield int(place), piece
