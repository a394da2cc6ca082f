"""A case file as a raw tree: its size bounded, its numbers kept as the text they were written in.

TOML, JSON and CSV give one and the same tree; what its keys mean is not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn, TypeAlias, TypeVar
from unicodedata import normalize

from carbonlex.cases.models import Number, Words, shown
from carbonlex.errors import Code, ContentError, Diagnostic, Location

MAX_BYTES = 5 * 1024 * 1024
MAX_VALUES = 200_000
MAX_DEPTH = 12

KeyPath: TypeAlias = tuple[str | int, ...]
_Cell = TypeVar("_Cell")

_HEADERS = ("record,year,fact,value,source", "record,year,fact,value")
_ROWS = "entity,,FACT · entity,2024,FACT · credits#1,2024,FACT · credits,2024,,[]"
_LIST_ITEM = re.compile(r"([^#]+)#([1-9]\d{0,5})", re.ASCII)
_FORMULA = re.compile(r"[=@]|[+-](?!\d[\d_,.]*\s*(?:%|[eE][+-]?\d+|[^\W\d][\w/]*)?$)")
_JSON_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[{}\[\]:,\n]', re.DOTALL)
_TOML_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_TOML_LINE = re.compile(r"""[ \t]*(\[{0,2})((?:[\w\-. \t]++|"[^"]*"|'[^']*')++)[=\]]""")
_LONG_NUMBER = re.compile(r"(?<![0-9a-fA-F_])[0-9a-fA-F_]{4000}")
_TOML_REASONS: tuple[tuple[str, Code, Words], ...] = (
    ("Cannot (overwrite|declare|mutate|redefine)|Dup", "duplicate-key", ("重复", "repeated")),
    ("Invalid date", "date-impossible", ("没有这一天", "there is no such day")),
    ("", "syntax", ("写法有误", "malformed")),
)
_ONCE: Words = ("每个事实只写一次", "tell each fact once")
# In tomllib a dotted key costs the square of its dots, a header a hundred times a dot.
_MAX_WORK = 20_000_000


@dataclass(frozen=True)
class RawCase:
    """A tree of tables, lists and scalars, the lines of its keys, and what is wrong already.

    `tabular` says that the places of the tree are cells of a table (CSV).
    """

    file: str
    tree: Mapping[str, object]
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    tabular: bool = False
    problems: tuple[Diagnostic, ...] = ()

    def where(self, path: KeyPath, column: str = "value") -> Location:
        """Return the place of a key: its line, or that of the table it stands in."""
        near = next((path[:n] for n in range(len(path), 0, -1) if path[:n] in self.lines), ())
        cell = column if self.tabular else write_path(path)
        return Location(self.file, self.lines.get(near, 0), cell)


def write_path(path: KeyPath) -> str:
    """Return a key path as people write it; items of a list count from 1.

    >>> write_path(("year", "2024", "credits", 0, "quantity"))
    'year.2024.credits#1.quantity'
    """
    parts = (f"#{p + 1}" if isinstance(p, int) else f".{shown(p)}" for p in path)
    return "".join(parts).removeprefix(".")


def fail(code: Code, message: Words, hint: Words, where: Location) -> NoReturn:
    """Raise `ContentError` with one diagnostic, after which nothing further can be read."""
    raise ContentError((Diagnostic(code, message, where, hint=hint),))


def too_large(where: Location) -> NoReturn:
    """Raise `ContentError`: what is too large is not read to its end."""
    zh = f"超过 5 MiB、{MAX_VALUES} 个值或 {MAX_DEPTH} 层嵌套"
    en = f"more than 5 MiB, {MAX_VALUES} values or {MAX_DEPTH} levels of nesting"
    fail("file-too-large", (zh, en), ("一个文件只写一个单位", "write one entity per file"), where)


def parse(data: bytes, extension: str, file: str) -> RawCase:
    """Return the raw tree of a `.toml`, `.json` or `.csv` file; without extension it is guessed.

    Raises `ContentError` where the text cannot be decoded or parsed at all.
    """
    where, extension = Location(file), extension or _sniff(data)
    text = _decode(data, where, ("utf-8-sig", "gb18030") if extension == ".csv" else ("utf-8-sig",))
    return PARSERS[extension](text, where)


def _sniff(data: bytes) -> str:
    start = re.sub(rb'[ \t"]', b"", data.removeprefix(b"\xef\xbb\xbf").lstrip()[:99]).lower()
    named = {b"{": ".json", _HEADERS[1].encode(): ".csv"}
    return next((form for mark, form in named.items() if start.startswith(mark)), ".toml")


def _decode(data: bytes, where: Location, encodings: tuple[str, ...]) -> str:
    for encoding in encodings:
        try:
            if b"\0" not in data:
                return data.decode(encoding)
        except UnicodeDecodeError as error:
            where = Location(where.file, data.count(b"\n", 0, error.start) + 1)
    names = " / ".join(name.removesuffix("-sig").upper() for name in encodings)
    hint = ("另存为 UTF-8（Excel：CSV UTF-8）", "save it as UTF-8 (in Excel: CSV UTF-8)")
    fail("file-unreadable", (f"不是 {names} 文本", f"not {names} text"), hint, where)


def _parse_toml(text: str, where: Location) -> RawCase:
    import tomllib

    lines = text.replace("\r\n", "\n").split("\n")
    dots = [(line.count("."), line.lstrip().startswith("[")) for line in lines]
    work = sum(n * n + 100 * (n + 1) * header for n, header in dots)
    if work > _MAX_WORK or text.count(",") + len(lines) > 2 * MAX_VALUES:
        too_large(where)
    if found := _LONG_NUMBER.search(text):
        at = Location(where.file, text.count("\n", 0, found.start()) + 1)
        words = ("数字有几千位", "a number of thousands of digits")
        fail("number-inexact", words, ("检查数字", "check the number"), at)
    try:
        tree = tomllib.loads(text, parse_float=Number)
    except RecursionError:
        too_large(where)
    except ValueError as error:
        reason = str(error)
    else:
        return RawCase(where.file, tree, dict(reversed([*_toml_places(lines)])))
    found = re.search(r"at line (\d+)", reason)
    line = int(found[1]) if found else len(lines)
    key = shown(lines[line - 1].split("=")[0].strip())
    code, (zh, en) = next(row[1:] for row in _TOML_REASONS if re.match(row[0], reason))
    hint = ("检查这一行及上一行", "look at this line and the one above it")
    words = (f"“{key}”{zh}（{shown(reason)}）", f"'{key}': {en} ({shown(reason)})")
    fail(code, words, hint, Location(where.file, line, key))


def _toml_places(lines: list[str]) -> Iterator[tuple[KeyPath, int]]:
    # tomllib keeps no positions; inside long strings and arrays a line may be missed.
    table: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    quoted = False
    for number, line in enumerate(lines, 1):
        match = None if quoted else _TOML_LINE.match(line)
        quoted ^= (line.count('"""') + line.count("'''")) % 2 == 1
        if match is None:
            continue
        path: KeyPath = () if match[1] else table
        parts = [part.strip("\"'") for part in _TOML_PART.findall(match[2])]
        for place, part in enumerate(parts, 1):
            path = (*path, part)
            if match[1] == "[[" and place == len(parts):
                counts[path] = counts.get(path, -1) + 1
            yield path, number
            if path in counts:
                path = (*path, counts[path])
                yield path, number
        table = path if match[1] else table


def _parse_json(text: str, where: Location) -> RawCase:
    import json

    lines: dict[KeyPath, int] = {}
    problems = tuple(_scan_json(text, where.file, lines))
    try:
        tree = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number)
    except json.JSONDecodeError as error:
        words = (f"JSON 写法有误：{error.msg}", f"malformed JSON: {error.msg}")
        hint = ("检查逗号、引号与括号", "check commas, quotes and brackets")
        fail("syntax", words, hint, Location(where.file, error.lineno))
    except RecursionError:
        too_large(where)
    return RawCase(where.file, tree, lines, problems=problems)


def _scan_json(text: str, file: str, lines: dict[KeyPath, int]) -> Iterator[Diagnostic]:
    # json.loads keeps neither positions nor the first of two equal keys.
    import json

    path: list[str | int] = []
    line, last = 1, ""
    for match in _JSON_TOKEN.finditer(text):
        token = match[0]
        if token == "\n":
            line += 1
        elif token[0] == '"':
            last = token
        elif token in "{[":
            lines[tuple(path)] = line
            path.append("" if token == "{" else 0)
        elif path and token in "}]":
            path.pop()
        elif path and isinstance(path[-1], int):
            path[-1] += 1
            lines[tuple(path)] = line
        elif path and token == ":":
            try:
                path[-1] = key = str(json.loads(last))
            except ValueError:
                return  # json.loads will say what is wrong with the whole
            at = tuple(path)
            if at in lines:
                words = (f"“{shown(key)}”重复", f"'{shown(key)}' is repeated")
                yield Diagnostic(
                    "duplicate-key", words, Location(file, line, write_path(at)), hint=_ONCE
                )
            lines[at] = line
        if len(path) > MAX_DEPTH or len(lines) > MAX_VALUES:
            too_large(Location(file, line))


def _parse_csv(text: str, where: Location) -> RawCase:
    import csv
    import io

    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    told: dict[KeyPath, object] = {}
    lines: dict[KeyPath, int] = {}
    problems: list[Diagnostic] = []
    header, line = "", 1
    try:
        header = ",".join(cell.strip().lower() for cell in next(rows, [])).rstrip(",")
        for row in rows if header in _HEADERS else ():
            if any(cells := [cell.strip() for cell in row]):
                at = Location(where.file, line + 1, "record")
                problems += _take_row(cells, at, told, lines)
            line = rows.line_num
    except csv.Error as error:
        words = (f"CSV 写法有误：{error}", f"malformed CSV: {error}")
        hint = ("检查引号是否成对", "check that quotes come in pairs")
        fail("syntax", words, hint, Location(where.file, rows.line_num))
    if header not in _HEADERS:
        words = ("缺少表头，或列名不符", "the header is missing or names other columns")
        hint = (f"首行写 {_HEADERS[0]}", f"begin with {_HEADERS[0]}")
        fail("record-malformed", words, hint, Location(where.file, 1))
    tree, lines = _tree_of(_ranked(told)), _ranked(lines)
    return RawCase(where.file, tree, lines, tabular=True, problems=tuple(problems))


def _take_row(
    cells: list[str], where: Location, told: dict[KeyPath, object], lines: dict[KeyPath, int]
) -> Iterator[Diagnostic]:
    record, year, fact, value, source, *beyond = [*cells, "", "", "", "", ""]
    item = _LIST_ITEM.fullmatch(record)
    content: object = {"value": value, "source": source} if source else value
    path: KeyPath = ()
    if record == "entity" and fact:
        path = ("year", year, fact) if year else ("entity", fact)
    elif item and year and fact:
        path = ("year", year, item[1], int(item[2]) - 1, fact)
    elif record and year and not fact and value == "[]":
        path, content = ("year", year, record), []
    if formula := next((c for c in (value, source) if _FORMULA.match(normalize("NFKC", c))), ""):
        words = (f"“{shown(formula)}”是公式", f"'{shown(formula)}' is a spreadsheet formula")
        at = replace(where, cell="value" if formula == value else "source")
        yield Diagnostic("type-mismatch", words, at, hint=("粘贴为数值", "paste it as a value"))
    elif not path or any(beyond):
        words = ("这一行没有说明是什么事实", "the row does not say which fact it tells")
        yield Diagnostic("record-malformed", words, where, hint=(f"可写 {_ROWS}", f"write {_ROWS}"))
    elif path in lines or path[:3] in told:
        words = ("与前面某一行重复或矛盾", "the row repeats or contradicts an earlier one")
        yield Diagnostic("duplicate-key", words, where, hint=_ONCE)
    else:
        told[path] = content
        for end in range(1, len(path) + 1):
            lines.setdefault(path[:end], where.line)


def _ranked(cells: Mapping[KeyPath, _Cell]) -> dict[KeyPath, _Cell]:
    # The numbers of LIST#N may have gaps, where a row was deleted; places in a list have none.
    ranks: dict[KeyPath, int] = {}
    sizes: dict[KeyPath, int] = {}
    items = {path[:4] for path in cells if len(path) > 3}
    for item in sorted(items, key=lambda path: int(path[3])):
        ranks[item] = sizes.get(item[:3], 0)
        sizes[item[:3]] = ranks[item] + 1
    return {(*p[:3], ranks[p[:4]], *p[4:]) if len(p) > 3 else p: cell for p, cell in cells.items()}


def _tree_of(told: Mapping[KeyPath, object]) -> dict[str, object]:
    tree: dict[Any, Any] = {}
    for path, content in told.items():
        table = tree
        for part in path[:-1]:
            table = table.setdefault(part, {})
        table[path[-1]] = content
    for year in tree.get("year", {}).values():
        for name, rows in year.items():
            if isinstance(rows, dict) and "value" not in rows:
                year[name] = [row for _, row in sorted(rows.items())]
    return tree


PARSERS = {".toml": _parse_toml, ".json": _parse_json, ".csv": _parse_csv}
