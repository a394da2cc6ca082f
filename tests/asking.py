"""A small rulebook to ask expressions of: facts of every kind, concepts, and parameters."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from carbonlex.cases.read import case_from
from carbonlex.expressions.parse import parse
from carbonlex.model import Value
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.rulebook.rulebook import Rulebook
from synthetic import Act, sound, write_corpus

VOCABULARY = """
record.entity.label = {zh = "单位", en = "entity"}
record.credits.label = {zh = "减排量", en = "credits"}
record.trades = {label = {zh = "交易", en = "trades"}, presumed_none = true}
[fact]
a = {type = "boolean", label = {zh = "甲", en = "a"}}
b = {type = "boolean", label = {zh = "乙", en = "b"}}
n = {type = "number", unit = "ratio", decimals = 4, label = {zh = "丙", en = "n"}}
m = {type = "number", unit = "ratio", decimals = 4, label = {zh = "丁", en = "m"}}
day = {type = "date", label = {zh = "日", en = "day"}}
moved = {type = "boolean", presumption = false, label = {zh = "迁", en = "moved"}}
stock = {type = "number", unit = "ratio", before = 7, label = {zh = "存", en = "stock"}}
quantity = {record = "credits", type = "number", unit = "ratio", label = {zh = "量", en = "q"}}
used = {record = "credits", type = "boolean", label = {zh = "用", en = "used"}}
amount = {record = "trades", type = "number", unit = "ratio", label = {zh = "额", en = "amount"}}
[fact.sector]
period = "always"
type = "choice"
label = {zh = "行业", en = "sector"}
choices = {power = {zh = "发电", en = "power"}, steel = {zh = "钢铁", en = "steel"}}
[concept]
on_list = {type = "boolean", before = false, label = {zh = "名录", en = "list"}}
total = {type = "number", unit = "ratio", label = {zh = "累计", en = "total"}}
still = {type = "boolean", label = {zh = "未迁", en = "still"}}
obligation = {type = "number", unit = "ratio", label = {zh = "应缴", en = "owed"}, attester = {zh = "省", en = "province"}}
"""  # noqa: E501
NORMS = (
    'id = "list"\ndefines = "on_list"\nvalue = "a or (on_list[-1] and not b)"',
    'id = "total"\ndefines = "total"\nvalue = "n + total[-1]"',
    'id = "still"\ndefines = "still"\nvalue = "not moved"',
    'id = "owed"\ndefines = "obligation"\nvalue = "n"',
    """id = "duty"\nobliges = "duty"\nbearer = "a"\nrequires = "obligation <= m"
due = "date(year + 1, 3, 31)"
[parameter.cap]
unit = "ratio"
2020-01-01 = 0.10
2024-05-01 = 0.05
[parameter.deadline]
unit = "date"
2023 = 2024-12-31
2024 = {value = 2025-12-31, issued = 2025-06-01}
[parameter.sectors]
unit = "choices"
2023-2024 = ["power"]
[parameter.rate]
unit = "ratio"
by = "sector"
2023 = {power = 0.5, steel = 0.25}
2024 = {power = 0.4}
[parameter.twice]
unit = "ratio"
2020-01-01 = [{value = 1}, {value = 2, issued = 2025-06-01}]""",
)


@cache
def rulebook() -> Rulebook:
    """Return the rulebook of the norms above."""
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), [Act("act", NORMS)], VOCABULARY)
        return sound(Path(folder))


def ask(
    text: str,
    facts: Mapping[str, Any] | None = None,
    on: str = "2026-01-01",
    year: int = 2024,
    law: str = "2025-03-31",
) -> Value:
    """Return what an expression is worth over facts (of 2024, unless they say `year`)."""
    facts = facts or {}
    tree = facts if "year" in facts else {"year": {"2024": facts}}
    case = case_from(tree, rulebook().vocabulary, "case")
    run = Evaluation(rulebook(), case, date.fromisoformat(on), None, {})
    frame = Frame(year, date.fromisoformat(law), rulebook().norm("duty"))
    return run.value(parse(text), frame).value
