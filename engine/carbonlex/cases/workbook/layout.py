"""What a template and its reader share: which sheet, row and column says what.

The first row and the first column of a sheet are hidden and hold keys, so that every visible
word may be changed or translated. Cell A1 says what the sheet is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carbonlex.model import Label

MARK = "carbonlex/1"
VALUE, SOURCE, YEAR, NONE, HEADER = "#value", "#source", "#year", "#none", "#header"
NOTES = ("备注", "notes")
YES, NO, NOTHING = "是 yes", "否 no", "无 none"

# What people write for these, folded; a case file in text takes fewer.
TRUTHS: Mapping[str, bool] = {
    **dict.fromkeys((YES, "是", "yes", "y", "true", "√"), True),
    **dict.fromkeys((NO, "否", "no", "n", "false", "×"), False),
}
NONES = frozenset((NOTHING, "无", "none", "没有", *(w for w, true in TRUTHS.items() if true)))


@dataclass(frozen=True)
class Role:
    """What a sheet is: `guide`, `lists`, `entity`, `years`, or `records` of one type."""

    kind: str
    record: str = ""

    @property
    def mark(self) -> str:
        """The text of its cell A1."""
        return " ".join(filter(None, (MARK, self.kind, self.record)))


def role_of(mark: str) -> Role | None:
    """Return the role that the text of a cell A1 names, or None where it names none.

    >>> role_of("carbonlex/1 records credits")
    Role(kind='records', record='credits')
    """
    first, _, rest = mark.strip().partition(" ")
    kind, _, record = rest.partition(" ")
    known = kind in ("guide", "lists", "entity", "years") and not record
    return Role(kind, record) if first == MARK and (known or kind == "records") else None


def is_notes(name: str) -> bool:
    """Return whether a sheet is the user's own, by its name: such a sheet is not read."""
    return name.strip().casefold().startswith(NOTES)


def both(label: Label) -> str:
    """Return a label in both languages on one line: what drop-downs and headers show."""
    return label.zh if label.zh == label.en else f"{label.zh} {label.en}"
