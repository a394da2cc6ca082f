"""Movements of units as told: each row complete, its serial numbers counted, or refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from carbonlex.errors import Diagnostic, Location
from carbonlex.model import Case, CaseYear, Facts
from carbonlex.quantities import grouped

RECORD = "movements"
INTO = frozenset({"opening", "issue", "borrow", "buy"})
"""Movements that bring units into the account."""
APART = frozenset({"pledge"})
"""Movements of what is held and stays held. All others take units out.

`bank` takes them out of the vintage that it names; they come in again as that which the registry
then shows, by a row of its own.
"""

ALLOWANCE, CREDIT = "allowance", "ccer"
PRODUCT_OF = {
    "borrow": ALLOWANCE,
    "bank": ALLOWANCE,
    "pledge": ALLOWANCE,
    "surrender": ALLOWANCE,
    "deduct": ALLOWANCE,
    "offset": CREDIT,
}
"""What a movement is of, where the word leaves no choice: credits are not borrowed or banked."""

Pool = tuple[str, str]
"""What units are alike: product, and vintage (empty for credits that have none)."""


@dataclass(frozen=True)
class Movement:
    """One row of the ledger.

    Attributes:
        year, index: the compliance year under which it was told, and its place in the list.
        kind: `opening`, `issue`, `borrow`, `buy`, `sell`, `bank`, `surrender`, `offset`,
            `cancel`, `deduct` or `pledge`.
        quantity: in tCO2e.
        serials: the first and the last serial number, both included, where they were told.
        price: in CNY/tCO2e, where it was told.
        borrowed: whether the units are, or were, borrowed of a later year.
    """

    year: int
    index: int
    day: date
    kind: str
    product: str
    vintage: str
    quantity: Fraction
    serials: tuple[int, int] | None
    price: Fraction | None
    borrowed: bool
    where: Location

    @property
    def pool(self) -> Pool:
        """The units that it moves."""
        return (self.product, self.vintage)

    @property
    def brings(self) -> bool:
        """Whether it brings units in."""
        return self.kind in INTO

    @property
    def change(self) -> Fraction:
        """What it adds to the balance: below zero where it takes units out."""
        if self.kind in APART:
            return Fraction(0)
        return self.quantity if self.brings else -self.quantity

    @property
    def order(self) -> tuple[date, bool, int, int]:
        """By day; on one day what comes in before what goes out; then as told."""
        return (self.day, not self.brings, self.year, self.index)


def movements_told(case: Case) -> bool:
    """Return whether a ledger was told: the list of any year, even an empty one."""
    return any(RECORD in told.lists for told in case.years.values())


def movements_of(case: Case) -> tuple[tuple[Movement, ...], tuple[Diagnostic, ...]]:
    """Return the movements of all years in the order of their days, and what is wrong with rows.

    A row with a diagnostic is left out of the movements.
    """
    found: list[Movement] = []
    wrong: list[Diagnostic] = []
    for year, told in sorted(case.years.items()):
        for index, row in enumerate(told.lists.get(RECORD, ())):
            place = _place(case, year, index, row)
            faults = [*_missing(row, place)] or [*_mismatched(row, place)]
            wrong += faults
            if not faults:
                found.append(_movement(year, index, row, place))
    return tuple(sorted(found, key=lambda m: m.order)), tuple(wrong)


def _place(case: Case, year: int, index: int, row: Facts) -> Location:
    """Return the place of a row: that of its quantity, or of anything told in it."""
    for name in ("moved_quantity", *row):
        if name in row:
            return row[name].where
    return Location(case.name, cell=f"year.{year}.{RECORD}#{index + 1}")


def _product(row: Facts) -> str:
    told = row.get("product")
    return str(told.value) if told is not None else PRODUCT_OF.get(str(row["movement"].value), "")


def _missing(row: Facts, place: Location) -> Iterator[Diagnostic]:
    wanted = ["moved_on", "movement", "moved_quantity"]
    if "movement" in row:
        product = _product(row)
        wanted += ["product"] if not product else []
        wanted += ["vintage"] if product == ALLOWANCE else []
    wanted += [] if ("first_serial" in row) == ("last_serial" in row) else _SERIALS
    lost = [name for name in wanted if name not in row]
    if lost:
        names = ", ".join(lost)
        yield Diagnostic(
            "movement-incomplete",
            (f"单位变动缺少 {names}", f"the movement does not tell {names}"),
            place,
            hint=(f"补上 {names}；没有日期和数量，不能计算持有量", f"add {names}: no balance can"
                  " be kept without day and quantity"),
        )  # fmt: skip


_SERIALS = ["first_serial", "last_serial"]


def _mismatched(row: Facts, place: Location) -> Iterator[Diagnostic]:
    kind = str(row["movement"].value)
    if _product(row) != PRODUCT_OF.get(kind, _product(row)):
        wanted = PRODUCT_OF[kind]
        yield Diagnostic(
            "movement-incomplete",
            (f"{kind} 的产品应为 {wanted}", f"the product of {kind} must be {wanted}"),
            row["product"].where,
            hint=("清缴（surrender）用配额，抵销（offset）用核证自愿减排量",
                  "surrender is of allowances, offset of certified reductions"),
        )  # fmt: skip
    if "first_serial" not in row:
        return
    first, last = (str(row[name].value) for name in _SERIALS)
    if not all(text.isascii() and text.isdigit() for text in (first, last)):
        words = ("编号应全为数字", "serial numbers must be digits only")
        hint = ("照注册登记系统的编号写", "write them as the registry has them")
        yield Diagnostic("serial-malformed", words, row["first_serial"].where, hint=hint)
        return
    count, told = int(last) - int(first) + 1, row["moved_quantity"].value
    assert isinstance(told, Fraction)
    if count != told:
        yield Diagnostic(
            "serial-malformed",
            (f"编号 {first}–{last} 共 {count} 吨，数量却为 {grouped(told)} 吨",
             f"serials {first}–{last} are {count} t, but the quantity is {grouped(told)} t"),
            place,
            hint=("起止编号均计入，每吨一个编号；改正编号或数量",
                  "both ends count, one number per tonne: correct the serials or the quantity"),
        )  # fmt: skip


def _movement(year: int, index: int, row: Facts, place: Location) -> Movement:
    day, quantity = row["moved_on"].value, row["moved_quantity"].value
    assert isinstance(day, date)
    assert isinstance(quantity, Fraction)
    price = row["unit_price"].value if "unit_price" in row else None
    serials = None
    if "first_serial" in row and quantity:
        serials = (int(str(row["first_serial"].value)), int(str(row["last_serial"].value)))
    borrowed = row.get("borrowed_unit")
    return Movement(
        year=year,
        index=index,
        day=day,
        kind=str(row["movement"].value),
        product=_product(row),
        vintage=str(row["vintage"].value) if "vintage" in row else "",
        quantity=quantity,
        serials=serials,
        price=price if isinstance(price, Fraction) else None,
        borrowed=row["movement"].value == "borrow"
        or (borrowed is not None and borrowed.value is True),
        where=place,
    )


def named(pool: Pool) -> str:
    """Return the key of a pool as people write it: `allowance v2024`.

    >>> named(("ccer", ""))
    'ccer'
    """
    return " ".join(filter(None, pool))


def known_on(case: Case, day: date) -> tuple[Case, int]:
    """Return the case without the movements after a day, and how many those are.

    What has not happened yet neither counts as surrendered nor takes units out of an account.
    """
    years: dict[int, CaseYear] = {}
    later = 0
    for year, told in case.years.items():
        rows = told.lists.get(RECORD, ())
        kept = tuple(r for r in rows if not _after(r, day))
        later += len(rows) - len(kept)
        lists = {**told.lists, RECORD: kept} if len(kept) < len(rows) else told.lists
        years[year] = CaseYear(told.facts, lists)
    return (replace(case, years=years), later) if later else (case, 0)


def _after(row: Facts, day: date) -> bool:
    moved = row["moved_on"].value if "moved_on" in row else None
    return isinstance(moved, date) and moved > day
