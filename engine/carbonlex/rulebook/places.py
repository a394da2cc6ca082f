"""Where each key of a TOML text stands: paths such as `reading.direct.all.point_1` to lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_PART = r"""(?:"[^"]*"|'[^']*'|[A-Za-z0-9_-]+)"""
_PATH = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_PATH})\s*\]")
_KEY = re.compile(rf"\s*({_PATH})\s*=")
_PARTS = re.compile(_PART)
_STRING_OR_COMMENT = re.compile(r"""("[^"]*"|'[^']*')|#.*""")


def key_lines(lines: Iterable[str], first: int) -> dict[str, int]:
    """Return the line of every key and table header; `first` is the number of the first line."""
    found: dict[str, int] = {}
    section = ""
    for number, text in enumerate(lines, first):
        header = _HEADER.match(text)
        if header:
            section = _plain(header[1]) + "."
            found.setdefault(section[:-1], number)
        elif key := _KEY.match(text):
            found.setdefault(section + _plain(key[1]), number)
    return found


def line_at(found: Mapping[str, int], path: str, otherwise: int) -> int:
    """Return the line of a path, or of the nearest table around it that has one."""
    while path not in found:
        path, dot, _ = path.rpartition(".")
        if not dot:
            return otherwise
    return found[path]


def literal_line(source: str, literal: str) -> int:
    """Return the line, from 1, on which a literal stands outside strings and comments."""
    pattern = re.compile(rf"(?<![\w.+-]){re.escape(literal)}(?![\w.])")
    for number, text in enumerate(source.split("\n"), 1):
        if pattern.search(_STRING_OR_COMMENT.sub("", text).partition("=")[2]):
            return number
    for number, text in enumerate(source.split("\n"), 1):
        if pattern.search(_STRING_OR_COMMENT.sub("", text)):
            return number
    return 1


def _plain(path: str) -> str:
    return ".".join(part.strip("\"'") for part in _PARTS.findall(path))
