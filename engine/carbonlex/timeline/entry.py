"""Entries of a calendar: what falls on which day, or why its day is not known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from carbonlex.model import Grade, Label
from carbonlex.reasoner.needs import Sets
from carbonlex.words.sentences import Cite

Nature = Literal["duty", "prohibition", "right", "limit"]
Actor = Literal["entity", "authority"]
Status = Literal["overdue", "due", "open", "undetermined", "passed", "done"]
Reason = Literal["missing", "unissued", "unpublished", "open"]
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Undated:
    """Why a day is not known, and what would settle it.

    Attributes:
        reason: facts are `missing`; a parameter is `unissued` (or its value is not held); the
            working days of a year are `unpublished`; or the day stays `open` for another
            reason, such as norms that differ.
        needs: sets of facts of which any one would settle it, smallest first.
        parameters: full names of the parameters without a value.
    """

    reason: Reason
    needs: Sets = ()
    parameters: tuple[str, ...] = ()


@dataclass(frozen=True)
class Local:
    """That a day is a local one: who orders it, where that is said, and the national day."""

    overlay: str
    region: Label
    source: str
    national: date | None


@dataclass(frozen=True)
class Entry:
    """One line of a calendar.

    Attributes:
        key: names the entry whatever its day is: `duty/surrender/2025`, with the month or the
            place of a child record at its end.
        answers: the duty; for a right or a limit of the authority, what it is about.
        year, month, index: compliance year; month (0: none); child record (-1: the root).
        nature: a `duty` or `prohibition`, which are judged; a `right` that lapses; a time
            `limit` of the authority, which is shown and not judged.
        until: whether the day is the last of something that lasts.
        status: `passed` is a day gone by on which nothing is judged; `open` may still be used,
            or still binds.
        needs: what would settle an undetermined status.
        presumed: whether it is done by presumption alone, nothing being told of it.
        told: whether the case tells of the year and record; if not, the entry does not count
            for the exit code.
    """

    key: str
    answers: str
    what: Label
    year: int
    nature: Nature
    actor: Actor
    status: Status
    day: date | None
    days_left: int | None
    grade: Grade
    norm: str = ""
    cites: tuple[Cite, ...] = ()
    month: int = 0
    index: int = -1
    until: bool = False
    undated: Undated | None = None
    needs: Sets = ()
    local: Local | None = None
    presumed: bool = False
    told: bool = True

    @property
    def judged(self) -> bool:
        """Whether it is a duty or prohibition of the entity under national law."""
        return self.nature in ("duty", "prohibition") and self.local is None


@dataclass(frozen=True)
class Timeline:
    """The calendar of one case as of a day: dated entries in order, then those without a day.

    `added_years` are compliance years of which the case tells nothing, set up because they
    run or are asked for; `presumed` the presumptions used, as (fact, year).
    """

    case_name: str
    asked_on: date
    readings: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    added_years: tuple[int, ...]
    presumed: tuple[tuple[str, int], ...]
    rulebook_digest: str
    case_digest: str
    engine: str

    @property
    def overdue(self) -> tuple[Entry, ...]:
        """Everything overdue, whenever it was due."""
        return tuple(e for e in self.entries if e.status == "overdue")

    @property
    def soon(self) -> tuple[Entry, ...]:
        """What falls within the next 60 days and is not done."""
        last = self.asked_on + SOON
        return tuple(
            e
            for e in self.entries
            if e.day is not None
            and self.asked_on <= e.day <= last
            and e.status not in ("done", "overdue")
        )

    @property
    def undated(self) -> tuple[Entry, ...]:
        """Everything whose day is not known."""
        return tuple(e for e in self.entries if e.day is None)

    def of_year(self, year: int) -> tuple[Entry, ...]:
        """Return the entries whose day lies in a calendar year; not the compliance year."""
        return tuple(e for e in self.entries if e.day is not None and e.day.year == year)

    @property
    def exit_code(self) -> int:
        """1 where a duty told of is overdue, 3 where one is undetermined, else 0."""
        found = {e.status for e in self.entries if e.judged and e.told}
        if "overdue" in found:
            return 1
        return 3 if "undetermined" in found else 0
