"""Decisions that turn on a row, taken one way after the other, and what follows put together.

Precedence, exceptions and chains of sanctions are decided by plain code, as the reasoner decides
them. Where such a decision turns on a row, the code asks `truth`, `known` or `day`; it is run
once for each answer that rows can give, and the results are joined by a choice between them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Generic, TypeVar

from carbonlex.portfolio.arithmetic import compare
from carbonlex.portfolio.graph import EPOCH, Graph, Node, NotColumnar
from carbonlex.portfolio.knowledge import Knowledge
from carbonlex.portfolio.logic import choose, is_false, is_null, is_true

T = TypeVar("T")
U = TypeVar("U")
MOST_PATHS = 4096


@dataclass(frozen=True)
class Leaf(Generic[T]):
    """What the code gave where no decision was left."""

    result: T


@dataclass(frozen=True)
class Fork(Generic[T]):
    """A decision: conditions that are never unknown, each with what follows; then the rest."""

    cases: tuple[tuple[Node, Tree[T]], ...]
    rest: Tree[T]


Tree = Leaf[T] | Fork[T]


@dataclass
class _Choice:
    conditions: tuple[Node, ...]  # one fewer than there are answers: the last is what is left
    answer: int

    @property
    def answers(self) -> int:
        return len(self.conditions) + 1


@dataclass
class World:
    """One way in which the decisions fall. `breaks` are the days on which law changes.

    What follows from decisions already taken is not decided again: `knowledge` has it.
    """

    graph: Graph
    breaks: tuple[date, ...] = ()
    trail: list[_Choice] = field(default_factory=list)
    fixed: list[int] = field(default_factory=list)
    knowledge: Knowledge = field(default_factory=Knowledge)

    def _decide(self, conditions: tuple[Node, ...]) -> int:
        at = len(self.trail)
        answer = self.fixed[at] if at < len(self.fixed) else 0
        self.trail.append(_Choice(conditions, answer))
        return answer

    def truth(self, node: Node) -> bool | None:
        """Return whether a node holds, None where it is unknown."""
        possible = self.knowledge.possible(node)
        states = [s for s in (True, False, None) if s in possible]
        if len(states) == 1:
            return states[0]
        g = self.graph
        tests = {True: is_true, False: is_false, None: is_null}
        conditions = tuple(tests[s](g, node) for s in states[:-1])
        found = states[self._decide(conditions)]
        self.knowledge.learn(node, frozenset((found,)))
        return found

    def known(self, node: Node) -> bool:
        """Return whether a node is known."""
        return not self.truth(is_null(self.graph, node))

    def day(self, node: Node) -> date | None:
        """Return a day of the stretch of unchanged law that a day falls into; None if unknown."""
        if node.op == "const":
            assert isinstance(node.data, int)
            return date.fromordinal(node.data + EPOCH)
        if node.op == "null" or not self.known(node):
            return None
        g = self.graph
        least, most = (_clipped(b) for b in self.knowledge.between(node))
        inside = [b for b in self.breaks if least < b <= most]
        start = self._start(least)
        if not inside:
            return start
        turns = [compare(g, "<", node, g.day(b)) for b in inside]
        at = self._decide(tuple(is_true(g, t) for t in turns))
        if at < len(turns):
            self.knowledge.learn(turns[at], frozenset((True,)))
        if at:
            self.knowledge.learn(turns[at - 1], frozenset((False,)))
        return (start, *inside)[at]

    def _start(self, day: date) -> date:
        """Return one day that stands for a stretch of unchanged law."""
        if not self.breaks or day < self.breaks[0]:
            return self.breaks[0] - timedelta(days=1) if self.breaks else day
        return max(b for b in self.breaks if b <= day)


def _clipped(days: int) -> date:
    return date.fromordinal(min(max(days + EPOCH, 1), date.max.toordinal()))


def explore(graph: Graph, code: Callable[[World], T], breaks: tuple[date, ...] = ()) -> Tree[T]:
    """Run code in every world that rows can be in; raises `NotColumnar` for too many."""
    runs: list[tuple[list[_Choice], T]] = []
    open_ones: list[list[int]] = [[]]
    while open_ones:
        if len(runs) >= MOST_PATHS:
            raise NotColumnar(
                f"一项义务的情形超过 {MOST_PATHS} 种，无法逐列计算",
                f"more than {MOST_PATHS} ways in which one duty can fall: too many for columns",
            )
        world = World(graph, breaks, fixed=open_ones.pop())
        result = code(world)
        runs.append((world.trail, result))
        taken = [c.answer for c in world.trail]
        for at in range(len(world.fixed), len(taken)):
            for other in range(1, world.trail[at].answers):
                open_ones.append([*taken[:at], other])
    return _tree(runs, 0)


def _tree(runs: list[tuple[list[_Choice], T]], depth: int) -> Tree[T]:
    trail = runs[0][0]
    if len(trail) == depth:
        return Leaf(runs[0][1])
    choice = trail[depth]
    under: list[list[tuple[list[_Choice], T]]] = [[] for _ in range(choice.answers)]
    for run in runs:
        under[run[0][depth].answer].append(run)
    trees = [_tree(u, depth + 1) for u in under]
    return Fork(tuple(zip(choice.conditions, trees, strict=False)), trees[-1])


def mapped(tree: Tree[T], make: Callable[[T], U]) -> Tree[U]:
    """Return the tree with something made of each result, once."""
    if isinstance(tree, Leaf):
        return Leaf(make(tree.result))
    cases = tuple((condition, mapped(branch, make)) for condition, branch in tree.cases)
    return Fork(cases, mapped(tree.rest, make))


def joined(graph: Graph, tree: Tree[T], take: Callable[[T], Node]) -> Node:
    """Return one column of the results, by the conditions under which each holds."""
    if isinstance(tree, Leaf):
        return take(tree.result)
    found = joined(graph, tree.rest, take)
    for condition, branch in reversed(tree.cases):
        found = choose(graph, condition, joined(graph, branch, take), found)
    return found
