"""Figures that the press reported, against the ranges that the rules give."""

from __future__ import annotations

from fractions import Fraction

from carbonlex.quantities import Range
from carbonlex.rulebook.load import load_rulebook
from case_files import FOLDER, case_files

# Press of 2022, China Daily among it (secondary): six firms of Ningxia that had not surrendered
# for 2019-2020 were fined CNY 168,000 in all under Measures art. 40.
FIRMS, FINED = 6, Fraction(168_000)


def test_six_firms_of_ningxia_were_fined_within_the_range_of_the_measures() -> None:
    (file,) = (f for f in case_files(FOLDER / "penalties") if f.name == "ningxia-2022")
    report = file.check(load_rulebook())
    (verdict,) = (v for v in report.verdicts if v.duty == "surrender")
    assert verdict.sanctions is not None and verdict.sanctions.governing is not None
    each = verdict.sanctions.governing.total
    assert isinstance(each, Range)
    assert FIRMS * each.lower <= FINED <= FIRMS * each.upper
    # The figure tells something: five firms could not have been fined so much, nor nine so little.
    assert (FIRMS - 1) * each.upper < FINED < (FIRMS + 3) * each.lower
