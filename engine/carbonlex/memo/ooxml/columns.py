"""A document in two languages as a Word file: Chinese on the left, English on the right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from lxml.etree import _Element

from carbonlex.memo.document import Authorities, Block, Document, Section, SideBySide, Signature
from carbonlex.memo.house import House
from carbonlex.memo.ooxml.blocks import blocks, headed, heading_style
from carbonlex.memo.ooxml.changes import LEGEND, side_by_side
from carbonlex.memo.ooxml.elements import W, paragraph, run
from carbonlex.memo.ooxml.package import About, packed
from carbonlex.memo.ooxml.pages import cover, letterhead, notices
from carbonlex.memo.ooxml.setting import Setting, file_of
from carbonlex.memo.ooxml.tables import gap, grid, grid_row
from carbonlex.memo.parallel import Parallel, Row, beside, spans

_GAP = "　"
_LONG = 200  # signs: a longer row may run on to the next page, where a whole one would leave a gap


def two_columns(written: Parallel, house: House) -> bytes:
    """Return a document in two languages, its headings in both; tables one above the other."""
    zh, en = written.zh, written.en
    file = file_of(house, "both", zh.date)
    pair = _Pair(Setting(file, zh, en, "zh"), Setting(file, en, zh, "en"))
    title = f"{zh.title} · {en.title}"
    body = [
        *letterhead(house),
        paragraph("Title", [run(zh.title)]),
        paragraph("Title", [run(en.title, "English")]),
        *cover([*_header(zh, en)], file.sheet),
        *notices(written.notice),
        *pair.sections(written.sections(), 1),
    ]
    subject = dict(zh.header).get("事由", "")
    about = About(title, "both", zh.date, subject, written.digest)
    return packed(file, house, about, body)


def _header(zh: Document, en: Document) -> Iterator[tuple[str, list[str]]]:
    """Yield the pairs of the header in both languages, a value that is the same in both once."""
    for one, other in zip_longest(zh.header, en.header, fillvalue=("", "")):
        label = " ".join(dict.fromkeys(x for x in (one[0], other[0]) if x))
        yield label, [*dict.fromkeys(x for x in (one[1], other[1]) if x)]


class _Pair:
    """The two sides of one file."""

    def __init__(self, zh: Setting, en: Setting) -> None:
        self.zh, self.en, self.file = zh, en, zh.file
        width = self.file.sheet.width
        self.widths = [width // 2, width - width // 2]

    def sections(self, found: Iterable[tuple[Section, Section]], level: int) -> Iterator[_Element]:
        """Yield sections under headings in both languages, and those inside them."""
        for zh, en in found:
            names = [run(headed(zh, "zh", level) + _GAP), run(headed(en, "en", level), "English")]
            yield paragraph(heading_style(level), names)
            yield from self.rows(beside(zh, en))
            yield from self.sections(zip(zh.parts, en.parts, strict=True), level + 1)

    def rows(self, rows: Iterable[Row]) -> Iterator[_Element]:
        """Yield rows: those in two columns as rows of one table, the others at full width."""
        waiting: list[_Element] = []
        for row in rows:
            if not _across(row):
                waiting += self.columns(*row)
                continue
            if waiting:
                yield from self.closed(waiting)
                waiting = []
            yield from self.across(*row)
        if waiting:
            yield from self.closed(waiting)

    def closed(self, rows: list[_Element]) -> Iterator[_Element]:
        """Yield rows as one table of two columns."""
        yield grid(rows, self.widths, ruled=False)
        yield gap()

    def columns(self, zh: Block | None, en: Block | None) -> Iterator[_Element]:
        """Yield two blocks as rows: of lists of one shape each item beside its own."""
        left = _loose(blocks(self.zh, zh)) if zh is not None else []
        right = _loose(blocks(self.en, en)) if en is not None else []
        if [_shape(one) for one in left] == [_shape(one) for one in right]:
            for one, other in zip(left, right, strict=True):
                brief = max(_length(one), _length(other)) <= _LONG
                yield grid_row([[one], [other]], self.widths, whole=brief)
        else:
            yield grid_row([left, right], self.widths, whole=False)

    def across(self, zh: Block | None, en: Block | None) -> Iterator[_Element]:
        """Yield two blocks one above the other; a redline whose words are the same, only once."""
        if isinstance(zh, SideBySide) and isinstance(en, SideBySide) and _same_words(zh, en):
            heads = [f"{a} · {b}" for a, b in zip(zh.headers, en.headers, strict=True)]
            legend = [en.caption, LEGEND["zh"], LEGEND["en"]]
            yield from side_by_side(self.file, zh, legend, (heads[0], heads[1]))
            return
        if isinstance(zh, Signature) and isinstance(en, Signature):
            yield from blocks(self.zh, _signed_once(zh, en))
            return
        for setting, block in ((self.zh, zh), (self.en, en)):
            if block is not None:
                yield from blocks(setting, block)


def _across(row: Row) -> bool:
    """Whether a row stands at full width: authorities are lists, and keep to their columns."""
    if any(isinstance(block, Signature) for block in row):
        return True
    return spans(row) and not any(isinstance(block, Authorities) for block in row)


def _signed_once(zh: Signature, en: Signature) -> Signature:
    """Return one place to sign for both languages."""
    pairs = zip_longest(zh.lines, en.lines, fillvalue="")
    return Signature(tuple(a if a == b else f"{a.rstrip('：')} {b}".strip() for a, b in pairs))


def _loose(found: Iterable[_Element]) -> list[_Element]:
    """Return paragraphs that no longer keep with the next, which divides a table at every page."""
    made = [*found]
    for kept in [k for one in made for k in one.iter(f"{{{W}}}keepNext", f"{{{W}}}keepLines")]:
        parent = kept.getparent()
        if parent is not None:
            parent.remove(kept)
    return made


def _shape(one: _Element) -> tuple[str, ...]:
    """Return the style of a paragraph, and its depth in a list."""
    found = one.iter(f"{{{W}}}pStyle", f"{{{W}}}ilvl")
    return tuple(str(e.get(f"{{{W}}}val")) for e in found)


def _length(one: _Element) -> int:
    return sum(len(words.text or "") for words in one.iter(f"{{{W}}}t"))


def _same_words(zh: SideBySide, en: SideBySide) -> bool:
    """Whether two redlines differ only in what no change is marked in: the names of provisions."""
    return len(zh.rows) == len(en.rows) and all(
        one == other or not any(m.op != "same" for cell in (*one, *other) for m in cell)
        for one, other in zip(zh.rows, en.rows, strict=True)
    )
