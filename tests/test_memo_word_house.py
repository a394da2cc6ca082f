"""Whose paper a Word file is: faces of type, letterhead, head and foot, GB/T 9704-2012."""

from __future__ import annotations

import pytest

pytest.importorskip("docx", reason="Word files need python-docx")

from carbonlex.memo.document import Signature
from carbonlex.memo.parallel import Parallel
from carbonlex.memo.word import word
from memo_cases import memo
from ooxml_files import W, adding, paragraphs, parts, text, tree
from word_memos import FIRM, OFFICIAL, made


def test_styles_have_their_own_chinese_faces_and_no_blue() -> None:
    styles = tree(made("breached", "zh", FIRM), "word/styles.xml")
    faces = {s.get(f"{W}styleId"): s.find(f"{W}rPr/{W}rFonts") for s in styles.iter(f"{W}style")}
    default = styles.find(f"{W}docDefaults//{W}rFonts")
    assert (default.get(f"{W}eastAsia"), default.get(f"{W}ascii")) == (
        "方正仿宋",
        "Times New Roman",
    )
    assert faces["Heading1"].get(f"{W}eastAsia") == "黑体"
    assert faces["Quote"].get(f"{W}eastAsia") == "楷体"
    colours = {c.get(f"{W}val") for c in styles.iter(f"{W}color")}
    assert all(c[0:2] == c[2:4] == c[4:6] for c in colours)
    fonts = tree(made("breached", "zh", FIRM), "word/fontTable.xml")
    assert fonts[1].get(f"{W}name") == "方正仿宋"
    assert fonts[1][0].get(f"{W}val") == "仿宋"


def test_the_house_stands_on_every_page() -> None:
    found = parts(made("breached", "zh", FIRM))
    assert "示例律师事务所" in text(tree(made("breached", "zh", FIRM)))
    assert "合规备忘录" in found["word/header-default.xml"].decode()
    for name in ("word/footer-first.xml", "word/footer-default.xml"):
        foot = found[name].decode()
        assert "仅供收件人使用" in foot and " PAGE " in foot and " NUMPAGES " in foot


def test_official_paper_has_the_measures_of_the_standard() -> None:
    data = made("breached", "zh", OFFICIAL)
    sheet = tree(data).find(f"{W}body/{W}sectPr")
    size, margin = sheet.find(f"{W}pgSz"), sheet.find(f"{W}pgMar")
    got = {k: int(margin.get(f"{W}{k}")) / 1440 * 25.4 for k in ("top", "bottom", "left", "right")}
    assert got["top"] == pytest.approx(37, abs=1) and got["left"] == pytest.approx(28, abs=1)
    high, wide = (int(size.get(f"{W}{k}")) / 1440 * 25.4 for k in ("h", "w"))
    assert wide - got["left"] - got["right"] == pytest.approx(156, abs=0.1)
    assert high - got["top"] - got["bottom"] == pytest.approx(225, abs=0.1)
    styles = tree(data, "word/styles.xml")
    normal = next(s for s in styles.iter(f"{W}style") if s.get(f"{W}styleId") == "Normal")
    pitch = int(normal.find(f"{W}pPr/{W}spacing").get(f"{W}line")) / 1440 * 25.4
    assert int(225 / pitch) == 22
    assert styles.find(f"{W}docDefaults//{W}sz").get(f"{W}val") == "32"
    assert parts(data)["word/footer-even.xml"] != parts(data)["word/footer-default.xml"]


def test_both_languages_stand_in_two_columns_under_both_headings() -> None:
    data = made("breached", "both")
    headings = [text(p).strip() for p in paragraphs(tree(data), "Heading1")]
    assert headings[0] == "一、结论　1. Brief Answer"
    said = text(tree(data))
    assert "本文件以中文文本为准" in said and "unofficial translation" in said


def test_an_opinion_in_two_languages_is_signed_once() -> None:
    sides = (("甲律师事务所", "承办律师："), ("甲律师事务所", "Prepared by:"))
    zh, en = (
        adding(memo("breached", lang).document, "落款", Signature(lines))
        for lang, lines in zip(("zh", "en"), sides, strict=True)
    )
    part = tree(word(Parallel(zh, en)))
    lines = paragraphs(part, "Signature")
    assert [text(p).strip() for p in lines] == ["甲律师事务所", "承办律师 Prepared by:"]
    assert not [p for cell in part.iter(f"{W}tc") for p in paragraphs(cell, "Signature")]
