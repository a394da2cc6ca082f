"""The memo as PDF: its words are all there, as text and nothing else, the same bytes every time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carbonlex.corpus import corpus
from carbonlex.memo import fonts_found
from carbonlex.memo.compliance import compliance_memo
from carbonlex.memo.document import (
    Block,
    Bullets,
    Document,
    Mark,
    QuoteBlock,
    SideBySide,
    Signature,
    Table,
    quotes_in,
    sentences_of,
)
from carbonlex.memo.pdf_data import laid_out
from carbonlex.model import Case, CaseYear
from font_files import WESTERN
from memo_cases import memo, reported, rulebook
from pdf_memos import HOUSE, both, read, read_memo, said, short, told

HOSTILE = (
    "A & B <问题>", '#eval("1")', '#import "@preview/cetz:0.3.4": *', '#read("/etc/passwd")',
    "{{ 7*7 }}", '=HYPERLINK("x")', "@label", "<label>", "$x^2$", "*粗* _斜_ `码`", "\\", "//注",
    "\u202etxt\u202c", "甲\n乙", "\x00\x07", "\u200b\ufeff", "http://x.y/z", "= 标题", "- 项",
    "w" * 300, "a/" * 200, "#" * 60, "~---", '"]}', "\\u{1F600}",
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_other_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No fonts of this machine: what serves was made for the test."""
    monkeypatch.setattr(fonts_found, "system_folders", lambda: ())
    monkeypatch.setenv("CARBONLEX_CACHE", "off")
    monkeypatch.delenv("CARBONLEX_FONTS", raising=False)


def stretches(document: Document) -> Iterator[str]:
    """Yield words that stand together whatever the line and page: parts of each run and cell."""
    yield document.title
    for section in document.walk():
        yield section.heading
        for block in section.blocks:
            if isinstance(block, Table):
                yield from (c for row in (block.headers, *block.rows) for c in row)
            elif isinstance(block, QuoteBlock):
                yield from re.split(r"[，；、]", block.text)
    for section in document.sections:
        for sentence in sentences_of(section):
            yield from (w for r in sentence.runs for w in re.split(r"[\s，。；：、]", r.text))


@pytest.mark.parametrize("lang", ("zh", "en", "both"))
def test_every_word_of_the_document_is_in_the_pdf(lang: str) -> None:
    # A word may be hyphenated at the end of a line.
    text = re.sub(r"[-‐]", "", read_memo("old and new law", lang).text)
    documents = both("old and new law")
    for document in (documents.zh, documents.en):
        if lang in (document.lang, "both"):
            lost = [w for w in stretches(document) if re.sub(r"[-‐]", "", told(w)) not in text]
            # A cell or a word may go on on the next page, where the running head comes first.
            assert len(lost) <= 3, lost


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_come_out_as_words(words: str) -> None:
    case, report = reported("complied")
    year = case.years[2024]
    sourced = {k: replace(f, source=words) for k, f in year.facts.items()}
    renamed = Case(words, case.entity, {2024: CaseYear(sourced, year.lists)}, case.digest)
    document = compliance_memo(rulebook(), replace(report, case_name=words, case=renamed), "zh")
    house = replace(HOUSE, name=words, letterhead=(words,), footer=words)
    made = read(document, house)
    assert made.text.count(told(words)) >= 6 + 2 + len(made.pages)
    assert made.outline == read_memo("complied", "zh").outline


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(alphabet=WESTERN + "甲“”\u202e\n\u200b", min_size=1, max_size=60))
def test_any_words_come_out_as_words(words: str) -> None:
    made = read(short(said(1, words), Table((words,), ((words,),), words), title=words))
    assert made.text.count(told(words)) >= 5
    assert made.outline == ["一、分析"]


def test_the_template_reads_nothing_and_evaluates_nothing() -> None:
    template = (corpus("templates") / "memo.typ").read_text("utf-8")
    code = re.sub(r"//.*|\"(?:\\.|[^\"])*\"", "", template)
    for word in ("import", "include", "eval", "read", "image", "plugin", "toml", "yaml", "csv"):
        assert not re.search(rf"(?<![\w-]){word}(?![\w-])", code), word
    assert code.count("sys.inputs") == 1


def test_what_the_file_says_of_itself() -> None:
    made = read_memo("old and new law", "zh")
    assert '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">合规备忘录<' in made.about
    assert "示例律师事务所" in made.about and "2026-10-01" in made.about
    assert memo("old and new law", "zh").document.digest in made.about
    for mark in ("pdfaid:part>2", "pdfaid:conformance>A", "pdfuaid:part>1"):
        assert mark in made.about
    assert b"/Marked true" in made.data and b"/Lang(zh-CN)" in made.data
    assert b"/Lang(en-GB)" in read_memo("old and new law", "en").data
    assert made.fonts == {"BoxSong-Regular", "BoxHei-Regular", "BoxKai-Regular"}


@pytest.mark.parametrize("lang", ("zh", "en", "both"))
def test_every_heading_is_a_bookmark(lang: str) -> None:
    outline = read_memo("old and new law", lang).outline
    sections = [*memo("old and new law", "zh" if lang == "both" else lang).document.walk()]
    assert len(outline) == len(sections)
    assert all(any(s.heading in o for o in outline) for s in sections)


def test_citations_lead_to_the_authorities_and_back() -> None:
    document = memo("complied", "zh").document
    pages = laid_out(document, HOUSE)
    tree = repr(pages)
    leading = re.findall(r"'to': '(auth-\d+-zh)'", tree)
    back = re.findall(r"\[\d+, '(p-\d+-zh)'\]", tree)
    anchors = set(re.findall(r"'anchor': '([^']+)'", tree))
    assert leading and back and {*leading, *back} <= anchors
    links = len(re.findall(rb"/Subtype/Link", read_memo("complied", "zh").data))
    assert links >= len(leading) + len(back)


def test_a_source_has_its_note_once_with_version_and_grade() -> None:
    for lang, many in (("zh", 1), ("both", 2)):
        made = read_memo("old and new law", lang)
        pages = laid_out(
            both("old and new law") if many == 2 else memo("old and new law").document, HOUSE
        )
        notes = re.findall(r"'note': \[([^\]]*)\]", repr(pages))
        addresses = [n.split("', '")[-1].strip("'").replace("\\u200b", "") for n in notes]
        assert len(addresses) == len(set(addresses)) >= 2
        assert all(n.count("来源等级：") == 1 for n in notes)
        assert all(n.count("source grade: ") == many - 1 for n in notes)
        assert all(told(a) in made.text for a in addresses)


def test_words_that_are_no_quotation_stand_without_marks() -> None:
    document = memo("recalled", "zh").document
    quotes = [q for s in document.sections for q in quotes_in(s)]
    text = read_memo("recalled", "zh").text
    assert {q.verbatim for q in quotes} == {True, False}
    for quote in quotes:
        assert (f"“{told(quote.text)}”" in text) == quote.verbatim
        assert quote.verbatim or told(quote.note) in text


def test_a_redline_says_what_its_marks_mean() -> None:
    row = (
        (Mark("same", "甲"), Mark("deleted", "五")),
        (Mark("same", "甲"), Mark("inserted", "十")),
    )
    made = read(short(SideBySide(("现行", "修改后"), (row,), "对照")))
    for words in ("现行", "修改后", "删去的文字", "增加的文字", "对照"):
        assert words in made.text


def test_the_head_of_a_table_stands_on_every_page_that_it_reaches() -> None:
    rows = tuple((f"单位{n}", f"{n},000") for n in range(400))
    made = read(short(Table(("单位名称", "数量"), rows, "清单", (1,))))
    heads = [made.words(page).count("单位名称") for page in made.pages]
    assert len(heads) > 5 and set(heads) == {1}


def test_a_signature_is_not_broken_over_pages() -> None:
    lines = ("（出具人）", "承办律师：", "复核律师：", "2026年1月2日")
    for many in range(30, 46, 5):
        blocks = [said(n, "段。") for n in range(1, many)]
        made = read(short(*blocks, Signature(lines)))
        (page,) = (p for p in map(made.words, made.pages) if "承办律师" in p)
        assert all(told(line) in page for line in lines)


def test_official_papers_number_their_pages_between_dashes() -> None:
    made = read(memo("complied", "zh").document, replace(HOUSE, layout="official"))
    for at, page in enumerate(made.pages, 1):
        assert f"—{at}—" in made.words(page)
    assert "目录" not in made.words(made.pages[0])


def test_a_page_number_stands_beside_how_many_there_are() -> None:
    made = read_memo("complied", "en")
    for at, page in enumerate(made.pages, 1):
        assert f"{at}/{len(made.pages)}" in made.words(page)
        assert "保密" in made.words(page)


def test_every_kind_of_block_is_known_to_the_template() -> None:
    template = (corpus("templates") / "memo.typ").read_text("utf-8")
    for kind in islice(Block.__args__, None):
        assert f'"{kind.__name__}"' in template
    assert Bullets in Block.__args__
