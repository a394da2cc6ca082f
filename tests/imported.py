"""Texts as people have them, for the importer to read: Word files, web pages, plain text."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.sax.saxutils import escape

from lxml import etree

from carbonlex.statutes.importing.draft import Draft
from carbonlex.statutes.importing.identity import Told
from carbonlex.statutes.importing.importer import Import, imported
from carbonlex.statutes.importing.read import source_of
from carbonlex.statutes.importing.structure import structured
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.metadata import AKN, OWN

WORK = "/akn/cn/act/guizhang/mee/2030-01-01/9"
DAY = date(2030, 3, 1)
MADE = date(2030, 2, 1)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TOLD = Told(work=WORK, effective=DAY, maker="示例机关", key="sample-2030")
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def draft_of(text: str | bytes, name: str = "act.txt", title: str = "") -> Draft:
    """Return the structure of a text."""
    data = text.encode() if isinstance(text, str) else text
    return structured(source_of(data, name), title)


def made_of(text: str | bytes, name: str = "act.txt", told: Told = TOLD) -> Import:
    """Return the expression that a text makes."""
    data = text.encode() if isinstance(text, str) else text
    return imported(source_of(data, name), told, {}, MADE)


def eids(draft: Draft) -> list[str]:
    """Return the eIds of every division, in order."""
    return [n.eid for n in draft.nodes()]


def words(made: Import, eid: str) -> str:
    """Return the words of a provision of what was made."""
    return made.instrument.words(eid)


def docx(body: str, parts: dict[str, str | bytes] | None = None) -> bytes:
    """Return a Word file with a body as WordprocessingML, and other parts by path."""
    document = (
        f'<w:document xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'math" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<w:body>{body}</w:body></w:document>"
    )
    types = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    rels = (
        f'<Relationships xmlns="{_RELS}"><Relationship Id="rId1" Type="{_OFFICE}"'
        ' Target="word/document.xml"/></Relationships>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", rels)
        archive.writestr("word/document.xml", document)
        for path, data in (parts or {}).items():
            archive.writestr(path, data)
    return stream.getvalue()


def para(text: str, properties: str = "", run: str = "") -> str:
    """Return a paragraph of WordprocessingML."""
    inner = f"<w:rPr>{run}</w:rPr>" if run else ""
    before = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f'<w:p>{before}<w:r>{inner}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def numbered(level: int, number: int = 1) -> str:
    """Return the properties of a paragraph that Word numbers."""
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'


def numbering(*levels: tuple[str, str]) -> str:
    """Return a part of one list: format and text of each level."""
    made = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{format}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for n, (format, text) in enumerate(levels)
    )
    return (
        f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{made}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
    )


def lines_of(instrument: Instrument, xml: bytes) -> list[str]:
    """Return a statute as a text has it: title, headings, articles, a line to each paragraph."""
    tree = etree.fromstring(xml)
    lines = ["".join(t.itertext()) for t in tree.iter(f"{AKN}docTitle")]
    body = next(tree.iter(f"{AKN}body"))
    pending = ""
    for element in body.iter(etree.Element):
        tag = etree.QName(element).localname
        num, heading = (element.findtext(f"{AKN}{name}", "") for name in ("num", "heading"))
        if tag in ("part", "subpart", "chapter", "section"):
            lines.append(f"{num}　{heading}")
        elif tag == "article":
            pending = f"{num}　"
        elif tag in ("paragraph", "point", "indent"):
            own = instrument.provisions[str(element.get("eId"))]
            lines.append(pending + own.printed)
            pending = ""
    return [line for line in lines if line.strip()]


def bare_body(xml: bytes) -> bytes:
    """Return the body of a statute without what an editor added: wIds, grades, notes."""
    body = next(etree.fromstring(xml, etree.XMLParser(remove_blank_text=True)).iter(f"{AKN}body"))
    for element in body.iter(etree.Element):
        for name in [n for n in element.attrib if str(n).startswith(OWN) or n == "wId"]:
            del element.attrib[name]
    etree.cleanup_namespaces(body)
    return etree.tostring(body, method="c14n")
