"""Norms of a plan are for its compliance years: those of the file, or the norm's own."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from carbonlex.cases.read import case_from
from carbonlex.reasoner.check import check_case
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.rulebook import Rulebook
from good_corpus import GOOD, RULE_FILE, read_with
from synthetic import Act, read_corpus, write_corpus

VOCABULARY = """record.entity.label = {zh = "单位", en = "entity"}
[fact]
told = {type = "number", unit = "tCO2e", label = {zh = "量", en = "amount"}}
[concept]
made = {type = "number", unit = "tCO2e", headline = true, label = {zh = "得量", en = "made"}}
"""


def made(rulebook: Rulebook, year: int) -> Fraction | None:
    """Return what a rulebook makes of ten tonnes in a year, or None where no norm is for it."""
    case = case_from({"year": {str(year): {"told": 10}}}, rulebook.vocabulary, "x")
    found = check_case(rulebook, case, date(2024, 1, 1)).findings
    return found[0].value if found else None  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("years", "known"),
    [
        ("2021", {2021}),
        ("2021-2022", {2021, 2022}),
        ("2022-", {2022, 2023}),
        ("", {*range(2020, 2024)}),
    ],
)
def test_a_norm_says_nothing_of_other_years(years: str, known: set[int], tmp_path: Path) -> None:
    key = f'years = "{years}"\n' if years else ""
    norm = f'id = "n"\n{key}defines = "made"\nvalue = "2 * told"'
    write_corpus(tmp_path, [Act("a", (norm,))], VOCABULARY)
    rulebook, wrong = read_corpus(tmp_path)
    assert not wrong
    for year in range(2020, 2024):
        assert made(rulebook, year) == (20 if year in known else None)


def test_norms_for_different_years_do_not_overlap(tmp_path: Path) -> None:
    one = 'id = "one"\nyears = "2020-2021"\ndefines = "made"\nvalue = "told"'
    other = 'id = "other"\nyears = "{}-2022"\ndefines = "made"\nvalue = "2 * told"'
    for first, codes in (("2022", set()), ("2021", {"norm-overlap"})):
        write_corpus(tmp_path, [Act("a", (one, other.format(first)))], VOCABULARY)
        assert {d.code for d in read_corpus(tmp_path)[1]} == codes


@pytest.mark.parametrize("years", ["20", "2022-2021", "x"])
def test_years_of_a_file_that_are_none(years: str, tmp_path: Path) -> None:
    text = GOOD[RULE_FILE].replace("\n+++\n\n#", f'\nyears = "{years}"\n+++\n\n#', 1)
    assert text != GOOD[RULE_FILE]
    assert "norm-malformed" in {d.code for d in read_with(tmp_path, RULE_FILE, text.encode())}


def test_a_plan_is_for_its_years_and_says_so() -> None:
    norm = load_rulebook().norm("plan-power-2021-2022/relief")
    assert norm.years == (2021, 2022)
    assert load_rulebook().norm("plan-power-2021-2022/borrowed-repaid").years == (2023, 2023)
