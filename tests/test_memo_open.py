"""What a memo leaves open is all in it: every reading, doubts of validity, what was not judged."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from carbonlex.memo.closing import _shortened
from carbonlex.memo.document import Authorities, Bullets, Document, Paragraph, Section, Table
from carbonlex.memo.drafting import drafting_memo
from carbonlex.memo.verify import verify
from carbonlex.memo.write import render
from carbonlex.reform.law import law_on_paper
from carbonlex.reform.read import read_reform
from carbonlex.reform.whatif import what_if
from carbonlex.validity.examine import examine
from carbonlex.validity.subject import drafted
from carbonlex.words.phrases import days
from carbonlex.words.remarks import Remarks
from memo_cases import ALL, KINDS, LANGUAGES, both, of_kind, reported, rulebook

ROOT = Path(__file__).resolve().parents[1]

DECIDED_NAME = "old and new law"


def _said(section: Section) -> str:
    words: list[str] = []
    for one in section.walk():
        for block in one.blocks:
            if isinstance(block, Paragraph):
                words += [s.text for s in block.sentences]
            elif isinstance(block, Bullets):
                words += [i.sentence.text for i in block.items]
    return "\n".join(words)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["breached", DECIDED_NAME])
def test_every_reading_that_alone_changes_a_result_says_what_comes_out(
    name: str, lang: str
) -> None:
    said = _said(of_kind("opinion", name, lang).section("readings"))
    told = [v.robustness for v in reported(name)[1].verdicts if v.robustness is not None]
    alone = {a.readings[0] for r in told for a in r.alternatives if len(a.readings) == 1}
    assert alone
    for question, reading in alone:
        assert f"{question}={reading}" in said
    for robust in told:
        assert all(q in said for q in robust.questions)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_doubt_whether_a_provision_relied_on_holds_is_named_with_its_readings(lang: str) -> None:
    said = _said(of_kind("compliance", "breached", lang).section("readings"))
    assert "offset-cap-basis" in said and "--reading offset-cap-basis=without-basis" in said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_what_was_not_judged_for_want_of_records_is_said(kind: str, lang: str) -> None:
    report = reported(DECIDED_NAME)[1]
    lines = Remarks(rulebook(), report, lang).unjudged()
    said = _said(of_kind(kind, DECIDED_NAME, lang).section("missing")).casefold()
    assert lines and all(line.text.casefold() in said for line in lines)


def test_a_breach_says_at_once_whether_it_was_made_good() -> None:
    said = _said(of_kind("compliance", DECIDED_NAME, "zh").section("conclusion"))
    assert "补缴" in said.partition("\n")[0] or "改正" in said.partition("后果：")[2]
    verdict = next(v for v in reported(DECIDED_NAME)[1].verdicts if v.outcome == "breached")
    assert verdict.sanctions is not None and verdict.sanctions.governing is not None
    (ordered,) = verdict.sanctions.governing.further
    assert f"{ordered.label.zh}：" in said


def test_titles_under_a_risk_stand_beside_each_other() -> None:
    section = of_kind("opinion", "complied", "zh").section("risks")
    lists = [b for b in section.blocks if isinstance(b, Bullets)]
    assert any(len(b.items) > 1 for b in lists)
    assert {i.depth for b in lists for i in b.items} == {0}


@pytest.mark.parametrize("kind", KINDS)
def test_english_headings_begin_with_a_capital(kind: str) -> None:
    document = of_kind(kind, DECIDED_NAME, "en")
    for one in document.walk():
        assert one.heading[0].isupper(), one.heading
        for block in one.blocks:
            if isinstance(block, Table):
                assert all(h[0].isupper() for h in (*block.headers, block.caption))
            label = getattr(block, "label", "A")
            assert label[0].isupper(), label


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_has_two_stops_or_a_word_twice(name: str, lang: str) -> None:
    document: Document = of_kind("compliance", name, lang)
    said = "\n".join(_said(s) for s in document.sections)
    for slip in ("。”。", "。”.", "。。", "；。", "Under the law of the breach: Under", "？？"):
        assert slip not in said, slip


def test_a_clause_without_a_norm_is_quoted_whole_or_cut_between_clauses() -> None:
    assert _shortened("相关规定由生态环境部另行制定。") == "相关规定由生态环境部另行制定。"
    long = "一二三四五六七八九，" * 20 + "结尾在此。"
    first, _, last = _shortened(long).partition("……")
    assert first.endswith("，") and long.startswith(first) and long.endswith(last)
    assert long[: -len(last)].endswith("，") and len(first) + len(last) <= 120


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_draft_is_cited_as_a_draft_and_its_memo_answers_first(lang: str) -> None:
    law = law_on_paper()
    draft = read_reform(ROOT / "examples" / "reforms" / "offset-ten.md")
    on = date(2026, 12, 15)
    found = what_if(law, [draft], [], on)
    examined = examine(found.after, drafted(found.steps[-1].applied, on), on)
    document = drafting_memo(found, examined, lang)
    verify(found.after, examined.report, document)
    first = _said(document.section("conclusion")).partition("\n")[0]
    assert ("尚不能定（1 项）" if lang == "zh" else "undetermined (1)") in first
    assert (
        "草案，拟自2027年1月1日施行" if lang == "zh" else "draft, to take effect 2027-01-01"
    ) in first
    assert "2026-12-15" not in first or lang == "en"
    listed = [b for b in document.section("authorities").blocks if isinstance(b, Authorities)]
    about = "; ".join(e.about for b in listed for e in b.entries)
    assert ("尚未公布" if lang == "zh" else "not promulgated") in about


def test_a_notice_stands_once_above_both_languages() -> None:
    pytest.importorskip("docx")
    with ZipFile(BytesIO(render(both("compliance", DECIDED_NAME), "docx"))) as file:
        text = file.read("word/document.xml").decode()
    assert text.count("Statutes are quoted in Chinese") == 1


def test_a_year_is_said_once_before_what_is_of_the_year_and_one_day_is_no_plural() -> None:
    for name in ("breached", "pending", "complied"):
        said = "\n".join(_said(s) for s in of_kind("compliance", name, "zh").sections)
        assert "年度年" not in said
    assert (days(1), days(2)) == ("1 day", "2 days")
