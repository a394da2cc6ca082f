"""Files of Word and Excel as packages of parts: bounded before anything in them is read.

Nothing is written to disk or fetched, no entity is expanded, and only parts within the package
are read.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, NoReturn, TypeAlias

if TYPE_CHECKING:
    from lxml.etree import _Element

Unfit: TypeAlias = Literal["no-package", "locked", "repeated", "large", "damaged", "markup"]
"""Why a package is not read: no package of its kind; behind a password; two parts of one name;
larger than anyone writes; a part missing or damaged; a DOCTYPE, entities or text not in UTF-8."""

MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes of all parts together."""

_MAX_RATIO = 200
_SMALL = 1024 * 1024  # below this no ratio is too large: a template's own parts pack well
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Relationship:
    """What a part refers to: the last word of its type, the part, by path, and if it is within."""

    kind: str
    target: str
    inside: bool


class OfficePackage(ABC):
    """The parts of one file by path, in any case; what is not safe to read ends in `unfit`."""

    max_parts: ClassVar[int] = 2_000

    def __init__(self, data: bytes) -> None:
        if data.startswith(_OLE):
            self.unfit("locked")
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(data))
            infos = self.archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            self.unfit("no-package")
        if any(i.flag_bits & 1 for i in infos):
            self.unfit("locked")
        # No part is read beyond the size that is told here: the sum bounds all that is ever read.
        unpacked = sum(i.file_size for i in infos)
        blown = any(i.file_size > max(_SMALL, _MAX_RATIO * i.compress_size) for i in infos)
        if len(infos) > self.max_parts or unpacked > MAX_UNPACKED or blown:
            self.unfit("large")
        self.parts: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            name = info.filename.casefold()
            if name in self.parts:
                self.unfit("repeated", info.filename)
            self.parts[name] = info
        if "[content_types].xml" not in self.parts or "_rels/.rels" not in self.parts:
            self.unfit("no-package")

    @abstractmethod
    def unfit(self, why: Unfit, part: str = "") -> NoReturn:
        """Raise `ContentError` in the words of the kind of file."""

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self.parts

    def read(self, name: str) -> bytes:
        """Return the bytes of a part."""
        info = self.parts.get(name.casefold())
        if info is None:
            self.unfit("damaged", name)
        try:
            with self.archive.open(info) as stream:
                # Without a number all would be unpacked before it is cut to the size told.
                return stream.read(info.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError):
            self.unfit("damaged", name)

    def markup(self, name: str) -> bytes:
        """Return the bytes of a part of XML, which is in UTF-8 and declares nothing."""
        data = self.read(name)
        # In UTF-16 every other byte is null; Office writes UTF-8, and so one search is enough.
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data or b"\0" in data:
            self.unfit("markup", name)
        return data

    def root(self, name: str) -> _Element:
        """Return the root element of a part."""
        from lxml import etree

        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False
        )
        try:
            return etree.fromstring(self.markup(name), parser)
        except etree.XMLSyntaxError:
            self.unfit("damaged", name)

    def relationships(self, name: str) -> Mapping[str, Relationship]:
        """Return what a part (or "", the package) refers to, by id."""
        folder, file = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{file}.rels")
        return dict(self.related(rels, folder)) if rels in self else {}

    def related(self, rels: str, folder: str = "") -> Iterator[tuple[str, Relationship]]:
        """Yield what a part of relationships says, by id, seen from a folder of the package."""
        for one in self.root(rels):
            kind, target = one.get("Type", "").rpartition("/")[2], one.get("Target", "")
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield one.get("Id", ""), Relationship(kind, path, one.get("TargetMode") != "External")
