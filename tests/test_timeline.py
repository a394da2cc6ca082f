"""The calendar: each duty on its day, or why the day is not known; rights and limits beside it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from calendar_corpus import case_of, only, overlay, rulebook, timeline
from carbonlex.timeline.dates import calendar_of
from carbonlex.timeline.wording import EntryWords

TOLD = {2025: {"reported": True, "paid": False}}


def test_a_duty_done_due_and_overdue() -> None:
    done = only(timeline(TOLD, "2026-11-22"), "duty/report/2025")
    assert (done.status, done.day) == ("done", date(2026, 3, 31))
    due = only(timeline(TOLD, "2026-12-31"), "duty/pay/2025")
    assert (due.status, due.days_left, due.grade) == ("due", 0, "recalled")
    late = timeline(TOLD, "2027-01-01")
    assert only(late, "duty/pay/2025").status == "overdue"
    assert (late.exit_code, timeline(TOLD, "2026-12-31").exit_code) == (1, 0)
    assert [e.key for e in late.overdue] == ["duty/pay/2025"]


def test_what_is_ordered_after_a_breach_has_its_own_day() -> None:
    found = timeline(
        {2025: {"reported": True, "paid": False, "cured_by": "2027-02-01"}}, "2027-01-15"
    )
    assert only(found, "duty/cure/2025").day == date(2027, 2, 1)
    untold = only(timeline(TOLD, "2027-01-15"), "duty/cure/2025")
    assert untold.undated is not None
    assert untold.undated.reason == "missing"
    assert {n.fact for s in untold.undated.needs for n in s} == {"cured_by"}
    assert not [e for e in timeline(TOLD, "2026-12-31").entries if e.answers == "cure"]


def test_a_duty_that_lasts_is_open_until_its_last_day() -> None:
    kept = only(timeline(TOLD, "2026-11-22"), "duty/keep/2025")
    assert (kept.status, kept.until, kept.day) == ("open", True, date(2031, 3, 31))


@pytest.mark.parametrize(
    ("key", "on", "reason"),
    [
        ("duty/pay/2024", "2025-05-31", "unissued"),  # the notice came on 1 June
        ("duty/disclose/2025", "2026-11-22", "missing"),
        ("right/objection/2025", "2026-11-22", "missing"),
        ("limit/feedback/2025", "2026-11-22", "missing"),
    ],
)
def test_a_day_that_is_not_known_says_why(key: str, on: str, reason: str) -> None:
    found = timeline({2024: {}, 2025: {}}, on)
    entry = only(found, key)
    assert entry.day is None
    assert entry.undated is not None
    assert entry.undated.reason == reason
    assert entry in found.undated
    for lang in ("zh", "en"):
        assert EntryWords(rulebook(), lang).why(entry)


def test_the_day_is_known_once_the_notice_is_out() -> None:
    assert only(timeline({2024: {}}, "2025-06-01"), "duty/pay/2024").day == date(2025, 12, 31)


def test_an_objection_lapses_after_seven_working_days() -> None:
    facts = {2024: {"result_on": "2025-09-29"}}
    right = only(timeline(facts, "2025-10-01"), "right/objection/2024")
    assert right.day == date(2025, 10, 15)  # the holiday of 1 to 8 October, 11 October worked
    assert (right.status, right.actor) == ("open", "entity")
    assert only(timeline(facts, "2025-10-16"), "right/objection/2024").status == "passed"


def test_working_days_of_a_year_not_published_are_not_guessed() -> None:
    right = only(
        timeline({2050: {"result_on": "2051-09-29"}}, "2051-10-01"), "right/objection/2050"
    )
    assert right.day is None
    assert right.undated is not None
    assert right.undated.reason == "unpublished"


def test_a_limit_of_the_authority_is_shown_and_not_judged() -> None:
    facts = {
        2024: {
            "reported": True,
            "paid": True,
            "verified_on": "2025-04-01",
            "months": [{"month": m, "filed": True} for m in range(1, 13)],
        }
    }
    found = timeline(facts, "2026-01-15")
    limit = only(found, "limit/feedback/2024")
    assert (limit.actor, limit.status, limit.judged) == ("authority", "passed", False)
    assert found.exit_code == 0
    facts[2024]["told_result"] = True
    assert only(timeline(facts, "2026-01-15"), "limit/feedback/2024").status == "done"


def test_a_prohibition_is_judged_as_of_its_day() -> None:
    kept = only(timeline({2026: {}}, "2026-11-22"), "prohibition/overdraw/2026")
    assert (kept.status, kept.day) == ("open", date(2026, 12, 31))
    broken = timeline({2025: {**TOLD[2025], "overdrawn": True}}, "2026-11-22")
    assert only(broken, "prohibition/overdraw/2025").status == "overdue"


def test_a_day_that_a_notice_sets_says_where_to_look() -> None:
    entry = only(timeline(TOLD, "2026-11-22"), "duty/disclose/2025")
    assert EntryWords(rulebook(), "zh").why(entry) == "请告知“公开期限”（2025.disclose_by，见通知）"


def test_every_month_has_its_day_whether_told_or_not() -> None:
    facts = {2025: {**TOLD[2025], "months": [{"month": 3, "filed": True}]}}
    found = timeline(facts, "2026-11-22")
    months = [e for e in found.entries if e.answers == "evidence" and e.year == 2025]
    assert sorted(e.month for e in months) == [*range(1, 13)]
    told = only(found, "duty/evidence/2025/03")
    assert (told.status, told.told, told.day) == ("done", True, date(2025, 5, 7))
    other = only(found, "duty/evidence/2025/04")
    assert (other.status, other.told) == ("undetermined", False)
    assert found.exit_code == 0  # what was never told of is not judged
    missing = timeline({2025: {**TOLD[2025], "months": [{"month": 3}]}}, "2026-11-22")
    assert missing.exit_code == 3


def test_a_record_that_does_not_say_its_month_leaves_the_list_as_told() -> None:
    found = timeline({2025: {**TOLD[2025], "months": [{"filed": True}]}}, "2026-11-22")
    assert [e.key for e in found.entries if e.answers == "evidence" and e.year == 2025] == [
        "duty/evidence/2025/1"
    ]


def test_years_run_to_the_day_asked_without_counting() -> None:
    found = timeline({2024: {"reported": True, "paid": True}}, "2026-11-22")
    assert found.added_years == (2025, 2026)
    assert {e.told for e in found.entries if e.year > 2024} <= {False}
    assert timeline({2024: {}}, "2025-11-22", last=2027).added_years == (2025, 2026, 2027)


def test_what_is_only_presumed_is_still_to_be_done_until_its_day() -> None:
    facts: dict[int, dict[str, object]] = {2025: {"disclose_by": "2026-12-01"}}
    assert only(timeline(facts, "2026-12-01"), "duty/disclose/2025").status == "due"
    after = only(timeline(facts, "2026-12-02"), "duty/disclose/2025")
    assert (after.status, after.presumed) == ("done", True)
    assert "推定" in EntryWords(rulebook(), "zh").status(after)
    facts[2025]["disclosed"] = True
    told = only(timeline(facts, "2026-12-01"), "duty/disclose/2025")
    assert (told.status, told.presumed) == ("done", False)


def test_the_calendar_year_is_that_of_the_day() -> None:
    found = timeline(TOLD, "2026-11-22")
    assert {e.year for e in found.of_year(2026) if e.answers == "report"} == {2025}
    assert all(e.day is not None and e.day.year == 2026 for e in found.of_year(2026))


def test_the_next_sixty_days_and_not_the_sixty_first() -> None:
    day = date(2026, 12, 31)
    for days, there in ((60, True), (61, False), (0, True)):
        found = timeline(TOLD, str(day - timedelta(days=days)))
        assert ("duty/pay/2025" in {e.key for e in found.soon}) is there, days


def test_one_not_bound_has_no_calendar() -> None:
    case = case_of({2025: {"bound": False}})
    assert not calendar_of(rulebook(), case, date(2025, 11, 22)).entries


def test_entries_come_in_order_with_unique_keys() -> None:
    found = timeline({2023: {}, 2025: {}}, "2026-11-22").entries
    assert len({e.key for e in found}) == len(found)
    days = [e.day or date.max for e in found]
    assert days == sorted(days)


def test_every_entry_can_be_said_in_both_languages(tmp_path: Path) -> None:
    local = overlay(tmp_path, '[deadline.r]\nduty = "report"\nday = "02-01"\n')
    found = timeline({2024: {}, 2025: {"result_on": "2026-11-20"}}, "2026-11-22", local)
    for lang in ("zh", "en"):
        words = EntryWords(rulebook(), lang)
        for entry in found.entries:
            assert words.title(entry)
            assert words.status(entry)
            assert words.source(entry)
