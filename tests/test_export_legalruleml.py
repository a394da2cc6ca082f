"""LegalRuleML: every norm, whole, with keys that hold, references that lead somewhere, an order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from functools import cache

import pytest
from lxml import etree

from carbonlex.exports.legalruleml.checks import check, faults
from carbonlex.exports.legalruleml.document import legal_rule_ml
from carbonlex.exports.legalruleml.formulas import Formulas
from carbonlex.exports.legalruleml.markup import data
from carbonlex.exports.legalruleml.statements import Statement, statements_of
from carbonlex.exports.scope import scope_of
from carbonlex.expressions.parse import parse
from carbonlex.expressions.tree import Boolean, Compare, Expression, Not
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.norms import Norm
from exported_rules import Reader

RULEBOOK = load_rulebook()
NS = {
    "l": "http://docs.oasis-open.org/legalruleml/ns/v1.0/", "r": "http://ruleml.org/spec",
    "c": "urn:carbonlex:1", "h": "http://www.w3.org/1999/xhtml",
}  # fmt: skip
EXPRESSIONS = (
    "bearer", "when", "test", "due", "until", "at", "fine", "confiscation", "deduction", "limits",
)  # fmt: skip


@pytest.fixture(scope="module")
def whole() -> etree._Element:
    return etree.fromstring(legal_rule_ml(scope_of(RULEBOOK)).text.encode())


def found(root: etree._Element, path: str) -> list[etree._Element]:
    nodes = root.xpath(path, namespaces=NS)
    assert isinstance(nodes, list)
    return [n for n in nodes if isinstance(n, etree._Element)]


@cache
def index(root: etree._Element) -> dict[str, etree._Element]:
    return {str(n.get("key")): n for n in root.iter(etree.Element) if n.get("key")}


def keyed(root: etree._Element, key: str) -> etree._Element:
    return index(root)[key]


def every_statement() -> Iterator[Statement]:
    for norm in RULEBOOK.norms.values():
        yield from statements_of(RULEBOOK, norm)


def expressions(norm: Norm) -> Iterator[Expression]:
    for name in EXPRESSIONS:
        node = getattr(norm, name)
        if node is not None:
            yield node
    yield from (node for _, node in norm.limbs.items) if norm.limbs else ()


def normal(node: Expression) -> Expression:
    """Return an expression with `not a == b` as `a != b`, which is the same."""
    match node:
        case Not(Compare("==", left, right)):
            return Compare("!=", left, right)
    return node


# ---- nothing is lost


def test_every_expression_of_every_norm_reads_back_as_it_was() -> None:
    reader, count = Reader(RULEBOOK), 0
    for statement in every_statement():
        formulas = Formulas(RULEBOOK, statement.norm, statement.name)
        for node in expressions(statement.norm):
            if formulas.truth(node):
                assert reader.formula(formulas.formula(node)) == normal(node), statement.name
            assert reader.term(formulas.term(node)) == node or formulas.truth(node)
            count += 1
    assert count > 500


@pytest.mark.parametrize(
    "text",
    [
        "not (listed or sector == \"power\") and not listed == operations_ceased",
        "listed if operations_ceased else sector in (\"power\", \"steel\")",
        "(listed if sector == \"power\" else False) or sector != \"steel\"",
        "sum(u.unit_allocation for u in units if u.heat_supplied > 0.05) >= -0.5 * 3",
        "all(c.used for c in credits if c.from_covered_project) or any(c.used for c in credits)",
        "add_days(surrender_deadline, 30) < asked_on",
        "max(annual_emissions[-1], 26_000, 1) > min(1, 2) / 3",
        "date(year + 1, 12, 31) >= surrender_deadline",
    ],
)  # fmt: skip
def test_what_rules_may_come_to_say_reads_back_too(text: str) -> None:
    formulas = Formulas(RULEBOOK, RULEBOOK.norm("offset-cap"), "x")
    node = parse(text)
    assert Reader(RULEBOOK).formula(formulas.formula(node)) == _normal_inside(node)


def _normal_inside(node: Expression) -> Expression:
    from carbonlex.expressions.tree import Logic

    if isinstance(node, Logic):
        return Logic(node.op, tuple(map(normal, node.parts)))
    return normal(node)


def test_every_expression_stands_in_its_statement(whole: etree._Element) -> None:
    for statement in every_statement():
        within = {written(n) for n in keyed(whole, statement.key).iter(etree.Element)}
        for node in expressions(statement.norm):
            if node == Boolean(True):
                continue  # everyone is bound, or the act itself is what is meant
            formulas = statement.formulas
            either = [formulas.term(node)]
            if formulas.truth(node):
                either.append(formulas.formula(node))
            assert within & {written(e) for e in either}, statement.key


def written(node: etree._Element) -> str:
    """Return an element without white space, prefixes and keys, to compare it by."""
    attributes = {k: v for k, v in node.attrib.items() if k != "key"}
    told = [etree.QName(node).localname, str(sorted(attributes.items())), (node.text or "").strip()]
    return f"({' '.join(told)}{''.join(written(c) for c in node)})"


def test_every_norm_is_stated_once_or_once_a_reading(whole: etree._Element) -> None:
    stated = {str(n.get("key")) for n in found(whole, "//l:Statements/*[c:norm or l:Comment]")}
    for statement in every_statement():
        assert statement.key in stated
    told = found(whole, "//c:norm")
    assert len(told) == len([*every_statement()])


def test_what_the_language_cannot_say_stands_in_comments(whole: etree._Element) -> None:
    for statement in every_statement():
        (told,) = found(keyed(whole, statement.key), "l:Comment/c:norm")
        norm = statement.norm
        assert told.get("grade") == norm.grade and told.get("kind") == norm.kind
        for name in ("lever", "continuing", "matter", "ground", "special_to", "replaces"):
            assert told.get(name, "") == getattr(norm, name)
        assert (told.get("gap") is None) == (norm.gap is None)
        for name in ("liable", "measure", "ban", "discretion"):
            label = getattr(norm, name)
            words = [w.text for w in found(told, f"c:{name}/h:span")]
            assert words == ([] if label is None else [label.zh, label.en])


def test_clauses_without_a_norm_are_listed_with_the_reason(whole: etree._Element) -> None:
    clauses = found(whole, "//l:Comment[@key='not-encoded']//c:clause")
    assert len(clauses) == len(RULEBOOK.not_encoded)
    assert all(found(c, "c:reason/h:span") for c in clauses)


def test_every_value_of_every_parameter_is_stated(whole: etree._Element) -> None:
    spans = sum(len(p.spans) for p in RULEBOOK.parameters.values())
    stated = found(whole, "//l:ConstitutiveStatement[starts-with(@key, 'parameter.')]")
    assert len(stated) == spans
    cap = keyed(whole, "parameter.measures-2021.offset-cap.offset_cap.1")
    assert [d.text for d in found(cap, ".//r:Data")] == ["2021-02-01", "0.05"]


def test_every_name_of_our_own_is_defined(whole: etree._Element) -> None:
    stated = found(whole, "/*/l:Statements")
    used = {str(n.get("iri")) for s in stated for n in s.iter("{http://ruleml.org/spec}*")}
    told = {str(n.get("iri")) for n in found(whole, "//c:glossary/*")}
    elsewhere = ("cl:parameter/", "cl:norm/", "pred:", "func:", "None")
    assert {u for u in used if not u.startswith(elsewhere)} <= told
    vocabulary = [n for n in told if n.startswith("cl:term/")]
    assert vocabulary and all(
        n.removeprefix("cl:term/") in RULEBOOK.vocabulary.terms for n in vocabulary
    )


# ---- what is said


def test_a_prohibition_names_bearer_act_and_day(whole: etree._Element) -> None:
    cap = keyed(whole, "norm.measures-2021.offset-cap")
    (rule,) = found(cap, "r:Rule")
    assert [etree.QName(c).localname for c in rule] == ["Paraphrase", "if", "then"]
    (deontic,) = found(rule, "r:then/l:Prohibition")
    assert deontic.get("type") == "cl:duty/offset-cap"
    assert found(deontic, "r:slot/l:Bearer")[0].get("iri") == "cl:role/emitter"
    relations = [n.get("iri") for n in found(deontic, ".//r:Rel")]
    assert relations == ["pred:numeric-greater-than", "cl:relation/at"]


@pytest.mark.parametrize(
    ("norm", "element"),
    [
        ("measures-2021.surrender", "Obligation"),
        ("measures-2021.use-offsets", "Permission"),
        ("measures-2021.allocation-plan", "Permission"),
        ("measures-2021.credit-barred", "Equivalent"),
        ("legislation-law-2023.delegated-regulation", "Permission"),
        ("plan-power-2019-2020.reduced-obligation", "Equal"),
    ],
)
def test_each_kind_of_norm_concludes_in_its_own_way(
    whole: etree._Element, norm: str, element: str
) -> None:
    (then,) = found(keyed(whole, f"norm.{norm}"), "r:Rule/r:then")
    assert etree.QName(then[0]).localname == element


def test_a_fine_is_a_range_and_follows_from_every_norm_of_the_duty(whole: etree._Element) -> None:
    penalty = keyed(whole, "norm.code-2026.non-surrender")
    (fine,) = found(penalty, ".//l:Obligation[@type='cl:consequence/fine']")
    assert [f.get("iri") for f in found(fine, ".//r:Fun")] == ["cl:function/between"]
    reparation = keyed(whole, "reparation.code-2026.non-surrender")
    applied = [n.get("keyref") for n in found(reparation, ".//l:appliesPenalty")]
    assert applied == ["#norm.code-2026.non-surrender"]
    duties = {n.get("keyref") for n in found(reparation, ".//l:toPrescriptiveStatement")}
    assert duties == {f"#norm.{n.id.replace('/', '.')}" for n in RULEBOOK.duties["surrender"]}


def test_exceptions_and_declared_priorities_override(whole: etree._Element) -> None:
    pairs = {(n.get("over"), n.get("under")) for n in found(whole, "//l:Override")}
    assert (
        "#norm.plan-power-2019-2020.reduced-obligation",
        "#norm.measures-2021.obligation",
    ) in pairs
    assert (
        "#norm.code-2026.non-surrender-uncured.in-place", "#norm.code-2026.non-surrender"
    ) in pairs  # fmt: skip
    declared = {n.id for n in RULEBOOK.norms.values() if n.kind == "excepts"}
    told = {n.get("over") for n in found(whole, "//c:override[@why='excepts']")}
    assert told == declared
    # Which norm prevails in general is a rule over all norms, not a list of computed pairs.
    assert len(pairs) < 40


def test_rules_of_precedence_are_stated_over_any_two_norms(whole: etree._Element) -> None:
    rule = keyed(whole, "norm.legislation-law-2023.law-over-lower")
    relations = [n.get("iri") for n in found(rule, ".//r:Rel")]
    assert relations[:2] == ["cl:relation/competes", "cl:relation/rank"]
    assert relations[-1] == "cl:relation/prevails"


def test_open_questions_are_alternatives_and_the_default_is_a_context(
    whole: etree._Element,
) -> None:
    for question in RULEBOOK.questions.values():
        node = keyed(whole, f"question.{question.name}")
        members = [n.get("keyref") for n in found(node, "l:hasAlternative")]
        assert members == [f"#reading.{question.name}.{r.name}" for r in question.readings]
        scope = found(keyed(whole, f"default.{question.name}"), "l:inScope")[0].get("keyref")
        assert scope == f"#reading.{question.name}.{question.default}"
    stated = found(keyed(whole, "reading.two-steps.in-place"), "l:PenaltyStatement")
    assert [n.get("key") for n in stated] == ["norm.code-2026.non-surrender-uncured.in-place"]


def test_each_norm_is_associated_with_its_provisions(whole: etree._Element) -> None:
    sources = {n.get("key"): n for n in found(whole, "//l:LegalSource[@key]")}
    for statement in every_statement():
        link = keyed(whole, f"association.{statement.key}")
        applied = [str(n.get("keyref")).removeprefix("#") for n in found(link, "l:appliesSource")]
        text = RULEBOOK.instruments[statement.norm.instrument]
        uris = [f"https://carbonlex.invalid{text.uri}~{e}" for e in statement.norm.provisions]
        assert [sources[a].get("sameAs") for a in applied] == uris
        grades = [str(sources[a].get("type")) for a in applied]
        assert grades == [f"cl:grade/{text.grade_of(e)}" for e in statement.norm.provisions]
        assert found(link, "l:appliesAuthority") and found(link, "l:appliesJurisdiction")


def test_a_limb_is_associated_with_its_item(whole: etree._Element) -> None:
    limb = "limb.measures-2021.listing-conditions.total.point_2"
    assert keyed(whole, f":{limb}") is not None
    (source,) = found(keyed(whole, f"association.{limb}"), "l:appliesSource")
    assert source.get("keyref") == "#source.measures-2021.art_8__para_1__point_2"


def test_force_begins_and_ends_on_days(whole: etree._Element) -> None:
    force = keyed(whole, "force.legislation-law-2015")
    times = [n.get("keyref") for n in found(force, ".//l:atTime")]
    assert times == ["#day.2015-03-15", "#day.2023-03-15"]
    developments = [
        str(n.get("iri")).partition("#")[2] for n in found(force, ".//l:hasStatusDevelopment")
    ]
    assert developments == ["Starts", "Ends"]


def test_words_from_memory_are_nowhere_quoted(whole: etree._Element) -> None:
    text = "".join(map(str, whole.itertext()))
    recalled = [
        p.text for i in RULEBOOK.instruments.values() for p in i.provisions.values()
        if p.grade == "recalled" and len(p.text) > 20
    ]  # fmt: skip
    assert recalled and not [words for words in recalled if words in text]


# ---- a part of it


def test_a_part_names_what_stands_outside_it() -> None:
    made = legal_rule_ml(scope_of(RULEBOOK, ["code-2026"])).text
    root = etree.fromstring(made.encode())
    outside = {n.get("norm") for n in found(root, "//c:outside")}
    assert {"measures-2021/surrender", "interim-regs-2024/surrender"} <= outside
    assert not found(root, "//l:LegalSources[@key='sources.measures-2021']")


@pytest.mark.parametrize("key", [*RULEBOOK.instruments])
def test_each_text_alone_holds(key: str) -> None:
    assert legal_rule_ml(scope_of(RULEBOOK, [key])).text.startswith("<?xml")


def test_on_a_day_only_law_in_force_is_exported() -> None:
    root = etree.fromstring(legal_rule_ml(scope_of(RULEBOOK, (), date(2022, 1, 1))).text.encode())
    told = {str(n.get("norm")).partition("/")[0] for n in found(root, "//c:norm")}
    assert "legislation-law-2015" in told and "code-2026" not in told


# ---- the checks can fail


def test_the_checks_find_what_does_not_hold(whole: etree._Element) -> None:
    assert not [*faults(whole)]

    def broken(path: str, **attributes: str) -> list[str]:
        root = deepcopy(whole)
        for name, value in attributes.items():
            found(root, path)[0].set(name, value)
        return [*faults(root)]

    assert "leads nowhere" in broken("//l:Override", over="#norm.none")[0]
    assert "is taken" in broken("//l:Statements", key="associations")[0]
    assert "is no name" in broken("//l:Statements", key="1 x")[0]
    assert "has colour" in broken("//r:Atom", colour="red")[0]
    root = deepcopy(whole)
    rule = found(root, "//r:Rule")[0]
    rule.append(rule[0])
    root.append(found(root, "//l:Times")[0])
    wrong = [*faults(root)]
    assert any(w.startswith("Rule") for w in wrong) and any("LegalRuleML" in w for w in wrong)
    with pytest.raises(ValueError, match="holds"):
        check(root)


def test_numbers_are_exact_and_a_third_is_a_quotient() -> None:
    from fractions import Fraction

    assert data(Fraction(1, 20)).text == "0.05"
    assert [n.text for n in data(Fraction(1, 3))][1:] == ["1", "3"]


def test_the_bytes_are_the_same_every_time(whole: etree._Element) -> None:
    made = legal_rule_ml(scope_of(RULEBOOK)).text
    assert made == legal_rule_ml(scope_of(RULEBOOK)).text
    assert not re.search(r"20\d\d-\d\d-\d\dT\d\d:", made)
