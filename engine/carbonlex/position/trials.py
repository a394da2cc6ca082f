"""Uses tried out: may a unit serve for a year? The rulebook is asked of a case in which it does.

No law stands here. A case is made in which nothing but that unit is used; the unit may be used if
it counts and no prohibition is breached by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from carbonlex.errors import Location
from carbonlex.model import UNKNOWN, Case, CaseYear, Facts, Scalar, Told, weakest
from carbonlex.position.values import Amount, Use
from carbonlex.reasoner.check import judge, slots_of
from carbonlex.reasoner.duties import Slot, duty_in
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.grades import links
from carbonlex.reasoner.needs import needs
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Verdict
from carbonlex.rulebook.norms import Norm

SURRENDER = "surrender"
_HERE = Location("", cell="trial")
_ONE = Fraction(1)


def told(**values: Scalar) -> Facts:
    """Return facts that were told nowhere but here."""
    return MappingProxyType({name: Told(value, _HERE) for name, value in values.items()})


def altered(
    case: Case,
    year: int,
    facts: Facts,
    lists: Mapping[str, tuple[Facts, ...]],
    without: tuple[str, ...] = (),
) -> Case:
    """Return the case with facts and lists of one year put in place of those told."""
    of = case.years.get(year, CaseYear())
    kept = {name: told for name, told in of.facts.items() if name not in without}
    changed = CaseYear(
        MappingProxyType(kept | dict(facts)), MappingProxyType({**of.lists, **lists})
    )
    return replace(case, years=MappingProxyType({**case.years, year: changed}))


def frame_of(run: Evaluation, year: int) -> Frame | None:
    """Return the law under which surrender for a year is judged; None where no norm imposes it."""
    norms = tuple(n for n in run.rulebook.duties.get(SURRENDER, ()) if not n.ordered_by)
    duty = duty_in(run, Slot(SURRENDER, year), norms)
    return None if duty is None else duty.basis.frame


def deadline_of(run: Evaluation, year: int) -> date | None:
    """Return the last day of surrender for a year, where it was issued by the day asked."""
    norms = tuple(n for n in run.rulebook.duties.get(SURRENDER, ()) if not n.ordered_by)
    duty = duty_in(run, Slot(SURRENDER, year), norms)
    return None if duty is None else duty.basis.day


def amount(run: Evaluation, name: str, frame: Frame) -> Amount:
    """Return a concept or fact of the year, with its proof."""
    return amount_of(run, run.name(name, frame))


def amount_of(run: Evaluation, proof: Proof) -> Amount:
    """Return a proof as a figure with its grade and what is missing."""
    grade = weakest(tuple(links(run.rulebook, (proof,)).values()))
    sets = needs(proof, run.rulebook.vocabulary) if proof.value is UNKNOWN else ()
    return Amount(proof.value, proof.unit, proof, grade, sets)


@dataclass(frozen=True)
class Trials:
    """Tries uses for one compliance year; `day` is the day on which they are made."""

    run: Evaluation
    frame: Frame
    day: date

    @property
    def year(self) -> int:
        """The compliance year for which units are used."""
        return self.frame.year

    def surrender(self, vintage: str, *, borrowed: bool = False) -> Use:
        """Return whether one allowance of a vintage may be surrendered."""
        row = told(moved_on=self.day, movement="surrender", product="allowance", vintage=vintage,
                   moved_quantity=_ONE, borrowed_unit=borrowed)  # fmt: skip
        case = altered(
            self.run.case, self.year, told(), {"movements": (row,)}, ("allowances_surrendered",)
        )
        return self._outcome(case, "movements", "allowances_surrendered")

    def credit(self, facts: Facts) -> Use:
        """Return whether one tonne of a credit may be used."""
        row = {**facts, **told(quantity=_ONE, used=True)}
        if "used_on" not in facts or not _used(facts):
            row |= told(used_on=self.day)
        case = self._with_room({"credits": (MappingProxyType(row),)})
        return self._outcome(case, "credits", "offsets_counted")

    def _with_room(self, lists: Mapping[str, tuple[Facts, ...]]) -> Case:
        """Return a case with an obligation so large that one tonne is within any cap."""
        term = self.run.rulebook.vocabulary.terms["surrender_obligation"]
        room = told(surrender_obligation=term.maximum) if term.maximum and term.tellable else told()
        return altered(self.run.case, self.year, room, lists)

    def _outcome(self, case: Case, record: str, concept: str) -> Use:
        run = Evaluation(
            self.run.rulebook, case, self.run.asked_on, self.run.decided_on, self.run.readings
        )
        proof = run.name(concept, self.frame)
        barring = self._verdicts(run, case, record)
        self.run.reached |= run.reached
        broken = tuple(v for v in barring if v.outcome == "breached")
        doubtful = tuple(v for v in barring if v.outcome in ("undetermined", "conflict"))
        sets = needs(proof, run.rulebook.vocabulary) if proof.value is UNKNOWN else ()
        grade = weakest(tuple(links(run.rulebook, (proof,)).values()))
        if broken:
            norms = tuple(dict.fromkeys(v.norm for v in broken))
            return Use(False, norms, proof, weakest(tuple(v.grade for v in broken)))
        norms = (proof.norm,) if proof.norm else ()
        if proof.value is UNKNOWN:
            return Use(None, norms, proof, grade, sets)
        if proof.value == 0:
            return Use(False, norms, proof, grade)
        if doubtful:
            sets = tuple(s for v in doubtful for s in v.needs)
            return Use(None, tuple(v.norm for v in doubtful), proof, grade, sets)
        return Use(True, norms, proof, grade)

    def _verdicts(self, run: Evaluation, case: Case, record: str) -> list[Verdict]:
        """Judge the prohibitions on a use, under the trial."""
        slots = tuple(
            s
            for s in slots_of(run.rulebook, case)
            if s.year == self.year and any(_on_use(n, record) for n in run.rulebook.duties[s.duty])
        )
        return [v for _, v, _ in judge(run, slots, "plain")]


def _used(facts: Facts) -> bool:
    return "used" in facts and facts["used"].value is True


def _on_use(norm: Norm, record: str) -> bool:
    """Return whether a norm forbids something of a record, or of the list of them."""
    from carbonlex.expressions.tree import names

    if norm.kind != "prohibits" or norm.ordered_by:
        return False
    said = [norm.test, *(node for _, node in norm.limbs.items)] if norm.limbs else [norm.test]
    return norm.record == record or any(record in names(node) for node in said if node)
