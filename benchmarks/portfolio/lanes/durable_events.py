"""durable-rules alone: an event an entity. Rules tell the covered from the rest; it has no
arithmetic on decimals, so that what is owed is worked out in Python, in the rule's action.
"""

from __future__ import annotations

import time
from typing import Any

import ruleset as law
from durable.lang import m, post, ruleset, when_all
from files import Population
from reference import Columns

from lanes.scaled import from_integers

NAMES = tuple(field.name.replace(".", "_") for field in law.FIELDS)
THRESHOLD = law.THRESHOLD * 10**2
BENCHMARK = (0, *law.BENCHMARK)
HEAT_BENCHMARK = (0, *(each * 10**5 for each in law.HEAT_BENCHMARK))
PATIENCE = 30.0

found: list[tuple[int, ...]] = []
"""The answers of the run: a ruleset has no other way to hand them over than a side effect."""


def plant(event: Any, n: int) -> int:
    """Return what one plant is allocated, scale 11."""
    own, override = event[f"plants_{n}_plant_class"], event[f"plants_{n}_class_override"]
    power = event[f"plants_{n}_generation"] * event[f"plants_{n}_correction"]
    return int(power * BENCHMARK[override or own] + event[f"plants_{n}_heat"] * HEAT_BENCHMARK[own])


def settle(event: Any, covered: int) -> None:
    """Work out the eight outputs of an entity."""
    allocation = obligation = usable = 0
    if covered:
        total = plant(event, 1) + plant(event, 2) + plant(event, 3)
        allocation = (total + 5 * 10**10) // 10**11
        emissions = event["emissions"]
        obligation = min(emissions * 10, allocation * 1000 + emissions * law.DEFICIT_SHARE)
        credits = sum(
            event[f"batches_{n}_credit_quantity"]
            for n in law.BATCHES
            if event[f"batches_{n}_vintage"] >= law.FIRST_VINTAGE
        )
        usable = min(credits * 10**5, obligation * law.CREDIT_CAP)
    held = event["held"] if event["surrendered_flag"] else 0
    shortfall = max(0, obligation * 100 - held - usable)
    owed = shortfall * event["price"]
    fines = (owed * law.FINE_LOW + 5 * 10**4) // 10**5, (owed + 5 * 10**3) // 10**4
    answers = (covered, allocation, obligation, usable, shortfall, int(shortfall == 0), *fines)
    found.append((event["id"], *answers))


with ruleset("market"):

    @when_all(  # type: ignore[untyped-decorator]
        (m.bench_sector <= law.COVERED_SECTORS)
        & (m.emissions >= THRESHOLD)
        & ((m.emissions_before >= THRESHOLD) | (m.emissions_before_that >= THRESHOLD))
        & (m.closed == 0)
    )
    def is_covered(c: Any) -> None:
        """An entity that owes."""
        settle(c.m._d, 1)

    @when_all(  # type: ignore[untyped-decorator]
        (m.bench_sector > law.COVERED_SECTORS)
        | (m.emissions < THRESHOLD)
        | ((m.emissions_before < THRESHOLD) & (m.emissions_before_that < THRESHOLD))
        | (m.closed == 1)
    )
    def is_not_covered(c: Any) -> None:
        """An entity that does not."""
        settle(c.m._d, 0)


class Events:
    """Events made before the clock starts, posted one by one.

    A batch is no faster, and what `post_batch` leaves to the host's other thread may be late.
    """

    def __init__(self, population: Population) -> None:
        columns = [population.columns[field.name].astype("int64").tolist() for field in law.FIELDS]
        self.rows = list(zip(*columns, strict=True))
        self.events: list[dict[str, int]] = []
        self.next = 0

    def reset(self) -> None:
        """Forget the last answers; an event that was posted once may not be posted again."""
        found.clear()
        start, self.next = self.next, self.next + len(self.rows)
        self.events = [
            dict(zip(("id", *NAMES), (start + n, *values), strict=True))
            for n, values in enumerate(self.rows)
        ]

    def run(self) -> None:
        """Post every event; an action that another thread took up is waited for."""
        for event in self.events:
            post("market", event)
        until = time.monotonic() + PATIENCE
        while len(found) < len(self.events) and time.monotonic() < until:
            time.sleep(0.001)

    def answers(self) -> Columns:
        """Return the outputs in the order of the entities."""
        columns = dict(zip(("id", *law.OUTPUTS), zip(*sorted(found), strict=True), strict=True))
        return from_integers(columns.__getitem__)
