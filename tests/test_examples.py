"""The examples come out as their own comments reckon by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from carbonlex.interfaces.cli import app

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


def told(capsys: pytest.CaptureFixture[str], command: str, name: str, *words: str) -> Any:
    with pytest.raises(SystemExit) as left:
        app([command, str(EXAMPLES / name), "--json", *words])
    assert left.value.code in (0, 1, 3, None)
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "path", sorted(p for p in EXAMPLES.iterdir() if p.is_file()), ids=lambda p: p.name
)
def test_every_example_is_read_and_judged(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    report = told(capsys, "check", path.name, "--on", "2026-11-22")
    assert report["verdicts"]


@pytest.mark.parametrize(
    ("name", "on", "year", "concept", "value"),
    [
        ("power-2023-2024.toml", "2025-11-22", 2023, "free_allocation", "871480"),
        ("power-2023-2024.toml", "2025-11-22", 2024, "free_allocation", "867090"),
        ("steel-2024-2025.toml", "2026-11-22", 2024, "free_allocation", "5200000"),
        ("steel-2024-2025.toml", "2026-11-22", 2025, "allocation_lower", "4850000"),
        ("steel-2024-2025.toml", "2026-11-22", 2025, "allocation_upper", "5150000"),
        ("cement-2025.toml", "2026-11-22", 2025, "free_allocation", "1280000"),
        ("cement-2025.toml", "2026-11-22", 2025, "allocation_lower", "1261000"),
        ("cement-2025.toml", "2026-11-22", 2025, "allocation_upper", "1339000"),
    ],
)
def test_allocation_by_hand(
    capsys: pytest.CaptureFixture[str], name: str, on: str, year: int, concept: str, value: str
) -> None:
    findings = told(capsys, "check", name, "--on", on)["findings"]
    (found,) = [f for f in findings if (f["concept"], f["year"]) == (concept, year)]
    assert found["value"] == value


@pytest.mark.parametrize(
    ("name", "on", "missing", "cost"),
    [
        ("power-2023-2024.toml", "2025-11-22", "7910", "474600"),
        ("steel-2024-2025.toml", "2026-11-22", "20000", "1200000"),
        ("cement-2025.toml", "2026-11-22", "20000", "1200000"),
    ],
)
def test_position_by_hand(
    capsys: pytest.CaptureFixture[str], name: str, on: str, missing: str, cost: str
) -> None:
    position = told(capsys, "position", name, "--on", on)
    assert (position["missing"], position["cost"]["total"]) == (missing, cost)


@pytest.mark.parametrize(
    ("name", "duty", "fines"),
    [
        ("steel-2024-2025.toml", "surrender", [["1500000", "3000000"]]),
        ("service-body-2026.toml", "test-report", [["400000", "800000"], ["20000", "200000"]] * 2),
    ],
)
def test_fines_by_hand(
    capsys: pytest.CaptureFixture[str], name: str, duty: str, fines: list[list[str]]
) -> None:
    verdicts = told(capsys, "check", name, "--on", "2026-11-22", "--only", duty)["verdicts"]
    found = [
        one["amount"]
        for verdict in verdicts
        if verdict["outcome"] == "breached"
        for one in verdict["sanctions"]["at_breach"]["consequences"]
        if one["kind"] == "fine" and one["status"] == "applies"
    ]
    assert found == fines
