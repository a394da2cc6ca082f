"""The verdict on a duty as one column: `reasoner.judge._outcome` over columns."""

from __future__ import annotations

from carbonlex.model import Outcome
from carbonlex.portfolio.duty import Duty
from carbonlex.portfolio.graph import Graph, Node
from carbonlex.portfolio.logic import (
    choose,
    conjunction,
    disjunction,
    is_false,
    is_null,
    is_true,
    negation,
)

OUTCOMES: tuple[Outcome | None, ...] = (
    None, "complied", "breached", "pending", "not_applicable", "undetermined", "conflict",
)  # fmt: skip
"""What the codes of a verdict column mean; 0 where no norm on the duty is in force."""

_ASKED = frozenset({"missing", "unissued", "undefined"})


def code(g: Graph, outcome: Outcome | None) -> Node:
    """Return the code of an outcome."""
    return g.constant("code", OUTCOMES.index(outcome), 0)


def breached(g: Graph, duty: Duty, owed: Node) -> Node:
    """Return whether a duty that is owed was broken; unknown where that hangs on what is."""
    return conjunction(g, (owed, duty.past, negation(g, duty.met)))


def outcome(g: Graph, duty: Duty, owed: Node) -> Node:
    """Return the verdict on a duty as a code; `owed` says whether it is owed at all."""
    if duty.conflict:
        return code(g, "conflict")
    breach = breached(g, duty, owed)
    open_one = disjunction(g, (is_null(g, breach), is_null(g, owed)))
    found = _held(g, duty)
    found = choose(g, open_one, _undetermined(g, duty), found)
    found = choose(g, is_true(g, breach), code(g, "breached"), found)
    return choose(g, is_false(g, owed), code(g, "not_applicable"), found)


def _held(g: Graph, duty: Duty) -> Node:
    """Return the verdict on what is owed and not broken: complied with, or still to come."""
    complied, pending = code(g, "complied"), code(g, "pending")
    over = is_true(g, duty.past)
    if over is g.true:
        return complied
    if duty.norm.until is not None or duty.norm.kind == "prohibits":
        return choose(g, over, complied, pending)
    done = conjunction(g, (is_true(g, duty.met), negation(g, by_presumption(g, duty))))
    return choose(g, disjunction(g, (over, done)), complied, pending)


def by_presumption(g: Graph, duty: Duty) -> Node:
    """Return whether what a duty asks rests on presumptions and on nothing told."""
    test = duty.basis.test
    if test is None:
        return g.false
    told = test.walked(g, frozenset({"told"}))
    return conjunction(g, (test.walked(g, frozenset({"presumed"})), negation(g, told)))


def _undetermined(g: Graph, duty: Duty) -> Node:
    """Return undetermined, or conflict where norms on a concept clash and nothing is missing."""
    clash = []
    for proof in (duty.basis.binding, duty.basis.test):
        if proof is not None:
            doubt = is_null(g, proof.node)
            clash.append(conjunction(g, (doubt, proof.walked(g, frozenset({"conflict"})))))
    found = disjunction(g, clash)
    if found is g.false:
        return code(g, "undetermined")
    wanting = [
        conjunction(g, (is_null(g, p.node), p.walked(g, _ASKED)))
        for p in (duty.basis.binding, duty.basis.test)
        if p is not None
    ]
    only = conjunction(g, (found, negation(g, disjunction(g, wanting))))
    return choose(g, only, code(g, "conflict"), code(g, "undetermined"))
