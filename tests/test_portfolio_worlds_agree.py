"""What a portfolio says is what the reasoner says, of made-up rulebooks and cases: `make agree`.

A few worlds whose plans are quick to compile, with many cases each.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from agree import Result, World, compared

WORLDS = (202, 205, 207, 209, 211, 213, 232, 237)
CASES = 250


@cache
def result(seed: int) -> Result:
    """Return a world compared, once."""
    return compared(World(seed, CASES, "polars"))


@pytest.mark.parametrize("seed", WORLDS)
def test_a_made_up_rulebook(seed: int) -> None:
    world, found, broke = result(seed)
    assert found is not None, f"{world.command}\n{broke}"
    assert not found.differences, "\n".join([world.command, *found.differences[:20]])
    assert found.compared > CASES


def test_there_were_verdicts_of_every_kind() -> None:
    outcomes = sum((f.outcomes for s in WORLDS if (f := result(s).found)), Counter[str]())
    assert min(outcomes[o] for o in ("complied", "breached", "pending")) > 400
    assert min(outcomes[o] for o in ("undetermined", "not_applicable")) > 900
    assert outcomes["conflict"] > 20
