"""Spark gives what Polars gives, in every cell: group by group, and all rows at once.

Run by `make test-spark`, which needs Java; `make test` does not collect this folder's tests.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

import carbonlex
from carbonlex.interfaces.cli import app
from carbonlex.portfolio.judge import Asked
from carbonlex.portfolio.survey import survey
from carbonlex.portfolio.synth import synthesise
from case_files import case_files
from portfolio_engines import of_cases, of_world

ON = date(2026, 11, 22)


def test_the_cases_of_the_law() -> None:
    rulebook = carbonlex.load_rulebook()
    told = {f.name: f.case(rulebook) for f in case_files()[::20]}
    found = of_cases("spark", rulebook, told, Asked(ON))
    assert found.cells > 1000
    assert not found.differences


@pytest.mark.parametrize("seed", [2, 3, 4])
def test_made_up_rulebooks(seed: int) -> None:
    found = of_world("spark", seed)
    assert found.cells > 500
    assert not found.differences


def test_all_rows_at_once(tmp_path: Path) -> None:
    """What `cluster` writes is what `check --out` writes, bad entities and repeated keys too."""
    data = tmp_path / "data"
    rulebook = carbonlex.load_rulebook()
    synthesise(data, 60, 5, rulebook)
    spoil(data / "entities.parquet")
    wanted = survey(rulebook, data, Asked(ON), out=tmp_path / "wanted")
    assert wanted.problem_counts
    run = CliRunner().invoke
    prepared, found = tmp_path / "prepared", tmp_path / "found"
    assert run(app, ["portfolio", "prepare", str(data), "--out", str(prepared)]).exit_code == 3
    arguments = ["portfolio", "cluster", str(prepared), "--out", str(found), "--json"]
    result = run(app, [*arguments, "--on", ON.isoformat()])
    assert result.exit_code == wanted.exit_code, result.output
    told = json.loads(result.stdout)
    for path in wanted.written:
        compare(pl.read_parquet(path), pl.read_parquet(found / path.stem / "*.parquet"))
        counted(told["outcomes"][path.stem], pl.read_parquet(path))


def spoil(path: Path) -> None:
    """Make a cell of the second row impossible, and tell the key of the fifth twice."""
    rows = pl.read_parquet(path)
    at = pl.int_range(pl.len())
    less = pl.when(at != 1).then("verified_emissions").otherwise(-1)
    less = less.cast(rows["verified_emissions"].dtype).alias("verified_emissions")
    rows = rows.with_columns(less)
    pl.concat([rows, rows[4]]).write_parquet(path)


def compare(wanted: pl.DataFrame, found: pl.DataFrame) -> None:
    """Compare rows of verdicts by their number; `check` leaves out columns that say nothing."""
    wanted, found = wanted.sort("row", "year"), found.sort("row", "year")
    assert wanted["row"].equals(found["row"].cast(wanted["row"].dtype))
    for name, dtype in wanted.schema.items():
        if name.endswith(".reasons"):
            continue
        other = found[name]
        if isinstance(dtype, pl.Decimal):  # scales differ, values may not
            assert (wanted[name].is_null() == other.is_null()).all(), name
            assert (wanted[name] == other).fill_null(True).all(), name
        else:
            text = pl.String if dtype == pl.Categorical else dtype
            assert wanted[name].cast(text).eq_missing(other.cast(text)).all(), name
    silent = [n for n in found.columns if n not in wanted.columns]
    assert not [n for n in silent if found[n].is_not_null().any()]


def counted(told: Mapping[str, Any], rows: pl.DataFrame) -> None:
    for name, counts in told.items():
        if name in rows.columns:
            kept = rows[name].cast(pl.String).drop_nulls().value_counts()
            assert dict(kept.iter_rows()) == counts


def test_a_folder_that_was_not_prepared_is_refused(tmp_path: Path) -> None:
    arguments = ["portfolio", "cluster", str(tmp_path), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(app, [*arguments, "--on", ON.isoformat(), "--lang", "en"])
    assert result.exit_code == 2
    assert "run carbonlex portfolio prepare" in result.stderr
