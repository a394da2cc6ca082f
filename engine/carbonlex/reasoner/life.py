"""The legal life of a result as propositions: bound, owed, broken, followed, ordered, broken again.

What is known of a case goes in as atoms; the chainer says what follows and by which rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from carbonlex.model import UNKNOWN, Value
from carbonlex.reasoner.chaining.propositions import Atom, Chainer, Conclusion, Rule
from carbonlex.reasoner.chaining.select import chainer_for
from carbonlex.reasoner.duties import Duty, Slot
from carbonlex.reasoner.sanctions import Scheme

RULES: tuple[Rule, ...] = (
    Rule(
        "duty",
        (Atom("binds", ("?n", "?s")), Atom("imposes", ("?n", "?d", "?s"))),
        Atom("owed", ("?d", "?s")),
        (Atom("excepted", ("?n", "?s")),),
    ),
    Rule(
        "breach",
        (Atom("owed", ("?d", "?s")), Atom("past", ("?d", "?s"))),
        Atom("breach", ("?d", "?s")),
        (Atom("met", ("?d", "?s")),),
    ),
    Rule(
        "fulfilment",
        (Atom("owed", ("?d", "?s")), Atom("met", ("?d", "?s"))),
        Atom("fulfilled", ("?d", "?s")),
    ),
    Rule(
        "sanction",
        (Atom("breach", ("?d", "?s")), Atom("attaches", ("?x", "?k", "?d", "?s"))),
        Atom("follows", ("?x", "?k", "?d", "?s")),
    ),
    Rule(
        "order",
        (Atom("follows", ("?x", "correction", "?d", "?s")), Atom("orders", ("?x", "?e", "?s"))),
        Atom("owed", ("?e", "?s")),
    ),
)


@cache
def chainer(prefer: str = "") -> Chainer:
    """Return the chainer of the legal life, compiled once per process."""
    return chainer_for(RULES, prefer)


class Propositions:
    """Collects what is known of a case as atoms, certain and possible."""

    def __init__(self) -> None:
        self.certain: list[Atom] = []
        self.possible: list[Atom] = []

    def put(self, value: Value, predicate: str, *args: str) -> None:
        """Put a proposition in: certain if true, possible if unknown, not at all if false."""
        if value is UNKNOWN:
            self.possible.append(Atom(predicate, args))
        elif value:
            self.certain.append(Atom(predicate, args))

    def duty(self, duty: Duty, slot: str, imposed_by_law: bool) -> None:
        """Put in what is known of one duty; `slot` keeps schemes of two laws apart."""
        name = duty.slot.duty
        if imposed_by_law:
            self.put(duty.basis.binding.value, "binds", duty.basis.norm.id, slot)
            self.put(True, "imposes", duty.basis.norm.id, name, slot)
            if duty.basis.excepted is not None:
                self.put(UNKNOWN, "excepted", duty.basis.norm.id, slot)
        self.put(duty.past, "past", name, slot)
        self.put(duty.met, "met", name, slot)

    def scheme(self, scheme: Scheme, slot: str) -> None:
        """Put in what one law attaches to breaches, and what it orders."""
        for one in scheme.attached:
            if not one.excluded:
                value: Value = UNKNOWN if one.possible else True
                self.put(value, "attaches", one.norm.id, one.kind, one.breach.duty, slot)
        for correction, duty in scheme.ordered:
            self.put(True, "orders", correction.norm.id, duty.slot.duty, slot)
            self.duty(duty, slot, imposed_by_law=False)


def slot_key(slot: Slot, law: str = "") -> str:
    """Return the name of a slot in propositions; the law tells two schemes of one breach apart."""
    return f"{slot.duty}|{slot.key}|{law}"


def traces(conclusions: Mapping[Atom, Conclusion]) -> dict[str, tuple[str, ...]]:
    """Return, by slot, the rules by which each conclusion was reached, in words for machines."""
    found: dict[str, list[str]] = {}
    for atom, conclusion in conclusions.items():
        if conclusion.why:
            mark = "" if conclusion.certain else " (possible)"
            rules = ",".join(sorted({d.rule for d in conclusion.why}))
            said = f"{atom.predicate}({', '.join(atom.args[:-1])}){mark} <= {rules}"
            found.setdefault(atom.args[-1], []).append(said)
    return {slot: tuple(lines) for slot, lines in found.items()}
