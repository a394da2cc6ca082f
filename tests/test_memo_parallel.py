"""Both languages side by side: the same sections, one of them prevailing, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from lxml import html
from markdown_it import MarkdownIt

from carbonlex.errors import CitationError
from carbonlex.memo.document import Sentence, Table, sentences_of
from carbonlex.memo.parallel import Parallel, beside
from carbonlex.memo.verify import verify
from memo_cases import ALL, DECIDED, both, changed, page, reported, rulebook

KINDS = [*[("compliance", n) for n in ALL], ("opinion", "breached")]
KINDS += [("penalty", n) for n in DECIDED]


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_both_languages_hold_and_have_the_same_parts(kind: str, name: str) -> None:
    written = both(kind, name)
    verify(rulebook(), reported(name)[1], written)
    for zh, en in written.sections():
        for one, other in zip(zh.walk(), en.walk(), strict=True):
            assert one.id == other.id
            assert all(a is not None and b is not None for a, b in beside(one, other))


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_the_page_has_every_section_once_and_every_sentence_in_both_languages(
    kind: str, name: str
) -> None:
    written = both(kind, name)
    text = page(written, "html")
    tree: Any = html.document_fromstring(text)
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert {a.get("href") for a in tree.iter("a")} <= {f"#{i}" for i in ids}
    sections = [s.id for s in written.zh.walk()]
    assert [s.get("id") for s in tree.iter("section")] == sections
    for lang, document in (("zh-CN", written.zh), ("en", written.en)):
        told = "".join(d.text_content() for d in tree.xpath(f"//div[@lang='{lang}']"))
        for section in document.sections:
            assert all(s.text in told for s in sentences_of(section))
    for line in written.notice:
        assert line in text


def test_tables_stand_one_above_the_other_and_sentences_in_columns() -> None:
    tree: Any = html.document_fromstring(page(both("compliance", "breached"), "html"))
    assert not tree.xpath("//div[@class='columns']//table")
    assert not tree.xpath("//div[@class='stacked']//p[contains(@class, 'numbered')]")
    tables = [
        b
        for s in both("compliance", "breached").zh.walk()
        for b in s.blocks
        if isinstance(b, Table)
    ]
    assert len(tree.xpath("//div[@class='stacked']//table")) == 2 * len(tables)


def test_markdown_pairs_each_block_with_its_translation() -> None:
    written = both("opinion", "breached")
    tree: Any = html.document_fromstring(
        MarkdownIt("commonmark").enable("table").render(page(written, "md"))
    )
    said = [p.text_content() for p in tree.iter("p")]
    for zh, en in zip(written.zh.walk(), written.en.walk(), strict=True):
        for one, other in zip(sentences_of(zh), sentences_of(en), strict=True):
            if one.text in said:
                assert other.text in said
    at = next(i for i, p in enumerate(said) if p.startswith("[7] 应"))
    assert said[at + 1].startswith("[7] At the instruction of")


@pytest.mark.parametrize("prevails", ("zh", "en"))
def test_it_says_which_language_prevails_and_that_the_other_is_no_official_one(
    prevails: str,
) -> None:
    written = replace(both("opinion", "breached"), prevails=prevails)
    zh, en = written.notice
    assert ("以中文文本为准" in zh) is (prevails == "zh")
    assert ("The Chinese text of this document prevails" in en) is (prevails == "zh")
    assert "unofficial translation" in en or "authentic in Chinese only" in en
    # What each document says for itself is said here too.
    assert "不构成法律意见" in zh and "no legal advice" in en


def test_languages_that_differ_are_refused() -> None:
    written, (_, report) = both("compliance", "breached"), reported("breached")
    fewer = replace(written.en, sections=written.en.sections[:-1])
    other = changed(
        written.en, Sentence, lambda s: replace(s, proof="findings/0") if s.proof else None
    )
    digest = replace(written.en, digest="0" * 64)
    for en in (fewer, other, digest):
        with pytest.raises(CitationError, match="zh and en differ"):
            verify(rulebook(), report, Parallel(written.zh, en))
