"""How each node of an expression is evaluated: one function a node, each giving a proof step."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonlex.expressions import tree as t
from carbonlex.model import UNKNOWN, Value
from carbonlex.reasoner import operators
from carbonlex.reasoner.facts import list_told
from carbonlex.reasoner.proof import Proof

if TYPE_CHECKING:
    from carbonlex.reasoner.evaluate import Evaluation, Frame


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
        return Proof(
            "conditional", run.written(node), chosen.value, chosen.unit, (condition, chosen)
        )
    then, otherwise = run.value(node.then, frame), run.value(node.otherwise, frame)
    agreed = then.value if then.value == otherwise.value else UNKNOWN
    return Proof("conditional", run.written(node), agreed, then.unit, (condition, then, otherwise))


def _member(run: Evaluation, node: t.Member, frame: Frame) -> Proof:
    item = run.value(node.item, frame)
    parts: tuple[Proof, ...] = (item,)
    options: Value = ()
    if isinstance(node.options, t.Name):
        parts = (item, run.name(node.options.name, frame))
        options = parts[1].value
    else:
        options = tuple(o.value for o in node.options)
    known = item.value is not UNKNOWN and isinstance(options, tuple)
    value: Value = item.value in options if known and isinstance(options, tuple) else UNKNOWN
    return Proof("member", run.written(node), value, parts=parts)


_DAYS = ("date", "add_years", "add_days", "add_working_days", "month_start")
_UNITS = {"days_between": "day", **dict.fromkeys(_DAYS, "")}


def _call(run: Evaluation, node: t.Call, frame: Frame) -> Proof:
    args = tuple(run.value(a, frame) for a in node.args)
    value = operators.call(node.function, tuple(a.value for a in args))
    unit = _UNITS.get(node.function)
    if unit is None:  # of the others each gives what it takes
        unit = next((a.unit for a in args if a.unit), "")
    return Proof("call", run.written(node), value, unit, args, extra=node.function)


def _field(run: Evaluation, node: t.Field, frame: Frame) -> Proof:
    term = run.rulebook.vocabulary.terms[node.name]
    position = next(i for v, _, i in frame.bound if v == node.variable)
    return run.term(term, frame, position)


def _aggregate(run: Evaluation, node: t.Aggregate, frame: Frame) -> Proof:
    count = run.records(node.source, frame.year)
    label = run.written(node)
    if count is None:
        missing = Proof("missing", node.source, UNKNOWN, year=frame.year)
        return Proof("aggregate", label, UNKNOWN, parts=(missing,), extra=node.function)
    parts: list[Proof] = []
    if not count and not list_told(run.case, node.source, frame.year):
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
        value = operators.filtered(
            node.function, None if kept is None else kept.value, element.value
        )
        parts.append(Proof("record", node.source, value, element.unit, steps, frame.year, position))
        rows.append(value)
    value = operators.aggregate(node.function, tuple(rows))
    return Proof("aggregate", label, value, unit, tuple(parts), frame.year, extra=node.function)


STEPS: dict[type, Callable[[Evaluation, Any, Frame], Proof]] = {
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
