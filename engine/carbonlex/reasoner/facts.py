"""Where a told fact is found in a case: with the entity, in a year, in a child record."""

from __future__ import annotations

from carbonlex.model import Case, Facts
from carbonlex.rulebook.vocabulary import Term

_NO_FACTS: Facts = {}
EMITTER = "emitter"


def role_of(case: Case) -> str:
    """Return whom a case is about, as its `role` says; a case that says nothing: an emitter."""
    told = case.entity.get("role")
    return str(told.value) if told is not None else EMITTER


def facts_of(case: Case, term: Term, year: int, index: int) -> Facts:
    """Return the facts among which a term would have been told; empty for a year not told."""
    if term.record != "entity":
        return case.years[year].lists[term.record][index] if year in case.years else _NO_FACTS
    if term.period == "always":
        return case.entity
    return case.years[year].facts if year in case.years else _NO_FACTS


def list_told(case: Case, record: str, year: int) -> bool:
    """Return whether a list of child records was told for a year; an empty list is told."""
    return year in case.years and record in case.years[year].lists
