"""Local overlays: earlier days with their own source, which change no verdict; faults by line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from calendar_corpus import only, overlay, rulebook, timeline
from carbonlex.errors import ContentError
from carbonlex.rulebook.load import load_rulebook
from carbonlex.timeline.overlay import MAX_BYTES, overlays_for, read_overlay, shipped
from carbonlex.timeline.wording import EntryWords

FACTS = {2025: {"reported": False, "paid": True}}
HEAD = 'region = {zh = "某市", en = "a city"}\nsource = "通知"\ngrade = "secondary"\n'


def test_a_local_day_stands_beside_the_national_one(tmp_path: Path) -> None:
    local = overlay(tmp_path, '[deadline.r]\nduty = "report"\nday = "02-01"\n')
    found = timeline(FACTS, "2026-02-15", local)
    here, there = only(found, "local/city/r/2025"), only(found, "duty/report/2025")
    assert (here.day, here.status, here.judged) == (date(2026, 2, 1), "passed", False)
    assert here.local is not None
    assert (here.local.national, here.local.source, here.grade) == (there.day, "通知", "secondary")
    plain = timeline(FACTS, "2026-02-15")
    assert tuple(e for e in found.entries if e.local is None) == plain.entries
    assert found.exit_code == plain.exit_code


def test_what_is_done_is_done_locally_too(tmp_path: Path) -> None:
    local = overlay(tmp_path, '[deadline.r]\nduty = "report"\nday = "02-01"\n')
    found = timeline({2025: {"reported": True}}, "2026-02-15", local)
    assert only(found, "local/city/r/2025").status == "done"


def test_each_month_by_days_after_its_end(tmp_path: Path) -> None:
    local = overlay(tmp_path, '[deadline.e]\nduty = "evidence"\nafter_month = 20\n')
    found = timeline(FACTS, "2026-02-15", local)
    days = [e.day for e in found.entries if e.local is not None and e.year == 2025]
    assert len(days) == 12
    assert only(found, "local/city/e/2025/02").day == date(2025, 3, 20)
    assert only(found, "local/city/e/2025/12").day == date(2026, 1, 20)
    near = only(found, "local/city/e/2025/02").local
    assert near is not None
    assert near.national == only(found, "duty/evidence/2025/02").day


def test_an_expression_and_a_later_day_that_extends_nothing(tmp_path: Path) -> None:
    text = '[deadline.r]\nduty = "report"\ndue = "add_days(date(year + 1, 3, 31), 10)"\n'
    entry = only(timeline(FACTS, "2026-02-15", overlay(tmp_path, text)), "local/city/r/2025")
    assert entry.day == date(2026, 4, 10)
    assert "does not extend" in EntryWords(rulebook(), "en").remark(entry)
    assert "不延长" in EntryWords(rulebook(), "zh").remark(entry)


def test_a_local_duty_of_its_own_needs_its_bearer(tmp_path: Path) -> None:
    text = '[deadline.x]\nlabel = {zh = "巡查", en = "tour"}\nbearer = "bound"\nday = "05-01"\n'
    local = overlay(tmp_path, text)
    assert only(timeline(FACTS, "2026-02-15", local), "local/city/x/2025").day == date(2026, 5, 1)
    free = timeline({2025: {"bound": False}}, "2025-02-15", local)
    assert not [e for e in free.entries if e.local is not None]


def test_the_region_of_the_case_calls_for_what_applies_to_it(tmp_path: Path) -> None:
    assert not overlays_for(load_rulebook(), "某省")
    (asked,) = overlays_for(load_rulebook(), "", "monthly-20-days")
    assert asked.source == "345wk.com/doc/11809"
    assert not asked.applies_to  # the source does not name the municipality


@pytest.mark.parametrize("name", shipped())
def test_every_overlay_that_is_shipped_holds(name: str) -> None:
    found = read_overlay(shipped()[name], load_rulebook())
    assert found.deadlines
    assert found.source


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ('source = "x"', "overlay-malformed", 0),
        (HEAD.replace("secondary", "sure") + '[deadline.r]\nduty = "report"\nday = "02-01"',
         "overlay-malformed", 3),
        (HEAD + 'colour = "red"\n[deadline.r]\nduty = "report"\nday = "02-01"',
         "overlay-malformed", 4),
        (HEAD + '[deadline.r]\nduty = "report"', "overlay-malformed", 4),
        (HEAD + '[deadline.r]\nduty = "report"\nday = "02-01"\nafter_month = 3',
         "overlay-malformed", 4),
        (HEAD + '[deadline.r]\nduty = "raport"\nday = "02-01"', "overlay-malformed", 5),
        (HEAD + '[deadline.r]\nday = "02-01"', "overlay-malformed", 4),
        (HEAD + '[deadline.r]\nduty = "report"\nday = "02-29"', "overlay-malformed", 6),
        (HEAD + '[deadline.r]\nduty = "report"\nday = "1 Feb"', "overlay-malformed", 6),
        (HEAD + '[deadline.r]\nduty = "report"\nafter_month = 9999', "overlay-malformed", 6),
        (HEAD + '[deadline.r]\nduty = "report"\ndue = "bound"', "type-mismatch", 6),
        (HEAD + '[deadline.r]\nduty = "report"\ndue = "add_days(nothing, 1)"', "name-unknown", 6),
        (HEAD + '[deadline.r]\nduty = "report"\ndue = "open(1)"', "expression-forbidden", 6),
        (HEAD + '[deadline.r]\nduty = "report"\nbearer = "year"\nday = "02-01"',
         "type-mismatch", 6),
        (HEAD + 'deadline = 3', "overlay-malformed", 4),
        (HEAD.replace("通知", "通知\\u001b[31m") + '[deadline.r]\nduty = "report"\nday = "02-01"',
         "overlay-malformed", 0),
        (HEAD + "[deadline\n[x]", "syntax", 4),
        ("x" * (MAX_BYTES + 1), "file-too-large", 0),
    ],
)  # fmt: skip
def test_a_file_that_does_not_hold_is_refused_with_its_line(
    tmp_path: Path, text: str, code: str, line: int
) -> None:
    path = tmp_path / "city.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as refused:
        read_overlay(path, rulebook())
    first = refused.value.diagnostics[0]
    assert (first.code, first.where.line) == (code, line)
    assert first.render("zh") != first.render("en")


def test_no_such_file_names_those_that_are_shipped(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(ContentError) as refused:
            read_overlay(path, rulebook())
        assert refused.value.diagnostics[0].code == "file-unreadable"
        assert "monthly-20-days" in refused.value.diagnostics[0].hint[1]
