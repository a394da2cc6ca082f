"""Ibis on DuckDB in decimals: one `mutate` per level, every literal and product typed by hand.

Left to itself Ibis takes a decimal literal for DECIMAL(18, 3), and refuses the product of two
decimals when neither type contains the other. As in `duckdb_decimal.py`, 18 digits where they
are enough.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ibis
import numpy as np
import ruleset as law
from files import Population, decimals
from ibis import _
from ibis.expr.datatypes import Decimal as DecimalType
from reference import Columns


def number(value: int, scale: int, precision: int = 38) -> Any:
    """Return a literal of value / 10**scale."""
    return ibis.literal(Decimal(value).scaleb(-scale), type=DecimalType(precision, scale))


def wide(column: Any, scale: int, precision: int = 38) -> Any:
    """Return a column with 38 digits, `scale` of them decimals."""
    return column.cast(DecimalType(precision, scale))


def short(column: Any, scale: int) -> Any:
    """Return a column with 18 digits, `scale` of them decimals."""
    return wide(column, scale, 18)


def plant(n: int) -> Any:
    """Return what one plant is allocated, scale 11."""
    own, override = _[f"plants.{n}.plant_class"], _[f"plants.{n}.class_override"]
    effective = (override > 0).ifelse(override, own)
    benchmark = effective.cases(
        *((each, number(value, 4)) for each, value in enumerate(law.BENCHMARK[:-1], 1)),
        else_=number(law.BENCHMARK[-1], 4),
    )
    coal, *_rest, gas = law.HEAT_BENCHMARK
    heat = (own < 4).ifelse(number(coal, 4), number(gas, 4))
    power = wide(_[f"plants.{n}.generation"], 3) * benchmark
    power = wide(power, 7) * wide(_[f"plants.{n}.correction"], 4)
    return wide(power, 11) + wide(wide(_[f"plants.{n}.heat"], 2) * heat, 11)


def batch(n: int) -> Any:
    """Return the credits of one batch that are young enough, t."""
    young = _[f"batches.{n}.vintage"] >= law.FIRST_VINTAGE
    return young.ifelse(_[f"batches.{n}.credit_quantity"], 0)


def plan(entities: Any) -> Any:
    """Return the outputs of a table."""
    threshold = law.THRESHOLD
    covered = (
        (_.bench_sector <= law.COVERED_SECTORS)
        & (_.emissions >= threshold)
        & ((_.emissions_before >= threshold) | (_.emissions_before_that >= threshold))
        & ~_.closed
    )
    share = short(short(_.emissions, 2) * number(law.DEFICIT_SHARE, 1, 18), 3)
    capped = ibis.least(short(_.emissions, 3), short(_.allocation, 3) + share)
    cap = short(short(_.obligation, 3) * number(law.CREDIT_CAP, 2, 18), 5)
    held = _.surrendered_flag.ifelse(short(_.held, 5), number(0, 5, 18))
    missing = short(_.obligation, 5) - held - _.usable
    low, high = (wide(_.owed * number(each, 0), 7) for each in (law.FINE_LOW, law.FINE_HIGH))
    return (
        entities.mutate(
            covered=covered,
            total=plant(1) + plant(2) + plant(3),
            credits=short(batch(1) + batch(2), 5),
        )
        .mutate(allocation=_.covered.ifelse(short(_.total.round(0), 0), number(0, 0, 18)))
        .mutate(obligation=_.covered.ifelse(capped, number(0, 3, 18)))
        .mutate(usable=ibis.least(_.credits, cap))
        .mutate(shortfall=ibis.greatest(number(0, 5, 18), short(missing, 5)))
        .mutate(owed=wide(wide(_.shortfall, 5) * wide(_.price, 2), 7))
        .select(
            "covered",
            "allocation",
            "obligation",
            "usable",
            "shortfall",
            compliant=_.shortfall == number(0, 5, 18),
            fine_low=wide(low.round(2), 2),
            fine_high=wide(high.round(2), 2),
        )
    )


class Table:
    """A table in memory into a table in memory; the expression is built before the clock."""

    def __init__(self, population: Population) -> None:
        self.connection = ibis.duckdb.connect()
        told = decimals(population.columns)
        # By DuckDB itself: with sqlglot 30.30 Ibis drops the view it made by a nameless statement.
        self.connection.con.register("told", told)
        self.connection.con.execute("CREATE TABLE entities AS SELECT * FROM told")
        self.connection.con.unregister("told")
        self.plan = plan(self.connection.table("entities"))

    def reset(self) -> None:
        """Drop the last answers."""
        self.connection.con.execute("DROP TABLE IF EXISTS found")

    def run(self) -> None:
        """Compile to SQL and create the table of outputs."""
        self.connection.create_table("found", self.plan)

    def answers(self) -> Columns:
        """Return the outputs; their integers are cut from the decimals by DuckDB, exactly."""
        cells = ", ".join(
            f"({name}::DECIMAL(38, 9) * {10**scale})::BIGINT AS {name}"
            for name, scale in law.OUTPUTS.items()
        )
        found = self.connection.raw_sql(f"SELECT {cells} FROM found").fetchnumpy()
        return {name: np.asarray(found[name]).astype(np.int64) for name in law.OUTPUTS}
