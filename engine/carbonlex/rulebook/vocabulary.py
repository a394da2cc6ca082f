"""The vocabulary: every record type, fact and concept that a norm or a case may name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from carbonlex.model import Label, Scalar

TermType = Literal["boolean", "number", "date", "text", "choice"]
Period = Literal["always", "year"]


@dataclass(frozen=True)
class RecordType:
    """A kind of record. The root is `entity`; the others are lists told per compliance year.

    `name` is also the key of the list in a case (`[[year.2024.credits]]`). `presumed_none`: a
    list not told is taken to be empty, an assumption that outputs list. `sectors`: those that it
    concerns, choices of the fact `sector`; all where none is named. `enactment`: they are clauses
    of an instrument, told by the check of its validity and by no case of an entity.
    """

    name: str
    label: Label
    max_count: int = 0
    presumed_none: bool = False
    sectors: tuple[str, ...] = ()
    enactment: bool = False

    def concerns(self, sector: str) -> bool:
        """Return whether entities of a sector have such records."""
        return not self.enactment and (not self.sectors or sector in self.sectors)


@dataclass(frozen=True)
class Lever:
    """That the bearer can change a fact, and the fact that says what a unit costs."""

    unit_cost: str


@dataclass(frozen=True)
class Term:
    """One fact (only ever told) or concept (defined by norms; told too if it has an attester).

    Attributes:
        record: the record type it belongs to; `entity` is the root.
        period: `always` (does not change with the year) or `year`. Child records have neither.
        decimals, minimum, maximum: what a told number must keep to, in `unit`.
        presumption: the value it has where nobody told it, nor what it would be derived from;
            an assumption that outputs list.
        before: the value it has before the first year told; an assumption too.
        sectors: those that it concerns, choices of the fact `sector`; all where none is named.
    """

    name: str
    kind: Literal["fact", "concept"]
    record: str
    period: Period
    type: TermType
    label: Label
    unit: str = ""
    decimals: int = 0
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    choices: Mapping[str, Label] = field(default_factory=dict)
    attester: Label | None = None
    presumption: Scalar | None = None
    before: Scalar | None = None
    lever: Lever | None = None
    headline: bool = False
    sectors: tuple[str, ...] = ()

    @property
    def assumption(self) -> Scalar | None:
        """What is assumed of it where it was not told: its presumption, or its value before."""
        return self.presumption if self.presumption is not None else self.before

    @property
    def tellable(self) -> bool:
        """Whether a case may tell it: every fact, and a concept with an attester."""
        return self.kind == "fact" or self.attester is not None

    def concerns(self, sector: str) -> bool:
        """Return whether the term is about entities of a sector."""
        return not self.sectors or sector in self.sectors


@dataclass(frozen=True)
class Vocabulary:
    """All record types and terms, by name. Names are unique over all records."""

    records: Mapping[str, RecordType]
    terms: Mapping[str, Term]

    def of_record(self, record: str) -> tuple[Term, ...]:
        """Return the terms of one record type, in the order of the vocabulary file."""
        return tuple(t for t in self.terms.values() if t.record == record)
