"""A store of records: read in one transaction, written in one, and only ever added to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Engine, Select, func, insert, select, text

from carbonlex.records.canonical import digest_of
from carbonlex.records.connect import WRITING, engine_of, is_there, located, make_file, stated
from carbonlex.records.entry import GENESIS, Entry, Use, chained
from carbonlex.records.faults import refuse_altered, refuse_record, refuse_store
from carbonlex.records.packing import Damaged, pack, unpack
from carbonlex.records.schema import (
    BLOBS,
    ENTRIES,
    STORE,
    TABLES,
    USES,
    VERSION,
    Dialect,
    statements,
)

_LOCK = 7_021_953_200_601
"""The advisory lock under which a database takes one entry after the other."""

_LEAST = 4
_FEW, _SOME = 100, 20
LAST = "last"
"""What may be written for the id of the last run."""


@dataclass(frozen=True)
class Head:
    """The end of a chain: all that was written before hangs on its hash. Empty: seq 0."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Reading:
    """A store as it was at one moment."""

    connection: Connection
    place: str

    def head(self) -> Head:
        """Return the end of the chain."""
        rows = select(ENTRIES.c.seq, ENTRIES.c.hash).order_by(ENTRIES.c.seq.desc()).limit(1)
        found = self.connection.execute(rows).first()
        if found is None:
            return Head(0, GENESIS)
        self._texts(found[0], found[1])
        return Head(*found)

    def entries(self, about: str | None = None, *, judged: bool = True) -> Iterator[Entry]:
        """Return the entries in their order; `about`: those about one record.

        Refuses one that is not what was written, unless it is not to be `judged`.
        """
        rows = select(ENTRIES).order_by(ENTRIES.c.seq)
        if about is not None:
            rows = rows.where(ENTRIES.c.about == about)
        for entry in self._entries(rows):
            if judged and not entry.sound:
                refuse_altered(self.place, _altered(entry))
            yield entry

    def entry(self, told: str) -> Entry:
        """Return the run of an id or the beginning of one, `last` the newest, or refuse."""
        name = told.strip().lower()
        if name == LAST:
            found = self._last()
        elif len(name) < _LEAST or set(name) - set("0123456789abcdef"):
            words = (
                f"“{told[:80]}”不是记录编号（十六进制，至少 {_LEAST} 位）",
                f"'{told[:80]}' is no id of a record (hexadecimal, {_LEAST} digits or more)",
            )
            refuse_record(told[:80], words)
        else:
            rows = select(ENTRIES).where(ENTRIES.c.id.startswith(name)).limit(2)
            found = [*self._entries(rows)]
            if found and not found[0].sound:
                refuse_altered(self.place, _altered(found[0]))
        if len(found) != 1 or found[0].told["kind"] != "run":
            words = ("库中没有这条记录", "the store has no such record")
            if len(found) > 1:
                words = ("不止一条记录以此开头", "more than one record begins so")
            refuse_record(told[:80], words)
        return found[0]

    def _last(self) -> list[Entry]:
        """Return the newest run, if any, without reading the whole store."""
        before = self.head().seq + 1
        newest = select(ENTRIES).order_by(ENTRIES.c.seq.desc()).limit(_SOME)
        while found := [*self._entries(newest.where(ENTRIES.c.seq < before))]:
            for entry in found:
                if not entry.sound:
                    refuse_altered(self.place, _altered(entry))
                if entry.told["kind"] == "run":
                    return [entry]
            before = found[-1].seq
        return []

    def _entries(self, rows: Select[Any]) -> Iterator[Entry]:
        found = self.connection.execute(rows).all()
        few = len(found) < _FEW
        mine = select(USES.c.seq, USES.c.digest, USES.c.packed)
        if few:
            mine = mine.where(USES.c.seq.in_([row.seq for row in found]))
        uses: dict[int, list[Use]] = {}
        for seq, digest, packed in self.connection.execute(mine):
            self._texts(seq, digest, packed)
            uses.setdefault(seq, []).append(Use(digest, packed))
        for r in found:
            self._texts(r.seq, r.id, r.previous, r.hash, r.content, r.about or "")
            used = tuple(sorted(uses.get(r.seq, ())))
            yield Entry(r.seq, r.id, r.about, r.previous, r.hash, r.content, used)

    def _texts(self, seq: object, *texts: object) -> None:
        """Refuse a row of other types: SQLite keeps any value in any column."""
        if not isinstance(seq, int) or not all(isinstance(t, str) for t in texts):
            words = (f"第 {seq!r} 条的值类型不合", f"entry {seq!r}: a value of another type")
            refuse_altered(self.place, words)

    def packed(self, digest: str) -> tuple[bytes, int]:
        """Return a file as it is stored, and its size; raises `KeyError`, or `Damaged`."""
        rows = select(BLOBS.c.packed, BLOBS.c.size).where(BLOBS.c.digest == digest)
        found = self.connection.execute(rows).first()
        if found is None:
            raise KeyError(digest)
        if not isinstance(found[0], bytes | memoryview) or not isinstance(found[1], int):
            raise Damaged("type")
        return bytes(found[0]), found[1]

    def blob(self, digest: str) -> bytes:
        """Return the bytes of a digest, or refuse where they are not those."""
        try:
            packed, size = self.packed(digest)
            data = unpack(packed, size)
        except (KeyError, Damaged):
            data = b""
        if digest_of(data) != digest:
            short = digest[:12]
            refuse_altered(self.place, (f"文件 {short} 已改动或缺失", f"file {short} was changed"))
        return data

    def digests(self) -> tuple[str, ...]:
        """Return the digests of all files, sorted."""
        rows = self.connection.execute(select(BLOBS.c.digest)).scalars().all()
        self._texts(0, *rows)
        return tuple(rows)


def _altered(entry: Entry) -> tuple[str, str]:
    return (f"记录 {entry.short} 已改动", f"record {entry.short} was changed")


@dataclass(frozen=True)
class Writing(Reading):
    """A store whose turn it is to be written: nobody else can, until it is done."""

    def append(self, content: str, blobs: Mapping[str, bytes], about: str | None) -> Entry:
        """Add an entry, canonical JSON, with the files that it uses; those held are kept once."""
        uses = tuple(self._use(digest, data) for digest, data in sorted(blobs.items()))
        head = self.head()
        entry = chained(head.seq + 1, content, about, head.hash, uses)
        columns = ("seq", "id", "about", "previous", "hash", "content")
        self.connection.execute(insert(ENTRIES).values({c: getattr(entry, c) for c in columns}))
        rows = [{"seq": entry.seq, "digest": u.digest, "packed": u.packed} for u in entry.uses]
        if rows:
            self.connection.execute(insert(USES), rows)
        return entry

    def _use(self, digest: str, data: bytes) -> Use:
        held = select(BLOBS.c.digest).where(BLOBS.c.digest == digest)
        if self.connection.execute(held).first() is None:
            values = {"digest": digest, "size": len(data), "packed": pack(data)}
            self.connection.execute(insert(BLOBS).values(values))
        self.blob(digest)  # nothing new may rest on a file that was changed in the store
        return Use(digest, digest_of(self.packed(digest)[0]))


@dataclass(frozen=True)
class Store:
    """A place where records are kept; `place` names it to people."""

    engine: Engine
    place: str

    @property
    def dialect(self) -> Dialect:
        """Which database it is in."""
        return cast(Dialect, self.engine.dialect.name)

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Read what the store holds at one moment."""
        level = "REPEATABLE READ" if self.dialect == "postgresql" else None
        options = {"isolation_level": level} if level else {}
        engine = self.engine.execution_options(**options)
        with stated(self.place), engine.begin() as connection:
            yield Reading(connection, self.place)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Add to the store: all of it at the end, or nothing."""
        engine = self.engine.execution_options(**{WRITING: True})
        with stated(self.place), engine.begin() as connection:
            if self.dialect == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            yield Writing(connection, self.place)


def open_store(place: str, *, make: bool = False, read_only: bool = False) -> Store:
    """Return the store at a path or URL; `make` makes one where there is none.

    Raises `ContentError` with code `store-unreadable`: no store, another program's database, a
    store of a later version, or one that cannot be reached.
    """
    url, shown = located(place)
    if make:
        make_file(url, shown)
    elif not is_there(url, shown):
        _none(shown)
    store = Store(engine_of(url, read_only=read_only), shown)
    with store.writing() if make else store.reading() as found:
        tables = _tables(found.connection, store.dialect)
        if make and not tables & {*TABLES}:
            if tables and store.dialect == "sqlite":
                _foreign(shown)
            for statement in statements(store.dialect):
                found.connection.exec_driver_sql(statement)
            found.connection.execute(insert(STORE).values(version=VERSION))
        elif not tables:
            _none(shown)
        else:
            _known(found, store.dialect, tables)
    return store


def _tables(connection: Connection, dialect: Dialect) -> set[str]:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
        "postgresql": "SELECT c.relname FROM pg_class c WHERE pg_table_is_visible(c.oid) "
        "AND c.relkind IN ('r', 'v') AND c.relname LIKE 'carbonlex%'",
    }
    return {*connection.execute(text(catalogue[dialect])).scalars()}


def _known(found: Reading, dialect: Dialect, tables: set[str]) -> None:
    """Refuse another program's database, and a store of a later version."""
    if STORE.name not in tables:
        _foreign(found.place)
    versions = found.connection.execute(select(STORE.c.version)).scalars().all()
    later = [v for v in versions if isinstance(v, int) and v > VERSION]
    if later:
        words = (
            f"记录库是第 {later[0]} 版，本程序只认识到第 {VERSION} 版",
            f"the store is of version {later[0]}; this program knows up to {VERSION}",
        )
        refuse_store(found.place, words, ("升级 carbonlex", "upgrade carbonlex"))
    if tables != {*TABLES} and dialect == "sqlite":
        _foreign(found.place)


def _none(place: str) -> None:
    words = ("没有记录库", "there is no store of records")
    hint = (
        "加 --record 运行一次 check、memo 等命令即建立；或用 --store 指明位置",
        "a run of check, memo and the like with --record makes one; or name it with --store",
    )
    refuse_store(place, words, hint)


def _foreign(place: str) -> None:
    words = ("是别的程序的数据库", "is the database of another program")
    refuse_store(place, words, ("换一个 --store", "choose another --store"))
