"""Blocks of a document as paragraphs and tables of a Word file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml.etree import _Element

from carbonlex.memo.document import (
    Authorities,
    AuthorityEntry,
    Block,
    Bullets,
    Paragraph,
    Pinpoint,
    QuoteBlock,
    Section,
    Sentence,
    SideBySide,
    Signature,
    Table,
)
from carbonlex.memo.ooxml.changes import LEGEND, side_by_side
from carbonlex.memo.ooxml.elements import field, paragraph, run, tab, w
from carbonlex.memo.ooxml.setting import Setting
from carbonlex.memo.ooxml.tables import table


def sections(setting: Setting, found: Iterable[Section], level: int = 1) -> Iterator[_Element]:
    """Yield sections, and those inside them, under headings of their level."""
    for one in found:
        yield paragraph(heading_style(level), [run(headed(one, setting.lang, level))])
        for block in one.blocks:
            yield from blocks(setting, block)
        yield from sections(setting, one.parts, level + 1)


def heading_style(level: int) -> str:
    """Return the style of a heading of a level."""
    return f"Heading{min(level, 3)}"


def headed(section: Section, lang: str, level: int) -> str:
    """Return a heading with its number, as a language counts: 一、, （一）, 1."""
    outermost = level == 1
    between = ("、" if outermost else "") if lang == "zh" else (". " if outermost else " ")
    return section.number + (between if section.number else "") + section.heading


def blocks(setting: Setting, block: Block) -> Iterator[_Element]:
    """Yield one block as paragraphs and tables."""
    if isinstance(block, Paragraph):
        yield numbered(setting, block)
    elif isinstance(block, QuoteBlock):
        yield quoted(setting, block)
    elif isinstance(block, Bullets):
        yield from bullets(setting, block)
    elif isinstance(block, Table):
        yield from table(block, setting.file.sheet.width, setting.file.sheet.table)
    elif isinstance(block, SideBySide):
        yield from side_by_side(setting.file, block, [LEGEND[setting.lang]])
    elif isinstance(block, Authorities):
        yield from authorities(setting, block)
    elif isinstance(block, Signature):
        yield from signature(setting, block)
    else:
        raise TypeError(f"no block of a document: {type(block).__name__}")


def numbered(setting: Setting, block: Paragraph) -> _Element:
    """Return a numbered paragraph, with a bookmark that references to it lead to."""
    lead = [run(block.lead, "Lead")] if block.lead else []
    words = [*lead, *setting.sentences(block.sentences)]
    name = setting.anchor("para", block.number)
    number = setting.file.numbering.number(block.number, setting.side)
    # What announces a list or a quote stands with it: a lead alone at the foot of a page is lost.
    kept = [w("keepNext")] if block.sentences and _opens(block.sentences[-1]) else []
    return paragraph("Numbered", setting.file.ids.bookmarked(name, words), *kept, number)


def _opens(sentence: Sentence) -> bool:
    """Whether a sentence announces what follows it."""
    return sentence.text.endswith(("：", ":"))


def quoted(setting: Setting, block: QuoteBlock) -> _Element:
    """Return words of law: as a quotation only where they are verbatim, else as their gist."""
    cited = [run("——" if setting.zh else " — "), *setting.cited(block.cite)]
    if block.verbatim:
        return paragraph("Quote", [run(f"“{block.text}”"), *cited])
    lead = run(block.note + setting.pick("：", ": "), "Lead")
    return paragraph("Gist", [lead, run(block.text), *cited])


def bullets(setting: Setting, block: Bullets) -> Iterator[_Element]:
    """Yield the items of a list, each at its depth."""
    for item in block.items:
        kept = [w("keepNext")] if _opens(item.sentence) else []
        mark = setting.file.numbering.item(item.depth)
        yield paragraph("List", setting.sentence(item.sentence), *kept, mark)


def authorities(setting: Setting, block: Authorities) -> Iterator[_Element]:
    """Yield the authorities of one rank: the instruments, then the provisions cited of each."""
    yield paragraph("Heading2", [run(block.label)])
    for entry in block.entries:
        yield paragraph("Authority", [run(entry.title), *_about(setting, entry)])
        for point in entry.pinpoints:
            yield pinpoint(setting, point)


def _about(setting: Setting, entry: AuthorityEntry) -> list[_Element]:
    said = f"{entry.about}{setting.pick('；', '; ')}{entry.grade_words}"
    return [run(setting.pick(f"（{said}）", f" ({said})"), "Soft")]


def pinpoint(setting: Setting, point: Pinpoint) -> _Element:
    """Return one provision: its number, its grade, and the paragraphs that cite it as fields."""
    words = [run(f"({point.number})"), tab(), run(point.text)]
    words.append(run(setting.pick(f"（{point.grade_words}）", f" ({point.grade_words})"), "Soft"))
    for at, number in enumerate(point.paragraphs):
        words.append(run(" " if at else setting.pick("：", ": ")))
        words.append(field(f"REF {setting.anchor('para', number)} \\n \\h", f"[{number}]"))
    name = setting.anchor("auth", point.number)
    return paragraph("Pinpoint", setting.file.ids.bookmarked(name, words))


def signature(setting: Setting, block: Signature) -> Iterator[_Element]:
    """Yield where an opinion is signed; a line that ends in a colon has a rule to sign on."""
    width = setting.file.sheet.width
    for line in block.lines:
        if line.endswith(("：", ":")):
            rule = w("tabs", w("tab", val="right", leader="underscore", pos=width))
            yield paragraph("Signature", [run(line), tab()], rule)
        else:
            yield paragraph("Signature", [run(line)])
