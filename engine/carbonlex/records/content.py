"""What the content of an entry may say: its shape, within bounds, whoever wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

COMMANDS = ("check", "whatif", "validity", "memo", "portfolio check", "portfolio whatif")
"""The commands whose runs are kept."""

ARGUMENTS = frozenset(
    ("on", "decided", "reading", "only", "effective", "sweep", "maker", "form", "fact", "by",
     "engine", "lang", "subject", "kind", "to", "sender", "about", "number")
)  # fmt: skip
"""The arguments that a replay passes on: none of them names a file."""

ROLES = ("case", "reform", "data", "style")
"""What a file is to a run: a case, a reform, data of many entities, a house style."""

PARAMETERS = ("case", "cases", "files", "data", "subject", "style")
"""The parameters of commands that name files to read."""

OUTPUTS = ("out", "chart")
"""The parameters of commands that name files to write."""

MAX_FILES = 4_000
"""Files of one record, those of the law included."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PLACE = re.compile(r"(?:[^/\\\0-\x1f\x7f:]{1,200}/){0,12}[^/\\\0-\x1f\x7f:]{1,200}")
_RUN: Mapping[str, type | tuple[type, ...]] = {
    "kind": str, "nonce": str, "made": str, "command": str, "arguments": dict, "inputs": list,
    "facts": str, "law": dict, "engine": dict, "result": str, "exit": int, "verdicts": dict,
    "documents": list, "supersedes": (str, type(None)),
}  # fmt: skip
_INPUT = {
    "as": str, "parameter": str, "name": str, "stdin": bool, "size": int, "digest": str,
    "kept": bool,
}  # fmt: skip
_DOCUMENT = {
    "option": str, "name": str, "face": str, "size": int, "digest": str, "made_with": dict,
    "kept": bool,
}  # fmt: skip
_SIGNATURE = {"kind": str, "record": str, "role": str, "name": str, "at": str}


def malformed(told: Any) -> str:
    """Return what an entry says that none can say, or nothing.

    >>> malformed({"kind": "signature"})
    'keys'
    """
    if not isinstance(told, dict):
        return "object"
    if told.get("kind") == "signature":
        wrong = _shaped(told, _SIGNATURE)
        return wrong or ("" if is_digest(told["record"]) and _is_time(told["at"]) else "record")
    wrong = _shaped(told, _RUN)
    return wrong or _run(told)


def _run(told: Mapping[str, Any]) -> str:
    if told["kind"] != "run" or told["command"] not in COMMANDS:
        return "command"
    for name, value in told["arguments"].items():
        texts = value if isinstance(value, list) else [value]
        if name not in ARGUMENTS or not all(isinstance(t, str) and "\0" not in t for t in texts):
            return f"arguments/{name}"[:80]
    for rows, shape in (("inputs", _INPUT), ("documents", _DOCUMENT)):
        if len(told[rows]) > MAX_FILES:
            return rows
        for row in told[rows]:
            if _shaped(row, shape) or not is_digest(row["digest"]) or not is_place(row["name"]):
                return rows
    if any(i["as"] not in ROLES or i["parameter"] not in PARAMETERS for i in told["inputs"]):
        return "inputs"
    if any(d["option"] not in OUTPUTS for d in told["documents"]):
        return "documents"
    law = told["law"]
    digests = (told["facts"], told["result"], law.get("files"), law.get("rulebook"))
    if not all(isinstance(d, str) and is_digest(d) for d in digests):
        return "digests"
    engine = {k: v for k, v in told["engine"].items() if k != "libraries"}
    made = [engine, told["engine"].get("libraries", {}), *told["verdicts"].values()]
    made += [d["made_with"] for d in told["documents"]]
    if not {"version", "digest", "chainer"} <= set(engine) or not all(map(_texts, made)):
        return "engine, verdicts"
    later = told["supersedes"]
    if not _is_time(told["made"]) or not (later is None or is_digest(later)):
        return "made, supersedes"
    return ""


def _texts(told: Any) -> bool:
    return isinstance(told, dict) and all(isinstance(v, str) for v in told.values())


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _shaped(told: Any, shape: Mapping[str, type | tuple[type, ...]]) -> str:
    if not isinstance(told, dict) or set(told) != set(shape):
        return "keys"
    return next((k for k, kind in shape.items() if not isinstance(told[k], kind)), "")


def is_digest(text: str) -> bool:
    """Whether a text is a SHA-256 in hexadecimal."""
    return _DIGEST.fullmatch(text) is not None


def is_place(text: str) -> bool:
    """Whether a text names a file under a folder, and nothing outside it, on any system.

    >>> is_place("cn/act.xml"), is_place("../x"), is_place("/etc/x"), is_place("C:x")
    (True, False, False, False)
    """
    parts = text.split("/")
    return _PLACE.fullmatch(text) is not None and not any(set(p) <= {".", " "} for p in parts)


def named(told: Mapping[str, Any]) -> set[str]:
    """Return the digests of the files that a run says are kept; those of the law stand in one."""
    kept = {f["digest"] for f in (*told["inputs"], *told["documents"]) if f["kept"]}
    return kept | {told["facts"], told["result"], told["law"]["files"]}
