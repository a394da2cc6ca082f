"""Documents rendered in their faces and written: verified first, whole or not at all."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from carbonlex.corpus import corpus
from carbonlex.memo.compliance import compliance_memo
from carbonlex.memo.document import Document
from carbonlex.memo.draft import Addressing
from carbonlex.memo.escape import markdown, visible
from carbonlex.memo.house import PLAIN, House
from carbonlex.memo.parallel import Parallel, Written, beside, spans
from carbonlex.memo.paths import Source
from carbonlex.memo.verify import verify
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.writing import write_whole

if TYPE_CHECKING:
    from jinja2 import Environment

    from carbonlex.memo.fonts import FontSet

Face = Literal["md", "html", "docx", "pdf"]
Page = Literal["md", "html"]
FACES: dict[str, Face] = {
    ".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".docx": "docx", ".pdf": "pdf",
}  # fmt: skip
_NEEDS: dict[Face, tuple[str, tuple[str, ...]]] = {
    "docx": ("word", ("docx",)),
    "pdf": ("pdf", ("typst", "fontTools")),
}


class UnknownFormat(ValueError):
    """A file name whose ending names no format that a memo can be written in."""


class MissingExtra(ImportError):
    """A face whose packages are not installed; `extra` is what to install them by."""

    def __init__(self, extra: str) -> None:
        self.extra = extra
        super().__init__(f"pip install 'carbonlex[{extra}]'")


def face_of(out: Path) -> Face:
    """Return the face that the ending of a file asks for; raises `UnknownFormat`."""
    face = FACES.get(out.suffix.lower())
    if face is None:
        raise UnknownFormat(out.suffix)
    return face


def installed(face: Face) -> None:
    """Raise `MissingExtra` where the packages that a face needs are not there."""
    extra, modules = _NEEDS.get(face, ("", ()))
    if any(find_spec(m) is None for m in modules):
        raise MissingExtra(extra)


def write_memo(
    rulebook: Rulebook,
    report: Report,
    out: Path,
    lang: str = "zh",
    addressing: Addressing | None = None,
    house: House = PLAIN,
) -> Document:
    """Write the compliance memo of a report to a file, by its ending, and return the document.

    Raises `UnknownFormat`, `MissingExtra`, `CitationError` or `OSError`; then no file is left, or
    the old one.

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
    face_of(out)
    document = compliance_memo(rulebook, report, lang, addressing, house)
    write_document(rulebook, report, document, out, house)
    return document


def write_document(
    rulebook: Rulebook,
    source: Source,
    written: Written,
    out: Path,
    house: House = PLAIN,
    fonts: FontSet | None = None,
) -> None:
    """Verify a document against rulebook and source, and write it to a file, by its ending.

    Raises `UnknownFormat`, `MissingExtra`, `CitationError`, `OSError`, and for PDF what `pdf`
    raises of fonts; then no file is left, or the old one.
    """
    face = face_of(out)
    verify(rulebook, source, written)
    write_whole(out, render(written, face, house, fonts))


def render(
    written: Written, face: Face, house: House = PLAIN, fonts: FontSet | None = None
) -> bytes:
    """Return a document in one face, the same bytes each time. It is not verified: see `verify`.

    `fonts` are those that set a PDF; where none are given they are looked for.
    """
    installed(face)
    if face == "docx":
        from carbonlex.memo.word import word

        return word(written, house)
    if face == "pdf":
        from carbonlex.memo.pdf import fonts_for, pdf

        return pdf(written, house, fonts or fonts_for(written, house))
    both = isinstance(written, Parallel)
    template = f"memo-parallel.{face}.j2" if both else f"memo.{face}.j2"
    told = {"written": written} if both else {"document": written}
    return environment(face).get_template(template).render(house=house, **told).encode()


@cache
def environment(face: Page) -> Environment:
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
    made.globals.update(beside=beside, spans=spans, plain=PLAIN)
    return made
