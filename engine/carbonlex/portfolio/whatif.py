"""A draft over a whole portfolio: the law before and after it, row by row, and figures swept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from carbonlex.portfolio.compare import Comparer, with_concepts
from carbonlex.portfolio.engines import face
from carbonlex.portfolio.flips import Flips
from carbonlex.portfolio.judge import MONEY, ROWS, Asked, Judge, available
from carbonlex.portfolio.reading.dataset import Dataset, open_dataset
from carbonlex.portfolio.reading.prepared import ENTITIES, ENTITY
from carbonlex.portfolio.reading.profile import MAX_PROBLEMS
from carbonlex.portfolio.reading.sources import Progress
from carbonlex.portfolio.result import Result, groupings, made_from
from carbonlex.portfolio.rows import ChangedRows
from carbonlex.portfolio.subjects import Kind, Slot, Subject, subjects
from carbonlex.portfolio.sweep import Sweep, Sweeper
from carbonlex.portfolio.synth import is_synthetic
from carbonlex.portfolio.together import Together
from carbonlex.portfolio.totals import Grouping
from carbonlex.reform.swept import asked_for
from carbonlex.reform.whatif import WhatIf
from carbonlex.rulebook.rulebook import Rulebook

COMPARED: tuple[str, ...] = ("outcome", "norm", "gap", "cost", *MONEY)
"""The columns of an answer that are compared."""


@dataclass(frozen=True, kw_only=True)
class PortfolioWhatIf(Result):
    """What drafts do to a portfolio.

    Attributes:
        law: what the drafts do to the law itself.
        flips: what differs; None where there is no draft to compare with. `sweep`: likewise.
    """

    law: WhatIf
    flips: Flips | None
    sweep: Sweep | None

    @property
    def rulebook(self) -> Rulebook:
        """The law after the drafts."""
        return self.law.after

    @property
    def subjects(self) -> Mapping[Slot, Subject]:
        """The duties of either law: those after the drafts first, in the order of the rulebook."""
        found = {**subjects(self.law.before), **subjects(self.law.after)}
        only = self.asked.only
        order = dict.fromkeys((*subjects(self.law.after), *found))
        return {slot: found[slot] for slot in order if not only or slot.duty in only}

    @property
    def units(self) -> Mapping[Slot, Mapping[Kind, str]]:
        """The units of what each duty can come to under either law."""
        one, other = subjects(self.law.before), subjects(self.law.after)
        none: Mapping[Kind, str] = {}
        sides = ((of[s].units if s in of else none for of in (one, other)) for s in self.subjects)
        return {s: {**b, **a} for s, (b, a) in zip(self.subjects, sides, strict=True)}

    @property
    def exit_code(self) -> int:
        """1 where something becomes a breach; 3 where it becomes open, or is not judged; else 0."""
        return self.flips.exit_code if self.flips is not None else 0


def portfolio_what_if(
    law: WhatIf,
    data: Path,
    asked: Asked,
    by: Sequence[Grouping] = (),
    swept: str = "",
    out: Path | None = None,
    engine: str = "polars",
    progress: Progress | None = None,
    rows: int = ROWS,
) -> PortfolioWhatIf:
    """Judge every row of data under the law before drafts and after them; `law` is `what_if`'s.

    `swept` is a sweep as `reform.swept.asked_for` reads it, of the law after the drafts: every row
    is judged at each of its values. `out` is where to write the rows that differ. Data are read
    once, `rows` of them in memory at a time. Raises `ContentError` for sweeps, data or readings
    that cannot be taken, `UnknownEngine`, and `OSError` where nothing can be written; then
    nothing is.
    """
    computed = face(engine)
    figure = asked_for(swept, law.after, law.effective) if swept else None
    dataset = open_dataset(data, law.before.vocabulary, progress=progress)
    held = available(dataset)
    compared = replace(asked, fields=COMPARED)
    sides = [with_concepts(r) for r in ((law.before, law.after) if law.steps else ())]
    judges = [Judge(r, held, compared, computed) for r in sides]
    comparer = Comparer(sides[0], sides[1], groupings(dataset, by)) if sides else None
    sweeper = Sweeper(with_concepts(law.after), figure, compared) if figure is not None else None
    if sweeper is not None:
        judges += [Judge(r, held, sweeper.wanted, computed) for r in sweeper.rulebooks]
    together = Together(judges)
    synthetic = is_synthetic(data)
    told = _Told(progress, dataset.tables[ENTITIES].rows * len(judges))
    said = _made_from(law, dataset, asked, synthetic)
    written = ChangedRows(out, said) if out is not None else None
    entity: Any = None
    try:
        for batch in dataset.batches(rows):
            entity = batch.frames[ENTITIES].schema[ENTITY]
            for answers in together.answers(batch, told.add):
                every = iter(answers)
                if comparer is not None:
                    one, other = islice(every, 2)
                    comparer.add((one, other), written)
                if sweeper is not None:
                    sweeper.add(tuple(every))
            if written is not None:
                written.cut()
        files = (written.finish(entity, progress),) if written is not None else ()
    finally:
        if written is not None:
            written.close()
    return PortfolioWhatIf(
        law=law,
        asked=asked,
        data=str(data),
        rows={name: table.rows for name, table in dataset.tables.items()},
        years=dataset.years,
        digest=dataset.digest,
        flips=comparer.flips() if comparer is not None else None,
        sweep=sweeper.sweep() if sweeper is not None else None,
        problems=(*dataset.problems, *together.problems)[:MAX_PROBLEMS],
        problem_counts=Counter(dataset.problem_counts) + Counter(together.problem_counts),
        asked_by=tuple(by),
        synthetic=synthetic,
        engine=engine,
        written=files,
        presumptions=tuple(sorted({name for judge in judges for name in judge.presumptions})),
    )


def _made_from(law: WhatIf, dataset: Dataset, asked: Asked, synthetic: bool) -> Mapping[str, str]:
    digests = {"rulebook.before": law.before.digest, "rulebook.after": law.after.digest}
    return made_from(digests, dataset, asked, synthetic)


class _Told:
    """Tells how many rows have been judged, each as often as there are rulebooks."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def add(self, rows: int) -> None:
        """Add rows that a plan is done with."""
        self.done += rows
        if self.progress is not None:
            self.progress("judge", self.done, self.total)
