"""The metadata and the words of an Akoma Ntoso tree that holds by its schema."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from typing import Any, cast, get_args

from lxml import etree

from carbonlex.model import GRADES, Grade, Label
from carbonlex.statutes.instruments import Instrument, Level, Provision, Rank

AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
OWN = "{urn:carbonlex:1}"
LEVELS: dict[str, Level] = {
    f"{AKN}article": "article",
    f"{AKN}paragraph": "paragraph",
    f"{AKN}point": "point",
    f"{AKN}indent": "indent",
    f"{AKN}wrapUp": "wrap-up",
}


class MetadataError(ValueError):
    """Something that an instrument must say and does not; `line` is that of the element."""

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(what)


def instrument_of(tree: etree._Element, data: bytes, file: str) -> Instrument:
    """Return the instrument that a tree holds; raises `MetadataError`."""
    own = _first(tree, f"{OWN}instrument")
    rank, grade = _attribute(own, "rank"), _grade(own, _attribute(own, "grade"))
    if rank not in get_args(Rank):
        raise MetadataError(line_of(own), f"rank {rank}")
    provisions: dict[str, Provision] = {}
    body = _first(tree, f"{AKN}body")
    for element in _outermost(body):
        _provision(element, "", grade, provisions)
    return Instrument(
        key=_attribute(own, "key"),
        uri=_uri(tree, "FRBRExpression"),
        work=_uri(tree, "FRBRWork"),
        rank=cast(Rank, rank),
        maker=_attribute(own, "maker"),
        maker_label=_label(own, "maker"),
        title=_label(own, "title"),
        short=_label(own, "short"),
        number=own.get("number", ""),
        promulgated=_event(tree, "#promulgation"),
        effective=_event(tree, "#effect"),
        ended=_day(end) if (end := _happens(tree, "#end")) is not None else None,
        grade=grade,
        date_grades={
            name: _grade(own, own.get(f"{name}-grade", ""))
            for name in ("number", "promulgated", "effective", "ended")
            if own.get(f"{name}-grade")
        },
        articles=_count(own, "articles"),
        provisions=provisions,
        file=file,
        digest=hashlib.sha256(data).hexdigest(),
        note=_label(own, "note"),
    )


def line_of(element: etree._Element) -> int:
    """Return the line on which an element begins."""
    line: Any = element.sourceline
    return int(line or 0)


def uri_element(tree: etree._Element, part: str) -> etree._Element:
    """Return the element that holds the FRBR URI of the work or of the expression."""
    return _first(_first(tree, f"{AKN}{part}"), f"{AKN}FRBRuri")


def _first(tree: etree._Element, tag: str) -> etree._Element:
    found = next(tree.iter(tag), None)
    if found is None:
        raise MetadataError(line_of(tree), f"<{etree.QName(tag).localname}>")
    return found


def _attribute(element: etree._Element, name: str) -> str:
    found = element.get(name)
    if found is None:
        raise MetadataError(line_of(element), name)
    return str(found)


def _count(element: etree._Element, name: str) -> int:
    text = element.get(name) or "0"
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise MetadataError(line_of(element), f"{name} {text}")
    return int(text)


def _uri(tree: etree._Element, part: str) -> str:
    return _attribute(uri_element(tree, part), "value")


def _happens(tree: etree._Element, event: str) -> etree._Element | None:
    """Return the last element that tells of an event."""
    found = [e for e in tree.iter(f"{AKN}eventRef") if e.get("refersTo") == event]
    return found[-1] if found else None


def _event(tree: etree._Element, event: str) -> date:
    found = _happens(tree, event)
    if found is None:
        # The event may well be there, and not say which it is.
        nameless = (e for e in tree.iter(f"{AKN}eventRef") if not e.get("refersTo"))
        raise MetadataError(line_of(next(nameless, _first(tree, f"{AKN}meta"))), event)
    return _day(found)


def _day(event: etree._Element) -> date:
    text = _attribute(event, "date")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise MetadataError(line_of(event), f"date {text}") from None


def _grade(element: etree._Element, text: str) -> Grade:
    if text not in GRADES:
        raise MetadataError(line_of(element), f"grade {text}")
    return text


def _label(own: etree._Element, name: str) -> Label:
    said = {e.get("lang"): (e.text or "").strip() for e in own.iter(f"{OWN}{name}")}
    return Label(said.get("zh", ""), said.get("en", said.get("zh", "")))


def _outermost(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag in LEVELS:
            yield child
        else:
            yield from _outermost(child)


def _provision(
    element: etree._Element, parent: str, grade: Grade, into: dict[str, Provision]
) -> None:
    eid = _attribute(element, "eId")
    own = _grade(element, element.get(f"{OWN}grade", grade))
    num = element.findtext(f"{AKN}num", "")
    # The end of a paragraph (wrapUp) holds its words itself.
    places = (f"{AKN}content/{AKN}p", f"{AKN}intro/{AKN}p", f"{AKN}p")
    leaves = [p for place in places for p in element.findall(place)]
    text = "".join("".join(str(x) for x in p.itertext()).strip() for p in leaves)
    below = [c for c in element if c.tag in LEVELS]
    into[eid] = Provision(
        eid=eid,
        wid=element.get("wId", eid),
        level=LEVELS[str(element.tag)],
        num=num,
        text=text,
        grade=own,
        held=element.get(f"{OWN}held", "true") != "false",
        parent=parent,
        children=tuple(_attribute(c, "eId") for c in below),
        summary=element.get(f"{OWN}summary", "false") != "false",
    )
    for child in below:
        _provision(child, eid, own, into)
