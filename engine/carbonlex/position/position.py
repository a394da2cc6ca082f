"""The surrender position of one compliance year, read off the rulebook and the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction

from carbonlex.ledger import ledger_of
from carbonlex.ledger.movements import known_on
from carbonlex.model import UNKNOWN, Case, weakest
from carbonlex.position.failing import failing
from carbonlex.position.order import missing, order_of_use
from carbonlex.position.trials import SURRENDER, Trials, amount, frame_of
from carbonlex.position.units import (
    cap_of,
    credits_of,
    holdings_of,
    next_year,
    told_otherwise,
)
from carbonlex.position.values import (
    Amount,
    Banking,
    Cost,
    Credit,
    Holding,
    Position,
    Step,
)
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.consequence import Need
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.needs import presumed, together
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook

_NOTHING = Fraction(0)
_USES = ("offsets_used", "offsets_counted", "credits", "movements", "banked", "borrowed")


class NoPosition(LookupError):
    """The case does not tell the year, or no law in force imposes surrender for it."""


def position_of(
    rulebook: Rulebook,
    case: Case,
    year: int | None,
    on: date,
    price: Fraction | None = None,
    readings: Mapping[str, str] | None = None,
    credit_price: Fraction | None = None,
) -> Position:
    """Return where an entity stands on surrender for a year, as of the day asked.

    `year` None is the earliest year told whose surrender is still to come, or else the last.
    Prices are in CNY/tCO2e; without `price` the case's `allowance_price` is taken. Raises
    `ContentError` for a bad reading or an impossible ledger, `NoPosition` for a year without
    surrender.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> facts = {"listed": True, "verified_emissions": 100_000, "allowances_surrendered": 95_000,
    ...          "credits": [], "holdings": [{"held_vintage": "v2025", "held_quantity": 0}]}
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "power"}, "year": {"2025": facts}}, rulebook.vocabulary, "plant")
    >>> position_of(rulebook, case, 2025, date(2026, 11, 22)).shortfall.value
    Fraction(5000, 1)
    """
    report = check_case(rulebook, case, on, None, readings, survey=False)
    case, _ = known_on(case, on)
    ledger = ledger_of(case)
    chosen = _surrender(report, year)
    if chosen is None:
        raise NoPosition(year)
    year = chosen.year
    run = Evaluation(rulebook, case, on, None, dict(readings or {}))
    frame = frame_of(run, year)
    assert frame is not None
    figures = {name: amount(run, name, frame) for name in _FIGURES}
    trials = Trials(run, frame, on if chosen.due is None else min(on, chosen.due))
    later = next_year(trials)
    holdings = holdings_of(trials, later, ledger, on)
    credits = credits_of(replace(trials, day=on), later)  # a credit is judged by its day of use
    cap, room = cap_of(run, frame)
    shortfall = figures["shortfall"].number
    paid = run.name("allowance_price", frame).value if price is None else price
    unit_price = paid if isinstance(paid, Fraction) else None
    bounds = missing(shortfall, holdings, credits, room)
    exact = bounds.best if bounds is not None and bounds.best == bounds.worst else None
    banking = _banking(run, frame, holdings)
    order: tuple[Step, ...] = ()
    if shortfall is not None:
        keep = (banking.room if banking else None) or _NOTHING
        cheaper = None
        if unit_price is not None and credit_price is not None:
            cheaper = credit_price < unit_price
        order = order_of_use(
            shortfall, holdings or (), credits or (), room or _NOTHING, keep, cheaper
        )
    others = tuple(v for v in report.verdicts if v.year == year and _on_units(rulebook, v))
    proofs = [f.proof for f in figures.values()] + [cap.proof]
    used = tuple(sorted({*chosen.presumed, *presumed(proofs)}))
    grades = [chosen.grade, cap.grade, *(f.grade for f in figures.values() if f.known)]
    grades += [h.now.grade for h in holdings or ()] + [c.now.grade for c in credits or ()]
    return Position(
        report=replace(report, verdicts=(chosen, *others), presumed=used, not_encoded=()),
        year=year,
        verdict=chosen,
        others=others,
        free_allocation=figures["free_allocation"],
        relief=figures["relief"],
        obligation=figures["surrender_obligation"],
        surrendered=figures["allowances_surrendered"],
        offsets=figures["offsets_counted"],
        shortfall=figures["shortfall"],
        holdings=holdings,
        from_ledger=ledger is not None,
        told_otherwise=told_otherwise(case, year, ledger, on),
        credits=credits,
        ledger_credits=None if ledger is None else _reductions(ledger.held(on)),
        cap=cap,
        room=room,
        missing=exact,
        best=None if bounds is None else bounds.best,
        worst=None if bounds is None else bounds.worst,
        missing_needs=() if exact is not None else _needs(figures, cap, holdings, credits, year),
        order=order,
        cost=_cost(exact, unit_price, price is None, credit_price, room, order),
        failing=failing(run, frame, chosen, exact if exact else None, unit_price),
        banking=_after(banking, order),
        grade=weakest(tuple(grades)),
        questions=tuple((q, run.chosen(q)) for q in sorted(run.reached)),
    )


_FIGURES = (
    "free_allocation",
    "relief",
    "surrender_obligation",
    "allowances_surrendered",
    "offsets_counted",
    "shortfall",
)


def _surrender(report: Report, year: int | None) -> Verdict | None:
    """Return the verdict on surrender: of the year asked, or of the one that is next to come."""
    found = [v for v in report.verdicts if v.duty == SURRENDER]
    if year is not None:
        return next((v for v in found if v.year == year), None)
    bound = [v for v in found if v.outcome != "not_applicable"] or found
    to_come = [v for v in bound if v.days_left is not None and v.days_left >= 0]
    return to_come[0] if to_come else (bound[-1] if bound else None)


def _on_units(rulebook: Rulebook, verdict: Verdict) -> bool:
    """Return whether a verdict is on the use of units: credits, movements, banking, borrowing."""
    from carbonlex.expressions.tree import names

    if verdict.duty == SURRENDER or verdict.outcome == "not_applicable":
        return False
    norm = rulebook.norms[verdict.norm]
    said = set(names(norm.test)) if norm.test is not None else set()
    return norm.kind == "prohibits" and (norm.record in _USES or bool(said & set(_USES)))


def _reductions(held: Mapping[tuple[str, str], Fraction]) -> Fraction:
    return sum((q for (product, _), q in held.items() if product == "ccer"), _NOTHING)


def _cost(
    exact: Fraction | None,
    price: Fraction | None,
    told: bool,
    credit_price: Fraction | None,
    room: Fraction | None,
    order: tuple[Step, ...],
) -> Cost | None:
    """Return what it costs to buy what is missing, credits first where they are cheaper."""
    if exact is None or price is None:
        return None
    bought = _NOTHING
    if credit_price is not None and credit_price < price and room is not None:
        bought = min(exact, room - sum((s.quantity for s in order if s.index >= 0), _NOTHING))
    return Cost(price, told, credit_price, bought, exact - bought)


def _banking(run: Evaluation, frame: Frame, holdings: tuple[Holding, ...] | None) -> Banking | None:
    """Return the units owned and the cap on banking; None where no law held provides for it."""
    cap = amount(run, "bank_cap", frame)
    if not cap.known:
        return None
    done = run.name("banked", frame).value
    owned = [h.quantity for h in holdings or () if not h.borrowed]
    left = None if holdings is None else sum(owned, _NOTHING)
    return Banking(cap, left, done if isinstance(done, Fraction) else None)


def _after(banking: Banking | None, order: tuple[Step, ...]) -> Banking | None:
    """Return what could be banked once the units of an order of use are gone."""
    if banking is None or banking.left is None:
        return banking
    used = sum((s.quantity for s in order if s.index < 0 and s.reason != "borrowed"), _NOTHING)
    return replace(banking, left=banking.left - used)


def _needs(
    figures: Mapping[str, Amount],
    cap: Amount,
    holdings: tuple[Holding, ...] | None,
    credits: tuple[Credit, ...] | None,
    year: int,
) -> tuple[frozenset[Need], ...]:
    """Return the facts that would settle what is missing."""
    sets = [figures["shortfall"].needs] if figures["shortfall"].value is UNKNOWN else []
    if holdings is None:
        sets.append(
            (
                frozenset({Need("movements", year, -1, "")}),
                frozenset({Need("holdings", year, -1, "")}),
            )
        )
    if credits is None:
        sets.append((frozenset({Need("credits", year, -1, "")}),))
    elif credits and cap.value is UNKNOWN:
        sets.append(cap.needs)
    uses = [h.now for h in holdings or ()] + [c.now for c in credits or ()]
    sets += [use.needs for use in uses if use.allowed is None and use.needs]
    for row in credits or ():
        lost = {"used": row.used, "quantity": row.quantity}
        sets += [
            (frozenset({Need(name, year, row.index, "")}),)
            for name, value in lost.items()
            if value is None and row.now.allowed is not False
        ]
    return together(sets)
