"""One duty of one year over columns: who imposes it, who is bound, is it met.

`reasoner.duties` with columns for values and a `World` for what turns on a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from carbonlex.portfolio.arithmetic import compare, least, multiply, same
from carbonlex.portfolio.days import DAYS
from carbonlex.portfolio.frame import Frame, Place
from carbonlex.portfolio.graph import Node
from carbonlex.portfolio.logic import (
    choose,
    conjunction,
    disjunction,
    is_false,
    is_known,
    is_null,
    is_true,
    negation,
)
from carbonlex.portfolio.sym import Sym
from carbonlex.portfolio.symbolic import Symbolic
from carbonlex.portfolio.worlds import World
from carbonlex.rulebook.norms import Norm


@dataclass(frozen=True)
class Imposed:
    """One norm that imposes a duty: whether it binds, what it asks, by when."""

    norm: Norm
    frame: Frame
    binding: Sym
    excepted: bool
    test: Sym | None
    due: Sym | None
    day: Node


@dataclass(frozen=True)
class Duty:
    """A duty as the norms in force impose it, in one world of rows.

    Attributes:
        owed, met, past: whether it is owed, met, and its day past; each may be unknown.
        breach: the day of the breach.
        gap, cost: how far off, and what it costs to close the gap.
    """

    name: str
    basis: Imposed
    conflict: bool
    owed: Node
    met: Node
    past: Node
    breach: Node
    gap: Node
    cost: Node

    @property
    def norm(self) -> Norm:
        """The norm that the duty is based on."""
        return self.basis.norm


def impose(
    run: Symbolic, norm: Norm, year: int, place: Place, world: World, under: date | None = None
) -> Imposed | None:
    """Return what one norm asks; None where it is not in force on its day."""
    g = run.graph
    declared, norm = norm, run.version(norm, year)
    first = Frame(year, run.asked_on, norm, place)
    node = norm.due or norm.until or norm.at
    due = run.value(node, first) if node is not None else None
    day = due.node if due is not None else g.null("date")
    law = under or _law_date(run, norm, day, world)
    if not run.in_force(norm, law, year):
        return None
    frame = first._replace(law=law)
    binding = _binding(run, norm, frame)
    exceptions = run.rulebook.exceptions.get(norm.id, ())
    excepted = False
    if exceptions and world.truth(binding.node) is not False:
        for exception in exceptions:
            found = run.exception(exception, frame, world)
            if found is None or found.step == "spared":
                continue
            if world.known(found.node):
                binding = Sym(g.false, "logic", ((g.true, found),))
            else:
                excepted = True
    test = run.test(norm, frame) if binding.node is not g.false else None
    if under is None and norm.until is not None and norm.at is not None and test is not None:
        broken = _day_broken(run, norm, binding, test, frame, world)
        if broken is not None and _stretch(run, broken) < _stretch(run, law):
            return impose(run, declared, year, place, world, broken)
    return Imposed(norm, frame, binding, excepted, test, due, day)


def _stretch(run: Symbolic, day: date) -> int:
    """Return which stretch of unchanged law a day is in."""
    return sum(1 for b in run.breaks if b <= day)


def _law_date(run: Symbolic, norm: Norm, day: Node, world: World) -> date:
    if norm.until is not None and day.op != "null":
        lasting = least(run.graph, "min", [day, run.graph.day(run.asked_on)])
        return world.day(lasting) or run.asked_on
    return world.day(day) or run.asked_on


def _day_broken(
    run: Symbolic, norm: Norm, binding: Sym, test: Sym, frame: Frame, world: World
) -> date | None:
    assert norm.at is not None
    broken = run.value(norm.at, frame).node
    if broken.op == "null" or world.truth(test.node) is not False:
        return None
    if world.truth(binding.node) is False:  # who is not bound breaks nothing
        return None
    return world.day(broken)


def _binding(run: Symbolic, norm: Norm, frame: Frame) -> Sym:
    nodes = [n for n in (norm.bearer, norm.when) if n is not None]
    parts = [run.value(n, frame) for n in nodes]
    if len(parts) == 1:
        return parts[0]
    g = run.graph
    value = conjunction(g, [p.node for p in parts])
    return Sym(value, "logic", tuple((g.true, p) for p in parts))


def duty_in(
    run: Symbolic, name: str, norms: tuple[Norm, ...], year: int, place: Place, world: World
) -> Duty | None:
    """Return a duty as all norms in force impose it; None where none is in force."""
    imposed = [i for n in norms if (i := impose(run, n, year, place, world)) is not None]
    found = [i for i in imposed if not _no_occasion(run, i, world)]
    if not found:
        return None
    if len(found) == 1:
        return _dated(run, name, found[0], False)
    binding = [_bound(run, i, world) for i in found]
    sure = [i for i in binding if i.binding.node is not run.graph.false] or binding
    day = max(i.frame.law for i in sure)
    ranking = run.rank(tuple(i.norm for i in sure), day)
    by_id = {i.norm.id: i for i in sure}
    ordered = [by_id[n.id] for n in ranking.order]
    basis, conflict = ordered[0], False
    if ranking.winner is None:
        basis, conflict = _unsettled(run, ordered, world)
    return _dated(run, name, basis, conflict)


def _bound(run: Symbolic, imposed: Imposed, world: World) -> Imposed:
    """Return what a norm asks where it is decided whether it binds: nothing where it does not."""
    if world.truth(imposed.binding.node) is not False:
        return imposed
    not_bound = Sym(run.graph.false, "logic", imposed.binding.parts)
    return Imposed(
        imposed.norm, imposed.frame, not_bound, imposed.excepted, None, imposed.due, imposed.day
    )


def _no_occasion(run: Symbolic, imposed: Imposed, world: World) -> bool:
    norm = imposed.norm
    if norm.when is None or norm.question:
        return False
    return world.truth(run.value(norm.when, imposed.frame).node) is False


def _answer(run: Symbolic, imposed: Imposed) -> tuple[Node | None, ...]:
    """Return what two norms must share to say the same: being bound, the test, the day."""
    test = None if imposed.test is None else imposed.test.node
    return (_owed(run, imposed), test, None if imposed.due is None else imposed.day)


def _owed(run: Symbolic, imposed: Imposed) -> Node:
    doubt = [run.graph.null("boolean")] if imposed.excepted else []
    return conjunction(run.graph, [imposed.binding.node, *doubt])


def _unsettled(run: Symbolic, ordered: list[Imposed], world: World) -> tuple[Imposed, bool]:
    """Return the basis where nothing decides, and whether that is a conflict."""
    g = run.graph
    basis, own = ordered[0], _answer(run, ordered[0])
    losing = []
    for other in ordered[1:]:
        pairs = list(zip(own, _answer(run, other), strict=True))
        alike = [g.truth(a is b) if a is None or b is None else same(g, a, b) for a, b in pairs]
        if not world.truth(conjunction(g, alike)):
            losing.append((other, pairs))
    if not losing:
        return basis, False
    for _, pairs in losing:
        apart = []
        for a, b in pairs:
            if a is None or b is None:
                known = [is_known(g, n) for n in (a, b) if n is not None]
                apart.append(g.truth(a is not b) if not known else known[0])
            elif "null" not in (a.op, b.op):
                apart.append(is_true(g, compare(g, "!=", a, b)))
        if world.truth(disjunction(g, apart)):
            return basis, True
    for one in (basis, *(o for o, _ in losing)):
        doubts = [is_null(g, n) for n in _answer(run, one) if n is not None]
        if world.truth(disjunction(g, doubts)):
            return one, False
    return basis, False  # no row is here: decisions taken before say that one of these is so


def _dated(run: Symbolic, name: str, basis: Imposed, conflict: bool) -> Duty:
    g, norm, test, due = run.graph, basis.norm, basis.test, basis.due
    held = g.null("boolean") if test is None else test.node
    asked = g.day(run.asked_on)
    past = g.null("boolean")
    if basis.day.op != "null":
        past = compare(g, ">", asked, basis.day)
    if due is not None:
        past = choose(g, due.stepped(g, "unissued", "later"), g.false, past)
    if norm.kind == "prohibits":
        held = negation(g, held)
        if due is not None:
            held = choose(g, due.stepped(g, "missing"), g.unknown, held)
        past = choose(g, is_false(g, held), g.true, past)
        breach = basis.day
    elif norm.until is not None:
        past = choose(g, is_false(g, held), g.true, past)
        breach = run.value(norm.at, basis.frame).node if norm.at is not None else g.null("date")
    else:
        breach = DAYS["add_days"](g, [basis.day, g.constant("number", 1, 0)])
    gap, cost = measured(run, norm, basis.frame, test is not None)
    return Duty(name, basis, conflict, _owed(run, basis), held, past, breach, gap, cost)


def measured(run: Symbolic, norm: Norm, frame: Frame, tested: bool) -> tuple[Node, Node]:
    """Return the gap of a duty and what it costs to close it at the price told."""
    g = run.graph
    if norm.gap is None or not tested:
        return g.null("number"), g.null("number")
    gap = run.value(norm.gap, frame).node
    lever = run.rulebook.vocabulary.terms[norm.lever].lever if norm.lever else None
    if lever is None or gap.kind == "boolean":
        return gap, g.null("number")
    price = run.name(lever.unit_cost, frame).node
    cost = g.null("number") if "any" in (gap.kind, price.kind) else multiply(g, gap, price)
    return gap, cost
