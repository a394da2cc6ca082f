"""The benchmark's data, exact answers and rounds: what its table says rests on them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

BENCHMARK = Path(__file__).resolve().parents[1] / "benchmarks" / "portfolio"
MODULES = ("ruleset", "reference", "data")
ROWS = 600


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The scripts, which are no package, imported for one test."""
    monkeypatch.syspath_prepend(BENCHMARK)
    yield {name: import_module(name) for name in MODULES}
    for name in MODULES:
        sys.modules.pop(name, None)


@pytest.mark.parametrize("which", ["ordinary", "exact", "half"])
def test_scaled_integers_say_what_decimal_says(scripts: dict[str, Any], which: str) -> None:
    columns = scripts["data"].SETS[which](ROWS)
    expected = scripts["reference"].all_answers(columns)
    assert scripts["reference"].confirmed(columns, expected, ROWS) == 8 * ROWS
    unbounded = scripts["reference"].answers(columns, object)
    assert all((unbounded[name] == column).all() for name, column in expected.items())


def test_draws_lie_within_what_is_declared(scripts: dict[str, Any]) -> None:
    for which in ("ordinary", "exact", "half"):
        columns = scripts["data"].SETS[which](ROWS)
        for field in scripts["ruleset"].FIELDS:
            if field.kind == "number":
                column = columns[field.name]
                assert 0 <= column.min() <= column.max() <= field.maximum * 10**field.scale


def test_same_seed_draws_the_same(scripts: dict[str, Any]) -> None:
    one, other = scripts["data"].ordinary(ROWS), scripts["data"].ordinary(ROWS)
    assert all((one[name] == other[name]).all() for name in one)


def test_everyone_of_the_exact_set_meets_the_obligation(scripts: dict[str, Any]) -> None:
    columns = scripts["data"].exact_surrender(ROWS)
    found = scripts["reference"].all_answers(columns)
    assert found["covered"].all() and found["compliant"].all()
    assert (found["usable"] == found["obligation"] * 5).all()
    assert (found["obligation"][::2] % 20_000 == 0).mean() > 0.9  # credits are whole: exactly 5 %
    columns["held"] = columns["held"] - 1
    assert not scripts["reference"].all_answers(columns)["compliant"].any()


def test_the_half_way_set_ends_in_halves(scripts: dict[str, Any]) -> None:
    columns = scripts["data"].half_way(ROWS)
    assert (scripts["reference"].sum_of_plants(columns) % 10**11 == 5 * 10**10).all()
    owed = scripts["reference"].all_answers(columns)["shortfall"] * columns["price"]
    assert (owed[::2] * 5 % 10**5 == 5 * 10**4).all()
    assert (owed[1::2] % 10**4 == 5 * 10**3).all()


def test_lanes_are_run_in_rounds_and_their_wrong_rows_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARBONLEX_BENCH_DATA", str(tmp_path / "data"))
    page, kept = tmp_path / "page.md", tmp_path / "figures.json"
    words = "--here --rows 3000 --rounds 2 --seconds 8 --lanes numpy_float64 python_decimal zen"
    subprocess.run(
        [sys.executable, BENCHMARK / "run.py", *words.split(), "--out", page, "--json", kept],
        check=True,
        capture_output=True,
    )
    written = page.read_text(encoding="utf-8")
    again = subprocess.run(
        [sys.executable, BENCHMARK / "run.py", "--of", kept, "--out", "-"],
        check=True,
        capture_output=True,
    )
    assert again.stdout.decode().rstrip() == written.rstrip()
    cells = {
        line.split("|")[1].strip(): [cell.strip() for cell in line.split("|")[2:-1]]
        for line in written.splitlines()
        if line.startswith("| ")
    }
    assert cells["Python Decimal, row by row"][3:6] == ["0", "0", "0"]
    assert all(cell.endswith("%**") for cell in cells["NumPy float64 by hand"][3:6])
    assert "未跑 · not run: zen-engine" in written
