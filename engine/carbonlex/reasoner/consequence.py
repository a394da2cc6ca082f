"""What follows from a breach: consequences of the law of a day, time bars, old law and new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from carbonlex.model import Label, Value
from carbonlex.quantities import Range
from carbonlex.reasoner.precedence import Clash, Defeat
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.norms import ConsequenceKind

if TYPE_CHECKING:
    from carbonlex.reasoner.verdict import Verdict

Status = Literal["applies", "contingent", "undetermined", "barred"]


class Need(NamedTuple):
    """A fact that was not told: of which year and child record, and the norm that asks for it."""

    fact: str
    year: int
    index: int  # type: ignore[assignment]  # a child record's place, not tuple.index
    norm: str


@dataclass(frozen=True)
class Consequence:
    """What follows from a breach: one kind, from the norm that prevails, never a point.

    Attributes:
        breach: the duty whose breach it follows; `law` the day whose law it is.
        status: `applies`; `contingent` on a breach that has not happened; `undetermined`;
            `barred` by limitation.
        amount: a range (fine), tonnes (deduction), or None where there is none to compute.
        excluded: that the prevailing norm shuts the consequence out.
        replaced_by: the norm whose fine takes the place of this one.
    """

    kind: ConsequenceKind
    norm: str
    breach: str
    law: date
    status: Status
    amount: Value | None = None
    unit: str = ""
    proof: Proof | None = None
    concurring: tuple[str, ...] = ()
    defeats: tuple[Defeat, ...] = ()
    clashes: tuple[Clash, ...] = ()
    liable: Label | None = None
    text: Label | None = None
    excluded: bool = False
    replaced_by: str = ""
    needs: tuple[frozenset[Need], ...] = ()
    questions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Limitation:
    """The time bar of a breach: how long after it a penalty may still follow its discovery.

    `last_day` is the last day of the period, the day of the breach not counted; None where it
    runs from the end of a breach that lasts. `barred` says whether the breach was discovered
    too late; unknown where the day of discovery was not told.
    """

    norm: str
    years: int
    runs_from: Literal["breach", "end"]
    last_day: date | None
    discovered_on: date | None
    barred: Value


@dataclass(frozen=True)
class Package:
    """All that the law of one day attaches to a breach, with the duties it orders.

    `total` is the sum of the fines on the bearer that have fallen due; None if not known.
    """

    law: date
    consequences: tuple[Consequence, ...]
    further: tuple[Verdict, ...] = ()
    total: Range | None = None
    total_needs: tuple[frozenset[Need], ...] = ()
    limitation: Limitation | None = None

    @property
    def norms(self) -> frozenset[tuple[str, str]]:
        """The kinds of consequence with the norm of each: what makes one law another."""
        return frozenset(
            (c.kind, c.norm) for c in self.consequences if c.kind != "discretion" and not c.excluded
        )


@dataclass(frozen=True)
class Lighter:
    """The comparison of the law of the breach with the law at decision.

    `result` is `old` or `new` for the law that governs, or `open` where a fact is missing.
    `reason` is a key of the explanations; `cites` the norms that say so.
    """

    result: Literal["old", "new", "open"]
    reason: Literal["formal", "lighter", "not-lighter", "equal", "unknown", "continuing", "lawful"]
    cites: tuple[str, ...]
    old_measure: Range | None = None
    new_measure: Range | None = None
    needs: tuple[frozenset[Need], ...] = ()


@dataclass(frozen=True)
class Sanctions:
    """The sanctions of a breach: the law that governs, the other law tried, and why.

    `decided_on` None: the day of decision was not told, so lighter law was not tried.
    """

    breach_date: date
    decided_on: date | None
    governing: Package | None
    at_breach: Package
    at_decision: Package | None = None
    lighter: Lighter | None = None
