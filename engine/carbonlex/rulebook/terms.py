"""One table of the vocabulary into a term, or what is wrong with it, each with its key."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, get_args

from carbonlex.errors import Code
from carbonlex.expressions.tree import BUILTINS
from carbonlex.model import Label, Scalar
from carbonlex.quantities import QuantityError, parse_unit
from carbonlex.rulebook.shapes import (
    COUNT,
    FLAG,
    LABEL,
    LABELS,
    NUMBER,
    SCALAR,
    STRINGS,
    TABLE,
    TEXT,
    is_day,
    is_flag,
    is_number,
    is_text,
    label,
    misfits,
)
from carbonlex.rulebook.vocabulary import Lever, Period, RecordType, Term, TermType

_KEYS = {
    "record": TEXT, "period": TEXT, "type": TEXT, "label": LABEL, "unit": TEXT, "decimals": COUNT,
    "min": NUMBER, "max": NUMBER, "choices": LABELS, "attester": LABEL, "presumption": SCALAR,
    "before": SCALAR, "lever": TABLE, "headline": FLAG, "sectors": STRINGS,
}  # fmt: skip
_OF_NUMBERS = ("unit", "decimals", "min", "max")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
# A case may always give an entity its name; `entity` is the root record.
_TAKEN = BUILTINS | {"name"}


@dataclass(frozen=True)
class TermFault:
    """One thing that is wrong with a term, and the key that it stands under."""

    code: Code
    key: str
    zh: str
    en: str


def wrong_name(name: str) -> tuple[str, str] | None:
    """Return why no expression could write a name, in Chinese and English; None if one could."""
    if not _NAME.fullmatch(name) or "__" in name or keyword.iskeyword(name):
        return "名称应为小写字母、数字和下划线", "a name is of small letters, digits and _"
    if name in _TAKEN:
        return "名称另有含义", "the name has a meaning already"
    return None


def term(
    kind: str, name: str, table: Mapping[str, Any], records: Mapping[str, RecordType]
) -> tuple[Term | None, tuple[TermFault, ...]]:
    """Return the term that a table declares, or everything that is wrong with the table."""
    wrong = [TermFault("norm-malformed", k, zh, en) for k, zh, en in misfits(table, _KEYS)]
    if why := wrong_name(name):
        wrong.append(TermFault("norm-malformed", "", *why))
    if "label" not in table:
        wrong.append(
            TermFault("norm-malformed", "", "缺少 label = {zh, en}", "needs label = {zh, en}")
        )
    if not wrong:
        wrong += _faults(table, records)
    if wrong:
        return None, tuple(wrong)
    type_: TermType = table["type"]
    lever = table.get("lever")
    return Term(
        name=name,
        kind="fact" if kind == "fact" else "concept",
        record=table.get("record", "entity"),
        period=table.get("period", "year"),
        type=type_,
        label=label(table["label"]) or Label("", ""),
        unit=table.get("unit", ""),
        decimals=table.get("decimals", 0),
        minimum=_bound(table.get("min")),
        maximum=_bound(table.get("max")),
        choices={k: label(v) or Label(k, k) for k, v in table.get("choices", {}).items()},
        attester=label(table.get("attester")),
        presumption=_scalar(table.get("presumption")),
        before=_scalar(table.get("before")),
        lever=Lever(lever["unit_cost"]) if lever is not None else None,
        headline=table.get("headline", False),
        sectors=tuple(table.get("sectors", ())),
    ), ()


def _faults(table: Mapping[str, Any], records: Mapping[str, RecordType]) -> Iterator[TermFault]:
    def fault(key: str, zh: str, en: str) -> TermFault:
        return TermFault("norm-malformed", key, zh, en)

    record, type_ = table.get("record", "entity"), table.get("type")
    if record not in records:
        yield fault("record", f"没有记录 {record}", f"no record {record}")
    if type_ not in get_args(TermType):
        types = get_args(TermType)
        yield fault(
            "type", f"type 应为其一：{'、'.join(types)}", f"type is one of {', '.join(types)}"
        )
        return
    if table.get("period", "year") not in get_args(Period):
        yield fault("period", "period 应为 always 或 year", "period is always or year")
    if type_ == "number":
        try:
            parse_unit(table.get("unit", ""))
        except QuantityError as error:
            yield TermFault("unit-mismatch", "unit", *error.messages)
        if table.get("min", 0) > table.get("max", table.get("min", 0)):
            yield fault("max", "max 小于 min", "max is less than min")
    for key in _OF_NUMBERS if type_ != "number" else ():
        if key in table:
            yield fault(key, f"{key} 只用于数字", f"{key} is for numbers only")
    if (type_ == "choice") != bool(table.get("choices")):
        yield fault("choices", "choice 须有 choices，他类没有", "a choice has choices, others none")
    for key in ("presumption", "before"):
        if key in table and not _fits(table[key], type_, table):
            yield fault(key, f"{key} 与 type 不符", f"{key} is not of the type")
    lever = table.get("lever")
    if lever is not None and not (set(lever) == {"unit_cost"} and is_text(lever["unit_cost"])):
        yield fault("lever", "lever 应为 {unit_cost = …}", "lever should be {unit_cost = …}")


def _fits(value: object, type_: object, table: Mapping[str, Any]) -> bool:
    match type_:
        case "boolean":
            return is_flag(value)
        case "number":
            return is_number(value)
        case "date":
            return is_day(value)
        case "choice":
            return value in table.get("choices", {})
    return is_text(value)


def _bound(value: int | Fraction | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def _scalar(value: Any) -> Scalar | None:
    return Fraction(value) if is_number(value) else value
