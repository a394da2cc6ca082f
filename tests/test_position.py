"""The surrender position: what may be used, what is missing, what it costs to fix or to miss."""

from __future__ import annotations

import json
import re
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from carbonlex.cases.read import case_from
from carbonlex.errors import ContentError
from carbonlex.interfaces.cli import app
from carbonlex.interfaces.position_wire import position_schema
from carbonlex.position import NoPosition, Position, position_of
from carbonlex.quantities import Range
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.rulebook import Rulebook

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "position.md").read_text("utf-8")
EXAMPLE = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]


@cache
def rulebook() -> Rulebook:
    return load_rulebook()


def moved(day: str, kind: str, vintage: str, quantity: int, **more: Any) -> dict[str, Any]:
    row = {"moved_on": day, "movement": kind, "vintage": vintage, "moved_quantity": quantity}
    return row | {"product": "allowance"} | more


def credit(quantity: int, **more: Any) -> dict[str, Any]:
    told = {"quantity": quantity, "used": False, "from_covered_project": False}
    return told | {"recorded_on": "2024-09-01"} | more


def held(**vintages: int) -> list[dict[str, Any]]:
    return [{"held_vintage": v, "held_quantity": q} for v, q in vintages.items()]


def asked(
    facts: dict[str, Any], on: str = "2025-11-01", year: int = 2024, **options: Any
) -> Position:
    """Return the position of a listed power plant whose facts are of one year."""
    told = {"listed": True, "verified_emissions": 100_000} | facts
    tree = {"entity": {"sector": "power"}, "year": {str(year): told}}
    case = case_from(tree, rulebook().vocabulary, "plant")
    return position_of(rulebook(), case, None, date.fromisoformat(on), **options)


def usable(found: Position) -> dict[str, bool | None]:
    assert found.holdings is not None
    return {h.vintage + ("*" if h.borrowed else ""): h.now.allowed for h in found.holdings}


def order(found: Position) -> list[tuple[str, int, str]]:
    return [(s.vintage or f"#{s.index + 1}", int(s.quantity), s.reason) for s in found.order]


def test_the_example_of_the_page_comes_out_as_written(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(EXAMPLE, "utf-8")
    case = str(tmp_path / "case.toml")
    result = CliRunner().invoke(app, ["position", case, "--on", "2025-11-01", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    figures = {name: found[name]["value"] for name in ("obligation", "surrendered", "shortfall")}
    assert figures == {"obligation": "100000", "surrendered": "50000", "shortfall": "50000"}
    kept = [(h["vintage"], h["quantity"], h["this_year"]["allowed"]) for h in found["holdings"]]
    assert kept == [("v2022", "3000", True), ("v2024", "40000", True)]
    assert (found["cap"]["value"], found["room"]) == ("5000", "5000")
    assert [c["this_year"]["allowed"] for c in found["credits"]] == [True, False, False]
    assert found["missing"] == str(50_000 - 3_000 - 40_000 - min(4_000, 5_000)) == "3000"
    assert found["cost"]["total"] == str(3_000 * 90)
    governing = found["failing"]["verdict"]["sanctions"]["at_breach"]
    assert governing["total_fine"] == [str(5 * 90 * 3_000), str(10 * 90 * 3_000)]
    assert found["failing"]["assumed_price"] == "90"
    assert found["banking"]["cap"]["value"] == str(10_000 + 2_000 * 3 // 2) == "13000"
    assert (found["banking"]["left"], found["banking"]["quantity"]) == ("0", "0")
    for figure in ("100,000", "3,000", "270,000", "1,350,000–2,700,000", "13,000"):
        assert figure in PAGE


def test_each_barred_credit_names_the_article_that_bars_it() -> None:
    rows = [
        credit(10),
        credit(10, from_covered_project=True),
        credit(10, recorded_on="2016-05-01"),
    ]
    found = asked({"credits": rows, "movements": []})
    assert found.credits is not None
    assert [c.now.allowed for c in found.credits] == [True, False, False]
    assert found.credits[1].now.norms == ("measures-2021/offset-exclusion",)
    assert found.credits[2].now.norms == ("ccer-circular-2023/old-credits-end",)


@pytest.mark.parametrize(("on", "allowed"), [("2024-12-31", True), ("2025-01-01", False)])
def test_a_credit_recorded_in_2016_may_be_used_until_the_end_of_2024(
    on: str, allowed: bool
) -> None:
    """The circular goes by the day of use; what was still usable lapses, and so goes first."""
    told = {
        "credits": [credit(1_000, recorded_on="2016-05-01"), credit(500)],
        "holdings": held(v2023=99_000),
        "allowances_surrendered": 0,
    }
    found = asked(told, on, 2023)
    assert found.credits is not None
    assert found.credits[0].now.allowed is allowed
    if allowed:
        assert found.order[0].index == 0
        assert found.order[0].reason == "lapses"


def test_a_credit_of_which_the_source_was_not_told_is_in_doubt_and_so_is_what_is_missing() -> None:
    row = credit(1_000)
    del row["from_covered_project"]
    told = {"credits": [row], "holdings": held(v2024=99_000), "allowances_surrendered": 0}
    found = asked(told)
    assert found.credits is not None
    assert found.credits[0].now.allowed is None
    assert (found.missing, found.best, found.worst) == (None, 0, 1_000)
    assert found.exit_code == 3
    wanted = {(n.fact, n.year, n.index) for s in found.missing_needs for n in s}
    assert ("from_covered_project", 2024, 0) in wanted
    del told["credits"]
    assert asked(told | {"credits": [], "holdings": held(v2024=100_000)}).missing == 0


def test_what_is_in_doubt_does_not_matter_where_there_is_enough_without_it() -> None:
    row = credit(1_000)
    del row["from_covered_project"]
    told = {"credits": [row], "holdings": held(v2024=100_000), "allowances_surrendered": 0}
    assert asked(told).missing == 0


def test_vintages_of_2024_and_before_do_not_serve_for_2025() -> None:
    told = {
        "credits": [],
        "holdings": held(v2024=60_000, v2025=90_000),
        "allowances_surrendered": 0,
    }
    found = asked(told, "2026-11-22", 2025)
    assert usable(found) == {"v2024": False, "v2025": True}
    assert found.missing == 10_000
    assert found.grade == "recalled"  # the list of vintages is from memory, and says so
    earlier = asked(told | {"holdings": held(v2022=60_000, v2024=40_000)})
    assert usable(earlier) == {"v2022": True, "v2024": True}
    assert earlier.missing == 0


def test_where_no_list_of_vintages_is_known_none_is_taken_to_be_usable_or_not() -> None:
    told = {"credits": [], "holdings": held(v2025=100_000), "allowances_surrendered": 0}
    found = asked(told, "2027-06-01", 2026)
    assert usable(found) == {"v2025": None}
    assert found.missing is None


def test_holdings_not_told_are_not_zero() -> None:
    found = asked({"credits": [], "allowances_surrendered": 60_000})
    assert found.holdings is None
    assert (found.missing, found.best, found.worst) == (None, 0, 40_000)
    assert {n.fact for s in found.missing_needs for n in s} == {"movements", "holdings"}
    empty = asked({"credits": [], "allowances_surrendered": 60_000, "holdings": []})
    assert empty.missing == 40_000


def test_surrender_is_read_off_the_ledger_and_counts_once() -> None:
    rows = [
        moved("2025-07-01", "issue", "v2024", 100_000),
        moved("2025-12-31", "surrender", "v2024", 60_000),
        moved("2026-01-01", "surrender", "v2024", 40_000),
    ]
    found = asked({"credits": [], "movements": rows}, "2026-02-01")
    assert found.surrendered.value == 60_000  # the last row came a day late
    assert found.shortfall.value == 40_000
    assert found.holdings == ()
    assert found.verdict.outcome == "breached"
    assert found.exit_code == 1


def test_an_impossible_ledger_has_no_position() -> None:
    rows = [moved("2025-07-01", "surrender", "v2024", 1)]
    with pytest.raises(ContentError) as caught:
        asked({"credits": [], "movements": rows})
    assert [d.code for d in caught.value.diagnostics] == ["movement-overdrawn"]


def test_the_room_for_credits_shrinks_by_what_was_used() -> None:
    used = credit(3_000, used=True, used_on="2025-06-01")
    told = {
        "credits": [used, credit(4_000)],
        "holdings": held(v2024=95_000),
        "allowances_surrendered": 0,
    }
    found = asked(told)
    assert (found.offsets.value, found.cap.value, found.room) == (3_000, 5_000, 2_000)
    assert found.shortfall.value == 97_000
    assert found.missing == 97_000 - 95_000 - 2_000
    full = asked(told | {"holdings": held(v2024=94_999)})
    assert full.missing == 1


def test_the_cap_follows_the_reading_chosen() -> None:
    told = {"credits": [credit(50_000)], "holdings": [], "allowances_surrendered": 0}
    assert asked(told).missing == 95_000
    reading = {"offset-cap-basis": "without-basis"}
    assert asked(told, readings=reading).missing == 50_000


def test_what_lapses_goes_first_and_the_newest_is_kept_for_banking() -> None:
    told = {
        "credits": [credit(5_000)],
        "holdings": held(v2022=3_000, v2023=4_000, v2024=120_000),
        "allowances_surrendered": 0,
        "net_sales": 2_000,
    }
    found = asked(told)
    # 127,000 are held and 13,000 can be banked: 114,000 would lapse, more than is owed.
    assert order(found) == [
        ("v2022", 3_000, "lapses"),
        ("v2023", 4_000, "lapses"),
        ("v2024", 93_000, "lapses"),
    ]
    assert found.banking is not None
    assert (found.banking.left, found.banking.quantity) == (27_000, 13_000)


def test_credits_spare_what_can_be_banked_and_come_last_where_they_are_dearer() -> None:
    told = {
        "credits": [credit(5_000)],
        "holdings": held(v2024=101_000),
        "allowances_surrendered": 0,
        "net_sales": 0,
    }
    banked = [("v2024", 91_000, "lapses"), ("#1", 5_000, "room"), ("v2024", 4_000, "bankable")]
    assert order(asked(told)) == banked
    price = Fraction(90)
    cheap = asked(told, price=price, credit_price=Fraction(60))
    assert order(cheap)[0] == ("v2024", 91_000, "lapses")
    assert order(cheap)[1] == ("#1", 5_000, "cheaper")
    dear = asked(told, price=price, credit_price=Fraction(95))
    assert [kind for _, _, kind in order(dear)] == ["lapses", "bankable"]


def test_missing_units_are_bought_as_credits_up_to_the_room_where_they_are_cheaper() -> None:
    told = {"credits": [credit(1_000)], "holdings": held(v2024=90_000), "allowances_surrendered": 0}
    found = asked(told, price=Fraction("97.5"), credit_price=Fraction(60))
    assert found.missing == 9_000
    assert found.cost is not None
    assert (found.cost.credits, found.cost.allowances) == (4_000, 5_000)
    assert found.cost.total == 4_000 * 60 + 5_000 * Fraction("97.5")
    dear = asked(told, price=Fraction(60), credit_price=Fraction(60))
    assert dear.cost is not None
    assert (dear.cost.credits, dear.cost.total) == (0, 9_000 * 60)


def test_failing_costs_what_the_law_of_the_day_after_the_deadline_says() -> None:
    """2024 falls under art. 24 of the Regulations, 2025 under art. 1226(2) of the Code."""
    told = {"credits": [], "holdings": [], "allowances_surrendered": 98_000, "allowance_price": 80}
    old, new = asked(told), asked(told, "2026-11-22", 2025)
    for found, fine in (
        (old, Range(Fraction(5 * 80 * 2_000), Fraction(10 * 80 * 2_000))),
        (new, Range(Fraction(1_000_000), Fraction(5_000_000))),
    ):
        assert found.failing is not None
        assert found.failing.tonnes == 2_000
        assert found.failing.verdict.sanctions is not None
        package = found.failing.verdict.sanctions.at_breach
        assert next(c.amount for c in package.consequences if c.kind == "fine") == fine


def test_without_any_price_the_cost_and_the_fine_stay_unknown() -> None:
    found = asked({"credits": [], "holdings": [], "allowances_surrendered": 98_000})
    assert found.cost is None
    assert found.failing is not None
    assert found.failing.price is None
    assert found.failing.verdict.sanctions is not None
    assert found.failing.verdict.sanctions.at_breach.total is None


def test_nothing_follows_where_all_is_surrendered() -> None:
    found = asked({"credits": [], "holdings": [], "allowances_surrendered": 100_000})
    assert (found.missing, found.order) == (0, ())
    assert found.exit_code == 0


def test_without_a_year_the_next_surrender_to_come_is_taken() -> None:
    told = {"listed": True, "verified_emissions": 1, "allowances_surrendered": 1, "credits": []}
    tree = {"entity": {"sector": "power"}, "year": {str(y): told for y in (2023, 2024, 2025)}}
    case = case_from(tree, rulebook().vocabulary, "plant")

    def year(on: str) -> int:
        return position_of(rulebook(), case, None, date.fromisoformat(on)).year

    assert (year("2025-12-31"), year("2026-01-01"), year("2027-01-01")) == (2024, 2025, 2025)
    with pytest.raises(NoPosition):
        position_of(rulebook(), case, 2020, date(2026, 1, 1))


def test_json_follows_its_schema_and_is_the_same_twice(tmp_path: Path) -> None:
    schema = json.loads((ROOT / "docs" / "position.schema.json").read_text("utf-8"))
    assert schema == json.loads(position_schema())
    (tmp_path / "case.toml").write_text(EXAMPLE, "utf-8")
    args = ["position", str(tmp_path / "case.toml"), "--on", "2025-11-01", "--json"]
    first, second = (CliRunner().invoke(app, args).stdout for _ in range(2))
    assert first == second
    jsonschema.validate(json.loads(first), schema)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_speaks_one_language_and_has_every_section(tmp_path: Path, lang: str) -> None:
    (tmp_path / "case.toml").write_text(EXAMPLE.replace("示例电厂", "Plant"), "utf-8")
    args = ["position", str(tmp_path / "case.toml"), "--on", "2025-11-01", "--lang", lang]
    said = CliRunner().invoke(app, args).stdout
    words = {
        "zh": (
            "用尽可用单位后尚缺",
            "不可用",
            "不是法律要求",
            "270,000",
            "假定为 90",
            "可结转 0 吨",
        ),
        "en": ("missing after all", "may be used", "law does not", "270,000", "assumed 90", "0 t"),
    }[lang]
    for word in words:
        assert word in said
    if lang == "en":
        assert not re.search(r"[一-鿿]", said.replace("　", ""))


@pytest.mark.parametrize("price", ["-1", "abc", "1e3", "90 t"])
def test_a_price_that_is_none_is_refused(tmp_path: Path, price: str) -> None:
    (tmp_path / "case.toml").write_text(EXAMPLE, "utf-8")
    args = ["position", str(tmp_path / "case.toml"), "--price", price]
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 2
    assert "--price" in result.stderr


def test_a_year_that_was_not_told_is_refused_with_those_that_were(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(EXAMPLE, "utf-8")
    result = CliRunner().invoke(app, ["position", str(tmp_path / "case.toml"), "--year", "2021"])
    assert result.exit_code == 2
    assert "2024" in result.stderr


def test_holdings_told_beside_a_ledger_are_compared_and_not_used() -> None:
    movements = [moved("2025-01-05", "opening", "v2024", 900)]
    for quantity, differs in ((900, False), (901, True)):
        found = asked({"credits": [], "movements": movements, "holdings": held(v2024=quantity)})
        assert found.told_otherwise is differs
        assert found.holdings is not None and found.holdings[0].quantity == 900


def test_a_holding_without_its_quantity_is_not_nothing() -> None:
    found = asked({"allowances_surrendered": 0, "holdings": [{"held_vintage": "v2024"}]})
    assert found.holdings is None
