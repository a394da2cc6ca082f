"""The memo: its sections, and that every sentence of its analysis was read off a proof."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest

from carbonlex.memo.compliance import HEADINGS, compliance_memo
from carbonlex.memo.document import (
    Authorities,
    Bullets,
    Paragraph,
    QuoteBlock,
    Table,
    quotes_in,
    sentences_of,
    to_tree,
)
from carbonlex.memo.paths import node_at, path_of
from carbonlex.memo.verify import verify
from carbonlex.reasoner.consequence import Consequence
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Verdict
from carbonlex.words.values import say
from case_files import CaseFile, case_files
from memo_cases import ALL, LANGUAGES, memo, page, rulebook


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_sections_stand_in_order_and_every_claim_holds(name: str, lang: str) -> None:
    made = memo(name, lang)
    verify(made.rulebook, made.report, made.document)
    assert [s.id for s in made.document.sections] == [*HEADINGS]
    assert [s.heading for s in made.document.sections] == [h.of(lang) for h in HEADINGS.values()]
    assert made.document.digest == made.report.digest


@pytest.mark.parametrize("name", ALL)
def test_both_languages_have_the_same_parts_read_off_the_same_proofs(name: str) -> None:
    zh, en = (memo(name, lang).document for lang in LANGUAGES)
    assert [s.id for s in zh.walk()] == [s.id for s in en.walk()]
    zh_paths, en_paths = ([s.proof for s in sentences_of(d.section("analysis"))] for d in (zh, en))
    assert zh_paths == en_paths


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_each_sentence_of_analysis_says_the_value_of_its_proof(name: str, lang: str) -> None:
    made = memo(name, lang)
    sentences = [*sentences_of(made.document.section("analysis"))]
    assert sentences
    for sentence in sentences:
        node = node_at(made.report, sentence.proof)
        told = isinstance(node, Proof) and isinstance(node.value, Fraction | date)
        # The head of a list, or of norms that say the same, names a proof; others say its value.
        head = sentence.text.endswith(("：", ":"))
        head = head or sentence.text.lower().startswith(("同此规定", "to the same effect"))
        if told and not head:
            assert isinstance(node, Proof)
            assert say(node.value, node.unit, lang, made.rulebook) in sentence.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_every_verdict_is_concluded_and_analysed(name: str, lang: str) -> None:
    made = memo(name, lang)
    parts = {s.id for s in made.document.section("analysis").parts}
    concluded = "".join(s.text for s in sentences_of(made.document.section("conclusion")))
    for verdict in made.report.verdicts:
        path = path_of(verdict).replace("/", "-").replace(".", "-")
        assert f"analysis-{path}" in parts
        assert verdict.label.of(lang).lower() in concluded.lower()


def test_paragraphs_are_numbered_through_the_whole_memo() -> None:
    document = memo("breached").document
    numbers = [b.number for s in document.walk() for b in s.blocks if isinstance(b, Paragraph)]
    assert numbers == [*range(1, len(numbers) + 1)]


def test_full_title_at_first_mention_then_the_short_one() -> None:
    document = memo("breached").document
    said = [c.text for s in document.sections for x in sentences_of(s) for c in x.cites]
    code = [t for t in said if "法典》" in t]
    assert code[0] == (
        "《中华人民共和国生态环境法典》（2026年8月15日施行，以下简称“《法典》”）第一千零三十七条第三款"
    )
    assert not [t for t in code[1:] if "中华人民共和国" in t]


def test_authorities_are_numbered_as_listed_and_say_where_they_are_cited() -> None:
    document = memo("old and new law").document
    groups = [b for b in document.section("authorities").blocks if isinstance(b, Authorities)]
    assert [g.rank for g in groups] == [
        "law",
        "administrative_regulation",
        "departmental_rule",
    ]
    points = [(e, p) for g in groups for e in g.entries for p in e.pinpoints]
    assert [p.number for _, p in points] == [*range(1, len(points) + 1)]
    by_number = {p.number: (e.instrument, p.eid) for e, p in points}
    for section in document.walk():
        for block in section.blocks:
            if isinstance(block, Paragraph):
                for citation in (c for s in block.sentences for c in s.cites):
                    place = by_number[citation.authority]
                    assert place == (citation.instrument, citation.eid)
                    cited = next(p for _, p in points if p.number == citation.authority)
                    assert block.number in cited.paragraphs


def test_facts_say_who_attests_them_and_the_source_as_told() -> None:
    table = memo("breached").document.section("facts").blocks[0]
    assert isinstance(table, Table)
    row = next(r for r in table.rows if "实际排放量" in r[1])
    assert row == (
        "2025", "经核查确认的温室气体实际排放量", "100,000 吨", "省级生态环境主管部门核查结果", "",
    )  # fmt: skip
    assert ("2025", "核证自愿减排量", "无", "", "") in table.rows


@pytest.mark.parametrize("lang", LANGUAGES)
def test_old_and_new_law_stand_side_by_side_with_their_ranges(lang: str) -> None:
    made = memo("old and new law", lang)
    part = made.document.section("analysis-surrender-2024")
    nodes = [(node_at(made.report, s.proof), s.proof, s.text) for s in sentences_of(part)]
    fines = {
        (p.split("/")[3], t) for n, p, t in nodes if isinstance(n, Consequence) and n.kind == "fine"
    }
    old = "CNY 3,000,000 to 6,000,000" if lang == "en" else "3,000,000 元以上 6,000,000 元以下"
    new = "CNY 1,000,000 to 5,000,000" if lang == "en" else "1,000,000 元以上 5,000,000 元以下"
    assert any(side == "governing" and old in t for side, t in fines)
    assert any(side == "at_decision" and new in t for side, t in fines)
    assert any(p.endswith("/lighter") for _, p, _ in nodes)


def test_words_that_are_recalled_are_given_in_substance_only() -> None:
    document = memo("recalled").document
    blocks = [q for s in document.sections for q in quotes_in(s)]
    recalled = [q for q in blocks if q.grade == "recalled"]
    assert recalled and not any(q.verbatim for q in recalled)
    assert all(q.note == "大意（凭记忆，未经核对）" for q in recalled)


@pytest.mark.parametrize("file", case_files(), ids=lambda f: f.name)
def test_every_case_file_has_a_memo_that_holds(file: CaseFile) -> None:
    report = file.check(rulebook())
    gist = [q for n in rulebook().norms.values() if n.grade == "recalled" for q in n.quotes]
    for lang in LANGUAGES:
        document = compliance_memo(rulebook(), report, lang)
        verify(rulebook(), report, document)
        text = page(document, "md")
        assert not [q for q in gist if f"“{q}" in text]


def test_the_document_is_json_with_a_type_for_every_value() -> None:
    made = memo("breached")
    tree = json.loads(json.dumps(to_tree(made.document), ensure_ascii=False))
    assert tree["type"] == "Document" and tree["date"] == "2027-01-15"
    blocks = {b["type"] for s in tree["sections"] for p in (s, *s["parts"]) for b in p["blocks"]}
    kinds = (Paragraph, QuoteBlock, Bullets, Table, Authorities)
    assert blocks == {k.__name__ for k in kinds}


def test_a_verdict_on_a_record_has_a_path_of_its_own() -> None:
    paths = {path_of(v) for v in memo("per record").report.verdicts}
    assert len(paths) == len(memo("per record").report.verdicts)
    assert isinstance(node_at(memo("per record").report, sorted(paths)[0]), Verdict)
