"""Outputs of any kind as the int64 that `worker.py` compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import ruleset as law
from reference import Columns


def from_floats(outputs: Mapping[str, Any]) -> Columns:
    """Return floating-point outputs, in t and CNY, rounded to the scale of the exact answer."""
    return {
        name: np.rint(np.asarray(outputs[name], dtype=np.float64) * 10**scale).astype(np.int64)
        for name, scale in law.OUTPUTS.items()
    }


def from_integers(column: Callable[[str], Any]) -> Columns:
    """Return outputs that are scaled integers already; `column` gives one by its name."""
    return {name: np.asarray(column(name)).astype(np.int64) for name in law.OUTPUTS}


def from_rows(rows: list[dict[str, Any]]) -> Columns:
    """Return outputs told row by row as exact numbers in t and CNY, `Decimal` or int."""
    return {
        name: np.array([int(row[name] * 10**scale) for row in rows], dtype=np.int64)
        for name, scale in law.OUTPUTS.items()
    }
