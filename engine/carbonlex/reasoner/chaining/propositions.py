"""Atoms, Horn rules with negation, and conclusions: what both chainers take and give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class Atom(NamedTuple):
    """A proposition: a predicate and its arguments. In rules, `?x` is a variable."""

    predicate: str
    args: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """If all of `all` hold and none of `unless`, then `then` holds.

    Negation is as failure over finished strata: every variable of `unless` and of `then`
    occurs in `all`, and no predicate depends on its own negation.
    """

    id: str
    all: tuple[Atom, ...]
    then: Atom
    unless: tuple[Atom, ...] = ()


@dataclass(frozen=True)
class Derivation:
    """One way in which a conclusion was reached."""

    rule: str
    premises: tuple[Atom, ...]
    certain: bool


@dataclass(frozen=True)
class Conclusion:
    """A proposition that holds for certain, or that may hold (`certain` is false).

    `why` is empty for what was put in.
    """

    atom: Atom
    certain: bool
    why: tuple[Derivation, ...] = ()


class Chainer(Protocol):
    """A forward chainer compiled for one set of rules."""

    name: str

    def run(
        self, facts: Iterable[Atom], possible: Iterable[Atom] = ()
    ) -> Mapping[Atom, Conclusion]:
        """Return every proposition that holds or may hold, the ones put in included.

        `possible` may or may not hold: what rests on one of them, or on the absence of one,
        is itself only possible. Raises `ChainingError` rather than give half an answer.
        """
        ...

    def close(self) -> None:
        """Give back what the compiled rules hold."""
        ...
