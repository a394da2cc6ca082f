"""One figure of law tried over many values, and the values at which verdicts flip."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise

from carbonlex.model import Case, Label, Outcome
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.verdict import Report
from carbonlex.reform.figures import Figures, figures_of
from carbonlex.reform.simplest import shortest_decimal, simplest
from carbonlex.reform.swept import Asked, with_value
from carbonlex.rulebook.rulebook import Rulebook

Slot = tuple[str, int, int]
# After so many halvings of the bracket another candidate is tried: round figures, which law
# likes, are found at once, and a ratio of two told figures a little later.
_HALVINGS = (0, 6, 12, 24, 48, 96)
_NEAR = Fraction(1, 10**40)
_FLIPS = 8


@dataclass(frozen=True)
class Sample:
    """One verdict at one value: its outcome and what it comes to.

    `assumed`: it is complied with by what is presumed alone.
    """

    outcome: Outcome
    figures: Figures
    assumed: bool = False


@dataclass(frozen=True)
class Point:
    """What the case comes to at one value of the figure, verdict by verdict."""

    value: Fraction
    samples: Mapping[Slot, Sample]

    def outcome(self, slot: Slot) -> Outcome:
        """Return the outcome of a verdict, `not_applicable` where there is none."""
        found = self.samples.get(slot)
        return found.outcome if found is not None else "not_applicable"


@dataclass(frozen=True)
class Cliff:
    """Where a verdict flips: exactly at `value`, on which the outcome is `on`.

    `below` and `above` are the outcomes on either side. Where no exact value was found, `value`
    is None, and it lies between `low` and `high`, which never come closer than they do here.
    """

    slot: Slot
    below: Outcome
    above: Outcome
    value: Fraction | None
    on: Outcome
    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Sweep:
    """A case over a sweep: the points by rising value, the cliffs, the duties' names.

    `report` is the check at the highest value, with the presumptions that any value used.
    """

    asked: Asked
    case_name: str
    points: tuple[Point, ...]
    cliffs: tuple[Cliff, ...]
    labels: Mapping[Slot, Label] = field(default_factory=dict)
    report: Report | None = None

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The verdicts that differ in anything over the sweep, in the order of the law.

        Over a single value nothing can differ: then it is all that apply.
        """
        found = dict.fromkeys(s for p in self.points for s in p.samples)
        if len(self.points) == 1:
            return tuple(s for s in found if self.points[0].outcome(s) != "not_applicable")
        return tuple(s for s in found if len({_seen(p, s) for p in self.points}) > 1)


def _seen(point: Point, slot: Slot) -> tuple[object, ...]:
    found = point.samples.get(slot)
    if found is None or found.outcome == "not_applicable":
        return ("not_applicable",)
    one = found.figures
    amounts = (one.gap, one.fine, one.confiscation, one.deduction, one.cost)
    return (found.outcome, found.assumed, *(repr(a) for a in amounts))


def sweep(
    rulebook: Rulebook,
    asked: Asked,
    case: Case,
    on: date,
    decided: date | None = None,
    readings: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Sweep:
    """Check a case at every value of a sweep, and find where its verdicts flip between them.

    Raises `ContentError` as `check_case` does. `progress` hears how many of how many points
    have been done.

    >>> import carbonlex
    >>> from carbonlex.reform.swept import asked_for
    >>> rulebook = carbonlex.load_rulebook()
    >>> credit = {"quantity": 8_000, "used": True, "from_covered_project": False}
    >>> facts = {"listed": True, "surrender_obligation": 100_000, "credits": [credit]}
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "power"}, "year": {"2025": facts}}, rulebook.vocabulary, "plant")
    >>> asked = asked_for("offset_cap=0.05,0.07,0.1", rulebook)
    >>> found = sweep(rulebook, asked, case, date(2027, 1, 15))
    >>> [(c.slot[0], c.below, c.value, c.on) for c in found.cliffs]
    [('offset-cap', 'breached', Fraction(2, 25), 'complied')]
    """
    run = _Run(rulebook, asked, case, on, decided, readings)
    points = []
    for at, value in enumerate(asked.values, 1):
        points.append(run.at(value))
        if progress is not None:
            progress(at, len(asked.values))
    cliffs = [
        cliff
        for one, other in pairwise(points)
        for slot in dict.fromkeys((*one.samples, *other.samples))
        for cliff in run.cliffs(slot, one, other)
    ]
    return Sweep(asked, case.name, tuple(points), tuple(cliffs), run.labels, run.report())


class _Run:
    """A case checked at one value after the other; each value once."""

    def __init__(
        self,
        rulebook: Rulebook,
        asked: Asked,
        case: Case,
        on: date,
        decided: date | None,
        readings: Mapping[str, str] | None,
    ) -> None:
        self.rulebook, self.asked, self.case = rulebook, asked, case
        self.on, self.decided, self.readings = on, decided, readings
        self.known: dict[Fraction, Point] = {}
        self.labels: dict[Slot, Label] = {}
        self.presumed: dict[tuple[str, int], None] = {}
        self.last: Report | None = None

    def report(self) -> Report | None:
        """Return the check at the highest value asked, with the presumptions of all."""
        if self.last is None:
            return None
        return replace(self.last, presumed=tuple(self.presumed))

    def at(self, value: Fraction) -> Point:
        """Return what the case comes to at a value."""
        if value not in self.known:
            rulebook = with_value(self.rulebook, self.asked, value)
            report = check_case(
                rulebook, self.case, self.on, self.decided, self.readings, survey=False
            )
            self.presumed |= dict.fromkeys(report.presumed)
            if value == self.asked.values[-1]:
                self.last = report
            samples: dict[Slot, Sample] = {}
            for verdict in report.verdicts:
                slot = (verdict.duty, verdict.year, verdict.index)
                self.labels.setdefault(slot, verdict.label)
                figures = figures_of(rulebook, verdict)
                samples[slot] = Sample(verdict.outcome, figures, verdict.assumed)
            self.known[value] = Point(value, samples)
        return self.known[value]

    def cliffs(self, slot: Slot, one: Point, other: Point) -> Iterable[Cliff]:
        """Yield where a verdict flips between two points, from the lower to the higher."""
        found = 0
        low = one.value
        while self.at(low).outcome(slot) != other.outcome(slot) and found < _FLIPS:
            cliff = self.first(slot, low, other.value)
            yield cliff
            found += 1
            if cliff.value is None:
                low = cliff.high
            else:
                low = min(cliff.value + self.near(cliff.value), other.value)
            if low >= other.value:
                return

    def near(self, value: Fraction) -> Fraction:
        """Return a step so small that nothing which a law or a case says lies within it."""
        return max(abs(value), Fraction(1)) * _NEAR

    def first(self, slot: Slot, low: Fraction, high: Fraction) -> Cliff:
        """Return where the outcome at `low` ends; that at `high` is another."""
        below = self.at(low).outcome(slot)
        for halvings, following in zip(_HALVINGS, (*_HALVINGS[1:], 0), strict=True):
            for candidate in dict.fromkeys((shortest_decimal(low, high), simplest(low, high))):
                found = self.exactly(slot, candidate, low, high, below)
                if found is not None:
                    return found
            for _ in range(following - halvings):
                middle = (low + high) / 2
                if self.at(middle).outcome(slot) == below:
                    low = middle
                else:
                    high = middle
        above = self.at(high).outcome(slot)
        return Cliff(slot, below, above, None, above, low, high)

    def exactly(
        self, slot: Slot, value: Fraction, low: Fraction, high: Fraction, below: Outcome
    ) -> Cliff | None:
        """Return the flip at a value, tried on it and beside it; None where it is not there."""
        step = self.near(value)
        under = self.at(max(value - step, low)).outcome(slot)
        over = self.at(min(value + step, high)).outcome(slot)
        if under != below or over == below:
            return None
        return Cliff(slot, below, over, value, self.at(value).outcome(slot), low, high)
