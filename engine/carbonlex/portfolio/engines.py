"""Which engine computes a plan: the one place where a name is turned into a face."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from carbonlex.portfolio.compile import Plan
from carbonlex.portfolio.execute import GroupRows, answered
from carbonlex.portfolio.graph import Node
from carbonlex.portfolio.schedule import Schedule

if TYPE_CHECKING:
    import polars as pl


Face = Callable[[Plan, Mapping[str, Node], Schedule, GroupRows], "dict[str, pl.DataFrame]"]
"""Computes the columns wanted of a plan over the rows of its group: see `execute.answered`."""


def _duckdb(
    plan: Plan, wanted: Mapping[str, Node], order: Schedule, rows: GroupRows
) -> dict[str, pl.DataFrame]:
    from carbonlex.portfolio.faces import duckdb  # what is not asked for is not imported

    return duckdb.answered(plan, wanted, order, rows)


def _spark(
    plan: Plan, wanted: Mapping[str, Node], order: Schedule, rows: GroupRows
) -> dict[str, pl.DataFrame]:
    from carbonlex.portfolio.faces import spark

    return spark.answered(plan, wanted, order, rows)


_FACES: Mapping[str, Face] = {"polars": answered, "duckdb": _duckdb, "spark": _spark}


class UnknownEngine(LookupError):
    """An engine that there is not, or that computes no portfolio yet."""


def face(name: str) -> Face:
    """Return what computes plans on an engine; raises `UnknownEngine`.

    >>> face("abacus")
    Traceback (most recent call last):
    carbonlex.portfolio.engines.UnknownEngine: abacus
    """
    if name not in _FACES:
        raise UnknownEngine(name)
    return _FACES[name]


def engines() -> tuple[str, ...]:
    """Return the engines that compute a portfolio."""
    return tuple(_FACES)
