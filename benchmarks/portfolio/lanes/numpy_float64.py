"""NumPy in float64, as most would write it; in chunks that stay in the cache."""

from __future__ import annotations

import numpy as np
import ruleset as law
from files import Population
from reference import Columns

from lanes.scaled import from_floats

CHUNK = 32_768
BENCHMARK = np.array((0, *law.BENCHMARK)) / 10**4
HEAT_BENCHMARK = np.array((0, *law.HEAT_BENCHMARK)) / 10**4


class Chunks:
    """Inputs in t, MWh and CNY as float64; one pass over chunks into outputs made once."""

    def __init__(self, population: Population) -> None:
        self.columns: Columns = {
            field.name: population.columns[field.name] / 10**field.scale
            if field.kind == "number"
            else np.array(population.columns[field.name])
            for field in law.FIELDS
        }
        self.rows = len(self.columns["emissions"])
        self.outputs: Columns = {
            name: np.empty(self.rows, bool if name in ("covered", "compliant") else np.float64)
            for name in law.OUTPUTS
        }

    def reset(self) -> None:
        """Nothing: outputs are written over."""

    def run(self) -> None:
        """Fill the outputs."""
        for start in range(0, self.rows, CHUNK):
            piece = slice(start, start + CHUNK)
            part = computed({name: column[piece] for name, column in self.columns.items()})
            for name, column in part.items():
                self.outputs[name][piece] = column

    def answers(self) -> Columns:
        """Return the outputs, rounded to their scales."""
        return from_floats(self.outputs)


def computed(columns: Columns) -> Columns:
    """Return the outputs of some rows."""
    emissions = columns["emissions"]
    covered = (
        (columns["bench_sector"] <= law.COVERED_SECTORS)
        & (emissions >= law.THRESHOLD)
        & (
            (columns["emissions_before"] >= law.THRESHOLD)
            | (columns["emissions_before_that"] >= law.THRESHOLD)
        )
        & ~columns["closed"]
    )
    total = np.zeros(len(emissions))
    for n in law.PLANTS:
        own, override = columns[f"plants.{n}.plant_class"], columns[f"plants.{n}.class_override"]
        benchmark = BENCHMARK[np.where(override > 0, override, own)]
        total += columns[f"plants.{n}.generation"] * benchmark * columns[f"plants.{n}.correction"]
        total += columns[f"plants.{n}.heat"] * HEAT_BENCHMARK[own]
    allocation = np.where(covered, np.floor(total + 0.5), 0.0)
    obligation = np.where(covered, np.minimum(emissions, allocation + 0.20 * emissions), 0.0)
    credits = sum(
        columns[f"batches.{n}.credit_quantity"]
        * (columns[f"batches.{n}.vintage"] >= law.FIRST_VINTAGE)
        for n in law.BATCHES
    )
    usable = np.minimum(credits, 0.05 * obligation)
    shortfall = np.maximum(0.0, obligation - columns["held"] * columns["surrendered_flag"] - usable)
    fen = shortfall * columns["price"] * 100
    return {
        "covered": covered,
        "allocation": allocation,
        "obligation": obligation,
        "usable": usable,
        "shortfall": shortfall,
        "compliant": shortfall == 0,
        "fine_low": np.floor(fen * law.FINE_LOW + 0.5) / 100,
        "fine_high": np.floor(fen * law.FINE_HIGH + 0.5) / 100,
    }
