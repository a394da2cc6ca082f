"""What follows for one clause from the verdicts on it: the result, why, and who may annul."""

from __future__ import annotations

from datetime import date

from carbonlex.expressions.tree import names
from carbonlex.model import UNKNOWN, Told
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Verdict
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.validity.finding import Finding, Result
from carbonlex.validity.records import WHERE, Record
from carbonlex.validity.subject import Subject


def finding_of(
    run: Evaluation,
    subject: Subject,
    record: Record,
    index: int,
    verdicts: tuple[Verdict, ...],
    before: Finding | None,
) -> Finding:
    """Return what was found of a clause on a day; `before` is what was found at its enactment."""
    broken = tuple(v for v in verdicts if v.outcome == "breached")
    doubtful = tuple(v for v in verdicts if v.outcome in ("undetermined", "conflict"))
    result: Result = "within"
    if broken:
        supervening = before is not None and before.result != "ultra_vires"
        contrary = any(run.rulebook.norms[v.norm].ground == "conflict" for v in broken)
        result = "conflict" if supervening or contrary else "ultra_vires"
    elif doubtful:
        result = "undetermined"
    powers, proofs = _powers(run, record, index)
    # No rule of what such a document may do is encoded: silence is not power.
    unregulated = result == "within" and not powers and not _ruled(run, verdicts)
    if unregulated:
        result = "undetermined"
    limiting = broken or doubtful
    limits = tuple(v.norm for v in limiting)
    against: tuple[str, ...] = ()
    if broken:
        own = tuple(
            n for v in broken for n in (v.norm, *v.concurring)
            if run.rulebook.norms[n].ground == "conflict"
        )  # fmt: skip
        ranged = any(_asks_range(run.rulebook.norms[v.norm]) for v in broken)
        against = own or (record.penal if ranged else ())
    return Finding(
        clause=record.clause,
        day=record.day,
        enactment=before is None,
        index=index,
        result=result,
        verdicts=verdicts,
        limits=limits,
        against=against,
        bases=record.bases,
        penal=record.penal,
        claimed=record.claimed,
        unfounded=record.unfounded,
        powers=powers,
        hierarchy=_hierarchy(run, subject, record.day, against) if result == "conflict" else (),
        annulment=_annulment(run, subject, record.day, result),
        needs=tuple(v.needs for v in limiting if v.outcome != "breached"),
        ceiling=_ceiling(run, record, index),
        doubts=_doubts(run.rulebook, record),
        unregulated=unregulated,
        presumed=_presumed(run, [*_proofs(verdicts), *proofs]),
    )


def _ruled(run: Evaluation, verdicts: tuple[Verdict, ...]) -> bool:
    """Return whether a rule on what such a document may do was applied.

    Who makes documents of its form, and what its matter is, say nothing of that.
    """
    whens = (run.rulebook.norms[v.norm].when for v in verdicts)
    return any(when is not None and "clause_effect" in names(when) for when in whens)


def _asks_range(norm: Norm) -> bool:
    """Return whether a norm asks if a penalty is within what higher law has set."""
    return norm.test is not None and any(n.startswith("within_") for n in names(norm.test))


def _frame(run: Evaluation, norm: Norm, record: Record, index: int) -> Frame:
    return Frame(run.asked_on.year, record.day, norm, index)


def _powers(
    run: Evaluation, record: Record, index: int
) -> tuple[tuple[str, ...], tuple[Proof, ...]]:
    """Return the norms that let makers of this form enact such a clause, and why they do."""
    found: list[tuple[str, Proof]] = []
    for norm in run.rulebook.norms.values():
        if norm.kind != "permits" or "maker" not in norm.addressees or norm.when is None:
            continue
        proof = run.value(norm.when, _frame(run, norm, record, index))
        if run.in_force(norm, record.day) and proof.value is True:
            found.append((norm.id, proof))
    return tuple(n for n, _ in found), tuple(p for _, p in found)


def _proofs(verdicts: tuple[Verdict, ...]) -> list[Proof]:
    return [p for v in verdicts for p in (v.binding, v.test) if p is not None]


def _presumed(run: Evaluation, proofs: list[Proof]) -> tuple[str, ...]:
    """Return the facts that proofs presume; what they ask of the kind of clause is told."""
    steps = (s for p in proofs for s in p.walk() if s.step == "presumed")
    return tuple(sorted({s.label for s in steps if s.label in run.rulebook.vocabulary.terms}))


def _hierarchy(
    run: Evaluation, subject: Subject, day: date, against: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the rules by which what a clause is against ranks above it."""
    ranks = {run.rulebook.instruments[run.rulebook.norms[n].instrument].rank for n in against}
    return tuple(
        n.id
        for n in run.rulebook.precedence
        if run.in_force(n, day) and n.precedence is not None and n.precedence.step == "rank"
        and n.precedence.higher in ranks and subject.form in n.precedence.lower
    )  # fmt: skip


def _annulment(run: Evaluation, subject: Subject, day: date, result: Result) -> tuple[str, ...]:
    """Return the ground of annulment and who may annul, as the Legislation Law has them."""
    if result not in ("ultra_vires", "conflict"):
        return ()
    grounds, bodies = [], []
    for norm in run.rulebook.precedence:
        rule = norm.precedence
        if rule is None or not run.in_force(norm, day):
            continue
        if rule.step == "ground" and rule.ground == result:
            grounds.append(norm.id)
        if rule.step == "annulment" and subject.form in rule.between:
            bodies.append(norm.id)
    # The Legislation Law says nothing of documents that are neither law nor rule.
    return (*grounds, *bodies) if bodies else ()


def _ceiling(run: Evaluation, record: Record, index: int) -> Told | None:
    """Return the recalled ceiling of fines with which a fine is compared, if there is one."""
    term = run.rulebook.vocabulary.terms.get("recalled_ceiling")
    norms = run.rulebook.definitions.get("recalled_ceiling", ())
    departmental = record.facts["clause_form"].value == "departmental_rule"
    if term is None or record.clause.effect != "fine" or not departmental:
        return None
    for norm in norms:
        if run.in_force(norm, record.day):
            value = run.term(term, _frame(run, norm, record, index), index).value
            return None if value is UNKNOWN else Told(value, WHERE)  # type: ignore[arg-type]
    return None


def _doubts(rulebook: Rulebook, record: Record) -> tuple[str, ...]:
    """Return the declared doubts of validity about the words that a clause rests on."""
    clause = record.clause
    # An expression that a reform makes has the key of the one that it amends, and a day.
    key = clause.norm.instrument.partition("@")[0]
    places = {f"{key}#{e}" for e in clause.norm.provisions}
    doubts = [
        q.name
        for q in rulebook.questions.values()
        if q.validity and any(_meets(p, place) for p in q.provisions for place in places)
    ]
    return (*doubts, *_displaced(rulebook, record))


def _displaced(rulebook: Rulebook, record: Record) -> tuple[str, ...]:
    """Return the questions whether a higher norm of the day leaves room for a deduction."""
    clause = record.clause
    if clause.effect != "deduction":
        return ()
    others = (n for n in rulebook.sanctions.get(clause.duty, ()) if n.readings)
    return tuple(
        n.question
        for n in others
        if n.instrument != clause.norm.instrument and rulebook.in_force(n, record.day)
        and any("deduction" in r.excludes for r in n.readings.values())
    )  # fmt: skip


def _meets(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}__") or other.startswith(f"{one}__")
