"""One slot judged: prepared from facts and law, then concluded from what the chainer derived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from carbonlex.model import UNKNOWN, Outcome
from carbonlex.quantities import Range
from carbonlex.reasoner.annotate import for_readers, open_gap
from carbonlex.reasoner.chaining.propositions import Atom, Conclusion
from carbonlex.reasoner.consequence import Consequence, Lighter, Package, Sanctions, Status
from carbonlex.reasoner.duties import Duty, Slot, duty_in
from carbonlex.reasoner.evaluate import Evaluation
from carbonlex.reasoner.facts import role_of
from carbonlex.reasoner.life import Propositions, slot_key
from carbonlex.reasoner.lighter import compare_laws, total_fine
from carbonlex.reasoner.limitation import barred, limitation
from carbonlex.reasoner.needs import Sets, joined, needs, smallest, together
from carbonlex.reasoner.proof import by_presumption
from carbonlex.reasoner.sanctions import Attached, Scheme, scheme
from carbonlex.reasoner.verdict import Verdict

Conclusions = Mapping[Atom, Conclusion]
Chains = Mapping[str, tuple[str, ...]]
MONEY = ("fine", "confiscation")


@dataclass(frozen=True)
class Prepared:
    """A slot with everything evaluated: the duty, and what each law attaches to its breach.

    `lawful` means that the law of the day of decision no longer finds the act unlawful.
    """

    slot: Slot
    duty: Duty
    at_breach: Scheme | None
    at_decision: Scheme | None
    lawful: bool = False

    def laws(self) -> tuple[tuple[str, Scheme | None], ...]:
        """The names under which the slot goes into propositions, with the scheme of each."""
        found: list[tuple[str, Scheme | None]] = [("", self.at_breach)]
        if self.at_decision is not None:
            found.append(("decision", self.at_decision))
        return tuple(found)


def prepare(run: Evaluation, slot: Slot) -> Prepared | None:
    """Evaluate a slot; None where no norm on the duty is in force on its day."""
    role = role_of(run.case)
    on_duty = run.rulebook.duties[slot.duty]
    norms = tuple(n for n in on_duty if not n.ordered_by and n.addresses(role))
    duty = run.once(("duty", slot), lambda: duty_in(run, slot, norms))
    if duty is None:
        return None
    breakable = duty.basis.binding.value is not False and duty.met is not True
    if not breakable or duty.conflict or duty.breach_date is None:
        return Prepared(slot, duty, None, None)
    at_breach = scheme(run, slot, duty.breach_date)
    decided = run.decided_on
    if decided is None or decided <= duty.breach_date:
        return Prepared(slot, duty, at_breach, None)
    now = run.once(("duty", slot, decided), lambda: duty_in(run, slot, norms, decided))
    lawful = now is None or now.basis.binding.value is False or now.met is True
    return Prepared(slot, duty, at_breach, scheme(run, slot, decided), lawful)


def propose(prepared: Prepared, into: Propositions) -> None:
    """Put a prepared slot into propositions, once for each law."""
    for law, found in prepared.laws():
        key = slot_key(prepared.slot, law)
        into.duty(prepared.duty, key, imposed_by_law=True)
        if found is not None:
            into.scheme(found, key)


def conclude(
    run: Evaluation, prepared: Prepared, derived: Conclusions, chains: Chains | None = None
) -> Verdict:
    """Return the verdict of a slot from what was derived.

    Without `chains`, by slot, it leaves out what only a reader needs: missing facts, grades.
    """
    duty, key = prepared.duty, slot_key(prepared.slot)
    outcome = _outcome(duty, key, derived)
    sanctions = _sanctions(run, prepared, outcome, derived, ask=chains is not None)
    verdict = _verdict(duty, outcome, sanctions)
    return verdict if chains is None else for_readers(run, duty, verdict, chains.get(key, ()))


def _outcome(duty: Duty, key: str, derived: Conclusions) -> Outcome:
    if duty.conflict:
        return "conflict"
    name = duty.slot.duty
    owed = derived.get(Atom("owed", (name, key)))
    if owed is None:
        return "not_applicable"
    breach = derived.get(Atom("breach", (name, key)))
    if breach is not None and breach.certain:
        return "breached"
    if breach is not None or not owed.certain:
        return "conflict" if _clash_of_concepts(duty) else "undetermined"
    fulfilled = derived.get(Atom("fulfilled", (name, key)))
    lasting = duty.basis.norm.until is not None or duty.basis.norm.kind == "prohibits"
    if duty.past is not True and (lasting or fulfilled is None or not fulfilled.certain):
        return "pending"
    # What is only presumed done is not done before its day.
    return "pending" if duty.past is not True and by_presumption(duty.basis.test) else "complied"


def _clash_of_concepts(duty: Duty) -> bool:
    proofs = (duty.basis.binding, duty.basis.test)
    unknown = [s for p in proofs if p is not None and p.value is UNKNOWN for s in p.walk()]
    # While a fact is missing, that may still settle it; a clash alone nothing settles.
    asked = any(s.step in ("missing", "unissued", "undefined") for s in unknown)
    return not asked and any(s.step == "conflict" for s in unknown)


def _sanctions(
    run: Evaluation, prepared: Prepared, outcome: Outcome, derived: Conclusions, *, ask: bool
) -> Sanctions | None:
    duty, first = prepared.duty, prepared.at_breach
    if (
        first is None
        or duty.breach_date is None
        or outcome not in ("breached", "undetermined", "pending")
    ):
        return None
    happened = outcome != "pending"
    old = _package(run, prepared, first, "", derived, happened, ask)
    if prepared.at_decision is None:
        run.reached |= _questions(old)
        return Sanctions(duty.breach_date, run.decided_on, old, old)
    new = _package(run, prepared, prepared.at_decision, "decision", derived, happened, ask)
    if prepared.lawful:
        new = Package(prepared.at_decision.law, (), (), Range(Fraction(0), Fraction(0)))
    elif old.norms == new.norms:
        run.reached |= _questions(old)
        return Sanctions(duty.breach_date, run.decided_on, old, old)
    lighter = _governing(run, prepared, old, new)
    governing = {"old": old, "new": new}.get(lighter.result)
    # Which questions a result turned on: those of the law that governs, and what was compared.
    run.reached |= _questions(governing) if governing else _questions(old) | _questions(new)
    return Sanctions(duty.breach_date, run.decided_on, governing, old, new, lighter)


def _questions(package: Package) -> set[str]:
    return set().union(*(c.questions for c in package.consequences))


def _governing(run: Evaluation, prepared: Prepared, old: Package, new: Package) -> Lighter:
    assert run.decided_on is not None
    question = prepared.duty.basis.norm.continuing
    cures = [v.test for v in new.further if v.test is not None]
    lasting = [p for p in cures if p.value is not True]
    if question and lasting and run.reading(question) == "continuing":
        unknown = [p for p in lasting if p.value is UNKNOWN]
        if len(unknown) < len(lasting):
            return Lighter("new", "continuing", ())
        sets = together(needs(p, run.rulebook.vocabulary) for p in unknown)
        return Lighter("open", "unknown", (), needs=sets)
    slot, basis = prepared.slot, prepared.duty.basis.norm
    return compare_laws(
        run, slot.year, slot.duty, basis, old, new, run.decided_on, lawful=prepared.lawful
    )


def _package(
    run: Evaluation,
    prepared: Prepared,
    found: Scheme,
    law: str,
    derived: Conclusions,
    happened: bool,
    ask: bool,
) -> Package:
    key = slot_key(prepared.slot, law)
    further: list[Verdict] = []
    closed: set[str] = set()
    for _, duty in found.ordered:
        outcome = _outcome(duty, key, derived)
        if outcome == "complied":
            closed.add(duty.slot.duty)
        if happened:
            verdict = _verdict(duty, outcome, None)
            further.append(for_readers(run, duty, verdict, ()) if ask else verdict)
    waiting = {v.duty: v.needs for v in further}
    all_of_them = [
        _consequence(run, one, found.law, key, derived, waiting if ask else None)
        for one in found.attached
        if one.breach.duty not in closed
    ]
    consequences = _replaced(run, prepared.slot.year, all_of_them)
    time_bar = None
    if happened and prepared.duty.breach_date is not None:
        time_bar = limitation(
            run, prepared.duty, prepared.duty.breach_date, found.law, bool(closed)
        )
        consequences = barred(consequences, time_bar)
    fines = [c for c in consequences if c.kind == "fine" and c.liable is None]
    total, missing = total_fine(fines)
    return Package(found.law, tuple(consequences), tuple(further), total, missing, time_bar)


def _consequence(
    run: Evaluation,
    one: Attached,
    law: date,
    key: str,
    derived: Conclusions,
    waiting: Mapping[str, Sets] | None,
) -> Consequence:
    """Return one consequence; `waiting` says what settles the duties that were ordered."""
    status = _status(one, key, derived)
    value = one.value
    sets: Sets = (frozenset(),)
    ask = waiting is not None
    if ask and one.proof is not None and value is UNKNOWN:
        sets = needs(one.proof, run.rulebook.vocabulary, one.norm.id)
    if ask and one.possible and one.when is not None and status == "undetermined":
        when = needs(one.when, run.rulebook.vocabulary, one.norm.id)
        sets = smallest([joined(a, b) for a in sets for b in when])
    if waiting and status == "undetermined":
        sets = together([sets, waiting.get(one.breach.duty, (frozenset(),))])
    return Consequence(
        kind=one.kind,
        norm=one.norm.id,
        breach=one.breach.duty,
        law=law,
        status=status,
        amount=value,
        unit="CNY"
        if one.kind in ("fine", "confiscation")
        else (one.proof.unit if one.proof else ""),
        proof=one.proof,
        concurring=one.concurring,
        defeats=one.ranking.defeats,
        clashes=one.ranking.clashes,
        liable=one.liable,
        text=one.text,
        excluded=one.excluded,
        needs=sets,
        questions=one.questions,
    )


def _status(one: Attached, key: str, derived: Conclusions) -> Status:
    if one.excluded or one.kind == "discretion":
        breach = derived.get(Atom("breach", (one.breach.duty, key)))
        return "contingent" if breach is None else "applies" if breach.certain else "undetermined"
    follows = derived.get(Atom("follows", (one.norm.id, one.kind, one.breach.duty, key)))
    if follows is None:
        return "contingent"
    return "applies" if follows.certain else "undetermined"


def _replaced(run: Evaluation, year: int, found: list[Consequence]) -> list[Consequence]:
    """Mark the fines whose place a later fine takes, once that fine has fallen due."""
    places: dict[str, str] = {}
    for one in found:
        norm = run.version(run.rulebook.norms[one.norm], year)
        if norm.replaces and one.kind == "fine" and one.status == "applies":
            places[norm.replaces] = one.norm
    return [
        replace(c, replaced_by=places[c.norm]) if c.kind == "fine" and c.norm in places else c
        for c in found
    ]


def _verdict(duty: Duty, outcome: Outcome, sanctions: Sanctions | None) -> Verdict:
    basis, shown = duty.basis, open_gap(duty, outcome)
    return Verdict(
        norm=basis.norm.id,
        duty=duty.slot.duty,
        label=basis.norm.label,
        year=duty.slot.year,
        index=duty.slot.index,
        outcome=outcome,
        law=basis.frame.law,
        due=basis.day,
        days_left=None,
        binding=basis.binding,
        test=basis.test,
        due_proof=basis.due,
        concurring=tuple(i.norm.id for i in duty.concurring),
        defeats=duty.ranking.defeats,
        clashes=duty.ranking.clashes if duty.conflict else (),
        losing=tuple((i.norm.id, i.binding, i.test) for i in duty.losing),
        gap=duty.gap.value if duty.gap and shown else None,
        gap_unit=duty.gap.unit if duty.gap else "",
        gap_proof=duty.gap if shown else None,
        breach_proof=duty.breach_day,
        cost=duty.cost if shown else None,
        cost_price=duty.price if shown else None,
        sanctions=sanctions,
    )
