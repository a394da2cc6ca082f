"""Why a verdict is undetermined: which facts its proof asks for that nobody told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from carbonlex.portfolio.aggregate import any_row
from carbonlex.portfolio.graph import Graph, Node
from carbonlex.portfolio.logic import conjunction, disjunction, negation
from carbonlex.portfolio.sym import Sym, unknown
from carbonlex.portfolio.worlds import Leaf, Tree

T = TypeVar("T")
_ASKED = ("missing", "unissued", "undefined", "conflict")


def missing_facts(g: Graph, tree: Tree[T], proofs: Callable[[T], Sequence[Sym]]) -> dict[str, Node]:
    """Return, by fact, concept or parameter, whether an unknown proof rests on its absence."""
    found: dict[str, list[Node]] = {}
    known: dict[int, dict[str, Node]] = {}
    _gather(g, tree, g.true, proofs, found, known)
    return {name: disjunction(g, nodes) for name, nodes in found.items()}


def _gather(
    g: Graph, tree: Tree[T], where: Node, proofs: Callable[[T], Sequence[Sym]],
    found: dict[str, list[Node]], known: dict[int, dict[str, Node]],
) -> None:  # fmt: skip
    if not isinstance(tree, Leaf):
        left = where
        for condition, branch in tree.cases:
            _gather(g, branch, conjunction(g, (left, condition)), proofs, found, known)
            left = conjunction(g, (left, negation(g, condition)))
        _gather(g, tree.rest, left, proofs, found, known)
        return
    for proof in proofs(tree.result):
        doubt = conjunction(g, (where, unknown(g, proof.value)))
        if doubt is g.false:
            continue
        for name, node in _lacks(g, proof, known).items():
            found.setdefault(name, []).append(conjunction(g, (doubt, node)))


def _lacks(g: Graph, sym: Sym, known: dict[int, dict[str, Node]]) -> dict[str, Node]:
    """Return what a proof lacks, by name, with the condition under which it does."""
    if id(sym) in known:
        return known[id(sym)]
    lists: dict[str, list[Node]] = {}
    if sym.step in _ASKED and sym.name:
        lists[sym.name] = [g.true]
    for condition, part in sym.parts:
        if condition is g.false:
            continue
        for name, node in _lacks(g, part, known).items():
            under = conjunction(g, (condition, node))
            if under is not g.false:
                lists.setdefault(name, []).append(under)
    found = {name: disjunction(g, nodes) for name, nodes in lists.items()}
    if sym.rows is not None:
        found = {name: any_row(g, node, sym.rows) for name, node in found.items()}
    known[id(sym)] = found
    return found
