"""Which columns the data have, and what is proved of their values: what a plan may rely on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Held(NamedTuple):
    """One column: decimals and bounds of its integers, and whether any row may lack it."""

    scale: int = 0
    lo: int = 0
    hi: int = 1
    nullable: bool = True


@dataclass(frozen=True)
class Available:
    """The columns of a data set.

    Attributes:
        entity: columns of the entity rows by name, those of the wide form included
            (`units.1.heat_supplied`, `units.count`).
        children: columns of each table of child records.
        most: the most child records that an entity has in a year, by record.
        wide: how many records the wide form holds, by record.
    """

    entity: Mapping[str, Held]
    children: Mapping[str, Mapping[str, Held]] = field(default_factory=dict)
    most: Mapping[str, int] = field(default_factory=dict)
    wide: Mapping[str, int] = field(default_factory=dict)
