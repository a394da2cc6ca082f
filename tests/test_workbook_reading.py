"""What a filled workbook says: numbers, days and words as Excel stores them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from carbonlex.cases.read import read_case
from carbonlex.cases.workbook.values import shortest
from carbonlex.errors import ContentError, Diagnostic
from carbonlex.model import Case
from workbooks import (
    SHEET_OF_YEARS,
    beside,
    cell,
    changed,
    fill,
    filled,
    opened,
    saved,
    sheet,
    short,
    short_vocabulary,
)

TOLD = {"verified_emissions": 100000}
STORED = "<v>100000</v>"
EMISSIONS = "3 年度 Years!H4"


def read(data: bytes, folder: Path) -> Case:
    path = folder / "case.xlsx"
    path.write_bytes(data)
    return read_case(path, short_vocabulary())


def refused(data: bytes, folder: Path) -> tuple[Diagnostic, ...]:
    with pytest.raises(ContentError) as caught:
        read(data, folder)
    for found in caught.value.diagnostics:
        assert found.message[0] and found.message[1] and found.hint[0] and found.hint[1]
    return caught.value.diagnostics


def with_values(**values: object) -> bytes:
    """Return a workbook that tells facts of 2024."""
    return filled({"year": {"2024": TOLD | values}}, short())


def stored(text: str) -> bytes:
    """Return a workbook in whose XML the emissions of 2024 are stored as some digits."""
    return changed(with_values(), SHEET_OF_YEARS, lambda xml: xml.replace(STORED, f"<v>{text}</v>"))


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("99999", "99999"),
        ("25999.99", "25999.99"),
        ("1.1000000000000001", "1.1"),  # as Excel stores 1.1
        ("1234567.1000000001", "1234567.1"),
        ("2.5E+4", "25000"),
        ("1E-4", "0.0001"),
        ("0", "0"),
    ],
)
def test_a_number_is_the_shortest_decimal_of_what_is_stored(
    digits: str, number: str, tmp_path: Path
) -> None:
    told = read(stored(digits), tmp_path).years[2024].facts["verified_emissions"]
    assert told.value == Fraction(number)
    assert shortest(digits) == number


@pytest.mark.parametrize(
    ("digits", "code", "says"),
    [
        ("0.30000000000000004", "number-inexact", "=ROUND(…,4)"),  # 0.1 + 0.2
        ("26000.000000000004", "number-inexact", "=ROUND(…,4)"),
        ("1.00005", "number-inexact", "more than 4 decimals"),
        ("NaN", "number-inexact", "NaN"),
        ("INF", "number-inexact", "INF"),
        ("1e999", "number-inexact", "1e999"),
        ("1E+300", "number-inexact", ""),
        ("1234567890.12345678901", "number-inexact", "15 digits"),
        ("-1", "range-exceeded", "below 0"),
    ],
)
def test_what_is_not_exact_is_refused_and_never_rounded(
    digits: str, code: str, says: str, tmp_path: Path
) -> None:
    (found,) = refused(stored(digits), tmp_path)
    assert (found.code, found.where.cell) == (code, EMISSIONS)
    assert says in found.render("en")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("100 kt", 100_000),
        ("2.6万吨", 26_000),
        ("26,000", 26_000),
        ("２６０００", 26_000),
        (" 5 t ", 5),
    ],
)
def test_text_with_a_unit_is_read_as_in_other_files(text: str, number: int, tmp_path: Path) -> None:
    case = read(with_values(verified_emissions=text), tmp_path)
    assert case.years[2024].facts["verified_emissions"].value == number


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"verified_emissions": "1e5"}, "number-inexact"),
        ({"verified_emissions": "nan"}, "number-inexact"),
        ({"verified_emissions": "1,5"}, "number-inexact"),
        ({"verified_emissions": "5 MWh"}, "unit-mismatch"),
        ({"verified_emissions": "无"}, "type-mismatch"),
        ({"verified_emissions": True}, "type-mismatch"),
        ({"verified_emissions": date(2024, 1, 2)}, "type-mismatch"),
        ({"listed": 1}, "type-mismatch"),
        ({"listed": "maybe"}, "type-mismatch"),
        ({"reported_on": "2026/03/31"}, "type-mismatch"),
        ({"reported_on": "2026-02-30"}, "date-impossible"),
    ],
)
def test_refused_values_name_their_cell(values: dict[str, Any], code: str, tmp_path: Path) -> None:
    (found,) = refused(with_values(**values), tmp_path)
    page = sheet(opened(short()), "years")
    (key,) = values
    assert found.code == code
    assert found.where.cell == f"3 年度 Years!{cell(page, key, 2024).coordinate}"
    assert key in found.message[1]


def test_a_number_is_a_day_only_where_it_is_shown_as_one(tmp_path: Path) -> None:
    book = opened(with_values(reported_on=46112))
    assert read(saved(book), tmp_path).years[2024].facts["reported_on"].value == date(2026, 3, 31)
    cell(sheet(book, "years"), "reported_on", 2024).number_format = "#,##0"
    (found,) = refused(saved(book), tmp_path)
    assert (found.code, "not a day" in found.message[1]) == ("type-mismatch", True)


@pytest.mark.parametrize(
    ("code", "shows_day"),
    [
        ('yyyy"年"m"月"d"日"', True),
        ("[$-804]yyyy/m/d;@", True),
        ("mmm-yy", True),
        ('#,##0.00 "yuan"', False),
        ("[Red]#,##0_d;General", False),
    ],
)
def test_what_shows_a_number_as_a_day(code: str, shows_day: bool, tmp_path: Path) -> None:
    book = opened(with_values())
    cell(sheet(book, "years"), "verified_emissions", 2024).number_format = code
    if shows_day:
        assert "formatted as a date" in refused(saved(book), tmp_path)[0].message[1]
    else:
        read(saved(book), tmp_path)


@pytest.mark.parametrize("word", ["是", "是 yes", "yes", "Yes", "TRUE", "true", True])
def test_yes_in_any_of_its_words(word: object, tmp_path: Path) -> None:
    facts = read(with_values(listed=word, removed="否"), tmp_path).years[2024].facts
    assert (facts["listed"].value, facts["removed"].value) == (True, False)


def test_an_empty_cell_is_not_told_and_neither_is_white_space(tmp_path: Path) -> None:
    case = read(with_values(listed=" ", removed="　"), tmp_path)
    assert set(case.years[2024].facts) == {"verified_emissions"}
    assert list(case.years) == [2024]
    assert case.years[2024].lists == {}


# ---- days


@pytest.mark.parametrize("told", [date(2026, 3, 31), "2026-03-31"])
def test_days_are_read_from_dates_and_from_iso_text(told: object, tmp_path: Path) -> None:
    case = read(with_values(reported_on=told), tmp_path)
    assert case.years[2024].facts["reported_on"].value == date(2026, 3, 31)


def serial(text: str, from_1904: bool) -> bytes:
    """Return a workbook whose day of report is stored as a serial number."""
    data = with_values(reported_on=date(2026, 3, 31))
    data = changed(data, SHEET_OF_YEARS, lambda xml: xml.replace("<v>46112</v>", f"<v>{text}</v>"))
    if from_1904:
        data = changed(
            data, "xl/workbook.xml", lambda x: x.replace("<workbookPr", '<workbookPr date1904="1"')
        )
    return data


@pytest.mark.parametrize(
    ("text", "from_1904", "day"),
    [
        ("1", False, date(1900, 1, 1)),
        ("59", False, date(1900, 2, 28)),
        ("61", False, date(1900, 3, 1)),
        ("46111", False, date(2026, 3, 30)),
        ("44650", True, date(2026, 3, 31)),
        ("1", True, date(1904, 1, 2)),
    ],
)
def test_both_date_systems(text: str, from_1904: bool, day: date, tmp_path: Path) -> None:
    case = read(serial(text, from_1904), tmp_path)
    assert case.years[2024].facts["reported_on"].value == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("60", "date-impossible"),  # 1900-02-29, which Excel alone knows
        ("0", "date-impossible"),
        ("99999999", "date-impossible"),
        ("2958465", "date-impossible"),  # 9999-12-31: beyond any compliance year
        ("46111.5", "type-mismatch"),
        ("-1", "type-mismatch"),
    ],
)
def test_serials_that_are_no_day(text: str, code: str, tmp_path: Path) -> None:
    (found,) = refused(serial(text, False), tmp_path)
    assert found.code == code


# ---- records, years, sources


def test_a_year_may_have_records_none_or_nothing_told(tmp_path: Path) -> None:
    tree = {
        "year": {
            "2023": {"credits": []},
            "2024": {"credits": [{"quantity": 5, "used": "是"}, {"quantity": "1 kt"}]},
            "2025": {"listed": True},
        }
    }
    years = read(filled(tree, short()), tmp_path).years
    assert years[2023].lists["credits"] == ()
    assert [row["quantity"].value for row in years[2024].lists["credits"]] == [5, 1000]
    assert "credits" not in years[2025].lists


@pytest.mark.parametrize(
    ("rows", "code", "at"),
    [
        ([{"#year": 2024}], "record-malformed", "B4"),
        ([{"quantity": 5}], "record-malformed", "B4"),
        ([{"#year": 2024, "#none": "无", "quantity": 5}], "duplicate-key", "B4"),
        ([{"#year": 2024, "#none": "无"}, {"#year": 2024, "quantity": 5}], "duplicate-key", "B5"),
        ([{"#year": 2024, "quantity": 5}, {"#year": 2024, "#none": "无"}], "duplicate-key", "B5"),
        ([{"#year": 2024, "#none": "some"}], "type-mismatch", "C4"),
        ([{"#year": 24, "quantity": 5}], "date-impossible", "B4"),
        ([{"#year": 2024.5, "quantity": 5}], "date-impossible", "B4"),
    ],
)
def test_records_that_contradict_or_say_nothing(
    rows: list[dict[str, Any]], code: str, at: str, tmp_path: Path
) -> None:
    book = opened(with_values())
    page = sheet(book, "credits")
    columns = {page.cell(1, c).value: c for c in range(2, page.max_column + 1)}
    for number, row in enumerate(rows, 4):
        for key, value in row.items():
            page.cell(number, columns[key]).value = value
    (found,) = refused(saved(book), tmp_path)
    assert (found.code, found.where.cell) == (code, f"{page.title}!{at}")


def test_a_column_may_be_added_for_another_year(tmp_path: Path) -> None:
    book = opened(with_values())
    page = sheet(book, "years")
    for column, (key, head, value) in enumerate(
        [("#value", "2022年", 7), ("#source", "", "甲")], 12
    ):
        page.cell(1, column).value = key
        page.cell(3, column).value = head
        page.cell(4, column).value = value
    facts = read(saved(book), tmp_path).years[2022].facts
    assert (facts["verified_emissions"].value, facts["verified_emissions"].source) == (7, "甲")


@pytest.mark.parametrize(("value", "words"), [(775, "775"), (date(2024, 1, 25), "2024-01-25")])
def test_a_source_may_be_a_number_or_a_day(value: object, words: str, tmp_path: Path) -> None:
    book = opened(with_values())
    beside(cell(sheet(book, "years"), "verified_emissions", 2024)).value = value
    assert read(saved(book), tmp_path).years[2024].facts["verified_emissions"].source == words


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    book = opened(with_values(listed="maybe", verified_emissions="many"))
    fill(book, {"entity": {"sector": "coal"}, "year": {}})
    beside(cell(sheet(book, "years"), "removed", 2024)).value = "no value beside it"
    found = refused(saved(book), tmp_path)
    assert [d.code for d in found] == ["record-malformed", *["type-mismatch"] * 3]
    assert len({d.where.cell for d in found}) == 4


def test_another_language_in_the_headers_changes_nothing(tmp_path: Path) -> None:
    book = opened(with_values())
    page = sheet(book, "years")
    page.title = "Jahre"
    for row in page.iter_rows(min_row=2, min_col=2, max_col=5):
        for one in row:
            one.value = "übersetzt"
    told = read(saved(book), tmp_path).years[2024].facts["verified_emissions"]
    assert (told.value, told.where.cell) == (100_000, "Jahre!H4")
