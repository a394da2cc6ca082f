"""Which article of one expression is which of another, where nobody has said: by their words.

An article that was inserted moves the numbers of all that follow; their words find them again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from carbonlex.statutes.instruments import Instrument, Provision
from carbonlex.statutes.pairing import folded, paired

SIMILAR = 0.5
"""How alike the words of two articles must be: the share of pairs of characters in common."""
BETWEEN = 0.15
"""The same for two that alone stand between the same neighbours."""
_CANDIDATES = 8  # how many of those that have most in common are looked at closely
_MOST = 10_000  # pairs of paragraphs of one article that are compared
_COMMON = 0.2  # a pair of characters in more articles than this tells none from the other


def matched(old: Instrument, new: Instrument) -> dict[str, str]:
    """Return which article (or paragraph outside any) is which, new eId to old.

    First those with the same words, then the most alike, nearest first; then what is left alone
    between two neighbours that were found; at last, where words are not held, equal numbers.
    """
    before, after = _articles(old), _articles(new)
    found: dict[str, str] = {}
    by_words: dict[str, list[list[str]]] = defaultdict(lambda: [[], []])
    for side, articles in enumerate((before, after)):
        for eid, words in articles.items():
            if words:
                by_words[words][side].append(eid)
    for ones, others in by_words.values():
        if len(ones) == len(others):
            found |= dict(zip(others, ones, strict=True))
    taken = set(found.values())
    for _, eid, other in sorted(_alike(before, after, found)):
        if eid not in found and other not in taken:
            found[eid] = other
            taken.add(other)
    found |= _between(before, after, found)
    taken = set(found.values())
    for eid in after:
        free = eid not in found and eid in before and eid not in taken
        if free and not (before[eid] and after[eid]):
            found[eid] = eid
    return found


def with_wids(old: Instrument, new: Instrument) -> dict[str, str]:
    """Return the wId of each provision of `new` that `old` has under another one than its eId."""
    found: dict[str, str] = {}
    for eid, other in matched(old, new).items():
        found[eid] = old.provisions[other].wid
        mine, theirs = _below(new, eid), _below(old, other)
        for one, two in _inner(theirs, mine).items():
            found[one] = old.provisions[two].wid
    return {eid: wid for eid, wid in found.items() if wid != eid}


def carried(old: Instrument, new: Instrument) -> Instrument:
    """Return `new` with the wIds of `old`, so that a redline finds what was renumbered."""
    wids = with_wids(old, new)
    provisions = {e: replace(p, wid=wids.get(e, e)) for e, p in new.provisions.items()}
    return replace(new, provisions=provisions)


def states_wids(instrument: Instrument) -> bool:
    """Return whether an expression itself says what became of renumbered provisions."""
    return any(p.wid != p.eid for p in instrument.provisions.values())


def _articles(instrument: Instrument) -> dict[str, str]:
    """Return the folded words of each article, empty where they are not all held."""
    outer = [p for p in instrument.provisions.values() if not p.parent]
    return {
        p.eid: folded(instrument.words(p.eid)) if _held(instrument, p.eid) else "" for p in outer
    }


def _held(instrument: Instrument, eid: str) -> bool:
    return all(p.held for p in instrument.under(eid))


def _alike(
    before: Mapping[str, str], after: Mapping[str, str], found: Mapping[str, str]
) -> list[tuple[tuple[float, float], str, str]]:
    """Return pairs that are alike, the most alike first, then those whose places are nearest."""
    taken = set(found.values())
    ones = {e: _pairs(w) for e, w in before.items() if w and e not in taken}
    others = {e: _pairs(w) for e, w in after.items() if w and e not in found}
    where: dict[str, list[str]] = defaultdict(list)
    for eid, pairs in ones.items():
        for pair in pairs:
            where[pair].append(eid)
    most = max(10, int(len(ones) * _COMMON))
    place = {e: n for n, e in enumerate(before)}, {e: n for n, e in enumerate(after)}
    alike: list[tuple[tuple[float, float], str, str]] = []
    for eid, pairs in others.items():
        shared = Counter(o for p in pairs if len(where[p]) <= most for o in where[p])
        for other, _ in shared.most_common(_CANDIDATES):
            likeness = _likeness(pairs, ones[other])
            if likeness >= SIMILAR:
                away = abs(place[1][eid] / len(after) - place[0][other] / len(before))
                alike.append(((-likeness, away), eid, other))
    return alike


def _between(
    before: Mapping[str, str], after: Mapping[str, str], found: Mapping[str, str]
) -> dict[str, str]:
    """Pair what stands alone on both sides between two neighbours that were found."""
    olds, news = list(before), list(after)
    places = {e: n for n, e in enumerate(olds)}
    taken = set(found.values())
    made: dict[str, str] = {}
    for n, eid in enumerate(news):
        if eid in found:
            continue
        start = places[found[news[n - 1]]] if n and news[n - 1] in found else -1 if not n else None
        last = n == len(news) - 1
        end = len(olds) if last else places[found[news[n + 1]]] if news[n + 1] in found else None
        if start is None or end is None or end - start != 2:
            continue
        other = olds[start + 1]
        free = other not in taken and before[other] and after[eid]
        if free and _likeness(_pairs(before[other]), _pairs(after[eid])) >= BETWEEN:
            made[eid] = other
    return made


def _pairs(words: str) -> Counter[str]:
    """Return the pairs of characters of words: what stays of an article when words change."""
    return Counter(words[n : n + 2] for n in range(max(1, len(words) - 1)))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return twice what two have in common, over what both have."""
    return 2 * sum((one & other).values()) / (one.total() + other.total())


def _below(instrument: Instrument, eid: str) -> list[Provision]:
    return [p for p in instrument.under(eid) if p.eid != eid]


def _inner(before: Sequence[Provision], after: Sequence[Provision]) -> dict[str, str]:
    """Pair the paragraphs and points of one article: by words, then in order where alike."""
    plain = [replace(p, wid=p.eid) for p in before], [replace(p, wid=f"#{p.eid}") for p in after]
    found = paired(*plain)
    taken = set(found.values())
    for provision in after if len(before) * len(after) <= _MOST else ():
        if provision.eid in found:
            continue
        best = max(
            (p for p in before if p.level == provision.level and p.eid not in taken),
            key=lambda p: _likeness(_pairs(folded(p.text)), _pairs(folded(provision.text))),
            default=None,
        )
        if best is None:
            continue
        if _likeness(_pairs(folded(best.text)), _pairs(folded(provision.text))) >= SIMILAR:
            found[provision.eid] = best.eid
            taken.add(best.eid)
    return found
