"""The shape of `allocation --json`, from which docs/allocation.schema.json is generated."""

from __future__ import annotations

import json
from datetime import date
from typing import Literal

from pydantic import Field

from carbonlex.interfaces.wire_figures import (
    LANGUAGES,
    FigureOut,
    UntoldOut,
    UseOut,
    cited,
    figure,
    untold,
    use,
)
from carbonlex.interfaces.wire_models import Wire
from carbonlex.interfaces.wire_values import number, plain_value
from carbonlex.model import Grade, Outcome
from carbonlex.position.allocation_values import Allocation, PlanStatus, Share
from carbonlex.position.values import Amount
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.formula import Formula, addends, giver, giving


class AllocatedOut(FigureOut):
    """A figure with the formula that gives it, its figures put in; empty where it was told."""

    formula: dict[str, str]


class PartOut(Wire):
    """One addend of a formula: in words, with its figures, and what it comes to."""

    words: dict[str, str]
    formula: dict[str, str]
    value: str | None


class InputOut(Wire):
    """A fact, parameter or concept of a formula; `value` is null where it is not known.

    `name`: of the fact or concept, or of the parameter without its norm (`benchmark`); `grade`
    is that of the parameter, and null for what was told.
    """

    name: str
    value: str | bool | None
    unit: str
    source: Literal["told", "presumed", "missing", "parameter", "derived"]
    cite: dict[str, str]
    grade: Grade | None


class ShareOut(Wire):
    """What one unit or line gets; `record` is its place in the list `of`, from 1.

    `counts`: false where law leaves it out of the year's allocation, and so out of the sum.
    """

    of: Literal["units", "lines"]
    record: int
    name: str | None
    kind: str | None
    counts: bool
    inputs: list[InputOut]
    parts: list[PartOut]
    exact: AllocatedOut
    allocation: AllocatedOut
    relief: AllocatedOut | None
    needs: list[list[UntoldOut]]


class DifferingOut(Wire):
    """A told concept that law derives otherwise; `record` 0: of the entity."""

    concept: str
    record: int
    told: str | None
    derived: str | None


class OtherwiseOut(Wire):
    """The main figures under one other reading of one question."""

    question: str
    reading: str
    differs: bool
    free_allocation: str | None
    relief: str | None
    obligation: str | None


class AllocationOut(Wire):
    """The whole answer of `carbonlex allocation --json`; quantities are exact, in tCO2e."""

    schema_version: Literal["1"] = "1"
    case: str
    year: int
    asked_on: date
    readings: dict[str, str]
    exit_code: int
    grade: Grade
    plan: str | None
    plan_status: PlanStatus
    surrender: Outcome | None = Field(description="outcome of the duty to surrender")
    summed: list[str] = Field(description="the lists that the plan sums up: units, lines")
    shares: list[ShareOut]
    free_allocation: AllocatedOut = Field(description="what was told governs")
    derived: AllocatedOut | None = Field(description="what law derives, where it was told")
    emissions: AllocatedOut
    balance: str | None = Field(description="allocation less emissions; below zero a gap")
    balance_ratio: str | None = Field(description="over emissions; a/b where no decimal is exact")
    gap: AllocatedOut | None
    lower: AllocatedOut | None
    upper: AllocatedOut | None
    within_bounds: bool | None
    relief: AllocatedOut | None
    reliefs: list[PartOut]
    relieved: bool = Field(description="whether the obligation is less the relief")
    obligation: AllocatedOut
    borrowing: UseOut | None
    borrow_limit: AllocatedOut | None
    bank_cap: AllocatedOut | None
    pre_allocation: None = Field(default=None, description="not computed: it is as notified")
    differences: list[DifferingOut]
    questions: dict[str, str] = Field(description="open questions, with the reading in use")
    otherwise: list[OtherwiseOut]
    assumptions: list[dict[str, str | int]]
    engine: str
    digests: dict[str, str]


def allocation_schema() -> str:
    """Return the JSON Schema of `allocation --json` as text."""
    schema = AllocationOut.model_json_schema()
    return json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True)


def allocation_json(rulebook: Rulebook, found: Allocation) -> str:
    """Return an allocation as JSON text; the same allocation gives the same text."""
    return _Writer(rulebook).out(found).model_dump_json(indent=2)


class _Writer:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.formulas = {lang: Formula(rulebook, lang) for lang in LANGUAGES}
        self.named = {lang: Formula(rulebook, lang, named=True) for lang in LANGUAGES}

    def out(self, found: Allocation) -> AllocationOut:
        report, relief = found.report, found.relief
        derived = relief.known and relief.proof.step != "told"
        return AllocationOut(
            case=report.case_name,
            year=found.year,
            asked_on=report.asked_on,
            readings=dict(report.readings),
            exit_code=found.exit_code,
            grade=found.grade,
            plan=found.plan or None,
            plan_status=found.plan_status,
            surrender=found.verdict.outcome if found.verdict is not None else None,
            summed=list(found.summed),
            shares=[self.share(s) for s in found.shares],
            free_allocation=self.figure(found.free_allocation),
            derived=self.figure(found.derived) if found.derived is not None else None,
            emissions=self.figure(found.emissions),
            balance=number(found.balance),
            balance_ratio=number(found.ratio),
            gap=self.known(found.gap),
            lower=self.known(found.lower),
            upper=self.known(found.upper),
            within_bounds=found.within,
            relief=self.known(relief),
            reliefs=[self.part(p) for p in addends(giving(relief.proof))] if derived else [],
            relieved=found.relieved,
            obligation=self.figure(found.obligation),
            borrowing=use(self.rulebook, found.borrowing) if found.borrowing else None,
            borrow_limit=self.known(found.borrow_limit),
            bank_cap=self.known(found.bank_cap),
            differences=[
                DifferingOut(
                    concept=d.told.proof.label,
                    record=d.index + 1,
                    told=number(d.told.value),
                    derived=number(d.derived.value),
                )
                for d in found.differences
            ],
            questions=dict(found.questions),
            otherwise=[
                OtherwiseOut(
                    question=o.question,
                    reading=o.reading,
                    differs=o.differs,
                    free_allocation=number(o.free_allocation.value),
                    relief=number(o.relief.value),
                    obligation=number(o.obligation.value),
                )
                for o in found.otherwise
            ],
            assumptions=[{"fact": f, "year": y} for f, y in report.presumed],
            engine=report.engine,
            digests={"case": report.case_digest, "rulebook": report.rulebook_digest},
        )

    def share(self, one: Share) -> ShareOut:
        return ShareOut(
            of=one.record,  # type: ignore[arg-type]  # units or lines
            record=one.index + 1,
            name=one.name or None,
            kind=one.kind or None,
            counts=one.counts,
            inputs=[self.input(p) for p in one.inputs],
            parts=[self.part(p) for p in one.parts],
            exact=self.figure(one.exact),
            allocation=self.figure(one.allocation),
            relief=self.known(one.relief) if one.relief is not None else None,
            needs=untold(one.needs),
        )

    def figure(self, one: Amount) -> AllocatedOut:
        derived = one.proof.step == "concept"
        shared = dict(figure(one)) | {"norm": giver(one.proof)}
        return AllocatedOut(
            **shared,
            formula={k: f.equation(one.proof) for k, f in self.formulas.items() if derived},
        )

    def known(self, one: Amount) -> AllocatedOut | None:
        return self.figure(one) if one.known else None

    def part(self, proof: Proof) -> PartOut:
        return PartOut(
            words={lang: f.figures(proof) for lang, f in self.named.items()},
            formula={lang: f.figures(proof) for lang, f in self.formulas.items()},
            value=number(proof.value),
        )

    def input(self, proof: Proof) -> InputOut:
        grade: Grade | None = None
        norm = giver(proof)
        if proof.step == "parameter":
            parameter = self.rulebook.parameters[proof.label]
            entry = parameter.spans[proof.entry].entry
            grade, norm = entry.grade if entry is not None else None, parameter.norm
        elif proof.step in ("concept", "conflict"):
            grade = self.rulebook.norms[norm].grade if norm else None
        source = {"concept": "derived", "conflict": "derived", "before": "presumed"}
        return InputOut(
            name=proof.label.rpartition(".")[2],
            value=plain_value(proof.value),
            unit=proof.unit,
            source=source.get(proof.step, proof.step),  # type: ignore[arg-type]
            cite=cited(self.rulebook, (norm,)) if norm else {},
            grade=grade,
        )
