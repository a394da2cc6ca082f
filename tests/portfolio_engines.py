"""Every engine held against Polars: the same plan over the same rows, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import polars as pl

import carbonlex
from carbonlex.model import Case
from carbonlex.portfolio.available import Available
from carbonlex.portfolio.engines import face
from carbonlex.portfolio.execute import gathered, grouped, known_on
from carbonlex.portfolio.judge import Asked, Judge
from carbonlex.rulebook.rulebook import Rulebook
from portfolio_frames import prepared
from portfolio_worlds import asked, cases, worlds


class Compared(NamedTuple):
    """How many cells two engines computed, and the first of each column in which they differ."""

    cells: int
    differences: list[str]


def of_cases(
    engine: str, rulebook: Rulebook, told: Mapping[str, Case], question: Asked
) -> Compared:
    """Compare an engine with Polars on cases."""
    frames, available = prepared(told, rulebook.vocabulary)
    rows = frames["entities"].with_columns(pl.lit(False).alias("_bad"))
    return of_frames(engine, rulebook, {**frames, "entities": rows}, available, question)


def of_world(engine: str, seed: int, entities: int = 20) -> Compared:
    """Compare an engine with Polars on a made-up rulebook and population."""
    world = worlds(seed)
    vocabulary = world.rulebook.vocabulary
    told = {
        str(data.entity): carbonlex.case_from(data.tree, vocabulary, str(data.entity))
        for data in cases(world, 1, entities)
    }
    question = asked(world, 1)
    return of_cases(engine, world.rulebook, told, Asked(question.on, question.readings))


def of_frames(
    engine: str,
    rulebook: Rulebook,
    frames: Mapping[str, pl.DataFrame],
    available: Available,
    question: Asked,
) -> Compared:
    """Compare an engine with Polars on prepared frames."""
    judge, polars, other = Judge(rulebook, available, question), face("polars"), face(engine)
    cells, differences = 0, list[str]()
    known = known_on(frames, question.on)
    for group, rows in grouped(known, judge.roles):
        plan, order, outputs = judge.plan(group)
        there = gathered(group, rows, outputs, order, known)
        wanted, found = (f(plan, outputs, order, there) for f in (polars, other))
        assert wanted.keys() == found.keys()
        for table, frame in wanted.items():
            cells += frame.height * frame.width
            differences += [f"{group} {table}: {d}" for d in _apart(frame, found[table])]
    return Compared(cells, differences)


def _apart(wanted: pl.DataFrame, found: pl.DataFrame) -> Iterator[str]:
    if sorted(wanted.columns) != sorted(found.columns):
        yield f"columns: {wanted.columns}, not {found.columns}"
        return
    for name, dtype in wanted.schema.items():
        differs = ~wanted[name].eq_missing(found[name].cast(dtype))
        if differs.any():
            at = differs.arg_true()[0]
            yield f"{name}, row {at}: {wanted[name][at]}, not {found[name][at]}"
