"""Everything in a store worked out again: the first value that is not what was written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from carbonlex.records.canonical import canonical, digest_of
from carbonlex.records.content import malformed, named
from carbonlex.records.entry import GENESIS, Entry, hash_of
from carbonlex.records.law import listing
from carbonlex.records.packing import Damaged, unpack
from carbonlex.records.schema import KINDS, TABLES, USES, VERSION, statements
from carbonlex.records.signing import misplaced
from carbonlex.records.store import Head, Reading, Store

Words = tuple[str, str]


@dataclass(frozen=True)
class Fault:
    """A value that is not what was written: the table and row it stands in, and what of it."""

    table: str
    row: str
    message: Words


@dataclass(frozen=True)
class Verified:
    """What was worked out again: how many entries and files, to which head, the first fault."""

    entries: int
    files: int
    head: Head
    fault: Fault | None


def verify(store: Store, head: Head | None = None) -> Verified:
    """Work out every hash and digest of a store again; `head` is one that was exported before.

    A head of seq 0 has a hash alone, and is looked for in the whole chain.
    """
    with store.reading() as found:
        strange = next(_mistyped(store, found), None)
        if strange is not None:  # nothing else can be read then
            return Verified(0, 0, Head(0, GENESIS), strange)
        fault = next(_faults(store, found, head), None)
        digests = found.digests()
        return Verified(found.head().seq, len(digests), found.head(), fault)


def _mistyped(store: Store, found: Reading) -> Iterator[Fault]:
    """See that the file is whole and each value of its type: SQLite keeps any in any column."""
    from sqlalchemy import text

    if store.dialect != "sqlite":
        return
    whole = found.connection.execute(text("PRAGMA integrity_check(1)")).scalar()
    if whole != "ok":
        words = (f"数据库文件损坏：{whole}", f"the file of the database is damaged: {whole}")
        yield Fault("schema", "", words)
    for table, columns in KINDS.items():
        for column, kinds in columns.items():
            listed = ", ".join(f"'{kind}'" for kind in kinds.split())
            rows = text(f"SELECT rowid FROM {table} WHERE typeof({column}) NOT IN ({listed})")
            for row in found.connection.execute(rows).scalars().all()[:1]:
                words = (f"{column} 的类型已改动", f"{column} is of another type")
                yield Fault(table, str(row), words)


def _faults(store: Store, found: Reading, head: Head | None) -> Iterator[Fault]:
    yield from _guarded(store, found)
    entries = [*found.entries(judged=False)]
    yield from _chain(entries)
    yield from _files(found, entries)
    yield from _contents(found, entries)
    yield from _tail(entries, head)


def _guarded(store: Store, found: Reading) -> Iterator[Fault]:
    """Look whether tables, triggers and the version are those that a store is made with."""
    from sqlalchemy import select, text

    from carbonlex.records.schema import STORE

    versions = found.connection.execute(select(STORE.c.version)).scalars().all()
    if versions != [VERSION]:
        yield Fault(STORE.name, "version", ("版本已改动", "the version was changed"))
    if store.dialect == "sqlite":
        rows = text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        there = {_plain(sql) for sql in found.connection.execute(rows).scalars()}
        lost = {_plain(sql) for sql in statements("sqlite")} ^ there
    else:
        rows = text(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE t.tgname = c.relname || '_append_only' AND t.tgenabled IN ('O', 'A') "
            "AND pg_table_is_visible(c.oid)"
        )
        lost = {*TABLES} - {*found.connection.execute(rows).scalars()}
    for sql in sorted(lost)[:1]:
        words = ("表或触发器已改动", "a table or a trigger was changed")
        yield Fault("schema", sql[:80], words)


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def _chain(entries: list[Entry]) -> Iterator[Fault]:
    previous, known = GENESIS, {e.id for e in entries}
    for seq, entry in enumerate(entries, 1):
        if entry.seq != seq:
            words = (f"第 {seq} 条缺失", f"entry {seq} is missing")
            yield Fault("carbonlex_entries", str(seq), words)
        for column in _wrong(entry, previous):
            words = (f"{column} 已改动", f"{column} was changed")
            yield Fault("carbonlex_entries", f"{seq} ({entry.short})", words)
        if entry.about is not None and entry.about not in known:
            words = ("所指的记录缺失", "the record that it is about is missing")
            yield Fault("carbonlex_entries", f"{seq} ({entry.short})", words)
        previous = entry.hash


def _wrong(entry: Entry, previous: str) -> Iterator[str]:
    """Name the column that was changed: the one without which all others agree."""
    name = digest_of(entry.content.encode("utf-8", "surrogatepass"))

    def holds(name: str, previous: str) -> bool:
        return hash_of(entry.seq, name, entry.about, previous, entry.uses) == entry.hash

    if entry.id != name:
        yield "id" if holds(name, previous) else "content"
    elif entry.previous != previous:
        yield "previous" if holds(name, previous) else "hash"
    elif not holds(name, previous):
        yield "hash / about / uses"


def _files(found: Reading, entries: list[Entry]) -> Iterator[Fault]:
    stored: dict[str, str] = {}
    for digest in found.digests():
        try:
            packed, size = found.packed(digest)
            right = digest_of(unpack(packed, size)) == digest
        except Damaged:
            packed, right = b"", False
        if not right:
            yield Fault("carbonlex_blobs", digest, ("文件已改动", "the file was changed"))
        stored[digest] = digest_of(packed)
    unused = dict(stored)
    for entry in entries:
        for use in entry.uses:
            if stored.get(use.digest) != use.packed:
                words = ("文件缺失，或不再是存入的字节", "the file is missing, or packed otherwise")
                yield Fault("carbonlex_blobs", use.digest, words)
            unused.pop(use.digest, None)
    for digest in unused:
        words = ("没有记录使用的文件", "a file that no record uses")
        yield Fault("carbonlex_blobs", digest, words)
    from sqlalchemy import func, select

    rows = found.connection.execute(select(func.count()).select_from(USES)).scalar()
    if rows != sum(len(e.uses) for e in entries):
        yield Fault(USES.name, "", ("多出的行", "rows that belong to no entry"))


def _contents(found: Reading, entries: list[Entry]) -> Iterator[Fault]:
    """Look whether each entry says what an entry can say, and signatures keep their order."""
    signed: dict[str, list[Mapping[str, Any]]] = {}
    runs: set[str] = set()
    for entry in entries:
        row = f"{entry.seq} ({entry.short})"
        try:
            told = json.loads(entry.content)
            wrong = malformed(told) or (canonical(told) != entry.content and "canonical")
        except (ValueError, RecursionError):
            told, wrong = {}, "JSON"
        if wrong:
            yield Fault("carbonlex_entries", row, (f"内容不合：{wrong}", f"malformed: {wrong}"))
        elif entry.about != (told.get("record") or told.get("supersedes")):
            yield Fault("carbonlex_entries", row, ("about 不合", "about is not what it says"))
        elif told["kind"] == "run":
            runs.add(entry.id)
            law = listing(found, told["law"]["files"])
            if lost := (named(told) | {*law.values()}) - {u.digest for u in entry.uses}:
                words = (f"所列文件缺失：{min(lost)}", f"lacks a file that it names: {min(lost)}")
                yield Fault("carbonlex_entries", row, words)
        else:
            before = signed.setdefault(told["record"], [])
            if told["record"] not in runs or misplaced(before, told["role"], told["name"]):
                words = ("签署次序不合", "a signature out of order")
                yield Fault("carbonlex_entries", row, words)
            before.append(told)


def _tail(entries: list[Entry], head: Head | None) -> Iterator[Fault]:
    if head is None:
        return
    at = next((e for e in entries if e.hash == head.hash), None)
    if at is not None and head.seq in (0, at.seq):
        return
    last = len(entries)
    words = (
        f"末尾 {head.hash[:12]} 不在链中：记录被删去或重写（现有 {last} 条）",
        f"the head {head.hash[:12]} is not in the chain: records were cut off or rewritten "
        f"({last} are left)",
    )
    yield Fault("carbonlex_entries", str(head.seq or ""), words)
