"""What the law of one day attaches to a breach: kinds that compete, duties that are ordered."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import cast

from carbonlex.model import UNKNOWN, Label, Value
from carbonlex.quantities import Range
from carbonlex.reasoner.duties import Duty, Imposed, Slot, amount
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.precedence import Defeat, Ranking
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.norms import ConsequenceKind, Norm

COMPETING: tuple[ConsequenceKind, ...] = ("correction", "fine", "deduction", "suspension")
FINE_CONFLICT = "fine-conflict"
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


def scheme(run: Evaluation, slot: Slot, law: date) -> Scheme:
    """Return everything that the law of a day attaches to the breach of a duty."""
    found = Scheme(law)
    _attach(run, slot, law, found, frozenset(), 0)
    return found


def _attach(
    run: Evaluation, slot: Slot, law: date, into: Scheme, lost_fine: frozenset[str], depth: int
) -> None:
    candidates = _candidates_once(run, slot, law)
    correction: Attached | None = None
    groups: dict[tuple[ConsequenceKind, Label | None], list[_Candidate]] = {}
    for one in candidates:
        for kind in _kinds(one.norm):
            # A further fine stands with the fine that it follows: where the first lost, so does it.
            if not (kind == "fine" and one.norm.instrument in lost_fine):
                groups.setdefault((kind, one.norm.liable), []).append(one)
    for (kind, _), group in groups.items():
        attached = _settled(run, slot, law, kind, group)
        into.attached.append(attached)
        if kind == "correction" and not attached.excluded:
            correction = attached
        if kind == "fine" and attached.norm.liable is None:
            beaten = {run.rulebook.norms[d.loser].instrument for d in attached.ranking.defeats}
            lost_fine |= beaten - {attached.norm.instrument}
    if depth == 0:
        _open_to_discretion(run, slot, law, into)
    if correction is not None and depth < MAX_DEPTH:
        key = ("ordered", slot, law, correction.norm.id)
        ordered = run.once(key, lambda: _ordered(run, slot, law, correction))
        if ordered is not None:
            into.ordered.append((correction, ordered))
            _attach(run, ordered.slot, law, into, lost_fine, depth + 1)


def _kinds(norm: Norm) -> list[ConsequenceKind]:
    kinds: list[ConsequenceKind] = []
    if norm.correction:
        kinds.append("correction")
    if norm.fine is not None:
        kinds.append("fine")
    if norm.deduction is not None:
        kinds.append("deduction")
    if norm.suspension:
        kinds.append("suspension")
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
        if not run.rulebook.in_force(norm, law):
            continue
        outside, run.reached = run.reached, set()
        version = run.version(norm, slot.year)
        when = None
        if version.when is not None:
            when = run.value(version.when, Frame(slot.year, law, version, slot.index))
        questions, run.reached = frozenset(run.reached), outside
        if when is not None and when.value is False:
            run.reached |= questions
            continue
        found.append(_Candidate(version, when, questions))
    return found


def _settled(
    run: Evaluation, slot: Slot, law: date, kind: ConsequenceKind, group: list[_Candidate]
) -> Attached:
    """Settle once what other readings leave as it is; its questions travel with the result."""
    key = ("attached", slot, law, kind, *(c.norm.id for c in group))
    attached = run.memo.get(key)
    if attached is None:
        found = _settle(run, slot, law, kind, group)
        run.memo[key] = (found, set(found.questions))
        return found
    return attached[0]  # type: ignore[no-any-return]


def _settle(
    run: Evaluation, slot: Slot, law: date, kind: ConsequenceKind, group: list[_Candidate]
) -> Attached:
    """Return which norm governs one kind of consequence."""
    outside, run.reached = run.reached, set().union(*(c.questions for c in group))
    excluding = [
        _Candidate(v, None)
        for n in run.rulebook.sanctions.get(slot.duty, ())
        if _may_exclude(n, kind)
        and run.rulebook.in_force(n, law)
        and kind in (v := run.version(n, slot.year)).excludes
    ]
    norms = tuple(c.norm for c in [*group, *excluding])
    ranking = run.rank(norms, law)
    by_id = {c.norm.id: c for c in [*group, *excluding]}
    proofs = {c.norm.id: _amount(run, slot, law, kind, c.norm) for c in group}
    if kind == "fine":
        ranking = _higher_fine(run, law, ranking, proofs)
    chosen = by_id[ranking.order[0].id]
    same = tuple(
        n.id
        for n in ranking.order[1:]
        if n.id in proofs and _same(kind, proofs[n.id], proofs.get(chosen.norm.id))
    )
    questions, run.reached = frozenset(run.reached), outside
    return Attached(
        kind,
        chosen.norm,
        slot,
        chosen.possible,
        chosen.when,
        proofs.get(chosen.norm.id),
        ranking,
        same,
        excluded=kind in chosen.norm.excludes,
        questions=questions,
    )


def _may_exclude(norm: Norm, kind: ConsequenceKind) -> bool:
    return any(kind in n.excludes for n in (norm, *norm.readings.values()))


def _amount(
    run: Evaluation, slot: Slot, law: date, kind: ConsequenceKind, norm: Norm
) -> Proof | None:
    node = {"fine": norm.fine, "deduction": norm.deduction}.get(kind)
    return None if node is None else run.value(node, Frame(slot.year, law, norm, slot.index))


def _same(kind: ConsequenceKind, one: Proof | None, other: Proof | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.value is not UNKNOWN and one.value == other.value


def _higher_fine(
    run: Evaluation, law: date, ranking: Ranking, proofs: dict[str, Proof | None]
) -> Ranking:
    """Where law says that the higher fine applies, ask which reading of it is taken."""
    rules = [
        r
        for r in run.rulebook.precedence
        if r.precedence and r.precedence.step == "higher_fine" and run.rulebook.in_force(r, law)
    ]
    if not rules or FINE_CONFLICT not in run.rulebook.questions or not ranking.defeats:
        return ranking
    rule = rules[0].precedence
    assert rule is not None
    fined = [n for n in ranking.order if proofs.get(n.id) is not None]
    rank = {n.id: run.rulebook.instruments[n.instrument].rank for n in fined}
    pair = [n for n in fined if rank[n.id] == rule.higher or rank[n.id] in rule.lower]
    if len({rank[n.id] for n in pair}) < 2 or run.reading(FINE_CONFLICT) != "higher-fine":
        return ranking
    sizes = {n.id: _size(proofs[n.id]) for n in pair}
    if any(s is None for s in sizes.values()):
        # Which fine is the higher cannot be told: the unknown one stands first, undetermined.
        pair.sort(key=lambda n: sizes[n.id] is not None)
        return Ranking(None, (*pair, *(n for n in ranking.order if n not in pair)), ranking.defeats)
    pair.sort(key=lambda n: sizes[n.id] or (0, 0), reverse=True)
    kept = [d for d in ranking.defeats if not {d.winner, d.loser} <= {n.id for n in pair}]
    won = [Defeat(pair[0].id, n.id, rules[0].id, "higher_fine") for n in pair[1:]]
    order = (*pair, *(n for n in ranking.order if n not in pair))
    return Ranking(pair[0], order, (*won, *kept))


def _size(proof: Proof | None) -> tuple[object, object] | None:
    value = amount(proof) if proof is not None else None
    return (value.upper, value.lower) if isinstance(value, Range) else None


def _open_to_discretion(run: Evaluation, slot: Slot, law: date, into: Scheme) -> None:
    general = run.rulebook.sanctions.get("*", ())
    for norm in (*run.rulebook.sanctions.get(slot.duty, ()), *general):
        if norm.discretion is not None and run.rulebook.in_force(norm, law):
            ranking = Ranking(norm, (norm,))
            into.attached.append(
                Attached("discretion", norm, slot, False, None, None, ranking, text=norm.discretion)
            )


def _ordered(run: Evaluation, slot: Slot, law: date, correction: Attached) -> Duty | None:
    """Return the duty that the order to correct imposes, as its norms have it."""
    orders = [n for n in run.rulebook.norms.values() if n.ordered_by == correction.norm.id]
    if not orders:
        return None
    norm = orders[0]
    inner = Slot(norm.answers, slot.year, slot.index)
    frame = Frame(slot.year, law, norm, slot.index)
    due = run.value(norm.due, frame) if norm.due is not None else None
    day = due.value if due is not None and isinstance(due.value, date) else None
    bound = Proof("literal", correction.norm.id, True, norm=correction.norm.id)
    test = run.test(norm, frame)
    imposed = Imposed(norm, frame, bound, None, test, due, day)
    past: Value = UNKNOWN if day is None else run.asked_on > day
    gap = run.value(norm.gap, frame) if norm.gap is not None else None
    lever = run.rulebook.vocabulary.terms[norm.lever].lever if norm.lever else None
    price = run.name(lever.unit_cost, frame) if lever and gap is not None else None
    return Duty(
        inner, imposed, (), (), Ranking(norm, (norm,)), False, test.value, past, day, gap, price
    )
