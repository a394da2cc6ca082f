"""`law facts` and `law coverage --summary`: what a case may tell, and what of the law is held."""

from __future__ import annotations

import json

import pytest

from carbonlex.cases.read import case_from
from carbonlex.interfaces.cli import app
from carbonlex.interfaces.coverage_pages import coverage_rows
from carbonlex.interfaces.facts_page import places, said_of, untold
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.rulebook import Rulebook


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as left:
        app(list(words))
    assert not left.value.code
    return capsys.readouterr().out


def test_every_fact_that_may_be_told_is_listed_once(rulebook: Rulebook) -> None:
    listed = [t.name for place in places(rulebook) for t in place.terms]
    records, terms = rulebook.vocabulary.records, rulebook.vocabulary.terms.values()
    tellable = [t.name for t in terms if t.tellable and not records[t.record].enactment]
    assert sorted(listed) == sorted(["name", *tellable])


def test_a_concept_that_nobody_attests_is_not_listed(rulebook: Rulebook) -> None:
    listed = {t.name for place in places(rulebook) for t in place.terms}
    assert "surrender_obligation" in listed  # the province attests it
    assert "offset_limit" not in listed


def test_a_case_takes_every_place_as_it_is_listed(rulebook: Rulebook) -> None:
    lists = {p.record.name: [] for p in places(rulebook) if p.is_list}
    case = case_from({"entity": {"name": "示例"}, "year": {"2024": lists}}, rulebook.vocabulary, "")
    assert set(case.years[2024].lists) == set(lists)


def test_a_sector_sees_its_own_records_only(rulebook: Rulebook) -> None:
    def lists(sector: str) -> set[str]:
        return {p.record.name for p in places(rulebook, sector)}

    assert "lines" in lists("cement") and "units" not in lists("cement")
    assert "units" in lists("power") and "lines" not in lists("power")


def test_a_fact_says_unit_attester_and_what_holds_where_it_is_not_told(rulebook: Rulebook) -> None:
    terms = rulebook.vocabulary.terms
    assert said_of(terms["verified_emissions"], "en") == (
        "verified greenhouse-gas emissions · tCO2e · "
        "attested by result of the provincial verification"
    )
    assert untold(terms["records_kept"], "zh") == "推定 是"
    assert untold(terms["listed"], "zh") == "由规则推得、首年之前 否"
    assert untold(terms["verified_emissions"], "zh") == ""


def test_facts_on_a_terminal_and_as_json_are_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    shown = printed(capsys, "law", "facts", "--sector", "钢铁", "--lang", "en")
    tables = json.loads(printed(capsys, "law", "facts", "--sector", "steel", "--json"))["tables"]
    for table in tables:
        head = f"[[{table['table']}]]" if table["list"] else f"[{table['table']}]"
        assert f"{head}　" in shown
        assert all(f"\n  {fact['name']} " in shown for fact in table["facts"])
    facts = {f["name"]: f for t in tables for f in t["facts"]}
    assert facts["verified_emissions"]["unit"] == "tCO2e"
    assert facts["verified_emissions"]["minimum"] == "0"
    assert "measures-2021#art_29__para_2" in facts["from_covered_project"]["asked_by"]


def test_an_unknown_sector_is_refused_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left:
        app(["law", "facts", "--sector", "coal", "--lang", "en"])
    assert left.value.code == 2
    assert "power, steel, cement, aluminium" in capsys.readouterr().err


def test_every_article_held_has_a_norm_or_a_reason(rulebook: Rulebook) -> None:
    for row in coverage_rows(rulebook):
        counted = ("articles_with_norm", "articles_with_reason_only", "articles_with_rest")
        assert sum(int(str(row[key])) for key in counted) == row["held"]
        assert row["articles_with_rest"] == 0, row["instrument"]
        assert isinstance(row["grades"], dict) and sum(row["grades"].values()) == row["held"]


def test_the_summary_has_a_line_for_every_instrument_of_which_words_are_held(
    capsys: pytest.CaptureFixture[str], rulebook: Rulebook
) -> None:
    lines = printed(capsys, "law", "coverage", "--summary", "--lang", "en").splitlines()
    assert lines[0].split()[:3] == ["instrument", "articles", "held"]
    firsts = {line.split()[0]: line.split()[1:3] for line in lines[1:] if not line.startswith(" ")}
    titles_only = {"env-protection-law-2014", "air-law-2018"}
    assert set(firsts) == set(rulebook.instruments) - titles_only
    assert firsts["interim-regs-2024"] == ["33", "33"]
    rows = json.loads(printed(capsys, "law", "coverage", "--summary", "--json"))["instruments"]
    assert [r["instrument"] for r in rows] == list(firsts)
