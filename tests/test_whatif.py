"""whatif: verdicts before and after a draft, what moves, what is stranded, what is refused."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from typer.testing import CliRunner

from carbonlex.cases.read import case_from, read_case
from carbonlex.interfaces.cli import app
from carbonlex.interfaces.whatif_wire import whatif_schema
from carbonlex.model import UNKNOWN, Case
from carbonlex.quantities import Range
from carbonlex.reasoner.check import check_case
from carbonlex.reform.compare import Comparison, Pair, compare
from carbonlex.reform.figures import NOTHING, money, total
from carbonlex.reform.law import Law, law_on_paper
from carbonlex.reform.postpone import in_effect_from
from carbonlex.reform.read import read_reform
from carbonlex.reform.references import references
from carbonlex.reform.whatif import WhatIf, what_if
from carbonlex.reform.wording import WhatIfWords

ROOT = Path(__file__).resolve().parents[1]
OFFSETS = ROOT / "examples" / "reforms" / "offset-ten.md"
ON = date(2027, 6, 15)
CASE = """
entity = {name = "示例<&电厂", sector = "power"}
[year.2025]
listed = true
report_submitted = true
reported_on = 2026-03-20
verified_emissions = 100_000
allowances_surrendered = 92_000
price_before_deadline = 60
correction_deadline = 2027-03-31
credits = [{quantity = 8_000, used = true, from_covered_project = false}]
"""


@cache
def law() -> Law:
    return law_on_paper()


def plant(**more: Any) -> Case:
    """Return a listed power plant that surrendered 92 % in allowances and 8 % in credits."""
    facts: dict[str, Any] = {
        "listed": True,
        "report_submitted": True,
        "reported_on": "2026-03-20",
        "verified_emissions": 100_000,
        "allowances_surrendered": 92_000,
        "price_before_deadline": 60,
        "credits": [{"quantity": 8_000, "used": True, "from_covered_project": False}],
    }
    tree: Mapping[str, Any] = {"entity": {"sector": "power"}, "year": {"2025": facts | more}}
    return case_from(tree, law().rulebook.vocabulary, "plant")


def draft(tmp_path: Path, body: str, name: str = "draft.md", effective: str = "2026-06-01") -> Path:
    front = f'+++\ntitle = {{zh = "草案", en = "Draft"}}\neffective = {effective}\n'
    front += 'amends = "measures-2021"\n+++\n\n'
    path = tmp_path / name
    path.write_text(front + body, "utf-8")
    return path


def tried(*paths: Path, case: Case | None = None, effective: date | None = None) -> WhatIf:
    reforms = [read_reform(p) for p in paths]
    if effective is not None:
        reforms = [in_effect_from(r, effective) for r in reforms]
    return what_if(law(), reforms, [case] if case else [], ON)


def offsets(case: Case) -> Comparison:
    return tried(OFFSETS, case=case, effective=date(2026, 6, 1)).comparisons[0]


def pair(found: Comparison, duty: str) -> Pair:
    return next(p for p in found.pairs if p.duty == duty)


def run(*args: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["whatif", *map(str, args)])
    return result.exit_code, result.stdout, result.stderr


def case_file(tmp_path: Path, text: str = CASE) -> Path:
    path = tmp_path / "case.toml"
    path.write_text(text, "utf-8")
    return path


REPEAL_8 = "## 删去 第八条 {#art_8}\n"


def test_eight_per_cent_of_offsets_is_a_breach_under_five_and_none_under_ten() -> None:
    found = offsets(plant())
    one = pair(found, "offset-cap")
    assert one.before is not None and one.after is not None
    assert (one.before.outcome, one.after.outcome) == ("breached", "complied")
    assert one.changes == ("outcome", "gap")  # the norm and its successor are one basis
    assert one.figures[0].gap == Range(Fraction(3_000), Fraction(3_000))
    assert one.figures[1].gap == NOTHING
    assert {p.duty for p in found.flips} == {"offset-cap", "surrender"}
    assert found.exit_code == 0


def test_the_other_way_round_is_worse_and_ends_with_one() -> None:
    after = tried(OFFSETS, effective=date(2026, 6, 1)).after
    found = compare(after, law().rulebook, plant(), ON)
    assert pair(found, "offset-cap").worse == "breached"
    assert found.exit_code == 1


def test_tonnes_and_money_move_by_what_the_law_makes_of_them() -> None:
    told = plant(correction_deadline="2027-03-31", made_good=3_000)
    found = {(t.kind, t.duty): t for t in offsets(told).totals if t.moves}
    gap = found["gap", "offset-cap"]
    assert gap.moved == (-3_000, -3_000)
    # Made good in the time set, so the first step alone: Code 1226(2), CNY 1 to 5 million.
    fine = found["fine", ""]
    assert fine.before == Range(Fraction(1_000_000), Fraction(5_000_000))
    assert fine.after == NOTHING and fine.moved == (-1_000_000, -5_000_000)


def test_what_is_not_known_is_never_counted_as_nothing() -> None:
    found = offsets(plant())
    fine = next(t for t in found.totals if t.kind == "fine")
    assert fine.before is UNKNOWN and fine.moved is None and fine.moves
    assert total([NOTHING, UNKNOWN, NOTHING]) is UNKNOWN


def test_a_fine_that_is_new_is_not_hidden_by_another_that_is_not_known() -> None:
    path = ROOT / "examples" / "reforms" / "raise-status.md"
    case = read_case(ROOT / "examples" / "power-offsets-2025.toml", law().rulebook.vocabulary)
    found = what_if(law(), [read_reform(path)], [case], date(2027, 1, 10))
    fine = next(t for t in found.comparisons[0].moved if t.kind == "fine")
    assert fine.before is UNKNOWN and fine.after is UNKNOWN
    assert "not known" in WhatIfWords(found, "en").total(fine)


def test_fewer_free_allowances_show_though_no_verdict_differs() -> None:
    path = ROOT / "examples" / "reforms" / "staged-auctioning.md"
    case = read_case(ROOT / "examples" / "cement-2025.toml", law().rulebook.vocabulary)
    found = what_if(law(), [read_reform(path)], [case], date(2027, 1, 10))
    moved = {(f.concept, f.year): (f.before, f.after) for f in found.comparisons[0].findings}
    assert moved["free_allocation", 2025] == (1_280_000, 1_152_000)
    said = [WhatIfWords(found, "en").finding(f) for f in found.comparisons[0].findings]
    assert any("1,280,000 t → 1,152,000 t" in s for s in said)


def test_breaches_in_one_act_are_fined_once() -> None:
    file = ROOT / "tests" / "cases" / "one-act" / "highest.toml"
    told = tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)
    case = case_from(told["case"], law().rulebook.vocabulary, "plant")
    report = check_case(law().rulebook, case, told["on"], survey=False)
    (act,) = report.concurrences
    assert act.highest is not None
    assert money(law().rulebook, report, "fine") == act.highest.total
    assert total([b.total or NOTHING for b in act.breaches]) != act.highest.total


def test_a_reform_that_changes_no_words_changes_no_verdict(tmp_path: Path) -> None:
    words = law().rulebook.instruments["measures-2021"].words("art_29__para_2")
    path = draft(
        tmp_path,
        f"## 修改 第二十九条第二款 {{#art_29__para_2}}\n\n> {words}\n\n```norm\n"
        'id = "offset-exclusion"\nas_before = true\n```\n',
    )
    found = tried(path, case=plant())
    assert not found.comparisons[0].changed
    assert not any(t.moves for t in found.comparisons[0].totals)
    step = found.steps[0]
    assert step.redline is not None and not step.redline.amendments
    assert not step.changes.changed and not step.changes.parameters and not step.strands
    assert "没有变化" in WhatIfWords(found, "zh").unchanged(found.comparisons[0])


def test_too_late_for_the_case_says_so_and_points_to_an_earlier_day(tmp_path: Path) -> None:
    path = case_file(tmp_path)
    late = draft(tmp_path, REPEAL_8, effective="2028-01-01")
    code, said, _ = run(late, path, "--on", "2027-06-15")
    assert code == 0 and "--effective" in said and "没有变化" in said
    code, said, _ = run(OFFSETS, path, "--on", "2027-06-15", "--effective", "2026-06-01")
    assert code == 0 and "--effective" not in said and "翻转" in said


def test_an_earlier_day_takes_the_figure_with_it() -> None:
    moved = in_effect_from(read_reform(OFFSETS), date(2026, 6, 1))
    found = what_if(law(), [moved], [], ON).steps[0].changes.parameters
    assert [(c.start, c.old, c.new) for c in found] == [
        (date(2026, 6, 1), Fraction(5, 100), Fraction(10, 100))
    ]


def test_repealing_the_threshold_strands_what_leans_on_article_8(tmp_path: Path) -> None:
    found = tried(draft(tmp_path, REPEAL_8)).steps[0].strands
    seen = {(s.kind, s.at.rpartition("/")[2], s.names) for s in found}
    assert ("parameter", "removal-ground", "listing_threshold") in seen
    assert ("concept", "key-emitting-entity", "sector_covered") in seen
    assert ("question", "threshold-base", "measures-2021#art_8__para_1__point_2") in seen
    words = next(s for s in found if s.kind == "words")
    assert (words.names, words.text) == ("measures-2021#art_8", "本办法第八条")
    assert words.at.endswith("#art_12__para_1") and not words.hint
    assert all(s.where.line for s in found if s.kind in ("parameter", "concept"))


def test_words_changed_and_not_gone_are_a_hint_only(tmp_path: Path) -> None:
    path = draft(
        tmp_path,
        "## 修改 第八条第一款第（二）项 {#art_8__para_1__point_2}\n\n"
        "> （二）年度温室气体排放量达到2万吨二氧化碳当量。\n\n"
        '```norm\nid = "listing-conditions"\nas_before = true\n[parameter.listing_threshold]\n'
        '2026-06-01 = 20_000\n```\n\n```norm\nid = "annual-emissions"\nas_before = true\n```\n',
    )
    found = tried(path).steps[0].strands
    assert [(s.kind, s.hint, s.text) for s in found] == [("words", True, "本办法第八条")]


def test_a_duty_that_goes_leaves_its_sanction_and_a_sanction_its_duty(tmp_path: Path) -> None:
    path = draft(tmp_path, "## 删去 第四十条 {#art_40}\n", effective="2022-01-01")
    found = {(s.kind, s.names) for s in tried(path).steps[0].strands}
    assert ("duty", "surrender") in found
    path = draft(tmp_path, "## 删去 第二十八条 {#art_28}\n", effective="2022-01-01")
    found = {(s.kind, s.names) for s in tried(path).steps[0].strands}
    assert ("sanction", "surrender") in found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("依照本条例第六条、第八条、第九条的规定", ["art_6", "art_8", "art_9"]),
        ("本条第一款规定", ["art_40__para_1"]),
        ("第三十七条至第四十条", ["art_37", "art_38", "art_39", "art_40"]),
        ("本法第二条之一第三款第（二）项", ["art_2-1__para_3__point_2"]),
        ("第一项、前款、第三方", []),
    ],
)
def test_references_as_statutes_write_them(words: str, found: list[str]) -> None:
    assert [r.eid for r in references(words, "art_40")] == found


def test_a_reference_to_another_instrument_is_not_to_its_own() -> None:
    found = list(references("依照《行政处罚法》第十三条和本办法第四十条", "art_1"))
    assert [(r.title, r.eid) for r in found] == [("行政处罚法", "art_13"), ("", "art_40")]


def test_two_reforms_of_one_paragraph_clash_with_both_places(tmp_path: Path) -> None:
    second = OFFSETS.read_text("utf-8").replace("10%", "12%").replace("0.10", "0.12")
    other = tmp_path / "offset-twelve.md"
    other.write_text(second.replace("2027-01-01", "2028-01-01"), "utf-8")
    found = tried(OFFSETS, other)
    (clash,) = found.clashes
    assert clash.eid == "art_29__para_1"
    assert (clash.first.file, clash.second.file) == ("offset-ten.md", "offset-twelve.md")
    code, said, _ = run(OFFSETS, other, "--lang", "en")
    assert code == 0 and "Clashes" in said and "offset-twelve.md" in said


def test_json_follows_its_schema_and_is_the_same_twice(tmp_path: Path) -> None:
    schema = json.loads((ROOT / "docs" / "whatif.schema.json").read_text("utf-8"))
    assert schema == json.loads(whatif_schema())
    args = (OFFSETS, case_file(tmp_path), "--on", "2027-06-15", "--effective", "2026-06-01")
    more = ("--sweep", "offset_cap=0.05,0.1", "--json")
    first, second = (run(*args, *more)[1] for _ in range(2))
    assert first == second
    found = json.loads(first)
    jsonschema.validate(found, schema)
    (case,) = found["cases"]
    flips = [p["duty"] for p in case["pairs"] if "outcome" in p["changes"]]
    assert flips == ["surrender", "offset-cap"]
    assert found["sweeps"][0]["cliffs"][0]["value"] == "0.08"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_tells_the_reform_the_redline_and_both_proofs(tmp_path: Path, lang: str) -> None:
    args = (OFFSETS, case_file(tmp_path), "--on", "2027-06-15", "--effective", "2026-06-01")
    code, said, _ = run(*args, "--lang", lang)
    plain = "".join(said.split())
    words = {
        "zh": ("修法方案", "5%→10%", "【5%】", "〔10%〕", "3,000吨→0吨", "抵销量上限：10,000吨"),
        "en": ("Reform:", "5%→10%", "【5%】", "〔10%〕", "3,000t→0t", "10,000t"),
    }
    assert code == 0
    for word in words[lang]:
        assert word in plain
    assert "示例<&电厂" in plain


def test_without_a_case_only_the_reform_is_told() -> None:
    code, said, _ = run(OFFSETS)
    assert code == 0 and "【5%】" in said and "修改前后" not in said


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("CASE",), "--sweep"),
        ((OFFSETS, "--sweep", "offset_cap=0,1"), "案情文件"),
        (("CASE", "--sweep", "offset_cap=0,1", "--effective", "2026-01-01"), "--effective"),
        ((OFFSETS, "CASE", "--chart", "a.svg"), "--sweep"),
        (("CASE", "--sweep", "offset_cap=0,1", "--chart", "a.png"), ".svg"),
        (("none.md", "CASE"), "none.md"),
        ((OFFSETS, "none.toml"), "none.toml"),
        ((OFFSETS, "CASE", "--reading", "nothing=so"), "nothing"),
    ],
)
def test_what_makes_no_sense_is_refused(
    args: tuple[object, ...], word: str, tmp_path: Path
) -> None:
    case = case_file(tmp_path)
    code, said, complaint = run(*(case if a == "CASE" else a for a in args))
    assert code == 2 and word in complaint and not said


def test_a_row_of_a_table_goes_by_its_label() -> None:
    path = ROOT / "examples" / "reforms" / "tighter-benchmarks.md"
    found = tried(path)
    zh, en = ([*WhatIfWords(found, lang).effects(found.steps[0])] for lang in ("zh", "en"))
    assert not any("[coal_above_300]" in line for line in (*zh, *en))
    assert any("（300MW等级以上常规燃煤机组）" in line for line in zh), zh


def test_the_two_texts_of_a_redline_are_told_apart_by_the_day() -> None:
    zh = "".join(run(OFFSETS)[1].split())
    assert "（2021-02-01施行）→" in zh and "（2027-01-01施行）" in zh
    en = run(OFFSETS, "--lang", "en")[1]
    assert "in force from 2021-02-01" in " ".join(en.split())


def test_the_english_page_has_no_full_width_space_or_colon(tmp_path: Path) -> None:
    args = (OFFSETS, case_file(tmp_path), "--on", "2027-06-15", "--effective", "2026-06-01")
    said = run(*args, "--lang", "en")[1]
    assert "\u3000" not in said
    assert not any("：" in line for line in said.splitlines() if "“" not in line)
