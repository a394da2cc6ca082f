"""Concepts on demand: exact, three-valued, with a proof step for each step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple, TypeVar, cast

from carbonlex.expressions import tree as t
from carbonlex.expressions.write import write
from carbonlex.model import UNKNOWN, Case, Facts, Value
from carbonlex.reasoner import operators
from carbonlex.reasoner.precedence import Ranking, prevail
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.norms import Norm, Parameter
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Term

_NO_FACTS: Facts = {}
T = TypeVar("T")


class Frame(NamedTuple):
    """Where an expression is evaluated: year, law of which day, whose norm, which records.

    `index` is the child record of the norm (-1: the root); `bound` maps generator variables to
    (list name, position).
    """

    year: int
    law: date
    norm: Norm
    index: int = -1
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
        if year and year < declared.from_year:
            return declared.default
        self.reached.add(question)
        return self.readings.get(question, declared.default)

    def chosen(self, question: str) -> str:
        """Return the reading in use, without noting anything."""
        return self.readings.get(question, self.rulebook.questions[question].default)

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
        return _STEPS[type(node)](self, node, frame)

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

    def facts_of(self, term: Term, year: int, index: int) -> Facts:
        if term.record != "entity":
            told = self.case.years.get(year)
            return told.lists[term.record][index] if told else _NO_FACTS
        if term.period == "always":
            return self.case.entity
        found = self.case.years.get(year)
        return found.facts if found else _NO_FACTS

    def term(self, term: Term, frame: Frame, index: int) -> Proof:
        """Evaluate a fact or concept: told, derived, presumed, or missing."""
        year = frame.year if term.period == "year" or term.record != "entity" else 0
        told = self.facts_of(term, frame.year, index).get(term.name)
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
            return self.concept(term, frame, index)
        if term.presumption is not None:
            return Proof("presumed", term.name, term.presumption, term.unit, (), year, index)
        return Proof("missing", term.name, UNKNOWN, term.unit, (), year, index)

    def concept(self, term: Term, frame: Frame, index: int) -> Proof:
        """Derive a concept under the law of the day, once."""
        key = (term.name, frame.year, index, frame.law)
        return self.once(key, lambda: self.derive(term, frame, index))

    def derive(self, term: Term, frame: Frame, index: int) -> Proof:
        """Derive a concept from the definitions in force, without looking whether it was told."""
        candidates: list[tuple[Norm, Proof]] = []
        for norm in self.rulebook.definitions.get(term.name, ()):
            if not self.rulebook.in_force(norm, frame.law):
                continue
            version = self.version(norm, frame.year)
            inner = Frame(frame.year, frame.law, version, index)
            proof = self.definition(version, term, inner)
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
        return Proof("concept", term.name, chosen.value, term.unit, ordered, frame.year, index, winner)

    def definition(self, norm: Norm, term: Term, frame: Frame) -> Proof | None:
        """Evaluate one definition with its exceptions; None where its condition fails."""
        parts: list[Proof] = []
        if norm.when is not None:
            when = self.value(norm.when, frame)
            if when.value is False:
                return None
            parts.append(when)
        for exception in self.rulebook.exceptions.get(norm.id, ()):
            found = self.exception(exception, frame)
            if found is None:
                continue
            if found.value is not UNKNOWN:
                return Proof("definition", term.name, found.value, term.unit, (found,), frame.year, frame.index, norm.id)  # noqa: E501
            parts.append(found)
        test = self.test(norm, frame)
        value = test.value if all(p.value is not UNKNOWN for p in parts) else UNKNOWN
        return Proof("definition", term.name, value, term.unit, (*parts, test), frame.year, frame.index, norm.id)

    def exception(self, norm: Norm, frame: Frame) -> Proof | None:
        """Return the step of an exception that holds or may hold; None if it does not."""
        if not self.rulebook.in_force(norm, frame.law):
            return None
        version = self.version(norm, frame.year)
        inner = frame._replace(norm=version)
        when = self.value(version.when, inner) if version.when is not None else _TRUE
        if when.value is False:
            return None
        value: Value = False
        parts = (when,)
        if version.test is not None or version.limbs is not None:
            test = self.test(version, inner)
            value, parts = test.value, (when, test)
        if when.value is UNKNOWN:
            value = UNKNOWN
        return Proof("exception", version.id, value, parts=parts, norm=version.id)

    def parameter(self, name: str, frame: Frame, key: str = "") -> Proof:
        """Read a parameter: by law date or compliance year, as known on the day asked."""
        parameter = self.rulebook.parameter(name, frame.norm)
        if parameter is None:
            return Proof("undefined", name, UNKNOWN)
        at = _entry(parameter, frame, self.asked_on)
        entry = parameter.spans[at].entry if at >= 0 else None
        if entry is None:
            later = "later" if _later(parameter, frame) else ""
            return Proof(
                "unissued", parameter.full, UNKNOWN, parameter.unit, (), frame.year, extra=later
            )
        value: Any = entry.value[key] if parameter.by and key in entry.value else entry.value  # type: ignore[index,operator]
        if parameter.by and not key:
            return Proof("undefined", name, UNKNOWN)
        return Proof("parameter", parameter.full, value, parameter.unit, (), frame.year, entry=at)

    # child records

    def records(self, source: str, year: int) -> int | None:
        """Return how many child records there are; None where the list was not told."""
        told = self.case.years.get(year)
        if told is not None and source in told.lists:
            return len(told.lists[source])
        return 0 if self.rulebook.vocabulary.records[source].presumed_none else None

    def list_told(self, source: str, year: int) -> bool:
        """Return whether a list of child records was told for a year."""
        told = self.case.years.get(year)
        return told is not None and source in told.lists

    def field_of(self, node: t.Field, frame: Frame) -> Proof:
        """Evaluate a fact of the child record that a variable stands for."""
        term = self.rulebook.vocabulary.terms[node.name]
        position = next(i for v, _, i in frame.bound if v == node.variable)
        return self.term(term, frame, position)


_TRUE = Proof("literal", "True", True)


def _entry(parameter: Parameter, frame: Frame, asked_on: date) -> int:
    best, best_day = -1, date.min
    point: Any = frame.law if parameter.keyed == "date" else frame.year
    for at, span in enumerate(parameter.spans):
        if parameter.keyed == "date":
            inside = span.start <= point and (span.until is None or point < span.until)
        else:
            inside = span.start <= point <= span.until  # type: ignore[operator]
        issued = span.entry.issued if span.entry else None
        if inside and (issued is None or issued <= asked_on) and (issued or date.min) >= best_day:
            best, best_day = at, issued or date.min
    return best


def _later(parameter: Parameter, frame: Frame) -> bool:
    """Return whether a value is known that was issued only after the day asked."""
    return _entry(parameter, frame, date.max) >= 0


def _name(run: Evaluation, node: t.Name, frame: Frame) -> Proof:
    return run.name(node.name, frame)


def _previous(run: Evaluation, node: t.Previous, frame: Frame) -> Proof:
    return run.name(node.name, frame._replace(year=frame.year - node.years))


def _lookup(run: Evaluation, node: t.Lookup, frame: Frame) -> Proof:
    key = run.value(node.key, frame)
    if key.value is UNKNOWN:
        return Proof("call", run.written(node), UNKNOWN, parts=(key,))
    found = run.parameter(node.name, frame, str(key.value))
    return found._replace(parts=(key,))


def _literal(run: Evaluation, node: t.Number | t.Boolean | t.Text, frame: Frame) -> Proof:
    return Proof("literal", run.written(node), node.value)


def _compare(run: Evaluation, node: t.Compare, frame: Frame) -> Proof:
    left, right = run.value(node.left, frame), run.value(node.right, frame)
    value = operators.compare(node.op, left.value, right.value)
    return Proof("compare", run.written(node), value, parts=(left, right), extra=node.op)


def _logic(run: Evaluation, node: t.Logic, frame: Frame) -> Proof:
    decisive = node.op == "or"
    parts: list[Proof] = []
    for part in node.parts:
        proof = run.value(part, frame)
        if proof.value is decisive:
            return Proof("logic", run.written(node), decisive, parts=(proof,), extra=node.op)
        parts.append(proof)
    unknown = any(p.value is UNKNOWN for p in parts)
    value: Value = UNKNOWN if unknown else not decisive
    return Proof("logic", run.written(node), value, parts=tuple(parts), extra=node.op)


def _not(run: Evaluation, node: t.Not, frame: Frame) -> Proof:
    part = run.value(node.part, frame)
    return Proof("not", run.written(node), operators.negation(part.value), parts=(part,))


def _negative(run: Evaluation, node: t.Negative, frame: Frame) -> Proof:
    part = run.value(node.part, frame)
    value = operators.arithmetic("*", part.value, Fraction(-1))
    return Proof("arithmetic", run.written(node), value, part.unit, (part,), extra="-")


def _arithmetic(run: Evaluation, node: t.Arithmetic, frame: Frame) -> Proof:
    left, right = run.value(node.left, frame), run.value(node.right, frame)
    value = operators.arithmetic(node.op, left.value, right.value)
    unit = operators.unit(node.op, left, right)
    return Proof("arithmetic", run.written(node), value, unit, (left, right), extra=node.op)


def _conditional(run: Evaluation, node: t.Conditional, frame: Frame) -> Proof:
    condition = run.value(node.condition, frame)
    if condition.value is not UNKNOWN:
        chosen = run.value(node.then if condition.value is True else node.otherwise, frame)
        return Proof("conditional", run.written(node), chosen.value, chosen.unit, (condition, chosen))
    then, otherwise = run.value(node.then, frame), run.value(node.otherwise, frame)
    agreed = then.value if then.value == otherwise.value else UNKNOWN
    return Proof("conditional", run.written(node), agreed, then.unit, (condition, then, otherwise))


def _member(run: Evaluation, node: t.Member, frame: Frame) -> Proof:
    item = run.value(node.item, frame)
    if isinstance(node.options, t.Name):
        listed = run.name(node.options.name, frame)
        options, parts = listed.value, (item, listed)
    else:
        options, parts = tuple(o.value for o in node.options), (item,)
    value = UNKNOWN if item.value is UNKNOWN or options is UNKNOWN else item.value in options  # type: ignore[operator]
    return Proof("member", run.written(node), value, parts=parts)


def _call(run: Evaluation, node: t.Call, frame: Frame) -> Proof:
    args = tuple(run.value(a, frame) for a in node.args)
    value = operators.call(node.function, tuple(a.value for a in args))
    unit = next((a.unit for a in args if a.unit), "")
    return Proof("call", run.written(node), value, unit, args, extra=node.function)


def _field(run: Evaluation, node: t.Field, frame: Frame) -> Proof:
    return run.field_of(node, frame)


def _aggregate(run: Evaluation, node: t.Aggregate, frame: Frame) -> Proof:
    count = run.records(node.source, frame.year)
    label = run.written(node)
    if count is None:
        missing = Proof("missing", node.source, UNKNOWN, year=frame.year)
        return Proof("aggregate", label, UNKNOWN, parts=(missing,), extra=node.function)
    parts: list[Proof] = []
    if not count and not run.list_told(node.source, frame.year):
        parts.append(Proof("presumed", node.source, (), year=frame.year))
    rows: list[Value] = []
    unit = ""
    for position in range(count):
        inner = frame._replace(bound=(*frame.bound, (node.variable, node.source, position)))
        kept: Proof | None = None
        if node.condition is not None:
            kept = run.value(node.condition, inner)
            if kept.value is False:
                continue
        element = run.value(node.element, inner)
        unit = unit or element.unit
        steps = (element,) if kept is None else (kept, element)
        value = operators.filtered(node.function, None if kept is None else kept.value, element.value)
        parts.append(Proof("record", node.source, value, element.unit, steps, frame.year, position))
        rows.append(value)
    value = operators.aggregate(node.function, tuple(rows))
    return Proof("aggregate", label, value, unit, tuple(parts), frame.year, extra=node.function)


_STEPS: dict[type, Callable[[Evaluation, Any, Frame], Proof]] = {
    t.Name: _name,
    t.Previous: _previous,
    t.Lookup: _lookup,
    t.Number: _literal,
    t.Boolean: _literal,
    t.Text: _literal,
    t.Field: _field,
    t.Compare: _compare,
    t.Logic: _logic,
    t.Not: _not,
    t.Negative: _negative,
    t.Arithmetic: _arithmetic,
    t.Conditional: _conditional,
    t.Member: _member,
    t.Call: _call,
    t.Aggregate: _aggregate,
}


def again(run: Evaluation, readings: dict[str, str]) -> Evaluation:
    """Return a pass over the same case under other readings.

    What did not turn on a question whose reading changed holds as it was computed.
    """
    changed = {q for q, r in readings.items() if run.chosen(q) != r}
    kept = {k: v for k, v in run.memo.items() if not v[1] & changed}
    return replace(run, readings=readings, reached=set(), told_over={}, memo=kept)
