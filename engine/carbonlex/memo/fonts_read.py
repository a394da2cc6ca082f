"""One file of type: the faces in it, their names and weights, and the characters they have."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from stat import S_ISREG
from typing import TYPE_CHECKING

from carbonlex.memo.escape import visible

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

ENDINGS = (".ttf", ".otf", ".ttc", ".otc")
MOST_BYTES = 300_000_000
_MOST_FACES = 64
_PLAIN = (b"\x00\x01\x00\x00", b"OTTO", b"true")
_NAMES = (16, 1, 21)  # typographic family, family, family of weight and slope
_CODES = 0x110000
_ENGLISH = 0x409
_SLOPED = 0x201  # italic, oblique


class BrokenFont(Exception):
    """A file that is no font, is damaged, or is of a kind that cannot be set; `zh` and `en` say."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


@dataclass(frozen=True)
class FoundFace:
    """One face of a file, as it was found.

    Attributes:
        path, index: the file, and the number of the face in a collection, from 0.
        families: names of its family in every language that it gives, the typographic one first.
        weights: lightest and boldest (100 to 900): the same twice unless the font is variable.
        upright: false for italics, obliques, and condensed or widened faces.
    """

    path: Path
    index: int
    families: tuple[str, ...]
    weights: tuple[int, int]
    upright: bool

    @property
    def family(self) -> str:
        """The first of its names."""
        return self.families[0]

    def named(self, family: str) -> bool:
        """Whether a family goes by this name, whatever the case of its letters."""
        return family.casefold() in (f.casefold() for f in self.families)

    def characters(self) -> frozenset[int]:
        """The code points that it has glyphs for; raises `BrokenFont`."""
        return _characters(self.path, self.index, stamp(self.path))


def faces_in(path: Path) -> tuple[FoundFace, ...]:
    """Return the faces of a font file or collection; raises `BrokenFont` or `OSError`."""
    return tuple(_face(path, at) for at in range(_count(path)))


def _count(path: Path) -> int:
    status = path.stat()
    if not S_ISREG(status.st_mode):
        raise BrokenFont("不是普通文件", "not a regular file")  # a pipe would be waited for
    if status.st_size > MOST_BYTES:
        raise BrokenFont("文件过大", "the file is too large")
    with path.open("rb") as stream:
        head = stream.read(12)
    if head[:4] in _PLAIN:
        return 1
    if head[:4] == b"ttcf" and len(head) == 12:
        count: int = struct.unpack(">L", head[8:])[0]
        if 0 < count <= _MOST_FACES:
            return count
    if head[:4] in (b"wOFF", b"wOF2"):
        raise BrokenFont("网页字体不能排版，请用 .ttf 或 .otf", "a web font: use .ttf or .otf")
    raise BrokenFont("不是字体文件", "not a font file")


def stamp(path: Path) -> tuple[int, int]:
    """Return what changes when a file does, so that nothing is remembered of another one."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


@contextmanager
def opened(path: Path, index: int) -> Iterator[TTFont]:
    """Open a face, reading no more than is asked of it; raises `BrokenFont` where it is damaged."""
    import logging

    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.CRITICAL)  # what is wrong is said by us
    try:
        with path.open("rb") as stream, TTFont(stream, fontNumber=index, lazy=True) as font:
            yield font
    except (BrokenFont, OSError):
        raise
    except Exception as error:
        # A damaged table fails in as many ways as there are tables.
        raise BrokenFont(f"字体损坏（{error!r}）", f"the font is damaged ({error!r})") from error


def _face(path: Path, index: int) -> FoundFace:
    with opened(path, index) as font:
        # English names first: faces of one family may give the others in another order, or not.
        names = sorted(font["name"].names, key=lambda r: r.langID not in (0, _ENGLISH))
        # A name is a stranger's: it must not steer the terminal on which it is listed.
        told = [
            str(visible(r.toUnicode("replace").strip()))
            for n in _NAMES
            for r in names
            if r.nameID == n
        ]
        families = tuple(dict.fromkeys(t for t in told if t))
        if not families:
            raise BrokenFont("字体没有名称", "the font has no name")
        weights, upright = _weights(font), True
        if "OS/2" in font:
            table = font["OS/2"]
            upright = not table.fsSelection & _SLOPED and table.usWidthClass in (0, 5)
        return FoundFace(path, index, families, weights, upright)


def _weights(font: TTFont) -> tuple[int, int]:
    if "fvar" in font:
        for axis in font["fvar"].axes:
            if axis.axisTag == "wght":
                return int(axis.minValue), int(axis.maxValue)
    weight = int(font["OS/2"].usWeightClass) if "OS/2" in font else 400
    return weight, weight


@lru_cache(maxsize=32)
def _characters(path: Path, index: int, _: tuple[int, int]) -> frozenset[int]:
    with opened(path, index) as font:
        _bounded(font.reader["cmap"])
        best = font.getBestCmap()
        if not best:
            raise BrokenFont("字体没有 Unicode 字符表", "the font has no table of characters")
        return frozenset(best)


def _bounded(cmap: bytes) -> None:
    """Refuse a table whose ranges claim more characters than there are: it is read into memory."""
    for at in range(struct.unpack_from(">H", cmap, 2)[0]):
        (offset,) = struct.unpack_from(">L", cmap, 4 + 8 * at + 4)
        (kind,) = struct.unpack_from(">H", cmap, offset)
        if kind not in (12, 13):
            continue
        (groups,) = struct.unpack_from(">L", cmap, offset + 12)
        ranges = struct.iter_unpack(">3L", cmap[offset + 16 : offset + 16 + 12 * groups])
        if sum(max(0, last - first + 1) for first, last, _ in ranges) > _CODES:
            raise BrokenFont("字体的字符表不实", "the font's table of characters is not true")
