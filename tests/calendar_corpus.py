"""A small corpus with every kind of entry that a calendar can have, and cases of it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from carbonlex.cases.read import case_from
from carbonlex.model import Case
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.timeline.dates import calendar_of
from carbonlex.timeline.entry import Entry, Timeline
from carbonlex.timeline.overlay import Overlay, read_overlay
from synthetic import Act, sound, write_corpus

VOCABULARY = """
record.entity.label = {zh = "单位", en = "entity"}
record.months = {label = {zh = "月", en = "months"}, max_count = 12, presumed_none = true}
[fact]
bound = {type = "boolean", label = {zh = "受约束", en = "bound"}}
reported = {type = "boolean", label = {zh = "已报告", en = "reported"}}
kept = {type = "boolean", presumption = true, label = {zh = "已保存", en = "kept"}}
disclosed = {type = "boolean", presumption = true, label = {zh = "已公开", en = "disclosed"}}
paid = {type = "boolean", label = {zh = "已缴", en = "paid"}}
cured_by = {type = "date", label = {zh = "改正期限", en = "date to cure"}}
result_on = {type = "date", label = {zh = "告知结果日", en = "day of the result"}}
verified_on = {type = "date", label = {zh = "核查完成日", en = "day verified"}}
told_result = {type = "boolean", label = {zh = "已反馈", en = "fed back"}}
overdrawn = {type = "boolean", presumption = false, label = {zh = "超用", en = "overdrawn"}}
month = {record = "months", type = "number", unit = "ratio", label = {zh = "月份", en = "month"}}
filed = {record = "months", type = "boolean", label = {zh = "已存证", en = "filed"}}
region = {period = "always", type = "text", label = {zh = "地区", en = "region"}}
[fact.disclose_by]
type = "date"
label = {zh = "公开期限", en = "day of disclosure"}
attester = {zh = "通知", en = "the notice"}
"""
NORMS = (
    """id = "report"\nobliges = "report"\nbearer = "bound"\nrequires = "reported"
due = "date(year + 1, 3, 31)\"""",
    """id = "pay"\nobliges = "pay"\nbearer = "bound"\nrequires = "paid"\ndue = "pay_day"
[parameter.pay_day]
unit = "date"
2023 = 2024-12-31
2024 = {value = 2025-12-31, issued = 2025-06-01}
2025 = {value = 2026-12-31, grade = "recalled"}""",
    """id = "keep"\nobliges = "keep"\nbearer = "bound"\nrequires = "kept"
until = "add_years(date(year + 1, 3, 31), 5)\"""",
    """id = "disclose"\nobliges = "disclose"\nbearer = "bound"\nrequires = "disclosed"
due = "disclose_by\"""",
    """id = "evidence"\nobliges = "evidence"\nbearer = "bound"\nrecord = "months"
requires = "filed"\ndue = "add_days(date(year, month, 28), 40)\"""",
    """id = "objection"\npermits = "True"\nbearer = "bound"
due = "add_working_days(result_on, 7)\"""",
    """id = "feedback"\nobliges = "feedback"\nbearer = "bound"\naddressees = ["authority"]
requires = "told_result"\ndue = "add_working_days(verified_on, 7)\"""",
    """id = "overdraw"\nprohibits = "overdrawn"\nbearer = "bound"
at = "date(year, 12, 31)\"""",
    """id = "fine"\nsanctions = "pay"\nfine = "between(0, 1)"
[orders]\nduty = "cure"\nlabel = {zh = "补缴", en = "make good"}
requires = "paid"\ndue = "cured_by\"""",
)


@cache
def rulebook() -> Rulebook:
    """Return the rulebook of the norms above."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), [Act("act", NORMS)], VOCABULARY)
        return sound(Path(folder))


def case_of(years: Mapping[int, Any], name: str = "plant", **entity: Any) -> Case:
    """Return a case of some years of an entity that is bound in each."""
    tree = {
        "entity": {"name": name, **entity},
        "year": {str(y): {"bound": True, **facts} for y, facts in years.items()},
    }
    return case_from(tree, rulebook().vocabulary, name)


def timeline(years: Mapping[int, Any], on: str, *overlays: Overlay, last: int = 0) -> Timeline:
    """Return the calendar of a case of some years."""
    return calendar_of(rulebook(), case_of(years), date.fromisoformat(on), None, overlays, last)


def only(found: Timeline, key: str) -> Entry:
    """Return the one entry under a key."""
    (entry,) = (e for e in found.entries if e.key == key)
    return entry


def overlay(folder: Path, text: str, name: str = "city") -> Overlay:
    """Return the overlay that a text says, with a region, source and grade put before it."""
    head = 'region = {zh = "某市", en = "a city"}\nsource = "通知"\ngrade = "secondary"\n'
    path = folder / f"{name}.toml"
    path.write_text(head + text, encoding="utf-8")
    return read_overlay(path, rulebook())
