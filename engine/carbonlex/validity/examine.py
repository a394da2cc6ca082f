"""May this body enact this: each clause as a fact, under the law of two days.

A clause is examined under the law of the day on which it was enacted, which says what its maker
could do (Legislation Law arts 80, 82 of 2015, 91, 93 of 2023; Penalty Law arts 10 to 16; Licensing
Law arts 14 to 17; Coercion Law art. 10), and under that of the day asked, when higher law may have
come against it. A basis that came later does not cure it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.expressions.tree import names
from carbonlex.model import UNKNOWN, Case, CaseYear, Told
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import Rank
from carbonlex.validity.clauses import PENALTIES, Clause, clauses_of
from carbonlex.validity.finding import (
    Alternative,
    Examination,
    Finding,
    Result,
)
from carbonlex.validity.higher import Higher
from carbonlex.validity.ranges import Scope, reach
from carbonlex.validity.subject import Subject

MOST = 64
_WHERE = Location("validity")


@dataclass(frozen=True)
class _Record:
    """One clause on one day: its facts for the reasoner, and what they were read off."""

    clause: Clause
    day: date
    facts: dict[str, Told]
    bases: tuple[str, ...]
    penal: tuple[str, ...]
    claimed: tuple[str, ...]
    unfounded: tuple[str, ...]


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
        if i.rank == "law" and not any(p.held for p in i.provisions.values())
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
    for names in known.values():
        count *= len(names)
    used = {q: rulebook.questions[q].default for q in questions}
    if count <= MOST:
        every = (dict(zip(known, names, strict=True)) for names in product(*known.values()))
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
    read = [_read(rulebook, n, readings) for n in subject.norms]
    clauses = clauses_of(rulebook, read)
    records = [
        _record(rulebook, subject, clause, day, asked_on, readings, questions)
        for clause in clauses
        for day in days
    ]
    case = _case(subject, records, asked_on)
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
        findings.append(_finding(run, subject, record, at, verdicts, before))
    return findings, report


def _read(rulebook: Rulebook, norm: Norm, readings: Mapping[str, str]) -> Norm:
    if not norm.question:
        return norm
    default = rulebook.questions[norm.question].default
    return norm.readings[readings.get(norm.question, default)]


def _case(subject: Subject, records: list[_Record], asked_on: date) -> Case:
    lists = {"clauses": tuple(r.facts for r in records)}
    said = [
        (r.clause.norm.id, sorted((k, str(t.value)) for k, t in r.facts.items())) for r in records
    ]
    digest = hashlib.sha256(repr(said).encode()).hexdigest()
    role = {"role": Told("maker", _WHERE)}
    return Case(subject.instrument.title.zh, role, {asked_on.year: CaseYear({}, lists)}, digest)


def _record(
    rulebook: Rulebook,
    subject: Subject,
    clause: Clause,
    day: date,
    asked_on: date,
    readings: Mapping[str, str],
    questions: set[str],
) -> _Record:
    higher = Higher(
        rulebook, subject.instrument.key, subject.form, day, asked_on, readings, questions
    )
    facts: dict[str, object] = {
        "examined_on": day,
        "clause_form": subject.form,
        "clause_level": subject.maker.level,
        "clause_effect": clause.effect,
        "clause_matter": clause.matter,
        "clause_coercion": clause.norm.coercion or "none",
    }
    bases: tuple[str, ...] = ()
    penal: tuple[str, ...] = ()
    for rank, short in _RANKS:
        found = higher.bases(clause, rank)
        bases += found
        if found:
            facts[f"basis_in_{short}"] = True
        if clause.effect in PENALTIES and (set_ := higher.penalised(clause, rank)) is not None:
            facts[f"penalty_in_{short}"] = True
            penal = penal or set_.norms
            if set_.within is not None:
                facts[f"within_{short}"] = set_.within
        if clause.effect in ("licence", "coercion") and higher.licensed(clause, rank):
            facts[f"{clause.effect}_in_{short}"] = True
    if clause.norm.fine is not None and clause.effect == "fine":
        found_reach = reach(clause.norm.fine, Scope(rulebook, clause.norm, day))
        for name, end in (("minimum", found_reach.minimum), ("maximum", found_reach.maximum)):
            if end.point is not None:
                facts[f"fine_{name}"] = end.point
    claimed = higher.claimed(clause)
    told = {k: Told(v, _WHERE) for k, v in facts.items() if k in rulebook.vocabulary.terms}  # type: ignore[arg-type]
    return _Record(
        clause, day, dict(subject.facts) | told, bases, penal,
        tuple(c.norm for c in claimed if c.in_force),
        tuple(c.norm for c in claimed if not c.in_force),
    )  # fmt: skip


_RANKS: tuple[tuple[Rank, str], ...] = (
    ("law", "law"),
    ("administrative_regulation", "regulation"),
    ("local_regulation", "local_regulation"),
)


def _finding(
    run: Evaluation,
    subject: Subject,
    record: _Record,
    index: int,
    verdicts: tuple[Verdict, ...],
    before: Finding | None,
) -> Finding:
    broken = tuple(v for v in verdicts if v.outcome == "breached")
    doubtful = tuple(v for v in verdicts if v.outcome in ("undetermined", "conflict"))
    result: Result = "within"
    if broken:
        supervening = before is not None and before.result != "ultra_vires"
        contrary = any(run.rulebook.norms[v.norm].ground == "conflict" for v in broken)
        result = "conflict" if supervening or contrary else "ultra_vires"
    elif doubtful:
        result = "undetermined"
    limiting = broken or doubtful
    limits = tuple(v.norm for v in limiting)
    against: tuple[str, ...] = ()
    if broken:
        own = tuple(
            n for v in broken for n in (v.norm, *v.concurring)
            if run.rulebook.norms[n].ground == "conflict"
        )  # fmt: skip
        ranged = any(_asks_range(run.rulebook.norms[v.norm]) for v in broken)
        against = own or (record.penal if ranged else ())
    return Finding(
        clause=record.clause,
        day=record.day,
        enactment=before is None,
        index=index,
        result=result,
        verdicts=verdicts,
        limits=limits,
        against=against,
        bases=record.bases,
        penal=record.penal,
        claimed=record.claimed,
        unfounded=record.unfounded,
        powers=_powers(run, record, index),
        hierarchy=_hierarchy(run, subject, record.day, against) if result == "conflict" else (),
        annulment=_annulment(run, subject, record.day, result),
        needs=tuple(v.needs for v in limiting if v.outcome != "breached"),
        ceiling=_ceiling(run, record, index),
        doubts=_doubts(run.rulebook, record.clause),
    )


def _asks_range(norm: Norm) -> bool:
    """Return whether a norm asks if a penalty is within what higher law has set."""
    return norm.test is not None and any(n.startswith("within_") for n in names(norm.test))


def _frame(run: Evaluation, norm: Norm, record: _Record, index: int) -> Frame:
    return Frame(run.asked_on.year, record.day, norm, index)


def _powers(run: Evaluation, record: _Record, index: int) -> tuple[str, ...]:
    """Return the norms that let makers of this form enact such a clause."""
    found = []
    for norm in run.rulebook.norms.values():
        if norm.kind != "permits" or "maker" not in norm.addressees or norm.when is None:
            continue
        frame = _frame(run, norm, record, index)
        if run.in_force(norm, record.day) and run.value(norm.when, frame).value is True:
            found.append(norm.id)
    return tuple(found)


def _hierarchy(
    run: Evaluation, subject: Subject, day: date, against: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the rules by which what a clause is against ranks above it."""
    ranks = {run.rulebook.instruments[run.rulebook.norms[n].instrument].rank for n in against}
    return tuple(
        n.id
        for n in run.rulebook.precedence
        if run.in_force(n, day) and n.precedence is not None and n.precedence.step == "rank"
        and n.precedence.higher in ranks and subject.form in n.precedence.lower
    )  # fmt: skip


def _annulment(run: Evaluation, subject: Subject, day: date, result: Result) -> tuple[str, ...]:
    """Return the ground of annulment and who may annul, as the Legislation Law has them."""
    if result not in ("ultra_vires", "conflict"):
        return ()
    grounds, bodies = [], []
    for norm in run.rulebook.precedence:
        rule = norm.precedence
        if rule is None or not run.in_force(norm, day):
            continue
        if rule.step == "ground" and rule.ground == result:
            grounds.append(norm.id)
        if rule.step == "annulment" and subject.form in rule.between:
            bodies.append(norm.id)
    # The Legislation Law says nothing of documents that are neither law nor rule.
    return (*grounds, *bodies) if bodies else ()


def _ceiling(run: Evaluation, record: _Record, index: int) -> Told | None:
    """Return the recalled ceiling of fines with which a fine is compared, if there is one."""
    term = run.rulebook.vocabulary.terms.get("recalled_ceiling")
    norms = run.rulebook.definitions.get("recalled_ceiling", ())
    if term is None or record.clause.effect != "fine":
        return None
    for norm in norms:
        if run.in_force(norm, record.day):
            value = run.term(term, _frame(run, norm, record, index), index).value
            return None if value is UNKNOWN else Told(value, _WHERE)  # type: ignore[arg-type]
    return None


def _doubts(rulebook: Rulebook, clause: Clause) -> tuple[str, ...]:
    """Return the declared doubts of validity about the words that a clause rests on."""
    places = {f"{clause.norm.instrument}#{e}" for e in clause.norm.provisions}
    return tuple(
        q.name
        for q in rulebook.questions.values()
        if q.validity and any(_meets(p, place) for p in q.provisions for place in places)
    )


def _meets(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}__") or other.startswith(f"{one}__")
