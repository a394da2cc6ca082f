"""The text of a TOML case with one value more, and not a character of the rest changed.

Comments, order and spacing are the user's. The text is scanned for the places where a key can
stand; the new text is read back, and is refused unless it tells what it told, and the new value.
"""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Literal

from carbonlex.cases.formats import KeyPath
from carbonlex.cases.models import Number
from carbonlex.model import Case, Facts, Scalar, Told
from carbonlex.quantities import plain

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*"
    r"|[\[\]{}=,.\n]"
    r"|[^\S\n]+"
    r"""|[^\s\[\]{}=,.#"']+""",
    re.DOTALL,
)
_KEY = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""", re.ASCII)


class Uninsertable(ValueError):
    """The text holds no place for the value that could be found for certain."""


@dataclass(frozen=True)
class _Spot:
    """Where a table takes a further key, and how it is written there.

    `block`: on a line of its own after the key at `offset`; `dotted`: the same, after `prefix`;
    `inline`: between braces after `offset`, with a comma unless the table is `empty`.
    """

    style: Literal["block", "dotted", "inline"]
    offset: int
    prefix: tuple[str, ...] = ()
    empty: bool = False


def with_value(text: str, path: KeyPath, value: str) -> str:
    """Return a TOML text with a key more, whose value is written in TOML already.

    Raises `Uninsertable` where the text takes no such key.

    >>> with_value('[year.2025] # mine\\n', ("year", "2025", "listed"), "true")
    '[year.2025] # mine\\nlisted = true\\n'
    >>> with_value('entity = {name = "甲厂"}\\n', ("entity", "sector"), '"power"')
    'entity = {name = "甲厂", sector = "power"}\\n'
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    try:
        before = _read(body)
        spots = _Scan(body).spots
        wanted = _told(before, path, _read(f"value = {value}")["value"])
        after = _inserted(body, spots, path, value)
        if _read(after) == wanted:
            return mark + after
    except (ValueError, LookupError, TypeError, RecursionError):
        pass
    raise Uninsertable(".".join(map(str, path)))


def with_year(text: str, year: int) -> str:
    """Return a TOML text with a compliance year of which nothing is told yet."""
    table = _read(text.removeprefix("\ufeff")).get("year", {})
    if str(year) in table:
        return text
    spots = _Scan(text.removeprefix("\ufeff")).spots
    if ("year",) in spots and spots["year",].style != "block":
        return with_value(text, ("year", str(year)), "{}")
    return _appended(text, f"[year.{year}]")


def written_value(value: Scalar) -> str:
    """Return a value as TOML writes it; numbers in the vocabulary's unit, exactly.

    >>> written_value(Fraction(1234567, 10)), written_value(True), written_value('甲"')
    ('123_456.7', 'true', '"甲\\\\""')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        whole, dot, rest = plain(value).partition(".")
        return f"{int(whole):_}{dot}{rest}" if "/" not in whole else f'"{whole}"'
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def written_told(value: Scalar, source: str) -> str:
    """Return a value with its source, where it has one."""
    if not source:
        return written_value(value)
    return f"{{value = {written_value(value)}, source = {written_value(source)}}}"


def written_rows(count: int, ending: str = "\n") -> str:
    """Return a list of child records of which nothing is told yet, one on each line."""
    return f"[{ending}{f'  {{}},{ending}' * count}]" if count else "[]"


def written_case(case: Case) -> str:
    """Return a whole case as a TOML text, every fact with its source.

    >>> import carbonlex
    >>> tree = {"entity": {"sector": "power"}, "year": {"2024": {"credits": [{"used": True}]}}}
    >>> case = carbonlex.case_from(tree, carbonlex.load_rulebook().vocabulary, "plant")
    >>> tomllib.loads(written_case(case))["year"]
    {'2024': {'credits': [{'used': True}]}}
    """
    parts = ["[entity]", f"name = {written_value(case.name)}", *_lines(case.entity)]
    for year, of in case.years.items():
        parts += ["", f"[year.{year}]", *_lines(of.facts)]
        parts += [f"{name} = []" for name, rows in of.lists.items() if not rows]
        for name, rows in of.lists.items():
            for row in rows:
                parts += ["", f"[[year.{year}.{name}]]", *_lines(row)]
    return "\n".join(parts) + "\n"


def _lines(facts: Facts) -> list[str]:
    def line(name: str, told: Told) -> str:
        return f"{name} = {written_told(told.value, told.source)}"

    return [line(name, told) for name, told in facts.items()]


def _read(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Number)


def _told(tree: Mapping[str, Any], path: KeyPath, value: object) -> dict[str, Any]:
    """Return a tree with a value more; raises `LookupError` where it is told already."""
    wanted = copy.deepcopy(dict(tree))
    at: Any = wanted
    for part in path[:-1]:
        at = at[part] if isinstance(part, int) else at.setdefault(part, {})
    if path[-1] in at:
        raise LookupError(path[-1])
    at[path[-1]] = value
    return wanted


def _appended(text: str, block: str) -> str:
    ending = "\r\n" if "\r\n" in text else "\n"
    start = text if not text or text.endswith("\n") else text + ending
    gap = ending if start.strip("\ufeff \r\n") else ""
    return f"{start}{gap}{block}{ending}"


def _inserted(text: str, spots: Mapping[KeyPath, _Spot], path: KeyPath, value: str) -> str:
    ending = "\r\n" if "\r\n" in text else "\n"
    table, key = path[:-1], str(path[-1])
    depth = next((n for n in range(len(table), 0, -1) if table[:n] in spots), 0)
    spot = spots[table[:depth]] if depth else None
    rest = [str(part) for part in (*table[depth:], key)]
    if spot is None or (spot.style == "block" and len(rest) > 1):
        return _appended(text, f"[{'.'.join(map(str, table))}]{ending}{key} = {value}")
    if spot.style == "inline":
        nested = f"{rest[-1]} = {value}"
        for part in reversed(rest[:-1]):
            nested = f"{part} = {{{nested}}}"
        nested = nested if spot.empty else f", {nested}"
        return text[: spot.offset] + nested + text[spot.offset :]
    line = f"{'.'.join((*spot.prefix, *rest))} = {value}"
    head, tail = text[: spot.offset], text[spot.offset :]
    if head and not head.endswith("\n"):
        head += ending
    return f"{head}{line}{ending}{tail}"


class _Scan:
    """One walk over the tokens of a text that tomllib has read: where each table takes a key."""

    def __init__(self, text: str) -> None:
        self.tokens = [(m[0], m.end()) for m in _TOKEN.finditer(text)]
        self.at = 0
        self.spots: dict[KeyPath, _Spot] = {}
        self.counts: dict[KeyPath, int] = {}
        table: KeyPath = ()
        while self.at < len(self.tokens):
            token = self.token
            if token == "[":
                table = self.header()
                self.spots[table] = _Spot("block", self.line_end())
            elif token.isspace() or token.startswith("#"):
                self.at += 1
            else:
                parts = self.key()
                self.value((*table, *parts))
                end = self.line_end()
                self.spots[table] = _Spot("block", end)
                for n in range(1, len(parts)):
                    self.spots[(*table, *parts[:n])] = _Spot("dotted", end, parts[:n])

    @property
    def token(self) -> str:
        return self.tokens[self.at][0]

    @property
    def end(self) -> int:
        return self.tokens[self.at - 1][1]

    def line_end(self) -> int:
        """Pass over the rest of the line, and return where the next one begins."""
        while self.at < len(self.tokens):
            self.at += 1
            if self.tokens[self.at - 1][0] == "\n":
                break
        return self.end

    def header(self) -> KeyPath:
        """Read `[a.b]` or `[[a.b]]`, and return the path, with places in lists."""
        self.at += 1
        row = self.token == "["
        self.at += row
        path: KeyPath = ()
        for part in self.key("]"):
            path = (*path, part)
            if path in self.counts:
                path = (*path, self.counts[path])
        if row:
            listed = path[:-1] if isinstance(path[-1], int) else path
            self.counts[listed] = self.counts.get(listed, -1) + 1
            path = (*listed, self.counts[listed])
        return path

    def key(self, until: str = "=") -> tuple[str, ...]:
        """Read a dotted key and the sign after it."""
        parts: list[str] = []
        while self.token != until:
            if _KEY.fullmatch(self.token):
                parts.append(self.token.strip("\"'"))
            self.at += 1
        self.at += 1
        return tuple(parts)

    def blank(self) -> None:
        while self.token.isspace() or self.token.startswith("#"):
            self.at += 1

    def value(self, path: KeyPath) -> None:
        """Read a value; inline tables within it are places too."""
        self.blank()
        if self.token not in "[{":
            while self.at < len(self.tokens) and self.token not in (",", "]", "}", "\n"):
                self.at += 1
            return
        table = self.token == "{"
        self.at += 1
        last, count = self.end, 0
        while True:
            self.blank()
            if self.token in "]}":
                break
            if self.token == ",":
                self.at += 1
                continue
            self.value((*path, *(self.key() if table else (count,))))
            last, count = self.written_end(), count + 1
        self.at += 1
        if table:
            self.spots[path] = _Spot("inline", last, empty=count == 0)

    def written_end(self) -> int:
        """Return where the value just read ends, white space after it left out."""
        at = self.at - 1
        while self.tokens[at][0].isspace():
            at -= 1
        return self.tokens[at][1]
