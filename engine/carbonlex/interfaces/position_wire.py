"""The shape of `carbonlex position --json`, from which docs/position.schema.json is generated."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Literal

from pydantic import Field

from carbonlex.interfaces.wire import report_json
from carbonlex.interfaces.wire_figures import FigureOut, UntoldOut, UseOut, figure, untold, use
from carbonlex.interfaces.wire_models import ReportOut, VerdictOut, Wire
from carbonlex.interfaces.wire_values import number
from carbonlex.model import Grade
from carbonlex.position.values import Position, Reason
from carbonlex.quantities import plain
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.rulebook import Rulebook


class HoldingOut(Wire):
    """Allowances of one vintage, in tCO2e."""

    vintage: str
    quantity: str
    borrowed: bool
    this_year: UseOut
    next_year: UseOut


class CreditOut(Wire):
    """One row of credits; `record` is its place, from 1."""

    record: int
    quantity: str | None
    used: bool | None
    this_year: UseOut
    next_year: UseOut


class StepOfUseOut(Wire):
    """Units to use in their turn: a vintage, or a row of credits."""

    vintage: str | None
    record: int | None
    quantity: str
    reason: Reason


class CostOut(Wire):
    """What it costs to buy what is missing; prices in CNY/tCO2e, the total in CNY."""

    price: str
    price_told: bool
    credit_price: str | None
    credits: str
    allowances: str
    total: str


class FailingOut(Wire):
    """The verdict on the day after the deadline if so many tonnes stay short (null: as now)."""

    tonnes: str | None
    assumed_price: str | None
    verdict: VerdictOut


class BankingOut(Wire):
    """What could be banked: the smaller of what is left and what the cap still allows."""

    cap: FigureOut
    left: str | None
    quantity: str | None


class PositionOut(Wire):
    """The whole answer of `carbonlex position --json`; quantities are exact decimals in tCO2e."""

    schema_version: Literal["1"] = "1"
    case: str
    year: int
    asked_on: date
    readings: dict[str, str]
    exit_code: int
    grade: Grade
    verdicts: list[VerdictOut] = Field(description="surrender first, then the uses of units")
    free_allocation: FigureOut
    relief: FigureOut
    obligation: FigureOut
    surrendered: FigureOut
    offsets: FigureOut
    shortfall: FigureOut
    holdings: list[HoldingOut] | None
    from_ledger: bool
    told_otherwise: bool
    credits: list[CreditOut] | None
    ledger_credits: str | None
    cap: FigureOut
    room: str | None
    missing: str | None
    missing_at_best: str | None
    missing_at_worst: str | None
    missing_needs: list[list[UntoldOut]]
    order: list[StepOfUseOut] = Field(description="advice that follows from when units lapse")
    cost: CostOut | None
    failing: FailingOut | None
    banking: BankingOut | None
    assumptions: list[dict[str, str | int]]
    questions: dict[str, str] = Field(description="open questions, with the reading in use")
    engine: str
    digests: dict[str, str]


def position_schema() -> str:
    """Return the JSON Schema of `position --json` as text."""
    return json.dumps(PositionOut.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True)


def position_json(rulebook: Rulebook, found: Position) -> str:
    """Return a position as JSON text; the same position gives the same text."""
    return _out(rulebook, found).model_dump_json(indent=2)


def _out(rulebook: Rulebook, found: Position) -> PositionOut:
    report = found.report
    return PositionOut(
        case=report.case_name,
        year=found.year,
        asked_on=report.asked_on,
        readings=dict(report.readings),
        exit_code=found.exit_code,
        grade=found.grade,
        verdicts=_verdicts(rulebook, report),
        free_allocation=figure(found.free_allocation),
        relief=figure(found.relief),
        obligation=figure(found.obligation),
        surrendered=figure(found.surrendered),
        offsets=figure(found.offsets),
        shortfall=figure(found.shortfall),
        holdings=_holdings(rulebook, found),
        from_ledger=found.from_ledger,
        told_otherwise=found.told_otherwise,
        credits=_credits(rulebook, found),
        ledger_credits=number(found.ledger_credits),
        cap=figure(found.cap),
        room=number(found.room),
        missing=number(found.missing),
        missing_at_best=number(found.best),
        missing_at_worst=number(found.worst),
        missing_needs=untold(found.missing_needs),
        order=[
            StepOfUseOut(
                vintage=s.vintage or None,
                record=s.index + 1 if s.index >= 0 else None,
                quantity=plain(s.quantity),
                reason=s.reason,
            )
            for s in found.order
        ],
        cost=_cost(found),
        failing=_failing(rulebook, found),
        banking=_banking(found),
        assumptions=[{"fact": f, "year": y} for f, y in report.presumed],
        questions=dict(found.questions),
        engine=report.engine,
        digests={"case": report.case_digest, "rulebook": report.rulebook_digest},
    )


def _verdicts(rulebook: Rulebook, report: Report) -> list[VerdictOut]:
    """Return verdicts as `check --json` has them."""
    return ReportOut.model_validate_json(report_json(rulebook, report)).verdicts


def _holdings(rulebook: Rulebook, found: Position) -> list[HoldingOut] | None:
    if found.holdings is None:
        return None
    return [
        HoldingOut(
            vintage=h.vintage,
            quantity=plain(h.quantity),
            borrowed=h.borrowed,
            this_year=use(rulebook, h.now),
            next_year=use(rulebook, h.next_year),
        )
        for h in found.holdings
    ]


def _credits(rulebook: Rulebook, found: Position) -> list[CreditOut] | None:
    if found.credits is None:
        return None
    return [
        CreditOut(
            record=c.index + 1,
            quantity=number(c.quantity),
            used=c.used,
            this_year=use(rulebook, c.now),
            next_year=use(rulebook, c.next_year),
        )
        for c in found.credits
    ]


def _cost(found: Position) -> CostOut | None:
    cost = found.cost
    if cost is None:
        return None
    return CostOut(
        price=plain(cost.price),
        price_told=cost.told,
        credit_price=number(cost.credit_price),
        credits=plain(cost.credits),
        allowances=plain(cost.allowances),
        total=plain(cost.total),
    )


def _failing(rulebook: Rulebook, found: Position) -> FailingOut | None:
    one = found.failing
    if one is None:
        return None
    (verdict,) = _verdicts(rulebook, replace(found.report, verdicts=(one.verdict,)))
    return FailingOut(tonnes=number(one.tonnes), assumed_price=number(one.price), verdict=verdict)


def _banking(found: Position) -> BankingOut | None:
    one = found.banking
    if one is None:
        return None
    return BankingOut(cap=figure(one.cap), left=number(one.left), quantity=number(one.quantity))
