"""Time bars and several breaches in one act, for machines."""

from __future__ import annotations

from collections.abc import Callable

from carbonlex.interfaces.wire_models import ConcurrenceOut, FinedOut, LimitationOut, NormOut
from carbonlex.interfaces.wire_values import span
from carbonlex.model import UNKNOWN
from carbonlex.reasoner.consequence import Limitation
from carbonlex.reasoner.verdict import Concurrence, Fined

Named = Callable[[str], NormOut]


def limitation_out(found: Limitation | None, named: Named) -> LimitationOut | None:
    """Return the time bar of a breach, or None where no norm sets one."""
    if found is None:
        return None
    return LimitationOut(
        norm=named(found.norm),
        years=found.years,
        runs_from=found.runs_from,
        last_day=found.last_day,
        discovered_on=found.discovered_on,
        barred=None if found.barred is UNKNOWN else bool(found.barred),
    )


def concurrence_out(found: Concurrence, named: Named) -> ConcurrenceOut:
    """Return the several breaches of one act, and of which the fine is imposed."""
    return ConcurrenceOut(
        year=found.year,
        breaches=[_fined(f) for f in found.breaches],
        highest=_fined(found.highest) if found.highest is not None else None,
        cites=[named(n) for n in found.cites],
    )


def _fined(one: Fined) -> FinedOut:
    return FinedOut(duty=one.duty, year=one.year, index=one.index, total_fine=span(one.total))
