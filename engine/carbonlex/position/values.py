"""What a position is made of: frozen, each figure with its proof, its grade and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from carbonlex.model import Grade, Value
from carbonlex.reasoner.consequence import Need
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Report, Verdict

Reason = Literal["borrowed", "lapses", "cheaper", "room", "bankable", "open", "oldest", "dearer"]
"""Why units come where they do in the order of use; advice, not law."""


@dataclass(frozen=True)
class Amount:
    """A figure that law gives: its value (`UNKNOWN` where facts are missing), and why.

    Attributes:
        grade: that of the weakest norm or parameter in the proof.
        needs: sets of facts of which any one would settle it, smallest first.
    """

    value: Value
    unit: str
    proof: Proof
    grade: Grade
    needs: tuple[frozenset[Need], ...] = ()

    @property
    def number(self) -> Fraction | None:
        """The value, or None where it is not known."""
        return self.value if isinstance(self.value, Fraction) else None

    @property
    def known(self) -> bool:
        """Whether any law in force, or a fact told, says something on it at all."""
        return self.proof.step not in ("undefined", "unissued")


@dataclass(frozen=True)
class Use:
    """Whether units may be used for a year, found by asking the rulebook of that very use.

    Attributes:
        allowed: True, False, or None where it is not known.
        norms: the norms that say so: what bars the use, or what lets it count.
        proof: how it was found that the use counts, or does not.
        needs: facts that would settle it.
    """

    allowed: bool | None
    norms: tuple[str, ...]
    proof: Proof
    grade: Grade
    needs: tuple[frozenset[Need], ...] = ()


@dataclass(frozen=True)
class Holding:
    """Allowances of one vintage: in tCO2e, whether usable for the year, and for the next.

    `borrowed`: that they were borrowed of a later year; those of a vintage stand by themselves.
    """

    vintage: str
    quantity: Fraction
    borrowed: bool
    now: Use
    next_year: Use


@dataclass(frozen=True)
class Credit:
    """One row of credits: its place in the list, in tCO2e if told, and whether it may be used.

    `used` None: not told whether it has been used.
    """

    index: int
    quantity: Fraction | None
    used: bool | None
    now: Use
    next_year: Use


@dataclass(frozen=True)
class Step:
    """Units to be used, in their turn: a vintage, or a row of credits (`index`), and why then."""

    vintage: str
    index: int
    quantity: Fraction
    reason: Reason


@dataclass(frozen=True)
class Cost:
    """What it costs to buy what is missing, in CNY.

    Attributes:
        price, told: CNY/tCO2e of allowances, and whether it is a fact of the case.
        credits, allowances: tonnes to buy of each; credits only at a price that was given,
            where they are cheaper, and up to the room left.
    """

    price: Fraction
    told: bool
    credit_price: Fraction | None
    credits: Fraction
    allowances: Fraction

    @property
    def total(self) -> Fraction:
        """The cost in CNY."""
        return self.allowances * self.price + self.credits * (self.credit_price or 0)


@dataclass(frozen=True)
class Failing:
    """What follows if so many tonnes stay unsurrendered: the verdict on the day after the deadline.

    `price`: that given was taken for the average price on which the fine rests; None: it was
    told, or the fine is left unknown.
    """

    tonnes: Fraction | None
    verdict: Verdict
    price: Fraction | None


@dataclass(frozen=True)
class Banking:
    """What could be banked after surrender: what is left of allowances, and the cap of law.

    `done` is what was banked already; `quantity` None: not known.
    """

    cap: Amount
    left: Fraction | None
    done: Fraction | None

    @property
    def quantity(self) -> Fraction | None:
        """The smaller of what is left of the units owned and what the cap still allows."""
        if self.left is None or not self.left:
            return self.left
        return None if self.room is None else min(self.left, self.room)

    @property
    def room(self) -> Fraction | None:
        """What the cap still allows after what was banked already."""
        cap = self.cap.number
        return None if cap is None or self.done is None else max(cap - self.done, Fraction(0))


@dataclass(frozen=True)
class Position:
    """Where an entity stands on the surrender of one compliance year, as of the day asked.

    Attributes:
        report: the check of the case, narrowed to these verdicts and to what the position rests on.
        verdict: the verdict on the duty to surrender; `others` those on the units used.
        free_allocation, relief, obligation, surrendered, offsets, shortfall: in tCO2e.
        holdings: by vintage, oldest first; None where neither ledger nor holdings were told.
        from_ledger: that the holdings are the balance of the movements told; `told_otherwise`
            that holdings were told too, and differ.
        credits: rows told; None where the list was not told. `ledger_credits` is the balance of
            certified reductions in the ledger.
        cap, room: credits that may be used for the year, and what is left of that.
        missing: tCO2e still missing after all that may be used; None where not known, in which
            case `best` and `worst` bound it (`worst` None: no bound), and `missing_needs` says
            which facts would settle it.
        order: which units to use first; advice that follows from when they lapse.
        questions: open questions that the figures turned on, with the reading in use.
    """

    report: Report
    year: int
    verdict: Verdict
    others: tuple[Verdict, ...]
    free_allocation: Amount
    relief: Amount
    obligation: Amount
    surrendered: Amount
    offsets: Amount
    shortfall: Amount
    holdings: tuple[Holding, ...] | None
    from_ledger: bool
    told_otherwise: bool
    credits: tuple[Credit, ...] | None
    ledger_credits: Fraction | None
    cap: Amount
    room: Fraction | None
    missing: Fraction | None
    best: Fraction | None
    worst: Fraction | None
    missing_needs: tuple[frozenset[Need], ...]
    order: tuple[Step, ...]
    cost: Cost | None
    failing: Failing | None
    banking: Banking | None
    grade: Grade
    questions: tuple[tuple[str, str], ...]

    @property
    def exit_code(self) -> int:
        """As of a check of these duties: 1 breached; 3 not known; 0 otherwise."""
        outcomes = {v.outcome for v in (self.verdict, *self.others)}
        if "breached" in outcomes:
            return 1
        bound = self.verdict.outcome != "not_applicable"
        open_ = outcomes & {"undetermined", "conflict"} or (bound and self.missing is None)
        return 3 if open_ else 0
