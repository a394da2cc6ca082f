"""Which keys a table of a rule or declarations file may have, and what each must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from carbonlex.model import Label


@dataclass(frozen=True)
class Shape:
    """What a value must be, in Chinese and in English, and how that is seen."""

    zh: str
    en: str
    holds: Callable[[object], bool]


def label(value: object) -> Label | None:
    """Return a label from `{zh = …, en = …}`, or None if it is not one."""
    if isinstance(value, dict) and set(value) == {"zh", "en"}:
        zh, en = value["zh"], value["en"]
        if isinstance(zh, str) and isinstance(en, str):
            return Label(zh, en)
    return None


def is_text(value: object) -> bool:
    """Return whether a value is a string."""
    return isinstance(value, str)


def is_flag(value: object) -> bool:
    """Return whether a value is true or false."""
    return isinstance(value, bool)


def is_count(value: object) -> bool:
    """Return whether a value is a whole number that is not negative."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_number(value: object) -> bool:
    """Return whether a value is an exact number."""
    return isinstance(value, (int, Fraction)) and not isinstance(value, bool)


def is_day(value: object) -> bool:
    """Return whether a value is a date without a time of day."""
    return type(value) is date


def is_strings(value: object) -> bool:
    """Return whether a value is a list of strings."""
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def is_table(value: object) -> bool:
    """Return whether a value is a table."""
    return isinstance(value, dict)


def _is_tables(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(v, dict) for v in value.values())


def _is_texts(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(is_text, value.values()))


def _is_labels(value: object) -> bool:
    return isinstance(value, dict) and all(label(v) is not None for v in value.values())


TEXT = Shape("字符串", "text in quotes", is_text)
FLAG = Shape("true 或 false", "true or false", is_flag)
COUNT = Shape("非负整数", "a whole number, not negative", is_count)
NUMBER = Shape("数字", "a number", is_number)
STRINGS = Shape("字符串列表", "a list of texts", is_strings)
LABEL = Shape("{zh = …, en = …}", "{zh = …, en = …}", lambda v: label(v) is not None)
LABELS = Shape("{名称 = {zh, en}}", "{name = {zh, en}}", _is_labels)
DAY = Shape("日期，如 2027-01-01", "a date like 2027-01-01", is_day)
TABLE = Shape("表", "a table", is_table)
TABLES = Shape("由表组成的表", "a table of tables", _is_tables)
LIMBS = Shape("非空的 {项 = 表达式} 表", "a table of items and expressions, not empty", _is_texts)
SCALAR = Shape(
    "数字、日期、字符串或真假值", "a number, date, text, true or false",
    lambda v: is_text(v) or is_flag(v) or is_number(v) or is_day(v),
)  # fmt: skip


def misfits(
    table: Mapping[str, Any], shapes: Mapping[str, Shape]
) -> Iterator[tuple[str, str, str]]:
    """Yield each key that is not known or holds something else, with what is wrong with it."""
    for key, value in table.items():
        shape = shapes.get(key)
        if shape is None:
            yield key, f"未知的键 {key}", f"unknown key {key}"
        elif not shape.holds(value):
            yield key, f"{key} 应为{shape.zh}", f"{key} should be {shape.en}"
