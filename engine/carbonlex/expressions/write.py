"""Tree into text, such that `parse(write(e)) == e`."""

from __future__ import annotations

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
from carbonlex.quantities import plain

_CONDITIONAL, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _NEGATIVE, _ATOM = range(9)


def write(node: Expression) -> str:
    """Return the expression as a rule file writes it.

    >>> from carbonlex.expressions.parse import parse
    >>> write(parse("not (a or b)  and c>=0.50"))
    'not (a or b) and c >= 0.5'
    """
    return _write(node)[0]


def _under(node: Expression, level: int) -> str:
    text, own = _write(node)
    return text if own >= level else f"({text})"


def _write(node: Expression) -> tuple[str, int]:
    match node:
        case Number(value):
            return plain(value), _ATOM
        case Boolean(value):
            return str(value), _ATOM
        case Text(value):
            return f'"{value}"', _ATOM
        case Name(name):
            return name, _ATOM
        case Previous(name, years):
            return f"{name}[-{years}]", _ATOM
        case Lookup(name, key):
            return f"{name}[{write(key)}]", _ATOM
        case Field(variable, name):
            return f"{variable}.{name}", _ATOM
        case Compare(op, left, right):
            return f"{_under(left, _SUM)} {op} {_under(right, _SUM)}", _COMPARE
        case Member(item, options):
            return f"{_under(item, _SUM)} in {_options(options)}", _COMPARE
        case Logic(op, inner):
            level = _AND if op == "and" else _OR
            return f" {op} ".join(_under(p, level + 1) for p in inner), level
        case Not(part):
            return f"not {_under(part, _NOT)}", _NOT
        case Arithmetic(op, left, right):
            level = _SUM if op in "+-" else _PRODUCT
            return f"{_under(left, level)} {op} {_under(right, level + 1)}", level
        case Negative(part):
            return f"-{_under(part, _NEGATIVE)}", _NEGATIVE
        case Conditional(condition, then, otherwise):
            return (
                f"{_under(then, _OR)} if {_under(condition, _OR)} else "
                f"{_under(otherwise, _CONDITIONAL)}",
                _CONDITIONAL,
            )
        case Call(function, args):
            return f"{function}({', '.join(write(a) for a in args)})", _ATOM
        case Aggregate(function, element, variable, source, condition):
            tail = "" if condition is None else f" if {_under(condition, _OR)}"
            return f"{function}({_under(element, _OR)} for {variable} in {source}{tail})", _ATOM
    raise TypeError(node)


def _options(options: tuple[Text, ...] | Name) -> str:
    if isinstance(options, Name):
        return options.name
    inner = ", ".join(f'"{o.value}"' for o in options)
    return f"({inner},)" if len(options) == 1 else f"({inner})"
