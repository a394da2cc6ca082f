"""Balances: what is held of each pool on a day, exact; and what no ledger can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from carbonlex.errors import ContentError, Diagnostic
from carbonlex.ledger.movements import APART, Movement, Pool, movements_of, movements_told, named
from carbonlex.ledger.serials import Serials
from carbonlex.model import Case
from carbonlex.quantities import grouped

_NOTHING = Fraction(0)


@dataclass(frozen=True)
class Ledger:
    """The movements of all years, in the order of their days.

    >>> Ledger(()).held(date(2026, 1, 1))
    mappingproxy({})
    """

    movements: tuple[Movement, ...]

    def held(self, day: date) -> Mapping[Pool, Fraction]:
        """Return what is held at the end of a day, by product and vintage, in tCO2e.

        A pool that the ledger does not name is not a key.
        """
        balances: dict[Pool, Fraction] = {}
        for row in self.movements:
            if row.day <= day:
                balances[row.pool] = balances.get(row.pool, _NOTHING) + row.change
        return MappingProxyType(balances)

    def borrowed(self, day: date) -> Mapping[Pool, Fraction]:
        """Return how much of what is held at the end of a day was borrowed, by product and vintage.

        What went out counts as borrowed only where its row says so (`borrowed_unit`).
        """
        rows = tuple(row for row in self.movements if row.borrowed)
        held = self.held(day)
        lent = Ledger(rows).held(day)
        return MappingProxyType({p: min(max(q, _NOTHING), held[p]) for p, q in lent.items()})


def ledger_of(case: Case) -> Ledger | None:
    """Return the ledger of a case; None where no movements were told.

    Raises `ContentError` with every row that is incomplete or impossible.
    """
    if not movements_told(case):
        return None
    rows, wrong = movements_of(case)
    # Where a row is incomplete, every balance after it would be wrong too.
    if faults := wrong or _impossible(rows):
        raise ContentError(faults)
    return Ledger(rows)


def refuse_impossible(case: Case) -> None:
    """Raise `ContentError` if the movements told cannot have happened.

    A row that is not told whole leaves verdicts open; balances after it are not known.
    """
    rows, wrong = movements_of(case)
    faults = tuple(d for d in wrong if d.code != "movement-incomplete")
    if not wrong:
        faults = _impossible(rows)
    if faults:
        raise ContentError(faults)


def holdings_at(case: Case, day: date) -> Mapping[Pool, Fraction] | None:
    """Return what is held at the end of a day by the ledger told; None where none was told.

    >>> import carbonlex
    >>> case = carbonlex.case_from({"year": {"2024": {}}}, carbonlex.load_rulebook().vocabulary, "")
    >>> holdings_at(case, date(2026, 1, 1)) is None
    True
    """
    ledger = ledger_of(case)
    return None if ledger is None else ledger.held(day)


def _impossible(rows: tuple[Movement, ...]) -> tuple[Diagnostic, ...]:
    """Return the rows that take what is not held, each pool once, or move a unit twice."""
    balances: dict[Pool, Fraction] = {}
    serials: dict[Pool, Serials] = {}
    overdrawn: set[Pool] = set()
    found: list[Diagnostic] = []
    for at, row in enumerate(rows):
        held = balances.get(row.pool, _NOTHING)
        balances[row.pool] = held + row.change
        fault = serials.setdefault(row.pool, Serials()).take(row)
        short = balances[row.pool] < 0 or (row.kind in APART and held < row.quantity)
        if short and row.pool not in overdrawn:
            overdrawn.add(row.pool)
            fault = fault or _overdrawn(row, held, rows[at + 1 :])
        if fault is not None:
            found.append(fault)
    return tuple(found)


def _overdrawn(row: Movement, held: Fraction, later: tuple[Movement, ...]) -> Diagnostic:
    taken, had, pool = grouped(row.quantity), grouped(held), named(row.pool)
    short = grouped(row.quantity - held)
    message = (
        f"{row.day} 动用 {taken} 吨 {pool}（{row.kind}），当时只持有 {had} 吨",
        f"{row.kind} of {taken} t {pool} on {row.day}, when only {had} t were held",
    )
    hint = (
        f'此前已持有的，补一行年份相同的 movement = "opening"；少 {short} 吨',
        f'if they were held before, add a row movement = "opening" of that vintage: {short} t'
        " are missing",
    )
    coming = next((m for m in later if m.brings and m.pool == row.pool), None)
    if coming is not None:
        hint = (
            f"{coming.day} 才取得（{coming.kind}，{coming.where}）：核对日期，或{hint[0]}",
            f"units come in only on {coming.day} ({coming.kind}, {coming.where}): "
            f"check the days; or, {hint[1]}",
        )
    return Diagnostic("movement-overdrawn", message, row.where, hint=hint)
