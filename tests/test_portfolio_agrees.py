"""What a portfolio says of an entity is what the reasoner says of it: on every case of the law."""

from __future__ import annotations

from datetime import date

import pytest

import carbonlex
from carbonlex.model import Case
from carbonlex.rulebook.rulebook import Rulebook
from case_files import case_files
from portfolio_agreement import agreement


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return carbonlex.load_rulebook()


@pytest.fixture(scope="module")
def cases(rulebook: Rulebook) -> dict[str, Case]:
    """Return every fourth of the cases that rules are tested by: all of them take a minute."""
    return {f.name: f.case(rulebook) for f in case_files()[::4]}


@pytest.mark.parametrize("on", [date(2026, 11, 22), date(2024, 12, 31), date(2022, 1, 10)])
def test_the_cases_of_the_law(rulebook: Rulebook, cases: dict[str, Case], on: date) -> None:
    found = agreement(rulebook, cases, on)
    assert found.compared > 1000
    assert not found.refused
    assert not found.differences, "\n".join(found.differences[:20])
