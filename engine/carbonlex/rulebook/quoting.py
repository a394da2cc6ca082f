"""Quotes held against the words in force: found verbatim or refused, and counted.

Words compare after Unicode normalisation and without white space; a gap (……) in a quote ends
one span and begins the next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from carbonlex.model import Grade, weakest
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.pairing import folded

_GAP = re.compile(r"……")


@dataclass(frozen=True)
class Quoted:
    """Quotes found in an article: their words, the smallest provisions they touch, the grade.

    `spans` are the positions in the folded words of the article; `summary` says that the text
    quoted is, at least in part, a summary and not the words of the instrument.
    """

    texts: tuple[str, ...]
    provisions: tuple[str, ...]
    grade: Grade
    spans: tuple[tuple[int, int], ...]
    summary: bool


@dataclass(frozen=True)
class ArticleMap:
    """The folded words of an article, and which provision each stretch belongs to."""

    text: str
    stretches: tuple[tuple[int, int, str], ...]


def article_map(instrument: Instrument, eid: str) -> ArticleMap:
    """Return where each paragraph and point stands in the folded words of an article."""
    text, stretches = "", []
    for provision in instrument.under(eid):
        own = folded(provision.printed)
        if own:
            stretches.append((len(text), len(text) + len(own), provision.eid))
            text += own
    return ArticleMap(text, tuple(stretches))


def as_written(instrument: Instrument, eid: str, words: str) -> str:
    """Return folded words of an article as it writes them, with its own punctuation."""
    held = instrument.under(eid)
    text = "".join(p.printed for p in held)
    signs = [(folded(c), c) for c in text if folded(c)]
    start = "".join(plain for plain, _ in signs).find(words)
    found, at = "", 0
    for plain, sign in signs:
        if start <= at < start + len(words):
            found += sign
        at += len(plain)
    return found if start >= 0 else words


def locate(
    instrument: Instrument, eid: str, quotes: Iterable[str], after: int = 0
) -> tuple[Quoted, list[str]]:
    """Find quotes in a provision; returns what was found, and the spans that were not.

    Words that occur twice mean the place after `after`, where the quote before left off, if they
    stand there; so a file that follows the statute pins the right one. Without quotes the whole
    provision is meant, by its id alone.
    """
    words = article_map(instrument, eid)
    spans: list[tuple[int, int]] = []
    missing: list[str] = []
    quotes = tuple(quotes)
    for quote in quotes:
        pieces = [folded(p) for p in _GAP.split(quote) if folded(p)]
        found = _in_order(words.text, pieces, after) or _in_order(words.text, pieces, 0)
        if found is None:
            missing += [p for p in pieces if p not in words.text] or pieces[-1:]
        else:
            spans += found
    touched = [e for a, b, e in words.stretches if any(a < t and s < b for s, t in spans)]
    provisions = _smallest(instrument, touched) if spans else (eid,)
    grade = weakest([instrument.provisions[e].grade for e in touched] or [instrument.grade_of(eid)])
    texts = tuple("".join(q.split()) for q in quotes)
    summary = any(instrument.is_summary(e) for e in provisions)
    return Quoted(texts, provisions, grade, tuple(spans), summary), missing


def _in_order(text: str, pieces: list[str], start: int) -> list[tuple[int, int]] | None:
    found: list[tuple[int, int]] = []
    for piece in pieces:
        at = text.find(piece, start)
        if at < 0:
            return None
        start = at + len(piece)
        found.append((at, start))
    return found


def _smallest(instrument: Instrument, touched: list[str]) -> tuple[str, ...]:
    """Name a paragraph rather than its points where it is quoted with all of them.

    A lead-in with some of its items is cited by the items: 第二十一条第（二）项.
    """
    kept: list[str] = []
    items = {e: [p for p in instrument.provisions[e].children if p in touched] for e in touched}
    lead = {e for e, p in items.items() if p and len(p) < len(instrument.provisions[e].children)}
    for eid in (e for e in touched if e not in lead):
        if not any(f"{eid}__".startswith(f"{over}__") for over in kept):
            kept.append(eid)
    return tuple(kept)


def reached(length: int, spans: Iterable[tuple[int, int]]) -> int:
    """Return how many characters of a text any span reaches."""
    seen = bytearray(length)
    for start, end in spans:
        seen[start:end] = b"\x01" * (end - start)
    return sum(seen)
