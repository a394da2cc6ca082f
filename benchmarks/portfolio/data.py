"""The synthetic data: drawn with a fixed seed, as scaled integers. Nothing in it is real.

Three sets: the ordinary one; one where every entity met its obligation exactly, to the last
decimal; one where each allocation and one fine of each row fall half-way between two roundings.
"""

from __future__ import annotations

import numpy as np
import reference
import ruleset as law
from numpy.typing import NDArray
from reference import Columns

SEED = 20_261_122

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def _scaled(values: Floats, field: str) -> Integers:
    scale = next(each.scale for each in law.FIELDS if each.name == field)
    scaled: Integers = np.rint(values * 10**scale).astype(np.int64)
    return scaled


def _stored(columns: Columns) -> Columns:
    return {field.name: columns[field.name].astype(field.storage) for field in law.FIELDS}


def ordinary(rows: int, seed: int = SEED) -> Columns:
    """Return the columns of `rows` entity-years: numbers over their scale, choices from 1."""
    rng = np.random.default_rng(seed)
    emissions = np.clip(120_000 * np.exp(0.9 * rng.standard_normal(rows)), 100, 10_000_000)
    small = rng.random(rows) < 0.10
    columns: Columns = {
        "bench_sector": rng.integers(1, len(law.SECTORS), rows, endpoint=True),
        "emissions": _scaled(emissions, "emissions"),
        "closed": rng.random(rows) < 0.02,
        "surrendered_flag": rng.random(rows) < 0.90,
        "price": rng.integers(40_00, 120_00, rows, endpoint=True),
        # Allowances are whole tonnes, as registries keep them.
        "held": np.floor(emissions * rng.uniform(0.7, 1.1, rows)).astype(np.int64) * 10**5,
    }
    for name in ("emissions_before", "emissions_before_that"):
        usual = emissions * rng.uniform(0.8, 1.2, rows)
        columns[name] = _scaled(np.where(small, rng.uniform(0, 26_000, rows), usual), name)
    _draw_plants(columns, emissions, rng)
    for n in law.BATCHES:
        quantity = np.floor(emissions * rng.uniform(0, 0.05, rows))
        columns[f"batches.{n}.credit_quantity"] = quantity.astype(np.int64)
        columns[f"batches.{n}.vintage"] = rng.integers(2017, 2024, rows, endpoint=True)
    return _stored(columns)


def _draw_plants(columns: Columns, emissions: Floats, rng: np.random.Generator) -> None:
    rows = len(emissions)
    total = emissions / 0.85 * rng.uniform(0.8, 1.1, rows)
    first = rng.uniform(0.2, 0.5, rows)
    second = rng.uniform(0.2, 0.4, rows)
    for n, share in zip(law.PLANTS, (first, second, 1 - first - second), strict=True):
        generation = total * share
        heat = np.where(rng.random(rows) < 0.4, 0, generation * rng.uniform(0, 1, rows))
        overridden = rng.random(rows) < 0.10
        override = rng.integers(1, len(law.CLASSES), rows, endpoint=True)
        columns |= {
            f"plants.{n}.generation": _scaled(generation, f"plants.{n}.generation"),
            f"plants.{n}.plant_class": rng.integers(1, len(law.CLASSES), rows, endpoint=True),
            f"plants.{n}.class_override": np.where(overridden, override, 0),
            f"plants.{n}.correction": rng.integers(9_000, 11_000, rows, endpoint=True),
            f"plants.{n}.heat": _scaled(heat, f"plants.{n}.heat"),
        }


def _all_covered(rows: int, seed: int) -> Columns:
    columns = ordinary(rows, seed)
    columns["bench_sector"] = (columns["bench_sector"] - 1) % law.COVERED_SECTORS + 1
    for name in ("emissions", "emissions_before"):
        columns[name] = np.maximum(columns[name], law.THRESHOLD * 100 + columns[name] % 10_000_00)
    columns["closed"] = np.zeros(rows, dtype=bool)
    columns["surrendered_flag"] = np.ones(rows, dtype=bool)
    return columns


def exact_surrender(rows: int, seed: int = SEED + 1) -> Columns:
    """Return entities that surrendered exactly what they owed: nothing is missing, anywhere.

    All are covered. Credits meet the cap of 5 %: every second row was given an obligation that
    whole credits make up to exactly 5 %; in the others the cap cuts a part of a tonne off.
    """
    columns = _all_covered(rows, seed)
    allocation = reference.all_answers(columns)["allocation"]
    # Above the allocation's reach, a fifth of emissions tops it up to a multiple of 20 t; below
    # it, emissions themselves are one.
    topped = columns["emissions"] // 100_00 * 100 + (-5 * allocation) % 100 + 100
    plain = columns["emissions"] // 20_00 * 20 + 20
    whole = np.where(topped * 4 > allocation * 5, topped, plain) * 100
    columns["emissions"] = np.where(np.arange(rows) % 2 == 0, whole, columns["emissions"])
    obligation = reference.all_answers(columns)["obligation"]
    cap = obligation * law.CREDIT_CAP  # scale 5
    quantity = -(-cap // 10**5)
    first = (quantity * np.random.default_rng(seed).random(rows)).astype(np.int64)
    columns["batches.1.credit_quantity"] = first
    columns["batches.2.credit_quantity"] = quantity - first
    for n in law.BATCHES:
        columns[f"batches.{n}.vintage"] = np.maximum(
            columns[f"batches.{n}.vintage"], law.FIRST_VINTAGE
        )
    columns["held"] = obligation * 100 - cap
    return _stored(columns)


def half_way(rows: int, seed: int = SEED + 2) -> Columns:
    """Return entities whose unrounded allocation ends in exactly half a tonne, all covered.

    The lower fine of even rows and the higher fine of odd rows end in exactly half a fen.
    """
    columns = _all_covered(rows, seed)
    rng = np.random.default_rng(seed)
    last = law.PLANTS[-1]
    for n in law.PLANTS[:-1]:  # tens of MWh: four decimals of the correction leave no remainder
        columns[f"plants.{n}.generation"] = columns[f"plants.{n}.generation"] // 10**4 * 10**4
    columns[f"plants.{last}.correction"] = np.full(rows, 10**4)
    whole = columns[f"plants.{last}.generation"] // 10**7 * 10**7
    columns[f"plants.{last}.generation"] = whole
    override = columns[f"plants.{last}.class_override"]
    effective = np.where(override > 0, override, columns[f"plants.{last}.plant_class"])
    inverses = np.array([0, *(pow(each, -1, 10**7) for each in law.BENCHMARK)])
    rest = reference.sum_of_plants(columns) // 10**4 % 10**7
    columns[f"plants.{last}.generation"] = (
        whole + inverses[effective] * ((5 * 10**6 - rest) % 10**7) % 10**7
    )
    # A price prime to ten has an inverse, so a shortfall can be chosen that ends in half a fen.
    price = columns["price"] // 10 * 10 + rng.choice([1, 3, 7, 9], rows)
    columns["price"] = price
    even = np.arange(rows) % 2 == 0
    modulus = np.where(even, 2 * 10**4, 10**4)
    inverse = np.array([_inverse(int(each)) for each in price]) % modulus
    short = np.where(even, 10**4, 5 * 10**3) * inverse % modulus
    short += modulus * rng.integers(0, 5_000, rows)
    found = reference.all_answers(columns)
    columns["held"] = found["obligation"] * 100 - found["usable"] - short
    return _stored(columns)


def _inverse(price: int) -> int:
    return pow(price, -1, 2 * 10**4)


SETS = {"ordinary": ordinary, "exact": exact_surrender, "half": half_way}
"""The three sets by name; each takes the number of rows."""
