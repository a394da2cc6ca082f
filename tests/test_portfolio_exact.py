"""Where floats go wrong: exact surrender, halves, sums beyond 64 bits, plans that overflow."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import polars as pl
import pytest

import carbonlex
from carbonlex.portfolio.arithmetic import (
    Quotient,
    add,
    compare,
    conditional,
    divide,
    figure,
    least,
    multiply,
    number,
)
from carbonlex.portfolio.available import Available, Held
from carbonlex.portfolio.compile import Group, compile_plan
from carbonlex.portfolio.execute import GroupRows, answered, placed
from carbonlex.portfolio.faces import duckdb as duckdb_face
from carbonlex.portfolio.graph import NARROW, WIDEST, Graph, Node, PlanOverflow
from carbonlex.portfolio.logic import conjunction, disjunction, told_or
from carbonlex.portfolio.rounding import rounded
from carbonlex.portfolio.scales import rescaled
from carbonlex.portfolio.schedule import schedule
from carbonlex.quantities import round_half_even, round_half_up
from carbonlex.rulebook.rulebook import Rulebook
from portfolio_agreement import agreement

FACES = {"polars": answered, "duckdb": duckdb_face.answered}
GROUP = Group("emitter", 2024, 2024)


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return carbonlex.load_rulebook()


def computed(face: str, nodes: dict[str, Node], columns: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what a face makes of columns; the frame has a row for each value."""
    rows = pl.DataFrame(columns).with_row_index("_at")
    rows = rows.with_columns(pl.col("_at").alias("entity"), pl.lit(2024).alias("year"))
    order = schedule(placed(nodes))
    plan: Any = None
    found = FACES[face](plan, nodes, order, GroupRows(GROUP, rows, {}))["entities"]
    return {name: found[name].to_list() for name in nodes}


def test_who_surrendered_exactly_what_was_owed_complied(rulebook: Rulebook) -> None:
    random, cases = Random(5), {}
    for at in range(120):
        # In units of 0.0001 t, so that 5 % of it can be told with four decimals.
        owed = random.randrange(260_000_000, 300_000_000_000) // 20 * 20
        short = at % 3 == 0
        told = {
            "listed": True,
            "verified_emissions": _tonnes(owed),
            "surrender_obligation": _tonnes(owed),
            "allowances_surrendered": _tonnes(owed - owed // 20 - short),
            "credits": [
                {"quantity": _tonnes(owed // 20), "used": True, "from_covered_project": False}
            ],
        }
        tree = {"entity": {"sector": "power"}, "year": {"2024": told}}
        cases[str(at)] = carbonlex.case_from(tree, rulebook.vocabulary, str(at))
    found = agreement(rulebook, cases, date(2026, 11, 22))
    assert not found.differences, "\n".join(found.differences[:5])
    for at, case in cases.items():
        report = carbonlex.check_case(rulebook, case, date(2026, 11, 22))
        verdict = next(v for v in report.verdicts if v.duty == "surrender")
        assert verdict.outcome == ("breached" if int(at) % 3 == 0 else "complied")


def _tonnes(units: int) -> str:
    return f"{units // 10**4}.{units % 10**4:04}"


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("places", [-2, 0, 1, 3])
@pytest.mark.parametrize("mode", ["round_half_up", "round_half_even", "round_down", "round_up"])
def test_rounding_at_and_beside_halves(face: str, mode: str, places: int) -> None:
    g = Graph()
    integers = [n * 500 + d for n in range(-9, 10) for d in (-1, 0, 1)] + [None]
    column = g.column("x", "number", scale=3, bounds=(-5_000, 5_000))
    node = rounded(g, mode, column, places)
    found = computed(face, {"y": node}, {"x": integers})["y"]
    for integer, value in zip(integers, found, strict=True):
        wanted = None if integer is None else _rounded(Fraction(integer, 1000), mode, places)
        assert (None if value is None else Fraction(value, 10**node.scale)) == wanted, integer


def _rounded(value: Fraction, mode: str, places: int) -> Fraction:
    from math import ceil, floor

    if mode == "round_half_up":
        return round_half_up(value, places)
    if mode == "round_half_even":
        return round_half_even(value, places)
    scale = Fraction(10) ** places
    return Fraction((floor if mode == "round_down" else ceil)(value * scale)) / scale


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("mode", ["round_half_up", "round_half_even", "round_down", "round_up"])
def test_a_quotient_is_rounded_once_and_unknown_by_zero(face: str, mode: str) -> None:
    g = Graph()
    pairs = [(a, b) for a in (-7, -5, -3, 0, 1, 5, 9, None) for b in (-4, -2, 0, 2, 3, None)]
    a = g.column("a", "number", scale=0, bounds=(-10, 10))
    b = g.column("b", "number", scale=1, bounds=(-10, 10))
    quotient = divide(g, a, b)
    assert isinstance(quotient, Quotient)
    nodes = {
        "y": rounded(g, mode, quotient, 2),
        "over": compare(g, ">", quotient, g.constant("number", 15, 0)),
    }
    found = computed(face, nodes, {"a": [p[0] for p in pairs], "b": [p[1] for p in pairs]})
    for (one, other), value, over in zip(pairs, found["y"], found["over"], strict=True):
        if one is None or not other:
            assert value is None and over is None, (one, other)
            continue
        wanted = Fraction(one) / Fraction(other, 10)
        assert Fraction(value, 100) == _rounded(wanted, mode, 2), (one, other)
        assert over is (wanted > 15), (one, other)


@pytest.mark.parametrize("face", FACES)
def test_what_does_not_fit_64_bits_is_computed_in_more(face: str) -> None:
    g = Graph()
    x = g.column("x", "number", bounds=(0, NARROW))
    product = multiply(g, x, x)
    total = add(g, product, x)
    assert product.wide and total.wide
    values = [0, 1, 3_037_000_500, NARROW, None]
    found = computed(face, {"y": total}, {"x": pl.Series(values, dtype=pl.Int64)})["y"]
    assert found == [None if v is None else v * v + v for v in values]


def test_a_plan_that_could_overflow_is_refused_when_it_is_made() -> None:
    g = Graph()
    x = g.column("x", "number", bounds=(0, 10**20))
    with pytest.raises(PlanOverflow, match="narrow the ranges"):
        multiply(g, x, x)
    top = g.column("top", "number", bounds=(0, WIDEST))
    with pytest.raises(PlanOverflow):
        rounded(g, "round_half_up", Quotient(top, x), 0)


def test_what_could_overflow_is_not_judged_and_said_so(rulebook: Rulebook) -> None:
    wide = Held(0, 0, 10**37, True)
    held = {
        "sector": Held(0, 0, 8, False), "listed": Held(), "surrender_obligation": wide,
        "allowances_surrendered": wide, "price_before_deadline": wide,
    }  # fmt: skip
    plan = compile_plan(rulebook, Available(held), GROUP, date(2026, 11, 22))
    assert isinstance(plan.refused["surrender"], PlanOverflow)
    assert "surrender" not in {a.duty for a in plan.answers}


@pytest.mark.parametrize("face", FACES)
def test_the_least_of_an_unknown_and_a_number_is_unknown(face: str) -> None:
    g = Graph()
    a, b = (g.column(n, "number", bounds=(-9, 9)) for n in "ab")
    zero = g.constant("number", 0, 0)
    nodes = {"both": least(g, "min", [a, b]), "one": least(g, "max", [zero, a])}
    found = computed(face, nodes, {"a": [1, None, -2, None], "b": [2, 3, None, None]})
    assert found == {"both": [1, None, None, None], "one": [1, None, 0, None]}


@pytest.mark.parametrize("face", FACES)
def test_kleene_logic_and_conditions_that_are_not_known(face: str) -> None:
    g = Graph()
    c, d = (g.column(n, "boolean") for n in "cd")
    x, y = (g.column(n, "number", bounds=(0, 9)) for n in "xy")
    nodes = {
        "and": conjunction(g, (c, d)), "or": disjunction(g, (c, d)),
        "if": conditional(g, c, x, y), "told": told_or(g, x, y),
    }  # fmt: skip
    columns = {
        "c": [True, True, None, None, None, False], "d": [None, False, False, True, None, None],
        "x": [1, 2, 3, 3, None, None], "y": [4, 5, 3, 4, None, 6],
    }  # fmt: skip
    found = computed(face, nodes, columns)
    assert found["and"] == [None, False, False, None, None, False]
    assert found["or"] == [True, True, None, True, None, None]
    assert found["if"] == [1, 2, 3, None, None, 6]
    assert found["told"] == [1, 2, 3, 3, None, 6]


def test_scales_line_up_and_constants_fold() -> None:
    g = Graph()
    half = number(g, Fraction(1, 2))
    assert isinstance(half, Node)
    assert figure(add(g, half, rescaled(g, half, 4))) == 1
    assert compare(g, ">=", half, g.constant("number", 5, 1)) is g.true
    assert isinstance(number(g, Fraction(1, 3)), Quotient)
