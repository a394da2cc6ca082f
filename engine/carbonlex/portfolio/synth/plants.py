"""Units and production lines whose facts agree with the emissions through the benchmarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonlex.portfolio.synth.draws import SCALE, Column, Draws, Frame, Piece
from carbonlex.portfolio.synth.guesses import share

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from carbonlex.portfolio.synth.draws import Flags, Floats, Ints
    from carbonlex.portfolio.synth.entities import Emissions
    from carbonlex.portfolio.synth.law import Law

CLASSES = ("coal_above_300", "coal_up_to_300", "coal_unconventional", "gas")
LINES = ("steel_long_process", "clinker", "clinker_white", "clinker_gypsum", "electrolysis")
_NUMBERS = tuple(f"{n}号" for n in range(1, 10))
_THOUSANDTH = SCALE // 1_000
_STRAINED = 1.2  # a gap of about a sixth of emissions, of which a few may borrow half


@dataclass(frozen=True)
class Parts:
    """The units or lines of a piece: those of one entity-year together, in order.

    `whole` is each one's entity-year, `part` who it is (the same in every year), `position` its
    place from 0 among those of its entity; `count` how many each entity-year has; `tonnes` its
    share of the entity-year's emissions, to the same step, all of them together the whole.
    """

    whole: Ints
    part: Ints
    position: Ints
    count: Ints
    tonnes: Ints

    @property
    def parts(self) -> int:
        """How many different units or lines there are."""
        return int(self.part[-1]) + 1


def divide(piece: Piece, emissions: Emissions, another: str, most: int, draws: Draws) -> Parts:
    """Divide each entity into 1 to `most` + 1 parts, and its emissions among them."""
    import numpy as np

    each = 1 + draws.random.binomial(most, share(another), piece.entities)
    each = np.where(emissions.single[:: len(piece.years)], 1, each).astype(np.int64)
    count = np.repeat(each, len(piece.years))
    ends = np.cumsum(count)
    whole = np.repeat(np.arange(piece.rows), count)
    position = np.arange(ends[-1]) - np.repeat(ends - count, count)
    part = (np.cumsum(each) - each)[piece.owner[whole]] + position
    weight = draws.whole(50, 150, int(each.sum()))[part]
    sums = np.add.reduceat(weight, ends - count)
    steps = (emissions.tonnes // emissions.step)[whole]
    tonnes = steps * weight // sums[whole]
    rest = emissions.tonnes // emissions.step - np.add.reduceat(tonnes, ends - count)
    tonnes[ends - 1] += rest
    return Parts(whole, part, position, count, tonnes * emissions.step[whole])


def draw_units(piece: Piece, emissions: Emissions, law: Law, draws: Draws) -> tuple[Frame, Ints]:
    """Draw generating units; return them, and how many each entity-year has.

    Electricity and heat are what, at the year's benchmarks and the unit's corrections, would be
    allocated as much as was emitted, times an intensity around 1.
    """
    import numpy as np

    parts = divide(piece, emissions, "another_unit", 6, draws)
    rows, year = len(parts.whole), piece.year[parts.whole]
    main = draws.one_of(CLASSES, piece.entities)[piece.owner[parts.whole]]
    other = draws.one_of(CLASSES, parts.parts)[parts.part]
    unit_class = np.where(draws.chance("same_class", parts.parts)[parts.part], main, other)
    supplied = np.array([law.supplied[y] for y in piece.years])[year - piece.years[0]]

    cooling = 1_000 + 50 * draws.whole(0, 1, parts.parts)[parts.part]
    heating = 1_000 + draws.whole(0, 60, rows)
    load = 1_000 + draws.whole(0, 40, rows)
    peaking = 1_000 + draws.whole(0, 40, rows)
    correction = np.where(supplied, cooling * heating * load / 1e9, peaking / 1e3)

    intensity = np.exp(share("intensity") * draws.bell(parts.parts))[parts.part]
    intensity = intensity * np.exp(0.02 * draws.bell(rows))
    intensity = intensity * np.where(emissions.strained[parts.whole], _STRAINED, 1.0)
    heats = draws.chance("heat", parts.parts) * draws.random.random(parts.parts)
    heat_part = share("heat_share") * heats[parts.part]
    allowed = parts.tonnes / SCALE / intensity
    power = allowed * (1 - heat_part) / _rates(law.benchmarks, piece, year, unit_class) / correction
    heat = allowed * heat_part / _rates(law.heat_benchmarks, piece, year, unit_class)
    kept = 1 - share("own_use")
    frame = {
        **piece.keys(parts.whole),
        "unit_name": Column(parts.position, words=_NUMBERS),
        "unit_class": Column(unit_class, words=CLASSES),
        "electricity_supplied": _measured(np.where(supplied, power, power * kept)),
        "electricity_generated": _measured(np.where(supplied, power / kept, power)),
        "heat_supplied": _measured(heat),
        "cooling_correction": Column(cooling * _THOUSANDTH, supplied & _known(draws, rows)),
        "heat_correction": Column(heating * _THOUSANDTH, supplied & _known(draws, rows)),
        "load_correction": Column(load * _THOUSANDTH, supplied & _known(draws, rows)),
        "peaking_correction": Column(peaking * _THOUSANDTH, ~supplied & _known(draws, rows)),
        "unit_new": Column(np.ones(rows, np.int64), draws.chance("unit_new", rows)),
        "unit_emissions": Column(parts.tonnes, _known(draws, rows)),
    }
    return frame, parts.count


def _rates(
    table: Mapping[int, Mapping[str, Fraction]], piece: Piece, year: Ints, unit_class: Ints
) -> Floats:
    """Return the benchmark of each unit's class and year."""
    import numpy as np

    rates = np.array([[float(table[y][name]) for name in CLASSES] for y in piece.years])
    found: Floats = rates[year - piece.years[0], unit_class]
    return found


def _measured(quantity: Floats) -> Column:
    """Round to thousandths of MWh or GJ, as meters are read."""
    import numpy as np

    return Column(np.rint(quantity * 1_000).astype(np.int64) * _THOUSANDTH)


def _known(draws: Draws, rows: int) -> Flags:
    return ~draws.chance("unit_untold", rows)


def draw_lines(piece: Piece, emissions: Emissions, law: Law, draws: Draws) -> tuple[Frame, Ints]:
    """Draw production lines; return them, and how many each entity-year has.

    What ordinary lines are allocated in the last year is told: no benchmark of theirs is held.
    """
    import numpy as np

    parts = divide(piece, emissions, "another_line", 4, draws)
    rows = len(parts.whole)
    kind = np.full(parts.parts, LINES.index("steel_long_process"))
    if piece.sector.name == "aluminium":
        kind[:] = LINES.index("electrolysis")
    if piece.sector.name == "cement":
        special = [share("clinker_white"), share("clinker_gypsum")]
        kind = 1 + draws.weighted([1 - sum(special), *special], parts.parts)
    kinds = kind[parts.part]
    edge = int(law.slag * SCALE)
    slag = np.where(
        draws.chance("slag_at_edge", rows), edge, edge + draws.whole(-1_000, 1_500, rows)
    )
    slag = np.where(draws.chance("slag", parts.parts)[parts.part], slag, 0)
    most = int(law.balance * 1_000)
    allocated = parts.tonnes // 1_000 * draws.whole(1_000 - most, 1_000 + most, rows)
    ordinary = ~np.isin(kinds, (LINES.index("clinker_white"), LINES.index("clinker_gypsum")))
    ordinary &= ~((kinds == LINES.index("clinker")) & (slag > edge))
    last = piece.year[parts.whole] == piece.years[-1]
    told = ordinary & last & ~draws.chance("allocation_untold", rows)
    once = np.ones(rows, np.int64)
    frame = {
        **piece.keys(parts.whole),
        "line_name": Column(parts.position, words=_NUMBERS),
        "line_kind": Column(kinds, words=LINES),
        "carbide_slag_rate": Column(
            slag, (kinds == LINES.index("clinker")) & ~draws.chance("slag_untold", rows)
        ),
        "line_emissions": Column(parts.tonnes, _known(draws, rows)),
        "line_allocation": Column(allocated // SCALE * SCALE, told),
        "line_closed": Column(once, draws.chance("line_out", rows)),
        "line_new": Column(once, draws.chance("line_out", rows)),
    }
    return frame, parts.count
