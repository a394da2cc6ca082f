"""Sanctions as penalties and reparations: what follows, and from the breach of which duty."""

from __future__ import annotations

from lxml import etree

from carbonlex.exports.legalruleml.markup import (
    atom,
    comment,
    conjunction,
    curie,
    data,
    key_of,
    lrml,
    own,
    paraphrase,
    ruleml,
    variable,
)
from carbonlex.exports.legalruleml.statements import Statement, statements_of
from carbonlex.exports.scope import Scope
from carbonlex.model import Label
from carbonlex.rulebook.norms import Norm

_AMOUNTS = ("fine", "confiscation", "deduction")


def penalty(statement: Statement) -> etree._Element:
    """Return what a sanction imposes; a fine is a range, and discretion is a permission."""
    words, found, when = (
        paraphrase(statement.words()), _consequences(statement), statement.premises(),
    )  # fmt: skip
    if when:
        then = ruleml("then", ruleml("And", *found))
        imposed = ruleml("Implies", words, ruleml("if", conjunction(when)), then)
    else:
        imposed = ruleml("And", words, *found)
    return lrml("PenaltyStatement", statement.about(), imposed, key=statement.key)


def reparation(scope: Scope, statement: Statement) -> etree._Element:
    """Return from the breach of which duties a sanction follows, those not exported by name."""
    within, outside = _breached(scope, statement.norm)
    told = [comment(*(own("outside", norm=n.id) for n in outside))] if outside else []
    name = statement.name
    return lrml(
        "ReparationStatement",
        lrml(
            "Reparation", *told,
            lrml("appliesPenalty", keyref=f"#{statement.key}"),
            *(
                lrml("toPrescriptiveStatement", keyref=f"#{one.key}")
                for norm in within
                for one in statements_of(scope.rulebook, norm)
            ),
            key=key_of("breach", name), type=curie("duty", statement.norm.answers),
        ),
        key=key_of("reparation", name),
    )  # fmt: skip


def _breached(scope: Scope, norm: Norm) -> tuple[list[Norm], list[Norm]]:
    """Return the norms that impose the duty of a sanction, inside the scope and outside."""
    duties = scope.rulebook.duties
    every = norm.answers == "*"
    found = [n for name, ns in duties.items() for n in ns if every or name == norm.answers]
    # One that answers to any breach is about those of whoever it addresses.
    bound = [n for n in found if not every or n.addressees not in (("maker",), ("authority",))]
    within = [n for n in bound if n.instrument in scope.keys]
    return within, [n for n in bound if n.instrument not in scope.keys and not every]


def _consequences(statement: Statement) -> list[etree._Element]:
    norm, formulas = statement.norm, statement.formulas
    on = variable("entity") if norm.liable is None else ruleml("Ind", norm.liable.zh)
    found = [
        _imposed(statement, kind, "Obligation", formulas.term(node))
        for kind in _AMOUNTS
        if (node := getattr(norm, kind)) is not None
    ]
    if norm.correction:
        found.append(_imposed(statement, "correction", "Obligation", *_named(norm.measure)))
    if norm.suspension:
        found.append(_imposed(statement, "suspension", "Obligation", *_named(norm.measure)))
    if norm.ban is not None:
        found.append(_imposed(statement, "ban", "Prohibition", *_named(norm.ban)))
    if norm.discretion is not None:
        role = lrml("Bearer", iri=curie("role", "authority"))
        found.append(
            lrml(
                "Permission", ruleml("slot", role, variable("authority")),
                ruleml("slot", lrml("AuxiliaryParty"), on),
                atom(curie("relation", "discretion"), *_named(norm.discretion)),
                type=curie("consequence", "discretion"),
            )
        )  # fmt: skip
    for kind in sorted(norm.excludes):
        excluded = atom(curie("relation", "consequence"), data(kind))
        found.append(ruleml("Neg", excluded))
    return found + statement.dated((("discovered-within", norm.limits),))


def _imposed(statement: Statement, kind: str, mode: str, *amount: etree._Element) -> etree._Element:
    liable = statement.norm.liable
    filler = None if liable is None else ruleml("Ind", liable.zh)
    who = variable("entity") if liable is None else ruleml("Ind", liable.zh)
    return lrml(
        mode, statement.bearer(filler), atom(curie("relation", kind), who, *amount),
        type=curie("consequence", kind),
    )  # fmt: skip


def _named(words: Label | None) -> tuple[etree._Element, ...]:
    """Return words of a sanction as a constant: Chinese here, English in the comment."""
    return () if words is None else (ruleml("Ind", words.zh),)
