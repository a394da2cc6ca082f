"""Expressions made up at random: of the type and unit that is wanted, over the names of a rulebook.

A draft of a number carries how many decimals and how many digits before the point it can have, so
that nothing is written that no machine integer holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from portfolio_numbers import LEAVES, NUMBERS, leaf, literal
from portfolio_truths import DAYS, SIMPLE, SIMPLE_DAYS, TRUTHS, written_day
from portfolio_words import Draft, Word

T = TypeVar("T")
MAX_SCALE, MAX_WHOLE = 12, 16


class Writer:
    """Writes the expressions of one norm, and the parameters that they name.

    `words` are the terms that may be named; `lists` the child records; `record` is that of the
    norm. No expression is deeper than `most`. Without `signed` nothing is written that the loader
    sees to be below zero.
    """

    def __init__(
        self, random: Random, words: Sequence[Word], lists: Sequence[str], record: str, most: int
    ) -> None:
        self.random, self.words, self.lists, self.record = random, tuple(words), lists, record
        self.most = most
        self.parameters: dict[str, str] = {}
        self.variables: list[tuple[str, str]] = []
        self.signed = True

    def chance(self, share: float) -> bool:
        """Return true in that share of cases."""
        return self.random.random() < share

    def pick(self, some: Sequence[T]) -> T:
        """Return one of some."""
        return some[self.random.randrange(len(some))]

    def forms(self, weighted: Sequence[tuple[int, T]]) -> T:
        """Return one of some, by weight."""
        return self.random.choices([f for _, f in weighted], [w for w, _ in weighted])[0]

    def named(self, type: str, unit: str = "", *, root: bool = False) -> list[tuple[str, Word]]:
        """Return what has a type where the expression stands, as it is written there."""
        bound = {record: variable for variable, record in self.variables}
        found = []
        for word in self.words:
            if word.type != type or word.unit != unit:
                continue
            if word.record in bound and not root:
                found.append((f"{bound[word.record]}.{word.name}", word))
            if word.record == "entity" or (word.record == self.record and not root):
                found.append((word.name, word))
        return found

    def number(self, unit: str, depth: int = 2) -> Draft:
        """Write a number of a unit."""
        depth = min(depth, self.most)
        for _ in range(6):
            form = self.forms(LEAVES if depth <= 0 else NUMBERS)
            found = form(self, unit, depth - 1)
            if found is not None and found.scale <= MAX_SCALE and found.whole <= MAX_WHOLE:
                return found
        return literal(self, unit, 0)

    def measured(self, unit: str, depth: int, most: int) -> Draft | None:
        """Write a number that has a unit, and not too many digits; None where none came up."""
        for _ in range(4):
            found = self.number(unit, depth)
            if found.size <= most and (unit == "ratio" or not found.bare):
                return found
        return leaf(self, unit, 0)

    def over(self, function: str, element: Callable[[], T]) -> tuple[str, T]:
        """Write an aggregate over a list; returns it with what its element was."""
        depth = len(self.variables)
        free = [r for r in self.lists if r not in {record for _, record in self.variables}]
        record = self.pick(free or list(self.lists))
        variable = "abcdefgh"[depth]
        self.variables.append((variable, record))
        found = element()
        kept = f" if {self.truth(0)}" if self.chance(0.5) else ""
        self.variables.pop()
        text = found.text if isinstance(found, Draft) else found
        return f"{function}({text} for {variable} in {record}{kept})", found

    def truth(self, depth: int = 2) -> str:
        """Write a condition."""
        depth = min(depth, self.most)
        for _ in range(6):
            found = self.forms(SIMPLE if depth <= 0 else TRUTHS)(self, depth - 1)
            if found is not None:
                return found
        return self.pick(["True", "False"])

    def day(self, depth: int = 1) -> str:
        """Write a day."""
        depth = min(depth, self.most)
        for _ in range(6):
            found = self.forms(SIMPLE_DAYS if depth <= 0 else DAYS)(self, depth - 1)
            if found is not None:
                return found
        return written_day(self, 0)

    def choice(self, choices: Sequence[str]) -> str:
        """Write one of some choices."""
        found = [t for t, w in self.named("choice") if set(w.choices) <= set(choices)]
        one, other = (f"'{self.pick(choices)}'" for _ in range(2))
        if found and self.chance(0.4):
            one = self.pick(found)
        return f"{one} if {self.truth(1)} else {other}"

    def declare(self, settings: str, figure: Callable[[], str]) -> str:
        """Declare a parameter: one figure, by date in force, by year, or by notices issued."""
        name = f"p{self.random.randrange(10**6)}"
        turns = sorted(self.random.sample(range(2019, 2028), self.pick([0, 1, 2])))
        lines: list[str]
        match self.pick(["date", "date", "year", "span", "issued"]):
            case "date":
                days = [f"{y}-{self.pick(['01-01', '03-15', '08-15'])}" for y in turns]
                lines = [f"{d} = {figure()}" for d in ("2000-01-01", *days)]
            case "year":
                lines = [f"{y} = {figure()}" for y in range(2019, 2027) if self.chance(0.85)]
                lines.append(f"2027 = {figure()}")
            case "span":
                middle = self.pick([2021, 2022, 2023])
                lines = [f"2018-{middle} = {figure()}", f"{middle + 1}- = {figure()}"]
            case _:
                days = [f"{y}-{self.pick(['02-01', '11-30'])}" for y in turns or [2023]]
                notices = [f"{{value = {figure()}, issued = {d}}}" for d in days]
                if self.chance(0.5):
                    notices.insert(0, f"{{value = {figure()}}}")
                lines = [f"{self.pick(['2018-', '2020-2024'])} = [{', '.join(notices)}]"]
        self.parameters[name] = "\n".join([f"[parameter.{name}]", settings, *lines])
        return name
