"""The same rows judged under several rulebooks; what they have in common is computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING

from carbonlex.portfolio.compile import Group
from carbonlex.portfolio.execute import gathered, grain_of, grouped, known_on, placed
from carbonlex.portfolio.graph import Node, ordered
from carbonlex.portfolio.judge import Answered, Judge, spoilt, unsure
from carbonlex.portfolio.ledger import Refused
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.reading.prepared import BAD, ENTITIES, ENTITY, ROW, YEAR, Batch
from carbonlex.portfolio.schedule import Schedule, schedule

if TYPE_CHECKING:
    import polars as pl

_KEYS = (ENTITY, YEAR, ROW)
_UNDETERMINED = OUTCOMES.index("undetermined")
_Mark = tuple[str, int]
"""A column whatever the plan: its table, and what is computed."""


class Together:
    """Judges batches under several rulebooks, of one data set and on one day.

    A column that two plans compute alike is computed once: of a reform, or of a figure tried over
    many values, most are. `problems` and `problem_counts` have the rows that cannot be true under
    any of the rulebooks (`portfolio.ledger`); their entities are invalid under all.
    """

    def __init__(self, judges: Sequence[Judge]) -> None:
        self.judges = tuple(judges)
        self._refused = Refused()
        self.problems, self.problem_counts = self._refused.problems, self._refused.counts
        self._number: Callable[[], int] = count().__next__
        self._known: dict[object, int] = {}
        self._marks: dict[tuple[Group, int], Mapping[str, _Mark]] = {}
        self._fresh: dict[tuple[Group, int], tuple[dict[str, Node], Schedule]] = {}

    def answers(
        self, batch: Batch, told: Callable[[int], None] | None = None
    ) -> Iterator[tuple[Answered, ...]]:
        """Yield what the plans answer of a batch, group by group, in the order of the judges.

        Rows of a table are the same in all answers, in the same order. A table with verdicts
        under some rulebooks only is in their answers only. `told` hears how many rows of entities
        have been judged, each time that a plan is done with them.
        """
        first = self.judges[0]
        frames = batch.frames
        by_duties = {frozenset(j.rulebook.duties): j.rulebook for j in reversed(self.judges)}
        for rulebook in reversed(by_duties.values()):  # what is no duty under one is bad under all
            frames = self._refused.refuse(frames, first.available, rulebook)
        frames = known_on(frames, first.asked.on)
        for group, rows in grouped(frames, first.roles):
            held = _Held(group, rows, frames)
            found = []
            for at in range(len(self.judges)):
                found.append(self._answered(at, held))
                if told is not None:
                    told(rows.height)
            yield tuple(found)

    def _answered(self, at: int, held: _Held) -> Answered:
        plan, _, outputs = self.judges[at].plan(held.group)
        marks = self._of(at, held.group, outputs)
        if (held.group, at) not in self._fresh:
            fresh = {n: node for n, node in outputs.items() if marks[n] not in held.columns}
            self._fresh[held.group, at] = fresh, schedule(placed(fresh))
        fresh, order = self._fresh[held.group, at]
        if fresh:
            rows = gathered(held.group, held.rows, fresh, order, held.frames)
            held.take(self.judges[at].face(plan, fresh, order, rows), marks)
        return Answered(plan, held.frames_of(marks), outputs, held.rows, held.frames)

    def _of(self, at: int, group: Group, outputs: Mapping[str, Node]) -> Mapping[str, _Mark]:
        """Return the mark of each output of a plan: equal ones are computed alike."""
        if (group, at) not in self._marks:
            numbers = self._numbered(outputs.values())
            self._marks[group, at] = {
                name: (_table_of(name), self._numbers((numbers[node.id], unsure(name))))
                for name, node in outputs.items()
            }
        return self._marks[group, at]

    def _numbered(self, nodes: Iterable[Node]) -> dict[int, int]:
        """Return a number for each node of a graph: the same for what is computed alike."""
        found: dict[int, int] = {}
        for node in ordered(nodes):
            args = tuple(found[a.id] for a in node.args)
            own = (node.op, args, node.data, node.kind, node.scale, node.lo, node.hi, node.grain)
            found[node.id] = self._numbers(own)
        return found

    def _numbers(self, what: object) -> int:
        if what not in self._known:
            self._known[what] = self._number()
        return self._known[what]


class _Held:
    """The rows of a group, and the columns computed of them so far."""

    def __init__(
        self, group: Group, rows: pl.DataFrame, frames: Mapping[str, pl.DataFrame]
    ) -> None:
        self.group, self.rows, self.frames = group, rows, frames
        self.columns: dict[_Mark, pl.Series] = {}
        self.keys: dict[str, pl.DataFrame] = {}
        self.bad = rows.filter(rows[BAD])[ENTITY].unique()

    def take(self, found: Mapping[str, pl.DataFrame], marks: Mapping[str, _Mark]) -> None:
        """Take the columns that a plan computed."""
        for table, frame in found.items():
            self.keys.setdefault(table, frame.select(k for k in _KEYS if k in frame.columns))
            for name in frame.columns:
                if name in marks:
                    self.columns[marks[name]] = self._spoilt(frame, name)

    def _spoilt(self, frame: pl.DataFrame, name: str) -> pl.Series:
        """Return a column as `Judge` has it: undetermined where a cell could not be taken."""
        if not self.bad.len():
            return frame[name]
        return frame.select(spoilt(name, self.bad)).to_series()

    def frames_of(self, marks: Mapping[str, _Mark]) -> dict[str, pl.DataFrame]:
        """Return the tables of an answer."""
        found: dict[str, list[pl.Series]] = {}
        for name, mark in marks.items():
            found.setdefault(mark[0], []).append(self.columns[mark].alias(name))
        return {table: self.keys[table].hstack(columns) for table, columns in found.items()}


def _table_of(name: str) -> str:
    grain = grain_of(name)
    return ENTITIES if grain is None else grain.record
