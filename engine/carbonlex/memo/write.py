"""Documents rendered from templates and written: verified first, whole or not at all."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from carbonlex.corpus import corpus
from carbonlex.memo.compliance import compliance_memo
from carbonlex.memo.document import Document
from carbonlex.memo.draft import Addressing
from carbonlex.memo.escape import markdown, visible
from carbonlex.memo.verify import verify
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.rulebook import Rulebook

if TYPE_CHECKING:
    from jinja2 import Environment

Face = Literal["md", "html"]
FACES: dict[str, Face] = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html"}


class UnknownFormat(ValueError):
    """A file name whose ending names no format that a memo can be written in."""


def write_memo(
    rulebook: Rulebook,
    report: Report,
    out: Path,
    lang: str = "zh",
    addressing: Addressing | None = None,
) -> Document:
    """Write the compliance memo of a report to a file, by its ending, and return the document.

    Raises `UnknownFormat`, `CitationError` or `OSError`; then no file is left, or the old one.

    >>> import carbonlex, tempfile
    >>> from datetime import date
    >>> rulebook = carbonlex.load_rulebook()
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "steel"}, "year": {"2023": {}}}, rulebook.vocabulary, "plant")
    >>> report = carbonlex.check_case(rulebook, case, date(2024, 6, 1))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     memo = write_memo(rulebook, report, Path(folder) / "memo.md", "en")
    >>> memo.title
    'Compliance Memorandum'
    """
    face = FACES.get(out.suffix.lower())
    if face is None:
        raise UnknownFormat(out.suffix)
    document = compliance_memo(rulebook, report, lang, addressing)
    write_document(rulebook, report, document, out)
    return document


def write_document(rulebook: Rulebook, report: Report, document: Document, out: Path) -> None:
    """Verify a document against rulebook and report, and write it to a file, by its ending.

    Raises `UnknownFormat`, `CitationError` or `OSError`; then no file is left, or the old one.
    """
    face = FACES.get(out.suffix.lower())
    if face is None:
        raise UnknownFormat(out.suffix)
    verify(rulebook, report, document)
    write_whole(out, render(document, face))


def render(document: Document, face: Face) -> str:
    """Return a document as Markdown or HTML. It is not verified here: see `verify`."""
    return environment(face).get_template(f"memo.{face}.j2").render(document=document)


@cache
def environment(face: Face) -> Environment:
    """Return the templates of one face: undefined names are errors, and text is text."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(corpus("templates"))
    made = Environment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=face == "html",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=markdown if face == "md" else visible,
    )
    made.filters["kind"] = lambda block: type(block).__name__
    return made


def write_whole(out: Path, text: str) -> None:
    """Write a file in one step: readers see the old one or the new one, never a part."""
    beside = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with open(beside, "x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        os.replace(beside, out)
    finally:
        beside.unlink(missing_ok=True)
