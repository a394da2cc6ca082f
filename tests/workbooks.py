"""Workbooks for tests: a template filled in as an officer does, or broken part by part."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import openpyxl

from carbonlex.cases.workbook.template import template
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.vocabulary import Vocabulary

YEARS = (2023, 2024, 2025)
SHEET_OF_YEARS = "xl/worksheets/sheet3.xml"
Tree = Mapping[str, Any]


@cache
def blank(sector: str) -> bytes:
    """Return the template of a sector."""
    return template(load_rulebook(), sector, YEARS)


@cache
def short_vocabulary() -> Vocabulary:
    """Return a few terms of the vocabulary, so that a workbook of them is soon read."""
    whole = load_rulebook().vocabulary
    names = ("sector", "verified_emissions", "listed", "removed", "reported_on", "quantity", "used")
    records = {name: whole.records[name] for name in ("entity", "credits")}
    return Vocabulary(records, {name: whole.terms[name] for name in names})


@cache
def short() -> bytes:
    """Return a template of few terms."""
    rulebook = replace(load_rulebook(), vocabulary=short_vocabulary())
    return template(rulebook, "power", YEARS)


def opened(data: bytes) -> Any:
    """Return a workbook as openpyxl reads it: the officer's Excel."""
    return openpyxl.load_workbook(io.BytesIO(data))


def saved(book: Any) -> bytes:
    """Return the bytes of a workbook as openpyxl writes them."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def sheet(book: Any, mark: str) -> Any:
    """Return the sheet whose cell A1 ends so: `entity`, `years`, `credits`."""
    return next(s for s in book.worksheets if str(s["A1"].value).endswith(f" {mark}"))


def cell(page: Any, key: str, year: int | None = None) -> Any:
    """Return the cell for the value of a fact: on a sheet of years, in the column of one."""
    row = next(r for r in range(4, page.max_row + 1) if page.cell(r, 1).value == key)
    columns = [c for c in range(2, page.max_column + 1) if page.cell(1, c).value == "#value"]
    return page.cell(row, next(c for c in columns if year is None or page.cell(3, c).value == year))


def beside(value: Any) -> Any:
    """Return the cell for the source of a value."""
    return value.offset(0, 1)


def fill(book: Any, tree: Tree) -> None:
    """Fill in a case of the shape that files have; a list left out is not told."""
    for key, value in tree.get("entity", {}).items():
        cell(sheet(book, "entity"), key).value = value
    rows: dict[str, int] = {}
    for year, facts in tree["year"].items():
        for key, value in facts.items():
            if not isinstance(value, list):
                cell(sheet(book, "years"), key, int(year)).value = value
                continue
            page = sheet(book, key)
            at = {page.cell(1, c).value: c for c in range(2, page.max_column + 1)}
            for record in value or [{"#none": "无 none"}]:
                row = rows[key] = rows.get(key, 3) + 1
                for name, told in {"#year": int(year), **record}.items():
                    page.cell(row, at[name]).value = told


def filled(tree: Tree, blank: bytes) -> bytes:
    """Return a template with a case filled in."""
    book = opened(blank)
    fill(book, tree)
    return saved(book)


def parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a workbook of parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def changed(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """Return a workbook of which one part is changed; the change must change something."""
    held = parts(data)
    before = held[part].decode()
    after = change(before)
    assert after != before
    return packed({**held, part: after.encode()})
