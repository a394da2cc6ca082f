"""The number that a heading of a draft prints, held against its eId."""

from __future__ import annotations

import re

from carbonlex.rulebook.markdown import Heading
from carbonlex.statutes.references import Step, read_reference

_N = "[0-9零〇一二两三四五六七八九十百千]{1,12}"
# After the verb: 《办法》, 一条，作为; then the place. What follows is a caption.
_PLACE = re.compile(
    rf"(?:《[^《》]{{0,80}}》)?\s*(?:一[条款项][，,、：:]?\s*(?:作为)?)?\s*"
    rf"(?P<zh>第{_N}条(?:之{_N})?(?:第?{_N}款)?(?:第?[（(]?{_N}[）)]?项)?)"
)
_ENGLISH = re.compile(
    r"(?:an?\s+|the\s+|new\s+)*(?P<en>(?:art(?:icle)?s?\b\.?|§)\s*\d{1,6}(?:-\d{1,3})?"
    r"(?:\s*\(\d{1,6}\)){0,3})",
    re.IGNORECASE,
)
_VERB = re.compile(r"(?:修改|增加|删去|废止|replace|amend|insert|add|repeal|delete)[\s：:]*", re.I)
_PARTS = re.compile(r"(art|para|point)_(\d+(?:-\d+)?)")


def misnumbered(heading: Heading) -> tuple[str, str, tuple[str, str]] | None:
    """Return what is wrong where a heading prints another number than its eId, and what to do.

    A heading without a number is right. A paragraph need not be named where it is the first.

    >>> misnumbered(Heading("art_19", "删去 第二十条", 9))[1]
    'the heading says 第二十条 (art_20), its eId art_19'
    >>> misnumbered(Heading("art_11__para_1__point_2", "修改 第十一条第（二）项", 9))
    """
    verb = _VERB.match(heading.title)
    rest = heading.title[verb.end() :] if verb else heading.title
    found = _PLACE.match(rest) or _ENGLISH.match(rest)
    if found is None:
        return None
    said = next(text for text in found.groups() if text)
    place = read_reference(said)
    own = tuple(_PARTS.findall(heading.eid))
    if place is None or not place.steps or _same(place.steps, own):
        return None
    other = "__".join(f"{kind}_{number}" for kind, number in place.steps)
    return (
        f"标题写{said}（{other}），编号却是 {heading.eid}",
        f"the heading says {said} ({other}), its eId {heading.eid}",
        (
            f"改成一致的：改标题中的条款号，或者编号写 {{#{other}}}",
            f"let both say the same: correct the number in the heading, or write {{#{other}}}",
        ),
    )


def _same(said: tuple[Step, ...], own: tuple[Step, ...]) -> bool:
    """Return whether a place names a provision; the first paragraph may be left unnamed."""
    return said in (own, tuple(step for step in own if step != ("para", "1")))
