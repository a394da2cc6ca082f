"""The other facts of an entity-year: listing, report, monthly evidence, prices, reliefs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from carbonlex.portfolio.synth.draws import SCALE, Column, Draws, Frame, Piece, day_number
from carbonlex.portfolio.synth.figures import LAST_SETTLED, PROVINCES, PUBLISHED
from carbonlex.portfolio.synth.guesses import share

if TYPE_CHECKING:
    from carbonlex.portfolio.synth.draws import Flags, Ints
    from carbonlex.portfolio.synth.entities import Emissions
    from carbonlex.portfolio.synth.law import Law

_FIRST_EVIDENCE = 2024


def draw_identity(piece: Piece, draws: Draws) -> Frame:
    """Draw who the entities are: each row of an entity says the same."""
    import numpy as np

    once, years = np.zeros(piece.rows, np.int64), len(piece.years)
    numbers = range(piece.first, piece.first + piece.entities)
    names = [f"模拟{piece.sector.label.zh}企业{n:06d}" for n in numbers]
    regions = draws.weighted([*PROVINCES.values()], piece.entities)
    told = ~draws.chance("region_untold", piece.entities)
    return {
        "name": Column(piece.owner, words=names),
        "sector": Column(once, words=(piece.sector.name,)),
        "role": Column(once, words=("emitter",)),
        "region": Column(np.repeat(regions, years), np.repeat(told, years), tuple(PROVINCES)),
    }


def draw_year(piece: Piece, emissions: Emissions, draws: Draws) -> Frame:
    """Draw emissions as told, listing, the annual report, and prices."""
    import numpy as np

    rows, year = piece.rows, piece.year
    bought = np.where(year < 2023, draws.whole(0, 10, rows), 0)
    direct = emissions.tonnes - emissions.tonnes // 1_000 * bought
    listed = ~emissions.gone
    one = np.ones(rows, np.int64)

    state = draws.weighted(_reported(), rows)
    due = piece.by_year({y: day_number(date(y + 1, 3, 31)) for y in piece.years})
    early = due - draws.whole(1, 60, rows)
    early = np.where(draws.chance("last_day", rows), due, early)
    reported_on = np.where(state == 1, due + draws.whole(1, 40, rows), early)
    november, december = _prices(piece, "november"), _prices(piece, "december")
    priced = np.isin(year, (2023, LAST_SETTLED)) & ~draws.chance("price_untold", rows)
    return {
        "verified_emissions": Column(emissions.tonnes, emissions.told),
        "direct_emissions": Column(direct, ~draws.chance("direct_untold", rows)),
        "listed": Column(
            listed.astype(np.int64), emissions.gone | ~draws.chance("listed_untold", rows)
        ),
        "removed": Column(one, emissions.gone),
        "operations_ceased": Column(one, emissions.ceased),
        "report_submitted": Column((state != 2).astype(np.int64), state != 3),
        "reported_on": Column(reported_on, state < 2),
        "price_calendar_month": Column(november, priced),
        "price_deadline_month": Column(december, priced),
        "allowance_price": Column(one * int(share("price_2025") * SCALE), year > LAST_SETTLED),
    }


def _reported() -> list[float]:
    """Return the weights of: in time, late, not submitted, not told."""
    others = [share("reported_late"), share("unreported"), share("report_untold")]
    return [1 - sum(others), *others]


def _prices(piece: Piece, month: str) -> Ints:
    """Return the month's published price for the deadline of 2024, the made-up one after it."""
    published = int(PUBLISHED[f"price_{month}_2024"].value * SCALE)
    made_up = int(share("price_2024") * SCALE)
    return piece.by_year({y: published if y < LAST_SETTLED else made_up for y in piece.years})


def draw_reliefs(piece: Piece, emissions: Emissions, law: Law, draws: Draws) -> Frame:
    """Draw what power alone is told: borrowing, banking, and the allocation that has no plan."""
    import numpy as np

    rows, year = piece.rows, piece.year
    borrowed = emissions.strained & draws.chance("borrowed", rows) & np.isin(year, (2021, 2022))
    part = draws.whole(10, 90, rows)  # of a thousand; a gap of a sixth lets borrow a twelfth
    hardship = draws.whole(0, 9, rows) > 0
    banked = draws.chance("banked", rows) & (year == LAST_SETTLED)
    most = int(law.bank_base * SCALE)  # at it, below it and above
    quantity = np.choose(draws.whole(0, 3, rows), (most, most // 2, most * 2, most + SCALE))
    allocated = emissions.tonnes // 1_000 * draws.whole(950, 1_050, rows) // SCALE * SCALE
    told = (year > LAST_SETTLED) & ~draws.chance("allocation_untold", rows)
    return {
        "free_allocation": Column(allocated, told),
        "borrowed": Column(emissions.tonnes // 1_000 * part // SCALE * SCALE, borrowed),
        "hardship": Column(hardship.astype(np.int64), borrowed),
        "banked": Column(quantity, banked),
        "net_sales": Column(draws.whole(-20_000, 20_000, rows) * SCALE, banked),
    }


def draw_months(piece: Piece, law: Law, draws: Draws) -> tuple[Frame, Ints, Flags]:
    """Draw the monthly evidence of a few entity-years; return it, its counts, and where told."""
    import numpy as np

    told = draws.chance("months", piece.rows) & (piece.year >= _FIRST_EVIDENCE)
    rows = np.repeat(np.flatnonzero(told), 12)
    month = np.tile(np.arange(1, 13), len(rows) // 12)
    ends = np.array(
        [
            [day_number(date(y + m // 12, m % 12 + 1, 1)) - 1 for m in range(1, 13)]
            for y in piece.years
        ]
    )
    end = ends[piece.year[rows] - piece.years[0], month - 1]
    after = np.where(
        draws.chance("month_late", len(rows)),
        law.evidence_days + draws.whole(1, 20, len(rows)),
        draws.whole(5, law.evidence_days, len(rows)),
    )
    frame = {
        **piece.keys(rows),
        "month": Column(month * SCALE),
        "evidence_filed": Column(np.ones(len(rows), np.int64)),
        "evidence_filed_on": Column(end + after),
    }
    return frame, told.astype(np.int64) * 12, told
