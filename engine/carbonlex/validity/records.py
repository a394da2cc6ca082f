"""Clauses as the facts of a case: what is told of each, read off the instrument and higher law."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from carbonlex.errors import Location
from carbonlex.model import Case, CaseYear, Told
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import Rank
from carbonlex.validity.clauses import PENALTIES, Clause
from carbonlex.validity.higher import Higher
from carbonlex.validity.ranges import Scope, reach
from carbonlex.validity.subject import Subject

WHERE = Location("validity")
_RANKS: tuple[tuple[Rank, str], ...] = (
    ("law", "law"),
    ("administrative_regulation", "regulation"),
    ("local_regulation", "local_regulation"),
)


@dataclass(frozen=True)
class Record:
    """One clause on one day: its facts for the reasoner, and what they were read off."""

    clause: Clause
    day: date
    facts: dict[str, Told]
    bases: tuple[str, ...]
    penal: tuple[str, ...]
    claimed: tuple[str, ...]
    unfounded: tuple[str, ...]


def case_of(subject: Subject, records: list[Record], asked_on: date) -> Case:
    """Return the case of a maker whose clauses are its records."""
    lists = {"clauses": tuple(r.facts for r in records)}
    said = [
        (r.clause.norm.id, sorted((k, str(t.value)) for k, t in r.facts.items())) for r in records
    ]
    digest = hashlib.sha256(repr(said).encode()).hexdigest()
    role = {"role": Told("maker", WHERE)}
    return Case(subject.instrument.title.zh, role, {asked_on.year: CaseYear({}, lists)}, digest)


def record_of(
    rulebook: Rulebook,
    subject: Subject,
    clause: Clause,
    day: date,
    asked_on: date,
    readings: Mapping[str, str],
    questions: set[str],
) -> Record:
    """Return the facts of one clause on one day; `questions` notes what they turned on."""
    higher = Higher(
        rulebook, subject.instrument.key, subject.form, day, asked_on, readings, questions
    )
    facts: dict[str, object] = {
        "examined_on": day,
        "clause_enacted_on": subject.enacted_on,
        "clause_form": subject.form,
        "clause_level": subject.maker.level,
        "clause_effect": clause.effect,
        "clause_matter": clause.matter,
        "clause_coercion": clause.norm.coercion or "none",
    }
    bases: tuple[str, ...] = ()
    penal: tuple[str, ...] = ()
    for rank, short in _RANKS:
        found = higher.bases(clause, rank)
        bases += found
        if found:
            facts[f"basis_in_{short}"] = True
        if clause.effect in PENALTIES and (set_ := higher.penalised(clause, rank)) is not None:
            facts[f"penalty_in_{short}"] = True
            penal = penal or set_.norms
            if set_.within is not None:
                facts[f"within_{short}"] = set_.within
        if clause.effect in ("licence", "coercion") and higher.licensed(clause, rank):
            facts[f"{clause.effect}_in_{short}"] = True
    if clause.norm.fine is not None and clause.effect == "fine":
        found_reach = reach(clause.norm.fine, Scope(rulebook, clause.norm, day))
        for name, end in (("minimum", found_reach.minimum), ("maximum", found_reach.maximum)):
            if end.point is not None:
                facts[f"fine_{name}"] = end.point
    claimed = higher.claimed(clause)
    told = {k: Told(v, WHERE) for k, v in facts.items() if k in rulebook.vocabulary.terms}  # type: ignore[arg-type]
    return Record(
        clause, day, dict(subject.facts) | told, bases, penal,
        tuple(n for n, held in claimed.items() if held),
        tuple(n for n, held in claimed.items() if not held),
    )  # fmt: skip
