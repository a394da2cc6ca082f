"""Ledgers of a portfolio that cannot have happened: what the reasoner refuses, nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

import carbonlex
from carbonlex.cases.read import case_from
from carbonlex.errors import ContentError
from carbonlex.ledger import refuse_impossible
from carbonlex.ledger.movements import PRODUCT_OF
from carbonlex.portfolio.judge import Asked, Judge, available
from carbonlex.portfolio.ledger import Refused, impossible
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.reading.dataset import Dataset, open_dataset
from carbonlex.portfolio.survey import survey
from carbonlex.reasoner.concurrence import unknown_duties
from carbonlex.rulebook.rulebook import Rulebook
from portfolio_dataset import CaseData, Row, in_rows, write_dataset

Found = set[tuple[object, str, int, int, str]]
"""Entity, record, year, place in the list of the year, and code."""
PLACE = re.compile(r"year\.(\d+)\.(\w+)#(\d+)\.\w+")
SLOT = re.compile(r"(\w+)\.(\d+)\.\w+")
INTO, OUT = ("opening", "issue", "borrow", "buy"), ("sell", "bank", "pledge", "surrender", "offset")
OUT += ("cancel", "deduct")


@cache
def rulebook() -> Rulebook:
    return carbonlex.load_rulebook()


def row(day: int, kind: str, quantity: object, serials: str = "", **more: Any) -> Row:
    """Return a movement of allowances of 2024; `serials` is `first-last`; None is not told."""
    told: Row = {"moved_on": date(2025, 1, 1) + timedelta(days=day), "movement": kind}
    told |= {"moved_quantity": Decimal(str(quantity)), "vintage": "v2024"}
    told |= {"product": "ccer" if kind == "offset" else "allowance"}
    if serials:
        told["first_serial"], told["last_serial"] = serials.split("-")
    return {name: value for name, value in (told | more).items() if value is not None}


def entity(name: int | str, *rows: Row, **years: list[Row]) -> CaseData:
    """Return an entity with movements under 2024, or under the years named `y2023` and so on."""
    lists = {"2024": list(rows)} if rows else {year[1:]: of for year, of in years.items()}
    tree = {"entity": {"sector": "power"}, "year": {y: {"movements": r} for y, r in lists.items()}}
    return in_rows(name, tree, rulebook().vocabulary, [(y, "movements") for y in lists])


def opened(folder: Path, cases: Sequence[CaseData], *, wide: Sequence[str] = ()) -> Dataset:
    write_dataset(folder, cases, rulebook().vocabulary, wide=wide)
    for path in folder.glob("*.parquet"):  # a record that nobody tells of needs no table
        if not pq.read_metadata(path).num_rows:
            path.unlink()
    return open_dataset(folder, rulebook().vocabulary)


def problems(dataset: Dataset, rows: int = 10**9) -> pl.DataFrame:
    assert not dataset.problems
    held = available(dataset)
    parts = [impossible(b.frames, held, rulebook()) for b in dataset.batches(rows)]
    return pl.concat(parts)


def told(folder: Path, *rows: Row) -> list[tuple[int, str, str, str]]:
    """Return row, column, code and value of what is impossible about one entity."""
    found = problems(opened(folder, [entity("a", *rows)])).sort("row")
    assert set(found["table"]) <= {"movements"}
    return found.select("row", "column", "code", "value").rows()


def refused(case: CaseData) -> Found:
    """Return what the reasoner refuses of an entity."""
    read, found = case_from(case.tree, rulebook().vocabulary, "case"), set()
    for check in (refuse_impossible, lambda case: unknown_duties(rulebook(), case)):
        try:
            check(read)
        except ContentError as error:
            for fault in error.diagnostics:
                at = PLACE.fullmatch(fault.where.cell)
                assert at is not None
                found.add((case.entity, at[2], int(at[1]), int(at[3]), fault.code))
    return found


def found_in(cases: Sequence[CaseData], dataset: Dataset, rows: int = 10**9) -> Found:
    """Return what a portfolio refuses of the same entities."""
    places: dict[str, list[tuple[object, int, int]]] = {}
    for case in cases:
        for record, told_rows in case.tables.items():
            seen: Counter[object] = Counter()
            for one in told_rows:
                seen[one["year"]] += 1
                place = (case.entity, int(str(one["year"])), seen[one["year"]])
                places.setdefault(record, []).append(place)
    found = set()
    for entity_, table, row_, column, code, _ in problems(dataset, rows).rows():
        name, year, place = places[table][row_ - 1]
        assert name == entity_
        slot = SLOT.fullmatch(column)
        record = slot[1] if slot else table
        found.add((name, record, year, int(slot[2]) if slot else place, code))
    return found


class Account:
    """Makes up the movements of one entity: most of them possible, if `wild` is low."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.wild = random.choice([0.0, 0.0, 0.05, 0.3])
        self.slips = random.choice([0.0, 0.0, 0.0, 0.03])
        self.numbered = random.choice([0.0, 0.0, 0.5, 1.0, 1.0])
        self.untold = random.choice([0.0, 0.0, 0.0, 0.02, 0.1])
        self.next = random.choice([1, 1, 10**12, 10**37 - 20, 10**45])
        self.held: dict[tuple[str, str | None], list[tuple[int, int]]] = {}

    def rows(self) -> list[Row]:
        """Return movements in the order of their days, some on one day."""
        count, day = self.random.choice([0, 1, 3, 8, 20]), 0
        found = []
        for _ in range(count):
            day += self.random.choice([0, 0, 1, 5])
            found.append(self.row(day))
        return found

    def row(self, day: int) -> Row:
        """Return one movement; something may be lost of it."""
        kind = self.random.choice([*INTO, "issue", *OUT])
        product = "ccer" if kind == "offset" or self.random.random() < 0.1 else "allowance"
        vintage: str | None = self.random.choice(["v2023", "v2024"])
        if product == "ccer" and self.random.random() < 0.7:
            vintage = None
        low, high = self.units(kind, (product, vintage))
        serials = f"{low}-{high}" if self.random.random() < self.numbered else ""
        quantity: object = high - low + 1
        if not serials and self.random.random() < 0.2:
            quantity = f"{quantity}.5"
        if self.odd(self.slips):
            quantity = self.random.choice([0, 1, "2.5", 10**9])
        told = row(day, kind, quantity, serials, product=product, vintage=vintage)
        if self.odd(self.slips):
            told["last_serial"] = self.random.choice(["A-7", "7", "00012", "9" * 60])
        if self.odd(self.slips):
            told["first_serial"] = str(self.random.randrange(1, 30))
        told["borrowed_unit"] = self.random.random() < 0.2
        if kind in PRODUCT_OF and self.random.random() < 0.3:
            told.pop("product")
        return {n: v for n, v in told.items() if self.random.random() >= self.untold}

    def odd(self, often: float) -> bool:
        return self.random.random() < often

    def units(self, kind: str, pool: tuple[str, str | None]) -> tuple[int, int]:
        """Return the units that move: new ones, or some of those held."""
        size = self.random.choice([1, 2, 5, 10, 25])
        held = self.held.setdefault(pool, [])
        if self.odd(self.wild):
            low = self.random.randrange(max(1, self.next - 40), self.next + 5)
        elif kind in INTO or not held:
            low = self.next
            self.next += size
            if kind in INTO:
                held.append((low, low + size - 1))
        else:
            low, most = held.pop(self.random.randrange(len(held)))
            if (follows := next((span for span in held if span[0] == most + 1), None)) is not None:
                held.remove(follows)
                most = follows[1]
            size = min(size, most - low + 1)
            rest = low if kind == "pledge" else low + size
            held += [(rest, most)] if rest <= most else []
        return low, low + size - 1


def made_up(name: int, random: Random) -> CaseData:
    """Return an entity whose movements stand under one to three years, in any order."""
    rows = Account(random).rows()
    if random.random() < 0.5:
        random.shuffle(rows)
    years: dict[str, Any] = {y: {} for y in random.sample(["2023", "2024", "2025"], 2)}
    for one in rows:
        years[random.choice([*years])].setdefault("movements", []).append(one)
    if random.random() < 0.3:
        named = random.choice(["surrender", "surrender#1、report", "surender", "report,, x", "；"])
        years["2025"] = years.get("2025", {}) | {"single_acts": [{"breaches": named}]}
    counted = [(y, r) for y, lists in years.items() for r in lists]
    return in_rows(name, {"entity": {}, "year": years}, rulebook().vocabulary, counted)


@pytest.mark.parametrize("wide", [(), ("single_acts",)])
@pytest.mark.parametrize("seed", range(2))
def test_rows_refused_are_those_that_the_reasoner_refuses(
    tmp_path: Path, seed: int, wide: tuple[str, ...]
) -> None:
    random = Random(seed)
    cases = [made_up(name, random) for name in range(300)]
    wanted = {fault for case in cases for fault in refused(case)}
    assert {code for *_, code in wanted} == {
        "movement-overdrawn", "serial-malformed", "serial-repeated", "name-unknown"
    }  # fmt: skip
    sound = len(cases) - len({name for name, *_ in wanted})
    assert 60 < sound < 240
    found = found_in(cases, opened(tmp_path, cases, wide=wide), random.choice([50, 10**9]))
    assert found == wanted


def test_numbered_units_are_followed_as_the_reasoner_follows_them(tmp_path: Path) -> None:
    random, cases = Random(7), []
    for name in range(1500):
        # The balance lasts, so that only numbers can be at fault.
        rows = [row(0, "opening", 1000, random.choice(["", "1001-2000"]))]
        for day in random.sample(range(1, 9), random.randrange(2, 5)):
            low = random.randrange(1, 8)
            high = low + random.randrange(4)
            kind = random.choice(["issue", "buy", "issue", "sell", "surrender", "pledge"])
            rows.append(row(day, kind, high - low + 1, f"{low}-{high}"))
        cases.append(entity(name, *rows))
    wanted = {fault for case in cases for fault in refused(case)}
    assert 300 < len({name for name, *_ in wanted}) < 1200
    assert found_in(cases, opened(tmp_path, cases)) == wanted


ISSUED = row(30, "issue", 100, "1-100")


def test_a_ledger_that_can_have_happened_is_let_be(tmp_path: Path) -> None:
    rows = [ISSUED, row(40, "sell", 10, "11-20"), row(50, "buy", 10, "11-20")]
    assert told(tmp_path, *rows, row(60, "surrender", 100, "1-100"), row(0, "opening", "0.5")) == []


def test_the_row_that_takes_more_than_is_held_is_named_with_its_quantity(tmp_path: Path) -> None:
    rows = [row(40, "surrender", "90.25"), row(30, "issue", 90), row(50, "sell", "1.5")]
    assert told(tmp_path, *rows) == [(1, "moved_quantity", "movement-overdrawn", "90.25")]


def test_what_is_pledged_must_be_held(tmp_path: Path) -> None:
    rows = [row(30, "issue", 10), row(40, "pledge", 10), row(50, "pledge", 11)]
    assert told(tmp_path, *rows) == [(3, "moved_quantity", "movement-overdrawn", "11")]


def test_units_used_up_are_named_by_their_numbers(tmp_path: Path) -> None:
    rows = [ISSUED, row(40, "surrender", 10, "11-20"), row(50, "sell", 1, "20-20")]
    assert told(tmp_path, *rows) == [(3, "first_serial", "serial-repeated", "20–20")]


def test_numbers_that_are_not_as_many_as_the_tonnes_are_named(tmp_path: Path) -> None:
    rows = [row(30, "issue", 99, "1-100"), row(31, "issue", 1, "A7-A7"), row(32, "issue", 7)]
    assert told(tmp_path, *rows) == [
        (1, "moved_quantity", "serial-malformed", "99"),
        (2, "first_serial", "serial-malformed", "A7–A7"),
    ]


def test_one_row_not_told_whole_leaves_every_balance_of_its_entity_open(tmp_path: Path) -> None:
    sold = row(40, "sell", 10)
    assert told(tmp_path / "whole", sold)
    assert told(tmp_path / "open", sold, row(50, "buy", 1, vintage=None)) == []
    assert told(tmp_path / "other", sold, row(50, "surrender", 1, product="ccer")) == []


def test_the_ledger_of_an_entity_runs_over_its_years(tmp_path: Path) -> None:
    earlier = entity("a", y2023=[row(30, "issue", 100)], y2024=[row(40, "surrender", 60)])
    later = entity("b", y2023=[row(50, "surrender", 60)], y2024=[row(60, "issue", 100)])
    found = problems(opened(tmp_path, [earlier, later]))
    assert found.select("entity", "table", "row").rows() == [("b", "movements", 3)]


def test_of_an_entity_with_a_cell_that_cannot_be_taken_no_balance_is_kept(tmp_path: Path) -> None:
    (tmp_path / "entities.csv").write_text("entity,year\na,2024\nb,2024\n", "utf-8")
    columns = "entity,year,moved_on,movement,product,vintage,moved_quantity\n"
    bought = "{},2024,2025-03-0{},buy,allowance,v2024,{}\n"
    sold = "{},2024,2025-03-05,sell,allowance,v2024,9\n"
    text = columns + bought.format("a", 1, "9 t") + sold.format("a") + sold.format("b")
    (tmp_path / "movements.csv").write_text(text, "utf-8")
    dataset = open_dataset(tmp_path, rulebook().vocabulary)
    assert [p.row for p in dataset.problems] == [1]
    [batch] = dataset.batches(100)
    found = impossible(batch.frames, available(dataset), rulebook())
    assert found.select("entity", "row", "value").rows() == [("b", 3, "9")]


def test_a_breach_of_no_duty_is_named(tmp_path: Path) -> None:
    acts = [{"breaches": "surrender, offset-cap#2"}, {"breaches": "surrender、surender"}, {}]
    case = in_rows("a", {"entity": {}, "year": {"2024": {"single_acts": acts}}},
                   rulebook().vocabulary, ())  # fmt: skip
    found = problems(opened(tmp_path, [case])).drop("entity").rows()
    assert found == [("single_acts", 2, "breaches", "name-unknown", "surrender、surender")]


def test_an_impossible_ledger_leaves_all_years_of_its_entity_undetermined(tmp_path: Path) -> None:
    # The movement is after the day asked: it counts for what is possible, as in a case.
    sold, bought = row(900, "sell", 10), row(900, "buy", 10)
    cases = [
        in_rows(name, {"entity": {}, "year": {"2023": {"listed": False},
                "2024": {"listed": False, "movements": rows}}}, rulebook().vocabulary, ())
        for name, rows in {"a": [sold], "b": [sold, bought]}.items()
    ]  # fmt: skip
    dataset = opened(tmp_path, cases)
    judge = Judge(rulebook(), available(dataset), Asked(date(2026, 1, 10), fields=("outcome",)))
    outcomes: dict[tuple[object, object], set[str | None]] = {}
    for batch in dataset.batches(1):
        for answer in judge.answers(batch):
            for told_row in answer.frames["entities"].to_dicts():
                key = told_row["entity"], told_row["year"]
                names = [n for n in told_row if n.endswith(".outcome")]
                outcomes.setdefault(key, set()).update(OUTCOMES[told_row[n]] for n in names)
    assert outcomes["a", 2023] - {None} == outcomes["a", 2024] - {None} == {"undetermined"}
    assert "not_applicable" in outcomes["b", 2023] & outcomes["b", 2024]
    (problem,) = judge.problems
    assert (problem.table, problem.row, problem.code) == ("movements", 1, "movement-overdrawn")
    assert judge.problem_counts == {("movements", "moved_quantity", "movement-overdrawn"): 1}


def test_the_survey_of_a_portfolio_tells_of_rows_that_cannot_be_true(tmp_path: Path) -> None:
    case = entity("a", row(30, "issue", 90), row(40, "surrender", 95))
    opened(tmp_path, [case, entity("b", row(30, "issue", 90))])
    found = survey(rulebook(), tmp_path, Asked(date(2026, 1, 10)))
    kind = ("movements", "moved_quantity", "movement-overdrawn")
    assert found.problem_counts == {kind: 1}
    assert found.first_rows(*kind) == (2,)
    assert found.totals.whole.invalid == 1


def test_of_very_many_problems_the_first_are_kept_and_all_are_counted(tmp_path: Path) -> None:
    cases = [entity(name, row(40, "sell", 1)) for name in range(1200)]
    dataset, refused = opened(tmp_path, cases), Refused()
    for batch in dataset.batches(500):
        frames = refused.refuse(batch.frames, available(dataset), rulebook())
        assert frames["entities"]["_bad"].all()
    assert [p.row for p in refused.problems] == [*range(1, 1001)]
    assert sum(refused.counts.values()) == 1200
