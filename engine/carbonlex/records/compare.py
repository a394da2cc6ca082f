"""What changed between two runs: facts, law, engine, arguments, verdicts, documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from carbonlex.records.entry import Entry
from carbonlex.records.facts import CaseFacts, flat, kept_facts
from carbonlex.records.faults import refuse_altered
from carbonlex.records.law import listing
from carbonlex.records.store import Reading

Part = Literal["arguments", "facts", "files", "law", "engine", "verdicts", "documents"]
PARTS: tuple[Part, ...] = get_args(Part)


@dataclass(frozen=True)
class Change:
    """One thing that differs; None: the run has no such thing."""

    part: Part
    name: str
    was: str | None
    now: str | None


def compare(found: Reading, one: Entry, other: Entry) -> tuple[Change, ...]:
    """Return what differs between two runs, part by part, each sorted by name."""
    was, now = (_parts(found, e.told) for e in (one, other))
    return tuple(c for part in PARTS for c in _changes(part, was[part], now[part]))


def facts_held(found: Reading, told: Mapping[str, Any]) -> list[CaseFacts]:
    """Return the facts of a run, or refuse what the store holds in their place."""
    facts = kept_facts(found.blob(told["facts"]))
    if facts is None:
        refuse_altered(found.place, ("事实的写法不合", "the facts are malformed"))
    return facts


def _changes(part: Part, was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Change]:
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield Change(part, name, was.get(name), now.get(name))


def _parts(found: Reading, told: Mapping[str, Any]) -> Mapping[Part, Mapping[str, str]]:
    law = {p: d[:12] for p, d in listing(found, told["law"]["files"]).items()}
    return {
        "arguments": {"command": told["command"], **dict(_leaves(told["arguments"], ""))},
        "facts": flat(facts_held(found, told)),
        "files": {f"{i['as']} {i['name']}": i["digest"][:12] for i in told["inputs"]},
        "law": {"rulebook": told["law"]["rulebook"][:12], **law},
        "engine": dict(_leaves({**told["engine"], "digest": told["engine"]["digest"][:12]}, "")),
        "verdicts": dict(_leaves(told["verdicts"], "")),
        "documents": {d["name"]: d["digest"][:12] for d in told["documents"]},
    }


def _leaves(tree: Any, at: str) -> Iterator[tuple[str, str]]:
    """Return the leaves of a tree by their places; a list is one leaf."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _leaves(value, f"{at} · {key}" if at else key)
    else:
        listed = tree if isinstance(tree, list) else [tree]
        yield at, ", ".join("" if one is None else str(one) for one in listed)
