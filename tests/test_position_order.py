"""The order of use, whatever is held: never more than is owed, held, or has room."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from carbonlex.model import UNKNOWN
from carbonlex.position.order import missing, order_of_use
from carbonlex.position.values import Credit, Holding, Step, Use
from carbonlex.reasoner.proof import Proof

TONNES = st.integers(0, 50).map(Fraction)
MAYBE = st.sampled_from([True, False, None])


def use(allowed: bool | None) -> Use:
    return Use(allowed, (), Proof("undefined", "", UNKNOWN), "official")


@st.composite
def holding(draw: st.DrawFn, at: int) -> Holding:
    now, later = use(draw(MAYBE)), use(draw(MAYBE))
    return Holding(f"v{2019 + at}", draw(TONNES), draw(st.booleans()), now, later)


@st.composite
def credit(draw: st.DrawFn, at: int) -> Credit:
    now, later = use(draw(MAYBE)), use(draw(MAYBE))
    return Credit(at, draw(TONNES | st.none()), draw(MAYBE), now, later)


HELD = st.integers(0, 5).flatmap(lambda n: st.tuples(*(holding(at) for at in range(n))))
CREDITS = st.integers(0, 4).flatmap(lambda n: st.tuples(*(credit(at) for at in range(n))))


@given(TONNES, HELD, CREDITS, TONNES, TONNES, MAYBE)
def test_no_unit_is_advised_twice_or_beyond_what_is_owed(
    owed: Fraction,
    held: tuple[Holding, ...],
    credits: tuple[Credit, ...],
    room: Fraction,
    bankable: Fraction,
    cheaper: bool | None,
) -> None:
    steps = order_of_use(owed, held, credits, room, bankable, cheaper)

    def total(chosen: list[Step]) -> Fraction:
        return sum((s.quantity for s in chosen), Fraction(0))

    assert all(s.quantity > 0 for s in steps)
    for one in held:
        of = [s for s in steps if s.vintage == one.vintage]
        assert total(of) <= (one.quantity if one.now.allowed else 0)
    for row in credits:
        of = [s for s in steps if s.index == row.index]
        sure = row.now.allowed and row.used is False and row.quantity is not None
        assert total(of) <= (row.quantity if sure and row.quantity is not None else 0)
    assert total([s for s in steps if s.index >= 0]) <= room
    allowances = sum((h.quantity for h in held if h.now.allowed), Fraction(0))
    sure_credits = sum(
        (c.quantity or 0 for c in credits if c.now.allowed and c.used is False), Fraction(0)
    )
    assert total(list(steps)) == min(owed, allowances + min(room, sure_credits))


@given(TONNES, HELD, CREDITS, TONNES)
def test_what_is_missing_lies_between_its_bounds_however_doubts_are_settled(
    owed: Fraction, held: tuple[Holding, ...], credits: tuple[Credit, ...], room: Fraction
) -> None:
    bounds = missing(owed, held, credits, room)
    assert bounds is not None
    assert bounds.worst is not None
    assert 0 <= bounds.best <= bounds.worst <= owed
    steps = order_of_use(owed, held, credits, room, Fraction(0), None)
    assert bounds.worst == owed - sum((s.quantity for s in steps), Fraction(0))
    for answer in (True, False):
        settled = tuple(replace(h, now=use(answer)) if h.now.allowed is None else h for h in held)
        narrower = missing(owed, settled, credits, room)
        assert narrower is not None
        assert narrower.worst is not None
        assert bounds.best <= narrower.best <= narrower.worst <= bounds.worst


def test_borrowed_units_go_first_and_the_newest_of_those_that_last_go_last() -> None:
    def units(vintage: str, borrowed: bool, lasts: bool | None) -> Holding:
        return Holding(vintage, Fraction(10), borrowed, use(True), use(lasts))

    held = (
        units("v2024", False, True),
        units("v2023", False, True),
        units("v2022", False, False),
        units("v2025", False, None),
        units("v2023", True, False),
    )
    steps = order_of_use(Fraction(100), held, (), Fraction(0), Fraction(0), None)
    assert [(s.vintage, s.reason) for s in steps] == [
        ("v2023", "borrowed"),
        ("v2022", "lapses"),
        ("v2025", "open"),
        ("v2023", "oldest"),
        ("v2024", "oldest"),
    ]
