"""Stores to try: entries of their own making, what every database must do, and writers to kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from carbonlex.errors import ContentError
from carbonlex.records.canonical import canonical, digest_of
from carbonlex.records.entry import Entry
from carbonlex.records.law import HeldLaw
from carbonlex.records.runs import Input, Run, keep
from carbonlex.records.schema import TABLES
from carbonlex.records.signing import sign
from carbonlex.records.store import Head, Store, open_store
from carbonlex.records.verify import verify

ROOT = Path(__file__).resolve().parents[1]
AT = "2026-11-22T08:00:00.000000+00:00"
WRITER = """
import sys
sys.path[:0] = sys.argv[1:3]
from records_store import kept_in
from carbonlex.records.store import open_store
store = open_store(sys.argv[3], make=True)
print("ready", flush=True)
for number in range(int(sys.argv[4])):
    kept_in(store, f"{sys.argv[5]}-{number}")
    print(number, flush=True)
"""
KILLER = """
import sys
sys.path[:0] = sys.argv[1:3]
from records_store import killed_writers
killed_writers(sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
"""


def a_run(name: str = "plant", exit_code: int = 0, size: int = 20_000) -> Run:
    """Return a run that no engine made, over a law of two files."""
    told = "".join(digest_of(f"{name}{i}".encode()) for i in range(size // 64)).encode()
    given = Input("case", "case", f"{name}.toml", False, len(told), digest_of(told), told)
    law = HeldLaw("ab" * 32, {"rules/cn/a.md": b"# a", "statutes/cn/a.xml": b"<a/>"})
    engine = {"version": "0", "digest": "cd" * 32, "chainer": "plain"}
    result = canonical({"case": name})
    verdicts = {"surrender@2024": {"outcome": "complied"}}
    return Run("check", {"on": "2026-11-22"}, [given], [], law, engine, result, exit_code, verdicts)


def kept_in(store: Store, name: str = "plant") -> Entry:
    """Keep such a run."""
    return keep(store, a_run(name), AT)


def signed_in(store: Store, record: Entry, *pairs: tuple[str, str]) -> None:
    """Sign a record, each pair a role and a name."""
    for role, name in pairs:
        with store.writing() as found:
            sign(found, found.entry(record.id), role, name, AT)


def writer(place: str, runs: int, name: str) -> subprocess.Popen[str]:
    """Start a process that keeps one run after the other."""
    words = [str(ROOT / "engine"), str(ROOT / "tests"), place, str(runs), name]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, *words], stdout=subprocess.PIPE, encoding="utf-8"
    )


def check_append_only(store: Store) -> None:
    """Every table refuses to change or lose a row, and says why."""
    signed_in(store, kept_in(store), ("preparer", "甲"))
    changes = {
        "carbonlex_store": "version = 2", "carbonlex_entries": "content = ''",
        "carbonlex_blobs": "size = 0", "carbonlex_uses": "packed = ''",
    }  # fmt: skip
    assert {*changes} == {*TABLES}
    for table, change in changes.items():
        for statement in (f"UPDATE {table} SET {change}", f"DELETE FROM {table}"):
            with (
                pytest.raises(DBAPIError, match="append-only"),
                store.engine.begin() as connection,
            ):
                connection.execute(text(statement))
    assert verify(store).fault is None


def check_two_writers_lose_nothing(place: str, runs: int = 12) -> None:
    """Two processes write at once; the chain has the runs of both, in one line."""
    processes = [writer(place, runs, name) for name in ("one", "two")]
    for process in processes:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0 and out.split()[-1] == str(runs - 1)
    store = open_store(place)
    found = verify(store)
    assert found.fault is None and found.entries == 2 * runs
    with store.reading() as reading:
        names = {e.told["inputs"][0]["name"] for e in reading.entries()}
    assert names == {f"{w}-{n}.toml" for w in ("one", "two") for n in range(runs)}


def check_killed_writers(place: str, times: int, pace: float) -> None:
    """However a writer is killed, what it said was kept is there, and the store verifies."""
    words = [str(ROOT / "engine"), str(ROOT / "tests"), place, str(times), str(pace)]
    subprocess.run([sys.executable, "-c", KILLER, *words], check=True, timeout=300)


def killed_writers(place: str, times: int, pace: float) -> None:
    """Kill one writer after the other, each `pace` seconds later, and verify after each."""
    store = open_store(place, make=True)
    promised = 0
    for number in range(times):
        reading, writing = os.pipe()
        writer = os.fork()
        if not writer:
            while True:
                kept_in(store, f"w{number}")
                os.write(writing, b".")
        os.close(writing)
        time.sleep(pace * (number % 60))  # kills fall in every part of a commit
        os.kill(writer, signal.SIGKILL)
        os.waitpid(writer, 0)
        with open(reading, "rb") as stream:
            promised += len(stream.read())
        with store.writing():
            pass  # a server may yet be at work for a client that is gone: wait for its turn
        found = verify(open_store(place))
        assert found.fault is None, found.fault
        assert promised <= found.entries <= promised + 1
        promised = found.entries
    assert promised > times // 8
    kept_in(open_store(place), "last")
    assert verify(open_store(place)).entries == promised + 1


def check_cut_tail(store: Store, cut: str) -> None:
    """A store that lost its end still agrees with itself, and not with a head told before."""
    kept_in(store, "one")
    kept_in(store, "two")
    head = verify(store).head
    assert verify(store, head).fault is None
    assert verify(store, Head(0, head.hash)).fault is None
    with store.engine.begin() as connection:
        for statement in filter(None, map(str.strip, cut.split(";\n"))):
            connection.execute(text(statement))
    assert verify(store).head.seq == 1
    fault = verify(store, head).fault
    assert fault is not None and "cut off" in fault.message[1]


def refusal(error: pytest.ExceptionInfo[ContentError]) -> str:
    """Return the code and the English words of the first diagnostic."""
    one = error.value.diagnostics[0]
    return f"{one.code}: {one.message[1]}"
