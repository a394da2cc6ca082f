"""Several breaches in one act: one fine, that of the provision with the highest.

Administrative Penalty Law art. 29, Code art. 1055. Whether breaches are one act is a fact that a
case tells (`single_acts`); untold, each breach is an act of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from carbonlex.errors import ContentError, Diagnostic
from carbonlex.model import Case
from carbonlex.reasoner.evaluate import Evaluation
from carbonlex.reasoner.verdict import Concurrence, Fined, Verdict
from carbonlex.rulebook.rulebook import Rulebook

ACTS, NAMED = "single_acts", "breaches"
_BETWEEN = re.compile(r"[\s,，、;；+]+")


def concurrences(run: Evaluation, verdicts: Iterable[Verdict]) -> Iterator[Concurrence]:
    """Yield each act told with the breaches in it that happened, where they are two or more."""
    broken = [v for v in verdicts if v.outcome == "breached"]
    for year, told in sorted(run.case.years.items()):
        for row in told.lists.get(ACTS, ()):
            names = _split(str(row[NAMED].value)) if NAMED in row else ()
            found = [v for v in broken if v.year == year and _named(v) & set(names)]
            if len(found) > 1:
                yield _one_fine(run, year, found)


def unknown_duties(rulebook: Rulebook, case: Case) -> None:
    """Refuse a case that names a duty there is not; raises `ContentError` with the place."""
    wrong = []
    for told in case.years.values():
        for row in told.lists.get(ACTS, ()):
            if (fact := row.get(NAMED)) is None:
                continue
            for name in unknown_among(rulebook, str(fact.value)):
                known = "、".join(sorted(rulebook.duties))
                wrong.append(Diagnostic(
                    "name-unknown", (f"没有义务“{name}”", f"there is no duty '{name}'"),
                    fact.where, hint=(f"可选：{known}", f"choose from: {known}"),
                ))  # fmt: skip
    if wrong:
        raise ContentError(tuple(wrong))


def unknown_among(rulebook: Rulebook, breaches: str) -> tuple[str, ...]:
    """Return those names in a told list of breaches that are of no duty."""
    return tuple(n for n in _split(breaches) if n.partition("#")[0] not in rulebook.duties)


def _split(breaches: str) -> tuple[str, ...]:
    return tuple(n for n in _BETWEEN.split(breaches) if n)


def _named(verdict: Verdict) -> set[str]:
    """Return the names under which an act may mean a verdict: `no-manipulation`, or with #2."""
    return {verdict.duty, f"{verdict.duty}#{verdict.index + 1}"}


def _one_fine(run: Evaluation, year: int, found: list[Verdict]) -> Concurrence:
    fined = []
    for verdict in found:
        sanctions = verdict.sanctions
        package = sanctions.governing if sanctions is not None else None
        total = package.total if package is not None else None
        fined.append(Fined(verdict.duty, year, verdict.index, total))
    sizes = [((f.total.upper, f.total.lower), f) for f in fined if f.total is not None]
    known = len(sizes) == len(fined) and any(upper > 0 for (upper, _), _ in sizes)
    highest = max(sizes, key=lambda s: s[0])[1] if known else None
    day = max(v.sanctions.breach_date if v.sanctions is not None else v.law for v in found)
    rules = (n for n in run.rulebook.precedence if n.precedence and n.precedence.step == "one_act")
    return Concurrence(
        year, tuple(fined), highest, tuple(n.id for n in rules if run.in_force(n, day))
    )
