"""Types and units of expressions, checked when a rulebook loads.

A bare number takes the unit of the other operand, or that of the key it stands under, and is a
ratio under `*` and `/`. An unrounded quotient may only be compared or rounded.
"""

from __future__ import annotations

from carbonlex.errors import Code
from carbonlex.expressions.functions import call_type
from carbonlex.expressions.kinds import (
    ANY,
    BARE,
    BOOLEAN,
    DATE,
    Kind,
    Problem,
    Scope,
    Type,
    fits,
)  # fmt: skip
from carbonlex.expressions.tree import (
    Aggregate,
    Arithmetic,
    Boolean,
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
)  # fmt: skip
from carbonlex.expressions.write import write
from carbonlex.quantities import RATIO, multiply_units

__all__ = ["ANY", "BARE", "BOOLEAN", "DATE", "Problem", "Scope", "Type", "check", "fits"]


def check(node: Expression, scope: Scope) -> tuple[Type, tuple[Problem, ...]]:
    """Return the type of an expression and everything that is wrong with it."""
    checker = _Checker(scope)
    return checker.type(node), tuple(checker.problems)


class _Checker:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.problems: list[Problem] = []
        self.variables: dict[str, str] = {}

    def fail(self, code: Code, zh: str, en: str) -> Type:
        self.problems.append(Problem(code, zh, en))
        return ANY

    def want(self, node: Expression, wanted: Type) -> Type:
        found = self.type(node)
        if not fits(found, wanted):
            return self.misplaced(node, found, wanted)
        return self.unrounded(node) if found.quotient else found

    def misplaced(self, node: Expression, found: Type, wanted: Type) -> Type:
        code: Code = "unit-mismatch" if found.kind == wanted.kind else "type-mismatch"
        return self.fail(
            code,
            f"“{write(node)}”是 {found}，此处需要 {wanted}",
            f"'{write(node)}' is {found}; {wanted} is wanted here",
        )

    def unrounded(self, node: Expression) -> Type:
        return self.fail(
            "quotient-unrounded",
            f"商“{write(node)}”须先取整再使用（或只用于比较）",
            f"round the quotient '{write(node)}' before using it (or only compare it)",
        )

    def type(self, node: Expression) -> Type:
        match node:
            case Number():
                return BARE
            case Boolean():
                return BOOLEAN
            case Text(value):
                return Type("text", choices=frozenset({value}))
            case Name(name):
                return self.scope.name(name) or self.unknown(name)
            case Previous(name, _):
                return self.previous(name)
            case Lookup(name, key):
                return self.lookup(name, key)
            case Field(variable, name):
                return self.field(variable, name)
            case Compare():
                return self.compare(node)
            case Member():
                return self.member(node)
            case Logic(_, inner):
                for part in inner:
                    self.want(part, BOOLEAN)
                return BOOLEAN
            case Not(part):
                self.want(part, BOOLEAN)
                return BOOLEAN
            case Negative(part):
                return self.want(part, BARE)
            case Arithmetic():
                return self.arithmetic(node)
            case Conditional(condition, then, otherwise):
                self.want(condition, BOOLEAN)
                return self.same(then, otherwise)
            case Aggregate():
                return self.aggregate(node)
        return call_type(self, node)

    def unknown(self, name: str) -> Type:
        return self.fail("name-unknown", f"词汇表没有“{name}”", f"no such name: '{name}'")

    def previous(self, name: str) -> Type:
        found = self.scope.name(name) or self.unknown(name)
        if found.kind != "any" and not self.scope.recurs(name):
            return self.fail(
                "type-mismatch",
                f"“{name}”不按年度记，不能写 [-1]",
                f"'{name}' has no value per year: [-1] has no meaning",
            )
        return found

    def lookup(self, name: str, key: Expression) -> Type:
        table = self.scope.table(name)
        if table is None:
            return self.fail("name-unknown", f"没有参数表“{name}”", f"no table parameter '{name}'")
        found = self.type(key)
        if found.kind not in ("text", "any") or not found.choices <= table[0].choices:
            self.fail(
                "type-mismatch",
                f"“{write(key)}”不是参数表 {name} 的键",
                f"'{write(key)}' is no key of the table {name}",
            )
        return table[1]

    def field(self, variable: str, name: str) -> Type:
        record = self.variables.get(variable)
        found = self.scope.field(record, name) if record else None
        return found or self.unknown(f"{variable}.{name}")

    def compare(self, node: Compare) -> Type:
        left, right = self.type(node.left), self.type(node.right)
        if "any" in (left.kind, right.kind):
            return BOOLEAN
        if left.kind == right.kind == "text" and node.op in ("==", "!="):
            if not (left.choices & right.choices):
                self.fail(
                    "type-mismatch", f"“{write(node)}”永远不成立", f"'{write(node)}' never holds"
                )
        elif left.kind != right.kind or left.kind not in ("number", "date"):
            self.fail(
                "type-mismatch",
                f"“{write(node)}”比较 {left} 与 {right}",
                f"'{write(node)}' compares {left} with {right}",
            )
        elif not fits(left, right):
            self.fail(
                "unit-mismatch",
                f"“{write(node)}”混用 {left} 与 {right}",
                f"'{write(node)}' mixes {left} with {right}",
            )
        return BOOLEAN

    def member(self, node: Member) -> Type:
        item = self.type(node.item)
        if isinstance(node.options, Name):
            found = self.scope.name(node.options.name)
            if found is None:
                self.unknown(node.options.name)
                return BOOLEAN
            wanted = found.choices if found.kind == "options" else None
        else:
            wanted = frozenset(o.value for o in node.options)
        if item.kind != "any" and (item.kind != "text" or not wanted or not wanted <= item.choices):
            self.fail(
                "type-mismatch",
                f"“{write(node)}”的选项不在词汇表中",
                f"the options of '{write(node)}' are not in the vocabulary",
            )
        return BOOLEAN

    def same(self, left: Expression, right: Expression) -> Type:
        first, second = self.type(left), self.type(right)
        for found, node in ((first, left), (second, right)):
            if found.quotient:
                self.unrounded(node)
        if not fits(first, second):
            return self.fail(
                "unit-mismatch" if first.kind == second.kind else "type-mismatch",
                f"“{write(left)}”是 {first}，“{write(right)}”是 {second}",
                f"'{write(left)}' is {first}, '{write(right)}' is {second}",
            )
        if first.kind == "text":
            return Type("text", choices=first.choices | second.choices)
        return second if first.kind == "any" or first.unit is None else first

    def alike(self, args: tuple[Expression, ...]) -> Type:
        """Type each argument once; all must be numbers of one unit."""
        result = BARE
        for arg in args:
            found = self.type(arg)
            if found.quotient:
                return self.unrounded(arg)
            if not fits(found, result):
                return self.misplaced(arg, found, result)
            result = result if found.kind == "any" or result.unit is not None else found
        return result

    def arithmetic(self, node: Arithmetic) -> Type:
        if node.op in "+-":
            return self.sum(node)
        left, right = self.type(node.left), self.type(node.right)
        if "any" in (left.kind, right.kind):
            return ANY
        kinds = {left.kind, right.kind}
        if kinds == {"number"} or (kinds == {"number", "range"} and node.op == "*"):
            for found, part in ((left, node.left), (right, node.right)):
                if found.quotient:
                    return self.unrounded(part)
            unit = multiply_units(
                RATIO if left.unit is None else left.unit,
                RATIO if right.unit is None else right.unit,
                1 if node.op == "*" else -1,
            )
            bare = left.unit is None and right.unit is None and node.op == "*"
            kind: Kind = "range" if "range" in kinds else "number"
            return Type(kind, None if bare else unit, quotient=node.op == "/")
        return self.misfit(node, left, right)

    def sum(self, node: Arithmetic) -> Type:
        found = self.same(node.left, node.right)
        if found.kind == "number" or (found.kind == "range" and node.op == "+"):
            return found
        return found if found.kind == "any" else self.misfit(node, found, found)

    def misfit(self, node: Expression, left: Type, right: Type) -> Type:
        return self.fail(
            "type-mismatch",
            f"“{write(node)}”不能用于 {left} 与 {right}",
            f"'{write(node)}' does not work on {left} and {right}",
        )

    def aggregate(self, node: Aggregate) -> Type:
        source = self.scope.name(node.source)
        if source is None:
            return self.unknown(node.source)
        if source.kind != "list" or node.variable in self.variables:
            return self.fail(
                "type-mismatch",
                f"“{node.source}”不是记录列表",
                f"'{node.source}' is no list of records",
            )
        self.variables[node.variable] = source.record
        if node.condition is not None:
            self.want(node.condition, BOOLEAN)
        match node.function:
            case "any" | "all":
                self.want(node.element, BOOLEAN)
                result = BOOLEAN
            case "count":
                self.type(node.element)
                result = Type("number", RATIO)
            case _:
                result = self.want(node.element, BARE)
        del self.variables[node.variable]
        return result
