"""The marks that divide Chinese law: 编 分编 章 节 条 项 目, and what only looks like one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from carbonlex.statutes.importing.source import seen
from carbonlex.statutes.references import number_read

Heading = Literal["part", "subpart", "chapter", "section"]
HEADINGS: tuple[Heading, ...] = ("part", "subpart", "chapter", "section")
_LEVELS: dict[str, Heading] = {"编": "part", "分编": "subpart", "章": "chapter", "节": "section"}
_N = r"[零〇一二两三四五六七八九十百千]{1,12}|[0-9０-９]{1,6}"
_SUB = r"[一二三四五六七八九十]{1,3}|[0-9０-９]{1,2}"
_HEADING = re.compile(rf"第\s*(?P<n>{_N})\s*(?P<level>分编|编|章|节)(?P<gap>\s*)(?P<rest>.*)", re.S)
_ARTICLE = re.compile(
    rf"(?P<num>第\s*(?P<n>{_N})\s*(?:条(?:\s*之\s*(?P<sub>{_SUB})(?![一二三四五六七八九十百千0-9０-９]))?"
    rf"|之\s*(?P<inner>{_SUB})\s*条))"
    r"(?P<gap>\s*)(?P<rest>.*)",
    re.S,
)
_CHINESE = r"[零〇一二三四五六七八九十百]{1,7}"
_ITEM = re.compile(rf"(?P<num>[（(]\s*(?P<n>{_CHINESE})\s*[）)])\s*(?P<rest>.*)", re.S)
_INDENT = re.compile(
    r"(?P<num>(?:[（(]\s*(?=[0-9０-９]{1,2}\s*[)）]))?(?P<n>[0-9０-９]{1,2})"
    r"(?:[.．](?![0-9０-９])|、|\s*[)）]))\s*(?P<rest>.*)",
    re.S,
)
# What follows the number of an article that is only referred to: 第二十九条规定的, 第三条、第四条.
_REFERRED = re.compile(
    rf"规定[的，、]|所[列称]|的|第\s*[（(]?(?:{_N})[）)]?\s*[条款项]|[、，；。]|(?:至|和|或者?|及)第"
)
# The same where the text goes on without white space, and may be an article set close.
_REFERRED_CLOSE = re.compile(
    r"规定|所|第|[、，；。：至和或与的以]|及(?!时)|中(?!华|央|国|型|小)|项|款|修改|删[去除]|改为"
)
# The same for an item: （二）项 after a line end, （一）至（三）.
_REFERRED_ITEM = re.compile(r"项(?!目)|(?:至|、|和|或者?|以及)第?\s*[（(]")
_REFERRED_HEADING = re.compile(r"规定|第|[、，；。：至和或及与的中]|以及|或者")
LONGEST_HEADING = 40
SENTENCE = re.compile(r"[，。；：]")
"""What a heading never has."""
_CAPTION = re.compile(r"(?P<caption>【[^【】]{1,40}】)\s*(?P<rest>.*)", re.S)
_CONTENTS = re.compile(r"目\s*[录次]$")
_LEADER = " \u3000.．…·⋯・‥-—_"
# The page of a line of contents, or the articles of a chapter: 12, (12), （第一条—第九条）.
_PAGE = re.compile(
    r"(?:[0-9０-９]{1,4}|[（(](?=[^（(]*[0-9０-９条页])"
    r"[第0-9０-９零〇一二三四五六七八九十百条页至\s—–\-~～]{1,24}[）)])$"
)
_ANNEX = re.compile(
    rf"(?P<num>附\s*(?:件|录|表|图|则表)\s*(?:{_N}|[A-Z])?)\s*(?P<sign>[:：.．、]?)\s*(?P<rest>.*)",
    re.S,
)


@dataclass(frozen=True)
class Mark:
    """A mark at the beginning of a line.

    Attributes:
        number, inserted: 2 and 1 of 第二条之一; `inserted` 0 where there is none.
        num: as printed, without white space.
        rest: what follows it.
        firm: whether white space, or nothing, follows it: what a text only refers to has neither.
    """

    number: int
    inserted: int
    num: str
    rest: str
    firm: bool

    @property
    def place(self) -> tuple[int, int]:
        """Where it sorts among its like."""
        return self.number, self.inserted

    @property
    def arabic(self) -> bool:
        """Whether it is in Arabic numerals, as a 目 is: 1. and （1）."""
        return any(sign.isdigit() for sign in self.num)

    @property
    def ref(self) -> str:
        """The number as an eId writes it.

        >>> article("第二条之一　本法").ref
        '2-1'
        """
        return f"{self.number}-{self.inserted}" if self.inserted else str(self.number)


def heading(text: str) -> tuple[Heading, Mark] | None:
    """Return the 编, 分编, 章 or 节 that a line is the heading of; None for any other line.

    >>> level, mark = heading("第一章　总　　则")
    >>> level, mark.number, mark.rest
    ('chapter', 1, '总则')
    >>> heading("第三章规定的期限届满后，") is None
    True
    """
    found = _HEADING.match(text)
    if found is None:
        return None
    rest = seen(found["rest"])
    if SENTENCE.search(rest) or len(rest) > LONGEST_HEADING:
        return None
    if not found["gap"] and rest and _REFERRED_HEADING.match(rest):
        return None
    number = _number(found["n"])
    if number is None:
        return None
    num = f"第{_tight(found['n'])}{found['level']}"
    return _LEVELS[found["level"]], Mark(number, 0, num, rest, bool(found["gap"]) or not rest)


def article(text: str) -> Mark | None:
    """Return the number of the article that a line may begin; None where it begins none.

    >>> article("第一百一十五条　处罚。").number, article("第一百十五条 处罚。").number
    (115, 115)
    >>> article("第二十九条规定的比例，") is None
    True
    >>> article("第一条为了规范").firm, article("第二条 中华人民共和国境内").firm
    (False, True)
    """
    found = _ARTICLE.match(text)
    if found is None or _REFERRED.match(found["rest"]):
        return None
    if not found["gap"] and _REFERRED_CLOSE.match(found["rest"]):
        return None
    sub = found["sub"] or found["inner"]
    number, inserted = _number(found["n"]), _number(sub) if sub else 0
    if number is None or inserted is None:
        return None
    firm = bool(found["gap"]) or not found["rest"] or found["rest"][0] in "【[（("
    return Mark(number, inserted, _tight(found["num"]), found["rest"], firm)


def item(text: str) -> Mark | None:
    """Return the number of the item (项) that a line may begin: （一）, (十一).

    >>> item("（二）项规定的") is None, item("(十一）其他").number
    (True, 11)
    """
    found = _ITEM.match(text)
    if found is None or _REFERRED_ITEM.match(found["rest"]):
        return None
    return _plain_mark(found)


def indent(text: str) -> Mark | None:
    """Return the number of the 目 that a line may begin: 1., 1．, 1、, （1）; 3.5万吨 is none.

    >>> indent("1．甲；").number, indent("3.5万吨") is None
    (1, True)
    """
    found = _INDENT.match(text)
    if found is None or _REFERRED_ITEM.match(found["rest"]):
        return None
    return _plain_mark(found)


def caption(text: str) -> tuple[str, str]:
    """Return the caption 【立法目的】 that a text begins with, and the rest."""
    found = _CAPTION.match(text)
    return (found["caption"], found["rest"]) if found else ("", text)


def is_contents(text: str) -> bool:
    """Return whether a line is the title of a table of contents."""
    return bool(_CONTENTS.match(text.strip()))


def without_page(text: str) -> str:
    """Return a line of a table of contents without its leader and page.

    >>> without_page("第一章 总则…………1"), without_page("第一章 总则（第一条—第九条）")
    ('第一章 总则', '第一章 总则')
    """
    kept = text.rstrip()
    page = _PAGE.search(kept[-30:])  # no more of it: a leader may be as long as a line
    return (kept[: -len(page[0])] if page else kept).rstrip(_LEADER)


def annex(text: str) -> Mark | None:
    """Return the mark of an annex (附件, 附录, 附表) that a line may begin; 附则 is a chapter."""
    found = _ANNEX.match(text)
    if found is None:
        return None
    rest = found["rest"]
    if rest and not found["sign"] and (text[found.end("num")] not in " \u3000" or len(rest) > 60):
        return None
    return Mark(0, 0, _tight(found["num"]), rest, not rest)


def is_mark(text: str) -> bool:
    """Return whether a line begins like a division of a law."""
    return any(read(text) is not None for read in (heading, article, item, annex))


def _plain_mark(found: re.Match[str]) -> Mark | None:
    number = _number(found["n"])
    if number is None:
        return None
    return Mark(number, 0, _tight(found["num"]), found["rest"], True)


def _number(text: str) -> int | None:
    try:
        number = number_read(unicodedata.normalize("NFKC", text))
    except ValueError:
        return None
    return number if 0 < number < 1_000_000 else None


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)
