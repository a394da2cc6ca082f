"""The tables of a store, for SQLite and for PostgreSQL, and what refuses to change their rows."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import column, table

VERSION = 1
"""The version of these tables and of what an entry may say; a store of a later one is refused.

An argument or a key that entries get is a new version: an older program would take them for a
change that somebody made.
"""

Dialect = Literal["sqlite", "postgresql"]

STORE = table("carbonlex_store", column("version"))
ENTRIES = table(
    "carbonlex_entries",
    *map(column, ("seq", "id", "about", "previous", "hash", "content")),
)
BLOBS = table("carbonlex_blobs", *map(column, ("digest", "size", "packed")))
USES = table("carbonlex_uses", *map(column, ("seq", "digest", "packed")))
TABLES = (STORE.name, ENTRIES.name, BLOBS.name, USES.name)

KINDS = {
    STORE.name: {"version": "integer"},
    ENTRIES.name: {
        "seq": "integer", "id": "text", "about": "text null", "previous": "text", "hash": "text",
        "content": "text",
    },
    BLOBS.name: {"digest": "text", "size": "integer", "packed": "blob"},
    USES.name: {"seq": "integer", "digest": "text", "packed": "text"},
}  # fmt: skip
"""What SQLite calls the types of the values in each column."""

# Written out, and not left to a library to word: a store opens only where its tables are these.
_TABLES = """
CREATE TABLE carbonlex_store (version INTEGER NOT NULL PRIMARY KEY);
CREATE TABLE carbonlex_entries (
  seq BIGINT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  about TEXT REFERENCES carbonlex_entries (id),
  previous TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL UNIQUE,
  content TEXT NOT NULL
);
CREATE TABLE carbonlex_blobs (
  digest TEXT NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL,
  packed BYTES NOT NULL
);
CREATE TABLE carbonlex_uses (
  seq BIGINT NOT NULL REFERENCES carbonlex_entries (seq),
  digest TEXT NOT NULL REFERENCES carbonlex_blobs (digest),
  packed TEXT NOT NULL,
  PRIMARY KEY (seq, digest)
);
"""
_REFUSAL = "records are append-only"
_POSTGRESQL = f"""
CREATE FUNCTION carbonlex_append_only() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$;
"""


def statements(dialect: Dialect) -> tuple[str, ...]:
    """Return what makes the tables of a new store, and the triggers that refuse changes.

    >>> len(statements("sqlite")), len(statements("postgresql"))
    (12, 9)
    """
    made = _TABLES.replace("BYTES", "BLOB" if dialect == "sqlite" else "BYTEA")
    found = [s.strip() for s in made.split(";") if s.strip()]
    if dialect == "postgresql":
        found.append(_POSTGRESQL.strip().removesuffix(";"))
    for name in TABLES:
        found += _sqlite(name) if dialect == "sqlite" else [_postgresql(name)]
    return tuple(found)


def _sqlite(name: str) -> list[str]:
    return [
        f"CREATE TRIGGER {name}_no_{event.lower()} BEFORE {event} ON {name} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        for event in ("UPDATE", "DELETE")
    ]


def _postgresql(name: str) -> str:
    return (
        f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
        "FOR EACH STATEMENT EXECUTE FUNCTION carbonlex_append_only()"
    )
