"""The data as files: a NumPy file per column for the peers, and Parquet in carbonlex's layout.

They stand in `.data/` beside this file, or in the folder that CARBONLEX_BENCH_DATA names, and are
made again where the scripts that draw them have changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import data
import numpy as np
import reference
import ruleset as law
from reference import Columns

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = Path(os.environ.get("CARBONLEX_BENCH_DATA", Path(__file__).parent / ".data"))
CONFIRMED = 2_000
"""Rows of each set whose integers are checked by Decimal when they are written."""
ROW_GROUP = 122_880
MOST_SPECIAL = 100_000
"""Rows of the exact-surrender and half-way sets, at most."""


class Population:
    """One set on disk, at most `rows` of it; the columns are read when first asked for."""

    def __init__(self, folder: Path, rows: int | None = None) -> None:
        self.folder = folder
        self.rows = rows

    @cached_property
    def columns(self) -> Columns:
        """The inputs, as `data` draws them."""
        return self._read("columns", [field.name for field in law.FIELDS])

    @property
    def expected(self) -> Columns:
        """The exact answers."""
        return self._read("answers", list(law.OUTPUTS))

    @property
    def parquet(self) -> Path:
        """The Parquet file: all rows of the set, in the layout of `carbonlex portfolio`."""
        return self.folder / "entities.parquet"

    def _read(self, kind: str, names: list[str]) -> Columns:
        return {name: np.load(self.folder / kind / f"{name}.npy")[: self.rows] for name in names}


def written(rows: int) -> dict[str, Path]:
    """Return the folder of each set, for `rows` entity-years; draw and write what is not there.

    Raises AssertionError where the exact integers and Decimal disagree.
    """
    folders = {}
    for name, draw in data.SETS.items():
        size = rows if name == "ordinary" else min(rows, MOST_SPECIAL)
        folder = FOLDER / f"{name}-{size}"
        mark = folder / "made-by.txt"
        if not mark.is_file() or mark.read_text(encoding="utf-8") != _scripts():
            shutil.rmtree(folder, ignore_errors=True)
            columns = draw(size)
            expected = reference.all_answers(columns)
            reference.confirmed(columns, expected, CONFIRMED)
            _save(folder / "columns", columns)
            _save(folder / "answers", expected)
            _write_parquet(folder / "entities.parquet", columns)
            mark.write_text(_scripts(), encoding="utf-8")
        folders[name] = folder
    return folders


def _scripts() -> str:
    here = Path(__file__).parent
    sources = (here / name for name in ("data.py", "files.py", "reference.py", "ruleset.py"))
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def _save(folder: Path, columns: Columns) -> None:
    folder.mkdir(parents=True)
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)


def _write_parquet(path: Path, columns: Columns) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = len(columns["emissions"])
    keys = {
        "entity": pa.array(np.arange(1, rows + 1)),
        "year": pa.array(np.full(rows, law.YEAR, np.int32)),
        "plants.count": pa.array(np.full(rows, len(law.PLANTS), np.int32)),
        "batches.count": pa.array(np.full(rows, len(law.BATCHES), np.int32)),
    }
    told = {_term(field): _told(field, columns) for field in law.FIELDS}
    # As DuckDB and Polars write it: decimals of up to 18 digits as integers, and row groups that
    # two threads can share.
    pq.write_table(
        pa.table(keys | told),
        path,
        store_decimal_as_integer=True,
        row_group_size=ROW_GROUP,
        use_dictionary=[_term(field) for field in law.FIELDS if field.kind == "choice"],
    )


def _term(field: law.Field) -> str:
    """Return the term of the vocabulary: an override is the class that applies, where told."""
    return field.name.replace("class_override", "effective_class")


def decimals(columns: Columns) -> pa.Table:
    """Return the columns with numbers as decimals; choices stay numbered, 0 for none."""
    import pyarrow as pa

    return pa.table(
        {
            field.name: _decimal(field, columns)
            if field.kind == "number"
            else pa.array(columns[field.name])
            for field in law.FIELDS
        }
    )


def _told(field: law.Field, columns: Columns) -> Any:
    import pyarrow as pa

    column = columns[field.name]
    if field.kind == "bool":
        return pa.array(column)
    if field.kind == "number":
        return _decimal(field, columns)
    codes = law.SECTORS if field.name == "bench_sector" else law.CLASSES
    places = pa.array(column - 1, mask=column == 0)  # 0: not told
    return pa.DictionaryArray.from_arrays(places, pa.array(codes)).cast(pa.string())


def _decimal(field: law.Field, columns: Columns) -> Any:
    import pyarrow as pa

    column = columns[field.name].astype(np.int64)
    if not field.scale:
        return pa.array(column.astype(np.int32))
    # A decimal of Arrow is 128 bits, least significant first: the integer, then its sign.
    halves = np.stack([column, column >> 63], axis=1)
    kind = pa.decimal128(field.precision, field.scale)
    return pa.Array.from_buffers(kind, len(column), [None, pa.py_buffer(halves)])


if __name__ == "__main__":
    print(json.dumps({name: str(folder) for name, folder in written(int(sys.argv[1])).items()}))
