"""The shape of `--json`: typed models, from which docs/check.schema.json is generated.

Numbers are strings, exact decimals (or `a/b` where there is no decimal), so that no reader
rounds them; days are ISO dates; what is not known is null.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from carbonlex.model import Grade, Outcome


class Wire(BaseModel):
    """What all parts of the JSON share: frozen, nothing beyond the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NormOut(Wire):
    """A norm with its citation, the words it quotes, and their grade."""

    id: str
    provisions: list[str] = Field(description="instrument#eId")
    cite: dict[str, str] = Field(description="citation by language")
    quotes: list[str] = Field(description="empty where the words are recalled, or a summary")
    summaries: list[str] = Field(description="摘要，非原文: in place of quotes, not the words")
    grade: Grade


class NeedOut(Wire):
    """A fact that was not told; `path` is where it goes in a case file."""

    fact: str
    path: str
    norm: str


class StepOut(Wire):
    """One step of a proof."""

    step: str
    label: str
    value: str | bool | list[str] | None
    unit: str
    norm: str
    parts: list[StepOut]


class DefeatOut(Wire):
    """That one norm prevailed over another; `by` is the rule of precedence."""

    winner: str
    loser: str
    by: str
    step: str


class ClashOut(Wire):
    """Two norms between which nothing decides, and who then rules."""

    one: str
    other: str
    by: str
    decides: dict[str, str]


class ConsequenceOut(Wire):
    """One consequence of a breach; `amount` is [lower, upper] for a fine."""

    kind: str
    norm: NormOut
    breach: str
    status: Literal["applies", "contingent", "undetermined", "barred"]
    amount: list[str] | None
    unit: str
    excluded: bool
    replaced_by: str
    liable: dict[str, str] | None
    text: dict[str, str] | None
    concurring: list[str]
    defeats: list[DefeatOut]
    clashes: list[ClashOut]
    needs: list[list[NeedOut]]


class FurtherOut(Wire):
    """A duty that an order to correct imposed."""

    duty: str
    norm: NormOut
    outcome: Outcome
    due: date | None
    gap: str | None
    needs: list[list[NeedOut]]


class LimitationOut(Wire):
    """The time bar: `last_day` of the period; `barred` null where the discovery was not told."""

    norm: NormOut
    years: int
    runs_from: Literal["breach", "end"]
    last_day: date | None
    discovered_on: date | None
    barred: bool | None


class PackageOut(Wire):
    """All that the law of one day attaches to the breach."""

    law: date
    total_fine: list[str] | None
    consequences: list[ConsequenceOut]
    further: list[FurtherOut]
    limitation: LimitationOut | None


class LighterOut(Wire):
    """Which law governs, the old or the new, and why."""

    result: Literal["old", "new", "open"]
    reason: str
    cites: list[NormOut]
    old_measure: list[str] | None
    new_measure: list[str] | None
    needs: list[list[NeedOut]]


class SanctionsOut(Wire):
    """The sanctions of a breach; `governing` is null where facts are missing to choose the law."""

    breach_date: date
    decided_on: date | None
    lighter_tried: bool
    governing: Literal["breach", "decision"] | None
    at_breach: PackageOut
    at_decision: PackageOut | None
    lighter: LighterOut | None


class EffectOut(Wire):
    """One consequence under other readings."""

    kind: str
    norm: str
    status: str
    amount: list[str] | None
    replaced: bool


class AlternativeOut(Wire):
    """Readings under which the result differs, and what it is then."""

    readings: dict[str, str]
    outcome: Outcome
    law: Literal["old", "new", "open", ""]
    effects: list[EffectOut]


class RobustnessOut(Wire):
    """Whether the verdict survives the readings of the questions that its proof reached."""

    stable: bool
    questions: list[str]
    changing: list[str]
    mode: Literal["all", "single"]
    tried: int
    alternatives: list[AlternativeOut]


class ProofsOut(Wire):
    """The proofs of a verdict: whether bound, by when, what is required."""

    binding: StepOut
    due: StepOut | None
    test: StepOut | None


class VerdictOut(Wire):
    """The verdict on one duty for one record and compliance year."""

    duty: str
    year: int
    index: int | None
    label: dict[str, str]
    outcome: Outcome
    assumed: bool = Field(description="complied only by what is presumed")
    norm: NormOut
    concurring: list[NormOut]
    losing: list[NormOut]
    defeats: list[DefeatOut]
    clashes: list[ClashOut]
    law: date
    due: date | None
    days_left: int | None
    gap: str | None
    gap_unit: str
    cost: str | None
    grade: Grade
    needs: list[list[NeedOut]]
    gap_needs: list[list[NeedOut]]
    sanction_needs: list[list[NeedOut]]
    unissued: list[str]
    sanctions: SanctionsOut | None
    robustness: RobustnessOut | None
    proof: ProofsOut
    chain: list[str]


class FindingOut(Wire):
    """A headline concept of one year."""

    concept: str
    year: int
    value: str | bool | None
    grade: Grade
    needs: list[list[NeedOut]]
    proof: StepOut


class DifferenceOut(Wire):
    """A told concept that law would derive otherwise."""

    concept: str
    year: int
    told: str | bool | None
    derived: str | bool | None


class FinedOut(Wire):
    """One breach in an act, and the fine that it would bring by itself."""

    duty: str
    year: int
    index: int
    total_fine: list[str] | None


class ConcurrenceOut(Wire):
    """Several breaches in one act: one fine, the highest; null where a fine is not known."""

    year: int
    breaches: list[FinedOut]
    highest: FinedOut | None
    cites: list[NormOut]


class ReportOut(Wire):
    """The whole answer of `carbonlex check --json`."""

    schema_version: Literal["1"] = "1"
    case: str
    asked_on: date
    decided_on: date | None
    readings: dict[str, str]
    exit_code: int
    verdicts: list[VerdictOut]
    concurrences: list[ConcurrenceOut]
    findings: list[FindingOut]
    differences: list[DifferenceOut]
    assumptions: list[dict[str, str | int]]
    doubts: list[str] = Field(
        description="questions whether words relied on hold at all; ask with --reading"
    )
    not_judged: list[dict[str, str | int]] = Field(
        description="lists not told, so that no duty on their records was judged"
    )
    not_encoded: list[str] = Field(
        description="instrument#article relied on with words not encoded"
    )
    chainer: str
    engine: str
    digests: dict[str, str]
