"""Where an expression is read: of which year, under the law of which day, for which record."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from carbonlex.rulebook.norms import Norm


class Place(NamedTuple):
    """Which record a fact is of: the entity, each record of a list, or the n-th of the wide form.

    The entity has no record; each record of a list has position 0.
    """

    record: str = ""
    position: int = 0


ENTITY = Place()


class Frame(NamedTuple):
    """Where an expression is read: year, law of which day, whose norm, which record."""

    year: int
    law: date
    norm: Norm
    place: Place = ENTITY
    bound: tuple[tuple[str, Place], ...] = ()
