"""Concepts on demand: exact, three-valued, with a proof step for each step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar, cast

from carbonlex.expressions import tree as t
from carbonlex.expressions.write import write
from carbonlex.model import UNKNOWN, Case, Value
from carbonlex.reasoner import operators
from carbonlex.reasoner.definitions import definition
from carbonlex.reasoner.facts import facts_of, list_told
from carbonlex.reasoner.parameters import entry_at, issued_later
from carbonlex.reasoner.precedence import Ranking, prevail
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.steps import STEPS
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Term

T = TypeVar("T")
DEEP = 10


class Frame(NamedTuple):
    """Where an expression is evaluated: year, law of which day, whose norm, which records.

    `index` is the child record of the norm (-1: the root); `bound` maps generator variables to
    (list name, position).
    """

    year: int
    law: date
    norm: Norm
    index: int = -1  # type: ignore[assignment]  # a record's place, not tuple.index
    bound: tuple[tuple[str, str, int], ...] = ()


@dataclass(slots=True)
class Evaluation:
    """One pass over one case under one choice of readings; holds what was computed once.

    `reached` collects the questions that a result turned on; `told_over` the told concepts
    that law would also derive; `derived` what the chainer made of the same propositions.
    """

    rulebook: Rulebook
    case: Case
    asked_on: date
    decided_on: date | None
    readings: dict[str, str]
    reached: set[str] = field(default_factory=set)
    told_over: dict[tuple[str, int, int], Frame] = field(default_factory=dict)
    memo: dict[tuple[object, ...], tuple[Any, set[str]]] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    rankings: dict[tuple[tuple[str, ...], date], Ranking] = field(default_factory=dict)
    derived: dict[object, Any] = field(default_factory=dict)

    def version(self, norm: Norm, year: int) -> Norm:
        """Return what a norm says under the reading chosen for its question."""
        if not norm.question:
            return norm
        return norm.readings[self.reading(norm.question, year)]

    def reading(self, question: str, year: int = 0) -> str:
        """Return the reading in use, noting that a result turned on the question."""
        declared = self.rulebook.questions[question]
        if not (declared.validity or (year and year < declared.from_year)):
            self.reached.add(question)
        return declared.taken(self.readings, year)

    def in_force(self, norm: Norm, day: date, year: int = 0) -> bool:
        """Return whether a norm is in force on a day, as known when asked: it is promulgated.

        With a compliance year, whether it is for that year too.
        """
        return self.rulebook.known_in_force(norm, day, self.asked_on, year)

    def chosen(self, question: str) -> str:
        """Return the reading in use, without noting anything."""
        return self.rulebook.questions[question].taken(self.readings)

    def once(self, key: tuple[object, ...], compute: Callable[[], T]) -> T:
        """Compute something once. What it turned on is kept with it: who asks again did too."""
        if key not in self.memo:
            outside, self.reached = self.reached, set()
            found = compute()
            self.memo[key] = (found, self.reached)
            self.reached = outside
        value, questions = self.memo[key]
        self.reached |= questions
        return cast(T, value)

    def rank(self, norms: tuple[Norm, ...], day: date) -> Ranking:
        """Rank norms that answer one question; the same norms on the same day are ranked once."""
        key = (tuple(n.id for n in norms), day)
        found = self.rankings.get(key)
        if found is None:
            found = self.rankings[key] = prevail(self.rulebook, norms, day)
        return found

    def test(self, norm: Norm, frame: Frame) -> Proof:
        """Evaluate the test of a norm: its expression, or its limbs item by item."""
        if norm.limbs is None:
            return self.value(norm.test, frame) if norm.test is not None else _TRUE
        mode, found = norm.limbs.mode, []
        stop = mode == "all"
        for item, node in norm.limbs.items:
            proof = self.value(node, frame)
            found.append(Proof("limb", write(node), proof.value, parts=(proof,), extra=item))
            if proof.value is (not stop):
                break
        values = [p.value for p in found]
        value = operators.conjunction(values) if stop else operators.disjunction(values)
        decisive = tuple(p for p in found if p.value is value) if value is not UNKNOWN else ()
        shown = tuple(found) if value is stop or not decisive else decisive
        if mode == "none":
            value = operators.negation(value)
        return Proof("limbs", norm.id, value, parts=shown, extra=mode)

    def value(self, node: t.Expression, frame: Frame) -> Proof:
        """Evaluate one expression."""
        return STEPS[type(node)](self, node, frame)

    def written(self, node: t.Expression) -> str:
        """Return an expression as written; the same node is written once."""
        found = self.texts.get(id(node))
        if found is None:
            found = self.texts[id(node)] = write(node)
        return found

    # names

    def name(self, name: str, frame: Frame) -> Proof:
        """Evaluate a built-in, a fact, a concept or a parameter by name."""
        if name in t.BUILTINS:
            return self.builtin(name, frame)
        term = self.rulebook.vocabulary.terms.get(name)
        if term is None:
            return self.parameter(name, frame)
        if term.record != "entity":
            return self.term(term, frame, frame.index)
        return self.term(term, frame, -1)

    def builtin(self, name: str, frame: Frame) -> Proof:
        found: Value | None
        match name:
            case "year":
                found = Fraction(frame.year)
            case "asked_on":
                found = self.asked_on
            case _:
                found = self.decided_on
        return Proof("builtin", name, UNKNOWN if found is None else found, year=frame.year)

    def term(self, term: Term, frame: Frame, index: int) -> Proof:
        """Evaluate a fact or concept: told, derived, presumed, or missing."""
        year = frame.year if term.period == "year" or term.record != "entity" else 0
        told = facts_of(self.case, term, frame.year, index).get(term.name)
        if told is not None:
            if term.kind == "concept" and term.name in self.rulebook.definitions:
                self.told_over.setdefault((term.name, frame.year, index), frame)
            return Proof("told", term.name, told.value, term.unit, (), year, index)
        if term.kind == "concept" and term.name in self.rulebook.definitions:
            first = min(self.case.years, default=frame.year)
            if frame.year < first and term.before is not None:
                return Proof("before", term.name, term.before, term.unit, (), year, index)
            if frame.year < first - 1:
                return Proof("missing", term.name, UNKNOWN, term.unit, (), year, index)
            found = self.concept(term, frame, index)
            if found.value is not UNKNOWN or term.presumption is None or frame.year < first:
                return found
            return Proof("presumed", term.name, term.presumption, term.unit, (), year, index)
        first = min(self.case.years, default=frame.year)
        if term.before is not None and year and frame.year < first:
            return Proof("before", term.name, term.before, term.unit, (), year, index)
        # What is presumed is presumed of the years that the case is about.
        if term.presumption is not None and (not year or frame.year >= first):
            return Proof("presumed", term.name, term.presumption, term.unit, (), year, index)
        return Proof("missing", term.name, UNKNOWN, term.unit, (), year, index)

    def concept(self, term: Term, frame: Frame, index: int) -> Proof:
        """Derive a concept under the law of the day, once."""
        key = (term.name, frame.year, index, frame.law)
        first = min(self.case.years, default=frame.year)
        if key not in self.memo and frame.year - first > DEEP:
            # From the first year on, so that a long history does not nest as deep as it is long.
            outside = set(self.reached)
            for year in range(first, frame.year):
                self.term(term, frame._replace(year=year), index)
            self.reached = outside
        return self.once(key, lambda: self.derive(term, frame, index))

    def derive(self, term: Term, frame: Frame, index: int) -> Proof:
        """Derive a concept from the definitions in force, without looking whether it was told."""
        candidates: list[tuple[Norm, Proof]] = []
        for norm in self.rulebook.definitions.get(term.name, ()):
            if not self.in_force(norm, frame.law, frame.year):
                continue
            idle = self.idle(norm, Frame(frame.year, frame.law, norm, index))
            version = norm if idle else self.version(norm, frame.year)
            inner = Frame(frame.year, frame.law, version, index)
            proof = definition(self, version, term, inner)
            if proof is not None:
                candidates.append((norm, proof))
        if not candidates:
            return Proof("undefined", term.name, UNKNOWN, term.unit, (), frame.year, index)
        proofs = tuple(p for _, p in candidates)
        values = [p.value for p in proofs]
        ranking = self.rank(tuple(n for n, _ in candidates), frame.law)
        if ranking.winner is None and any(v != values[0] for v in values):
            return Proof("conflict", term.name, UNKNOWN, term.unit, proofs, frame.year, index)
        winner = ranking.order[0].id
        chosen = next(p for p in proofs if p.norm == winner)
        ordered = (chosen, *(p for p in proofs if p is not chosen))
        return Proof(
            "concept", term.name, chosen.value, term.unit, ordered, frame.year, index, winner
        )

    def idle(self, norm: Norm, frame: Frame) -> bool:
        """Return whether a norm with readings says nothing yet, under any of them.

        Its condition, the same in all, is not known to hold: no result turns on its question.
        """
        if norm.when is None or any(r.when != norm.when for r in norm.readings.values()):
            return False
        return bool(norm.readings) and self.value(norm.when, frame).value is not True

    def exception(self, norm: Norm, frame: Frame) -> Proof | None:
        """Return the step of an exception that holds or may hold; None if it does not.

        One that fails by what is presumed leaves a step without effect, `spared`: the result
        rests on the presumption.
        """
        if not self.in_force(norm, frame.law, frame.year):
            return None
        version = self.version(norm, frame.year)
        inner = frame._replace(norm=version)
        when = self.value(version.when, inner) if version.when is not None else _TRUE
        if when.value is False:
            rests = any(p.step in ("presumed", "before") for p in when.walk())
            return Proof("spared", version.id, True, parts=(when,)) if rests else None
        value: Value = False
        parts: tuple[Proof, ...] = (when,)
        if version.test is not None or version.limbs is not None:
            test = self.test(version, inner)
            value, parts = test.value, (when, test)
        if when.value is UNKNOWN:
            value = UNKNOWN
        return Proof("exception", version.id, value, parts=parts, norm=version.id)

    def parameter(self, name: str, frame: Frame, key: str = "") -> Proof:
        """Read a parameter: by law date or compliance year, as known on the day asked."""
        parameter = self.rulebook.parameter(name, frame.norm, frame.law)
        if parameter is None:
            return Proof("undefined", name, UNKNOWN)
        at = entry_at(parameter, frame.year, frame.law, self.asked_on)
        entry = parameter.spans[at].entry if at >= 0 else None
        if entry is None:
            later = "later" if issued_later(parameter, frame.year, frame.law) else ""
            return Proof(
                "unissued", parameter.full, UNKNOWN, parameter.unit, (), frame.year, extra=later
            )
        value: Any = entry.value
        if isinstance(value, Mapping):
            if key not in value:
                return Proof("undefined", name, UNKNOWN)
            value = value[key]
        return Proof("parameter", parameter.full, value, parameter.unit, (), frame.year, entry=at)

    # child records

    def records(self, source: str, year: int) -> int | None:
        """Return how many child records there are; None where the list was not told."""
        if list_told(self.case, source, year):
            return len(self.case.years[year].lists[source])
        presumed = self.rulebook.vocabulary.records[source].presumed_none
        return 0 if presumed and year >= min(self.case.years, default=year) else None


_TRUE = Proof("literal", "True", True)


def again(run: Evaluation, readings: dict[str, str]) -> Evaluation:
    """Return a pass over the same case under other readings.

    What did not turn on a question whose reading changed holds as it was computed.
    """
    changed = {q for q, r in readings.items() if run.chosen(q) != r}
    kept = {k: v for k, v in run.memo.items() if not v[1] & changed}
    return replace(run, readings=readings, reached=set(), told_over={}, memo=kept)
