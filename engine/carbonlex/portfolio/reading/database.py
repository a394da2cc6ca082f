"""A DuckDB file, its base tables copied in bounded pieces to Parquet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonlex.cases.formats import fail
from carbonlex.cases.models import shown
from carbonlex.errors import ContentError, Location
from carbonlex.portfolio.reading.sources import (
    Progress,
    Scratch,
    Source,
    guarded,
    parquet_source,
    unknown_table,
)

if TYPE_CHECKING:
    import duckdb

_PIECE = 100_000
# What came from a stranger reads no other file, loads no code and asks no network.
_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_unsigned_extensions": "false",
    "python_enable_replacements": "false",
    "lock_configuration": "true",
}


def database_sources(
    path: Path, file: str, tables: Collection[str], scratch: Scratch, progress: Progress | None
) -> dict[str, Source]:
    """Return the tables of a DuckDB file that bear the names of the vocabulary.

    Tables of quite other names are left alone; one that is nearly named like ours, and a view
    in a table's place, raise `ContentError`.
    """
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True, config=_CONFIG) as base:
            kinds = _kinds(base)
            _refuse(kinds, tables, file)
            for table in (name for name in tables if name in kinds):
                _copy(base, table, scratch.file(table), file, progress)
    except duckdb.Error as error:
        said = shown(" ".join(str(error).split()))
        hint = ("检查文件与 DuckDB 版本", "check the file, and the version of DuckDB")
        fail(
            "file-unreadable",
            (f"无法读取：{said}", f"cannot be read: {said}"),
            hint,
            Location(file),
        )
    places = {name: f"{file}#{name}" for name in tables if name in kinds}
    return {name: parquet_source(name, scratch.file(name), at) for name, at in places.items()}


def _kinds(base: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    told = base.execute(
        "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'main'"
    )
    return dict(told.fetchall())


def _refuse(kinds: Mapping[str, str], tables: Collection[str], file: str) -> None:
    from difflib import get_close_matches

    others = [name for name in kinds if name not in tables]
    near = [name for name in others if get_close_matches(name, tables, 1, 0.8)]
    if near:
        raise ContentError(tuple(unknown_table(name, tables, file) for name in near[:50]))
    for name in tables:
        if kinds.get(name, "BASE TABLE") != "BASE TABLE":
            words = (f"{name} 是视图，不予执行", f"{name} is a view, and none is run")
            hint = (f"CREATE TABLE {name} AS …", f"CREATE TABLE {name} AS …")
            fail("record-malformed", words, hint, Location(f"{file}#{name}"))


def _copy(
    base: duckdb.DuckDBPyConnection,
    table: str,
    kept: Path,
    file: str,
    progress: Progress | None,
) -> None:
    import pyarrow.parquet as pq

    pieces: Any = base.sql(_select(base, table)).to_arrow_reader(_PIECE)
    done, schema = 0, pieces.schema
    with guarded(f"{file}#{table}"), pq.ParquetWriter(kept, schema, compression="lz4") as writer:
        for piece in pieces:
            writer.write_batch(piece)
            done += piece.num_rows
            if progress is not None:
                progress(table, done, 0)


def _select(base: duckdb.DuckDBPyConnection, table: str) -> str:
    # Arrow has no integer of 128 bits: DuckDB would hand it over as a double.
    told = base.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = 'main' AND table_name = ? ORDER BY ordinal_position",
        [table],
    )
    parts = [
        f"CAST({_quoted(name)} AS DECIMAL(38, 0)) AS {_quoted(name)}"
        if kind in ("HUGEINT", "UHUGEINT")
        else _quoted(name)
        for name, kind in told.fetchall()
    ]
    return f"SELECT {', '.join(parts)} FROM main.{_quoted(table)}"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
