"""whatif: what follows from a breach, compared fine by fine, and what neither law settles."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from carbonlex.cases.read import case_from
from carbonlex.interfaces.cli import app
from carbonlex.model import Case
from carbonlex.reform.compare import Pair
from carbonlex.reform.consequence_wording import ConsequenceWords
from carbonlex.reform.whatif import WhatIf, what_if
from carbonlex.reform.wording import WhatIfWords
from drafted import draft, law

CODE = 'amends = "code-2026"'
AFTER = date(2027, 2, 1)
PARAGRAPH = "art_1226__para_2"
SHORT: dict[str, Any] = {
    "listed": True, "report_submitted": True, "reported_on": "2026-03-30",
    "verified_emissions": 100_000, "allowances_surrendered": 95_000, "price_before_deadline": 60,
    "credits": [],
}  # fmt: skip


def plant(facts: dict[str, Any]) -> Case:
    tree = {"entity": {"sector": "power"}, "year": {"2025": facts}}
    return case_from(tree, law().rulebook.vocabulary, "plant")


def body(*changes: tuple[str, str], **fines: str) -> str:
    """Return a draft of Code 1226(2) with other words, and other fines under them."""
    words = law().rulebook.instruments["code-2026"].words(PARAGRAPH)
    for old, new in changes:
        assert old in words
        words = words.replace(old, new)
    said = f"## 修改 第一千二百二十六条第二款 {{#{PARAGRAPH}}}\n\n> {words}\n"
    for name in ("non-surrender", "non-surrender-uncured", "suspension"):
        fine = f'fine = "{fines[name]}"\n' if name in fines else ""
        said += f'\n```norm\nid = "{name}"\nas_before = true\n{fine}```\n'
    return said


HIGHER = body(
    ("一百万元以上五百万元以下", "二百万元以上八百万元以下"),
    **{"non-surrender": "between(2_000_000, 8_000_000)"},
)
STEEPER = body(
    ("五倍以上十倍以下", "六倍以上十二倍以下"),
    **{"non-surrender-uncured": "between(6, 12) * price_before_deadline * shortfall"},
)


def tried(folder: Path, text: str, facts: dict[str, Any], on: date = AFTER) -> WhatIf:
    return what_if(law(), [draft(folder, text, CODE)], [plant(facts)], on)


def pair(found: WhatIf, duty: str = "surrender") -> Pair:
    return next(p for p in found.comparisons[0].pairs if p.duty == duty)


def lines(found: WhatIf, lang: str) -> list[str]:
    return ConsequenceWords(WhatIfWords(found, lang)).lines(pair(found))


def test_a_known_fine_that_rises_shows_though_the_sum_is_known_on_neither_side(
    tmp_path: Path,
) -> None:
    found = tried(tmp_path, HIGHER, SHORT)
    one = pair(found)
    assert one.before is not None and one.before.outcome == "breached"
    # Whether the order to correct was met is not told, and with it the fine of the second step.
    assert one.figures[0].fine == one.figures[1].fine
    assert one.changes == ("fine",)
    assert lines(found, "zh") == [
        "按时足额清缴碳排放配额（2025年度）　罚款（未清缴的处罚（第一步） [non-surrender]）："
        "1,000,000 元以上 5,000,000 元以下 → 2,000,000 元以上 8,000,000 元以下"
    ]
    assert lines(found, "en") == [
        "surrender allowances in full and in time, 2025, fine (penalty for non-surrender (first "
        "step) [non-surrender]): CNY 1,000,000 to 5,000,000 → CNY 2,000,000 to 8,000,000"
    ]


def test_a_fine_known_on_neither_side_differs_where_its_formula_does(tmp_path: Path) -> None:
    unpriced = {k: v for k, v in SHORT.items() if k != "price_before_deadline"}
    found = tried(tmp_path, STEEPER, unpriced)
    assert pair(found).changes == ("method",)
    (said,) = lines(found, "en")
    assert "if not corrected in time: fine" in said
    assert "not known: from 5 to 10" in said and "→ not known: from 6 to 12" in said


def test_a_fine_that_would_follow_is_compared_before_the_deadline_too(tmp_path: Path) -> None:
    found = tried(tmp_path, HIGHER, SHORT, on=date(2026, 12, 15))
    one = pair(found)
    assert one.after is not None and one.after.outcome == "pending"
    assert "fine" in one.changes
    said = next(s for s in lines(found, "zh") if "第一步" in s)
    assert "5,000,000 元以下（如届时违反） → 2,000,000" in said


def test_the_same_meaning_on_the_same_words_changes_no_consequence(tmp_path: Path) -> None:
    for facts in (SHORT, SHORT | {"correction_deadline": "2027-01-20", "made_good": 0}, {}):
        found = tried(tmp_path, body(), facts)
        assert not found.comparisons[0].changed


def test_what_neither_law_settles_is_named_and_not_called_unchanged_alone(tmp_path: Path) -> None:
    found = tried(tmp_path, HIGHER, {"listed": True}, on=AFTER)
    one = pair(found)
    assert one.before is not None and one.before.outcome == "undetermined" and one.open
    words = WhatIfWords(found, "zh")
    assert "按时足额清缴碳排放配额（2025年度）" in words.still_open(found.comparisons[0])
    assert "未能判定" in words.still_open(found.comparisons[0])
    assert "settled neither before nor after" in WhatIfWords(found, "en").still_open(
        found.comparisons[0]
    )
    settled = tried(tmp_path, HIGHER, SHORT)
    assert not WhatIfWords(settled, "zh").still_open(settled.comparisons[0])


def test_a_duty_that_stays_open_shows_that_it_turns_on_something_else(tmp_path: Path) -> None:
    words = law().rulebook.instruments["measures-2021"].words("art_29__para_1")
    text = (
        f"## 修改 第二十九条第一款 {{#art_29__para_1}}\n\n> {words.replace('5%', '10%')}\n\n"
        '```norm\nid = "offset-cap"\nas_before = true\n[parameter.offset_cap]\n'
        '2026-12-01 = 0.10\n```\n\n```norm\nid = "offset-limit"\nas_before = true\n```\n\n'
        '```norm\nid = "offsets-counted"\nas_before = true\n```\n'
    )
    credit = {"quantity": 8_000, "used": True, "from_covered_project": False}
    case = plant({"listed": True, "credits": [credit]})
    found = what_if(law(), [draft(tmp_path, text)], [case], AFTER)
    one = pair(found, "offset-cap")
    assert one.open and "method" in one.changes


def test_the_page_shows_the_fine_and_not_that_nothing_changed(tmp_path: Path) -> None:
    path, case = tmp_path / "draft.md", tmp_path / "case.toml"
    draft(tmp_path, HIGHER, CODE)
    case.write_text(
        'entity = {sector = "power"}\n[year.2025]\nlisted = true\nreport_submitted = true\n'
        "reported_on = 2026-03-30\nverified_emissions = 100_000\nallowances_surrendered = 95_000\n"
        "credits = []\n",
        "utf-8",
    )
    args = ["whatif", str(path), str(case), "--on", "2027-02-01"]
    ran = CliRunner().invoke(app, args)
    said = "".join(ran.stdout.split())
    assert ran.exit_code == 0 and "没有变化" not in said
    assert "1,000,000元以上5,000,000元以下→2,000,000元以上8,000,000元以下" in said
