"""A case checked: every slot of every year, findings, differences, and how robust it all is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.ledger.balances import refuse_impossible
from carbonlex.ledger.movements import known_on
from carbonlex.model import UNKNOWN, Case
from carbonlex.reasoner.chaining.propositions import Atom, Conclusion
from carbonlex.reasoner.concurrence import concurrences, unknown_duties
from carbonlex.reasoner.duties import Slot
from carbonlex.reasoner.evaluate import Evaluation
from carbonlex.reasoner.facts import EMITTER, list_told, role_of
from carbonlex.reasoner.grades import grade_of
from carbonlex.reasoner.judge import Prepared, conclude, prepare, propose
from carbonlex.reasoner.life import Propositions, chainer, traces
from carbonlex.reasoner.needs import needs, presumed
from carbonlex.reasoner.readings import robustness
from carbonlex.reasoner.verdict import Difference, Finding, Report, Verdict
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.version import ENGINE


def check_case(
    rulebook: Rulebook,
    case: Case,
    on: date,
    decided: date | None = None,
    readings: Mapping[str, str] | None = None,
    *,
    survey: bool = True,
    chain_with: str = "",
) -> Report:
    """Check a case on the day asked and return the report; raises `ContentError` for a bad reading.

    `decided` is the day on which a penalty is decided; without it lighter law is not tried.
    `survey=False` leaves out the trial of other readings. `chain_with="plain"` chains without
    durable-rules.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> facts = {"listed": True, "verified_emissions": 100_000, "allowances_surrendered": 95_000,
    ...          "credits": [{"quantity": 5_000, "used": True, "from_covered_project": False}]}
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "power"}, "year": {"2025": facts}}, rulebook.vocabulary, "plant")
    >>> report = carbonlex.check_case(rulebook, case, on=date(2027, 1, 15))
    >>> [(v.duty, v.outcome) for v in report.verdicts if v.duty in ("surrender", "offset-cap")]
    [('surrender', 'complied'), ('offset-cap', 'complied')]
    """
    chosen = dict(readings or {})
    known_readings(rulebook, chosen)
    unknown_duties(rulebook, case)
    refuse_impossible(case)
    told, (case, _) = case, known_on(case, on)
    run = Evaluation(rulebook, case, on, decided, chosen)
    slots = slots_of(rulebook, case)
    judged = judge(run, slots, chain_with)
    findings = tuple(_findings(run))
    verdicts: list[Verdict] = []
    for slot, verdict, questions in judged:
        if survey and questions:
            found = robustness(run, slot, verdict, questions, chain_with)
            verdict = replace(verdict, robustness=found)
        verdicts.append(verdict)
    differences = tuple(_differences(run))
    empty = {(r, y) for y in case.years for r in _presumed_empty(rulebook, case, y)}
    used = sorted({p for v in verdicts for p in v.presumed} | _presumed(findings) | empty)
    name = chainer(chain_with).name
    digest = _digest(rulebook, case, on, decided, chosen)
    return Report(
        case.name, case.digest, rulebook.digest, on, decided, tuple(sorted(chosen.items())),
        tuple(verdicts), findings, differences, tuple(used), _uncovered(rulebook, verdicts),
        name, ENGINE, digest, told, tuple(concurrences(run, verdicts)),
        _unjudged(rulebook, case),
    )  # fmt: skip


def _presumed(findings: tuple[Finding, ...]) -> set[tuple[str, int]]:
    return set(presumed(f.proof for f in findings))


def _presumed_empty(rulebook: Rulebook, case: Case, year: int) -> set[str]:
    """Return the lists that norms run over, that were not told, and are taken to be empty."""
    role = role_of(case)
    duties = (n for norms in rulebook.duties.values() for n in norms if n.addresses(role))
    ran = {n.record for n in duties} - {"entity"}
    records = rulebook.vocabulary.records
    return {r for r in ran if records[r].presumed_none and not list_told(case, r, year)}


def _unjudged(rulebook: Rulebook, case: Case) -> tuple[tuple[str, int], ...]:
    """Return the lists that norms run over, told of no year's records and not presumed empty."""
    role, records = role_of(case), rulebook.vocabulary.records
    duties = (n for norms in rulebook.duties.values() for n in norms if n.addresses(role))
    ran = sorted({n.record for n in duties if not records[n.record].presumed_none} - {"entity"})
    return tuple((r, y) for y in sorted(case.years) for r in ran if not list_told(case, r, y))


def only_duty(rulebook: Rulebook, report: Report, duty: str) -> Report:
    """Return the report with the verdicts of one duty, and what they alone rest on."""
    kept = tuple(v for v in report.verdicts if v.duty == duty)
    used = tuple(sorted({p for v in kept for p in v.presumed} | _presumed(report.findings)))
    return replace(
        report, verdicts=kept, presumed=used, not_encoded=_uncovered(rulebook, list(kept))
    )


def slots_of(rulebook: Rulebook, case: Case) -> tuple[Slot, ...]:
    """Return every slot that a case has: each duty, for each year told, for each record."""
    found: list[Slot] = []
    role = role_of(case)
    for year, told in sorted(case.years.items()):
        for duty, norms in rulebook.duties.items():
            lawful = [n for n in norms if not n.ordered_by and n.addresses(role)]
            for record in dict.fromkeys(n.record for n in lawful):
                if record == "entity":
                    found.append(Slot(duty, year))
                else:
                    count = len(told.lists.get(record, ()))
                    found += [Slot(duty, year, at) for at in range(count)]
    return tuple(found)


def judge(
    run: Evaluation, slots: tuple[Slot, ...], chain_with: str = "", *, result_only: bool = False
) -> list[tuple[Slot, Verdict, frozenset[str]]]:
    """Judge slots in one run of the chainer; each verdict with the questions that it turned on."""
    prepared: list[tuple[Prepared, set[str]]] = []
    known = Propositions()
    for slot in slots:
        run.reached = set()
        found = prepare(run, slot)
        if found is not None:
            propose(found, known)
            prepared.append((found, run.reached))
    derived = derive(run, known, chain_with)
    judged = []
    chains = None if result_only else traces(derived)
    for found, questions in prepared:
        run.reached = questions
        verdict = conclude(run, found, derived, chains)
        judged.append((found.slot, verdict, frozenset(run.reached)))
    return judged


def derive(run: Evaluation, known: Propositions, chain_with: str) -> Mapping[Atom, Conclusion]:
    """Chain what is known; the same propositions, as other readings often leave them, once."""
    key = (frozenset(known.certain), frozenset(known.possible))
    if key not in run.derived:
        run.derived[key] = chainer(chain_with).run(known.certain, known.possible)
    found: Mapping[Atom, Conclusion] = run.derived[key]
    return found


def known_readings(rulebook: Rulebook, chosen: Mapping[str, str]) -> None:
    """Raise `ContentError` for a question or a reading that the rulebook does not declare."""
    wrong = []
    for question, reading in chosen.items():
        declared = rulebook.questions.get(question)
        known = [r.name for r in declared.readings] if declared else list(rulebook.questions)
        if reading not in known:
            wrong.append(
                Diagnostic(
                    "question-unknown",
                    (f"没有 {question}={reading}", f"there is no {question}={reading}"),
                    Location("--reading"),
                    hint=("可选：" + "、".join(known), "choose from: " + ", ".join(known)),
                )
            )
    if wrong:
        raise ContentError(tuple(wrong))


def _findings(run: Evaluation):  # type: ignore[no-untyped-def]
    """Yield the headline concepts of each year told, under the law of that year's duties."""
    from carbonlex.reasoner.evaluate import Frame

    anchor = anchor_of(run.rulebook)
    emits = role_of(run.case) == EMITTER
    for year in sorted(run.case.years):
        for term in run.rulebook.vocabulary.terms.values() if emits else ():
            definitions = run.rulebook.definitions.get(term.name, ())
            if not term.headline or not definitions:
                continue
            law = _law_of_year(run, anchor, year)
            proof = run.term(term, Frame(year, law, definitions[0]), -1)
            if proof.step == "undefined":
                continue
            norm = run.rulebook.norms.get(proof.norm, definitions[0])
            sets = needs(proof, run.rulebook.vocabulary) if proof.value is UNKNOWN else ()
            yield Finding(
                term.name, year, proof.value, proof, grade_of(run.rulebook, norm, [proof]), sets
            )


def anchor_of(rulebook: Rulebook) -> Norm | None:
    """Return the duty of the entity whose deadline says which law a year's findings are under."""
    duties = [n for n in rulebook.norms.values() if n.kind == "obliges" and n.record == "entity"]
    dated = [n for n in duties if n.continuing and n.due]
    return dated[-1] if dated else None


def _law_of_year(run: Evaluation, anchor: Norm | None, year: int) -> date:
    from carbonlex.reasoner.evaluate import Frame

    if anchor is None or anchor.due is None:
        return run.asked_on
    due = run.value(anchor.due, Frame(year, run.asked_on, anchor))
    return due.value if isinstance(due.value, date) else run.asked_on


def _differences(run: Evaluation):  # type: ignore[no-untyped-def]
    """Yield each told concept that law would derive otherwise."""
    for (name, year, index), frame in sorted(run.told_over.items(), key=lambda x: x[0]):
        term = run.rulebook.vocabulary.terms[name]
        derived = run.derive(term, frame, index)
        told = run.term(term, frame, index)
        if derived.value is not UNKNOWN and derived.value != told.value:
            yield Difference(name, year, told.value, derived.value)


def _uncovered(rulebook: Rulebook, verdicts: list[Verdict]) -> tuple[str, ...]:
    """Return the articles relied on that have words without a norm, as `key#article`."""
    relied: set[tuple[str, str]] = set()
    for verdict in verdicts:
        ids = [verdict.norm, *verdict.concurring]
        for package in _packages(verdict):
            ids += [c.norm for c in package.consequences if c.kind != "discretion"]
        for proof in (verdict.binding, verdict.test, verdict.due_proof):
            ids += [p.norm for p in proof.walk() if p.norm] if proof else []
        for norm in (rulebook.norms[i] for i in ids if i in rulebook.norms):
            instrument = rulebook.instruments[norm.instrument]
            relied |= {(norm.instrument, instrument.article(e).eid) for e in norm.provisions}
    left = {(n.instrument, n.article) for n in rulebook.not_encoded}
    return tuple(f"{k}#{a}" for k, a in sorted(relied & left))


def _packages(verdict: Verdict):  # type: ignore[no-untyped-def]
    if verdict.sanctions is not None:
        yield verdict.sanctions.at_breach
        if verdict.sanctions.at_decision is not None:
            yield verdict.sanctions.at_decision


def _digest(
    rulebook: Rulebook, case: Case, on: date, decided: date | None, chosen: dict[str, str]
) -> str:
    said = {
        "case": case.digest,
        "rulebook": rulebook.digest,
        "on": on.isoformat(),
        "decided": decided.isoformat() if decided else None,
        "readings": chosen,
        "engine": ENGINE,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
