"""The document model of a memo: typed, frozen, free of presentation, serialisable to JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from carbonlex.model import Grade, Language

Kind = Literal["compliance", "opinion", "penalty", "drafting", "portfolio"]
Numerals = Literal["han", "arabic"]


@dataclass(frozen=True)
class Text:
    """A stretch of words in a sentence. What a user wrote is a stretch like any other: data."""

    text: str


@dataclass(frozen=True)
class Citation:
    """A pinpoint as it stands in a sentence.

    Attributes:
        text: the words of the citation: the full form at first mention, then the short one.
        instrument, eid: where it points; `eid` is empty for the instrument as a whole.
        uri: FRBR URI of the expression cited.
        authority: number of its entry in the table of authorities.
        on: the day for whose law it is relied on; None where it is only named.
    """

    text: str
    instrument: str
    eid: str
    uri: str
    authority: int
    on: date | None = None

    @property
    def akn(self) -> str:
        """URI of the provision cited: expression, tilde, eId."""
        return f"{self.uri}~{self.eid}" if self.eid else self.uri


Run: TypeAlias = Text | Citation


@dataclass(frozen=True)
class Sentence:
    """One sentence, with what it rests on.

    `proof` is the path of the node of the report that it was read off, such as
    `surrender/2025/test/0/1`; empty outside the analysis.
    """

    runs: tuple[Run, ...]
    proof: str = ""
    grade: Grade | None = None

    @property
    def text(self) -> str:
        """The words, citations included."""
        return "".join(r.text for r in self.runs)

    @property
    def cites(self) -> tuple[Citation, ...]:
        """The citations, in order."""
        return tuple(r for r in self.runs if isinstance(r, Citation))


@dataclass(frozen=True)
class Paragraph:
    """A numbered paragraph; `lead` is a word such as 规定 before its first sentence."""

    number: int
    sentences: tuple[Sentence, ...]
    lead: str = ""


@dataclass(frozen=True)
class QuoteBlock:
    """Words of law. Only `verbatim` words may be set as a quotation; others give the substance.

    `note` says, of words that are not verbatim, what they are; `on` is the day for whose law
    the words are relied on.
    """

    text: str
    cite: Citation
    on: date
    grade: Grade
    verbatim: bool
    note: str = ""
    proof: str = ""


@dataclass(frozen=True)
class Item:
    """One item of a list, at a depth that starts from 0."""

    depth: int
    sentence: Sentence


@dataclass(frozen=True)
class Bullets:
    """A list; deeper items belong to the one before them."""

    items: tuple[Item, ...]


def outline(items: Iterable[Item]) -> Bullets:
    """Return items as a list in which none lies more than one step below the one before it."""
    kept: list[Item] = []
    for item in items:
        depth = min(item.depth, kept[-1].depth + 1 if kept else 0)
        kept.append(Item(depth, item.sentence))
    return Bullets(tuple(kept))


@dataclass(frozen=True)
class Table:
    """A table of plain words; every row has as many cells as there are headers.

    `right` holds the columns, counted from 0, whose cells are numbers and end flush.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    right: tuple[int, ...] = ()


@dataclass(frozen=True)
class Pinpoint:
    """One provision relied on: its number as an authority and the paragraphs that cite it."""

    number: int
    eid: str
    text: str
    grade: Grade
    grade_words: str
    paragraphs: tuple[int, ...]


@dataclass(frozen=True)
class AuthorityEntry:
    """One expression of an instrument relied on, with the provisions cited."""

    instrument: str
    uri: str
    title: str
    about: str
    grade: Grade
    grade_words: str
    pinpoints: tuple[Pinpoint, ...]


@dataclass(frozen=True)
class Authorities:
    """The authorities of one rank; the table of authorities is one such block per rank."""

    rank: str
    label: str
    entries: tuple[AuthorityEntry, ...]


@dataclass(frozen=True)
class Mark:
    """A stretch of words in a redline: the same on both sides, deleted or inserted."""

    op: Literal["same", "deleted", "inserted"]
    text: str


@dataclass(frozen=True)
class SideBySide:
    """A redline (修订对照表): the words before beside those after, line by line."""

    headers: tuple[str, str]
    rows: tuple[tuple[tuple[Mark, ...], tuple[Mark, ...]], ...]
    caption: str = ""


@dataclass(frozen=True)
class Signature:
    """Where an opinion is signed (落款): the lines, set flush right and never broken apart.

    A line that ends in a colon leaves room for a hand to sign.
    """

    lines: tuple[str, ...]


Block: TypeAlias = Paragraph | QuoteBlock | Bullets | Table | SideBySide | Authorities | Signature


@dataclass(frozen=True)
class Section:
    """A section: `id` is the same in every language; `number` is as the language counts."""

    id: str
    number: str
    heading: str
    blocks: tuple[Block, ...]
    parts: tuple[Section, ...] = ()

    def walk(self) -> Iterator[Section]:
        """Yield this section and those inside it, in order."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(frozen=True)
class Document:
    """A memo.

    Attributes:
        header: pairs such as 致 and a name, in order.
        date: the day asked; nothing in a document depends on the day on which it is made.
        digest: the digest of the run.
        notice: what a reader must know before the first section, set under the header.
        numerals: how the provisions of Chinese law are numbered in its citations.
    """

    kind: Kind
    lang: Language
    title: str
    header: tuple[tuple[str, str], ...]
    date: date
    digest: str
    sections: tuple[Section, ...]
    notice: str = ""
    numerals: Numerals = "han"

    def walk(self) -> Iterator[Section]:
        """Yield every section, in order."""
        for section in self.sections:
            yield from section.walk()

    def section(self, name: str) -> Section:
        """Return a section by its id; raises `KeyError`."""
        for section in self.walk():
            if section.id == name:
                return section
        raise KeyError(name)


def sentences_of(section: Section) -> Iterator[Sentence]:
    """Yield every sentence of a section and of those inside it, in order."""
    for one in section.walk():
        for block in one.blocks:
            if isinstance(block, Paragraph):
                yield from block.sentences
            elif isinstance(block, Bullets):
                yield from (i.sentence for i in block.items)


def quotes_in(section: Section) -> Iterator[QuoteBlock]:
    """Yield every block of quoted words of a section and of those inside it, in order."""
    for one in section.walk():
        yield from (b for b in one.blocks if isinstance(b, QuoteBlock))


def to_tree(value: object) -> Any:
    """Return a document, or a part of one, as JSON has it; each value says its `type`.

    >>> to_tree(Sentence((Text("甲"),), "surrender/2025"))["runs"]
    [{'type': 'Text', 'text': '甲'}]
    """
    if is_dataclass(value) and not isinstance(value, type):
        told = {f.name: to_tree(getattr(value, f.name)) for f in fields(value)}
        return {"type": type(value).__name__, **told}
    if isinstance(value, tuple):
        return [to_tree(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value
