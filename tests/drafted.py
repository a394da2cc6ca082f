"""Reform files for tests: written, read and applied to the law on paper."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from carbonlex.errors import ContentError, Diagnostic
from carbonlex.reform.apply import Applied, apply
from carbonlex.reform.law import Law, law_on_paper
from carbonlex.reform.read import read_reform
from carbonlex.reform.reform import Reform

ROOT = Path(__file__).resolve().parents[1]
MEASURES = 'amends = "measures-2021"'
REASON = '\n```not-encoded\nreason = "purpose"\n```\n'
TITLE = 'title = {zh = "草案", en = "draft"}\neffective = 2026-12-01'


@cache
def law() -> Law:
    """Return the law of the corpus, read once."""
    return law_on_paper()


def written(folder: Path, body: str, front: str = MEASURES, *, name: str = "draft") -> Path:
    """Write a reform file: its usual front matter, more of it, and the body."""
    path = folder / f"{name}.md"
    path.write_text(f"+++\n{TITLE}\n{front}\n+++\n{body}", encoding="utf-8")
    return path


def draft(folder: Path, body: str, front: str = MEASURES, *, name: str = "draft") -> Reform:
    """Write a reform file and read it."""
    return read_reform(written(folder, body, front, name=name))


def applied(folder: Path, body: str, front: str = MEASURES) -> Applied:
    """Write a reform file, read it and apply it to the law of the corpus."""
    return apply(law(), draft(folder, body, front))


def refused(folder: Path, body: str, front: str = MEASURES) -> tuple[Diagnostic, ...]:
    """Return what is wrong with a reform file; each has a file and a line."""
    with pytest.raises(ContentError) as caught:
        applied(folder, body, front)
    found = caught.value.diagnostics
    assert all(d.where.file and d.where.line for d in found), [d.render() for d in found]
    return found


def norm(**keys: str) -> str:
    """Return a norm fence; values are TOML."""
    return "\n```norm\n" + "\n".join(f"{k} = {v}" for k, v in keys.items()) + "\n```\n"


def undone(step: Applied) -> Applied:
    """Apply the reform that takes another back."""
    from carbonlex.reform.inverse import inverse

    return apply(step.law, inverse(law(), step))


def later(reform: Reform, day: str) -> Reform:
    """Return a draft with effect from another day."""
    from datetime import date

    return replace(reform, effective=date.fromisoformat(day))
