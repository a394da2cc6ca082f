"""An .xlsx file as a package of parts: bounded before anything in it is read.

Nothing is written to disk, no entity is expanded, and what could make two programs see two
different workbooks (two parts of one name, macros, links to other files) is refused.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from carbonlex.cases.formats import fail
from carbonlex.cases.models import Words, shown
from carbonlex.errors import Location

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_PARTS = 1_000
MAX_UNPACKED = 64 * 1024 * 1024
MAX_RATIO = 200
_SMALL = 1024 * 1024  # below this no ratio is too large: a template's own parts pack well
HERE = Location("")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UNSAFE: tuple[tuple[str, Words], ...] = (
    (r"vbaproject.*\.bin$|xl/macrosheets/", ("宏", "macros")),
    (r"xl/externallinks/", ("外部链接", "links to other workbooks")),
    (r"xl/activex/|xl/ctrlprops/|xl/embeddings/", ("控件、嵌入对象", "controls or other objects")),
    (r"xl/connections\.xml$|xl/querytables/", ("外部数据连接", "data connections")),
)  # fmt: skip


@dataclass(frozen=True)
class Relationship:
    """What a part refers to: the last word of its type, and the part, by path."""

    kind: str
    target: str


class Package:
    """The parts of one workbook by path; raises `ContentError` for what is not safe to read."""

    def __init__(self, data: bytes) -> None:
        self.archive = _opened(data)
        self.unpacked = 0
        self.parts: dict[str, zipfile.ZipInfo] = {}
        for info in self.archive.infolist():
            name = info.filename.casefold()
            if name in self.parts:
                refuse_unsafe(("同名部件", "two parts of one name"), info.filename)
            self.parts[name] = info
        _check_sizes([*self.parts.values()])
        for name in self.parts:
            for pattern, words in _UNSAFE:
                if re.search(pattern, name):
                    refuse_unsafe(words, name)
            if name.endswith((".xml", ".rels", ".vml")):
                self._check_markup(name)
        if b"macroEnabled" in self.read("[Content_Types].xml"):
            refuse_unsafe(("宏", "macros"), "[Content_Types].xml")

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self.parts

    def read(self, name: str) -> bytes:
        """Return the bytes of a part; those of all parts together are bounded."""
        info = self.parts.get(name.casefold())
        if info is None:
            broken(name)
        try:
            with self.archive.open(info) as stream:
                data = stream.read(MAX_UNPACKED + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
            broken(name)
        if len(data) > MAX_UNPACKED:
            refuse_large()
        return data

    def root(self, name: str) -> _Element:
        """Return the root element of a part."""
        from lxml import etree

        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False
        )
        try:
            return etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError:
            broken(name)

    def relationships(self, name: str) -> Mapping[str, Relationship]:
        """Return what a part (or "", the package) refers to within the package, by id."""
        folder, file = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        return dict(self._related(rels, folder)) if rels in self else {}

    def _related(self, rels: str, folder: str) -> Iterator[tuple[str, Relationship]]:
        for one in self.root(rels):
            kind = one.get("Type", "").rpartition("/")[2]
            if one.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))
                yield one.get("Id", ""), Relationship(kind, target.lstrip("/"))

    def _check_markup(self, name: str) -> None:
        data = self.read(name)
        self.unpacked += len(data)
        if self.unpacked > MAX_UNPACKED:
            refuse_large()
        # In UTF-16 every other byte is null; Excel writes UTF-8, and so one search is enough.
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data:
            zh, en = (
                "DOCTYPE、XML 实体或非 UTF-8 文本",
                "a DOCTYPE, XML entities or text not in UTF-8",
            )
            refuse_unsafe((zh, en), name)
        if not name.endswith(".rels"):
            return
        for one in self.root(name):
            link = one.get("Type", "").endswith(
                "/hyperlink"
            )  # an address in a cell: never followed
            if one.get("TargetMode") == "External" and not link:
                refuse_unsafe(("外部链接", "links to other files"), name)


def _opened(data: bytes) -> zipfile.ZipFile:
    hint = ("另存为不加密的 .xlsx", "save it as .xlsx without a password")
    if data.startswith(_OLE):
        words = ("加密的工作簿，或旧式 .xls", "an encrypted workbook, or an old .xls")
        fail("file-unreadable", words, hint, HERE)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        fail("file-unreadable", ("不是 .xlsx 工作簿", "no .xlsx workbook"), hint, HERE)
    if any(i.flag_bits & 1 for i in infos):
        fail("file-unreadable", ("工作簿已加密", "the workbook is encrypted"), hint, HERE)
    names = {i.filename.casefold() for i in infos}
    if "[content_types].xml" not in names or "_rels/.rels" not in names:
        fail("file-unreadable", ("不是 .xlsx 工作簿", "no .xlsx workbook"), hint, HERE)
    return archive


def _check_sizes(infos: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(i.file_size for i in infos)
    blown = any(i.file_size > max(_SMALL, MAX_RATIO * i.compress_size) for i in infos)
    if len(infos) > MAX_PARTS or unpacked > MAX_UNPACKED or blown:
        refuse_large()


def refuse_large() -> NoReturn:
    """Raise `ContentError`: unpacked, the workbook is larger than any that people fill in."""
    mib = MAX_UNPACKED // 1024**2
    zh = f"工作簿解压后超过 {mib} MiB、{MAX_PARTS} 个部件，或压缩比异常"
    en = f"unpacked, the workbook exceeds {mib} MiB or {MAX_PARTS} parts, or is packed too well"
    hint = ("复制到新的模板", "copy the figures into a new template")
    fail("file-too-large", (zh, en), hint, HERE)


def refuse_unsafe(what: Words, part: str) -> NoReturn:
    """Raise `ContentError`: the workbook holds what no case needs."""
    zh, en = (
        f"工作簿含{what[0]}（{shown(part)}）",
        f"the workbook holds {what[1]} ({shown(part)})",
    )
    hint = (
        "另存为不含宏的 .xlsx，断开外部链接",
        "save it as .xlsx without macros, and break its links",
    )
    fail("workbook-unsafe", (zh, en), hint, HERE)


def broken(part: str) -> NoReturn:
    """Raise `ContentError`: a part is missing, damaged or malformed."""
    words = (
        f"工作簿的 {shown(part)} 缺失或损坏",
        f"{shown(part)} of the workbook is missing or damaged",
    )
    hint = ("在 Excel 中打开并另存为 .xlsx", "open it in Excel and save it as .xlsx again")
    fail("syntax", words, hint, HERE)
