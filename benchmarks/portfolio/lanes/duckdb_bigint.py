"""DuckDB in BIGINT at scales worked out by hand: exact, and DuckDB raises where 64 bits end."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import duckdb
import pyarrow as pa
import ruleset as law
from files import Population
from reference import Columns

from lanes.scaled import from_integers


def chosen(what: str, values: Sequence[int | Decimal]) -> str:
    """Return SQL that picks a value by a class from 1."""
    *first, last = enumerate(values, 1)
    return f"CASE {what} {' '.join(f'WHEN {n} THEN {v}' for n, v in first)} ELSE {last[1]} END"


def plant(n: int) -> str:
    """Return SQL of what one plant is allocated, scale 11."""
    own, override = f'"plants.{n}.plant_class"', f'"plants.{n}.class_override"'
    benchmark = chosen(f"CASE WHEN {override} > 0 THEN {override} ELSE {own} END", law.BENCHMARK)
    heat, gas = (each * 10**5 for each in law.HEAT_BENCHMARK[-2:])
    return (
        f'"plants.{n}.generation" * ({benchmark})::BIGINT * "plants.{n}.correction"'
        f' + "plants.{n}.heat" * (CASE WHEN {own} < 4 THEN {heat} ELSE {gas} END)::BIGINT'
    )


def batch(n: int) -> str:
    """Return SQL of the credits of one batch that are young enough, t."""
    return (
        f'CASE WHEN "batches.{n}.vintage" >= {law.FIRST_VINTAGE}'
        f' THEN "batches.{n}.credit_quantity" ELSE 0 END'
    )


THRESHOLD = law.THRESHOLD * 10**2

SQL = f"""
CREATE OR REPLACE TABLE found AS
WITH status AS (
    SELECT emissions, held, surrendered_flag, price,
           bench_sector <= {law.COVERED_SECTORS} AND emissions >= {THRESHOLD}
           AND (emissions_before >= {THRESHOLD} OR emissions_before_that >= {THRESHOLD})
           AND NOT closed AS covered,
           {" + ".join(plant(n) for n in law.PLANTS)} AS total,
           {" + ".join(batch(n) for n in law.BATCHES)} AS credits
    FROM entities
), allocated AS (
    SELECT *, CASE WHEN covered THEN (total + 50000000000) // 100000000000 ELSE 0 END AS allocation
    FROM status
), obliged AS (
    SELECT *, CASE WHEN covered
              THEN least(emissions * 10, allocation * 1000 + emissions * {law.DEFICIT_SHARE})
              ELSE 0 END AS obligation
    FROM allocated
), credited AS (
    SELECT *, least(credits * 100000, obligation * {law.CREDIT_CAP}) AS usable
    FROM obliged
), settled AS (
    SELECT *, greatest(0, obligation * 100 - CASE WHEN surrendered_flag THEN held ELSE 0 END
                          - usable) AS shortfall
    FROM credited
), fined AS (
    SELECT *, shortfall * price AS owed
    FROM settled
)
SELECT covered, allocation, obligation, usable, shortfall, shortfall = 0 AS compliant,
       (owed * {law.FINE_LOW} + 50000) // 100000 AS fine_low,
       (owed + 5000) // 10000 AS fine_high
FROM fined
"""


class Table:
    """A table in memory into a table in memory."""

    def __init__(self, population: Population) -> None:
        self.connection = duckdb.connect()
        told = pa.table(dict(population.columns))
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
        """Return the outputs."""
        return from_integers(self.connection.sql("FROM found").fetchnumpy().__getitem__)
