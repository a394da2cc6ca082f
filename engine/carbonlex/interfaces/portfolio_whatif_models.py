"""The shape of `carbonlex portfolio whatif --json`; docs/portfolio-whatif.schema.json is of it.

Numbers that law or data tell of are strings, exact decimals; counts are integers. A verdict of
null is a law that has no such duty; a value of null is not known, or not defined by law.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from carbonlex.interfaces.portfolio_models import (
    PresumptionOut,
    ProblemOut,
    RefusedOut,
    TotalsOut,
    Words,
)
from carbonlex.interfaces.whatif_models import ClashOut, ReformOut
from carbonlex.interfaces.wire_models import Wire
from carbonlex.model import Grade, Outcome


class EndsOut(Wire):
    """A sum of so many rows, from `low` to `high`."""

    low: str
    high: str
    rows: int


class MovedOut(Wire):
    """An amount under two laws: the rows known before, those known after, and the difference.

    `moved` is of the rows known under both. Rows of which there should be a figure and is none are
    `unknown_before` and `unknown_after`; of what is pending none is said to be.
    """

    kind: str
    unit: str
    before: EndsOut
    after: EndsOut
    moved: EndsOut
    changed: int = Field(description="rows known under both laws whose figures differ")
    unknown_before: int
    unknown_after: int


class FlipOut(Wire):
    """How many rows have a verdict before and a verdict after."""

    before: Outcome | None
    after: Outcome | None
    rows: int


class DutyFlipsOut(Wire):
    """One duty over many rows: `verdicts` has all pairs, the unchanged ones too."""

    duty: str
    record: str | None = Field(description="the child record that it is judged of; null: entity")
    label: Words
    flipped: int
    half_open: int = Field(description="rows that one law settles and the other leaves open")
    rows_before: int = Field(description="rows on which the law before has the duty")
    rows_after: int
    verdicts: list[FlipOut]
    amounts: list[MovedOut]


class StateOut(Wire):
    """How many entity-years have a value of a concept before and a value after."""

    before: bool | None
    after: bool | None
    rows: int


class ConceptFlipsOut(Wire):
    """A concept under two laws: who enters and leaves, or how its sum moves."""

    concept: str
    label: Words
    unit: str
    enters: int | None = Field(description="it holds after and did not before; null: a number")
    leaves: int | None
    half_open: int
    states: list[StateOut]
    amount: MovedOut | None


class FlipsOut(Wire):
    """All that was compared of some rows; of entity-years with a breach, and of open ones."""

    entity_years: int
    invalid: int
    breached_before: int
    breached_after: int
    breach_enters: int
    breach_leaves: int
    open_before: int = Field(description="without a breach, with something undetermined or so")
    open_after: int
    duties: list[DutyFlipsOut]
    concepts: list[ConceptFlipsOut]


class FlipsGroupOut(Wire):
    """What was compared of one group; a value of null was not told."""

    values: dict[str, str | int | None]
    flips: FlipsOut


class FlipsGroupingOut(Wire):
    """What was compared of each group, by one or more columns."""

    by: list[str]
    groups: list[FlipsGroupOut]


class ComparedOut(Wire):
    """The portfolio before and after the drafts."""

    whole: FlipsOut
    groupings: list[FlipsGroupingOut]
    not_judged: list[RefusedOut]
    grade: Grade = Field(description="weakest of the norms; a proof may rest on something weaker")


class PointOut(Wire):
    """The totals at one value of a figure; only duties that may hang on it are judged."""

    value: str
    totals: TotalsOut
    not_judged: list[RefusedOut]


class SweepOut(Wire):
    """One figure of law tried over many values on the whole portfolio."""

    name: str
    parameters: list[str]
    unit: str
    points: list[PointOut]


class PortfolioWhatIfOut(Wire):
    """The whole answer of `carbonlex portfolio whatif --json`."""

    schema_version: Literal["1"] = "1"
    data: str
    synthetic: bool
    notice: Words | None = Field(description="what synthetic data are no evidence of")
    asked_on: date
    readings: dict[str, str]
    only: list[str]
    years: list[int] = Field(description="the first and the last")
    rows: dict[str, int] = Field(description="of each table of the data")
    exit_code: int
    reforms: list[ReformOut]
    clashes: list[ClashOut]
    flips: ComparedOut | None
    sweep: SweepOut | None
    presumptions: list[PresumptionOut]
    problems: list[ProblemOut]
    written: list[str]
    columns: str = Field(description="the engine that computed the columns")
    engine: str
    digests: dict[str, str]
