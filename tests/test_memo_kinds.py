"""The kinds of memo: what each holds, and that every kind holds to its sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from carbonlex.errors import CitationError
from carbonlex.memo import opinion as opinions
from carbonlex.memo import penalty as penalties
from carbonlex.memo.document import (
    Authorities,
    Bullets,
    Citation,
    Document,
    Paragraph,
    QuoteBlock,
    Signature,
    Table,
    sentences_of,
)
from carbonlex.memo.draft import Addressing
from carbonlex.memo.house import House
from carbonlex.memo.opinion import opinion
from carbonlex.memo.paths import node_at, path_of
from carbonlex.memo.penalty import NotDecided, penalty_memo
from carbonlex.memo.verify import verify
from carbonlex.reasoner.consequence import Package
from carbonlex.words.values import say
from memo_cases import ALL, DECIDED, LANGUAGES, changed, of_kind, page, reported, rulebook

ON = [*[("opinion", n) for n in ALL], *[("penalty", n) for n in DECIDED]]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("kind", "name"), ON)
def test_every_kind_has_its_sections_and_every_claim_of_it_holds(
    kind: str, name: str, lang: str
) -> None:
    document, (_, report) = of_kind(kind, name, lang), reported(name)
    headings = {"opinion": opinions.HEADINGS, "penalty": penalties.HEADINGS}[kind]
    verify(rulebook(), report, document)
    assert [s.id for s in document.sections] == [*headings]
    assert [s.heading for s in document.sections] == [h.of(lang) for h in headings.values()]
    assert all(s.blocks or s.parts for s in document.sections)
    for sentence in sentences_of(document.section("analysis")):
        assert node_at(report, sentence.proof)
    for face in ("md", "html"):
        assert document.title in page(document, face)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("kind", "name"), ON)
def test_citations_are_full_where_a_reader_meets_them_first(
    kind: str, name: str, lang: str
) -> None:
    named: set[str] = set()
    document = of_kind(kind, name, lang)
    for section in document.sections:
        for citation in (c for x in sentences_of(section) for c in x.cites):
            title = rulebook().instruments[citation.instrument].title.of(lang)
            if citation.instrument not in named:
                assert title in citation.text, citation.text
            named.add(citation.instrument)


@pytest.mark.parametrize(("kind", "name"), [*ON, *[("compliance", n) for n in ALL]])
def test_a_list_is_cited_by_the_paragraph_that_leads_it(kind: str, name: str) -> None:
    document = of_kind(kind, name)
    groups = [b for b in document.section("authorities").blocks if isinstance(b, Authorities)]
    points = {p.number: p for g in groups for e in g.entries for p in e.pinpoints}
    for section in document.walk():
        led = 0
        for block in section.blocks:
            if isinstance(block, Paragraph):
                led = block.number
            for item in block.items if isinstance(block, Bullets) else ():
                assert all(led in points[c.authority].paragraphs for c in item.sentence.cites)


def test_what_no_longer_holds_stops_every_kind() -> None:
    for kind, name in (("opinion", "breached"), ("penalty", "old and new law")):
        for lang in LANGUAGES:
            document, (_, report) = of_kind(kind, name, lang), reported(name)
            for part, change in (
                (Citation, {"eid": "art_9999"}),
                (QuoteBlock, {"on": date(2019, 1, 1)}),
            ):
                broken = changed(document, part, lambda x, c=change: replace(x, **c))
                with pytest.raises(CitationError):
                    verify(rulebook(), report, broken)


def test_an_opinion_is_addressed_concluded_reserved_and_signed() -> None:
    _, report = reported("breached")
    house = House(name="某某律师事务所")
    to = Addressing("甲公司", "", "履约意见", "（2026）某律意字第1号")
    document = opinion(rulebook(), report, "zh", to, house)
    head = dict(document.header)
    assert (head["致"], head["自"], head["事由"]) == ("甲公司", "某某律师事务所", "履约意见")
    assert head["编号"] == "（2026）某律意字第1号"
    assert "应甲公司的委托" in _said(document, "engagement")
    assert "未经律师复核并签署，不构成法律意见" in document.notice
    (signed,) = document.section("signature").blocks
    assert isinstance(signed, Signature)
    assert signed.lines[0] == "某某律师事务所" and signed.lines[-1] == "2027年1月15日"
    assert [x for x in signed.lines if x.endswith("：")]
    # It does not say that it is none, as a memo that nobody signs does.
    assert "不构成法律意见；以主管部门" not in page(document, "md")


def test_the_conclusion_of_an_opinion_names_every_verdict_with_its_outcome() -> None:
    for name in ALL:
        document, (_, report) = of_kind("opinion", name), reported(name)
        items = [
            i.sentence
            for b in document.section("conclusion").blocks
            if isinstance(b, Bullets)
            for i in b.items
            if i.depth
        ]
        assert sorted(i.proof for i in items) == sorted(path_of(v) for v in report.verdicts)


def test_risks_are_read_off_the_report() -> None:
    said = _said(of_kind("opinion", "breached"), "risks")
    assert "下限不是承诺" in said and "按时足额清缴碳排放配额（2025年度）" in said
    assert "处罚决定日未告知" in said
    assert "处罚决定日未告知" not in _said(of_kind("opinion", "old and new law"), "risks")
    assert "事实不足" in _said(of_kind("opinion", "undetermined"), "risks")
    assert "规范冲突" in _said(of_kind("opinion", "conflict"), "risks")


def test_a_penalty_needs_a_day_of_decision() -> None:
    with pytest.raises(NotDecided):
        penalty_memo(rulebook(), reported("breached")[1])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", DECIDED)
def test_a_penalty_sets_out_both_laws_of_each_breach_with_reason_range_and_limit(
    name: str, lang: str
) -> None:
    document, (_, report) = of_kind("penalty", name, lang), reported(name)
    breached = [v for v in report.verdicts if v.outcome == "breached"]
    assert breached
    parts = {s.id for s in document.section("analysis").parts} - {"analysis-status"}
    assert len(parts) == len(breached)
    (table,) = (b for b in document.section("figures").blocks if isinstance(b, Table))
    rows = {r[0]: r for r in table.rows}
    for verdict in breached:
        found, path = verdict.sanctions, path_of(verdict)
        assert found is not None
        proofs = {s.proof for s in sentences_of(document.section("analysis"))}
        assert f"{path}/sanctions/at_breach" in proofs
        assert (f"{path}/sanctions/at_decision" in proofs) is (found.at_decision is not None)
        assert (f"{path}/sanctions/at_breach/limitation" in proofs) is (
            found.at_breach.limitation is not None
        )
        row = next(
            r
            for t, r in rows.items()
            if verdict.label.of(lang).casefold() in t.casefold() and str(verdict.year) in t
        )
        assert row[1] == say(found.breach_date, "", lang)
        for cell, package in ((row[2], found.at_breach), (row[3], found.at_decision)):
            if isinstance(package, Package) and package.total is not None and package.total.upper:
                assert cell == say(package.total, "CNY", lang)


def test_a_penalty_says_which_law_governs_and_cites_the_rule_of_the_lighter() -> None:
    document = of_kind("penalty", "old and new law")
    first = next(sentences_of(document.section("conclusion")))
    second = [*sentences_of(document.section("conclusion"))][1]
    assert "违反" in first.text
    assert second.text.startswith("从旧兼从轻：")
    places = [c.text for c in second.cites]
    assert any("第三十七条" in p for p in places) and any("第一千零五十七条" in p for p in places)


def test_a_penalty_without_a_breach_says_so_and_names_what_is_open() -> None:
    _, report = reported("complied")
    document = penalty_memo(rulebook(), replace(report, decided_on=report.asked_on))
    assert "没有已成立的违反" in _said(document, "conclusion")
    verify(rulebook(), report, document)


def test_a_decision_on_the_day_of_the_breach_or_before_compares_nothing() -> None:
    _, report = reported("old and new law")
    verdict = next(
        v for v in report.verdicts if v.sanctions is not None and v.outcome == "breached"
    )
    found = verdict.sanctions
    assert found is not None
    early = replace(found, decided_on=found.breach_date, lighter=None, at_decision=None)
    verdicts = tuple(replace(v, sanctions=early) if v is verdict else v for v in report.verdicts)
    changed_report = replace(report, verdicts=verdicts)
    document = penalty_memo(rulebook(), changed_report)
    assert "处罚决定日不晚于违法行为发生日" in _said(document, "analysis")


def _said(document: Document, name: str) -> str:
    return "".join(s.text for s in sentences_of(document.section(name)))
