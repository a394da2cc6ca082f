"""Fonts that tests make: every character is a box, and a file is small and at hand anywhere."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

WESTERN = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)]))


@cache
def chinese() -> str:
    """GB 2312 with Latin-1: all that a memo is written with."""
    places = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return WESTERN + "".join(p.decode("gb2312", "ignore") for p in places) + "—–…“”‘’•·"


def font(family: str, characters: Iterable[str], weight: int = 400, **more: Any) -> Any:
    """A font of boxes. `embed` is OS/2 fsType, `names` other names, `axis` makes it variable."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    codes = sorted({ord(c) for c in characters})
    named = {code: f"u{code:05X}" for code in codes}
    pen = TTGlyphPen(None)
    for at, point in enumerate(((60, 0), (60, 700), (440, 700), (440, 0))):
        (pen.lineTo if at else pen.moveTo)(point)
    pen.closePath()
    box = pen.glyph()
    order = [".notdef", *named.values()]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(named)
    builder.setupGlyf(dict.fromkeys(order, box))
    wide = {
        named[c]: (500 if c < 0x2E80 and c not in range(0x2018, 0x2027) else 1000, 60)
        for c in codes
    }
    builder.setupHorizontalMetrics({".notdef": (500, 60), **wide})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    post_script = f"{family.replace(' ', '')}-Regular"
    builder.setupNameTable(
        {
            "familyName": {"en": family, **more.get("names", {})},
            "styleName": "Regular",
            "fullName": family,
            "psName": post_script,
        }
    )
    builder.setupOS2(
        usWeightClass=weight, fsType=more.get("embed", 0), fsSelection=more.get("select", 64),
        sTypoAscender=880, sTypoDescender=-120, usWidthClass=5,
    )  # fmt: skip
    if "axis" in more:
        builder.setupFvar([("wght", *more["axis"], "Weight")], [])
        builder.setupGvar({})
    builder.setupPost(keepGlyphNames=False)
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    return builder.font


def font_file(path: Path, family: str, characters: Iterable[str], **more: Any) -> Path:
    """Write a font of boxes, as a web font where the name ends so, and return the path."""
    made = font(family, characters, **more)
    made.flavor = "woff" if path.suffix == ".woff" else None
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)
    return path


def collection(path: Path, *fonts: Any) -> Path:
    """Write fonts as one collection."""
    from fontTools.ttLib import TTCollection, TTFont

    made = TTCollection()
    for one in fonts:
        stream = io.BytesIO()
        one.save(stream)
        made.fonts.append(TTFont(io.BytesIO(stream.getvalue())))
    made.save(path)
    return path
