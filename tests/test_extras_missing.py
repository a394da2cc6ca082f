"""Without its extras carbonlex says which to install: never a fault of ours, nothing written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SHORT = str(ROOT / "examples" / "short-2024.toml")
DAY = ("--on", "2026-10-01")
# Each packaged apart from the core; found by nobody in the process below.
HIDDEN = (
    "docx", "typst", "fontTools", "sqlalchemy", "psycopg", "polars", "pyarrow", "duckdb", "numpy",
    "sqlglot", "icalendar", "xlsxwriter", "vl_convert",
)  # fmt: skip
PROGRAM = """
import json, sys
from importlib.machinery import PathFinder
hidden, commands = json.loads(sys.argv[1])
find = PathFinder.find_spec
PathFinder.find_spec = lambda name, *rest: (
    None if name.partition(".")[0] in hidden else find(name, *rest))
from typer.testing import CliRunner
from carbonlex.interfaces.cli import app
for command in commands:
    ran = CliRunner().invoke(app, command)
    print(json.dumps([ran.exit_code, ran.output, repr(ran.exception)]))
"""
WANTED = {
    "word": [
        ("memo", SHORT, *DAY, "-o", "memo.docx"),
        ("law", "diff", "legislation-law-2015", "legislation-law-2023", "-o", "redline.docx"),
    ],
    "pdf": [
        ("memo", SHORT, *DAY, "-o", "memo.pdf"),
        ("fonts", "list"),
        ("fonts", "check", SHORT),
        ("fonts", "build", "--from", "nowhere"),
    ],
    "records": [
        ("check", SHORT, *DAY, "--record"),
        ("memo", SHORT, *DAY, "-o", "memo.md", "--record"),
        ("records", "list"),
        ("records", "show", "last"),
        ("records", "diff", "1", "2"),
        ("records", "replay", "last"),
        ("records", "verify"),
        ("records", "verify", "--head", "1:0"),
        ("records", "head", "-o", "head.txt"),
        ("records", "sign", "last", "--as", "preparer", "--name", "甲"),
        ("records", "export", "last", "-o", "bundle.sqlite"),
        ("records", "import", "bundle.sqlite"),
    ],
    "postgres": [("records", "list", "--store", "postgresql://u@127.0.0.1:1/x")],
    "portfolio": [
        ("memo", str(ROOT / "examples" / "portfolio"), *DAY, "-o", "report.md"),
        ("memo", str(ROOT / "examples" / "portfolio"), *DAY, "-o", "report.docx"),
    ],
}


def test_every_command_that_needs_an_extra_names_it_in_both_languages(tmp_path: Path) -> None:
    asked = [
        (extra, (*command, "--lang", lang))
        for extra, commands in WANTED.items()
        for command in commands
        for lang in ("zh", "en")
    ]
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([HIDDEN, [c for _, c in asked]])],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT / "engine"),
            "PYTHONIOENCODING": "utf-8",
            "HOME": str(tmp_path),
            "XDG_DATA_HOME": str(tmp_path),
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    for (extra, command), line in zip(asked, ran.stdout.splitlines(), strict=True):
        code, output, error = json.loads(line)
        assert code == 2, (command, output, error)
        assert f'pip install "carbonlex[{extra}]"' in output.replace("'", '"'), command
        chinese = any("\u4e00" <= c <= "\u9fff" for c in output)
        assert chinese == (command[-1] == "zh"), (command, output)
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and "cache" not in str(p)]
