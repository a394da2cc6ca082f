"""The bytes of a case file, bounded, and what the first of them say of its format."""

from __future__ import annotations

import os
import stat
import sys
from typing import BinaryIO

from carbonlex.cases.formats import MAX_BYTES, fail, too_large
from carbonlex.errors import Location

WORKBOOK = ".xlsx"
NOT_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xltx", ".xltm", ".ods", ".et", ".numbers")
_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # a zip; an old or an encrypted workbook


def is_workbook(data: bytes) -> bool:
    """Return whether bytes that came without a name are a workbook."""
    return data.startswith(_STARTS)


def bytes_of(path: str, stdin: BinaryIO | None, where: Location) -> bytes:
    """Return the bytes of a file, or of standard input for `-`; raises `ContentError`."""
    data = None
    try:
        if path == "-":
            data = _bounded(stdin or sys.stdin.buffer)
        elif not stat.S_ISREG((status := os.stat(path)).st_mode):
            raise OSError(0, "not a regular file")
        elif status.st_size <= MAX_BYTES:
            with open(path, "rb") as stream:
                data = _bounded(stream)
    except (OSError, ValueError, AttributeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        zh = "没有这个文件" if isinstance(error, FileNotFoundError) else f"无法读取：{reason}"
        hint = ("检查路径与读取权限", "check the path and the permission to read it")
        fail("file-unreadable", (zh, f"cannot be read: {reason}"), hint, where)
    if data is None or len(data) > MAX_BYTES:
        too_large(where)
    return data


def _bounded(stream: BinaryIO) -> bytes:
    data = b""
    while len(data) <= MAX_BYTES and (chunk := stream.read(MAX_BYTES + 1 - len(data))):
        data += chunk
    return data
