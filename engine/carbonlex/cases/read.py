"""A case read and judged against the vocabulary: a `Case`, or every reason why there is none."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.cases.formats import KeyPath, RawCase, bound, read_raw
from carbonlex.cases.models import LEAVE_OUT, Refusal, Words, shown, text_of, value_of
from carbonlex.errors import Code, ContentError, Diagnostic, Location
from carbonlex.model import Case, CaseYear, Facts, Told

if TYPE_CHECKING:
    from pathlib import Path

    from carbonlex.rulebook.vocabulary import RecordType, Term, Vocabulary

MAX_FINDINGS = 50

_YEAR = re.compile(r"\d{4}", re.ASCII)
_NO_HINT: Words = ("", "")


def read_case(path: str | Path, vocabulary: Vocabulary, *, stdin: BinaryIO | None = None) -> Case:
    """Return the case that a TOML, JSON or CSV file tells; `-` reads standard input.

    The case bears the entity's `name`, or else the file's. Raises `ContentError` with every
    diagnostic: places are lines and key paths, or for CSV rows and columns.
    """
    raw = read_raw(os.fspath(path), stdin)
    stem = os.path.splitext(os.path.basename(raw.file))[0]
    return _Reading(raw, vocabulary, list(raw.problems)).case(stem)


def case_from(tree: Mapping[str, object], vocabulary: Vocabulary, name: str) -> Case:
    """Return the case that dicts and lists in the shape of a case file tell.

    Numbers are int, Decimal, Fraction or text; a float is refused. Raises `ContentError`.
    """
    bound(tree, name)
    return _Reading(RawCase(name, tree), vocabulary).case(name)


@dataclass(frozen=True, slots=True)
class _Reading:
    raw: RawCase
    vocabulary: Vocabulary
    found: list[Diagnostic] = field(default_factory=list)

    def case(self, name: str) -> Case:
        tree = self.table(self.raw.tree, ())
        for key in tree:
            if key in ("title", "note"):
                self.text(tree[key], (key,))
            elif key not in ("entity", "year"):
                self.unknown((key,), "")
        entity = self.table(tree.get("entity", {}), ("entity",))
        named = self.text(entity["name"], ("entity", "name")) if "name" in entity else name
        facts = self.facts(entity, ("entity",), "entity always")
        years = self.years(self.table(tree.get("year", {}), ("year",)))
        if self.found:
            raise ContentError(_by_line(self.found, self.raw.file))
        return Case(named, facts, MappingProxyType(years), _digest(facts, years))

    def years(self, table: Mapping[str, object]) -> dict[int, CaseYear]:
        years: dict[int, CaseYear] = {}
        for key, value in table.items():
            at = ("year", key)
            if _YEAR.fullmatch(key) and FIRST_YEAR <= int(key) <= LAST_YEAR:
                years[int(key)] = self.year(self.table(value, at), at)
                continue
            words = (f"“{shown(key)}”不是履约年度", f"'{shown(key)}' is not a compliance year")
            span = f"{FIRST_YEAR}–{LAST_YEAR}"
            hint = (f"写 {span} 的四位整数", f"write a whole number in {span}")
            self.add("date-impossible", at, words, hint, "year")
        if not table and not self.found:
            hint = ("加上 [year.2024] 及该年事实", "add [year.2024] and the facts of that year")
            words = ("没有任何年度", "the case tells of no year")
            self.add("record-malformed", ("year",), words, hint)
        return dict(sorted(years.items()))

    def year(self, table: Mapping[str, object], path: KeyPath) -> CaseYear:
        kinds = {n: kind for n, kind in self.vocabulary.records.items() if n != "entity"}
        facts = {name: value for name, value in table.items() if name not in kinds}
        lists = {
            name: self.rows(value, (*path, name), kinds[name])
            for name, value in table.items()
            if name in kinds
        }
        told = self.facts(facts, path, "entity year")
        return CaseYear(told, MappingProxyType(lists))

    def rows(self, value: object, path: KeyPath, kind: RecordType) -> tuple[Facts, ...]:
        if not isinstance(value, list | tuple):
            words = ("应为记录的列表", "a list of records is wanted")
            hint = (f"写 [[{write_path(path)}]]，没有则写 []", f"write [[{write_path(path)}]], or [] for none")
            self.add("record-malformed", path, words, hint, "record")
            return ()
        if 0 < kind.max_count < len(value):
            most = kind.max_count
            words = (f"{kind.label.zh}多于 {most} 条", f"more than {most} of {kind.label.en}")
            self.add("range-exceeded", path, words, ("合并同类记录", "merge like records"), "record")
        places = [(*path, index) for index in range(len(value))]
        tables = [self.table(row, at) for row, at in zip(value, places, strict=True)]
        return tuple(self.facts(row, at, kind.name) for row, at in zip(tables, places, strict=True))

    def facts(self, table: Mapping[str, object], path: KeyPath, home: str) -> Facts:
        told: dict[str, Told] = {}
        for key, raw in table.items():
            at = (*path, key)
            term = self.vocabulary.terms.get(key)
            if term is not None and term.tellable and _home(term) == home:
                fact = self.fact(term, raw, at)
                told |= {key: fact} if fact else {}
            elif at != ("entity", "name"):
                self.unknown(at, home)
        return MappingProxyType(told)

    def fact(self, term: Term, raw: object, at: KeyPath) -> Told | None:
        source: object = ""
        if isinstance(raw, Mapping):
            if "value" not in raw or raw.keys() - {"value", "source"}:
                words = ("表中只能有 value 与 source", "a table here holds value and source only")
                hint = ('写 {value = …, source = "…"}',) * 2
                self.add("record-malformed", at, words, hint)
                return None
            raw, source = raw["value"], raw.get("source", "")
        try:
            return Told(value_of(term, raw), self.raw.where(at), text_of(source))
        except Refusal as refusal:
            zh, en = refusal.message
            message = (f"{term.name}（{term.label.zh}）：{zh}", f"{term.name}: {en}")
            self.add(refusal.code, at, message, refusal.hint)
        return None

    def text(self, raw: object, at: KeyPath) -> str:
        inner = raw.get("value") if isinstance(raw, Mapping) else raw
        try:
            return text_of(inner)
        except Refusal as refusal:
            self.add(refusal.code, at, refusal.message, refusal.hint)
        return ""

    def table(self, value: object, path: KeyPath) -> dict[str, object]:
        if value is None:
            self.add("type-mismatch", path, ("null 不是值", "null is no value"), LEAVE_OUT)
        elif not isinstance(value, Mapping):
            words = ("应为表（键与值）", "a table of keys and values is wanted")
            self.add("record-malformed", path, words, ("写成 键 = 值", "write KEY = VALUE"))
        else:
            table = ...
        return {}

    def unknown(self, at: KeyPath, home: str) -> None:
        """Say why a name cannot stand here: it stands elsewhere, is derived, or is nothing."""
        name = str(at[-1])
        term = self.vocabulary.terms.get(name)
        ...
