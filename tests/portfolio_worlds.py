"""Rulebooks and populations made up at random, to hold the compiled portfolio against the reasoner.

`worlds` builds a rulebook through the ordinary loader; `cases` makes up entities for it, round the
numbers and days that its rules turn on; `asked` the days and readings to ask under.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random

from carbonlex.expressions.tree import Call, Number, walk
from carbonlex.rulebook.norms import Parameter
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.typecheck import every_version, expressions_of
from portfolio_cases import Telling, Turning
from portfolio_dataset import CaseData, tables, write_dataset
from portfolio_rules import LEGISLATION, sources
from synthetic import sound, write_corpus

__all__ = ["Asked", "CaseData", "World", "asked", "cases", "tables", "worlds", "write_dataset"]
FIRST, LAST = date(2018, 1, 1), date(2030, 12, 31)


@dataclass(frozen=True)
class World:
    """A rulebook with the numbers and days that its rules turn on."""

    seed: int
    rulebook: Rulebook
    turning: Turning


@dataclass(frozen=True)
class Asked:
    """Under what a population is checked: day asked, day of decision, readings."""

    on: date
    decided: date | None
    readings: Mapping[str, str]


def worlds(seed: int) -> World:
    """Return a rulebook made up at random and read by the ordinary loader."""
    made = sources(Random(seed))
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), made.acts, made.vocabulary, made.questions)
        rulebook = sound(Path(folder))
    return World(seed, rulebook, _turning(rulebook))


def asked(world: World, seed: int) -> Asked:
    """Return a day to ask on, often beside one that law turns on, and choices of readings."""
    random = Random(f"{world.seed} asked {seed}")
    # Later days more often: most of what law attaches to a breach needs time.
    on = max(world.turning.day(random) for _ in range(random.choice([1, 2])))
    decided = None
    if random.random() < 0.75:
        later = on + timedelta(days=random.choice([-400, -30, 0, 1, 60, 400, 800]))
        decided = random.choice([later, world.turning.day(random)])
    readings = {
        name: random.choice(question.readings).name
        for name, question in world.rulebook.questions.items()
        if random.random() < 0.4
    }
    return Asked(on, decided, readings)


def cases(world: World, seed: int, n: int) -> list[CaseData]:
    """Return entities made up at random, of one to four years each, gaps between them included."""
    random = Random(f"{world.seed} cases {seed}")
    numbered = random.random() < 0.5
    names = [at if numbered else f"e-{at:05}" for at in range(n)]
    return [Telling(world.rulebook, world.turning, random).case(name) for name in names]


def _turning(rulebook: Rulebook) -> Turning:
    """Return the numbers and days that stand in the rules, leaving out those on precedence."""
    numbers, days = {Fraction(0), Fraction(1)}, set[date]()
    for norm in rulebook.norms.values():
        for version in every_version(norm) if norm.instrument not in LEGISLATION else ():
            for _, expression, _ in expressions_of(version):
                for node in walk(expression):
                    if isinstance(node, Number):
                        numbers.add(node.value)
                    if isinstance(node, Call) and node.function == "date":
                        days |= set(_yearly(node))
    for parameter in rulebook.parameters.values():
        for value in _figures(parameter):
            if isinstance(value, Fraction):
                numbers.add(value)
            elif isinstance(value, date):
                days.add(value)
    for instrument in rulebook.instruments.values():
        days |= {d for d in (instrument.effective, instrument.ended) if d}
    return Turning(tuple(sorted(numbers)), tuple(sorted(d for d in days if FIRST < d < LAST)))


def _yearly(call: Call) -> Iterator[date]:
    month, day = (int(a.value) for a in call.args[1:] if isinstance(a, Number))
    for year in range(2020, 2029):
        if (month, day) != (2, 29) or year % 4 == 0:
            yield date(year, month, day)


def _figures(parameter: Parameter) -> Iterator[object]:
    """Yield each figure of a parameter, and each day from which one holds or was known."""
    for span in parameter.spans:
        yield from (span.start, span.until)
        if span.entry is not None:
            yield span.entry.issued
            value = span.entry.value
            yield from value.values() if isinstance(value, Mapping) else (value,)
