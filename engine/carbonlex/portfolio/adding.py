"""Answers of plans added up: in columns first, by what rows are grouped by, then exactly.

Only totals are kept, one row for each plan and combination of groups, so that memory does not
grow with the data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonlex.portfolio.compile import Group
from carbonlex.portfolio.judge import Answered
from carbonlex.portfolio.measures import BREACHED, OPEN, Measure, measures, slot_of
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.reading.prepared import BAD, ENTITIES, ENTITY, YEAR
from carbonlex.portfolio.reasons import AND, OUTCOME, SUFFIX
from carbonlex.portfolio.subjects import Slot, Subject
from carbonlex.portfolio.totals import (
    REST,
    Grouping,
    GroupTotals,
    Key,
    Refused,
    Totals,
    in_order,
)
from carbonlex.rulebook.vocabulary import Vocabulary

if TYPE_CHECKING:
    import polars as pl

GROUPS = 1_000
"""How many values of a column of free text are told apart."""

_FEW, _PARTS = 16, 16  # bits of the rows of a batch at least; batches whose sums stand apart
_BREACHED, _UNDETERMINED, _CONFLICT = (
    OUTCOMES.index(o) for o in ("breached", "undetermined", "conflict")
)


@dataclass
class _Sums:
    """The sums of one table under one plan, a row for each combination of groups `by`.

    They stand in parts, each of one batch, and are joined once there are many.
    """

    measures: Sequence[Measure]
    by: Sequence[str]
    parts: list[pl.DataFrame] = field(default_factory=list)
    _columns: dict[int, list[pl.Expr]] = field(default_factory=dict)

    def columns(self, rows: int) -> list[pl.Expr]:
        """Return what is added up of so many rows."""
        most = 1 << max(_FEW, rows.bit_length())
        if most not in self._columns:
            self._columns[most] = [c for m in self.measures for c in m.columns(most)]
        return self._columns[most]

    def add(self, frame: pl.DataFrame) -> None:
        """Add the rows of one batch."""
        columns = self.columns(frame.height)
        if columns and frame.height:
            self.parts.append(_by(frame, self.by, columns))
            if len(self.parts) > _PARTS:
                self.parts = [self.whole()]

    def whole(self) -> pl.DataFrame:
        """Return the sums of all batches."""
        import polars as pl

        if len(self.parts) < 2:
            return self.parts[0] if self.parts else pl.DataFrame()
        found = pl.concat(self.parts)
        return _by(found, self.by, [pl.col(c).sum() for c in found.columns if c not in self.by])


@dataclass
class Adder:
    """Adds answers up. `groupings` are what rows are grouped by, each on its own."""

    subjects: Mapping[Slot, Subject]
    vocabulary: Vocabulary
    groupings: Sequence[Grouping]
    _sums: dict[tuple[Group, str], _Sums] = field(default_factory=dict)
    _values: dict[str, set[str]] = field(default_factory=dict)
    _norms: dict[Slot, Counter[str]] = field(default_factory=dict)
    _reasons: dict[Slot, Counter[str]] = field(default_factory=dict)
    _refused: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    _assumed: Counter[Slot] = field(default_factory=Counter)

    @property
    def by(self) -> tuple[str, ...]:
        """The columns of entities that rows are grouped by; a plan is of one year."""
        named = dict.fromkeys(c for g in self.groupings for c in g)
        return tuple(c for c in named if c != YEAR)

    def add(self, answer: Answered, why: Mapping[str, pl.DataFrame]) -> None:
        """Add the rows of one group; `why` is what `Reasons.of` says of them."""
        rows = answer.rows
        for name, error in answer.plan.refused.items():
            self._refused[name, str(error.args[0]), str(error.args[-1])] += rows.height
        self._count(answer, why)
        keys = rows.select(ENTITY, *[self._grouped(rows, c) for c in self.by if c in rows.columns])
        by = keys.columns[1:]
        for table, frame in answer.frames.items():
            if table == ENTITIES:
                frame = _worst(answer, frame.with_columns(rows[BAD], *keys.get_columns()[1:]))
            elif by:
                once = keys.unique(ENTITY, keep="first", maintain_order=True)
                frame = frame.join(once, on=ENTITY, how="left")
            key = answer.plan.group, table
            if key not in self._sums:
                self._sums[key] = _Sums(measures(answer, table, self.subjects), by)
            self._sums[key].add(frame)

    def _grouped(self, rows: pl.DataFrame, column: str) -> pl.Expr:
        """Return what rows are grouped by: places of choices; of text, only so many values."""
        import polars as pl

        if self.vocabulary.terms[column].choices:
            return pl.col(column)
        known = self._values.setdefault(column, set())
        fresh = sorted(set(rows[column].drop_nulls().unique().to_list()) - known)
        known |= {*fresh[: GROUPS - len(known)]}
        kept = pl.col(column).is_in(sorted(known)) | pl.col(column).is_null()
        return pl.when(kept).then(column).otherwise(pl.lit(REST)).alias(column)

    def _told(self, column: str, value: str | int | None) -> str | int | None:
        """Return the value of a group as people have it."""
        choices = [*self.vocabulary.terms[column].choices]
        return choices[value] if choices and isinstance(value, int) else value

    def _count(self, answer: Answered, why: Mapping[str, pl.DataFrame]) -> None:
        """Count which norms verdicts rest on, and the reasons of those undetermined."""
        for table, frame in answer.frames.items():
            for name in frame.columns:
                duty, dot, last = name.rpartition(".")
                if dot and last == "assumed":
                    self._assumed[slot_of(duty)] += int(frame[name].sum() or 0)
                if not dot or last != "norm":
                    continue
                norms = self._norms.setdefault(slot_of(duty), Counter())
                for code, rows in frame[name].value_counts().iter_rows():
                    if code:
                        norms[answer.plan.citations[code]] += rows
            for name in why[table].columns if table in why else ():
                if not name.endswith(SUFFIX):
                    continue
                reasons = self._reasons.setdefault(slot_of(name.removesuffix(SUFFIX)), Counter())
                for text, rows in why[table][name].drop_nulls().value_counts().iter_rows():
                    for one in text.split(AND):
                        reasons[one] += rows

    def totals(self) -> Totals:
        """Return all that was added."""
        whole = GroupTotals()
        groups: dict[Grouping, dict[Key, GroupTotals]] = {g: {} for g in self.groupings}
        for (group, _), sums in self._sums.items():
            for row in sums.whole().iter_rows(named=True):
                place = {c: self._told(c, row.get(c)) for c in self.by} | {YEAR: group.year}
                into = [whole]
                for grouping, found in groups.items():
                    key = tuple(place[c] for c in grouping)
                    into.append(found.setdefault(key, GroupTotals()))
                for one in into:
                    for measure in sums.measures:
                        measure.put(row, one)
        ordered = {g: {k: of[k] for k in in_order(of)} for g, of in groups.items()}
        refused = tuple(Refused(n, rows, (zh, en)) for (n, zh, en), rows in self._refused.items())
        assumed = {slot: rows for slot, rows in self._assumed.items() if rows}
        return Totals(whole, ordered, self._norms, self._reasons, refused, assumed)


def _worst(answer: Answered, rows: pl.DataFrame) -> pl.DataFrame:
    """Mark the rows of entities that have a breach, and those that have none and are open."""
    import polars as pl

    broken, open_ones = _verdicts(rows)
    for table, frame in answer.frames.items():
        if table == ENTITIES:
            continue
        # Of child records it is found who has such a one: most entities have none.
        theirs = [
            pl.col(ENTITY).is_in(frame.filter(of)[ENTITY].unique().implode())
            for of in _verdicts(frame)
        ]
        broken, open_ones = broken | theirs[0], open_ones | theirs[1]
    if rows[BAD].any() and rows[ENTITY].filter(rows[BAD]).is_duplicated().any():
        # Others have one row of a year.
        broken, open_ones = broken.any().over(ENTITY), open_ones.any().over(ENTITY)
    return rows.with_columns(broken.alias(BREACHED), (open_ones & ~broken).alias(OPEN))


def _verdicts(frame: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """Return which rows have a breach, and which have something open."""
    import polars as pl

    verdicts = [pl.col(n) for n in frame.columns if n.endswith(OUTCOME)]
    if not verdicts:
        return pl.lit(False), pl.lit(False)
    return (
        pl.any_horizontal(v == _BREACHED for v in verdicts),
        pl.any_horizontal(v.is_in([_UNDETERMINED, _CONFLICT]) for v in verdicts),
    )


def _by(frame: pl.DataFrame, by: Sequence[str], columns: Iterable[pl.Expr]) -> pl.DataFrame:
    return frame.group_by(by).agg(columns) if by else frame.select(columns)
