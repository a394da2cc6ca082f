"""Before anything is rendered: every citation resolves, every quote was law on its day."""

from __future__ import annotations

from carbonlex.errors import CitationError
from carbonlex.memo.document import Citation, Document, QuoteBlock, quotes_in, sentences_of
from carbonlex.memo.paths import node_at
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.quoting import locate
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.citation import pinpoint
from carbonlex.statutes.instruments import Instrument


def verify(rulebook: Rulebook, report: Report, document: Document) -> None:
    """Check a document against corpus and report; raises `CitationError` at the first failure."""
    for section in document.sections:
        for sentence in sentences_of(section):
            for citation in sentence.cites:
                _resolves(rulebook, citation, document.lang)
            if sentence.proof:
                node_at(report, sentence.proof)
            elif section.id == "analysis":
                raise CitationError(f"no proof for {sentence.text!r}")
        for quote in quotes_in(section):
            _holds(rulebook, quote, document.lang)
            if section.id == "analysis":
                node_at(report, quote.proof)


def _resolves(rulebook: Rulebook, citation: Citation, lang: str) -> Instrument:
    place = f"{citation.instrument}#{citation.eid}"
    instrument = rulebook.instruments.get(citation.instrument)
    if instrument is None or (citation.eid and citation.eid not in instrument.provisions):
        raise CitationError(f"{place}: not in the corpus")
    if citation.uri != instrument.uri:
        raise CitationError(f"{place}: {citation.uri} is not the expression held")
    said = pinpoint(instrument, citation.eid, lang) if citation.eid else ""
    if not citation.text.endswith(said):
        raise CitationError(f"{place}: {citation.text!r} names another provision")
    if citation.on is not None and not instrument.in_force(citation.on):
        raise CitationError(f"{place}: not in force on {citation.on}")
    return instrument


def _holds(rulebook: Rulebook, quote: QuoteBlock, lang: str) -> None:
    instrument = _resolves(rulebook, quote.cite, lang)
    place = f"{quote.cite.instrument}#{quote.cite.eid}"
    if not instrument.in_force(quote.on):
        raise CitationError(f"{place}: quoted for {quote.on}, when it was not in force")
    found, missing = locate(instrument, instrument.article(quote.cite.eid).eid, (quote.text,))
    if missing:
        raise CitationError(f"{place}: not in the text: {missing[0]}")
    if quote.verbatim and "recalled" in (quote.grade, found.grade):
        raise CitationError(f"{place}: recalled words may not be quoted: {quote.text}")
    if quote.verbatim and found.summary:
        raise CitationError(f"{place}: a summary may not be quoted: {quote.text}")
