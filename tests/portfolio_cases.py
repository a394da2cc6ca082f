"""Entities made up at random for a rulebook: round the numbers and the days that it turns on.

Some of what is told is moved to where a comparison or a rounding of the rules itself turns: sides
exactly equal, or one unit apart; a number exactly half-way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, TypeAlias

from carbonlex.cases.read import case_from
from carbonlex.model import Value
from carbonlex.quantities import decimals
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import RecordType, Term
from portfolio_dataset import CaseData, in_rows, lists_of

Tree: TypeAlias = dict[str, Any]
BIG = 10**6
DAY = timedelta(days=1)
ROUNDINGS = ("round_half_up", "round_half_even", "round_down", "round_up")


@dataclass(frozen=True)
class Turning:
    """The numbers and days that the rules of a rulebook turn on."""

    numbers: tuple[Fraction, ...]
    days: tuple[date, ...]

    def day(self, random: Random) -> date:
        """Return a day on which rules turn or beside it, or any."""
        if self.days and random.random() < 0.6:
            return random.choice(self.days) + random.choice([-1, 0, 0, 1]) * DAY
        return date(2020, 1, 1) + random.randrange(365 * 9) * DAY


class Telling:
    """Tells of one entity; how much of it is told is drawn once."""

    def __init__(self, rulebook: Rulebook, turning: Turning, random: Random) -> None:
        self.rulebook, self.turning, self.random = rulebook, turning, random
        self.vocabulary = rulebook.vocabulary
        self.untold = random.choice([0.0, 0.0, 0.0, 0.0, 0.05, 0.2, 0.5, 0.9])
        self.seen: list[Fraction] = []

    def case(self, entity: int | str) -> CaseData:
        """Return an entity of one to four years, with gaps between some of them."""
        first = self.random.randrange(2019, 2026)
        span = range(first, first + self.random.choice([1, 1, 2, 3, 5]))
        count = min(len(span), self.random.randrange(1, 5))
        years = sorted({first, *self.random.sample(span, count)})
        tree: Tree = {"entity": self.facts("entity", "always")}
        tree["year"] = {str(y): self.year() for y in years}
        if self.random.random() < 0.3:
            self.meet(tree)
        counted = [
            (y, name)
            for y, told in tree["year"].items()
            for name in told
            if self.random.random() < 0.5
        ]
        return in_rows(entity, tree, self.vocabulary, counted)

    def year(self) -> Tree:
        """Return what is told of a year; a list may be told, told to be empty, or not told."""
        told: Tree = self.facts("entity", "year")
        for name, kind in lists_of(self.vocabulary).items():
            if self.random.random() >= max(0.1, self.untold):
                told[name] = self.children(kind)
        return told

    def children(self, kind: RecordType) -> list[Tree]:
        """Return child records, at most as many as there may be."""
        count = min(kind.max_count or 4, self.random.choice([0, 1, 1, 2, 2, 3, 4]))
        return [self.facts(kind.name) for _ in range(count)]

    def facts(self, record: str, period: str = "") -> Tree:
        """Return some facts of a record; of what law derives, less is told."""
        terms = [t for t in self.vocabulary.of_record(record) if t.tellable]
        told = {"fact": 1 - self.untold, "concept": (1 - self.untold) * 0.3}
        return {
            t.name: self.value(t)
            for t in terms
            if period in ("", t.period) and self.random.random() < told[t.kind]
        }

    def value(self, term: Term) -> Any:
        """Return a value that a fact can have."""
        match term.type:
            case "boolean":
                return self.random.random() < 0.55
            case "date":
                return self.turning.day(self.random)
            case "choice":
                return self.random.choice([*term.choices])
            case "text":
                duties = [n for n in self.rulebook.duties if not n.startswith("cure")]
                return ", ".join(self.random.sample(duties, min(2, len(duties))))
        return self.number(term)

    def number(self, term: Term) -> Decimal:
        """Return a number: one that rules turn on or that was told, half-way, or any."""
        step = Fraction(1, 10**term.decimals)
        low = -BIG if term.minimum is None else term.minimum
        high = BIG if term.maximum is None else term.maximum
        form = self.random.random()
        if form < 0.35:
            found = self.random.choice(self.turning.numbers)
        elif form < 0.55 and self.seen:
            found = self.random.choice(self.seen) / self.random.choice([1, 1, 1, 2])
        elif form < 0.6:
            found = Fraction(self.random.choice([low, high]))
        elif form < 0.75:
            tenths = self.random.choice([1, 10, 100, 1000])
            found = Fraction(self.random.randrange(0, 200) * 10 + 5, tenths)
        else:
            found = low + step * self.random.randrange(int((high - low) / step) + 1)
        found += step * self.random.choice([0, 0, 0, 0, 1, -1])
        told = _within(term, found)
        self.seen.append(Fraction(told))
        return told

    # ---- where the rules themselves turn

    def meet(self, tree: Tree) -> None:
        """Move some told facts to where a comparison or a rounding of the rules turns."""
        on = self.turning.day(self.random)
        case = case_from(tree, self.vocabulary, "case")
        report = check_case(self.rulebook, case, on, survey=False, chain_with="plain")
        proofs = [p for v in report.verdicts for p in (v.binding, v.test, v.gap_proof) if p]
        turns = [t for p in proofs for s in p.walk() for t in _turns(s)]
        for step, wanted in self.random.sample(turns, min(len(turns), 2)):
            self.move(tree, step, wanted)

    def move(self, tree: Tree, step: Proof, wanted: Fraction | date) -> None:
        """Move one told fact under a step by as much as the step is off, give or take a unit."""
        value = step.value
        for told in (p for p in step.walk() if p.step == "told"):
            term = self.vocabulary.terms[told.label]
            place = _place(tree, term, told)
            by = self.random.choice([0, 0, 0, -1, 1])
            if isinstance(wanted, date) and isinstance(value, date) and term.type == "date":
                moved = place[term.name] + (wanted - value) + by * DAY
                if 1990 < moved.year < 2090:
                    place[term.name] = moved
                return
            if (
                isinstance(wanted, Fraction)
                and isinstance(value, Fraction)
                and term.type == "number"
            ):
                off = wanted - value + by * Fraction(1, 10**term.decimals)
                place[term.name] = _within(term, Fraction(place[term.name]) + off)
                return


def _turns(step: Proof) -> Iterator[tuple[Proof, Fraction | date]]:
    """Yield each side of a comparison with the value at which it turns, and so for roundings."""
    if step.step == "compare":
        for one, other in (step.parts, step.parts[::-1]):
            if _known(one.value) and _known(other.value):
                yield one, other.value  # type: ignore[misc]
    if step.step == "call" and step.extra in ROUNDINGS and isinstance(step.value, Fraction):
        places = step.parts[1].value if len(step.parts) > 1 else Fraction(0)
        assert isinstance(places, Fraction)
        yield step.parts[0], step.value + Fraction(10) ** -int(places) / 2


def _known(value: Value) -> bool:
    return isinstance(value, date) or (isinstance(value, Fraction) and decimals(value) is not None)


def _place(tree: Tree, term: Term, told: Proof) -> Tree:
    """Return the table of a case that a told fact stands in."""
    if term.record != "entity":
        found: Tree = tree["year"][str(told.year)][term.record][told.index]
    else:
        found = tree["year"][str(told.year)] if term.period == "year" else tree["entity"]
    return found


def _within(term: Term, number: Fraction) -> Decimal:
    """Return the nearest number that may be told of a term."""
    step = Fraction(1, 10**term.decimals)
    low = -BIG if term.minimum is None else term.minimum
    high = BIG if term.maximum is None else term.maximum
    whole = min(max(round(number / step), -(-low // step)), high // step)
    return Decimal(int(whole)).scaleb(-term.decimals)
