"""Citations as a document makes them: full at first mention, then short; each an authority."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeAlias, TypeVar

from carbonlex.errors import CitationError
from carbonlex.memo import forms
from carbonlex.memo.document import (
    Authorities,
    AuthorityEntry,
    Citation,
    Numerals,
    Pinpoint,
)
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import RANK_LABELS, SUMMARY, Instrument
from carbonlex.words.sentences import Cite, grade_words

Numbers: TypeAlias = Mapping[tuple[str, str], int]
Part = TypeVar("Part")


class Citer:
    """Makes the citations of one document, in the order in which a reader meets them."""

    def __init__(self, rulebook: Rulebook, lang: str, numerals: Numerals = "han") -> None:
        self.rulebook, self.lang, self.zh = rulebook, lang, lang == "zh"
        self.numerals = numerals
        self.paragraphs: dict[Cite, list[int]] = {}
        self.named: set[str] = set()
        self.paragraph = 0

    def make(self, cite: Cite, on: date | None, after: str = "") -> Citation:
        """Return a citation; `after` is the instrument named just before, not to be repeated.

        Raises `CitationError` for a provision that is not there.
        """
        instrument = self.rulebook.instruments.get(cite.instrument)
        if instrument is None or (cite.eid and cite.eid not in instrument.provisions):
            raise CitationError(f"{cite.instrument}#{cite.eid}")
        day = on if cite.as_law else None
        cite = _whole(instrument, Cite(cite.instrument, cite.eid))
        at = forms.place(instrument, cite.eid, self.lang, self.numerals)
        text = at if cite.instrument == after and at else self.name(instrument, at)
        seen = self.paragraphs.setdefault(cite, [])
        if self.paragraph and self.paragraph not in seen:
            seen.append(self.paragraph)
        return Citation(text, cite.instrument, cite.eid, instrument.uri, 0, day)

    def row(self, cites: Iterable[Cite], on: date | None) -> tuple[Citation, ...]:
        """Return several citations, an instrument named once where it is cited in a row."""
        made: list[Citation] = []
        for cite in dict.fromkeys(cites):
            made.append(self.make(cite, on, made[-1].instrument if made else ""))
        return tuple(made)

    def name(self, instrument: Instrument, at: str) -> str:
        """Return title and place: with number and date where it was not named before."""
        first = instrument.key not in self.named
        self.named.add(instrument.key)
        form = forms.full if first else forms.brief
        return forms.cited(form(instrument, self.lang), at, self.lang)

    @property
    def instruments(self) -> list[Instrument]:
        """The instruments cited so far, by rank, then by day of effect."""
        ranks = [*RANK_LABELS]
        found = [self.rulebook.instruments[k] for k in {c.instrument for c in self.paragraphs}]
        return sorted(found, key=lambda i: (ranks.index(i.rank), i.effective, i.key))

    @property
    def numbers(self) -> dict[tuple[str, str], int]:
        """The number of each provision cited, in the order of the table of authorities."""
        cited = [c for i in self.instruments for c in self.cited(i)]
        return {(c.instrument, c.eid): at for at, c in enumerate(cited, 1)}

    def cited(self, instrument: Instrument) -> list[Cite]:
        """Return the provisions of one instrument cited so far, in the order of its text."""
        order = ["", *instrument.provisions]
        found = [c for c in self.paragraphs if c.instrument == instrument.key]
        return sorted(found, key=lambda c: order.index(c.eid))

    def authorities(self) -> tuple[Authorities, ...]:
        """Return the table of authorities: by rank, each provision with where it is cited."""
        numbers = self.numbers
        groups: dict[str, list[AuthorityEntry]] = {}
        for instrument in self.instruments:
            groups.setdefault(instrument.rank, []).append(self.entry(instrument, numbers))
        return tuple(
            # A rank heads its list, and a heading begins with a capital.
            Authorities(rank, RANK_LABELS[rank].of(self.lang).capitalize(), tuple(entries))
            for rank, entries in groups.items()
        )

    def entry(self, instrument: Instrument, numbers: Numbers) -> AuthorityEntry:
        """Return the entry of one instrument."""
        pinpoints = tuple(
            self.pinpoint(instrument, c, numbers[c.instrument, c.eid])
            for c in self.cited(instrument)
        )
        title = f"《{instrument.title.zh}》" if self.zh else instrument.title.en
        return AuthorityEntry(
            instrument.key, instrument.uri, title, forms.described(instrument, self.lang),
            instrument.grade, grade_words(instrument.grade, self.lang), pinpoints,
        )  # fmt: skip

    def pinpoint(self, instrument: Instrument, cite: Cite, number: int) -> Pinpoint:
        """Return one provision with the grade of its words and the paragraphs that cite it."""
        whole = "全文" if self.zh else "as a whole"
        text = forms.place(instrument, cite.eid, self.lang, self.numerals) or whole
        grade = instrument.grade_of(cite.eid) if cite.eid else instrument.grade
        words = grade_words(grade, self.lang)
        if cite.eid and instrument.is_summary(cite.eid):
            words += ("；" if self.zh else "; ") + SUMMARY.of(self.lang)
        paragraphs = tuple(sorted(self.paragraphs[cite]))
        return Pinpoint(number, cite.eid, text, grade, words, paragraphs)


def numbered(value: Part, numbers: Numbers) -> Part:
    """Return a document, or a part of one, with each citation numbered as its authority is."""
    changed: Any = value
    if isinstance(value, Citation):
        changed = replace(value, authority=numbers[value.instrument, value.eid])
    elif isinstance(value, tuple):
        changed = tuple(numbered(v, numbers) for v in value)
    elif is_dataclass(value) and not isinstance(value, type):
        inner = {f.name: numbered(getattr(value, f.name), numbers) for f in fields(value)}
        changed = replace(value, **inner)
    return changed  # type: ignore[no-any-return]


def _whole(instrument: Instrument, cite: Cite) -> Cite:
    """Name the only paragraph of an article for the article, so that both are one authority."""
    provision = instrument.provisions.get(cite.eid)
    if provision is None or provision.level != "article" or len(provision.children) != 1:
        return cite
    return Cite(cite.instrument, provision.children[0])
