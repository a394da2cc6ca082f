"""A concept from the definitions in force: `reasoner.evaluate.derive` over columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from carbonlex.portfolio.arithmetic import same
from carbonlex.portfolio.choices import either, recoded
from carbonlex.portfolio.frame import Frame, Place
from carbonlex.portfolio.graph import Node
from carbonlex.portfolio.logic import conjunction, negation
from carbonlex.portfolio.sym import Sym, unknown
from carbonlex.portfolio.worlds import Leaf, Tree, World, explore
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.vocabulary import Term

if TYPE_CHECKING:
    from carbonlex.portfolio.symbolic import Symbolic


class _Candidate(NamedTuple):
    norm: Norm
    sym: Sym


def defined(run: Symbolic, term: Term, frame: Frame, place: Place) -> Sym:
    """Derive a concept without looking whether it was told."""
    tree = explore(run.graph, lambda world: _derived(run, term, frame, place, world))
    return gathered(run, tree, term.name)


def gathered(run: Symbolic, tree: Tree[Sym], name: str) -> Sym:
    """Join what the worlds gave, value and steps."""
    if isinstance(tree, Leaf):
        return tree.result
    g = run.graph
    found = gathered(run, tree.rest, name)
    for condition, branch in reversed(tree.cases):
        inner = gathered(run, branch, name)
        value, choices = either(g, condition, inner, found)
        parts = ((condition, inner), (negation(g, condition), found))
        found = Sym(value, "choice", parts, choices, name)
    return found


def _derived(run: Symbolic, term: Term, frame: Frame, place: Place, world: World) -> Sym:
    g = run.graph
    found: list[_Candidate] = []
    for norm in run.rulebook.definitions.get(term.name, ()):
        if not run.in_force(norm, frame.law, frame.year):
            continue
        version = run.version(norm, frame.year)
        inner = type(frame)(frame.year, frame.law, version, place)
        sym = _definition(run, version, inner, world)
        if sym is not None:
            found.append(_Candidate(norm, sym))
    if not found:
        return Sym(g.unknown, "undefined", name=term.name)
    ranking = run.rank(tuple(c.norm for c in found), frame.law)
    chosen = next(c.sym for c in found if c.norm.id == ranking.order[0].id)
    parts = [(g.true, chosen), *((g.true, c.sym) for c in found if c.sym is not chosen)]
    if ranking.winner is not None:
        return Sym(chosen.value, "concept", parts, chosen.choices, term.name)
    agreed = conjunction(g, [_equal(run, found[0].sym, c.sym) for c in found[1:]])
    clash = Sym(g.unknown, "conflict", parts, name=term.name)
    if not world.truth(agreed):
        return clash
    return Sym(chosen.value, "concept", parts, chosen.choices, term.name)


def _equal(run: Symbolic, one: Sym, other: Sym) -> Node:
    first, second = recoded(run.graph, one, other)
    return same(run.graph, first, second)


def _definition(run: Symbolic, norm: Norm, frame: Frame, world: World) -> Sym | None:
    """Read one definition with its exceptions; None where its condition fails."""
    g = run.graph
    parts: list[tuple[Node, Sym]] = []
    sure = True
    if norm.when is not None:
        when = run.value(norm.when, frame)
        holds = world.truth(when.node)
        if holds is False:
            return None
        sure = holds is True
        parts.append((g.true, when))
    for exception in run.rulebook.exceptions.get(norm.id, ()):
        found = run.exception(exception, frame, world)
        if found is None:
            continue
        parts.append((g.true, found))
        if found.step == "spared":
            continue
        if not world.truth(unknown(g, found.value)):
            if sure:
                return Sym(found.value, "definition", [(g.true, found)], found.choices)
            return Sym(g.unknown, "definition", parts)
        sure = False
    test = run.test(norm, frame)
    parts.append((g.true, test))
    if not sure:
        return Sym(g.unknown, "definition", parts)
    return Sym(test.value, "definition", parts, test.choices)
