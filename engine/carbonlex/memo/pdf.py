"""A document as PDF, set by typst: tagged, archivable, the same bytes for the same words."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from carbonlex.corpus import corpus
from carbonlex.errors import Location
from carbonlex.memo.fonts import (
    Face,
    Family,
    FontSet,
    MissingGlyphs,
    find_fonts,
    missing_glyphs,
    refused,
)
from carbonlex.memo.house import House
from carbonlex.memo.parallel import Written
from carbonlex.memo.pdf_data import BREAK, SET_BESIDES, laid_out, places

if TYPE_CHECKING:
    import typst
    from typst import PDFStandard

STANDARDS: tuple[PDFStandard, ...] = ("a-2a", "ua-1")
"""Archivable and accessible; both also refuse a document with a character that has no glyph."""
_SHANGHAI = timezone(timedelta(hours=8))
_UNSET = re.compile(r"the text `\"(?P<text>.*?)\"` could not be displayed", re.DOTALL)


def typesetter() -> str:
    """Return the name and version of what sets the type: another may set other bytes.

    Raises `ImportError` where the extra `pdf` is not installed.
    """
    from importlib.metadata import version

    return f"typst {version('typst')}"


def fonts_for(written: Written, house: House, paths: Sequence[Path] = ()) -> FontSet:
    """Return the fonts for a document, with spare ones for its rare characters.

    Raises `NoFont`, or `MissingGlyphs` where a character has no glyph in any font found.
    """
    data = laid_out(written, house)
    text = "".join(dict.fromkeys("".join(words for _, words in places(data))))
    fonts = find_fonts(house, paths, text)
    _covered(data, fonts)
    return fonts


def pdf(written: Written, house: House, fonts: FontSet) -> bytes:
    """Return a document as PDF/A-2a and PDF/UA-1.

    The same document, house and fonts give the same bytes on any day and machine that has the same
    `typesetter`. Nothing is read but the template and the fonts, and nothing is fetched. Raises
    `MissingGlyphs` before anything is set, `NoFont` for a font that cannot be set or embedded,
    and `ImportError` where the extra `pdf` is not installed.
    """
    import typst

    data = laid_out(written, house)
    _covered(data, fonts)
    template = (corpus("templates") / "memo.typ").read_bytes()
    year, month, day = data["date"]
    with TemporaryDirectory(prefix="carbonlex-") as name:
        folder = Path(name)
        type_folder, root = folder / "type", folder / "root"
        type_folder.mkdir()
        root.mkdir()
        linked = {face: _linked(face, type_folder) for face in fonts.faces}
        available = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[type_folder]
        )
        data["fonts"] = _chains(fonts, linked, available)
        compiler = typst.Compiler(
            template,
            root=root,
            font_paths=available,
            ignore_system_fonts=True,
            sys_inputs={"memo": json.dumps(data, ensure_ascii=False)},
            # Empty folders: nothing is imported, and a package of the user's is not found either.
            package_path=root,
            package_cache_path=root,
        )
        try:
            made = compiler.compile(
                format="pdf",
                pdf_standards=[*STANDARDS],
                timestamp=datetime(year, month, day, tzinfo=_SHANGHAI),
            )
        except typst.TypstError as error:
            raise _explained(error, data, fonts) from error
    assert isinstance(made, bytes)
    return made


def _covered(data: dict[str, Any], fonts: FontSet) -> None:
    """Refuse what the fonts cannot set, each character with the first place where it stands."""
    text = SET_BESIDES + "".join(words for _, words in places(data))
    missing = fonts.missing(text)
    if missing:
        raise _missing(missing, data)


def _missing(characters: str, data: dict[str, Any]) -> MissingGlyphs:
    title = data["titles"][0].replace(BREAK, "")

    def where(character: str) -> Location:
        place = next((p for p, words in places(data) if character in words), "")
        return Location("PDF", 0, place or title)

    return missing_glyphs(characters, where)


def _linked(face: Face, folder: Path) -> Path:
    """Put a font, and no other, where the typesetter looks; a copy where there are no links."""
    at = folder / f"{face.digest[:16]}{face.path.suffix}"
    if not at.exists():
        try:
            at.symlink_to(face.path)
        except OSError:
            shutil.copyfile(face.path, at)
    return at


def _chains(
    fonts: FontSet, linked: dict[Face, Path], available: typst.Fonts
) -> dict[str, dict[str, list[Any]]]:
    """Return, for each language and role, the families to ask in turn, as the typesetter names
    them.

    In Chinese, quotation marks and dashes are Chinese although a Latin font has them too.
    """
    named = {(os.path.realpath(i.path or ""), i.index): i.family for i in available.fonts()}

    def name(family: Family) -> str:
        face = family[0]
        found = named.get((os.path.realpath(linked[face]), face.index))
        if found is None:
            why = "排版程序不能使用此字体", "the typesetter cannot use this font"
            raise refused([(face.path, *why)])
        return found

    body, spare = name(fonts.body), [name(f) for f in fonts.spare]
    latin = [name(fonts.latin)] if fonts.latin else []
    beside = [{"name": n, "covers": "latin-in-cjk"} for n in latin]
    roles = {role: name(family) for role, family in fonts.roles() if role not in ("latin", "spare")}
    return {
        "zh": {
            role: [*([] if role == "heading" else beside), first, body, *latin, *spare]
            for role, first in roles.items()
        },
        "en": {role: [*latin, first, body, *spare] for role, first in roles.items()},
    }


def _explained(error: typst.TypstError, data: dict[str, Any], fonts: FontSet) -> Exception:
    """Return what the typesetter found wrong as a fault of the fonts, or as its own."""
    unset = _UNSET.search(error.message)
    if unset is not None:
        text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda m: chr(int(m[1], 16)), unset["text"])
        return _missing(text, data)
    if "licens" in error.message:
        why = f"字体不许嵌入：{error.message}", f"the font may not be embedded: {error.message}"
        return refused([(fonts.body[0].path, *why)])
    return RuntimeError(f"typst: {error.message}")
