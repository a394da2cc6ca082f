"""The nodes of an expression: small frozen values, compared by what they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias


@dataclass(frozen=True)
class Number:
    """A decimal literal, exact."""

    value: Fraction


@dataclass(frozen=True)
class Boolean:
    """`True` or `False`."""

    value: bool


@dataclass(frozen=True)
class Text:
    """A choice of the vocabulary, in quotes: `"power"`."""

    value: str


@dataclass(frozen=True)
class Name:
    """A fact, a concept, a parameter, or a built-in such as `year`."""

    name: str


@dataclass(frozen=True)
class Previous:
    """`name[-years]`: the value of an earlier compliance year."""

    name: str
    years: int


@dataclass(frozen=True)
class Lookup:
    """`parameter[key]`: the entry of a table parameter."""

    name: str
    key: Expression


@dataclass(frozen=True)
class Field:
    """`variable.name`: a fact of the child record that a generator runs over."""

    variable: str
    name: str


@dataclass(frozen=True)
class Compare:
    """`left op right`, with `op` one of `<`, `<=`, `>`, `>=`, `==`, `!=`."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Logic:
    """Kleene `and` or `or` of two or more parts."""

    op: str
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Not:
    """Kleene negation."""

    part: Expression


@dataclass(frozen=True)
class Arithmetic:
    """`left op right`, with `op` one of `+`, `-`, `*`, `/`."""

    op: str
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Negative:
    """`-part`."""

    part: Expression


@dataclass(frozen=True)
class Conditional:
    """`then if condition else otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True)
class Member:
    """`item in ("a", "b")` or `item in parameter`."""

    item: Expression
    options: tuple[Text, ...] | Name


@dataclass(frozen=True)
class Call:
    """A function of `FUNCTIONS` applied to its arguments."""

    function: str
    args: tuple[Expression, ...]


@dataclass(frozen=True)
class Aggregate:
    """`function(element for variable in source if condition)` over a list of child records."""

    function: str
    element: Expression
    variable: str
    source: str
    condition: Expression | None = None


Expression: TypeAlias = (
    Number
    | Boolean
    | Text
    | Name
    | Previous
    | Lookup
    | Field
    | Compare
    | Logic
    | Not
    | Arithmetic
    | Negative
    | Conditional
    | Member
    | Call
    | Aggregate
)

COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
AGGREGATES = frozenset({"sum", "any", "all", "count", "min", "max"})
FUNCTIONS: dict[str, tuple[int, int]] = {  # least and most arguments
    "between": (2, 2),
    "lower": (1, 1),
    "upper": (1, 1),
    "min": (2, 8),
    "max": (2, 8),
    "round_half_up": (1, 2),
    "round_half_even": (1, 2),
    "round_down": (1, 2),
    "round_up": (1, 2),
    "date": (3, 3),
    "add_years": (2, 2),
    "add_days": (2, 2),
    "add_working_days": (2, 2),
    "month_start": (1, 1),
    "days_between": (2, 2),
}
BUILTINS = frozenset({"year", "asked_on", "decided_on"})


def parts(node: Expression) -> tuple[Expression, ...]:
    """Return the nodes directly under a node, left to right."""
    match node:
        case Compare(_, left, right) | Arithmetic(_, left, right):
            return (left, right)
        case Logic(_, inner):
            return inner
        case Not(part) | Negative(part):
            return (part,)
        case Conditional(condition, then, otherwise):
            return (condition, then, otherwise)
        case Member(item, _):
            return (item,)
        case Lookup(_, key):
            return (key,)
        case Call(_, args):
            return args
        case Aggregate(_, element, _, _, condition):
            return (element,) if condition is None else (element, condition)
    return ()


def walk(node: Expression) -> Iterator[Expression]:
    """Yield a node and everything under it, top down."""
    yield node
    for part in parts(node):
        yield from walk(part)


def names(node: Expression) -> Iterator[str]:
    """Yield every vocabulary, parameter or built-in name that an expression mentions."""
    for inner in walk(node):
        match inner:
            case Name(name) | Previous(name, _) | Lookup(name, _):
                yield name
            case Field(_, name):
                yield name
            case Aggregate(_, _, _, source, _):
                yield source
            case Member(_, Name(name)):
                yield name
