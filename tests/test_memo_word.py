"""The Word face: what a firm sends out is a real Word file, whole, and the same every time."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

pytest.importorskip("docx", reason="Word files need python-docx")

import docx

from carbonlex.memo.document import (
    Authorities,
    Bullets,
    Citation,
    Document,
    Mark,
    Paragraph,
    QuoteBlock,
    SideBySide,
    Signature,
    Table,
)
from carbonlex.memo.house import House
from carbonlex.memo.word import word
from memo_cases import ALL, LANGUAGES, memo
from ooxml_files import W, adding, check, paragraphs, parts, text, tree
from two_processes import same_bytes
from word_memos import FIRM, OFFICIAL, made


def with_blocks(*blocks: Any, lang: str = "zh") -> Document:
    return adding(memo("breached", lang).document, "节", *blocks)


@pytest.mark.parametrize("lang", (*LANGUAGES, "both"))
@pytest.mark.parametrize("name", ALL)
def test_every_memo_is_a_whole_package_without_links_out_of_it(name: str, lang: str) -> None:
    check(made(name, lang))


@pytest.mark.parametrize("house", (FIRM, OFFICIAL))
@pytest.mark.parametrize("lang", (*LANGUAGES, "both"))
def test_every_paper_of_a_house_is_a_whole_package(lang: str, house: House) -> None:
    check(made("old and new law", lang, house))


def test_the_library_that_wrote_it_reads_it_back() -> None:
    document = docx.Document(BytesIO(made("breached")))
    assert document.core_properties.title == "合规备忘录"
    first = next(p for p in document.paragraphs if p.style.style_id == "Heading1")
    assert first.text == "一、结论"
    assert document.sections[0].page_width.mm == pytest.approx(210, abs=0.1)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_every_sentence_quote_item_and_cell_is_there(name: str, lang: str) -> None:
    document = memo(name, lang).document
    said = text(tree(made(name, lang)))
    for section in document.walk():
        assert section.heading in said
        for block in section.blocks:
            if isinstance(block, Paragraph):
                words = [run.text for s in block.sentences for run in s.runs]
            elif isinstance(block, QuoteBlock):
                words = [block.text, block.cite.text, block.note]
            elif isinstance(block, Bullets):
                words = [run.text for i in block.items for run in i.sentence.runs]
            elif isinstance(block, Table):
                words = [*block.headers, block.caption, *(c for row in block.rows for c in row)]
            else:
                words = []
            assert [x for x in words if x not in said] == []


def test_each_authority_has_one_footnote_where_it_is_first_cited() -> None:
    document = memo("old and new law").document
    cited = [c.authority for c in citations(document)]
    notes = tree(made("old and new law"), "word/footnotes.xml")
    words = [text(n) for n in notes][2:]
    assert len(words) == len(set(cited))
    for number, said in zip(dict.fromkeys(cited), words, strict=True):
        assert f"依据目录第 {number} 项" in said
    assert "《碳排放权交易管理暂行条例》（国务院令第775号" in words[0]
    assert "zho@2024-05-01~art_14__para_1（2025年12月31日有效）" in words[0]
    assert "来源等级：公开法规库全文" in words[0]


def citations(part: Any) -> list[Citation]:
    if isinstance(part, Citation):
        return [part]
    if isinstance(part, tuple):
        return [c for one in part for c in citations(one)]
    return [
        c for f in getattr(part, "__dataclass_fields__", {}) for c in citations(getattr(part, f))
    ]


def test_a_footnote_says_for_which_days_the_law_is_relied_on_and_no_more() -> None:
    words = text(tree(made("breached", "en"), "word/footnotes.xml"))
    assert "(as in force on 2026-12-31)" in words
    assert "Grade: " in words and "Table of authorities, no. " in words


def test_of_two_languages_the_notes_stand_at_the_end_once_in_both() -> None:
    found = parts(made("breached", "both"))
    assert "word/footnotes.xml" not in found
    notes = [text(n) for n in tree(made("breached", "both"), "word/endnotes.xml")][2:]
    assert all("依据目录第" in n and "Table of authorities" in n for n in notes)


def shown_numbers(data: bytes) -> list[str]:
    """Return the numbers of the numbered paragraphs as Word counts them."""
    numbering = tree(data, "word/numbering.xml")
    abstract = {n.get(f"{W}numId"): n[0].get(f"{W}val") for n in numbering.iter(f"{W}num")}
    starts = {
        a.get(f"{W}abstractNumId"): int(a.find(f"{W}lvl/{W}start").get(f"{W}val"))
        for a in numbering.iter(f"{W}abstractNum")
    }
    counts: dict[str, int] = {}
    shown = []
    for p in paragraphs(tree(data), "Numbered"):
        of = abstract[p.find(f"{W}pPr/{W}numPr/{W}numId").get(f"{W}val")]
        counts[of] = counts.get(of, starts[of] - 1) + 1
        name = p.find(f"{W}bookmarkStart").get(f"{W}name")
        assert name.split("_")[1] == str(counts[of])
        shown.append(str(counts[of]))
    return shown


@pytest.mark.parametrize("lang", (*LANGUAGES, "both"))
def test_what_word_counts_is_what_the_document_says(lang: str) -> None:
    shown = shown_numbers(made("old and new law", lang))
    blocks = [b for s in memo("old and new law").document.walk() for b in s.blocks]
    numbers = [str(b.number) for b in blocks if isinstance(b, Paragraph)]
    twice = [n for number in numbers for n in (number, number)]
    assert shown == (twice if lang == "both" else numbers)


def test_a_number_left_out_is_left_out_in_word_too() -> None:
    document = memo("breached").document
    one = next(b for b in document.sections[0].blocks if isinstance(b, Paragraph))
    data = word(with_blocks(replace(one, number=140), replace(one, number=141)))
    assert shown_numbers(data)[:3] == ["140", "141", "1"]


def test_the_table_of_authorities_refers_back_by_fields_with_their_words() -> None:
    document = memo("old and new law").document
    entries = [b for s in document.walk() for b in s.blocks if isinstance(b, Authorities)]
    points = [p for b in entries for e in b.entries for p in e.pinpoints]
    found = paragraphs(tree(made("old and new law")), "Pinpoint")
    for point, p in zip(points, found, strict=True):
        fields = [(f.get(f"{W}instr").split()[1], text(f)) for f in p.iter(f"{W}fldSimple")]
        assert fields == [(f"para_{n}", f"[{n}]") for n in point.paragraphs]


def test_quotes_and_gists_do_not_look_alike() -> None:
    document = memo("recalled").document
    blocks = [b for s in document.walk() for b in s.blocks if isinstance(b, QuoteBlock)]
    part = tree(made("recalled"))
    quotes, gists = ([text(p) for p in paragraphs(part, s)] for s in ("Quote", "Gist"))
    assert len(quotes) == sum(b.verbatim for b in blocks)
    assert len(gists) == sum(not b.verbatim for b in blocks) > 0
    assert all(q.strip().startswith("“") for q in quotes)
    assert not any(g.strip().startswith("“") for g in gists)


def test_tables_repeat_their_heads_and_keep_their_rows_whole() -> None:
    part = tree(made("breached"))
    ruled = [t for t in part.iter(f"{W}tbl") if t.find(f"{W}tr/{W}trPr/{W}tblHeader") is not None]
    assert ruled
    for table in ruled:
        rows = [*table.iter(f"{W}tr")]
        assert all(r.find(f"{W}trPr/{W}cantSplit") is not None for r in rows)
    sheet = part.find(f"{W}body/{W}sectPr")
    size, margin = sheet.find(f"{W}pgSz"), sheet.find(f"{W}pgMar")
    room = int(size.get(f"{W}w")) - int(margin.get(f"{W}left")) - int(margin.get(f"{W}right"))
    for table in part.iter(f"{W}tbl"):
        assert sum(int(c.get(f"{W}w")) for c in table.iter(f"{W}gridCol")) == room


def test_numbers_end_flush_and_long_words_do_not_widen_a_table() -> None:
    long = "x" * 5000
    block = Table(("项目", "数值"), ((long, "10,000"), ("乙", "9")), "表", right=(1,))
    part = tree(word(with_blocks(block)))
    table = next(t for t in part.iter(f"{W}tbl") if long in text(t))
    assert table.find(f"{W}tblPr/{W}tblLayout").get(f"{W}type") == "fixed"
    cells = [r.findall(f"{W}tc")[1] for r in table.iter(f"{W}tr")]
    assert all(c.find(f"{W}p/{W}pPr/{W}jc").get(f"{W}val") == "right" for c in cells)


def test_a_redline_has_deletions_on_the_left_and_insertions_on_the_right() -> None:
    old = (Mark("same", "不得超过"), Mark("deleted", "5%"))
    new = (Mark("same", "不得超过"), Mark("inserted", "10%"))
    data = word(with_blocks(SideBySide(("修改前", "修改后"), ((old, new),), "图例")), FIRM)
    check(data)
    row = next(r for r in tree(data).iter(f"{W}tr") if "不得超过" in text(r))
    left, right = row.findall(f"{W}tc")
    assert [text(d) for d in left.iter(f"{W}del")] == ["5%"]
    assert [text(i) for i in right.iter(f"{W}ins")] == ["10%"]
    assert not [*left.iter(f"{W}ins")] and not [*right.iter(f"{W}del")]
    (change,) = right.iter(f"{W}ins")
    assert change.get(f"{W}author") == "示例律师事务所"
    assert change.get(f"{W}date") == "2027-01-15T00:00:00Z"


def test_an_opinion_is_signed_on_a_rule_and_its_lines_stay_together() -> None:
    part = tree(word(with_blocks(Signature(("示例律师事务所", "承办律师：", "复核律师：")))))
    lines = paragraphs(part, "Signature")
    assert [text(p).strip() for p in lines] == ["示例律师事务所", "承办律师：", "复核律师："]
    ruled = [p.find(f"{W}pPr/{W}tabs/{W}tab") is not None for p in lines]
    assert ruled == [False, True, True]


def test_no_day_and_no_machine_is_in_the_file() -> None:
    found = parts(made("breached"))
    core = found["docProps/core.xml"].decode()
    assert core.count("2027-01-15T00:00:00Z") == 3
    assert memo("breached").report.digest in core
    assert "rsid" not in found["word/document.xml"].decode()
    assert set(found) & {"docProps/thumbnail.jpeg", "word/theme/theme1.xml"} == set()


def test_two_runs_are_byte_identical() -> None:
    code = (
        "import sys; from word_memos import made, FIRM;"
        "[sys.stdout.buffer.write(made('old and new law', lang, FIRM))"
        " for lang in ('zh', 'en', 'both')]"
    )
    assert same_bytes(code).startswith(made("old and new law", "zh", FIRM))
