"""Working days: counted from the day after, by the calendar that the State Council published."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asking import ask
from carbonlex.calendar import add_working_days, working_day
from carbonlex.expressions.paraphrase import paraphrase
from carbonlex.expressions.parse import parse
from carbonlex.model import UNKNOWN, Label
from carbonlex.reasoner.needs import days_unpublished
from carbonlex.reasoner.proof import Proof
from carbonlex.words.values import say

DAYS = st.dates(date(2004, 1, 1), date(2025, 6, 30))
COUNTS = st.integers(0, 60)


def last_published() -> int:
    """The last year whose working days the installed package knows, asked of the package."""
    return max(y for y in range(2004, 2100) if working_day(date(y, 6, 1)) is not None)


def added(day: date, days: int) -> date:
    found = add_working_days(day, days)
    assert found is not None
    return found


@given(DAYS, COUNTS)
def test_as_many_working_days_lie_after_the_day_and_the_last_is_one(day: date, days: int) -> None:
    last = added(day, days)
    after = [day + timedelta(days=n) for n in range(1, (last - day).days + 1)]
    assert sum(working_day(d) is True for d in after) == days
    assert working_day(last) if days else last == day


@given(DAYS, COUNTS, COUNTS)
def test_counting_on_is_counting_all_at_once(day: date, first: int, second: int) -> None:
    assert added(added(day, first), second) == added(day, first + second)


@given(DAYS, COUNTS)
def test_a_later_day_never_ends_earlier(day: date, days: int) -> None:
    assert added(day, days) <= added(day + timedelta(days=1), days)


def test_holidays_are_left_out_and_the_weekends_worked_instead_count() -> None:
    assert added(date(2024, 9, 30), 1) == date(2024, 10, 8)  # 1 to 7 October
    assert added(date(2024, 10, 11), 1) == date(2024, 10, 12)  # a Saturday, worked instead
    assert added(date(2025, 3, 24), 7) == date(2025, 4, 2)


def test_no_working_day_of_a_year_not_published_is_guessed() -> None:
    last = last_published()
    assert working_day(date(last + 1, 6, 1)) is None
    assert add_working_days(date(last, 12, 20), 30) is None
    assert add_working_days(date(last + 1, 3, 1), 7) is None
    assert add_working_days(date(2003, 1, 1), 7) is None
    assert add_working_days(date(last + 1, 3, 1), 0) == date(last + 1, 3, 1)


def test_the_last_days_of_a_year_wait_for_the_calendar_of_the_next() -> None:
    last = last_published()
    assert working_day(date(last, 12, 25)) is not None
    assert working_day(date(last, 12, 28)) is None
    assert working_day(date(last - 1, 12, 28)) is not None
    # 31 December 2018, a Monday, was made a holiday by the calendar of 2019.
    assert added(date(2018, 12, 29), 1) == date(2019, 1, 2)


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        add_working_days(date(2024, 1, 1), -1)


def test_in_expressions() -> None:
    assert ask("add_working_days(date(2024, 9, 30), 1)") == date(2024, 10, 8)
    assert ask("add_working_days(day, 7)", {"day": "2025-03-24"}) == date(2025, 4, 2)
    for unknown in (
        "add_working_days(day, 7)", "add_working_days(date(2099, 1, 1), 7)",
        "add_working_days(date(2024, 1, 1), 0.5)", "add_working_days(date(2024, 1, 1), -1)",
    ):  # fmt: skip
        assert ask(unknown) is UNKNOWN, unknown


def test_in_words() -> None:
    label = {"day": Label("核查完成之日", "the day of verification")}.__getitem__
    tree = parse("add_working_days(day, 7)")
    assert paraphrase(tree, label, "zh") == "自核查完成之日起（当日不计）满7（个工作日）之日"
    assert "working days, that day not counted" in paraphrase(tree, label, "en")
    assert say(Fraction(7), "working_day", "zh") == "7 个工作日"


def test_a_calendar_that_is_missing_is_told_from_a_day_that_is() -> None:
    day, days = Proof("told", "day", date(2099, 1, 1)), Proof("literal", "7", Fraction(7))
    missing = Proof("missing", "day", UNKNOWN)
    call = Proof("call", "", UNKNOWN, parts=(day, days), extra="add_working_days")
    assert days_unpublished(Proof("concept", "due", UNKNOWN, parts=(call,)))
    assert not days_unpublished(call._replace(parts=(missing, days)))
    assert not days_unpublished(call._replace(value=date(2025, 1, 1)))
