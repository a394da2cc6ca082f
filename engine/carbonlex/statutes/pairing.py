"""Which provision of one expression is which of another: by wId, by words, in order."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from carbonlex.statutes.instruments import Provision

_SPACE = re.compile(r"\s+")


def folded(text: str) -> str:
    """Return words as they compare: NFKC, without white space.

    >>> folded("下列权限：　（一）") == folded("下列权限: (一)")
    True
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def in_order(
    before: Sequence[Provision], after: Sequence[Provision], pairs: Mapping[str, str]
) -> Iterator[tuple[Provision | None, Provision | None]]:
    """Yield the provisions of both sides as `pairs` (new eId to old) joins them.

    They come in the order of the new text; those of the old text alone follow what they followed.
    """
    kept = set(pairs.values())
    place = {p.eid: n for n, p in enumerate(before)}

    def gone(start: int) -> Iterator[tuple[Provision, None]]:
        for provision in before[start:]:
            if provision.eid in kept:
                return
            yield provision, None

    yield from gone(0)
    for provision in after:
        partner = pairs.get(provision.eid)
        if partner is None:
            yield None, provision
        else:
            yield before[place[partner]], provision
            yield from gone(place[partner] + 1)


def by_wid(before: Sequence[Provision], after: Sequence[Provision]) -> dict[str, str]:
    """Pair by wId, new eId to old.

    A number may be given anew: then the old art. 30 is art. 31 with the wId art_30, and the art.
    30 that was inserted has that wId as well. The one that says its wId is the old one.
    """
    sides: list[dict[str, list[str]]] = [defaultdict(list), defaultdict(list)]
    for provisions, side in zip((before, after), sides, strict=True):
        for provision in sorted(provisions, key=lambda p: p.wid == p.eid):
            side[provision.wid].append(provision.eid)
    return {
        new: old
        for wid in sides[0].keys() & sides[1].keys()
        for old, new in zip(sides[0][wid], sides[1][wid], strict=False)
    }


def paired(before: Sequence[Provision], after: Sequence[Provision]) -> dict[str, str]:
    """Pair the lines of an article, new eId to old: by the same words, and then by wId.

    Words count where they stand once on either side.
    """
    sides: list[dict[tuple[str, str], list[str]]] = [defaultdict(list), defaultdict(list)]
    for provisions, side in zip((before, after), sides, strict=True):
        for provision in provisions:
            side[provision.level, folded(provision.text)].append(provision.eid)
    found = {
        sides[1][words][0]: old[0]
        for words, old in sides[0].items()
        if words[1] and len(old) == len(sides[1].get(words, ())) == 1
    }
    taken = set(found.values())
    known = by_wid(before, after).items()
    return {**{new: old for new, old in known if old not in taken}, **found}


def not_crossing(
    before: Sequence[Provision], after: Sequence[Provision], pairs: Mapping[str, str]
) -> dict[str, str]:
    """Return the most pairs that stand in one order on both sides, each old one once.

    What moved across others is then repealed at one place and inserted at another, as a drafter
    would say it.
    """
    place = {p.eid: n for n, p in enumerate(before)}
    joined = [(place[pairs[p.eid]], p.eid) for p in after if p.eid in pairs]
    ends: list[int] = []  # the smallest old place in which a sequence of that length ends
    lengths: list[int] = []
    for old, _ in joined:
        at = bisect_left(ends, old)
        ends[at : at + 1] = [old]
        lengths.append(at)
    kept: dict[str, str] = {}
    length, limit = len(ends) - 1, len(before)
    for (old, new), at in zip(reversed(joined), reversed(lengths), strict=True):
        if at == length and old < limit:
            kept[new], length, limit = before[old].eid, at - 1, old
    return kept
