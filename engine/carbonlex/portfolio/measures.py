"""What is added up of the rows of one plan: each thing knows its columns, and where it is added.

Sums are of integers at the scale of their plan, in 64 bits where the rows of one batch cannot
outgrow them. Where they could outgrow 128 bits over very many rows, the halves of each integer are
summed apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from carbonlex.model import Outcome
from carbonlex.portfolio.graph import Node
from carbonlex.portfolio.judge import Answered
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.reading.prepared import BAD, ENTITIES
from carbonlex.portfolio.reasons import OUTCOME
from carbonlex.portfolio.subjects import SANCTIONS, Slot, Subject
from carbonlex.portfolio.totals import GroupTotals, Part, Sum

if TYPE_CHECKING:
    import polars as pl

BREACHED, OPEN = "_breached", "_open"
_ROWS = 2**40  # more than any portfolio has
_NARROW, _WIDE, _HALF = 2**63 - 1, 2**127 // _ROWS, 10**19
_UNDETERMINED = OUTCOMES.index("undetermined")
_MAY_OWE: tuple[Outcome, ...] = ("breached", "undetermined")
_MAY_LACK: tuple[Outcome, ...] = ("breached", "pending", "undetermined")

Row = Mapping[str, Any]


class Measure(Protocol):
    """Something added up: `columns` compute it of a group of rows, `put` adds it to totals."""

    def columns(self, rows: int = _ROWS) -> Iterator[pl.Expr]:
        """Yield what is computed of so many rows at most, each a sum under a name of its own."""

    def put(self, row: Row, into: GroupTotals) -> None:
        """Add what was computed to totals."""


def measures(answer: Answered, table: str, subjects: Mapping[Slot, Subject]) -> list[Measure]:
    """Return what is added up of one table of an answer."""
    found: list[Measure] = [Rows()] if table == ENTITIES else []
    for name in answer.frames[table].columns:
        if table == ENTITIES and name in answer.plan.findings:
            found.append(Concept(name, answer.outputs[name]))
        elif name.endswith(OUTCOME) and name in answer.outputs:
            found += _of_duty(answer, name, subjects[slot_of(name.removesuffix(OUTCOME))])
    return found


def _of_duty(answer: Answered, name: str, subject: Subject) -> Iterator[Measure]:
    node = answer.outputs[name]
    for code, outcome in enumerate(OUTCOMES):
        # Whatever a plan says, a row of an entity with an invalid cell is undetermined.
        if outcome is None or (node.constant and code not in (node.data, _UNDETERMINED)):
            continue
        yield Count(name, subject.slot, code)
        duty = name.removesuffix(OUTCOME)
        for kind in subject.units:
            ends = (f"{duty}.{kind}_low", f"{duty}.{kind}_high")
            if kind not in SANCTIONS:
                ends = (f"{duty}.{kind}",) * 2
            if outcome in (_MAY_OWE if kind in SANCTIONS else _MAY_LACK):
                nodes = (answer.outputs.get(ends[0]), answer.outputs.get(ends[1]))
                if nodes[0] is not None and nodes[1] is not None:
                    part = Part(kind, outcome)
                    yield Amount(name, subject.slot, part, ends, (nodes[0], nodes[1]))


def slot_of(name: str) -> Slot:
    """Return the duty that a column is of: the n-th record of the wide form is one of them.

    >>> slot_of("credits#2/old-credits"), slot_of("surrender")
    (Slot(duty='old-credits', record='credits'), Slot(duty='surrender', record=''))
    """
    record, slash, duty = name.partition("/")
    return Slot(duty, record.partition("#")[0]) if slash else Slot(name)


@dataclass(frozen=True)
class Rows:
    """How many rows of entities there are, and how many have a breach or are open."""

    def columns(self, rows: int = _ROWS) -> Iterator[pl.Expr]:
        """Yield the counts."""
        import polars as pl

        yield pl.len().cast(pl.Int64).alias("rows")
        for name in (BREACHED, OPEN, BAD):
            yield pl.col(name).sum().cast(pl.Int64).alias(f"rows{name}")

    def put(self, row: Row, into: GroupTotals) -> None:
        """Add the counts."""
        into.entity_years += row["rows"]
        into.breached += row[f"rows{BREACHED}"]
        into.open_ones += row[f"rows{OPEN}"]
        into.invalid += row[f"rows{BAD}"]


@dataclass(frozen=True)
class Count:
    """How many rows have a verdict: `code` in the column `name`."""

    name: str
    slot: Slot
    code: int

    def columns(self, rows: int = _ROWS) -> Iterator[pl.Expr]:
        """Yield the count."""
        import polars as pl

        yield (pl.col(self.name) == self.code).sum().cast(pl.Int64).alias(self._column)

    def put(self, row: Row, into: GroupTotals) -> None:
        """Add the count."""
        outcome = OUTCOMES[self.code]
        if row[self._column] and outcome is not None:
            into.duty(self.slot).outcomes[outcome] += row[self._column]

    @property
    def _column(self) -> str:
        return f"{self.name}={self.code}"


@dataclass(frozen=True)
class Amount:
    """What the rows with a verdict come to: the columns `ends`, from and to."""

    name: str
    slot: Slot
    part: Part
    ends: tuple[str, str]
    nodes: tuple[Node, Node]

    def columns(self, rows: int = _ROWS) -> Iterator[pl.Expr]:
        """Yield the sums of both ends, and how many rows are known and not known."""
        import polars as pl

        here = pl.col(self.name) == OUTCOMES.index(self.part.outcome)
        known = here
        for end in dict.fromkeys(self.ends):
            known = known & pl.col(end).is_not_null()
        yield known.sum().cast(pl.Int64).alias(self._named("known"))
        # Of a day to come nothing is lacking that has no figure: it may be met already.
        lost = pl.lit(False) if self.part.outcome == "pending" else here & ~known
        yield lost.sum().cast(pl.Int64).alias(self._named("unknown"))
        if "null" not in (self.nodes[0].op, self.nodes[1].op):
            for end, node in dict(zip(self.ends, self.nodes, strict=True)).items():
                yield from _summed(pl.col(end).filter(known), node, self._named(end), rows)

    def put(self, row: Row, into: GroupTotals) -> None:
        """Add the sums."""
        known, unknown = row[self._named("known")], row[self._named("unknown")]
        if not (known or unknown):
            return
        low, high = (
            _total(row, node, self._named(end)) if known else Fraction(0)
            for end, node in zip(self.ends, self.nodes, strict=True)
        )
        found = into.duty(self.slot).amounts.setdefault(self.part, Sum())
        found.add(low, high, known, unknown)

    def _named(self, what: str) -> str:
        return f"{self.name}={self.part.outcome}:{self.part.kind}:{what}"


@dataclass(frozen=True)
class Concept:
    """A headline concept: how often it holds, or its sum."""

    name: str
    node: Node

    def columns(self, rows: int = _ROWS) -> Iterator[pl.Expr]:
        """Yield the counts, and the sum of a number."""
        import polars as pl

        column = pl.col(self.name)
        yield column.is_null().sum().cast(pl.Int64).alias(f"{self.name}:unknown")
        yield column.count().cast(pl.Int64).alias(f"{self.name}:known")
        if self.node.kind == "boolean":
            yield column.fill_null(False).sum().cast(pl.Int64).alias(f"{self.name}:holds")
        elif self.node.kind == "number" and self.node.op != "null":
            yield from _summed(column, self.node, self.name, rows)

    def put(self, row: Row, into: GroupTotals) -> None:
        """Add the counts."""
        found, known = into.finding(self.name), row[f"{self.name}:known"]
        found.unknown += row[f"{self.name}:unknown"]
        found.known += known
        if self.node.kind == "boolean":
            found.holds += row[f"{self.name}:holds"]
            found.fails += known - row[f"{self.name}:holds"]
        elif known:
            found.sum += _total(row, self.node, self.name)


def _summed(column: pl.Expr, node: Node, name: str, rows: int) -> Iterator[pl.Expr]:
    """Yield the sum of a number, or of its halves where the sum may outgrow 128 bits."""
    import polars as pl

    most = max(abs(node.lo), abs(node.hi))
    if most * rows <= _NARROW:
        yield column.cast(pl.Int64).sum().cast(pl.Int128).alias(name)
    elif most <= _WIDE:
        yield column.cast(pl.Int128).sum().alias(name)
    else:
        wide = column.cast(pl.Int128)
        yield (wide // _HALF).sum().alias(f"{name}:upper")
        yield (wide % _HALF).sum().alias(name)


def _total(row: Row, node: Node, name: str) -> Fraction:
    upper: int = row.get(f"{name}:upper") or 0
    return Fraction((row[name] or 0) + upper * _HALF, 10**node.scale)
