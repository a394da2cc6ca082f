"""Verdicts and money of a portfolio added up: over all rows, and by what rows are grouped by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from carbonlex.model import Outcome
from carbonlex.portfolio.subjects import Kind, Slot

Key = tuple[str | int | None, ...]
"""The values of what rows are grouped by; None where one was not told."""

REST = "…"
"""The value of a group for all beyond the first `GROUPS` values of a column of free text."""

Grouping = tuple[str, ...]


@dataclass
class Sum:
    """What rows come to: those known, from and to, and how many are not known.

    `low` and `high` differ where a sanction is a range; `unknown` rows are in neither.
    """

    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    known: int = 0
    unknown: int = 0

    def add(self, low: Fraction, high: Fraction, known: int, unknown: int) -> None:
        """Add what other rows come to."""
        self.low, self.high = self.low + low, self.high + high
        self.known, self.unknown = self.known + known, self.unknown + unknown

    @property
    def nothing(self) -> bool:
        """Whether nothing is due, and nothing may be."""
        return not (self.low or self.high or self.unknown)


class Part(NamedTuple):
    """One kind of amount, of the rows with one verdict."""

    kind: Kind
    outcome: Outcome


@dataclass
class DutyTotals:
    """One duty over many rows: how many have which verdict, and what they come to."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    amounts: dict[Part, Sum] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows there are on which the duty was judged."""
        return self.outcomes.total()


@dataclass
class FindingTotals:
    """A headline concept over many rows: whether it holds, or what it sums up to.

    `unknown` rows have no value: it is not known, or law defines none for such an entity.
    """

    holds: int = 0
    fails: int = 0
    unknown: int = 0
    sum: Fraction = Fraction(0)
    known: int = 0


@dataclass
class GroupTotals:
    """All that was judged of the rows of one group.

    Attributes:
        entity_years: rows of entities; `breached` of them have a breach, `open_ones` have none and
            something undetermined or in conflict; `invalid` are of entities with an invalid cell.
    """

    entity_years: int = 0
    breached: int = 0
    open_ones: int = 0
    invalid: int = 0
    duties: dict[Slot, DutyTotals] = field(default_factory=dict)
    findings: dict[str, FindingTotals] = field(default_factory=dict)

    def duty(self, slot: Slot) -> DutyTotals:
        """Return the totals of a duty."""
        return self.duties.setdefault(slot, DutyTotals())

    def finding(self, concept: str) -> FindingTotals:
        """Return the totals of a headline concept."""
        return self.findings.setdefault(concept, FindingTotals())


@dataclass(frozen=True)
class Refused:
    """A duty that no column can say for some rows: how many, and why (Chinese, English)."""

    name: str
    rows: int
    why: tuple[str, str]


@dataclass(frozen=True)
class Totals:
    """A portfolio added up.

    Attributes:
        whole: over all rows.
        groups: by grouping, the totals of each group, in order.
        norms: of each duty, how many verdicts rest on which norm.
        reasons: of each duty, how many undetermined rows have which reason; a row may have several.
        refused: what was not judged.
        assumed: of each duty, how many rows comply only by what is presumed.
    """

    whole: GroupTotals
    groups: Mapping[Grouping, Mapping[Key, GroupTotals]]
    norms: Mapping[Slot, Counter[str]]
    reasons: Mapping[Slot, Counter[str]]
    refused: tuple[Refused, ...]
    assumed: Mapping[Slot, int] = field(default_factory=dict)

    @property
    def outcomes(self) -> Counter[Outcome]:
        """How many verdicts of each kind there are, over all duties."""
        return sum((d.outcomes for d in self.whole.duties.values()), Counter[Outcome]())

    @property
    def reason_rows(self) -> Counter[str]:
        """How many undetermined verdicts have which reason, over all duties."""
        return sum(self.reasons.values(), Counter[str]())

    @property
    def exit_code(self) -> int:
        """0 complied, pending, not applicable; 1 something breached; 3 something open.

        Open is also what was not judged, and an entity with a cell that could not be taken.
        """
        found = self.outcomes
        if found["breached"]:
            return 1
        open_ones = found["undetermined"] or found["conflict"] or self.whole.invalid
        return 3 if open_ones or self.refused else 0


def in_order(groups: Iterable[Key]) -> list[Key]:
    """Return keys of groups in order: told values first, by size or letters, then the others.

    >>> in_order([(None,), ("power",), (REST,), ("cement",)])
    [('cement',), ('power',), ('…',), (None,)]
    """
    return sorted(groups, key=lambda key: tuple((v is None, v == REST, v or 0) for v in key))
