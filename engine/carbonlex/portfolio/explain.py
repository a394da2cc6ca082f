"""One row of a portfolio in full: its entity as a case, checked by the reasoner."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from carbonlex.portfolio.judge import ROWS, Asked
from carbonlex.portfolio.reading.case import case_of
from carbonlex.portfolio.reading.dataset import Dataset, open_dataset
from carbonlex.portfolio.reading.prepared import BAD, ENTITIES, ENTITY, ROW, YEAR, Batch, Problem
from carbonlex.portfolio.synth import NOTICE, is_synthetic
from carbonlex.reasoner.check import check_case, only_duty
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.rulebook import Rulebook

_AT = re.compile(r"(.+)@([0-9]{4})")
_ROW = re.compile(r"[0-9]{1,18}", re.ASCII)


class NoRow(LookupError):
    """A row that the data do not have."""


@dataclass(frozen=True)
class Explained:
    """What the reasoner says of one entity in one year.

    `problems` are the cells of the entity that could not be taken, of the first that were kept;
    where `invalid`, the portfolio calls everything of the entity undetermined, while `report`
    takes those cells as not told.
    """

    entity: int | str
    year: int
    report: Report
    invalid: bool
    problems: tuple[Problem, ...]
    synthetic: bool

    @property
    def exit_code(self) -> int:
        """That of the report; 3 where a cell could not be taken."""
        return 3 if self.invalid else self.report.exit_code


def explained(
    rulebook: Rulebook,
    data: Path,
    asked: Asked,
    row: str,
    progress: Callable[[str, int, int], None] | None = None,
) -> Explained:
    """Return the proof of a row: its number in `entities`, from 1, or ENTITY@YEAR.

    All years of the entity are told to the reasoner; the report is of the row's year. Raises
    `NoRow`, and `ContentError` for data or readings that cannot be taken.
    """
    dataset = open_dataset(data, rulebook.vocabulary, progress=progress)
    batch, entity, year, invalid = _found(dataset, row)
    synthetic = is_synthetic(data)
    case = case_of(batch, entity, rulebook.vocabulary)
    report = check_case(rulebook, case, asked.on, None, dict(asked.readings))
    report = _of_year(report, year)
    if len(asked.only) == 1:
        report = only_duty(rulebook, report, asked.only[0])
    elif asked.only:
        kept = tuple(v for v in report.verdicts if v.duty in asked.only)
        report = replace(report, verdicts=kept)
    if synthetic:
        report = replace(report, case_name=f"{report.case_name}〔{NOTICE.zh} / {NOTICE.en}〕")
    problems = tuple(p for p in dataset.problems if p.row in _rows(batch, p.table, entity))
    return Explained(entity, year, report, invalid, problems, synthetic)


def _found(dataset: Dataset, row: str) -> tuple[Batch, int | str, int, bool]:
    """Return the batch of a row, its entity and year, and whether a cell could not be taken."""
    import polars as pl

    number = int(row) if _ROW.fullmatch(row) else None
    named = _AT.fullmatch(row)
    if number is None and named is None:
        raise NoRow(row)
    for batch in dataset.batches(ROWS):
        rows = batch.frames[ENTITIES]
        if number is not None:
            wanted = pl.col(ROW) == number
        else:
            assert named is not None
            wanted = (pl.col(ENTITY).cast(pl.String) == named[1]) & (pl.col(YEAR) == int(named[2]))
        for found in rows.filter(wanted).select(ENTITY, YEAR, BAD).iter_rows():
            return (batch, *found)
    raise NoRow(row)


def _rows(batch: Batch, table: str, entity: int | str) -> frozenset[int]:
    import polars as pl

    frame = batch.frames[table]
    return frozenset(frame.filter(pl.col(ENTITY) == entity)[ROW].to_list())


def _of_year(report: Report, year: int) -> Report:
    """Return what a report says of one year."""
    return replace(
        report,
        verdicts=tuple(v for v in report.verdicts if v.year == year),
        findings=tuple(f for f in report.findings if f.year == year),
        differences=tuple(d for d in report.differences if d.year == year),
        concurrences=tuple(c for c in report.concurrences if c.year == year),
        unjudged=tuple(u for u in report.unjudged if u[1] == year),
    )
