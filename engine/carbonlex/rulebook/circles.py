"""Definitions that go round in a circle: found at load, through every way a value is reached."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from carbonlex.errors import Diagnostic
from carbonlex.expressions.tree import Expression, Previous, names, walk
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.typecheck import every_version, expressions_of, wrong


def cycles(rulebook: Rulebook) -> Iterator[Diagnostic]:
    """Yield the first circle of definitions of one year; a step to an earlier year breaks it."""
    edges: dict[str, set[str]] = {}
    for norm in rulebook.norms.values():
        concept = _defined(rulebook, norm)
        for version in every_version(norm) if concept else ():
            for _, node, _ in expressions_of(version):
                edges.setdefault(concept, set()).update(_of_this_year(node))
    loop = _loop(edges)
    if loop:
        first = rulebook.definitions[loop[0]][0]
        said = " → ".join(loop)
        yield wrong("norm-cycle", first.place(first.kind), f"循环定义：{said}", f"circular: {said}")


def _defined(rulebook: Rulebook, norm: Norm) -> str:
    """Return the concept whose value a norm decides, itself or as an exception; "" for none."""
    if norm.kind == "excepts":
        target = rulebook.norms.get(norm.answers)
        return target.answers if target and target.kind == "defines" else ""
    return norm.answers if norm.kind == "defines" else ""


def _of_this_year(node: Expression) -> Iterator[str]:
    """Yield the names that an expression mentions otherwise than with a step back in years."""
    earlier = Counter(n.name for n in walk(node) if isinstance(n, Previous))
    yield from Counter(names(node)) - earlier


def _loop(edges: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return the names of a circle, its first again at its end; empty if there is none."""
    done: set[str] = set()
    for start in sorted(edges):
        path, open_ = [start], [iter(sorted(edges[start] - done))]
        while path:
            name = next(open_[-1], None)
            if name is None:
                done.add(path.pop())
                open_.pop()
            elif name in path:
                return (*path[path.index(name) :], name)
            elif name not in done:
                path.append(name)
                open_.append(iter(sorted(edges.get(name, ()))))
    return ()
