"""A change of an instrument's words: the next expression, with what changed in its metadata."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from lxml import etree

from carbonlex.errors import Location
from carbonlex.model import Label
from carbonlex.statutes.markup import (
    NAMESPACES,
    Attributes,
    DraftFault,
    Line,
    element_of,
    level_of,
    parse,
    place_of,
)
from carbonlex.statutes.metadata import AKN, LEVELS, OWN
from carbonlex.statutes.modifications import expression_uri, identify, record, repealed_by

Kind = Literal["substitution", "insertion", "repeal"]


@dataclass(frozen=True)
class Amendment:
    """What becomes of one provision: other words, words where there were none, or none.

    A substitution without lines leaves the words as they are: only what they mean changes.
    `attributes` are, by eId, those that an element is to carry and no others; an element without
    keeps those of the one whose place it takes, and words that change are graded `draft`.
    `within` is the eId of the chapter or section that an article is to come (back) into.
    """

    kind: Kind
    eid: str
    lines: tuple[Line, ...]
    where: Location
    attributes: Attributes = field(default_factory=dict)
    within: str = ""


@dataclass(frozen=True)
class Act:
    """The act that amends: the key that the new expression goes by, and who says so."""

    key: str
    uri: str
    title: Label
    effective: date


def amended(xml: bytes, act: Act, amendments: Iterable[Amendment]) -> bytes:
    """Return the next expression of an instrument; raises `DraftFault` for what cannot be done."""
    tree = parse(xml)
    done = [a for a in amendments if a.kind == "repeal" or a.lines]
    before = expression_uri(tree)
    for one in done:
        _amend(tree, one)
    identify(tree, act)
    record(tree, act, done, before)
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def around(xml: bytes, eid: str) -> str:
    """Return the eId of the chapter, section or article that a provision stands in, if any."""
    return _around(next(e for e in parse(xml).iter(*LEVELS) if e.get("eId") == eid))


def attributes_of(xml: bytes, eid: str) -> Attributes:
    """Return the attributes of the element of a provision and of those in it, by eId."""
    element = next(e for e in parse(xml).iter(*LEVELS) if e.get("eId") == eid)
    return {str(e.get("eId")): _attributes(e) for e in element.iter(*LEVELS)}


def body_of(xml: bytes) -> bytes:
    """Return the body of an expression as canonical XML: what two expressions have in common."""
    body = next(parse(xml).iter(f"{AKN}body"))
    body.tail = None
    return etree.tostring(body, method="c14n")


def _amend(tree: etree._Element, one: Amendment) -> None:
    held = next((e for e in tree.iter(*LEVELS) if e.get("eId") == one.eid), None)
    if level_of(one.eid) is None:
        raise DraftFault(
            one.where, f"{one.eid} 不是条、款、项的编号", f"{one.eid} names no article or part",
            ("如 art_29、art_29-1、art_29__para_1、art_29__para_1__point_2",) * 2,
        )  # fmt: skip
    if one.kind == "insertion":
        if held is not None:
            raise DraftFault(
                one.where, f"已有 {one.eid}，请用“修改”", f"{one.eid} is there: replace"
            )
        _insert(tree, one)
    elif held is None:
        if act := repealed_by(tree, one.eid):
            raise DraftFault(
                one.where, f"{one.eid} 已由“{act}”删去", f"{one.eid} was repealed by '{act}'",
                ("不再处理该条款，或者重新增加；也可以不与该草案叠加",
                 "leave it, or insert it anew; or do not stack the two drafts"),
            )  # fmt: skip
        raise DraftFault(
            one.where, f"没有 {one.eid}", f"there is no {one.eid}",
            ("核对编号；要新写一条，用“增加”", "check the number; to write a new one, insert"),
        )  # fmt: skip
    elif one.kind == "repeal":
        _remove(held, one)
    else:
        _replace(held, one)


def _replace(held: etree._Element, one: Amendment) -> None:
    kept = {str(e.get("eId")): _attributes(e) for e in held.iter(*LEVELS)}
    made = _made(one, kept, _depth(held))
    _graded(made, {str(e.get("eId")): _own_words(e) for e in held.iter(*LEVELS)}, one)
    made.tail = held.tail
    parent = held.getparent()
    assert parent is not None
    parent.replace(held, made)


def _insert(tree: etree._Element, one: Amendment) -> None:
    over = one.eid.rpartition("__")[0]
    elements = list(tree.iter(*LEVELS))
    body = next(tree.iter(f"{AKN}body"))
    parent = next((e for e in elements if e.get("eId") == over), None) if over else body
    if parent is None:
        raise DraftFault(
            one.where, f"没有 {over}", f"there is no {over}",
            ("先增加整条", "insert the whole article first"),
        )  # fmt: skip
    level = level_of(one.eid)
    peers = [
        e for e in elements
        if LEVELS[str(e.tag)] == level and (not over or e.getparent() is parent)
        and (over or "__" not in str(e.get("eId")))
    ]  # fmt: skip
    peers = [e for e in peers if one.within and _around(e) == one.within] or peers
    place = place_of(one.eid)
    before = [e for e in peers if place_of(str(e.get("eId"))) < place]
    if level != "article" and len(before) + 1 != place[-1][0]:
        raise DraftFault(
            one.where, f"{over or '正文'} 现有 {len(before)} 个，新增的应为第 {len(before) + 1} 个",
            f"{over or 'the text'} has {len(before)}: the next is number {len(before) + 1}",
        )  # fmt: skip
    if level == "point" and not before:
        raise DraftFault(
            one.where, "该款没有项，请改写该款", "the paragraph has no items: replace it whole"
        )
    if not before:
        _insert_first(one, peers[0] if peers else None, parent)
        return
    last = before[-1]
    made = _made(one, {}, _depth(last))
    _graded(made, {}, one)
    beside = last.getparent()
    assert beside is not None
    made.tail, last.tail = last.tail, "\n" + "  " * _depth(last)
    beside.insert(beside.index(last) + 1, made)


def _insert_first(one: Amendment, first: etree._Element | None, parent: etree._Element) -> None:
    """Insert before the first of its level, in its chapter, or into what has none yet."""
    beside = parent if first is None else first.getparent()
    assert beside is not None
    made = _made(one, {}, _depth(beside) + 1)
    _graded(made, {}, one)
    previous = None if first is None else first.getprevious()
    made.tail = (beside.text if previous is None else previous.tail) or "\n"
    beside.insert(0 if first is None else beside.index(first), made)


def _remove(held: etree._Element, one: Amendment) -> None:
    parent = held.getparent()
    assert parent is not None
    peers = [e for e in parent if e.tag == held.tag]
    if LEVELS[str(held.tag)] != "article" and held is not peers[-1]:
        raise DraftFault(
            one.where,
            "只能删去最后一款（项）：款、项随之改号，请整条改写",
            "only the last paragraph or item can be repealed, the others would be renumbered:"
            " restate the article",
        )
    if len(peers) == 1:
        raise DraftFault(
            one.where, "删去后其上一级没有内容，请删去上一级", "nothing would be left above it"
        )
    before = held.getprevious()
    if held is parent[-1] and before is not None:
        before.tail = held.tail
    parent.remove(held)


def _made(one: Amendment, kept: Attributes, depth: int) -> etree._Element:
    text = element_of(one.eid, one.lines, {**kept, **one.attributes}, depth)
    return parse(f"<x {NAMESPACES}>{text}</x>".encode())[0]


def _graded(made: etree._Element, before: dict[str, str], one: Amendment) -> None:
    """Grade as a draft the words that were not there before, unless the draft says otherwise."""
    for element in made.iter(*LEVELS):
        eid, parent = str(element.get("eId")), element.getparent()
        within_new = parent is not None and parent.tag in LEVELS and parent.get("eId") not in before
        if eid in one.attributes or (eid not in before and within_new):
            continue
        if before.get(eid) != _own_words(element):
            element.set(f"{OWN}grade", "draft")
            element.attrib.pop(f"{OWN}note", None)
            element.attrib.pop(f"{OWN}summary", None)


def _own_words(element: etree._Element) -> str:
    leaves = [*element.findall(f"{AKN}content/{AKN}p"), *element.findall(f"{AKN}intro/{AKN}p")]
    return "".join("".join(str(x) for x in p.itertext()).strip() for p in leaves)


def _attributes(element: etree._Element) -> dict[str, str]:
    return {str(k).replace(OWN, "cl:"): str(v) for k, v in element.attrib.items()}


def _around(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else str(parent.get("eId", ""))


def _depth(element: etree._Element) -> int:
    return sum(1 for _ in element.iterancestors())
