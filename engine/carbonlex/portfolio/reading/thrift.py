"""The compact protocol of Thrift, which the footer and the pages of a Parquet file are told in.

Readers written for speed end the process over some of the footers that a stranger can write;
this one raises. It knows no schema: a structure is a mapping from field numbers to values.
"""

from __future__ import annotations

from typing import Any

_DEPTH = 16
_TRUE, _FALSE, _BYTE, _DOUBLE, _BINARY, _LIST, _SET, _STRUCT = 1, 2, 3, 7, 8, 9, 10, 12
_INTEGERS = (4, 5, 6)


class ThriftError(ValueError):
    """Bytes that are not what they are read as."""


def structure(data: bytes, at: int = 0, depth: int = 0) -> tuple[dict[int, Any], int]:
    """Return the structure at a place, and the place after it; raises `ThriftError`.

    >>> structure(bytes([0x15, 0x08, 0x00]))
    ({1: 4}, 3)
    """
    if depth > _DEPTH:
        raise ThriftError("nested too deeply")
    fields: dict[int, Any] = {}
    number = 0
    try:
        while head := data[at]:
            at += 1
            if head >> 4:
                number += head >> 4
            else:
                number, at = _integer(data, at)
            kind = head & 15
            if 4 <= kind <= 6 and (byte := data[at]) < 128:  # most of a footer: a short cut
                fields[number] = (byte >> 1) ^ -(byte & 1)
                at += 1
            else:
                fields[number], at = _value(data, at, kind, depth)
    except IndexError:
        raise ThriftError("it ends too soon") from None
    return fields, at + 1


def _value(data: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in _INTEGERS:
        return _integer(data, at)
    if kind == _BINARY:
        size, at = _varint(data, at)
        if at + size > len(data):
            raise ThriftError("it ends too soon")
        return data[at : at + size], at + size
    if kind == _STRUCT:
        return structure(data, at, depth + 1)
    if kind in (_LIST, _SET):
        return _list(data, at, depth + 1)
    if kind in (_TRUE, _FALSE):
        return kind == _TRUE, at
    if kind in (_BYTE, _DOUBLE):
        return 0, at + (1 if kind == _BYTE else 8)
    raise ThriftError("a value of no known kind")


def _list(data: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    head, at = data[at], at + 1
    size, kind = head >> 4, head & 15
    if size == 15:
        size, at = _varint(data, at)
    if size > len(data) - at:
        raise ThriftError("a list longer than the rest")
    found = []
    for _ in range(size):
        # In a list a flag takes a byte of its own.
        value, at = _value(data, at, _BYTE if kind in (_TRUE, _FALSE) else kind, depth)
        found.append(value)
    return found, at


def _integer(data: bytes, at: int) -> tuple[int, int]:
    value, at = _varint(data, at)
    return (value >> 1) ^ -(value & 1), at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(10):
        byte = data[at + place]
        value |= (byte & 127) << (7 * place)
        if byte < 128:
            return value, at + place + 1
    raise ThriftError("a number without end")
