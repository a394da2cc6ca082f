"""The tables that data of many entities may have, as the vocabulary declares them.

One table for the entities, a row per entity and compliance year, and one for each kind of child
record, a row per record. Only the keys are required: what a table does not have was not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from carbonlex.cases.models import NAME
from carbonlex.ledger.movements import RECORD as MOVEMENTS
from carbonlex.model import Label
from carbonlex.portfolio.reading.prepared import ENTITIES, ENTITY, YEAR
from carbonlex.quantities import plain
from carbonlex.rulebook.vocabulary import Period, RecordType, Term, TermType, Vocabulary

COUNT = ".count"
MAX_PRECISION = 38  # of a DECIMAL, in every engine

ColumnType = TermType | Literal["integer"]

_ENTITY = Label("单位编号", "identifier of the entity")
_YEAR = Label("履约年度", "compliance year")
_ENTITIES = Label("单位的年度", "entities by compliance year")


@dataclass(frozen=True)
class ColumnSchema:
    """One column that a table may have; without `required` a table may do without it.

    `unit`, `decimals`, `minimum` and `maximum` are of numbers: what a cell must keep to.
    `period` `always`: the rows of an entity must agree. `choices`: the codes that a cell may hold.
    """

    name: str
    type: ColumnType
    label: Label
    unit: str = ""
    decimals: int = 0
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    choices: Mapping[str, Label] = field(default_factory=dict)
    attester: Label | None = None
    period: Period = "year"
    required: bool = False

    @property
    def sql(self) -> str:
        """The type of the column in DuckDB and in Parquet.

        >>> ends = {"minimum": Fraction(0), "maximum": Fraction(1000)}
        >>> ColumnSchema("x", "number", Label("", ""), decimals=2, **ends).sql
        'DECIMAL(6, 2)'
        """
        match self.type:
            case "number":
                return f"DECIMAL({self._precision}, {self.decimals})"
            case "boolean" | "date" | "integer":
                return self.type.upper()
        return "VARCHAR"

    @property
    def _precision(self) -> int:
        if self.minimum is None or self.maximum is None:
            return MAX_PRECISION
        widest = max(abs(self.minimum), abs(self.maximum))
        return min(MAX_PRECISION, len(str(int(widest))) + self.decimals)


@dataclass(frozen=True)
class TableSchema:
    """One table: of a record, with its columns by name in the order of the vocabulary.

    `max_count`: how many rows one entity may have of one year; 0: any number. For `entities`
    one, by its keys.
    """

    record: str
    label: Label
    columns: Mapping[str, ColumnSchema]
    max_count: int = 0
    sectors: tuple[str, ...] = ()

    @property
    def wide(self) -> bool:
        """Whether its rows may stand in columns of `entities` instead.

        Movements may not: those after the day asked are left out row by row.
        """
        return self.record not in ("entity", MOVEMENTS)


def tables(vocabulary: Vocabulary) -> Mapping[str, TableSchema]:
    """Return every table that data may have, by name: `entities`, and one per child record."""
    children = [r for r in vocabulary.records.values() if r.name != "entity" and not r.enactment]
    counts = {f"{r.name}{COUNT}": _count(r) for r in children}
    name = ColumnSchema(NAME.name, "text", NAME.label, period="always")
    found = {ENTITIES: _table(vocabulary, "entity", _ENTITIES, {NAME.name: name}, counts)}
    for kind in children:
        found[kind.name] = _table(vocabulary, kind.name, kind.label, {}, {}, kind)
    return found


def json_schema(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the tables as a JSON document: types in SQL, units, ranges as exact decimal text.

    `wide` of a child table is the form in which its columns may stand in `entities` instead.
    """
    return {
        "keys": [ENTITY, YEAR],
        "null": {"zh": "空即未告知", "en": "null is not told"},
        "tables": {name: _document(name, table) for name, table in tables(vocabulary).items()},
    }


def ddl(vocabulary: Vocabulary, dialect: str = "duckdb") -> str:
    """Return CREATE TABLE statements, each column with its label and unit as a comment."""
    from sqlglot import exp

    def column(of: ColumnSchema) -> exp.ColumnDef:
        only = [exp.ColumnConstraint(kind=exp.NotNullColumnConstraint())] if of.required else []
        name = exp.to_identifier(of.name, quoted=True)
        node = exp.ColumnDef(this=name, kind=exp.DataType.build(of.sql), constraints=only)
        node.add_comments([" · ".join(filter(None, (of.label.zh, of.label.en, of.unit)))])
        return node

    statements = []
    for name, table in tables(vocabulary).items():
        parts: list[exp.Expression] = [column(of) for of in table.columns.values()]
        if name == ENTITIES:
            keys = [exp.to_identifier(key, quoted=True) for key in (ENTITY, YEAR)]
            parts.append(exp.PrimaryKey(expressions=keys))
        shape = exp.Schema(
            this=exp.Table(this=exp.to_identifier(name, quoted=True)), expressions=parts
        )
        statements.append(exp.Create(this=shape, kind="TABLE").sql(dialect, pretty=True) + ";")
    return "\n\n".join(statements) + "\n"


def _table(
    vocabulary: Vocabulary,
    record: str,
    label: Label,
    before: Mapping[str, ColumnSchema],
    after: Mapping[str, ColumnSchema],
    kind: RecordType | None = None,
) -> TableSchema:
    keys = {
        ENTITY: ColumnSchema(ENTITY, "text", _ENTITY, required=True),
        YEAR: ColumnSchema(YEAR, "integer", _YEAR, required=True),
    }
    told = {t.name: _column(t) for t in vocabulary.of_record(record) if t.tellable}
    columns = keys | dict(before) | told | dict(after)
    if kind is None:
        return TableSchema(record, label, columns)
    return TableSchema(record, label, columns, kind.max_count, kind.sectors)


def _column(term: Term) -> ColumnSchema:
    return ColumnSchema(
        name=term.name,
        type=term.type,
        label=term.label,
        unit=term.unit,
        decimals=term.decimals,
        minimum=term.minimum,
        maximum=term.maximum,
        choices=term.choices,
        attester=term.attester,
        period=term.period,
    )


def _count(kind: RecordType) -> ColumnSchema:
    most = Fraction(kind.max_count) if kind.max_count else None
    label = Label(f"{kind.label.zh}条数（0 即没有）", f"number of {kind.label.en} (0: none)")
    return ColumnSchema(f"{kind.name}{COUNT}", "integer", label, minimum=Fraction(0), maximum=most)


def _document(name: str, table: TableSchema) -> dict[str, Any]:
    said: dict[str, Any] = {"record": table.record, "label": _both(table.label)}
    if table.max_count:
        said["max_count"] = table.max_count
    if table.sectors:
        said["sectors"] = [*table.sectors]
    if table.wide:
        said["wide"] = f"{name}.<n>.<column>, {name}{COUNT}"
    return said | {"columns": [dict(_told(column)) for column in table.columns.values()]}


def _told(column: ColumnSchema) -> Iterator[tuple[str, Any]]:
    yield "name", column.name
    yield "type", column.type
    yield "sql", column.sql
    yield "required", column.required
    yield "label", _both(column.label)
    if column.type == "number":
        yield "unit", column.unit
        yield "decimals", column.decimals
    for key, bound in (("min", column.minimum), ("max", column.maximum)):
        if bound is not None:
            yield key, plain(bound)
    if column.choices:
        yield "choices", {code: _both(label) for code, label in column.choices.items()}
    if column.attester is not None:
        yield "attester", _both(column.attester)
    if column.period == "always":
        yield "period", column.period


def _both(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}
