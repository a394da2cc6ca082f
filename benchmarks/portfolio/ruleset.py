"""The rule set of the benchmark, and the columns of its data.

A small carbon market: who is covered, what is allocated, owed, met by credits, missing, and
between which two sums the fine lies. Three plants and two batches of credits per entity.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PLANTS: Final = (1, 2, 3)
BATCHES: Final = (1, 2)
YEAR: Final = 2024

SECTORS: Final = ("s1", "s2", "s3", "s4", "s5", "s6")
"""Sectors, in the data numbered from 1; the first COVERED_SECTORS of them are covered."""
COVERED_SECTORS: Final = 3
CLASSES: Final = ("c1", "c2", "c3", "c4")
"""Classes of a plant, in the data numbered from 1; an override of 0 is none."""

# Parameters as integers; the comment gives unit and scale (the power of ten they are over).
THRESHOLD: Final = 26_000  # t, 0
BENCHMARK: Final = (8177, 8729, 9303, 3901)  # t/MWh by class or its override, 4
HEAT_BENCHMARK: Final = (1111, 1111, 1111, 560)  # t/GJ by class, 4
DEFICIT_SHARE: Final = 2  # ratio, 1: of emissions, added to the allocation, caps the obligation
CREDIT_CAP: Final = 5  # ratio, 2: of the obligation
FIRST_VINTAGE: Final = 2021
FINE_LOW: Final = 5  # times the price
FINE_HIGH: Final = 10


@dataclass(frozen=True)
class Field:
    """A column of the data: a number over 10**scale, a choice from 1 (0: none), or a yes and no."""

    name: str
    kind: str = "number"
    scale: int = 0
    maximum: int = 0
    storage: str = "int64"

    @property
    def precision(self) -> int:
        """Return the decimal digits of its declared maximum at its scale."""
        return len(str(self.maximum * 10**self.scale))


def _plant(n: int) -> tuple[Field, ...]:
    return (
        Field(f"plants.{n}.generation", scale=3, maximum=10_000_000),  # MWh
        Field(f"plants.{n}.plant_class", "choice", storage="int8"),
        Field(f"plants.{n}.class_override", "choice", storage="int8"),
        Field(f"plants.{n}.correction", scale=4, maximum=2),  # 0.9 to 1.1
        Field(f"plants.{n}.heat", scale=2, maximum=20_000_000),  # GJ
    )


def _batch(n: int) -> tuple[Field, ...]:
    return (
        Field(f"batches.{n}.credit_quantity", maximum=100_000_000),  # t
        Field(f"batches.{n}.vintage", maximum=2100, storage="int16"),
    )


FIELDS: Final = (
    Field("bench_sector", "choice", storage="int8"),
    Field("emissions", scale=2, maximum=100_000_000),  # t
    Field("emissions_before", scale=2, maximum=100_000_000),
    Field("emissions_before_that", scale=2, maximum=100_000_000),
    Field("closed", "bool", storage="bool"),
    # Five decimals, so that a holding can equal an obligation less its credits exactly.
    Field("held", scale=5, maximum=100_000_000),  # t
    Field("surrendered_flag", "bool", storage="bool"),
    Field("price", scale=2, maximum=1_000),  # CNY/t
    *(field for n in PLANTS for field in _plant(n)),
    *(field for n in BATCHES for field in _batch(n)),
)

OUTPUTS: Final = {
    "covered": 0,
    "allocation": 0,  # t
    "obligation": 3,  # t
    "usable": 5,  # t
    "shortfall": 5,  # t
    "compliant": 0,
    "fine_low": 2,  # CNY
    "fine_high": 2,  # CNY
}
"""What each lane computes, with the scale of the exact answer; yes and no are 1 and 0."""
