"""One figure of law tried over many values on a whole portfolio: totals at each value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from carbonlex.expressions.tree import names
from carbonlex.portfolio.adding import Adder
from carbonlex.portfolio.judge import Answered, Asked
from carbonlex.portfolio.subjects import Slot, subjects
from carbonlex.portfolio.totals import DutyTotals, FindingTotals, GroupTotals, Part, Refused, Sum
from carbonlex.reform.swept import Asked as Figure
from carbonlex.reform.swept import with_value
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.typecheck import every_version, expressions_of

_NONE = ("-",)  # names no duty; none named would mean all
FIELDS: tuple[str, ...] = ("outcome", "gap", "cost", "fine_low", "fine_high")


@dataclass(frozen=True)
class Point:
    """What a portfolio comes to at one value of the figure."""

    value: Fraction
    totals: GroupTotals
    refused: tuple[Refused, ...]

    def duty(self, slot: Slot) -> DutyTotals:
        """Return the totals of a duty; empty ones where no row is judged of it."""
        return self.totals.duties.get(slot, DutyTotals())

    def concept(self, name: str) -> FindingTotals:
        """Return the totals of a concept."""
        return self.totals.findings.get(name, FindingTotals())

    def amount(self, slot: Slot, part: Part) -> Sum:
        """Return what the rows with one verdict on a duty come to."""
        return self.duty(slot).amounts.get(part, Sum())


@dataclass(frozen=True)
class Sweep:
    """A portfolio over a sweep: the points by rising value."""

    figure: Figure
    points: tuple[Point, ...]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The duties whose totals differ over the sweep, in the order of the law."""
        found = dict.fromkeys(s for p in self.points for s in p.totals.duties)
        return tuple(s for s in found if not _same([p.duty(s) for p in self.points]))

    @property
    def concepts(self) -> tuple[str, ...]:
        """The concepts whose totals differ over the sweep."""
        found = dict.fromkeys(n for p in self.points for n in p.totals.findings)
        return tuple(n for n in found if not _same([p.concept(n) for p in self.points]))


def touched(rulebook: Rulebook, figure: Figure) -> frozenset[str]:
    """Return the duties whose verdict or sanctions may hang on a figure of law; too many at worst.

    A norm is touched if it names the figure, or a concept or duty that a touched norm answers.

    >>> import carbonlex
    >>> from carbonlex.reform.swept import asked_for
    >>> rulebook = carbonlex.load_rulebook()
    >>> sorted(touched(rulebook, asked_for("offset_cap=0.05,0.1", rulebook)))
    ['make-good', 'offset-cap', 'surrender']
    """
    named = {norm.id: frozenset(_named(rulebook, norm)) for norm in rulebook.norms.values()}
    found, before = {figure.parameter.name, *figure.targets}, 0
    while len(found) > before:
        before = len(found)
        for norm in rulebook.norms.values():
            if norm.answers in found or named[norm.id] & found:
                found.add(norm.answers)
                if norm.ordered_by:  # what the order comes to is a sanction of the first breach
                    found.add(rulebook.norms[norm.ordered_by].answers)
    return frozenset(found & rulebook.duties.keys())


def _named(rulebook: Rulebook, norm: Norm) -> Iterator[str]:
    for version in every_version(norm):
        for _, node, _ in expressions_of(version):
            yield from names(node)
        if version.limits is not None:
            yield from names(version.limits)
        lever = rulebook.vocabulary.terms[version.lever].lever if version.lever else None
        if lever is not None:
            yield lever.unit_cost


def _same(several: Sequence[object]) -> bool:
    return all(one == several[0] for one in several)


class Sweeper:
    """Adds up a portfolio at every value of a figure of law.

    `rulebooks` are those with each value, rising; `wanted` is what their plans are asked.
    """

    def __init__(self, rulebook: Rulebook, figure: Figure, asked: Asked) -> None:
        hangs = touched(rulebook, figure)
        only = tuple(d for d in asked.only or rulebook.duties if d in hangs)
        self.figure, self.wanted = figure, replace(asked, only=only or _NONE, fields=FIELDS)
        self.rulebooks = tuple(with_value(rulebook, figure, v) for v in figure.values)
        found = subjects(rulebook)
        self._adders = [Adder(found, rulebook.vocabulary, ()) for _ in figure.values]

    def add(self, answers: Sequence[Answered]) -> None:
        """Add the rows of one group: an answer for each value."""
        for adder, answer in zip(self._adders, answers, strict=True):
            adder.add(answer, {})

    def sweep(self) -> Sweep:
        """Return all that was added."""
        return Sweep(self.figure, tuple(self._points()))

    def _points(self) -> Iterator[Point]:
        for value, adder in zip(self.figure.values, self._adders, strict=True):
            totals = adder.totals()
            yield Point(value, totals.whole, totals.refused)
