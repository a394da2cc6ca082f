"""All versions of a work in one document: each provision with the period for which it is so.

Articles (and paragraphs outside any) are compared whole. One that is the same in successive
versions stands once; the others stand beside each other, the newest first. Ids are those of the
newest version; what only older ones have is `art_2v1`, with the number of its version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from carbonlex.exports.akoma.held import held_tree
from carbonlex.exports.scope import NotExported
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.metadata import AKN, LEVELS, OWN

_CONTAINERS = frozenset(f"{AKN}{t}" for t in ("book", "part", "chapter", "section", "subsection"))
_INSIDE = frozenset(f"{AKN}{t}" for t in ("num", "heading", "subheading"))


@dataclass
class Versions:
    """The versions of a work, oldest first, on their way into one body.

    `renamed` holds, for each version, the ids that its provisions have in the document where they
    are not their own; `placed` the provisions as they stand in it, each with a version that it is
    of; `periods` the sets of versions that some provision needs a period for.
    """

    texts: tuple[Instrument, ...]
    renamed: list[dict[str, str]] = field(default_factory=list)
    placed: list[tuple[etree._Element, int]] = field(default_factory=list)
    periods: dict[frozenset[int], str] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        """The number of the newest version, from 0."""
        return len(self.texts) - 1

    def period(self, versions: frozenset[int]) -> str:
        """Return the id of the period in which some versions are in force."""
        return self.periods.setdefault(versions, f"tmpg_{len(self.periods) + 1}")


def merged_body(versions: Versions) -> etree._Element:
    """Return the newest text as a tree, with the body of all versions in the place of its own."""
    trees = [held_tree(text) for text in versions.texts]
    versions.renamed = [{} for _ in trees]
    _same_beside(versions, trees)
    bodies = [_body(tree) for tree in trees]
    for text, body in zip(versions.texts, bodies, strict=True):
        _prepare(body, text)
    made = _body(trees[-1])
    rows = [(number, _provisions(body)) for number, body in enumerate(bodies)]
    inside = list(_merge(versions, rows, frozenset()))
    for child in list(made):
        made.remove(child)
    made.extend(inside)
    _refer_within(versions)
    return trees[-1]


def _body(tree: etree._Element) -> etree._Element:
    body = tree.find(f".//{AKN}body")
    assert body is not None
    return body


def _same_beside(versions: Versions, trees: Sequence[etree._Element]) -> None:
    """Refuse where something beside the body differs: it would be lost."""
    for text, tree in zip(versions.texts, trees, strict=True):
        for part in ("preamble", "conclusions", "attachments", "components"):
            if _form(tree.find(f".//{AKN}{part}")) != _form(trees[-1].find(f".//{AKN}{part}")):
                raise NotExported(
                    f"{text.key} 的 {part} 与新文本不同，不能并入多版本文件",
                    f"{part} of {text.key} differs from the newer text and cannot be merged",
                )


def _form(node: etree._Element | None) -> bytes:
    return b"" if node is None else etree.tostring(node, method="c14n")


def _prepare(body: etree._Element, text: Instrument) -> None:
    """Say the grade of every outermost provision, and drop the white space between elements."""
    for node in body.iter(f"{AKN}*"):
        if len(node) and not (node.text or "").strip() and node.tag != f"{AKN}p":
            node.text = None
        node.tail = None if not (node.tail or "").strip() and not _inline(node) else node.tail
        parent = node.getparent()
        outermost = node.tag in LEVELS and (parent is None or parent.tag not in LEVELS)
        if outermost and node.get(f"{OWN}grade") is None:
            node.set(f"{OWN}grade", text.grade)


def _inline(node: etree._Element) -> bool:
    parent = node.getparent()
    return parent is not None and parent.tag == f"{AKN}p"


def _provisions(node: etree._Element) -> list[etree._Element]:
    return [child for child in node if child.tag in LEVELS or child.tag in _CONTAINERS]


def _identity(node: etree._Element) -> tuple[str, ...]:
    """Return what makes two elements of two versions one: id first held, or place and heading."""
    if node.tag in LEVELS:
        return (str(node.tag), node.get("wId") or node.get("eId") or "")
    told = ("".join(map(str, c.itertext())) for c in node if c.tag in _INSIDE)
    return (str(node.tag), node.get("eId") or "", *told)


def _merge(
    versions: Versions,
    rows: Sequence[tuple[int, list[etree._Element]]],
    within: frozenset[int],
) -> Iterator[etree._Element]:
    """Yield the elements of several versions in one order, each set of versions with its period."""
    for slot in _slots(rows):
        if next(iter(slot.values())).tag in _CONTAINERS:
            yield _container(versions, slot, within)
        else:
            yield from _alternatives(versions, slot, within)


def _slots(
    rows: Sequence[tuple[int, list[etree._Element]]],
) -> list[dict[int, etree._Element]]:
    """Return which elements of the versions are one, in the order of the newest that has them."""
    order: list[tuple[str, ...]] = []
    found: dict[tuple[str, ...], dict[int, etree._Element]] = {}
    for number, row in reversed(rows):
        at = -1
        for node in row:
            identity = _identity(node)
            while number in found.get(identity, {}):
                identity = (*identity, "again")  # two of one version are never one
            if identity in found:
                at = order.index(identity)
            else:
                at += 1
                order.insert(at, identity)
            found.setdefault(identity, {})[number] = node
    return [found[identity] for identity in order]


def _container(
    versions: Versions, slot: dict[int, etree._Element], within: frozenset[int]
) -> etree._Element:
    newest = max(slot)
    shell = deepcopy(slot[newest])
    for child in _provisions(shell):
        shell.remove(child)
    own = frozenset(slot)
    if newest != versions.newest:
        _rename(versions, shell, min(slot), own)
    if own != within:
        shell.set("period", f"#{versions.period(own)}")
    rows = [(number, _provisions(node)) for number, node in sorted(slot.items())]
    shell.extend(_merge(versions, rows, own))
    return shell


def _alternatives(
    versions: Versions, slot: dict[int, etree._Element], within: frozenset[int]
) -> Iterator[etree._Element]:
    """Yield each different form of a provision once, the newest first."""
    groups: list[list[int]] = []
    for number in sorted(slot):
        if groups and _form(slot[groups[-1][-1]]) == _form(slot[number]):
            groups[-1].append(number)
        else:
            groups.append([number])
    for group in reversed(groups):
        made = deepcopy(slot[group[-1]])
        own = frozenset(group)
        if group[-1] != versions.newest:
            _rename(versions, made, group[0], own)
        if own != within:
            made.set("period", f"#{versions.period(own)}")
        versions.placed.append((made, group[-1]))
        yield made


def _rename(versions: Versions, node: etree._Element, number: int, group: frozenset[int]) -> None:
    """Give a provision that only older versions have an id of its own, and keep what it was."""
    old = node.get("eId") or ""
    new = f"{old}v{number + 1}"
    for one in node.iter(f"{AKN}*"):
        eid = one.get("eId")
        if eid is None or not (eid == old or eid.startswith(f"{old}__")):
            continue
        if one.get("wId") is None:
            one.set("wId", eid)
        one.set("eId", new + eid.removeprefix(old))
        for version in group:
            versions.renamed[version][eid] = new + eid.removeprefix(old)


def _refer_within(versions: Versions) -> None:
    """Lead references between provisions to those of the same version, once all are named."""
    for element, number in versions.placed:
        for node in element.iter(f"{AKN}*"):
            for name in ("href", "refersTo"):
                target = node.get(name, "")
                if target.startswith("#") and target[1:] in versions.renamed[number]:
                    node.set(name, f"#{versions.renamed[number][target[1:]]}")
