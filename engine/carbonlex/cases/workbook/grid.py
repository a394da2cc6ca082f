"""The cells of a workbook as they were stored, before anyone asks what they mean.

A grid crosses from the confined process as JSON: it holds texts and numbers only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

Kind = Literal["number", "serial", "text", "boolean", "error", "formula", "day"]
Place: TypeAlias = tuple[int, int]

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


@dataclass(frozen=True)
class Cell:
    """One cell that holds something: `text` is what the file has, a number's digits unread.

    `serial` is a number shown as a date, `day` a date stored as text (`2026-12-31`).
    """

    kind: Kind
    text: str


@dataclass(frozen=True)
class Sheet:
    """The cells of one sheet by row and column from 1, and what of it cannot be seen.

    `hidden_columns` and `merged` are inclusive: `(first, last)` columns, `A1:B2`.
    """

    name: str
    hidden: bool = False
    cells: Mapping[Place, Cell] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    merged: tuple[str, ...] = ()

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell, stripped; "" where it is empty or no text."""
        cell = self.cells.get((row, column))
        return cell.text.strip() if cell is not None and cell.kind == "text" else ""


@dataclass(frozen=True)
class Grid:
    """Every sheet of a workbook in its order; `from_1904`: its days are counted from 1904."""

    sheets: tuple[Sheet, ...]
    from_1904: bool = False


def address(row: int, column: int) -> str:
    """Return the name of a cell.

    >>> address(5, 3), address(1, 16_384)
    ('C5', 'XFD1')
    """
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def place_of(name: str) -> Place | None:
    """Return the row and column of a cell, or None where there is no such cell.

    >>> place_of("C5"), place_of("XFE1")
    ((5, 3), None)
    """
    letters = name.rstrip("0123456789")
    digits = name[len(letters) :]
    if not (letters.isascii() and letters.isalpha() and 0 < len(letters) <= 3 and digits):
        return None
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(digits) if len(digits) <= 7 else 0
    return (row, column) if 0 < row <= LAST_ROW and column <= LAST_COLUMN else None


def to_wire(grid: Grid) -> dict[str, Any]:
    """Return a grid as JSON has it."""
    sheets = [
        {
            "name": s.name,
            "hidden": s.hidden,
            "cells": [[*place, cell.kind, cell.text] for place, cell in s.cells.items()],
            "hidden_rows": sorted(s.hidden_rows),
            "hidden_columns": s.hidden_columns,
            "merged": s.merged,
        }
        for s in grid.sheets
    ]
    return {"sheets": sheets, "from_1904": grid.from_1904}


def from_wire(wire: Mapping[str, Any]) -> Grid:
    """Return the grid that JSON tells; the inverse of `to_wire`."""
    sheets = (
        Sheet(
            s["name"],
            s["hidden"],
            {(row, column): Cell(kind, text) for row, column, kind, text in s["cells"]},
            frozenset(s["hidden_rows"]),
            tuple((first, last) for first, last in s["hidden_columns"]),
            tuple(s["merged"]),
        )
        for s in wire["sheets"]
    )
    return Grid(tuple(sheets), wire["from_1904"])
