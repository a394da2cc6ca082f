"""A report into the JSON of `--json`: reads the report, computes nothing."""

from __future__ import annotations

import json
from typing import Literal

from carbonlex.interfaces.wire_models import (
    AlternativeOut,
    ClashOut,
    ConsequenceOut,
    DefeatOut,
    DifferenceOut,
    EffectOut,
    FindingOut,
    FurtherOut,
    LighterOut,
    NeedOut,
    NormOut,
    PackageOut,
    ProofsOut,
    ReportOut,
    RobustnessOut,
    SanctionsOut,
    StepOut,
    VerdictOut,
)
from carbonlex.interfaces.wire_penalties import concurrence_out, limitation_out
from carbonlex.interfaces.wire_values import number, plain_value, span, value_of
from carbonlex.reasoner.consequence import Consequence, Need, Package, Sanctions
from carbonlex.reasoner.precedence import Clash, Defeat
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Alternative, Finding, Report, Robustness, Verdict
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.doubts import doubts_of


def report_json(rulebook: Rulebook, report: Report) -> str:
    """Return a report as JSON text; the same report gives the same text.

    >>> import carbonlex, json
    >>> from datetime import date
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


class _Writer:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    def norm(self, norm: Norm) -> NormOut:
        cite = {
            lang: "; ".join(self.rulebook.cite(norm.instrument, e, lang) for e in norm.provisions)
            for lang in ("zh", "en")
        }
        summary = any(
            self.rulebook.instruments[norm.instrument].is_summary(e) for e in norm.provisions
        )
        quotes = [] if summary or norm.grade == "recalled" else list(norm.quotes)
        places = [f"{norm.instrument}#{e}" for e in norm.provisions]
        return NormOut(
            id=norm.id,
            provisions=places,
            cite=cite,
            quotes=quotes,
            summaries=list(norm.quotes) if summary else [],
            grade=norm.grade,
        )

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
            value=value_of(proof.value),
            unit=proof.unit,
            norm=proof.norm,
            parts=[self.step(p) for p in proof.parts],
        )

    def defeats(self, found: tuple[Defeat, ...]) -> list[DefeatOut]:
        return [DefeatOut(winner=d.winner, loser=d.loser, by=d.by, step=d.step) for d in found]

    def clashes(self, found: tuple[Clash, ...]) -> list[ClashOut]:
        return [
            ClashOut(
                one=c.one, other=c.other, by=c.by, decides={"zh": c.decides.zh, "en": c.decides.en}
            )
            for c in found
        ]

    def consequence(self, one: Consequence) -> ConsequenceOut:
        return ConsequenceOut(
            kind=one.kind,
            norm=self.norm(self.rulebook.norms[one.norm]),
            breach=one.breach,
            status=one.status,
            amount=span(one.amount),
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

    def named(self, norm: str) -> NormOut:
        return self.norm(self.rulebook.norms[norm])

    def package(self, package: Package) -> PackageOut:
        further = [
            FurtherOut(
                duty=v.duty,
                norm=self.norm(self.rulebook.norms[v.norm]),
                outcome=v.outcome,
                due=v.due,
                gap=number(v.gap),
                needs=self.needs(v.needs),
            )
            for v in package.further
        ]
        consequences = [self.consequence(c) for c in package.consequences]
        return PackageOut(
            law=package.law,
            total_fine=span(package.total),
            consequences=consequences,
            further=further,
            limitation=limitation_out(package.limitation, self.named),
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
                old_measure=span(lighter.old_measure),
                new_measure=span(lighter.new_measure),
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
        effects = [
            EffectOut(
                kind=e.kind,
                norm=e.norm,
                status=e.status,
                amount=span(e.amount),
                replaced=e.replaced,
            )
            for e in found.result.effects
        ]
        return AlternativeOut.model_validate(
            {
                "readings": dict(found.readings),
                "outcome": found.result.outcome,
                "law": found.result.law,
                "effects": effects,
            }
        )

    def verdict(self, v: Verdict) -> VerdictOut:
        return VerdictOut(
            duty=v.duty,
            year=v.year,
            index=v.index if v.index >= 0 else None,
            label={"zh": v.label.zh, "en": v.label.en},
            outcome=v.outcome,
            assumed=v.assumed,
            norm=self.norm(self.rulebook.norms[v.norm]),
            concurring=self.norms(v.concurring),
            losing=self.norms(tuple(n for n, _, _ in v.losing)),
            defeats=self.defeats(v.defeats),
            clashes=self.clashes(v.clashes),
            law=v.law,
            due=v.due,
            days_left=v.days_left,
            gap=number(v.gap),
            gap_unit=v.gap_unit,
            cost=number(v.cost),
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
            value=plain_value(f.value),
            grade=f.grade,
            needs=self.needs(f.needs),
            proof=self.step(f.proof),
        )

    def report(self, report: Report) -> ReportOut:
        differences = [
            DifferenceOut(
                concept=d.concept,
                year=d.year,
                told=plain_value(d.told),
                derived=plain_value(d.derived),
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
            concurrences=[concurrence_out(c, self.named) for c in report.concurrences],
            findings=[self.finding(f) for f in report.findings],
            differences=differences,
            assumptions=[{"fact": f, "year": y} for f, y in report.presumed],
            doubts=list(doubts_of(self.rulebook, report.verdicts)),
            not_judged=[{"list": r, "year": y} for r, y in report.unjudged],
            not_encoded=list(report.not_encoded),
            chainer=report.chainer,
            engine=report.engine,
            digests={
                "case": report.case_digest,
                "rulebook": report.rulebook_digest,
                "run": report.digest,
            },
        )
