"""Batches of prepared rows through plans: cut into groups, joined with earlier years, computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from carbonlex.ledger.movements import RECORD
from carbonlex.portfolio.compile import Group, Plan
from carbonlex.portfolio.faces.polars import AT, column_name, run
from carbonlex.portfolio.frame import Place
from carbonlex.portfolio.graph import EPOCH, Grain, Node
from carbonlex.portfolio.reading.prepared import BAD, ENTITIES, ENTITY, ROW, YEAR
from carbonlex.portfolio.schedule import FOLDS, Schedule
from carbonlex.reasoner.facts import EMITTER

if TYPE_CHECKING:
    import polars as pl

COUNT = f"{RECORD}.count"
KEYS = (ENTITY, YEAR)


@dataclass(frozen=True)
class GroupRows:
    """The rows of one group: its entities with `_at` from 0, and what its plan reads of them."""

    group: Group
    entities: pl.DataFrame
    children: Mapping[Grain, pl.DataFrame]


def grouped(
    frames: Mapping[str, pl.DataFrame], roles: tuple[str, ...]
) -> Iterator[tuple[Group, pl.DataFrame]]:
    """Yield the groups of a batch with their entity rows, `_at` counted within each.

    `roles` are the choices of the fact `role`, by code; who was not told to be one is an emitter.
    """
    import polars as pl

    rows = frames[ENTITIES]
    if not rows.height:
        return
    years = rows[YEAR]
    low, high = years.min(), years.max()
    first = pl.col(YEAR) if low == high else pl.col(YEAR).min().over(ENTITY)
    keys = [pl.col(YEAR).alias("_year"), first.alias("_first")]
    role = pl.lit(EMITTER, dtype=pl.String)
    if "role" in rows.columns:
        told = [pl.when(pl.col("role") == at).then(pl.lit(r)) for at, r in enumerate(roles)]
        role = pl.coalesce(*told, role) if told else role
    marked = rows.with_columns(*keys, role.alias("_role"))
    parts = (
        marked.partition_by("_role", "_first", "_year", as_dict=True)
        if low != high or "role" in rows.columns
        else {(EMITTER, low, low): marked}
    )
    for (who, start, year), part in sorted(parts.items()):
        assert isinstance(start, int) and isinstance(year, int)
        rows_of = part.drop("_role", "_first", "_year").with_row_index(AT)
        yield Group(str(who), start, year), rows_of


def known_on(frames: Mapping[str, pl.DataFrame], on: date) -> Mapping[str, pl.DataFrame]:
    """Return a batch without the movements after a day; their lists stay told.

    What has not happened yet counts neither as surrendered nor as gone (`ledger.movements`).
    """
    import polars as pl

    moved = frames.get(RECORD)
    if moved is None:
        return frames
    rows = frames[ENTITIES]
    counted = moved.group_by(ENTITY, YEAR).agg(pl.len().cast(pl.Int32).alias("_told"))
    count = pl.col(COUNT) if COUNT in rows.columns else pl.lit(None, dtype=pl.Int32)
    rows = rows.join(counted, on=[ENTITY, YEAR], how="left", maintain_order="left")
    rows = rows.with_columns(pl.coalesce(count, "_told").alias(COUNT)).drop("_told")
    if "moved_on" in moved.columns:
        later = pl.col("moved_on") > on.toordinal() - EPOCH
        moved = moved.filter(~later.fill_null(False))
    return {**frames, ENTITIES: rows, RECORD: moved}


def placed(wanted: Mapping[str, Node]) -> list[tuple[Grain | None, Node]]:
    """Return outputs with the record that each is wanted for, as its name says."""
    return [(grain_of(name), node) for name, node in wanted.items()]


def gathered(
    group: Group,
    rows: pl.DataFrame,
    wanted: Mapping[str, Node],
    plan: Schedule,
    frames: Mapping[str, pl.DataFrame],
) -> GroupRows:
    """Bring to the rows of a group the earlier years and child records that its plan reads.

    Where a key was told twice the first row stands for its year: all rows of a group stay, once.
    """
    import polars as pl

    repeated = _repeated(frames[ENTITIES])
    earlier: dict[int, list[Node]] = {}
    for node in plan.columns:
        assert isinstance(node.data, tuple)
        if node.grain is None and node.data[1]:
            earlier.setdefault(node.data[1], []).append(node)
    for back, nodes in sorted(earlier.items()):
        names = {str(n.data[0]): column_name(n) for n in nodes if isinstance(n.data, tuple)}
        told = frames[ENTITIES].select(*KEYS, *(pl.col(n).alias(to) for n, to in names.items()))
        before = told.filter(pl.col(YEAR) == group.year - back).drop(YEAR)
        before = _firsts(before) if repeated else before
        rows = rows.join(before, on=ENTITY, how="left", maintain_order="left")
    children: dict[Grain, pl.DataFrame] = {}
    keys = rows.select(ENTITY, AT)
    keys = _firsts(keys) if repeated else keys
    for grain in grains_read(plan, wanted):
        frame = frames[grain.record].filter(pl.col(YEAR) == group.year - grain.back)
        children[grain] = frame.join(keys, on=ENTITY, how="inner", maintain_order="left")
    return GroupRows(group, rows, children)


def _repeated(entities: pl.DataFrame) -> bool:
    """Return whether a key comes twice: it does only among the rows that are `_bad`."""
    bad = entities.filter(BAD) if BAD in entities.columns else entities
    return bool(bad.select(KEYS).is_duplicated().any())


def _firsts(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.unique(ENTITY, keep="first", maintain_order=True)


def grains_read(plan: Schedule, wanted: Mapping[str, Node]) -> list[Grain]:
    """Return the child records that a plan reads, those that only have verdicts included."""
    found = {n.grain for n in plan.columns if n.grain is not None}
    found |= {grain for name in wanted if (grain := grain_of(name)) is not None}
    for step in plan.steps:
        if step.grain is not None:
            found.add(step.grain)
        found |= {n.data for n in step.nodes if n.op in FOLDS and isinstance(n.data, Grain)}
    return sorted(found)


def answered(
    plan: Plan, wanted: Mapping[str, Node], order: Schedule, rows: GroupRows
) -> dict[str, pl.DataFrame]:
    """Compute the columns that are wanted of a plan over the rows of its group.

    Gives a frame for `entities`, and one for each child record that has verdicts: `entity`,
    `year`, `_row` and the columns by their names.
    """
    face = run(order, rows.entities, rows.children)
    outputs: dict[Grain | None, dict[str, Node]] = {None: {}}
    for name, node in wanted.items():
        outputs.setdefault(grain_of(name), {})[name] = node
    found: dict[str, pl.DataFrame] = {}
    for grain, nodes in outputs.items():
        frame = face.entities if grain is None else face.children[grain]
        held = rows.entities if grain is None else rows.children[grain]
        same = [n for n, node in nodes.items() if node.op in ("const", "null")]
        columns = [face.of(node).alias(n) for n, node in nodes.items() if n not in same]
        chosen = held.select(k for k in (*KEYS, ROW) if k in held.columns)
        if columns:  # rows keep their order, so that keys need not go through the plan
            chosen = chosen.hstack(face.collected(frame.select(columns)))
        constants = [face.of(nodes[n]).alias(n) for n in same]
        found[ENTITIES if grain is None else grain.record] = chosen.with_columns(constants)
    return found


def grain_of(name: str) -> Grain | None:
    """Return the child records that an output is of, as its name says."""
    record, slash, _ = name.partition("/")
    return Grain(record, 0) if slash and "#" not in record else None


def named_outputs(plan: Plan) -> dict[str, Node]:
    """Return the columns of a plan by name.

    `surrender.outcome`, `credits/used-credit.outcome` for each child record, `credits#2/….outcome`
    for the second of the wide form, and headline concepts under their own names.
    """
    found: dict[str, Node] = {}
    for answer in plan.answers:
        column = column_of(answer.duty, answer.place)
        for field, node in zip(answer._fields[2:], answer[2:], strict=True):
            found[f"{column}.{field}"] = node
    found.update(plan.findings)
    return found


def column_of(duty: str, place: Place) -> str:
    """Return how the columns of an answer begin, as `named_outputs` names them."""
    if not place.record:
        return duty
    return f"{place.record}#{place.position}/{duty}" if place.position else f"{place.record}/{duty}"
