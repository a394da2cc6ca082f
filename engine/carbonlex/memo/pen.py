"""What every document is written with: sentences, paragraphs, lists, and their citations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import cast

from carbonlex.memo.citing import Citer
from carbonlex.memo.document import Bullets, Item, Paragraph, QuoteBlock, Run, Sentence, Text
from carbonlex.memo.house import PLAIN, House
from carbonlex.memo.numerals import in_arabic
from carbonlex.model import Grade, Language
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.sentences import Cite, Line, cites_of, quotes_of

_ENDS = (*"。：；.:;？?", "。”", "？”")


class Pen:
    """One document in the making: its language, and the numbers given out so far."""

    def __init__(self, rulebook: Rulebook, lang: str, house: House = PLAIN) -> None:
        if lang not in ("zh", "en"):
            raise ValueError(f"no language {lang!r}")
        self.rulebook, self.house = rulebook, house
        self.lang = cast(Language, lang)
        self.zh = lang == "zh"
        self.citer = Citer(rulebook, lang, house.numerals)
        self.quoted: set[tuple[str, date]] = set()

    def pick(self, zh: str, en: str) -> str:
        """Return the one of two texts in the document's language."""
        return zh if self.zh else en

    def capital(self, text: str) -> str:
        """Return words of ours as a heading or a sentence begins: English with a capital."""
        # An abbreviation such as n/a stays as it is.
        return text if self.zh or text[1:2] == "/" else text[:1].upper() + text[1:]

    def number(self) -> int:
        """Begin a numbered paragraph: citations made from now on stand in it."""
        self.citer.paragraph += 1
        return self.citer.paragraph

    def restyled(self, text: str) -> str:
        """Return words that name provisions in passing, numbered as the house does it."""
        return in_arabic(text) if self.house.numerals == "arabic" else text

    def sentence(
        self,
        *parts: str | Iterable[Cite],
        proof: str = "",
        grade: Grade | None = None,
        on: date | None = None,
    ) -> Sentence:
        """Return a sentence of words and citations in turn, with its full stop."""
        runs: list[Run] = []
        for part in parts:
            if isinstance(part, str):
                runs += [Text(part)] if part else []
                continue
            for at, citation in enumerate(self.citer.row(part, on)):
                runs += [Text(self.pick("、", "; ")), citation] if at else [citation]
        if runs and isinstance(runs[0], Text):
            runs[0] = Text(self.capital(runs[0].text))
        if not "".join(r.text for r in runs).endswith(_ENDS):
            runs.append(Text(self.pick("。", ".")))
        return Sentence(tuple(runs), proof, grade)

    def rested(
        self, text: str, cites: Iterable[Cite], proof: str = "", grade: Grade | None = None,
        on: date | None = None,
    ) -> Sentence:  # fmt: skip
        """Return a sentence with the citations that it rests on in brackets at its end."""
        cites = tuple(cites)
        if not cites:
            return self.sentence(text, proof=proof, grade=grade)
        opening, closing = self.pick("（", " ("), self.pick("）", ")")
        return self.sentence(text, opening, cites, closing, proof=proof, grade=grade, on=on)

    def line(self, line: Line, proof: str = "", on: date | None = None) -> Sentence:
        """Return a line of words as a sentence."""
        return self.rested(line.text, line.cites, proof, line.grade, on)

    def paragraph(self, *sentences: Sentence, lead: str = "", number: int = 0) -> Paragraph:
        """Return a paragraph; `number` is one begun before its sentences were written."""
        return Paragraph(number or self.number(), sentences, lead)

    def said(self, zh: str, en: str) -> Paragraph:
        """Return a paragraph of one sentence that rests on nothing."""
        return self.paragraph(self.sentence(self.pick(zh, en)))

    def nothing(self) -> Paragraph:
        """Return the paragraph of a section that has nothing to say."""
        return self.said("无", "None")

    def bullets(self, lines: Iterable[Line], on: date | None = None) -> tuple[Bullets, ...]:
        """Return lines as a list, at their depths; nothing if there are none."""
        items = tuple(Item(line.depth, self.line(line, on=on)) for line in lines)
        return (Bullets(items),) if items else ()

    def quotes(self, norm: Norm, proof: str, on: date) -> list[QuoteBlock]:
        """Return the words of a norm, the first time that a day's law is relied on for them."""
        blocks: list[QuoteBlock] = []
        if (norm.id, on) in self.quoted:
            return blocks
        self.quoted.add((norm.id, on))
        for quote in quotes_of(self.rulebook, norm):
            note = "" if quote.quotable else quote.gist(self.lang)
            cite = self.citer.make(quote.cite, on)
            blocks.append(
                QuoteBlock(quote.text, cite, on, quote.grade, quote.quotable, note, proof)
            )
        return blocks

    def cites(self, names: Iterable[str]) -> tuple[Cite, ...]:
        """Return the pinpoints of several norms."""
        return tuple(c for n in names for c in cites_of(self.rulebook.norms[n]))
