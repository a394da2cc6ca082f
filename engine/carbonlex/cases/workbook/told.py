"""A grid into the tree of a case, each value with its cell, or what is wrong with the cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, TypeAlias
from unicodedata import normalize

from carbonlex.cases.formats import KeyPath, RawCase
from carbonlex.cases.models import NAME, Refusal, Words, shown
from carbonlex.cases.workbook.grid import Cell, Grid, Place, Sheet
from carbonlex.cases.workbook.layout import (
    HEADER,
    NONE,
    NONES,
    NOTHING,
    SOURCE,
    VALUE,
    YEAR,
    Role,
    role_of,
)
from carbonlex.cases.workbook.seen import location, unreadable
from carbonlex.cases.workbook.values import day_of, raw_of, shortest
from carbonlex.errors import Code, Diagnostic, Location
from carbonlex.rulebook.vocabulary import Vocabulary

Keys: TypeAlias = Mapping[int, str]
Rows: TypeAlias = Mapping[int, Mapping[int, Cell]]
Starts: TypeAlias = Mapping[int, KeyPath | None]

_TEMPLATE: Words = (
    "用 carbonlex template 行业 -o 文件.xlsx 生成模板再填",
    "fill in a template: carbonlex template SECTOR -o FILE.xlsx",
)
_EITHER: Words = ("删去其一", "remove one of the two")


@dataclass(frozen=True)
class WorkbookCase(RawCase):
    """A raw tree whose places are cells: `3 年度 Years!F5`."""

    cells: Mapping[KeyPath, str] = field(default_factory=dict)

    def where(self, path: KeyPath, column: str = "value") -> Location:
        """Return the cell that tells a key, or the nearest that it stands under."""
        near = (path[:n] for n in range(len(path), 0, -1) if path[:n] in self.cells)
        return Location(self.file, cell=self.cells.get(next(near, ()), ""))


def told(grid: Grid, file: str, vocabulary: Vocabulary) -> WorkbookCase:
    """Return the raw case that a filled template tells, with everything wrong so far."""
    telling = _Telling(grid, file, vocabulary)
    telling.book()
    tree, problems = _tree_of(telling.told), tuple(telling.wrong)
    return WorkbookCase(file, tree, tabular=True, problems=problems, cells=telling.cells)


@dataclass(frozen=True)
class _Telling:
    grid: Grid
    file: str
    vocabulary: Vocabulary
    told: dict[KeyPath, object] = field(default_factory=dict)
    cells: dict[KeyPath, str] = field(default_factory=dict)
    wrong: list[Diagnostic] = field(default_factory=list)

    def book(self) -> None:
        roles: dict[Role, Sheet] = {}
        for sheet in self.grid.sheets:
            role = role_of(sheet.text(1, 1))
            if role is None and sheet.cells:
                words = ("不是模板的工作表", "the sheet is not of the template")
                hint = ("删去，或改名为以“备注”开头", "delete it, or let its name begin with Notes")
                self.fail("record-malformed", sheet, min(sheet.cells), words, hint)
            elif role in roles:
                name = shown(roles[role].name)
                words = (f"与“{name}”是同一张表", f"the same sheet as '{name}'")
                self.fail("duplicate-key", sheet, (1, 1), words, _EITHER)
            elif role is not None and role.kind not in ("guide", "lists"):
                roles[role] = sheet
                self.sheet(role, sheet)
        if self.wrong or any(path[0] == "year" for path in self.told):
            return
        words = ("没有告知任何年度的事实", "nothing is told of any year")
        hint = ("填写年度表", "fill in the sheet of years")
        if not roles:
            words = ("没有模板的工作表", "the workbook has no sheet of the template")
            hint = _TEMPLATE
        self.wrong.append(Diagnostic("record-malformed", words, Location(self.file), hint=hint))

    def sheet(self, role: Role, sheet: Sheet) -> None:
        keys = {c: sheet.text(r, c) for r, c in sheet.cells if r == 1 and c > 1}
        header = next((r for r, c in sheet.cells if c == 1 and sheet.text(r, 1) == HEADER), 0)
        if not header or not keys:
            words = ("隐藏的首行或首列已被改动", "the hidden first row or column has been changed")
            self.fail("record-malformed", sheet, (1, 1), words, _TEMPLATE)
            return
        first = min((c for c, key in keys.items() if key == VALUE), default=2)
        refused = [*unreadable(sheet, self.file, (header, first))]
        self.wrong.extend(found for _, found in refused)
        bad = {place for place, _ in refused}
        data: dict[int, dict[int, Cell]] = {}
        for (row, column), cell in sorted(sheet.cells.items()):
            if row >= header and column >= first and (row, column) not in bad:
                data.setdefault(row, {})[column] = cell
        top = data.pop(header, {})
        for row, held in data.items():
            for column in [c for c in held if not keys.get(c)]:
                words = ("模板以外的单元格", "the cell is outside the template")
                hint = ("移到名称以“备注”开头的工作表", "move it to a sheet named Notes")
                self.fail("record-malformed", sheet, (row, column), words, hint)
                del held[column]
        if role.kind == "records":
            self.records(role.record, sheet, keys, data)
            return
        starts: dict[int, KeyPath | None] = {}
        for column in sorted({c for held in data.values() for c in held if keys[c] == VALUE}):
            place = (header, column)
            start = ("entity",) if role.kind == "entity" else self.year(sheet, place, top)
            if start is not None and start in starts.values():
                words = (f"“{start[-1]}”已有一列", f"there is a column of {start[-1]} already")
                self.fail("duplicate-key", sheet, place, words, _EITHER)
            starts[column] = start
        self.facts(sheet, keys, data, starts)

    def facts(self, sheet: Sheet, keys: Keys, data: Rows, starts: Starts) -> None:
        """Tell the rows of a sheet with one fact each: values, and the source beside each."""
        for row, held in data.items():
            name = sheet.text(row, 1)
            for column, cell in held.items():
                start = starts.get(column)
                if not name:
                    words = ("这一行不是模板的事实", "the row is no fact of the template")
                    self.fail("record-malformed", sheet, (row, column), words, _TEMPLATE)
                elif start is not None:
                    beside = held.get(column + 1) if keys.get(column + 1) == SOURCE else None
                    self.tell((*start, name), sheet, (row, column), cell, beside)
                elif keys[column] == SOURCE and column - 1 not in held:
                    words = ("有来源而没有值", "there is a source and no value")
                    hint = ("填写值，或删去来源", "fill in the value, or remove the source")
                    self.fail("record-malformed", sheet, (row, column), words, hint)

    def records(self, record: str, sheet: Sheet, keys: Keys, data: Rows) -> None:
        """Tell the rows of a sheet with one record each, or that a year has none."""
        at = {key: column for column, key in keys.items()}
        counts: dict[KeyPath, int] = {}
        for row, held in data.items():
            year_at = (row, at.get(YEAR, 2))
            start = self.year(sheet, year_at, held) if held else None
            if start is None:
                continue
            path = (*start, record)
            facts = {c: cell for c, cell in held.items() if not keys[c].startswith("#")}
            none = held.get(at.get(NONE, 0))
            if none is not None and none.text.strip().casefold() not in NONES:
                said = shown(none.text)
                words = (f"“{said}”不是“{NOTHING}”", f"'{said}' is not '{NOTHING}'")
                hint = ("有记录则留空", "leave it empty where there is a record")
                self.fail("type-mismatch", sheet, (row, at[NONE]), words, hint)
            elif (none is not None and (facts or path in counts)) or path in self.told:
                words = ("同一年度既说没有，又有记录", "the year is said to have none, and some")
                self.fail("duplicate-key", sheet, year_at, words, _EITHER)
            elif none is not None:
                self.told[path] = []
                self.cells[path] = location(self.file, sheet, (row, at[NONE])).cell
            elif not facts:
                words = ("这一行除年度外没有内容", "the row tells nothing but its year")
                hint = (f"填写；该年没有则选“{NOTHING}”", f"fill it in, or choose '{NOTHING}'")
                self.fail("record-malformed", sheet, year_at, words, hint)
            else:
                counts[path] = counts.get(path, 0) + 1
                item = (*path, counts[path] - 1)
                self.cells[item] = location(self.file, sheet, year_at).cell
                for column, cell in facts.items():
                    place, beside = (row, column), held.get(at.get(SOURCE, 0))
                    self.tell((*item, keys[column]), sheet, place, cell, beside)

    def year(self, sheet: Sheet, place: Place, held: Mapping[int, Cell]) -> KeyPath | None:
        """Return the path of the year that a cell names; None, which is noted, without one."""
        cell = held.get(place[1])
        if cell is None:
            words = ("有数据而没有年度", "there are data and no year")
            self.fail("record-malformed", sheet, place, words, ("写四位年度", "write the year"))
            return None
        text = normalize("NFKC", cell.text).strip().removesuffix("年")
        path = ("year", text.removesuffix(".0") if cell.kind == "number" else text)
        self.cells.setdefault(path, location(self.file, sheet, place).cell)
        return path

    def tell(
        self, path: KeyPath, sheet: Sheet, place: Place, cell: Cell, source: Cell | None
    ) -> None:
        """Note one value with its cell and source, or why it cannot be taken."""
        name, at = str(path[-1]), location(self.file, sheet, place)
        term = NAME if name == NAME.name else self.vocabulary.terms.get(name)
        if path in self.cells:
            words = (f"{name} 已在 {self.cells[path]}", f"{name} is told in {self.cells[path]}")
            self.wrong.append(Diagnostic("duplicate-key", words, at, hint=_EITHER))
            return
        self.cells[path] = at.cell
        self.cells.setdefault(path[:1], at.cell)
        try:
            value = raw_of(term, cell, self.grid.from_1904)
            said = self.source(source)
        except Refusal as refusal:
            zh, en = refusal.message
            label = f"（{term.label.zh}）" if term is not None else ""
            words = (f"{name}{label}：{zh}", f"{name}: {en}")
            self.wrong.append(Diagnostic(refusal.code, words, at, hint=refusal.hint))
            return
        self.told[path] = {"value": value, "source": said} if said else value

    def source(self, cell: Cell | None) -> str:
        """Return the words of a source: a document's date or number is one too."""
        if cell is None:
            return ""
        if cell.kind == "serial":
            return day_of(cell, self.grid.from_1904).isoformat()
        return shortest(cell.text) if cell.kind == "number" else cell.text

    def fail(self, code: Code, sheet: Sheet, place: Place, message: Words, hint: Words) -> None:
        at = location(self.file, sheet, place)
        self.wrong.append(Diagnostic(code, message, at, hint=hint))


def _tree_of(told: Mapping[KeyPath, object]) -> dict[str, object]:
    tree: dict[str, Any] = {"entity": {}, "year": {}}
    for path, content in told.items():
        table: Any = tree
        for part, following in pairwise(path):
            if isinstance(part, int):
                # A row of which nothing could be taken has no place; the case is refused anyway.
                table += [{} for _ in range(part + 1 - len(table))]
                table = table[part]
            else:
                table = table.setdefault(part, [] if isinstance(following, int) else {})
        table[path[-1]] = content
    return tree
