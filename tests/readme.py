"""Runs the commands that the README shows and writes their real output under them.

`python tests/readme.py` rewrites README.md; the test fails where it no longer says the truth.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"```console\n\$ (carbonlex [^\n]*)\n(.*?)```", re.DOTALL)


def output(command: str) -> str:
    """Return what a `carbonlex …` command prints, run from the root of the repository."""
    words = command.split()[1:]
    run = subprocess.run(
        [sys.executable, "-m", "carbonlex.interfaces.cli", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "engine"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode == 2:
        raise SystemExit(f"{command}: {run.stderr}")
    return "".join(line.rstrip() + "\n" for line in run.stdout.splitlines())


def refreshed(text: str) -> str:
    """Return the README with the real output under every command."""
    return BLOCK.sub(lambda m: f"```console\n$ {m[1]}\n{output(m[1])}```", text)


if __name__ == "__main__":
    readme = ROOT / "README.md"
    readme.write_text(refreshed(readme.read_text("utf-8")), "utf-8")
