"""What an expression is worth: exact, three-valued, strict save where Kleene is not."""

from __future__ import annotations

import itertools
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from asking import ask
from carbonlex.model import UNKNOWN
from carbonlex.quantities import Range
from carbonlex.reasoner import operators

TRUTHS = {"T": True, "F": False, "U": None}


def told(**truths: str) -> dict[str, bool]:
    return {name: value for name, t in truths.items() if (value := TRUTHS[t]) is not None}


# a, b, a and b, a or b
KLEENE = "TT TT, TF FT, TU UT, FT FT, FF FF, FU FU, UT UT, UF FU, UU UU"


@pytest.mark.parametrize("row", KLEENE.split(", "))
def test_kleene(row: str) -> None:
    a, b, _, both, either = row
    facts, known = told(a=a, b=b), {"T": True, "F": False, "U": UNKNOWN}
    assert ask("a and b", facts) is known[both] is ask("b and a", facts)
    assert ask("a or b", facts) is known[either]
    assert ask("not a", facts) is {"T": False, "F": True, "U": UNKNOWN}[a]
    rows = [known[a], known[b]]
    assert operators.conjunction(rows) is operators.aggregate("all", tuple(rows)) is known[both]
    assert operators.disjunction(rows) is operators.aggregate("any", tuple(rows)) is known[either]


@pytest.mark.parametrize("text", [
    "n + 1", "n - n", "0 * n", "n * 0", "1 / n", "-n", "n < 1", "n == n", "n != n", "min(0, n)",
    "max(n, 1)", "round_half_up(n)", "round_down(1 / 3, n)", "lower(between(0, n))",
    "between(0, 1) * n", "date(n, 1, 1)", "add_days(day, 1)", "days_between(day, day)",
    "sector == 'power'", "sector in ('power', 'steel')", "rate[sector]", "decided_on == asked_on",
    "year + n",
])  # fmt: skip
def test_all_else_is_strict(text: str) -> None:
    assert ask(text) is UNKNOWN


@pytest.mark.parametrize(
    ("text", "facts", "value"),
    [
        ("n if a else m", {"n": 1, "m": 1}, 1),
        ("n if a else m", {"n": 1, "m": 2}, UNKNOWN),
        ("n if a else m", {"n": 1}, UNKNOWN),
        ("n if a else m", {"a": True, "n": 1}, 1),
        ("n if a else m", {"a": False, "n": 1}, UNKNOWN),
        ("1 if a else 1", {}, 1),
        ("b if a else b", {"b": False}, False),
    ],
)
def test_conditional(text: str, facts: dict[str, Any], value: Any) -> None:
    found = ask(text, facts)
    assert found is value if value is UNKNOWN else found == value


def rows(*pairs: tuple[int | None, bool | None]) -> dict[str, Any]:
    names = ("quantity", "used")
    return {
        "credits": [
            {k: v for k, v in zip(names, pair, strict=True) if v is not None} for pair in pairs
        ]
    }


SUM, COUNT, LEAST, MOST, ANY, ALL = (
    "sum(c.quantity for c in credits if c.used)",
    "count(c.quantity for c in credits if c.used)",
    "min(c.quantity for c in credits if c.used)",
    "max(c.quantity for c in credits if c.used)",
    "any(c.quantity > 5 for c in credits if c.used)",
    "all(c.quantity > 5 for c in credits if c.used)",
)
U = UNKNOWN


@pytest.mark.parametrize(
    ("facts", "values"),
    [
        (rows(), (0, 0, U, U, False, True)),
        ({}, (U, U, U, U, U, U)),
        (rows((3, True), (7, True)), (10, 2, 3, 7, True, False)),
        (rows((3, False), (7, False)), (0, 0, U, U, False, True)),
        # an element not told; one that is left out does not count
        (rows((3, True), (None, True)), (U, 2, U, U, U, False)),
        (rows((7, True), (None, True)), (U, 2, U, U, True, U)),
        (rows((7, True), (None, False)), (7, 1, 7, 7, True, True)),
        # not told whether it counts
        (rows((3, True), (9, None)), (U, U, U, U, U, False)),
        (rows((7, True), (9, None)), (U, U, U, U, True, True)),
        (rows((7, True), (3, None)), (U, U, U, U, True, U)),
        (rows((None, None)), (U, U, U, U, U, U)),
    ],
)
def test_lists(facts: dict[str, Any], values: tuple[Any, ...]) -> None:
    found = [ask(text, facts) for text in (SUM, COUNT, LEAST, MOST, ANY, ALL)]
    assert found == list(values)


def test_a_list_presumed_empty() -> None:
    assert ask("sum(t.amount for t in trades)") == 0
    assert ask("sum(t.amount for t in trades)", {"trades": [{"amount": 2}]}) == 2
    assert ask("sum(t.amount for t in trades)", {"trades": [{}]}) is UNKNOWN


def test_exact() -> None:
    assert ask("0.1 + 0.2 == 0.3") is True
    assert ask("1 / 3 + 1 / 3 + 1 / 3 == 1") is True
    assert ask("0.05 * 100_000 - 5_000 == 0") is True
    assert ask("n - 0.0001 < 26_000", {"n": 26_000}) is True
    assert type(ask("n / 3", {"n": 1})) is Fraction


def test_no_division_by_zero() -> None:
    assert ask("n / m", {"n": 1, "m": 0}) is UNKNOWN
    assert ask("0 / 0 == 0 / 0") is UNKNOWN
    assert ask("a or 1 / m > 0", {"a": True, "m": 0}) is True


def test_ranges() -> None:
    assert ask("between(5, 10) * 60 * 10_000") == Range(Fraction(3_000_000), Fraction(6_000_000))
    assert ask("between(1, 2) + between(10, 20)") == Range(Fraction(11), Fraction(22))
    assert ask("0 * between(1, 2)") == Range(Fraction(0), Fraction(0))
    assert ask("n * between(1, 2)", {"n": -1}) is UNKNOWN
    assert ask("-between(1, 2)") is UNKNOWN
    assert ask("between(2, 1)") is UNKNOWN
    assert ask("lower(between(1, 2))") == 1 and ask("upper(between(1, 2))") == 2
    with pytest.raises(ValueError, match="non-negative"):
        Range(Fraction(1), Fraction(2)).times(Fraction(-1))


# number, half up, half even, down, up
ROUNDED = [
    ("2.5", 3, 2, 2, 3), ("3.5", 4, 4, 3, 4), ("0.5", 1, 0, 0, 1), ("2.4999", 2, 2, 2, 3),
    ("2.5001", 3, 3, 2, 3), ("2", 2, 2, 2, 2), ("0", 0, 0, 0, 0), ("-0.5", -1, 0, -1, 0),
    ("-2.5", -3, -2, -3, -2), ("-3.5", -4, -4, -4, -3), ("-2.4", -2, -2, -3, -2),
]  # fmt: skip


@pytest.mark.parametrize(("number", "up", "even", "floor", "ceiling"), ROUNDED)
def test_rounding(number: str, up: int, even: int, floor: int, ceiling: int) -> None:
    modes = ("round_half_up", "round_half_even", "round_down", "round_up")
    wanted = [Fraction(x) for x in (up, even, floor, ceiling)]
    assert [ask(f"{mode}(n)", {"n": number}) for mode in modes] == wanted
    tenth = [ask(f"{mode}(n / 10, 1)", {"n": number}) for mode in modes]
    assert tenth == [x / 10 for x in wanted]


@pytest.mark.parametrize("mode", ["round_half_up", "round_half_even", "round_down", "round_up"])
def test_rounding_to_tens(mode: str) -> None:
    assert ask(f"{mode}(n, -1)", {"n": 40}) == 40
    assert type(ask(f"{mode}(n, -1)", {"n": 44})) is Fraction


def test_days() -> None:
    assert ask("date(year + 1, 3, 31)") == date(2025, 3, 31)
    assert ask("add_years(date(2024, 2, 29), 1)") == date(2025, 2, 28)
    assert ask("add_years(date(2024, 2, 29), 4)") == date(2028, 2, 29)
    assert ask("add_days(date(2025, 12, 31), 1)") == date(2026, 1, 1)
    assert ask("days_between(date(2026, 11, 22), date(2026, 12, 31))") == 39
    assert ask("days_between(day, date(2025, 1, 1))", {"day": "2025-01-02"}) == -1
    assert ask("asked_on > day", {"day": "2025-12-31"}) is True
    for impossible in (
        "date(2023, 2, 29)", "date(2023, 13, 1)", "date(0, 1, 1)", "date(2023.5, 1, 1)",
        "add_days(date(2024, 1, 1), 0.5)", "add_days(date(2024, 1, 1), 9_999_999_999)",
        "add_years(date(2024, 1, 1), 9_000)",
    ):  # fmt: skip
        assert ask(impossible) is UNKNOWN, impossible


def test_operands_are_known_or_unknown_whatever_their_order() -> None:
    for op, pair in itertools.product("+-*/", [(UNKNOWN, Fraction(1)), (Fraction(0), UNKNOWN)]):
        assert operators.arithmetic(op, *pair) is UNKNOWN
    with pytest.raises(TypeError, match="no truth"):
        bool(UNKNOWN)
