"""The allocation of one compliance year, read off the rulebook: unit by unit, or line by line.

No law stands here: which plan there is, what it sums up and what a formula is made of are read
off proofs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from carbonlex.model import UNKNOWN, Case, Facts, weakest
from carbonlex.position.allocation_values import (
    Allocation,
    Differing,
    Otherwise,
    PlanStatus,
    Share,
)
from carbonlex.position.borrowing import borrowing
from carbonlex.position.trials import SURRENDER, altered, amount, amount_of, frame_of, told
from carbonlex.position.values import Amount
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.evaluate import Evaluation, Frame, again
from carbonlex.reasoner.facts import EMITTER, list_told, role_of
from carbonlex.reasoner.needs import presumed
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.formula import addends, giving, inputs

SUM = "free_allocation"
_MAIN = (SUM, "relief", "surrender_obligation")
_EMPTY: Facts = MappingProxyType({})


@dataclass(frozen=True)
class _Row:
    """What the vocabulary calls the parts of a unit or a line."""

    name: str
    kind: str
    exact: str
    allocation: str
    relief: str
    in_scope: str


_ROWS: dict[str, _Row] = {
    "units": _Row(
        "unit_name", "unit_class", "unit_allocation_exact", "unit_allocation", "unit_relief", ""
    ),
    "lines": _Row(
        "line_name", "line_kind", "line_allocation", "line_allocation", "", "line_in_scope"
    ),
}


class NoAllocation(LookupError):
    """The case does not tell the year, or is not about an entity that emits."""


def allocation_of(
    rulebook: Rulebook,
    case: Case,
    year: int | None,
    on: date,
    readings: Mapping[str, str] | None = None,
) -> Allocation:
    """Return how many allowances an entity gets for a year, as of the day asked.

    `year` None is the latest told. Raises `ContentError` for a bad reading or an impossible
    ledger, `NoAllocation` for a year not told.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> unit = {"unit_class": "coal_above_300", "electricity_generated": 1_500_000,
    ...         "peaking_correction": 1, "heat_supplied": 500_000}
    >>> facts = {"listed": True, "verified_emissions": 1_200_000, "units": [unit]}
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "power"}, "year": {"2023": facts}}, rulebook.vocabulary, "plant")
    >>> found = allocation_of(rulebook, case, None, date(2024, 12, 1))
    >>> found.free_allocation.value, found.balance, found.grade
    (Fraction(1244400, 1), Fraction(44400, 1), 'recalled')
    """
    year = max(case.years, default=0) if year is None else year
    if year not in case.years or role_of(case) != EMITTER:
        raise NoAllocation(year)
    report = check_case(rulebook, case, on, None, readings, survey=False)
    verdict = next((v for v in report.verdicts if (v.duty, v.year) == (SURRENDER, year)), None)
    run = Evaluation(rulebook, case, on, None, dict(readings or {}))
    frame = _frame(run, year)
    run.reached = set()  # whether the entity is bound at all is not what is asked
    planned = _planned(run, year)
    summed = _summed(planned)
    shares = tuple(_shares(run, frame, summed))
    figures = {name: _figure(run, name, frame) for name in (*_MAIN, *_MORE)}
    if not figures["borrow_limit"].known:
        figures["allocation_gap"] = _nothing(run, "allocation_gap", frame)
    questions = tuple((q, run.chosen(q)) for q in sorted(run.reached))
    known = [f for f in figures.values() if f.known]
    proofs = [f.proof for f in known] + [s.allocation.proof for s in shares]
    proofs += [when for f in known for when in _not_excepted(run, frame, f.proof)]
    total = figures[SUM]
    return Allocation(
        report=replace(
            report,
            verdicts=(verdict,) if verdict else (),
            presumed=presumed(proofs),
            not_encoded=(),
        ),
        year=year,
        verdict=verdict,
        plan=_plan(rulebook, planned),
        plan_status=_status(run, planned, year),
        summed=summed,
        shares=shares,
        free_allocation=total,
        derived=_derived(run, SUM, frame) if total.proof.step == "told" else None,
        emissions=figures["verified_emissions"],
        gap=figures["allocation_gap"],
        lower=figures["allocation_lower"],
        upper=figures["allocation_upper"],
        relief=figures["relief"],
        obligation=figures["surrender_obligation"],
        borrow_limit=figures["borrow_limit"],
        borrowing=borrowing(run, year, figures["borrow_limit"])
        if _concerns(run, "borrowed")
        else None,
        bank_cap=figures["bank_cap"],
        differences=tuple(_differences(run, year)),
        questions=questions,
        otherwise=tuple(_otherwise(run, year, figures, questions)),
        grade=weakest([f.grade for f in known] + [s.allocation.grade for s in shares]),
    )


_MORE = (
    "verified_emissions",
    "allocation_gap",
    "allocation_lower",
    "allocation_upper",
    "borrow_limit",
    "bank_cap",
)


def _figure(run: Evaluation, name: str, frame: Frame) -> Amount:
    """Return a figure of the year; nothing where it does not concern the sector told."""
    return amount(run, name, frame) if _concerns(run, name) else _nothing(run, name, frame)


def _concerns(run: Evaluation, name: str) -> bool:
    own = run.case.entity.get("sector")
    return own is None or run.rulebook.vocabulary.terms[name].concerns(str(own.value))


def _nothing(run: Evaluation, name: str, frame: Frame) -> Amount:
    """Return a figure on which no law is in point."""
    unit = run.rulebook.vocabulary.terms[name].unit
    proof = Proof("undefined", name, UNKNOWN, unit, (), frame.year)
    return Amount(UNKNOWN, unit, proof, "official")


def _not_excepted(run: Evaluation, frame: Frame, proof: Proof) -> Iterable[Proof]:
    """Yield why no exception to a definition holds: it may be so by presumption alone."""
    for exception in run.rulebook.exceptions.get(proof.norm, ()):
        if exception.when is not None and run.in_force(exception, frame.law, frame.year):
            when = run.value(exception.when, frame._replace(norm=exception))
            if when.value is False:
                yield when


def _frame(run: Evaluation, year: int) -> Frame:
    """Return the law that surrender for the year is judged by; that of the day asked, if none."""
    found = frame_of(run, year)
    return found or Frame(year, run.asked_on, run.rulebook.definitions[SUM][0])


def _derived(run: Evaluation, name: str, frame: Frame, index: int = -1) -> Amount:
    """Return what law makes of a concept, told or not."""
    return amount_of(run, run.derive(run.rulebook.vocabulary.terms[name], frame, index))


def _planned(run: Evaluation, year: int) -> Proof:
    """Derive the allocation of a case with one empty unit and line: which plan is there?

    What it rests on says which plan governs, and of what it is the sum, whatever was told.
    """
    rows = dict.fromkeys(_ROWS, (_EMPTY,))
    case = altered(run.case, year, told(), rows)
    trial = Evaluation(run.rulebook, case, run.asked_on, None, run.readings)
    return trial.derive(run.rulebook.vocabulary.terms[SUM], _frame(trial, year), -1)


def _plan(rulebook: Rulebook, planned: Proof) -> str:
    """Return the key of the one instrument that gives the allocation; empty if none or several."""
    keys = {rulebook.norms[p.norm].instrument for p in planned.parts if p.norm}
    return keys.pop() if len(keys) == 1 else ""


def _status(run: Evaluation, planned: Proof, year: int) -> PlanStatus:
    if planned.step != "undefined":
        return "held"
    later = replace(run, asked_on=date.max, memo={}, reached=set(), told_over={})
    return "later" if _planned(later, year).step != "undefined" else "none"


def _summed(planned: Proof) -> tuple[str, ...]:
    """Return the lists that the plan sums up."""
    found = {p.label for p in planned.walk() if p.step == "record"}
    return tuple(record for record in _ROWS if record in found)


def _shares(run: Evaluation, frame: Frame, summed: tuple[str, ...]) -> Iterable[Share]:
    """Yield the units or lines told, of the kind that the plan sums up."""
    for record in summed:
        row = _ROWS[record]
        if not list_told(run.case, record, frame.year):
            continue
        for index, facts in enumerate(run.case.years[frame.year].lists[record]):
            yield _share(run, frame, (record, index, row), facts)


def _share(run: Evaluation, frame: Frame, place: tuple[str, int, _Row], facts: Facts) -> Share:
    record, index, row = place
    at = frame._replace(index=index)
    exact = _derived(run, row.exact, at, index)
    expression = giving(exact.proof)
    undefined = exact.proof.step == "undefined"
    return Share(
        record=record,
        index=index,
        name=_said(facts, row.name),
        kind=_said(facts, row.kind),
        exact=exact,
        allocation=amount(run, row.allocation, at),
        relief=amount(run, row.relief, at) if row.relief else None,
        in_scope=amount(run, row.in_scope, at) if row.in_scope else None,
        inputs=() if undefined else inputs(expression),
        parts=() if undefined else addends(expression),
    )


def _said(facts: Facts, name: str) -> str:
    return str(facts[name].value) if name in facts else ""


def _differences(run: Evaluation, year: int) -> Iterable[Differing]:
    """Yield the told concepts of the year, come across so far, that law derives otherwise."""
    for (name, of, index), frame in sorted(run.told_over.items(), key=lambda x: x[0]):
        if of == year:
            derived = _derived(run, name, frame, index)
            said = amount_of(run, run.term(run.rulebook.vocabulary.terms[name], frame, index))
            if derived.value is not UNKNOWN and derived.value != said.value:
                yield Differing(said, derived, index)


def _otherwise(
    run: Evaluation,
    year: int,
    figures: Mapping[str, Amount],
    questions: tuple[tuple[str, str], ...],
) -> Iterable[Otherwise]:
    """Yield the main figures under every other reading of each question, one at a time."""
    base = [figures[name].value for name in _MAIN]
    for question, used in questions:
        for reading in run.rulebook.questions[question].readings:
            if reading.name == used:
                continue
            other = again(run, {**run.readings, question: reading.name})
            frame = _frame(other, year)
            found = [_figure(other, name, frame) for name in _MAIN]
            differs = [f.value for f in found] != base
            yield Otherwise(question, reading.name, found[0], found[1], found[2], differs)
