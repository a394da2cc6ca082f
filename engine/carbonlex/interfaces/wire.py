"""A report for machines: the JSON of `--json`, with the schema in docs/check.schema.json.

Numbers are strings, exact decimals (or `a/b` where there is no decimal), so that no reader
rounds them; days are ISO dates; what is not known is null.
"""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from carbonlex.model import UNKNOWN, Grade, Outcome, Value
from carbonlex.quantities import Range, plain
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import (
    Alternative,
    Clash,
    Consequence,
    Defeat,
    Finding,
    Need,
    Package,
    Report,
    Robustness,
    Sanctions,
    Verdict,
)
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook


class Wire(BaseModel):
    """What all parts of the JSON share: frozen, nothing beyond the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NormOut(Wire):
    """A norm with its citation, the words it quotes, and their grade."""

    id: str
    provisions: list[str] = Field(description="instrument#eId")
    cite: dict[str, str] = Field(description="citation by language")
    quotes: list[str] = Field(description="empty where the words are only recalled")
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
    status: Literal["applies", "contingent", "undetermined"]
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


class PackageOut(Wire):
    """All that the law of one day attaches to the breach."""

    law: date
    total_fine: list[str] | None
    consequences: list[ConsequenceOut]
    further: list[FurtherOut]


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


class AlternativeOut(Wire):
    """Readings under which the result differs, and what it is then."""

    readings: dict[str, str]
    outcome: Outcome
    summary: list[str]


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


class ReportOut(Wire):
    """The whole answer of `carbonlex check --json`."""

    schema_version: Literal["1"] = "1"
    case: str
    asked_on: date
    decided_on: date | None
    readings: dict[str, str]
    exit_code: int
    verdicts: list[VerdictOut]
    findings: list[FindingOut]
    differences: list[DifferenceOut]
    assumptions: list[dict[str, str | int]]
    not_encoded: list[str] = Field(description="instrument#article relied on with words not encoded")
    chainer: str
    engine: str
    digests: dict[str, str]


def report_json(rulebook: Rulebook, report: Report) -> str:
    """Return a report as JSON text; the same report gives the same text.

    >>> import carbonlex, json
    >>> rulebook = carbonlex.load_rulebook()
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "steel"}, "year": {"2023": {}}}, rulebook.vocabulary, "plant")
    >>> report = carbonlex.check_case(rulebook, case, date(2024, 6, 1))
    >>> json.loads(report_json(rulebook, report))["exit_code"]
    0
    """
    return _Writer(rulebook).report(report).model_dump_json(indent=2)


def report_schema() -> str:
    """Return the JSON Schema of `--json` as text."""
    return json.dumps(ReportOut.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True)


def _number(value: Value | None) -> str | None:
    return plain(value) if isinstance(value, Fraction) else None


def _span(value: Value | None) -> list[str] | None:
    if isinstance(value, Range):
        return [plain(value.lower), plain(value.upper)]
    return [plain(value)] if isinstance(value, Fraction) else None


def _value(value: Value) -> str | bool | list[str] | None:
    if value is UNKNOWN or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    if isinstance(value, (Range, Fraction)):
        span = _span(value) or []
        return span[0] if isinstance(value, Fraction) else span
    if isinstance(value, tuple):
        return [str(_value(v)) for v in value]
    return str(value)


def _plain_value(value: Value) -> str | bool | None:
    found = _value(value)
    return found if not isinstance(found, list) else ", ".join(found)


class _Writer:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    def norm(self, norm: Norm) -> NormOut:
        cite = {
            lang: "; ".join(self.rulebook.cite(norm.instrument, e, lang) for e in norm.provisions)
            for lang in ("zh", "en")
        }
        quotes = [] if norm.grade == "recalled" else list(norm.quotes)
        places = [f"{norm.instrument}#{e}" for e in norm.provisions]
        return NormOut(id=norm.id, provisions=places, cite=cite, quotes=quotes, grade=norm.grade)

    def norms(self, ids: tuple[str, ...]) -> list[NormOut]:
        return [self.norm(self.rulebook.norms[i]) for i in ids]

    def needs(self, sets: tuple[frozenset[Need], ...]) -> list[list[NeedOut]]:
        return [[self.need(n) for n in sorted(s)] for s in sets if s]

    def need(self, need: Need) -> NeedOut:
        term = self.rulebook.vocabulary.terms.get(need.fact)
        path = need.fact if need.year else f"entity.{need.fact}"
        if need.year:
            record = term.record if term is not None and term.record != "entity" else ""
            inner = f"{record}[{need.index}].{need.fact}" if record else need.fact
            path = f"year.{need.year}.{inner}"
        return NeedOut(fact=need.fact, path=path, norm=need.norm)

    def step(self, proof: Proof) -> StepOut:
        return StepOut(
            step=proof.step,
            label=proof.label,
            value=_value(proof.value),
            unit=proof.unit,
            norm=proof.norm,
            parts=[self.step(p) for p in proof.parts],
        )

    def defeats(self, found: tuple[Defeat, ...]) -> list[DefeatOut]:
        return [DefeatOut(winner=d.winner, loser=d.loser, by=d.by, step=d.step) for d in found]

    def clashes(self, found: tuple[Clash, ...]) -> list[ClashOut]:
        return [
            ClashOut(one=c.one, other=c.other, by=c.by, decides={"zh": c.decides.zh, "en": c.decides.en})
            for c in found
        ]

    def consequence(self, one: Consequence) -> ConsequenceOut:
        return ConsequenceOut(
            kind=one.kind,
            norm=self.norm(self.rulebook.norms[one.norm]),
            breach=one.breach,
            status=one.status,
            amount=_span(one.amount),
            unit=one.unit,
            excluded=one.excluded,
            replaced_by=one.replaced_by,
            liable={"zh": one.liable.zh, "en": one.liable.en} if one.liable else None,
            text={"zh": one.text.zh, "en": one.text.en} if one.text else None,
            concurring=list(one.concurring),
            defeats=self.defeats(one.defeats),
            clashes=self.clashes(one.clashes),
            needs=self.needs(one.needs),
        )

    def package(self, package: Package) -> PackageOut:
        further = [
            FurtherOut(
                duty=v.duty,
                norm=self.norm(self.rulebook.norms[v.norm]),
                outcome=v.outcome,
                due=v.due,
                gap=_number(v.gap),
                needs=self.needs(v.needs),
            )
            for v in package.further
        ]
        consequences = [self.consequence(c) for c in package.consequences]
        return PackageOut(
            law=package.law,
            total_fine=_span(package.total),
            consequences=consequences,
            further=further,
        )

    def sanctions(self, found: Sanctions | None) -> SanctionsOut | None:
        if found is None:
            return None
        lighter = found.lighter
        governing: Literal["breach", "decision"] | None = None
        if found.governing is not None:
            governing = "decision" if lighter is not None and lighter.result == "new" else "breach"
        return SanctionsOut(
            breach_date=found.breach_date,
            decided_on=found.decided_on,
            lighter_tried=found.decided_on is not None,
            governing=governing,
            at_breach=self.package(found.at_breach),
            at_decision=self.package(found.at_decision) if found.at_decision else None,
            lighter=LighterOut(
                result=lighter.result,
                reason=lighter.reason,
                cites=self.norms(lighter.cites),
                old_measure=_span(lighter.old_measure),
                new_measure=_span(lighter.new_measure),
                needs=self.needs(lighter.needs),
            )
            if lighter is not None
            else None,
        )

    def robustness(self, found: Robustness | None) -> RobustnessOut | None:
        if found is None:
            return None
        return RobustnessOut(
            stable=found.stable,
            questions=list(found.questions),
            changing=list(found.changing),
            mode=found.mode,
            tried=found.tried,
            alternatives=[self.alternative(a) for a in found.alternatives],
        )

    def alternative(self, found: Alternative) -> AlternativeOut:
        return AlternativeOut(
            readings=dict(found.readings), outcome=found.outcome, summary=list(found.summary)
        )

    def verdict(self, v: Verdict) -> VerdictOut:
        return VerdictOut(
            duty=v.duty,
            year=v.year,
            index=v.index if v.index >= 0 else None,
            label={"zh": v.label.zh, "en": v.label.en},
            outcome=v.outcome,
            norm=self.norm(self.rulebook.norms[v.norm]),
            concurring=self.norms(v.concurring),
            losing=self.norms(tuple(n for n, _, _ in v.losing)),
            defeats=self.defeats(v.defeats),
            clashes=self.clashes(v.clashes),
            law=v.law,
            due=v.due,
            days_left=v.days_left,
            gap=_number(v.gap),
            gap_unit=v.gap_unit,
            cost=_number(v.cost),
            grade=v.grade,
            needs=self.needs(v.needs),
            gap_needs=self.needs(v.gap_needs),
            sanction_needs=self.needs(v.sanction_needs),
            unissued=list(v.unissued),
            sanctions=self.sanctions(v.sanctions),
            robustness=self.robustness(v.robustness),
            proof=ProofsOut(
                binding=self.step(v.binding),
                due=self.step(v.due_proof) if v.due_proof else None,
                test=self.step(v.test) if v.test else None,
            ),
            chain=list(v.chain),
        )

    def finding(self, f: Finding) -> FindingOut:
        return FindingOut(
            concept=f.concept,
            year=f.year,
            value=_plain_value(f.value),
            grade=f.grade,
            needs=self.needs(f.needs),
            proof=self.step(f.proof),
        )

    def report(self, report: Report) -> ReportOut:
        differences = [
            DifferenceOut(
                concept=d.concept,
                year=d.year,
                told=_plain_value(d.told),
                derived=_plain_value(d.derived),
            )
            for d in report.differences
        ]
        return ReportOut(
            case=report.case_name,
            asked_on=report.asked_on,
            decided_on=report.decided_on,
            readings=dict(report.readings),
            exit_code=report.exit_code,
            verdicts=[self.verdict(v) for v in report.verdicts],
            findings=[self.finding(f) for f in report.findings],
            differences=differences,
            assumptions=[{"fact": f, "year": y} for f, y in report.presumed],
            not_encoded=list(report.not_encoded),
            chainer=report.chainer,
            engine=report.engine,
            digests={
                "case": report.case_digest,
                "rulebook": report.rulebook_digest,
                "run": report.digest,
            },
        )
