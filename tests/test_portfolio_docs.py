"""docs/portfolio.md says the truth: the output of its commands, columns, reasons."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from carbonlex.portfolio.reasons import INVALID, OTHER
from carbonlex.portfolio.survey import may_group_by
from portfolio_runs import EXAMPLE, checked, rulebook
from readme import BLOCK, ROOT, output

PAGE = (ROOT / "docs" / "portfolio.md").read_text("utf-8")
BLOCKS = BLOCK.findall(PAGE)


@pytest.mark.parametrize(("sections", "command", "shown"), BLOCKS, ids=[c for _, c, _ in BLOCKS])
def test_output_is_real(sections: str, command: str, shown: str) -> None:
    def stable(text: str) -> str:
        return re.sub(r"\b[0-9a-f]{16}\b", "…", text)

    assert stable(output(command, sections)) == stable(shown)


def test_every_column_of_the_files_is_explained(tmp_path: Path) -> None:
    checked(EXAMPLE, "--out", tmp_path / "out")
    columns = pl.read_parquet_schema(tmp_path / "out" / "entities.parquet")
    for name in columns:
        _, dot, last = name.rpartition(".")
        kind = last.removesuffix("_low").removesuffix("_high")
        term = rulebook().vocabulary.terms.get(name)
        assert (term is not None and term.headline) or (
            f"{kind}" in PAGE and (not dot or f".{kind}" in PAGE or f"{kind}_" in PAGE)
        ), name


def test_reasons_and_groups_are_those_there_are() -> None:
    for name in (INVALID, OTHER):
        assert f"| `{name}` |" in PAGE
    listed = "、".join(f"`{name}`" for name in may_group_by(rulebook().vocabulary))
    assert listed in PAGE
