"""The parts of a workbook into a grid: cell by cell, in one pass, never a dense table.

A cell at XFD1048576 costs no more than one at A1, and a number stays the text that it is. The
libraries that read workbooks give floats, and 0 or nothing for a formula never computed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from carbonlex.cases.formats import MAX_VALUES, too_large
from carbonlex.cases.workbook.grid import Cell, Grid, Kind, Sheet, place_of
from carbonlex.cases.workbook.layout import is_notes
from carbonlex.cases.workbook.package import HERE, Package, broken

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_CELLS = 400_000  # with those that hold a format only
MAX_MERGED = 1_000

_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_DAY_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_NOT_CODES = re.compile(r'"[^"]*"?|\[[^\]]*\]?|[\\_*].|General', re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true", "on")


def read_grid(data: bytes) -> Grid:
    """Return every cell of an .xlsx file; raises `ContentError` where it is not safe or whole."""
    package = Package(data)
    book = _one(package, "", "officeDocument")
    related = package.relationships(book)
    root = package.root(book)
    strings = _strings(package, _one(package, book, "sharedStrings", optional=True))
    days = _day_styles(package, _one(package, book, "styles", optional=True))
    reader = _SheetReader(package, strings, days)
    sheets: list[Sheet] = []
    for element in _all(root, "sheet"):
        ids = [v for k, v in element.attrib.items() if str(k).endswith("}id")]
        found = related.get(str(ids[0]) if ids else "")
        name = element.get("name", "")
        if found is None or not found.inside:
            broken(name)
        if found.kind == "worksheet" and not is_notes(name):
            hidden = element.get("state", "visible") != "visible"
            sheets.append(reader.sheet(name, hidden, found.target))
    from_1904 = any(e.get("date1904", "") in _TRUE for e in _all(root, "workbookPr"))
    return Grid(tuple(sheets), from_1904)


def _one(package: Package, part: str, kind: str, *, optional: bool = False) -> str:
    """Return the path of the part of a kind that another refers to."""
    related = package.relationships(part).values()
    found = [r.target for r in related if r.kind == kind and r.inside]
    if len(found) > 1 or not (found or optional):
        broken(part or "_rels/.rels")
    return found[0] if found else ""


def _tags(*names: str) -> list[str]:
    return [f"{{{space}}}{name}" for space in _NAMESPACES for name in names]


def _all(root: _Element, name: str) -> Iterator[_Element]:
    return root.iter(*_tags(name))


def _name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _elements(
    package: Package, part: str, events: tuple[Literal["start", "end"], ...], *names: str
) -> Iterator[tuple[str, _Element]]:
    from lxml import etree

    try:
        yield from etree.iterparse(
            io.BytesIO(package.read(part)), events=events, tag=_tags(*names), encoding="utf-8",
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        )  # fmt: skip
    except etree.XMLSyntaxError:
        broken(part)


def _strings(package: Package, part: str) -> list[str]:
    found: list[str] = []
    for _, element in _elements(package, part, ("end",), "si") if part else ():
        if len(found) >= MAX_VALUES:
            too_large(HERE)
        found.append(_text(element))
        _forget(element)
    return found


def _forget(element: _Element) -> None:
    """Free an element that has been read, and those before it: a sheet is never held whole."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _text(element: _Element) -> str:
    # What stands above Chinese characters as a reading aid (`rPh`) is not part of the text.
    runs = (
        inner
        for child in element
        for inner in ([child] if _name(child) == "t" else child if _name(child) == "r" else ())
    )
    text = "".join(run.text or "" for run in runs if _name(run) == "t")
    return _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)


def _day_styles(package: Package, part: str) -> frozenset[int]:
    """Return the cell styles that show a number as a date or time."""
    if not part:
        return frozenset()
    root = package.root(part)
    codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in _all(root, "numFmt")}

    def shows_day(number: str) -> bool:
        if number in codes:
            return re.search("[ymdhs]", _NOT_CODES.sub("", codes[number]), re.I) is not None
        return number.isdecimal() and int(number) in _DAY_FORMATS

    styles = [xf for table in _all(root, "cellXfs") for xf in table]
    return frozenset(n for n, xf in enumerate(styles) if shows_day(xf.get("numFmtId", "0")))


@dataclass
class _Seen:
    """What one sheet has shown so far."""

    row: int = 0
    column: int = 0
    row_hidden: bool = False
    all_hidden: bool = False
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)


class _SheetReader:
    def __init__(self, package: Package, strings: list[str], days: frozenset[int]) -> None:
        self.package, self.strings, self.days = package, strings, days
        self.stored = self.held = 0

    def sheet(self, name: str, hidden: bool, part: str) -> Sheet:
        seen = _Seen()
        wanted = ("sheetFormatPr", "col", "row", "c", "mergeCell")
        for event, element in _elements(self.package, part, ("start", "end"), *wanted):
            match _name(element), event:
                case "row", "start":
                    self.row(element, seen)
                case "row", "end":
                    _forget(element)
                case "c", "end":
                    self.cell(element, seen, part)
                case "col", "end" if _unseen(element, "width"):
                    span = (element.get("min", ""), element.get("max", ""))
                    if not all(edge.isdecimal() and len(edge) < 7 for edge in span):
                        broken(part)
                    seen.hidden_columns.append((int(span[0]), int(span[1])))
                case "sheetFormatPr", "end":
                    seen.all_hidden = element.get("zeroHeight", "") in _TRUE
                case "mergeCell", "end" if len(seen.merged) < MAX_MERGED:
                    seen.merged.append(element.get("ref", ""))
        return Sheet(
            name, hidden, seen.cells, frozenset(seen.hidden_rows),
            tuple(seen.hidden_columns), tuple(seen.merged),
        )  # fmt: skip

    def row(self, element: _Element, seen: _Seen) -> None:
        told = element.get("r", "")
        seen.row = int(told) if told.isdecimal() and len(told) < 8 else seen.row + 1
        seen.column = 0
        shown = element.get("hidden", "") in ("0", "false") or "ht" in element.attrib
        seen.row_hidden = _unseen(element, "ht") or (seen.all_hidden and not shown)

    def cell(self, element: _Element, seen: _Seen, part: str) -> None:
        self.stored += 1
        place = place_of(element.get("r", "")) if "r" in element.attrib else (
            (seen.row, seen.column + 1)
        )  # fmt: skip
        if place is None or place[0] != seen.row or place in seen.cells:
            broken(part)
        seen.column = place[1]
        found = self.content(element, part)
        if found is not None:
            seen.cells[place] = found
            self.held += 1
            if seen.row_hidden:
                seen.hidden_rows.add(seen.row)
        if self.stored > MAX_CELLS or self.held > MAX_VALUES:
            too_large(HERE)
        element.clear()

    def content(self, element: _Element, part: str) -> Cell | None:
        """Return what a cell holds; None where it is empty or white space."""
        inner = {_name(child): child for child in element}
        if "f" in inner:
            return Cell("formula", (inner["f"].text or "")[:100])
        kind, value = element.get("t", "n"), (inner["v"].text or "") if "v" in inner else ""
        kinds: dict[str, Kind] = {"b": "boolean", "e": "error", "d": "day", "str": "text"}
        if kind == "inlineStr":
            return _words(_text(inner["is"]) if "is" in inner else "")
        if kind == "s":
            if not (value.isdecimal() and len(value) < 8 and int(value) < len(self.strings)):
                broken(part)
            return _words(self.strings[int(value)])
        if not value.strip():
            return None
        if kind in kinds:
            return Cell(kinds[kind], value.strip())
        if kind != "n":
            broken(part)
        style = element.get("s", "0")
        shows_day = style.isdecimal() and len(style) < 8 and int(style) in self.days
        return Cell("serial" if shows_day else "number", value.strip())


def _words(text: str) -> Cell | None:
    return Cell("text", text) if text.strip() else None


def _unseen(element: _Element, size: str) -> bool:
    flat = re.fullmatch(r"0*\.?0*", element.get(size, "1")) is not None
    return element.get("hidden", "") in _TRUE or flat
