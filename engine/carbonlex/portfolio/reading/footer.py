"""What a Parquet file says of itself: its rows, the bounds of its columns, where its pages stand.

All of it is a claim. What could end the process is checked here, before anything is decoded:
a page that claims a size or a number of values that cannot be would have the decoder ask for
memory that no machine has. What could make a number wrong is verified by every reading.
"""

from __future__ import annotations

import mmap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carbonlex.portfolio.reading.pages import Page, pages, words_of
from carbonlex.portfolio.reading.thrift import ThriftError, structure

_MAGIC = b"PAR1"
_MAX_FOOTER = 256 * 1024 * 1024
# The columns of one group of rows are read at once; a small file can claim any size of them.
_MAX_GROUP = 8 * 1024**3
# Field numbers of parquet.thrift.
_SCHEMA, _ROWS, _GROUPS = 2, 3, 4
_LENGTH, _NAME = 2, 4
_GROUP_COLUMNS, _GROUP_ROWS = 1, 3
_CHUNK = 3
_TYPE, _PATH, _CODEC, _VALUES, _SIZE, _STORED = 1, 3, 4, 5, 6, 7
_DATA_AT, _WORDS_AT, _STATISTICS = 9, 11, 12
_NULLS, _HI, _LO = 3, 5, 6
_BOOLEAN, _INT32, _INT64, _BYTES, _FIXED = 0, 1, 2, 6, 7


class FooterError(OSError):
    """A Parquet file that cannot be what it says; the message is in English."""


@dataclass(frozen=True)
class Claim:
    """What a footer says of one column: bounds as stored integers, None where all is null.

    Decimals are in the unit of their last place, days since 1970, flags 0 and 1.
    """

    lo: int | None
    hi: int | None
    nulls: int


@dataclass(frozen=True)
class Words:
    """The texts of one column, where all its pages hold places in small dictionaries.

    `values` are those of the dictionaries: there may be more than the rows have.
    """

    values: frozenset[str]
    nulls: int


@dataclass(frozen=True)
class Footer:
    """What a file says of itself.

    Attributes:
        claims: the columns of numbers, days and flags whose statistics are complete.
        words: the columns of text that have few values, with those.
        narrow: the columns stored in integers of 64 bits or fewer.
    """

    rows: int
    claims: Mapping[str, Claim]
    words: Mapping[str, Words]
    narrow: frozenset[str]


def footer_of(path: Path) -> Footer:
    """Return what a Parquet file says of itself; raises `OSError`, often a `FooterError`."""
    with path.open("rb") as stream:
        if stream.seek(0, 2) < 12:
            raise FooterError("no Parquet file")
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            try:
                return _footer(data)
            except (ThriftError, TypeError, AttributeError, LookupError) as error:
                raise FooterError(f"malformed Parquet: {error}") from None


def _footer(data: mmap.mmap) -> Footer:
    size = int.from_bytes(data[-8:-4], "little")
    if data[-4:] != _MAGIC or not 0 < size <= min(len(data) - 8, _MAX_FOOTER):
        raise FooterError("no Parquet file")
    told, _ = structure(data[-8 - size : -8])
    groups = [(group[_GROUP_ROWS], _chunks(group)) for group in told[_GROUPS]]
    if sum(rows for rows, _ in groups) != told[_ROWS] or min([0, *(r for r, _ in groups)]) < 0:
        raise FooterError("the rows of its groups are not the rows of the file")
    for _, chunks in groups:
        if sum(chunk[_SIZE] for chunk in chunks.values()) > _MAX_GROUP:
            raise FooterError("a group of rows is larger than 8 GiB")
    texts: dict[str, list[Words | None]] = {}
    for rows, chunks in groups:
        for name, chunk in chunks.items():
            held = _checked_pages(data, name, chunk, rows)
            if chunk[_TYPE] == _BYTES and rows:
                texts.setdefault(name, []).append(_words(data, chunk, held))
    names = [*groups[0][1]] if groups else []
    if any([*chunks] != names for _, chunks in groups):
        raise FooterError("groups of rows with other columns than the first")
    columns = {name: [(chunks[name], rows) for rows, chunks in groups if rows] for name in names}
    claims = {name: claim for name, of in columns.items() if (claim := _claim(of)) is not None}
    lengths = {
        leaf[_NAME].decode("utf-8", "replace"): leaf.get(_LENGTH, 0) for leaf in told[_SCHEMA]
    }
    narrow = frozenset(
        name for name, of in columns.items() if all(_narrow(c, lengths.get(name, 0)) for c, _ in of)
    )
    words = {name: both for name, of in texts.items() if (both := _joined(of)) is not None}
    return Footer(told[_ROWS], claims, words, narrow)


def _chunks(group: Mapping[int, Any]) -> dict[str, dict[int, Any]]:
    found = [chunk[_CHUNK] for chunk in group[_GROUP_COLUMNS]]
    named = {b".".join(of[_PATH]).decode("utf-8", "replace"): of for of in found}
    if len(named) < len(found):
        raise FooterError("two columns of one name")
    return named


def _claim(chunks: list[tuple[dict[int, Any], int]]) -> Claim | None:
    lows: list[int] = []
    highs: list[int] = []
    nulls = 0
    for chunk, rows in chunks:
        told = chunk.get(_STATISTICS, {})
        if _NULLS not in told:
            return None
        nulls += told[_NULLS]
        if told[_NULLS] == rows:
            continue
        lo, hi = (_stored(chunk[_TYPE], told.get(end)) for end in (_LO, _HI))
        if lo is None or hi is None:
            return None
        lows.append(lo)
        highs.append(hi)
    return Claim(min(lows, default=None), max(highs, default=None), nulls)


def _stored(kind: int, value: bytes | None) -> int | None:
    if value is None or kind not in (_BOOLEAN, _INT32, _INT64, _FIXED, _BYTES):
        return None
    return int.from_bytes(value, "big" if kind in (_FIXED, _BYTES) else "little", signed=True)


def _narrow(chunk: Mapping[int, Any], length: int) -> bool:
    return chunk[_TYPE] in (_INT32, _INT64) or (chunk[_TYPE] == _FIXED and 0 < length <= 8)


def _checked_pages(data: mmap.mmap, name: str, chunk: Mapping[int, Any], rows: int) -> list[Page]:
    # A column of no rows may have no page, and then stands nowhere.
    at = min((at for at in (chunk[_DATA_AT], chunk.get(_WORDS_AT)) if at), default=0)
    end = at + chunk[_STORED]
    nowhere = at == end == rows == 0
    if not (nowhere or 0 < at <= end <= len(data)) or chunk[_VALUES] != rows:
        raise FooterError(f"column {name} lies outside the file")
    found, told, most = [], 0, chunk[_SIZE]
    for page in pages(data, at, end):
        if not page.words:
            told += page.values
        if not (
            0 <= page.size <= most
            and 0 <= page.stored <= end - page.at
            and 0 <= page.values <= (page.size if page.words else rows)
        ):
            raise FooterError(f"a page of column {name} cannot be what it says")
        found.append(page)
    if told != rows:
        raise FooterError(f"column {name} has {told} of {rows} values")
    return found


def _words(data: mmap.mmap, chunk: Mapping[int, Any], held: list[Page]) -> Words | None:
    told = chunk.get(_STATISTICS, {})
    values = words_of(data, held, chunk[_CODEC]) if _NULLS in told else None
    return None if values is None else Words(values, told[_NULLS])


def _joined(parts: list[Words | None]) -> Words | None:
    found = [part for part in parts if part is not None]
    if len(found) < len(parts):
        return None
    return Words(frozenset().union(*(of.values for of in found)), sum(of.nulls for of in found))
