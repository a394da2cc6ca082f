"""`check --brief`: the verdicts and what follows, and what it leaves out is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbonlex.interfaces.cli import app

ROOT = Path(__file__).resolve().parents[1]
SHORT = str(ROOT / "examples/short-2024.toml")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as left:
        app(["check", *words, "--lang", "en"])
    return int(str(left.value.code)), capsys.readouterr().out


def test_brief_says_every_verdict_and_consequence_and_ends_as_the_whole_note_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    days = (SHORT, "--on", "2026-10-01", "--decided", "2026-10-01")
    whole_code, whole = told(capsys, *days)
    code, brief = told(capsys, *days, "--brief")
    assert code == whole_code == 1
    section = whole[whole.index("\nVerdicts") : whole.index("\nFindings")]
    lines = [line for line in section.splitlines() if line.startswith("  ")]
    assert lines and all(line in brief for line in lines)
    assert "→ fine: CNY 1,000,000 to 5,000,000  Code, art. 1226(2)" in brief
    assert "→ Old law or new: the new law is lighter" in brief
    assert len(brief) < len(whole) / 2


def test_brief_leaves_out_reasons_and_quotations_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, brief = told(capsys, SHORT, "--on", "2026-10-01", "--brief")
    assert "\nWhy" not in brief and "“" not in brief
    assert "without --brief" in brief.replace("\n  ", " ")


def test_a_range_is_not_a_promise_in_short_either(capsys: pytest.CaptureFixture[str]) -> None:
    _, brief = told(capsys, SHORT, "--on", "2026-03-01", "--brief")
    assert "fine: CNY 3,000,000 to 6,000,000" in brief
    (open_line,) = [line for line in brief.splitlines() if "discretion stays open" in line]
    assert "Penalty Law" in open_line
    assert "weakest source grade: recalled" in brief


def test_a_result_that_turns_on_a_reading_says_on_which(
    capsys: pytest.CaptureFixture[str],
) -> None:
    days = (SHORT, "--on", "2026-10-01", "--decided", "2026-10-01", "--brief")
    _, brief = told(capsys, *days)
    assert "? the reading matters: displacement, fine-conflict" in brief


def test_missing_facts_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text('entity = {sector = "power"}\n[year.2024]\nlisted = true\n', "utf-8")
    code, brief = told(capsys, str(case), "--on", "2026-03-01", "--only", "surrender", "--brief")
    assert code == 3
    assert "2024.verified_emissions" in brief
