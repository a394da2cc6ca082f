"""One entity of prepared frames as a case of the reasoner: to explain a row, and to compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

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
    is read. Raises `LookupError` where the batch has no such entity.
    """
    told: dict[int, _Row] = {}
    for row in _rows(batch.frames[ENTITIES], entity):
        told.setdefault(row[YEAR], row)
    if not told:
        raise LookupError(entity)
    columns = batch.tables[ENTITIES].columns
    always: _Facts = {}
    years: dict[str, _Facts] = {str(year): {} for year in told}
    for year, row in told.items():
        for name, value in _facts(row, columns, vocabulary):
            term = vocabulary.terms.get(name, NAME)
            (always if term.period == "always" else years[str(year)]).setdefault(name, value)
        years[str(year)].update(_wide(row, columns, vocabulary))
    for name, table in batch.tables.items():
        for child in _rows(batch.frames[name], entity) if name != ENTITIES else ():
            if child[YEAR] in told:
                facts = dict(_facts(child, table.columns, vocabulary))
                years[str(child[YEAR])].setdefault(name, []).append(facts)
    return case_from({"entity": always, "year": years}, vocabulary, str(entity))


def _rows(frame: pl.DataFrame, entity: int | str) -> Sequence[_Row]:
    import polars as pl

    return frame.filter(pl.col(ENTITY) == entity).sort(YEAR, ROW).to_dicts()


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
