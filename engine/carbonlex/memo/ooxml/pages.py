"""The pages of a Word file: letterhead, cover block, running head and foot, paper."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.etree import _Element

from carbonlex.memo.house import House
from carbonlex.memo.ooxml.elements import field, paragraph, related, run, tab, w, wide
from carbonlex.memo.ooxml.sheet import A4, DARK, Sheet
from carbonlex.memo.ooxml.tables import gap, grid, grid_row

_LABEL = 1300


def letterhead(house: House) -> list[_Element]:
    """Return the firm's name and its lines, over a rule; nothing where there are none."""
    made = [paragraph("House", [run(house.name)])] if house.name else []
    made += [paragraph("HouseLine", [run(line)]) for line in house.letterhead]
    if made:
        colour = "FF0000" if house.layout == "official" else DARK
        rule = w("pBdr", w("bottom", val="single", sz=12, space=6, color=colour))
        properties = made[-1][0]
        properties.insert(1, rule)
    return made


def cover(rows: Sequence[tuple[str, Sequence[str]]], sheet: Sheet) -> list[_Element]:
    """Return the table of addressee, sender, date and subject; a value may have two languages."""
    longest = max((wide(label) for label, _ in rows), default=0)
    label = min(max(_LABEL, longest * sheet.body * 5 + 230), sheet.width // 3)
    widths = [label, sheet.width - label]
    made = [
        grid_row(
            [
                [paragraph("CoverLabel", [run(name)])],
                [paragraph("CoverText", [run(value)]) for value in values],
            ],
            widths,
        )
        for name, values in rows
    ]
    return [grid(made, widths, ruled=True), gap()] if made else []


def notices(texts: Sequence[str]) -> list[_Element]:
    """Return what a reader must know before the first section."""
    return [paragraph("Notice", [run(text)]) for text in texts if text]


def header(title: str, house: House, first: bool = False) -> _Element:
    """Return the running head: the short title, and whose document it is; none on page one."""
    if first or house.layout == "official":
        return w("hdr", paragraph("Gap", []))
    words = [run(title, breaks=False), tab(), run(house.name, breaks=False)]
    return w("hdr", paragraph("Header", words))


def footer(house: House, lang: str, even: bool = False) -> _Element:
    """Return the foot of the page: the firm's words, and the page of how many."""
    page, pages = field("PAGE", "1"), field("NUMPAGES", "1")
    if house.layout == "official":
        # 4号半角宋体, a dash on either side; odd pages to the right, even ones to the left.
        side = w("jc", val="left" if even else "right")
        room = w("ind", left=280) if even else w("ind", right=280)
        words = [run("— "), page, run(" —")]
        return w("ftr", paragraph("Footer", words, room, side), *_foot(house))
    said = {
        "zh": [run("第 "), page, run(" 页，共 "), pages, run(" 页")],
        "en": [run("Page "), page, run(" of "), pages],
        "both": [run("第 "), page, run(" 页，共 "), pages, run(" 页 · Page "),
                 field("PAGE", "1"), run(" of "), field("NUMPAGES", "1")],
    }[lang]  # fmt: skip
    return w("ftr", paragraph("Footer", [run(house.footer, breaks=False), tab(), *said]))


def _foot(house: House) -> list[_Element]:
    small = [w("sz", val=17)]
    words = [run(house.footer, "", *small, breaks=False)]
    return [paragraph("Footer", words, w("jc", val="center"))] if house.footer else []


def section(house: House, sheet: Sheet, parts: dict[str, str], notes: str) -> _Element:
    """Return the properties of the pages; `parts` has the relationship of each head and foot.

    `notes` is `footnote` or `endnote`: endnotes have figures, and not the usual Roman numerals.
    """
    made = w("sectPr")
    for kind in ("first", "default", "even"):
        for tag in ("header", "footer"):
            rid = parts.get(f"{tag}-{kind}")
            if rid is not None:
                made.append(related(w(f"{tag}Reference", type=kind), rid))
    official = house.layout == "official"
    far = 1361 if official else 709
    made.extend([
        w(f"{notes}Pr", w("numFmt", val="decimal")),
        w("pgSz", w=A4[0], h=A4[1]),
        w("pgMar", top=sheet.top, right=sheet.right, bottom=sheet.bottom, left=sheet.left,
          header=709, footer=far, gutter=0),
        w("titlePg"),
    ])  # fmt: skip
    return made


def settings(house: House, notes: str) -> _Element:
    """Return the part of settings: no templates, no macros, nothing that is fetched.

    `notes` is `footnote` or `endnote`.
    """
    both_sides = [w("evenAndOddHeaders")] if house.layout == "official" else []
    separators = [w(notes, id=-1), w(notes, id=0)]
    uri = "http://schemas.microsoft.com/office/word"
    return w(
        "settings",
        w("zoom", percent=100),
        w("defaultTabStop", val=420),
        *both_sides,
        w("characterSpacingControl", val="compressPunctuation"),
        w(f"{notes}Pr", *separators),
        w("compat", w("compatSetting", name="compatibilityMode", uri=uri, val=15)),
        w("themeFontLang", val="en-GB", eastAsia="zh-CN"),
        w("decimalSymbol", val="."),
        w("listSeparator", val=","),
    )
