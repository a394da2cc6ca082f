"""A portfolio under two laws: each row judged under both, flips and movements added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from carbonlex.portfolio.adding import GROUPS
from carbonlex.portfolio.flips import Flips, GroupFlips
from carbonlex.portfolio.measures import slot_of
from carbonlex.portfolio.moving import Row, Two, amounts
from carbonlex.portfolio.pairs import (
    FROM,
    PLACE,
    STATES,
    TO,
    concept_pair,
    concepts_of,
    duties_of,
    duty_sums,
    paired,
    put_duty,
    worst,
)
from carbonlex.portfolio.reading.prepared import BAD, ENTITIES, ENTITY, YEAR
from carbonlex.portfolio.rows import ChangedRows
from carbonlex.portfolio.subjects import subjects
from carbonlex.portfolio.totals import REST, Grouping, Key, Refused, in_order
from carbonlex.rulebook.rulebook import Rulebook

if TYPE_CHECKING:
    import polars as pl

CONCEPTS = ("key_emitting_entity", "surrender_obligation")
"""What is compared beside the headline concepts: who is in the market, and what is owed."""


def with_concepts(rulebook: Rulebook, names: Iterable[str] = CONCEPTS) -> Rulebook:
    """Return a rulebook in which concepts of the entity are headlines, so that plans have them.

    >>> import carbonlex
    >>> found = with_concepts(carbonlex.load_rulebook())
    >>> found.vocabulary.terms["surrender_obligation"].headline
    True
    """
    terms = dict(rulebook.vocabulary.terms)
    for name in names:
        if name in terms and terms[name].record == "entity":
            terms[name] = replace(terms[name], headline=True)
    return replace(rulebook, vocabulary=replace(rulebook.vocabulary, terms=terms))


@dataclass
class Comparer:
    """Adds up what differs between two answers of the same rows, batch by batch.

    Kept are only sums, by combination of groups and year, so that memory does not grow with data.
    """

    before: Rulebook
    after: Rulebook
    groupings: Sequence[Grouping]
    _found: dict[tuple[int, int], GroupFlips] = field(default_factory=dict)
    _places: dict[Key, int] = field(default_factory=dict)
    _values: dict[str, set[str]] = field(default_factory=dict)
    _norms: set[str] = field(default_factory=set)
    _refused: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.subjects = (subjects(self.before), subjects(self.after))
        named = dict.fromkeys(c for g in self.groupings for c in g)
        self.by = tuple(c for c in named if c != YEAR)

    def add(self, both: Two, into: ChangedRows | None = None) -> None:
        """Add the rows of one group of a batch; those that differ go `into` a file."""
        self._refuse(both)
        self._cite(both)
        year = both[0].plan.group.year
        places = self._placed(both[0].rows)
        tables: list[tuple[pl.DataFrame, Sequence[str]]] = []
        for table in dict.fromkeys(t for a in both for t in a.frames):
            frame, duties = paired(both, table, places), duties_of(both, table)
            tables.append((frame, duties))
            for duty in duties:
                kinds = amounts(both, frame, duty, self.subjects)
                for row in duty_sums(frame, duty, kinds).iter_rows(named=True):
                    put_duty(row, kinds, self._at(row, year).duty(slot_of(duty)))
                if into is not None:
                    into.duty(frame, table, duty, kinds)
            if table == ENTITIES:
                self._concepts(both, frame, into)
        self._states(places, tables, year)

    def _concepts(self, both: Two, frame: pl.DataFrame, into: ChangedRows | None) -> None:
        year = both[0].plan.group.year
        terms = self.after.vocabulary.terms
        for name in concepts_of(both):
            if terms[name].type not in ("boolean", "number"):
                continue
            concept = concept_pair(both, frame, name, number=terms[name].type == "number")
            for row in concept.sums(frame).iter_rows(named=True):
                concept.put(row, self._at(row, year).concept(name))
            if into is not None:
                into.concept(frame, concept)

    def _states(
        self,
        places: pl.DataFrame,
        tables: Sequence[tuple[pl.DataFrame, Sequence[str]]],
        year: int,
    ) -> None:
        """Count entity-years in breach and open, before and after."""
        import polars as pl

        rows = places.join(worst(tables), on=ENTITY, how="left", maintain_order="left")
        counts = (pl.len().cast(pl.Int64).alias("rows"), pl.col(BAD).sum().cast(pl.Int64))
        states = [pl.col(c).fill_null(0) for c in (FROM, TO)]
        rows = rows.with_columns(states).group_by(PLACE, FROM, TO, maintain_order=True).agg(counts)
        for row in rows.iter_rows(named=True):
            one, other = STATES[row[FROM]], STATES[row[TO]]
            self._at(row, year).count((one, other), row["rows"], row[BAD])

    def _at(self, row: Row, year: int) -> GroupFlips:
        return self._found.setdefault((row[PLACE], year), GroupFlips())

    def _refuse(self, both: Two) -> None:
        rows = both[0].rows.height
        lost = {name: error for a in both for name, error in a.plan.refused.items()}
        for name, error in lost.items():
            self._refused[name, str(error.args[0]), str(error.args[-1])] += rows

    def _cite(self, both: Two) -> None:
        """Note the norms that verdicts rest on."""
        for answer in both:
            for frame in answer.frames.values():
                for name in (n for n in frame.columns if n.endswith(".norm")):
                    codes = frame[name].unique().to_list()
                    self._norms |= {answer.plan.citations[code] for code in codes if code}

    def _placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return entities with the number of their group, those of one key with the same number."""
        import polars as pl

        by = [c for c in self.by if c in rows.columns]
        if not by:
            place = self._place({})
            return rows.select(ENTITY, BAD, pl.lit(place, dtype=pl.Int64).alias(PLACE))
        keys = rows.select(by).unique(maintain_order=True)
        places = [self._place(key) for key in keys.iter_rows(named=True)]
        keys = keys.with_columns(pl.Series(PLACE, places, dtype=pl.Int64))
        found = rows.select(ENTITY, BAD, *by)
        found = found.join(keys, on=by, how="left", nulls_equal=True, maintain_order="left")
        return found.select(ENTITY, BAD, PLACE)

    def _place(self, told: Mapping[str, object]) -> int:
        key = tuple(self._said(c, told.get(c)) for c in self.by)
        return self._places.setdefault(key, len(self._places))

    def _said(self, column: str, value: object) -> str | None:
        """Return a value of what rows are grouped by as text; of free text, only so many."""
        if value is None:
            return None
        choices = list(self.after.vocabulary.terms[column].choices)
        if choices:
            assert isinstance(value, int)
            return choices[value]
        known = self._values.setdefault(column, set())
        if value not in known and len(known) >= GROUPS:
            return REST
        known.add(str(value))
        return str(value)

    def flips(self) -> Flips:
        """Return all that was added."""
        whole = GroupFlips()
        groups: dict[Grouping, dict[Key, GroupFlips]] = {g: {} for g in self.groupings}
        keys = {place: key for key, place in self._places.items()}
        for (place, year), found in self._found.items():
            at = {**dict(zip(self.by, keys[place], strict=True)), YEAR: year}
            whole.add(found)
            for grouping, of in groups.items():
                key: Key = tuple(at[c] for c in grouping)
                of.setdefault(key, GroupFlips()).add(found)
        ordered = {g: {k: of[k] for k in in_order(of)} for g, of in groups.items()}
        refused = tuple(Refused(n, rows, (zh, en)) for (n, zh, en), rows in self._refused.items())
        return Flips(whole, ordered, frozenset(self._norms), refused)
