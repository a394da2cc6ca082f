"""The duty that an order to correct imposes: to do late what was not done in time."""

from __future__ import annotations

from datetime import date

from carbonlex.model import UNKNOWN, Value
from carbonlex.reasoner.duties import Duty, Imposed, Slot
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.precedence import Ranking
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.norms import Norm


def ordered(run: Evaluation, slot: Slot, law: date, sanction: Norm) -> Duty | None:
    """Return the duty that a sanction orders, computed once; None where it orders none."""
    key = ("ordered", slot, law, sanction.id)
    return run.once(key, lambda: _ordered(run, slot, law, sanction))


def _ordered(run: Evaluation, slot: Slot, law: date, sanction: Norm) -> Duty | None:
    """Return the duty that the order to correct imposes, as its norms have it."""
    orders = [n for n in run.rulebook.norms.values() if n.ordered_by == sanction.id]
    if not orders:
        return None
    norm = orders[0]
    inner = Slot(norm.answers, slot.year, slot.index)
    frame = Frame(slot.year, law, norm, slot.index)
    due = run.value(norm.due, frame) if norm.due is not None else None
    day = due.value if due is not None and isinstance(due.value, date) else None
    bound = Proof("literal", sanction.id, True, norm=sanction.id)
    test = run.test(norm, frame)
    imposed = Imposed(norm, frame, bound, None, test, due, day)
    past: Value = UNKNOWN if day is None else run.asked_on > day
    gap = run.value(norm.gap, frame) if norm.gap is not None else None
    lever = run.rulebook.vocabulary.terms[norm.lever].lever if norm.lever else None
    price = run.name(lever.unit_cost, frame) if lever and gap is not None else None
    return Duty(
        inner, imposed, (), (), Ranking(norm, (norm,)), False, test.value, past, day, gap, price
    )
