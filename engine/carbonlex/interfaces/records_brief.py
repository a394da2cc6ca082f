"""A result in short, for lists and for what differs; and a result without this machine's places."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
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
    return {_name(v): dict(_verdict(v)) for v in found}


def _verdict(told: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("outcome", "law", "due", "gap", "grade"):
        if told[key] is not None:
            yield key, str(told[key])
    yield "norm", told["norm"]["id"]
    if told["gap"] is not None:
        yield "unit", told["gap_unit"]
    if told["assumed"]:  # what is only presumed done is not told to be done
        yield "assumed", "true"


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
