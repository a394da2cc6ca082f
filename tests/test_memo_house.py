"""A firm's house style: read whole or refused with its line; numerals, paper, language."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from carbonlex.errors import CitationError, ContentError
from carbonlex.memo import forms
from carbonlex.memo.compliance import compliance_memo
from carbonlex.memo.document import quotes_in, sentences_of
from carbonlex.memo.house import PLAIN, Fonts, House
from carbonlex.memo.house_file import MAX_BYTES, read_house
from carbonlex.memo.numerals import in_arabic
from carbonlex.memo.verify import verify
from carbonlex.memo.write import render
from memo_cases import ALL, LANGUAGES, page, reported, rulebook

WHOLE = """
name = "某某律师事务所 & Partners"
letterhead = ["北京市某街1号", "电话 010-0000 0000"]
footer = "机密 <Confidential>"
numerals = "arabic"
lang = "both"
layout = "official"
[fonts]
body = ["Noto Serif CJK SC"]
latin = ["Liberation Serif"]
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "house.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_house_style_is_read(tmp_path: Path) -> None:
    assert read_house(written(tmp_path, WHOLE)) == House(
        name="某某律师事务所 & Partners",
        letterhead=("北京市某街1号", "电话 010-0000 0000"),
        footer="机密 <Confidential>",
        fonts=Fonts(body=("Noto Serif CJK SC",), latin=("Liberation Serif",)),
        numerals="arabic",
        lang="both",
        layout="official",
    )
    assert read_house(written(tmp_path, "")) == PLAIN


@pytest.mark.parametrize(
    ("text", "code", "line", "said"),
    [
        ('name = "甲"\nnmae = "乙"', "house-malformed", 2, "no such key"),
        ('\nnumerals = "roman"', "house-malformed", 2, "han / arabic"),
        ("lang = 3", "house-malformed", 1, "zh / en / both"),
        ('layout = ["memo"]', "house-malformed", 1, "memo / official"),
        ("name = 7", "house-malformed", 1, "words"),
        ('footer = "' + "长" * 201 + '"', "house-malformed", 1, "200 at most"),
        ('letterhead = "一行"', "house-malformed", 1, "list"),
        ("letterhead = [1]", "house-malformed", 1, "list"),
        ("letterhead = [" + '"a",' * 13 + "]", "house-malformed", 1, "12 lines"),
        ("fonts = 1", "house-malformed", 1, "table"),
        ('[fonts]\nbold = ["x"]', "house-malformed", 2, "no such key"),
        ("[fonts]\nbody = []", "house-malformed", 2, "families"),
        ('[fonts]\nbody = ["a; } body { color: red"]', "house-malformed", 2, "families"),
        ('[fonts]\nbody = ["a\\"b"]', "house-malformed", 2, "families"),
        ("name = ", "syntax", 1, ""),
        ('name = "a"\nname = "b"', "duplicate-key", 2, ""),
        (b"name = '\xff'", "file-unreadable", 1, "UTF-8"),
        ("#" * (MAX_BYTES + 1), "file-too-large", 0, "64 KiB"),
        ("a." * 9000 + "b = 1", "file-too-large", 0, ""),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, text: str | bytes, code: str, line: int, said: str
) -> None:
    with pytest.raises(ContentError) as caught:
        read_house(written(tmp_path, text))
    (one,) = caught.value.diagnostics
    assert (one.code, one.where.line) == (code, line)
    assert said in one.render("en")


def test_the_style_that_the_page_shows_is_read(tmp_path: Path) -> None:
    page_text = (Path(__file__).resolve().parents[1] / "docs" / "memo.md").read_text("utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", page_text, re.DOTALL)
    house = read_house(written(tmp_path, shown))
    assert (house.numerals, house.layout) == ("arabic", "official")


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read_house(written(tmp_path, 'a = 1\nlang = "fr"\n[fonts]\nc = 1'))
    assert [d.where.line for d in caught.value.diagnostics] == [1, 2, 4]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ContentError) as caught:
            read_house(path)
        assert caught.value.diagnostics[0].code == "file-unreadable"


ARABIC = House(numerals="arabic")


@pytest.mark.parametrize("name", ALL)
def test_numerals_are_the_houses_in_every_citation_and_never_in_the_words_of_law(name: str) -> None:
    _, report = reported(name)
    for lang in LANGUAGES:
        han = compliance_memo(rulebook(), report, lang)
        arabic = compliance_memo(rulebook(), report, lang, house=ARABIC)
        verify(rulebook(), report, arabic)
        pairs = [
            (c.text, d.text)
            for one, other in zip(han.walk(), arabic.walk(), strict=True)
            for x, y in zip(sentences_of(one), sentences_of(other), strict=True)
            for c, d in zip(x.cites, y.cites, strict=True)
        ]
        assert all(d == (in_arabic(c) if lang == "zh" else c) for c, d in pairs)
        quotes = [[q.text for s in d.sections for q in quotes_in(s)] for d in (han, arabic)]
        assert quotes[0] == quotes[1]
    text = page(compliance_memo(rulebook(), reported("breached")[1], house=ARABIC), "md")
    assert "《条例》第14条第1款" in text or "）第14条第1款" in text
    assert "第十四条第一款" not in text


def test_citations_in_another_style_than_the_documents_are_refused() -> None:
    _, report = reported("breached")
    document = compliance_memo(rulebook(), report, house=ARABIC)
    for broken in (
        replace(document, numerals="han"),
        replace(compliance_memo(rulebook(), report), numerals="arabic"),
    ):
        with pytest.raises(CitationError, match="names another provision"):
            verify(rulebook(), report, broken)


@pytest.mark.parametrize("face", ("md", "html"))
def test_letterhead_and_footer_are_words(face: str) -> None:
    _, report = reported("complied")
    house = House(name="A & B <律所>", letterhead=("{{ 7*7 }}", "*地址*"), footer="=脚 | 注")
    text = render(compliance_memo(rulebook(), report, house=house), face, house).decode()  # type: ignore[arg-type]
    assert "<律所>" not in text
    shown = {
        "html": ("A &amp; B &lt;律所&gt;", "{{ 7*7 }}", "=脚 | 注"),
        "md": ("A & B \\<律所\\>", "{{ 7\\*7 }}", "\\=脚 \\| 注"),
    }
    assert all(s in text for s in shown[face])
    assert "自" in text and PLAIN.name == ""


def test_an_act_of_the_union_is_cited_as_oscola_has_it_and_no_journal_is_invented() -> None:
    held = rulebook().instruments["measures-2021"]
    title = replace(held.title, en="Regulation (EU) 2023/956 of the European Parliament")
    act = replace(held, rank="eu_act", title=title, short=title, number="[2023] OJ L130/52")
    where = forms.place(act, "art_29__para_1", "en")
    assert where == "art 29(1)"
    assert forms.cited(forms.full(act, "en"), where, "en") == (
        "Regulation (EU) 2023/956 of the European Parliament [2023] OJ L130/52, art 29(1)"
    )
    unheld = replace(act, number="")
    assert "OJ" not in forms.full(unheld, "en")
    assert forms.described(unheld, "en").endswith("Official Journal reference not held")
    assert forms.described(unheld, "zh").endswith("官方公报出处未收录")
    assert "held" not in forms.described(act, "en")


def test_a_date_is_no_provision() -> None:
    assert in_arabic("自第三日起，第二十条之一") == "自第三日起，第20条之1"
