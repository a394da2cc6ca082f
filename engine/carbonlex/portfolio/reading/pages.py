"""The pages of a Parquet file as their headers tell of them, and the words of a dictionary.

A header is a structure of Thrift. The usual one is read by a pattern, in a tenth of the time;
what the pattern does not match goes through the parser.
"""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from carbonlex.portfolio.reading.thrift import ThriftError, structure

_SHORT, _LONG = 256, 64 * 1024  # what is read of a page for its header, and where that is long
# Field numbers of parquet.thrift: of a page, and where each kind of page has its encoding.
_SIZE, _STORED, _WORDS = 2, 3, 7
_ENCODINGS: Mapping[int, int] = {5: 2, 8: 4, _WORDS: 2}
_BY_PLACE = (2, 8)  # encodings of values as places in the dictionary
_AS_WORDS = (0, 2)  # encodings of the dictionary itself
_CODECS = {1: "snappy", 2: "gzip", 4: "brotli", 6: "zstd", 7: "lz4_raw"}
_MAX_WORDS, _MAX_BYTES = 1_000, 64 * 1024  # of a dictionary that is looked into

_VARINT = rb"[\x80-\xff]{0,9}[\x00-\x7f]"
_SHORT_BYTES = b"|".join(re.escape(b"%c" % size) + b".{%d}" % size for size in range(33))
_STATISTIC = (
    rb"[\x18\x28\x38\x48\x58\x68](?:" + _SHORT_BYTES + rb")"
    rb"|[\x16\x26\x36\x46]" + _VARINT + rb"|[\x11\x12\x21\x22]"
)
_USUAL = re.compile(
    rb"\x15\x00\x15(%b)\x15(%b)\x2c\x15(%b)\x15([\x00-\x7f])\x15[\x00-\x7f]\x15[\x00-\x7f]"
    rb"(?:\x1c(?:%b)*\x00)?\x00\x00" % (_VARINT, _VARINT, _VARINT, _STATISTIC),
    re.DOTALL,
)


class Page(NamedTuple):
    """One page: where its bytes begin, their size stored and decoded, and what they hold.

    `words`: it is the dictionary of the pages after it.
    """

    at: int
    stored: int
    size: int
    values: int
    encoding: int
    words: bool


def pages(data: mmap.mmap, at: int, end: int) -> Iterator[Page]:
    """Yield the pages that stand between two places; raises `ThriftError`.

    Nothing that they say is checked; one that ends before it begins raises too.
    """
    while at < end:
        usual = _USUAL.match(data, at, end)
        if usual is not None:
            size, stored, values, encoding = map(_integer, usual.groups())
            page = Page(usual.end(), stored, size, values, encoding, words=False)
        else:
            page = _page(data, at, end)
        yield page
        if page.stored < 0:
            raise ThriftError("a page of a size below zero")
        at = page.at + page.stored


def words_of(data: mmap.mmap, chunk: list[Page], codec: int) -> frozenset[str] | None:
    """Return all texts that the pages of one column chunk can hold.

    None where they are not all in one small dictionary that comes first.
    """
    if not chunk or not chunk[0].words:
        return None
    first, *others = chunk
    if first.encoding not in _AS_WORDS or first.values > _MAX_WORDS or first.size > _MAX_BYTES:
        return None
    if any(page.words or page.encoding not in _BY_PLACE for page in others):
        return None
    plain = _plain(data[first.at : first.at + first.stored], first.size, codec)
    return None if plain is None else _texts(plain, first.values)


def _page(data: mmap.mmap, at: int, end: int) -> Page:
    header, length = _header(data, at, end)
    kinds = [kind for kind in _ENCODINGS if kind in header]
    if len(kinds) > 1:
        raise ThriftError("a page of two kinds")
    told: dict[int, Any] = header[kinds[0]] if kinds else {}
    encoding = told.get(_ENCODINGS[kinds[0]], -1) if kinds else -1
    size, stored, values = header[_SIZE], header[_STORED], told.get(1, 0)
    return Page(at + length, stored, size, values, encoding, words=kinds == [_WORDS])


def _header(data: mmap.mmap, at: int, end: int) -> tuple[dict[int, Any], int]:
    try:
        return structure(data[at : min(end, at + _SHORT)])
    except ThriftError:
        return structure(data[at : min(end, at + _LONG)])


def _integer(varint: bytes) -> int:
    value = 0
    for byte in reversed(varint):
        value = value << 7 | byte & 127
    return value >> 1 ^ -(value & 1)


def _plain(stored: bytes, size: int, codec: int) -> bytes | None:
    """Return a dictionary page decoded; None where it cannot be: its reader will say why."""
    import pyarrow as pa

    if not codec:
        return stored
    if codec not in _CODECS:
        return None
    try:
        decoded: bytes = pa.decompress(stored, size, _CODECS[codec], asbytes=True)
    except (pa.ArrowException, OSError, ValueError):
        return None
    return decoded


def _texts(plain: bytes, count: int) -> frozenset[str] | None:
    found: list[bytes] = []
    at = 0
    while at + 4 <= len(plain):
        start = at + 4
        at = start + int.from_bytes(plain[at:start], "little")
        found.append(plain[start:at])
    if at != len(plain) or len(found) != count:
        return None
    try:
        return frozenset(text.decode() for text in found)
    except UnicodeDecodeError:
        return None
