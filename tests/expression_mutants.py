"""The small changes of one expression: a number, a comparison, a limb, a branch, a negation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from carbonlex.expressions import tree as t
from carbonlex.expressions.parse import ExpressionError, parse
from carbonlex.expressions.write import write
from carbonlex.quantities import exact, plain

_TRUTH = (t.Compare, t.Logic, t.Not, t.Member, t.Boolean)
_SWAPPED = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
_ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "lower": "upper"}


def numbers_near(written: str) -> list[str]:
    """Return a number one unit of its last digit up and down, and a large one by a percent."""
    value = exact(written)
    places = len(written.partition(".")[2])
    step = exact("1") / 10**places
    near = [value + step, value - step]
    if value >= 100:
        near.append(value * 99 / 100)
    return [plain(n) for n in near]


def expression_mutants(source: str, key: str, boolean: bool) -> Iterator[tuple[str, str, str]]:
    """Yield operator, change and new text for each mutant of an expression."""
    source = source.replace('\\"', '"')
    try:
        node = parse(source)
    except ExpressionError:
        return
    if boolean or isinstance(node, _TRUTH):
        yield "negated", f"{key}: {source}", write(t.Not(node))
    for operator, new in _everywhere(node):
        text = write(new)
        yield operator, f"{key}: {source} → {text}", text


def _everywhere(node: t.Expression) -> Iterator[tuple[str, t.Expression]]:
    """Yield each tree that differs from a tree in one node."""
    yield from _here(node)
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, tuple):
            for at, part in enumerate(value):
                for operator, new in _everywhere(part):
                    yield operator, _with(node, field.name, (*value[:at], new, *value[at + 1 :]))
        elif isinstance(value, t.Expression.__args__):
            for operator, new in _everywhere(value):
                yield operator, _with(node, field.name, new)


def _with(node: Any, name: str, value: object) -> t.Expression:
    changed: t.Expression = replace(node, **{name: value})
    return changed


def _here(node: t.Expression) -> Iterable[tuple[str, t.Expression]]:
    match node:
        case t.Number(value):
            written = plain(value)
            return [("number changed", t.Number(exact(n))) for n in _numbers(written)]
        case t.Boolean(value):
            return [("truth flipped", t.Boolean(not value))]
        case t.Compare(op, left, right):
            return [("comparison", t.Compare(_SWAPPED[op], left, right))]
        case t.Logic(op, parts):
            other = "or" if op == "and" else "and"
            return [("and ↔ or", t.Logic(other, parts)), *_limbs_dropped(node)]
        case t.Not(part):
            return [("not dropped", part)]
        case t.Arithmetic(op, left, right):
            return [("arithmetic", t.Arithmetic(_ARITHMETIC[op], left, right))]
        case t.Conditional(condition, then, otherwise):
            swapped = t.Conditional(condition, otherwise, then)
            return [("branches", swapped), ("branches", then), ("branches", otherwise)]
        case t.Previous(name, years):
            return [("year step", t.Name(name)), ("year step", t.Previous(name, years + 1))]
        case t.Call(function, args) if function in _CALLS:
            return [("min ↔ max", t.Call(_CALLS[function], args))]
        case t.Aggregate():
            return _of_aggregate(node)
    return []


def _numbers(written: str) -> list[str]:
    return [n for n in numbers_near(written) if not n.startswith("-")]


def _limbs_dropped(node: t.Logic) -> list[tuple[str, t.Expression]]:
    found: list[tuple[str, t.Expression]] = []
    for at in range(len(node.parts)):
        left = (*node.parts[:at], *node.parts[at + 1 :])
        found.append(("limb dropped", left[0] if len(left) == 1 else t.Logic(node.op, left)))
    return found


def _of_aggregate(node: t.Aggregate) -> list[tuple[str, t.Expression]]:
    found: list[tuple[str, t.Expression]] = []
    if node.function in _CALLS:
        found.append(("any ↔ all", replace(node, function=_CALLS[node.function])))
    if node.condition is not None:
        found.append(("filter dropped", replace(node, condition=None)))
    return found
