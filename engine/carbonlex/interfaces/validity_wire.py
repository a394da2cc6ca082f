"""The JSON of an examination of validity: docs/validity.schema.json."""

from __future__ import annotations

import json

from pydantic import Field

from carbonlex.interfaces.wire_figures import LANGUAGES, UntoldOut, cited, untold
from carbonlex.interfaces.wire_models import Wire
from carbonlex.model import Grade
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.validity.finding import Examination, Finding, Result
from carbonlex.validity.wording import ValidityWords

VERSION = 1


class LawOut(Wire):
    """Norms with the citation of their provisions in each language."""

    norms: list[str]
    cite: dict[str, str]


class AlternativeOut(Wire):
    """What a finding would be under another choice of readings."""

    readings: dict[str, str]
    result: Result
    limits: LawOut
    against: LawOut


class FindingOut(Wire):
    """One clause under the law of one day; `enactment`: that of its enactment."""

    norm: str
    provisions: list[str] = Field(description="instrument#eId")
    effect: str
    matter: str
    day: str
    enactment: bool
    result: Result
    limits: LawOut = Field(description="rules on who may enact that it breaks or leaves open")
    against: LawOut = Field(description="higher law that it goes beyond or contradicts")
    hierarchy: LawOut
    basis: LawOut = Field(description="higher norms that impose the same")
    penalised: LawOut = Field(description="higher norms that penalise the same act")
    claimed: LawOut = Field(description="bases that it claims, in force that day")
    unfounded: LawOut = Field(description="bases that it claims, not in force that day")
    powers: LawOut
    annulment: LawOut = Field(description="the ground, and who may annul")
    needs: list[list[list[UntoldOut]]] = Field(
        description="for each limit that is open, the sets of facts of which any one settles it"
    )
    grade: Grade = Field(description="of the weakest link")
    presumed: list[str] = Field(description="facts presumed that the result rests on")
    questions: list[str] = Field(description="declared doubts of validity about its words")
    alternatives: list[AlternativeOut]
    said: dict[str, list[str]] = Field(description="the same in words, by language")


class ValidityOut(Wire):
    """An examination of an instrument or a draft."""

    version: int
    instrument: str
    title: dict[str, str]
    draft: bool
    maker: str
    form: str
    enacted_on: str
    asked_on: str
    readings: dict[str, str]
    findings: list[FindingOut]
    title_only: list[str] = Field(description="laws of which only the title is held")
    rulebook_digest: str
    digest: str
    exit_code: int


def validity_json(rulebook: Rulebook, found: Examination) -> str:
    """Return an examination as JSON."""
    words = {lang: ValidityWords(rulebook, found, lang) for lang in LANGUAGES}
    subject = found.subject
    out = ValidityOut(
        version=VERSION,
        instrument=subject.instrument.key,
        title={lang: subject.instrument.title.of(lang) for lang in LANGUAGES},
        draft=subject.draft,
        maker=subject.maker.key,
        form=subject.form,
        enacted_on=subject.enacted_on.isoformat(),
        asked_on=found.asked_on.isoformat(),
        readings=dict(found.readings),
        findings=[_finding(rulebook, words, f) for f in found.findings],
        title_only=list(found.title_only),
        rulebook_digest=found.report.rulebook_digest,
        digest=found.report.digest,
        exit_code=found.exit_code,
    )
    return out.model_dump_json(indent=2)


def validity_schema() -> str:
    """Return the JSON Schema of an examination."""
    return json.dumps(ValidityOut.model_json_schema(), ensure_ascii=False, indent=2) + "\n"


def _law(rulebook: Rulebook, norms: tuple[str, ...]) -> LawOut:
    return LawOut(norms=list(norms), cite=cited(rulebook, norms))


def _finding(rulebook: Rulebook, words: dict[str, ValidityWords], one: Finding) -> FindingOut:
    norm = one.clause.norm
    return FindingOut(
        norm=norm.id,
        provisions=[f"{norm.instrument}#{e}" for e in norm.provisions],
        effect=one.clause.effect,
        matter=one.clause.matter,
        day=one.day.isoformat(),
        enactment=one.enactment,
        result=one.result,
        limits=_law(rulebook, one.limits),
        against=_law(rulebook, one.against),
        hierarchy=_law(rulebook, one.hierarchy),
        basis=_law(rulebook, one.bases),
        penalised=_law(rulebook, one.penal),
        claimed=_law(rulebook, one.claimed),
        unfounded=_law(rulebook, one.unfounded),
        powers=_law(rulebook, one.powers),
        annulment=_law(rulebook, one.annulment),
        needs=[untold(sets) for sets in one.needs],
        grade=words["zh"].grade([one]),
        presumed=list(one.presumed),
        questions=list(one.doubts),
        alternatives=[
            AlternativeOut(
                readings=dict(a.readings),
                result=a.finding.result,
                limits=_law(rulebook, a.finding.limits),
                against=_law(rulebook, a.finding.against),
            )
            for a in one.alternatives
        ],
        said={
            lang: [
                said.result(one),
                *(f"{r.label.of(lang)}: {r.line.text}" for r in said.remarks(one)),
            ]
            for lang, said in words.items()
        },
    )
