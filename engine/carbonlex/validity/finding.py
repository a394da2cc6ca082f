"""What an examination finds, clause by clause and day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from carbonlex.expressions.tree import names
from carbonlex.model import Told
from carbonlex.reasoner.consequence import Need
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.validity.clauses import Clause
from carbonlex.validity.subject import Subject

Result = Literal["within", "ultra_vires", "conflict", "undetermined"]
WORST: tuple[Result, ...] = ("ultra_vires", "conflict", "undetermined", "within")


@dataclass(frozen=True)
class Finding:
    """One clause under the law of one day.

    Attributes:
        enactment: whether the day is that of its enactment.
        index: its record in the case of the report; its verdicts are those of that record.
        limits: the norms on who may enact that it breaks, or that leave it open.
        against: the norms of higher law that it goes beyond or contradicts.
        bases: higher norms that impose the same; `penal`: those that penalise the same act.
        claimed, unfounded: the bases that it claims, in force that day and not in force.
        powers: the norms that let makers of this form enact such a clause.
        hierarchy, annulment: why higher law prevails; the ground and who may annul.
        needs: per limit that is open, the sets of facts of which any one would settle it.
        ceiling: the recalled ceiling that a fine is compared with.
        unregulated: whether no rule encoded says what a document of this form may do.
        presumed: facts of the clause that nobody told and that the result rests on.
        doubts: declared questions of validity about its words.
        alternatives: what it would be under other readings.
    """

    clause: Clause
    day: date
    enactment: bool
    index: int
    result: Result
    verdicts: tuple[Verdict, ...]
    limits: tuple[str, ...]
    against: tuple[str, ...]
    bases: tuple[str, ...]
    penal: tuple[str, ...]
    claimed: tuple[str, ...]
    unfounded: tuple[str, ...]
    powers: tuple[str, ...]
    hierarchy: tuple[str, ...]
    annulment: tuple[str, ...]
    needs: tuple[tuple[frozenset[Need], ...], ...]
    ceiling: Told | None
    doubts: tuple[str, ...]
    unregulated: bool = False
    presumed: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()

    def asks(self, rulebook: Rulebook, *facts: str) -> bool:
        """Return whether a rule that was applied to the clause asks for one of some facts."""
        tests = (rulebook.norms[v.norm].test for v in self.verdicts)
        return any(set(facts) & set(names(test)) for test in tests if test is not None)

    @property
    def answer(self) -> tuple[object, ...]:
        """What makes one finding another."""
        return (self.result, self.limits, self.against)


@dataclass(frozen=True)
class Alternative:
    """What a finding would be under another choice of readings."""

    readings: tuple[tuple[str, str], ...]
    finding: Finding


@dataclass(frozen=True)
class Examination:
    """An instrument or a draft examined.

    `report` is the reasoner's, with the proofs; `title_only` names laws of which only the title
    is held, in which a basis may stand.
    """

    subject: Subject
    asked_on: date
    readings: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    report: Report
    title_only: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 within power throughout; 1 something beyond it or against higher law; 3 open."""
        results = {f.result for f in self.findings}
        if results & {"ultra_vires", "conflict"}:
            return 1
        return 3 if "undetermined" in results else 0
