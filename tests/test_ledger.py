"""A ledger of units: what is held on a day, and what cannot have happened."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonlex.cases.read import case_from
from carbonlex.errors import ContentError, Diagnostic
from carbonlex.ledger import holdings_at, ledger_of, refuse_impossible
from carbonlex.model import Case
from carbonlex.rulebook.vocabulary import Vocabulary
from synthetic import Act, sound, write_corpus

KINDS = ("opening", "issue", "borrow", "buy", "sell", "bank", "pledge", "surrender", "offset")
KINDS += ("cancel", "deduct")
VINTAGES = ("v2023", "v2024", "v2025")
TONNES = 'type = "number", unit = "tCO2e", decimals = 4, min = 0, max = 1_000_000_000'


def choices(names: tuple[str, ...]) -> str:
    return "{" + ", ".join(f'{n} = {{zh = "{n}", en = "{n}"}}' for n in names) + "}"


VOCABULARY = f"""
record.entity.label = {{zh = "单位", en = "entity"}}
record.movements = {{label = {{zh = "变动", en = "movements"}}, max_count = 1000}}
[fact]
moved_on = {{record = "movements", type = "date", label = {{zh = "日", en = "day"}}}}
movement = {{record = "movements", type = "choice", label = {{zh = "变动", en = "movement"}}, choices = {choices(KINDS)}}}
product = {{record = "movements", type = "choice", label = {{zh = "产品", en = "product"}}, choices = {choices(("allowance", "ccer"))}}}
vintage = {{record = "movements", type = "choice", label = {{zh = "年份", en = "vintage"}}, choices = {choices(VINTAGES)}}}
moved_quantity = {{record = "movements", {TONNES}, label = {{zh = "量", en = "quantity"}}}}
first_serial = {{record = "movements", type = "text", label = {{zh = "起", en = "first"}}}}
last_serial = {{record = "movements", type = "text", label = {{zh = "止", en = "last"}}}}
borrowed_unit = {{record = "movements", type = "boolean", label = {{zh = "预支", en = "borrowed"}}}}
unit_price = {{record = "movements", type = "number", unit = "CNY/tCO2e", decimals = 4, label = {{zh = "价", en = "price"}}}}
"""  # noqa: E501
LAST = date(2030, 1, 1)


@cache
def vocabulary() -> Vocabulary:
    with tempfile.TemporaryDirectory() as folder:
        write_corpus(Path(folder), [Act("act")], VOCABULARY)
        return sound(Path(folder)).vocabulary


def row(day: str, kind: str, quantity: object, serials: str = "", **more: Any) -> dict[str, Any]:
    """Return a movement of allowances of 2024; `serials` is `first-last`."""
    told = {"moved_on": day, "movement": kind, "moved_quantity": quantity, "vintage": "v2024"}
    told |= {"product": "ccer" if kind == "offset" else "allowance"}
    if serials:
        told["first_serial"], told["last_serial"] = serials.split("-")
    return told | more


def case_of(*rows: dict[str, Any], **years: list[dict[str, Any]]) -> Case:
    """Return a case with rows under 2024, or under the years named `y2023` and so on."""
    told = {"2024": list(rows)} if rows else {year[1:]: list(of) for year, of in years.items()}
    tree = {"year": {year: {"movements": of} for year, of in told.items()}}
    return case_from(tree, vocabulary(), "plant")


def wrong(*rows: dict[str, Any]) -> list[Diagnostic]:
    with pytest.raises(ContentError) as caught:
        ledger_of(case_of(*rows))
    return list(caught.value.diagnostics)


def codes(*rows: dict[str, Any]) -> list[str]:
    return [d.code for d in wrong(*rows)]


def held(case: Case, day: str = "2030-01-01") -> dict[tuple[str, str], Fraction]:
    found = holdings_at(case, date.fromisoformat(day))
    assert found is not None
    return dict(found)


def test_a_ledger_not_told_is_unknown_and_an_empty_one_holds_nothing() -> None:
    assert holdings_at(case_from({"year": {"2024": {}}}, vocabulary(), "plant"), LAST) is None
    assert held(case_of(y2024=[])) == {}


def test_what_is_held_is_what_came_in_less_what_went_out_by_the_day_asked() -> None:
    case = case_of(
        row("2025-02-01", "issue", 100_000),
        row("2025-06-01", "buy", "2.5"),
        row("2025-07-01", "sell", "0.5"),
        row("2025-12-01", "surrender", 90_000),
        row("2025-12-31", "cancel", 1),
    )
    assert held(case, "2025-01-31") == {}
    assert held(case, "2025-06-01") == {("allowance", "v2024"): Fraction("100002.5")}
    assert held(case, "2025-12-01") == {("allowance", "v2024"): Fraction(10_002)}
    assert held(case, "2025-12-31") == {("allowance", "v2024"): Fraction(10_001)}


def test_vintages_and_credits_are_kept_apart() -> None:
    case = case_of(
        row("2025-02-01", "issue", 100, vintage="v2023"),
        row("2025-02-01", "issue", 50),
        row("2025-02-01", "buy", 7, product="ccer"),
        row("2025-03-01", "offset", 7),
    )
    assert held(case) == {
        ("allowance", "v2023"): 100,
        ("allowance", "v2024"): 50,
        ("ccer", "v2024"): 0,
    }


def test_credits_need_no_vintage() -> None:
    told = row("2025-02-01", "buy", 7, product="ccer")
    del told["vintage"]
    assert held(case_of(told)) == {("ccer", ""): 7}


def test_what_is_pledged_stays_held_and_must_be_held() -> None:
    issued = row("2025-02-01", "issue", 10)
    assert held(case_of(issued, row("2025-03-01", "pledge", 10))) == {("allowance", "v2024"): 10}
    assert codes(issued, row("2025-03-01", "pledge", 11)) == ["movement-overdrawn"]


def test_what_is_banked_leaves_its_vintage_and_comes_in_as_another() -> None:
    rows = [
        row("2025-02-01", "issue", 10),
        row("2026-01-05", "bank", 8),
        row("2026-01-05", "issue", 8, vintage="v2025"),
    ]
    assert held(case_of(*rows)) == {("allowance", "v2024"): 2, ("allowance", "v2025"): 8}


def test_borrowed_units_are_those_that_were_lent_and_have_not_gone_out() -> None:
    ledger = ledger_of(
        case_of(
            row("2023-07-01", "issue", 10, vintage="v2023"),
            row("2023-07-15", "borrow", 30, vintage="v2023"),
            row("2023-12-01", "surrender", 20, vintage="v2023", borrowed_unit=True),
            row("2023-12-02", "surrender", 5, vintage="v2023"),
        )
    )
    assert ledger is not None
    pool = ("allowance", "v2023")
    assert ledger.held(LAST)[pool] == 15
    assert ledger.borrowed(LAST) == {pool: 10}


def test_movements_of_all_years_make_one_ledger() -> None:
    case = case_of(
        y2024=[row("2025-12-01", "surrender", 60)],
        y2023=[row("2024-02-01", "issue", 100), row("2024-12-01", "surrender", 40)],
    )
    assert held(case) == {("allowance", "v2024"): 0}


def test_on_one_day_units_come_in_before_they_go_out() -> None:
    case = case_of(row("2025-12-31", "surrender", 5), row("2025-12-31", "buy", 5))
    assert held(case) == {("allowance", "v2024"): 0}


def test_taking_more_than_is_held_is_refused_with_the_balance_and_the_remedy() -> None:
    (found,) = wrong(row("2025-02-01", "issue", 90_000), row("2025-12-01", "surrender", 95_000))
    assert found.code == "movement-overdrawn"
    assert found.where.cell == "year.2024.movements#2.moved_quantity"
    assert "90,000" in found.message[0]
    assert "90,000" in found.message[1]
    for hint in found.hint:
        assert "opening" in hint
        assert "5,000" in hint


def test_the_remedy_works() -> None:
    taken = row("2025-12-01", "surrender", 5)
    assert codes(taken) == ["movement-overdrawn"]
    assert held(case_of(row("2025-01-01", "opening", 5), taken)) == {("allowance", "v2024"): 0}


def test_surrender_before_issue_names_the_day_on_which_the_units_come() -> None:
    (found,) = wrong(row("2025-12-01", "surrender", 5), row("2025-12-02", "issue", 5))
    assert found.code == "movement-overdrawn"
    assert "2025-12-02" in found.hint[0]
    assert "2025-12-02" in found.hint[1]


def test_each_kind_of_unit_is_refused_once_and_not_for_what_follows() -> None:
    rows = [row(f"2025-12-0{n}", "sell", 5) for n in (1, 2, 3)]
    assert codes(*rows, row("2025-12-01", "sell", 1, vintage="v2023")) == ["movement-overdrawn"] * 2


@pytest.mark.parametrize("lost", ["moved_on", "movement", "moved_quantity", "vintage"])
def test_a_row_without_day_kind_quantity_or_vintage_is_refused(lost: str) -> None:
    told = row("2025-02-01", "issue", 5)
    del told[lost]
    (found,) = wrong(told)
    assert found.code == "movement-incomplete"
    assert lost in found.message[0]
    assert lost in found.message[1]
    assert found.where.cell.startswith("year.2024.movements#1")


def test_the_product_is_asked_for_only_where_the_movement_leaves_it_open() -> None:
    bought, borrowed = row("2025-02-01", "buy", 5), row("2025-02-01", "borrow", 5)
    del bought["product"], borrowed["product"]
    assert codes(bought) == ["movement-incomplete"]
    assert held(case_of(borrowed)) == {("allowance", "v2024"): 5}


def test_credits_are_not_surrendered_and_allowances_do_not_offset() -> None:
    assert codes(row("2025-02-01", "surrender", 5, product="ccer")) == ["movement-incomplete"]
    assert codes(row("2025-02-01", "offset", 5, product="allowance")) == ["movement-incomplete"]


def test_serial_numbers_count_both_ends() -> None:
    assert held(case_of(row("2025-02-01", "issue", 100, "1-100")))
    assert codes(row("2025-02-01", "issue", 99, "1-100")) == ["serial-malformed"]
    assert codes(row("2025-02-01", "issue", 2, "2-1")) == ["serial-malformed"]
    assert codes(row("2025-02-01", "issue", 1, "A-A")) == ["serial-malformed"]
    half = row("2025-02-01", "issue", 1, first_serial="1")
    assert codes(half) == ["movement-incomplete"]


ISSUED = row("2025-02-01", "issue", 100, "1-100")


@pytest.mark.parametrize("kind", ["surrender", "cancel", "deduct"])
@pytest.mark.parametrize("again", ["surrender", "sell", "cancel", "buy"])
def test_a_unit_used_up_moves_no_more(kind: str, again: str) -> None:
    first, second = row("2025-03-01", kind, 10, "11-20"), row("2025-04-01", again, 1, "20-20")
    (found,) = wrong(ISSUED, first, second)
    assert found.code == "serial-repeated"
    assert found.where.cell.startswith("year.2024.movements#3")
    assert "movements#2" in found.message[1]
    assert "20" in found.message[1]


@pytest.mark.parametrize("serials", ["1-10", "20-29", "5-14", "12-13", "1-100"])
def test_ranges_that_overlap_are_sold_once(serials: str) -> None:
    first, last = map(int, serials.split("-"))
    second = row("2025-04-01", "sell", last - first + 1, serials)
    opening = row("2025-01-01", "opening", 1000)
    expected = [] if serials == "1-10" else ["serial-repeated"]
    rows = (opening, ISSUED, row("2025-03-01", "sell", 10, "11-20"), second)
    if expected:
        assert codes(*rows) == expected
    else:
        assert held(case_of(*rows))


def test_what_was_sold_may_be_bought_back_and_surrendered() -> None:
    rows = [
        row("2025-03-01", "sell", 10, "11-20"),
        row("2025-04-01", "buy", 10, "11-20"),
        row("2025-05-01", "surrender", 100, "1-100"),
    ]
    assert held(case_of(ISSUED, *rows)) == {("allowance", "v2024"): 0}


def test_the_same_units_do_not_come_in_twice() -> None:
    assert codes(ISSUED, row("2025-03-01", "buy", 10, "91-100")) == ["serial-repeated"]


def test_serials_that_were_never_held_do_not_go_out() -> None:
    sold = row("2025-03-01", "sell", 10, "95-104")
    assert codes(ISSUED, row("2025-02-02", "issue", 10, "201-210"), sold) == ["movement-overdrawn"]
    # Of units that came in without numbers nobody can say that these are not among them.
    assert held(case_of(ISSUED, row("2025-02-02", "buy", 10), sold))


def test_serials_of_two_vintages_are_different_units() -> None:
    other = row("2025-02-01", "issue", 100, "1-100", vintage="v2023")
    assert held(case_of(ISSUED, other))


def test_every_fault_of_a_ledger_is_reported_at_once() -> None:
    rows = [
        ISSUED,
        row("2025-03-01", "surrender", 10, "1-10"),
        row("2025-03-02", "surrender", 10, "1-10"),
        row("2025-03-03", "sell", 200),
    ]
    assert codes(*rows) == ["serial-repeated", "movement-overdrawn"]


MOVES = st.lists(
    st.tuples(
        st.integers(0, 20),
        st.sampled_from(["opening", "issue", "buy", "sell", "surrender", "cancel", "deduct"]),
        st.sampled_from(VINTAGES),
        st.integers(0, 50_000),
    ),
    max_size=14,
)


def told_row(day: int, kind: str, vintage: str, quantity: int) -> dict[str, Any]:
    on = (date(2025, 1, 1) + timedelta(days=day)).isoformat()
    return row(on, kind, f"{quantity // 10000}.{quantity % 10000:04}", vintage=vintage)


@settings(deadline=None, max_examples=150)
@given(MOVES)
def test_a_balance_is_ins_less_outs_and_never_below_zero(
    moves: list[tuple[int, str, str, int]],
) -> None:
    case = case_of(y2024=[told_row(*move) for move in moves])

    def balance(vintage: str, day: int) -> Fraction:
        signs = [
            q if kind in ("opening", "issue", "buy") else -q
            for at, kind, v, q in moves
            if v == vintage and at <= day
        ]
        return Fraction(sum(signs), 10_000)

    days = range(21)
    possible = all(balance(v, day) >= 0 for v in VINTAGES for day in days)
    try:
        ledger = ledger_of(case)
    except ContentError as error:
        assert not possible
        assert {d.code for d in error.diagnostics} == {"movement-overdrawn"}
        return
    assert possible
    assert ledger is not None
    for day in days:
        found = ledger.held(date(2025, 1, 1) + timedelta(days=day))
        for vintage in VINTAGES:
            assert found.get(("allowance", vintage), 0) == balance(vintage, day)


@settings(deadline=None, max_examples=100)
@given(MOVES, st.randoms(use_true_random=False), st.integers(0, 14))
def test_the_order_of_rows_and_the_year_they_stand_in_change_nothing(
    moves: list[tuple[int, str, str, int]], chance: Any, cut: int
) -> None:
    def outcome(one: list[Any], other: list[Any]) -> object:
        try:
            return held(case_of(y2023=one, y2024=other))
        except ContentError as error:
            return len(error.diagnostics)

    rows = [told_row(*move) for move in moves]
    mixed = chance.sample(rows, len(rows))
    assert outcome(rows, []) == outcome(mixed[:cut], mixed[cut:])


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 10)), max_size=8))
def test_no_serial_number_is_used_twice(ranges: list[tuple[int, int]]) -> None:
    used = [
        row("2025-03-01", "surrender", size, f"{first}-{first + size - 1}")
        for first, size in ranges
    ]
    numbers = [n for first, size in ranges for n in range(first, first + size)]
    case = case_of(row("2025-01-01", "opening", 1000), *used)
    if len(numbers) == len(set(numbers)):
        assert held(case) == {("allowance", "v2024"): 1000 - len(numbers)}
    else:
        with pytest.raises(ContentError):
            refuse_impossible(case)
