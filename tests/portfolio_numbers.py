"""Forms of a number, each written over what a writer knows; None where it does not fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from portfolio_words import Draft, joined

if TYPE_CHECKING:
    from portfolio_expressions import Writer

Form: TypeAlias = "Callable[[Writer, str, int], Draft | None]"
ROUNDINGS = ("round_half_up", "round_half_even", "round_down", "round_up")
# What multiplies, or divides, into a unit.
PRODUCTS = {
    "ratio": [("ratio", "ratio")],
    "tCO2e": [("tCO2e", "ratio")],
    "CNY/tCO2e": [("CNY/tCO2e", "ratio")],
    "CNY": [("CNY/tCO2e", "tCO2e"), ("CNY", "ratio")],
    "day": [("day", "ratio")],
}
QUOTIENTS = {
    "ratio": [("tCO2e", "tCO2e"), ("ratio", "ratio"), ("CNY", "CNY"), ("day", "day")],
    "tCO2e": [("tCO2e", "ratio"), ("CNY", "CNY/tCO2e")],
    "CNY/tCO2e": [("CNY", "tCO2e"), ("CNY/tCO2e", "ratio")],
    "CNY": [("CNY", "ratio")],
    "day": [("day", "ratio")],
}


def literal(w: Writer, unit: str, depth: int) -> Draft:
    """Write a decimal."""
    scale = w.pick([0, 0, 0, 1, 2, 3])
    value = w.pick([0, 1, 2, 5, 10, 25, 50, 100, 125, 999, 1000, 5000])
    minus = "-" if w.signed and w.chance(0.1) else ""
    text = f"{value}" if not scale else f"{value}.{w.random.randrange(10**scale):0{scale}d}"
    return Draft(f"({minus}{text})" if minus else text, scale, len(str(value)), True)


def leaf(w: Writer, unit: str, depth: int) -> Draft | None:
    """Name a fact or a concept."""
    found = w.named("number", unit)
    if unit == "ratio" and w.chance(0.05):
        return Draft("year", 0, 4)
    if not found:
        return None
    text, word = w.pick(found)
    return Draft(text, word.scale, word.whole)


def previous(w: Writer, unit: str, depth: int) -> Draft | None:
    """Name what a fact or a concept was in an earlier year."""
    found = [one for _, one in w.named("number", unit, root=True) if one.yearly]
    if not found:
        return None
    word = w.pick(found)
    return Draft(f"{word.name}[-{w.pick([1, 1, 1, 2, 3])}]", word.scale, word.whole)


def parameter(w: Writer, unit: str, depth: int) -> Draft:
    """Name a parameter: of one figure, or a table by a choice."""
    scale = w.pick([0, 0, 1, 2, 4])

    def figure() -> str:
        value = w.random.randrange(1, 10 ** w.pick([1, 2, 3]))
        return f"{value}" if not scale else f"{value}.{w.random.randrange(10**scale)}"

    keyed = w.named("choice")
    if keyed and w.chance(0.4):
        text, word = w.pick(keyed)
        if w.chance(0.1):
            text = f"'{w.pick(word.choices)}'"
        held = word.choices if w.chance(0.7) else word.choices[1:]

        def table() -> str:
            return "{" + ", ".join(f"{c} = {figure()}" for c in held) + "}"

        name = w.declare(f'unit = "{unit}"\nby = "{word.name}"', table)
        return Draft(f"{name}[{text}]", scale, 3)
    return Draft(w.declare(f'unit = "{unit}"', figure), scale, 3)


def negative(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write a number with its sign turned."""
    if not w.signed:
        return None
    found = w.number(unit, depth)
    return Draft(f"-({found.text})", found.scale, found.whole, found.bare)


def total(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write a sum or a difference."""
    one, other = w.number(unit, depth), w.number(unit, depth)
    signs = "+-" if w.signed or not (one.bare and other.bare) else "+"
    text = f"({one.text} {w.pick(signs)} {other.text})"
    return joined(text, (one, other), 1)


def product(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write a product."""
    units = list(w.pick(PRODUCTS[unit]))
    one, other = w.measured(units[0], depth, 16), w.measured(units[1], depth, 12)
    if one is None or other is None or one.bare:
        return None
    parts = [one.text, other.text]
    w.random.shuffle(parts)
    scale, whole = one.scale + other.scale, one.whole + other.whole
    return Draft(f"({parts[0]}) * ({parts[1]})", scale, whole)


def least(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write the least or the greatest of some."""
    parts = tuple(w.number(unit, depth) for _ in range(w.pick([2, 2, 3])))
    inner = ", ".join(p.text for p in parts)
    return joined(f"{w.pick(['min', 'max'])}({inner})", parts, 0)


def floored(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write what is left above zero, as a shortfall is written."""
    one, other = w.number(unit, depth), w.number(unit, depth)
    return joined(f"max(0, {one.text} - ({other.text}))", (one, other), 1)


def conditional(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write a number that hangs on a condition."""
    one, other = w.number(unit, depth), w.number(unit, depth)
    text = f"({one.text} if {w.truth(depth)} else {other.text})"
    return joined(text, (one, other), 0)


def rounded(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write a rounded number."""
    found = w.number(unit, depth)
    return cut(w, found.text, found.whole, found.bare)


def divided(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write a rounded quotient."""
    found = quotient(w, unit, depth)
    return None if found is None else cut(w, found.text, found.whole)


def end(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write an end of a range."""
    one, other = w.number(unit, depth), w.number(unit, depth)
    text = f"{w.pick(['lower', 'upper'])}(between({one.text}, {other.text} + 10))"
    if one.bare and other.bare:
        return None  # of constants the loader knows whether the range is empty
    return joined(text, (one, other), 1)


def folded(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write what a list comes to."""
    if not w.lists or (w.variables and not w.chance(0.1)):
        return None
    if unit == "ratio" and w.chance(0.4):
        text, _ = w.over("count", lambda: w.pick(["True", w.truth(0), "year"]))
        return Draft(text, 0, 2)
    text, element = w.over(
        w.pick(["sum", "sum", "sum", "min", "max"]), lambda: w.measured(unit, depth, 14)
    )
    if element is None or element.bare:
        return None
    return Draft(text, element.scale, element.whole + 1)


def span(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write the days between two days."""
    if unit != "day":
        return None
    return Draft(f"days_between({w.day(depth)}, {w.day(depth)})", 0, 6)


def quotient(w: Writer, unit: str, depth: int) -> Draft | None:
    """Write a quotient, which is to be rounded or compared."""
    up, down = w.pick(QUOTIENTS[unit])
    one, other = w.measured(up, depth, 13), w.measured(down, depth, 10)
    if one is None or other is None or (other.bare and down != "ratio") or other.size > 12:
        return None
    if one.bare and up != "ratio":
        return None
    return Draft(f"({one.text}) / ({other.text})", one.scale, one.whole + other.scale)


def cut(w: Writer, text: str, whole: int, bare: bool = False) -> Draft:
    """Write a rounding of something."""
    mode = w.pick(ROUNDINGS)
    if w.chance(0.3):
        return Draft(f"{mode}({text})", 0, whole + 1, bare)
    places = w.pick([-2, -1, 0, 1, 2, 2, 3, 4])
    return Draft(f"{mode}({text}, {places})", max(0, places), whole + 1, bare)


LEAVES: list[tuple[int, Form]] = [(8, leaf), (2, literal), (2, previous), (2, parameter)]
NUMBERS: list[tuple[int, Form]] = [
    *LEAVES, (1, negative), (3, total), (3, product), (2, least), (2, floored), (2, conditional),
    (2, rounded), (2, divided), (1, end), (4, folded), (12, span),
]  # fmt: skip
