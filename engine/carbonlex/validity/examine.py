"""May this body enact this: each clause as a fact, under the law of two days.

A clause is examined under the law of the day on which it was enacted, which says what its maker
could do (Legislation Law arts 80, 82 of 2015, 91, 93 of 2023; Penalty Law arts 10 to 16; Licensing
Law arts 14 to 17; Coercion Law art. 10), and under that of the day asked, when higher law may have
come against it. A basis that came later does not cure it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.reasoner.check import check_case, known_readings
from carbonlex.reasoner.evaluate import Evaluation
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.validity.clauses import Clause, amendments, clauses_of
from carbonlex.validity.conclude import finding_of
from carbonlex.validity.finding import (
    Alternative,
    Examination,
    Finding,
)
from carbonlex.validity.records import case_of, record_of
from carbonlex.validity.subject import Subject

MOST = 64


def examine(
    rulebook: Rulebook,
    subject: Subject,
    asked_on: date,
    readings: Mapping[str, str] | None = None,
    chain_with: str = "",
) -> Examination:
    """Examine every clause of a subject; raises `ContentError` for a day before its enactment.

    >>> import carbonlex
    >>> from carbonlex.validity.subject import held
    >>> rulebook = carbonlex.load_rulebook()
    >>> subject = held(rulebook, "measures-2021")
    >>> found = examine(rulebook, subject, date(2023, 6, 1))
    >>> [f.result for f in found.findings if f.clause.norm.short == "surrender"]
    ['undetermined', 'undetermined']
    """
    if asked_on < subject.enacted_on:
        day = subject.enacted_on
        said = (f"{asked_on} 时尚未制定（{day}）", f"not yet enacted on {asked_on} ({day})")
        raise ContentError((Diagnostic("date-impossible", said, Location("--on")),))
    chosen = dict(readings or {})
    known_readings(rulebook, chosen)
    questions: set[str] = set()
    findings, report = _examined(rulebook, subject, asked_on, chosen, questions, chain_with)
    open_questions = sorted(q for q in questions if q not in chosen)
    trials = _trials(rulebook, open_questions, chosen)
    turned: dict[int, list[Alternative]] = {}
    for trial in trials:
        others, _ = _examined(rulebook, subject, asked_on, chosen | trial, set(), chain_with)
        for at, (one, other) in enumerate(zip(findings, others, strict=True)):
            if one.answer != other.answer:
                _note(turned.setdefault(at, []), Alternative(tuple(trial.items()), other))
    found = tuple(
        replace(f, alternatives=tuple(turned.get(at, ()))) for at, f in enumerate(findings)
    )
    title_only = tuple(
        i.key
        for i in rulebook.instruments.values()
        if i.rank == "law" and not any(p.held for p in i.provisions.values() if not p.parent)
    )
    return Examination(subject, asked_on, tuple(chosen.items()), found, report, title_only)


def _note(found: list[Alternative], one: Alternative) -> None:
    """Note another answer, unless fewer other readings have given it already."""
    same = (a for a in found if a.finding.answer == one.finding.answer)
    if not any(set(a.readings) <= set(one.readings) for a in same):
        found.append(one)


def _trials(
    rulebook: Rulebook, questions: list[str], chosen: Mapping[str, str]
) -> list[dict[str, str]]:
    """Return the other choices of readings: all of them, or one question at a time if too many."""
    known = {q: [r.name for r in rulebook.questions[q].readings] for q in questions}
    count = 1
    for options in known.values():
        count *= len(options)
    used = {q: rulebook.questions[q].default for q in questions}
    if count <= MOST:
        every = (dict(zip(known, options, strict=True)) for options in product(*known.values()))
        other = [{q: r for q, r in e.items() if r != used[q]} for e in every]
        return sorted((o for o in other if o), key=len)
    return [{q: name} for q, names in known.items() for name in names if name != used[q]]


def _examined(
    rulebook: Rulebook,
    subject: Subject,
    asked_on: date,
    readings: dict[str, str],
    questions: set[str],
    chain_with: str,
) -> tuple[list[Finding], Report]:
    days = [subject.enacted_on] + ([asked_on] if asked_on > subject.enacted_on else [])
    read = [rulebook.as_read(n, readings) for n in subject.norms]
    clauses = (
        *clauses_of(rulebook, read), *amendments(read, subject.form, subject.amends),
        *(Clause(norm, "burden", "ordinary") for norm in subject.gone),
    )  # fmt: skip
    records = [
        record_of(rulebook, subject, clause, day, asked_on, readings, questions)
        for clause in clauses
        for day in days
    ]
    case = case_of(subject, records, asked_on)
    # What is examined under the law of the day asked has been done by the day after.
    after = asked_on + timedelta(days=1)
    report = check_case(
        rulebook, case, after, readings=readings, survey=False, chain_with=chain_with
    )
    report = replace(report, asked_on=asked_on)
    run = Evaluation(rulebook, case, asked_on, None, readings)
    findings: list[Finding] = []
    for at, record in enumerate(records):
        verdicts = tuple(v for v in report.verdicts if v.index == at)
        before = next((f for f in findings if f.clause == record.clause), None)
        findings.append(finding_of(run, subject, record, at, verdicts, before))
    return findings, report
