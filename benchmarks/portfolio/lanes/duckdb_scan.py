"""The limit of DuckDB on one machine: every column of the Parquet file read, nothing computed."""

from __future__ import annotations

import duckdb
from files import Population


class Scan:
    """Reads the whole file at each run.

    `last` decodes every value and does next to nothing with it; `count` would be answered from
    the file's statistics, without a scan.
    """

    def __init__(self, population: Population) -> None:
        self.connection = duckdb.connect()
        source = f"read_parquet('{population.parquet}')"
        columns = self.connection.sql(f"FROM {source} LIMIT 0").columns
        last = ", ".join(f'last("{name}")' for name in columns)
        self.sql = f"SELECT {last} FROM {source}"

    def reset(self) -> None:
        """Nothing is kept."""

    def run(self) -> None:
        """Read the file."""
        self.connection.execute(self.sql).fetchall()

    def answers(self) -> None:
        """Return nothing: a scan answers nothing."""
