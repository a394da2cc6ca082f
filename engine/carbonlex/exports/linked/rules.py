"""Norms, parameters, open questions and the facts that they use as nodes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from carbonlex.exports.linked.texts import Node, coverage
from carbonlex.exports.scope import Scope, provision_uri
from carbonlex.expressions.tree import Expression, names
from carbonlex.expressions.write import write
from carbonlex.model import Scalar
from carbonlex.quantities import plain
from carbonlex.rulebook.norms import CONSEQUENCES, Norm, Parameter, ParameterValue, Question, Span
from carbonlex.rulebook.vocabulary import Term
from carbonlex.words.norms import say_norm

_EXPRESSIONS = ("bearer", "when", "due", "until", "at")
_AMOUNTS = ("fine", "confiscation", "deduction")
_RELATIONS = {
    "special_to": "specialTo",
    "varies": "varies",
    "replaces": "replaces",
    "ordered_by": "orderedBy",
}


def rules(scope: Scope) -> Iterator[Node]:
    """Yield every norm of a scope, what they use, and the questions that they turn on."""
    questions = scope.questions
    asked = {q.name for q in questions}
    used: dict[str, None] = {}
    for norm in scope.norms:
        yield _norm(scope, norm, "", asked, used)
        for reading in norm.readings:
            yield _norm(scope, norm.readings[reading], reading, asked, used)
    yield from (_parameter(scope, p) for p in scope.parameters)
    for question in questions:
        yield from _question(scope, question)
    terms = scope.rulebook.vocabulary.terms
    yield from (_term(terms[name]) for name in sorted(used) if name in terms)


def norm_id(name: str) -> str:
    """Return the id of a norm: `cl:norm/measures-2021/offset-cap`."""
    return f"cl:norm/{name}"


def _norm(scope: Scope, norm: Norm, reading: str, asked: set[str], used: dict[str, None]) -> Node:
    """Return a norm, or what it says under one reading of its question."""
    text = scope.rulebook.instruments[norm.instrument]
    node: Node = {
        "@id": norm_id(norm.id) + (f"/{reading}" if reading else ""), "@type": "Norm",
        "label": norm.label.zh, "unofficial": norm.label.en, "kind": norm.kind,
        "answers": norm.answers, "addressee": list(norm.addressees), "grade": norm.grade,
        "isBasedOn": [provision_uri(text, eid) for eid in norm.provisions],
        "temporalCoverage": coverage(text),
    }  # fmt: skip
    if reading:
        node |= {"isPartOf": norm_id(norm.id), "reading": f"cl:reading/{norm.question}/{reading}"}
    elif norm.question in asked:
        node["question"] = f"cl:question/{norm.question}"
    if reading or not norm.readings:
        node |= _stated(scope, norm)
        found = sorted({n for e in _expressions(norm) for n in names(e)})
        used.update(dict.fromkeys(found))
        if iris := [iri for n in found if (iri := _used(scope, norm, n))]:
            node["uses"] = iris
    return node


def _stated(scope: Scope, norm: Norm) -> Node:
    """Return what a norm says: in words, and in the language of rules."""
    node: Node = {
        "description": say_norm(scope.rulebook, norm, "zh")[0],
        "unofficialDescription": say_norm(scope.rulebook, norm, "en")[0],
    }
    for name in _EXPRESSIONS:
        expression = getattr(norm, name)
        if expression is not None:
            node[name] = write(expression)
    if norm.test is not None:
        node["test"] = write(norm.test)
    if norm.limbs is not None:
        limbs = (f"{item}: {write(e)}" for item, e in norm.limbs.items)
        node["test"] = f"{norm.limbs.mode}({'; '.join(limbs)})"
    if consequences := [*_consequences(norm)]:
        node["consequence"] = consequences
    return node | _related(scope, norm)


def _consequences(norm: Norm) -> Iterator[str]:
    for kind in CONSEQUENCES:
        told = getattr(norm, kind)
        if told is None or told is False:
            continue
        said = write(told) if kind in _AMOUNTS else getattr(told, "zh", "")
        yield f"{kind}: {said}" if said else kind
    for excluded in sorted(norm.excludes):
        yield f"no {excluded}"


def _related(scope: Scope, norm: Norm) -> Node:
    """Return the norms that a norm names, so far as they are in the scope."""
    norms = scope.rulebook.norms
    node: Node = {}
    for name, relation in _RELATIONS.items():
        node[relation] = [getattr(norm, name)]
    if norm.kind == "excepts":
        node["exceptionTo"] = [norm.answers]
    if norm.kind == "sanctions":
        node["sanctionOf"] = [n.id for n in scope.rulebook.duties.get(norm.answers, ())]
    within = {
        relation: [norm_id(n) for n in found if n in norms and norms[n].instrument in scope.keys]
        for relation, found in node.items()
    }
    return {relation: found for relation, found in within.items() if found}


def _expressions(norm: Norm) -> Iterator[Expression]:
    for name in (*_EXPRESSIONS, *_AMOUNTS, "test", "gap", "limits"):
        expression = getattr(norm, name)
        if expression is not None:
            yield expression
    yield from (e for _, e in norm.limbs.items) if norm.limbs is not None else ()


def _used(scope: Scope, norm: Norm, name: str) -> str:
    """Return the id of a fact, concept or parameter; empty for what has no node."""
    if name in scope.rulebook.vocabulary.terms:
        return f"cl:term/{name}"
    found = scope.rulebook.parameter(name, norm)
    return f"cl:parameter/{found.full}" if found and found.instrument in scope.keys else ""


def _term(term: Term) -> Node:
    node: Node = {
        "@id": f"cl:term/{term.name}", "@type": "Term", "label": term.label.zh,
        "unofficial": term.label.en, "kind": term.kind, "termType": term.type,
    }  # fmt: skip
    if term.unit:
        node["unit"] = term.unit
    if term.attester is not None:
        node["attester"] = term.attester.zh
    return node


def _parameter(scope: Scope, parameter: Parameter) -> Node:
    text = scope.rulebook.instruments[parameter.instrument]
    node: Node = {
        "@id": f"cl:parameter/{parameter.full}", "@type": "Parameter",
        "label": parameter.label.zh, "unofficial": parameter.label.en, "unit": parameter.unit,
        "isBasedOn": [provision_uri(text, eid) for eid in parameter.provisions],
        "value": [v for span in parameter.spans for v in _values(scope, parameter, span)],
    }  # fmt: skip
    if parameter.norm in scope.rulebook.norms:
        node["setBy"] = norm_id(parameter.norm)
    return node


def _values(scope: Scope, parameter: Parameter, span: Span) -> Iterator[Node]:
    limits: Node = {"@type": "Value", "from": str(span.start)}
    if span.until is not None:
        limits["to"] = str(span.until)
    entry = span.entry
    if entry is None:
        yield limits | {"held": False}
        return
    limits |= {"grade": entry.grade, **_cited(scope, entry)}
    if isinstance(entry.value, tuple):
        yield limits | {"figure": list(entry.value)}
    elif isinstance(entry.value, bool | str | Fraction | date):
        yield limits | {"figure": _written(entry.value)}
    else:
        for key, value in entry.value.items():
            yield limits | {"tableKey": key, "figure": _written(value)}


def _cited(scope: Scope, entry: ParameterValue) -> Node:
    """Return where a value comes from, and since when it could be known."""
    key, eid = entry.cited
    told: Node = {}
    if key in scope.keys:
        told["isBasedOn"] = [provision_uri(scope.rulebook.instruments[key], eid)]
    elif key:
        told["note"] = entry.source
    if entry.issued is not None:
        told["issued"] = entry.issued.isoformat()
    return told


def _written(value: Scalar) -> Any:
    """Return a value as text where JSON would round it."""
    if isinstance(value, bool | str):
        return value
    return plain(value) if isinstance(value, Fraction) else value.isoformat()


def _question(scope: Scope, question: Question) -> Iterator[Node]:
    iri = f"cl:question/{question.name}"
    based = [
        provision_uri(scope.rulebook.instruments[key], eid)
        for key, _, eid in (p.partition("#") for p in question.provisions)
        if key in scope.keys
    ]
    yield {
        "@id": iri, "@type": "Question", "label": question.label.zh,
        "unofficial": question.label.en, "isBasedOn": based,
        "reading": [f"cl:reading/{question.name}/{r.name}" for r in question.readings],
        "default": f"cl:reading/{question.name}/{question.default}",
    }  # fmt: skip
    for reading in question.readings:
        yield {
            "@id": f"cl:reading/{question.name}/{reading.name}", "@type": "Reading",
            "isPartOf": iri, "label": reading.label.zh, "unofficial": reading.label.en,
            "source": reading.source,
        }  # fmt: skip
