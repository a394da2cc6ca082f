"""Types and units: what fits together, and the code of what does not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from carbonlex.expressions import types
from carbonlex.expressions.parse import parse
from carbonlex.expressions.types import BOOLEAN, DATE, Type, check
from carbonlex.quantities import parse_unit


def number(unit: str) -> Type:
    return Type("number", parse_unit(unit))


SECTORS = Type("text", choices=frozenset({"power", "steel", "cement"}))
NAMES = {
    "listed": BOOLEAN,
    "emissions": number("tCO2e"),
    "obligation": number("tCO2e"),
    "shortfall": number("tCO2e"),
    "price": number("CNY/tCO2e"),
    "fine": number("CNY"),
    "share": number("ratio"),
    "years": number("year"),
    "days": number("day"),
    "working": number("working_day"),
    "output": number("MWh"),
    "reported": DATE,
    "deadline": DATE,
    "sector": SECTORS,
    "founded": DATE,
    "credits": Type("list", record="credits"),
    "covered": Type("options", choices=frozenset({"power", "steel"})),
    "elsewhere": Type("options", choices=frozenset({"power", "forestry"})),
    "year": number("ratio"),
}
FIELDS = {"quantity": number("tCO2e"), "used": BOOLEAN, "issued": DATE}


class Names:
    """A scope that knows the names above; `founded` has no value per year."""

    def name(self, name: str) -> Type | None:
        return NAMES.get(name)

    def field(self, record: str, name: str) -> Type | None:
        return FIELDS.get(name) if record == "credits" else None

    def table(self, name: str) -> tuple[Type, Type] | None:
        return (SECTORS, number("tCO2e/MWh")) if name == "benchmark" else None

    def recurs(self, name: str) -> bool:
        return name in NAMES and name not in ("founded", "sector", "credits", "covered", "year")


def judged(text: str) -> tuple[str, list[str]]:
    found, wrong = check(parse(text), Names())
    assert all(p.zh and p.en for p in wrong)
    return str(found), [p.code for p in wrong]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("emissions >= obligation", "boolean"),
        ("price * shortfall", "number CNY"),
        ("shortfall * price", "number CNY"),
        ("price * shortfall + 5", "number CNY"),
        ("5 + fine", "number CNY"),
        ("emissions >= 26_000", "boolean"),
        ("26_000 <= emissions", "boolean"),
        ("share * emissions", "number tCO2e"),
        ("2 * emissions", "number tCO2e"),
        ("0.05 * 2", "number bare"),
        ("emissions >= 0.05 * 2", "boolean"),
        ("-emissions", "number tCO2e"),
        ("benchmark[sector] * output", "number tCO2e"),
        ("benchmark['power']", "number tCO2e/MWh"),
        ("emissions / output <= benchmark[sector]", "boolean"),
        ("round_half_up(emissions / output, 4)", "number tCO2e/MWh"),
        ("round_down(emissions / obligation)", "number ratio"),
        ("share <= emissions / obligation", "boolean"),
        ("max(0, emissions - obligation)", "number tCO2e"),
        ("min(emissions, 5, obligation)", "number tCO2e"),
        ("min(1, 2)", "number bare"),
        ("between(5, 10) * price * shortfall", "range CNY"),
        ("price * shortfall * between(5, 10)", "range CNY"),
        ("between(1, 2) + between(3, 4)", "range bare"),
        ("between(fine, 5 * fine)", "range CNY"),
        ("lower(between(5, 10) * price * shortfall) >= fine", "boolean"),
        ("upper(between(1, 2))", "number bare"),
        ("fine if listed else 0", "number CNY"),
        ("0 if listed else fine", "number CNY"),
        ("'power' if listed else 'steel'", "text"),
        ("date(year + 1, 3, 31)", "date"),
        ("add_years(deadline, 5)", "date"),
        ("add_years(deadline, years)", "date"),
        ("add_days(deadline, days)", "date"),
        ("add_working_days(deadline, working)", "date"),
        ("add_working_days(deadline, 7)", "date"),
        ("days_between(reported, deadline) <= 30", "boolean"),
        ("reported <= deadline", "boolean"),
        ("sector == 'power'", "boolean"),
        ("sector in ('power', 'steel')", "boolean"),
        ("sector not in covered", "boolean"),
        ("sum(c.quantity for c in credits if c.used) <= 0.05 * obligation", "boolean"),
        ("count(c.used for c in credits) > 3", "boolean"),
        ("max(c.quantity for c in credits)", "number tCO2e"),
        ("any(c.issued > deadline for c in credits)", "boolean"),
        ("emissions[-1] + emissions", "number tCO2e"),
    ],
)
def test_fits(text: str, type_: str) -> None:
    assert judged(text) == (type_, [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        # a tonne is not a ratio
        ("emissions >= share", "unit-mismatch"),
        ("emissions + share", "unit-mismatch"),
        ("emissions + price * shortfall", "unit-mismatch"),
        ("fine if listed else emissions", "unit-mismatch"),
        ("max(emissions, fine)", "unit-mismatch"),
        ("max(0, emissions, fine)", "unit-mismatch"),
        ("between(emissions, fine)", "unit-mismatch"),
        ("between(fine, fine) + between(emissions, emissions)", "unit-mismatch"),
        ("add_years(deadline, days)", "unit-mismatch"),
        ("add_days(deadline, share)", "unit-mismatch"),
        ("add_days(deadline, working)", "unit-mismatch"),
        ("add_working_days(deadline, days)", "unit-mismatch"),
        ("add_working_days(days, 7)", "type-mismatch"),
        ("date(emissions, 1, 1)", "unit-mismatch"),
        ("round_half_up(emissions, emissions)", "unit-mismatch"),
        ("emissions >= 5 / 2", "unit-mismatch"),
        # nor is a truth, a day or a choice
        ("listed + 1", "type-mismatch"),
        ("listed and emissions", "type-mismatch"),
        ("not emissions", "type-mismatch"),
        ("-listed", "type-mismatch"),
        ("listed == True", "type-mismatch"),
        ("emissions > listed", "type-mismatch"),
        ("emissions > deadline", "type-mismatch"),
        ("deadline - reported", "type-mismatch"),
        ("deadline + 1", "type-mismatch"),
        ("1 if emissions else 2", "type-mismatch"),
        ("listed if listed else 1", "type-mismatch"),
        ("max(reported, deadline)", "type-mismatch"),
        ("days_between(emissions, deadline)", "type-mismatch"),
        ("round_half_up(listed)", "type-mismatch"),
        ("sum(c.used for c in credits)", "type-mismatch"),
        ("any(c.quantity for c in credits)", "type-mismatch"),
        ("sum(c.quantity for c in credits if c.quantity)", "type-mismatch"),
        ("sum(c.quantity for c in emissions)", "type-mismatch"),
        ("sum(sum(c.quantity for c in credits) for c in credits)", "type-mismatch"),
        ("credits > 0", "type-mismatch"),
        ("covered == 'power'", "type-mismatch"),
        # ranges are compared only through their ends
        ("between(1, 2) > fine", "type-mismatch"),
        ("between(1, 2) == between(1, 2)", "type-mismatch"),
        ("between(1, 2) - between(1, 2)", "type-mismatch"),
        ("between(1, 2) + fine", "type-mismatch"),
        ("between(1, 2) * between(1, 2)", "type-mismatch"),
        ("between(1, 2) / 2", "type-mismatch"),
        ("between(between(1, 2), 3)", "type-mismatch"),
        ("round_half_up(between(1, 2))", "type-mismatch"),
        ("lower(fine)", "type-mismatch"),
        ("max(between(1, 2), between(1, 2))", "type-mismatch"),
        # choices are those of the vocabulary
        ("sector == 'forestry'", "type-mismatch"),
        ("sector in ('power', 'forestry')", "type-mismatch"),
        ("sector in elsewhere", "type-mismatch"),
        ("sector in emissions", "type-mismatch"),
        ("emissions in ('power',)", "type-mismatch"),
        ("benchmark['forestry']", "type-mismatch"),
        ("benchmark[emissions]", "type-mismatch"),
        ("'power' == 'steel'", "type-mismatch"),
        ("sector > 'power'", "type-mismatch"),
        # an earlier year of what has none
        ("founded[-1] < deadline", "type-mismatch"),
        ("sector[-1] == 'power'", "type-mismatch"),
        ("year[-1] > 2020", "type-mismatch"),
        # a quotient is rounded before it is used
        ("emissions / obligation", ""),
        ("emissions / obligation + 1", "quotient-unrounded"),
        ("emissions / obligation * fine", "quotient-unrounded"),
        ("-(emissions / obligation)", "quotient-unrounded"),
        ("max(emissions / obligation, 1)", "quotient-unrounded"),
        ("share if listed else emissions / obligation", "quotient-unrounded"),
        ("between(share / 2, 1)", "quotient-unrounded"),
        ("sum(c.quantity / 2 for c in credits)", "quotient-unrounded"),
        # names
        ("emission", "name-unknown"),
        ("inf > emissions", "name-unknown"),
        ("nan == nan", "name-unknown"),
        ("emission[-1] > 1", "name-unknown"),
        ("emissions[sector]", "name-unknown"),
        ("benchmark * output", "name-unknown"),
        ("credits.quantity > 1", "name-unknown"),
        ("c.quantity > 1", "name-unknown"),
        ("sum(c.colour for c in credits)", "name-unknown"),
        ("sum(d.quantity for c in credits)", "name-unknown"),
        ("sum(c.quantity for c in credit)", "name-unknown"),
        ("sum(quantity for c in credits)", "name-unknown"),
        ("sector in nowhere", "name-unknown"),
    ],
)
def test_does_not_fit(text: str, code: str) -> None:
    assert set(judged(text)[1]) == ({code} if code else set())


def test_a_quotient_says_that_it_is_one() -> None:
    assert check(parse("emissions / obligation"), Names())[0].quotient
    assert not check(parse("round_up(emissions / obligation)"), Names())[0].quotient


def test_an_error_is_told_once() -> None:
    assert judged("emission + 1 > 2 and emission < share")[1] == ["name-unknown"] * 2


def test_a_variable_ends_with_its_generator() -> None:
    first = "sum(c.quantity for c in credits) <= sum(c.quantity for c in credits if c.used)"
    assert judged(first) == ("boolean", [])
    assert judged("sum(c.quantity for c in credits) + c.quantity")[1] == ["name-unknown"]


@pytest.mark.parametrize("depth", [8, 12])
def test_typing_takes_time_in_proportion(depth: int, monkeypatch: pytest.MonkeyPatch) -> None:
    count: Counter[str] = Counter()
    once = types._Checker.type

    def counted(self: Any, node: Any) -> Type:
        count["typed"] += 1
        return once(self, node)

    monkeypatch.setattr(types._Checker, "type", counted)
    text = "min(" * depth + "1" + ", 1)" * depth
    check(parse(text), Names())
    assert count["typed"] <= 6 * depth


@pytest.mark.parametrize("mode", ["round_half_up", "round_half_even", "round_down", "round_up"])
def test_places_are_bounded(mode: str) -> None:
    assert judged(f"{mode}(share, 1_000_000_000)")[1]
