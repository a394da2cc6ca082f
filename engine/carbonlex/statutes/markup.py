"""Words of a draft as Akoma Ntoso: articles, paragraphs and points, as statutes/ writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from carbonlex.errors import Location
from carbonlex.statutes.citation import chinese_number

NAMESPACES = 'xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0" xmlns:cl="urn:carbonlex:1"'
Level = Literal["article", "paragraph", "point"]
_ITEM = re.compile(r"[（(]([一二三四五六七八九十百零]+)[）)]\s*")
# A reference to an item that a new line happens to begin with: 第一款第⏎（二）项.
_REFERENCE = re.compile(
    r"[（(][一二三四五六七八九十百零]+[）)]\s*(?:项(?!目)|(?:至|、|和|或者?)第?[（(])"
)
_PART = re.compile(r"(art|para|point)_([1-9]\d{0,3})(?:-([1-9]\d{0,2}))?")
_LEVELS: dict[str, Level] = {"art": "article", "para": "paragraph", "point": "point"}


def parse(xml: bytes) -> etree._Element:
    """Parse a statute without expanding or fetching anything."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(xml, parser)


class DraftFault(ValueError):
    """Something in a draft that cannot be done: where, why, and what to do, zh and en."""

    def __init__(self, where: Location, zh: str, en: str, hint: tuple[str, str] = ("", "")) -> None:
        self.where, self.zh, self.en, self.hint = where, zh, en, hint
        super().__init__(f"{where}: {en}")


@dataclass(frozen=True)
class Line:
    """One paragraph or item of a draft's words, and where it stands."""

    text: str
    where: Location

    @property
    def item(self) -> str:
        """The number of an item, 一 of （一）; empty for a paragraph."""
        match = _ITEM.match(self.text)
        return match[1] if match else ""

    @property
    def words(self) -> str:
        """The words without the number of the item."""
        return _ITEM.sub("", self.text, count=1) if self.item else self.text


def level_of(eid: str) -> Level | None:
    """Return the level that an eId names by its last part; None for one that is not ours.

    >>> level_of("art_29__para_1"), level_of("art_2-1"), level_of("chp_1")
    ('paragraph', 'article', None)
    """
    parts = [_PART.fullmatch(p) for p in eid.split("__")]
    kinds = [m[1] for m in parts if m]
    if len(kinds) != len(parts) or kinds not in (
        ["art"], ["para"], ["art", "para"], ["para", "point"], ["art", "para", "point"],
    ):  # fmt: skip
        return None
    return _LEVELS[kinds[-1]]


def place_of(eid: str) -> tuple[tuple[int, int], ...]:
    """Return the numbers of an eId, so that provisions sort as they stand in the text."""
    return tuple((int(m[2]), int(m[3] or 0)) for m in _PART.finditer(eid))


def number_of(eid: str) -> str:
    """Return the number that the text prints: 第二十九条之一, （一）; none for a paragraph."""
    match = _PART.fullmatch(eid.rpartition("__")[2] or eid)
    if match is None or match[1] == "para":
        return ""
    counted = chinese_number(int(match[2]))
    if match[1] == "point":
        return f"（{counted}）"
    return f"第{counted}条" + (f"之{chinese_number(int(match[3]))}" if match[3] else "")


def lines_of(words: str, where: Location) -> tuple[Line, ...]:
    """Return a paragraph as written in a draft; a line that begins with （一） is an item.

    >>> found = lines_of("有下列情形的：\\n（一）甲；\\n（二）乙。", Location("a.md", 3))
    >>> [(line.text, line.where.line) for line in found]
    [('有下列情形的：', 3), ('（一）甲；', 4), ('（二）乙。', 5)]
    """
    found: list[Line] = []
    for at, row in enumerate(words.split("\n")):
        text = row.strip()
        if not found or (_ITEM.match(text) and not _REFERENCE.match(text)):
            found.append(Line(text, Location(where.file, where.line + at)))
        else:
            found[-1] = Line(found[-1].text + text, found[-1].where)
    return tuple(found)


Attributes = dict[str, dict[str, str]]


def element_of(eid: str, lines: tuple[Line, ...], kept: Attributes, depth: int) -> str:
    """Return the element of a provision with its words; raises `DraftFault`.

    `kept` holds the attributes (as written, with prefix) of the elements whose place these take,
    by eId; `depth` is that of the element in the document.
    """
    level = level_of(eid)
    first = lines[0]
    if level == "article":
        inner = "".join(
            _paragraph(f"{eid}__para_{n}", group, kept, depth + 1)
            for n, group in enumerate(_paragraphs(lines), 1)
        )
        num = _row(f"<num>{number_of(eid)}</num>", depth + 1)
        return _element("article", eid, num + inner, kept, depth)
    if level == "paragraph":
        groups = _paragraphs(lines)
        if len(groups) > 1:
            raise DraftFault(
                groups[1][0].where,
                "一款只有一段；增减款请整条改写（{#art_N}）",
                "one paragraph only; to change their number, restate the article ({#art_N})",
            )
        return _paragraph(eid, lines, kept, depth)
    if len(lines) > 1:
        raise DraftFault(lines[1].where, "一项只有一段", "an item is of one paragraph")
    return _point(eid, first, kept, depth)


def _paragraphs(lines: tuple[Line, ...]) -> list[tuple[Line, ...]]:
    groups: list[list[Line]] = []
    for line in lines:
        if line.item and groups:
            groups[-1].append(line)
        elif line.item:
            raise DraftFault(
                line.where, "项之前须有款的引导文字", "an item without a lead-in",
                ("先写引导的文字，如“有下列情形之一的：”，再写（一）",
                 "write the lead-in first, then (1)"),
            )  # fmt: skip
        else:
            groups.append([line])
    return [tuple(g) for g in groups]


def _paragraph(eid: str, lines: tuple[Line, ...], kept: Attributes, depth: int) -> str:
    lead, items = lines[0], lines[1:]
    if not items:
        return _element("paragraph", eid, _text("content", lead.text, depth + 1), kept, depth)
    inner = _text("intro", lead.text, depth + 1)
    for n, item in enumerate(items, 1):
        if item.item != chinese_number(n):
            raise DraftFault(
                item.where, f"项号应为（{chinese_number(n)}）", f"the item should be numbered {n}"
            )
        inner += _point(f"{eid}__point_{n}", item, kept, depth + 1)
    return _element("paragraph", eid, inner, kept, depth)


def _point(eid: str, line: Line, kept: Attributes, depth: int) -> str:
    number = number_of(eid)
    if line.item and f"（{line.item}）" != number:
        raise DraftFault(line.where, f"项号应为{number}", f"the item should be numbered {number}")
    inner = _row(f"<num>{number}</num>", depth + 1) + _text("content", line.words, depth + 1)
    return _element("point", eid, inner, kept, depth)


def _element(tag: str, eid: str, inner: str, kept: Attributes, depth: int) -> str:
    given = {k: v for k, v in kept.get(eid, {}).items() if k not in ("eId", "cl:held")}
    said = "".join(f" {k}={quoteattr(v)}" for k, v in given.items())
    return _row(f"<{tag} eId={quoteattr(eid)}{said}>", depth) + inner + _row(f"</{tag}>", depth)


def _text(tag: str, words: str, depth: int) -> str:
    return _row(f"<{tag}><p>{escape(words)}</p></{tag}>", depth)


def _row(text: str, depth: int) -> str:
    return f"{'  ' * depth}{text}\n"
