"""Forms of a condition and of a day, each written over what a writer knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from portfolio_numbers import quotient

if TYPE_CHECKING:
    from portfolio_expressions import Writer

Form: TypeAlias = "Callable[[Writer, int], str | None]"
ORDERED = ("<", "<=", ">", ">=")


def told(w: Writer, depth: int) -> str | None:
    """Name a boolean."""
    found = w.named("boolean")
    return w.pick(found)[0] if found else None


def told_before(w: Writer, depth: int) -> str | None:
    """Name a boolean of an earlier year."""
    found = [one for _, one in w.named("boolean", root=True) if one.yearly]
    return f"{w.pick(found).name}[-1]" if found else None


def compared(w: Writer, depth: int) -> str | None:
    """Compare two numbers, now and then three."""
    unit = w.forms([(3, "tCO2e"), (2, "ratio"), (1, "CNY/tCO2e"), (1, "CNY"), (1, "day")])
    left, right = w.measured(unit, depth, 30), w.number(unit, max(depth, 0))
    if left is None:
        return None
    op = w.pick([*ORDERED, *ORDERED, "==", "!="])
    if w.chance(0.1):
        return f"({w.number(unit, 0).text} <= {left.text} < {right.text})"
    return f"({left.text} {op} {right.text})"


def quotients(w: Writer, depth: int) -> str | None:
    """Compare a quotient with a number or with another quotient."""
    unit = w.pick(["ratio", "ratio", "tCO2e", "CNY/tCO2e"])
    left = quotient(w, unit, depth)
    right = quotient(w, unit, 0) if w.chance(0.3) else w.measured(unit, 0, 12)
    if left is None or right is None:
        return None
    sides = [left.text, right.text]
    w.random.shuffle(sides)
    return f"({sides[0]} {w.pick([*ORDERED, '==', '!='])} {sides[1]})"


def dated(w: Writer, depth: int) -> str | None:
    """Compare two days."""
    op = w.pick([*ORDERED, *ORDERED, "==", "!="])
    return f"({w.day(depth)} {op} {w.day(max(0, depth))})"


def apart(w: Writer, depth: int) -> str | None:
    """Compare the days between two days with a number."""
    days = f"days_between({w.day(depth)}, {w.day(depth)})"
    return f"({days} {w.pick(ORDERED)} {w.pick([-1, 0, 1, 30, 92, 365])})"


def chosen(w: Writer, depth: int) -> str | None:
    """Compare a choice with one of those it can be, or with another choice."""
    found = w.named("choice")
    if not found:
        return None
    text, word = w.pick(found)
    others = [t for t, o in found if o is not word and {*o.choices} & {*word.choices}]
    other = w.pick(others) if others and w.chance(0.3) else f"'{w.pick(word.choices)}'"
    return f"({text} {w.pick(['==', '!='])} {other})"


def member(w: Writer, depth: int) -> str | None:
    """Ask whether a choice is one of several, in words or of a list parameter."""
    found = w.named("choice")
    if not found:
        return None
    text, word = w.pick(found)
    some = [c for c in word.choices if w.chance(0.5)] or [word.choices[0]]
    options = "(" + "".join(f"'{c}', " for c in some) + ")"
    if w.chance(0.4):

        def chosen() -> str:
            several = w.random.sample(word.choices, w.pick([1, 1, 2]))
            return "[" + ", ".join(f'"{c}"' for c in several) + "]"

        options = w.declare('unit = "choices"', chosen)
    return f"({text} {w.pick(['in', 'in', 'not in'])} {options})"


def logic(w: Writer, depth: int) -> str | None:
    """Join conditions."""
    op = w.pick([" and ", " or "])
    parts = [w.truth(depth) for _ in range(w.pick([2, 2, 3]))]
    return "(" + op.join(parts) + ")"


def negated(w: Writer, depth: int) -> str | None:
    """Write that something is not so."""
    return f"not ({w.truth(depth)})"


def either(w: Writer, depth: int) -> str | None:
    """Write a condition that hangs on another."""
    return f"({w.truth(depth)} if {w.truth(0)} else {w.truth(depth)})"


def some(w: Writer, depth: int) -> str | None:
    """Ask something of the records of a list."""
    if not w.lists or (w.variables and not w.chance(0.1)):
        return None
    text, _ = w.over(w.pick(["any", "all"]), lambda: w.truth(depth))
    return text


def told_day(w: Writer, depth: int) -> str | None:
    """Name a day."""
    found = w.named("date")
    return w.pick(found)[0] if found else None


def written_day(w: Writer, depth: int) -> str:
    """Write a day of the year, or of the year after; now and then one that not all have."""
    later = w.pick(["year", "year + 1", "year + 1"])
    day = w.pick(["3, 31", "12, 31", "6, 30", "1, 1", "2, 28", "2, 29", "10, 15"])
    return f"date({later}, {day})"


def set_day(w: Writer, depth: int) -> str:
    """Name a day that a parameter sets for a year."""
    return w.declare('unit = "date"', lambda: figure_of_day(w))


def figure_of_day(w: Writer) -> str:
    """Return a day that law may set."""
    year, month = w.random.randrange(2020, 2028), w.random.randrange(1, 13)
    return f"{year}-{month:02d}-{w.pick([1, 15, 28]):02d}"


def clock(w: Writer, depth: int) -> str:
    """Name the day asked, or the day of decision."""
    return w.pick(["asked_on", "asked_on", "asked_on", "decided_on"])


def moved(w: Writer, depth: int) -> str:
    """Write a day that lies apart from another."""
    day = w.day(depth)
    whole = [t for t, one in w.named("number", "day") if not one.scale]
    by = w.pick(whole) if whole and w.chance(0.3) else None
    match w.pick(["days", "days", "years", "working", "month"]):
        case "days":
            return f"add_days({day}, {by or w.pick(['-30', '-1', '1', '10', '45', '400'])})"
        case "years":
            return f"add_years({day}, {w.pick(['-1', '1', '2', '5'])})"
        case "working":
            return f"add_working_days({day}, {w.pick(['0', '1', '5', '7', '20'])})"
    return f"month_start({day})"


def conditional_day(w: Writer, depth: int) -> str:
    """Write a day that hangs on a condition."""
    return f"({w.day(0)} if {w.truth(0)} else {w.day(0)})"


SIMPLE: list[tuple[int, Form]] = [
    (6, told), (1, told_before), (5, compared), (2, dated), (1, apart), (2, chosen), (2, member),
]  # fmt: skip
TRUTHS: list[tuple[int, Form]] = [
    *SIMPLE, (2, quotients), (4, logic), (1, negated), (1, either), (3, some),
]  # fmt: skip
SIMPLE_DAYS: list[tuple[int, Form]] = [
    (4, told_day), (4, written_day), (3, set_day), (1, clock),
]  # fmt: skip
DAYS: list[tuple[int, Form]] = [*SIMPLE_DAYS, (6, moved), (1, conditional_day)]
