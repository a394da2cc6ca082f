"""Made-up cases as rows of the tables of a dataset, and as Parquet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

from carbonlex.rulebook.vocabulary import RecordType, Vocabulary

Cell: TypeAlias = bool | int | Decimal | date | str | None
Row: TypeAlias = dict[str, Cell]


@dataclass(frozen=True)
class CaseData:
    """One entity: as a case file tells it, and as rows of the tables of a dataset."""

    entity: int | str
    tree: Mapping[str, Any]
    tables: Mapping[str, tuple[Row, ...]]


def lists_of(vocabulary: Vocabulary) -> dict[str, RecordType]:
    """Return the child records that a case may tell of."""
    return {
        name: kind
        for name, kind in vocabulary.records.items()
        if name != "entity" and not kind.enactment
    }


def in_rows(
    entity: int | str, tree: Mapping[str, Any], vocabulary: Vocabulary, counted: Collection[object]
) -> CaseData:
    """Return a case with its rows.

    A list that is told as empty has a count; of others those have one whose (year, record) is in
    `counted`.
    """
    found: dict[str, list[Row]] = {"entities": []}
    for year, told in tree["year"].items():
        keys: Row = {"entity": entity, "year": int(year)}
        row = {**keys, **tree["entity"]}
        for name, value in told.items():
            if name not in lists_of(vocabulary):
                row[name] = value
                continue
            if not value or (year, name) in counted:
                row[f"{name}.count"] = len(value)
            found.setdefault(name, []).extend({**keys, **child} for child in value)
        found["entities"].append(row)
    return CaseData(entity, tree, {name: tuple(rows) for name, rows in found.items()})


def tables(
    cases: Sequence[CaseData], vocabulary: Vocabulary, *, wide: Collection[str] = ()
) -> dict[str, list[Row]]:
    """Return the rows of every table, each with the columns of all.

    Child records in `wide` have no table: they stand in columns of their entity.
    """
    found: dict[str, list[Row]] = {}
    for table in ("entities", *(name for name in lists_of(vocabulary) if name not in wide)):
        rows = [row for case in cases for row in case.tables.get(table, ())]
        if table == "entities" and wide:
            rows = [_widened(case, row, wide) for case in cases for row in case.tables[table]]
        columns = _columns(vocabulary, table)
        more = dict.fromkeys(c for row in rows for c in row if c not in columns)
        found[table] = [{c: row.get(c) for c in (*columns, *more)} for row in rows]
    return found


def write_dataset(
    folder: Path,
    cases: Sequence[CaseData],
    vocabulary: Vocabulary,
    *,
    wide: Collection[str] = (),
) -> None:
    """Write cases as Parquet, one file a table; numbers are DECIMAL of the declared decimals."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables(cases, vocabulary, wide=wide).items():
        columns = {}
        for column in rows[0] if rows else _columns(vocabulary, name):
            kind = _arrow(vocabulary, column, cases)
            columns[column] = pa.array([row[column] for row in rows], kind)
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")


def _columns(vocabulary: Vocabulary, table: str) -> list[str]:
    record = "entity" if table == "entities" else table
    return ["entity", "year", *(t.name for t in vocabulary.of_record(record) if t.tellable)]


def _widened(case: CaseData, row: Row, wide: Collection[str]) -> Row:
    """Return a row of an entity with its child records in columns of its own."""
    found = dict(row)
    told = case.tree["year"][str(row["year"])]
    for record in (r for r in wide if r in told):
        found[f"{record}.count"] = len(told[record])
        for at, child in enumerate(told[record], 1):
            found |= {f"{record}.{at}.{name}": value for name, value in child.items()}
    return found


def _arrow(vocabulary: Vocabulary, column: str, cases: Sequence[CaseData]) -> Any:
    """Return the Arrow type of a column."""
    import pyarrow as pa

    name = column.rpartition(".")[2]
    if name in ("year", "count"):
        return pa.int32()
    if name == "entity":
        return pa.int64() if isinstance(cases[0].entity, int) else pa.string()
    term = vocabulary.terms[name]
    if term.type != "number":
        return {"boolean": pa.bool_(), "date": pa.date32()}.get(term.type, pa.string())
    ends = [abs(e) for e in (term.minimum, term.maximum) if e is not None]
    whole = len(str(int(max(ends)))) if len(ends) == 2 else 12
    return pa.decimal128(whole + term.decimals, term.decimals)
