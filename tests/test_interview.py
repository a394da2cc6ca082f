"""The interview without a terminal: what is asked next, what an answer tells, what is written."""

from __future__ import annotations

import copy
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonlex.cases.models import Refusal
from carbonlex.interview.answer import command_of, count_from, value_from, year_from
from carbonlex.interview.draft import Draft, Unsaved, draft_of
from carbonlex.interview.question import Place, Question, next_question
from carbonlex.interview.toml_text import Uninsertable, with_value, with_year, written_value
from carbonlex.interview.wording import QuestionWords
from carbonlex.model import Label
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.vocabulary import Term
from case_files import CaseFile, case_files
from generated_cases import DAYS, YEARS, Tree, report_on, rulebook, valid

ON = date(2027, 1, 15)
MANY = 400  # more questions than any case can need
FACTS = {
    "verified_emissions": 100_000,
    "report_submitted": True,
    "reported_on": date(2026, 3, 27),
    "allowances_surrendered": 100_000,
    "credits": [],
}


def told(tree: Tree, place: Place, value: Any) -> None:
    """Tell a fact in the shape of a case file."""
    table = tree["year"].setdefault(str(place.year), {}) if place.year else tree["entity"]
    if place.index >= 0:
        table = table[rulebook().vocabulary.terms[place.fact].record][place.index]
    table[place.fact] = value


def asked_of(
    tree: Tree, on: date, answers: Any, everything: bool = False, readings: Any = None
) -> list[Question]:
    """Ask until there is no question; `answers` gives a value, or None to skip."""
    years = {int(y) for y in tree["year"]}
    found: list[Question] = []
    while question := next_question(
        rulebook(),
        report_on(tree, on, readings=readings),
        {q.place for q in found},
        years,
        everything=everything,
    ):
        found.append(question)
        assert len(found) < MANY
        value = answers(question.place)
        if value is not None:
            told(tree, question.place, value)
    return found


def slot(verdict: Verdict) -> tuple[str, int, int]:
    return (verdict.duty, verdict.year, verdict.index)


def open_duties(report: Report) -> list[str]:
    return [v.duty for v in report.verdicts if v.outcome == "undetermined"]


def test_a_power_company_is_asked_for_what_happened_and_for_nothing_else() -> None:
    tree: Tree = {"entity": {"sector": "power"}, "year": {"2025": {}}}
    found = [q.place.fact for q in asked_of(tree, ON, lambda place: FACTS[place.fact])]
    assert sorted(found) == sorted(FACTS)
    assert open_duties(report_on(tree, ON)) == []


def test_a_firm_below_the_threshold_is_asked_one_thing() -> None:
    tree: Tree = {"entity": {"sector": "power"}, "year": {"2025": {}}}
    found = asked_of(tree, ON, lambda place: 25_999)
    assert [q.place for q in found] == [Place("verified_emissions", 2025, -1)]
    assert {v.outcome for v in report_on(tree, ON).verdicts} == {"not_applicable"}


def test_a_report_not_submitted_has_no_day() -> None:
    tree: Tree = {"entity": {"sector": "power"}, "year": {"2025": {}}}
    answers = FACTS | {"report_submitted": False}
    assert "reported_on" not in [
        q.place.fact for q in asked_of(tree, ON, lambda p: answers[p.fact])
    ]


def test_who_skips_a_fact_is_asked_for_another_that_settles_the_same() -> None:
    tree: Tree = {"entity": {"sector": "power"}, "year": {"2025": {}}}
    answers = FACTS | {"verified_emissions": None, "listed": True, "annual_emissions": 100_000}
    found = [q.place.fact for q in asked_of(tree, ON, lambda p: answers.get(p.fact))]
    assert found.index("verified_emissions") < found.index("annual_emissions")
    assert {v.duty: v.outcome for v in report_on(tree, ON).verdicts}["report"] == "complied"


def test_each_record_of_a_list_is_asked_about_in_turn() -> None:
    tree: Tree = {"entity": {"sector": "power"}, "year": {"2025": dict(FACTS)}}
    del tree["year"]["2025"]["credits"]
    values = {"credits": [{}, {}], "quantity": 6_000, "used": True, "from_covered_project": False}
    found = asked_of(tree, ON, lambda p: copy.deepcopy(values.get(p.fact)))
    assert found[0].place == Place("credits", 2025, -1)
    records = [q.place.index for q in found[1:]]
    assert set(records) == {0, 1}
    assert records == sorted(records)
    assert "credits" not in [q.place.fact for q in found[1:]]


def test_a_question_says_whose_words_ask_and_what_it_settles() -> None:
    tree: Tree = {"entity": {"sector": "power"}, "year": {"2025": {}}}
    question = next_question(rulebook(), report_on(tree, ON), (), (2025,))
    assert question is not None
    assert question.place.fact == "verified_emissions"
    assert "measures-2021/annual-emissions" in question.norms
    assert "keep-records" in [v.duty for v in question.settles]
    assert "surrender" in [v.duty for v in question.helps]


def test_a_record_begun_is_finished_before_anything_else() -> None:
    tree: Tree = {"entity": {"sector": "power"}, "year": {"2025": {}}}
    answers = FACTS | {"credits": [{}], "quantity": 1_000, "used": True}
    answers["from_covered_project"] = False
    names = [q.place.fact for q in asked_of(tree, ON, lambda p: copy.deepcopy(answers.get(p.fact)))]
    start = names.index("credits") + 1
    assert {"quantity", "used", "from_covered_project"} <= {*names[start : start + 4]}
    assert "allowances_surrendered" in names and "shortfall" not in names


def test_one_figure_is_asked_for_rather_than_a_ledger() -> None:
    tree: Tree = {"entity": {"sector": "power"}, "year": {"2025": dict(FACTS)}}
    del tree["year"]["2025"]["allowances_surrendered"]
    question = next_question(rulebook(), report_on(tree, ON), (), (2025,))
    assert question is not None
    assert question.place == Place("allowances_surrendered", 2025, -1)


def test_another_year_is_left_alone() -> None:
    tree: Tree = {"entity": {"sector": "power"}, "year": {"2024": {}, "2025": dict(FACTS)}}
    assert next_question(rulebook(), report_on(tree, ON), (), (2025,)) is None
    assert next_question(rulebook(), report_on(tree, ON), (), (2024,)) is not None


def test_all_asks_for_amounts_then_for_what_is_presumed() -> None:
    tree: Tree = {"entity": {"sector": "power"}, "year": {"2025": {}}}
    answers = FACTS | {"allowances_surrendered": 90_000}
    found = asked_of(tree, ON, lambda p: answers.get(p.fact), everything=True)
    names = [q.place.fact for q in found]
    assert names.index("correction_deadline") < names.index("report_truthful")
    (question,) = (q for q in found if q.place.fact == "report_truthful")
    assert question.presumed
    assert "truthful-report" in [v.duty for v in question.helps]
    assert QuestionWords(rulebook(), "zh").lines(question)[1].text == "不答则推定为：是"


def test_recalled_words_that_ask_are_marked_as_no_quotation() -> None:
    words = QuestionWords(rulebook(), "zh")
    recalled = next(n for n in rulebook().norms.values() if n.grade == "recalled" and n.quotes)
    asking = words.asking(recalled)
    assert asking.quotes and not any(q.quotable for q in asking.quotes)
    assert "凭记忆" in asking.text


# Every third of them: an interview checks its case after each answer.
@pytest.mark.parametrize("file", case_files()[::3], ids=lambda f: f.name)
def test_the_interview_of_a_case_ends(file: CaseFile) -> None:
    """Facts are taken out of each case and asked for again; what nobody knows is skipped."""
    full = copy.deepcopy(dict(file.tree["case"]))
    bare: Tree = {"entity": {}, "year": {year: {} for year in full["year"]}}

    def known(place: Place) -> Any:
        table = full["year"].get(str(place.year), {}) if place.year else full.get("entity", {})
        if place.index >= 0:
            table = table[rulebook().vocabulary.terms[place.fact].record][place.index]
        value = table.get(place.fact)
        return [{} for _ in value] if isinstance(value, list) else value

    on, readings = file.tree["on"], file.tree.get("readings")
    found = asked_of(bare, on, known, everything=True, readings=readings)
    places = [q.place for q in found]
    assert len(places) == len(set(places))
    # A told concept is not asked for once law derives it from facts.
    report, after = file.check(rulebook()), report_on(bare, on, readings=readings)
    settled = {slot(v) for v in report.verdicts if v.outcome != "undetermined"}
    left = {slot(v) for v in after.verdicts if v.outcome == "undetermined" and v.needs}
    assert report.differences or not settled & left


@given(st.sampled_from(YEARS), DAYS, st.data(), st.booleans())
@settings(max_examples=10, deadline=None)
def test_an_interview_from_nothing_ends(
    year: int, on: date, data: st.DataObject, everything: bool
) -> None:
    tree: Tree = {"entity": {}, "year": {str(year): {}}}

    def anything(place: Place) -> Any:
        if data.draw(st.integers(0, 4)) == 0:
            return None
        if place.fact in rulebook().vocabulary.records:
            return [{} for _ in range(data.draw(st.integers(0, 1)))]
        term = rulebook().vocabulary.terms[place.fact]
        if term.type == "choice":
            return data.draw(st.sampled_from([*term.choices]))
        least = term.minimum
        return data.draw(valid(term).filter(lambda x: least is None or x >= least))

    found = asked_of(tree, on, anything, everything)
    assert len({q.place for q in found}) == len(found)


def term(kind: Any, unit: str = "", **rest: Any) -> Term:
    return Term("x", "fact", "entity", "year", kind, Label("某项", "thing"), unit, **rest)


@pytest.mark.parametrize(
    ("given_term", "text", "value"),
    [
        (term("number", "tCO2e", decimals=4), "100 kt", Fraction(100_000)),
        (term("number", "tCO2e", decimals=4), "１２,３４５.６７吨", Fraction(1234567, 100)),
        (term("boolean"), "是", True),
        (term("boolean"), "N", False),
        (term("boolean"), "没有", False),
        (term("date"), "2026-03-31", date(2026, 3, 31)),
        (term("date"), "2026年3月31日", date(2026, 3, 31)),
        (term("choice", choices={"a": Label("甲", "first"), "b": Label("乙", "second")}), "2", "b"),
        (term("choice", choices={"a": Label("甲", "first")}), "甲", "a"),
        (term("choice", choices={"a": Label("甲", "first")}), "First", "a"),
    ],
)
def test_an_answer_is_taken_as_people_write_it(given_term: Term, text: str, value: Any) -> None:
    assert value_from(given_term, text) == (value, "")
    assert value_from(given_term, f"{text} # 通知") == (value, "通知")


@pytest.mark.parametrize(
    ("given_term", "text"),
    [
        (term("number", "tCO2e", decimals=4), "many"),
        (term("number", "tCO2e", decimals=4), "1e5"),
        (term("number", "tCO2e", decimals=0), "0.5"),
        (term("number", "tCO2e", decimals=4), "5 CNY"),
        (term("boolean"), "大概"),
        (term("date"), "2026-02-30"),
        (term("date"), "03/31/2026"),
        (term("choice", choices={"a": Label("甲", "first")}), "2"),
        (term("choice", choices={"a": Label("甲", "first")}), "0"),
        (term("text"), "甲\x00厂"),
        (term("text"), "\udcff"),
        (term("boolean"), "y # \udcff"),
    ],
)
def test_an_answer_that_tells_nothing_certain_is_refused(given_term: Term, text: str) -> None:
    with pytest.raises(Refusal) as refused:
        value_from(given_term, text)
    assert all(refused.value.message) and all(refused.value.hint)


def test_counts_and_years() -> None:
    record = rulebook().vocabulary.records["credits"]
    assert [count_from(record, text) for text in ("0", "无", "none", " 3 ")] == [0, 0, 0, 3]
    assert year_from("２０２５") == 2025
    for text in ("-1", "1.5", "1001", "few", "99999999", ""):
        with pytest.raises(Refusal):
            count_from(record, text)
    for text in ("25", "1989", "2101", "year"):
        with pytest.raises(Refusal):
            year_from(text)


def test_commands() -> None:
    said = ["", " ", "跳过", "?", "？", "Q", "退出", "是", "0"]
    commands = ["skip", "skip", "skip", "explain", "explain", "quit", "quit", None, None]
    assert [command_of(s) for s in said] == commands


YEAR = ("year", "2025")
TEXTS = [
    "# 注\n[year.2025] # 本年\nlisted = true  # 名录\n\n# 末注\n[year.2024]\nlisted = false\n",
    "entity = { name = '甲[厂' } # }\n[year]\n2025.listed = true\n",
    "year.2025.listed = true",
    "year = {2025 = {listed = true, credits = [{used = true}, {}]}, 2024 = {}}\r\n",
    '[year."2025"]\r\nlisted = true\r\n[[year.2025.credits]]\r\nused = true\r\n',
    "[entity]\n[[year.2025.credits]]\nused = true\n[[year.2025.credits]]\n[year.2024]",
    '[year.2025]\nlisted = {value = true, source = "a # [b]"}\ncredits = [ # none\n  {},\n]\n',
    '\ufefftitle = """\n[year.2025]\nlisted = 1\n"""\n[year.2025]\nlisted = true\n',
]
PLACES: list[tuple[str | int, ...]] = [
    ("entity", "sector"),
    (*YEAR, "removed"),
    ("year", "2023", "removed"),
    (*YEAR, "local_trades"),
    (*YEAR, "credits", 0, "quantity"),
    (*YEAR, "credits", 1, "quantity"),
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("path", PLACES, ids=str)
def test_a_value_is_put_in_and_nothing_else_is_touched(text: str, path: Any) -> None:
    before = tomllib.loads(text.removeprefix("\ufeff"))
    rows = before.get("year", {}).get("2025", {}).get("credits", [])
    if "credits" in path and len(rows) <= path[3]:
        with pytest.raises(Uninsertable):
            with_value(text, path, "1")
        return
    after = with_value(text, path, "1")
    wanted: Any = before
    for part in path[:-1]:
        wanted = wanted[part] if isinstance(part, int) else wanted.setdefault(part, {})
    wanted[path[-1]] = 1
    assert tomllib.loads(after.removeprefix("\ufeff")) == before
    characters = iter(after)
    assert all(c in characters for c in text)
    assert ("\r\n" in text) == ("\r\n" in after) or "\n" not in text


def test_what_is_told_already_is_not_told_again() -> None:
    for text in TEXTS:
        if "listed = true" in text.removeprefix("\ufeff"):
            with pytest.raises(Uninsertable):
                with_value(text, (*YEAR, "listed"), "false")


@pytest.mark.parametrize("text", TEXTS)
def test_a_year_is_opened_once(text: str) -> None:
    after = with_year(text, 2022)
    assert tomllib.loads(after.removeprefix("\ufeff"))["year"]["2022"] == {}
    assert with_year(after, 2022) == after


@given(st.text(max_size=30))
def test_any_text_is_written_so_that_it_reads_the_same(text: str) -> None:
    try:
        value_from(term("text"), text)
    except Refusal:
        return
    assert tomllib.loads(f"x = {written_value(text)}") == {"x": text}


def test_a_file_that_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "case.toml"
    path.write_text("[year.2025]\n", "utf-8")
    draft = draft_of(path, path, rulebook().vocabulary)
    path.write_text("[year.2025]\nlisted = true\n", "utf-8")
    with pytest.raises(Unsaved):
        draft.with_fact(rulebook().vocabulary, Place("removed", 2025, -1), True, "").save()
    assert path.read_text("utf-8") == "[year.2025]\nlisted = true\n"


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "case.toml"
    real.write_text("[year.2025]\n", "utf-8")
    real.chmod(0o640)
    link.symlink_to(real)
    draft: Draft = draft_of(link, link, rulebook().vocabulary)
    draft.with_fact(rulebook().vocabulary, Place("listed", 2025, -1), True, "").save()
    assert link.is_symlink()
    assert real.read_text("utf-8") == "[year.2025]\nlisted = true\n"
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["case.toml", "real.toml"]
