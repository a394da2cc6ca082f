"""The template of a sector: a workbook made from the vocabulary, for an officer to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carbonlex.cases.models import NAME
from carbonlex.cases.workbook.layout import HEADER, NONE, NOTHING, SOURCE, VALUE, YEAR, Role, both
from carbonlex.cases.workbook.sheets import MAX_TAB, Book
from carbonlex.cases.workbook.wording import guide, note, record_note, unit_words, value_words
from carbonlex.model import Label
from carbonlex.rulebook.mentions import provisions_naming
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import RecordType, Term

MAX_ROWS = 1_000
# Rows and columns count from 0, as XlsxWriter does; row 0 and column 0 are hidden.
_TITLE, _HEAD = 1, 2
_FIRST = 5
_LABELS = ("编号 no.", "事项 item", "单位 unit", "证明 attested by")
_SOURCE = "来源 source"


def template(rulebook: Rulebook, sector: str, years: Sequence[int]) -> bytes:
    """Return the workbook that an entity of a sector fills in for some compliance years.

    Raises `ImportError` without the extra `excel`.
    """
    return _Template(rulebook, sector, years).written()


def _tab(number: int, label: Label) -> str:
    """Return the name of a sheet: in both languages where Excel has the room."""
    name = f"{number} {both(label)}"
    return name if len(name) <= MAX_TAB else f"{number} {label.zh}"


class _Template:
    def __init__(self, rulebook: Rulebook, sector: str, years: Sequence[int]) -> None:
        self.rulebook, self.sector, self.years = rulebook, sector, years
        self.asking = provisions_naming(rulebook)
        self.book = Book()
        vocabulary = rulebook.vocabulary
        told = [t for t in vocabulary.terms.values() if t.tellable and t.concerns(sector)]
        root = [t for t in told if t.record == "entity"]
        self.entity = [NAME, *(t for t in root if t.period == "always")]
        self.yearly = [t for t in root if t.period == "year"]
        self.records = [
            (kind, terms)
            for kind in vocabulary.records.values()
            if kind.name != "entity" and kind.concerns(sector)
            if (terms := [t for t in told if t.record == kind.name])
        ]

    def written(self) -> bytes:
        kinds = [kind for kind, _ in self.records]
        labels = [Label("说明", "Guide"), Label("单位", "Entity"), Label("年度", "Years")]
        labels += [kind.label for kind in kinds]
        roles = [Role("guide"), Role("entity"), Role("years")]
        roles += [Role("records", kind.name) for kind in kinds]
        names = [_tab(number, label) for number, label in enumerate(labels, 1)]
        sheets = [self.book.sheet(*named) for named in zip(names, roles, strict=True)]
        self.guide(sheets[0], names)
        self.facts(sheets[1], names[1], self.entity, None)
        self.facts(sheets[2], names[2], self.yearly, self.years)
        for sheet, name, (kind, terms) in zip(sheets[3:], names[3:], self.records, strict=True):
            self.list(sheet, name, kind, terms)
        sheets[0].activate()
        return self.book.close()

    def guide(self, sheet: Any, names: Sequence[str]) -> None:
        """Write who fills in what, how, for which rulebook; numbered throughout."""
        formats = self.book.formats
        sheet.set_column(1, 1, 6)
        sheet.set_column(2, 3, 70)
        sheet.write_string(
            _TITLE, 1, "碳市场履约情况 · Facts of carbon-market compliance", formats["title"]
        )
        rows = guide(self.rulebook, self.sector, names)
        for row, (number, zh, en) in enumerate(rows, _HEAD):
            style = formats["label" if "." in number else "section"]
            for column, words in enumerate((number, zh, en), 1):
                sheet.write_string(row, column, words, style)

    def head(self, sheet: Any, title: str) -> None:
        """Write the title of a sheet and mark the row of its headers."""
        sheet.write_string(_TITLE, 1, title, self.book.formats["title"])
        sheet.write_string(_HEAD, 0, HEADER, self.book.formats["key"])
        sheet.set_row(_HEAD, 48)

    def facts(
        self, sheet: Any, title: str, terms: Sequence[Term], years: Sequence[int] | None
    ) -> None:
        """Write a sheet of one fact per row; without years, one pair of columns."""
        formats, book = self.book.formats, self.book
        self.head(sheet, title)
        for column, words in enumerate(_LABELS, 1):
            sheet.write_string(_HEAD, column, words, formats["head"])
        columns = range(_FIRST, _FIRST + 2 * len(years or (0,)), 2)
        for place, column in enumerate(columns):
            sheet.write_string(0, column, VALUE, formats["key"])
            sheet.write_string(0, column + 1, SOURCE, formats["key"])
            if years is None:
                sheet.write_string(_HEAD, column, "内容 value", formats["head"])
            else:
                sheet.write_number(_HEAD, column, years[place], formats["head"])
                book.judge_year(sheet, (_HEAD, column), (_HEAD, column))
            sheet.write_string(_HEAD, column + 1, _SOURCE, formats["head"])
            sheet.set_column(column, column, 18 if years else 40)
            sheet.set_column(column + 1, column + 1, 24)
        number = title.partition(" ")[0]
        for row, term in enumerate(terms, _HEAD + 1):
            sheet.write_string(row, 0, term.name, formats["key"])
            sheet.write_string(row, 1, f"{number}.{row - _HEAD}", formats["grey"])
            sheet.write_string(row, 2, f"{term.label.zh}\n{term.label.en}", formats["label"])
            sheet.write_string(row, 3, unit_words(term), formats["grey"])
            attester = both(term.attester) if term.attester else ""
            sheet.write_string(row, 4, attester, formats["grey"])
            book.note(sheet, row, 2, note(self.rulebook, term, self.asking.get(term.name, ())))
            for column in columns:
                sheet.write_blank(row, column, None, book.fill(term))
                sheet.write_blank(row, column + 1, None, book.fill())
                book.judge(sheet, term, (row, column), (row, column))
            if term.name == "sector" and years is None:
                sheet.write_string(row, _FIRST, value_words(term, self.sector), book.fill(term))
        sheet.set_column(1, 1, 6)
        sheet.set_column(2, 2, 44)
        sheet.set_column(3, 3, 12)
        sheet.set_column(4, 4, 26)
        sheet.freeze_panes(_HEAD + 1, _FIRST if years else _HEAD)

    def list(self, sheet: Any, title: str, kind: RecordType, terms: Sequence[Term]) -> None:
        """Write a sheet of one record per row, year first."""
        book, formats = self.book, self.book.formats
        self.head(sheet, title)
        rows = min(kind.max_count or MAX_ROWS, MAX_ROWS)
        first, last = _HEAD + 1, _HEAD + rows
        asking = self.asking.get(kind.name, ())
        book.note(sheet, _HEAD, 1, record_note(self.rulebook, kind, asking))
        columns: list[tuple[str, str, Any]] = [
            (YEAR, "年度 year", book.format_of("0")),
            (NONE, f"没有则选“{NOTHING}”\nif none", book.fill()),
        ]
        for term in terms:
            unit = f"\n{term.unit}" if term.type == "number" else ""
            words = f"{term.label.zh}\n{term.label.en}{unit}"
            columns.append((term.name, words, book.fill(term)))
        columns.append((SOURCE, _SOURCE, book.fill()))
        for column, (key, words, style) in enumerate(columns, 1):
            sheet.write_string(0, column, key, formats["key"])
            sheet.write_string(_HEAD, column, words, formats["head"])
            # A format of the whole column costs the file nothing; one per cell would.
            sheet.set_column(column, column, 10 if column < 3 else 24, style)
        for column, term in enumerate(terms, 3):
            book.judge(sheet, term, (first, column), (last, column))
            book.note(
                sheet, _HEAD, column, note(self.rulebook, term, self.asking.get(term.name, ()))
            )
        book.judge_year(sheet, (first, 1), (last, 1))
        book.judge_none(sheet, (first, 2), (last, 2))
        sheet.freeze_panes(_HEAD + 1, 3)
