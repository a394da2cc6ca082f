"""Words that a stranger wrote are words in a Word file too, wherever they stand."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("docx", reason="Word files need python-docx")

from carbonlex.memo.document import Citation, Mark, SideBySide, Table
from carbonlex.memo.escape import visible
from carbonlex.memo.house import House
from carbonlex.memo.word import word
from memo_cases import changed, memo
from ooxml_files import W, adding, check, paragraphs, text, tree

HOSTILE = (
    "A & B <问题>", "{{ 7*7 }}", '=HYPERLINK("http://x.y")', "\u202etxt\u202c", "\x00\x07\x1b",
    "甲\n乙", "]]>", "<w:p/>", "&#x202e;", "\ufffe\ud800", "😀", "http://x.y", "x" * 4000,
)  # fmt: skip


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_text_is_text_in_every_place(said: str) -> None:
    house = House(name=said, letterhead=(said,), footer=said)
    document = replace(memo("breached").document, title=said, header=(("致", said), ("自", "乙")))
    cited = changed(document, Citation, lambda c: replace(c, text=said))
    block = Table((said, "值"), ((said, said),), said)
    data = word(adding(cited, said, block), house)
    check(data)
    shown = "\n".join(str(visible(line)) for line in said.split("\n"))
    assert text(tree(data)).count(shown) >= 6
    assert shape(data) == shape_plain()


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=80))
def test_any_words_are_words(said: str) -> None:
    document = replace(memo("breached").document, title=said, header=(("致", said),))
    data = word(adding(document, said, Table((said,), ((said,),), said)), House(name=said))
    check(data)
    shown = "\n".join(str(visible(line)) for line in re.split(r"\r\n?|\n", said))
    assert text(tree(data)).count(shown) >= 5


def shape(data: bytes) -> list[str]:
    """Return the elements of a document, breaks left out: they are words."""
    return [
        e.tag
        for e in tree(data).iter()
        if e.tag not in (f"{W}br", f"{W}t", f"{W}rFonts", f"{W}rPr")
    ]


@cache
def shape_plain() -> list[str]:
    house = House(name="甲", letterhead=("甲",), footer="甲")
    document = replace(memo("breached").document, title="甲", header=(("致", "甲"), ("自", "乙")))
    cited = changed(document, Citation, lambda c: replace(c, text="甲"))
    block = Table(("甲", "值"), (("甲", "甲"),), "甲")
    return shape(word(adding(cited, "甲", block), house))


@pytest.mark.parametrize("said", HOSTILE)
def test_whoever_changes_a_text_has_a_name_that_can_be_seen(said: str) -> None:
    """A tracked change bears the name of the house: an attribute, where nothing else shows it."""
    pair = (Mark("deleted", "旧"), Mark("inserted", "新"))
    block = SideBySide(("前", "后"), (((pair[0],), (pair[1],)),), "对照")
    data = word(adding(memo("breached").document, "甲", block), House(name=said))
    check(data)
    authors = {e.get(f"{W}author") for e in tree(data).iter(f"{W}ins", f"{W}del")}
    assert authors == {" ".join(str(visible(line)) for line in said.split("\n"))}


def test_a_line_end_is_a_break() -> None:
    document = replace(memo("breached").document, header=(("致", "甲公司\r\n乙部门"),))
    part = tree(word(document))
    (cell,) = [p for p in paragraphs(part, "CoverText") if "甲公司" in text(p)]
    assert len([*cell.iter(f"{W}br")]) == 1
