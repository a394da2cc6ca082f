"""Where data comes from: a folder, a Parquet or CSV file, a DuckDB file, all as files to scan.

CSV and DuckDB are copied once, in bounded pieces, to temporary files, which end with the object
that reads them. Nothing is fetched, no extension is loaded, no view is run.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.cases.formats import fail
from carbonlex.cases.models import shown
from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.portfolio.reading.footer import Footer, footer_of
from carbonlex.portfolio.reading.prepared import ENTITIES, ROW

if TYPE_CHECKING:
    import polars as pl

Progress = Callable[[str, int, int], None]

PARQUET, CSV = ".parquet", ".csv"
DATABASES = (".duckdb", ".db")


@dataclass(frozen=True)
class Source:
    """One table as it is stored: `file` is what people call it, `path` what is scanned.

    `textual`: every cell is text, as in CSV. What `footer` says is not yet verified.
    `arrow`: the file is one of Arrow that was written here; `numbered`: `_row` is a column of it.
    """

    table: str
    file: str
    path: Path
    schema: Mapping[str, pl.DataType]
    footer: Footer
    textual: bool
    arrow: bool = False
    numbered: bool = False

    @property
    def rows(self) -> int:
        """How many rows the file says it has."""
        return self.footer.rows

    def scan(self) -> pl.LazyFrame:
        """Return a scan of the table with `_row` counted from 1."""
        import polars as pl

        if self.arrow:
            row = None if self.numbered else ROW
            return pl.scan_ipc(self.path, glob=False, row_index_name=row, row_index_offset=1)
        return pl.scan_parquet(
            self.path,
            glob=False,
            hive_partitioning=False,
            row_index_name=ROW,
            row_index_offset=1,
        )


class Scratch:
    """A folder for temporary copies, made when first asked for, removed with this object."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._numbers = count()

    def fresh(self, table: str) -> Path:
        """Return the path of another temporary file of a table."""
        return self.file(f"{table}-{next(self._numbers)}")

    def file(self, table: str) -> Path:
        """Return the path of a table's temporary file."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="carbonlex-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        return self._folder / table


@contextmanager
def guarded(file: str) -> Iterator[None]:
    """Turn what a reader of files raises into a `ContentError` of code `file-unreadable`."""
    import polars as pl
    import pyarrow as pa

    broken = (pl.exceptions.PolarsError, pl.exceptions.PanicException, pa.ArrowException, OSError)
    try:
        yield
    except (*broken, MemoryError, UnicodeError, OverflowError) as error:
        if isinstance(error, ContentError):
            raise
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        said = shown(" ".join(str(reason).split()))
        hint = ("检查文件，或重新导出", "check the file, or export it again")
        fail(
            "file-unreadable",
            (f"无法读取：{said}", f"cannot be read: {said}"),
            hint,
            Location(file),
        )


def open_sources(
    path: Path, tables: Collection[str], scratch: Scratch, progress: Progress | None
) -> Mapping[str, Source]:
    """Return the tables that data holds, by name, `entities` first.

    Raises `ContentError`: no such file, a table of another name, one table twice, no `entities`.
    """
    from carbonlex.portfolio.reading.database import database_sources

    file = os.fspath(path).encode("utf-8", "replace").decode()
    with guarded(file):
        mode = os.stat(path).st_mode
    if stat.S_ISREG(mode) and path.suffix.lower() in DATABASES:
        found = database_sources(path, file, tables, scratch, progress)
    else:
        paths = _in_folder(path, tables) if stat.S_ISDIR(mode) else {ENTITIES: path}
        found = {table: _open(table, p, scratch, progress) for table, p in paths.items()}
    if ENTITIES not in found:
        words = ("没有 entities 表", "there is no table entities")
        hint = ("加入 entities.parquet 或 entities.csv", "add entities.parquet or entities.csv")
        fail("record-malformed", words, hint, Location(file))
    return {name: found[name] for name in tables if name in found}


def input_files(path: Path) -> tuple[Path, ...]:
    """Return the files that make up data, in the order of their names."""
    if not path.is_dir():
        return (path,)
    return tuple(sorted(p for p in path.iterdir() if p.suffix.lower() in (PARQUET, CSV)))


def unknown_table(name: str, tables: Collection[str], file: str) -> Diagnostic:
    """Return the diagnostic for a table that the vocabulary has not, with the nearest name."""
    from difflib import get_close_matches

    near = get_close_matches(name, tables, 1) or [", ".join(tables)]
    words = (f"没有名为“{shown(name)}”的表", f"there is no table '{shown(name)}'")
    hint = (f"是否指 {near[0]}；其他文件请移出", f"did you mean {near[0]}? Move other files away")
    return Diagnostic("name-unknown", words, Location(file), hint=hint)


def parquet_source(table: str, path: Path, file: str) -> Source:
    """Return a Parquet file as a source; raises `ContentError` where it cannot be read safely."""
    import polars as pl

    with guarded(file):
        footer = footer_of(path)
        schema = pl.scan_parquet(path, glob=False, hive_partitioning=False).collect_schema()
    return Source(table, file, path, schema, footer, textual=False)


def _in_folder(folder: Path, tables: Collection[str]) -> dict[str, Path]:
    with guarded(str(folder)):
        entries = [p for p in sorted(folder.iterdir()) if p.suffix.lower() in (PARQUET, CSV)]
    unknown = [unknown_table(p.stem, tables, str(p)) for p in entries if p.stem not in tables]
    if unknown:
        raise ContentError(tuple(unknown[:50]))
    found: dict[str, Path] = {}
    for entry in entries:
        if entry.stem in found:
            words = (f"{entry.stem} 有两个文件", f"two files of the table {entry.stem}")
            fail("duplicate-key", words, ("只留一个", "keep one"), Location(str(entry)))
        found[entry.stem] = entry
    return found


def _open(table: str, path: Path, scratch: Scratch, progress: Progress | None) -> Source:
    from carbonlex.portfolio.reading.comma import csv_source

    file, form = str(path).encode("utf-8", "replace").decode(), path.suffix.lower()
    with guarded(file):
        regular = stat.S_ISREG(os.stat(path).st_mode)
    if not regular or form not in (PARQUET, CSV):
        words = ("不是 Parquet、CSV 或 DuckDB 文件", "no Parquet, CSV or DuckDB file")
        hint = (
            "给出一个文件夹、.parquet、.csv 或 .duckdb",
            "give a folder, .parquet, .csv or .duckdb",
        )
        fail("file-unreadable", words, hint, Location(file))
    if form == CSV:
        return csv_source(table, path, file, scratch, progress)
    return parquet_source(table, path, file)
