"""Runs the commands that the documents show and writes their real output under them.

`python tests/readme.py` rewrites README.md, docs/portfolio.md and docs/cases.md; tests fail where
they no longer say the truth. A block is shown whole, or, under a comment that names them, in its
first lines and some of its sections; `……` stands where something was left out.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from fact_tables import with_tables

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(
    r"(?:<!-- 节选 excerpt: ([^\n]*) -->\n)?```console\n\$ (carbonlex [^\n]*)\n(.*?)```", re.DOTALL
)
_LEFT_OUT = "……"


def output(command: str, sections: str = "") -> str:
    """Return what a `carbonlex …` command prints, whole or in some sections (`A | B`).

    It runs where `examples/` is at hand and what it writes is lost, with nobody to answer it.
    """
    with TemporaryDirectory() as folder:
        (Path(folder) / "examples").symlink_to(ROOT / "examples")
        run = subprocess.run(
            [sys.executable, "-m", "carbonlex.interfaces.cli", *command.split()[1:]],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT / "engine"), "PYTHONIOENCODING": "utf-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    if run.returncode not in (0, 1, 3):
        raise SystemExit(f"{command}: {run.stderr}")
    printed = "".join(line.rstrip() + "\n" for line in run.stdout.splitlines())
    return excerpt(printed, sections.split(" | ")) if sections else printed


def excerpt(printed: str, wanted: list[str]) -> str:
    """Return the first lines and the sections wanted; a section begins after an empty line."""
    first, *rest = re.split(r"\n\n(?=\S)", printed.strip("\n"))
    heads = [part.partition("\n")[0] for part in rest]
    if lost := [w for w in wanted if w not in heads]:
        raise SystemExit(f"no section {lost} among {heads}")
    shown = [
        part.strip("\n") if head in wanted else _LEFT_OUT
        for head, part in zip(heads, rest, strict=True)
    ]
    once = [s for i, s in enumerate(shown) if s != _LEFT_OUT or shown[i - 1 : i] != [_LEFT_OUT]]
    return "\n\n".join([first, *once]).replace(f"\n\n{_LEFT_OUT}", f"\n{_LEFT_OUT}") + "\n"


def refreshed(text: str) -> str:
    """Return a page with the real output under every command."""

    def block(match: re.Match[str]) -> str:
        sections, command = match[1] or "", match[2]
        mark = f"<!-- 节选 excerpt: {sections} -->\n" if sections else ""
        return f"{mark}```console\n$ {command}\n{output(command, sections)}```"

    return BLOCK.sub(block, text)


if __name__ == "__main__":
    pages = {"README.md": refreshed, "docs/portfolio.md": refreshed, "docs/cases.md": with_tables}
    for name, renew in pages.items():
        page = ROOT / name
        page.write_text(renew(page.read_text("utf-8")), "utf-8")
