"""The commands of carbonlex: all of them are there, and a start pays for the one asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carbonlex.interfaces.cli import app
from carbonlex.interfaces.commands import COMMANDS, PARTS

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import sys
from carbonlex.interfaces.cli import app
try:
    app(sys.argv[1:])
except SystemExit:
    print(*sorted(sys.modules), file=sys.stderr)
"""


def asked(*words: str) -> tuple[int, str]:
    ran = CliRunner().invoke(app, [*words])
    return ran.exit_code, ran.output


@pytest.mark.parametrize(
    "words",
    [("check",), *((name,) for name in COMMANDS), *((g, n) for g in PARTS for n in PARTS[g])],
    ids=" ".join,
)
def test_every_command_is_where_it_is_said_to_be(words: tuple[str, ...]) -> None:
    code, output = asked(*words, "--help")
    assert code == 0, output
    assert "Usage:" in output and "--install-completion" not in output


def test_help_lists_the_commands_of_a_group_once() -> None:
    for _ in range(2):
        _, output = asked("records", "--help")
        assert output.count("  import  ") == 1
    _, output = asked("--help")
    assert [line.split()[0] for line in output.partition("Commands:\n")[2].splitlines()] == [
        "check", *COMMANDS,
    ]  # fmt: skip


def test_a_word_that_is_no_command_is_refused_with_the_nearest() -> None:
    code, output = asked("recrods")
    assert code == 2 and "'records'" in output


def test_a_check_imports_no_other_command_and_nothing_heavy() -> None:
    case = str(ROOT / "examples" / "short-2024.toml")
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, "check", case, "--on", "2026-10-01", "--brief"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "engine"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert ran.stdout
    loaded = ran.stderr.split()
    assert not [m for m in loaded if m.startswith("carbonlex.") and m.endswith("_command")]
    heavy = ("docx", "typst", "fontTools", "sqlalchemy", "polars", "duckdb", "jinja2", "numpy")
    assert not {m.partition(".")[0] for m in loaded} & {*heavy}
