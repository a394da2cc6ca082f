"""Workbooks that must not be believed, or must not cost more than they are worth: refused."""

from __future__ import annotations

import io
import re
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from carbonlex.cases.read import read_case
from carbonlex.cases.workbook import confined
from carbonlex.errors import ContentError, Diagnostic
from test_cli import run
from workbooks import (
    SHEET_OF_YEARS,
    cell,
    changed,
    filled,
    opened,
    packed,
    parts,
    saved,
    sheet,
    short,
    short_vocabulary,
)

GOOD = filled({"year": {"2024": {"verified_emissions": 100000}}}, short())
STORED = "<v>100000</v>"
EMISSIONS = "3 年度 Years!H4"
TYPES = "[Content_Types].xml"


def refused(data: bytes, folder: Path, name: str = "case.xlsx") -> tuple[Diagnostic, ...]:
    (folder / name).write_bytes(data)
    with pytest.raises(ContentError) as caught:
        read_case(folder / name, short_vocabulary())
    for found in caught.value.diagnostics:
        assert found.message[0] and found.message[1]
        assert (found.hint[0] and found.hint[1]) or "more problems" in found.message[1]
        assert found.where.file.endswith(name)
    return caught.value.diagnostics


def years(change: Callable[[str], str]) -> bytes:
    """Return the good workbook with its sheet of years changed."""
    return changed(GOOD, SHEET_OF_YEARS, change)


def edited(change: Callable[[Any], object]) -> bytes:
    """Return the good workbook as changed in Excel."""
    book = opened(GOOD)
    change(book)
    return saved(book)


def test_the_good_workbook_is_good(tmp_path: Path) -> None:
    (tmp_path / "case.xlsx").write_bytes(GOOD)
    assert read_case(tmp_path / "case.xlsx", short_vocabulary()).years[2024].facts


# ---- formulas: never trusted


@pytest.mark.parametrize(
    "stored",
    [
        "<f>50000*2</f><v>100000</v>",  # as Excel saves it
        "<f>50000*2</f><v>0</v>",  # as XlsxWriter writes it: 0 t, which nobody told
        "<f>50000*2</f><v></v>",  # as openpyxl writes it
        "<f>50000*2</f>",
        '<f t="shared" si="0"/><v>100000</v>',
        '<f t="array" ref="H4:H9">ROW()</f><v>100000</v>',
        "<f>[1]Sheet1!A1</f><v>100000</v>",
    ],
)
def test_a_formula_is_refused_with_or_without_a_result(stored: str, tmp_path: Path) -> None:
    (found,) = refused(years(lambda xml: xml.replace(STORED, stored)), tmp_path)
    assert (found.code, found.where.cell) == ("cell-formula", EMISSIONS)
    assert "paste it as values" in found.hint[1]


def test_a_formula_written_by_either_library_is_refused(tmp_path: Path) -> None:
    def set_formula(book: Any) -> None:
        cell(sheet(book, "years"), "verified_emissions", 2024).value = "=50000*2"

    assert [d.code for d in refused(edited(set_formula), tmp_path)] == ["cell-formula"]
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        page = book.add_worksheet("Years")
        for column, key in enumerate(("carbonlex/1 years", "#value")):
            page.write(0, column, key)
        page.write_row(1, 0, ["#header", 2024])
        page.write_row(2, 0, ["verified_emissions", "=50000*2"])
    (found,) = refused(stream.getvalue(), tmp_path)
    assert (found.code, found.where.cell) == ("cell-formula", "Years!B3")


def test_a_formula_beside_the_data_is_refused_too(tmp_path: Path) -> None:
    found = refused(edited(lambda b: sheet(b, "years").__setitem__("D4", "=1+1")), tmp_path)
    assert [(d.code, d.where.cell) for d in found] == [("cell-formula", "3 年度 Years!D4")]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#VALUE!"])
def test_errors_of_excel(error: str, tmp_path: Path) -> None:
    data = years(lambda x: x.replace(f' t="n">{STORED}', f' t="e"><v>{error}</v>'))
    (found,) = refused(data, tmp_path)
    assert (found.code, found.where.cell) == ("type-mismatch", EMISSIONS)
    assert error in found.message[0]


# ---- what nobody sees, what cannot be told apart


def hide_row(book: Any) -> None:
    sheet(book, "years").row_dimensions[4].hidden = True


def hide_column(book: Any) -> None:
    sheet(book, "years").column_dimensions["H"].hidden = True


def hide_sheet(book: Any) -> None:
    sheet(book, "years").sheet_state = "veryHidden"


@pytest.mark.parametrize("change", [hide_row, hide_column, hide_sheet])
def test_hidden_data(change: Callable[[Any], None], tmp_path: Path) -> None:
    found = refused(edited(change), tmp_path)
    assert {d.code for d in found} == {"cell-hidden"}
    assert {d.where.cell.rstrip("0123456789") for d in found} <= {
        "3 年度 Years!F",
        "3 年度 Years!H",
    }


@pytest.mark.parametrize("told", ['hidden="1"', 'ht="0" customHeight="1"', 'hidden="true"'])
def test_rows_that_are_hidden_in_any_way(told: str, tmp_path: Path) -> None:
    found = refused(years(lambda x: x.replace('<row r="4"', f'<row {told} r="4"')), tmp_path)
    assert [(d.code, d.where.cell) for d in found] == [("cell-hidden", EMISSIONS)]


def test_a_sheet_whose_rows_are_hidden_by_default(tmp_path: Path) -> None:
    data = years(lambda x: re.sub(r"<sheetFormatPr", '<sheetFormatPr zeroHeight="1"', x))
    assert {d.code for d in refused(data, tmp_path)} == {"cell-hidden"}


def test_hidden_rows_without_data_are_no_matter(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        for row in range(5, 9):
            sheet(book, "years").row_dimensions[row].hidden = True
        sheet(book, "years").column_dimensions["D"].hidden = True

    (tmp_path / "case.xlsx").write_bytes(edited(change))
    assert read_case(tmp_path / "case.xlsx", short_vocabulary()).years[2024].facts


def test_merged_cells(tmp_path: Path) -> None:
    found = refused(edited(lambda b: sheet(b, "years").merge_cells("H4:J4")), tmp_path)
    assert [(d.code, d.where.cell) for d in found] == [("cell-merged", "3 年度 Years!H4:J4")]


def test_one_year_in_two_columns(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet(book, "years")["F3"] = 2024
        sheet(book, "years")["F4"] = 90_000

    found = refused(edited(change), tmp_path)
    assert {d.code for d in found} == {"duplicate-key"}
    assert "3 年度 Years!H3" in {d.where.cell for d in found}


def test_one_fact_in_two_rows(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = sheet(book, "years")
        page["A20"], page["H20"] = "verified_emissions", 90_000

    (found,) = refused(edited(change), tmp_path)
    assert (found.code, found.where.cell) == ("duplicate-key", "3 年度 Years!H20")
    assert EMISSIONS in found.message[1]


def test_one_sheet_twice(tmp_path: Path) -> None:
    (found,) = refused(edited(lambda b: b.copy_worksheet(sheet(b, "years"))), tmp_path)
    assert found.code == "duplicate-key" and "3 年度 Years" in found.message[1]


@pytest.mark.parametrize(("at", "value"), [("Z4", 5), ("H40", 5), ("XFD1048576", 5)])
def test_cells_outside_the_template(at: str, value: object, tmp_path: Path) -> None:
    found = refused(edited(lambda b: sheet(b, "years").__setitem__(at, value)), tmp_path)
    assert [(d.code, d.where.cell) for d in found] == [("record-malformed", f"3 年度 Years!{at}")]


def test_a_column_without_a_year(tmp_path: Path) -> None:
    found = refused(edited(lambda b: sheet(b, "years").__setitem__("H3", None)), tmp_path)
    assert [(d.code, d.where.cell) for d in found] == [("record-malformed", "3 年度 Years!H3")]


def test_a_sheet_of_ones_own_is_read_only_by_its_owner(tmp_path: Path) -> None:
    def add(name: str) -> bytes:
        return edited(lambda b: b.create_sheet(name).__setitem__("B2", "=1+1"))

    (found,) = refused(add("Sheet1"), tmp_path)
    assert (found.code, found.where.cell) == ("record-malformed", "Sheet1!B2")
    for name in ("备注", "Notes of mine"):
        (tmp_path / "case.xlsx").write_bytes(add(name))
        assert read_case(tmp_path / "case.xlsx", short_vocabulary()).years


def test_a_workbook_that_is_no_template(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "排放量汇总表"
    (found,) = refused(saved(book), tmp_path)
    assert found.code == "record-malformed"
    empty = refused(saved(openpyxl.Workbook()), tmp_path)
    assert "carbonlex template" in empty[0].hint[1]


def test_keys_that_were_overwritten(tmp_path: Path) -> None:
    found = refused(edited(lambda b: sheet(b, "years").__setitem__("A3", None)), tmp_path)
    assert [d.code for d in found] == ["record-malformed"]
    found = refused(edited(lambda b: sheet(b, "years").__setitem__("A4", "emisions")), tmp_path)
    assert [(d.code, d.where.cell) for d in found] == [("name-unknown", EMISSIONS)]


# ---- files that are not what they seem


def part(name: str, content: bytes) -> bytes:
    return packed({**parts(GOOD), name: content})


def external(kind: str) -> Callable[[str], str]:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    told = f'Id="x" Type="{space}/{kind}" Target="https://example.com" TargetMode="External"'
    link = f"<Relationship {told}/>"
    return lambda xml: xml.replace("</Relationships>", f"{link}</Relationships>")


BILLION = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
UNSAFE = {
    "macros": part("xl/vbaProject.bin", b"x"),
    "macros by type": changed(GOOD, TYPES, lambda x: x.replace("sheet.main", "macroEnabled.main")),
    "old macros": part("xl/macrosheets/sheet1.xml", b"<x/>"),
    "another workbook": part("xl/externalLinks/externalLink1.xml", b"<x/>"),
    "another file": changed(GOOD, "xl/_rels/workbook.xml.rels", external("image")),
    "controls": part("xl/activeX/activeX1.bin", b"x"),
    "connections": part("xl/connections.xml", b"<x/>"),
    "entities": years(lambda x: x.replace("<worksheet", f"{BILLION}<worksheet", 1)),
    "entities elsewhere": part("docProps/custom.xml", f"{BILLION}<x>&b;</x>".encode()),
    "doctype": changed(GOOD, "xl/workbook.xml", lambda x: f'<!DOCTYPE x SYSTEM "file:///x">{x}'),
    "utf-16": part("docProps/custom.xml", f"{BILLION}<x>&b;</x>".encode("utf-16")),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSAFE)
def test_unsafe_workbooks(name: str, tmp_path: Path) -> None:
    (found,) = refused(UNSAFE[name], tmp_path)
    assert found.code == "workbook-unsafe"


def test_two_parts_of_one_name(tmp_path: Path) -> None:
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(SHEET_OF_YEARS.upper(), b"<worksheet/>")
    (found,) = refused(stream.getvalue(), tmp_path)
    assert found.code == "workbook-unsafe" and "two parts" in found.message[1]


def test_a_link_in_a_cell_is_not_followed_and_does_no_harm(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        sheet(book, "years")["I4"].hyperlink = "mailto:someone@example.com"
        sheet(book, "years")["I4"].value = "邮件"

    (tmp_path / "case.xlsx").write_bytes(edited(change))
    case = read_case(tmp_path / "case.xlsx", short_vocabulary())
    assert case.years[2024].facts["verified_emissions"].source == "邮件"


BROKEN = {
    "no zip": b"PK\x03\x04 and no more",
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
    "another zip": packed({"readme.txt": b"x"}),
    "empty": b"",
    "cut short": GOOD[: len(GOOD) // 2],
}


@pytest.mark.parametrize("name", BROKEN)
def test_files_that_are_no_workbook(name: str, tmp_path: Path) -> None:
    (found,) = refused(BROKEN[name], tmp_path)
    assert found.code == "file-unreadable"


DAMAGED = {
    "malformed": years(lambda x: x.replace("</sheetData>", "")),
    "no such string": years(lambda x: x.replace(f' t="n">{STORED}', ' t="s"><v>99999</v>')),
    "one cell twice": years(lambda x: re.sub(r'(<c r="H4".*?</c>)', r"\1\1", x)),
    "no such cell": years(lambda x: x.replace('<c r="H4"', '<c r="XFE4"')),
    "no sheet": packed({k: v for k, v in parts(GOOD).items() if k != SHEET_OF_YEARS}),
    "no book": packed({k: v for k, v in parts(GOOD).items() if k != "xl/workbook.xml"}),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_workbooks(name: str, tmp_path: Path) -> None:
    (found,) = refused(DAMAGED[name], tmp_path)
    assert found.code == "syntax" and "save it" in found.hint[1]


def test_damage_within_a_part(tmp_path: Path) -> None:
    place = GOOD.index(b"xl/worksheets/sheet3.xml") + 300
    data = GOOD[:place] + bytes(b ^ 255 for b in GOOD[place : place + 40]) + GOOD[place + 40 :]
    assert refused(data, tmp_path)[0].code == "syntax"


@pytest.mark.parametrize("extension", ["xls", "xlsm", "xlsb", "ods", "XLSM"])
def test_other_formats_of_workbooks(extension: str, tmp_path: Path) -> None:
    (found,) = refused(GOOD, tmp_path, f"case.{extension}")
    assert found.code == "file-unreadable" and "save it as .xlsx" in found.hint[1]


# ---- bombs: bounded before they are read, and read where they do no harm


def rows(count: int, at: str = "XFD", start: int = 100) -> str:
    numbers = range(start, start + count)
    return "".join(f'<row r="{n}"><c r="{at}{n}"><v>1</v></c></row>' for n in numbers)


def test_a_dimension_bomb_costs_what_it_weighs(tmp_path: Path) -> None:
    data = years(lambda x: x.replace("</sheetData>", rows(3000) + "</sheetData>"))
    assert len(data) < 60_000
    start = time.monotonic()
    found = refused(data, tmp_path)
    assert time.monotonic() - start < 10
    assert {d.code for d in found} == {"record-malformed"} and len(found) == 51
    assert "2950 more problems" in found[-1].message[1]


def test_more_cells_than_a_case_has(tmp_path: Path) -> None:
    data = years(lambda x: x.replace("</sheetData>", rows(200_001) + "</sheetData>"))
    assert [d.code for d in refused(data, tmp_path)] == ["file-too-large"]


@pytest.mark.parametrize(
    "data",
    [
        part("xl/media/bomb.bin", b"\0" * 30_000_000),
        part(SHEET_OF_YEARS, b" " * 70_000_000),
        packed({**parts(GOOD), **{f"xl/x{n}.bin": b"x" for n in range(1001)}}),
        b"PK\x03\x04" + b"x" * 6_000_000,
    ],
    ids=["ratio", "unpacked", "parts", "file"],
)
def test_zip_bombs(data: bytes, tmp_path: Path) -> None:
    assert [d.code for d in refused(data, tmp_path)] == ["file-too-large"]


def test_a_part_larger_than_it_says(tmp_path: Path) -> None:
    lying = part("docProps/custom.xml", b"<x>" + b"a" * 5_000_000 + b"</x>")
    held = zipfile.ZipFile(io.BytesIO(lying)).getinfo("docProps/custom.xml")
    small = lying.replace(held.file_size.to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert small != lying
    assert refused(small, tmp_path)[0].code in ("syntax", "file-too-large")


def test_a_reader_out_of_time_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def slow(*args: object, **told: Any) -> object:
        raise subprocess.TimeoutExpired("python", told["timeout"])

    monkeypatch.setattr(subprocess, "run", slow)
    (found,) = refused(GOOD, tmp_path)
    assert found.code == "file-too-large" and "20 seconds" in found.message[1]


PROGRAMS = {
    "memory": "x = bytearray(2_000_000_000)",
    "time": "\nwhile True: pass",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_process_that_reads_is_bounded(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(confined, "_PROGRAM", f"{BOUNDED}\n{PROGRAMS[name]}")
    start = time.monotonic()
    (found,) = refused(GOOD, tmp_path)
    assert found.code == "file-too-large"
    assert time.monotonic() - start < 15


BOUNDED = """
import sys
sys.path[:] = sys.argv[1:]
import carbonlex.cases.workbook.confined as confined
confined.MAX_SECONDS = 1
confined.bound()
def fail(kind, error, trace):
    sys.exit(9 if kind is MemoryError else 1)
sys.excepthook = fail
"""


def test_the_command_line_names_the_cell(tmp_path: Path) -> None:
    path = tmp_path / "plant.xlsx"
    path.write_bytes(years(lambda xml: xml.replace(STORED, "<f>1+1</f><v>2</v>")))
    code, out, complaint = run("check", str(path), "--lang", "en")
    assert code == 2 and not out
    assert f"{path} [{EMISSIONS}]: cell-formula: " in complaint
