"""One text for one value: what is hashed, and where two texts first differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

_SHOWN = 200


def canonical(value: object) -> str:
    """Return a value as JSON with sorted keys and no white space; raises `ValueError` for a float.

    >>> canonical({"b": [1, None], "a": "碳"})
    '{"a":"碳","b":[1,null]}'
    """
    _exact(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _exact(value: object) -> None:
    if isinstance(value, float):
        raise ValueError(f"{value!r} is a float, and no exact value")
    if isinstance(value, Mapping):
        for one in value.values():
            _exact(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _exact(one)


def digest_of(data: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal.

    >>> digest_of(b"")[:12]
    'e3b0c44298fc'
    """
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Difference:
    """The first place where two texts differ: a JSON pointer or a line, and what each has there."""

    place: str
    was: str
    now: str


def first_difference(was: str, now: str) -> Difference | None:
    """Return where two JSON texts first differ, or None where they are the same to the byte.

    >>> first_difference('{"a": {"b": [1, 2]}}', '{"a": {"b": [1, 3]}}')
    Difference(place='/a/b/1', was='2', now='3')
    """
    if was == now:
        return None
    try:
        found = _differ(json.loads(was), json.loads(now), "")
    except ValueError:
        found = None
    # The same values in another order, or written otherwise: the line says it.
    return found or differing_line(was, now)


def _differ(was: Any, now: Any, at: str) -> Difference | None:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in [*was, *(k for k in now if k not in was)]:
            place = f"{at}/{key.replace('~', '~0').replace('/', '~1')}"
            if key not in was or key not in now:
                return Difference(place, _said(was, key), _said(now, key))
            if (found := _differ(was[key], now[key], place)) is not None:
                return found
        return None
    if isinstance(was, list) and isinstance(now, list):
        for index in range(max(len(was), len(now))):
            place = f"{at}/{index}"
            if index >= len(was) or index >= len(now):
                return Difference(place, _said(was, index), _said(now, index))
            if (found := _differ(was[index], now[index], place)) is not None:
                return found
        return None
    same = type(was) is type(now) and was == now
    return None if same else Difference(at or "/", _shown(was), _shown(now))


def _said(tree: Any, key: Any) -> str:
    there = key in tree if isinstance(tree, dict) else key < len(tree)
    return _shown(tree[key]) if there else "∅"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def differing_line(was: str, now: str) -> Difference | None:
    r"""Return the first line in which two texts differ, or None.

    >>> differing_line("a\nb\n", "a\nc\n")
    Difference(place='line 2', was='b', now='c')
    """
    lines = zip_longest(was.split("\n"), now.split("\n"))
    for number, (one, other) in enumerate(lines, 1):
        if one != other:
            cut = ["∅" if text is None else text[:_SHOWN] for text in (one, other)]
            return Difference(f"line {number}", *cut)
    return None
