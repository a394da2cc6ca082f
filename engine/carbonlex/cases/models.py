"""The shapes that a vocabulary gives a case: told values judged, pydantic models, JSON Schema.

`value_of` alone judges what people wrote, for the models too. Reading a case does without the
models: to import pydantic takes as long as a whole command may.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import GenericAlias
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from carbonlex.calendar import LAST_YEAR, parse_day
from carbonlex.errors import Code, ContentError, Diagnostic, Location
from carbonlex.model import Case, CaseYear, Facts, Label, Scalar
from carbonlex.quantities import MAX_DIGITS, QuantityError, decimals, exact, parse_quantity, plain
from carbonlex.rulebook.vocabulary import Term, Vocabulary

if TYPE_CHECKING:
    from pydantic import BaseModel

Words: TypeAlias = tuple[str, str]

MAX_TEXT = 500
FIRST_DATE = 1900  # plants were built before the first compliance year
NAME = Term("name", "fact", "entity", "always", "text", Label("名称", "name"))
LEAVE_OUT: Words = ("删去这一项：不写即为未告知", "leave the key out: absent means not told")

_TRUTHS: Mapping[str, bool] = {"true": True, "false": False, "是": True, "否": False}
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_LEADING = re.compile(r"[+-]?\d[\d_,]*(?:\.\d[\d_]*)?", re.ASCII)
_BROKEN = re.compile(r"[\d.,_+\-/]|e[+-]?\d", re.ASCII | re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class Number:
    """A number as it was written: nothing has rounded it, and it may not be one (`nan`)."""

    text: str


class Refusal(ValueError):
    """Why a told value cannot be taken: a code, what is wrong, and the remedy."""

    def __init__(self, code: Code, message: Words, hint: Words) -> None:
        super().__init__(message[1])
        self.code, self.message, self.hint = code, message, hint


def shown(text: str) -> str:
    """Return words of the file fit for a terminal: one short line, nothing that acts on it."""
    short = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[:40])
    return short + "…" if len(text) > 40 else short


def value_of(term: Term, raw: object) -> Scalar:
    """Return a told value in the term's type and unit; raises `Refusal`, of a float too."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        words = ("null 不是值", "null is no value") if raw is None else ("值是空的", "it is empty")
        raise Refusal("type-mismatch", words, LEAVE_OUT)
    match term.type:
        case "number":
            return _number(term, raw)
        case "boolean":
            return _boolean(raw)
        case "date":
            return _date(raw)
        case "choice":
            return _choice(term, raw)
    return text_of(raw)


def text_of(raw: object) -> str:
    """Return text without outer white space; raises `Refusal` for what would garble a memo."""
    if not isinstance(raw, str):
        raise _mismatch("文字", "text", raw)
    text = raw.strip()
    if len(text) > MAX_TEXT:
        words = (f"文字超过 {MAX_TEXT} 字", f"text of more than {MAX_TEXT} characters")
        raise Refusal("range-exceeded", words, ("缩短文字", "shorten it"))
    if any(c in _BIDI or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text):
        words = (f"“{shown(text)}”含控制字符", f"'{shown(text)}' has control characters")
        raise Refusal("type-mismatch", words, ("删去换行与控制字符", "write it on one plain line"))
    return text


def _mismatch(zh: str, en: str, raw: object) -> Refusal:
    found = f"“{shown(raw)}”" if isinstance(raw, str) else type(raw).__name__
    words = (f"应为{zh}，而不是 {found}", f"{en} is wanted, not {found}")
    return Refusal("type-mismatch", words, (f"改写为{zh}", f"write {en}"))


def _boolean(raw: object) -> bool:
    told = _TRUTHS.get(raw.strip().casefold()) if isinstance(raw, str) else raw
    if not isinstance(told, bool):
        raise _mismatch("true 或 false（是、否）", "true or false", raw)
    return told


def _choice(term: Term, raw: object) -> str:
    told = raw.strip() if isinstance(raw, str) else type(raw).__name__
    for key, label in term.choices.items():
        if told in (key, label.zh) or told.casefold() == label.en.casefold():
            return key
    keys = ", ".join([*term.choices][:12])
    words = (f"“{shown(told)}”不在选项之中", f"'{shown(told)}' is not one of the choices")
    raise Refusal("type-mismatch", words, (f"可选：{keys}", f"choose from {keys}"))


def _date(raw: object) -> date:
    day = raw
    if isinstance(raw, str) and _DAY.fullmatch(raw.strip()):
        try:
            day = parse_day(raw.strip())
        except ValueError:
            day = None
    if isinstance(day, date) and not isinstance(day, datetime):
        if FIRST_DATE <= day.year <= LAST_YEAR:
            return day
    elif day is not None:
        raise _mismatch("日期，如 2026-12-31", "a day such as 2026-12-31", raw)
    years = f"{FIRST_DATE}–{LAST_YEAR}"
    words = (f"{raw} 不是 {years} 年间的一天", f"{raw} is not a day in {years}")
    raise Refusal("date-impossible", words, ("检查年月日", "check year, month and day"))


def _number(term: Term, raw: object) -> Fraction:
    try:
        number = _written(term, raw) if isinstance(raw, str) else _exact(raw)
    except QuantityError as error:
        hint = ("写成十进制数，如 0.05 或 100000", "write a plain decimal such as 0.05 or 100000")
        raise Refusal("number-inexact", error.messages, hint) from None
    figure, most, places = f"{plain(number)} {term.unit}".strip(), term.decimals, decimals(number)
    if places is None or places > most:
        words = (f"{figure} 多于 {most} 位小数", f"{figure} has more than {most} decimals")
        raise Refusal("number-inexact", words, (f"至多写 {most} 位", f"write at most {most}"))
    low, high = term.minimum, term.maximum
    if low is not None and number < low:
        words = (f"{figure} 低于下限 {plain(low)}", f"{figure} is below {plain(low)}")
    elif high is not None and number > high:
        words = (f"{figure} 高于上限 {plain(high)}", f"{figure} is above {plain(high)}")
    else:
        return number
    raise Refusal("range-exceeded", words, ("检查数值与单位", "check the figure and its unit"))


def _exact(raw: object) -> Fraction:
    if isinstance(raw, Number):
        return exact(raw.text)
    if isinstance(raw, float):
        en = "a float has lost digits already: pass a Decimal, an int or a str"
        raise QuantityError("浮点数已失去精度：请用 Decimal、int 或 str", en)
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | Fraction):
        raise _mismatch("数字", "a number", raw)
    # A Decimal is looked at first: 1E+999999999 is one digit until it becomes a rational.
    small = not isinstance(raw, Decimal) or (raw.is_finite() and abs(raw.adjusted()) < MAX_DIGITS)
    number = Fraction(raw) if small else Fraction(10**MAX_DIGITS)
    if max(abs(number.numerator), number.denominator) >= 10**MAX_DIGITS:
        en = f"the number is not finite or has more than {MAX_DIGITS} digits"
        raise QuantityError(f"数字不是有限数，或超过 {MAX_DIGITS} 位", en)
    return number


def _written(term: Term, raw: str) -> Fraction:
    text = unicodedata.normalize("NFKC", raw[:100]).strip()
    if text.lstrip("+-").casefold() in ("nan", "inf", "infinity", "∞"):
        raise QuantityError(f"“{text}”不是有限数", f"'{text}' is not finite")
    leading = _LEADING.match(text)
    if leading is None or len(raw) > 100:
        raise _mismatch("数字，可带单位", "a number, with or without a unit", raw)
    figure, suffix = leading[0], text[leading.end() :].strip()
    # 1,5 is fifteen to one reader and one and a half to another.
    if _BROKEN.match(suffix) or ("," in figure and not _THOUSANDS.fullmatch(figure)):
        en = f"'{shown(text)}' is not one exact decimal"
        raise QuantityError(f"“{shown(text)}”不是一个精确的十进制数", en)
    number = exact(figure)
    try:
        return number if suffix in ("", term.unit) else parse_quantity(text, term.unit)
    except QuantityError:
        unit, found = term.unit or "1", shown(suffix)
        words = (f"单位“{found}”不能换算为 {unit}", f"'{found}' does not convert to {unit}")
        raise Refusal("unit-mismatch", words, (f"用 {unit}", f"use {unit}")) from None


_BUILT: list[tuple[Vocabulary, type[BaseModel]]] = []


def case_model(vocabulary: Vocabulary) -> type[BaseModel]:
    """Return the frozen model of a case, built at the first call: `entity`, and `year` by key.

    A field is named after its term; if nobody told it, it is None and not in `model_fields_set`.
    """
    for known, model in _BUILT:
        if known is vocabulary:
            return model
    _BUILT[:] = [*_BUILT[-7:], (vocabulary, _case_model(vocabulary))]
    return _BUILT[-1][1]


def case_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a case file as people write it."""
    schema = case_model(vocabulary).model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def told_tree(entity: Facts, years: Mapping[int, CaseYear]) -> dict[str, Any]:
    """Return the bare values that were told, in the shape of a case file."""

    def values(facts: Facts) -> dict[str, object]:
        return {name: told.value for name, told in facts.items()}

    told = {
        str(year): values(of.facts)
        | {name: [*map(values, rows)] for name, rows in of.lists.items()}
        for year, of in years.items()
    }
    return {"entity": values(entity), "year": told}


def held(case: Case, vocabulary: Vocabulary) -> BaseModel:
    """Return a case as an instance of its model; raises `ContentError` where it does not fit."""
    from pydantic import ValidationError

    try:
        return case_model(vocabulary).model_validate(told_tree(case.entity, case.years))
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
    misfits = [(e["msg"], Location(case.name, cell=".".join(map(str, e["loc"])))) for e in found]
    raise ContentError(
        tuple(Diagnostic("type-mismatch", (f"不合词汇表：{m}", m), at) for m, at in misfits)
    )


def _case_model(vocabulary: Vocabulary) -> Any:
    from pydantic import BaseModel, ConfigDict, Field, PlainValidator, WithJsonSchema, create_model

    config = ConfigDict(frozen=True, extra="forbid", protected_namespaces=())

    def build(name: str, kinds: Mapping[str, Any], required: str = "") -> Any:
        # A term may bear a name of pydantic's own, such as `copy`: its field gets another.
        fields: dict[str, Any] = {}
        for key, kind in kinds.items():
            told: Any = {} if key == required else {"default_factory": lambda: None}
            safe = f"{key}_" if hasattr(BaseModel, key) else key
            fields[safe] = (kind, Field(alias=key, **told))
        return create_model(name, __config__=config, **fields)

    def judged(term: Term) -> Any:
        judge = PlainValidator(lambda raw: value_of(term, raw))
        return Annotated[Any, judge, WithJsonSchema(_schema(term))]

    def terms(record: str, period: str = "") -> dict[str, Any]:
        told = [t for t in vocabulary.of_record(record) if t.tellable]
        return {term.name: judged(term) for term in told if period in ("", term.period)}

    lists: dict[str, Any] = {}
    for kind in (k for k in vocabulary.records.values() if not k.enactment):
        if kind.name != "entity":
            row = build(kind.name, terms(kind.name))
            limit = Field(max_length=kind.max_count or None, description=kind.label.zh)
            lists[kind.name] = Annotated[GenericAlias(tuple, (row, ...)), limit]
    entity = build("entity", {NAME.name: judged(NAME)} | terms("entity", "always"))
    year = build("year", terms("entity", "year") | lists)
    key = Annotated[str, Field(pattern=r"^(199\d|20\d\d|2100)$")]
    some = Field(min_length=1, json_schema_extra={"additionalProperties": False})
    years = {"year": Annotated[GenericAlias(dict, (key, year)), some]}
    return build("case", {"title": str, "note": str, "entity": entity} | years, "year")


def _schema(term: Term) -> dict[str, Any]:
    limits = [("minimum", term.minimum), ("maximum", term.maximum)]
    number = {k: int(n) if n == int(n) else float(n) for k, n in limits if n is not None}
    labels = [name for label in term.choices.values() for name in (label.zh, label.en)]
    text = {"type": "string", "minLength": 1, "maxLength": MAX_TEXT}
    forms: dict[str, list[dict[str, Any]]] = {
        "boolean": [{"type": "boolean"}, {"enum": [*_TRUTHS]}],
        "number": [{"type": "number", **number}, {"type": "string", "pattern": _LEADING.pattern}],
        "date": [{"type": "string", "format": "date"}],
        "choice": [{"enum": [*dict.fromkeys([*term.choices, *labels])]}],
        "text": [text],
    }
    parts = {"value": {"anyOf": forms[term.type]}, "source": text}
    table = {"type": "object", "properties": parts, "required": ["value"]}
    said = (term.label.en, term.unit, term.attester.en if term.attester else "")
    return {
        "title": term.label.zh,
        "description": " · ".join(filter(None, said)),
        "anyOf": [*forms[term.type], table | {"additionalProperties": False}],
    }
