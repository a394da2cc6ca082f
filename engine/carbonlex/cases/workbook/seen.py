"""What of a sheet cannot be taken as told: formulas, errors, and what nobody sees."""

from __future__ import annotations

from collections.abc import Iterator

from carbonlex.cases.models import Words, shown
from carbonlex.cases.workbook.grid import Place, Sheet, address
from carbonlex.errors import Code, Diagnostic, Location

_UNHIDE: Words = ("取消隐藏、清除筛选，或删去", "unhide it, clear the filter, or delete it")
_AS_VALUES: Words = ("复制后选择性粘贴为数值", "copy it and paste it as values")
_CORRECT: Words = (
    "改为数值，不知道则留空",
    "write the value, or leave it empty if it is not known",
)
_UNMERGE: Words = ("取消合并，逐格填写", "unmerge them and fill in each")


def location(file: str, sheet: Sheet, place: Place) -> Location:
    """Return the place of a cell: `3 年度 Years!F5`."""
    return Location(file, cell=f"{shown(sheet.name)}!{address(*place)}")


def unreadable(sheet: Sheet, file: str, start: Place) -> Iterator[tuple[Place, Diagnostic]]:
    """Yield each cell that cannot be taken, with the reason; data begin at a row and column."""

    def found(code: Code, place: Place, message: Words, hint: Words) -> tuple[Place, Diagnostic]:
        return place, Diagnostic(code, message, location(file, sheet, place), hint=hint)

    data = [(r, c) for r, c in sheet.cells if r >= start[0] and c >= start[1]]
    if sheet.hidden and data:
        words = ("工作表被隐藏而有数据", "the sheet is hidden and holds data")
        yield found("cell-hidden", min(data), words, _UNHIDE)
    for row, column in sorted(data):
        if row in sheet.hidden_rows:
            words = (f"第 {row} 行被隐藏而有数据", f"row {row} is hidden and holds data")
            yield found("cell-hidden", (row, column), words, _UNHIDE)
        elif any(first <= column <= last for first, last in sheet.hidden_columns):
            name = address(1, column)[:-1]
            words = (f"{name} 列被隐藏而有数据", f"column {name} is hidden and holds data")
            yield found("cell-hidden", (row, column), words, _UNHIDE)
    for place, cell in sorted(sheet.cells.items()):
        if cell.kind == "formula":
            words = ("单元格是公式，其结果不采用", "the cell is a formula: its result is not taken")
            yield found("cell-formula", place, words, _AS_VALUES)
        elif cell.kind == "error":
            error = shown(cell.text)
            words = (f"单元格是错误值 {error}", f"the cell is the error {error}")
            yield found("type-mismatch", place, words, _CORRECT)
    for merged in sheet.merged:
        at = Location(file, cell=f"{shown(sheet.name)}!{shown(merged)}")
        words = ("有合并的单元格", "there are merged cells")
        yield (0, 0), Diagnostic("cell-merged", words, at, hint=_UNMERGE)
