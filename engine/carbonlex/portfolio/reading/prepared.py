"""What a compiled plan reads: columns it may rely on, batches of prepared frames, problems.

In a prepared frame `entity` is as it was told and `year` Int32. Numbers are scaled integers
(Int64, or Int128 where their bound needs it): value = integer / 10**scale. Days are Int32 since
1970-01-01, choices Int16 places in `list(term.choices)`, lengths of lists (`credits.count`)
Int32. Null is what was not told, or a cell that could not be taken; of the latter the entity is
`_bad`. `_row` is the row in the source, from 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from carbonlex.errors import Code

if TYPE_CHECKING:
    import polars as pl

ENTITIES = "entities"
ENTITY, YEAR, ROW, BAD = "entity", "year", "_row", "_bad"

ColumnKind = Literal["number", "boolean", "date", "choice", "text", "count"]


@dataclass(frozen=True)
class Column:
    """One column as a compiled plan may rely on it.

    Attributes:
        name: as in the prepared frame; in the wide form `units.1.heat_supplied`.
        scale: of numbers: value = integer / 10**scale.
        lo, hi: proved bounds of the integers (scaled numbers, days, places of choices, counts),
            from the data or from the vocabulary; None where nothing is proved.
        nullable: False where it is proved that no row lacks it.
    """

    name: str
    kind: ColumnKind
    scale: int = 0
    lo: int | None = None
    hi: int | None = None
    nullable: bool = True


@dataclass(frozen=True)
class Table:
    """One table as a plan may rely on it: `record` is `entity` or the name of a child record.

    `columns` are by name, without the keys. `most`: of a child table, how many rows one entity
    has of one year at most, rows of bad entities included.
    """

    record: str
    columns: Mapping[str, Column]
    rows: int
    most: int = 0


@dataclass(frozen=True)
class Problem:
    """A cell that could not be taken: `row` counts from 1, `value` is what stands there."""

    table: str
    row: int
    column: str
    code: Code
    value: str


@dataclass(frozen=True)
class Batch:
    """All rows of some entities: every year and every child record of each is in the one batch.

    `frames` are by table name. Rows of `entities` are ordered by entity and year. (entity, year)
    is unique among the rows that are not `_bad`; a repeated key is a problem of its entity, and
    each of its rows stays.
    """

    frames: Mapping[str, pl.DataFrame]
    tables: Mapping[str, Table]
