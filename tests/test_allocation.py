"""Allocations by unit and by line: formulas, sums, reliefs, plans that are not held."""

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
from carbonlex.interfaces.allocation_wire import allocation_schema
from carbonlex.interfaces.cli import app
from carbonlex.position.allocation import NoAllocation, allocation_of
from carbonlex.position.allocation_remarks import AllocationWords
from carbonlex.position.allocation_values import Allocation
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.formula import Formula, giver

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "allocation.md").read_text("utf-8")
EXAMPLE = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0]
COAL = {
    "unit_class": "coal_above_300",
    "electricity_generated": 1_500_000,
    "peaking_correction": 1,
    "heat_supplied": 500_000,
}


@cache
def rulebook() -> Rulebook:
    return load_rulebook()


def asked(
    facts: dict[str, Any],
    year: int = 2023,
    on: str = "2026-07-01",
    sector: str | None = "power",
    **readings: str,
) -> Allocation:
    """Return the allocation of a listed entity whose facts are of one year."""
    told = {"listed": True, "verified_emissions": 1_600_000} | facts
    entity = {} if sector is None else {"sector": sector}
    tree = {"entity": entity, "year": {str(year): told}}
    case = case_from(tree, rulebook().vocabulary, "plant")
    chosen = {name.replace("_", "-"): reading for name, reading in readings.items()}
    return allocation_of(rulebook(), case, None, date.fromisoformat(on), chosen)


def written(found: Allocation, at: int = 0) -> str:
    return Formula(rulebook(), "zh").equation(found.shares[at].exact.proof)


def page(facts: str, tmp_path: Path, *more: str) -> tuple[int, str]:
    (tmp_path / "case.toml").write_text(facts, "utf-8")
    result = CliRunner().invoke(app, ["allocation", str(tmp_path / "case.toml"), *more])
    return result.exit_code, result.output


def test_the_example_of_the_page_comes_out_as_written(tmp_path: Path) -> None:
    code, out = page(EXAMPLE, tmp_path, "--on", "2024-12-01", "--json")
    assert code == 0, out
    found = json.loads(out)
    first, second = found["shares"]
    coal = Fraction("0.795") * 1_500_000 * 1 + Fraction("0.1038") * 500_000
    gas = Fraction("0.3305") * 500_001 * 1 + Fraction("0.0536") * 100_000
    assert Fraction(first["exact"]["value"]) == coal == 1_244_400
    assert second["exact"]["value"] == "170610.3305"
    assert Fraction("170610.3305") == gas
    assert [s["allocation"]["value"] for s in (first, second)] == ["1244400", "170610"]
    assert found["free_allocation"]["value"] == str(1_244_400 + 170_610) == "1415010"
    assert found["balance"] == str(1_415_010 - 1_900_000) == "-484990"
    assert Fraction(found["balance_ratio"]) == Fraction(-484_990, 1_900_000)
    reliefs = [one["value"] for one in found["reliefs"]]
    cap = 1_900_000 - 29_390 - 1_415_010 - Fraction("0.2") * 1_900_000
    assert reliefs == [str(200_000 - 170_610), str(cap)] == ["29390", "75600"]
    assert found["obligation"]["value"] == str(1_900_000 - 29_390 - 75_600) == "1795010"
    formula = "1,244,400 = 0.795 × 1,500,000 × 1 + 0.1038 × 500,000"
    assert formula in PAGE
    right, left = formula.split(" = ")
    assert first["exact"]["formula"]["en"] == f"{left} = {right}"
    others = {o["reading"]: (o["free_allocation"], o["obligation"]) for o in found["otherwise"]}
    assert others == {
        "unrounded": ("1415010.3305", "1795010.3305"),
        "ended": ("1415010", "1900000"),
    }
    for figure in ("170,610.3305", "1,415,010", "484,990", "29,390", "75,600", "1,795,010",
                   "1,415,010.3305", "25.5258%"):  # fmt: skip
        assert figure in PAGE
    assert "25.5258%" in page(EXAMPLE, tmp_path, "--on", "2024-12-01")[1]


def test_a_unit_of_2023_gets_benchmark_by_generation_and_by_heat() -> None:
    found = asked({"units": [COAL]})
    assert written(found) == "0.795 × 1,500,000 × 1 ＋ 0.1038 × 500,000 ＝ 1,244,400"
    assert [p.value for p in found.shares[0].parts] == [1_192_500, 51_900]
    names = [p.label.rpartition(".")[2] for p in found.shares[0].inputs]
    assert names == ["benchmark", "electricity_generated", "unit_correction", "heat_benchmark",
                     "heat_supplied"]  # fmt: skip
    assert (found.free_allocation.value, found.balance) == (1_244_400, -355_600)
    assert found.plan == "plan-power-2023-2024"
    assert found.exit_code == 0


def test_a_unit_of_2019_is_corrected_for_cooling_heat_and_load() -> None:
    unit = {"unit_class": "coal_above_300", "electricity_supplied": 1_000_000,
            "cooling_correction": "1.05", "heat_correction": "1.02", "load_correction": "1.1",
            "heat_supplied": 200_000}  # fmt: skip
    found = asked({"units": [unit]}, 2019, "2022-01-10")
    assert written(found) == "0.877 × 1,000,000 × 1.1781 ＋ 0.126 × 200,000 ＝ 1,058,393.7"
    assert found.shares[0].allocation.value == 1_058_394
    (rounding,) = found.otherwise
    assert (rounding.reading, rounding.free_allocation.value) == (
        "unrounded",
        Fraction("1058393.7"),
    )
    words = AllocationWords(rulebook(), found, "zh").share_lines(found.shares[0])
    assert "机组修正系数：1.05 × 1.02 × 1.1 ＝ 1.1781" in words


def test_a_unit_of_2021_is_reckoned_by_supply_and_a_new_one_gets_nothing() -> None:
    unit = {"unit_class": "coal_above_300", "electricity_supplied": 1_000_000,
            "unit_correction": 1, "heat_supplied": 200_000}  # fmt: skip
    new = unit | {"unit_new": True}
    found = asked({"units": [unit, new]}, 2021, "2023-11-01")
    assert [s.exact.value for s in found.shares] == [Fraction("0.8218") * 1_000_000 + 22_220, 0]
    assert found.free_allocation.value == 844_020
    assert ("unit_new", 2021) in found.report.presumed


def test_a_gas_unit_owes_no_more_than_it_gets_and_without_that_reading_all_it_emits() -> None:
    gas = {"unit_class": "gas", "electricity_generated": 500_000, "peaking_correction": 1,
           "heat_supplied": 100_000, "unit_emissions": 200_000}  # fmt: skip
    facts = {"units": [gas], "verified_emissions": 200_000}
    found = asked(facts)
    assert found.shares[0].relief is not None
    assert found.shares[0].relief.value == 200_000 - 170_610
    assert found.obligation.value == 170_610
    assert giver(found.obligation.proof) == "plan-power-2023-2024/reduced-obligation"
    ended = next(o for o in found.otherwise if o.reading == "ended")
    assert (ended.differs, ended.relief.value, ended.obligation.value) == (True, 0, 200_000)
    assert asked(facts, relief_continues="ended").obligation.value == 200_000


def test_steel_of_2024_gets_what_it_emits() -> None:
    found = asked({"units": [COAL]}, 2024, sector="steel")
    assert found.free_allocation.value == found.obligation.value == 1_600_000
    assert found.shares == ()  # its own power units are no part of it
    assert (found.balance, found.relief.known, found.borrowing) == (0, False, None)
    assert not found.bank_cap.known
    assert found.exit_code == 0


def test_lines_of_cement_of_2025_get_what_they_emit_or_what_was_told() -> None:
    lines = [
        {"line_kind": "clinker_white", "line_emissions": 1_000_000},
        {"line_kind": "clinker_gypsum", "line_emissions": 100_000, "line_closed": True},
        {"line_kind": "clinker", "carbide_slag_rate": "0.1", "line_allocation": 590_000},
    ]
    found = asked({"lines": lines}, 2025, "2026-11-01", "cement")
    assert [s.counts for s in found.shares] == [True, False, True]
    assert found.free_allocation.value == 1_590_000
    assert (found.lower.value, found.upper.value, found.within) == (1_552_000, 1_648_000, True)
    assert found.grade == "recalled"  # the bounds are from memory
    assert asked({"lines": lines[:1]}, 2025, "2026-11-01", "cement").within is False


def test_an_ordinary_line_of_2025_has_no_benchmark_held_and_must_be_told() -> None:
    lines = [{"line_kind": "clinker", "carbide_slag_rate": "0.15", "line_emissions": 1}]
    found = asked({"lines": lines}, 2025, "2026-11-01", "cement")
    assert found.free_allocation.number is None
    assert {n.fact for s in found.shares[0].needs for n in s} == {"line_allocation"}
    assert found.exit_code == 3


def test_a_missing_factor_leaves_the_sum_open_and_is_named_with_its_unit() -> None:
    without = {k: v for k, v in COAL.items() if k != "peaking_correction"}
    found = asked({"units": [COAL, without]})
    assert found.shares[0].exact.value == 1_244_400
    assert (found.shares[1].exact.number, found.free_allocation.number) == (None, None)
    assert written(found, 1) == (
        "0.795 × 1,500,000 × 〔机组修正系数未知〕 ＋ 0.1038 × 500,000 ＝ 未知"
    )
    wanted = {(n.fact, n.index) for s in found.shares[1].needs for n in s}
    assert ("peaking_correction", 1) in wanted
    assert found.shares[0].needs == ()
    assert found.exit_code == 3
    lines = AllocationWords(rulebook(), found, "zh").needs()
    assert len(lines) == 1  # the sum and the obligation wait for the same fact


def test_a_unit_without_class_has_no_benchmark() -> None:
    found = asked({"units": [{k: v for k, v in COAL.items() if k != "unit_class"}]})
    assert {n.fact for s in found.shares[0].needs for n in s} >= {"unit_class"}


def test_an_allocation_told_otherwise_governs_and_both_are_shown(tmp_path: Path) -> None:
    found = asked({"units": [COAL], "free_allocation": 1_250_000})
    assert found.free_allocation.value == 1_250_000
    assert found.derived is not None
    assert found.derived.value == 1_244_400
    assert [(d.told.value, d.derived.value) for d in found.differences] == [(1_250_000, 1_244_400)]
    assert found.balance == 1_250_000 - 1_600_000
    facts = EXAMPLE.replace("listed = true", "listed = true\nfree_allocation = 1_420_000")
    said = page(facts, tmp_path, "--on", "2024-12-01")[1]
    assert "1,420,000 吨" in said
    assert "1,415,010 吨" in said


def test_a_factor_told_otherwise_than_its_parts_governs_and_is_reported_with_its_unit() -> None:
    found = asked({"units": [COAL, COAL | {"unit_correction": "1.05"}]})
    (one,) = found.differences
    assert (one.index, one.told.value, one.derived.value) == (1, Fraction("1.05"), 1)
    assert found.shares[1].exact.value == Fraction("1304025")


@pytest.mark.parametrize(
    ("year", "on", "sector", "status"),
    [
        (2025, "2026-07-01", "power", "none"),
        (2026, "2027-07-01", "power", "none"),
        (2026, "2027-07-01", "cement", "none"),
        (2022, "2024-07-01", "steel", "none"),
        (2023, "2024-10-14", "power", "later"),
        (2023, "2024-10-15", "power", "held"),
        (2025, "2026-07-01", "aluminium", "held"),
    ],
)
def test_where_no_plan_is_held_nothing_is_derived(
    year: int, on: str, sector: str, status: str
) -> None:
    found = asked({"units": [COAL]}, year, on, sector)
    assert found.plan_status == status
    if status != "held":
        assert (found.free_allocation.number, found.shares, found.plan) == (None, (), "")
        told = asked({"units": [COAL], "free_allocation": 5}, year, on, sector)
        assert told.free_allocation.value == 5
        assert told.derived is not None
        assert told.derived.number is None


def test_the_page_says_plainly_that_no_plan_is_held(tmp_path: Path) -> None:
    facts = EXAMPLE.replace("2023", "2025")
    code, said = page(facts, tmp_path, "--on", "2026-07-01", "--lang", "en")
    assert code == 3
    assert "No allocation plan is held for this sector and 2025" in " ".join(said.split())
    assert "pre-allocation is not computed" in said


def test_units_that_a_plan_sums_up_and_nobody_told_are_asked_for() -> None:
    found = asked({})
    assert (found.plan_status, found.summed, found.shares) == ("held", ("units",), ())
    assert "units" in AllocationWords(rulebook(), found, "zh").unlisted()
    assert AllocationWords(rulebook(), asked({"units": [COAL]}), "zh").unlisted() == ""
    assert AllocationWords(rulebook(), asked({}, 2024, sector="steel"), "zh").unlisted() == ""


def test_an_entity_that_need_not_surrender_has_nothing_undetermined() -> None:
    assert asked({"listed": False}, 2022, "2024-07-01", "steel").exit_code == 0


@pytest.mark.parametrize(("hardship", "emitted", "allowed"), [
    (True, 1_000_000, True), (False, 1_000_000, False), (None, 1_000_000, None),
    (True, 999_999, False),
])  # fmt: skip
def test_half_the_gap_may_be_borrowed_for_2021_from_ten_per_cent_on_and_in_hardship(
    hardship: bool | None, emitted: int, allowed: bool | None
) -> None:
    told: dict[str, Any] = {"verified_emissions": emitted, "free_allocation": 900_000}
    told |= {} if hardship is None else {"hardship": hardship}
    found = asked(told, 2021, "2023-11-01")
    assert found.borrow_limit.value == Fraction(emitted - 900_000, 2)
    assert found.borrowing is not None
    assert found.borrowing.allowed is allowed
    if allowed is None:
        assert {n.fact for s in found.borrowing.needs for n in s} == {"hardship"}


def test_nothing_may_be_borrowed_for_2023_and_what_was_borrowed_is_deducted() -> None:
    found = asked({"units": [COAL]})
    assert found.borrowing is not None
    assert (found.borrowing.allowed, found.borrowing.norms) == (
        False,
        ("plan-power-2023-2024/no-borrowing",),
    )
    tree = {
        "entity": {"sector": "power"},
        "year": {
            "2022": {"listed": True, "borrowed": 4_400},
            "2023": {"listed": True, "verified_emissions": 1, "units": [COAL]},
        },
    }
    case = case_from(tree, rulebook().vocabulary, "plant")
    repaid = allocation_of(rulebook(), case, None, date(2026, 7, 1))
    assert repaid.free_allocation.value == 1_240_000
    assert giver(repaid.free_allocation.proof) == "plan-power-2021-2022/borrowed-repaid"
    written_sum = Formula(rulebook(), "zh").equation(repaid.free_allocation.proof)
    assert written_sum == "1,244,400 － 0 － 4,400 ＝ 1,240,000"


def test_banking_for_2024_is_ten_thousand_and_one_and_a_half_times_net_sales() -> None:
    assert asked({"net_sales": 2_000}, 2024).bank_cap.value == 13_000
    open_one = asked({"free_allocation": 1_700_000}, 2024)
    assert open_one.bank_cap.number is None
    assert open_one.exit_code == 0  # banking is no part of the allocation


def test_relief_that_was_not_claimed_is_shown_and_is_no_part_of_the_obligation() -> None:
    told = {"free_allocation": 1_000_000, "verified_emissions": 2_000_000}
    found = asked(told, 2021, "2023-11-01")
    assert (found.relief.value, found.relieved) == (600_000, False)
    assert found.obligation.value == 2_000_000
    assert ("relief_claimed", 2021) in found.report.presumed
    said = [x.text for x in AllocationWords(rulebook(), found, "zh").relief()]
    assert any("没有计入这一减免" in text for text in said)
    claimed = asked(told | {"relief_claimed": True}, 2021, "2023-11-01")
    assert (claimed.relieved, claimed.obligation.value) == (True, 1_400_000)


def test_nothing_borrowed_before_the_years_told_is_an_assumption_and_is_listed() -> None:
    found = asked({"units": [COAL]})
    assert {("borrowed", 2021), ("borrowed", 2022)} <= set(found.report.presumed)


def test_a_sector_not_told_leaves_the_plan_open() -> None:
    found = asked({"units": [COAL]}, 2024, sector=None)
    assert (found.plan, found.plan_status, found.exit_code) == ("", "held", 3)
    assert found.free_allocation.number is None


def test_the_latest_year_told_is_taken_and_one_not_told_is_refused(tmp_path: Path) -> None:
    tree = {"entity": {"sector": "power"}, "year": {"2021": {}, "2023": {}, "2022": {}}}
    case = case_from(tree, rulebook().vocabulary, "plant")
    assert allocation_of(rulebook(), case, None, date(2026, 7, 1)).year == 2023
    with pytest.raises(NoAllocation):
        allocation_of(rulebook(), case, 2020, date(2026, 7, 1))
    code, said = page(EXAMPLE, tmp_path, "--year", "2021")
    assert code == 2
    assert "2023" in said


def test_json_follows_its_schema_and_is_the_same_twice(tmp_path: Path) -> None:
    schema = json.loads((ROOT / "docs" / "allocation.schema.json").read_text("utf-8"))
    assert schema == json.loads(allocation_schema())
    args = ("--on", "2024-12-01", "--json")
    first, second = (page(EXAMPLE, tmp_path, *args)[1] for _ in range(2))
    assert first == second
    jsonschema.validate(json.loads(first), schema)
    open_one = page(EXAMPLE.replace("peaking_correction = 1\n", ""), tmp_path, *args)
    assert open_one[0] == 3
    jsonschema.validate(json.loads(open_one[1]), schema)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_speaks_one_language_and_marks_what_is_only_recalled(
    tmp_path: Path, lang: str
) -> None:
    facts = re.sub(r"示例电厂|一号|二号", "Plant", EXAMPLE)
    code, said = page(facts, tmp_path, "--on", "2024-12-01", "--lang", lang)
    assert code == 0
    words = {
        "zh": ("电量基准值", "凭记忆", "0.795 × 1,500,000", "预分配配额不计算", "不得预支"),
        "en": ("benchmark of electricity", "recalled", "0.795 × 1,500,000", "may be borrowed",
               "pre-allocation"),
    }[lang]  # fmt: skip
    for word in words:
        assert word in said
    if lang == "en":
        assert not re.search(r"[一-鿿]", said.replace("　", ""))
