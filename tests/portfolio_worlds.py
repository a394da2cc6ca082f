"""Rulebooks and populations made up at random, to hold the compiled portfolio against the reasoner.

`worlds` builds a rulebook through the ordinary loader; `cases` makes up entities for it, round the
numbers and days that its rules turn on; `asked` the days and readings to ask under.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any, TypeAlias

from carbonlex.expressions.tree import Call, Number, walk
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.typecheck import every_version, expressions_of
from carbonlex.rulebook.vocabulary import RecordType, Term, Vocabulary
from portfolio_rules import LEGISLATION, sources
from synthetic import sound, write_corpus

Cell: TypeAlias = bool | int | Decimal | date | str | None
Row: TypeAlias = dict[str, Cell]
FIRST, LAST = date(2018, 1, 1), date(2030, 12, 31)
DAY = timedelta(days=1)
BIG = 10**6


@dataclass(frozen=True)
class World:
    """A rulebook with the numbers and days that its rules turn on."""

    seed: int
    rulebook: Rulebook
    numbers: tuple[Fraction, ...]
    days: tuple[date, ...]


@dataclass(frozen=True)
class CaseData:
    """One entity: as a case file tells it, and as rows of the tables of a dataset."""

    entity: int | str
    tree: Mapping[str, Any]
    tables: Mapping[str, tuple[Row, ...]]


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
    numbers, days = _turning(rulebook)
    return World(seed, rulebook, numbers, days)


def asked(world: World, seed: int) -> Asked:
    """Return a day to ask on, often beside one that law turns on, and choices of readings."""
    random = Random(f"{world.seed} asked {seed}")
    on = _day(world, random)
    decided = None
    if random.random() < 0.5:
        later = on + timedelta(days=random.choice([-400, -30, 0, 1, 60, 400]))
        decided = random.choice([later, _day(world, random)])
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
    return [_Telling(world, random, at if numbered else f"e-{at:05}").case() for at in range(n)]


def write_dataset(
    folder: Path,
    cases: Sequence[CaseData],
    vocabulary: Vocabulary,
    *,
    wide: Collection[str] = (),
) -> None:
    """Write entities as Parquet, a file a table; child records in `wide` stand with their entity."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables(cases, vocabulary, wide=wide).items():
        columns = {}
        for column in rows[0] if rows else _columns(vocabulary, name):
            kind = _arrow(pa, vocabulary, column, cases)
            columns[column] = pa.array([row[column] for row in rows], kind)
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")


def tables(
    cases: Sequence[CaseData], vocabulary: Vocabulary, *, wide: Collection[str] = ()
) -> dict[str, list[Row]]:
    """Return the rows of every table, each with the columns of all."""
    lists = [name for name in _lists(vocabulary) if name not in wide]
    found: dict[str, list[Row]] = {}
    for table in ("entities", *lists):
        rows = [row for case in cases for row in case.tables.get(table, ())]
        if table == "entities" and wide:
            rows = [_widened(case, row, wide) for case in cases for row in case.tables[table]]
        columns = _columns(vocabulary, table)
        more = {c: None for row in rows for c in row if c not in columns}
        found[table] = [{c: row.get(c) for c in (*columns, *more)} for row in rows]
    return found


# ---- what the rules of a world turn on


def _turning(rulebook: Rulebook) -> tuple[tuple[Fraction, ...], tuple[date, ...]]:
    numbers, days = {Fraction(0), Fraction(1)}, set()
    for norm in rulebook.norms.values():
        if norm.instrument in LEGISLATION:
            continue
        for version in every_version(norm):
            for _, expression, _ in expressions_of(version):
                for node in walk(expression):
                    if isinstance(node, Number):
                        numbers.add(node.value)
                    if isinstance(node, Call) and node.function == "date":
                        parts = [a.value for a in node.args if isinstance(a, Number)]
                        days |= set(_yearly(*map(int, parts))) if len(parts) == 2 else set()
    for parameter in rulebook.parameters.values():
        for span in parameter.spans:
            days |= {d for d in (span.start, span.until) if isinstance(d, date)}
            if span.entry is None:
                continue
            days |= {span.entry.issued} if span.entry.issued else set()
            value = span.entry.value
            for one in value.values() if isinstance(value, Mapping) else (value,):
                if isinstance(one, date):
                    days.add(one)
                elif isinstance(one, Fraction):
                    numbers.add(one)
    for instrument in rulebook.instruments.values():
        days |= {d for d in (instrument.effective, instrument.ended) if d}
    within = sorted(d for d in days if FIRST < d < LAST)
    return tuple(sorted(numbers)), tuple(within)


def _yearly(month: int, day: int) -> Iterator[date]:
    for year in range(2020, 2029):
        if (month, day) != (2, 29) or year % 4 == 0:
            yield date(year, month, day)


def _day(world: World, random: Random) -> date:
    if world.days and random.random() < 0.6:
        return random.choice(world.days) + random.choice([-1, 0, 0, 1]) * DAY
    return date(2020, 1, 1) + random.randrange(365 * 9) * DAY


# ---- entities


class _Telling:
    """Tells of one entity; how much of it is told, and how closely numbers meet, is drawn once."""

    def __init__(self, world: World, random: Random, entity: int | str) -> None:
        self.world, self.random, self.entity = world, random, entity
        self.untold = random.choice([0.0, 0.0, 0.05, 0.2, 0.5, 0.9])
        self.seen: list[Fraction] = []

    def case(self) -> CaseData:
        vocabulary = self.world.rulebook.vocabulary
        entity = self.facts(vocabulary, "entity", "always")
        first = self.random.randrange(2019, 2026)
        span = range(first, first + self.random.choice([1, 1, 2, 3, 5]))
        years = sorted(
            {first, *self.random.sample(span, min(len(span), self.random.randrange(1, 5)))}
        )
        told: dict[str, dict[str, Any]] = {}
        rows: dict[str, list[Row]] = {"entities": []}
        for year in years:
            facts = self.facts(vocabulary, "entity", "year")
            row: Row = {"entity": self.entity, "year": year, **entity, **facts}
            told[str(year)] = dict(facts)
            for record, kind in _lists(vocabulary).items():
                children = self.children(vocabulary, kind)
                if children is None:
                    continue
                told[str(year)][record] = children
                if not children or self.random.random() < 0.5:
                    row[f"{record}.count"] = len(children)
                keys: Row = {"entity": self.entity, "year": year}
                rows.setdefault(record, []).extend({**keys, **c} for c in children)
            rows["entities"].append(row)
        tree = {"entity": entity, "year": told}
        return CaseData(self.entity, tree, {name: tuple(found) for name, found in rows.items()})

    def facts(self, vocabulary: Vocabulary, record: str, period: str = "") -> dict[str, Any]:
        terms = [t for t in vocabulary.of_record(record) if t.tellable]
        return {
            t.name: self.value(t)
            for t in terms
            if period in ("", t.period) and self.random.random() >= self.untold
            and (t.kind == "fact" or self.random.random() < 0.4)
        }  # fmt: skip

    def children(self, vocabulary: Vocabulary, kind: RecordType) -> list[dict[str, Any]] | None:
        if self.random.random() < max(0.15, self.untold):
            return None
        most = kind.max_count or 4
        count = min(most, self.random.choice([0, 1, 1, 2, 2, 3, 4]))
        return [self.facts(vocabulary, kind.name) for _ in range(count)]

    def value(self, term: Term) -> Any:
        match term.type:
            case "boolean":
                return self.random.random() < 0.55
            case "date":
                return _day(self.world, self.random)
            case "choice":
                return self.random.choice([*term.choices])
            case "text":
                duties = [n for n in self.world.rulebook.duties if not n.startswith("cure")]
                return ", ".join(self.random.sample(duties, min(2, len(duties))))
        return self.number(term)

    def number(self, term: Term) -> Decimal:
        """Return a number: one that rules turn on or that was told, beside it, half-way, or any."""
        step = Fraction(1, 10**term.decimals)
        low = -BIG if term.minimum is None else term.minimum
        high = BIG if term.maximum is None else term.maximum
        form = self.random.random()
        if form < 0.35:
            found = self.random.choice(self.world.numbers)
        elif form < 0.55 and self.seen:
            found = self.random.choice(self.seen) * self.random.choice([1, 1, 1, Fraction(1, 2)])
        elif form < 0.65:
            found = Fraction(self.random.choice([low, high]))
        elif form < 0.8:
            tenths = self.random.choice([1, 10, 100, 1000])
            found = Fraction(self.random.randrange(0, 200) * 10 + 5, tenths)
        else:
            found = low + step * self.random.randrange(int((high - low) / step) + 1)
        found += step * self.random.choice([0, 0, 0, 0, 1, -1])
        whole = min(max(round(found / step), -(-low // step)), high // step)
        self.seen.append(whole * step)
        return Decimal(int(whole)).scaleb(-term.decimals)


# ---- tables


def _lists(vocabulary: Vocabulary) -> dict[str, RecordType]:
    return {
        name: kind
        for name, kind in vocabulary.records.items()
        if name != "entity" and not kind.enactment
    }


def _columns(vocabulary: Vocabulary, table: str) -> list[str]:
    record = "entity" if table == "entities" else table
    return ["entity", "year", *(t.name for t in vocabulary.of_record(record) if t.tellable)]


def _widened(case: CaseData, row: Row, wide: Collection[str]) -> Row:
    """Return a row of an entity with its child records in columns of its own."""
    found = dict(row)
    told = case.tree["year"][str(row["year"])]
    for record in wide:
        if record in told:
            found[f"{record}.count"] = len(told[record])
            for at, child in enumerate(told[record], 1):
                found |= {f"{record}.{at}.{name}": value for name, value in child.items()}
    return found


def _arrow(pa: Any, vocabulary: Vocabulary, column: str, cases: Sequence[CaseData]) -> Any:
    name = column.rpartition(".")[2]
    if name in ("year", "count"):
        return pa.int32()
    if name == "entity":
        return pa.int64() if isinstance(cases[0].entity, int) else pa.string()
    term = vocabulary.terms[name]
    kinds = {"boolean": pa.bool_(), "date": pa.date32()}
    if term.type != "number":
        return kinds.get(term.type, pa.string())
    bounds = [abs(b) for b in (term.minimum, term.maximum) if b is not None]
    whole = len(str(int(max(bounds)))) if len(bounds) == 2 else 12
    return pa.decimal128(whole + term.decimals, term.decimals)
