"""One entity of prepared frames as a case of the reasoner: to explain a row, and to compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.cases.models import NAME
from carbonlex.cases.read import case_from
from carbonlex.model import Case
from carbonlex.portfolio.reading.prepared import ENTITIES, ENTITY, ROW, YEAR, Batch, Column
from carbonlex.rulebook.vocabulary import Vocabulary

if TYPE_CHECKING:
    import polars as pl

_FIRST_DAY = date(1970, 1, 1)
_Row = Mapping[str, Any]
_Facts = dict[str, Any]


def case_of(batch: Batch, entity: int | str, vocabulary: Vocabulary) -> Case:
    """Return all that a batch tells of one entity: its years, and its child records in row order.

    A null cell is not told; so is a cell that could not be taken. Of rows with one key the first
    is read, and none of an impossible year. Raises `LookupError` where there is no such entity.
    """
    import polars as pl

    here = {name: frame.filter(pl.col(ENTITY) == entity) for name, frame in batch.frames.items()}
    for _, case in cases_of(Batch(here, batch.tables), vocabulary):
        return case
    raise LookupError(entity)


def cases_of(batch: Batch, vocabulary: Vocabulary) -> Iterator[tuple[int | str, Case]]:
    """Return the case of each entity of a batch, as `case_of` reads it."""
    rows = {name: _by_entity(frame) for name, frame in batch.frames.items()}
    children = [name for name in batch.tables if name != ENTITIES]
    columns = batch.tables[ENTITIES].columns
    for entity, own in rows[ENTITIES].items():
        always: _Facts = {}
        years: dict[int, _Facts] = {}
        for row in own:
            if row[YEAR] in years or not FIRST_YEAR <= row[YEAR] <= LAST_YEAR:
                continue
            told = years[row[YEAR]] = {}
            for name, value in _facts(row, columns, vocabulary):
                term = vocabulary.terms.get(name, NAME)
                (always if term.period == "always" else told).setdefault(name, value)
            told.update(_wide(row, columns, vocabulary))
        for name in children:
            for child in rows[name].get(entity, ()):
                if child[YEAR] in years:
                    facts = dict(_facts(child, batch.tables[name].columns, vocabulary))
                    years[child[YEAR]].setdefault(name, []).append(facts)
        yield entity, case_from({"entity": always, "year": years}, vocabulary, str(entity))


def _by_entity(frame: pl.DataFrame) -> dict[int | str, list[_Row]]:
    found: dict[int | str, list[_Row]] = {}
    for row in frame.sort(ENTITY, YEAR, ROW).iter_rows(named=True):
        found.setdefault(row[ENTITY], []).append(row)
    return found


def _facts(
    row: _Row, columns: Mapping[str, Column], vocabulary: Vocabulary
) -> Iterator[tuple[str, object]]:
    for name, column in columns.items():
        if "." not in name and row[name] is not None:
            yield name, _value(column, row[name], name, vocabulary)


def _wide(
    row: _Row, columns: Mapping[str, Column], vocabulary: Vocabulary
) -> Iterator[tuple[str, list[_Facts]]]:
    # Where the records stand in rows of their own, only a count of 0 says more than they do.
    facts: dict[str, list[tuple[int, str, str]]] = {}
    for name in columns:
        record, dot, rest = name.partition(".")
        number, dot, fact = rest.partition(".")
        if dot:
            facts.setdefault(record, []).append((int(number), fact, name))
    counts = [(name, row[name]) for name in columns if name.endswith(".count")]
    for name, count in counts:
        record = name.removesuffix(".count")
        if count == 0 or (count is not None and record in facts):
            records: list[_Facts] = [{} for _ in range(count)]
            for n, fact, cell in facts.get(record, ()):
                if n <= count and row[cell] is not None:
                    value = _value(columns[cell], row[cell], fact, vocabulary)
                    records[n - 1][fact] = value
            yield record, records


def _value(column: Column, raw: Any, fact: str, vocabulary: Vocabulary) -> object:
    match column.kind:
        case "number":
            return Fraction(raw, 10**column.scale)
        case "date":
            return _FIRST_DAY + timedelta(days=raw)
        case "choice":
            return [*vocabulary.terms[fact].choices][raw]
    return raw  # a flag or text stands in a frame as it is
