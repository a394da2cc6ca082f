"""The measures of a Word file: a firm's paper, or that of GB/T 9704-2012."""

from __future__ import annotations

from dataclasses import dataclass

from carbonlex.memo.house import House

GREY, RULE, DARK = "595959", "A6A6A6", "404040"
A4 = (11906, 16838)


@dataclass(frozen=True)
class Sheet:
    """Measures: margins and indents in twentieths of a point, type in half points.

    Attributes:
        top, bottom, left, right: margins of the page.
        body, list, table, note: sizes of type of the text, of lists, tables and footnotes.
        title, heading: sizes of type of the title and of headings, level by level.
        pitch: from line to line of the text; `exact` where it may not grow.
        after: space after a paragraph.
        number: indent of a numbered paragraph, in which its number stands.
        step: indent of each depth of a list.
    """

    top: int
    bottom: int
    left: int
    right: int
    body: int
    list: int
    table: int
    note: int
    title: int
    heading: tuple[int, int, int]
    pitch: int
    after: int
    number: int
    step: int
    exact: bool = False

    @property
    def width(self) -> int:
        """The width of the text."""
        return A4[0] - self.left - self.right


CHINESE = Sheet(1440, 1361, 1531, 1531, 24, 21, 18, 18, 36, (30, 26, 24), 440, 100, 652, 340)
ENGLISH = Sheet(1440, 1361, 1531, 1531, 22, 20, 18, 17, 34, (26, 23, 22), 300, 120, 624, 340)
PARALLEL = Sheet(1304, 1247, 1134, 1134, 20, 18, 17, 16, 32, (26, 22, 20), 300, 80, 510, 200)
# 天头 37 mm, 订口 28 mm, 版心 156 mm × 225 mm: 22 lines of 28 characters of 16 points, each of
# which is a quarter of a point closer to the next, since 28 of them are wider than 156 mm.
OFFICIAL = Sheet(
    2098, 1984, 1588, 1474, 32, 28, 21, 21, 44, (32, 32, 32), 579, 0, 880, 420, exact=True
)


def sheet_of(house: House, lang: str) -> Sheet:
    """Return the measures of a house in a language; `both` is two columns."""
    if lang == "both":
        return PARALLEL
    if house.layout == "official":
        return OFFICIAL
    return CHINESE if lang == "zh" else ENGLISH
