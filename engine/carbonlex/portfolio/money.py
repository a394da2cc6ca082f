"""What a breach costs, over columns: the fines that fell due, confiscation, deduction."""

from __future__ import annotations

from typing import NamedTuple

from carbonlex.portfolio.arithmetic import add, compare
from carbonlex.portfolio.days import DAYS
from carbonlex.portfolio.duty import Duty
from carbonlex.portfolio.frame import Frame
from carbonlex.portfolio.graph import Node
from carbonlex.portfolio.logic import (
    choose,
    conjunction,
    disjunction,
    is_false,
    is_null,
    is_true,
    negation,
)
from carbonlex.portfolio.outcome import OUTCOMES, breached, outcome
from carbonlex.portfolio.scheme import Attached, Breach, Scheme
from carbonlex.portfolio.sym import Span
from carbonlex.portfolio.symbolic import Symbolic
from carbonlex.reasoner.limitation import DISCOVERED
from carbonlex.rulebook.norms import ConsequenceKind

_PENALTIES = frozenset({"fine", "confiscation"})


class Owing(NamedTuple):
    """What a breach brings: sums of what has fallen due, unknown where one of them is.

    `fines` says of each fine on the bearer whether it applies, by norm.
    """

    fine_low: Node
    fine_high: Node
    confiscation_low: Node
    confiscation_high: Node
    deduction_low: Node
    deduction_high: Node
    fines: tuple[tuple[str, Node], ...]


class _State(NamedTuple):
    """A consequence: whether its breach happened, and whether it does not count.

    `closed`: what was ordered has been done; `gone`: that, or barred, or replaced.
    """

    one: Attached
    follows: Node
    closed: Node
    gone: Node


def owing(run: Symbolic, duty: Duty, breach: Breach, found: Scheme) -> Owing:
    """Return what the law of a day takes for a breach that happened or may have."""
    states = _states(run, duty, breach, found)
    fine = _sum(run, states, "fine", liable=False)
    confiscation = _sum(run, states, "confiscation", liable=True)
    deduction = _sum(run, states, "deduction", liable=True)
    fines = tuple(
        (s.one.norm.id, _applies(run, s))
        for s in states
        if s.one.kind == "fine" and s.one.liable is None and not s.one.excluded
    )
    return Owing(*fine, *confiscation, *deduction, fines)


def _states(run: Symbolic, duty: Duty, breach: Breach, found: Scheme) -> list[_State]:
    g = run.graph
    broken = [breached(g, duty, duty.owed)]
    closed = [g.false]
    for correction, order in found.ordered:
        owed = conjunction(g, (broken[-1], _attaches(run, correction)))
        done = compare(g, "==", outcome(g, order, owed), _complied(run))
        closed.append(done)
        broken.append(breached(g, order, owed))
    late = _barred(run, duty, breach)
    states = []
    for one in found.attached:
        certain = g.true if one.excluded else _attaches(run, one)
        follows = conjunction(g, (broken[one.depth], certain))
        barred = late if one.kind in _PENALTIES else g.false
        shut = closed[one.depth]
        states.append(_State(one, follows, shut, disjunction(g, (shut, barred))))
    return _replaced(run, states)


def _complied(run: Symbolic) -> Node:
    return run.graph.constant("code", OUTCOMES.index("complied"), 0)


def _attaches(run: Symbolic, one: Attached) -> Node:
    return run.graph.null("boolean") if one.possible else run.graph.true


def _applies(run: Symbolic, state: _State) -> Node:
    g = run.graph
    return conjunction(g, (is_true(g, state.follows), negation(g, state.gone)))


def _replaced(run: Symbolic, states: list[_State]) -> list[_State]:
    """Take away the fines whose place a later fine takes, once that fine has fallen due."""
    g = run.graph
    places: dict[str, Node] = {}
    for state in states:
        if state.one.norm.replaces and state.one.kind == "fine":
            due = conjunction(g, (is_true(g, state.follows), negation(g, state.closed)))
            before = places.get(state.one.norm.replaces, g.false)
            places[state.one.norm.replaces] = disjunction(g, (before, due))
    found = []
    for state in states:
        if state.one.kind == "fine" and state.one.norm.id in places:
            gone = disjunction(g, (state.gone, places[state.one.norm.id]))
            state = state._replace(gone=gone)
        found.append(state)
    return found


def _sum(run: Symbolic, states: list[_State], kind: ConsequenceKind, *, liable: bool) -> Span:
    """Add up what fell due; what may have fallen due makes the sum unknown."""
    g = run.graph
    zero = g.constant("number", 0, 0)
    low = high = zero
    for state in states:
        one = state.one
        if one.kind != kind or one.excluded or (one.liable is not None and not liable):
            continue
        amount = one.amount or Span(g.null("number"), g.null("number"))
        nothing = disjunction(g, (state.gone, is_false(g, state.follows)))
        doubt = is_null(g, state.follows)
        ends = [
            choose(g, nothing, zero, choose(g, doubt, g.null("number"), _number(run, end)))
            for end in amount
        ]
        low, high = add(g, low, ends[0]), add(g, high, ends[1])
    return Span(low, high)


def _number(run: Symbolic, node: Node) -> Node:
    return run.graph.null("number") if node.kind == "any" else node


def _barred(run: Symbolic, duty: Duty, breach: Breach) -> Node:
    """Return whether limitation has taken the penalties away: `reasoner.limitation`."""
    g = run.graph
    rules = [n for n in run.rulebook.sanctions.get("*", ()) if n.limits is not None]
    in_force = tuple(n for n in rules if run.in_force(n, breach.law))
    if not in_force or DISCOVERED not in run.rulebook.vocabulary.terms:
        return g.false
    norm = run.version(run.rank(in_force, breach.law).order[0], breach.year)
    assert norm.limits is not None
    frame = Frame(breach.year, breach.law, norm, breach.place)
    years = run.value(norm.limits, frame).node
    question = duty.norm.continuing
    if question and run.reading(question) == "continuing":
        # It lasts while it is not cured, and what lasts is not barred.
        lasts = negation(g, is_true(g, duty.met))
    else:
        lasts = g.false
    told = run.name(DISCOVERED, frame).node
    if "null" in (told.op, duty.breach.op):
        return g.false
    last = DAYS["add_years"](g, [duty.breach, years])
    late = is_true(g, compare(g, ">", told, last))
    return conjunction(g, (late, negation(g, lasts)))
