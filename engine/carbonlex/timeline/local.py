"""Local days beside the national ones: earlier, with their own source, and never a verdict."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from carbonlex.calendar import add_days, days_between
from carbonlex.model import UNKNOWN, Label, Value
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.needs import needs
from carbonlex.timeline.entry import Entry, Local, Status, Undated
from carbonlex.timeline.horizon import MONTHS
from carbonlex.timeline.overlay import LocalDeadline, Overlay


def local_entries(
    run: Evaluation, national: tuple[Entry, ...], overlays: tuple[Overlay, ...]
) -> Iterator[Entry]:
    """Yield the entries that overlays add to those of national law.

    A deadline on a duty is added where that duty has an entry; one of its own, in each
    compliance year in which its bearer is bound.
    """
    for overlay in overlays:
        for deadline in overlay.deadlines:
            for year in run.case.years:
                yield from _of_year(run, national, overlay, deadline, year)


def _of_year(
    run: Evaluation,
    national: tuple[Entry, ...],
    overlay: Overlay,
    deadline: LocalDeadline,
    year: int,
) -> Iterator[Entry]:
    beside = [e for e in national if e.judged and e.answers == deadline.duty and e.year == year]
    if deadline.duty and not beside:
        return
    bound: Value = True
    asking = Undated("open")
    if deadline.bearer is not None:
        proof = run.value(deadline.bearer, Frame(year, run.asked_on, deadline.norm))
        bound = proof.value
        asking = Undated("missing", needs(proof, run.rulebook.vocabulary))
    if bound is False:
        return
    for month, day, near in _days(run, deadline, year, beside):
        status: Status = "due"
        if near is not None and near.status == "done":
            status = "done"
        elif day is None or bound is UNKNOWN:
            status = "undetermined"
        elif run.asked_on > day:
            status = "passed"
        place = (
            f"/{month:02}" if month else f"/{near.index + 1}" if near and near.index >= 0 else ""
        )
        yield Entry(
            key=f"local/{overlay.name}/{deadline.name}/{year}{place}",
            answers=deadline.duty or deadline.name,
            what=deadline.what or (near.what if near else Label(deadline.name, deadline.name)),
            year=year,
            nature="duty",
            actor="entity",
            status=status,
            day=day,
            days_left=days_between(run.asked_on, day) if day is not None else None,
            grade=overlay.grade,
            norm=near.norm if near else "",
            cites=near.cites if near else (),
            month=month,
            index=near.index if near else -1,
            undated=None if day is not None else Undated("open"),
            needs=asking.needs if bound is UNKNOWN else near.needs if near else (),
            local=Local(overlay.name, overlay.region, overlay.source, near.day if near else None),
            told=near.told if near else True,
        )


def _days(
    run: Evaluation, deadline: LocalDeadline, year: int, beside: list[Entry]
) -> Iterator[tuple[int, date | None, Entry | None]]:
    """Yield the month, day and national entry of each local day of a compliance year."""
    if deadline.after_month is not None:
        for month in MONTHS:
            near = next((e for e in beside if e.month == month), None)
            end = date(year, month, monthrange(year, month)[1])
            yield month, add_days(end, deadline.after_month), near
        return
    for near in beside or (None,):
        month = near.month if near else 0
        if deadline.month_day is not None:
            yield month, date(year + 1, *deadline.month_day), near
        elif deadline.due is not None:
            index = near.index if near else -1
            found = run.value(deadline.due, Frame(year, run.asked_on, deadline.norm, index))
            yield month, found.value if isinstance(found.value, date) else None, near
