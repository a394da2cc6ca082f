"""Sheets as XlsxWriter writes them: formats, drop-downs, and words that stay words."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from carbonlex.calendar import LAST_YEAR
from carbonlex.cases.models import FIRST_DATE, MAX_TEXT
from carbonlex.cases.workbook.grid import address
from carbonlex.cases.workbook.layout import NO, NOTHING, YES, Role, both
from carbonlex.quantities import plain
from carbonlex.rulebook.vocabulary import Term

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# One day for every template, so that the same rulebook gives the same bytes.
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001
MAX_TAB = 31  # characters that Excel allows in the name of a sheet
_LISTS = "lists"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "section": {"bold": True, "font_size": 12},
    "head": {"bold": True, "bg_color": "#D9D9D9", "border": 1, "text_wrap": True, "valign": "top"},
    "label": {"text_wrap": True, "valign": "top"},
    "grey": {"text_wrap": True, "valign": "top", "font_color": "#7F7F7F"},
    "key": {"font_color": "#7F7F7F"},
}
_FILL = {"bg_color": "#FFFBE6", "border": 1, "border_color": "#BFBFBF", "valign": "top"}
_WARNING = ("请核对 · please check", "与说明不符：见批注。Not as the note on the field says.")


class Book:
    """A workbook being written. Raises `ImportError` where XlsxWriter is not installed."""

    def __init__(self) -> None:
        # It has no types of its own.
        writer: Any = import_module("xlsxwriter")
        self.data = io.BytesIO()
        self.workbook = writer.Workbook(self.data, _OPTIONS)
        self.workbook.set_properties({"author": "carbonlex", "created": _CREATED})
        self.formats = {name: self.workbook.add_format(f) for name, f in _FORMATS.items()}
        self.names: set[str] = {_LISTS}
        self.lists: dict[tuple[str, ...], str] = {}

    def sheet(self, name: str, role: Role) -> Any:
        """Add a sheet that bears a name as near to the one given as Excel allows."""
        cleared = _FORBIDDEN.sub(" ", name).strip(" '")
        short, number = cleared[:MAX_TAB].strip(" '"), 1
        while short.casefold() in self.names:
            number += 1
            short = f"{cleared[:27].strip()} {number}"
        self.names.add(short.casefold())
        sheet = self.workbook.add_worksheet(short)
        sheet.write_string(0, 0, role.mark, self.formats["key"])
        sheet.set_row(0, None, None, {"hidden": True})
        sheet.set_column(0, 0, 8, None, {"hidden": True})
        return sheet

    def fill(self, term: Term | None = None) -> Any:
        """Return the format of cells to fill in; without a term, of text."""
        code = "@"
        if term is not None and term.type == "number":
            shown = min(term.decimals, 2)
            zeros, rest = "0" * shown, "#" * (term.decimals - shown)
            code = f"#,##0{'.' if term.decimals else ''}{zeros}{rest}"
        elif term is not None and term.type == "date":
            code = "yyyy-mm-dd"
        elif term is not None and term.type in ("boolean", "choice"):
            code = "General"
        return self.format_of(code)

    def format_of(self, code: str) -> Any:
        """Return the format of cells to fill in that show their content in some way."""
        if code not in self.formats:
            self.formats[code] = self.workbook.add_format({**_FILL, "num_format": code})
        return self.formats[code]

    def note(self, sheet: Any, row: int, column: int, text: str) -> None:
        """Put a note on a cell, large enough for its lines."""
        lines = sum(1 + len(line) // 40 for line in text.split("\n"))
        size = {"width": 380, "height": 18 * lines + 12, "author": "carbonlex"}
        sheet.write_comment(row, column, text, size)

    def judge(self, sheet: Any, term: Term, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Have Excel warn of what a term does not take; text with its unit may still be kept."""
        cell = address(first[0] + 1, first[1] + 1)
        rule: dict[str, Any]
        match term.type:
            case "number":
                tests = [f"ISNUMBER({cell})", f"ROUND({cell},{term.decimals})={cell}"]
                tests += [f"{cell}>={plain(term.minimum)}"] if term.minimum is not None else []
                tests += [f"{cell}<={plain(term.maximum)}"] if term.maximum is not None else []
                rule = {"validate": "custom", "value": f"=AND({','.join(tests)})"}
            case "date":
                days = (datetime(y, m, d) for y, m, d in ((FIRST_DATE, 1, 1), (LAST_YEAR, 12, 31)))  # noqa: DTZ001
                low, high = days
                rule = {"validate": "date", "criteria": "between", "minimum": low, "maximum": high}
            case "boolean":
                rule = {"validate": "list", "source": self.words((YES, NO))}
            case "choice":
                labels = tuple(both(label) for label in term.choices.values())
                rule = {"validate": "list", "source": self.words(labels)}
            case "text":
                rule = {"validate": "length", "criteria": "<=", "value": MAX_TEXT}
        self.warn(sheet, rule, first, last)

    def judge_year(self, sheet: Any, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Have Excel warn of what is no compliance year."""
        years = {
            "validate": "integer",
            "criteria": "between",
            "minimum": 1990,
            "maximum": LAST_YEAR,
        }
        self.warn(sheet, years, first, last)

    def judge_none(self, sheet: Any, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Offer the one word that says that a year has none."""
        self.warn(sheet, {"validate": "list", "source": self.words((NOTHING,))}, first, last)

    def warn(
        self, sheet: Any, rule: dict[str, Any], first: tuple[int, int], last: tuple[int, int]
    ) -> None:
        """Attach a rule to a range of cells; it warns, and does not stop."""
        title, message = _WARNING
        said = {"error_type": "warning", "error_title": title, "error_message": message}
        sheet.data_validation(*first, *last, {**rule, **said})

    def words(self, words: Sequence[str]) -> str:
        """Return the range that holds the words of a drop-down, on a sheet that is not shown."""
        key = tuple(words)
        if key not in self.lists:
            column = address(1, len(self.lists) + 2)[:-1]
            self.lists[key] = f"={_LISTS}!${column}$2:${column}${len(key) + 1}"
        return self.lists[key]

    def close(self) -> bytes:
        """Return the finished workbook."""
        sheet = self.workbook.add_worksheet(_LISTS)
        sheet.write_string(0, 0, Role("lists").mark)
        for column, words in enumerate(self.lists, 1):
            for row, word in enumerate(words, 1):
                sheet.write_string(row, column, word)
        sheet.hide()
        self.workbook.close()
        return self.data.getvalue()
