"""rules/vocabulary.toml and rules/questions.toml into terms and open questions."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

from carbonlex.errors import Code, Diagnostic, Location
from carbonlex.model import Label, Scalar
from carbonlex.quantities import QuantityError, parse_unit
from carbonlex.rulebook.markdown import RuleText, toml
from carbonlex.rulebook.norms import Question, Reading
from carbonlex.rulebook.vocabulary import Lever, RecordType, Term, TermType, Vocabulary

_TERM_KEYS = {
    "record", "period", "type", "label", "unit", "decimals", "min", "max", "choices",
    "attester", "presumption", "before", "lever", "headline",
}  # fmt: skip


class Declarations:
    """Reads one TOML file of declarations, noting every fault with its line."""

    def __init__(self, path: Path, name: str) -> None:
        self.text = RuleText(name)
        self.lines = path.read_text("utf-8").split("\n") if path.exists() else []
        self.table: dict[str, Any] = toml("\n".join(self.lines), self.text, 0) or {}

    @property
    def wrong(self) -> list[Diagnostic]:
        """What was wrong so far."""
        return self.text.wrong

    def line_of(self, header: str) -> int:
        """Return the line of a table header such as `fact.sector`."""
        return next((n for n, x in enumerate(self.lines, 1) if x.strip() == f"[{header}]"), 0)

    def fail(self, code: Code, header: str, zh: str, en: str) -> None:
        """Note one fault of the table under a header."""
        self.text.fail(code, self.line_of(header), f"{header}：{zh}", f"{header}: {en}")

    def label(self, table: dict[str, Any], header: str, key: str = "label") -> Label:
        """Return a bilingual label, `{zh = …, en = …}`."""
        found = label(table.get(key))
        if found is None:
            self.fail(
                "norm-malformed", header, f"缺少 {key} = {{zh, en}}", f"needs {key} = {{zh, en}}"
            )
        return found or Label("", "")


def label(value: object) -> Label | None:
    """Return a label from `{zh = …, en = …}`, or None if it is not one."""
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        zh, en = value["zh"], value["en"]
        if isinstance(zh, str) and isinstance(en, str):
            return Label(zh, en)
    return None


def read_vocabulary(path: Path, name: str) -> tuple[Vocabulary, list[Diagnostic]]:
    """Read every record type, fact and concept."""
    source = Declarations(path, name)
    records = {
        key: RecordType(
            key,
            source.label(t, f"record.{key}"),
            int(t.get("max_count", 0)),
            t.get("presumed_none", False) is True,
        )
        for key, t in source.table.get("record", {}).items()
    }
    terms: dict[str, Term] = {}
    for kind in ("fact", "concept"):
        for key, table in source.table.get(kind, {}).items():
            term = _term(source, kind, key, table, records)
            if key in terms or key in records:
                source.fail("norm-duplicate", f"{kind}.{key}", "名称重复", "the name is taken")
            elif term is not None:
                terms[key] = term
    _check_levers(source, terms)
    return Vocabulary(records, terms), source.wrong


def _term(
    source: Declarations, kind: str, key: str, table: dict[str, Any], records: dict[str, RecordType]
) -> Term | None:
    header = f"{kind}.{key}"
    if unknown := set(table) - _TERM_KEYS:
        source.fail("norm-malformed", header, f"未知的键 {unknown}", f"unknown keys {unknown}")
    record, type_ = table.get("record", "entity"), table.get("type", "")
    if record not in records or type_ not in get_args(TermType):
        source.fail("norm-malformed", header, "record 或 type 有误", "bad record or type")
        return None
    if type_ == "number":
        try:
            parse_unit(table.get("unit", ""))
        except QuantityError as error:
            source.fail("unit-mismatch", header, *error.messages)
            return None
    choices = {k: label(v) or Label(k, k) for k, v in table.get("choices", {}).items()}
    attester = table.get("attester")
    lever = table.get("lever")
    return Term(
        name=key,
        kind="fact" if kind == "fact" else "concept",
        record=record,
        period="always" if table.get("period") == "always" else "year",
        type=type_,
        label=source.label(table, header),
        unit=table.get("unit", ""),
        decimals=table.get("decimals", 0),
        minimum=_bound(table.get("min")),
        maximum=_bound(table.get("max")),
        choices=choices,
        attester=label(attester) if attester else None,
        presumption=_scalar(table.get("presumption")),
        before=_scalar(table.get("before")),
        lever=Lever(lever["unit_cost"]) if lever else None,
        headline=bool(table.get("headline", False)),
    )


def _bound(value: object) -> Fraction | None:
    return Fraction(value) if isinstance(value, (int, Fraction)) else None


def _scalar(value: object) -> Scalar | None:
    if isinstance(value, bool) or value is None or isinstance(value, (date, str)):
        return value
    return _bound(value)


def _check_levers(source: Declarations, terms: dict[str, Term]) -> None:
    for term in terms.values():
        if term.lever and term.lever.unit_cost not in terms:
            source.fail(
                "name-unknown", f"{term.kind}.{term.name}",
                f"没有单位成本 {term.lever.unit_cost}", f"no unit cost {term.lever.unit_cost}",
            )  # fmt: skip


def read_questions(path: Path, name: str) -> tuple[dict[str, Question], list[Diagnostic]]:
    """Read every open question: its readings, the source of each, the default."""
    source = Declarations(path, name)
    questions: dict[str, Question] = {}
    for key, table in source.table.get("question", {}).items():
        header = f"question.{key}"
        readings = tuple(
            Reading(r, source.label(t, header), t.get("source", ""))
            for r, t in table.get("reading", {}).items()
        )
        default = table.get("default", "")
        if len(readings) < 2 or default not in {r.name for r in readings}:
            source.fail(
                "norm-malformed", header,
                "至少两种读法，且 default 为其一", "needs two readings or more, default among them",
            )  # fmt: skip
            continue
        if missing := [r.name for r in readings if not r.source]:
            source.fail("norm-malformed", header, f"{missing} 缺少 source", f"{missing}: no source")
        questions[key] = Question(
            key,
            source.label(table, header),
            readings,
            default,
            tuple(table.get("provisions", ())),
            int(table.get("from_year", 0)),
            Location(name, source.line_of(header)),
        )
    return questions, source.wrong
