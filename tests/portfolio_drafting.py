"""What every made-up norm is drafted with: fences, open questions, priorities, exceptions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from portfolio_expressions import Writer
from portfolio_vocabulary import Terms
from portfolio_words import Word
from synthetic import Act

T = TypeVar("T")
Keys = dict[str, str]
Tables = list[str]
OWN_QUESTIONS = {"q-one": ("plain", "strict"), "q-two": ("first", "second", "third")}


def quoted(text: str) -> str:
    """Return a TOML string; expressions write their own quotes single."""
    return f'"{text}"'


@dataclass(frozen=True)
class Fence:
    """A norm as it is drafted: its keys, its tables, the parameters that it may name."""

    keys: Keys
    tables: tuple[str, ...] = ()
    parameters: Keys = field(default_factory=dict)

    @property
    def toml(self) -> str:
        """The TOML of the fence; only parameters that are named are declared."""
        said = "\n".join([*(f"{k} = {v}" for k, v in self.keys.items()), *self.tables])
        named = set(re.findall(r"[a-z0-9_]+", said))
        return "\n".join([said, *(t for n, t in self.parameters.items() if n in named)])

    def with_keys(self, keys: Keys, writer: Writer, tables: Iterable[str] = ()) -> Fence:
        """Return it with other keys, and tables besides, that a writer wrote."""
        parameters = {**self.parameters, **writer.parameters}
        return Fence({**self.keys, **keys}, (*self.tables, *tables), parameters)


@dataclass
class Drafting:
    """Rule files while they are drafted.

    `known` are the terms that expressions may name so far; `norms` the fences of each instrument;
    `questions` those that the rulebook declares; `depth` how deep an expression may be.
    """

    random: Random
    terms: Terms
    acts: dict[str, Act]
    questions: frozenset[str]
    known: list[Word]
    norms: dict[str, list[Fence]]
    depth: int

    def chance(self, share: float) -> bool:
        """Return true in that share of cases."""
        return self.random.random() < share

    def pick(self, some: Sequence[T]) -> T:
        """Return one of some."""
        return self.random.choice(some)

    def named(self, name: str) -> bool:
        """Return whether expressions may name a term."""
        return any(w.name == name for w in self.known)

    def writer(self, record: str, *, plain: bool = False) -> Writer:
        """Return a writer of the expressions of one norm; a plain one names one thing at a time."""
        depth = 0 if plain else self.depth
        return Writer(self.random, self.known, self.terms.lists, record, depth)

    def short(self, write: Callable[[], str], most: int = 500) -> str:
        """Return something written that is short enough to be read back, in TOML quotes."""
        while True:
            text = write()
            if len(text) <= most:
                return quoted(text)

    def some_acts(self) -> list[str]:
        """Return the instruments that answer one question; now and then one of them twice."""
        keys = list(self.acts)
        chosen = self.random.sample(keys, min(len(keys), self.pick([1, 1, 2, 2, 3])))
        renewed = [k for k in keys if f"{k}-new" in keys]
        if renewed and self.chance(0.45):
            chosen = [renewed[0], f"{renewed[0]}-new"]
        return [*chosen, chosen[0]] if self.chance(0.1) else chosen

    def into(self, act: str, fence: Fence) -> str:
        """Put a norm into an instrument; return its full id."""
        self.norms[act].append(fence)
        return f"{act}/{fence.keys['id'][1:-1]}"

    def fresh(self, act: str, kind: str) -> str:
        """Return an id that no norm of an instrument has."""
        return quoted(f"{kind}-{len(self.norms[act])}")

    def years(self) -> Keys:
        """Return the compliance years that a norm is for, where it says so."""
        spans = ["2023-", "2019-2023", "2022-2024"]
        return {"years": quoted(self.pick(spans))} if self.chance(0.08) else {}

    def ranked(self, act: str, others: Sequence[str]) -> Keys:
        """Return what a norm says of its place among others on the same question."""
        same = [o for o in others if o.partition("/")[0] == act]
        if same:  # two of one instrument need a priority
            return {"special_to": quoted(same[-1])}
        if others and self.chance(0.25):
            return {"special_to": quoted(self.pick(others))}
        return {"varies": quoted(self.pick(others))} if others and self.chance(0.1) else {}

    def tested(self, writer: Writer, key: str) -> tuple[Keys, Tables]:
        """Return a condition as a key, or as a table of limbs."""
        if self.chance(0.65):
            return {key: self.short(writer.truth)}, []
        mode = self.pick(["all", "all", "any", "none"])
        items = range(1, self.pick([3, 4]))
        limbs = (f"point_{n} = {self.short(writer.truth)}" for n in items)
        return {}, ["\n".join([f"[{mode}]", *limbs])]

    def asks(self, fence: Fence, writer: Writer, otherwise: Callable[[], Keys]) -> Fence:
        """Return a norm that turns on an open question, under some readings of which it differs."""
        if not self.chance(0.15):
            return fence
        question = self.pick([*OWN_QUESTIONS])
        tables = []
        for reading in OWN_QUESTIONS[question]:
            said = otherwise() if self.chance(0.6) else {}
            lines = (f"{k} = {v}" for k, v in said.items())
            tables.append("\n".join([f"[reading.{reading}]", *lines]))
        return fence.with_keys({"question": quoted(question)}, writer, tables)

    def excepted(
        self,
        norm: str,
        record: str,
        value: Callable[[Writer], tuple[Keys, Tables]] | None = None,
    ) -> None:
        """Except from a norm, in its own instrument or another; `value` is what then holds."""
        own = norm.partition("/")[0]
        act = own if self.chance(0.6) else self.pick([*self.acts])
        writer = self.writer(record)
        keys = {"id": self.fresh(act, "except"), "excepts": quoted(norm), "record": quoted(record)}
        keys |= {"when": self.short(lambda: writer.truth(1)), **self.years()}
        more, tables = value(writer) if value is not None else ({}, [])
        self.into(act, Fence({**keys, **more}, tuple(tables), writer.parameters))
