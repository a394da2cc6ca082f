"""A plan in DuckDB: one statement for the entities, one for each child record with verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from carbonlex.portfolio.compile import Plan
from carbonlex.portfolio.execute import KEYS, GroupRows, grain_of
from carbonlex.portfolio.faces.dialects import DuckDB
from carbonlex.portfolio.faces.sql import Statement
from carbonlex.portfolio.graph import Grain, Node
from carbonlex.portfolio.reading.prepared import ENTITIES
from carbonlex.portfolio.schedule import Schedule

if TYPE_CHECKING:
    import polars as pl

_PLACE = "_place"


def answered(
    plan: Plan, wanted: Mapping[str, Node], order: Schedule, rows: GroupRows
) -> dict[str, pl.DataFrame]:
    """Compute the columns that are wanted of a plan over the rows of its group, in DuckDB.

    Gives what the Polars face gives. The connection is in memory and reaches no file.
    """
    import duckdb
    import polars as pl

    connection = duckdb.connect(config={"enable_external_access": "false"})
    try:
        sources: dict[Grain | None, str] = {None: ENTITIES}
        _view(connection, ENTITIES, rows.entities)
        for child, frame in rows.children.items():
            sources[child] = f"{child.record}_{child.back}_rows"
            connection.register(sources[child], frame.with_row_index(_PLACE).to_arrow())
        statement = Statement(order, DuckDB(), sources)
        outputs: dict[Grain | None, dict[str, Node]] = {None: {}}
        for name, node in wanted.items():
            outputs.setdefault(grain_of(name), {})[name] = node
        found: dict[str, pl.DataFrame] = {}
        for grain, nodes in outputs.items():
            held = (rows.entities if grain is None else rows.children[grain]).columns
            keys = (_PLACE, *(k for k in (*KEYS, "_row") if k in held))
            query = statement.select(grain, keys, nodes)
            frame = pl.DataFrame(connection.sql(query).to_arrow_table())
            wide = [pl.col(n).cast(pl.Int128) for n, node in nodes.items() if node.wide]
            frame = frame.sort(_PLACE).drop(_PLACE).with_columns(wide)
            found[ENTITIES if grain is None else grain.record] = frame
        return found
    finally:
        connection.close()


def _view(connection: Any, name: str, frame: pl.DataFrame) -> None:
    """Make a frame a relation; its 128 bits travel as decimals, which Arrow has."""
    import polars as pl

    wide = [n for n, t in frame.schema.items() if t == pl.Int128]
    table = frame.with_columns(pl.col(wide).cast(pl.Decimal(38, 0))) if wide else frame
    listed = ", ".join(f'CAST("{n}" AS INT128) AS "{n}"' for n in wide)
    connection.register(f"{name}_told", table.with_row_index(_PLACE).to_arrow())
    replaced = f" REPLACE ({listed})" if wide else ""
    connection.execute(f'CREATE VIEW "{name}" AS SELECT *{replaced} FROM "{name}_told"')
