"""Files in a store: packed the same way each time, and unpacked within bounds."""

from __future__ import annotations

import zlib

MAX_BLOB = 64 * 1024 * 1024
"""Bytes of one file; of more, a store keeps the digest only."""

_LEVEL = 9


class Damaged(ValueError):
    """Packed bytes that are not what was stored."""


def pack(data: bytes) -> bytes:
    """Return bytes packed; raises `ValueError` for more than `MAX_BLOB`.

    >>> unpack(pack(b"abc" * 9), 27) == b"abc" * 9
    True
    """
    if len(data) > MAX_BLOB:
        raise ValueError(f"{len(data)} bytes are more than {MAX_BLOB}")
    return zlib.compress(data, _LEVEL)


def unpack(packed: bytes, size: int) -> bytes:
    """Return the `size` bytes that were packed; raises `Damaged`, and never unpacks more."""
    if not 0 <= size <= MAX_BLOB:
        raise Damaged("size")
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(packed, size + 1)
    except zlib.error as error:
        raise Damaged(str(error)) from None
    if len(data) != size or not reader.eof or reader.unused_data:
        raise Damaged("size")
    return data
