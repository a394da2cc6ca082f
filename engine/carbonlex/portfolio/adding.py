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
from carbonlex.portfolio.execute import ENTITIES
from carbonlex.portfolio.judge import Answered
from carbonlex.portfolio.measures import BREACHED, OPEN, Measure, measures, slot_of
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.reading.prepared import BAD, ENTITY, YEAR
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

_BREACHED, _UNDETERMINED, _CONFLICT = (
    OUTCOMES.index(o) for o in ("breached", "undetermined", "conflict")
)


@dataclass
class _Sums:
    """The sums of one table under one plan, a row for each combination of groups."""

    measures: Sequence[Measure]
    frame: pl.DataFrame


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

    @property
    def by(self) -> tuple[str, ...]:
        """The columns of entities that rows are grouped by; a plan is of one year."""
        named = dict.fromkeys(c for g in self.groupings for c in g)
        return tuple(c for c in named if c != YEAR)

    def add(self, answer: Answered, why: Mapping[str, pl.DataFrame]) -> None:
        """Add the rows of one group; `why` is what `Reasons.of` says of them."""
        import polars as pl

        rows = answer.rows
        for name, error in answer.plan.refused.items():
            self._refused[name, str(error.args[0]), str(error.args[-1])] += rows.height
        self._count(answer, why)
        keys = rows.select(ENTITY, BAD, *[self._grouped(rows, c) for c in self.by])
        once = keys.unique(ENTITY, keep="first", maintain_order=True)
        for table, frame in answer.frames.items():
            if table == ENTITIES:
                frame = pl.concat([frame, keys.drop(ENTITY)], how="horizontal")
                frame = frame.join(_worst(answer), on=ENTITY, how="left")
            else:
                frame = frame.join(once, on=ENTITY, how="left")
            self._put(answer, table, frame)

    def _put(self, answer: Answered, table: str, frame: pl.DataFrame) -> None:
        import polars as pl

        key = answer.plan.group, table
        if key not in self._sums:
            self._sums[key] = _Sums(measures(answer, table, self.subjects), pl.DataFrame())
        sums = self._sums[key]
        columns = [c for m in sums.measures for c in m.columns()]
        if not columns or not frame.height:
            return
        found = _by(frame, self.by, columns)
        if sums.frame.height:
            again = [pl.col(c).sum() for c in found.columns if c not in self.by]
            found = _by(pl.concat([sums.frame, found]), self.by, again)
        sums.frame = found

    def _grouped(self, rows: pl.DataFrame, column: str) -> pl.Expr:
        """Return what rows are grouped by as text; of free text, only so many values."""
        import polars as pl

        if column not in rows.columns:
            return pl.lit(None, dtype=pl.String).alias(column)
        choices = list(self.vocabulary.terms[column].choices)
        if choices:
            codes = list(range(len(choices)))
            text = pl.col(column).replace_strict(
                codes, choices, default=None, return_dtype=pl.String
            )
            return text.alias(column)
        known = self._values.setdefault(column, set())
        fresh = sorted(set(rows[column].drop_nulls().unique().to_list()) - known)
        known |= {*fresh[: GROUPS - len(known)]}
        kept = pl.col(column).is_in(sorted(known)) | pl.col(column).is_null()
        return pl.when(kept).then(column).otherwise(pl.lit(REST)).alias(column)

    def _count(self, answer: Answered, why: Mapping[str, pl.DataFrame]) -> None:
        """Count which norms verdicts rest on, and the reasons of those undetermined."""
        for table, frame in answer.frames.items():
            for name in frame.columns:
                duty, dot, last = name.rpartition(".")
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
            for row in sums.frame.iter_rows(named=True):
                place = {**{c: row[c] for c in self.by}, YEAR: group.year}
                into = [whole]
                for grouping, found in groups.items():
                    key = tuple(place[c] for c in grouping)
                    into.append(found.setdefault(key, GroupTotals()))
                for one in into:
                    for measure in sums.measures:
                        measure.put(row, one)
        ordered = {g: {k: of[k] for k in in_order(of)} for g, of in groups.items()}
        refused = tuple(Refused(n, rows, (zh, en)) for (n, zh, en), rows in self._refused.items())
        return Totals(whole, ordered, self._norms, self._reasons, refused)


def _worst(answer: Answered) -> pl.DataFrame:
    """Return of each entity whether it has a breach, and whether it has none and is open."""
    import polars as pl

    parts = []
    for frame in answer.frames.values():
        verdicts = [pl.col(n) for n in frame.columns if n.endswith(OUTCOME)]
        broken = [v == _BREACHED for v in verdicts] or [pl.lit(False)]
        open_ones = [v.is_in([_UNDETERMINED, _CONFLICT]) for v in verdicts] or [pl.lit(False)]
        parts.append(
            frame.select(
                ENTITY,
                pl.any_horizontal(broken).alias(BREACHED),
                pl.any_horizontal(open_ones).alias(OPEN),
            )
        )
    found = pl.concat(parts).group_by(ENTITY).agg(pl.col(BREACHED).any(), pl.col(OPEN).any())
    return found.with_columns(pl.col(OPEN) & ~pl.col(BREACHED))


def _by(frame: pl.DataFrame, by: Sequence[str], columns: Iterable[pl.Expr]) -> pl.DataFrame:
    return frame.group_by(by).agg(columns) if by else frame.select(columns)
