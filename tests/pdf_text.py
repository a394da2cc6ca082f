"""A small reader of the PDFs that we write: the words of each page, the fonts, the outline."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import cached_property

_TOKEN = re.compile(
    rb"/(?P<font>f\d+)\s+[\d.]+\s+Tf|<(?P<hex>[0-9A-Fa-f\s]*)>(?!>)|(?P<open>\()|(?P<line>\bT[dm*]\b|\bBT\b)"
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Pdf:
    """A PDF without object streams or encryption, as the typesetter makes them."""

    data: bytes

    @cached_property
    def objects(self) -> dict[int, bytes]:
        """The body of each object, by its number."""
        found = re.finditer(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\sendobj", self.data, re.DOTALL)
        return {int(m[1]): m[2] for m in found}

    @cached_property
    def pages(self) -> list[bytes]:
        """The objects of the pages, in order."""
        tree = next(o for o in self.objects.values() if b"/Type/Pages" in o)
        kids = re.search(rb"/Kids\s*\[(.*?)\]", tree, re.DOTALL)
        assert kids is not None
        return [self.objects[int(n)] for n in re.findall(rb"(\d+) 0 R", kids[1])]

    @property
    def text(self) -> str:
        """The words of all pages, in the order in which they are painted, without white space."""
        return "".join(self.words(page) for page in self.pages)

    @property
    def fonts(self) -> set[str]:
        """The names of the fonts, without the mark of a subset."""
        named = re.findall(rb"/FontName/(?:[A-Z]{6}\+)?([^\s/]+)", self.data)
        return {n.decode() for n in named}

    @property
    def outline(self) -> list[str]:
        """The bookmarks, in the order in which they are written."""
        item = re.compile(rb"/Title[<(].*/Parent \d|/Parent \d.*/Title[<(]", re.DOTALL)
        found = [o for o in self.objects.values() if item.search(o)]
        return [self._string(o, b"Title") for o in found]

    @property
    def about(self) -> str:
        """What the file says of itself, as XMP."""
        found = re.search(rb"<\?xpacket begin.*?<\?xpacket end", self.data, re.DOTALL)
        assert found is not None
        return found[0].decode()

    def words(self, page: bytes) -> str:
        """The words of one page."""
        resources = self.objects[_reference(page, b"Resources")]
        maps = {
            name: self._unicode(int(number))
            for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
        }
        painted = self._stream(_reference(page, b"Contents"))
        said, at, font = [], 0, b""
        while match := _TOKEN.search(painted, at):
            at = match.end()
            if match["font"]:
                font = match["font"]
                continue
            if match["open"]:
                raw, at = _literal(painted, at)
            elif match["hex"] is not None:
                raw = bytes.fromhex(match["hex"].decode())
            else:
                continue
            codes = (raw[i : i + 2] for i in range(0, len(raw), 2))
            said += [maps.get(font, {}).get(code, "") for code in codes]
        return re.sub(r"\s", "", "".join(said))

    def _string(self, body: bytes, key: bytes) -> str:
        found = re.search(rb"/" + key + rb"\s*(?:<([0-9A-F]+)>|(\())", body)
        assert found is not None, key
        raw = bytes.fromhex(found[1].decode()) if found[1] else _literal(body, found.end())[0]
        return raw[2:].decode("utf-16-be") if raw[:2] == b"\xfe\xff" else raw.decode("latin-1")

    def _unicode(self, font: int) -> dict[bytes, str]:
        table = self._stream(_reference(self.objects[font], b"ToUnicode"))
        pairs = re.findall(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", table)
        return {
            bytes.fromhex(a.decode()): bytes.fromhex(b.decode()).decode("utf-16-be", "replace")
            for a, b in pairs
        }

    def _stream(self, number: int) -> bytes:
        head, _, rest = self.objects[number].partition(b"stream")
        data = rest.lstrip(b"\r").removeprefix(b"\n")
        return zlib.decompressobj().decompress(data) if b"FlateDecode" in head else data


def _reference(body: bytes, key: bytes) -> int:
    found = re.search(rb"/" + key + rb"\s*(\d+) 0 R", body)
    assert found is not None, key
    return int(found[1])


def _literal(data: bytes, at: int) -> tuple[bytes, int]:
    """Return a string that began before `at`, its escapes undone, and where it ends."""
    out, depth = bytearray(), 1
    while True:
        byte = data[at : at + 1]
        at += 1
        if byte == b"\\":
            octal = re.compile(rb"[0-7]{1,3}").match(data, at)
            if octal:
                out.append(int(octal[0], 8) & 255)
                at = octal.end()
            else:
                out += _ESCAPES.get(data[at : at + 1], data[at : at + 1])
                at += 1
            continue
        depth += (byte == b"(") - (byte == b")")
        if depth == 0:
            return bytes(out), at
        out += byte
