"""Tables of law by a choice: `benchmark[u.unit_class]` over columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonlex.expressions import tree as t
from carbonlex.portfolio.graph import Graph, Node, NotColumnar
from carbonlex.portfolio.literal import constant
from carbonlex.portfolio.logic import is_null, negation
from carbonlex.portfolio.scales import rescaled
from carbonlex.portfolio.sym import Parts, Sym

if TYPE_CHECKING:
    from carbonlex.portfolio.frame import Frame
    from carbonlex.portfolio.symbolic import Symbolic


def looked_up(run: Symbolic, node: t.Lookup, frame: Frame) -> Sym:
    """Read a table by a choice: the parameter's step where the key is known, else a call."""
    g = run.graph
    key = run.value(node.key, frame)
    under: Parts = ((g.true, key),)
    if key.node.op == "null":
        return Sym(g.unknown, "call", under)
    parameter, table, step = run.entry(node.name, frame)
    if parameter is None or table is None:
        name = "later" if step == "unissued-later" else node.name
        found = Sym(g.unknown, step.removesuffix("-later"), under, name=name)
    else:
        found = _entries(g, key, table, node.name)
    missing = is_null(g, key.node)
    if missing is g.false:
        return found
    parts: Parts = ((negation(g, missing), found), (missing, Sym(g.unknown, "call", under)))
    return Sym(found.value, "choice", parts, found.choices, node.name)


def usual(pairs: tuple[tuple[int, int], ...]) -> int:
    """Return the value that most codes have: the one to fall back on."""
    values = [value for _, value in pairs]
    return max(values, key=values.count)


def _entries(g: Graph, key: Sym, table: dict[str, Any], name: str) -> Sym:
    listed = {c: constant(g, table[c])[0] for c in key.choices if c in table}
    values = [v for v in listed.values() if isinstance(v, Node)]
    if len(values) < len(listed) or any(v.kind == "code" for v in values):
        raise NotColumnar(
            f"参数表 {name} 的值不能逐列取用", f"the table {name} has no plain values"
        )
    if not values:
        return Sym(g.unknown, "undefined", ((g.true, key),), name=name)
    scale, kind = max(v.scale for v in values), values[0].kind
    plain: dict[str, int] = {}
    for choice, value in listed.items():
        assert isinstance(value, Node)
        entry = rescaled(g, value, scale) if kind == "number" else value
        assert isinstance(entry.data, int)
        plain[choice] = entry.data
    node = key.node
    if node.op == "const":
        assert isinstance(node.data, int)
        choice = key.choices[node.data]
        if choice not in plain:
            return Sym(g.unknown, "undefined", ((g.true, key),), name=name)
        return Sym(g.constant(kind, plain[choice], scale), "parameter", ((g.true, key),), name=name)
    pairs = tuple((at, plain[c]) for at, c in enumerate(key.choices) if c in plain)
    whole = len(pairs) == len(key.choices)
    found = g.node(
        "lookup", (node,), pairs, kind, scale=scale,
        bounds=(min(plain.values()), max(plain.values())), nullable=node.nullable or not whole,
    )  # fmt: skip
    held = Sym(found, "parameter", ((g.true, key),), name=name)
    if whole:
        return held
    lost = is_null(g, found)
    gone = Sym(g.unknown, "undefined", ((g.true, key),), name=name)
    return Sym(found, "choice", ((negation(g, lost), held), (lost, gone)), name=name)
