"""The memo as PDF: no character without a glyph, and the same bytes every time."""

from __future__ import annotations

import re
from pathlib import Path
from time import perf_counter

import pytest

from carbonlex.memo import fonts_found
from carbonlex.memo.document import (
    Table,
)
from carbonlex.memo.fonts import FontSet, MissingGlyphs, NoFont, find_fonts
from carbonlex.memo.pdf import fonts_for, pdf, typesetter
from font_files import chinese, font_file
from pdf_memos import HOUSE, folder, fonts, read, said, short
from pdf_text import Pdf
from two_processes import same_bytes


@pytest.fixture(autouse=True)
def no_other_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """No fonts of this machine: what serves was made for the test."""
    monkeypatch.setattr(fonts_found, "system_folders", lambda: ())
    monkeypatch.setenv("CARBONLEX_CACHE", "off")
    monkeypatch.delenv("CARBONLEX_FONTS", raising=False)


def test_the_same_bytes_in_another_process_on_another_day() -> None:
    code = (
        "import sys; import pdf_memos as t;"
        "t.folder = lambda: t.Path(sys.argv[1]);"
        "[sys.stdout.buffer.write(t.pdf(w, t.HOUSE, t.fonts()))"
        " for w in (t.both('complied'), t.memo('complied', 'en').document)]"
    )
    elsewhere = {"SOURCE_DATE_EPOCH": "1", "TZ": "Asia/Tokyo"}
    made = same_bytes(code, str(folder()), one={"TZ": "UTC"}, other=elsewhere)
    assert made.startswith(b"%PDF")


def test_a_missing_character_is_named_with_the_paragraph_and_nothing_is_set() -> None:
    document = short(said(1, "甲"), said(2, "乙𠮷"), said(3, "𠮷"))
    with pytest.raises(MissingGlyphs) as missing:
        pdf(document, HOUSE, fonts())
    (found,) = missing.value.diagnostics
    assert "𠮷" in found.message[0] and "U+20BB7" in found.message[1]
    assert found.where.cell == "一、分析 ¶2"
    assert "--font-path" in missing.value.zh


def test_fonts_for_finds_a_font_for_a_rare_character(tmp_path: Path) -> None:
    document = short(said(1, "甲𠮷😀"))
    with pytest.raises(MissingGlyphs):
        fonts_for(document, HOUSE, [folder(), font_file(tmp_path / "r.ttf", "Box Rare", "𠮷")])
    found = fonts_for(
        document, HOUSE, [folder(), font_file(tmp_path / "r2.ttf", "Box Rare", "𠮷😀")]
    )
    assert "𠮷😀" in Pdf(pdf(document, HOUSE, found)).text


def test_what_the_check_overlooked_the_typesetter_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FontSet, "missing", lambda *_: "")
    with pytest.raises(MissingGlyphs) as missing:
        pdf(short(said(7, "甲𠮷")), HOUSE, fonts())
    assert "U+20BB7" in missing.value.en and "¶7" in missing.value.en


def test_a_font_that_may_not_be_embedded_is_refused(tmp_path: Path) -> None:
    barred = font_file(tmp_path / "barred.ttf", "Box Song", chinese(), embed=2)
    with pytest.raises(NoFont) as refused:
        pdf(short(said(1, "甲")), HOUSE, find_fonts(HOUSE, [barred]))
    assert "嵌入" in refused.value.zh and "font-broken" in refused.value.en


def test_a_variable_font_and_a_face_of_a_collection_set_a_document(tmp_path: Path) -> None:
    font_file(tmp_path / "v.ttf", "Box Song", chinese(), axis=(100, 200, 900))
    found = find_fonts(HOUSE, [tmp_path])
    assert "甲乙" in Pdf(pdf(short(said(1, "甲乙")), HOUSE, found)).text


def test_a_long_document_takes_seconds() -> None:
    rows = tuple((f"第{n}家单位", "违反；尚缺配额", f"{n},000 吨") for n in range(1800))
    blocks = [
        Table(("单位", "结论", "数量"), rows),
        *(said(n, "按时足额清缴。" * 30) for n in range(1, 400)),
    ]
    start = perf_counter()
    made = read(short(*blocks))
    assert len(made.pages) > 100
    assert perf_counter() - start < 60


def test_a_long_word_is_broken_and_stays_one_word_when_copied() -> None:
    for block in (said(1, "x" * 500), Table(("甲", "乙"), (("f" * 400, "甲"),))):
        made = read(short(block))
        assert "x" * 500 in made.text or "f" * 400 in made.text
        assert "\u200b" not in made.text


def test_the_typesetter_has_a_version_for_the_record() -> None:
    assert re.fullmatch(r"typst \d+\.\d+\.\d+", typesetter())
