"""What can be wrong with what people write: codes, places, remedies.

Errors of content (a rule file, a case file, a statute) are values: every pass collects
`Diagnostic`s and goes on. Exceptions are for callers who misuse the Python API or who ask
for a result where there are only diagnostics.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Code = Literal[
    "file-unreadable",
    "file-too-large",
    "syntax",
    "duplicate-key",
    "name-unknown",
    "type-mismatch",
    "unit-mismatch",
    "range-exceeded",
    "number-inexact",
    "date-impossible",
    "record-malformed",
    "movement-incomplete",
    "movement-overdrawn",
    "serial-malformed",
    "serial-repeated",
    "workbook-unsafe",
    "cell-formula",
    "cell-hidden",
    "cell-merged",
    "question-unknown",
    "expression-forbidden",
    "expression-too-large",
    "quotient-unrounded",
    "quote-mismatch",
    "provision-unknown",
    "norm-malformed",
    "norm-unknown",
    "norm-duplicate",
    "norm-cycle",
    "norm-overlap",
    "parameter-malformed",
    "parameter-missing",
    "coverage-gap",
    "statute-invalid",
    "statute-dangling",
    "statute-overlap",
    "import-unsafe",
    "import-structure",
    "import-identity",
    "import-loss",
    "instrument-unknown",
    "citation-unresolved",
    "overlay-malformed",
    "house-malformed",
    "font-missing",
    "font-broken",
    "glyph-missing",
    "reform-malformed",
    "reform-clash",
    "sweep-malformed",
    "portfolio-key",
    "portfolio-statistics",
    "record-orphan",
    "count-differs",
    "always-differs",
    "store-unreadable",
    "store-altered",
    "record-unknown",
    "signature-refused",
    "replay-impossible",
]
"""Every code a diagnostic can carry; docs/errors.md has an entry for each."""

CODES: tuple[str, ...] = get_args(Code)


@dataclass(frozen=True)
class Location:
    """A place in a file: `line` counts from 1; `cell` is a CSV column, a key path or `sheet!C5`."""

    file: str
    line: int = 0
    cell: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}"
        if self.cell:
            place += f" [{self.cell}]"
        return place


@dataclass(frozen=True)
class Diagnostic:
    """One thing that is wrong, where it stands, and what to do about it.

    `message` and `hint` hold Chinese and English: pairs `(zh, en)`.

    >>> str(Diagnostic("syntax", ("写法有误", "malformed"), Location("a.toml", 3)).where)
    'a.toml:3'
    """

    code: Code
    message: tuple[str, str]
    where: Location
    provisions: tuple[str, ...] = ()
    hint: tuple[str, str] = ("", "")

    def render(self, lang: str = "zh") -> str:
        """Return `file:line: code: message` and, on a second line, the remedy.

        >>> d = Diagnostic("syntax", ("写法有误", "malformed"), Location("a.toml", 3))
        >>> d.render("en")
        'a.toml:3: syntax: malformed'
        """
        at = 1 if lang == "en" else 0
        text = f"{self.where}: {self.code}: {self.message[at]}"
        if self.provisions:
            text += f" ({', '.join(self.provisions)})"
        if self.hint[at]:
            text += f"\n    → {self.hint[at]}"
        return text


class CarbonlexError(Exception):
    """Base of every exception that carbonlex raises on purpose.

    >>> issubclass(ContentError, CarbonlexError) and issubclass(ContentError, ValueError)
    True
    """


class ContentError(CarbonlexError, ValueError):
    """Content was refused; `diagnostics` says what, where, and what to do.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> try:
    ...     carbonlex.case_from({"year": {"2024": {"emisions": 1}}}, rulebook.vocabulary, "plant")
    ... except ContentError as error:
    ...     print(error.diagnostics[0].code)
    name-unknown
    """

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(d.render("en") for d in diagnostics))


class UnknownNorm(CarbonlexError, LookupError):
    """A norm id that the rulebook does not have, or a short id that is not unique."""


class ChainingError(CarbonlexError, RuntimeError):
    """The forward chainer gave no trustworthy answer: there is no verdict."""


class CitationError(CarbonlexError, LookupError):
    """A citation that does not resolve, or a quote that is not in the text in force."""
