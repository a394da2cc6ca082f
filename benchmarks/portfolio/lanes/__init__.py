"""The lanes: one way each to compute the rule set, run by `worker.py` in its own environment.

A lane is a class that takes a `files.Population`, prepares what its engine reads, and has

* `reset()`: anything to undo before a run; not timed;
* `run()`: the work; timed. What it computes it keeps;
* `answers()`: the outputs kept, as int64 at the scales of `ruleset.OUTPUTS`, or None where a
  lane computes none.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from files import Population
    from reference import Columns


class Lane(Protocol):
    """What `worker.py` needs of a lane."""

    def __init__(self, population: Population) -> None:
        """Prepare the inputs; not timed."""

    def reset(self) -> None:
        """Undo a run."""

    def run(self) -> Any:
        """Compute the eight outputs."""

    def answers(self) -> Columns | None:
        """Return the outputs of the last run."""


@dataclass(frozen=True)
class Entry:
    """Where a lane is and how the table calls it.

    `place` is `module:class` in this folder, `environment` a key of `environments.PINS`.
    `most_rows` bounds the engines that take row by row; their table says how many they took.
    """

    place: str
    environment: str
    title: str
    most_rows: int | None = None

    def lane(self) -> type[Lane]:
        """Import and return the class; only its own environment can."""
        module, name = self.place.split(":")
        found: type[Lane] = getattr(import_module(f"lanes.{module}"), name)
        return found


BY_ROW = 100_000

LANES: dict[str, Entry] = {
    "carbonlex": Entry("carbonlex_rules:Columnar", "carbonlex", "**carbonlex**, Polars"),
    "carbonlex_duckdb": Entry(
        "carbonlex_rules:Table", "carbonlex", "**carbonlex**, its SQL on DuckDB"
    ),
    "carbonlex_totals": Entry(
        "carbonlex_rules:Totals", "carbonlex", "**carbonlex**, Parquet in, checked, totals out"
    ),
    "c_int64": Entry("c_int64:Fused", "columns", "C int64 by hand, 1 thread"),
    "c_int64_threads": Entry("c_int64:Threads", "columns", "C int64 by hand, all cores"),
    "numpy_float64": Entry("numpy_float64:Chunks", "columns", "NumPy float64 by hand"),
    "polars_int64": Entry("polars_int64:Streaming", "columns", "Polars Int64 by hand"),
    "polars_decimal": Entry("polars_decimal:Streaming", "columns", "Polars Decimal by hand"),
    "duckdb_bigint": Entry("duckdb_bigint:Table", "columns", "DuckDB BIGINT by hand"),
    "duckdb_decimal": Entry("duckdb_decimal:Table", "columns", "DuckDB DECIMAL by hand"),
    "duckdb_scan": Entry(
        "duckdb_scan:Scan", "columns", "DuckDB scan of the Parquet file, no rules"
    ),
    "ibis_duckdb": Entry("ibis_duckdb:Table", "ibis", "Ibis on DuckDB, decimals"),
    "openfisca_calculate": Entry("openfisca:Calculate", "openfisca", "OpenFisca, calculate only"),
    "openfisca_build": Entry("openfisca:Build", "openfisca", "OpenFisca, build and calculate"),
    "policyengine_calculate": Entry(
        "policyengine:Calculate", "policyengine", "PolicyEngine, calculate only"
    ),
    "policyengine_build": Entry(
        "policyengine:Build", "policyengine", "PolicyEngine, build and calculate"
    ),
    "python_decimal": Entry("python_decimal:Rows", "columns", "Python Decimal, row by row", BY_ROW),
    "zen": Entry("zen_rows:Rows", "zen", "zen-engine, row by row", BY_ROW),
    "clips": Entry("clips_facts:Facts", "clips", "CLIPS (clipspy), int64 facts", BY_ROW),
    "durable": Entry("durable_events:Events", "durable", "durable-rules, an event a row", BY_ROW),
}
"""Every lane by name, in the order of the table."""
