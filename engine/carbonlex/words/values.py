"""Values as people write them: tonnes, yuan, ranges, days, yes and no."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from carbonlex.calendar import chinese_day
from carbonlex.model import UNKNOWN, Label, Value
from carbonlex.quantities import Range, grouped
from carbonlex.rulebook.rulebook import Rulebook

_UNITS: dict[str, Label] = {
    "tCO2e": Label("吨", "t"),
    "CNY": Label("元", "CNY"),
    "CNY/tCO2e": Label("元/吨", "CNY/t"),
    "ratio": Label("", ""),
    "year": Label("年", "years"),
    "day": Label("日", "days"),
    "working_day": Label("个工作日", "working days"),
    "date": Label("", ""),
    "choices": Label("", ""),
}
_YES = {True: Label("是", "yes"), False: Label("否", "no")}
_HOLDS = {True: Label("成立", "holds"), False: Label("不成立", "does not hold")}
UNKNOWN_LABEL = Label("未知", "not known")


def unit_words(unit: str, lang: str) -> str:
    """Return the words for a unit: 吨, t."""
    return _UNITS[unit].of(lang) if unit in _UNITS else unit


def say(value: Value | None, unit: str, lang: str, rulebook: Rulebook | None = None) -> str:
    """Return a value with its unit, in one language.

    >>> say(Fraction(10000), "tCO2e", "zh"), say(Range(Fraction(5), Fraction(10)), "CNY", "en")
    ('10,000 吨', 'CNY 5 to 10')
    """
    if value is None or value is UNKNOWN:
        return UNKNOWN_LABEL.of(lang)
    if isinstance(value, bool):
        return _YES[value].of(lang)
    if isinstance(value, date):
        return chinese_day(value) if lang == "zh" else value.isoformat()
    if isinstance(value, Fraction):
        return _number(grouped(value), unit, lang, value)
    if isinstance(value, Range):
        return _range(value, unit, lang)
    if isinstance(value, tuple):
        said = [say(v, unit, lang, rulebook) for v in value]
        return ("、" if lang == "zh" else ", ").join(said) or ("无" if lang == "zh" else "none")
    assert isinstance(value, str)
    return rulebook.label_of(value).of(lang) if rulebook is not None else value


def holds(value: Value, lang: str) -> str:
    """Return whether a condition holds, does not, or is not known."""
    return _HOLDS[value].of(lang) if isinstance(value, bool) else UNKNOWN_LABEL.of(lang)


def _number(text: str, unit: str, lang: str, value: Fraction) -> str:
    if unit == "ratio" and value.denominator != 1:
        return f"{grouped(value * 100)}%"
    words = unit_words(unit, lang)
    if lang == "en" and unit == "CNY":
        return f"CNY {text}"
    return f"{text} {words}" if words else text


def _range(value: Range, unit: str, lang: str) -> str:
    if value.lower == value.upper:
        return _number(grouped(value.lower), unit, lang, value.lower)
    low, high, words = grouped(value.lower), grouped(value.upper), unit_words(unit, lang)
    if lang == "zh":
        return f"{low} {words}以上 {high} {words}以下"
    return f"CNY {low} to {high}" if unit == "CNY" else f"{low} to {high} {words}".rstrip()
