"""What the law of one day attaches to a breach: kinds that compete, duties that are ordered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import cast

from carbonlex.model import UNKNOWN, Label, Value
from carbonlex.quantities import Range
from carbonlex.reasoner.duties import Duty, Slot, amount
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.fines import amount_of, higher_fine, range_of, same_amount
from carbonlex.reasoner.orders import ordered
from carbonlex.reasoner.precedence import Ranking
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.norms import ConsequenceKind, Norm

MAX_DEPTH = 3


@dataclass(frozen=True)
class Attached:
    """One consequence that a norm attaches to a breach, before it is known whether it falls due.

    `possible` means that the norm's own condition is not known to hold; `questions` are those
    that this consequence turned on.
    """

    kind: ConsequenceKind
    norm: Norm
    breach: Slot
    possible: bool
    when: Proof | None
    proof: Proof | None
    ranking: Ranking
    concurring: tuple[str, ...] = ()
    excluded: bool = False
    text: Label | None = None
    liable: Label | None = None
    questions: frozenset[str] = frozenset()

    @property
    def value(self) -> Value | None:
        """The amount: a range of yuan, tonnes, or None."""
        if self.proof is None:
            return None
        return amount(self.proof) if self.kind == "fine" else self.proof.value


@dataclass(slots=True)
class Scheme:
    """The sanctions of a breach under the law of one day, with the duties that they order."""

    law: date
    attached: list[Attached] = field(default_factory=list)
    ordered: list[tuple[Attached, Duty]] = field(default_factory=list)


@dataclass(frozen=True)
class _Candidate:
    norm: Norm
    when: Proof | None
    questions: frozenset[str] = frozenset()

    @property
    def possible(self) -> bool:
        return self.when is not None and self.when.value is UNKNOWN


@dataclass(frozen=True)
class _Contest:
    """One kind of consequence of a breach: the norms that attach it and those that exclude it.

    `questions` are those on which it turns which norms these are.
    """

    slot: Slot
    law: date
    kind: ConsequenceKind
    liable: Label | None
    group: tuple[_Candidate, ...]
    shut: tuple[_Candidate, ...]
    questions: frozenset[str]


def scheme(run: Evaluation, slot: Slot, law: date) -> Scheme:
    """Return everything that the law of a day attaches to the breach of a duty."""
    found = Scheme(law)
    _attach(run, slot, law, found, {}, 0)
    return found


def _attach(
    run: Evaluation,
    slot: Slot,
    law: date,
    into: Scheme,
    lost: dict[ConsequenceKind, frozenset[str]],
    depth: int,
) -> None:
    """Attach what follows from one breach; `lost` are the instruments that lost before, by kind."""
    lost = dict(lost)
    candidates = _candidates_once(run, slot, law)
    correction: Attached | None = None
    groups: dict[tuple[ConsequenceKind, Label | None], list[_Candidate]] = {}
    for one in candidates:
        for kind in kinds_of(one.norm):
            # A further fine stands with the fine that it follows: where the first lost, so does it.
            if not (kind == "fine" and one.norm.instrument in lost.get("fine", ())):
                groups.setdefault((kind, one.norm.liable), []).append(one)
    for (kind, liable), group in groups.items():
        shut = tuple(c for c in candidates if kind in c.norm.excludes)
        asked = [c for c in candidates if _may_exclude(run, c.norm, kind)]
        questions = frozenset[str]().union(*(c.questions for c in (*group, *asked)))
        attached = _settled(run, _Contest(slot, law, kind, liable, tuple(group), shut, questions))
        into.attached.append(attached)
        if kind == "correction" and not attached.excluded:
            correction = attached
        if kind in ("fine", "correction") and liable is None:
            beaten = {run.rulebook.norms[d.loser].instrument for d in attached.ranking.defeats}
            lost[kind] = lost.get(kind, frozenset()) | beaten - {attached.norm.instrument}
    if depth == 0:
        _open_to_discretion(run, slot, law, into, frozenset(), run.rulebook.sanctions.get("*", ()))
    else:
        _open_to_discretion(run, slot, law, into, lost.get("correction", frozenset()), ())
    if correction is not None and depth < MAX_DEPTH:
        duty = ordered(run, slot, law, correction.norm)
        if duty is not None:
            into.ordered.append((correction, duty))
            _attach(run, duty.slot, law, into, lost, depth + 1)


def _spared(run: Evaluation, norm: Norm, slot: Slot, law: date) -> Proof | None:
    """Return the step of an exception to a sanction that holds (false) or may hold (unknown)."""
    frame = Frame(slot.year, law, norm, slot.index)
    found = [run.exception(e, frame) for e in run.rulebook.exceptions.get(norm.id, ())]
    held = [f for f in found if f is not None and f.step != "spared"]
    sure = [f for f in held if f.value is not UNKNOWN]
    return next(iter([*sure, *held]), None)


def _may_exclude(run: Evaluation, norm: Norm, kind: ConsequenceKind) -> bool:
    """Return whether a norm shuts a kind out, under the reading taken or another."""
    return any(kind in n.excludes for n in run.rulebook.norms[norm.id].readings.values())


def kinds_of(norm: Norm) -> list[ConsequenceKind]:
    """Return the kinds of consequence that a sanction attaches, those left to discretion apart."""
    kinds: list[ConsequenceKind] = []
    if norm.correction:
        kinds.append("correction")
    if norm.fine is not None:
        kinds.append("fine")
    if norm.confiscation is not None:
        kinds.append("confiscation")
    if norm.deduction is not None:
        kinds.append("deduction")
    if norm.suspension:
        kinds.append("suspension")
    if norm.ban is not None:
        kinds.append("ban")
    return kinds


def _candidates_once(run: Evaluation, slot: Slot, law: date) -> list[_Candidate]:
    """Find the candidates once; what they say hangs on their own questions as well."""
    key = ("candidates", slot, law)
    if key not in run.memo:
        outside, run.reached = run.reached, set()
        found = _candidates(run, slot, law)
        dropped, run.reached = run.reached, outside
        run.memo[key] = ((found, dropped), dropped.union(*(c.questions for c in found)))
    (kept, dropped), _ = run.memo[key]
    run.reached |= dropped
    return cast("list[_Candidate]", kept)


def _candidates(run: Evaluation, slot: Slot, law: date) -> list[_Candidate]:
    found: list[_Candidate] = []
    for norm in run.rulebook.sanctions.get(slot.duty, ()):
        if not run.in_force(norm, law, slot.year):
            continue
        outside, run.reached = run.reached, set()
        version = run.version(norm, slot.year)
        when = None
        if version.when is not None:
            when = run.value(version.when, Frame(slot.year, law, version, slot.index))
            if when.value is not False:
                when = _spared(run, version, slot, law) or when
        else:
            when = _spared(run, version, slot, law)
        questions, run.reached = frozenset(run.reached), outside
        if when is not None and when.value is False:
            run.reached |= questions
            continue
        found.append(_Candidate(version, when, questions))
    return found


def _settled(run: Evaluation, contest: _Contest) -> Attached:
    """Settle once what other readings leave as it is; its questions travel with the result."""
    ids = (c.norm.id for c in (*contest.group, *contest.shut))
    key = ("attached", contest.slot, contest.law, contest.kind, *ids)
    kept = run.memo.get(key)
    if kept is None:
        found = _settle(run, contest)
        run.memo[key] = (found, set(found.questions))
        return found
    return cast(Attached, kept[0])


def _settle(run: Evaluation, contest: _Contest) -> Attached:
    """Return which norm governs one kind of consequence."""
    slot, law, kind, group = contest.slot, contest.law, contest.kind, contest.group
    outside, run.reached = run.reached, set(contest.questions)
    by_id = {c.norm.id: c for c in (*group, *contest.shut)}
    ranking = run.rank(tuple(c.norm for c in by_id.values()), law)
    proofs = {c.norm.id: amount_of(run, slot, law, kind, c.norm) for c in group}
    if kind == "fine":
        sizes = {c.norm.id: _size(run, slot, law, c.norm, proofs[c.norm.id]) for c in group}
        ranking = higher_fine(run, law, ranking, sizes)
    chosen = by_id[ranking.order[0].id]
    own = proofs.get(chosen.norm.id)
    others = [n.id for n in ranking.order[1:] if n.id in proofs]
    same = tuple(n for n in others if same_amount(proofs[n], own))
    possible = chosen.possible
    if ranking.winner is None and ranking.clashes and len(same) < len(by_id) - 1:
        # Nothing says which of them stands, so none gives a figure.
        steps = tuple(p for p in proofs.values() if p is not None)
        own = Proof("conflict", chosen.norm.id, UNKNOWN, steps[0].unit if steps else "", steps)
        possible = True
    if ranking.winner is None and len(same) == len(by_id) - 1:
        # Norms that say the same do not clash, whoever made them.
        ranking = Ranking(chosen.norm, ranking.order, ranking.defeats)
    reached, run.reached = frozenset(run.reached), outside
    return Attached(
        kind,
        chosen.norm,
        slot,
        possible,
        chosen.when,
        own,
        ranking,
        same,
        excluded=kind in chosen.norm.excludes,
        text=_text(kind, chosen.norm),
        liable=contest.liable,
        questions=reached,
    )


def _text(kind: ConsequenceKind, norm: Norm) -> Label | None:
    """Return the words of what has no amount: a bar, or a measure other than the usual."""
    if kind == "ban":
        return norm.ban
    return norm.measure if kind in ("correction", "suspension") else None


def _size(run: Evaluation, slot: Slot, law: date, norm: Norm, proof: Proof | None) -> Range | None:
    """Return the fine of a provision with its further step, where that has fallen due too."""
    first = range_of(proof)
    duty = ordered(run, slot, law, norm)
    if first is None or duty is None or duty.met is not False or duty.past is not True:
        return first
    for one in run.rulebook.sanctions.get(duty.slot.duty, ()):
        if one.instrument == norm.instrument and one.fine is not None:
            later = run.version(one, slot.year)
            more = range_of(amount_of(run, duty.slot, law, "fine", later))
            if more is None:
                return None
            first = more if later.replaces == norm.id else first.plus(more)
    return first


def _open_to_discretion(
    run: Evaluation,
    slot: Slot,
    law: date,
    into: Scheme,
    lost: frozenset[str],
    general: tuple[Norm, ...],
) -> None:
    """Add what is left to discretion; what hangs on an order that lost goes with it."""
    for norm in (*run.rulebook.sanctions.get(slot.duty, ()), *general):
        if norm.instrument in lost:
            continue
        if norm.discretion is not None and run.in_force(norm, law):
            ranking = Ranking(norm, (norm,))
            into.attached.append(
                Attached("discretion", norm, slot, False, None, None, ranking, text=norm.discretion)
            )
