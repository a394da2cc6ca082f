"""Which norm prevails: the rules of the Legislation Law, and the priorities that norms declare."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from carbonlex.exports.legalruleml.markup import (
    atom,
    comment,
    curie,
    data,
    key_of,
    lrml,
    own,
    ruleml,
    variable,
)
from carbonlex.exports.legalruleml.statements import Statement, statements_of
from carbonlex.exports.scope import Scope
from carbonlex.rulebook.norms import Precedence


def rule_of_precedence(statement: Statement) -> etree._Element:
    """Return a rule on which norm prevails, over any two norms `one` and `other`."""
    rule = statement.norm.precedence
    assert rule is not None, statement.norm.id
    premises, conclusion = _stated(rule)
    return lrml(
        "ConstitutiveStatement", statement.about(), statement.rule(premises, conclusion),
        key=statement.key,
    )  # fmt: skip


def _relation(name: str, *arguments: etree._Element) -> etree._Element:
    return atom(curie("relation", name), *arguments)


def _rank(which: str, rank: str) -> etree._Element:
    return _relation("rank", variable(which), data(rank))


def _either(formulas: list[etree._Element]) -> etree._Element:
    return formulas[0] if len(formulas) == 1 else ruleml("Or", *formulas)


def _both() -> tuple[etree._Element, etree._Element]:
    return variable("one"), variable("other")


def _stated(rule: Precedence) -> tuple[list[etree._Element], etree._Element]:
    competes = _relation("competes", *_both())
    ranked = [_rank("one", rule.higher)] if rule.higher else []
    if rule.lower:
        ranked.append(_either([_rank("other", r) for r in rule.lower]))
    prevails = _relation("prevails", *_both())
    match rule.step:
        case "rank":
            return [competes, *ranked], prevails
        case "one_act":
            return [], _relation("fined-once", variable("act"))
        case "ground":
            return [], _relation("ground-of-annulment", data(rule.ground))
        case "annulment":
            may = _relation("may-annul", _decider(rule), variable("one"))
            return [_either([_rank("one", r) for r in rule.between])], may
        case "referral":
            open_between = [competes, *_between(rule), _relation("no-winner", *_both())]
            return open_between, _relation("decides", _decider(rule), *_both())
    step = atom(curie("step", rule.step), *_both())
    return [competes, *ranked, *_one_maker(rule), step], prevails


def _decider(rule: Precedence) -> etree._Element:
    assert rule.decides is not None, rule
    return ruleml("Ind", rule.decides.zh)


def _one_maker(rule: Precedence) -> list[etree._Element]:
    return [_relation("same-maker", *_both())] if rule.one_maker else []


def _between(rule: Precedence) -> list[etree._Element]:
    """Return of which ranks two norms are: the same one of several, or one of each of two."""
    if rule.one_maker or len(rule.between) != 2:
        same = [ruleml("And", _rank("one", r), _rank("other", r)) for r in rule.between]
        return [_either(same), *_one_maker(rule)]
    first, second = rule.between
    return [_rank("one", first), _rank("other", second)]


def overrides(scope: Scope, over: Statement) -> Iterator[etree._Element]:
    """Yield the priorities that a norm declares: exception, special norm, variation, substitute."""
    norm = over.norm
    declared = {
        "excepts": norm.answers if norm.kind == "excepts" else "",
        "special_to": norm.special_to,
        "varies": norm.varies,
        "replaces": norm.replaces,
    }
    for why, name in declared.items():
        target = scope.rulebook.norms.get(name)
        if target is None:
            continue
        told = {"why": why, "over": norm.id, "under": target.id}
        if target.instrument not in scope.keys:
            key = key_of("override", why, over.name, target.id)
            said = comment(own("override", **told), own("outside", norm=name))
            yield lrml("OverrideStatement", said, key=key)
            continue
        for under in statements_of(scope.rulebook, target):
            # Two readings of one question never meet.
            if norm.question != target.question or over.reading == under.reading:
                yield lrml(
                    "OverrideStatement", comment(own("override", **told)),
                    lrml("Override", over=f"#{over.key}", under=f"#{under.key}"),
                    key=key_of("override", why, over.name, under.name),
                )  # fmt: skip
