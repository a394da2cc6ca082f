"""Memos as Word files, made once for the tests that share them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from carbonlex.memo.house import PLAIN, Fonts, House
from carbonlex.memo.parallel import Parallel
from carbonlex.memo.word import word
from memo_cases import memo

FIRM = House(
    name="示例律师事务所", letterhead=("北京市朝阳区", "电话 +86"), footer="仅供收件人使用",
    fonts=Fonts(body=("方正仿宋", "仿宋")),
)  # fmt: skip
OFFICIAL = replace(FIRM, layout="official")


@cache
def made(name: str, lang: str = "zh", house: House = PLAIN) -> bytes:
    """Return the memo on a situation as a Word file, in a language or `both`."""
    if lang == "both":
        return word(Parallel(memo(name, "zh").document, memo(name, "en").document), house)
    return word(memo(name, lang).document, house)
