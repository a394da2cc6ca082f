"""Drawing facts of one piece of a population: shares, integers, and the columns they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from carbonlex.portfolio.synth.figures import Sector
from carbonlex.portfolio.synth.guesses import share

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]
    Flags: TypeAlias = NDArray[np.bool_]

SCALE = 10_000
"""Quantities are drawn as integers of 1/10,000 of the vocabulary's unit."""

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Column:
    """A column to be written: integers, and which of them are told (all, where None).

    Numbers are scaled by `SCALE`, dates are days since 1970-01-01, choices and texts are
    positions in `words`, booleans are 0 and 1.
    """

    values: Ints
    told: Flags | None = None
    words: Sequence[str] = ()


Frame: TypeAlias = Mapping[str, Column]


@dataclass(frozen=True)
class Draws:
    """A source of random facts: the same seed gives the same facts in the same order of asking."""

    random: np.random.Generator

    def chance(self, name: str, size: int) -> Flags:
        """Return `size` flags, true for the share that a guess names."""
        return self.random.random(size) < share(name)

    def whole(self, low: int, high: int, size: int) -> Ints:
        """Return `size` integers from `low` to `high`, both included."""
        return self.random.integers(low, high, size, endpoint=True)

    def one_of(self, names: Sequence[str], size: int) -> Ints:
        """Return positions in `names`, weighted by the guesses of these names."""
        return self.weighted([share(name) for name in names], size)

    def weighted(self, weights: Sequence[float], size: int) -> Ints:
        """Return positions in `weights`, each as often as it weighs."""
        import numpy as np

        edges = np.cumsum(weights) / sum(weights)
        return np.searchsorted(edges[:-1], self.random.random(size), side="right")

    def bell(self, size: int, most: float = 3.5) -> Floats:
        """Return normal deviates, those beyond `most` standard deviations cut off there."""
        return self.random.standard_normal(size).clip(-most, most)


def day_number(day: date) -> int:
    """Return the days from 1970-01-01.

    >>> day_number(date(1970, 2, 1))
    31
    """
    return (day - _EPOCH).days


@dataclass(frozen=True)
class Piece:
    """Some entities of one sector with the years of the sector: what is drawn at one time.

    Rows of `owner` and `year` are entity-years, all years of an entity together.
    """

    sector: Sector
    first: int
    entities: int

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The compliance years of the sector."""
        return (*self.sector.tonnes,)

    @cached_property
    def owner(self) -> Ints:
        """The position in the piece of each row's entity."""
        import numpy as np

        return np.repeat(np.arange(self.entities), len(self.years))

    @cached_property
    def year(self) -> Ints:
        """The compliance year of each row."""
        import numpy as np

        return np.tile(np.array(self.years, np.int64), self.entities)

    @property
    def rows(self) -> int:
        """How many entity-years there are."""
        return self.entities * len(self.years)

    def by_year(self, values: Mapping[int, int]) -> Ints:
        """Return for each row the value of its year."""
        import numpy as np

        return np.tile(np.array([values[y] for y in self.years], np.int64), self.entities)

    def keys(self, rows: Ints | None = None) -> dict[str, Column]:
        """Return the key columns of these rows of the piece, or of all."""
        owner, year = (
            (self.owner, self.year) if rows is None else (self.owner[rows], self.year[rows])
        )
        return {"entity": Column(owner + self.first), "year": Column(year)}
