"""What decisions already taken say of other nodes: so that no rows are planned for that cannot be.

Of a truth it is which of true, false and unknown it can still be; of a day or a number, between
which integers it can still lie. Both may be too wide and are never too narrow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from carbonlex.portfolio.arithmetic import FLIPPED, OPPOSITE
from carbonlex.portfolio.graph import Bounds, Node

States = frozenset[bool | None]
ANY: States = frozenset((True, False, None))
KNOWN: States = frozenset((True, False))
UNKNOWN: States = frozenset((None,))
STRICT = frozenset(("add", "sub", "mul", "scaled", "round", "plus_days", "days_between", *OPPOSITE))
"""What is unknown where an argument is, and only there."""


@dataclass
class Knowledge:
    """What is known in one world: `states` of truths, `bounds` of days and numbers, by node."""

    states: dict[int, States] = field(default_factory=dict)
    bounds: dict[int, Bounds] = field(default_factory=dict)

    # what a node can be

    def possible(self, node: Node) -> States:
        """Return which truths a node can have."""
        told = self.states.get(node.id, ANY)
        if len(told) == 1:
            return told
        return (told & self._possible(node)) or told

    def _possible(self, node: Node) -> States:
        match node.op:
            case "const":
                return frozenset((bool(node.data),))
            case "null":
                return frozenset((None,))
            case "not":
                return _negated(self.possible(node.args[0]))
            case "and":
                return _all([self.possible(a) for a in node.args])
            case "or":
                return _negated(_all([_negated(self.possible(a)) for a in node.args]))
            case "istrue":
                return frozenset(s is True for s in self.possible(node.args[0]))
            case "isnull":
                return frozenset(s is None for s in self._known(node.args[0]))
            case "coalesce":
                return self._coalesced(node, self.possible)
            case "if":
                condition, then, otherwise = node.args
                sides = {True: then, False: otherwise}
                found = (self.possible(sides[s]) for s in self.possible(condition) if s is not None)
                return frozenset().union(*found)
            case op if op in OPPOSITE and node.args[0].kind != "boolean":
                return self._compared(op, *node.args)
        return ANY if node.nullable else KNOWN

    def _compared(self, op: str, one: Node, other: Node) -> States:
        known = _strict([self._known(one), self._known(other)])
        if True not in known:
            return known
        (low, high), (least, most) = self.between(one), self.between(other)
        apart = {
            "<": (high < least, low >= most),
            "<=": (high <= least, low > most),
            ">": (low > most, high <= least),
            ">=": (low >= most, high < least),
            "==": (low == high == least == most, high < least or low > most),
            "!=": (high < least or low > most, low == high == least == most),
        }[op]
        return (known - KNOWN) | (frozenset((apart[0],)) if any(apart) else KNOWN)

    def _known(self, node: Node) -> States:
        """Return whether a node can be known (`KNOWN`), unknown (`UNKNOWN`), or both."""
        if node.kind == "boolean":
            return self.possible(node)
        if not node.nullable:
            return KNOWN
        told = self.states.get(node.id, ANY)
        found = ANY
        if node.op == "null":
            found = UNKNOWN
        elif node.op in STRICT:
            found = _strict([self._known(a) for a in node.args])
        elif node.op == "coalesce":
            found = self._coalesced(node, self._known)
        elif node.op == "if":
            sides = {True: node.args[1], False: node.args[2]}
            left = (sides[s] for s in self.possible(node.args[0]) if s is not None)
            found = frozenset().union(*(self._known(n) for n in left))
        return (told & found) or told

    def _coalesced(self, node: Node, of: Callable[[Node], States]) -> States:
        """Return what the first of two that is known can be."""
        one, other = (of(a) for a in node.args)
        return (one - UNKNOWN) | other if None in one else one

    def between(self, node: Node) -> Bounds:
        """Return between which integers a node lies, where it is known."""
        low, high = self.bounds.get(node.id, (node.lo, node.hi))
        found = (node.lo, node.hi)
        if node.op == "plus_days":
            (a, b), (c, d) = (self.between(arg) for arg in node.args)
            found = (a + c, b + d)
        elif node.op == "if":
            sides = {True: node.args[1], False: node.args[2]}
            left = [sides[s] for s in self.possible(node.args[0]) if s is not None]
            ends = [self.between(n) for n in left if n.op != "null"]
            if ends:
                found = (min(e[0] for e in ends), max(e[1] for e in ends))
        elif node.op == "coalesce":
            (a, b), (c, d) = (self.between(arg) for arg in node.args)
            found = (min(a, c), max(b, d))
        elif node.op in ("min", "max"):
            pick = min if node.op == "min" else max
            one, other = (self.between(arg) for arg in node.args)
            found = (pick(one[0], other[0]), pick(one[1], other[1]))
        return max(low, found[0]), min(high, found[1])

    # what was decided

    def learn(self, node: Node, states: States) -> None:
        """Note that a truth is one of some, with what follows for what it is made of."""
        self.states[node.id] = (states & self.states.get(node.id, ANY)) or states
        sure, known = len(states) == 1, None not in states
        match node.op:
            case "not":
                self.learn(node.args[0], _negated(states))
            case "istrue" if sure:
                self.learn(node.args[0], states if True in states else ANY - {True})
            case "isnull" if sure:
                self.learn(node.args[0], UNKNOWN if True in states else KNOWN)
            case "and" if False not in states:
                for arg in node.args:
                    self.learn(arg, states | {True})
            case "or" if True not in states:
                for arg in node.args:
                    self.learn(arg, states | {False})
            case "if" if known and node.kind != "boolean":
                condition, then, otherwise = node.args
                for side, other, state in ((then, otherwise, False), (otherwise, then, True)):
                    if side.op == "null":
                        self.learn(condition, frozenset((state,)))
                        self.learn(other, KNOWN)
            case op if op in STRICT and states == UNKNOWN:
                open_ones = [a for a in node.args if a.nullable]
                if len(open_ones) == 1:
                    self.learn(open_ones[0], UNKNOWN)
            case op if op in STRICT and known:
                for arg in node.args:
                    if arg.nullable:
                        self.learn(arg, KNOWN)
                if sure and op in OPPOSITE and node.args[0].kind != "boolean":
                    self._compare(op if True in states else OPPOSITE[op], *node.args)

    def _compare(self, op: str, one: Node, other: Node) -> None:
        for node, sign, limit in ((one, op, other), (other, FLIPPED[op], one)):
            low, high = self.between(node)
            least, most = self.between(limit)
            match sign:
                case "<" | "<=":
                    high = min(high, most - (sign == "<"))
                case ">" | ">=":
                    low = max(low, least + (sign == ">"))
                case "==":
                    low, high = max(low, least), min(high, most)
            if low <= high:
                self.bounds[node.id] = (low, high)


def _strict(several: list[States]) -> States:
    """Return what is known where all of several are, and unknown where one is not."""
    found: States = KNOWN if all(True in s or False in s for s in several) else frozenset()
    return found | UNKNOWN if any(None in s for s in several) else found


def _negated(states: States) -> States:
    return frozenset(None if s is None else not s for s in states)


def _all(several: list[States]) -> States:
    """Return what a conjunction can be."""
    found: set[bool | None] = {False} if any(False in s for s in several) else set()
    if all(s != {False} for s in several):
        if all(True in s for s in several):
            found.add(True)
        if any(None in s for s in several):
            found.add(None)
    return frozenset(found)
