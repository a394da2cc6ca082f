"""What a plan may rely on in the data: proved by a file's footer, or found by looking.

Only what no footer proves is read: text and choices, doubles, cells of CSV, and what has to fit
together between rows and tables.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.errors import Code
from carbonlex.portfolio.reading.layout import Layout
from carbonlex.portfolio.reading.prepared import ENTITIES, Column, Problem
from carbonlex.portfolio.reading.proof import proved
from carbonlex.portfolio.reading.ranges import Keys, cuts
from carbonlex.portfolio.reading.reader import Wanted, read_table, refuse_statistics
from carbonlex.portfolio.reading.scatter import by_cut
from carbonlex.portfolio.reading.sources import Progress, Scratch
from carbonlex.portfolio.reading.structure import misfits, most_rows, structural_columns

if TYPE_CHECKING:
    import polars as pl

MAX_PROBLEMS = 1_000
_PIECE, _CELLS = 1_000_000, 4_000_000  # rows, and cells, that are read at a time at most

ProblemKey = tuple[str, str, Code]
"""Table, column and code: what problems are counted by."""


@dataclass(frozen=True)
class Profile:
    """What is known of the data.

    Attributes:
        columns: by table and name, with bounds that hold for every cell that could be taken.
        proofs: by table, the columns of which only the footer says so.
        most: by child table, how many rows one entity has of one year at most.
        problems: the first of them, by table and row; `counts` has all.
    """

    columns: Mapping[str, Mapping[str, Column]]
    proofs: Mapping[str, tuple[str, ...]]
    most: Mapping[str, int]
    problems: tuple[Problem, ...]
    counts: Mapping[ProblemKey, int]


def profile_of(
    layouts: Sequence[Layout], keys: Sequence[Keys], scratch: Scratch, progress: Progress | None
) -> Profile:
    """Return what is known of data, reading only what its files do not prove themselves."""
    sure = {layout.name: dict(_proved(layout)) for layout in layouts}
    single = keys[0].years is not None and keys[0].years[0] == keys[0].years[1]
    look = _Look(layouts, keys, sure, years=not single)
    if look.due:
        look.through(scratch, progress)
    columns = {
        layout.name: {
            name: sure[layout.name].get(name) or look.found(layout, name) for name in layout.cells
        }
        for layout in layouts
    }
    proofs = {table: tuple(of) for table, of in sure.items()}
    return Profile(columns, proofs, look.most, tuple(look.problems), dict(look.counts))


def _proved(layout: Layout) -> list[tuple[str, Column]]:
    footer = layout.source.footer
    found = ((name, proved(cells, footer)) for name, cells in layout.cells.items())
    return [(name, column) for name, column in found if column is not None]


@dataclass
class _Bounds:
    lo: int | None = None
    hi: int | None = None
    nulls: int = 0

    def widen(self, lo: object, hi: object, nulls: int) -> None:
        if isinstance(lo, int) and isinstance(hi, int):
            self.lo = lo if self.lo is None else min(self.lo, lo)
            self.hi = hi if self.hi is None else max(self.hi, hi)
        self.nulls += nulls


@dataclass
class _Look:
    layouts: Sequence[Layout]
    keys: Sequence[Keys]
    proved: Mapping[str, Mapping[str, Column]]
    years: bool
    bounds: dict[tuple[str, str], _Bounds] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    counts: Counter[ProblemKey] = field(default_factory=Counter)

    @property
    def due(self) -> bool:
        """Whether there is anything to look at."""
        first, last = self.keys[0].years or (FIRST_YEAR, LAST_YEAR)
        odd = not FIRST_YEAR <= first <= last <= LAST_YEAR
        wanted = any(self.wanted(layout).types for layout in self.layouts)
        return odd or wanted or len(self.layouts) > 1 or not self.keys[0].ordered

    def wanted(self, layout: Layout) -> Wanted:
        proved = self.proved[layout.name]
        names = [name for name in layout.cells if name not in proved]
        types: dict[str, pl.DataType | None] = dict.fromkeys(names)
        if layout.name == ENTITIES:
            for name in structural_columns(self.layouts, proved, self.years):
                if name in proved:
                    types[name] = layout.cells[name].dtype(proved[name])
        return Wanted(types, names)

    def through(self, scratch: Scratch, progress: Progress | None) -> None:
        """Read what is wanted, cut by cut."""
        done, total = [0] * len(self.layouts), sum(k.rows for k in self.keys)
        wanted = [self.wanted(layout) for layout in self.layouts]
        widest = max(len(of.types) for of in wanted)
        pieces = [*cuts(self.keys, min(_PIECE, _CELLS // (widest + 1)))]
        for cut, layouts in by_cut(self.layouts, self.keys, pieces, scratch):
            frames: dict[str, pl.DataFrame] = {}
            tables = zip(layouts, self.keys, wanted, strict=True)
            for place, (layout, keys, of) in enumerate(tables):
                frame, problems = read_table(layout, keys, cut, of)
                frames[layout.name] = frame
                done[place] += frame.height
                self.add(problems)
                self.widen(layout, frame, of)
            entities, ordered = self.proved[ENTITIES], self.keys[0].ordered
            self.add(misfits(self.layouts, frames, entities, ordered=ordered, years=self.years))
            if progress is not None:
                progress("check", sum(done), total)
        for layout, key, rows in zip(self.layouts, self.keys, done, strict=True):
            if rows != key.rows:
                refuse_statistics(layout.source.file, "entity", f"{rows} ≠ {key.rows}")

    def widen(self, layout: Layout, frame: pl.DataFrame, wanted: Wanted) -> None:
        """Take the values of a piece into the bounds of its columns."""
        if len(self.layouts) > 1 and layout.name != ENTITIES:
            self.most[layout.name] = max(self.most.get(layout.name, 0), most_rows(frame))
        for name in wanted.checked:
            of, column = self.bounds.setdefault((layout.name, name), _Bounds()), frame[name]
            integers = layout.cells[name].kind not in ("text", "boolean")
            lo, hi = (column.min(), column.max()) if integers else (None, None)
            of.widen(lo, hi, column.null_count())

    def add(self, found: Iterable[pl.DataFrame]) -> None:
        """Count problems and keep the first of them."""
        for frame in found:
            by = frame.group_by("table", "column", "code").len()
            for table, column, code, rows in by.iter_rows():
                self.counts[table, column, code] += rows
            told = frame.sort("row").head(MAX_PROBLEMS).drop("entity")
            self.problems += [Problem(**row) for row in told.iter_rows(named=True)]
        self.problems = sorted(self.problems, key=self.place)[:MAX_PROBLEMS]

    def place(self, problem: Problem) -> tuple[int, int, str]:
        """Return where a problem stands, to order problems by."""
        tables = [layout.name for layout in self.layouts]
        return tables.index(problem.table), problem.row, problem.column

    def found(self, layout: Layout, name: str) -> Column:
        """Return a column as looking at every cell has shown it."""
        of, cells = self.bounds.get((layout.name, name), _Bounds()), layout.cells[name]
        return Column(name, cells.kind, cells.scale, of.lo, of.hi, nullable=of.nulls > 0)
