"""Data of many entities judged: each batch cut into groups, each group through its plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from carbonlex.portfolio.available import Available, Held
from carbonlex.portfolio.compile import Answer, Group, Plan, compile_plan
from carbonlex.portfolio.engines import Face
from carbonlex.portfolio.execute import (
    answered,
    gathered,
    grouped,
    known_on,
    named_outputs,
    placed,
)
from carbonlex.portfolio.graph import Node
from carbonlex.portfolio.ledger import Refused
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.reading.dataset import Dataset
from carbonlex.portfolio.reading.prepared import (
    BAD,
    ENTITIES,
    ENTITY,
    ROW,
    YEAR,
    Batch,
    Column,
)
from carbonlex.portfolio.schedule import Schedule, schedule
from carbonlex.reasoner.check import known_readings
from carbonlex.rulebook.rulebook import Rulebook

if TYPE_CHECKING:
    import polars as pl

ROWS = 250_000
"""Rows of all tables in a batch: what any memory holds with room to spare."""
_MOST_ROWS, _CELLS = 1_000_000, 40_000_000
_SLOT = re.compile(r"([a-z][a-z0-9_]*)\.([0-9]+)\.([a-z][a-z0-9_]*)")
FIELDS: tuple[str, ...] = Answer._fields[2:]
MONEY: tuple[str, ...] = tuple(f for f in FIELDS if f.endswith(("_low", "_high")))


@dataclass(frozen=True)
class Asked:
    """What a portfolio is asked: on which day, under which readings, which duties (all if none).

    `fields` are the columns of an answer that are wanted: fewer are computed faster.
    """

    on: date
    readings: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    fields: tuple[str, ...] = FIELDS


@dataclass(frozen=True)
class Answered:
    """What a plan answers of the rows of one group in one batch.

    Attributes:
        plan: what was computed; `plan.citations` names the norms of the codes.
        frames: under `entities` a row for each entity-year, under a child record one for each of
            its records: `entity`, `year`, `_row`, and the columns of `outputs`.
        outputs: those columns by name, as `named_outputs` names them.
        rows: the entity rows themselves, in the same order, for what they are grouped by.
        told: the batch that they are of, as it was known on the day asked.
    """

    plan: Plan
    frames: Mapping[str, pl.DataFrame]
    outputs: Mapping[str, Node]
    rows: pl.DataFrame
    told: Mapping[str, pl.DataFrame]


def available(dataset: Dataset) -> Available:
    """Return what plans may rely on in a data set."""
    entity: dict[str, Held] = {}
    children: dict[str, Mapping[str, Held]] = {}
    most: dict[str, int] = {}
    wide: dict[str, int] = {}
    for name, table in dataset.tables.items():
        held = {c.name: h for c in table.columns.values() if (h := _held(c)) is not None}
        if name == ENTITIES:
            entity = held
        elif table.rows:
            children[name], most[name] = held, table.most
    for column in entity:
        slot = _SLOT.fullmatch(column)
        if slot is not None:
            wide[slot[1]] = max(wide.get(slot[1], 0), int(slot[2]))
    if "movements" in children:  # those after the day asked are left out, the list stays told
        entity["movements.count"] = Held(0, 0, most["movements"], True)
    return Available(entity, children, most, wide)


def batch_rows(dataset: Dataset) -> int:
    """Return how many rows of all tables are best in a batch: more where rows are short.

    Each batch goes through the plans of all its groups, and what that costs does not depend on
    rows alone; 40 million cells are 300 MB.
    """
    widest = max(len(table.columns) for table in dataset.tables.values())
    return max(ROWS, min(_MOST_ROWS, _CELLS // (widest + 3)))


def _held(column: Column) -> Held | None:
    """Return a column as plans see it; None for one that nobody filled, or that is free text."""
    if column.kind == "text":
        return None
    if column.kind == "boolean":
        return Held(nullable=column.nullable)
    if column.lo is None or column.hi is None:
        return None
    return Held(column.scale, column.lo, column.hi, column.nullable)


class Judge:
    """Judges batches of one data set; a plan is compiled once for each group of rows.

    `problems` has the first 1,000 rows that cannot be true (`portfolio.ledger`) of the batches
    judged so far, `problem_counts` all of them, as a data set has those of its cells.
    Raises `ContentError` for a reading that the rulebook does not declare.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        available: Available,
        asked: Asked,
        computed: Face = answered,
    ) -> None:
        known_readings(rulebook, asked.readings)
        self.face = computed
        self.rulebook, self.available, self.asked = rulebook, available, asked
        self.plans: dict[Group, tuple[Plan, Schedule, dict[str, Node]]] = {}
        role = rulebook.vocabulary.terms.get("role")
        self.roles = tuple(role.choices) if role is not None else ()
        self._refused = Refused()
        self.problems, self.problem_counts = self._refused.problems, self._refused.counts

    def plan(self, group: Group) -> tuple[Plan, Schedule, dict[str, Node]]:
        """Return the plan of a group, its order, and the columns that are wanted of it."""
        if group not in self.plans:
            asked = self.asked
            plan = compile_plan(
                self.rulebook, self.available, group, asked.on, asked.readings, asked.only
            )
            wanted = {
                name: node
                for name, node in named_outputs(plan).items()
                if name in plan.findings or name.rpartition(".")[2] in asked.fields
            }
            self.plans[group] = plan, schedule(placed(wanted)), wanted
        return self.plans[group]

    @property
    def presumptions(self) -> tuple[str, ...]:
        """The facts and lists that the plans so far take to be so where nobody told them."""
        return tuple(sorted({p for plan, *_ in self.plans.values() for p in plan.presumptions}))

    def answers(self, batch: Batch) -> Iterator[Answered]:
        """Yield what the plans answer of a batch, group by group."""
        frames = self._refused.refuse(batch.frames, self.available, self.rulebook)
        frames = known_on(frames, self.asked.on)
        for group, rows in grouped(frames, self.roles):
            plan, order, outputs = self.plan(group)
            found = self.face(plan, outputs, order, gathered(group, rows, outputs, order, frames))
            if rows[BAD].any():
                bad = rows.filter(rows[BAD])[ENTITY].unique()
                found = {
                    table: frame.with_columns(spoilt(n, bad) for n in frame.columns if n in outputs)
                    for table, frame in found.items()
                }
            yield Answered(plan, found, outputs, rows, frames)


def unsure(name: str) -> str:
    """Return how a column is spoilt by what could not be taken: outcome, code, or value."""
    field = name.rpartition(".")[2]
    return field if field == "outcome" else "code" if field in ("norm", "fines") else ""


def spoilt(name: str, bad: pl.Series) -> pl.Expr:
    """Return a column, undetermined for entities with a cell or row that could not be taken."""
    import polars as pl

    kept = ~pl.col(ENTITY).is_in(bad.implode())
    match unsure(name):
        case "outcome":  # where no law is in force there is no verdict that could be open
            chosen = pl.when(kept | (pl.col(name) == 0)).then(name)
            return chosen.otherwise(OUTCOMES.index("undetermined")).alias(name)
        case "code":
            return pl.when(kept).then(name).otherwise(0).alias(name)
    return pl.when(kept).then(name).otherwise(None).alias(name)


def typed(answer: Answered, table: str) -> pl.DataFrame:
    """Return an answer as people and files have it: words, days, and exact decimals.

    Verdicts are words of `OUTCOMES`; `norm` and `fines` ids of norms; numbers DECIMAL(38, s).
    """
    import polars as pl

    frame = answer.frames[table]
    columns: list[pl.Expr] = [pl.col(k) for k in (ENTITY, YEAR, ROW) if k in frame.columns]
    for name, node in answer.outputs.items():
        if name not in frame.columns:
            continue
        field_, column = name.rpartition(".")[2], pl.col(name)
        if field_ == "outcome":
            column = _worded(column, [o or "" for o in OUTCOMES])
        elif field_ in ("norm", "fines"):
            column = _worded(column, list(answer.plan.citations))
        elif node.kind == "date":
            column = column.cast(pl.Int32).cast(pl.Date)
        elif node.kind in ("number", "any"):
            column = exact_decimal(column, node.scale)
        columns.append(column.alias(name))
    return frame.select(columns)


def _worded(column: pl.Expr, words: list[str]) -> pl.Expr:
    import polars as pl

    texts = [w or None for w in words]
    return column.replace_strict(
        list(range(len(words))), texts, default=None, return_dtype=pl.Categorical
    )


def exact_decimal(column: pl.Expr, scale: int) -> pl.Expr:
    """Return scaled integers as decimals, digit for digit."""
    from decimal import Decimal

    import polars as pl

    whole = column.cast(pl.Int128).cast(pl.Decimal(38, 0))
    return (
        whole * pl.lit(Decimal(1).scaleb(-scale), dtype=pl.Decimal(38, scale)) if scale else whole
    )
