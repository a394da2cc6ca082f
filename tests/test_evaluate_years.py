"""Facts and concepts over time: earlier years, what is presumed, told, and set by parameters."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from asking import VOCABULARY, ask, rulebook
from carbonlex.model import UNKNOWN
from synthetic import Act, checked, sound, verdict_on, write_corpus


def test_an_earlier_year() -> None:
    facts = {"year": {"2022": {"n": 1}, "2024": {"n": 3}}}
    assert ask("n[-2]", facts) == 1 and ask("n[-2] + n", facts) == 4
    assert ask("n[-1]", facts) is UNKNOWN  # told of neither side
    assert ask("n[-3]", facts) is UNKNOWN and ask("n[-10]", facts) is UNKNOWN
    assert ask("total", {"n": 1}) is UNKNOWN  # there is always a year before


def test_before_the_years_told() -> None:
    years = {"2022": {"a": True}, "2023": {"a": False, "b": False}, "2024": {"a": False}}
    assert ask("on_list", {"year": years}, year=2023) is True
    assert ask("on_list", {"year": years}) is UNKNOWN  # b of 2024
    assert ask("on_list", {"a": False, "b": False}) is False
    assert ask("on_list[-1]", {"a": True}) is False and ask("on_list[-9]", {"a": True}) is False
    assert ask("total[-1]", {"n": 1}) is UNKNOWN and ask("total[-2]", {"n": 1}) is UNKNOWN


def test_before_of_a_fact() -> None:
    assert ask("stock[-1]", {"stock": 1}) == 7


@pytest.mark.parametrize("text", ["still[-1]", "moved[-1]", "moved[-5]"])
def test_nothing_is_presumed_before_the_years_told(text: str) -> None:
    assert ask(text, {"a": True}) is UNKNOWN


def test_presumptions_yield_to_what_is_told() -> None:
    assert ask("moved") is False and ask("still") is True
    assert ask("moved", {"moved": True}) is True and ask("still", {"moved": True}) is False
    assert ask("moved", {"moved": False}) is False


def test_told_governs_and_the_difference_is_reported() -> None:
    facts = {"a": True, "n": 5, "m": 4}
    assert verdict_on(checked(rulebook(), facts, "2026-01-01"), "duty").outcome == "breached"
    report = checked(rulebook(), facts | {"obligation": 4}, "2026-01-01")
    assert verdict_on(report, "duty").outcome == "complied"
    assert [tuple(d) for d in report.differences] == [("obligation", 2024, 4, 5)]
    assert not checked(rulebook(), facts | {"obligation": 5}, "2026-01-01").differences


def test_parameters_of_their_day() -> None:
    assert ask("cap", law="2024-04-30") == Fraction(1, 10)
    assert ask("cap", law="2024-05-01") == Fraction(1, 20)
    assert ask("cap", law="2019-12-31") is UNKNOWN
    assert ask("deadline", year=2023) == date(2024, 12, 31)
    assert ask("deadline", year=2022) is UNKNOWN
    # a notice is not known before it is issued
    assert ask("deadline", on="2025-05-31") is UNKNOWN
    assert ask("deadline", on="2025-06-01") == date(2025, 12, 31)
    power = {"entity": {"sector": "power"}, "year": {"2024": {}}}
    assert ask("sector in sectors", power) is True and ask("rate[sector]", power) == Fraction(2, 5)
    assert ask("rate['steel']", year=2023) == Fraction(1, 4)
    assert ask("sector in sectors", power, year=2025) is UNKNOWN


def test_a_table_without_the_key() -> None:
    assert ask("rate['steel']") is UNKNOWN


def test_several_notices_of_one_day() -> None:
    assert ask("twice", on="2025-05-31") == 1


@pytest.mark.xfail(
    strict=True, reason="a duty of each record has no verdict where the list is untold"
)
def test_a_duty_of_records_that_nobody_told(tmp_path: Path) -> None:
    norm = 'id = "x"\nprohibits = "used"\nrecord = "credits"\nbearer = "a"\nat = "bought"'
    bought = 'record = "credits"\ntype = "date"\nlabel = {zh = "购", en = "bought"}'
    write_corpus(tmp_path, [Act("act", (norm,))], f"{VOCABULARY}\n[fact.bought]\n{bought}\n")
    credits = sound(tmp_path)
    assert checked(credits, {"a": True, "credits": []}, "2026-01-01").verdicts == ()
    (verdict,) = checked(credits, {"a": True}, "2026-01-01").verdicts
    assert verdict.outcome == "undetermined"
    assert [[n.fact for n in s] for s in verdict.needs] == [["credits"]]
