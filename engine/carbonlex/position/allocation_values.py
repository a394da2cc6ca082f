"""What an allocation is made of: frozen, each figure with its proof, its grade, what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from carbonlex.model import UNKNOWN, Grade
from carbonlex.position.values import Amount, Use
from carbonlex.reasoner.needs import Sets, together
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Report, Verdict

PlanStatus = Literal["held", "later", "none"]
"""Whether a plan of the year and sector is in the corpus; `later`: not issued on the day asked."""


@dataclass(frozen=True)
class Share:
    """What one unit or line gets.

    Attributes:
        record, index: `units` or `lines`, and its place in the list.
        name, kind: as told, a kind by its key; empty where it was not told.
        exact: tCO2e before rounding; for a line the allocation that law derives.
        allocation: tCO2e; what was told governs.
        relief: tCO2e of a unit; None for lines.
        in_scope: whether a line is within the year's allocation; None for units.
        inputs: the facts, parameters and concepts that the formula of `exact` is made of.
        parts: what that formula adds up.
    """

    record: str
    index: int
    name: str
    kind: str
    exact: Amount
    allocation: Amount
    relief: Amount | None
    in_scope: Amount | None
    inputs: tuple[Proof, ...]
    parts: tuple[Proof, ...]

    @property
    def counts(self) -> bool:
        """Whether it is part of the sum, as far as is known."""
        return self.in_scope is None or self.in_scope.value is not False

    @property
    def needs(self) -> Sets:
        """Sets of facts of which any one would settle its allocation and its relief."""
        figures = [f for f in (self.allocation, self.relief) if f is not None]
        wanted = [f.needs for f in figures if f.value is UNKNOWN and f.needs]
        return together(wanted) if wanted and self.counts else ()


@dataclass(frozen=True)
class Differing:
    """A concept that was told (`told`) and that law would derive otherwise; the former governs.

    `index`: the unit or line that it is of, or -1.
    """

    told: Amount
    derived: Amount
    index: int


@dataclass(frozen=True)
class Otherwise:
    """The main figures where one open question is read otherwise, all else being as it is."""

    question: str
    reading: str
    free_allocation: Amount
    relief: Amount
    obligation: Amount
    differs: bool


@dataclass(frozen=True)
class Allocation:
    """How many allowances an entity gets for a compliance year, and what follows for surrender.

    Attributes:
        report: the check of the case, narrowed to surrender and to what the figures rest on.
        verdict: on the duty to surrender; None where no law imposes it.
        plan, plan_status: key of the plan that the figures come from (empty: none), and whether
            one is held at all.
        summed: the lists that the plan sums up, `units` or `lines`; empty where it sums up none.
        shares: the units or lines told, of these lists.
        free_allocation: tCO2e; what was told governs. `derived` is what law makes of the facts,
            where the former was told.
        emissions, relief, obligation: tCO2e. `gap` is the concept of the plan that borrowing
            turns on; `lower` and `upper` bound the allocation where the plan does no more.
        borrow_limit, borrowing: tCO2e, and whether so much may be borrowed; the latter None where
            no law held says anything on it.
        bank_cap: tCO2e that may be banked.
        differences: told concepts of the year that law derives otherwise.
        questions: open questions that the figures turned on, with the reading in use.
        otherwise: the figures under each other reading of these.
    """

    report: Report
    year: int
    verdict: Verdict | None
    plan: str
    plan_status: PlanStatus
    summed: tuple[str, ...]
    shares: tuple[Share, ...]
    free_allocation: Amount
    derived: Amount | None
    emissions: Amount
    gap: Amount
    lower: Amount
    upper: Amount
    relief: Amount
    obligation: Amount
    borrow_limit: Amount
    borrowing: Use | None
    bank_cap: Amount
    differences: tuple[Differing, ...]
    questions: tuple[tuple[str, str], ...]
    otherwise: tuple[Otherwise, ...]
    grade: Grade

    @property
    def balance(self) -> Fraction | None:
        """Allocation less verified emissions in tCO2e: a surplus, or below zero a gap."""
        got, emitted = self.free_allocation.number, self.emissions.number
        return None if got is None or emitted is None else got - emitted

    @property
    def ratio(self) -> Fraction | None:
        """The balance over verified emissions; None where these are zero or not known."""
        emitted = self.emissions.number
        return None if self.balance is None or not emitted else self.balance / emitted

    @property
    def within(self) -> bool | None:
        """Whether the allocation keeps to the bounds of the plan; None where either is unknown."""
        got, low, high = (f.number for f in (self.free_allocation, self.lower, self.upper))
        return None if got is None or low is None or high is None else low <= got <= high

    @property
    def relieved(self) -> bool:
        """Whether the obligation is reckoned less the relief."""
        return any(p.label == self.relief.proof.label for p in self.obligation.proof.walk())

    @property
    def exit_code(self) -> int:
        """Return 3 where allocation, obligation or relief from it is not known, 0 otherwise.

        An entity that need not surrender for a year without a plan has nothing to determine.
        """
        free = self.verdict is not None and self.verdict.outcome == "not_applicable"
        if free and self.plan_status == "none":
            return 0
        asked = [self.free_allocation, self.obligation]
        asked += [self.relief] if self.relieved else []
        return 3 if any(f.number is None for f in asked) else 0
