"""Records into the JSON of `--json`: reads what the store holds, computes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence

from carbonlex.interfaces.records_models import (
    CarriedOut,
    CaseOut,
    ChangeOut,
    ComparedOut,
    DiffOut,
    DocumentOut,
    FaultOut,
    HeadOut,
    InputOut,
    ListOut,
    RecordOut,
    ReplayOut,
    ShowOut,
    SignatureOut,
    SignOut,
    VerifyOut,
)
from carbonlex.interfaces.records_replay import Compared, Replay
from carbonlex.records.bundle import Carried
from carbonlex.records.compare import Change
from carbonlex.records.entry import Entry
from carbonlex.records.facts import CaseFacts
from carbonlex.records.store import Head
from carbonlex.records.verify import Verified


def record_out(entry: Entry, about: Sequence[Entry]) -> RecordOut:
    """Return a run with those entries that are about it."""
    told = entry.told
    later = [e for e in about if e.told["kind"] == "run"]
    return RecordOut(
        id=entry.id,
        seq=entry.seq,
        previous=entry.previous,
        hash=entry.hash,
        made=told["made"],
        command=told["command"],
        arguments=told["arguments"],
        exit=told["exit"],
        inputs=[
            InputOut(
                role=i["as"], name=i["name"], stdin=i["stdin"], size=i["size"],
                digest=i["digest"], kept=i["kept"],
            )
            for i in told["inputs"]
        ],
        law=told["law"],
        engine=told["engine"],
        result=told["result"],
        verdicts=told["verdicts"],
        documents=[
            DocumentOut(**{k: d[k] for k in ("name", "face", "size", "digest", "made_with")})
            for d in told["documents"]
        ],
        supersedes=told["supersedes"],
        superseded_by=later[0].id if later else None,
        signatures=signatures_out(about),
    )  # fmt: skip


def signatures_out(about: Sequence[Entry]) -> list[SignatureOut]:
    """Return the signatures among entries."""
    signed = [(e.id, e.told) for e in about if e.told["kind"] == "signature"]
    return [SignatureOut(id=i, role=t["role"], name=t["name"], at=t["at"]) for i, t in signed]


def list_json(store: str, rows: Sequence[tuple[Entry, Sequence[Entry]]]) -> str:
    """Return the runs of a store as JSON."""
    out = ListOut(store=store, records=[record_out(e, about) for e, about in rows])
    return out.model_dump_json(indent=2)


def show_json(entry: Entry, about: Sequence[Entry], facts: Sequence[CaseFacts]) -> str:
    """Return one run as JSON."""
    cases = [CaseOut.model_validate(f) for f in facts]
    return ShowOut(record=record_out(entry, about), facts=cases).model_dump_json(indent=2)


def changes_json(one: Entry, other: Entry, changes: Sequence[Change]) -> str:
    """Return what differs between two runs as JSON."""
    found = [ChangeOut(part=c.part, name=c.name, was=c.was, now=c.now) for c in changes]
    return DiffOut(one=one.id, other=other.id, changes=found).model_dump_json(indent=2)


def replay_json(found: Replay) -> str:
    """Return what came of running a record again as JSON."""
    return ReplayOut(
        id=found.entry.id,
        same=found.difference is None,
        own_law=found.own_law,
        elsewhere=[{"what": k, "was": was, "now": now} for k, was, now in found.elsewhere],
        compared=[_compared(c) for c in found.compared],
    ).model_dump_json(indent=2)


def _compared(one: Compared) -> ComparedOut:
    at, skipped = one.difference, one.skipped
    return ComparedOut(
        name=one.name or None,
        same=None if skipped is not None else at is None,
        place=at.place if at is not None else None,
        was=at.was if at is not None else None,
        now=at.now if at is not None else None,
        skipped={"zh": skipped[0], "en": skipped[1]} if skipped is not None else None,
    )


def head_out(head: Head) -> HeadOut:
    """Return the end of a chain."""
    return HeadOut(seq=head.seq, hash=head.hash)


def head_json(head: Head) -> str:
    """Return the end of a chain as JSON."""
    return head_out(head).model_dump_json(indent=2)


def head_from(text: str) -> Head | None:
    """Return the head that a text tells: that JSON, `SEQ:HASH`, or a hash alone; None: none.

    >>> head_from("3:" + "ab" * 32).seq
    3
    """
    from carbonlex.records.content import is_digest

    seq, _, digest = text.strip().rpartition(":")
    if text.lstrip().startswith("{"):
        try:
            told = HeadOut.model_validate_json(text)
        except ValueError:
            return None
        seq, digest = str(told.seq), told.hash
    number = int(seq) if seq.isascii() and seq.isdigit() and len(seq) < 18 else 0
    return Head(number, digest) if is_digest(digest) and (number or not seq) else None


def verify_json(found: Verified) -> str:
    """Return what working a store out again found as JSON."""
    fault = found.fault
    return VerifyOut(
        holds=fault is None,
        entries=found.entries,
        files=found.files,
        head=head_out(found.head),
        fault=FaultOut(
            table=fault.table,
            row=fault.row,
            message={"zh": fault.message[0], "en": fault.message[1]},
        )
        if fault is not None
        else None,
    ).model_dump_json(indent=2)


def sign_json(record: Entry, about: Sequence[Entry]) -> str:
    """Return the signatures of a run as JSON."""
    return SignOut(record=record.id, signatures=signatures_out(about)).model_dump_json(indent=2)


def carried_json(what: str, found: Carried) -> str:
    """Return what was exported or imported as JSON."""
    told = {"answer": what, "ids": [e.id for e in found.entries], "held": found.held}
    return CarriedOut.model_validate_json(json.dumps(told)).model_dump_json(indent=2)
