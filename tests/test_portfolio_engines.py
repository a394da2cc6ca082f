"""DuckDB gives what Polars gives, in every cell: on the cases of the law and on made-up rulebooks.

Spark is held against Polars by `make test-spark`.
"""

from __future__ import annotations

from datetime import date

import pytest

import carbonlex
from carbonlex.portfolio.judge import Asked
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
