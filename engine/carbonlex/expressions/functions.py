"""The functions of the language: what each takes and gives."""

from __future__ import annotations

from typing import Protocol

from carbonlex.errors import Code
from carbonlex.expressions.kinds import ANY, BARE, DATE, PLACES, Type, fits
from carbonlex.expressions.tree import Call, Expression
from carbonlex.expressions.write import write
from carbonlex.quantities import RATIO, parse_unit


class Checker(Protocol):
    """What types expressions and notes what is wrong with them."""

    def type(self, node: Expression) -> Type:
        """Return the type of an expression."""

    def want(self, node: Expression, wanted: Type) -> Type:
        """Return the type of an expression that has to be of a certain type."""

    def same(self, left: Expression, right: Expression) -> Type:
        """Return the one type of two expressions."""

    def alike(self, args: tuple[Expression, ...]) -> Type:
        """Return the one type of several numbers."""

    def misfit(self, node: Expression, left: Type, right: Type) -> Type:
        """Note that an operation does not work on its operands."""

    def fail(self, code: Code, zh: str, en: str) -> Type:
        """Note anything else that is wrong."""


def call_type(checker: Checker, node: Call) -> Type:
    """Return the type of a function call, noting what does not fit in the checker."""
    args = node.args
    match node.function:
        case "between":
            found = checker.same(args[0], args[1])
            if found.kind not in ("number", "any"):
                return checker.misfit(node, found, found)
            return Type("range", found.unit)
        case "lower" | "upper":
            found = checker.want(args[0], Type("range"))
            return Type("number", found.unit)
        case "min" | "max":
            return checker.alike(args)
        case "date":
            for arg in args:
                checker.want(arg, Type("number", RATIO))
            return DATE
        case "add_years" | "add_days" | "add_working_days":
            checker.want(args[0], DATE)
            unit = node.function.removeprefix("add_").removesuffix("s")
            checker.want(args[1], Type("number", parse_unit(unit)))
            return DATE
        case "month_start":
            checker.want(args[0], DATE)
            return DATE
        case "days_between":
            checker.want(args[0], DATE)
            checker.want(args[1], DATE)
            return Type("number", parse_unit("day"))
    found = checker.type(args[0])
    if not fits(found, BARE):
        return checker.misfit(node, found, BARE)
    if len(args) == 2 and checker.want(args[1], Type("number", RATIO)) is not ANY:
        if write(args[1]) in PLACES:
            return Type("number", found.unit)
        zh, en = "取整位数须为 -6 至 12 的整数", "places are a whole number from -6 to 12"
        checker.fail("type-mismatch", f"“{write(node)}”：{zh}", f"'{write(node)}': {en}")
    return Type("number", found.unit)
