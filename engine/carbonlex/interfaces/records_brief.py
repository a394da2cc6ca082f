"""A result in short, for lists and for what differs; and a result without this machine's places."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

Brief = dict[str, dict[str, str]]
"""Verdicts by name, each with what matters of it."""

_PLACES = ("data", "written")


def placeless(result: str) -> str:
    """Return the text of `--json` with the names of files for their paths.

    A text that names none is returned as it is.
    """
    tree = json.loads(result)
    found = {k: tree[k] for k in _PLACES if tree.get(k)}
    if not found:
        return result
    for key, told in found.items():
        paths = [told] if isinstance(told, str) else told
        names = [PurePath(path).name for path in paths]
        tree[key] = names[0] if isinstance(told, str) else names
    return json.dumps(tree, ensure_ascii=False, indent=2)


def in_short(tree: Mapping[str, Any]) -> Brief:
    """Return what a result comes to; which command gave it shows by its keys."""
    if "verdicts" in tree:
        return _verdicts(tree["verdicts"])
    if "reforms" in tree and "cases" in tree:
        return _compared(tree["cases"])
    if "findings" in tree:
        return {
            f"{f['norm']} {f['day']}{' enactment' if f['enactment'] else ''}": {
                "result": f["result"], "grade": f["grade"],
            }
            for f in tree["findings"]
        }  # fmt: skip
    if "totals" in tree:
        return _totals(tree["totals"]["duties"])
    flips = (tree.get("flips") or {}).get("whole", {}).get("duties", [])
    return {_duty(d): _counted(d["verdicts"]) for d in flips}


def _name(verdict: Mapping[str, Any]) -> str:
    index = verdict["index"]
    place = f"[{index}]" if index is not None else ""
    return f"{verdict['duty']}{place}@{verdict['year']}"


def _verdicts(found: list[Mapping[str, Any]]) -> Brief:
    keys = ("outcome", "norm", "law", "due", "gap", "grade")
    return {_name(v): _texts({**v, "norm": v["norm"]["id"]}, keys) for v in found}


def _texts(tree: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, str]:
    return {k: str(tree[k]) for k in keys if tree.get(k) is not None}


def _compared(cases: list[Mapping[str, Any]]) -> Brief:
    found: Brief = {}
    for number, case in enumerate(cases, 1):
        for pair in case["pairs"]:
            sides = {s: pair[s]["outcome"] for s in ("before", "after") if pair[s] is not None}
            found[f"{number}/{_name(pair)}"] = sides
    return found


def _totals(duties: list[Mapping[str, Any]]) -> Brief:
    return {_duty(d): {o: str(n) for o, n in d["outcomes"].items()} for d in duties}


def _duty(duty: Mapping[str, Any]) -> str:
    return f"{duty['duty']}[{duty['record']}]" if duty["record"] else str(duty["duty"])


def _counted(flips: list[Mapping[str, Any]]) -> dict[str, str]:
    return {f"{f['before'] or '–'} → {f['after'] or '–'}": str(f["rows"]) for f in flips}
