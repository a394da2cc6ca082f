"""Why a store, a record or a signature is refused: each a diagnostic with what to do."""

from __future__ import annotations

from typing import NoReturn

from carbonlex.cases.formats import fail
from carbonlex.errors import Location

Words = tuple[str, str]


def refuse_store(place: str, message: Words, hint: Words) -> NoReturn:
    """Refuse a store that cannot be opened, read or written."""
    fail("store-unreadable", message, hint, Location(place))


def refuse_altered(place: str, message: Words) -> NoReturn:
    """Refuse to work on with a store that is not what was written into it."""
    hint = (
        "用 carbonlex records verify 找出首个改动，从备份恢复",
        "find the first change with carbonlex records verify; restore a backup",
    )
    fail("store-altered", message, hint, Location(place))


def refuse_record(told: str, message: Words) -> NoReturn:
    """Refuse an id that names no record, or more than one."""
    hint = ("用 carbonlex records list 查看编号", "see the ids with carbonlex records list")
    fail("record-unknown", message, hint, Location(told))


def refuse_signature(told: str, message: Words, hint: Words) -> NoReturn:
    """Refuse a signature, or a run in the place of another, that the order does not allow."""
    fail("signature-refused", message, hint, Location(told))


def refuse_replay(what: str, message: Words) -> NoReturn:
    """Refuse to run a record again that cannot be."""
    hint = (
        "数据用 --data 指明；版本不同的记录用当时的版本重放",
        "name data with --data; run a record of another version with that version",
    )
    fail("replay-impossible", message, hint, Location(what))
