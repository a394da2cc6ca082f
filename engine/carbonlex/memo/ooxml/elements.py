"""Elements of WordprocessingML, and words as runs in which every character can be seen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from lxml import etree
from lxml.etree import _Element

from carbonlex.memo.escape import visible

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SPACES = {"w": W}
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_WIDE = ("W", "F")


def w(tag: str, *children: _Element, **attributes: str | int) -> _Element:
    """Return an element of the main namespace with its attributes, which are of it too.

    >>> etree.tostring(w("jc", val="both")).endswith(b'w:val="both"/>')
    True
    """
    named = {f"{{{W}}}{name}": str(value) for name, value in attributes.items()}
    made = etree.Element(f"{{{W}}}{tag}", named, nsmap=_SPACES)
    made.extend(children)
    return made


def related(element: _Element, rid: str) -> _Element:
    """Return an element with the id of a relationship set on it."""
    element.set(f"{{{R}}}id", rid)
    return element


def wide(text: str) -> int:
    """Return how many half-width columns words take.

    >>> wide("第29条")
    6
    """
    return sum(2 if unicodedata.east_asian_width(c) in _WIDE else 1 for c in text)


def is_chinese(text: str) -> bool:
    """Whether words have a Chinese character or full-width sign in them.

    Word sets quotation marks and dashes beside such words in the Chinese face only if told to.
    """
    return any(unicodedata.east_asian_width(c) in _WIDE for c in text)


def lines_of(text: str) -> list[str]:
    r"""Return words line by line; what XML or a reader's eye would lose is shown as `\uXXXX`.

    >>> lines_of("甲\u202e乙\r\n丙\x00")
    ['甲\\u202e乙', '丙\\u0000']
    """
    return [str(visible(line)) for line in _LINE_ENDS.split(text)]


def run(
    text: str, style: str = "", *marks: _Element, deleted: bool = False, breaks: bool = True
) -> _Element:
    """Return words as one run: a line end is a break, or a space where `breaks` is false.

    `marks` are properties of the run after its style, in the order of the schema; `deleted` words
    are those of a tracked deletion.
    """
    properties: list[_Element] = [w("rStyle", val=style)] if style else []
    if is_chinese(text):
        properties.append(w("rFonts", hint="eastAsia"))
    properties += marks
    made = w("r", w("rPr", *properties)) if properties else w("r")
    for at, line in enumerate(lines_of(text) if breaks else [" ".join(lines_of(text))]):
        if at:
            made.append(w("br"))
        words = w("delText" if deleted else "t")
        words.text = line
        words.set(_XML_SPACE, "preserve")
        made.append(words)
    return made


def tab() -> _Element:
    """Return a run that goes to the next tab stop."""
    return w("r", w("tab"))


def paragraph(style: str, runs: Iterable[_Element], *properties: _Element) -> _Element:
    """Return a paragraph; `properties` follow its style in the order of the schema."""
    return w("p", w("pPr", w("pStyle", val=style), *properties), *runs)


def field(instruction: str, cached: str, style: str = "") -> _Element:
    """Return a field with the words that it shows until it is brought up to date."""
    return w("fldSimple", run(cached, style), instr=f" {instruction} ")


def link(anchor: str, runs: Iterable[_Element]) -> _Element:
    """Return runs that lead to a bookmark of the same document."""
    return w("hyperlink", *runs, anchor=anchor, history=1)


class Ids:
    """Numbers for bookmarks and tracked changes: one row of them through the whole file."""

    def __init__(self) -> None:
        self.last = 0

    def next(self) -> int:
        """Return a number not given out before."""
        self.last += 1
        return self.last

    def bookmarked(self, name: str, runs: Iterable[_Element]) -> list[_Element]:
        """Return runs with a bookmark about the first of them.

        One that ended with the paragraph would give LibreOffice an empty line where the last
        full stop hangs over the margin.
        """
        at, (first, *rest) = self.next(), runs
        return [w("bookmarkStart", id=at, name=name), first, w("bookmarkEnd", id=at), *rest]
