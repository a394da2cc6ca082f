"""Memos as PDF for tests, set in fonts of boxes that are made here, whatever a machine has."""

from __future__ import annotations

import atexit
import re
import shutil
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from carbonlex.memo.document import Block, Document, Paragraph, Section, Sentence, Text
from carbonlex.memo.escape import visible
from carbonlex.memo.fonts import FontSet, find_fonts
from carbonlex.memo.house import Fonts, House
from carbonlex.memo.parallel import Parallel, Written
from carbonlex.memo.pdf import pdf
from font_files import chinese, font_file
from memo_cases import memo
from pdf_text import Pdf

NAMES = Fonts(("Box Song",), ("Box Hei",), ("Box Kai",), ("Box Latin",))
HOUSE = House("示例律师事务所", ("示例路1号",), "保密", NAMES)


@cache
def folder() -> Path:
    """Fonts of boxes for every part of a document."""
    made = Path(mkdtemp(prefix="carbonlex-test-"))
    atexit.register(shutil.rmtree, made, True)
    for file, family in (("s", "Box Song"), ("h", "Box Hei"), ("k", "Box Kai")):
        font_file(made / f"{file}.ttf", family, chinese())
    return made


@cache
def fonts() -> FontSet:
    return find_fonts(HOUSE, [folder()])


@cache
def both(name: str) -> Parallel:
    return Parallel(memo(name, "zh").document, memo(name, "en").document)


def read(written: Written, house: House = HOUSE) -> Pdf:
    return Pdf(pdf(written, house, fonts()))


@cache
def read_memo(name: str, lang: str) -> Pdf:
    return read(both(name) if lang == "both" else memo(name, lang).document)


def told(words: str) -> str:
    return re.sub(r"\s", "", str(visible(words)))


def short(*blocks: Block, title: str = "备忘录") -> Document:
    section = Section("a", "一", "分析", blocks)
    return Document(
        "compliance", "zh", title, (("致", "某厂"),), date(2026, 1, 2), "0" * 64, (section,)
    )


def said(number: int, words: str) -> Paragraph:
    return Paragraph(number, (Sentence((Text(words),)),))
