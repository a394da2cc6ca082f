"""Python's Decimal, row by row: exact by nature, its halves rounded upward where told."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, localcontext
from typing import Any

import ruleset as law
from files import Population
from reference import Columns

from lanes.scaled import from_rows

ZERO, ONE, CENT = Decimal(0), Decimal(1), Decimal("0.01")
BENCHMARK = (ZERO, *(Decimal(each).scaleb(-4) for each in law.BENCHMARK))
HEAT_BENCHMARK = (ZERO, *(Decimal(each).scaleb(-4) for each in law.HEAT_BENCHMARK))
DEFICIT_SHARE = Decimal(law.DEFICIT_SHARE).scaleb(-1)
CREDIT_CAP = Decimal(law.CREDIT_CAP).scaleb(-2)


class Rows:
    """A tuple of values an entity, in the order of `ruleset.FIELDS`."""

    def __init__(self, population: Population) -> None:
        columns = []
        for field in law.FIELDS:
            told = population.columns[field.name].tolist()
            number = field.kind == "number" and field.scale
            columns.append([Decimal(v).scaleb(-field.scale) for v in told] if number else told)
        self.entities = list(zip(*columns, strict=True))
        self.found: list[tuple[Any, ...]] = []

    def reset(self) -> None:
        """Forget the last answers."""
        self.found = []

    def run(self) -> None:
        """Answer for each entity."""
        with localcontext(Context(prec=40, rounding=ROUND_HALF_UP)):
            self.found = [answer(*entity) for entity in self.entities]

    def answers(self) -> Columns:
        """Return the outputs."""
        with localcontext(Context(prec=40, traps=[Inexact])):
            return from_rows([dict(zip(law.OUTPUTS, row, strict=True)) for row in self.found])


def plant(generation: Decimal, own: int, override: int, correction: Decimal, heat: Decimal) -> Any:
    """Return what one plant is allocated, not rounded."""
    return generation * BENCHMARK[override or own] * correction + heat * HEAT_BENCHMARK[own]


def answer(
    sector: int,
    emissions: Decimal,
    before: Decimal,
    before_that: Decimal,
    closed: bool,
    held: Decimal,
    surrendered: bool,
    price: Decimal,
    *children: Any,
) -> tuple[Any, ...]:
    """Return the eight outputs of one entity."""
    covered = (
        sector <= law.COVERED_SECTORS
        and emissions >= law.THRESHOLD
        and (before >= law.THRESHOLD or before_that >= law.THRESHOLD)
        and not closed
    )
    allocation = obligation = usable = ZERO
    if covered:
        plants = plant(*children[0:5]) + plant(*children[5:10]) + plant(*children[10:15])
        allocation = plants.quantize(ONE)
        obligation = min(emissions, allocation + DEFICIT_SHARE * emissions)
        credits = sum(
            quantity
            for quantity, vintage in (children[15:17], children[17:19])
            if vintage >= law.FIRST_VINTAGE
        )
        usable = min(credits, CREDIT_CAP * obligation)
    shortfall = max(ZERO, obligation - (held if surrendered else ZERO) - usable)
    owed = shortfall * price
    return (
        covered,
        allocation,
        obligation,
        usable,
        shortfall,
        shortfall == 0,
        (owed * law.FINE_LOW).quantize(CENT),
        (owed * law.FINE_HIGH).quantize(CENT),
    )
