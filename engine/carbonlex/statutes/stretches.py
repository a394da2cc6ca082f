"""Two wordings of one text, stretch by stretch: what stayed, what went, what came.

Words are compared in units that a lawyer would not cut: a number, a reference, a percentage, a
Latin word; every other character is a unit of its own. So 31 becomes 30, and not 3 and 1 or 0.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from carbonlex.statutes.pairing import folded

Op = Literal["same", "deleted", "inserted"]
Stretches: TypeAlias = tuple[tuple[Op, str], ...]

_NUMERAL = "[〇零一二两三四五六七八九十百千万亿]+"
_UNIT = re.compile(
    rf"第[（(]?(?:{_NUMERAL}|\d+)[）)]?[编章节条款项目](?:之{_NUMERAL})?"
    rf"|[（(]{_NUMERAL}[）)]|百分之{_NUMERAL}(?:点{_NUMERAL})?|{_NUMERAL}"
    r"|\d+(?:[.,]\d+)*[%％‰]?"
    r"|[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]*"
    r"|\s+|.",
    re.DOTALL,
)
_CLAUSE = re.compile(r"[^，。；：！？\n]+[，。；：！？\n]?|.", re.DOTALL)
_SENTENCE = re.compile(r"[^。；\n]+[。；\n]?|.", re.DOTALL)
# Comparisons that one text may cost at most. A longer or more repetitive one, such as a hostile
# draft could hold, is compared by clause or by sentence first; what still costs too much is
# replaced as a whole.
_MOST = 300_000


def stretches(old: str, new: str) -> Stretches:
    """Return how the new wording differs, what went before what came in its place.

    Joined, `same` and `deleted` give the old wording, `same` and `inserted` the new.

    >>> stretches("每年3月31日前提交", "每年4月30日前公开提交")[:5]
    (('same', '每年'), ('deleted', '3'), ('inserted', '4'), ('same', '月'), ('deleted', '31'))
    >>> stretches("本法第九十七条", "本法第一百零八条")
    (('same', '本法'), ('deleted', '第九十七条'), ('inserted', '第一百零八条'))
    """
    if old == new:
        return (("same", old),) if old else ()
    found = _split(_UNIT, old, new)
    if found is None:
        found = []
        coarse = _split(_CLAUSE, old, new) or _split(_SENTENCE, old, new)
        for gone, come, stayed in coarse or [([old], [new], False)]:
            finer = None if stayed else _split(_UNIT, "".join(gone), "".join(come))
            found += finer or [(gone, come, stayed)]
    return _joined(found)


def passages(found: Stretches) -> Iterator[tuple[bool, str, str]]:
    """Yield the passages of a redline: whether they differ, the old wording, the new.

    Where they differ by typography alone (a colon full-width or not), they do not differ.

    >>> list(passages(stretches("期限:为三年", "期限：为五年")))[1:4]
    [(False, ':', '：'), (False, '为', '为'), (True, '三', '五')]
    """
    rest = deque(found)
    while rest:
        op, text = rest.popleft()
        if op == "same":
            yield False, text, text
            continue
        old, new = (text, "") if op == "deleted" else ("", text)
        if op == "deleted" and rest and rest[0][0] == "inserted":
            new = rest.popleft()[1]
        yield folded(old) != folded(new), old, new


_Change: TypeAlias = tuple[list[str], list[str], bool]


def _split(units: re.Pattern[str], old: str, new: str) -> list[_Change] | None:
    """Return two texts part by part, None where comparing them would cost too much."""
    parts, others = units.findall(old), units.findall(new)
    head = _shared(parts, others)
    tail = _shared(parts[head:][::-1], others[head:][::-1])
    end, other_end = len(parts) - tail, len(others) - tail
    middle, other = parts[head:end], others[head:other_end]
    if _cost(middle, other) > _MOST:
        return None
    same = [(parts[:head], others[:head], True), (parts[end:], others[other_end:], True)]
    return [same[0], *_changes(middle, other), same[1]]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many units two texts begin with in common."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cost(old: Sequence[str], new: Sequence[str]) -> int:
    """Return a bound on what the matcher compares: each match found looks at every pair again."""
    one, other = Counter(old), Counter(new)
    pairs = sum(n * other[unit] for unit, n in one.items())
    return pairs * sum(min(n, other[unit]) for unit, n in one.items())


def _changes(old: list[str], new: list[str]) -> list[_Change]:
    """Return the parts of two texts, those that stayed (True) and those that differ (False).

    What stayed between two changes, each twice as long or more, is too little to read by (的, a
    comma): it is taken into them.
    """
    found: list[_Change] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        found.append((old[a:b], new[c:d], tag == "equal"))
        while len(found) > 2 and not found[-1][2] and not found[-3][2]:
            before, kept, after = found[-3:]
            if 2 * len(kept[0]) > min(_size(before), _size(after)):
                break
            gone = before[0] + kept[0] + after[0]
            come = before[1] + kept[1] + after[1]
            found[-3:] = [(gone, come, False)]
    return found


def _size(change: _Change) -> int:
    return max(len(change[0]), len(change[1]))


def _joined(found: list[_Change]) -> Stretches:
    """Return the stretches, neighbours of one kind as one."""
    made: list[tuple[Op, str]] = []
    for old, new, stayed in found:
        parts: list[tuple[Op, list[str]]] = (
            [("same", old)] if stayed else [("deleted", old), ("inserted", new)]
        )
        for op, units in parts:
            text = "".join(units)
            if text and made and made[-1][0] == op:
                made[-1] = (op, made[-1][1] + text)
            elif text:
                made.append((op, text))
    return tuple(made)
