"""References in the words of law: 本办法第八条, 《…办法》第二十九条第一款, 第三十九条、第四十条."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from carbonlex.statutes.references import number_read

_N = "[一二三四五六七八九十百千零〇]+"
_PLACE = re.compile(
    rf"(?P<title>《[^《》]{{1,80}}》|本(?:办法|条例|规定|法典|法|细则|规则|方案|通知|决定))?"
    rf"(?:(?P<own>本条)|第(?P<art>{_N})条(?:之(?P<ins>{_N}))?)"
    rf"(?:第(?P<para>{_N})款)?(?:第（(?P<point>{_N})）项)?"
)
_BETWEEN = re.compile(r"\s*(?:、|和|或者|或|以及|至|到)\s*")
_RANGE = 60


@dataclass(frozen=True)
class Reference:
    """A provision that words name, as `text` writes it: its eId, and the title of its instrument.

    `title` is empty where the words mean their own instrument.
    """

    title: str
    eid: str
    text: str


def references(words: str, article: str) -> Iterator[Reference]:
    """Yield the provisions that words of an article refer to; a range names each article of it.

    >>> [(r.title, r.eid) for r in references("违反本办法第八条、第九条第二款的", "art_40")]
    [('', 'art_8'), ('', 'art_9__para_2')]
    >>> [r.eid for r in references("依照《立法法》第九十七条至第九十九条", "art_1")]
    ['art_97', 'art_98', 'art_99']
    """
    title, end, last = "", -1, ""
    for match in _PLACE.finditer(words):
        joint = words[end : match.start()] if end >= 0 else "."
        follows = bool(_BETWEEN.fullmatch(joint))
        if match["title"]:
            title = "" if match["title"].startswith("本") else match["title"][1:-1]
        elif not follows:
            title = ""
        try:
            eid = _eid(match, article)
        except ValueError:
            eid = ""  # 第一二条: no number, so no place
        end = match.end()
        if not eid:
            continue
        if follows and joint.strip() in ("至", "到"):
            yield from _range(title, last, eid, match[0])
        yield Reference(title, eid, match[0])
        last = eid


def _eid(match: re.Match[str], article: str) -> str:
    """Return the eId that a place names; empty for one that names no more than its own article.

    Raises `ValueError` for a number that is none.
    """
    if match["own"]:
        if not match["para"]:
            return ""
        eid = article
    else:
        eid = f"art_{number_read(match['art'])}"
        if match["ins"]:
            eid += f"-{number_read(match['ins'])}"
    if match["para"]:
        eid += f"__para_{number_read(match['para'])}"
    elif match["point"]:
        eid += "__para_1"
    if match["point"]:
        eid += f"__point_{number_read(match['point'])}"
    return eid


def _range(title: str, first: str, last: str, text: str) -> Iterator[Reference]:
    numbers = [re.fullmatch(r"art_(\d+)", eid) for eid in (first, last)]
    if not (numbers[0] and numbers[1]):
        return
    start, stop = (int(m[1]) for m in numbers if m)
    for number in range(start + 1, min(stop, start + _RANGE)):
        yield Reference(title, f"art_{number}", text)
