"""How people write a place of law, read: 立法法第八十条第二款, Legislation Law 2015 art. 80(2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from carbonlex.statutes.instruments import Instrument

Step = tuple[str, str]
_NUMERAL = "0-9零〇一二两三四五六七八九十百千"
_N = rf"([{_NUMERAL}]+)"
_LEVELS = {"条": "art", "款": "para", "项": "point", "目": "indent"}
_CHINESE = re.compile(
    rf"第?{_N}条(?:之{_N})?(?:第?{_N}款(?:之{_N})?)?(?:第?\(?{_N}\)?项)?(?:第?{_N}目)?$"
)
_CHINESE_STEP = re.compile(rf"\(?{_N}\)?([条款项目])(?:之{_N})?")
_ENGLISH = re.compile(
    r"(?:\bart(?:icle)?s?\b\.?|§)\s*(\d+)(-\d+)?((?:\s*\(\d+(?:-\d+)?\))*)$", re.IGNORECASE
)
_EXTRACT = re.compile(
    r"\(编者(?:摘录|摘要)第(\d+)段\)$|\b(?:extract|summary) (\d+)(?: \(editor's numbering\))?$",
    re.IGNORECASE,
)
_EID = re.compile(r"(art|para|point|indent)_(\d+(?:-\d+)?)")
_UNITS = {"十": 10, "百": 100, "千": 1000}
_DIGITS = {"〇": 0, "两": 2} | {d: n for n, d in enumerate("零一二三四五六七八九")}
_YEAR = re.compile(
    r"\(?(?P<after>\d{4})年?\)?$|\([^()]*?(?P<inside>\d{4})[^()]*\)$|^(?P<before>\d{4})年?(?=\D)"
)


@dataclass(frozen=True)
class Reference:
    """A place of law as written.

    Attributes:
        name: the instrument as named; empty where none is.
        steps: from the article down, as `("art", "80")`; empty for the whole instrument.
    """

    name: str
    steps: tuple[Step, ...]


def read_reference(place: str) -> Reference | None:
    """Return a place as read: `KEY#EID`, or a citation; None where its end is no provision.

    >>> read_reference("《立法法》（2015）第八十条第二款")
    Reference(name='立法法(2015)', steps=(('art', '80'), ('para', '2')))
    >>> read_reference("Legislation Law 2015 art. 80(2)").steps
    (('art', '80'), ('para', '2'))
    """
    text = plain(place)
    name, hash_, pin = text.partition("#")
    if hash_:
        steps = _steps(pin) if pin else ()
        return None if steps is None else Reference(name.strip(" ,"), steps)
    for pattern in (_CHINESE, _ENGLISH, _EXTRACT):
        if found := pattern.search(text):
            steps = _steps(found[0])
            return None if steps is None else Reference(text[: found.start()].strip(" ,"), steps)
    return Reference(text.strip(" ,"), ())


def plain(text: str) -> str:
    """Return a name or a place without differences of typography: width, quotes, spaces.

    >>> plain("《中华人民共和国立法法（2015年修正）》")
    '中华人民共和国立法法(2015年修正)'
    """
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    text = re.sub(r"[《》]", "", text)
    # A space between Chinese characters, or beside one, says nothing.
    text = re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text)
    return re.sub(r"\s+", " ", text).strip()


def number_read(text: str) -> int:
    """Return a number written in Chinese or Arabic digits; raises `ValueError` if it is none.

    >>> [number_read(n) for n in ("十", "二十九", "一百零一", "一百一十", "一千二百二十六", "80")]
    [10, 29, 101, 110, 1226, 80]
    """
    if text.isascii():
        return int(text)
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[sign], 0
        elif sign in _DIGITS and digit == 0:
            digit = _DIGITS[sign]
        else:
            raise ValueError(text)
    return total + digit


def year_split(name: str) -> tuple[str, int | None]:
    """Return a name without the year at its end or its beginning, and the year.

    >>> [year_split(n) for n in ("立法法(2015年修正)", "Legislation Law 2015", "2015年立法法")]
    [('立法法', 2015), ('Legislation Law', 2015), ('立法法', 2015)]
    """
    found = _YEAR.search(name)
    if found is None:
        return name, None
    year = found["after"] or found["inside"] or found["before"]
    return (name[: found.start()] + name[found.end() :]).strip(" ,"), int(year)


def eids(instrument: Instrument, steps: tuple[Step, ...]) -> list[str]:
    """Return the provisions that steps may name: several where a 款 left out could be several.

    A sole paragraph need not be named, nor that which alone has the point named.
    """
    found = [""]
    for kind, number in steps:
        one = f"{kind}_{number}"
        found = [e for start in found for e in _below(instrument, start, kind, one)]
    return found


def _below(instrument: Instrument, start: str, kind: str, one: str) -> Iterator[str]:
    direct = f"{start}__{one}" if start else one
    if direct in instrument.provisions:
        yield direct
    elif kind == "point" and start in instrument.provisions:
        under = (f"{child}__{one}" for child in instrument.provisions[start].children)
        yield from (e for e in under if e in instrument.provisions)


def _steps(pin: str) -> tuple[Step, ...] | None:
    """Return the steps of an eId or of a pinpoint; None where it is neither."""
    pin = pin.strip()
    found = _EID.findall(pin)
    if found and "__".join(f"{k}_{n}" for k, n in found) == pin:
        return tuple(found)
    if extract := _EXTRACT.fullmatch(pin):
        return (("para", extract[1] or extract[2]),)
    if english := _ENGLISH.fullmatch(pin):
        inner = re.findall(r"\d+(?:-\d+)?", english[3])
        if len(inner) > 3:
            return None
        kinds = ("para", "point", "indent")
        own = ("art", english[1] + (english[2] or ""))
        return (own, *zip(kinds, inner, strict=False))
    if not _CHINESE.fullmatch(pin):
        return None
    try:
        return tuple(_chinese(m) for m in _CHINESE_STEP.finditer(pin))
    except ValueError:
        return None


def _chinese(match: re.Match[str]) -> Step:
    inserted = f"-{number_read(match[3])}" if match[3] else ""
    return _LEVELS[match[2]], f"{number_read(match[1])}{inserted}"
