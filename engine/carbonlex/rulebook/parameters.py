"""Parameter tables into dated values: all keys are dates, or all are compliance years."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, cast

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.errors import Location
from carbonlex.model import GRADES, Grade, Label, Scalar
from carbonlex.quantities import QuantityError, parse_unit
from carbonlex.rulebook.markdown import Fence, RuleText
from carbonlex.rulebook.norms import Parameter, ParameterValue, Span
from carbonlex.rulebook.quoting import Quoted
from carbonlex.rulebook.shapes import LABEL, TEXT, is_day, label, misfits
from carbonlex.statutes.instruments import Instrument

_SETTINGS = {"unit": TEXT, "by": TEXT, "grade": TEXT, "label": LABEL, "source": TEXT}
_ENTRY = {"value", "grade", "source", "issued"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEARS = re.compile(r"(\d{4})(?:(-)(\d{4})?)?")


def read_parameter(
    rules: RuleText,
    fence: Fence,
    name: str,
    table: Mapping[str, Any],
    owner: str,
    instrument: Instrument,
    quoted: Quoted,
) -> Parameter | None:
    """Return a parameter, or None with what is wrong noted in `rules`."""

    prefix = "" if fence.kind == "parameter" else f"parameter.{name}"

    def line(key: str) -> int:
        return fence.line_of(f"{prefix}.{key}" if prefix else key)

    def fail(zh: str, en: str, key: str = "") -> None:
        at = line(key) if key else fence.line_of(prefix)
        rules.fail("parameter-malformed", at, f"参数 {name}：{zh}", f"parameter {name}: {en}")

    settings = {k: v for k, v in table.items() if k in _SETTINGS}
    if wrong := list(misfits(settings, _SETTINGS)):
        for key, zh, en in wrong:
            fail(zh, en, key)
        return None
    unit = table.get("unit", "")
    if unit not in ("date", "choices"):
        try:
            parse_unit(unit)
        except QuantityError as error:
            fail(*error.messages, "unit")
            return None
    grade = cast(Grade, table.get("grade", quoted.grade))
    if grade not in GRADES:
        fail(f"没有等级 {grade}", f"no grade {grade}", "grade")
        return None
    spans: list[Span] = []
    keyed: dict[str, list[str]] = {"year": [], "date": []}
    for key, raw in table.items():
        if key in _SETTINGS:
            continue
        bounds = _bounds(key)
        if bounds is None:
            fail(
                f"键 {key} 不是日期或履约年度", f"key {key} is no date and no compliance year", key
            )
            continue
        keyed["date" if isinstance(bounds[0], date) else "year"].append(key)
        if raw == "ended":
            spans.append(Span(bounds[0], bounds[1], None))
            continue
        # Several entries for one span: the latest issued by the day asked counts.
        several = isinstance(raw, list) and raw and all(isinstance(r, dict) for r in raw)
        for one in raw if several else [raw]:
            where = Location(rules.file, line(key))
            entry = _entry(
                one, unit, str(table.get("by", "")), grade, str(table.get("source", "")), where
            )
            if entry is None:
                fail(f"{key} 的值有误", f"bad value for {key}", key)
            else:
                spans.append(Span(bounds[0], bounds[1], entry))
    if not spans:
        fail("没有值", "no value")
        return None
    if all(keyed.values()):
        fewer = min(keyed.values(), key=len)
        fail("键须全为日期或全为年度", "keys must be all dates or all years", fewer[0])
        return None
    by_date = bool(keyed["date"])
    return Parameter(
        name=name,
        norm=owner,
        instrument=instrument.key,
        provisions=quoted.provisions,
        label=label(table.get("label")) or Label(name, name),
        unit=unit,
        by=str(table.get("by", "")),
        keyed="date" if by_date else "year",
        spans=_closed(spans) if by_date else tuple(spans),
        where=Location(rules.file, fence.line_of(prefix)),
    )


def _bounds(key: str) -> tuple[int | date, int | date | None] | None:
    if _DATE.fullmatch(key):
        try:
            return date.fromisoformat(key), None
        except ValueError:
            return None
    return years_of(key)


def years_of(key: str) -> tuple[int, int] | None:
    """Return the compliance years that `2023`, `2019-2020` or `2024-` names; None for others."""
    match = _YEARS.fullmatch(key)
    if not match:
        return None
    first = int(match[1])
    last = int(match[3]) if match[3] else (LAST_YEAR if match[2] else first)
    return (first, last) if FIRST_YEAR <= first <= last <= LAST_YEAR else None


def _closed(spans: list[Span]) -> tuple[Span, ...]:
    """Close each dated span where the next begins: in force from, until replaced."""
    # Several entries for one day are told apart by when they were issued.
    days = sorted({s.start for s in spans if isinstance(s.start, date)})
    until = dict(zip(days, [*days[1:], None], strict=True))
    ordered = sorted(spans, key=lambda s: str(s.start))  # ISO dates sort as they fall
    return tuple(
        Span(s.start, until[s.start], s.entry) for s in ordered if isinstance(s.start, date)
    )


def _entry(
    raw: object, unit: str, by: str, grade: Grade, source: str, where: Location
) -> ParameterValue | None:
    issued: date | None = None
    if isinstance(raw, dict) and "value" in raw:
        if set(raw) - _ENTRY or not isinstance(raw.get("source", source), str):
            return None
        grade, source = raw.get("grade", grade), raw.get("source", source)
        issued, raw = raw.get("issued"), raw["value"]
        if grade not in GRADES or not (issued is None or is_day(issued)):
            return None
    value = _value(raw, unit, by)
    return None if value is None else ParameterValue(value, grade, source, issued, where)


def _value(raw: object, unit: str, by: str) -> Scalar | tuple[str, ...] | dict[str, Scalar] | None:
    if by:
        if not isinstance(raw, dict):
            return None
        inner = {k: _value(v, unit, "") for k, v in raw.items()}
        return None if None in inner.values() else cast("dict[str, Scalar]", inner)
    if unit == "choices":
        strings = isinstance(raw, list) and all(isinstance(r, str) for r in raw)
        return tuple(cast("list[str]", raw)) if strings else None
    if unit == "date":
        return raw if type(raw) is date else None
    if isinstance(raw, (int, Fraction)) and not isinstance(raw, bool):
        return Fraction(raw)
    return None
