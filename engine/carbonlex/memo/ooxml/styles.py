"""The styles of a Word file: no face is left to a theme, East Asian ones are set on each style."""

from __future__ import annotations

from lxml.etree import _Element

from carbonlex.memo.house import House
from carbonlex.memo.ooxml.elements import W, w
from carbonlex.memo.ooxml.sheet import GREY, RULE, Sheet

_TITLE_FACE = "方正小标宋简体"  # 2号小标宋 of GB/T 9704-2012: named, since it may not be shipped
_HEADING_SPACE = ((320, 140), (240, 100), (180, 80))


class StyleSheet:
    """Makes the styles and the font table of one file."""

    def __init__(self, house: House, sheet: Sheet, lang: str) -> None:
        self.house, self.sheet, self.lang = house, sheet, lang
        self.official = house.layout == "official"

    def styles(self) -> _Element:
        """Return the part of styles."""
        return w("styles", self._defaults(), *self._text(), *self._tables(), *self._furniture())

    def fonts(self) -> _Element:
        """Return the font table: each family with those that may stand in for it."""
        told = self.house.fonts
        families = {of[0]: of[1:] for of in (told.latin, told.body, told.heading, told.quote)}
        made = []
        for name, others in families.items():
            stand_ins = [w("altName", val=",".join(others))] if others else []
            made.append(w("font", *stand_ins, name=name))
        return w("fonts", *made)

    def faces(self, of: str, western: bool = True) -> _Element:
        """Return the faces of a style: Chinese `body`, `heading` or `quote`, and the Western.

        Without `western` all words are set in the Chinese face.
        """
        chinese = getattr(self.house.fonts, of)[0]
        other = self.house.fonts.latin[0] if western else chinese
        return w("rFonts", ascii=other, hAnsi=other, eastAsia=chinese, cs=other)

    def strong(self) -> list[_Element]:
        """Return the look of headings: a heading face in Chinese, bold type in English."""
        bold = [w("b")] if self.lang == "en" else []
        return [self.faces("heading", self.lang != "zh"), *bold]

    def _defaults(self) -> _Element:
        look = w("rPr", self.faces("body"), *_size(self.sheet.body))
        look.append(w("lang", val="en-GB", eastAsia="zh-CN", bidi="ar-SA"))
        return w("docDefaults", w("rPrDefault", look), w("pPrDefault"))

    def _text(self) -> list[_Element]:
        """Return the styles of what is read from top to bottom."""
        s, indent = self.sheet, self.sheet.number
        close = [w("spacing", val=-5)] if s.exact else []
        aside = {"left": indent + 300, "right": 280}
        hanging = indent + 600
        layout = [w("widowControl"), self._lines(), *self._justified()]
        normal = _style("Normal", "Normal", layout, close, "")
        normal.set(f"{{{W}}}default", "1")
        return [
            normal,
            _style("Title", "Title", [w("keepNext"), _spaced(s.title * 13, 240, 200), *_centred()],
                   self._title()),
            *(self._heading(level) for level in (1, 2, 3)),
            _style("Numbered", "Numbered Paragraph", [w("ind", left=indent, hanging=indent)]),
            _style("Quote", "Quote", [w("keepLines"), _bar("single"), w("ind", **aside)],
                   [self.faces("quote")]),
            _style("Gist", "Gist, not Verbatim", [_bar("dotted"), w("ind", **aside)],
                   [w("color", val=GREY)]),
            _style("List", "List Bullet", [self._lines(86, 40), *_left()], _size(s.list)),
            _style("Authority", "Authority", [w("keepNext"), _spaced(s.pitch * 6 // 7, 100, 40),
                   *_left()], _size(s.list)),
            _style("Pinpoint", "Authority Pinpoint",
                   [w("tabs", w("tab", val="left", pos=hanging)), _spaced(s.pitch * 4 // 5, 0, 20),
                    w("ind", left=hanging, hanging=600), *_left()], _size(s.list)),
            _style("Signature", "Signature",
                   [w("keepNext"), w("keepLines"), w("ind", left=s.width // 2), *_left()]),
            _style("Clause", "Clause of a Redline", [w("ind", firstLine=s.body * 20)]),
            _style("Point", "Point of a Redline", [w("ind", left=s.body * 20)]),
            _style("Amending", "Amending Words", [w("keepNext"), _spaced(s.list * 13, 280, 40),
                   *_left()], [w("color", val=GREY), *_size(s.list)]),
            *self._notes("Footnote"),
            *self._notes("Endnote"),
            _character("Lead", self.strong()),
            _character("Soft", [w("color", val=GREY)]),
            _character("English", [w("b"), w("lang", val="en-GB")]),
        ]  # fmt: skip

    def _tables(self) -> list[_Element]:
        """Return the styles of tables, of what announces them and of the cover block."""
        s = self.sheet
        line = s.table * 13
        table = _style("TableNormal", "Normal Table", [], kind="table", parent="")
        table.set(f"{{{W}}}default", "1")
        return [
            table,
            _style("Caption", "caption", [w("keepNext"), _spaced(line, 120, 80), *_left()],
                   [*self.strong(), *_size(s.list)]),
            _style("Notice", "Notice", [_spaced(line, 120, 120), *_left()],
                   [w("color", val=GREY), *_size(s.list)]),
            _style("TableText", "Table Text", [_spaced(line, 30, 30), *_left()], _size(s.table)),
            _style("TableHead", "Table Head", [w("keepNext")], self.strong(), "TableText"),
            _style("CoverText", "Cover Text", [_spaced(s.pitch * 9 // 10, 40, 40), *_left()]),
            _style("CoverLabel", "Cover Label", [], self.strong(), "CoverText"),
            _style("Gap", "Gap", [w("spacing", after=0, line=160, lineRule="exact")], _size(8)),
        ]  # fmt: skip

    def _furniture(self) -> list[_Element]:
        """Return the styles of letterhead, running head and foot."""
        s, soft = self.sheet, [w("color", val=GREY), *_size(17)]
        stop = w("tabs", w("tab", val="right", pos=s.width))
        rule = w("pBdr", w("bottom", val="single", sz=4, space=4, color=RULE))
        name = [self.faces("heading", False), w("spacing", val=60), *_size(32)]
        if self.official:  # 发文机关标志: red, over a red rule
            red = [w("color", val="FF0000"), w("spacing", val=40)]
            name = [_face(_TITLE_FACE), *red, *_size(56)]
        return [
            _style("House", "Letterhead", [w("keepNext"), _spaced(360, 0, 60), *_centred()], name),
            _style("HouseLine", "Letterhead Line",
                   [w("keepNext"), _spaced(240, 0, 20), *_centred()],
                   [w("color", val=GREY), *_size(18)]),
            _style("Header", "header", [rule, stop, _spaced(240), *_left()], soft),
            _style("Footer", "footer",
                   [w("tabs", w("tab", val="right", pos=s.width)), _spaced(240), *_left()],
                   _size(28) if self.official else [w("color", val=GREY), *_size(17)]),
        ]  # fmt: skip

    def _heading(self, level: int) -> _Element:
        """Return the style of a heading: black, kept with what follows it."""
        size = self.sheet.heading[level - 1]
        before, after = (0, 0) if self.official else _HEADING_SPACE[level - 1]
        look = self.strong()
        if self.official and level > 1:  # 黑体, 楷体, 仿宋
            of = "quote" if level == 2 else "body"
            look = [self.faces(of, self.lang != "zh"), w("b")]
        layout = [w("keepNext"), w("keepLines"), _spaced(size * 27 // 2, before, after)]
        layout += [*_left(), w("outlineLvl", val=level - 1)]
        return _style(f"Heading{level}", f"heading {level}", layout, [*look, *_size(size)])

    def _title(self) -> list[_Element]:
        size = _size(self.sheet.title)
        return [_face(_TITLE_FACE), *size] if self.official else [*self.strong(), *size]

    def _notes(self, kind: str) -> list[_Element]:
        """Return the styles of footnotes or endnotes, and of the marks that refer to them."""
        size, name = self.sheet.note, kind.lower()
        layout = [_spaced(size * 25 // 2, 0, 20), w("ind", left=240, hanging=240), *_left()]
        mark = _character(f"{kind}Reference", [w("vertAlign", val="superscript")])
        mark[0].set(f"{{{W}}}val", f"{name} reference")
        return [_style(f"{kind}Text", f"{name} text", layout, _size(size)), mark]

    def _lines(self, percent: int = 100, after: int | None = None) -> _Element:
        s = self.sheet
        after, rule = s.after if after is None else after, "exact" if s.exact else "atLeast"
        return w("spacing", after=after, line=s.pitch * percent // 100, lineRule=rule)

    def _justified(self) -> list[_Element]:
        # In narrow columns, and in English with its long words, justified lines gape.
        return [w("jc", val="both")] if self.lang == "zh" else _left()


def _style(
    name: str, shown: str, layout: list[_Element], look: list[_Element] | None = None,
    parent: str = "Normal", kind: str = "paragraph",
) -> _Element:  # fmt: skip
    """Return one style: `layout` of its paragraphs, `look` of its words, in the schema's order."""
    made = w("style", w("name", val=shown), type=kind, styleId=name)
    if parent:
        made.append(w("basedOn", val=parent))
    made.append(w("qFormat"))
    if layout:
        made.append(w("pPr", *layout))
    if look:
        made.append(w("rPr", *look))
    return made


def _character(name: str, look: list[_Element]) -> _Element:
    return _style(name, name, [], look, "", "character")


def _size(half_points: int) -> list[_Element]:
    return [w("sz", val=half_points), w("szCs", val=half_points)]


def _face(name: str) -> _Element:
    return w("rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name)


def _spaced(line: int, before: int = 0, after: int = 0) -> _Element:
    return w("spacing", before=before, after=after, line=line, lineRule="atLeast")


def _bar(kind: str) -> _Element:
    return w("pBdr", w("left", val=kind, sz=12, space=8, color=RULE))


def _left() -> list[_Element]:
    return [w("jc", val="left")]


def _centred() -> list[_Element]:
    return [w("jc", val="center")]
