"""A document as the typesetter's template reads it: plain data, its words made safe to set."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from math import isqrt
from typing import Any

from carbonlex.memo.document import (
    Authorities,
    Block,
    Citation,
    Document,
    Paragraph,
    Section,
    SideBySide,
    to_tree,
)
from carbonlex.memo.escape import visible
from carbonlex.memo.house import House
from carbonlex.memo.parallel import Parallel, Written, beside, spans
from carbonlex.model import Language

BREAK = "\u200b"
"""Where a long word may be broken; a user's own has been made visible, so this is always ours."""
WORDS = {
    "contents": ("目录", "Contents"),
    "legend": ("图例：", "Legend: "),
    "deleted": ("删去的文字", "words deleted"),
    "inserted": ("增加的文字", "words inserted"),
}
SET_BESIDES = "0123456789 /—[]“”·："
"""What the template sets of its own: numbers of pages and notes, brackets, quotation marks."""

_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
_CHUNK = 8
_MARKS = "/_.:;,&=?@#~-"
_LONG = re.compile(rf"[^\s{_WIDE}]{{24,}}")
_LONG_CELL = re.compile(rf"[^\s{_WIDE}]{{14,}}")
_WORD = re.compile(rf"[^\s{_WIDE}{_MARKS}]+|[{_WIDE}]{{1,2}}")
_MOST_WIDE, _LONGEST, _FREE = 200, 16, 3
_ROOM = {"memo": 100, "both": 114, "official": 73}


def laid_out(written: Written, house: House) -> dict[str, Any]:
    """Return a document in one language, or in two side by side, with the house's own words."""
    documents = _documents(written)
    width = "both" if len(documents) > 1 else "memo"
    room = _ROOM["official" if house.layout == "official" else width]
    voices = {d.lang: _Voice(d, room) for d in documents}
    first = documents[0]
    if isinstance(written, Parallel):
        notes: tuple[str, ...] = written.notice
        voices["zh" if written.prevails == "en" else "en"].quiet = True
        for voice in voices.values():
            voice.notes = _joined(voices["zh"].notes, voices["en"].notes)
        sections = [*_parallel(written, voices["zh"], voices["en"])]
    else:
        notes = (written.notice,) if written.notice else ()
        sections = [*_single(written, voices[written.lang])]
    langs = [d.lang for d in documents]
    told = {
        "langs": langs,
        "layout": house.layout,
        "house": {"name": house.name, "letterhead": house.letterhead, "footer": house.footer},
        "titles": [d.title for d in documents],
        "headers": [[[*pair] for pair in d.header] for d in documents],
        "date": [first.date.year, first.date.month, first.date.day],
        "notices": notes,
        "words": {k: [v[lang == "en"] for lang in langs] for k, v in WORDS.items()},
        "sections": sections,
    }
    dressed: dict[str, Any] = _dressed(told, _LONG)
    return {**dressed, "digest": first.digest}


def places(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield every stretch of words that will be set, with the paragraph or section it is in."""
    for key, value in data.items():
        if key != "sections":
            yield from (("", word) for word in _strings(value))
    for section in data["sections"]:
        at = " · ".join(section["headings"]).replace(BREAK, "")
        yield from ((at, word) for word in section["headings"])
        for row in section["rows"]:
            for block in row["blocks"]:
                number = block.get("number") if block else None
                place = f"{at} ¶{number}" if number else at
                yield from ((place, word) for word in _strings(block))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


class _Voice:
    """One language of a document: where its citations lead, and which sources were named."""

    def __init__(self, document: Document, room: int) -> None:
        self.lang: Language = document.lang
        self.zh = document.lang == "zh"
        self.quiet, self.room = False, room
        blocks = [b for s in document.walk() for b in s.blocks]
        entries = [e for b in blocks if isinstance(b, Authorities) for e in b.entries]
        self.authorities = {p.number for e in entries for p in e.pinpoints}
        self.paragraphs = {b.number for b in blocks if isinstance(b, Paragraph)}
        colon, comma = ("：", "，") if self.zh else (": ", ", ")
        grade = f"来源等级{colon}" if self.zh else f"source grade{colon}"
        self.notes = {
            e.uri: [f"{e.title}{comma}{e.about}；{grade}{e.grade_words}。" if self.zh else
                    f"{e.title}{comma}{e.about}; {grade}{e.grade_words}.", e.uri]
            for e in entries
        }  # fmt: skip
        self.named: set[str] = set()
        self.anchored: set[str] = set()

    def block(self, block: Block | None) -> dict[str, Any] | None:
        """Return a block as data, its citations with their targets and first notes."""
        if block is None:
            return None
        tree: dict[str, Any] = self.tree(block)
        tree["lang"] = self.lang
        if isinstance(block, Paragraph):
            tree["anchor"] = self.anchor(f"p-{block.number}-{self.lang}")
        return tree

    def tree(self, value: object) -> Any:
        """Return a part of a document as data."""
        if isinstance(value, Citation):
            return self.citation(value)
        told = to_tree(value)
        if isinstance(told, dict) and told.get("type") == "Pinpoint":
            told["anchor"] = self.anchor(f"auth-{told['number']}-{self.lang}")
            known = [n for n in told["paragraphs"] if n in self.paragraphs]
            told["back"] = [[n, f"p-{n}-{self.lang}"] for n in known]
        elif isinstance(told, dict):
            fields = ((k, getattr(value, k)) for k in told if k != "type")
            told.update((k, self.tree(v)) for k, v in fields)
        elif isinstance(value, tuple):
            told = [self.tree(v) for v in value]
        if isinstance(told, dict) and told["type"] == "Table":
            told["widths"] = _widths([told["headers"], *told["rows"]], self.room)
        return told

    def citation(self, citation: Citation) -> dict[str, Any]:
        """Return a citation, with a link where its authority is listed, and a note at first."""
        listed = citation.authority in self.authorities
        first = citation.uri not in self.named and citation.uri in self.notes and not self.quiet
        self.named.add(citation.uri)
        return {
            "type": "Citation",
            "text": citation.text,
            "to": f"auth-{citation.authority}-{self.lang}" if listed else None,
            "note": self.notes[citation.uri] if first else None,
        }

    def anchor(self, name: str) -> str | None:
        """Return a name for a place, once: two places of one name would be no target."""
        if name in self.anchored:
            return None
        self.anchored.add(name)
        return name

    def heading(self, section: Section, level: int) -> str:
        """Return number and heading of a section, as the language writes them."""
        stop = ("、" if self.zh else ". ") if level == 1 else ("" if self.zh else " ")
        return f"{section.number}{stop}{section.heading}" if section.number else section.heading


def _documents(written: Written) -> tuple[Document, ...]:
    if isinstance(written, Document):
        return (written,)
    pair = (written.zh, written.en)
    return pair if written.prevails == "zh" else pair[::-1]


def _single(document: Document, voice: _Voice) -> Iterator[dict[str, Any]]:
    for level, section in _levels(document.sections):
        rows = [{"columns": 1, "blocks": [voice.block(b)]} for b in section.blocks]
        yield {"level": level, "headings": [voice.heading(section, level)], "rows": rows}


def _parallel(written: Parallel, zh: _Voice, en: _Voice) -> Iterator[dict[str, Any]]:
    both = zip(_levels(written.zh.sections), _levels(written.en.sections), strict=True)
    for (level, left), (_, right) in both:
        rows: list[dict[str, Any]] = []
        for row in beside(left, right):
            if spans(row):
                rows += ({"columns": 1, "blocks": [b]} for b in _above(row, zh, en))
            else:
                blocks = [zh.block(row[0]), en.block(row[1])]
                rows.append({"columns": 2, "blocks": blocks})
        headings = [zh.heading(left, level), en.heading(right, level)]
        yield {"level": level, "headings": headings, "rows": rows}


def _above(
    row: tuple[Block | None, Block | None], zh: _Voice, en: _Voice
) -> Iterator[dict[str, Any] | None]:
    """Yield the blocks of a row one above the other; a redline of the same words once."""
    left, right = row
    if isinstance(left, SideBySide) and isinstance(right, SideBySide) and left.rows == right.rows:
        told = zh.block(left)
        assert told is not None
        told["headers"] = [" · ".join(p) for p in zip(left.headers, right.headers, strict=True)]
        told["caption"] = " · ".join(c for c in (left.caption, right.caption) if c)
        yield told
        return
    yield from (v.block(b) for v, b in ((zh, left), (en, right)) if b is not None)


def _levels(sections: tuple[Section, ...], level: int = 1) -> Iterator[tuple[int, Section]]:
    for section in sections:
        yield level, section
        yield from _levels(section.parts, level + 1)


def _joined(zh: dict[str, list[str]], en: dict[str, list[str]]) -> dict[str, list[str]]:
    return {
        uri: [*zh.get(uri, ())[:1], *en.get(uri, ())[:1], uri] for uri in dict.fromkeys([*zh, *en])
    }


def _widths(rows: list[list[str]], room: int) -> list[int]:
    """Return how wide the columns of a table are, in halves of a Chinese character.

    Narrow columns are as wide as their words; the others share the rest by the root of what is in
    them, and none is narrower than its longest word.
    """
    columns = [*zip(*rows, strict=True)]
    most = [max(map(_breadth, c), default=1) for c in columns]
    words = [max((_breadth(w) for t in c for w in _WORD.findall(t)), default=1) for c in columns]
    left, wide = room - _FREE * len(columns), set(range(len(columns)))
    while narrow := {at for at in wide if most[at] * len(wide) <= left}:
        left -= sum(most[at] for at in narrow)
        wide -= narrow
    roots = {at: isqrt(100 * min(most[at], _MOST_WIDE)) for at in wide}
    for at, root in roots.items():
        most[at] = max(left * root // sum(roots.values()), min(words[at], _LONGEST))
    return [width + _FREE for width in most]


def _breadth(words: str) -> int:
    """Return the width of words: where Chinese and Western meet there is a gap of half a letter."""
    wide = [unicodedata.east_asian_width(c) in "WF" for c in words[:200]]
    meetings = sum(a != b for a, b in pairwise(wide))
    return len(wide) + sum(wide) + (meetings + 1) // 2


def _dressed(value: Any, long: re.Pattern[str]) -> Any:
    """Return data with direction and control marks shown, and places to break long words at."""
    if isinstance(value, str):
        return long.sub(_broken, str(visible(value)))
    if isinstance(value, dict):
        if value.get("type") in ("Table", "SideBySide"):
            long = _LONG_CELL
        return {k: _dressed(v, long) for k, v in value.items()}
    return [_dressed(v, long) for v in value] if isinstance(value, list | tuple) else value


def _broken(match: re.Match[str]) -> str:
    made: list[str] = []
    run = 0
    for character in match[0]:
        if (run >= _CHUNK or (run and made[-1] in _MARKS)) and unicodedata.category(character)[
            0
        ] != "M":
            made.append(BREAK)
            run = 0
        made.append(character)
        run += 1
    return "".join(made)
