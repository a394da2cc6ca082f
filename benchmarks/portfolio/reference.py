"""The exact answers: scaled integers for every row, and `Decimal`, written apart, for some.

Each integer is proved to fit 64 bits by the declared maxima of `ruleset.FIELDS`: the largest is
the sum over three plants, below 3 x (10**10 x 9303 x 11000 + 2x10**9 x 1111 x 10**5) = 3.8x10**18.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, Inexact
from typing import Any

import numpy as np
import ruleset as law
from numpy.typing import NDArray

Column = NDArray[Any]
Columns = dict[str, Column]

CHUNK = 1_000_000


def rounded(value: Column, digits: int) -> Column:
    """Return a non-negative scaled column with `digits` decimals fewer, halves upward."""
    unit = 10**digits
    halves_upward: Column = (value + unit // 2) // unit
    return halves_upward


def sum_of_plants(columns: Columns, kind: Any = np.int64) -> Column:
    """Return the allocation before it is rounded, scale 11."""
    by_class = np.array((0, *law.BENCHMARK)).astype(kind)
    heat_by_class = np.array((0, *law.HEAT_BENCHMARK)).astype(kind)
    total = np.zeros(len(columns["emissions"]), dtype=kind)
    for n in law.PLANTS:
        own, override = columns[f"plants.{n}.plant_class"], columns[f"plants.{n}.class_override"]
        generation = columns[f"plants.{n}.generation"].astype(kind)
        correction = columns[f"plants.{n}.correction"].astype(kind)
        heat = columns[f"plants.{n}.heat"].astype(kind)
        total += generation * by_class[np.where(override > 0, override, own)] * correction
        total += heat * heat_by_class[own] * 10**5
    return total


def answers(columns: Columns, kind: Any = np.int64) -> Columns:
    """Return the outputs of all rows at the scales of `ruleset.OUTPUTS`.

    `kind` is np.int64, or object for Python's own integers, which cannot overflow.
    """
    emissions = columns["emissions"].astype(kind)
    threshold = law.THRESHOLD * 100
    small_before = (columns["emissions_before"] < threshold) & (
        columns["emissions_before_that"] < threshold
    )
    covered = (
        (columns["bench_sector"] <= law.COVERED_SECTORS)
        & (emissions >= threshold)
        & ~small_before
        & ~columns["closed"]
    )
    yes = covered.astype(kind)
    allocation = yes * rounded(sum_of_plants(columns, kind), 11)
    share = emissions * law.DEFICIT_SHARE
    obligation = yes * np.minimum(emissions * 10, allocation * 1000 + share)
    credits = sum(
        columns[f"batches.{n}.credit_quantity"].astype(kind)
        * (columns[f"batches.{n}.vintage"] >= law.FIRST_VINTAGE)
        for n in law.BATCHES
    )
    usable = np.minimum(credits * 10**5, obligation * law.CREDIT_CAP)
    held = columns["held"].astype(kind) * columns["surrendered_flag"]
    shortfall = np.maximum(0, obligation * 100 - held - usable)
    owed = shortfall * columns["price"].astype(kind)  # scale 7; times ten is the same at scale 6
    return {
        "covered": yes,
        "allocation": allocation,
        "obligation": obligation,
        "usable": usable,
        "shortfall": shortfall,
        "compliant": (shortfall == 0).astype(kind),
        "fine_low": rounded(owed * law.FINE_LOW, 5),
        "fine_high": rounded(owed, 4),
    }


def all_answers(columns: Columns) -> Columns:
    """Return `answers` as int64, worked out in pieces of bounded memory."""
    rows = len(columns["emissions"])
    whole = {name: np.empty(rows, dtype=np.int64) for name in law.OUTPUTS}
    for start in range(0, rows, CHUNK):
        piece = slice(start, start + CHUNK)
        part = answers({name: column[piece] for name, column in columns.items()})
        for name, column in part.items():
            whole[name][piece] = column
    return whole


EXACT = Context(prec=60, rounding=ROUND_HALF_UP, traps=[Inexact])
ROUNDING = Context(prec=60, rounding=ROUND_HALF_UP)


def _value(columns: Columns, name: str, scale: int, row: int) -> Decimal:
    return EXACT.scaleb(Decimal(int(columns[name][row])), -scale)


def answer_of(columns: Columns, row: int) -> dict[str, Decimal]:
    """Return the outputs of one row by Decimal, as the rules read, in t and CNY.

    Inexact is trapped: nothing is rounded but allocation and fines, by the rule's own mode.
    """
    of = {field.name: _value(columns, field.name, field.scale, row) for field in law.FIELDS}
    small = all(of[name] < 26_000 for name in ("emissions_before", "emissions_before_that"))
    covered = of["bench_sector"] <= 3 and of["emissions"] >= 26_000 and not small
    covered = covered and not of["closed"]
    allocation = obligation = Decimal(0)
    if covered:
        total = Decimal(0)
        for n in (1, 2, 3):
            own, override = of[f"plants.{n}.plant_class"], of[f"plants.{n}.class_override"]
            benchmark = Decimal(("0.8177", "0.8729", "0.9303", "0.3901")[int(override or own) - 1])
            heat = Decimal(("0.1111", "0.1111", "0.1111", "0.0560")[int(own) - 1])
            power = EXACT.multiply(of[f"plants.{n}.generation"], benchmark)
            total = EXACT.add(total, EXACT.multiply(power, of[f"plants.{n}.correction"]))
            total = EXACT.add(total, EXACT.multiply(of[f"plants.{n}.heat"], heat))
        allocation = total.quantize(Decimal(1), context=ROUNDING)
        share = EXACT.multiply(Decimal("0.20"), of["emissions"])
        obligation = min(of["emissions"], EXACT.add(allocation, share))
    credits = sum(
        (of[f"batches.{n}.credit_quantity"] for n in (1, 2) if of[f"batches.{n}.vintage"] >= 2021),
        Decimal(0),
    )
    usable = min(credits, EXACT.multiply(Decimal("0.05"), obligation))
    met = EXACT.add(of["held"] if of["surrendered_flag"] else Decimal(0), usable)
    shortfall = max(Decimal(0), EXACT.subtract(obligation, met))
    fine = EXACT.multiply(shortfall, of["price"])
    cent = Decimal("0.01")
    return {
        "covered": Decimal(covered),
        "allocation": allocation,
        "obligation": obligation,
        "usable": usable,
        "shortfall": shortfall,
        "compliant": Decimal(shortfall == 0),
        "fine_low": EXACT.multiply(fine, Decimal(5)).quantize(cent, context=ROUNDING),
        "fine_high": EXACT.multiply(fine, Decimal(10)).quantize(cent, context=ROUNDING),
    }


def confirmed(columns: Columns, expected: Columns, rows: int) -> int:
    """Return how many cells of the first rows Decimal agrees with; raise on the first that differs.

    Raises AssertionError: then the integers or the decimals of this file are wrong.
    """
    rows = min(rows, len(columns["emissions"]))
    for row in range(rows):
        for name, value in answer_of(columns, row).items():
            told = EXACT.scaleb(Decimal(int(expected[name][row])), -law.OUTPUTS[name])
            if told != value:
                raise AssertionError(f"row {row}, {name}: {told} by integers, {value} by Decimal")
    return rows * len(law.OUTPUTS)
