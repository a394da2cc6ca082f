"""Provisions numbered as a house does it: 第二十九条 in memos, 第29条 in journals."""

from __future__ import annotations

import re

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")}
_SIZES = {"十": 10, "百": 100, "千": 1000}
_COUNTED = "[零一二三四五六七八九十百千]+"
_PLACE = re.compile(
    rf"(?:第（?{_COUNTED}）?(?:条|款|项|目)(?:之{_COUNTED})?)+"  # what a pinpoint is made of
)
_NUMBER = re.compile(_COUNTED)


def counted(text: str) -> int:
    """Return a Chinese number of at most four places as an integer.

    >>> [counted(t) for t in ("十", "二十九", "一百零一", "一千二百二十六")]
    [10, 29, 101, 1226]
    """
    total, digit = 0, 0
    for sign in text:
        if sign in _SIZES:
            total, digit = total + (digit or 1) * _SIZES[sign], 0
        else:
            digit = _DIGITS[sign]
    return total + digit


def in_arabic(text: str) -> str:
    """Return words with the pinpoints in them numbered in Arabic; all else stays.

    For words that are made here: never for a quotation, nor for what a user wrote.

    >>> in_arabic("《条例》第二十四条、《办法》第八条第（二）项，第二条之一第一款；三日以内")
    '《条例》第24条、《办法》第8条第（2）项，第2条之1第1款；三日以内'
    """
    return _PLACE.sub(lambda place: _NUMBER.sub(lambda n: str(counted(n[0])), place[0]), text)
