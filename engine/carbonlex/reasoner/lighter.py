"""Old law or new: the law of the breach governs, unless the law at decision is lighter.

Administrative Penalty Law art. 37, Code art. 1057, Legislation Law art. 93 (2015), 104 (2023).
How two ranges compare, and whether displacement without repeal counts, are open questions that
the rulebook declares under the names below.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from carbonlex.model import UNKNOWN, Value
from carbonlex.quantities import Range
from carbonlex.reasoner.consequence import Consequence, Lighter, Package
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.needs import Sets, needs, together
from carbonlex.rulebook.norms import Norm

DISPLACEMENT, MEASURE = "displacement", "lighter-measure"
SECOND_STEP, DEDUCTION = "lighter-second-step", "lighter-deduction"
PRICE = "price_before_deadline"


def compare_laws(
    run: Evaluation,
    year: int,
    duty: str,
    basis: Norm,
    old: Package,
    new: Package,
    decided_on: date,
    *,
    lawful: bool,
) -> Lighter:
    """Return which of two laws governs the sanctions of one breach, and why.

    `basis` imposed the duty; `lawful` says that the new law no longer finds the act unlawful.
    """
    cites = tuple(
        n.id
        for n in run.rulebook.precedence
        if n.precedence and n.precedence.step == "lighter" and run.in_force(n, decided_on)
    )
    if (
        not _formally_changed(run, basis, old, decided_on)
        and _reading(run, DISPLACEMENT) == "formal"
    ):
        return Lighter("old", "formal", cites)
    if lawful:
        return Lighter("new", "lawful", cites)
    second = _reading(run, SECOND_STEP) != "without"
    mine_only, theirs_only = _deductions(run, old, new)
    mine, needed = _measured(run, year, duty, old, second, mine_only)
    theirs, also = _measured(run, year, duty, new, second, theirs_only)
    if mine is None or theirs is None:
        return Lighter("open", "unknown", cites, mine, theirs, together([needed, also]))
    measure = _reading(run, MEASURE)
    before, after = _key(mine, measure), _key(theirs, measure)
    if after < before:
        return Lighter("new", "lighter", cites, mine, theirs)
    return Lighter("old", "equal" if after == before else "not-lighter", cites, mine, theirs)


def _deductions(
    run: Evaluation, old: Package, new: Package
) -> tuple[list[Consequence], list[Consequence]]:
    """Return the deductions that weigh; one that both laws make alike tips no scale."""
    if _reading(run, DEDUCTION) != "with":
        return [], []
    sides = []
    for package in (old, new):
        listed = [c for c in package.consequences if c.kind == "deduction"]
        run.reached |= set().union(*(c.questions for c in listed))
        sides.append(
            [c for c in listed if not c.excluded and c.status not in ("contingent", "barred")]
        )
    mine, theirs = ([(c.status, c.proof.label if c.proof else "") for c in s] for s in sides)
    return (
        [c for c, k in zip(sides[0], mine, strict=True) if k not in theirs],
        [c for c, k in zip(sides[1], theirs, strict=True) if k not in mine],
    )


def _reading(run: Evaluation, question: str) -> str:
    return run.reading(question) if question in run.rulebook.questions else ""


def _formally_changed(run: Evaluation, basis: Norm, old: Package, decided_on: date) -> bool:
    """Return whether what was broken, or what fined it, is itself no longer in force."""
    norms = {run.rulebook.norms[n].instrument for k, n in old.norms if k == "fine"}
    instruments = {basis.instrument, *norms}
    return any(not run.rulebook.instruments[i].in_force(decided_on) for i in instruments)


def _key(total: Range, measure: str) -> tuple[Fraction, Fraction]:
    if measure == "minimum":
        return (total.lower, total.upper)
    if measure == "midpoint":
        return (total.lower + total.upper, total.upper)
    return (total.upper, total.lower)


def _measured(
    run: Evaluation,
    year: int,
    duty: str,
    package: Package,
    second: bool,
    deductions: list[Consequence],
) -> tuple[Range | None, Sets]:
    """Return what a law weighs in the comparison, or which facts are missing for it."""
    chosen = [c for c in package.consequences if c.liable is None and c.kind == "fine"]
    if not second:
        chosen = [c for c in chosen if c.breach == duty]
    run.reached |= set().union(*(c.questions for c in chosen))
    total, needed = total_fine(chosen, keep_replaced=not second)
    if total is None:
        return total, needed
    for one in deductions:
        worth, wanting = _worth(run, year, package.law, one)
        if worth is None:
            return None, wanting
        total = total.plus(worth)
    return total, needed


def total_fine(fines: list[Consequence], keep_replaced: bool = False) -> tuple[Range | None, Sets]:
    """Return the sum of the fines on the bearer that fell due; None where one is not known."""
    total = Range(Fraction(0), Fraction(0))
    unknown: list[Sets] = []
    for one in fines:
        if (
            one.excluded
            or one.status in ("contingent", "barred")
            or (one.replaced_by and not keep_replaced)
        ):
            continue
        if one.status == "undetermined" or not isinstance(one.amount, Range):
            unknown.append(one.needs)
        else:
            total = total.plus(one.amount)
    return (None, together(unknown)) if unknown else (total, (frozenset(),))


def _worth(run: Evaluation, year: int, law: date, one: Consequence) -> tuple[Range | None, Sets]:
    norm: Norm = run.rulebook.norms[one.norm]
    price = run.name(PRICE, Frame(year, law, norm))
    missing = [needs(price, run.rulebook.vocabulary, norm.id)]
    if one.status == "undetermined" or one.amount is UNKNOWN:
        missing.append(one.needs)
        return None, together(missing)
    if price.value is UNKNOWN:
        return None, missing[0]
    assert isinstance(price.value, Fraction)
    if price.value < 0:
        return None, ()  # a price below zero weighs nothing, and no other fact settles it
    tonnes: Value | None = one.amount
    span = tonnes if isinstance(tonnes, Range) else Range(tonnes, tonnes)  # type: ignore[arg-type]
    return span.times(price.value), (frozenset(),)
