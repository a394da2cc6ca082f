"""What the names in formulas mean, and which words of law are in no formula, as comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lxml import etree

from carbonlex.exports.legalruleml.markup import comment, curie, own, spoken
from carbonlex.exports.legalruleml.names import DEFINITIONS
from carbonlex.exports.scope import Scope, absolute, provision_uri
from carbonlex.model import Label
from carbonlex.quantities import plain
from carbonlex.rulebook.norms import REASONS, NotEncoded
from carbonlex.rulebook.vocabulary import Term

ROLES = {
    "authority": Label("主管部门", "the authority"),
    "maker": Label("制定机关", "the body that enacts"),
    "anyone": Label("任何单位和个人", "any entity or person"),
}


def glossary(scope: Scope, stated: Iterable[etree._Element]) -> etree._Element:
    """Return every name in our vocabulary that statements use: facts with type, unit and range."""
    used = {
        iri for root in stated for node in root.iter(etree.Element)
        if (iri := node.get("iri", "")).startswith("cl:")
    }  # fmt: skip
    named = (_defined(scope, iri) for iri in sorted(used))
    return comment(own("glossary", *(one for one in named if one is not None)), key="glossary")


def _defined(scope: Scope, iri: str) -> etree._Element | None:
    kind, _, name = iri.removeprefix("cl:").partition("/")
    vocabulary = scope.rulebook.vocabulary
    if kind == "term":
        return _term(vocabulary.terms[name], iri)
    if kind == "list":
        record = vocabulary.records[name]
        return own("list", *spoken(record.label), iri=iri)
    if kind == "role":
        known = {**vocabulary.terms["role"].choices, **ROLES}
        return own("role", *spoken(known.get(name, Label(name, name))), iri=iri)
    if kind == "choice":
        return own("choice", *spoken(scope.rulebook.label_of(name)), iri=iri)
    if kind == "act":
        return own("act", *spoken(_duty(scope, name)), iri=iri)
    words = DEFINITIONS.get(f"{kind}/{name}")
    # Parameters and norms are stated with their labels where they stand.
    return None if words is None else own("name", *spoken(words), iri=iri)


def _duty(scope: Scope, name: str) -> Label:
    found = [n.label for n in scope.norms if n.answers == name]
    return found[0] if found else Label(name, name)


def _term(term: Term, iri: str) -> etree._Element:
    told = {"iri": iri, "kind": term.kind, "type": term.type, "record": term.record}
    if term.record == "entity":
        told["period"] = term.period
    if term.type == "number":
        told |= {"unit": term.unit, "decimals": str(term.decimals)}
    for name, limit in (("minimum", term.minimum), ("maximum", term.maximum)):
        if limit is not None:
            told[name] = plain(limit)
    words = [own("label", *spoken(term.label))]
    if term.attester is not None:
        words.append(own("attester", *spoken(term.attester)))
    words += [
        own("choice", *spoken(label), iri=curie("choice", name))
        for name, label in term.choices.items()
    ]
    return own("term", *words, **told)


def not_encoded(scope: Scope) -> etree._Element:
    """Return the clauses that have no norm, each with the reason, so that nothing is dropped."""
    clauses = (c for c in scope.rulebook.not_encoded if c.instrument in scope.keys)
    return comment(own("not-encoded", *_clauses(scope, clauses)), key="not-encoded")


def _clauses(scope: Scope, clauses: Iterable[NotEncoded]) -> Iterator[etree._Element]:
    for clause in clauses:
        instrument = scope.rulebook.instruments[clause.instrument]
        words = [own("reason", *spoken(REASONS[clause.reason]), name=clause.reason)]
        if clause.note.zh:
            words.append(own("note", *spoken(clause.note)))
        uri = absolute(scope, provision_uri(instrument, clause.article))
        yield own("clause", *words, source=uri)
