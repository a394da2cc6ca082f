"""Polars in Decimal: 38 digits; scales cast by hand: a product keeps the larger scale only."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import polars as pl
import ruleset as law
from files import Population, decimals
from polars import Expr, col
from reference import Columns


class Streaming:
    """A frame of decimals; the answers are collected by the streaming engine."""

    def __init__(self, population: Population) -> None:
        frame = pl.from_arrow(decimals(population.columns))
        assert isinstance(frame, pl.DataFrame)
        self.frame = frame
        self.found = pl.DataFrame()

    def reset(self) -> None:
        """Let go of the last answers."""
        self.found = pl.DataFrame()

    def run(self) -> None:
        """Collect the outputs."""
        self.found = plan(self.frame.lazy()).collect(engine="streaming")

    def answers(self) -> Columns:
        """Return the outputs as the integers under their decimals."""
        wide = {
            name: self.found[name].cast(pl.Decimal(38, scale)).to_physical()
            if isinstance(self.found.schema[name], pl.Decimal)
            else self.found[name]
            for name, scale in law.OUTPUTS.items()
        }
        return {name: wide[name].cast(pl.Int64).to_numpy().astype(np.int64) for name in wide}


def at(expression: Expr, scale: int) -> Expr:
    """Return an expression with 38 digits, `scale` of them decimals."""
    return expression.cast(pl.Decimal(38, scale))


def number(value: int, scale: int) -> Expr:
    """Return a decimal literal of value / 10**scale."""
    return pl.lit(Decimal(value).scaleb(-scale), dtype=pl.Decimal(38, scale))


def lesser(one: Expr, other: Expr) -> Expr:
    """Return the smaller of two."""
    return pl.when(one <= other).then(one).otherwise(other)


def plant(n: int) -> Expr:
    """Return what one plant is allocated, scale 11."""
    own, override = col(f"plants.{n}.plant_class"), col(f"plants.{n}.class_override")
    effective = pl.when(override > 0).then(override).otherwise(own)
    one, two, three, four = (number(value, 4) for value in law.BENCHMARK)
    benchmark = (
        pl.when(effective == 1)
        .then(one)
        .when(effective == 2)
        .then(two)
        .when(effective == 3)
        .then(three)
        .otherwise(four)
    )
    coal, *_, gas = (number(value, 4) for value in law.HEAT_BENCHMARK)
    heat = pl.when(own < 4).then(coal).otherwise(gas)
    factor = at(benchmark, 8) * col(f"plants.{n}.correction")
    power = at(col(f"plants.{n}.generation"), 11) * factor
    return power + at(col(f"plants.{n}.heat"), 6) * heat


def batch(n: int) -> Expr:
    """Return the credits of one batch that are young enough, t."""
    young = col(f"batches.{n}.vintage") >= law.FIRST_VINTAGE
    return pl.when(young).then(f"batches.{n}.credit_quantity").otherwise(0)


def plan(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return the outputs of a lazy frame, one step per level of the rules."""
    emissions, threshold = col("emissions"), number(law.THRESHOLD * 100, 2)
    covered = (
        (col("bench_sector") <= law.COVERED_SECTORS)
        & (emissions >= threshold)
        & ((col("emissions_before") >= threshold) | (col("emissions_before_that") >= threshold))
        & ~col("closed")
    )
    total = plant(1) + plant(2) + plant(3)
    wide = at(emissions, 3)
    capped = lesser(wide, at(col("allocation"), 3) + wide * number(law.DEFICIT_SHARE, 1))
    held = pl.when("surrendered_flag").then(at(col("held"), 5)).otherwise(number(0, 5))
    cap = at(col("obligation"), 5) * number(law.CREDIT_CAP, 2)
    return (
        frame.with_columns(
            covered=covered, rounded=at(total.round(0, mode="half_away_from_zero"), 0)
        )
        .with_columns(allocation=pl.when("covered").then("rounded").otherwise(number(0, 0)))
        .with_columns(obligation=pl.when("covered").then(capped).otherwise(number(0, 3)))
        .with_columns(usable=lesser(at(batch(1) + batch(2), 5), cap))
        .with_columns(missing=at(col("obligation"), 5) - held - col("usable"))
        .with_columns(
            shortfall=pl.when(col("missing") > number(0, 5)).then("missing").otherwise(number(0, 5))
        )
        .with_columns(owed=at(col("shortfall"), 7) * col("price"))
        .select(
            "covered",
            "allocation",
            "obligation",
            "usable",
            "shortfall",
            compliant=col("shortfall") == number(0, 5),
            fine_low=(col("owed") * number(law.FINE_LOW, 0)).round(2, mode="half_away_from_zero"),
            fine_high=(col("owed") * number(law.FINE_HIGH, 0)).round(2, mode="half_away_from_zero"),
        )
    )
