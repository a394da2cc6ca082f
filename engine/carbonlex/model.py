"""Frozen values that every layer shares. This module imports nothing of carbonlex but errors
and quantities, and knows no law."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from carbonlex.errors import Location
from carbonlex.quantities import Range

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Label:
    """A name for people, in Chinese and in English."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        """Return the label in one language.

        >>> Label("清缴", "surrender").of("en")
        'surrender'
        """
        return self.en if lang == "en" else self.zh


Grade = Literal["official", "official-mirror", "single-page", "secondary", "recalled", "draft"]
GRADES: tuple[Grade, ...] = (
    "official",
    "official-mirror",
    "single-page",
    "secondary",
    "recalled",
    "draft",  # words that a reform puts in the place of law: nobody has enacted them
)


def weakest(grades: list[Grade] | tuple[Grade, ...]) -> Grade:
    """Return the grade of the weakest link: the grade of a conclusion that rests on all.

    >>> weakest(("official-mirror", "recalled", "single-page"))
    'recalled'
    """
    return max(grades, key=GRADES.index, default="official")


Outcome = Literal["complied", "breached", "pending", "not_applicable", "undetermined", "conflict"]


class Unknown:
    """The one value of what has not been told: not zero, not false.

    >>> UNKNOWN is UNKNOWN, UNKNOWN == 0
    (True, False)
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value has no truth; compare with `is UNKNOWN`")

    def __reduce__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()

Scalar: TypeAlias = bool | Fraction | date | str
Value: TypeAlias = Scalar | Range | tuple[Scalar, ...] | Unknown


@dataclass(frozen=True)
class Told:
    """A fact as told: its value in the vocabulary's unit, the place it stands, who says so."""

    value: Scalar
    where: Location
    source: str = ""


Facts: TypeAlias = Mapping[str, Told]


@dataclass(frozen=True)
class CaseYear:
    """What was told of one compliance year: facts, and lists of child records.

    A list that is absent from `lists` was not told; an empty tuple is none.
    """

    facts: Facts = field(default_factory=dict)
    lists: Mapping[str, tuple[Facts, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """The facts of one root record over the years, with child records.

    `entity` holds what does not change with the year; `years` is keyed by compliance year.

    >>> import carbonlex
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "power"}, "year": {"2024": {"verified_emissions": "100 kt"}}},
    ...     carbonlex.load_rulebook().vocabulary, "plant")
    >>> case.years[2024].facts["verified_emissions"].value
    Fraction(100000, 1)
    """

    name: str
    entity: Facts
    years: Mapping[int, CaseYear]
    digest: str = ""
