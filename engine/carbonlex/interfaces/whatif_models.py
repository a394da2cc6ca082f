"""The shape of `carbonlex whatif --json`, from which docs/whatif.schema.json is generated."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from carbonlex.interfaces.redline_wire import RedlineOut
from carbonlex.interfaces.wire_models import ReportOut, Wire
from carbonlex.model import Outcome
from carbonlex.reasoner.consequence import Status
from carbonlex.reform.compare import Aspect
from carbonlex.reform.strands import StrandKind
from carbonlex.rulebook.norms import ConsequenceKind

Words = dict[str, str]


class FiguresOut(Wire):
    """What a verdict comes to, each as [least, most]; null is not known, 0 is nothing."""

    gap: list[str] | None
    unit: str
    fine: list[str] | None
    confiscation: list[str] | None
    deduction: list[str] | None
    cost: list[str] | None


class SideOut(Wire):
    """One verdict of a pair; the whole of it, with its proof, stands in the report."""

    outcome: Outcome
    norm: str
    due: date | None
    figures: FiguresOut


class ConsequenceSideOut(Wire):
    """One consequence under one law; `amount` is [least, most], null not known or none."""

    norm: str
    status: Status
    amount: list[str] | None
    unit: str
    excluded: bool


class ConsequenceMovedOut(Wire):
    """A consequence that differs; null where that law attaches none."""

    kind: ConsequenceKind
    breach: str
    before: ConsequenceSideOut | None
    after: ConsequenceSideOut | None
    reworked: bool = Field(description="known on neither side, and worked out otherwise")
    said: Words


class PairOut(Wire):
    """The verdicts on one duty before and after; null where that law has no such duty."""

    duty: str
    year: int
    index: int | None
    label: Words
    before: SideOut | None
    after: SideOut | None
    changes: list[Aspect]
    consequences: list[ConsequenceMovedOut] = Field(description="those that differ")


class TotalOut(Wire):
    """What moved in all; `moved` is by how much the least and the most change."""

    kind: Aspect
    unit: str
    duty: str | None
    before: list[str] | None
    after: list[str] | None
    moved: list[str] | None = Field(description="null where either side is not known")


class FindingMovedOut(Wire):
    """A main concept of a year that the other law values otherwise; null is not known, or none."""

    concept: str
    year: int
    unit: str
    before: str | bool | None
    after: str | bool | None


class ComparisonOut(Wire):
    """A case before and after, with both reports whole."""

    case: str
    pairs: list[PairOut]
    totals: list[TotalOut]
    findings: list[FindingMovedOut]
    exit_code: int
    before: ReportOut
    after: ReportOut


class ParameterOut(Wire):
    """A figure of law before and after, from `start` on; null is no value."""

    parameter: str
    label: Words
    unit: str
    key: str | None
    start: date | int
    until: date | int | None
    old: str | list[str] | None
    new: str | list[str] | None


class StrandOut(Wire):
    """Something in force that leans on what the reform took away, or (`hint`) changed."""

    kind: StrandKind
    at: str
    names: str
    text: str
    hint: bool
    where: str
    said: Words


class ReformOut(Wire):
    """One reform: what it is, its redline (null for a new instrument), what it changes."""

    key: str
    file: str
    digest: str
    title: Words
    maker: str
    form: str
    effective: date
    amends: str | None
    expression: str = Field(description="key of the expression that it makes")
    amendments: dict[str, list[str]] = Field(description="each in a sentence, by language")
    parameters: list[ParameterOut]
    norms_added: list[str]
    norms_changed: list[str]
    norms_restated: list[str]
    norms_fallen: list[str]
    strands: list[StrandOut]
    redline: RedlineOut | None


class ClashOut(Wire):
    """Two reforms change one provision; the second takes the place of the first."""

    provision: str
    first: str
    second: str


class SampleOut(Wire):
    """One verdict at one value."""

    duty: str
    year: int
    index: int | None
    outcome: Outcome
    assumed: bool = Field(description="complied with by what is presumed alone")
    figures: FiguresOut


class PointOut(Wire):
    """Every verdict at one value of the figure swept."""

    value: str
    verdicts: list[SampleOut]


class CliffOut(Wire):
    """A verdict flips at `value`, on which it is `on`; null: somewhere between low and high."""

    duty: str
    year: int
    index: int | None
    below: Outcome
    above: Outcome
    value: str | None
    on: Outcome
    low: str
    high: str
    said: Words


class SweepOut(Wire):
    """One figure of law tried over many values on one case."""

    case: str
    name: str
    parameters: list[str]
    unit: str
    points: list[PointOut]
    cliffs: list[CliffOut]


class WhatIfOut(Wire):
    """The whole answer of `carbonlex whatif --json`."""

    schema_version: Literal["1"] = "1"
    asked_on: date
    decided_on: date | None
    exit_code: int
    reforms: list[ReformOut]
    clashes: list[ClashOut]
    cases: list[ComparisonOut]
    sweeps: list[SweepOut]
    engine: str
    digests: dict[str, str]
