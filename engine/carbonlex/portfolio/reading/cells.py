"""How the cells of a stored column are read: exactly, or not at all.

Each kind of column and each type it may be stored in gives one expression for the value, null
where nothing was told or the cell cannot be taken, and the faults that tell the two apart.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from carbonlex.calendar import LAST_YEAR
from carbonlex.cases.models import FIRST_DATE, MAX_TEXT
from carbonlex.errors import Code
from carbonlex.portfolio.reading.prepared import Column, ColumnKind
from carbonlex.portfolio.reading.sources import Source
from carbonlex.portfolio.schema import ColumnSchema

if TYPE_CHECKING:
    import polars as pl

_EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY = date(FIRST_DATE, 1, 1).toordinal() - _EPOCH
LAST_DAY = date(LAST_YEAR, 12, 31).toordinal() - _EPOCH
# As quantities.exact reads it, save for digits of full width.
_NUMBER = r"^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+(_[0-9]+)*)(\.[0-9]+(_[0-9]+)*)?$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_CONTROL = r"[\p{Cc}\p{Zl}\p{Zp}\x{202a}-\x{202e}\x{2066}-\x{2069}]"
# Up to here a decimal and the double nearest to it name each other.
_DOUBLE_DIGITS = 15
_INT64 = (-(2**63), 2**63 - 1)


@dataclass(frozen=True)
class Cells:
    """How one stored column is read.

    Attributes:
        name, of: the column, and what the vocabulary declares of it.
        scale: of numbers: the value is an integer / 10**scale.
        raw: the type that it is stored in; `textual`: every cell is text, as in CSV.
        narrow: it is a decimal stored in 64 bits or fewer.
    """

    name: str
    of: ColumnSchema
    raw: pl.DataType
    textual: bool
    scale: int
    narrow: bool = False

    @property
    def kind(self) -> ColumnKind:
        """What a compiled plan sees."""
        kind: ColumnKind = "count" if self.of.type == "integer" else self.of.type
        return kind

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """What the integers must keep to by the vocabulary; None: no bound."""
        match self.kind:
            case "number" | "count":
                unit, low, high = 10**self.scale, self.of.minimum, self.of.maximum
                lo = None if low is None else math.ceil(low * unit)
                return lo, None if high is None else math.floor(high * unit)
            case "date":
                return FIRST_DAY, LAST_DAY
            case "choice":
                return 0, len(self.of.choices) - 1
        return None, None

    def value(self, *, proved: bool = False) -> pl.Expr:
        """Return the integers, flags or text; null where not told, and where it cannot be taken.

        `proved`: there is no word but choices; reading another raises.
        """
        import polars as pl

        cell = pl.col(self.name)
        if isinstance(self.raw, pl.Null):
            return cell.cast(_stored(self.kind))
        match self.kind:
            case "number":
                return self._number(cell)
            case "count":
                return _number(cell, 0) if self.textual else whole(cell, self.raw)
            case "boolean":
                return _truth(cell) if self.textual else cell
            case "date":
                day = _day(cell) if self.textual else cell
                return day.to_physical()
            case "choice":
                told = _text(cell) if self.textual else cell.cast(pl.String)
                codes = pl.Enum([*self.of.choices])
                return told.cast(codes, strict=proved).to_physical().cast(pl.Int16)
        return _text(cell)

    def faults(self, raw: pl.Expr) -> tuple[tuple[Code, pl.Expr], ...]:
        """Return what makes a cell one that cannot be taken, given its value and the raw cell.

        The first that holds is what is reported; the value is read as the column `name`.
        """
        import polars as pl

        value = pl.col(self.name)
        told = raw.is_not_null()
        if self.textual:
            told = _text(raw).is_not_null()
        elif self.kind == "choice":
            told &= raw.cast(pl.String) != ""
        missed = told & value.is_null()
        lo, hi = self.bounds
        beyond = pl.lit(False)
        if lo is not None:
            beyond |= (value < lo).fill_null(False)
        if hi is not None:
            beyond |= (value > hi).fill_null(False)
        match self.kind:
            case "number" | "count":
                return ("number-inexact", missed), ("range-exceeded", beyond)
            case "date" if self.textual:
                malformed = missed & ~_text(raw).str.contains(_DAY)
                return ("type-mismatch", malformed), ("date-impossible", missed | beyond)
            case "date":
                return (("date-impossible", beyond),)
            case "text":
                long = (value.str.len_chars() > MAX_TEXT).fill_null(False)
                garbled = value.str.contains(_CONTROL).fill_null(False)
                return ("range-exceeded", long), ("type-mismatch", garbled)
        return (("type-mismatch", missed),)

    def dtype(self, column: Column) -> pl.DataType:
        """Return the type of the prepared column, given what is proved of it."""
        import polars as pl

        if self.kind == "number":
            lo, hi = column.lo or 0, column.hi or 0
            return pl.Int64() if _INT64[0] <= lo and hi <= _INT64[1] else pl.Int128()
        return _stored(self.kind)

    def _number(self, cell: pl.Expr) -> pl.Expr:
        import polars as pl

        if self.textual:
            return _number(cell, self.scale)
        if isinstance(self.raw, pl.Float64):
            return _of_doubles(cell, self.scale)
        if not isinstance(self.raw, pl.Decimal) or self.raw.scale <= self.of.decimals:
            units = whole(cell, self.raw)
            return units.cast(pl.Int64, wrap_numerical=True) if self.narrow else units
        step = pl.lit(10 ** (self.raw.scale - self.scale), dtype=pl.Int128)
        units = cell.to_physical()
        return pl.when(units % step == 0).then(units // step)


def cells(name: str, of: ColumnSchema, raw: pl.DataType, source: Source) -> Cells | None:
    """Return how a column is read, or None where it is stored in a type that cannot be its."""
    import polars as pl

    accepted: Mapping[str, tuple[type[pl.DataType], ...]] = {
        "number": (pl.Decimal, pl.Float64),
        "boolean": (pl.Boolean,),
        "date": (pl.Date,),
        "choice": (pl.String, pl.Categorical, pl.Enum),
        "text": (pl.String, pl.Categorical, pl.Enum),
        "integer": (),
    }
    integers = of.type in ("number", "integer") and is_whole(raw)
    if not (source.textual or integers or isinstance(raw, (*accepted[of.type], pl.Null))):
        return None
    stored = raw.scale if isinstance(raw, pl.Decimal) else of.decimals
    scale = 0 if integers else min(stored, of.decimals)
    scale = scale if of.type == "number" else 0
    narrow = isinstance(raw, pl.Decimal) and name in source.footer.narrow
    return Cells(name, of, raw, source.textual, scale, narrow)


def is_whole(raw: pl.DataType) -> bool:
    """Return whether a type holds whole numbers only: an integer, or a decimal without places."""
    import polars as pl

    return raw.is_integer() or (isinstance(raw, pl.Decimal) and raw.scale == 0)


def whole(cell: pl.Expr, raw: pl.DataType) -> pl.Expr:
    """Return the integers of an integer or decimal column, in the unit of its last place."""
    import polars as pl

    if isinstance(raw, pl.Decimal):
        return cell.to_physical()
    return cell.cast(pl.Int128 if raw in (pl.UInt64, pl.UInt128, pl.Int128) else pl.Int64)


def _text(cell: pl.Expr) -> pl.Expr:
    import polars as pl

    plain = cell.cast(pl.String).str.strip_chars()
    return pl.when(plain != "").then(plain)


def _number(text: pl.Expr, scale: int) -> pl.Expr:
    import polars as pl

    places = rf"(\.[0-9]{{1,{scale}}})?" if scale else ""
    plain = rf"^-?[0-9]{{1,18}}{places}$"

    def units(texts: pl.Series) -> pl.Series:
        # Most cells are plain, and a cast reads them exactly; the others take six times as long.
        easy = texts.str.contains(plain)
        read = texts.set(~easy, None).cast(pl.Decimal(38, scale)).to_physical()
        rest = (~easy).fill_null(False)
        if not rest.any():
            return read
        odd = texts.filter(rest).to_frame("").select(_odd_number(pl.col(""), scale)).to_series()
        return read.scatter(rest.arg_true(), odd)

    return text.map_batches(units, return_dtype=pl.Int128, is_elementwise=True)


def _odd_number(text: pl.Expr, scale: int) -> pl.Expr:
    import polars as pl

    digits = _text(text).str.replace_all("[,_+]", "")
    parts = digits.str.split_exact(".", 1)
    places = parts.struct.field("field_1").fill_null("").str.strip_chars_end("0")
    joined = pl.concat_str(parts.struct.field("field_0"), places.str.pad_end(scale, "0"))
    fits = _text(text).str.contains(_NUMBER) & (places.str.len_bytes() <= scale)
    return pl.when(fits).then(joined).cast(pl.Int128, strict=False)


def _truth(text: pl.Expr) -> pl.Expr:
    import polars as pl

    told = _text(text).str.to_lowercase()
    yes, no = told.is_in(["true", "是"]), told.is_in(["false", "否"])
    return pl.when(yes).then(True).when(no).then(False)


def _day(text: pl.Expr) -> pl.Expr:
    import polars as pl

    told = _text(text)
    day = pl.when(told.str.contains(_DAY)).then(told)
    return day.str.to_date("%Y-%m-%d", strict=False)


def _of_doubles(cell: pl.Expr, scale: int) -> pl.Expr:
    import polars as pl

    def units(doubles: pl.Series) -> pl.Series:
        import numpy as np

        # Polars divides by a constant by way of its reciprocal, which is another double; NumPy's
        # quotient of two exact integers is the double nearest to the decimal.
        told = doubles.to_numpy()
        with np.errstate(all="ignore"):
            near = np.rint(told * 10.0**scale)
            fits = np.abs(near) < 10.0**_DOUBLE_DIGITS
            near = np.where(fits, near, 0.0)
            fits &= near / 10.0**scale == told
        return pl.Series(doubles.name, near.astype(np.int64)).set(pl.Series(~fits), None)

    return cell.map_batches(units, return_dtype=pl.Int64, is_elementwise=True)


def _stored(kind: ColumnKind) -> pl.DataType:
    import polars as pl

    types: Mapping[ColumnKind, pl.DataType] = {
        "number": pl.Int64(),
        "boolean": pl.Boolean(),
        "date": pl.Int32(),
        "choice": pl.Int16(),
        "text": pl.String(),
        "count": pl.Int32(),
    }
    return types[kind]
