"""One case under two laws: which verdicts differ and in what, what moved in yuan and tonnes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from carbonlex.model import Case, Unknown, Value
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.reform.consequences import (
    ConsequenceMoved,
    aside,
    consequences_moved,
    reworked,
    successor,
)
from carbonlex.reform.figures import NOTHING, Figure, Figures, Money, figures_of, money, total
from carbonlex.rulebook.rulebook import Rulebook

Aspect = Literal[
    "outcome", "basis", "due", "gap", "fine", "confiscation", "deduction", "cost",
    "consequences", "method",
]  # fmt: skip
_AMOUNTS: tuple[Aspect, ...] = ("gap", "fine", "confiscation", "deduction", "cost")
_MONEY: tuple[Money, ...] = ("fine", "confiscation", "cost")
_OPEN = ("undetermined", "conflict")


@dataclass(frozen=True)
class Pair:
    """The verdicts on one duty before and after; None where that law has no such duty.

    `changes` says in what they differ, `method` that what is known on neither side is worked out
    otherwise; a duty that only one law has and that does not apply to the case is no change.
    `consequences` are those that differ.
    """

    duty: str
    year: int
    index: int
    before: Verdict | None
    after: Verdict | None
    figures: tuple[Figures, Figures]
    changes: tuple[Aspect, ...]
    consequences: tuple[ConsequenceMoved, ...] = ()

    @property
    def open(self) -> bool:
        """Whether it is undetermined, or in conflict, on both sides."""
        sides = (self.before, self.after)
        return all(v is not None and v.outcome in _OPEN for v in sides)

    @property
    def flipped(self) -> bool:
        """Whether the outcome differs."""
        return "outcome" in self.changes

    @property
    def verdict(self) -> Verdict:
        """The verdict after, or before where there is none after."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def worse(self) -> Literal["", "breached", "open"]:
        """Whether it becomes a breach, or open, that was not."""
        before = self.before.outcome if self.before is not None else ""
        after = self.after.outcome if self.after is not None else ""
        if after == "breached" and before != "breached":
            return "breached"
        return "open" if after in _OPEN and before not in _OPEN else ""


@dataclass(frozen=True)
class Total:
    """What moved in all: `kind` in `unit`; of one `duty` where its amounts add up by duty only.

    Tonnes are not added over duties: the same tonne may be missing for two of them.
    """

    kind: Aspect
    unit: str
    before: Figure
    after: Figure
    duty: str = ""

    @property
    def moved(self) -> tuple[Fraction, Fraction] | None:
        """By how much the least and the most change; None where either side is not known."""
        if isinstance(self.before, Unknown) or isinstance(self.after, Unknown):
            return None
        return self.after.lower - self.before.lower, self.after.upper - self.before.upper

    @property
    def moves(self) -> bool:
        """Whether it differs, or may: what is unknown on both sides has not been seen to move."""
        return self.before is not self.after and self.before != self.after


@dataclass(frozen=True)
class FindingMoved:
    """A main concept of a year that another law values otherwise; None where it has none."""

    concept: str
    year: int
    before: Value | None
    after: Value | None


@dataclass(frozen=True)
class Comparison:
    """A case before and after: both reports, the verdicts paired, and what moved in all.

    `findings` are the main concepts that differ, the allowances allocated among them.
    """

    before: Report
    after: Report
    pairs: tuple[Pair, ...]
    totals: tuple[Total, ...]
    findings: tuple[FindingMoved, ...] = ()

    @property
    def changed(self) -> tuple[Pair, ...]:
        """The pairs that differ in anything."""
        return tuple(p for p in self.pairs if p.changes)

    @property
    def moved(self) -> tuple[Total, ...]:
        """The sums that differ, and those that cannot be told though something in them differs."""
        kinds = {(k, d) for p in self.changed for k in p.changes for d in ("", p.duty)}
        return tuple(
            t for t in self.totals if t.moves or (t.moved is None and (t.kind, t.duty) in kinds)
        )

    @property
    def open(self) -> tuple[Pair, ...]:
        """The pairs that neither law settles on the facts told: of them nothing is known."""
        return tuple(p for p in self.pairs if p.open)

    @property
    def flips(self) -> tuple[Pair, ...]:
        """The pairs whose outcome differs."""
        return tuple(p for p in self.pairs if p.flipped)

    @property
    def last_law(self) -> date | None:
        """The latest day whose law a verdict that applies was read under; None where none does."""
        verdicts = (p.after for p in self.pairs if p.after is not None)
        return max((v.law for v in verdicts if v.outcome != "not_applicable"), default=None)

    @property
    def exit_code(self) -> int:
        """1 where something becomes a breach, 3 where something becomes open, else 0."""
        worse = {p.worse for p in self.pairs}
        return 1 if "breached" in worse else 3 if "open" in worse else 0


def compare(
    before: Rulebook,
    after: Rulebook,
    case: Case,
    on: date,
    decided: date | None = None,
    readings: Mapping[str, str] | None = None,
) -> Comparison:
    """Check a case under two rulebooks on the day asked, and say in what the answers differ.

    Raises `ContentError` as `check_case` does.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> facts = {"listed": True, "verified_emissions": 100_000, "allowances_surrendered": 95_000}
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "power"}, "year": {"2025": facts}}, rulebook.vocabulary, "plant")
    >>> found = compare(rulebook, rulebook, case, date(2027, 1, 15))
    >>> found.changed, [t.kind for t in found.totals if t.moves], found.exit_code
    ((), [], 0)
    """
    one = check_case(before, case, on, decided, readings, survey=False)
    other = check_case(after, case, on, decided, readings, survey=False)
    sides = [{(v.duty, v.year, v.index): v for v in r.verdicts} for r in (one, other)]
    pairs = tuple(
        _pair(before, after, slot, sides[0].get(slot), sides[1].get(slot))
        for slot in dict.fromkeys((*sides[0], *sides[1]))
    )
    amounts = (Total(k, "CNY", money(before, one, k), money(after, other, k)) for k in _MONEY)
    moved = tuple(_findings(one, other))
    return Comparison(one, other, pairs, (*amounts, *_tonnes(pairs)), moved)


def _findings(one: Report, other: Report) -> Iterator[FindingMoved]:
    before, after = ({(f.concept, f.year): f.value for f in r.findings} for r in (one, other))
    for place in dict.fromkeys((*before, *after)):
        if before.get(place) != after.get(place):
            yield FindingMoved(*place, before.get(place), after.get(place))


def _pair(
    before: Rulebook,
    after: Rulebook,
    slot: tuple[str, int, int],
    one: Verdict | None,
    other: Verdict | None,
) -> Pair:
    figures = figures_of(before, one), figures_of(after, other)
    if one is None or other is None:
        alone = one or other
        applies = alone is not None and alone.outcome != "not_applicable"
        return Pair(*slot, one, other, figures, ("outcome",) if applies else ())
    moved = consequences_moved(after, one, other)
    found = tuple(_changes(after, one, other, figures, moved))
    return Pair(*slot, one, other, figures, found, moved)


def _changes(
    rulebook: Rulebook,
    one: Verdict,
    other: Verdict,
    figures: tuple[Figures, Figures],
    moved: tuple[ConsequenceMoved, ...],
) -> Iterator[Aspect]:
    if one.outcome != other.outcome:
        yield "outcome"
    if one.outcome == other.outcome == "not_applicable":
        return
    if successor(rulebook, one.norm) != successor(rulebook, other.norm):
        yield "basis"
    if one.due != other.due:
        yield "due"
    amounts = {m.shown.kind for m in moved if m.amount_moved}
    for name in _AMOUNTS:
        if getattr(figures[0], name) != getattr(figures[1], name) or name in amounts:
            yield name
    if any(m.otherwise for m in moved) or aside(one, other):
        yield "consequences"
    if any(m.reworked for m in moved) or _unknown_reworked(rulebook, one, other, figures):
        yield "method"


def _unknown_reworked(
    rulebook: Rulebook, one: Verdict, other: Verdict, figures: tuple[Figures, Figures]
) -> bool:
    """Return whether an outcome or a gap that neither law settles is arrived at otherwise."""
    if one.outcome in _OPEN and other.outcome in _OPEN:
        sides = ((v.binding, v.test, v.due_proof) for v in (one, other))
        if any(reworked(rulebook, a, b) for a, b in zip(*sides, strict=True)):
            return True
    unknown = all(isinstance(f.gap, Unknown) for f in figures)
    return unknown and reworked(rulebook, one.gap_proof, other.gap_proof)


def _tonnes(pairs: tuple[Pair, ...]) -> Iterator[Total]:
    """Yield gaps and deductions duty by duty, over the years and records of each."""
    for duty in dict.fromkeys(p.duty for p in pairs):
        own = [p for p in pairs if p.duty == duty]
        for unit in sorted({f.unit for p in own for f in p.figures if f.unit}):
            gaps = ([p.figures[side].gap for p in own] for side in (0, 1))
            one, other = (total(g) for g in gaps)
            yield Total("gap", unit, one, other, duty)
        one, other = (total(p.figures[side].deduction for p in own) for side in (0, 1))
        if not one == other == NOTHING:
            yield Total("deduction", "tCO2e", one, other, duty)
