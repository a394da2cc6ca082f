"""What a file proves of its columns without a look at their cells."""

from __future__ import annotations

from carbonlex.portfolio.reading.cells import Cells
from carbonlex.portfolio.reading.footer import Footer
from carbonlex.portfolio.reading.prepared import Column


def proved(cells: Cells, footer: Footer) -> Column | None:
    """Return a column as the footer of its file proves it; None where a look at it is due.

    Of a choice the words are known, if all of them are choices: nothing else is read as one.
    Every batch is held against what is returned.
    """
    import polars as pl

    if cells.textual or cells.kind == "text":
        return None
    if cells.kind == "choice":
        return _chosen(cells, footer)
    claim = footer.claims.get(cells.name)
    exact = not isinstance(cells.raw, pl.Decimal) or cells.raw.scale <= cells.of.decimals
    if claim is None or not exact:
        return None
    if isinstance(cells.raw, pl.Float64 | pl.Null) or cells.raw.is_unsigned_integer():
        return None
    nullable = claim.nulls > 0
    if claim.lo is None or cells.kind == "boolean":
        return Column(cells.name, cells.kind, cells.scale, nullable=nullable)
    low, high = cells.bounds
    lo, hi = claim.lo, claim.hi
    if hi is None or (low is not None and lo < low) or (high is not None and hi > high):
        return None
    return Column(cells.name, cells.kind, cells.scale, lo, hi, nullable)


def _chosen(cells: Cells, footer: Footer) -> Column | None:
    told = footer.words.get(cells.name)
    places = {word: place for place, word in enumerate(cells.of.choices)}
    if told is None or not told.values <= places.keys():
        return None
    found = [places[word] for word in told.values]
    lo, hi = min(found, default=None), max(found, default=None)
    return Column(cells.name, cells.kind, cells.scale, lo, hi, nullable=told.nulls > 0)
