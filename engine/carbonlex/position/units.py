"""The units at hand for a compliance year: allowances by vintage, credits row by row, the cap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from carbonlex.calendar import add_years
from carbonlex.ledger import Ledger, Pool
from carbonlex.ledger.movements import ALLOWANCE
from carbonlex.model import UNKNOWN, Case, Value
from carbonlex.position.trials import Trials, amount, deadline_of, frame_of
from carbonlex.position.values import Amount, Credit, Holding, Use
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.facts import list_told
from carbonlex.reasoner.proof import Proof

_NOTHING = Fraction(0)
_NOT_KNOWN = Use(None, (), Proof("undefined", "", UNKNOWN), "official")


def next_year(trials: Trials) -> Trials | None:
    """Return trials for the following year, by its deadline if issued, else a year later."""
    frame = frame_of(trials.run, trials.year + 1)
    if frame is None:
        return None
    day = deadline_of(trials.run, trials.year + 1) or add_years(trials.day, 1)
    return Trials(trials.run, frame, day)


def holdings_of(
    trials: Trials, later: Trials | None, ledger: Ledger | None, on: date
) -> tuple[Holding, ...] | None:
    """Return the allowances held on a day, by vintage; None where they were not told.

    A ledger governs; without one, `holdings` of the year are taken as they were told.
    """
    lent: Mapping[Pool, Fraction] = {}
    if ledger is not None:
        held: dict[Pool, Fraction] = dict(ledger.held(on))
        lent = ledger.borrowed(on)
    elif list_told(trials.run.case, "holdings", trials.year):
        told = told_holdings(trials.run.case, trials.year)
        if told is None:
            return None
        held = told
    else:
        return None
    found: list[Holding] = []
    for pool, quantity in sorted(held.items()):
        product, vintage = pool
        if product == ALLOWANCE and quantity:
            borrowed = lent.get(pool, _NOTHING)
            for part, is_lent in ((borrowed, True), (quantity - borrowed, False)):
                if part:
                    now = trials.surrender(vintage, borrowed=is_lent)
                    after = later.surrender(vintage, borrowed=is_lent) if later else _NOT_KNOWN
                    found.append(Holding(vintage, part, is_lent, now, after))
    return tuple(found)


def told_holdings(case: Case, year: int) -> dict[Pool, Fraction] | None:
    """Return holdings told by vintage; None where they, or part of a row, were not told."""
    if not list_told(case, "holdings", year):
        return None
    held: dict[Pool, Fraction] = {}
    for row in case.years[year].lists["holdings"]:
        if "held_vintage" not in row or "held_quantity" not in row:
            return None
        pool = (ALLOWANCE, str(row["held_vintage"].value))
        quantity = row["held_quantity"].value
        assert isinstance(quantity, Fraction)
        held[pool] = held.get(pool, _NOTHING) + quantity
    return held


def told_otherwise(case: Case, year: int, ledger: Ledger | None, on: date) -> bool:
    """Return whether holdings told beside a ledger are not what the ledger holds."""
    told = told_holdings(case, year)
    if told is None or ledger is None:
        return False
    booked = {p: q for p, q in ledger.held(on).items() if p[0] == ALLOWANCE and q}
    return {p: q for p, q in told.items() if q} != booked


def credits_of(trials: Trials, later: Trials | None) -> tuple[Credit, ...] | None:
    """Return every row of credits of the year and whether it may be used; None if not told.

    Rows that differ only in quantity are tried once.
    """
    if not list_told(trials.run.case, "credits", trials.year):
        return None
    known: dict[tuple[tuple[str, Value], ...], tuple[Use, Use]] = {}
    found: list[Credit] = []
    for index, row in enumerate(trials.run.case.years[trials.year].lists["credits"]):
        alike = tuple((name, told.value) for name, told in row.items() if name != "quantity")
        if alike not in known:
            fresh = {name: told for name, told in row.items() if name != "used_on"}
            after = later.credit(fresh) if later else _NOT_KNOWN
            known[alike] = (trials.credit(row), after)
        quantity = row["quantity"].value if "quantity" in row else None
        used = row["used"].value if "used" in row else None
        now, after = known[alike]
        found.append(
            Credit(
                index,
                quantity if isinstance(quantity, Fraction) else None,
                used if isinstance(used, bool) else None,
                now,
                after,
            )
        )
    return tuple(found)


def cap_of(run: Evaluation, frame: Frame) -> tuple[Amount, Fraction | None]:
    """Return how many credits may be used for the year, and the room left under that.

    The room counts every credit used, also those that do not count.
    """
    cap = amount(run, "offset_limit", frame)
    used = run.name("offsets_used", frame).value
    if cap.number is None or not isinstance(used, Fraction):
        return cap, None
    return cap, max(_NOTHING, cap.number - used)
