"""Drafts over portfolios, and the reasoner's answers before and after on the same entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import carbonlex
from carbonlex.model import Unknown
from carbonlex.portfolio.compare import with_concepts
from carbonlex.portfolio.reading.case import cases_of
from carbonlex.portfolio.reading.dataset import open_dataset
from carbonlex.quantities import Range
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.reform.figures import Figure, figures_of
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Vocabulary
from portfolio_runs import Ran, ran

ON = date(2027, 1, 10)
EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
REFORMS, DRAFTS = EXAMPLES / "reforms", EXAMPLES / "drafts"
KINDS = ("gap", "fine", "confiscation", "deduction", "cost")

Place = tuple[str, str | None]
Ends = tuple[Fraction, Fraction]
Row = tuple[object, int, Place, int]


def what_if(*args: object, on: date = ON) -> Ran:
    """Run `carbonlex portfolio whatif` on the day of the tests."""
    return ran("portfolio", "whatif", *args, "--on", on)


@dataclass
class Told:
    """Flips and movements: of an answer, or reckoned row by row from the reasoner."""

    flips: Counter[tuple[Place, str | None, str | None]] = field(default_factory=Counter)
    moved: dict[tuple[Place, str], Ends] = field(default_factory=dict)
    states: Counter[tuple[str, bool | None, bool | None]] = field(default_factory=Counter)
    sums: dict[str, Fraction] = field(default_factory=dict)


def told_by(flips: Any) -> Told:
    """Return what a JSON answer says of some rows; states without a value on either side left out.

    A report has no finding where law defines none, and a portfolio a row without a value.
    """
    found = Told()
    for duty in flips["duties"]:
        place = (duty["duty"], duty["record"])
        for one in duty["verdicts"]:
            found.flips[place, one["before"], one["after"]] += one["rows"]
        for one in duty["amounts"]:
            ends = Fraction(one["moved"]["low"]), Fraction(one["moved"]["high"])
            if any(ends):
                found.moved[place, one["kind"]] = ends
    for concept in flips["concepts"]:
        for one in concept["states"]:
            state = one["before"], one["after"]
            if state != (None, None):
                found.states[concept["concept"], *state] += one["rows"]
        if concept["amount"] is not None and (by := Fraction(concept["amount"]["moved"]["low"])):
            found.sums[concept["concept"]] = by
    return found


def reckoned(data: Path, before: Rulebook, after: Rulebook, years: tuple[int, ...] = ()) -> Told:
    """Return the same, row by row from `check_case` before and after."""
    found = Told()
    for entity, one, other in _checked(data, with_concepts(before), with_concepts(after)):
        sides = [_verdicts(entity, *side) for side in ((before, one), (after, other))]
        for row in dict.fromkeys((*sides[0], *sides[1])):
            _, year, place, _ = row
            if years and year not in years:
                continue
            pair = [side.get(row) for side in sides]
            found.flips[place, *(v.outcome if v else None for v in pair)] += 1
            figures = [figures_of(r, v) for r, v in zip((before, after), pair, strict=True)]
            for kind in KINDS:
                _move(found, place, kind, [getattr(f, kind) for f in figures])
        _find(found, one, other, before.vocabulary, years)
    return found


def _move(found: Told, place: Place, kind: str, figures: list[Figure]) -> None:
    one, other = figures
    if isinstance(one, Range) and isinstance(other, Range):
        low, high = found.moved.pop((place, kind), (Fraction(0), Fraction(0)))
        ends = low + other.lower - one.lower, high + other.upper - one.upper
        if any(ends):
            found.moved[place, kind] = ends


def _find(
    found: Told, one: Report, other: Report, vocabulary: Vocabulary, years: tuple[int, ...]
) -> None:
    sides = [{(f.concept, f.year): f.value for f in r.findings} for r in (one, other)]
    for name, year in dict.fromkeys((*sides[0], *sides[1])):
        if years and year not in years:
            continue
        values = [side.get((name, year)) for side in sides]
        told = [None if v is None or isinstance(v, Unknown) else v for v in values]
        if vocabulary.terms[name].type == "boolean" and told != [None, None]:
            found.states[name, told[0], told[1]] += 1  # type: ignore[index]
        elif all(isinstance(v, Fraction) for v in told):
            by = found.sums.pop(name, Fraction(0)) + told[1] - told[0]  # type: ignore[operator]
            if by:
                found.sums[name] = by


def _checked(
    data: Path, before: Rulebook, after: Rulebook
) -> Iterator[tuple[object, Report, Report]]:
    dataset = open_dataset(data, before.vocabulary)
    for batch in dataset.batches(1_000_000):
        for entity, case in cases_of(batch, before.vocabulary):
            one, other = (
                carbonlex.check_case(r, case, ON, None, None, survey=False, chain_with="plain")
                for r in (before, after)
            )
            yield entity, one, other


def _verdicts(entity: object, rulebook: Rulebook, report: Report) -> dict[Row, Verdict]:
    found = {}
    for v in report.verdicts:
        record = rulebook.norms[v.norm].record
        place = (v.duty, None if record == "entity" else record)
        found[entity, v.year, place, v.index] = v
    return found
