"""The shape of the source: layers, sizes, names, and the corpus beside the code."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import carbonlex
from carbonlex.corpus import corpus
from carbonlex.version import ENGINE

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "engine" / "carbonlex"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST = 300
VAGUE = {"utils", "util", "helper", "helpers", "manager", "base", "common", "misc"}


def name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_imports_run_downward_only() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ran = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "engine"), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 kept, 0 broken" in ran.stdout


@pytest.mark.parametrize(
    ("kind", "pattern"), [("rules", "cn/*.md"), ("statutes", "cn/**/*.xml"), ("templates", "*")]
)
def test_the_corpus_is_there(kind: str, pattern: str) -> None:
    folder = corpus(kind)
    assert folder == ROOT / kind
    assert any(folder.glob(pattern))


def test_the_package_says_that_it_is_typed_and_which_version_it_is() -> None:
    assert (PACKAGE / "py.typed").exists()
    assert Path(str(carbonlex.__file__)) == PACKAGE / "__init__.py"
    assert f"## [{ENGINE}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_source_root_and_the_corpus_are_no_packages() -> None:
    assert not (ROOT / "engine" / "__init__.py").exists()
    for kind in ("rules", "statutes", "templates"):
        assert not [*(ROOT / kind).rglob("*.py")]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_it_is_and_stays_small(path: Path) -> None:
    source = path.read_text("utf-8")
    assert ast.get_docstring(ast.parse(source)), "no docstring"
    lines = source.count("\n")
    assert lines <= LONGEST


def test_names_say_something() -> None:
    for path in MODULES:
        parts = {*path.relative_to(PACKAGE).with_suffix("").parts}
        defined = {
            node.name.lower()
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        }
        assert not (parts | defined) & VAGUE, name(path)
