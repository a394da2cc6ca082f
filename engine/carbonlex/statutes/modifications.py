"""What an amending act leaves in the metadata: other identity, an event, passive modifications."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from lxml import etree

from carbonlex.statutes.markup import NAMESPACES, parse
from carbonlex.statutes.metadata import AKN, LEVELS, OWN

if TYPE_CHECKING:
    from carbonlex.statutes.amend import Act, Amendment


def identify(tree: etree._Element, act: Act) -> None:
    """Name the expression after the day on which the act takes effect, and its key."""
    day = act.effective.isoformat()
    for part in ("FRBRExpression", "FRBRManifestation"):
        element = next(tree.iter(f"{AKN}{part}"))
        for name in ("FRBRthis", "FRBRuri"):
            uri = next(element.iter(f"{AKN}{name}"))
            value = str(uri.get("value"))
            head, _, tail = value.rpartition("zho@")
            uri.set("value", f"{head}zho@{day}{tail[10:]}")
    next(next(tree.iter(f"{AKN}FRBRExpression")).iter(f"{AKN}FRBRdate")).set("date", day)
    own = next(tree.iter(f"{OWN}instrument"))
    own.set("key", act.key)
    own.set("effective", day)
    own.attrib.pop("effective-grade", None)


def record(tree: etree._Element, act: Act, done: list[Amendment], before: str) -> None:
    """Record who amended what: a reference, an event and the passive modifications."""
    meta = next(tree.iter(f"{AKN}meta"))
    lifecycle, references = _child(meta, "lifecycle"), _child(meta, "references")
    count = sum(1 for _ in references.iter(f"{AKN}passiveRef")) + 1
    name = f"amending_{count}"
    first = next(i for i, e in enumerate(references) if "TLC" in str(e.tag))
    _add(references, first, f'<passiveRef eId="{name}" href="{act.uri}" showAs=""/>')
    references[first].set("showAs", act.title.zh)
    events = len(lifecycle) + 1
    _add(
        lifecycle, len(lifecycle),
        f'<eventRef eId="eref_{events}" date="{act.effective}" type="amendment"'
        f' source="#{name}" refersTo="#effect"/>',
    )  # fmt: skip
    analysis = meta.find(f"{AKN}analysis")
    if analysis is None:
        at = [*meta].index(lifecycle) + 1
        _add(meta, at, '<analysis source="#carbonlex"><passiveModifications/></analysis>')
        analysis = meta[at]
    changes = _child(analysis, "passiveModifications")
    for one in done:
        n = len(changes) + 1
        there = f"{before}/~{one.eid}" if one.kind == "repeal" else f"#{one.eid}"
        _add(
            changes, len(changes),
            f'<textualMod type="{one.kind}" eId="pmod_{n}">'
            f'<source eId="pmod_{n}__source" href="{act.uri}"/>'
            f'<destination eId="pmod_{n}__destination" href="{there}"/></textualMod>',
        )  # fmt: skip
    if not len(changes):
        meta.remove(analysis)
    _still_there(tree, changes, before)


def repealed_by(tree: etree._Element, eid: str) -> str:
    """Return the title of the act that repealed a provision, or what it stood in; empty if none."""
    titles = {str(e.get("href")): str(e.get("showAs")) for e in tree.iter(f"{AKN}passiveRef")}
    for change in tree.iter(f"{AKN}textualMod"):
        source, destination = _child(change, "source"), _child(change, "destination")
        gone = str(destination.get("href")).rpartition("/~")[2]
        if change.get("type") == "repeal" and f"{eid}__".startswith(f"{gone}__"):
            return titles.get(str(source.get("href")), str(source.get("href")))
    return ""


def ended(xml: bytes, day: date) -> bytes:
    """Return an expression that ceases to be law on a day, because another takes its place."""
    tree = parse(xml)
    meta = next(tree.iter(f"{AKN}meta"))
    lifecycle, references = _child(meta, "lifecycle"), _child(meta, "references")
    if all(e.get("eId") != "end" for e in references):
        _add(
            references, len(references),
            '<TLCEvent eId="end" href="/akn/ontology/event/end" showAs="失效"/>',
        )  # fmt: skip
    for event in [e for e in lifecycle if e.get("refersTo") == "#end"]:
        lifecycle.remove(event)
    taken = {e.get("eId") for e in lifecycle}
    name = next(n for n in map("eref_{}".format, count(1)) if n not in taken)
    _add(
        lifecycle, len(lifecycle),
        f'<eventRef eId="{name}" date="{day}" type="repeal" source="#original" refersTo="#end"/>',
    )  # fmt: skip
    own = next(tree.iter(f"{OWN}instrument"))
    own.set("ended", day.isoformat())
    own.attrib.pop("ended-grade", None)
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def _still_there(tree: etree._Element, changes: etree._Element, before: str) -> None:
    """Point what an earlier act did to a provision now gone at the expression that had it."""
    ids = {e.get("eId") for e in tree.iter(*LEVELS)}
    for destination in changes.iter(f"{AKN}destination"):
        target = str(destination.get("href"))
        if target.startswith("#") and target[1:] not in ids:
            destination.set("href", f"{before}/~{target[1:]}")


def _child(element: etree._Element, name: str) -> etree._Element:
    return next(element.iterchildren(f"{AKN}{name}"))


def expression_uri(tree: etree._Element) -> str:
    """Return the URI of the expression that a document holds."""
    uri = next(next(tree.iter(f"{AKN}FRBRExpression")).iter(f"{AKN}FRBRuri"))
    return str(uri.get("value"))


def _add(parent: etree._Element, at: int, text: str) -> None:
    made = parse(f"<x {NAMESPACES}>{text}</x>".encode())[0]
    made.tail = (parent[at - 1].tail if at else parent.text) or "\n"
    if at and at == len(parent):
        parent[at - 1].tail = parent.text
    parent.insert(at, made)
