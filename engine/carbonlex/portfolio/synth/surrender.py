"""What was surrendered, in allowances and in offsets: exactly what is owed, more, less, or late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from carbonlex.portfolio.synth.draws import SCALE, Column, Draws, Frame, Piece, day_number
from carbonlex.portfolio.synth.figures import LAST_SETTLED

if TYPE_CHECKING:
    from carbonlex.portfolio.synth.draws import Flags, Ints
    from carbonlex.portfolio.synth.entities import Emissions
    from carbonlex.portfolio.synth.law import Law

EXACT, MORE, BY_LEDGER, SHORT, UNTOLD = range(5)
_SETTLED = ("exact", "more", "by_ledger", "short", "untold")
_SO_FAR = ("exact_so_far", "more_so_far", "ledger_so_far", "short_so_far", "untold_so_far")
VINTAGES = ("v2019", "v2021", "v2022", "v2023", "v2024", "v2025", "v2026")
MOVEMENTS = (
    "opening", "issue", "borrow", "buy", "sell", "pledge", "bank", "surrender", "offset", "cancel",
    "deduct",
)  # fmt: skip


@dataclass(frozen=True)
class Offsets:
    """The credits of a piece, and what of them an entity-year may count (scaled, per row).

    `count` is how many are told of each entity-year; where not `told`, the list is not.
    """

    frame: Frame
    counted: Ints
    count: Ints
    told: Flags


def draw_offsets(piece: Piece, emissions: Emissions, law: Law, draws: Draws) -> Offsets:
    """Draw credits: used up to, at and above the cap, from covered projects, late, or unused."""
    import numpy as np

    rows = piece.rows
    # The obligation taken is what was emitted: reliefs are left to the rules to find.
    caps = {y: law.offset_caps[y] for y in piece.years}
    up = piece.by_year({y: cap.numerator for y, cap in caps.items()})
    cap = emissions.tonnes * up // piece.by_year({y: cap.denominator for y, cap in caps.items()})
    used = draws.chance("credits", rows) & ~emissions.ceased
    spare = draws.chance("spare", rows) & ~used
    told = used | spare | ~draws.chance("credits_untold", rows)
    at_cap = draws.chance("credits_at_cap", rows)
    above = draws.chance("credits_above", rows) & ~at_cap
    below = cap * draws.whole(100, 990, rows) // 1_000 // SCALE * SCALE
    quantity = np.where(at_cap, cap, np.where(above, cap * 6 // 5, below))
    covered = draws.chance("covered", rows) & used
    late = draws.chance("used_late", rows) & used
    counted = np.where(used & ~covered & ~late, np.minimum(quantity, cap), 0)

    at = np.flatnonzero(used | spare)
    halves = draws.whole(1, 2, len(at))
    which = np.repeat(np.arange(len(at)), halves)
    row = at[which]
    second = np.concatenate(([False], which[1:] == which[:-1])) if len(which) else which == 1
    first_half = quantity[row] // 2 // SCALE * SCALE
    split = np.where(second, quantity[row] - first_half, first_half)
    deadline = piece.by_year({y: day_number(d) for y, d in _deadlines(piece, law).items()})
    used_on = deadline - 45 + draws.whole(0, 30, rows) + np.where(late, 50, 0)
    recorded = np.where(piece.year < LAST_SETTLED, 15_700, 20_160) + draws.whole(0, 240, rows)
    known = used[row]
    frame = {
        **piece.keys(row),
        "quantity": Column(np.where(halves[which] == 1, quantity[row], split)),
        "used": Column(known.astype(np.int64)),
        "recorded_on": Column(recorded[row]),
        "used_on": Column(used_on[row], known & ~draws.chance("unit_untold", len(row))),
        "from_covered_project": Column(covered[row].astype(np.int64)),
    }
    count = np.zeros(rows, np.int64)
    count[at] = halves
    return Offsets(frame, counted, count, told)


def _deadlines(piece: Piece, law: Law) -> dict[int, date]:
    return {year: law.deadlines[year] for year in piece.years}


@dataclass(frozen=True)
class Surrender:
    """Columns of the entity table, movements of allowances, and how many each row has."""

    facts: Frame
    movements: Frame
    count: Ints
    by_ledger: Flags


def draw_surrender(
    piece: Piece, emissions: Emissions, offsets: Offsets, law: Law, draws: Draws
) -> Surrender:
    """Draw how much each entity-year surrendered, and whether what was short was made good."""
    import numpy as np

    rows, settled = piece.rows, piece.year <= LAST_SETTLED
    owed = emissions.tonnes - offsets.counted
    outcome = np.where(settled, draws.one_of(_SETTLED, rows), draws.one_of(_SO_FAR, rows))
    outcome = np.where((outcome == BY_LEDGER) & (owed == 0), EXACT, outcome)
    more = owed + draws.whole(1, 2_000, rows) * SCALE
    short = owed * draws.whole(300, 990, rows) // 1_000 // SCALE * SCALE
    quantity = np.choose(outcome, (owed, more, owed, short, owed))
    missing = owed - quantity
    ordered = settled & (outcome == SHORT) & draws.chance("ordered", rows)
    in_full = draws.chance("made_good", rows)
    made_good = np.where(in_full, missing, missing // 2)
    deadline = piece.by_year({y: day_number(d) for y, d in _deadlines(piece, law).items()})
    told = (outcome != UNTOLD) & (outcome != BY_LEDGER)
    facts = {
        "allowances_surrendered": Column(quantity, told),
        "correction_deadline": Column(deadline + 59, ordered),
        "made_good": Column(made_good, ordered),
    }
    by_ledger = outcome == BY_LEDGER
    movements, count = _movements(piece, np.flatnonzero(by_ledger), owed, law, draws)
    return Surrender(facts, movements, count, by_ledger)


def _movements(piece: Piece, at: Ints, owed: Ints, law: Law, draws: Draws) -> tuple[Frame, Ints]:
    """Issue, buy and surrender what is owed; a few late, or in a vintage that has lapsed."""
    import numpy as np

    own = piece.by_year({y: VINTAGES.index(law.vintages[y][-1]) for y in piece.years})[at]
    lapsed = draws.chance("lapsed", len(at)) & (piece.year[at] > LAST_SETTLED)
    vintage = np.where(lapsed, VINTAGES.index("v2024"), own)
    late = draws.chance("late", len(at)) & (piece.year[at] <= LAST_SETTLED)
    deadline = piece.by_year({y: day_number(d) for y, d in _deadlines(piece, law).items()})[at]
    due = owed[at]
    issued = due * draws.whole(900, 990, len(at)) // 1_000 // SCALE * SCALE
    begun = deadline - 90 + draws.whole(0, 20, len(at))
    days = (begun, begun + 10, np.where(late, deadline + 12, begun + 30))
    three = np.repeat(np.arange(len(at)), 3)
    step = np.tile(np.arange(3), len(at))
    bought = step == 1
    frame = {
        **piece.keys(at[three]),
        "moved_on": Column(np.choose(step, [day[three] for day in days])),
        "movement": Column(
            np.array([MOVEMENTS.index(m) for m in ("issue", "buy", "surrender")])[step],
            words=MOVEMENTS,
        ),
        "product": Column(np.zeros(len(three), np.int64), words=("allowance",)),
        "vintage": Column(vintage[three], words=VINTAGES),
        "moved_quantity": Column(
            np.choose(step, (issued[three], (due - issued)[three], due[three]))
        ),
        "unit_price": Column(draws.whole(4_000, 9_000, len(three)) * (SCALE // 100), bought),
    }
    count = np.zeros(piece.rows, np.int64)
    count[at] = 3
    return frame, count
