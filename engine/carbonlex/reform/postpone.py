"""The same draft with effect from another day, its parameters with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from carbonlex.reform.reform import Reform
from carbonlex.rulebook.markdown import Fence, RuleText


def in_effect_from(reform: Reform, day: date) -> Reform:
    """Return a draft with effect from another day.

    Parameters that begin on its own day begin on the other; later steps keep theirs.

    >>> from pathlib import Path
    >>> from carbonlex.reform.read import read_reform
    >>> reform = read_reform(Path("examples/reforms/offset-ten.md"))
    >>> moved = in_effect_from(reform, date(2026, 6, 1))
    >>> sorted(moved.text.fences[0].table["parameter"]["offset_cap"])
    ['2026-06-01']
    """
    if day == reform.effective:
        return reform
    old, new = reform.effective.isoformat(), day.isoformat()
    text = reform.text
    moved = RuleText(
        text.file, dict(text.front), text.front_lines, [_moved(f, old, new) for f in text.fences],
        dict(text.headings), list(text.outline), list(text.wrong),
    )  # fmt: skip
    return replace(reform, effective=day, text=moved)


def _moved(fence: Fence, old: str, new: str) -> Fence:
    if fence.kind == "parameter":
        table = _begun(fence.table, old, new)
    else:
        own = fence.table.get("parameter")
        if not isinstance(own, dict):
            return fence
        found = {k: _begun(v, old, new) if isinstance(v, dict) else v for k, v in own.items()}
        table = fence.table | {"parameter": found}
    lines = {_key(path, old, new): line for path, line in fence.lines.items()}
    return replace(fence, table=table, lines=lines)


def _begun(table: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    # A value that already began on the new day gives way to the draft's.
    kept = {k: v for k, v in table.items() if k != new or old not in table}
    return {new if k == old else k: v for k, v in kept.items()}


def _key(path: str, old: str, new: str) -> str:
    head, dot, last = path.rpartition(".")
    return f"{head}{dot}{new}" if last == old else path
