"""What a reform does to a portfolio, added up: verdicts that flip, amounts that move, by group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from carbonlex.model import Outcome
from carbonlex.portfolio.subjects import Slot
from carbonlex.portfolio.totals import Grouping, Key, Refused

OPEN = frozenset({"undetermined", "conflict"})


class Flip(NamedTuple):
    """A verdict before and after; None where that law has no such duty."""

    before: Outcome | None
    after: Outcome | None

    @property
    def flipped(self) -> bool:
        """Whether it differs; a duty that only one law has and that does not apply is the same."""
        return self.before != self.after and {self.before, self.after} != {None, "not_applicable"}

    @property
    def to_breach(self) -> bool:
        """Whether it becomes a breach."""
        return self.after == "breached" and self.before != "breached"

    @property
    def to_open(self) -> bool:
        """Whether it becomes undetermined, or in conflict."""
        return self.after in OPEN and self.before not in OPEN

    @property
    def half_open(self) -> bool:
        """Whether one law settles it, and the other does not."""
        return (self.before in OPEN) != (self.after in OPEN)


@dataclass
class Ends:
    """A sum from and to, and of how many rows it is."""

    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    rows: int = 0

    def add(self, low: Fraction, high: Fraction, rows: int) -> None:
        """Add what other rows come to."""
        self.low, self.high, self.rows = self.low + low, self.high + high, self.rows + rows


@dataclass
class Moved:
    """An amount under two laws: what is known before, after, and by how much it moves.

    Attributes:
        before, after: the sums of the rows known under that law.
        moved: the differences, after less before, of the rows known under both.
        rows: all rows of the duty; `open_before` and `open_after` of them have no figure that
            should have one. A pending row without a figure is neither known nor open: it may be
            met already.
        changed: rows known under both whose figures differ.
    """

    before: Ends = field(default_factory=Ends)
    after: Ends = field(default_factory=Ends)
    moved: Ends = field(default_factory=Ends)
    rows: int = 0
    open_before: int = 0
    open_after: int = 0
    changed: int = 0

    def plus(self, other: Moved) -> None:
        """Add what other rows come to."""
        for name in ("before", "after", "moved"):
            ends: Ends = getattr(other, name)
            getattr(self, name).add(ends.low, ends.high, ends.rows)
        self.rows += other.rows
        self.open_before += other.open_before
        self.open_after += other.open_after
        self.changed += other.changed

    @property
    def nothing(self) -> bool:
        """Whether there is nothing under either law, nor may be."""
        sums = (self.before.low, self.before.high, self.after.low, self.after.high)
        return not (any(sums) or self.open_before or self.open_after)

    @property
    def differs(self) -> bool:
        """Whether it moves, or is known under one law where it is not under the other."""
        return bool(self.changed or not self.whole)

    @property
    def whole(self) -> bool:
        """Whether every row with a figure under one law has one under the other."""
        return self.before.rows == self.after.rows == self.moved.rows


@dataclass
class DutyFlips:
    """One duty over many rows: how many have which verdicts, and what moves."""

    flips: Counter[Flip] = field(default_factory=Counter)
    amounts: dict[str, Moved] = field(default_factory=dict)

    @property
    def flipped(self) -> int:
        """How many rows have another verdict."""
        return sum(n for flip, n in self.flips.items() if flip.flipped)

    @property
    def half_open(self) -> int:
        """How many rows one law settles and the other does not."""
        return sum(n for flip, n in self.flips.items() if flip.half_open)

    @property
    def side(self) -> tuple[int, int]:
        """How many rows the duty is judged of before, and after."""
        return (
            sum(n for flip, n in self.flips.items() if flip.before is not None),
            sum(n for flip, n in self.flips.items() if flip.after is not None),
        )


@dataclass
class ConceptFlips:
    """A concept over many rows: `states` before and after if it holds or not, else what it sums to.

    None is a row without a value: it is not known, or law defines none.
    """

    states: Counter[tuple[bool | None, bool | None]] = field(default_factory=Counter)
    amount: Moved = field(default_factory=Moved)

    @property
    def enters(self) -> int:
        """Rows of which it holds after, and did not before."""
        return self.states[False, True]

    @property
    def leaves(self) -> int:
        """Rows of which it held before, and does not after."""
        return self.states[True, False]

    @property
    def half_open(self) -> int:
        """Rows of which one law has a value and the other has none."""
        of_flags = sum(n for (b, a), n in self.states.items() if (b is None) != (a is None))
        one, other = self.amount.before.rows, self.amount.after.rows
        return of_flags + one + other - 2 * self.amount.moved.rows

    @property
    def differs(self) -> bool:
        """Whether any row has another value."""
        return bool(self.enters or self.leaves or self.half_open or self.amount.changed)


@dataclass
class GroupFlips:
    """All that was compared of the rows of one group.

    Attributes:
        entity_years: rows of entities, `invalid` of them of entities with invalid data.
        breached: entity-years with a breach before, and after; `enter` and `leave` are those with
            a breach under one law only.
        open_ones: those without a breach and with something undetermined or in conflict.
    """

    entity_years: int = 0
    invalid: int = 0
    breached: tuple[int, int] = (0, 0)
    enter: int = 0
    leave: int = 0
    open_ones: tuple[int, int] = (0, 0)
    duties: dict[Slot, DutyFlips] = field(default_factory=dict)
    concepts: dict[str, ConceptFlips] = field(default_factory=dict)

    def duty(self, slot: Slot) -> DutyFlips:
        """Return what is compared of a duty."""
        return self.duties.setdefault(slot, DutyFlips())

    def concept(self, name: str) -> ConceptFlips:
        """Return what is compared of a concept."""
        return self.concepts.setdefault(name, ConceptFlips())

    def add(self, other: GroupFlips) -> None:
        """Add what was compared of other rows."""
        self.entity_years += other.entity_years
        self.invalid += other.invalid
        self.breached = _plus(self.breached, other.breached)
        self.open_ones = _plus(self.open_ones, other.open_ones)
        self.enter += other.enter
        self.leave += other.leave
        for slot, of in other.duties.items():
            own = self.duty(slot)
            own.flips.update(of.flips)
            for kind, moved in of.amounts.items():
                own.amounts.setdefault(kind, Moved()).plus(moved)
        for name, concept in other.concepts.items():
            self.concept(name).states.update(concept.states)
            self.concept(name).amount.plus(concept.amount)

    def count(self, states: tuple[str, str], rows: int, invalid: int) -> None:
        """Add rows of entities that are `breached`, `open` or neither, before and after."""
        self.entity_years += rows
        self.invalid += invalid
        (before, after), (one, other) = (
            [rows * (state == wanted) for state in states] for wanted in ("breached", "open")
        )
        self.breached = _plus(self.breached, (before, after))
        self.open_ones = _plus(self.open_ones, (one, other))
        self.enter += after if not before else 0
        self.leave += before if not after else 0


def _plus(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


@dataclass(frozen=True)
class Flips:
    """A portfolio under two laws, added up.

    Attributes:
        whole: over all rows; `groups` by grouping, in order.
        norms: what verdicts rest on, under either law.
        refused: what could not be judged under one of the laws, because no column can say it.
    """

    whole: GroupFlips
    groups: Mapping[Grouping, Mapping[Key, GroupFlips]]
    norms: frozenset[str]
    refused: tuple[Refused, ...]

    @property
    def exit_code(self) -> int:
        """1 where something becomes a breach; 3 where something becomes open, or is not judged."""
        flips = [f for d in self.whole.duties.values() for f, n in d.flips.items() if n]
        if any(f.to_breach for f in flips):
            return 1
        return 3 if any(f.to_open for f in flips) or self.refused else 0
