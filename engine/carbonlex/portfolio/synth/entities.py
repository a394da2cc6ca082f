"""Who there is, and what they emitted: sums that meet the published ones, and the law's edges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonlex.portfolio.synth.draws import SCALE, Draws, Piece
from carbonlex.portfolio.synth.guesses import share

if TYPE_CHECKING:
    from carbonlex.portfolio.synth.draws import Flags, Floats, Ints
    from carbonlex.portfolio.synth.law import Law

_MOST = 999_999_999  # tonnes: below the maximum of the vocabulary
_ORDINARY, _NEAR, _SMALL, _CEASED = range(4)
_FATES = ("near_threshold", "small", "ceased")


@dataclass(frozen=True)
class Emissions:
    """What the entity-years of a piece emitted, row by row.

    `tonnes` are scaled integers, multiples of `step` (whole tonnes, or the last decimal), also
    where not `told`. `ceased` and `gone` mark the year in which operations ceased or later, and
    the years after it; `single` the entities that have one unit or line only; `strained` those
    that emit much more than they are allocated.
    """

    tonnes: Ints
    step: Ints
    told: Flags
    ceased: Flags
    gone: Flags
    single: Flags
    strained: Flags


def draw_emissions(piece: Piece, law: Law, draws: Draws) -> Emissions:
    """Draw log-normal emissions whose told sum per year is the piece's share of the total."""
    import numpy as np

    entities, years = piece.entities, len(piece.years)
    shares = [share(name) for name in _FATES]
    fate = draws.weighted([1 - sum(shares), *shares], entities)
    size = np.exp(piece.sector.spread * draws.bell(entities))
    change = np.exp(share("drift") * draws.bell(entities * years))
    whole = draws.chance("whole_tonnes", entities)
    told = ~draws.chance("emissions_untold", piece.rows)

    # A plant that closes emits for a part of that year, and nothing later.
    closing = np.repeat(draws.whole(1, years - 1, entities), years)
    at = np.tile(np.arange(years), entities)
    closes = np.repeat(fate == _CEASED, years)
    ceased, gone = closes & (at >= closing), closes & (at > closing)
    part = draws.random.uniform(0.2, 0.8, piece.rows)
    raw = np.repeat(size, years) * change * np.where(ceased, part, 1.0) * ~gone

    near = np.repeat(fate == _NEAR, years)
    small = np.repeat(fate == _SMALL, years)
    edge = piece.by_year({y: int(law.thresholds[y] * SCALE) for y in piece.years})
    fixed = np.where(near, _near(edge, draws), _small(edge, at < years - 2, draws))
    bound = near | small
    raw = _scaled(piece, raw, bound, told, fixed)
    step = np.where(np.repeat(whole, years), SCALE, 1)
    drawn = np.rint(raw * SCALE / step).astype(np.int64) * step
    tonnes = np.where(bound, fixed, np.minimum(drawn, _MOST * SCALE))
    step = np.where(bound, 1, step)
    single = np.repeat(fate != _ORDINARY, years)
    strained = np.repeat(draws.chance("strained", entities), years)
    return Emissions(tonnes, step, told, ceased, gone, single, strained)


def _scaled(piece: Piece, raw: Floats, bound: Flags, told: Flags, fixed: Ints) -> Floats:
    """Scale what is free to vary so that each year's told sum is the piece's share, in tonnes."""
    import numpy as np

    share_of_sector = piece.entities / piece.sector.entities
    factors = {}
    for year in piece.years:
        of_year = piece.year == year
        taken = fixed[of_year & bound & told].sum() / SCALE
        free = raw[of_year & ~bound & told].sum()
        missing = max(piece.sector.tonnes[year] * share_of_sector - taken, 0.0)
        factors[year] = missing / free if free else 0.0
    years = np.array([factors[year] for year in piece.years])
    scaled: Floats = raw * np.tile(years, piece.entities)
    return scaled


def _near(edge: Ints, draws: Draws) -> Ints:
    """Return emissions on both sides of the threshold: at it, one step beside it, and around."""
    import numpy as np

    exactly = draws.chance("at_threshold", len(edge))
    beside = edge + draws.whole(-1, 1, len(edge))
    around = edge + draws.whole(-2_000, 2_000, len(edge)) * SCALE // 2
    beyond = draws.whole(0, 1, len(edge)) == 0
    return np.where(exactly, edge, np.where(beyond, beside, around))


def _small(edge: Ints, before: Flags, draws: Draws) -> Ints:
    """Return emissions that fall below the threshold in the last two years."""
    import numpy as np

    once = edge + draws.whole(1_000, 30_000, len(edge)) * SCALE
    now = draws.whole(5_000 * SCALE, 25_000 * SCALE, len(edge))
    return np.where(before, once, np.minimum(now, edge - 1))
