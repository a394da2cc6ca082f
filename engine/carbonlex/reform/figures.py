"""What verdicts come to: tonnes missing, yuan to pay. Not known is a value of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from carbonlex.model import UNKNOWN, Unknown, Value
from carbonlex.quantities import Range
from carbonlex.reasoner.consequence import Package
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook

Figure: TypeAlias = Range | Unknown
Money = Literal["fine", "confiscation", "cost"]
NOTHING = Range(Fraction(0), Fraction(0))


@dataclass(frozen=True)
class Figures:
    """What one verdict comes to: nothing is a range from 0 to 0, and is not `UNKNOWN`.

    Attributes:
        gap: how far off compliance it is, in `unit`.
        fine, confiscation: on the bearer and fallen due, CNY; a fine is a range.
        deduction: from next year's allowances, tCO2e.
        cost: what it costs to close the gap at the price told, CNY.
    """

    gap: Figure = NOTHING
    unit: str = ""
    fine: Figure = NOTHING
    confiscation: Figure = NOTHING
    deduction: Figure = NOTHING
    cost: Figure = NOTHING


def figures_of(rulebook: Rulebook, verdict: Verdict | None) -> Figures:
    """Return what a verdict comes to; nothing for None, a law that does not ask.

    >>> import carbonlex
    >>> from datetime import date
    >>> rulebook = carbonlex.load_rulebook()
    >>> facts = {"listed": True, "shortfall": 10_000}
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "power"}, "year": {"2025": facts}}, rulebook.vocabulary, "plant")
    >>> report = carbonlex.check_case(rulebook, case, date(2027, 1, 15), survey=False)
    >>> found = figures_of(rulebook, next(v for v in report.verdicts if v.duty == "surrender"))
    >>> found.gap, found.fine, found.cost
    (Range(lower=Fraction(10000, 1), upper=Fraction(10000, 1)), UNKNOWN, UNKNOWN)
    """
    if verdict is None:
        return Figures()
    gap, cost = _gap(rulebook, verdict)
    package = verdict.sanctions.governing if verdict.sanctions is not None else None
    if package is None:
        # A breach or a doubt with sanctions that could not be worked out is not a free one.
        kinds = {"breached", "undetermined", "conflict"}
        asked = verdict.outcome in kinds and verdict.duty in rulebook.sanctions
        open_one: Figure = UNKNOWN if asked else NOTHING
        return Figures(gap, verdict.gap_unit, open_one, open_one, open_one, cost)
    return Figures(
        gap,
        verdict.gap_unit,
        UNKNOWN if package.total is None else package.total,
        _taken(package, "confiscation"),
        _taken(package, "deduction"),
        cost,
    )


def _gap(rulebook: Rulebook, verdict: Verdict) -> tuple[Figure, Figure]:
    norm = rulebook.norms[verdict.norm]
    if norm.gap is None or verdict.outcome in ("complied", "not_applicable"):
        return NOTHING, NOTHING
    if verdict.gap is None and verdict.outcome in ("breached", "pending"):
        return NOTHING, NOTHING
    gap = as_figure(verdict.gap)
    if not norm.lever or gap == NOTHING:
        return gap, NOTHING
    return gap, as_figure(verdict.cost)


def _taken(package: Package, kind: Literal["confiscation", "deduction"]) -> Figure:
    found = [
        UNKNOWN if c.status == "undetermined" else as_figure(c.amount)
        for c in package.consequences
        if c.kind == kind and c.liable is None and not c.excluded and not c.replaced_by
        if c.status in ("applies", "undetermined")
    ]
    return total(found)


def as_figure(value: Value | None) -> Figure:
    """Return a value as a figure; what is no amount is not known."""
    if isinstance(value, Range):
        return value
    return Range(value, value) if isinstance(value, Fraction) else UNKNOWN


def total(figures: Iterable[Figure]) -> Figure:
    """Return the sum; one that is not known makes the sum unknown.

    >>> total([NOTHING, UNKNOWN]), total([])
    (UNKNOWN, Range(lower=Fraction(0, 1), upper=Fraction(0, 1)))
    """
    found = NOTHING
    for one in figures:
        if isinstance(one, Unknown):
            return UNKNOWN
        found = found.plus(one)
    return found


def money(rulebook: Rulebook, report: Report, kind: Money) -> Figure:
    """Return what a report comes to in yuan; of several breaches in one act the highest fine."""
    found: list[Figure] = []
    spared: set[tuple[str, int, int]] = set()
    for act in report.concurrences if kind == "fine" else ():
        spared |= {(b.duty, b.year, b.index) for b in act.breaches}
        unknown = any(b.total is None for b in act.breaches)
        highest = act.highest.total if act.highest is not None else None
        found.append(UNKNOWN if unknown else highest or NOTHING)
    for verdict in report.verdicts:
        if (verdict.duty, verdict.year, verdict.index) not in spared:
            found.append(getattr(figures_of(rulebook, verdict), kind))
    return total(found)
