"""A Chinese font made from the free slices of Noto that the npm registry has, in the user's cache.

The slices are web fonts of about a hundred characters each. They are joined into one TrueType
file a family, with the text of their licence (SIL Open Font License 1.1) beside it.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonlex.writing import write_whole

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

Progress = Callable[[str, int, int], None]
"""Told the step (`fetch`, `read`, `join`), how much is done, and how much there is in all."""
REGISTRY = "https://registry.npmjs.org"
LICENCE = "OFL.txt"
_VERSION = "5.3.0"
_MOST_BYTES = 200_000_000
_MOST_SLICE = 8_000_000
_MOST_SLICES = 400
_KEPT = ("head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "name", "post")
_CHUNK = 1 << 18


@dataclass(frozen=True)
class Source:
    """A package of slices: `integrity` is the SHA-512 of its archive, as the registry states it."""

    package: str
    family: str
    integrity: str

    @property
    def address(self) -> str:
        """Where the archive is, from the registry's own address on."""
        return f"@fontsource/{self.package}/-/{self.package}-{_VERSION}.tgz"

    @property
    def file(self) -> str:
        """The name of the font made of it."""
        return f"{self.family.replace(' ', '')}-Regular.ttf"


SOURCES = (
    Source(
        "noto-serif-sc",
        "Noto Serif SC",
        "0/zaEFkidiWldE62rTeD74x8ygUsQvejiSNtO0LQxQk3qpaHnlMZ3w4C7yH80B4KTIg8VKeFP4oSgwWMchY9+g==",
    ),
    Source(
        "noto-sans-sc",
        "Noto Sans SC",
        "HeqIlGm0+ohOKxZLuHj1qW6r6avHH0OWdKERAcSDI0RQ+MXrteuLKA+M+5eOA8rYy0MFvOR5AT0fQo2rUkye0Q==",
    ),
)


class NotBuilt(Exception):
    """Why a font could not be made, in Chinese and in English."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


def fetch(source: Source, out: Path, progress: Progress, registry: str = REGISTRY) -> None:
    """Fetch the archive of a source to a file; raises `NotBuilt`.

    This is the one place where carbonlex reaches the network, and only where it is told to.
    """
    from http.client import HTTPException
    from urllib.request import Request, urlopen

    address = f"{registry.rstrip('/')}/{source.address}"
    if not address.startswith(("https://", "http://")):
        raise NotBuilt(f"{address}：不是网址", f"{address}: no web address")
    try:
        request = Request(address, headers={"User-Agent": "carbonlex"})
        with urlopen(request, timeout=60) as answer, out.open("wb") as stream:
            size, done = int(answer.headers.get("Content-Length") or 0), 0
            while chunk := answer.read(_CHUNK):
                done += len(chunk)
                if done > _MOST_BYTES:
                    raise NotBuilt(f"{address}：过大", f"{address}: too large")
                stream.write(chunk)
                progress("fetch", done, size)
    except (OSError, HTTPException, ValueError) as error:
        raise NotBuilt(
            f"不能下载 {address}：{error}", f"cannot fetch {address}: {error}"
        ) from error


def build(source: Source, given: Path, folder: Path, progress: Progress) -> Path:
    """Join the slices of an archive, or of a folder that was unpacked, and return the font made.

    An archive must be the very one that is known, by its digest. Font and licence are written whole
    or not at all. Raises `NotBuilt` or `OSError`.
    """
    slices, licence = _unpacked(source, given, progress)
    if not slices or not licence:
        zh, en = "缺少字体切片或许可证文本", "slices or the text of the licence are not there"
        raise NotBuilt(f"{given}：{zh}", f"{given}: {en}")
    made = _join(source, slices, progress)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / LICENCE, licence)
    out = folder / source.file
    write_whole(out, made)
    return out


def sources_in(given: Path, progress: Progress) -> tuple[Source, ...]:
    """Return the sources that an archive is, or that an unpacked folder has; or `NotBuilt`."""
    if given.is_dir():
        names = [p.name for p in given.rglob("*-400-normal.woff")]
        found = tuple(s for s in SOURCES if any(n.startswith(f"{s.package}-") for n in names))
    elif given.is_file():
        known = _integrity(given, progress)
        found = tuple(s for s in SOURCES if s.integrity == known)
    else:
        raise NotBuilt(f"{given}：没有这个文件或目录", f"{given}: no such file or folder")
    if not found:
        wanted = ", ".join(s.address for s in SOURCES)
        raise NotBuilt(f"{given}：不是 {wanted}", f"{given}: none of {wanted}")
    return found


def _unpacked(source: Source, given: Path, progress: Progress) -> tuple[list[bytes], bytes]:
    """Return the slices, those by number first and in order, and the licence."""
    if not given.is_dir() and _integrity(given, progress) != source.integrity:
        zh = f"{given}：摘要与所知的 {source.address} 不符，未采用"
        raise NotBuilt(zh, f"{given}: its digest is not that of {source.address}; it was not used")
    found = dict(_members(given))
    pattern = re.compile(rf"(?:^|/){source.package}-([a-z-]+|\d+)-400-normal\.woff$")
    named = [(m[1], name) for name in found if (m := pattern.search(name))]
    named.sort(key=lambda n: (not n[0].isdigit(), int(n[0]) if n[0].isdigit() else 0, n[0]))
    licence = next((found[n] for n in found if n.endswith(("LICENSE", LICENCE))), b"")
    return [found[name] for _, name in named[:_MOST_SLICES]], licence


def _members(given: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files that may be wanted, each of a bounded size; nothing is unpacked to disk."""
    wanted = re.compile(r"(-400-normal\.woff|LICENSE|OFL\.txt)$")
    if given.is_dir():
        for path in sorted(given.rglob("*")):
            if wanted.search(path.name) and path.is_file() and path.stat().st_size <= _MOST_SLICE:
                yield path.relative_to(given).as_posix(), path.read_bytes()
        return
    try:
        with tarfile.open(given, "r:*") as archive:
            for member in archive:
                if wanted.search(member.name) and member.isreg() and member.size <= _MOST_SLICE:
                    stream = archive.extractfile(member)
                    yield member.name, stream.read() if stream else b""
    except (tarfile.TarError, EOFError, OSError) as error:
        zh, en = f"不能读取：{error}", f"cannot be read: {error}"
        raise NotBuilt(f"{given}：{zh}", f"{given}: {en}") from error


def _integrity(archive: Path, progress: Progress) -> str:
    """Return the SHA-512 of an archive in the way in which registries write it."""
    digest, done, size = hashlib.sha512(), 0, archive.stat().st_size
    with archive.open("rb") as stream:
        while chunk := stream.read(_CHUNK * 16):
            digest.update(chunk)
            done += len(chunk)
            progress("read", done, size)
    return base64.b64encode(digest.digest()).decode()


def _join(source: Source, slices: list[bytes], progress: Progress) -> bytes:
    """Return one font with the characters of all slices; of two glyphs the earlier is kept."""
    from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped]
    from fontTools.ttLib import TTFont

    first: TTFont | None = None
    glyphs: dict[str, Any] = {}
    widths: dict[str, tuple[int, int]] = {}
    characters: dict[int, str] = {}
    for at, data in enumerate(slices, 1):
        try:
            font = TTFont(io.BytesIO(data), recalcTimestamp=False)
            first = first or font
            _take(font, glyphs, widths, characters)
        except Exception as error:
            # A damaged slice fails in as many ways as there are tables.
            zh, en = f"第 {at} 个切片损坏（{error!r}）", f"slice {at} is damaged ({error!r})"
            raise NotBuilt(zh, en) from error
        progress("join", at, len(slices))
    assert first is not None
    for tag in set(first.keys()) - {"GlyphOrder", *_KEPT}:
        del first[tag]
    builder = FontBuilder(font=first)
    builder.setupGlyphOrder([*glyphs])
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics(widths)
    builder.setupCharacterMap(characters)
    builder.setupPost(keepGlyphNames=False)
    # The slices may still be called by the lightest weight of the font that they were cut from.
    family, style = source.family, "Regular"
    told = {1: family, 2: style, 4: f"{family} {style}", 6: source.file[:-4], 16: family, 17: style}
    for record in first["name"].names:
        record.string = told.get(record.nameID, record.string)
    first["OS/2"].usWeightClass = 400
    first.flavor = None
    made = io.BytesIO()
    first.save(made)
    return made.getvalue()


def _take(
    font: TTFont,
    glyphs: dict[str, Any],
    widths: dict[str, tuple[int, int]],
    characters: dict[int, str],
) -> None:
    outlines, metrics = font["glyf"], font["hmtx"].metrics
    if not glyphs:
        glyphs[".notdef"], widths[".notdef"] = outlines[".notdef"], metrics[".notdef"]
    for code, name in font.getBestCmap().items():
        if code in characters:
            continue
        own = f"u{code:05X}"
        glyph = outlines[name]
        if glyph.isComposite():
            raise ValueError(f"{name} is made of other glyphs")
        glyph.removeHinting()
        glyphs[own], widths[own], characters[code] = glyph, metrics[name], own
