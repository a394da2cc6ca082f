"""A reform: what a draft would change, as its file says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from carbonlex.errors import Location
from carbonlex.model import Label
from carbonlex.reform.makers import Maker
from carbonlex.rulebook.markdown import RuleText
from carbonlex.statutes.amend import Amendment
from carbonlex.statutes.instruments import Rank


@dataclass(frozen=True)
class Reform:
    """A draft: who would enact it, in which form, with effect from when, and what it changes.

    Attributes:
        key: its name, and, for a new instrument, the instrument's.
        amends: the key of the instrument that it amends; empty for a new instrument.
        maker, form: None and empty where the file leaves them to the instrument amended.
        promulgated: the day on which it would be enacted; None: the day asked.
        after: the reform that it was drafted on top of, if any: no clash with that.
        amendments: what becomes of provisions, in the order of the file.
        text: its fences, which give the words their meaning.
        falls: ids of norms that it gives up though their provision stays.
        facts: facts about the draft that its author tells (approval and the like).
        digest: SHA-256 of the file.
    """

    key: str
    title: Label
    maker: Maker | None
    form: Rank | None
    promulgated: date | None
    effective: date
    amends: str
    after: str
    amendments: tuple[Amendment, ...]
    text: RuleText
    falls: frozenset[str]
    facts: Mapping[str, Any]
    where: Location
    digest: str

    @property
    def uri(self) -> str:
        """The URI by which the expressions that it makes name it."""
        return f"/akn/cn/bill/{self.key}"
