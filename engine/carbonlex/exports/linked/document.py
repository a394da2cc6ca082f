"""A scope of the rulebook as one JSON-LD document, its references checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from carbonlex.exports.linked.context import context, definitions
from carbonlex.exports.linked.rules import rules
from carbonlex.exports.linked.texts import Node, texts
from carbonlex.exports.scope import Exported, Scope, head_of

NAME = "carbonlex.jsonld"


def linked_data(scope: Scope) -> Exported:
    """Return a scope as JSON-LD 1.1: texts, provisions and norms, and the terms that they use.

    >>> import carbonlex
    >>> from carbonlex.exports.scope import scope_of
    >>> made = linked_data(scope_of(carbonlex.load_rulebook(), ["measures-2021"]))
    >>> json.loads(made.text)["@graph"][0]["@type"]
    'Rulebook'
    """
    made = context(scope.base)
    graph = [_head(scope), *texts(scope), *rules(scope), *definitions()]
    wrong = list(faults(graph, made))
    if wrong:
        raise ValueError("; ".join(wrong[:20]))
    whole = {"@context": made, "@graph": graph}
    return Exported(NAME, json.dumps(whole, ensure_ascii=False, indent=1) + "\n")


def _head(scope: Scope) -> Node:
    head = head_of(scope)
    node: Node = {
        "@id": f"cl:rulebook/{head.rulebook}", "@type": "Rulebook",
        "version": f"carbonlex {head.engine}", "digest": f"sha256:{head.rulebook}",
        "description": " ".join(r.zh for r in head.remarks),
        "unofficialDescription": " ".join(r.en for r in head.remarks),
        "hasPart": [i.uri for i in scope.instruments],
    }  # fmt: skip
    if scope.on is not None:
        node["legislationDateVersion"] = scope.on.isoformat()
    return node


def faults(graph: list[Node], terms: dict[str, Any]) -> Iterator[str]:
    """Yield ids that are taken, references that lead nowhere, and terms without a definition."""
    known: set[str] = set()
    for node in graph:
        if node["@id"] in known:
            yield f"@id {node['@id']} is taken"
        known.add(node["@id"])
    for node in graph:
        for name, value in _told(node):
            if name not in terms and ":" not in name and not name.startswith("@"):
                yield f"{name} is in no vocabulary"
            defined = terms.get(name)
            if isinstance(defined, dict) and defined.get("@type") == "@id":
                for one in value if isinstance(value, list) else [value]:
                    if isinstance(one, str) and one not in known:
                        yield f"{name} of {node['@id']} leads to {one}, which is nowhere"


def _told(node: Node) -> Iterator[tuple[str, Any]]:
    """Yield what a node says, and what the nodes inside it say."""
    for name, value in node.items():
        yield name, value
        for inner in value if isinstance(value, list) else ():
            if isinstance(inner, dict):
                yield from ((n, v) for n, v in inner.items())
