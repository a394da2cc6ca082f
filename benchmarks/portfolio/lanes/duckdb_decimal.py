"""DuckDB in DECIMAL: 18 digits where they are enough, 38 where only they are."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import numpy as np
import ruleset as law
from files import Population, decimals
from reference import Columns

from lanes.duckdb_bigint import chosen


def plant(n: int) -> str:
    """Return SQL of what one plant is allocated, to the last of its 11 decimals.

    One factor has 38 digits: the product of two narrower decimals is kept to 18, and overflows.
    """
    own, override = f'"plants.{n}.plant_class"', f'"plants.{n}.class_override"'
    effective = f"CASE WHEN {override} > 0 THEN {override} ELSE {own} END"
    benchmark = chosen(effective, tuple(Decimal(each).scaleb(-4) for each in law.BENCHMARK))
    coal, gas = (Decimal(each).scaleb(-4) for each in law.HEAT_BENCHMARK[-2:])
    heat = f"(CASE WHEN {own} < 4 THEN {coal} ELSE {gas} END)::DECIMAL(4, 4)"
    return (
        f'"plants.{n}.generation" * (({benchmark})::DECIMAL(4, 4) * "plants.{n}.correction")'
        f'::DECIMAL(38, 8) + "plants.{n}.heat"::DECIMAL(14, 2) * {heat}'
    )


def batch(n: int) -> str:
    """Return SQL of the credits of one batch that are young enough, t."""
    return (
        f'CASE WHEN "batches.{n}.vintage" >= {law.FIRST_VINTAGE}'
        f' THEN "batches.{n}.credit_quantity" ELSE 0 END'
    )


SQL = f"""
CREATE OR REPLACE TABLE found AS
WITH status AS (
    SELECT emissions, held, surrendered_flag, price,
           bench_sector <= {law.COVERED_SECTORS} AND emissions >= {law.THRESHOLD}
           AND (emissions_before >= {law.THRESHOLD} OR emissions_before_that >= {law.THRESHOLD})
           AND NOT closed AS covered,
           {" + ".join(plant(n) for n in law.PLANTS)} AS total,
           ({" + ".join(batch(n) for n in law.BATCHES)})::DECIMAL(9, 0) AS credits
    FROM entities
), allocated AS (
    SELECT *, CASE WHEN covered THEN round(total, 0)::DECIMAL(9, 0) ELSE 0 END AS allocation
    FROM status
), obliged AS (
    SELECT *, CASE WHEN covered
              THEN least(emissions, allocation + emissions * 0.20::DECIMAL(2, 1))::DECIMAL(12, 3)
              ELSE 0 END AS obligation
    FROM allocated
), credited AS (
    SELECT *, least(credits, obligation * 0.05::DECIMAL(2, 2))::DECIMAL(14, 5) AS usable
    FROM obliged
), settled AS (
    SELECT *, greatest(0, obligation - CASE WHEN surrendered_flag THEN held ELSE 0 END
                          - usable)::DECIMAL(14, 5) AS shortfall
    FROM credited
), fined AS (
    SELECT *, shortfall::DECIMAL(38, 5) * price AS owed
    FROM settled
)
SELECT covered, allocation, obligation, usable, shortfall, shortfall = 0 AS compliant,
       round(owed * {law.FINE_LOW}, 2)::DECIMAL(18, 2) AS fine_low,
       round(owed * {law.FINE_HIGH}, 2)::DECIMAL(18, 2) AS fine_high
FROM fined
"""


class Table:
    """A table in memory into a table in memory."""

    def __init__(self, population: Population) -> None:
        self.connection = duckdb.connect()
        told = decimals(population.columns)
        self.connection.register("told", told)
        self.connection.execute("CREATE TABLE entities AS SELECT * FROM told")
        self.connection.unregister("told")

    def reset(self) -> None:
        """Drop the last answers."""
        self.connection.execute("DROP TABLE IF EXISTS found")

    def run(self) -> None:
        """Create the table of outputs."""
        self.connection.execute(SQL)

    def answers(self) -> Columns:
        """Return the outputs; their integers are cut from the decimals by DuckDB, exactly."""
        return scaled(self.connection, "found")


def scaled(connection: duckdb.DuckDBPyConnection, table: str) -> Columns:
    """Return the outputs of a table of decimals at the scales of the exact answer.

    Raises ArithmeticError where a value has more decimals than its scale.
    """
    cells = ", ".join(
        f"({name}::DECIMAL(38, 9) * {10**scale})::BIGINT AS {name},"
        f" bool_and({name}::DECIMAL(38, 9) * {10**scale} % 1 = 0) OVER () AS {name}_whole"
        for name, scale in law.OUTPUTS.items()
    )
    found = connection.sql(f"SELECT {cells} FROM {table}").fetchnumpy()
    if not all(bool(np.all(found[f"{name}_whole"])) for name in law.OUTPUTS):
        raise ArithmeticError("an output has more decimals than the exact answer")
    return {name: np.asarray(found[name]).astype(np.int64) for name in law.OUTPUTS}
