"""`carbonlex calendar` as its user meets it: the page, the JSON, the iCalendar file, refusals."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from rich.console import Console
from typer.testing import CliRunner

from calendar_corpus import case_of, overlay, rulebook, timeline
from carbonlex.interfaces.calendar_page import CalendarPage
from carbonlex.interfaces.calendar_wire import calendar_json, calendar_schema
from carbonlex.interfaces.cli import app
from carbonlex.timeline.dates import calendar_of
from carbonlex.timeline.entry import Timeline
from carbonlex.timeline.ics import ics_of
from carbonlex.timeline.wording import EntryWords

icalendar = pytest.importorskip("icalendar")
ROOT = Path(__file__).resolve().parents[1]
POWER = str(ROOT / "examples" / "power-2025.toml")
FACTS = {2025: {"reported": True, "paid": False}}


def run(*args: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, ["calendar", *args])
    return found.exit_code, found.stdout, found.stderr


def page(found: Timeline, lang: str = "zh", year: int = 0) -> str:
    out = StringIO()
    console = Console(file=out, width=100, color_system=None)
    CalendarPage(console, EntryWords(rulebook(), lang), found, year).print()
    return out.getvalue()


def ics(found: Timeline, lang: str = "en") -> Any:
    text = ics_of(found, found.entries, EntryWords(rulebook(), lang))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return icalendar.Calendar.from_ical(text)


def test_the_page_shows_what_comes_first_then_the_months() -> None:
    text = page(timeline(FACTS, "2026-11-22"))
    assert text.index("未来60日到期") < text.index("2026年12月") < text.index("日期未知")
    assert "12月" in text.split("未来60日到期")[0]
    assert "还有 39 天" in text
    assert "没有告知任何事实" in text


def test_the_page_in_english_has_no_chinese() -> None:
    text = page(timeline(FACTS, "2027-01-15"), "en").replace("plant", "").replace("　", " ")
    assert "Overdue or breached" in text
    assert not [c for c in text.replace("act", "") if "一" <= c <= "鿿" and c not in "第一条款"]


def test_a_year_leaves_its_months_and_what_is_overdue() -> None:
    text = page(timeline(FACTS, "2027-01-15"), year=2031)
    assert "2031年3月" in text
    assert "逾期或违反" in text
    assert "2026年3月" not in text


def test_days_not_known_for_one_reason_stand_in_one_line() -> None:
    text = page(timeline({2024: {}, 2025: {}, 2026: {}}, "2026-11-22"))
    assert "some" not in text
    assert text.count("请告知“告知结果日”") == 1
    assert "（2024、2025、2026年度）" in text


def test_nothing_due_is_said() -> None:
    assert "没有" in page(timeline({2025: {"reported": True, "paid": True}}, "2027-06-15"))


def test_json_keeps_to_its_schema_and_is_the_same_twice() -> None:
    schema = json.loads((ROOT / "docs" / "calendar.schema.json").read_text("utf-8"))
    assert schema == json.loads(calendar_schema())
    found = timeline(FACTS, "2027-01-15")
    first, second = (calendar_json(rulebook(), found, found.entries, None) for _ in range(2))
    assert first == second
    jsonschema.validate(json.loads(first), schema)
    assert json.loads(first)["exit_code"] == 1


def test_every_entry_with_a_day_is_an_event_of_that_day(tmp_path: Path) -> None:
    local = overlay(tmp_path, '[deadline.r]\nduty = "report"\nday = "02-01"\n')
    found = timeline(FACTS, "2026-11-22", local)
    events = ics(found).walk("VEVENT")
    assert len(events) == sum(e.day is not None for e in found.entries)
    days = {(str(e["summary"])[2:], e.decoded("dtstart")) for e in events}
    assert ("some, 2025", date(2026, 12, 31)) in days
    for event in events:
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(days=1)
        assert event.decoded("dtstamp").date() == date(2026, 11, 22)
        assert "art. 1" in str(event["description"]) or "通知" in str(event["description"])


def test_importing_again_updates() -> None:
    first, later = (
        {str(e["uid"]): e for e in ics(timeline(FACTS, on)).walk("VEVENT")}
        for on in ("2026-11-22", "2026-12-01")
    )
    assert first.keys() == later.keys()
    assert len(first) == len(ics(timeline(FACTS, "2026-11-22")).walk("VEVENT"))
    assert all(later[u]["sequence"] > e["sequence"] for u, e in first.items())
    other = calendar_of(rulebook(), case_of(FACTS, "another"), date(2026, 11, 22))
    assert first.keys().isdisjoint(str(e["uid"]) for e in ics(other).walk("VEVENT"))


def test_alarms_are_for_duties_of_the_entity_that_are_not_done() -> None:
    facts = {2025: {**FACTS[2025], "verified_on": "2026-11-20"}}
    events = {str(e["uid"]): e for e in ics(timeline(facts, "2026-11-22")).walk("VEVENT")}
    by_day = {e.decoded("dtstart"): e for e in events.values() if "2025" in str(e["summary"])}
    alarms = [a.decoded("trigger") for a in by_day[date(2026, 12, 31)].walk("VALARM")]
    assert alarms == [timedelta(days=-30), timedelta(days=-7)]
    assert not by_day[date(2026, 3, 31)].walk("VALARM")  # reported
    assert not by_day[date(2026, 12, 1)].walk("VALARM")  # seven working days of the authority


def test_a_hostile_name_stays_text() -> None:
    name = "a\r\nBEGIN:VEVENT\r\nUID:x;,\\"
    case = replace(case_of(FACTS), name=name)
    found = calendar_of(rulebook(), case, date(2026, 11, 22))
    assert len(ics(found).walk("VEVENT")) == sum(e.day is not None for e in found.entries)


def test_the_command_answers_by_its_exit_code_and_writes_only_its_file(tmp_path: Path) -> None:
    out = tmp_path / "plant.ics"
    out.write_text("old", encoding="utf-8")
    code, said, _ = run(POWER, "--on", "2027-01-15", "--ics", str(out), "--json")
    assert code == json.loads(said)["exit_code"] == 1
    assert icalendar.Calendar.from_ical(out.read_bytes()).walk("VEVENT")
    assert [*tmp_path.iterdir()] == [out]


def test_seven_working_days_to_object_to_the_verification(tmp_path: Path) -> None:
    told = tmp_path / "case.toml"
    years = "listed = true\nresult_notified_on = 2025-09-29\nverification_completed_on = 2025-09-25"
    told.write_text(f'entity = {{sector = "power"}}\n[year.2024]\n{years}\n', encoding="utf-8")
    _, said, _ = run(str(told), "--on", "2025-10-01", "--year", "2025", "--json")
    found = {e["answers"]: e for e in json.loads(said)["entries"] if e["year"] == 2024}
    right = next(
        e
        for e in found.values()
        if "measures-2021#art_27" in str(e["provisions"]) and e["nature"] == "right"
    )
    assert (right["day"], right["status"]) == ("2025-10-15", "open")
    feedback = found["verification-feedback"]
    assert (feedback["day"], feedback["nature"]) == ("2025-10-11", "limit")  # 28 September worked


def test_the_command_with_a_local_order() -> None:
    code, said, _ = run(POWER, "--on", "2026-01-15", "--overlay", "monthly-20-days", "--lang", "en")
    assert code in (0, 3)
    assert "345wk.com/doc/11809" in said
    assert "2026-01-20" in said


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--year", "1900"), "--year"),
        (("--year", "2099"), "--year"),
        (("--ics", "plant.toml"), ".ics"),
        (("--overlay", "no-such-overlay"), "monthly-20-days"),
        (("--on", "yesterday"), "--on"),
        (("--reading", "x=y"), "x=y"),
        (("--ics", "/no/such/folder/plant.ics"), "plant.ics"),
    ],
)
def test_what_cannot_be_is_refused(args: tuple[str, ...], said: str) -> None:
    for lang in ("zh", "en"):
        code, _, wrong = run(
            POWER, *(("--on", "2026-11-22") if "--on" not in args else ()), *args, "--lang", lang
        )
        assert code == 2
        assert said in wrong


def test_without_icalendar_it_says_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda n, *a: None if n == "icalendar" else real(n, *a)
    )
    code, _, wrong = run(POWER, "--ics", "plant.ics", "--lang", "en")
    assert code == 2
    assert "carbonlex[calendar]" in wrong
    assert not Path("plant.ics").exists()
