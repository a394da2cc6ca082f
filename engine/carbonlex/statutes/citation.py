"""How a provision is cited: 第二十九条第一款第（一）项, art. 29(1)(1)."""

from __future__ import annotations

import re

from carbonlex.statutes.instruments import Instrument

_DIGITS = "零一二三四五六七八九"
_OUTSIDE = re.compile(r"para_(\d+)")
_PART = re.compile(r"(art|para|point|indent)_(\d+)(?:-(\d+))?")


def chinese_number(number: int) -> str:
    """Return a number from 1 to 9999 as articles are numbered.

    >>> [chinese_number(n) for n in (10, 29, 101, 110, 1226)]
    ['十', '二十九', '一百零一', '一百一十', '一千二百二十六']
    """
    text, pending_zero, rest = "", False, number
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, rest = divmod(rest, size)
        if digit:
            text += ("零" if pending_zero else "") + _DIGITS[digit] + name
        pending_zero = bool(text) and digit == 0 and rest > 0
    return text[1:] if text.startswith("一十") else text


def pinpoint(instrument: Instrument, eid: str, lang: str = "zh") -> str:
    """Return the place of a provision within its instrument.

    The 款 is left out where the article has only one (in English, unless a point follows). A
    paragraph outside any article has no number in law: the number given is the editor's, and said
    to be, with whether the text is an extract or a summary.

    >>> import carbonlex
    >>> plan = carbonlex.load_rulebook().instruments["plan-power-2021-2022"]
    >>> [pinpoint(plan, eid) for eid in ("para_2", "para_9")]
    ['（编者摘录第2段）', '（编者摘要第9段）']
    >>> cite(plan, "para_2", "en", short=True)
    "2021-2022 plan, extract 2 (editor's numbering)"
    """
    if outside := _OUTSIDE.fullmatch(eid):
        return _excerpt(instrument, eid, outside[1], lang)
    text = ""
    single = _single_paragraph(instrument, eid) and not (lang == "en" and "__point_" in eid)
    for kind, number, inserted in _PART.findall(eid):
        if kind == "para" and single:
            continue
        if lang == "en":
            text += f"art. {number}" if kind == "art" else f"({number})"
            text += f"-{inserted}" if inserted else ""
            continue
        word = {"art": "条", "para": "款", "point": "项", "indent": "目"}[kind]
        counted = chinese_number(int(number))
        text += f"第（{counted}）{word}" if kind == "point" else f"第{counted}{word}"
        text += f"之{chinese_number(int(inserted))}" if inserted else ""
    return text


def cite(instrument: Instrument, eid: str, lang: str = "zh", short: bool = False) -> str:
    """Return the citation of a provision: title and pinpoint."""
    name = (instrument.short if short else instrument.title).of(lang)
    place = pinpoint(instrument, eid, lang)
    if lang == "en":
        return f"{name}, {place}" if place else name
    return f"《{name}》{place}"


def _excerpt(instrument: Instrument, eid: str, number: str, lang: str) -> str:
    provision = instrument.provisions.get(eid)
    summary = provision is not None and provision.summary
    if lang == "en":
        return f"{'summary' if summary else 'extract'} {number} (editor's numbering)"
    return f"（编者{'摘要' if summary else '摘录'}第{number}段）"


def _single_paragraph(instrument: Instrument, eid: str) -> bool:
    if eid not in instrument.provisions:
        return False
    return len(instrument.article(eid).children) == 1
