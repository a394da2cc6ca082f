"""A firm's house style: whose paper it is, in which faces of type, numerals and language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from carbonlex.memo.document import Numerals

Spoken = Literal["zh", "en", "both"]
Layout = Literal["memo", "official"]


@dataclass(frozen=True)
class Fonts:
    """Families of type, in order of preference: the first that is there is used.

    `body` is a Song or Fangsong, `heading` a Hei, `quote` a Kai; `latin` sets Western words.
    """

    body: tuple[str, ...] = ("仿宋", "FangSong", "Noto Serif CJK SC", "Source Han Serif SC")
    heading: tuple[str, ...] = ("黑体", "SimHei", "Noto Sans CJK SC", "Source Han Sans SC")
    quote: tuple[str, ...] = ("楷体", "KaiTi", "Noto Serif CJK SC", "Source Han Serif SC")
    latin: tuple[str, ...] = ("Times New Roman", "Liberation Serif", "Noto Serif")


@dataclass(frozen=True)
class House:
    """How a firm sets its documents. Every word is data: nothing of it is read as markup.

    Attributes:
        name: the firm; empty where documents bear no name.
        letterhead: lines at the head of the first page, such as address and telephone.
        footer: words at the foot of every page, beside the page number.
        fonts: families of type.
        numerals: 第二十九条 (han) or 第29条 (arabic).
        lang: the language of documents where the command names none.
        layout: `memo` for a firm's paper, `official` for GB/T 9704-2012.
    """

    name: str = ""
    letterhead: tuple[str, ...] = ()
    footer: str = ""
    fonts: Fonts = field(default_factory=Fonts)
    numerals: Numerals = "han"
    lang: Spoken = "zh"
    layout: Layout = "memo"


PLAIN = House()
"""What a document looks like where no house style is given."""
