"""A whole portfolio: opened, judged batch by batch, added up, and written where asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from carbonlex.portfolio.adding import Adder
from carbonlex.portfolio.engines import face
from carbonlex.portfolio.execute import ENTITIES, known_on
from carbonlex.portfolio.judge import ROWS, Asked, Judge, available, batch_rows
from carbonlex.portfolio.output import Output
from carbonlex.portfolio.reading.dataset import Dataset, open_dataset
from carbonlex.portfolio.reading.prepared import YEAR, Problem
from carbonlex.portfolio.reading.profile import MAX_PROBLEMS, ProblemKey
from carbonlex.portfolio.reasons import Reasons
from carbonlex.portfolio.subjects import Slot, Subject, subjects
from carbonlex.portfolio.synth import is_synthetic
from carbonlex.portfolio.totals import Grouping, Totals
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Vocabulary

Progress = Callable[[str, int, int], None]
USUAL: tuple[Grouping, ...] = (("sector",), ("region",), (YEAR,))
"""What every portfolio is grouped by, where the data tell of it."""


@dataclass(frozen=True)
class Survey:
    """What a portfolio comes to.

    Attributes:
        asked: the day, the readings, the duties.
        rows: rows of each table of the data; `digest` is of its files.
        subjects: the duties that were judged, in the order of the rulebook.
        problems: the first cells that could not be taken, and rows that cannot be true;
            `problem_counts` has all.
        asked_by: what rows were asked to be grouped by, beside what is usual.
        synthetic: whether the data bear the label of a synthetic population.
        written: the files that were written.
        presumptions: facts and lists that were taken to be so where nobody told them.
    """

    rulebook: Rulebook
    asked: Asked
    data: str
    rows: Mapping[str, int]
    years: tuple[int, int]
    digest: str
    subjects: Mapping[Slot, Subject]
    totals: Totals
    problems: tuple[Problem, ...]
    problem_counts: Mapping[ProblemKey, int]
    asked_by: tuple[Grouping, ...]
    synthetic: bool
    engine: str
    written: tuple[Path, ...] = ()
    presumptions: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 something breached; 3 something open, not judged, or invalid; else 0."""
        return self.totals.exit_code or (3 if self.problem_counts else 0)

    def first_rows(self, table: str, column: str, code: str, most: int = 10) -> tuple[int, ...]:
        """Return the first rows with one kind of problem; none where others came before it."""
        wanted = (table, column, code)
        rows = [p.row for p in self.problems if (p.table, p.column, p.code) == wanted]
        return tuple(rows[:most])


def survey(
    rulebook: Rulebook,
    data: Path,
    asked: Asked,
    by: Sequence[Grouping] = (),
    out: Path | None = None,
    engine: str = "polars",
    progress: Progress | None = None,
    rows: int | None = None,
) -> Survey:
    """Judge data of many entities and add it up; `out` is where to write each row's verdicts.

    Memory does not grow with the data: `rows` are in it at a time; if not told, `batch_rows`, and
    `ROWS` where they are written too. Raises `ContentError` for data or readings that cannot be
    taken, `UnknownEngine`, and `OSError` where nothing can be written; then nothing is.
    """
    computed = face(engine)
    dataset = open_dataset(data, rulebook.vocabulary, progress=progress)
    judge, why = Judge(rulebook, available(dataset), asked, computed), Reasons(computed)
    found = subjects(rulebook)
    adder = Adder(found, rulebook.vocabulary, _groupings(dataset, by))
    synthetic = is_synthetic(data)
    written = _output(out, rulebook, _said(rulebook, dataset, asked, synthetic))
    rows = rows or (batch_rows(dataset) if out is None else ROWS)
    done, total = 0, dataset.tables[ENTITIES].rows
    try:
        for batch in dataset.batches(rows):
            frames = known_on(batch.frames, asked.on)
            for answer in judge.answers(batch):
                reasons = why.of(answer, frames)
                adder.add(answer, reasons)
                if written is not None:
                    written.add(answer, reasons)
                done += answer.rows.height
                if progress is not None:
                    progress("judge", done, total)
            if written is not None:
                written.cut()
        files = written.finish(progress) if written is not None else ()
    finally:
        if written is not None:
            written.close()
    kept = {s: of for s, of in found.items() if not asked.only or s.duty in asked.only}
    return Survey(
        rulebook=rulebook,
        asked=asked,
        data=str(data),
        rows={name: table.rows for name, table in dataset.tables.items()},
        years=dataset.years,
        digest=dataset.digest,
        subjects=kept,
        totals=adder.totals(),
        problems=(*dataset.problems, *judge.problems)[:MAX_PROBLEMS],
        problem_counts=Counter(dataset.problem_counts) + Counter(judge.problem_counts),
        asked_by=tuple(by),
        synthetic=synthetic,
        engine=engine,
        written=files,
        presumptions=judge.presumptions,
    )


def _output(out: Path | None, rulebook: Rulebook, said: Mapping[str, str]) -> Output | None:
    return Output(out, subjects(rulebook), rulebook.vocabulary, said) if out is not None else None


def may_group_by(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return what rows may be grouped by: the year, and what an entity is in every year."""
    told = vocabulary.of_record("entity")
    kept = [t.name for t in told if t.period == "always" and t.type in ("choice", "text")]
    return (*kept, YEAR)


def _groupings(dataset: Dataset, by: Sequence[Grouping]) -> tuple[Grouping, ...]:
    columns = {*dataset.tables[ENTITIES].columns, YEAR}
    usual = (g for g in USUAL if columns.issuperset(g))
    return tuple(dict.fromkeys((*usual, *by)))


def _said(rulebook: Rulebook, dataset: Dataset, asked: Asked, synthetic: bool) -> Mapping[str, str]:
    """Return what is written into files of verdicts: what they were made from."""
    from carbonlex.portfolio.synth.label import KEY, NOTICE
    from carbonlex.version import ENGINE

    said = {
        "carbonlex.version": ENGINE,
        "carbonlex.rulebook": rulebook.digest,
        "carbonlex.data": dataset.digest,
        "carbonlex.asked_on": asked.on.isoformat(),
        "carbonlex.readings": ", ".join(f"{q}={r}" for q, r in sorted(asked.readings.items())),
    }
    if synthetic:
        said |= {KEY: "true", f"{KEY}.notice": f"{NOTICE.zh} / {NOTICE.en}"}
    return said
