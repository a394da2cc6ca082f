"""Three-valued logic on the graph, folded where the answer is known when the plan is made."""

from __future__ import annotations

from collections.abc import Iterable

from carbonlex.portfolio.graph import Graph, Node
from carbonlex.portfolio.scales import aligned


def negation(g: Graph, part: Node) -> Node:
    """Kleene not."""
    if part.op == "const":
        return g.truth(not part.data)
    if part.op == "null":
        return g.null("boolean")
    if part.op == "not":
        return part.args[0]
    return g.node("not", (part,), None, "boolean")


def conjunction(g: Graph, parts: Iterable[Node]) -> Node:
    """Kleene and; of nothing, true."""
    return _joined(g, "and", parts, g.true, g.false)


def disjunction(g: Graph, parts: Iterable[Node]) -> Node:
    """Kleene or; of nothing, false."""
    return _joined(g, "or", parts, g.false, g.true)


def _joined(g: Graph, op: str, parts: Iterable[Node], neutral: Node, decisive: Node) -> Node:
    kept: dict[int, Node] = {}
    for part in parts:
        for one in part.args if part.op == op else (part,):
            if one is decisive:
                return decisive
            if one.op == "null":
                one = g.null("boolean")
            if one is not neutral:
                kept[one.id] = one
    for one in kept.values():
        if one.op == "not" and one.args[0].id in kept and not one.nullable:
            return decisive
    if not kept:
        return neutral
    if len(kept) == 1:
        return next(iter(kept.values()))
    found = tuple(kept[i] for i in sorted(kept))
    return g.node(op, found, None, "boolean")


def is_null(g: Graph, node: Node) -> Node:
    """Return whether a node is unknown: never unknown itself."""
    if not node.nullable:
        return g.false
    if node.op == "null":
        return g.true
    if node.op == "if" and node.args[2].op == "null" and not node.args[1].nullable:
        return negation(g, node.args[0])
    return g.node("isnull", (node,), None, "boolean", nullable=False)


def is_known(g: Graph, node: Node) -> Node:
    """Return whether a node is known."""
    return negation(g, is_null(g, node))


def is_true(g: Graph, node: Node) -> Node:
    """Return whether a node holds for certain: never unknown itself."""
    if not node.nullable:
        return node
    if node.op == "null":
        return g.false
    return g.node("istrue", (node,), None, "boolean", nullable=False)


def is_false(g: Graph, node: Node) -> Node:
    """Return whether a node fails for certain: never unknown itself."""
    return is_true(g, negation(g, node))


def choose(g: Graph, condition: Node, then: Node, otherwise: Node) -> Node:
    """Return one of two by a condition that is never unknown."""
    assert not condition.nullable, condition
    if then.op == "if" and then.args[0] is condition:
        then = then.args[1]
    if otherwise.op == "if" and otherwise.args[0] is condition:
        otherwise = otherwise.args[2]
    if condition is g.true or then is otherwise:
        return then
    if condition is g.false:
        return otherwise
    if then.op == "null" and otherwise.op == "null":
        return then if otherwise.kind == "any" else otherwise
    if condition.op == "not":
        return choose(g, condition.args[0], otherwise, then)
    if "boolean" in (then.kind, otherwise.kind):
        if _stands_in(condition, otherwise) and then.kind == "boolean":
            return _coalesced(g, otherwise, then)
        return _chosen_truth(g, condition, then, otherwise)
    if then.kind == "any":
        then = g.null(otherwise.kind, otherwise.scale)
    if otherwise.kind == "any":
        otherwise = g.null(then.kind, then.scale)
    if then.kind == "number":
        then, otherwise = aligned(g, then, otherwise)
    if _stands_in(condition, otherwise):
        return _coalesced(g, otherwise, then)
    sides = [n for n in (then, otherwise) if n.op != "null"]
    bounds = (min(n.lo for n in sides), max(n.hi for n in sides))
    return g.node(
        "if", (condition, then, otherwise), None, sides[0].kind,
        scale=sides[0].scale, bounds=bounds,
    )  # fmt: skip


def _stands_in(condition: Node, otherwise: Node) -> bool:
    """Return whether a choice is: what was told, and where that is unknown, something else."""
    told = otherwise.args[0] if otherwise.op == "scaled" else otherwise
    return condition.op == "isnull" and condition.args[0] in (told, otherwise)


def _coalesced(g: Graph, told: Node, otherwise: Node) -> Node:
    bounds = (min(told.lo, otherwise.lo), max(told.hi, otherwise.hi))
    if otherwise.op == "null":
        return told
    return g.node(
        "coalesce", (told, otherwise), None, told.kind,
        scale=told.scale, bounds=bounds, nullable=otherwise.nullable,
    )  # fmt: skip


def _chosen_truth(g: Graph, condition: Node, then: Node, otherwise: Node) -> Node:
    """Return the choice between two truths by and, or, not alone, where that says the same."""
    if otherwise is g.false:
        return conjunction(g, (condition, then))
    if then is g.true:
        return disjunction(g, (condition, otherwise))
    if then is g.false:
        return conjunction(g, (negation(g, condition), otherwise))
    if otherwise is g.true:
        return disjunction(g, (negation(g, condition), then))
    then = g.null("boolean") if then.kind == "any" else then
    otherwise = g.null("boolean") if otherwise.kind == "any" else otherwise
    return g.node("if", (condition, then, otherwise), None, "boolean")


def told_or(g: Graph, told: Node, otherwise: Node) -> Node:
    """Return what was told, and something else where nothing was."""
    return choose(g, is_null(g, told), otherwise, told)
