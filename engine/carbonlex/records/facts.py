"""The facts of a run with who says so: by their places in the case, in words that compare."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, TypedDict

from carbonlex.model import Case, Facts, Told
from carbonlex.quantities import plain


class Fact(TypedDict):
    """A fact as told: its value in the vocabulary's unit, who attests it, where it stands."""

    value: str
    source: str
    at: str


class CaseFacts(TypedDict):
    """The facts of one case; `told` by place, as `year.2024.credits[0].quantity`."""

    case: str
    digest: str
    told: dict[str, Fact]


def facts_of(cases: Sequence[Case]) -> list[CaseFacts]:
    """Return what was told in each case.

    >>> import carbonlex
    >>> case = carbonlex.case_from(
    ...     {"year": {"2024": {"verified_emissions": {"value": 9, "source": "核查报告"}}}},
    ...     carbonlex.load_rulebook().vocabulary, "plant")
    >>> facts_of([case])[0]["told"]["year.2024.verified_emissions"]["source"]
    '核查报告'
    """
    return [CaseFacts(case=c.name, digest=c.digest, told=dict(_facts(c))) for c in cases]


def _facts(case: Case) -> Iterator[tuple[str, Fact]]:
    yield from _told("entity", case.entity)
    for year, of in case.years.items():
        yield from _told(f"year.{year}", of.facts)
        for name, rows in of.lists.items():
            if not rows:  # told to be none, which is not the same as not told
                yield f"year.{year}.{name}", Fact(value="[]", source="", at="")
            for index, row in enumerate(rows):
                yield from _told(f"year.{year}.{name}[{index}]", row)


def _told(at: str, facts: Facts) -> Iterator[tuple[str, Fact]]:
    for name, told in facts.items():
        yield f"{at}.{name}", Fact(value=_value(told), source=told.source, at=_place(told))


def _value(told: Told) -> str:
    value = told.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _place(told: Told) -> str:
    cell, line = told.where.cell, told.where.line
    return cell or (f"line {line}" if line else "")


def kept_facts(data: bytes) -> list[CaseFacts] | None:
    """Return the facts that a store holds as JSON; None for what are no facts."""
    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return None
    good = isinstance(told, list) and all(_is_case(one) for one in told)
    return told if good else None


def _is_case(told: Any) -> bool:
    if not isinstance(told, dict) or set(told) != {"case", "digest", "told"}:
        return False
    facts = told["told"]
    texts = [told["case"], told["digest"]]
    if not isinstance(facts, dict):
        return False
    for fact in facts.values():
        if not isinstance(fact, dict) or set(fact) != {"value", "source", "at"}:
            return False
        texts += fact.values()
    return all(isinstance(t, str) for t in texts)


def flat(cases: Sequence[CaseFacts]) -> Mapping[str, str]:
    """Return facts by place, each in words; the cases are numbered where there are several."""
    found: dict[str, str] = {}
    for number, one in enumerate(cases, 1):
        before = f"{number}/" if len(cases) > 1 else ""
        for place, fact in one["told"].items():
            source = f" ({fact['source']})" if fact["source"] else ""
            found[before + place] = fact["value"] + source
    return found
