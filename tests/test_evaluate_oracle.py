"""The evaluator against brute force: every completion of what was not told, one by one.

The oracle evaluates over full facts, by plain Python. A known result must be the result of
every completion. An unknown result must be explained: two completions differ, or one has no
value, or an operator is strict: it does not see that an unknown is used twice, or bounded.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from asking import ask
from carbonlex.expressions import tree as t
from carbonlex.expressions.write import write
from carbonlex.model import UNKNOWN, Value

Facts = dict[str, Any]
# Wide apart, and holding every constant below: what can come out both ways does so here.
DOMAIN = [Fraction(x) for x in (-1000, -2, -1, 0, 1, 2, 1000)]
TOLD = [Fraction(1), Fraction(2)]
CONSTANTS = st.sampled_from(TOLD).map(t.Number)


class Oracle:
    """Evaluates over complete facts; None where there is no value, as for 1/0."""

    def __init__(self, facts: Facts) -> None:
        self.facts, self.rows = facts, [facts]

    def value(self, node: t.Expression) -> Any:
        match node:
            case t.Number(value) | t.Boolean(value):
                return value
            case t.Name(name):
                return self.facts[name]
            case t.Field(_, name):
                return self.rows[-1][name]
            case t.Logic(op, inner):
                found = [self.value(p) for p in inner]
                decisive = op == "or"
                return decisive if decisive in found else None if None in found else not decisive
            case t.Conditional(condition, then, otherwise):
                chosen, kept = self.value(condition), self.value(then)
                if chosen:
                    return kept
                other = self.value(otherwise)
                return other if chosen is False or kept == other else None
            case t.Aggregate():
                return self.aggregate(node)
        parts = [self.value(p) for p in t.parts(node)]
        return None if None in parts else self.strict(node, *parts)

    def strict(self, node: t.Expression, one: Any, other: Any = None) -> Any:
        match node:
            case t.Not():
                return not one
            case t.Negative():
                return -one
            case t.Compare(op):
                ordered = {"<": one < other, "<=": one <= other, "==": one == other}
                return ordered[op]
            case t.Arithmetic("/"):
                return one / other if other else None
            case t.Arithmetic(op):
                return {"+": one + other, "-": one - other, "*": one * other}[op]
            case t.Call("min" | "max" as name):
                return min(one, other) if name == "min" else max(one, other)
            case t.Call("round_down"):
                return Fraction(floor(one))
        raise AssertionError(node)

    def aggregate(self, node: t.Aggregate) -> Any:
        found = []
        for row in self.facts["credits"]:
            self.rows.append(row)
            if node.condition is None or self.value(node.condition):
                found.append(self.value(node.element))
            self.rows.pop()
        match node.function:
            case "sum":
                return sum(found, Fraction(0))
            case "count":
                return len(found)
            case "any" | "all":
                return any(found) if node.function == "any" else all(found)
        return None if not found else min(found) if node.function == "min" else max(found)


def over(inner: st.SearchStrategy[Any], *heads: Any) -> st.SearchStrategy[Any]:
    return st.one_of(*(st.builds(h, inner, inner) for h in heads))


def compared(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    ordered = st.builds(t.Compare, st.sampled_from(["<", "<="]), numbers, numbers)
    plain = st.sampled_from([t.Name("n"), t.Name("m")])
    return ordered | st.builds(t.Compare, st.just("=="), plain, CONSTANTS)


ELEMENT = st.just(t.Field("c", "quantity")) | st.builds(
    t.Arithmetic, st.sampled_from("+*"), CONSTANTS, st.just(t.Field("c", "quantity"))
)
FILTER = st.none() | st.sampled_from([t.Field("c", "used"), t.Not(t.Field("c", "used"))])


def listed(names: list[str], element: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    args = (st.just("c"), st.just("credits"), FILTER)
    return st.builds(t.Aggregate, st.sampled_from(names), element, *args)


LARGE = st.builds(t.Compare, st.just("<"), CONSTANTS, st.just(t.Field("c", "quantity")))
NUMBER_LEAVES = (
    CONSTANTS
    | st.sampled_from([t.Name("n"), t.Name("m")])
    | listed(["sum", "count", "min", "max"], ELEMENT)
)
TRUTH_LEAVES = (
    st.sampled_from([t.Name("a"), t.Name("b"), t.Name("moved"), t.Boolean(True)])
    | compared(NUMBER_LEAVES)
    | listed(["any", "all"], LARGE)
)


def numbers_over(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.builds(t.Arithmetic, st.sampled_from("+-/"), inner, inner),
        st.builds(t.Arithmetic, st.just("*"), CONSTANTS, inner),
        st.builds(t.Negative, inner),
        st.builds(t.Call, st.sampled_from(["min", "max"]), st.tuples(inner, inner)),
        st.builds(t.Call, st.just("round_down"), st.tuples(inner)),
        st.builds(t.Conditional, TRUTH_LEAVES, inner, inner),
    )


NUMBERS = st.recursive(NUMBER_LEAVES, numbers_over, max_leaves=4)


def truths_over(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.builds(t.Logic, st.sampled_from(["and", "or"]), st.tuples(inner, inner)),
        st.builds(t.Not, inner),
        st.builds(t.Conditional, inner, inner, inner),
        compared(NUMBERS),
    )


TRUTHS = st.recursive(TRUTH_LEAVES, truths_over, max_leaves=6)
ROW = st.fixed_dictionaries({}, optional={"quantity": st.sampled_from(TOLD), "used": st.booleans()})
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.booleans(),
        "b": st.booleans(),
        "n": st.sampled_from([Fraction(-1), *TOLD]),
        "m": st.sampled_from([Fraction(-1), *TOLD]),
        "credits": st.lists(ROW, max_size=2),
        "moved": st.booleans(),
    },
)


def completions(node: t.Expression, facts: Facts) -> Iterator[Facts]:
    """Yield every way to tell what an expression mentions and nobody told."""
    wanted = set(t.names(node))
    rows = facts.get("credits", [{}])
    holes: list[tuple[Facts, str, list[Any]]] = []
    filled: Facts = {"moved": False} | {k: v for k, v in facts.items() if k != "credits"}
    filled["credits"] = [dict(row) for row in rows]
    for name, domain in (("a", [False, True]), ("b", [False, True]), ("n", DOMAIN), ("m", DOMAIN)):
        if name in wanted and name not in facts:
            holes.append((filled, name, domain))
    for row in filled["credits"] if "credits" in wanted else ():
        for name, domain in (("quantity", DOMAIN), ("used", [False, True])):
            if name in wanted and name not in row:
                holes.append((row, name, domain))
    assume(len(holes) <= 4)
    for values in itertools.product(*(domain for _, _, domain in holes)):
        for (place, name, _), value in zip(holes, values, strict=True):
            place[name] = value
        yield filled
    if "credits" in wanted and "credits" not in facts:
        yield filled | {"credits": []}


def used_twice(node: t.Expression, facts: Facts) -> bool:
    """Return whether anything that was not told decides in more than one place."""
    seen = Counter(t.names(node))
    # The fields of a list stand for its rows: two lists in one expression are the same rows.
    hidden = {"a", "b", "n", "m", "credits"} - facts.keys()
    if any(not {"quantity", "used"} <= row.keys() for row in facts.get("credits", [])):
        hidden.add("credits")
    return any(seen[name] > 1 for name in hidden)


def bounded(node: t.Expression) -> bool:
    """Return whether strictness may hide a result: either of 1 and 2 is less than 3."""
    return any(
        isinstance(n, t.Call)
        or (isinstance(n, t.Aggregate) and n.function in ("count", "min", "max"))
        or (isinstance(n, t.Compare) and any(map(_one_of_few, t.walk(n))))
        for n in t.walk(node)
    )


def _one_of_few(node: t.Expression) -> bool:
    """Return whether what decides a number is a truth: then it is one of two, or a few."""
    return isinstance(node, t.Conditional) or (
        isinstance(node, t.Aggregate) and bool(node.condition)
    )


def settle(node: t.Expression, facts: Facts) -> None:
    found: Value = ask(write(node), facts)
    results = [Oracle(full).value(node) for full in completions(node, facts)]
    told, explained = len(results) == 1, used_twice(node, facts) or bounded(node)
    event("complete" if told else "unknown" if found is UNKNOWN else "known all the same")
    if found is not UNKNOWN:
        assert all(r == found and r is not None for r in results)
    elif told:
        assert results[0] is None
    elif not explained:
        event("unknown for a reason")
        assert None in results or any(r != results[0] for r in results)


@given(TRUTHS, FACTS)
@settings(max_examples=400, deadline=None)
def test_truths(node: t.Expression, facts: Facts) -> None:
    settle(node, facts)


@given(NUMBERS, FACTS)
@settings(max_examples=300, deadline=None)
def test_numbers(node: t.Expression, facts: Facts) -> None:
    settle(node, facts)


@given(TRUTHS, FACTS, FACTS)
@settings(max_examples=200, deadline=None)
def test_telling_more_changes_nothing_known(node: t.Expression, less: Facts, more: Facts) -> None:
    known = ask(write(node), less)
    # What is presumed is known until somebody says otherwise: that may change an answer.
    fuller = {k: v for k, v in more.items() if k != "moved"} | less
    assert known is UNKNOWN or ask(write(node), fuller) == known
