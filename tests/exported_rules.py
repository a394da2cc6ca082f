"""RuleML back into expressions: what an export says of a rule, read by other eyes than ours."""

from __future__ import annotations

from fractions import Fraction

from lxml import etree

from carbonlex.expressions.tree import (
    Aggregate,
    Arithmetic,
    Boolean,
    Call,
    Compare,
    Conditional,
    Expression,
    Field,
    Logic,
    Lookup,
    Member,
    Name,
    Negative,
    Not,
    Number,
    Previous,
    Text,
)
from carbonlex.rulebook.rulebook import Rulebook

RULEML = "{http://ruleml.org/spec}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
COMPARISONS = {
    "less-than": "<", "less-than-or-equal": "<=", "greater-than": ">",
    "greater-than-or-equal": ">=",
}  # fmt: skip
SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/"}


def local(node: etree._Element) -> str:
    return etree.QName(node).localname


def inside(node: etree._Element) -> list[etree._Element]:
    return [c for c in node if local(c) not in ("Comment", "Paraphrase")]


class Reader:
    """Reads formulas and terms by the mapping that docs/export.md tells."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    def formula(self, node: etree._Element) -> Expression:
        parts = inside(node)
        match local(node):
            case "And" if node.get("key"):
                return self.formula(parts[0])
            case "And":
                return Logic("and", self.formulas(parts)) if parts else Boolean(True)
            case "Or" if not parts:
                return Boolean(False)
            case "Or":
                return self.conditional(parts) or Logic("or", self.formulas(parts))
            case "Neg" if local(parts[0]) in ("Equal", "Equivalent"):
                same = self.formula(parts[0])
                assert isinstance(same, Compare)
                return Compare("!=", same.left, same.right)
            case "Neg":
                return Not(self.formula(parts[0]))
            case "Equal":
                return Compare("==", self.term(parts[0]), self.term(parts[1]))
            case "Equivalent":
                return Compare("==", *self.formulas(parts))
            case "Exists":
                return self.exists(parts)
            case "Forall":
                premise, then = inside(parts[1])
                given, element = inside(inside(premise)[0]), inside(then)[0]
                return self.generator("all", parts[0], given, element)
        return self.applied(parts[0].get("iri") or "", parts[1:])

    def formulas(self, nodes: list[etree._Element]) -> tuple[Expression, ...]:
        return tuple(self.formula(n) for n in nodes)

    def conditional(self, parts: list[etree._Element]) -> Expression | None:
        if len(parts) != 2 or [local(p) for p in parts] != ["And", "And"]:
            return None
        one, other = (self.formulas(inside(p)) for p in parts)
        if len(one) == len(other) == 2 and other[0] in (Not(one[0]), opposite(one[0])):
            return Conditional(one[0], one[1], other[1])
        return None

    def exists(self, parts: list[etree._Element]) -> Expression:
        *given, element = inside(parts[1])
        return self.generator("any", parts[0], given, element)

    def generator(
        self, function: str, variable: etree._Element, given: list[etree._Element],
        element: etree._Element,
    ) -> Expression:  # fmt: skip
        source = (inside(given[0])[0].get("iri") or "").removeprefix("cl:list/")
        condition = self.formula(given[1]) if len(given) > 1 else None
        return Aggregate(function, self.formula(element), variable.text or "", source, condition)

    def term(self, node: etree._Element) -> Expression:
        match local(node):
            case "Data":
                return self.literal(node)
            case "Ind":
                return Text(node.text or "")
            case "Var":
                return Name(node.text or "")
        parts = inside(node)
        return self.applied(parts[0].get("iri") or "", parts[1:])

    def literal(self, node: etree._Element) -> Expression:
        kind, text = node.get(f"{XSI}type"), node.text or ""
        return Boolean(text == "true") if kind == "xs:boolean" else Number(Fraction(text))

    def applied(self, iri: str, arguments: list[etree._Element]) -> Expression:
        vocabulary, _, name = iri.partition(":")
        if iri == "pred:list-contains":
            return self.member(*arguments)
        if vocabulary == "pred":
            op = COMPARISONS[name.partition("-")[2]]
            return Compare(op, self.term(arguments[0]), self.term(arguments[1]))
        if vocabulary == "func":
            sign = SIGNS[name.removeprefix("numeric-")]
            return Arithmetic(sign, self.term(arguments[0]), self.term(arguments[1]))
        kind, _, name = name.partition("/")
        match kind:
            case "term":
                return self.fact(name, arguments)
            case "parameter":
                short = name.rpartition(".")[2]
                keyed = local(arguments[0]) != "Var"
                return Lookup(short, self.term(arguments[0])) if keyed else Name(short)
            case "aggregate":
                source = inside(arguments[1])[0].get("iri") or ""
                inner = [self.term(a) for a in arguments[2:]]
                condition = inner[1] if len(inner) > 1 else None
                return Aggregate(
                    name, inner[0], arguments[0].text or "", source.removeprefix("cl:list/"),
                    condition,
                )  # fmt: skip
        return self.function(name, tuple(self.term(a) for a in arguments))

    def fact(self, name: str, arguments: list[etree._Element]) -> Expression:
        record = self.rulebook.vocabulary.terms[name].record
        if record != "entity":
            variable = arguments[0].text or ""
            return Name(name) if variable == record else Field(variable, name)
        if len(arguments) == 2 and local(arguments[1]) == "Expr":
            back = self.term(arguments[1])
            assert isinstance(back, Arithmetic) and isinstance(back.right, Number)
            return Previous(name, int(back.right.value))
        return Name(name)

    def member(self, options: etree._Element, item: etree._Element) -> Expression:
        if local(options) == "Plex":
            chosen = tuple(self.term(o) for o in inside(options))
            return Member(self.term(item), tuple(c for c in chosen if isinstance(c, Text)))
        named = self.term(options)
        assert isinstance(named, Name)
        return Member(self.term(item), named)

    def function(self, name: str, arguments: tuple[Expression, ...]) -> Expression:
        match name:
            case "if":
                return Conditional(*arguments)
            case "and" | "or":
                return Logic(name, arguments)
            case "not":
                return Not(arguments[0])
            case "negative":
                return Negative(arguments[0])
            case "equal" | "not-equal":
                return Compare("==" if name == "equal" else "!=", *arguments)
        return Call(name, arguments)


def opposite(node: Expression) -> Expression | None:
    """Return what the negation of an equality reads back as."""
    return Compare("!=", node.left, node.right) if isinstance(node, Compare) else None
