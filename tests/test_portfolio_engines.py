"""DuckDB gives what Polars gives, in every cell: on the cases of the law and on made-up rulebooks.

Spark is held against Polars by `make test-spark`.
"""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import carbonlex
from carbonlex.portfolio.engines import face
from carbonlex.portfolio.execute import Group, GroupRows, placed
from carbonlex.portfolio.graph import Graph
from carbonlex.portfolio.judge import Asked
from carbonlex.portfolio.schedule import schedule
from case_files import case_files
from portfolio_engines import of_cases, of_world


@pytest.mark.parametrize("on", [date(2026, 11, 22), date(2024, 12, 31)])
def test_the_cases_of_the_law(on: date) -> None:
    rulebook = carbonlex.load_rulebook()
    told = {f.name: f.case(rulebook) for f in case_files()[1::8]}
    found = of_cases("duckdb", rulebook, told, Asked(on))
    assert found.cells > 5000
    assert not found.differences


@pytest.mark.parametrize("seed", [2, 3, 4, 6, 7, 9])
def test_made_up_rulebooks(seed: int) -> None:
    found = of_world("duckdb", seed)
    assert found.cells > 500
    assert not found.differences


def test_columns_of_128_bits() -> None:
    graph = Graph()
    column = graph.column("w", "number", bounds=(0, 10**30))
    wanted = {
        "rounded": graph.node(
            "round", (column,), ("round_half_up", 3), "number", bounds=(0, 10**27)
        )
    }
    told = {"entity": ["a", "b", "c"], "year": [2024] * 3, "_row": [1, 2, 3], "_at": [0, 1, 2]}
    wide = pl.Series("w", [10**30 - 500, None, 1499], dtype=pl.Int128)
    rows = GroupRows(Group("emitter", 2024, 2024), pl.DataFrame(told).with_columns(wide), {})
    order = schedule(placed(wanted))
    for engine in ("polars", "duckdb"):
        found = face(engine)(None, wanted, order, rows)["entities"]  # type: ignore[arg-type]
        assert found["rounded"].to_list() == [10**27, None, 1]
