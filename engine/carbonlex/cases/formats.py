"""A case file as a raw tree: its size bounded, its numbers kept as the text they were written in.

TOML, JSON and CSV give one and the same tree, and each key keeps the line it stands on. What the
keys mean is not judged here.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, Literal, NoReturn, TypeAlias

from carbonlex.cases.models import Number, Words, shown
from carbonlex.errors import Code, ContentError, Diagnostic, Location

MAX_BYTES = 5 * 1024 * 1024
MAX_VALUES = 200_000
MAX_DEPTH = 12

KeyPath: TypeAlias = tuple[str | int, ...]

_COLUMNS = ["record", "year", "fact", "value", "source"]
_LIST_ITEM = re.compile(r"([^#]+)#([1-9]\d{0,5})", re.ASCII)
_FORMULA = re.compile(r"[=@]|[+-](?!\d[\d_,.]*\s*[^\d\s=+\-@|!(&;]*$)")
_JSON_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:,\n]', re.DOTALL)
_TOML_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_TOML_LINE = re.compile(r"""[ \t]*(\[{0,2})((?:[\w\-. \t]++|"[^"]*"|'[^']*')++)[=\]]""")
# tomllib builds every prefix of a dotted key: a line costs the square of its dots.
_MAX_DOTS_SQUARED = 20_000_000
_ROWS: Words = (
    "可写：entity,,事实 · entity,2024,事实 · credits#1,2024,事实 · credits,2024,,[]",
    "write entity,,FACT or entity,2024,FACT or credits#1,2024,FACT or credits,2024,,[]",
)
_ONCE: Words = ("每个事实只写一次", "tell each fact once")


@dataclass(frozen=True, slots=True)
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
    text = "".join(f"#{p + 1}" if isinstance(p, int) else f".{shown(p)}" for p in path)
    return text.removeprefix(".")


def fail(code: Code, message: Words, hint: Words, where: Location) -> NoReturn:
    """Raise `ContentError` with one diagnostic, after which nothing further can be read."""
    raise ContentError((Diagnostic(code, message, where, hint=hint),))


def bound(tree: object, file: str) -> None:
    """Refuse a tree that is too deep or has too many values; it is walked without recursion."""
    rest, seen = [(tree, 0)], 0
    while rest:
        node, depth = rest.pop()
        seen += 1
        if depth > MAX_DEPTH or seen > MAX_VALUES:
            _too_large(Location(file))
        if isinstance(node, Mapping):
            rest.extend((child, depth + 1) for child in node.values())
        elif isinstance(node, list | tuple):
            rest.extend((child, depth + 1) for child in node)


def read_raw(path: str, stdin: BinaryIO | None = None) -> RawCase:
    """Return the raw tree of a file, or of standard input for `-`.

    Raises `ContentError` where the file cannot be read or parsed at all.
    """
    file = "<stdin>" if path == "-" else path.encode("utf-8", "replace").decode()
    extension = "" if path == "-" else os.path.splitext(path)[1].lower()
    if path != "-" and extension not in (".toml", ".json", ".csv"):
        hint = ("文件名应以 .toml、.json 或 .csv 结尾", "name the file .toml, .json or .csv")
        words = ("从文件名看不出格式", "the format does not show from the file name")
        fail("file-unreadable", words, hint, Location(file))
    data = _bytes_of(path, stdin, Location(file))
    extension = extension or sniff(data)
    text = _decode(data, file, ("utf-8-sig", "gb18030") if extension == ".csv" else ("utf-8-sig",))
    parse = {".toml": _parse_toml, ".json": _parse_json, ".csv": _parse_csv}[extension]
    raw = parse(text, file)
    bound(raw.tree, file)
    return raw


def sniff(data: bytes) -> Literal[".toml", ".json", ".csv"]:
    """Return the extension of the format that the first characters of a stream show."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return ".json"
    header = re.sub(rb'[\s"]', b"", start[:200].split(b"\n")[0]).lower()
    return ".csv" if header.startswith(b"record,year,fact,value") else ".toml"


def _too_large(where: Location) -> NoReturn:
    zh = f"超过 5 MiB、{MAX_VALUES} 个值或 {MAX_DEPTH} 层嵌套"
    en = f"more than 5 MiB, {MAX_VALUES} values or {MAX_DEPTH} levels of nesting"
    hint = ("一个案例文件只写一个单位", "write one entity per case file")
    fail("file-too-large", (zh, en), hint, where)


def _bytes_of(path: str, stdin: BinaryIO | None, where: Location) -> bytes:
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
        _too_large(where)
    return data


def _bounded(stream: BinaryIO) -> bytes:
    data = b""
    while len(data) <= MAX_BYTES and (chunk := stream.read(MAX_BYTES + 1 - len(data))):
        data += chunk
    return data


def _decode(data: bytes, file: str, encodings: tuple[str, ...]) -> str:
    line = 0
    for encoding in encodings:
        try:
            if b"\0" not in data:
                return data.decode(encoding)
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
    names = " / ".join(name.removesuffix("-sig").upper() for name in encodings)
    hint = ("另存为 UTF-8（Excel：CSV UTF-8）", "save it as UTF-8 (in Excel: CSV UTF-8)")
    fail("file-unreadable", (f"不是 {names} 文本", f"not {names} text"), hint, Location(file, line))


def _parse_toml(text: str, file: str) -> RawCase:
    import tomllib

    lines = text.replace("\r\n", "\n").split("\n")
    dots = sum(line.count(".") ** 2 for line in lines)
    if dots > _MAX_DOTS_SQUARED or text.count(",") + len(lines) > 2 * MAX_VALUES:
        _too_large(Location(file))
    try:
        tree = tomllib.loads(text, parse_float=Number)
    except RecursionError:
        _too_large(Location(file))
    except ValueError as error:
        _refuse_toml(str(error), lines, file)
    return RawCase(file, tree, dict(_toml_places(lines)))


def _refuse_toml(reason: str, lines: list[str], file: str) -> NoReturn:
    found = re.search(r"at line (\d+)", reason)
    line = int(found[1]) if found else len(lines)
    key = shown(lines[line - 1].split("=")[0].strip())
    where = Location(file, line, key)
    if re.match("Cannot (overwrite|declare|mutate|redefine)|Duplicate", reason):
        fail("duplicate-key", (f"“{key}”重复", f"'{key}' is repeated"), _ONCE, where)
    if reason.startswith("Invalid date"):
        words = (f"“{key}”的日期不存在", f"the date of '{key}' does not exist")
        fail("date-impossible", words, ("检查年月日", "check year, month and day"), where)
    if "integer string conversion" in reason:
        words, hint = ("数字过长", "a number of too many digits"), ("检查数字", "check the number")
        fail("number-inexact", words, hint, Location(file))
    words = (f"TOML 写法有误：{shown(reason)}", f"malformed TOML: {shown(reason)}")
    fail("syntax", words, ("文字加引号，键值之间用 =", "quote text; put = after the key"), where)


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
            if path in counts:
                path = (*path, counts[path])
        table = path if match[1] else table
        yield path, number


def _parse_json(text: str, file: str) -> RawCase:
    import json

    lines: dict[KeyPath, int] = {}
    problems = tuple(_scan_json(text, file, lines))
    try:
        tree = json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number)
    except json.JSONDecodeError as error:
        words = (f"JSON 写法有误：{error.msg}", f"malformed JSON: {error.msg}")
        hint = ("检查逗号、引号与括号", "check commas, quotes and brackets")
        fail("syntax", words, hint, Location(file, error.lineno))
    except RecursionError:
        _too_large(Location(file))
    return RawCase(file, tree, lines, problems=problems)


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
        elif path and token == ",":
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else ""
        elif path:
            try:
                path[-1] = str(json.loads(last))
            except ValueError:
                return  # json.loads will say what is wrong with the whole
            at = tuple(path)
            if at in lines:
                words = (f"“{shown(path[-1])}”重复", f"'{shown(path[-1])}' is repeated")
                where = Location(file, line, write_path(at))
                yield Diagnostic("duplicate-key", words, where, hint=_ONCE)
            lines[at] = line
        if len(path) > MAX_DEPTH or len(lines) > MAX_VALUES:
            _too_large(Location(file, line))


def _parse_csv(text: str, file: str) -> RawCase:
    import csv
    import io

    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    told: dict[KeyPath, object] = {}
    lines: dict[KeyPath, int] = {}
    problems: list[Diagnostic] = []
    header: list[str] = []
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            where = Location(file, rows.line_num - sum(cell.count("\n") for cell in row), "record")
            if header and any(cells):
                problems += _take_row(cells, where, told, lines)
            header = header or [cell.lower() for cell in cells if cell]
    except csv.Error as error:
        words = (f"CSV 写法有误：{error}", f"malformed CSV: {error}")
        fail(
            "syntax", words, ("检查引号是否成对", "check the quotes"), Location(file, rows.line_num)
        )
    if header not in (_COLUMNS, _COLUMNS[:4]):
        words = ("缺少表头，或列名不符", "the header is missing or names other columns")
        hint = (f"首行写 {','.join(_COLUMNS)}", f"begin with {','.join(_COLUMNS)}")
        fail("record-malformed", words, hint, Location(file, 1))
    return RawCase(file, _tree_of(told), lines, tabular=True, problems=tuple(problems))


def _take_row(
    cells: list[str], where: Location, told: dict[KeyPath, object], lines: dict[KeyPath, int]
) -> Iterator[Diagnostic]:
    record, year, fact, value, source, *beyond = [*cells, "", "", "", "", ""]
    for column, cell in (("value", value), ("source", source)):
        if _FORMULA.match(unicodedata.normalize("NFKC", cell)):
            words = (f"“{shown(cell)}”是公式", f"'{shown(cell)}' is a spreadsheet formula")
            hint = ("粘贴为数值", "paste the value in place of the formula")
            yield Diagnostic("type-mismatch", words, replace(where, cell=column), hint=hint)
            return
    item = _LIST_ITEM.fullmatch(record)
    content: object = {"value": value, "source": source} if source else value
    path: KeyPath = ()
    if record == "entity" and fact:
        path = ("year", year, fact) if year else ("entity", fact)
    elif item and year and fact:
        path = ("year", year, item[1], int(item[2]) - 1, fact)
    elif record and year and not fact and value == "[]":
        path, content = ("year", year, record), []
    if not path or any(beyond):
        words = ("这一行没有说明是什么事实", "the row does not say which fact it tells")
        yield Diagnostic("record-malformed", words, where, hint=_ROWS)
    elif path in lines or path[:3] in told:
        words = ("与前面某一行重复或矛盾", "the row repeats or contradicts an earlier one")
        yield Diagnostic("duplicate-key", words, where, hint=_ONCE)
    else:
        told[path] = content
        for end in range(1, len(path) + 1):
            lines.setdefault(path[:end], where.line)


def _tree_of(told: Mapping[KeyPath, object]) -> dict[str, Any]:
    tree: dict[Any, Any] = {}
    for path, content in told.items():
        node = tree
        for part in path[:-1]:
            node = node.setdefault(part, {})
        node[path[-1]] = content
    for year in tree.get("year", {}).values():
        for name, rows in year.items():
            if isinstance(rows, dict) and "value" not in rows:
                year[name] = [rows[number] for number in sorted(rows)]
    return tree
