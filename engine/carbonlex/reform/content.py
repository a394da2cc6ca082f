"""What a rulebook says, apart from how it is written: two that say the same have one digest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from carbonlex.errors import Location
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import Instrument

_APART = frozenset({"where", "lines", "provisions_at"})


def content_digest(rulebook: Rulebook) -> str:
    """Return a SHA-256 over the law that a rulebook holds: words and norms, from when to when.

    Expressions of one instrument that follow each other and say the same count as one, so that
    an amendment that changes nothing leaves the digest as it was.
    """
    works: dict[str, list[Instrument]] = {}
    for instrument in rulebook.instruments.values():
        works.setdefault(instrument.work, []).append(instrument)
    said = {work: _timeline(rulebook, each) for work, each in sorted(works.items())}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _timeline(rulebook: Rulebook, expressions: list[Instrument]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for one in sorted(expressions, key=lambda i: i.effective):
        said = _said(rulebook, one)
        ended = one.ended.isoformat() if one.ended else ""
        if rows and rows[-1][1] == one.effective.isoformat() and rows[-1][2] == said:
            rows[-1][1] = ended
        else:
            rows.append([one.effective.isoformat(), ended, said])
    return rows


def _said(rulebook: Rulebook, one: Instrument) -> list[Any]:
    words = [(p.eid, p.wid, p.num, p.text, p.grade, p.held) for p in one.provisions.values()]
    norms = sorted((n for n in rulebook.norms.values() if n.instrument == one.key), key=_id)
    parameters = [p for p in rulebook.parameters.values() if p.instrument == one.key]
    plain = [
        one.rank, one.maker, words,
        [_plain(n) for n in norms],
        [_plain(p) for p in sorted(parameters, key=lambda p: p.full)],
    ]  # fmt: skip
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True)
    # An expression's own key is no part of what it says.
    for mark in ("/", '"'):
        text = text.replace(f'"{one.key}{mark}', f'"{one.work}{mark}')
    return json.loads(text)  # type: ignore[no-any-return]


def _id(norm: Any) -> str:
    return str(norm.id)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it, without the places where it is written."""
    if is_dataclass(value) and not isinstance(value, type):
        told = {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
        return {"is": type(value).__name__} | {k: v for k, v in told.items() if k not in _APART}
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    if isinstance(value, (Fraction, date)):
        return str(value)
    return None if isinstance(value, Location) else value
