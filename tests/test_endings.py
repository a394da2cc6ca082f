"""How a command ends where output, files or years give out: never as if by a verdict."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
POWER = str(ROOT / "examples" / "power-2025.toml")
COMMAND = (sys.executable, "-m", "carbonlex.interfaces.cli")
READS_NO_MORE = 141


def ended(*args: str, out: int) -> tuple[int, str]:
    """Run the command with its output to a file descriptor; returns exit code and complaint."""
    run = subprocess.run(
        [*COMMAND, *args], stdout=out, stderr=subprocess.PIPE, text=True, check=False, timeout=60
    )
    return run.returncode, run.stderr


@pytest.mark.parametrize(
    "args", [("position", POWER), ("check", POWER, "--json"), ("law", "list")], ids=" ".join
)
def test_a_reader_who_went_away_is_no_verdict(args: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        assert ended(*args, out=writing) == (READS_NO_MORE, "")
    finally:
        os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_full_disk_is_said_and_is_no_fault_of_the_program() -> None:
    with open("/dev/full", "wb") as full:
        code, said = ended("position", POWER, out=full.fileno())
    assert code == 2
    assert "不能读写" in said
    assert "cannot read or write" in said


def test_a_closed_output_leaves_the_exit_code() -> None:
    run = subprocess.run(
        ["/bin/sh", "-c", '"$@" >&-', "sh", *COMMAND, "check", POWER, "--on", "2027-01-15"],
        stderr=subprocess.PIPE, check=False, timeout=60,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (1, b"")


def test_a_calendar_far_beyond_the_case_is_refused_at_once() -> None:
    code, said = ended("calendar", POWER, "--on", "2046-01-01", out=subprocess.DEVNULL)
    assert code == 2
    assert "range-exceeded" in said


def test_a_name_too_long_for_a_file_is_bad_input() -> None:
    for args in (("ask", "x" * 300 + ".toml"), ("calendar", POWER, "--overlay", "x" * 300)):
        assert ended(*args, out=subprocess.DEVNULL)[0] == 2


def test_no_year_of_surrender_is_said_without_an_option_that_nobody_gave() -> None:
    code, said = ended("position", POWER, "--on", "1990-01-01", out=subprocess.DEVNULL)
    assert code == 2
    assert "--year" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_template_that_does_not_fit_leaves_nothing(tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    out = tmp_path / "t.xlsx"
    script = f'ulimit -f 8; exec "$@" template power -o {out}'
    run = subprocess.run(
        ["/bin/sh", "-c", script, "sh", *COMMAND], capture_output=True, check=False, timeout=60
    )
    assert run.returncode == 2
    assert not out.exists()
