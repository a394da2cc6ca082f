"""The files that a run reads, taken before it does, and seen to be the same after it has."""

from __future__ import annotations

import hashlib
import io
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from carbonlex.cases.files import bytes_of
from carbonlex.cases.formats import fail
from carbonlex.errors import ContentError, Location
from carbonlex.interfaces.portfolio_arguments import holds_many
from carbonlex.records.canonical import digest_of
from carbonlex.records.content import OUTPUTS, PARAMETERS, is_place
from carbonlex.records.runs import Input

SMALL = 32 * 1024 * 1024
"""Bytes of data of many entities up to which a store keeps them; of more, the digests."""

_TEXT = (".md", ".markdown")
_UNSAFE = re.compile(r"[/\\\0-\x1f\x7f:]")


@dataclass(frozen=True)
class Named:
    """A file that an argument names, by the parameter that named it and its name in the record."""

    parameter: str
    role: str
    path: str
    name: str


def named_files(command: str, told: Mapping[str, Any]) -> tuple[Named, ...]:
    """Return the files that the arguments of a command name, in their order."""
    return tuple(_named(command, told))


def _named(command: str, told: Mapping[str, Any]) -> Iterator[Named]:
    for parameter in PARAMETERS:
        given = told.get(parameter) or ()
        for one in given if isinstance(given, list | tuple) else (given,):
            path, draft = os.fspath(one), str(one).lower().endswith(_TEXT)
            if parameter == "subject" and not draft:
                continue  # the key of an instrument
            data = not draft and _is_data(command, parameter, path, told)
            role = "style" if parameter == "style" else "reform" if draft else "case"
            if not data:
                yield Named(parameter, role, path, "stdin" if path == "-" else _base(path))
                continue
            folder = _base(os.path.abspath(path))
            inside = os.path.isdir(path)
            for file in data_files(Path(path)):
                name = f"{folder}/{_base(str(file))}" if inside else _base(str(file))
                yield Named(parameter, "data", str(file), name)


def _is_data(command: str, parameter: str, path: str, told: Mapping[str, Any]) -> bool:
    """Whether a path names data of many entities, and not one case."""
    if command != "memo" or parameter != "case":
        return command.startswith("portfolio")
    return holds_many(Path(path)) or told.get("kind") == "portfolio"


def data_files(data: Path) -> tuple[Path, ...]:
    """Return the files of data of many entities, the label of a synthetic population among them."""
    from carbonlex.portfolio.reading.sources import input_files
    from carbonlex.portfolio.synth.label import MARK

    found = input_files(data)
    mark = data / MARK
    return (*found, mark) if data.is_dir() and mark.is_file() else found


def refuse_unfit(told: Mapping[str, Any], arguments: Mapping[str, str | list[str]]) -> None:
    """Refuse what a record cannot hold before anything is written: names of files, broken text."""
    for name, value in arguments.items():
        text = "".join(value)
        if text.encode("utf-8", "replace").decode() != text:
            words = ("参数不是文字（UTF-8）", "the argument is no text (UTF-8)")
            fail("type-mismatch", words, ("重新输入", "type it again"), Location(f"--{name}"))
    for option in OUTPUTS:
        if told.get(option) is not None:
            _base(str(told[option]))


def _base(path: str) -> str:
    """Return the name of a file, fit to be one on any system, or refuse."""
    name = os.path.basename(path).encode("utf-8", "replace").decode()
    if not is_place(name) or _UNSAFE.search(name):
        words = ("这个文件名不能存入记录", "a record cannot hold a file of this name")
        hint = ("改名：不含冒号、反斜杠和控制字符", "rename it: no colon, backslash, control sign")
        fail("file-unreadable", words, hint, Location(name))
    return name


@dataclass(frozen=True)
class Taken:
    """Files as they were before a run: small ones whole, data by what the system says of them."""

    files: tuple[tuple[Named, bytes | None, tuple[int, ...]], ...]

    def again(self, keep_data: bool) -> tuple[Input, ...]:
        """Return the inputs of a record, or refuse where a file changed meanwhile."""
        data = [named for named, held, _ in self.files if held is None]
        small = keep_data and sum(os.stat(n.path).st_size for n in data) <= SMALL
        found = tuple(self._input(n, held, small) for n, held, _ in self.files)
        for named, held, status in self.files:
            now = _status(named.path) if held is None else held
            if held is not None and named.path != "-":
                now = bytes_of(named.path, None, Location(named.name))
            if now != (status if held is None else held):
                words = ("运行期间文件有改动，记录未保存", "it changed during the run; no record")
                fail("file-unreadable", words, ("再运行一次", "run it again"), Location(named.path))
        return found

    @staticmethod
    def _input(named: Named, held: bytes | None, small: bool) -> Input:
        if held is None and small:
            held = Path(named.path).read_bytes()
        if held is not None:
            size, digest = len(held), digest_of(held)
        else:
            size, digest = os.stat(named.path).st_size, digest_of_file(Path(named.path))
        return Input(named.role, named.parameter, named.name, named.path == "-", size, digest, held)


def taken(files: tuple[Named, ...]) -> Taken | None:
    """Return files as they are; None where one cannot be read: the command says so itself."""
    found: list[tuple[Named, bytes | None, tuple[int, ...]]] = []
    try:
        for named in files:
            if named.role == "data":
                found.append((named, None, _status(named.path)))
                continue
            stdin = sys.stdin.buffer if named.path == "-" else None
            data = bytes_of(named.path, stdin, Location(named.name))
            if stdin is not None:  # which can be read once: the command reads it from here
                sys.stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
            found.append((named, data, ()))
    except (OSError, ContentError):
        return None
    return Taken(tuple(found))


def _status(path: str) -> tuple[int, ...]:
    status = os.stat(path)
    return (status.st_size, status.st_mtime_ns, status.st_ino)


def digest_of_file(path: Path) -> str:
    """Return the SHA-256 of a file of any size."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
