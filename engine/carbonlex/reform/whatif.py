"""Everything that a what-if answers: what each reform does, and the cases before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from carbonlex.model import Case
from carbonlex.reform.apply import Applied, Clash, apply_all
from carbonlex.reform.changes import Changes, changes
from carbonlex.reform.compare import Comparison, compare
from carbonlex.reform.law import Law
from carbonlex.reform.reform import Reform
from carbonlex.reform.strands import Strand, strands
from carbonlex.reform.sweep import Sweep, sweep
from carbonlex.reform.swept import asked_for
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.redline import Redline, redline


@dataclass(frozen=True)
class Step:
    """One reform applied: rulebook before, redline (None: a new instrument), effects."""

    applied: Applied
    before: Rulebook
    redline: Redline | None
    changes: Changes
    strands: tuple[Strand, ...]


@dataclass(frozen=True)
class WhatIf:
    """The law before and after, each reform in its order, the cases compared, the sweeps.

    `clashes` are provisions that two of the reforms change. `comparisons` is empty where there
    is no reform to compare with.
    """

    before: Rulebook
    after: Rulebook
    asked_on: date
    decided_on: date | None
    steps: tuple[Step, ...]
    clashes: tuple[Clash, ...]
    comparisons: tuple[Comparison, ...]
    sweeps: tuple[Sweep, ...]

    @property
    def effective(self) -> date | None:
        """The day from which the first of the reforms has effect; None without any."""
        return min((s.applied.reform.effective for s in self.steps), default=None)

    @property
    def exit_code(self) -> int:
        """1 where a verdict becomes a breach, 3 where one becomes open, else 0."""
        codes = {c.exit_code for c in self.comparisons}
        return 1 if 1 in codes else 3 if 3 in codes else 0


def what_if(
    law: Law,
    reforms: Iterable[Reform],
    cases: Iterable[Case],
    on: date,
    decided: date | None = None,
    readings: Mapping[str, str] | None = None,
    swept: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> WhatIf:
    """Apply reforms to the law on paper and say what they do, to the law and to the cases.

    The drafts are taken as enacted by the day asked. `swept` is a sweep as `asked_for` reads it.
    Raises `ContentError` with every diagnostic.

    >>> from pathlib import Path
    >>> from carbonlex.reform.law import law_on_paper
    >>> from carbonlex.reform.read import read_reform
    >>> reform = read_reform(Path("examples/reforms/offset-ten.md"))
    >>> found = what_if(law_on_paper(), [reform], [], date(2027, 1, 15))
    >>> [r.old for r in found.steps[0].redline.amendments], found.exit_code
    (['art_29'], 0)
    """
    before = law.rulebook
    told = tuple(cases)
    after, applied, clashes = apply_all(law, reforms, known=on)
    steps, rulebook = [], before
    for one in applied:
        # A draft is made from the very text that it amends: what it lacks is repealed.
        rows = redline(one.before, one.after, whole=True) if one.before is not None else None
        steps.append(Step(one, rulebook, rows, changes(one, rulebook), strands(one, rulebook)))
        rulebook = one.law.rulebook
    start = min((s.applied.reform.effective for s in steps), default=None)
    asked = asked_for(swept, after.rulebook, start) if swept else None
    compared = [
        compare(before, after.rulebook, case, on, decided, readings) for case in told if steps
    ]
    sweeps = [
        sweep(after.rulebook, asked, case, on, decided, readings, progress)
        for case in told
        if asked is not None
    ]
    return WhatIf(
        before, after.rulebook, on, decided, tuple(steps), clashes, tuple(compared), tuple(sweeps)
    )
