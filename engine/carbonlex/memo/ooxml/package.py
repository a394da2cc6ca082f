"""The package of a Word file: its parts, and the same bytes for the same document every time."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from io import BytesIO

from lxml import etree
from lxml.etree import _Element

from carbonlex.memo.house import House
from carbonlex.memo.ooxml.elements import lines_of
from carbonlex.memo.ooxml.pages import footer, header, section, settings
from carbonlex.memo.ooxml.setting import File
from carbonlex.memo.ooxml.styles import StyleSheet
from carbonlex.memo.ooxml.tables import ended

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first day that an archive knows
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    'extended-properties"><Application>carbonlex</Application></Properties>'
)


@dataclass(frozen=True)
class About:
    """What a file says of itself: nothing in it depends on the moment or the machine."""

    title: str
    lang: str
    day: date
    subject: str = ""
    digest: str = ""


def packed(file: File, house: House, about: About, body: Sequence[_Element]) -> bytes:
    """Return a Word file of what was set; raises `ImportError` without python-docx."""
    from docx import Document
    from docx.opc.constants import CONTENT_TYPE as TYPE
    from docx.opc.constants import RELATIONSHIP_TYPE as REL
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = Document()
    main, package = document.part, document.part.package
    # The template of the library has a theme, a picture and styles by the hundred: none is ours.
    for source in (main, package):
        for rid, rel in [*source.rels.items()]:
            if rel.reltype not in (REL.OFFICE_DOCUMENT, REL.CORE_PROPERTIES):
                del source.rels[rid]

    def part(name: str, kind: str, relation: str, root: _Element) -> str:
        blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        made = Part(PackURI(f"/word/{name}.xml"), kind, blob, package)
        return str(main.relate_to(made, relation))

    sheet = StyleSheet(house, file.sheet, about.lang)
    part("styles", TYPE.WML_STYLES, REL.STYLES, sheet.styles())
    part("fontTable", TYPE.WML_FONT_TABLE, REL.FONT_TABLE, sheet.fonts())
    part("settings", TYPE.WML_SETTINGS, REL.SETTINGS, settings(house, file.notes.kind))
    part("numbering", TYPE.WML_NUMBERING, REL.NUMBERING, file.numbering.part())
    if file.notes.kind == "footnote":
        part("footnotes", TYPE.WML_FOOTNOTES, REL.FOOTNOTES, file.notes.part())
    else:
        part("endnotes", TYPE.WML_ENDNOTES, REL.ENDNOTES, file.notes.part())
    kinds = ("first", "default", *(("even",) if house.layout == "official" else ()))
    rids: dict[str, str] = {}
    for kind in kinds:
        head = header(about.title, house, kind == "first")
        foot = footer(house, about.lang, kind == "even")
        rids[f"header-{kind}"] = part(f"header-{kind}", TYPE.WML_HEADER, REL.HEADER, head)
        rids[f"footer-{kind}"] = part(f"footer-{kind}", TYPE.WML_FOOTER, REL.FOOTER, foot)
    app = Part(PackURI("/docProps/app.xml"), TYPE.OFC_EXTENDED_PROPERTIES, _APP.encode(), package)
    package.relate_to(app, REL.EXTENDED_PROPERTIES)

    root = document.element
    for old in [*root.body]:
        root.body.remove(old)
    root.body.extend([*ended(body), section(house, file.sheet, rids, file.notes.kind)])
    for name in [*root.attrib]:
        del root.attrib[name]  # it spoke of namespaces that are not used
    etree.cleanup_namespaces(root)
    _describe(document.core_properties, house, about)
    stream = BytesIO()
    document.save(stream)
    return _fixed(stream.getvalue())


def _describe(properties: object, house: House, about: About) -> None:
    """Set the core properties: the day is that of the document, not that of its making."""
    day = datetime(about.day.year, about.day.month, about.day.day, tzinfo=UTC)
    who = house.name or "carbonlex"
    told: dict[str, object] = {
        "title": about.title, "subject": about.subject, "author": who, "last_modified_by": who,
        "created": day, "modified": day, "last_printed": day, "revision": 1,
        "identifier": about.digest, "language": "en-GB" if about.lang == "en" else "zh-CN",
        "keywords": "", "comments": "", "category": "", "version": "", "content_status": "",
    }  # fmt: skip
    for name, value in told.items():
        text = " ".join(lines_of(value))[:255] if isinstance(value, str) else value
        setattr(properties, name, text)


def _fixed(data: bytes) -> bytes:
    """Return an archive with its parts in order, undated, and stored as they are.

    Compressed bytes differ between builds of zlib; stored ones are the same on every machine.
    """
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        # Readers that sniff a file's type look for the content types first.
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            new.writestr(info, old.read(name))
    return stream.getvalue()
