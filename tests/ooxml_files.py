"""Word files taken apart, for tests: their parts, their text, and what their structure must be."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

from lxml import etree

from carbonlex.memo.document import Document, Section

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT = etree.XMLParser(resolve_entities=False, no_network=True)

# The order in which the schema has the children of what Word reads in order (ISO 29500-1, A.1).
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl numPr pBdr shd tabs kinsoku "
    "overflowPunct snapToGrid spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "ins del rStyle rFonts b i strike color spacing sz szCs u vertAlign lang",
    "tblPr": "tblStyle tblW jc tblInd tblBorders tblLayout tblCellMar tblLook",
    "tblBorders": "top left bottom right insideH insideV",
    "tcPr": "tcW gridSpan tcBorders shd vAlign",
    "tbl": "tblPr tblGrid tr",
    "tr": "trPr tc",
    "sectPr": "headerReference footerReference footnotePr endnotePr pgSz pgMar titlePg docGrid",
    "style": "name basedOn next qFormat pPr rPr tblPr",
    "styles": "docDefaults style",
    "lvl": "start numFmt suff lvlText lvlJc pPr rPr",
    "numbering": "abstractNum num",
    "settings": "zoom defaultTabStop evenAndOddHeaders characterSpacingControl footnotePr "
    "endnotePr compat themeFontLang decimalSymbol listSeparator",
}


def adding(document: Document, heading: str, *blocks: Any) -> Document:
    """Return a document with a section more, its first."""
    return replace(document, sections=(Section("one", "", heading, blocks), *document.sections))


def parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a package by their names."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def tree(data: bytes, name: str = "word/document.xml") -> Any:
    """Return one part as a tree."""
    return etree.fromstring(parts(data)[name], _STRICT)


def text(part: Any) -> str:
    """Return the words of a part, deleted ones included: a break is a line end."""
    said = []
    for element in part.iter(f"{W}t", f"{W}delText", f"{W}br", f"{W}tab", f"{W}p"):
        tag = etree.QName(element).localname
        said.append({"br": "\n", "tab": "\t", "p": "\n"}.get(tag, element.text or ""))
    return "".join(said)


def paragraphs(part: Any, style: str) -> list[Any]:
    """Return the paragraphs of a style."""
    found = part.iter(f"{W}p")
    return [p for p in found if p.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == style]


def read_as(part: Any, accepted: bool) -> Iterator[str]:
    """Yield the paragraphs of a part as they read once its changes are accepted, or refused."""
    gone, mark = ("del", "del") if accepted else ("ins", "ins")
    for p in part.iter(f"{W}p"):
        dropped = {r for change in p.iter(f"{W}{gone}") for r in change}
        words = "".join(
            t.text or "" for t in p.iter(f"{W}t", f"{W}delText") if t.getparent() not in dropped
        )
        if p.find(f"{W}pPr/{W}rPr/{W}{mark}") is None:
            yield words
        else:
            assert not words


def check(data: bytes) -> None:
    """Check what no reader of Word files may stumble over."""
    found = parts(data)
    trees = {
        n: etree.fromstring(b, _STRICT) for n, b in found.items() if n.endswith((".xml", ".rels"))
    }
    assert set(trees) == set(found), "parts that are no XML"
    assert not [n for n in found if "vba" in n.lower() or "embed" in n.lower()]
    assert not any(t.docinfo.doctype for t in (x.getroottree() for x in trees.values()))
    _relationships(trees)
    document = trees["word/document.xml"]
    styles = {s.get(f"{W}styleId") for s in trees["word/styles.xml"].iter(f"{W}style")}
    numbers = {n.get(f"{W}numId") for n in trees["word/numbering.xml"].iter(f"{W}num")}
    ids, names, anchors = [], [], set()
    for name, part in trees.items():
        if not name.startswith("word/") or name.endswith(".rels"):
            continue
        for tag in ("pStyle", "rStyle", "basedOn"):
            assert {e.get(f"{W}val") for e in part.iter(f"{W}{tag}")} <= styles, name
        assert {e.get(f"{W}val") for e in part.iter(f"{W}numId")} <= numbers
        ids += [e.get(f"{W}id") for e in part.iter(f"{W}ins", f"{W}del", f"{W}bookmarkStart")]
        names += [e.get(f"{W}name") for e in part.iter(f"{W}bookmarkStart")]
        anchors |= {e.get(f"{W}anchor") for e in part.iter(f"{W}hyperlink")}
        fields = [e.get(f"{W}instr").split() for e in part.iter(f"{W}fldSimple")]
        anchors |= {f[1] for f in fields if f[0] == "REF"}
        assert not [k for e in part.iter() for k in e.attrib if "Theme" in k]
        _in_order(part)
    assert len(ids) == len(set(ids)), "an id twice"
    assert len(names) == len(set(names)), "a bookmark twice"
    assert anchors <= set(names), anchors - set(names)
    ends = [e.get(f"{W}id") for e in document.iter(f"{W}bookmarkEnd")]
    assert sorted(ends) == sorted(e.get(f"{W}id") for e in document.iter(f"{W}bookmarkStart"))
    for kind in ("footnote", "endnote"):
        asked = [e.get(f"{W}id") for e in document.iter(f"{W}{kind}Reference")]
        part = trees.get(f"word/{kind}s.xml")
        held = [] if part is None else [e.get(f"{W}id") for e in part]
        assert held[:2] == ["-1", "0"] or not asked
        assert asked == held[2:]
    for cell in document.iter(f"{W}tc"):
        assert cell[-1].tag == f"{W}p", "a cell ends with a paragraph"


def _relationships(trees: dict[str, Any]) -> None:
    types = {o.get("PartName") for o in trees["[Content_Types].xml"] if o.get("PartName")}
    assert {f"/{n}" for n in trees if not n.endswith(".rels")} - {"/[Content_Types].xml"} == types
    for name, part in trees.items():
        if name.endswith(".rels"):
            home = posixpath.dirname(posixpath.dirname(name))
            for relation in part:
                assert relation.get("TargetMode") != "External"
                assert posixpath.normpath(posixpath.join(home, relation.get("Target"))) in trees
    held = {r.get("Id") for r in trees["word/_rels/document.xml.rels"]}
    used = [
        v for e in trees["word/document.xml"].iter() for k, v in e.attrib.items() if k.startswith(R)
    ]
    assert set(used) <= held


def _in_order(part: Any) -> None:
    for element in part.iter():
        name = etree.QName(element).localname
        if name in ORDER:
            order = ORDER[name].split()
            told = [etree.QName(c).localname for c in element]
            if name == "sectPr":
                told = [t.replace("header", "x").replace("footer", "x") for t in told]
                order = ["xReference", *order[2:]]
            assert [t for t in told if t not in order] == [], (name, told)
            assert told == sorted(told, key=order.index), (name, told)
