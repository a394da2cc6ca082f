"""Signatures: preparer, reviewer, approver, in that order and by different people."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

from carbonlex.records.canonical import canonical
from carbonlex.records.entry import Entry
from carbonlex.records.faults import refuse_signature
from carbonlex.records.store import Writing

Role = Literal["preparer", "reviewer", "approver"]
ROLES: tuple[Role, ...] = get_args(Role)
LONGEST = 100
"""Characters of a name."""

Words = tuple[str, str]
LABELS: Mapping[str, Words] = {
    "preparer": ("编制", "preparer"),
    "reviewer": ("复核", "reviewer"),
    "approver": ("批准", "approver"),
}


def same_person(name: str) -> str:
    """Return what two spellings of one name have in common: width, case and white space apart.

    >>> same_person(" ＡＮＮ  Li ") == same_person("Ann Li")
    True
    """
    # What cannot be seen makes no other person; folding twice settles what NFKC unfolds.
    seen = "".join(c for c in name if unicodedata.category(c) != "Cf")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    return "".join(folded.split())


def misplaced(before: Sequence[Mapping[str, Any]], role: str, name: str) -> Words | None:
    """Return why a signature may not follow those before it, or None where it may."""
    place = len(before)
    if place == len(ROLES):
        return ("三级签署已齐", "all three have signed")
    if role != ROLES[place]:
        zh, en = LABELS[ROLES[place]]
        return (
            (f"应先由{zh}签署", f"the {en} has to sign first")
            if role not in {s["role"] for s in before}
            else (f"已经{LABELS[role][0]}签署", f"the {role} has signed")
        )
    if same_person(name) in {same_person(s["name"]) for s in before}:
        return ("同一人不能签两级", "one person may not sign twice")
    return None


def unsuitable(name: str) -> Words | None:
    """Return why a text is no name, or None."""
    if not same_person(name) or len(name) > LONGEST:
        return (f"姓名应有 1 至 {LONGEST} 字", f"a name has 1 to {LONGEST} characters")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name):
        return ("姓名中有控制字符", "the name has control characters")
    return None


def sign(found: Writing, record: Entry, role: str, name: str, at: str) -> Entry:
    """Sign a record at a time; raises `ContentError` with code `signature-refused`.

    What is signed is the id, which is the digest of all that the record says: facts, law, engine
    and result by digest. A record that another supersedes is signed no more.
    """
    name = " ".join(name.split())
    if (wrong := unsuitable(name)) is not None:
        refuse_signature(record.short, wrong, ("用 --name 写签署人", "write it with --name"))
    about = [*found.entries(record.id)]
    if (later := next((e for e in about if e.told["kind"] == "run"), None)) is not None:
        words = (f"已被 {later.short} 取代", f"it was superseded by {later.short}")
        refuse_signature(record.short, words, ("签署新的记录", "sign the later record"))
    signed = [e.told for e in about if e.told["kind"] == "signature"]
    if (wrong := misplaced(signed, role, name)) is not None:
        hint = ("次序：编制、复核、批准，各为一人", "preparer, reviewer, approver: three people")
        refuse_signature(record.short, wrong, hint)
    for use in record.uses:
        found.blob(use.digest)  # nobody signs for what is not what was kept
    content = {"kind": "signature", "record": record.id, "role": role, "name": name, "at": at}
    return found.append(canonical(content), {}, record.id)


def may_supersede(found: Writing, record: Entry) -> None:
    """Refuse to supersede a record twice: later facts follow the latest run."""
    later = next((e for e in found.entries(record.id) if e.told["kind"] == "run"), None)
    if later is not None:
        words = (f"已被 {later.short} 取代", f"it was superseded by {later.short}")
        hint = (f"用 --supersedes {later.short}", f"use --supersedes {later.short}")
        refuse_signature(record.short, words, hint)
