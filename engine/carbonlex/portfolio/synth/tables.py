"""Writing drawn columns as Parquet: decimals as declared by the vocabulary, never a float."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonlex.portfolio.synth.draws import SCALE, Column, Frame
from carbonlex.rulebook.vocabulary import Term, Vocabulary

if TYPE_CHECKING:
    from carbonlex.portfolio.synth.draws import Ints

SUFFIX = ".parquet"


@dataclass
class Tables:
    """Parquet files of a folder, one per table, each piece a row group.

    `metadata` goes into every file; `rows` is how many each table has so far. To be closed by
    `close`, also after a failure. Columns that a piece does not have are not told in it.
    """

    folder: Path
    vocabulary: Vocabulary
    columns: Mapping[str, tuple[str, ...]]
    metadata: Mapping[str, str]
    rows: dict[str, int] = field(default_factory=dict)
    _writers: dict[str, Any] = field(default_factory=dict)

    def write(self, table: str, frame: Frame) -> None:
        """Append the rows of a piece."""
        import pyarrow as pa

        size = len(frame["entity"].values)
        if not size:
            return
        arrays, names = [], self.columns[table]
        for name in names:
            column, kind = frame.get(name), self._kind(name)
            arrays.append(pa.nulls(size, kind) if column is None else _array(column, kind))
        data = pa.table(arrays, names=[*names])
        self._writer(table, data.schema).write_table(data, row_group_size=size)
        self.rows[table] = self.rows.get(table, 0) + size

    def close(self) -> None:
        """Finish every file."""
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def _writer(self, table: str, schema: Any) -> Any:
        import pyarrow.parquet as pq

        if table not in self._writers:
            writer = pq.ParquetWriter(
                self.folder / f"{table}{SUFFIX}",
                schema,
                compression="zstd",
                store_schema=False,
                store_decimal_as_integer=True,
            )
            writer.add_key_value_metadata(dict(self.metadata))
            self._writers[table] = writer
        return self._writers[table]

    def _kind(self, name: str) -> Any:
        """Return the Arrow type of a column."""
        import pyarrow as pa

        if name == "entity":
            return pa.int64()
        if name == "year" or name.endswith(".count"):
            return pa.int32()
        if name == "name":
            return pa.string()
        term = self.vocabulary.terms[name]
        match term.type:
            case "number":
                return pa.decimal128(_digits(term), term.decimals)
            case "boolean":
                return pa.bool_()
            case "date":
                return pa.date32()
        return pa.string()


def _digits(term: Term) -> int:
    """Return how many digits hold every value that the vocabulary allows.

    >>> from fractions import Fraction
    >>> from carbonlex.model import Label
    >>> ratio = Term("r", "fact", "units", "year", "number", Label("", ""), decimals=6)
    >>> _digits(ratio)
    18
    """
    if term.maximum is None or term.minimum is None:
        return 18
    return len(str(int(max(abs(term.maximum), abs(term.minimum))))) + term.decimals


def _array(column: Column, kind: Any) -> Any:
    import numpy as np
    import pyarrow as pa

    values, told = column.values, column.told
    mask = None if told is None else ~told
    if pa.types.is_decimal(kind):
        return _decimals(column, kind)
    if pa.types.is_string(kind):
        words = pa.array([*column.words], pa.string())
        return words.take(pa.array(values, pa.int64(), mask=mask))
    if pa.types.is_boolean(kind):
        return pa.array(values != 0, mask=mask)
    return pa.array(values.astype(np.int32 if kind.bit_width == 32 else np.int64), kind, mask=mask)


def _decimals(column: Column, kind: Any) -> Any:
    """Return 128-bit decimals made of the integers themselves: low half, then sign."""
    import numpy as np
    import pyarrow as pa

    values = _rescaled(column.values, kind.scale)
    lanes = np.empty((len(values), 2), np.int64)
    lanes[:, 0], lanes[:, 1] = values, values >> 63
    bits = None if column.told is None else np.packbits(column.told, bitorder="little")
    told = None if bits is None else pa.py_buffer(bits)
    return pa.Array.from_buffers(kind, len(values), [told, pa.py_buffer(lanes)])


def _rescaled(values: Ints, places: int) -> Ints:
    """Return integers of `places` decimals for those of `SCALE`; raises where one is lost."""
    factor: int = 10**places
    if factor >= SCALE:
        return values * (factor // SCALE)
    step = SCALE // factor
    if (values % step).any():
        raise ValueError(f"more than {places} decimals drawn")
    return values // step
