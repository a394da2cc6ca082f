"""A case judged against the vocabulary: a `Case`, or every reason why there is none."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.cases import formats, models
from carbonlex.cases.files import NOT_WORKBOOKS, WORKBOOK, bytes_of, is_workbook
from carbonlex.cases.formats import KeyPath, RawCase, fail, too_large, write_path
from carbonlex.cases.models import LEAVE_OUT, NAME, Refusal, Words, shown, told_tree
from carbonlex.errors import Code, ContentError, Diagnostic, Location
from carbonlex.model import Case, CaseYear, Facts, Told
from carbonlex.quantities import plain

if TYPE_CHECKING:
    from pathlib import Path

    from carbonlex.rulebook.vocabulary import RecordType, Term, Vocabulary

MAX_FINDINGS = 50

_YEAR = re.compile(r"\d{4}", re.ASCII)
_HOMES: Mapping[str, str] = {"entity always": "[entity]", "entity year": "[year.2024]"}


def read_case(path: str | Path, vocabulary: Vocabulary, *, stdin: BinaryIO | None = None) -> Case:
    """Return the case that a TOML, JSON, CSV or Excel file tells; `-` reads standard input.

    The case bears the entity's `name`, or else the file's. Raises `ContentError` with every
    diagnostic: places are lines and key paths, for CSV rows and columns, for Excel cells.

    >>> import io, carbonlex
    >>> text = b'entity = {sector = "power"}\\n[year.2024]\\nverified_emissions = "2.6 kt"'
    >>> vocabulary = carbonlex.load_rulebook().vocabulary
    >>> case = read_case("-", vocabulary, stdin=io.BytesIO(text))
    >>> case.years[2024].facts["verified_emissions"].value
    Fraction(2600, 1)
    """
    given = os.fspath(path)
    file = "<stdin>" if given == "-" else given.encode("utf-8", "replace").decode()
    stem, extension = os.path.splitext(os.path.basename(file))
    if given != "-" and extension.lower() not in (*formats.PARSERS, WORKBOOK):
        hint = (
            "文件名应以 .toml、.json、.csv 或 .xlsx 结尾",
            "name it .toml, .json, .csv or .xlsx",
        )
        words = ("从文件名看不出格式", "the format does not show from the file name")
        if extension.lower() in NOT_WORKBOOKS:
            words = ("只读 .xlsx 工作簿", "of workbooks only .xlsx is read")
            hint = ("在 Excel 中另存为不含宏的 .xlsx", "save it as .xlsx, without macros")
        fail("file-unreadable", words, hint, Location(file))
    data = bytes_of(given, stdin, Location(file))
    if extension.lower() == WORKBOOK or (given == "-" and is_workbook(data)):
        from carbonlex.cases.workbook.confined import read_confined
        from carbonlex.cases.workbook.told import told

        raw: RawCase = told(read_confined(data, file), file, vocabulary)
    else:
        raw = formats.parse(data, extension.lower(), file)
    _bound(raw.tree, Location(file))
    return _Reading(raw, vocabulary, list(raw.problems)).case(shown(stem.strip("<>")))


def case_from(tree: Mapping[str, object], vocabulary: Vocabulary, name: str) -> Case:
    """Return the case that dicts and lists in the shape of a case file tell.

    Numbers are int, Decimal, Fraction or text; a float is refused. Raises `ContentError`.

    >>> import carbonlex
    >>> tree = {"entity": {"sector": "power"}, "year": {"2024": {"credits": []}}}
    >>> case_from(tree, carbonlex.load_rulebook().vocabulary, "plant").years[2024].lists
    mappingproxy({'credits': ()})
    """
    _bound(tree, Location(name))
    return _Reading(RawCase(name, tree), vocabulary).case(name)


def _bound(tree: object, where: Location) -> None:
    rest, seen = [(tree, 0)], 0
    while rest:
        node, depth = rest.pop()
        seen += 1
        if depth > formats.MAX_DEPTH or seen > formats.MAX_VALUES:
            too_large(where)
        if isinstance(node, Mapping):
            node = [*node.values()]
        if isinstance(node, list | tuple):
            rest.extend((child, depth + 1) for child in node)


@dataclass(frozen=True)
class _Reading:
    raw: RawCase
    vocabulary: Vocabulary
    found: list[Diagnostic] = field(default_factory=list)

    def case(self, name: str) -> Case:
        tree = self.table(self.raw.tree, ())
        for key, value in tree.items():
            if key in ("title", "note") and not isinstance(value, str):
                words = (f"{key} 应为文字", f"{key} must be text")
                self.add("type-mismatch", (key,), words, ("加引号", "put it in quotes"))
            elif key not in ("entity", "year", "title", "note"):
                self.unknown((key,), None)
        entity = self.facts(tree.get("entity", {}), ("entity",), "entity always")
        years = self.years(self.table(tree.get("year", {}), ("year",)))
        if self.found:
            raise ContentError(_by_line(self.found, self.raw.file))
        named = str(entity["name"].value) if "name" in entity else name
        told = {key: fact for key, fact in entity.items() if key in self.vocabulary.terms}
        frozen = MappingProxyType(years)
        return Case(named, MappingProxyType(told), frozen, _digest(told, years))

    @property
    def lists(self) -> dict[str, RecordType]:
        return {
            name: k
            for name, k in self.vocabulary.records.items()
            if name != "entity" and not k.enactment
        }

    def years(self, table: Mapping[str, object]) -> dict[int, CaseYear]:
        years: dict[int, CaseYear] = {}
        for key, value in table.items():
            if _YEAR.fullmatch(key) and FIRST_YEAR <= int(key) <= LAST_YEAR:
                years[int(key)] = self.year(value, ("year", key))
                continue
            span = f"{FIRST_YEAR}–{LAST_YEAR}"
            words = (f"“{shown(key)}”不是履约年度", f"'{shown(key)}' is not a compliance year")
            hint = (f"写 {span} 间的四位整数", f"write a whole number in {span}")
            self.add("date-impossible", ("year", key), words, hint, "year")
        if not table and not self.found:
            words = ("没有任何年度", "the case tells of no year")
            hint = ("加上 [year.2024] 及该年事实", "add [year.2024] and the facts of that year")
            self.add("record-malformed", ("year",), words, hint)
        return dict(sorted(years.items()))

    def year(self, value: object, path: KeyPath) -> CaseYear:
        table, kinds = self.table(value, path), self.lists
        lists = {
            name: self.rows(table[name], (*path, name), kinds[name])
            for name in table
            if name in kinds
        }
        told = {name: raw for name, raw in table.items() if name not in kinds}
        return CaseYear(self.facts(told, path, "entity year"), MappingProxyType(lists))

    def rows(self, value: object, path: KeyPath, kind: RecordType) -> tuple[Facts, ...]:
        if not isinstance(value, list | tuple):
            words = ("应为记录的列表", "a list of records is wanted")
            place = write_path(path)
            hint = (f"写 [[{place}]]，没有则写 []", f"write [[{place}]], or [] where there is none")
            self.add("record-malformed", path, words, hint, "record")
            return ()
        if 0 < kind.max_count < len(value):
            most = kind.max_count
            words = (f"{kind.label.zh}多于 {most} 条", f"more than {most} of {kind.label.en}")
            hint = ("合并同类记录", "merge like records")
            self.add("range-exceeded", (*path, most), words, hint, "record")
        return tuple(self.facts(row, (*path, i), kind.name) for i, row in enumerate(value))

    def facts(self, value: object, path: KeyPath, home: str) -> Facts:
        told: dict[str, Told] = {}
        for key, raw in self.table(value, path).items():
            term = self.term(key)
            if term is None or not term.tellable or _home(term) != home:
                self.unknown((*path, key), raw)
            elif (fact := self.fact(term, raw, (*path, key))) is not None:
                told[key] = fact
        return MappingProxyType(told)

    def fact(self, term: Term, raw: object, at: KeyPath) -> Told | None:
        told = raw if isinstance(raw, Mapping) else {"value": raw}
        if "value" not in told or told.keys() - {"value", "source"}:
            words = (
                "表中应有 value，另可有 source",
                "the table must hold value, and may hold source",
            )
            self.add("record-malformed", at, words, ('{value = …, source = "…"}',) * 2)
            return None
        try:
            source = models.text_of(told["source"]) if "source" in told else ""
            return Told(models.value_of(term, told["value"]), self.raw.where(at), source)
        except Refusal as refusal:
            zh, en = refusal.message
            message = (f"{term.name}（{term.label.zh}）：{zh}", f"{term.name}: {en}")
            self.add(refusal.code, at, message, refusal.hint)
        return None

    def table(self, value: object, path: KeyPath) -> dict[str, object]:
        table: dict[str, object] = {}
        if value is None:
            self.add("type-mismatch", path, ("null 不是值", "null is no value"), LEAVE_OUT)
        elif not isinstance(value, Mapping):
            words = ("应为表（键与值）", "a table of keys and values is wanted")
            self.add("record-malformed", path, words, ("写成 键 = 值", "write KEY = VALUE"))
        for key, inner in value.items() if isinstance(value, Mapping) else ():
            # In Python a year may be a number.
            name = str(key) if isinstance(key, int) and key.bit_length() < 64 else key
            if isinstance(name, str) and name not in table:
                table[name] = inner
            else:
                words = ("键应为互不相同的文字", "keys must be text, and differ")
                code: Code = "duplicate-key" if name in table else "type-mismatch"
                self.add(code, path, words, ("检查键", "check the keys"))
        return table

    def term(self, name: str) -> Term | None:
        return self.vocabulary.terms.get(name, NAME if name == NAME.name else None)

    def unknown(self, at: KeyPath, raw: object) -> None:
        name, hint = str(at[-1]), ("", "")
        words = (f"词汇表中没有“{shown(name)}”", f"the vocabulary has no '{shown(name)}'")
        if (term := self.term(name)) is not None and not term.tellable:
            words = (f"“{name}”由规则推得，不是告知的事实", f"'{name}' is derived, not told")
            hint = LEAVE_OUT
        elif term is not None or name in self.lists:
            place = _HOMES.get(_home(term) if term else name, "")
            place = place or f"[[year.2024.{term.record if term else name}]]"
            words = (f"“{name}”写错了地方", f"'{name}' stands in the wrong place")
            hint = (f"移到 {place}", f"move it to {place}")
        elif len(at) == 1:
            hint = (
                "最外层只有 entity、year、title、note",
                "write entity, year, title or note here",
            )
        elif len(self.found) < MAX_FINDINGS:
            hint = self.nearest(name)
        self.add("name-unknown", at, words, hint, "record" if isinstance(raw, list) else "fact")

    def nearest(self, name: str) -> Words:
        from difflib import get_close_matches

        told: list[Term | RecordType] = [*self.lists.values(), NAME]
        told += (term for term in self.vocabulary.terms.values() if term.tellable)
        known = {word: it for it in told for word in (it.label.zh, it.label.en.lower(), it.name)}
        close = get_close_matches(name[:60].lower(), known, 1)
        if not close:
            return ("查看词汇表", "look it up in the vocabulary")
        meant = known[close[0]]
        return (
            f"是否指 {meant.name}（{meant.label.zh}）",
            f"did you mean {meant.name} ({meant.label.en})?",
        )

    def add(
        self, code: Code, at: KeyPath, message: Words, hint: Words, column: str = "value"
    ) -> None:
        self.found.append(Diagnostic(code, message, self.raw.where(at, column), hint=hint))


def _home(term: Term) -> str:
    return f"entity {term.period}" if term.record == "entity" else term.record


def _by_line(found: list[Diagnostic], file: str) -> tuple[Diagnostic, ...]:
    ordered = sorted(found, key=lambda diagnostic: diagnostic.where.line)
    kept, more = ordered[:MAX_FINDINGS], ordered[MAX_FINDINGS:]
    if more:
        words = (f"另有 {len(more)} 处问题未列出", f"and {len(more)} more problems")
        kept.append(Diagnostic(more[0].code, words, Location(file)))
    return tuple(kept)


def _digest(entity: Facts, years: Mapping[int, CaseYear]) -> str:
    import hashlib
    import json

    def write(value: object) -> str:
        return plain(value) if isinstance(value, Fraction) else str(value)

    tree = told_tree(entity, years)
    text = json.dumps(
        tree, default=write, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(text.encode()).hexdigest()
