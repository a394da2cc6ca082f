"""Expressions made up at random: of the type and unit that is wanted, over the names of a rulebook.

A draft of a number carries how many decimals and how many digits before the point it can have, so
that nothing is written that no machine integer holds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")
UNITS = ("ratio", "tCO2e", "CNY/tCO2e", "CNY", "day")
MAX_SCALE, MAX_WHOLE = 12, 16
ROUNDINGS = ("round_half_up", "round_half_even", "round_down", "round_up")
ORDERED = ("<", "<=", ">", ">=")
# What multiplies, or divides, into a unit.
PRODUCTS = {
    "ratio": [("ratio", "ratio")],
    "tCO2e": [("tCO2e", "ratio")],
    "CNY/tCO2e": [("CNY/tCO2e", "ratio")],
    "CNY": [("CNY/tCO2e", "tCO2e"), ("CNY", "ratio")],
    "day": [],
}
QUOTIENTS = {
    "ratio": [("tCO2e", "tCO2e"), ("ratio", "ratio"), ("CNY", "CNY")],
    "tCO2e": [("tCO2e", "ratio"), ("CNY", "CNY/tCO2e")],
    "CNY/tCO2e": [("CNY", "tCO2e"), ("CNY/tCO2e", "ratio")],
    "CNY": [("CNY", "ratio")],
    "day": [],
}


@dataclass(frozen=True)
class Word:
    """A term that expressions may name: its type, and for a number its unit and size."""

    name: str
    type: str
    record: str = "entity"
    unit: str = ""
    scale: int = 0
    whole: int = 1
    choices: tuple[str, ...] = ()
    yearly: bool = True


@dataclass(frozen=True)
class Draft:
    """A number as written: its decimals, its digits before the point, whether it has no unit."""

    text: str
    scale: int
    whole: int
    bare: bool = False

    @property
    def size(self) -> int:
        """How many digits it can have in all."""
        return self.scale + self.whole


class Writer:
    """Writes the expressions of one norm, and the parameters that they name.

    `words` are the terms that may be named; `lists` the child records; `record` is that of the
    norm. Without `signed` nothing is written that the loader sees to be below zero.
    """

    def __init__(
        self, random: Random, words: Sequence[Word], lists: Sequence[str], record: str = "entity"
    ) -> None:
        self.random, self.words, self.lists, self.record = random, tuple(words), lists, record
        self.parameters: dict[str, str] = {}
        self.variables: list[tuple[str, str]] = []
        self.signed = True

    def chance(self, share: float) -> bool:
        """Return true in that share of cases."""
        return self.random.random() < share

    def pick(self, some: Sequence[T]) -> T:
        """Return one of some."""
        return some[self.random.randrange(len(some))]

    def forms(self, weighted: Sequence[tuple[int, T]]) -> T:
        """Return one of some, by weight."""
        return self.random.choices([f for _, f in weighted], [w for w, _ in weighted])[0]

    def named(self, type: str, unit: str = "", *, root: bool = False) -> list[tuple[str, Word]]:
        """Return what has a type where the expression stands, as it is written there."""
        bound = {record: variable for variable, record in self.variables}
        found = []
        for word in self.words:
            if word.type != type or word.unit != unit:
                continue
            if word.record in bound and not root:
                found.append((f"{bound[word.record]}.{word.name}", word))
            if word.record == "entity" or (word.record == self.record and not root):
                found.append((word.name, word))
        return found

    # ---- numbers

    def number(self, unit: str, depth: int = 2) -> Draft:
        """Write a number of a unit."""
        for _ in range(6):
            form = self.forms(_LEAVES if depth <= 0 else _NUMBERS)
            found = form(self, unit, depth - 1)
            if found is not None and found.scale <= MAX_SCALE and found.whole <= MAX_WHOLE:
                return found
        return self.literal(unit, 0)

    def measured(self, unit: str, depth: int, most: int) -> Draft | None:
        """Write a number that has a unit, and not too many digits; None where none came up."""
        for _ in range(4):
            found = self.number(unit, depth)
            if found.size <= most and (unit == "ratio" or not found.bare):
                return found
        return self.leaf(unit, 0)

    def literal(self, unit: str, depth: int) -> Draft:
        """Write a decimal."""
        scale = self.pick([0, 0, 0, 1, 2, 3])
        value = self.pick([0, 1, 2, 5, 10, 25, 50, 100, 125, 999, 1000, 5000])
        minus = "-" if self.signed and self.chance(0.1) else ""
        text = f"{value}" if not scale else f"{value}.{self.random.randrange(10**scale):0{scale}d}"
        return Draft(f"({minus}{text})" if minus else text, scale, len(str(value)), True)

    def leaf(self, unit: str, depth: int) -> Draft | None:
        """Name a fact or a concept."""
        found = self.named("number", unit)
        if unit == "ratio" and self.chance(0.05):
            return Draft("year", 0, 4)
        if not found:
            return None
        text, word = self.pick(found)
        return Draft(text, word.scale, word.whole)

    def previous(self, unit: str, depth: int) -> Draft | None:
        """Name what a fact or a concept was in an earlier year."""
        found = [w for _, w in self.named("number", unit, root=True) if w.yearly]
        if not found:
            return None
        word = self.pick(found)
        return Draft(f"{word.name}[-{self.pick([1, 1, 1, 2, 3])}]", word.scale, word.whole)

    def parameter(self, unit: str, depth: int) -> Draft | None:
        """Name a parameter: of one figure, or a table by a choice."""
        scale = self.pick([0, 0, 1, 2, 4])

        def figure() -> str:
            value = self.random.randrange(1, 10 ** self.pick([1, 2, 3]))
            return f"{value}" if not scale else f"{value}.{self.random.randrange(10**scale)}"

        keyed = self.named("choice")
        if keyed and self.chance(0.4):
            text, word = self.pick(keyed)
            if self.chance(0.1):
                text = f"'{self.pick(word.choices)}'"
            held = word.choices if self.chance(0.7) else word.choices[1:]

            def table() -> str:
                return "{" + ", ".join(f"{c} = {figure()}" for c in held) + "}"

            name = self.declare(f'unit = "{unit}"\nby = "{word.name}"', table)
            return Draft(f"{name}[{text}]", scale, 3)
        return Draft(self.declare(f'unit = "{unit}"', figure), scale, 3)

    def negative(self, unit: str, depth: int) -> Draft | None:
        """Write a number with its sign turned."""
        if not self.signed:
            return None
        found = self.number(unit, depth)
        return Draft(f"-({found.text})", found.scale, found.whole, found.bare)

    def sum(self, unit: str, depth: int) -> Draft | None:
        """Write a sum or a difference."""
        one, other = self.number(unit, depth), self.number(unit, depth)
        signs = "+-" if self.signed or not (one.bare and other.bare) else "+"
        text = f"({one.text} {self.pick(signs)} {other.text})"
        return self.joined(text, (one, other), 1)

    def product(self, unit: str, depth: int) -> Draft | None:
        """Write a product."""
        if not PRODUCTS[unit]:
            return None
        units = list(self.pick(PRODUCTS[unit]))
        one, other = self.measured(units[0], depth, 16), self.measured(units[1], depth, 12)
        if one is None or other is None or one.bare:
            return None
        parts = [one.text, other.text]
        self.random.shuffle(parts)
        scale, whole = one.scale + other.scale, one.whole + other.whole
        return Draft(f"({parts[0]}) * ({parts[1]})", scale, whole)

    def least(self, unit: str, depth: int) -> Draft | None:
        """Write the least or the greatest of some."""
        parts = tuple(self.number(unit, depth) for _ in range(self.pick([2, 2, 3])))
        inner = ", ".join(p.text for p in parts)
        return self.joined(f"{self.pick(['min', 'max'])}({inner})", parts, 0)

    def floored(self, unit: str, depth: int) -> Draft | None:
        """Write what is left above zero, as a shortfall is written."""
        one, other = self.number(unit, depth), self.number(unit, depth)
        return self.joined(f"max(0, {one.text} - ({other.text}))", (one, other), 1)

    def conditional(self, unit: str, depth: int) -> Draft | None:
        """Write a number that hangs on a condition."""
        one, other = self.number(unit, depth), self.number(unit, depth)
        text = f"({one.text} if {self.truth(depth)} else {other.text})"
        return self.joined(text, (one, other), 0)

    def rounded(self, unit: str, depth: int) -> Draft | None:
        """Write a rounded number."""
        found = self.number(unit, depth)
        return self.cut(found.text, found.whole, found.bare)

    def divided(self, unit: str, depth: int) -> Draft | None:
        """Write a rounded quotient."""
        found = self.quotient(unit, depth)
        return None if found is None else self.cut(found.text, found.whole)

    def cut(self, text: str, whole: int, bare: bool = False) -> Draft:
        """Write a rounding of something."""
        mode = self.pick(ROUNDINGS)
        if self.chance(0.3):
            return Draft(f"{mode}({text})", 0, whole + 1, bare)
        places = self.pick([-2, -1, 0, 1, 2, 2, 3, 4])
        return Draft(f"{mode}({text}, {places})", max(0, places), whole + 1, bare)

    def quotient(self, unit: str, depth: int) -> Draft | None:
        """Write a quotient, which is to be rounded or compared."""
        if not QUOTIENTS[unit]:
            return None
        up, down = self.pick(QUOTIENTS[unit])
        one, other = self.measured(up, depth, 13), self.measured(down, depth, 10)
        if one is None or other is None or (other.bare and down != "ratio") or other.size > 12:
            return None
        if one.bare and up != "ratio":
            return None
        return Draft(f"({one.text}) / ({other.text})", one.scale, one.whole + other.scale)

    def end(self, unit: str, depth: int) -> Draft | None:
        """Write an end of a range."""
        one, other = self.number(unit, depth), self.number(unit, depth)
        text = f"{self.pick(['lower', 'upper'])}(between({one.text}, {other.text} + 10))"
        if one.bare and other.bare:
            return None  # of constants the loader knows whether the range is empty
        return self.joined(text, (one, other), 1)

    def folded(self, unit: str, depth: int) -> Draft | None:
        """Write what a list comes to."""
        if not self.lists or (self.variables and not self.chance(0.1)):
            return None
        if unit == "ratio" and self.chance(0.4):
            text, _ = self.over("count", lambda: self.pick(["True", self.truth(0), "year"]))
            return Draft(text, 0, 2)
        text, element = self.over(
            self.pick(["sum", "sum", "sum", "min", "max"]), lambda: self.measured(unit, depth, 14)
        )
        if element is None or element.bare:
            return None
        return Draft(text, element.scale, element.whole + 1)

    def span(self, unit: str, depth: int) -> Draft | None:
        """Write the days between two days."""
        if unit != "day":
            return None
        return Draft(f"days_between({self.day(depth)}, {self.day(depth)})", 0, 6)

    def over(self, function: str, element: Callable[[], T]) -> tuple[str, T]:
        """Write an aggregate over a list; returns it with what its element was."""
        depth = len(self.variables)
        free = [r for r in self.lists if r not in {record for _, record in self.variables}]
        record = self.pick(free or list(self.lists))
        variable = "abcdefgh"[depth]
        self.variables.append((variable, record))
        found = element()
        kept = f" if {self.truth(0)}" if self.chance(0.5) else ""
        self.variables.pop()
        text = found.text if isinstance(found, Draft) else found
        return f"{function}({text} for {variable} in {record}{kept})", found

    @staticmethod
    def joined(text: str, parts: Sequence[Draft], more: int) -> Draft:
        """Return a draft as large as its largest part, with some digits more."""
        return Draft(
            text,
            max(p.scale for p in parts),
            max(p.whole for p in parts) + more,
            all(p.bare for p in parts),
        )

    # ---- truths

    def truth(self, depth: int = 2) -> str:
        """Write a condition."""
        for _ in range(6):
            found = self.forms(_SIMPLE if depth <= 0 else _TRUTHS)(self, depth - 1)
            if found is not None:
                return found
        return self.pick(["True", "False"])

    def told(self, depth: int) -> str | None:
        """Name a boolean."""
        found = self.named("boolean")
        return self.pick(found)[0] if found else None

    def told_before(self, depth: int) -> str | None:
        """Name a boolean of an earlier year."""
        found = [w for _, w in self.named("boolean", root=True) if w.yearly]
        return f"{self.pick(found).name}[-1]" if found else None

    def compared(self, depth: int) -> str | None:
        """Compare two numbers, now and then three."""
        unit = self.forms([(3, "tCO2e"), (2, "ratio"), (1, "CNY/tCO2e"), (1, "CNY"), (1, "day")])
        left, right = self.measured(unit, depth, 30), self.number(unit, max(depth, 0))
        if left is None:
            return None
        op = self.pick([*ORDERED, *ORDERED, "==", "!="])
        if self.chance(0.1):
            return f"({self.number(unit, 0).text} <= {left.text} < {right.text})"
        return f"({left.text} {op} {right.text})"

    def quotients(self, depth: int) -> str | None:
        """Compare a quotient with a number or with another quotient."""
        unit = self.pick(["ratio", "ratio", "tCO2e", "CNY/tCO2e"])
        left = self.quotient(unit, depth)
        right = self.quotient(unit, 0) if self.chance(0.3) else self.measured(unit, 0, 12)
        if left is None or right is None:
            return None
        sides = [left.text, right.text]
        self.random.shuffle(sides)
        return f"({sides[0]} {self.pick([*ORDERED, '==', '!='])} {sides[1]})"

    def dated(self, depth: int) -> str | None:
        """Compare two days."""
        op = self.pick([*ORDERED, *ORDERED, "==", "!="])
        return f"({self.day(depth)} {op} {self.day(max(0, depth))})"

    def chosen(self, depth: int) -> str | None:
        """Compare a choice with one of those it can be, or with another choice."""
        found = self.named("choice")
        if not found:
            return None
        text, word = self.pick(found)
        others = [t for t, w in found if w is not word and set(w.choices) & set(word.choices)]
        other = self.pick(others) if others and self.chance(0.3) else f"'{self.pick(word.choices)}'"
        return f"({text} {self.pick(['==', '!='])} {other})"

    def member(self, depth: int) -> str | None:
        """Ask whether a choice is one of several, in words or of a list parameter."""
        found = self.named("choice")
        if not found:
            return None
        text, word = self.pick(found)
        some = [c for c in word.choices if self.chance(0.5)] or [word.choices[0]]
        options = "(" + "".join(f"'{c}', " for c in some) + ")"
        if self.chance(0.4):

            def chosen() -> str:
                several = self.random.sample(word.choices, self.pick([1, 1, 2]))
                return "[" + ", ".join(f'"{c}"' for c in several) + "]"

            options = self.declare('unit = "choices"', chosen)
        return f"({text} {self.pick(['in', 'in', 'not in'])} {options})"

    def logic(self, depth: int) -> str | None:
        """Join conditions."""
        op = self.pick([" and ", " or "])
        parts = [self.truth(depth) for _ in range(self.pick([2, 2, 3]))]
        return "(" + op.join(parts) + ")"

    def negated(self, depth: int) -> str | None:
        """Write that something is not so."""
        return f"not ({self.truth(depth)})"

    def either(self, depth: int) -> str | None:
        """Write a condition that hangs on another."""
        return f"({self.truth(depth)} if {self.truth(0)} else {self.truth(depth)})"

    def some(self, depth: int) -> str | None:
        """Ask something of the records of a list."""
        if not self.lists or (self.variables and not self.chance(0.1)):
            return None
        text, _ = self.over(self.pick(["any", "all"]), lambda: self.truth(depth))
        return text

    # ---- days and choices

    def day(self, depth: int = 1) -> str:
        """Write a day."""
        for _ in range(6):
            found = self.forms(_DAYS if depth <= 0 else _DAYS + _DERIVED)(self, depth - 1)
            if found is not None:
                return found
        return self.written_day(0)

    def told_day(self, depth: int) -> str | None:
        """Name a day."""
        found = self.named("date")
        return self.pick(found)[0] if found else None

    def written_day(self, depth: int) -> str:
        """Write a day of the year, or of the year after; now and then one that not all have."""
        later = self.pick(["year", "year + 1", "year + 1"])
        day = self.pick(["3, 31", "12, 31", "6, 30", "1, 1", "2, 28", "2, 29", "10, 15"])
        return f"date({later}, {day})"

    def set_day(self, depth: int) -> str:
        """Name a day that a parameter sets for a year."""
        return self.declare('unit = "date"', self.figure_of_day)

    def figure_of_day(self) -> str:
        """Return a day that law may set."""
        year, month = self.random.randrange(2020, 2028), self.random.randrange(1, 13)
        return f"{year}-{month:02d}-{self.pick([1, 15, 28]):02d}"

    def clock(self, depth: int) -> str:
        """Name the day asked, or the day of decision."""
        return self.pick(["asked_on", "asked_on", "asked_on", "decided_on"])

    def moved(self, depth: int) -> str:
        """Write a day that lies apart from another."""
        day = self.day(depth)
        whole = [t for t, w in self.named("number", "day") if not w.scale]
        by = self.pick(whole) if whole and self.chance(0.3) else None
        match self.pick(["days", "days", "years", "working", "month"]):
            case "days":
                return f"add_days({day}, {by or self.pick(['-30', '-1', '1', '10', '45', '400'])})"
            case "years":
                return f"add_years({day}, {self.pick(['-1', '1', '2', '5'])})"
            case "working":
                return f"add_working_days({day}, {self.pick(['0', '1', '5', '7', '20'])})"
        return f"month_start({day})"

    def conditional_day(self, depth: int) -> str:
        """Write a day that hangs on a condition."""
        return f"({self.day(0)} if {self.truth(0)} else {self.day(0)})"

    def choice(self, choices: Sequence[str]) -> str:
        """Write one of some choices."""
        found = [t for t, w in self.named("choice") if set(w.choices) <= set(choices)]
        one, other = (f"'{self.pick(choices)}'" for _ in range(2))
        if found and self.chance(0.4):
            one = self.pick(found)
        return f"{one} if {self.truth(1)} else {other}"

    # ---- parameters

    def declare(self, settings: str, figure: Callable[[], str]) -> str:
        """Declare a parameter: one figure, by date in force, by year, or by notices issued."""
        name = f"p{self.random.randrange(10**6)}"
        turns = sorted(self.random.sample(range(2019, 2028), self.pick([0, 1, 2])))
        lines: list[str]
        match self.pick(["date", "date", "year", "span", "issued"]):
            case "date":
                days = [f"{y}-{self.pick(['01-01', '03-15', '08-15'])}" for y in turns]
                lines = [f"{d} = {figure()}" for d in ("2000-01-01", *days)]
            case "year":
                lines = [f"{y} = {figure()}" for y in range(2019, 2027) if self.chance(0.85)]
                lines.append(f"2027 = {figure()}")
            case "span":
                middle = self.pick([2021, 2022, 2023])
                lines = [f"2018-{middle} = {figure()}", f"{middle + 1}- = {figure()}"]
            case _:
                days = [f"{y}-{self.pick(['02-01', '11-30'])}" for y in turns or [2023]]
                notices = [f"{{value = {figure()}, issued = {d}}}" for d in days]
                if self.chance(0.5):
                    notices.insert(0, f"{{value = {figure()}}}")
                lines = [f"{self.pick(['2018-', '2020-2024'])} = [{', '.join(notices)}]"]
        self.parameters[name] = "\n".join([f"[parameter.{name}]", settings, *lines])
        return name


NumberForm = Callable[[Writer, str, int], Draft | None]
_LEAVES: list[tuple[int, Any]] = [
    (8, Writer.leaf), (2, Writer.literal), (2, Writer.previous), (2, Writer.parameter),
]  # fmt: skip
_NUMBERS: list[tuple[int, Any]] = _LEAVES + [
    (1, Writer.negative), (3, Writer.sum), (3, Writer.product), (2, Writer.least),
    (2, Writer.floored), (2, Writer.conditional), (2, Writer.rounded), (2, Writer.divided),
    (1, Writer.end), (4, Writer.folded), (4, Writer.span),
]  # fmt: skip
_SIMPLE: list[tuple[int, Any]] = [
    (6, Writer.told), (1, Writer.told_before), (4, Writer.compared), (2, Writer.dated),
    (2, Writer.chosen), (2, Writer.member),
]  # fmt: skip
_TRUTHS: list[tuple[int, Any]] = _SIMPLE + [
    (2, Writer.quotients), (4, Writer.logic), (1, Writer.negated), (1, Writer.either),
    (3, Writer.some),
]  # fmt: skip
_DAYS: list[tuple[int, Any]] = [
    (4, Writer.told_day), (4, Writer.written_day), (3, Writer.set_day), (1, Writer.clock),
]  # fmt: skip
_DERIVED: list[tuple[int, Any]] = [(6, Writer.moved), (1, Writer.conditional_day)]
