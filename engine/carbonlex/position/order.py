"""In which order units are best used, and what is missing after all of them. Advice, not law.

It follows from when units lapse: what can serve only this year goes first, what can still serve
goes last, and the newest vintage is kept longest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from carbonlex.position.values import Credit, Holding, Reason, Step

_NOTHING = Fraction(0)


@dataclass(frozen=True)
class Bounds:
    """What is missing at best and at worst, in tCO2e; `worst` None: no bound."""

    best: Fraction
    worst: Fraction | None


def missing(
    shortfall: Fraction | None,
    holdings: tuple[Holding, ...] | None,
    credits: tuple[Credit, ...] | None,
    room: Fraction | None,
) -> Bounds | None:
    """Return what is missing after everything that may be used; None where no bound is known.

    At best what is in doubt may be used, at worst it may not; holdings not told may be anything.
    """
    if shortfall is None:
        return None
    sure, doubtful = _split((h.quantity, h.now.allowed) for h in holdings or ())
    owned, perhaps = _split((c.quantity, _still(c)) for c in credits or ())
    low = min(owned, room or _NOTHING)
    worst = max(_NOTHING, shortfall - sure - low)
    unbounded = holdings is None or perhaps is None or (credits is None and room != 0)
    if unbounded:
        return Bounds(_NOTHING, worst)
    assert perhaps is not None
    high = owned + perhaps if room is None else min(owned + perhaps, room)
    return Bounds(max(_NOTHING, shortfall - sure - (doubtful or _NOTHING) - high), worst)


def _still(credit: Credit) -> bool | None:
    """Return whether a credit may still be used; in doubt where it was not told that it was not."""
    if credit.used is True or credit.now.allowed is False:
        return False
    return credit.now.allowed if credit.used is False else None


def _split(
    units: Iterable[tuple[Fraction | None, bool | None]],
) -> tuple[Fraction, Fraction | None]:
    """Return how many units may be used for certain and perhaps; None: perhaps any number."""
    sure, doubtful = _NOTHING, _NOTHING
    boundless = False
    for quantity, allowed in units:
        if allowed is False:
            continue
        if quantity is None:
            boundless = True
        elif allowed:
            sure += quantity
        else:
            doubtful += quantity
    return sure, None if boundless else doubtful


def order_of_use(
    shortfall: Fraction,
    holdings: tuple[Holding, ...],
    credits: tuple[Credit, ...],
    room: Fraction,
    bankable: Fraction,
    cheaper: bool | None,
) -> tuple[Step, ...]:
    """Return the units to surrender or use, in turn, until nothing is owed or none is left.

    `room` is what the cap on credits leaves, `bankable` what the cap on banking leaves, both in
    tCO2e; `cheaper` whether credits are cheaper than allowances, None if that was not told.
    """
    ranked = [*_allowances(holdings, bankable), *_reductions(credits, cheaper)]
    steps: list[Step] = []
    for _, step in sorted(ranked, key=lambda r: r[0]):
        quantity = min(step.quantity, shortfall, room if step.index >= 0 else shortfall)
        if quantity > 0:
            steps.append(Step(step.vintage, step.index, quantity, step.reason))
            shortfall -= quantity
            room -= quantity if step.index >= 0 else _NOTHING
    return tuple(steps)


_Rank = tuple[int, str, int]
_BORROWED: Reason = "borrowed"
_LASTING: dict[bool | None, tuple[int, Reason]] = {
    False: (1, "lapses"),
    None: (5, "open"),
    True: (6, "oldest"),
}


def _allowances(holdings: tuple[Holding, ...], bankable: Fraction) -> Iterable[tuple[_Rank, Step]]:
    # Newest first: what can be banked is kept of the newest.
    for held in sorted(holdings, key=lambda h: h.vintage, reverse=True):
        if held.now.allowed is not True:
            continue
        rank, reason = (0, _BORROWED) if held.borrowed else _LASTING[held.next_year.allowed]
        kept = min(bankable, held.quantity) if reason == "lapses" else _NOTHING
        bankable -= kept
        yield (4, held.vintage, -1), Step(held.vintage, -1, kept, "bankable")
        yield (rank, held.vintage, -1), Step(held.vintage, -1, held.quantity - kept, reason)


def _reductions(credits: tuple[Credit, ...], cheaper: bool | None) -> Iterable[tuple[_Rank, Step]]:
    for credit in credits:
        if credit.used is not False or credit.quantity is None or credit.now.allowed is not True:
            continue
        rank: int
        reason: Reason
        if credit.next_year.allowed is False:
            rank, reason = 1, "lapses"
        elif cheaper:
            rank, reason = 2, "cheaper"
        elif cheaper is None:
            rank, reason = 3, "room"
        else:
            rank, reason = 7, "dearer"
        yield (rank, "", credit.index), Step("", credit.index, credit.quantity, reason)
