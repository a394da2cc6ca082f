"""Polars in Int64 at scales worked out by hand: lazy, shared subexpressions named, streaming."""

from __future__ import annotations

import polars as pl
import ruleset as law
from files import Population
from polars import Expr, col
from reference import Columns

from lanes.scaled import from_integers

THRESHOLD = law.THRESHOLD * 10**2


class Streaming:
    """A frame of the scaled integers; the answers are collected by the streaming engine."""

    def __init__(self, population: Population) -> None:
        self.frame = pl.DataFrame(population.columns)
        self.found = pl.DataFrame()

    def reset(self) -> None:
        """Let go of the last answers."""
        self.found = pl.DataFrame()

    def run(self) -> None:
        """Collect the outputs."""
        self.found = plan(self.frame.lazy()).collect(engine="streaming")

    def answers(self) -> Columns:
        """Return the outputs."""
        return from_integers(self.found.get_column)


def whole(value: int) -> Expr:
    """Return a 64-bit literal."""
    return pl.lit(value, dtype=pl.Int64)


def lesser(one: Expr, other: Expr) -> Expr:
    """Return the smaller of two: the columns have no nulls for min_horizontal to mind."""
    return pl.when(one <= other).then(one).otherwise(other)


def plant(n: int) -> Expr:
    """Return what one plant is allocated, scale 11."""
    own, override = col(f"plants.{n}.plant_class"), col(f"plants.{n}.class_override")
    effective = pl.when(override > 0).then(override).otherwise(own)
    one, two, three, four = (whole(value) for value in law.BENCHMARK)
    benchmark = (
        pl.when(effective == 1)
        .then(one)
        .when(effective == 2)
        .then(two)
        .when(effective == 3)
        .then(three)
        .otherwise(four)
    )
    coal, *_, gas = (whole(value * 10**5) for value in law.HEAT_BENCHMARK)
    heat = pl.when(own < 4).then(coal).otherwise(gas)
    power = col(f"plants.{n}.generation") * benchmark * col(f"plants.{n}.correction")
    return power + col(f"plants.{n}.heat") * heat


def batch(n: int) -> Expr:
    """Return the credits of one batch that are young enough, t."""
    young = col(f"batches.{n}.vintage") >= law.FIRST_VINTAGE
    return pl.when(young).then(f"batches.{n}.credit_quantity").otherwise(whole(0))


def plan(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return the outputs of a lazy frame, one step per level of the rules."""
    emissions, zero = col("emissions"), whole(0)
    covered = (
        (col("bench_sector") <= law.COVERED_SECTORS)
        & (emissions >= THRESHOLD)
        & ((col("emissions_before") >= THRESHOLD) | (col("emissions_before_that") >= THRESHOLD))
        & ~col("closed")
    )
    total = plant(1) + plant(2) + plant(3)
    share = emissions * law.DEFICIT_SHARE
    capped = lesser(emissions * 10, col("allocation") * 1000 + share)
    held = pl.when("surrendered_flag").then("held").otherwise(zero)
    return (
        frame.with_columns(covered=covered, rounded=(total + 5 * 10**10) // 10**11)
        .with_columns(allocation=pl.when("covered").then("rounded").otherwise(zero))
        .with_columns(obligation=pl.when("covered").then(capped).otherwise(zero))
        .with_columns(
            usable=lesser((batch(1) + batch(2)) * 10**5, col("obligation") * law.CREDIT_CAP)
        )
        .with_columns(missing=col("obligation") * 100 - held - col("usable"))
        .with_columns(shortfall=col("missing").clip(0))
        .with_columns(owed=col("shortfall") * col("price"))
        .select(
            "covered",
            "allocation",
            "obligation",
            "usable",
            "shortfall",
            compliant=col("shortfall") == 0,
            fine_low=(col("owed") * law.FINE_LOW + 5 * 10**4) // 10**5,
            fine_high=(col("owed") + 5 * 10**3) // 10**4,  # times ten: one scale less
        )
    )
