"""A store opened: a file of SQLite, or a database of PostgreSQL by its URL.

SQLite keeps a rollback journal, so that a store is one file that can be copied whenever nobody
writes, and syncs it and its folder at each commit: what was said to be kept survives a kill and
a loss of power. Writers take their turn before they read what they will write after.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from carbonlex.records.faults import Words, refuse_store

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

VARIABLE = "CARBONLEX_RECORDS"
"""The environment variable that names a store where `--store` does not."""

WRITING = "carbonlex_writing"
"""The execution option of a connection whose transactions write."""

_PATIENCE = 60
"""Seconds to wait for another writer."""


def default_place() -> str:
    """Return the store meant where none is named: the variable's, or a file of the user's own."""
    if told := os.environ.get(VARIABLE):
        return told
    windows = os.environ.get("LOCALAPPDATA") if os.name == "nt" else None
    folder = os.environ.get("XDG_DATA_HOME") or windows or os.path.expanduser("~/.local/share")
    return str(Path(folder) / "carbonlex" / "records.sqlite")


def lacking(place: str) -> str:
    """Return the extra to install before a store can be opened, or nothing.

    >>> lacking("records.sqlite")
    ''
    """
    if "://" in place and not place.startswith("sqlite") and find_spec("psycopg") is None:
        return "postgres"
    return "records" if find_spec("sqlalchemy") is None else ""


def located(place: str) -> tuple[URL, str]:
    """Return the URL of a store, and how to name it to people: never with its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    if "://" not in place:
        return _file(place), place
    try:
        url = make_url(place)
    except (ArgumentError, ValueError):
        words = ("不是数据库地址", "is no URL of a database")
        refuse_store(place.partition("://")[0] + "://…", words, _FORM)
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database and url.database != ":memory:" and not url.query:
        return _file(url.database), url.database
    if backend != "postgresql":
        words = (f"不支持 {backend}", f"{backend} is not supported")
        refuse_store(url.render_as_string(hide_password=True), words, _FORM)
    # A password may stand in the query too.
    shown = url.set(query={}).render_as_string(hide_password=True)
    return url.set(drivername="postgresql+psycopg"), shown


_FORM = (
    "写 SQLite 文件的路径，或 postgresql://用户@主机/数据库",
    "write the path of an SQLite file, or postgresql://user@host/database",
)


def _file(path: str) -> URL:
    from sqlalchemy import URL

    if "\0" in path:
        refuse_store(path.replace("\0", "␀"), ("不是路径", "is no path"), _FORM)
    full = quote(os.path.abspath(os.fsencode(path)))
    return URL.create("sqlite", database=f"file:{full}", query={"uri": "true"})


@contextmanager
def stated(place: str) -> Iterator[None]:
    """Say in words why a store cannot be opened, read or written."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        reason = " ".join(str(error.orig).split())[:300]
        zh, hint = next(
            (
                (zh, hint)
                for sign, zh, hint in _REASONS
                if sign in reason or sign in type(error.orig).__name__
            ),
            (reason, ("检查路径、权限和数据库", "check path, permission and database")),
        )
        refuse_store(place, (f"不能读写：{zh}", f"cannot be used: {reason}"), hint)


_BUSY = ("另一个程序正在写入；稍后再试", "another program is writing; try again later")
_DAMAGED = ("从备份恢复", "restore a backup")
_OTHER = ("换一个 --store", "choose another --store")
_REASONS: tuple[tuple[str, str, Words], ...] = (
    ("locked", "被另一个程序占用", _BUSY),
    ("LockNotAvailable", "被另一个程序占用", _BUSY),
    ("malformed", "文件已损坏", _DAMAGED),
    ("not a database", "不是数据库文件", _OTHER),
    ("readonly", "只读", ("给予写入权限，或复制一份", "allow writing to it, or copy it")),
    ("unable to open", "打不开", ("检查路径和权限", "check path and permission")),
)


def engine_of(url: URL, *, read_only: bool = False) -> Engine:
    """Return the engine of a store; `read_only` is for files of strangers."""
    from sqlalchemy import NullPool, create_engine, event

    if url.get_backend_name() == "postgresql":
        return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 10})
    mode = "ro" if read_only else "rw"
    url = url.update_query_dict({"mode": mode})
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _settle)
    event.listen(engine, "begin", _begin)
    return engine


def _settle(connection: object, _: object) -> None:
    # The driver would begin transactions of its own, and only at the first statement that writes.
    connection.isolation_level = None  # type: ignore[attr-defined]
    for pragma in ("foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]
    # EXTRA is FULL, and syncs the folder too once the journal is gone: that is the commit.
    connection.execute("PRAGMA synchronous=EXTRA")  # type: ignore[attr-defined]


def _begin(connection: object) -> None:
    options = connection.get_execution_options()  # type: ignore[attr-defined]
    begin = "BEGIN IMMEDIATE" if options.get(WRITING) else "BEGIN"
    connection.exec_driver_sql(begin)  # type: ignore[attr-defined]


def make_file(url: URL, place: str) -> None:
    """Make the empty file of a new store, for its owner alone, and its folder."""
    if url.get_backend_name() != "sqlite":
        return
    try:
        Path(place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        words = (f"不能创建：{error.strerror}", f"cannot be made: {error.strerror}")
        refuse_store(place, words, ("换一个 --store", "choose another --store"))


def is_there(url: URL, place: str) -> bool:
    """Whether there is a file; of a database that is known only once it is connected to."""
    return url.get_backend_name() != "sqlite" or os.path.exists(place)
