"""One language of a document being set into a Word file: sentences and citations as runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lxml.etree import _Element

from carbonlex.memo.document import Citation, Document, Sentence
from carbonlex.memo.house import House
from carbonlex.memo.ooxml.elements import Ids, lines_of, link, run
from carbonlex.memo.ooxml.notes import Authority, Notes, authorities_of
from carbonlex.memo.ooxml.numbering import Numbering
from carbonlex.memo.ooxml.sheet import Sheet, sheet_of


@dataclass
class File:
    """What the whole of one file shares: measures, numbers, notes and whose changes it has.

    `author` and `stamp` are those of tracked changes; `stamp` is an instant of UTC.
    """

    sheet: Sheet
    author: str
    stamp: str
    ids: Ids = field(default_factory=Ids)
    notes: Notes = field(default_factory=Notes)
    numbering: Numbering = field(init=False)
    noted: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.numbering = Numbering(self.sheet)


def file_of(house: House, lang: str, day: date) -> File:
    """Return a file of a house in a language, or `both`; its changes are those of a day."""
    notes = Notes("endnote" if lang == "both" else "footnote")
    author = " ".join(lines_of(house.name)) or "carbonlex"
    return File(sheet_of(house, lang), author, f"{day}T00:00:00Z", notes=notes)


class Setting:
    """Sets one document into a file; `beside` is its other language, where it has one.

    Only the side that is set first has notes, and then in both languages: a note that stood
    twice would say nothing more.
    """

    def __init__(
        self, file: File, document: Document, beside: Document | None = None, side: str = ""
    ) -> None:
        self.file, self.document, self.side = file, document, side
        self.lang, self.zh = document.lang, document.lang == "zh"
        self.authorities = authorities_of(document)
        self.beside = beside
        self.others = {_key(a): a for a in authorities_of(beside).values()} if beside else {}
        self.noting = beside is None or side == "zh"

    def pick(self, zh: str, en: str) -> str:
        """Return the words of the language of this side."""
        return zh if self.zh else en

    def anchor(self, kind: str, number: int) -> str:
        """Return the name of the bookmark of a numbered paragraph or an authority."""
        return f"{kind}_{number}{'_' + self.side if self.side else ''}"

    def sentences(self, sentences: tuple[Sentence, ...]) -> Iterator[_Element]:
        """Yield sentences as runs: Chinese ones follow one another, English ones after a space."""
        for at, sentence in enumerate(sentences):
            if at and not self.zh:
                yield run(" ")
            yield from self.sentence(sentence)

    def sentence(self, sentence: Sentence) -> Iterator[_Element]:
        """Yield one sentence as runs, its citations as links."""
        for part in sentence.runs:
            if isinstance(part, Citation):
                yield from self.cited(part)
            elif part.text:
                yield run(part.text)

    def cited(self, citation: Citation) -> Iterator[_Element]:
        """Yield a citation, which leads to its authority, and its note at first mention."""
        authority = self.authorities.get(citation.authority)
        if authority is None:
            yield run(citation.text)
            return
        yield link(self.anchor("auth", citation.authority), [run(citation.text)])
        key = _key(authority)
        if self.noting and key not in self.file.noted:
            first = all(uri != authority.entry.uri for uri, _ in self.file.noted)
            self.file.noted.add(key)
            yield self.file.notes.add(*self.note(authority, first))

    def note(self, authority: Authority, first: bool) -> Iterator[list[_Element]]:
        """Yield the words of a note, in each language of the file."""
        yield authority.note(self.lang, self.anchor("auth", authority.point.number), first)
        other = self.others.get(_key(authority))
        if other is not None and self.beside is not None:
            anchor = f"auth_{other.point.number}_{self.beside.lang}"
            yield other.note(self.beside.lang, anchor, first)


def _key(authority: Authority) -> tuple[str, str]:
    return authority.entry.uri, authority.point.eid
