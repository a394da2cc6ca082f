"""A run put together and kept: what was read, under which law and engine, what came out."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from carbonlex.model import Case
from carbonlex.records.canonical import canonical, digest_of
from carbonlex.records.content import MAX_FILES, malformed
from carbonlex.records.entry import Entry
from carbonlex.records.facts import facts_of
from carbonlex.records.faults import refuse_store
from carbonlex.records.law import HeldLaw
from carbonlex.records.packing import MAX_BLOB
from carbonlex.records.signing import may_supersede
from carbonlex.records.store import Store


@dataclass(frozen=True)
class Input:
    """A file that a run read.

    Attributes:
        role: `case`, `reform`, `data` or `style`; `parameter`: of the command, that named it.
        name: without its folder; a file of a folder of data has the folder's name before it.
        stdin: whether it came by standard input.
        data: its bytes; None where only size and digest are kept.
    """

    role: str
    parameter: str
    name: str
    stdin: bool
    size: int
    digest: str
    data: bytes | None


@dataclass(frozen=True)
class Document:
    """A file that a run wrote: the option that named it, its face, what it was made with.

    `data` are the bytes of a text, by which a replay can say in which line it differs.
    """

    option: str
    name: str
    face: str
    size: int
    digest: str
    made_with: Mapping[str, str]
    data: bytes | None = None


@dataclass(frozen=True)
class Run:
    """A run, complete: `result` is the text of `--json`, without places of this machine.

    `arguments` are those that matter, the day asked among them; `verdicts` are the result in
    short, by name; `supersedes` is the id of the record that this one takes the place of.
    """

    command: str
    arguments: Mapping[str, str | list[str]]
    inputs: Sequence[Input]
    cases: Sequence[Case]
    law: HeldLaw
    engine: Mapping[str, object]
    result: str
    exit: int
    verdicts: Mapping[str, Any]
    documents: Sequence[Document] = ()
    supersedes: str | None = None


def keep(store: Store, run: Run, made: str) -> Entry:
    """Keep a run made at a time, UTC in ISO 8601, and return its entry; all of it or nothing.

    Raises `ContentError`: a file beyond the bounds, a record that was superseded meanwhile, a
    store that cannot be written.
    """
    facts = canonical(facts_of(run.cases)).encode()
    held = [facts, run.result.encode(), run.law.listed, *run.law.files.values()]
    held += [i.data for i in run.inputs if i.data is not None]
    held += [d.data for d in run.documents if d.data is not None]
    blobs = {digest_of(data): data for data in held}
    if len(blobs) > MAX_FILES or any(len(data) > MAX_BLOB for data in held):
        words = (
            f"文件多于 {MAX_FILES} 个，或有文件超过 {MAX_BLOB:,} 字节",
            f"more than {MAX_FILES} files, or one of more than {MAX_BLOB:,} bytes",
        )
        refuse_store(store.place, words, ("减少输入", "give it less"))
    content: dict[str, Any] = {
        "kind": "run",
        # Two runs of the same moment are two records.
        "nonce": secrets.token_hex(8),
        "made": made,
        "command": run.command,
        "arguments": run.arguments,
        "inputs": [_input(i) for i in run.inputs],
        "facts": digest_of(facts),
        "law": {"rulebook": run.law.rulebook, "files": digest_of(run.law.listed)},
        "engine": run.engine,
        "result": digest_of(run.result.encode()),
        "exit": run.exit,
        "verdicts": run.verdicts,
        "documents": [_document(d) for d in run.documents],
        "supersedes": run.supersedes,
    }
    if wrong := malformed(content):
        raise ValueError(f"a run cannot say this: {wrong}")
    with store.writing() as found:
        if run.supersedes is not None:
            may_supersede(found, found.entry(run.supersedes))
        return found.append(canonical(content), blobs, run.supersedes)


def _input(one: Input) -> dict[str, object]:
    return {
        "as": one.role,
        "parameter": one.parameter,
        "name": one.name,
        "stdin": one.stdin,
        "size": one.size,
        "digest": one.digest,
        "kept": one.data is not None,
    }


def _document(one: Document) -> dict[str, object]:
    return {
        "option": one.option,
        "name": one.name,
        "face": one.face,
        "size": one.size,
        "digest": one.digest,
        "made_with": one.made_with,
        "kept": one.data is not None,
    }
