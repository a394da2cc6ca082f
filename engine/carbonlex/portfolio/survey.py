"""A whole portfolio: opened, judged batch by batch, added up, and written where asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from carbonlex.portfolio.adding import Adder
from carbonlex.portfolio.engines import face
from carbonlex.portfolio.judge import ROWS, Asked, Judge, available, batch_rows
from carbonlex.portfolio.output import Output
from carbonlex.portfolio.reading.dataset import open_dataset
from carbonlex.portfolio.reading.prepared import ENTITIES, YEAR
from carbonlex.portfolio.reading.profile import MAX_PROBLEMS
from carbonlex.portfolio.reading.sources import Progress
from carbonlex.portfolio.reasons import Reasons
from carbonlex.portfolio.result import Result, groupings, made_from
from carbonlex.portfolio.subjects import Slot, Subject, subjects
from carbonlex.portfolio.synth import is_synthetic
from carbonlex.portfolio.totals import Grouping, Totals
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True)
class Survey(Result):
    """What a portfolio comes to.

    `subjects` are the duties that were judged, in the order of the rulebook.
    """

    rulebook: Rulebook
    subjects: Mapping[Slot, Subject]
    totals: Totals

    @property
    def exit_code(self) -> int:
        """1 something breached; 3 something open, not judged, or invalid; else 0."""
        return self.totals.exit_code or (3 if self.problem_counts else 0)


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
    adder = Adder(found, rulebook.vocabulary, groupings(dataset, by))
    synthetic = is_synthetic(data)
    said = made_from({"rulebook": rulebook.digest}, dataset, asked, synthetic)
    written = _output(out, rulebook, said)
    rows = rows or (batch_rows(dataset) if out is None else ROWS)
    done, total = 0, dataset.tables[ENTITIES].rows
    try:
        for batch in dataset.batches(rows):
            for answer in judge.answers(batch):
                reasons = why.of(answer)
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
