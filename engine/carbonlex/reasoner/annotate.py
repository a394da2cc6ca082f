"""What the readers of a verdict need beside it: missing facts, presumptions, grade, chain."""

from __future__ import annotations

from dataclasses import replace

from carbonlex.calendar import days_between
from carbonlex.model import UNKNOWN, Outcome, Value
from carbonlex.reasoner.duties import Duty
from carbonlex.reasoner.evaluate import Evaluation
from carbonlex.reasoner.grades import grade_of
from carbonlex.reasoner.needs import Sets, joined, needs, presumed, smallest, unissued
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Verdict


def open_gap(duty: Duty, outcome: Outcome) -> bool:
    """Return whether there is a gap to speak of."""
    return outcome not in ("not_applicable", "complied") and duty.met is not True


def for_readers(run: Evaluation, duty: Duty, verdict: Verdict, chain: tuple[str, ...]) -> Verdict:
    """Add to a verdict what its readers need: what is missing, presumed, how good the sources."""
    basis, outcome = duty.basis, verdict.outcome
    proofs = [basis.binding, basis.excepted]
    if outcome != "not_applicable":
        proofs += [basis.test, basis.due]
    held = [p for p in proofs if p is not None]
    left = days_between(run.asked_on, basis.day) if basis.day else None
    return replace(
        verdict,
        days_left=left,
        needs=_needed(run, duty, outcome),
        gap_needs=_gap_needs(duty, open_gap(duty, outcome), run),
        sanction_needs=_breach_day_needs(run, duty, outcome),
        unissued=tuple(sorted({u for p in held for u in unissued(p)})),
        presumed=presumed([*held, verdict.gap_proof]),
        grade=grade_of(run.rulebook, basis.norm, [p for p in held if p.value is not UNKNOWN]),
        chain=chain,
    )


def _needed(run: Evaluation, duty: Duty, outcome: Outcome) -> Sets:
    """Return what would settle an undetermined verdict: whether bound, then by when, then met."""
    if outcome != "undetermined":
        return ()
    basis, vocabulary = duty.basis, run.rulebook.vocabulary
    asked: list[Proof | None] = [basis.binding, basis.excepted]
    if duty.past is UNKNOWN:
        asked.append(basis.due)
    if duty.met is UNKNOWN and duty.past is not False:
        asked.append(basis.test)
    sets: Sets = (frozenset(),)
    for proof in asked:
        if proof is not None and proof.value is UNKNOWN:
            more = needs(proof, vocabulary, basis.norm.id)
            sets = smallest([joined(a, b) for a in sets for b in more])
    return tuple(s for s in sets if s)


def _gap_needs(duty: Duty, open_one: bool, run: Evaluation) -> Sets:
    if not open_one or duty.gap is None:
        return ()
    wanted = duty.gap if duty.gap.value is UNKNOWN else duty.price
    if wanted is None or wanted.value is not UNKNOWN:
        return ()
    return needs(wanted, run.rulebook.vocabulary, duty.basis.norm.id)


def _breach_day_needs(run: Evaluation, duty: Duty, outcome: Outcome) -> Sets:
    """Return what would settle the day of the breach, on which the law of its sanctions turns."""
    norm: Value = duty.breach_date if duty.breach_date is not None else UNKNOWN
    if outcome != "breached" or norm is not UNKNOWN or duty.basis.norm.at is None:
        return ()
    day = run.value(duty.basis.norm.at, duty.basis.frame)
    return needs(day, run.rulebook.vocabulary, duty.basis.norm.id)
