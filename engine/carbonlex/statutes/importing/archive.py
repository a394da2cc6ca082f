"""A .docx file as a package of parts: bounded before anything in it is read.

Nothing is written to disk or fetched, no entity is expanded, and only parts within the package
are read.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import TYPE_CHECKING, NoReturn

from carbonlex.statutes.importing.source import refuse

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_PARTS = 2_000
MAX_UNPACKED = 64 * 1024 * 1024
MAX_RATIO = 200
_SMALL = 1024 * 1024  # below this no ratio is too large
_OFFICE = "/officeDocument"


class Package:
    """The parts of one Word file by path; raises `ContentError` for what is not safe to read."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(data))
            infos = self.archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            self.no_word()
        names = [i.filename.casefold() for i in infos]
        if any(i.flag_bits & 1 for i in infos) or "[content_types].xml" not in names:
            self.no_word()
        if len(set(names)) < len(names):
            self._unsafe("同名部件", "two parts of one name")
        unpacked = sum(i.file_size for i in infos)
        blown = any(i.file_size > max(_SMALL, MAX_RATIO * i.compress_size) for i in infos)
        if len(infos) > MAX_PARTS or unpacked > MAX_UNPACKED or blown:
            self._large()
        self.parts = dict(zip(names, infos, strict=True))
        self.unpacked = 0

    def read(self, part: str) -> bytes:
        """Return the bytes of a part; those of all parts read are bounded together."""
        info = self.parts.get(part.casefold())
        if info is None:
            self._broken(part)
        try:
            with self.archive.open(info) as stream:
                data = stream.read(MAX_UNPACKED + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
            self._broken(part)
        self.unpacked += len(data)
        if self.unpacked > MAX_UNPACKED:
            self._large()
        return data

    def root(self, part: str) -> _Element | None:
        """Return the root element of a part; None where the package has no such part."""
        from lxml import etree

        if part.casefold() not in self.parts:
            return None
        data = self.read(part)
        # In UTF-16 every other byte is null; Word writes UTF-8, and so one search is enough.
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data:
            self._unsafe("DOCTYPE、XML 实体或非 UTF-8 文本", "a DOCTYPE, XML entities or no UTF-8")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            self._broken(part)

    def document(self) -> str:
        """Return the path of the part that holds the text."""
        rels = self.root("_rels/.rels")
        for one in rels if rels is not None else ():
            inside = one.get("TargetMode") != "External"
            if one.get("Type", "").endswith(_OFFICE) and inside:
                target = one.get("Target", "")
                return posixpath.normpath(posixpath.join("/", target)).lstrip("/")
        self.no_word()

    def no_word(self) -> NoReturn:
        """Raise `ContentError`: it is no Word file that can be read."""
        refuse(
            "file-unreadable", ("不是未加密的 .docx 文件", "no .docx file without a password"),
            self.name,
            ("用 Word 或 WPS 另存为 .docx", "save it as .docx with Word or WPS"),
        )  # fmt: skip

    def _broken(self, part: str) -> NoReturn:
        refuse(
            "file-unreadable", (f"{part} 缺失或损坏", f"{part} is missing or damaged"), self.name,
            ("用 Word 打开并另存为 .docx", "open it in Word and save it as .docx again"),
        )  # fmt: skip

    def _unsafe(self, zh: str, en: str) -> NoReturn:
        refuse(
            "import-unsafe", (f"含{zh}", f"it holds {en}"), self.name,
            ("用 Word 打开并另存为 .docx", "open it in Word and save it as .docx again"),
        )  # fmt: skip

    def _large(self) -> NoReturn:
        mib = MAX_UNPACKED // 1024**2
        refuse(
            "file-too-large",
            (f"解压后超过 {mib} MiB、{MAX_PARTS} 个部件，或压缩比异常",
             f"unpacked, it exceeds {mib} MiB or {MAX_PARTS} parts, or is packed too well"),
            self.name,
            ("一个文件只放一部法律文件，去掉图片", "one instrument to a file, without pictures"),
        )  # fmt: skip
