"""Sentences with what they rest on: the citation, the quoted words, the grade."""

from __future__ import annotations

from dataclasses import dataclass

from carbonlex.errors import CitationError
from carbonlex.model import Grade
from carbonlex.rulebook.norms import Norm, Parameter
from carbonlex.rulebook.quoting import locate
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import GRADE_LABELS, SUMMARY


@dataclass(frozen=True)
class Cite:
    """A pinpoint: an instrument by key and a provision by eId.

    `as_law` false: where a figure is reported from, which need not be in force on the day.
    """

    instrument: str
    eid: str
    as_law: bool = True


@dataclass(frozen=True)
class Quote:
    """Words of law as quoted, with where they stand.

    Neither `recalled` words nor a summary are ever set as a quote.
    """

    text: str
    cite: Cite
    grade: Grade
    summary: bool = False

    @property
    def quotable(self) -> bool:
        """Whether the words may stand in quotation marks."""
        return self.grade != "recalled" and not self.summary

    def written(self, lang: str) -> str:
        """Return the words in quotation marks, or with what they are in place of a quotation."""
        if self.quotable:
            return f"“{self.text}”"
        return f"{self.gist(lang)}{'：' if lang == 'zh' else ': '}{self.text}"

    def gist(self, lang: str) -> str:
        """Return what to call words that may not stand in quotation marks, with their grade."""
        grade = grade_words(self.grade, lang)
        if self.summary:
            said = SUMMARY.of(lang)
            return f"{said}（{grade}）" if lang == "zh" else f"{said.capitalize()} ({grade})"
        return f"大意（{grade}）" if lang == "zh" else f"In substance ({grade})"


@dataclass(frozen=True)
class Line:
    """One sentence of a proof: how deep it stands, its words, what it rests on."""

    depth: int
    text: str
    cites: tuple[Cite, ...] = ()
    quotes: tuple[Quote, ...] = ()
    grade: Grade | None = None


def cites_of(norm: Norm) -> tuple[Cite, ...]:
    """Return the pinpoints of a norm."""
    return tuple(Cite(norm.instrument, eid) for eid in norm.provisions)


def quotes_of(rulebook: Rulebook, norm: Norm) -> tuple[Quote, ...]:
    """Return the words that a norm quotes; raises `CitationError` if they are not in the text.

    The quotes were checked when the rulebook loaded; they are checked again where they go out.
    """
    instrument = rulebook.instruments[norm.instrument]
    article = instrument.article(norm.provisions[0]).eid
    found, missing = locate(instrument, article, norm.quotes)
    if missing:
        raise CitationError(f"{norm.id}: {missing[0]}")
    cite = Cite(norm.instrument, norm.provisions[0])
    return tuple(Quote(text, cite, norm.grade, found.summary) for text in norm.quotes)


def written_cites(
    rulebook: Rulebook, cites: tuple[Cite, ...], lang: str, short: bool = True
) -> str:
    """Return citations in one line, the instrument named once.

    Raises `CitationError` for a provision that is not there.
    """
    parts: list[str] = []
    last = ""
    for cite in cites:
        instrument = rulebook.instruments.get(cite.instrument)
        if instrument is None or cite.eid not in instrument.provisions:
            raise CitationError(f"{cite.instrument}#{cite.eid}")
        full = rulebook.cite(cite.instrument, cite.eid, lang, short)
        name = (instrument.short if short else instrument.title).of(lang)
        if cite.instrument == last:
            full = full.removeprefix(f"《{name}》").removeprefix(f"{name}, ")
        parts.append(full)
        last = cite.instrument
    return ("、" if lang == "zh" else "; ").join(parts)


def grade_words(grade: Grade, lang: str) -> str:
    """Return the name of a source grade for people."""
    return GRADE_LABELS[grade].of(lang)


def flagged(grade: Grade, lang: str) -> str:
    """Return a remark on grades that a reader must know of; nothing for good ones."""
    if grade in ("official", "official-mirror"):
        return ""
    words = grade_words(grade, lang)
    return f"〔{words}〕" if lang == "zh" else f" [{words}]"


def parameter_source(
    rulebook: Rulebook, parameter: Parameter, entry: int, lang: str
) -> tuple[str, Grade]:
    """Return where a parameter's value comes from, and its grade."""
    value = parameter.spans[entry].entry
    assert value is not None
    cites = tuple(Cite(parameter.instrument, e) for e in parameter.provisions)
    said = written_cites(rulebook, cites, lang)
    if value.source:
        named = rulebook.cite(*value.cited, lang)
        said += f"；{named}" if lang == "zh" else f"; {named}"
    return said, value.grade
