"""Text into tree. Python's own parser reads the syntax; nothing of it is ever executed."""

from __future__ import annotations

import ast
import re
import warnings

from carbonlex.errors import Code
from carbonlex.expressions.tree import (
    AGGREGATES,
    FUNCTIONS,
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
from carbonlex.quantities import QuantityError, exact

MAX_LENGTH, MAX_NODES, MAX_DEPTH = 1_000, 200, 30
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_LITERAL = re.compile(r"\d[\d_]*(\.\d[\d_]*)?")
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}
_ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}


class ExpressionError(ValueError):
    """An expression outside the language; `code` and `messages` say why."""

    def __init__(self, code: Code, zh: str, en: str) -> None:
        self.code, self.messages = code, (zh, en)
        super().__init__(en)


def parse(source: str) -> Expression:
    """Return the tree of an expression, or raise `ExpressionError`.

    >>> parse("offsets_used <= 0.05 * surrender_obligation").op
    '<='
    """
    if len(source) > MAX_LENGTH:
        raise _too_large()
    if not source.isascii():
        raise _forbidden("非 ASCII 字符", "non-ASCII characters")
    if "#" in source or "\\" in source:
        raise _forbidden("注释和续行符", "comments and backslashes")
    text = " ".join(source.split())
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's advice on style is not for a draft
            body = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(
            "syntax", f"表达式写法有误：{source[:60]}", f"not an expression: {source[:60]}"
        ) from error
    return _Reader(text).read(body, 0)


def _forbidden(zh: str, en: str) -> ExpressionError:
    return ExpressionError(
        "expression-forbidden", f"规则表达式不允许：{zh}", f"not allowed in a rule: {en}"
    )


def _too_large() -> ExpressionError:
    return ExpressionError(
        "expression-too-large",
        f"表达式过大（最多 {MAX_LENGTH} 字符、{MAX_NODES} 个节点、{MAX_DEPTH} 层）",
        f"too large (at most {MAX_LENGTH} characters, {MAX_NODES} nodes, {MAX_DEPTH} levels)",
    )


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.count = text, 0

    def read(self, node: ast.expr, depth: int) -> Expression:
        self.count += 1
        if depth > MAX_DEPTH or self.count > MAX_NODES:
            raise _too_large()
        deeper = depth + 1
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name(id=name):
                return Name(_identifier(name))
            case ast.Attribute(value=ast.Name(id=variable), attr=name):
                return Field(_identifier(variable), _identifier(name))
            case ast.Subscript(value=ast.Name(id=name), slice=key):
                return self._subscript(_identifier(name), key, deeper)
            case ast.Compare():
                return self._compare(node, deeper)
            case ast.BoolOp(op=op, values=values):
                word = "and" if isinstance(op, ast.And) else "or"
                return Logic(word, tuple(self.read(v, deeper) for v in values))
            case ast.UnaryOp(op=ast.Not(), operand=part):
                return Not(self.read(part, deeper))
            case ast.UnaryOp(op=ast.USub(), operand=part):
                return Negative(self.read(part, deeper))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                return Arithmetic(
                    _ARITHMETIC[type(op)], self.read(left, deeper), self.read(right, deeper)
                )
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Conditional(
                    self.read(test, deeper), self.read(body, deeper), self.read(orelse, deeper)
                )
            case ast.Call(func=ast.Name(id=function), args=args, keywords=[]):
                return self._call(function, args, deeper)
        raise _forbidden(type(node).__name__, type(node).__name__)

    def _constant(self, node: ast.Constant) -> Expression:
        if isinstance(node.value, bool):
            return Boolean(node.value)
        literal = ast.get_source_segment(self.text, node) or ""
        if isinstance(node.value, str):
            if literal[1:-1] != node.value or literal[:1] not in "\"'":
                raise _forbidden(f"字符串 {literal[:20]}", f"the string {literal[:20]}")
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", node.value):
                raise _forbidden(
                    "引号内只能是词汇表的选项", "quotes hold a choice of the vocabulary"
                )
            return Text(node.value)
        # The tree has rounded 0.1 to binary already: cut the decimal out of the text.
        if isinstance(node.value, (int, float)) and _LITERAL.fullmatch(literal):
            try:
                return Number(exact(literal))
            except QuantityError as error:
                raise ExpressionError("number-inexact", *error.messages) from error
        raise _forbidden(f"字面量 {literal[:20]}", f"the literal {literal[:20]}")

    def _subscript(self, name: str, key: ast.expr, depth: int) -> Expression:
        match key:
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=years) as told):
                literal = ast.get_source_segment(self.text, told) or ""
                if not literal.isdecimal() or not 1 <= years <= 10:  # type: ignore[operator]
                    raise _forbidden("[-1] 至 [-10] 以外的年度", "years other than [-1] to [-10]")
                return Previous(name, int(literal))
            case ast.Slice():
                raise _forbidden("切片", "slices")
        return Lookup(name, self.read(key, depth))

    def _compare(self, node: ast.Compare, depth: int) -> Expression:
        found: list[Expression] = []
        left = node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, (ast.In, ast.NotIn)):
                member = Member(self.read(left, depth), self._options(right))
                found.append(Not(member) if isinstance(op, ast.NotIn) else member)
            elif type(op) in _COMPARE:
                found.append(
                    Compare(_COMPARE[type(op)], self.read(left, depth), self.read(right, depth))
                )
            else:
                raise _forbidden("is", "is")
            left = right
        return found[0] if len(found) == 1 else Logic("and", tuple(found))

    def _options(self, node: ast.expr) -> tuple[Text, ...] | Name:
        match node:
            case ast.Name(id=name):
                return Name(_identifier(name))
            case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
                read = [self._constant(i) if isinstance(i, ast.Constant) else None for i in items]
                texts = tuple(r for r in read if isinstance(r, Text))
                if texts and len(texts) == len(items):
                    return texts
        raise _forbidden("in 右边只能是选项或参数", "what follows 'in' is choices or a parameter")

    def _call(self, function: str, args: list[ast.expr], depth: int) -> Expression:
        if len(args) == 1 and isinstance(args[0], ast.GeneratorExp) and function in AGGREGATES:
            return self._aggregate(function, args[0], depth)
        if function not in FUNCTIONS:
            raise _forbidden(f"函数 {function[:30]}", f"the function {function[:30]}")
        least, most = FUNCTIONS[function]
        if not least <= len(args) <= most:
            raise _forbidden(f"{function} 的参数个数", f"that number of arguments of {function}")
        return Call(function, tuple(self.read(a, depth) for a in args))

    def _aggregate(self, function: str, node: ast.GeneratorExp, depth: int) -> Expression:
        match node.generators:
            case [
                ast.comprehension(
                    target=ast.Name(id=variable), iter=ast.Name(id=source), ifs=ifs, is_async=0
                )
            ] if len(ifs) <= 1:
                condition = self.read(ifs[0], depth) if ifs else None
                element = self.read(node.elt, depth)
                return Aggregate(
                    function, element, _identifier(variable), _identifier(source), condition
                )
        raise _forbidden("嵌套的生成式", "nested generators")


def _identifier(name: str) -> str:
    if not _IDENTIFIER.fullmatch(name) or "__" in name or len(name) > 60:
        raise _forbidden(f"名称 {name[:30]}", f"the name {name[:30]}")
    return name
