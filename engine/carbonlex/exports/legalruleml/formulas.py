"""Expressions of the rules as RuleML: formulas where truth is asked, terms where a value is."""

from __future__ import annotations

from fractions import Fraction

from lxml import etree

from carbonlex.exports.legalruleml.markup import (
    atom,
    curie,
    data,
    expression,
    key_of,
    ruleml,
    variable,
)
from carbonlex.expressions.tree import (
    BUILTINS,
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
from carbonlex.rulebook.norms import Limbs, Norm
from carbonlex.rulebook.rulebook import Rulebook

_NUMERIC = {
    "<": "numeric-less-than",
    "<=": "numeric-less-than-or-equal",
    ">": "numeric-greater-than",
    ">=": "numeric-greater-than-or-equal",
}
_ARITHMETIC = {
    "+": "func:numeric-add",
    "-": "func:numeric-subtract",
    "*": "func:numeric-multiply",
    "/": "func:numeric-divide",
}
_GIVE_DAYS = frozenset({"date", "add_years", "add_days", "add_working_days", "month_start"})
_CONTAINS = "pred:list-contains"


class Formulas:
    """Writes the expressions of one norm.

    Variables: `entity` (or the record that the norm is of), `year` (the compliance year),
    `law_day` (the day whose law is read), `asked_on`, `decided_on`, and those of generators.
    `name` is the norm's in keys, with its reading.
    """

    def __init__(self, rulebook: Rulebook, norm: Norm, name: str) -> None:
        self.rulebook, self.norm, self.name = rulebook, norm, name

    def formula(self, node: Expression) -> etree._Element:
        """Return an expression that is true or false."""
        match node:
            case Boolean(value):
                return ruleml("And") if value else ruleml("Or")
            case Name() | Previous() | Field() | Lookup():
                name, arguments = self._applied(node)
                return atom(name, *arguments)
            case Compare("==" | "!=" as op, left, right):
                same = self._equal(left, right)
                return same if op == "==" else ruleml("Neg", same)
            case Compare(op, left, right):
                return atom(self._predicate(op, left, right), self.term(left), self.term(right))
            case Logic(op, parts):
                return ruleml(op.capitalize(), *(self.formula(p) for p in parts))
            case Not(part):
                return ruleml("Neg", self.formula(part))
            case Conditional(condition, then, otherwise):
                return ruleml(
                    "Or",
                    ruleml("And", self.formula(condition), self.formula(then)),
                    ruleml("And", ruleml("Neg", self.formula(condition)), self.formula(otherwise)),
                )
            case Member(item, options):
                return atom(_CONTAINS, self._list(options), self.term(item))
            case Aggregate("any" | "all", element, name, source, condition):
                return self._quantified(node.function, element, name, source, condition)
        raise TypeError(f"{node} is neither true nor false")

    def term(self, node: Expression) -> etree._Element:
        """Return an expression as a value; one that is true or false as a function of that name."""
        match node:
            case Number(value) | Boolean(value) | Text(value):
                return data(value)
            case Name(name) if name in BUILTINS:
                return variable(name)
            case Name() | Previous() | Field() | Lookup():
                name, arguments = self._applied(node)
                return expression(name, *arguments)
            case Arithmetic(op, left, right):
                return expression(_ARITHMETIC[op], self.term(left), self.term(right))
            case Compare("==" | "!=" as op, left, right):
                name = "equal" if op == "==" else "not-equal"
                return expression(curie("function", name), self.term(left), self.term(right))
            case Compare(op, left, right):
                name = self._predicate(op, left, right)
                return expression(name, self.term(left), self.term(right))
            case Logic(op, parts):
                return expression(curie("function", op), *(self.term(p) for p in parts))
            case Not(part):
                return expression(curie("function", "not"), self.term(part))
            case Negative(part):
                return expression(curie("function", "negative"), self.term(part))
            case Conditional(condition, then, otherwise):
                parts = (condition, then, otherwise)
                return expression(curie("function", "if"), *(self.term(p) for p in parts))
            case Member(item, options):
                return expression(_CONTAINS, self._list(options), self.term(item))
            case Call(function, arguments):
                name = curie("function", function)
                return expression(name, *(self.term(a) for a in arguments))
            case Aggregate(function, element, name, source, condition):
                inner = [element] if condition is None else [element, condition]
                return expression(
                    curie("aggregate", function), variable(name), self._records(source),
                    *(self.term(i) for i in inner),
                )  # fmt: skip
        raise TypeError(node)

    def test(self) -> etree._Element | None:
        """Return the test of the norm as a formula, each limb with a key of its own."""
        if self.norm.limbs is not None:
            return self._limbs(self.norm.limbs)
        return None if self.norm.test is None else self.formula(self.norm.test)

    def truth(self, node: Expression) -> bool:
        """Return whether an expression is true or false, and not some other value."""
        match node:
            case Boolean() | Compare() | Logic() | Not() | Member():
                return True
            case Aggregate(function):
                return function in ("any", "all")
            case Conditional(_, then, _):
                return self.truth(then)
            case Name(name) | Previous(name) | Field(_, name):
                term = self.rulebook.vocabulary.terms.get(name)
                return term is not None and term.type == "boolean"
        return False

    def _limbs(self, limbs: Limbs) -> etree._Element:
        made = [
            ruleml("And", self.formula(node), key=f":{self.limb(item)}")
            for item, node in limbs.items
        ]
        joined = ruleml("And" if limbs.mode == "all" else "Or", *made)
        return ruleml("Neg", joined) if limbs.mode == "none" else joined

    def limb(self, item: str) -> str:
        """Return the key of a limb."""
        return key_of("limb", self.name, item)

    def _quantified(
        self, function: str, element: Expression, name: str, source: str,
        condition: Expression | None,
    ) -> etree._Element:  # fmt: skip
        record = self._records(source)
        member = atom(curie("list", source), *list(record)[1:], variable(name))
        given = [member] + ([] if condition is None else [self.formula(condition)])
        if function == "any":
            held = ruleml("And", *given, self.formula(element))
            return ruleml("Exists", variable(name), held)
        premise = ruleml("if", ruleml("And", *given))
        return ruleml(
            "Forall", variable(name),
            ruleml("Implies", premise, ruleml("then", self.formula(element))),
        )  # fmt: skip

    def _records(self, source: str) -> etree._Element:
        return expression(curie("list", source), variable("entity"), variable("year"))

    def _list(self, options: tuple[Text, ...] | Name) -> etree._Element:
        if isinstance(options, Name):
            return self.term(options)
        return ruleml("Plex", *(data(o.value) for o in options))

    def _equal(self, left: Expression, right: Expression) -> etree._Element:
        if self.truth(left) and self.truth(right):
            return ruleml("Equivalent", self.formula(left), self.formula(right))
        return ruleml("Equal", self.term(left), self.term(right))

    def _predicate(self, op: str, left: Expression, right: Expression) -> str:
        name = _NUMERIC[op]
        days = self._day(left) or self._day(right)
        return "pred:" + (name.replace("numeric", "date") if days else name)

    def _day(self, node: Expression) -> bool:
        match node:
            case Name(name) | Previous(name) | Field(_, name):
                return self.rulebook.is_day(name)
            case Call(function):
                return function in _GIVE_DAYS
            case Conditional(_, then, _):
                return self._day(then)
            case Aggregate("min" | "max", element):
                return self._day(element)
        return False

    def _applied(
        self, node: Name | Previous | Field | Lookup
    ) -> tuple[str, tuple[etree._Element, ...]]:
        """Return the name of a fact, concept or parameter, and what it is applied to."""
        if isinstance(node, Field):
            return curie("term", node.name), (variable(node.variable),)
        key = (self.term(node.key),) if isinstance(node, Lookup) else ()
        year = variable("year")
        if isinstance(node, Previous):
            year = expression("func:numeric-subtract", year, data(Fraction(node.years)))
        term = self.rulebook.vocabulary.terms.get(node.name)
        if term is None:
            return self._parameter(node.name, key, year)
        if term.record != "entity":
            return curie("term", node.name), (variable(term.record),)
        return curie("term", node.name), (
            variable("entity"), *([year] if term.period == "year" else []),
        )  # fmt: skip

    def _parameter(
        self, name: str, key: tuple[etree._Element, ...], year: etree._Element
    ) -> tuple[str, tuple[etree._Element, ...]]:
        """A parameter is read of a year or of a day; one that several texts set, of both."""
        found = self.rulebook.parameter(name, self.norm)
        if found is None:
            return curie("parameter", name), (*key, year, variable("law_day"))
        when = year if found.keyed == "year" else variable("law_day")
        return curie("parameter", found.full), (*key, when)
