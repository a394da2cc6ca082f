"""The faces of the memo: what a user wrote stays text, and nothing depends on the moment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from carbonlex.memo.compliance import compliance_memo
from carbonlex.memo.document import Bullets, QuoteBlock
from carbonlex.memo.escape import visible
from carbonlex.model import Case, CaseYear
from memo_cases import ALL, LANGUAGES, memo, page, reported, rulebook
from two_processes import same_bytes

HOSTILE = (
    "A & B <问题>", "{{ 7*7 }}", "{% raw %}", '=HYPERLINK("x")', "*x*", "**《办法》**", "_x_ a_b_c",
    "[a](javascript:alert(1))", "![i](http://x.y/z.png)", "`code`", "```", "~~x~~", "# 标题",
    "> 引", "- 项", "+ 项", "1. 项", "2) 项", "a|b", "|---|",
    "\u202etxt\u202c", "&lt;b&gt;", "&#60;",
    "\\", "\\|",
    "<script>alert(1)</script>", "</td></table>", '" onload="x', "http://x.y", "www.x.y",
    "a@b.cn",
    "---", "===", "    四格", "$x$", "[1]: /u", "\x00\x07", "甲\n乙", "\u2028", "\ufeff\u200b",
)  # fmt: skip


def told(text: str) -> str:
    """Return user text as a reader finds it: outer white space is no part of it."""
    shown = visible(text)
    assert isinstance(shown, str)
    return shown.strip()


def face(text: str, kind: str) -> Any:
    """Return a memo on an entity of that name, with that source, parsed as its readers would."""
    case, report = reported("complied")
    year = case.years[2024]
    sourced = {k: replace(f, source=text) for k, f in year.facts.items()}
    renamed = Case(text, case.entity, {2024: CaseYear(sourced, year.lists)}, case.digest)
    document = compliance_memo(rulebook(), replace(report, case_name=text, case=renamed), "zh")
    if kind == "html":
        return html.document_fromstring(page(document, "html"))
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return html.document_fromstring(reader.render(page(document, "md")))


def shape(tree: Any) -> list[str]:
    return [e.tag for e in tree.iter()]


PLAIN = {kind: shape(face("某厂", kind)) for kind in ("html", "md")}


def check(text: str, kind: str) -> None:
    tree = face(text, kind)
    assert shape(tree) == PLAIN[kind]
    cells = [c.text_content().strip() for c in tree.iter("td")]
    # Entity in the header, and one source for each fact told of the year.
    assert cells.count(told(text)) >= 6
    assert any(told(text) in p.text_content() for p in tree.iter("p"))


@pytest.mark.parametrize("kind", ("html", "md"))
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_comes_out_as_text(text: str, kind: str) -> None:
    check(text, kind)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_any_text_comes_out_as_text(text: str) -> None:
    for kind in ("html", "md"):
        check(text, kind)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="*_`[]()<>#|\\-+=~!&;:.1 甲“”", min_size=1, max_size=24).filter(str.strip))
def test_any_marks_come_out_as_text(text: str) -> None:
    for kind in ("html", "md"):
        check(text, kind)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ALL)
def test_the_html_is_one_file_whose_references_resolve(name: str, lang: str) -> None:
    made = memo(name, lang)
    text = page(made.document, "html")
    tree: Any = html.document_fromstring(text)
    assert tree.get("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    assert not list(tree.iter("script", "link", "img", "iframe", "object"))
    assert not {k for e in tree.iter() for k in e.keys() if k.startswith("on") or k == "src"}  # noqa: SIM118
    assert "url(" not in text and "@import" not in text
    ids = [e.get("id") for e in tree.iter() if e.get("id")]
    assert len(ids) == len(set(ids))
    assert {a.get("href") for a in tree.iter("a")} <= {f"#{i}" for i in ids}
    provisions = {
        f"{i.uri}~{e}" for i in made.rulebook.instruments.values() for e in i.provisions
    } | {i.uri for i in made.rulebook.instruments.values()}
    cites = tree.find_class("cite")
    assert cites and {a.get("data-akn") for a in cites} <= provisions
    assert made.report.digest in text


@pytest.mark.parametrize("kind", ("html", "md"))
@pytest.mark.parametrize("name", ALL)
def test_a_list_item_and_a_quote_for_each_in_the_document(name: str, kind: str) -> None:
    document = memo(name).document
    blocks = [b for s in document.walk() for b in s.blocks]
    items = sum(len(b.items) for b in blocks if isinstance(b, Bullets))
    quotes = sum(b.verbatim for b in blocks if isinstance(b, QuoteBlock))
    text = page(document, "md" if kind == "md" else "html")
    if kind == "md":
        text = MarkdownIt("commonmark").enable("table").render(text)
    tree: Any = html.document_fromstring(text)
    for listed in [*tree.iter("nav"), *tree.find_class("authorities")]:
        listed.drop_tree()
    listed = [*tree.iter("li")]
    if kind == "md":
        listed = [i for i in listed if not _in_authorities(i)]
    assert len(listed) == items
    assert len([*tree.iter("blockquote")]) == quotes


def _in_authorities(item: Any) -> bool:
    top = next(a for a in item.iterancestors() if a.getparent().tag == "body")
    heading = next(s for s in top.itersiblings(preceding=True) if s.tag == "h2")
    return "依据目录" in heading.text_content()


def test_two_runs_are_byte_identical(tmp_path: Path) -> None:
    code = (
        "import sys; from memo_cases import memo;"
        "from carbonlex.memo.write import render;"
        "[sys.stdout.buffer.write(render(memo('old and new law', lang).document, kind))"
        " for lang in ('zh', 'en') for kind in ('md', 'html')]"
    )
    assert same_bytes(code).startswith(page(memo("old and new law", "zh").document, "md").encode())


def test_no_emphasis_that_readers_of_markdown_disagree_about() -> None:
    for name in ALL:
        assert "**" not in page(memo(name).document, "md")


def test_the_digest_and_the_command_that_repeats_the_run_are_there() -> None:
    made = memo("old and new law")
    for kind in ("md", "html"):
        text = page(made.document, "md" if kind == "md" else "html")
        for digest in (made.report.digest, made.report.rulebook_digest, made.report.case_digest):
            assert digest in text
        assert "carbonlex check CASE --on 2026-10-01 --decided 2026-10-01" in text
