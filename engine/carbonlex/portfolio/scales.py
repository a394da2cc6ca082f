"""Numbers brought to one scale: integers that count the same decimals."""

from __future__ import annotations

from carbonlex.portfolio.graph import Graph, Node


def rescaled(g: Graph, node: Node, scale: int) -> Node:
    """Return a number at a scale that is not smaller than its own."""
    more = scale - node.scale
    if more == 0:
        return node
    if node.op == "const":
        assert isinstance(node.data, int)
        return g.constant("number", node.data * 10**more, scale)
    if node.op == "null":
        return g.null("number", scale)
    by = 10**more if node.lo or node.hi else 1  # zero is the same at every scale
    if node.op == "scaled" and node.scale > node.args[0].scale:  # once is enough
        return rescaled(g, node.args[0], scale)
    return g.node("scaled", (node,), by, "number", scale=scale, bounds=(node.lo * by, node.hi * by))


def aligned(g: Graph, one: Node, other: Node) -> tuple[Node, Node]:
    """Return two numbers at the larger of their scales."""
    scale = max(one.scale, other.scale)
    return rescaled(g, one, scale), rescaled(g, other, scale)
