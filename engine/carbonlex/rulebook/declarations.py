"""The vocabulary and rules/questions.toml into terms and open questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from carbonlex.errors import Code, Diagnostic, Location
from carbonlex.model import Label
from carbonlex.rulebook.markdown import RuleText, read_source, toml
from carbonlex.rulebook.norms import Question, Reading
from carbonlex.rulebook.places import key_lines, line_at
from carbonlex.rulebook.shapes import (
    COUNT,
    FLAG,
    LABEL,
    STRINGS,
    TABLE,
    TABLES,
    TEXT,
    Shape,
    label,
    misfits,
)
from carbonlex.rulebook.terms import term, wrong_name
from carbonlex.rulebook.vocabulary import RecordType, Term, Vocabulary

_RECORD = {
    "label": LABEL, "max_count": COUNT, "presumed_none": FLAG, "sectors": STRINGS,
    "enactment": FLAG,
}  # fmt: skip
_QUESTION = {
    "label": LABEL, "reading": TABLES, "default": TEXT, "provisions": STRINGS, "from_year": COUNT,
    "validity": FLAG,
}  # fmt: skip
_READING = {"label": LABEL, "source": TEXT}


class Declarations:
    """Reads one TOML file of declarations, noting every fault with its line."""

    def __init__(self, path: Path, name: str, groups: tuple[str, ...]) -> None:
        self.text = RuleText(name)
        source = read_source(path, self.text) or ""
        self.lines = key_lines(source.split("\n"), 1)
        table = toml(source, self.text, 0) or {}
        self.table = {k: table[k] for k in groups if isinstance(table.get(k), dict)}
        for key, zh, en in misfits(table, dict.fromkeys(groups, TABLE)):
            self.text.fail("norm-malformed", self.line_of(key), zh, en)

    @property
    def wrong(self) -> list[Diagnostic]:
        """What was wrong so far."""
        return self.text.wrong

    def line_of(self, path: str) -> int:
        """Return the line of a key or table header such as `fact.sector`."""
        return line_at(self.lines, path, 0)

    def fail(self, code: Code, header: str, zh: str, en: str, key: str = "") -> None:
        """Note one fault of the table under a header, or of one of its keys."""
        line = self.line_of(f"{header}.{key}" if key else header)
        self.text.fail(code, line, f"{header}：{zh}", f"{header}: {en}")

    def tables(self, group: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield the tables of a group; what is no table is noted and passed over."""
        for name, table in self.table.get(group, {}).items():
            if isinstance(table, dict):
                yield name, table
            else:
                self.fail("norm-malformed", f"{group}.{name}", "应为表", "should be a table")

    def holds(self, table: Mapping[str, Any], header: str, shapes: Mapping[str, Shape]) -> bool:
        """Return whether a table keeps to its shapes; note what does not, and a missing label."""
        wrong = list(misfits(table, shapes))
        for key, zh, en in wrong:
            self.fail("norm-malformed", header, zh, en, key)
        if "label" not in table:
            self.fail("norm-malformed", header, "缺少 label = {zh, en}", "needs label = {zh, en}")
        return not wrong and "label" in table


def read_vocabulary(rules: Path) -> tuple[Vocabulary, list[Diagnostic]]:
    """Read every record type, fact and concept: `vocabulary.toml`, or `vocabulary/*.toml`.

    A vocabulary in several files, one per domain, is read as one: names are unique over all.
    """
    paths = sorted((rules / "vocabulary").glob("*.toml")) or [rules / "vocabulary.toml"]
    sources = [
        Declarations(p, f"rules/{p.relative_to(rules).as_posix()}", ("record", "fact", "concept"))
        for p in paths
    ]
    records: dict[str, RecordType] = {}
    for source in sources:
        _read_records(source, records)
    terms: dict[str, Term] = {}
    for source in sources:
        _read_terms(source, records, terms)
    for source in sources:
        _check_references(source, records, terms)
    return Vocabulary(records, terms), [d for s in sources for d in s.wrong]


def _read_records(source: Declarations, records: dict[str, RecordType]) -> None:
    for key, table in source.tables("record"):
        if why := wrong_name(key):
            source.fail("norm-malformed", f"record.{key}", *why)
        elif key in records:
            source.fail("norm-duplicate", f"record.{key}", "名称重复", "the name is taken")
        elif source.holds(table, f"record.{key}", _RECORD):
            records[key] = RecordType(
                key,
                _label(table),
                table.get("max_count", 0),
                table.get("presumed_none", False),
                tuple(table.get("sectors", ())),
                table.get("enactment", False),
            )


def _read_terms(
    source: Declarations, records: Mapping[str, RecordType], terms: dict[str, Term]
) -> None:
    for kind in ("fact", "concept"):
        for key, table in source.tables(kind):
            header = f"{kind}.{key}"
            found, wrong = term(kind, key, table, records)
            for fault in wrong:
                source.fail(fault.code, header, fault.zh, fault.en, fault.key)
            if key in terms or key in records:
                source.fail("norm-duplicate", header, "名称重复", "the name is taken")
            elif found is not None and not wrong:
                terms[key] = found


def _check_references(
    source: Declarations, records: Mapping[str, RecordType], terms: Mapping[str, Term]
) -> None:
    """Note every unit cost that is no term, and every sector that `sector` does not offer."""
    known = terms["sector"].choices if "sector" in terms else {}
    for group in ("record", "fact", "concept"):
        for key, _ in source.tables(group):
            found = records.get(key) if group == "record" else terms.get(key)
            header = f"{group}.{key}"
            lever = found.lever if isinstance(found, Term) else None
            if lever is not None and lever.unit_cost not in terms:
                lost = lever.unit_cost
                zh, en = f"没有单位成本 {lost}", f"no unit cost {lost}"
                source.fail("name-unknown", header, zh, en, "lever")
            for lost in (one for one in found.sectors if one not in known) if found else ():
                zh, en = f"没有行业 {lost}", f"no sector {lost}"
                source.fail("name-unknown", header, zh, en, "sectors")


def read_questions(path: Path, name: str) -> tuple[dict[str, Question], list[Diagnostic]]:
    """Read every open question: its readings, the source of each, the default."""
    source = Declarations(path, name, ("question",))
    questions: dict[str, Question] = {}
    for key, table in source.tables("question"):
        header = f"question.{key}"
        readings = _readings(source, table, header)
        if not source.holds(table, header, _QUESTION) or readings is None:
            continue
        default = table.get("default", "")
        if len(readings) < 2 or default not in {r.name for r in readings}:
            source.fail(
                "norm-malformed", header, "至少两种读法，且 default 为其一",
                "needs two readings or more, default among them", "default",
            )  # fmt: skip
            continue
        questions[key] = Question(
            key,
            _label(table),
            readings,
            default,
            tuple(table.get("provisions", ())),
            table.get("from_year", 0),
            Location(name, source.line_of(header)),
            Location(name, source.line_of(f"{header}.provisions")),
            table.get("validity", False),
        )
    return questions, source.wrong


def _readings(
    source: Declarations, table: Mapping[str, Any], header: str
) -> tuple[Reading, ...] | None:
    """Return the readings of a question; None where one does not hold, which is noted."""
    told = table.get("reading", {})
    if not TABLES.holds(told):
        return None
    found: list[Reading] = []
    for name, one in told.items():
        at = f"{header}.reading.{name}"
        if not source.holds(one, at, _READING):
            continue
        if not one.get("source"):
            source.fail("norm-malformed", at, "缺少 source", "no source")
        else:
            found.append(Reading(name, _label(one), one["source"]))
    return tuple(found) if len(found) == len(told) else None


def _label(table: Mapping[str, Any]) -> Label:
    return label(table.get("label")) or Label("", "")
