"""carbonlex: the rule files of `corpus/`, compiled, in Polars, in DuckDB, and file to totals."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
from files import Population
from reference import Columns

from carbonlex.portfolio.compile import Group
from carbonlex.portfolio.execute import answered, gathered, grouped
from carbonlex.portfolio.faces.dialects import DuckDB
from carbonlex.portfolio.faces.sql import Statement
from carbonlex.portfolio.judge import Asked, Judge, available
from carbonlex.portfolio.reading.dataset import Dataset, open_dataset
from carbonlex.portfolio.survey import survey
from carbonlex.rulebook.load import load_rulebook
from lanes.scaled import from_integers

CORPUS = Path(__file__).parents[1] / "corpus"
ON = date(2026, 1, 1)
RULES = load_rulebook(CORPUS / "rules", CORPUS / "statutes")
ALL, PART = 100_000_000, 1_000_000


def opened(population: Population) -> Dataset:
    """Return the file of a population, looked over."""
    return open_dataset(population.parquet, RULES.vocabulary)


class Columnar:
    """The plan on prepared columns in memory, as the Polars lane by hand has them."""

    def __init__(self, population: Population) -> None:
        data = opened(population)
        self.judge = Judge(RULES, available(data), Asked(ON))
        parts = [batch.frames["entities"] for batch in data.batches(PART)]
        frames = {"entities": pl.concat(parts, rechunk=False).head(population.rows or ALL)}
        ((self.group, self.rows),) = grouped(frames, ())
        self.frames = frames
        self.found: dict[str, pl.DataFrame] = {}

    def reset(self) -> None:
        """Let go of the last answers."""
        self.found = {}

    def run(self) -> None:
        """Compute the headline concepts; the plan is compiled at the first run."""
        plan, order, wanted = self.judge.plan(self.group)
        rows = gathered(self.group, self.rows, wanted, order, self.frames)
        self.found = answered(plan, wanted, order, rows)

    def answers(self) -> Columns:
        """Return the outputs."""
        return from_integers(self.found["entities"].get_column)


class Totals:
    """The command `portfolio check`: the Parquet file in, checked, and totals out."""

    def __init__(self, population: Population) -> None:
        self.path = population.parquet

    def reset(self) -> None:
        """Nothing is kept."""

    def run(self) -> None:
        """Read, check, judge and add up."""
        survey(RULES, self.path, Asked(ON))

    def answers(self) -> None:
        """Return nothing: totals are not rows."""


class Table:
    """The plan as SQL, on a table of the same integers as the DuckDB lane by hand."""

    def __init__(self, population: Population) -> None:
        data = opened(population)
        judge = Judge(RULES, available(data), Asked(ON))
        _, order, wanted = judge.plan(Group("emitter", *([data.years[0]] * 2)))
        (batch,) = data.batches(ALL)
        self.connection = duckdb.connect()
        rows = batch.frames["entities"].head(population.rows or ALL).to_arrow()
        self.connection.register("prepared", rows)
        self.connection.execute("CREATE TABLE entities AS FROM prepared")
        self.connection.unregister("prepared")
        select = Statement(order, DuckDB(), {None: "entities"}).select(None, (), wanted)
        self.sql = f"CREATE TABLE found AS {select}"

    def reset(self) -> None:
        """Drop the last answers."""
        self.connection.execute("DROP TABLE IF EXISTS found")

    def run(self) -> None:
        """Compute the outputs into a table."""
        self.connection.execute(self.sql)

    def answers(self) -> Columns:
        """Return the outputs."""
        found = self.connection.sql("FROM found").fetchnumpy()
        return from_integers(found.__getitem__)
