"""Numbers brought to one scale: integers that count the same decimals."""

from __future__ import annotations

from carbonlex.portfolio.graph import NARROW, Graph, Node


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
    bounds = (node.lo * by, node.hi * by)
    if node.op == "mul" and any(_fixed(factor, by) for factor in node.args):
        args = _times(g, node.args, more, by)
        return g.node("mul", args, None, "number", scale=scale, bounds=bounds)
    return g.node("scaled", (node,), by, "number", scale=scale, bounds=bounds)


def aligned(g: Graph, one: Node, other: Node) -> tuple[Node, Node]:
    """Return two numbers at the larger of their scales."""
    scale = max(one.scale, other.scale)
    return rescaled(g, one, scale), rescaled(g, other, scale)


def _fixed(factor: Node, by: int) -> bool:
    """Return whether a factor is a table of law: its entries are scaled before there are rows."""
    return factor.op == "lookup" and max(-factor.lo, factor.hi) * by <= NARROW


def _times(g: Graph, factors: tuple[Node, ...], more: int, by: int) -> tuple[Node, ...]:
    at = next(at for at, factor in enumerate(factors) if _fixed(factor, by))
    table = factors[at]
    assert isinstance(table.data, tuple)
    larger = g.node(
        "lookup", table.args, tuple((code, value * by) for code, value in table.data), "number",
        scale=table.scale + more, bounds=(table.lo * by, table.hi * by), nullable=table.nullable,
    )  # fmt: skip
    return (*factors[:at], larger, *factors[at + 1 :])
