"""One duty of one year under the law of its day: who imposes it, who is bound, is it met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from carbonlex.calendar import next_day
from carbonlex.model import UNKNOWN, Value
from carbonlex.quantities import Range
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.operators import conjunction
from carbonlex.reasoner.precedence import Ranking
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.norms import Norm


class Slot(NamedTuple):
    """Where a verdict belongs: a duty, a compliance year, a child record (-1: the root)."""

    duty: str
    year: int
    index: int = -1  # type: ignore[assignment]  # a record's place, not tuple.index

    @property
    def key(self) -> str:
        """The slot as one word, for propositions."""
        return f"{self.year}#{self.index}"


@dataclass(frozen=True)
class Imposed:
    """One norm that imposes a duty: whether it binds, what it asks, by when."""

    norm: Norm
    frame: Frame
    binding: Proof
    excepted: Proof | None
    test: Proof | None
    due: Proof | None
    day: date | None

    @property
    def answer(self) -> tuple[object, ...]:
        """What two norms must share to say the same."""
        test = self.test.value if self.test else None
        day = self.day if self.due is None or self.day else UNKNOWN
        return (self.bound, test, day)

    @property
    def bound(self) -> Value:
        """Whether the norm binds, exceptions considered."""
        return conjunction([self.binding.value, UNKNOWN if self.excepted else True])


@dataclass(frozen=True)
class Duty:
    """A duty as the norms in force impose it: the basis, what concurs, what lost."""

    slot: Slot
    basis: Imposed
    concurring: tuple[Imposed, ...]
    losing: tuple[Imposed, ...]
    ranking: Ranking
    conflict: bool
    met: Value
    past: Value
    breach_date: date | None
    gap: Proof | None
    price: Proof | None
    breach_day: Proof | None = None

    @property
    def cost(self) -> Fraction | None:
        """What it costs to close the gap at the price told."""
        if self.gap is None or self.price is None:
            return None
        gap, price = self.gap.value, self.price.value
        if isinstance(gap, Fraction) and isinstance(price, Fraction):
            return gap * price
        return None


def impose(run: Evaluation, norm: Norm, slot: Slot, under: date | None = None) -> Imposed | None:
    """Return what one norm asks in a slot; None where it is not in force on its day.

    `under` puts the law of another day in place of that which the duty turns on.
    """
    declared, norm = norm, run.version(norm, slot.year)
    first = Frame(slot.year, run.asked_on, norm, slot.index)
    due = _day_of(run, norm, first)
    day = due.value if due is not None and isinstance(due.value, date) else None
    law = under or _law_date(run, norm, day)
    if not run.in_force(norm, law, slot.year):
        return None
    frame = first._replace(law=law)
    binding = _binding(run, norm, frame)
    excepted = None
    if binding.value is not False:
        for exception in run.rulebook.exceptions.get(norm.id, ()):
            found = run.exception(exception, frame)
            if found is None or found.step == "spared":
                continue
            if found.value is not UNKNOWN:
                binding = Proof("logic", norm.id, False, parts=(found,), extra="exception")
            else:
                excepted = found
    test = run.test(norm, frame) if binding.value is not False else None
    broken = _day_broken(run, norm, test, frame)
    if under is None and broken is not None and broken < law:
        return impose(run, declared, slot, broken)  # a breach is judged by the law of its day
    return Imposed(norm, frame, binding, excepted, test, due, day)


def _day_of(run: Evaluation, norm: Norm, frame: Frame) -> Proof | None:
    for node in (norm.due, norm.until, norm.at):
        if node is not None:
            return run.value(node, frame)
    return None


def _law_date(run: Evaluation, norm: Norm, day: date | None) -> date:
    """Duties are read at the deadline; continuing ones at the day asked while they last."""
    if day is None:
        return run.asked_on
    return min(day, run.asked_on) if norm.until is not None else day


def _day_broken(run: Evaluation, norm: Norm, test: Proof | None, frame: Frame) -> date | None:
    """Return the day on which a continuing duty was broken, where it was and that was told."""
    if norm.until is None or norm.at is None or test is None or test.value is not False:
        return None
    broken = run.value(norm.at, frame).value
    return broken if isinstance(broken, date) else None


def _binding(run: Evaluation, norm: Norm, frame: Frame) -> Proof:
    nodes = [n for n in (norm.bearer, norm.when) if n is not None]
    parts = tuple(run.value(n, frame) for n in nodes)
    if len(parts) == 1:
        return parts[0]
    value = conjunction([p.value for p in parts])
    both = " and ".join(f"({run.written(n)})" for n in nodes)
    return Proof("logic", both, value, parts=parts, extra="and", norm=norm.id)


def duty_in(
    run: Evaluation, slot: Slot, norms: tuple[Norm, ...], under: date | None = None
) -> Duty | None:
    """Return a duty as all norms in force impose it; None where none is in force."""
    found = [i for n in norms if (i := impose(run, n, slot, under)) is not None]
    found = [i for i in found if not _no_occasion(run, i)]
    if not found:
        return None
    # A norm that does not bind says nothing on the question, if another binds.
    binding = [i for i in found if i.binding.value is not False] or found
    day = max(i.frame.law for i in binding)
    ranking = run.rank(tuple(i.norm for i in binding), day)
    by_id = {i.norm.id: i for i in binding}
    basis = by_id[ranking.order[0].id]
    others = [by_id[n.id] for n in ranking.order[1:]]
    same = tuple(i for i in others if i.answer == basis.answer)
    losing = tuple(i for i in others if i.answer != basis.answer)
    conflict = bool(losing) and ranking.winner is None
    if conflict and not any(_differ(basis, other) for other in losing):
        # They may yet agree: what is not known is the answer until it is told.
        unknown = [i for i in (basis, *losing) if UNKNOWN in i.answer]
        losing = tuple(i for i in (basis, *losing) if i is not unknown[0])
        basis, conflict = unknown[0], False
    return _dated(run, slot, basis, same, losing, ranking, conflict)


def _no_occasion(run: Evaluation, imposed: Imposed) -> bool:
    """Return whether the occasion on which a norm asks anything (`when`) has not arisen."""
    norm = imposed.norm
    if norm.when is None or norm.question:
        return False
    return run.value(norm.when, imposed.frame).value is False


def _differ(one: Imposed, other: Imposed) -> bool:
    """Return whether two norms differ for certain, whatever is told."""
    pairs = zip(one.answer, other.answer, strict=True)
    return any(UNKNOWN not in (a, b) and a != b for a, b in pairs)


def _dated(
    run: Evaluation,
    slot: Slot,
    basis: Imposed,
    concurring: tuple[Imposed, ...],
    losing: tuple[Imposed, ...],
    ranking: Ranking,
    conflict: bool,
) -> Duty:
    norm, test = basis.norm, basis.test
    lost: Proof | None = None
    held: Value = UNKNOWN if test is None else test.value
    after: Value = UNKNOWN if basis.day is None else run.asked_on > basis.day
    if basis.due is not None and basis.due.step == "unissued" and basis.due.extra == "later":
        after = False  # no day had been set on the day asked, so nothing was due
    if norm.kind == "prohibits":
        held = UNKNOWN if held is UNKNOWN else not held
        if basis.due is not None and basis.due.step == "missing":
            held = UNKNOWN  # which day's law forbids the act cannot be told
        # An act is a breach when it is done; until its day has passed it may still be done.
        past: Value = True if held is False else after
        breach = basis.day
    elif norm.until is not None:
        past = True if held is False else after
        lost = run.value(norm.at, basis.frame) if norm.at is not None else None
        breach = lost.value if lost is not None and isinstance(lost.value, date) else None
    else:
        past, breach = after, next_day(basis.day) if basis.day else None
    gap = run.value(norm.gap, basis.frame) if norm.gap is not None and test is not None else None
    price = None
    if gap is not None and norm.lever:
        lever = run.rulebook.vocabulary.terms[norm.lever].lever
        price = run.name(lever.unit_cost, basis.frame) if lever else None
    return Duty(
        slot, basis, concurring, losing, ranking, conflict, held, past, breach, gap, price, lost
    )


def amount(proof: Proof) -> Value:
    """Return a fine as a range, a single figure being a range of one."""
    return Range(proof.value, proof.value) if isinstance(proof.value, Fraction) else proof.value
