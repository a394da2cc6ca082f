"""What every answer about a portfolio says of its data, and of what it was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from carbonlex.portfolio.judge import Asked
from carbonlex.portfolio.reading.dataset import Dataset
from carbonlex.portfolio.reading.prepared import ENTITIES, YEAR, Problem
from carbonlex.portfolio.reading.profile import ProblemKey
from carbonlex.portfolio.synth import NOTICE
from carbonlex.portfolio.synth.label import KEY
from carbonlex.portfolio.totals import Grouping
from carbonlex.version import ENGINE

USUAL: tuple[Grouping, ...] = (("sector",), ("region",), (YEAR,))
"""What every portfolio is grouped by, where the data tell of it."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """An answer about a portfolio: what was asked, of which data, and what is wrong with them.

    Attributes:
        asked: the day, the readings, the duties.
        rows: rows of each table of the data; `digest` is of its files.
        problems: the first cells that could not be taken, and rows that cannot be true;
            `problem_counts` has all.
        asked_by: what rows were asked to be grouped by, beside what is usual.
        synthetic: whether the data bear the label of a synthetic population.
        written: the files that were written.
        presumptions: facts and lists that were taken to be so where nobody told them.
    """

    asked: Asked
    data: str
    rows: Mapping[str, int]
    years: tuple[int, int]
    digest: str
    problems: tuple[Problem, ...]
    problem_counts: Mapping[ProblemKey, int]
    asked_by: tuple[Grouping, ...]
    synthetic: bool
    engine: str
    written: tuple[Path, ...] = ()
    presumptions: tuple[str, ...] = ()

    def first_rows(self, table: str, column: str, code: str, most: int = 10) -> tuple[int, ...]:
        """Return the first rows with one kind of problem; none where others came before it."""
        wanted = (table, column, code)
        rows = [p.row for p in self.problems if (p.table, p.column, p.code) == wanted]
        return tuple(rows[:most])


def groupings(dataset: Dataset, by: Sequence[Grouping]) -> tuple[Grouping, ...]:
    """Return what rows are grouped by: what is usual and the data tell of, then what is asked."""
    columns = {*dataset.tables[ENTITIES].columns, YEAR}
    usual = (g for g in USUAL if columns.issuperset(g))
    return tuple(dict.fromkeys((*usual, *by)))


def made_from(
    law: Mapping[str, str], dataset: Dataset, asked: Asked, synthetic: bool
) -> Mapping[str, str]:
    """Return what is written into a file of rows: what it was made from; `law` are digests."""
    said = {
        "carbonlex.version": ENGINE,
        **{f"carbonlex.{name}": digest for name, digest in law.items()},
        "carbonlex.data": dataset.digest,
        "carbonlex.asked_on": asked.on.isoformat(),
        "carbonlex.readings": ", ".join(f"{q}={r}" for q, r in sorted(asked.readings.items())),
    }
    if synthetic:
        said |= {KEY: "true", f"{KEY}.notice": f"{NOTICE.zh} / {NOTICE.en}"}
    return said
