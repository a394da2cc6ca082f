"""The JSON Schema of a case file: every fact with type, unit and bounds, in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from carbonlex.cases.models import case_schema
from carbonlex.exports.scope import NAMESPACE, Exported, Scope, head_of
from carbonlex.rulebook.vocabulary import Term

NAME = "case.schema.json"
# As ECMA-262 has it: anchored, and without classes that mean other things elsewhere.
_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_FIGURE = r"^[+-]?[0-9][0-9_,]*(\.[0-9][0-9_]*)?(?![eE][+-]?[0-9])\s*([%A-Za-z一-鿿]\S*)?$"
_TITLE = "carbonlex 案情 · case"
_SAYS = (
    "一个单位的案情：entity 是各年不变的事实，year 按履约年度告知。不写即为未告知，不是零；"
    "列表为空即没有。数值可带单位写成文字。各事实的 title 为中文，description 为英文"
    "（非官方译文）、单位、证明机关。 The facts of one entity: those that no year changes, and "
    "those of each compliance year. Absent is not told and not zero; an empty list is none. A "
    "number may be text with its unit. Titles are Chinese; descriptions are English (unofficial), "
    "unit, who attests it."
)


def case_form(scope: Scope) -> Exported:
    """Return the JSON Schema (2020-12) of a case as JSON.

    What it refuses is refused when a case is read; what it lets pass may still be refused there
    (a unit that does not convert, a day that does not exist).

    >>> import carbonlex
    >>> from carbonlex.exports.scope import scope_of
    >>> made = case_form(scope_of(carbonlex.load_rulebook()))
    >>> json.loads(made.text)["$id"]
    'urn:carbonlex:1:case'
    """
    vocabulary = scope.rulebook.vocabulary
    schema = case_schema(vocabulary)
    for node in _nodes(schema):
        _anchored(node)
    for record in schema["$defs"].values():
        for name, told in record.get("properties", {}).items():
            term = vocabulary.terms.get(name)
            if term is not None:
                told["x-carbonlex"] = _measured(term)
    head = {
        "$schema": schema.pop("$schema"), "$id": f"{NAMESPACE}case",
        "$comment": "\n".join(head_of(scope).lines()),
    }  # fmt: skip
    whole = head | schema | {"title": _TITLE, "description": _SAYS}
    return Exported(NAME, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from _nodes(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _nodes(inner)


def _anchored(node: dict[str, Any]) -> None:
    """Let a text be only what it is meant to be: a day, or a number with or without a unit."""
    if node.get("type") != "string":
        return
    if node.get("format") == "date":
        node["pattern"] = _DAY
    elif "pattern" in node and "maxLength" not in node:
        node |= {"pattern": _FIGURE, "maxLength": 100}


def _measured(term: Term) -> dict[str, Any]:
    """Return what JSON Schema has no word for."""
    told: dict[str, Any] = {"name": term.name, "kind": term.kind, "type": term.type}
    if term.type == "number":
        told |= {"unit": term.unit, "decimals": term.decimals}
    if term.sectors:
        told["sectors"] = list(term.sectors)
    labels = {"zh": term.label.zh, "en": term.label.en}
    return told | {"label": labels}
