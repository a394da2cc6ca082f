"""The shape of `carbonlex portfolio … --json`, from which docs/portfolio.schema.json is made.

Numbers that law or data tell of are strings, exact decimals; counts are integers.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from carbonlex.interfaces.wire_models import Wire
from carbonlex.model import Grade, Outcome
from carbonlex.portfolio.subjects import Kind

Words = dict[str, str]


class AmountOut(Wire):
    """What the rows with one verdict on a duty come to, from `low` to `high`.

    `known` rows are in the sums; `unknown` rows have no figure, and are in none. Of what is
    pending no row is said to be unknown: one without a figure may be met already.
    """

    kind: Kind
    outcome: Outcome
    unit: str
    low: str
    high: str
    known: int
    unknown: int


class DutyOut(Wire):
    """One duty over many rows: how many have which verdict, and what they come to."""

    duty: str
    record: str | None = Field(description="the child record that it is judged of; null: entity")
    label: Words
    rows: int
    outcomes: dict[Outcome, int]
    amounts: list[AmountOut]


class ConceptOut(Wire):
    """A headline concept: how often it holds and fails, or its sum over the `known` rows.

    `unknown` rows have no value: it is not known, or law defines none for such an entity.
    """

    concept: str
    label: Words
    unit: str
    known: int
    unknown: int
    holds: int | None
    fails: int | None
    sum: str | None


class TotalsOut(Wire):
    """All that was judged of some rows."""

    entity_years: int
    breached: int = Field(description="entity-years with a breach")
    open: int = Field(description="without a breach, with something undetermined or in conflict")
    invalid: int = Field(description="of entities with a cell that could not be taken")
    duties: list[DutyOut]
    findings: list[ConceptOut]


class GroupOut(Wire):
    """The totals of one group; a value of null was not told, `…` are all beyond the first 1,000."""

    values: dict[str, str | int | None]
    totals: TotalsOut


class GroupingOut(Wire):
    """The totals of each group, by one or more columns."""

    by: list[str]
    groups: list[GroupOut]


class ReasonOut(Wire):
    """Why rows are undetermined: a fact, list or figure that is wanting, by name."""

    reason: str
    label: Words
    rows: int


class DutyReasonsOut(Wire):
    """The reasons of one duty; a row may have several."""

    duty: str
    record: str | None
    reasons: list[ReasonOut]


class NormRowsOut(Wire):
    """How many verdicts on a duty rest on a norm."""

    duty: str
    record: str | None
    norm: str
    cite: Words
    grade: Grade = Field(description="of the norm; a proof may rest on something weaker")
    rows: int


class ProblemOut(Wire):
    """Cells that could not be taken: how many, and the first of their rows, from 1."""

    table: str
    column: str
    code: str
    count: int
    rows: list[int]


class RefusedOut(Wire):
    """A duty that could not be judged column by column, and was judged of no row."""

    name: str
    rows: int
    why: Words


class AssumedOut(Wire):
    """A duty with how many rows comply with it only by what is presumed: nobody told that."""

    duty: str
    record: str | None
    rows: int


class PresumptionOut(Wire):
    """A fact, or a list, that was taken to be so where nobody told it."""

    fact: str
    label: Words
    value: str = Field(description="yes, no, a number; of a list: none")


class PortfolioOut(Wire):
    """The whole answer of `carbonlex portfolio check --json`."""

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
    totals: TotalsOut
    groupings: list[GroupingOut]
    reasons: list[DutyReasonsOut]
    norms: list[NormRowsOut]
    assumed: list[AssumedOut]
    presumptions: list[PresumptionOut]
    problems: list[ProblemOut]
    not_judged: list[RefusedOut]
    written: list[str]
    columns: str = Field(description="the engine that computed the columns")
    engine: str
    digests: dict[str, str]


class YearTotalOut(Wire):
    """The told emissions of a compliance year, tCO2e: drawn, and the published total aimed at."""

    year: int
    entities: int
    drawn: str
    aimed: str


class SynthOut(Wire):
    """The whole answer of `carbonlex portfolio synth --json`."""

    schema_version: Literal["1"] = "1"
    synthetic: Literal[True] = True
    notice: Words
    folder: str
    entities: int
    seed: int
    rows: dict[str, int]
    totals: list[YearTotalOut]
