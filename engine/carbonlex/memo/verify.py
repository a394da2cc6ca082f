"""Before anything is rendered: every citation resolves, every quote was law on its day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from carbonlex.errors import CitationError
from carbonlex.memo import forms
from carbonlex.memo.document import (
    Authorities,
    AuthorityEntry,
    Citation,
    Document,
    Paragraph,
    QuoteBlock,
    Section,
    Sentence,
    quotes_in,
    sentences_of,
)
from carbonlex.memo.parallel import Parallel, Written
from carbonlex.memo.paths import Source, node_at
from carbonlex.model import weakest
from carbonlex.rulebook.quoting import locate
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import Instrument

_SENTENCE = 12
_OPENING = re.compile("[“‘「『\"']")
_SAME = "{} and {} differ: {}"


def verify(rulebook: Rulebook, source: Source, written: Written) -> None:
    """Check a document against the corpus and what it was read off.

    A citation resolves, and says the provision that it points at in the house's numerals; what
    it relies on was in force on the day for which it is relied on; a quotation stands in the text
    and is neither recalled nor a summary; a sentence of analysis names a node of the proof that
    is there; the table of authorities lists all that is cited, as the corpus holds it; two
    languages have the same parts. Raises `CitationError` at the first failure, which it names.
    """
    if isinstance(written, Parallel):
        _alike(written)
        for document in (written.zh, written.en):
            verify(rulebook, source, document)
        return
    unquotable = _unquotable(rulebook)
    _says_no_quotation(rulebook, written.notice, unquotable)
    for section in written.sections:
        argued = section.id == "analysis"
        for sentence in sentences_of(section):
            for citation in sentence.cites:
                _resolves(rulebook, citation, written)
            _read_off(source, sentence, argued)
            _says_no_quotation(rulebook, sentence.text, unquotable)
        for words in _around(section):
            _says_no_quotation(rulebook, words, unquotable)
        for quote in quotes_in(section):
            _holds(rulebook, quote, written)
            if argued:
                node_at(source, quote.proof)
        for entry in _entries(section):
            _listed(rulebook, entry, written)
    _all_listed(written)


def _resolves(rulebook: Rulebook, citation: Citation, document: Document) -> Instrument:
    place = f"{citation.instrument}#{citation.eid}"
    instrument = _held(rulebook, citation.instrument, citation.eid, citation.uri)
    said = forms.place(instrument, citation.eid, document.lang, document.numerals)
    named = (form(instrument, document.lang) for form in (forms.brief, forms.full))
    if citation.text not in (said, *(forms.cited(n, said, document.lang) for n in named)):
        raise CitationError(f"{place}: {citation.text!r} names another provision")
    if citation.on is not None and not instrument.in_force(citation.on):
        raise CitationError(f"{place}: not in force on {citation.on}")
    return instrument


def _held(rulebook: Rulebook, key: str, eid: str, uri: str) -> Instrument:
    instrument = rulebook.instruments.get(key)
    if instrument is None or (eid and eid not in instrument.provisions):
        raise CitationError(f"{key}#{eid}: not in the corpus")
    if uri != instrument.uri:
        raise CitationError(f"{key}#{eid}: {uri} is not the expression held")
    return instrument


def _read_off(source: Source, sentence: Sentence, argued: bool) -> None:
    if sentence.proof:
        node_at(source, sentence.proof)
    elif argued:
        raise CitationError(f"no proof for {sentence.text!r}")


def _holds(rulebook: Rulebook, quote: QuoteBlock, document: Document) -> None:
    instrument = _resolves(rulebook, quote.cite, document)
    place = f"{quote.cite.instrument}#{quote.cite.eid}"
    if not instrument.in_force(quote.on):
        raise CitationError(f"{place}: quoted for {quote.on}, when it was not in force")
    if not quote.text.strip():
        raise CitationError(f"{place}: a quotation without words")
    found, missing = locate(instrument, instrument.article(quote.cite.eid).eid, (quote.text,))
    if weakest((quote.grade, found.grade)) != quote.grade:
        raise CitationError(f"{place}: quoted as {quote.grade}, held as {found.grade}")
    if missing:
        raise CitationError(f"{place}: not in the text: {missing[0]}")
    if quote.verbatim and "recalled" in (quote.grade, found.grade):
        raise CitationError(f"{place}: recalled words may not be quoted: {quote.text}")
    if quote.verbatim and found.summary:
        raise CitationError(f"{place}: a summary may not be quoted: {quote.text}")


def _unquotable(rulebook: Rulebook) -> frozenset[str]:
    """Return the words that may stand in no quotation marks: recalled, or only a summary."""
    words = {q for n in rulebook.norms.values() if n.grade == "recalled" for q in n.quotes}
    for instrument in rulebook.instruments.values():
        for one in instrument.provisions.values():
            words |= {one.text} if one.summary or one.grade == "recalled" else set()
    # A term of a few words stands in quotation marks in a question about it, and is no quotation.
    return frozenset(w for w in words if len(w) >= _SENTENCE)


def _says_no_quotation(rulebook: Rulebook, text: str, unquotable: frozenset[str]) -> None:
    """Check words in quotation marks of any kind: also a part of what may not be quoted stops."""
    for start in (m.end() for m in _OPENING.finditer(text)):
        begun = text[start : start + _SENTENCE]
        found = [w for w in unquotable if len(begun) == _SENTENCE and begun in w]
        whole = any(text.startswith(w, start) for w in found)
        if found and (whole or not _held_verbatim(rulebook, begun)):
            raise CitationError(f"recalled or summed up, and set as a quotation: {text[start:]}")


def _held_verbatim(rulebook: Rulebook, words: str) -> bool:
    """Whether some provision that may be quoted has these words: then they are its words."""
    return any(
        words in one.text
        for instrument in rulebook.instruments.values()
        for one in instrument.provisions.values()
        if not one.summary and one.grade != "recalled"
    )


def _around(section: Section) -> Iterator[str]:
    """Yield the words that stand before sentences: headings, and leads of paragraphs."""
    for one in section.walk():
        yield one.heading
        yield from (b.lead for b in one.blocks if isinstance(b, Paragraph))


def _entries(section: Section) -> Iterator[AuthorityEntry]:
    for one in section.walk():
        for block in one.blocks:
            if isinstance(block, Authorities):
                yield from block.entries


def _listed(rulebook: Rulebook, entry: AuthorityEntry, document: Document) -> None:
    for point in entry.pinpoints:
        instrument = _held(rulebook, entry.instrument, point.eid, entry.uri)
        said = forms.place(instrument, point.eid, document.lang, document.numerals)
        grade = instrument.grade_of(point.eid) if point.eid else instrument.grade
        if (said and said != point.text) or grade != point.grade:
            place = f"{entry.instrument}#{point.eid}"
            raise CitationError(f"{place}: listed as {point.text!r}, {point.grade}")

    instrument = _held(rulebook, entry.instrument, "", entry.uri)
    title = instrument.title
    named = f"《{title.zh}》" if document.lang == "zh" else title.en
    held = (named, forms.described(instrument, document.lang), instrument.grade)
    if (entry.title, entry.about, entry.grade) != held:
        raise CitationError(f"{entry.instrument}: listed as {entry.title!r}, {entry.about}")


def _all_listed(document: Document) -> None:
    """Check that each citation has its number in the table of authorities."""
    entries = [e for s in document.sections for e in _entries(s)]
    numbers = {(e.instrument, p.eid): p.number for e in entries for p in e.pinpoints}
    for section in document.sections:
        cites = [c for s in sentences_of(section) for c in s.cites]
        for cite in (*cites, *(q.cite for q in quotes_in(section))):
            if numbers.get((cite.instrument, cite.eid)) != cite.authority:
                place = f"{cite.instrument}#{cite.eid}"
                raise CitationError(f"{place}: not no. {cite.authority} of the authorities")


def _alike(written: Parallel) -> None:
    """Check that two languages have the same sections, blocks, proofs and citations."""
    if written.zh.digest != written.en.digest:
        raise CitationError(_SAME.format("zh", "en", "not of one run"))
    zh, en = ([*d.walk()] for d in (written.zh, written.en))
    if [s.id for s in zh] != [s.id for s in en]:
        raise CitationError(_SAME.format("zh", "en", "not the same sections"))
    for one, other in zip(zh, en, strict=True):
        kinds = [[type(b) for b in s.blocks] for s in (one, other)]
        rests = [[(x.proof, _pointed(x)) for x in sentences_of(s)] for s in (one, other)]
        if kinds[0] != kinds[1] or rests[0] != rests[1]:
            raise CitationError(_SAME.format("zh", "en", f"section {one.id}"))


def _pointed(sentence: Sentence) -> list[tuple[str, str]]:
    return [(c.instrument, c.eid) for c in sentence.cites]
