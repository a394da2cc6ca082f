"""Sweeps: one figure of law over many values, where verdicts flip, and the chart of it."""

from __future__ import annotations

import importlib.util
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from typer.testing import CliRunner

from carbonlex.cases.read import case_from
from carbonlex.errors import ContentError
from carbonlex.interfaces.cli import app
from carbonlex.model import Case
from carbonlex.quantities import Range
from carbonlex.reasoner.check import check_case
from carbonlex.reform.chart import chart_spec, chart_svg
from carbonlex.reform.law import Law, law_on_paper
from carbonlex.reform.read import read_reform
from carbonlex.reform.simplest import shortest_decimal, simplest
from carbonlex.reform.sweep import Sweep, sweep
from carbonlex.reform.swept import asked_for, with_value
from carbonlex.reform.whatif import what_if

ROOT = Path(__file__).resolve().parents[1]
OFFSETS = ROOT / "examples" / "reforms" / "offset-ten.md"
ON = date(2027, 6, 15)


@cache
def law() -> Law:
    return law_on_paper()


def plant(used: object = 8_000, obligation: object = 100_000, **more: Any) -> Case:
    facts = {
        "listed": True,
        "surrender_obligation": obligation,
        "credits": [{"quantity": used, "used": True, "from_covered_project": False}],
    }
    tree = {"entity": {"sector": "power"}, "year": {"2025": facts | more}}
    return case_from(tree, law().rulebook.vocabulary, "plant")


def swept(text: str, case: Case) -> Sweep:
    return sweep(law().rulebook, asked_for(text, law().rulebook), case, ON)


def test_the_cap_flips_exactly_at_what_was_used_over_what_was_owed() -> None:
    (cliff,) = swept("offset_cap=0:0.15:0.02", plant()).cliffs
    assert cliff.slot == ("offset-cap", 2025, -1)
    assert (cliff.below, cliff.above) == ("breached", "complied")
    assert (cliff.value, cliff.on) == (Fraction(8, 100), "complied")


def test_a_cliff_on_a_value_tried_says_on_which_side_the_value_is() -> None:
    found = swept("offset_cap=0.04:0.06:0.01", plant(used=5_000))
    (cliff,) = found.cliffs
    assert (cliff.value, cliff.on) == (Fraction(5, 100), "complied")
    assert [p.outcome(cliff.slot) for p in found.points] == ["breached", "complied", "complied"]


@pytest.mark.parametrize(
    ("used", "obligation", "value"),
    [
        (7_123, 98_765, Fraction(7_123, 98_765)),
        (1, 3, Fraction(1, 3)),
        ("6172.8394", 100_000, Fraction("0.061728394")),
    ],
)
def test_a_cliff_at_no_round_figure_is_found_exactly(
    used: object, obligation: object, value: Fraction
) -> None:
    (cliff,) = swept("offset_cap=0:1:0.25", plant(used, obligation)).cliffs
    assert (cliff.value, cliff.on) == (value, "complied")


def test_the_threshold_of_listing_itself_is_reached() -> None:
    tree = {
        "entity": {"sector": "power"},
        "year": {str(y): {"verified_emissions": 26_000} for y in (2023, 2024, 2025)},
    }
    case = case_from(tree, law().rulebook.vocabulary, "plant")
    found = swept("listing_threshold=20_000:30_000:4_000", case).cliffs
    assert found and {c.value for c in found} == {Fraction(26_000)}
    assert all(c.on == c.below != "not_applicable" and c.above == "not_applicable" for c in found)


def test_each_point_is_what_the_law_with_that_figure_says() -> None:
    asked = asked_for("offset_cap=5%,9%", law().rulebook)
    found = sweep(law().rulebook, asked, plant(), ON)
    for point in found.points:
        report = check_case(with_value(law().rulebook, asked, point.value), plant(), ON)
        for verdict in report.verdicts:
            slot = (verdict.duty, verdict.year, verdict.index)
            assert point.samples[slot].outcome == verdict.outcome
    low = found.points[0].samples["offset-cap", 2025, -1]
    assert low.figures.gap == Range(Fraction(3_000), Fraction(3_000))


def test_the_rulebook_given_is_left_as_it_is() -> None:
    before = law().rulebook.parameters["measures-2021/offset-cap.offset_cap"]
    changed = with_value(law().rulebook, asked_for("offset_cap=1", law().rulebook), Fraction(1))
    assert law().rulebook.parameters[before.full] is before
    assert changed.digest != law().rulebook.digest


def test_with_a_reform_only_the_law_after_it_is_swept() -> None:
    found = what_if(law(), [read_reform(OFFSETS)], [plant()], ON, swept="offset_cap=0:0.15:0.05")
    asked = found.sweeps[0].asked
    assert asked.targets == ("measures-2021@2027-01-01/offset-cap.offset_cap",)
    assert found.sweeps[0].cliffs == ()  # judged on 2026-12-31, under the Measures as they were
    changed = with_value(found.after, asked, Fraction(1)).parameters[asked.targets[0]]
    held = [(s.start, s.until, s.entry.value) for s in changed.spans if s.entry is not None]
    day = date(2027, 1, 1)
    assert held == [(date(2021, 2, 1), day, Fraction(5, 100)), (day, None, Fraction(1))]


def test_a_row_of_a_table_is_swept_and_its_other_rows_stay() -> None:
    book = law().rulebook
    table = next(p for p in book.parameters.values() if p.by and p.unit not in ("date", "choices"))
    entry = next(s.entry for s in table.spans if s.entry is not None)
    assert isinstance(entry.value, dict)
    row, *others = entry.value
    asked = asked_for(f"{table.full}[{row}]=7", book)
    changed = with_value(book, asked, Fraction(7)).parameters[table.full]
    after = next(s.entry for s in changed.spans if s.entry is not None)
    assert isinstance(after.value, dict) and after.value[row] == 7
    assert all(after.value[k] == entry.value[k] for k in others)
    with pytest.raises(ContentError) as refusal:
        asked_for(f"{table.full}=7", book)
    assert row in refusal.value.diagnostics[0].hint[1]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("offset_cap", "lacks"),
        ("offset_cap=", "lacks"),
        ("=1:2:3", "lacks"),
        ("offset_cap=0:1", "START:STOP:STEP"),
        ("offset_cap=0:1:0", "above zero"),
        ("offset_cap=1:0:0.1", "START"),
        ("offset_cap=0:1:0.0001", "at most 1000"),
        ("offset_cap=0:1e3:1", "START:STOP:STEP|does not convert"),
        ("offset_cap=nan", "number"),
        ("offset_cap=0.05,", "number"),
        ("offset_cap=-1,1", "below zero"),
        ("offset_cap[x]=1", "no table"),
        ("offset_cap[=1", "brackets"),
        ("offset_cup=1", "no parameter"),
        ("covered_sectors=1", "no number"),
        ("surrender_deadline=1", "no number"),
        ("offset_cap=5 CNY", "does not convert"),
    ],
)
def test_a_malformed_sweep_is_refused_with_what_to_do(text: str, word: str) -> None:
    with pytest.raises(ContentError) as refusal:
        asked_for(text, law().rulebook)
    (one,) = refusal.value.diagnostics
    assert one.code == "sweep-malformed" and one.where.file == "--sweep"
    assert any(w in one.message[1] for w in word.split("|")), one.message[1]
    assert all(one.hint)


def test_a_name_of_several_parameters_asks_for_the_full_one() -> None:
    book = law().rulebook
    works = {
        name: {(book.instruments[p.instrument].work, p.full.partition("/")[2]) for p in found}
        for name, found in book.parameter_names.items()
    }
    name = next(n for n, w in works.items() if len(w) > 1)
    with pytest.raises(ContentError) as refusal:
        asked_for(f"{name}=1", book)
    assert book.parameter_names[name][0].full in refusal.value.diagnostics[0].hint[0]


_SMALL = {"max_denominator": 300}


@given(st.fractions(-50, 50, **_SMALL), st.fractions(0, 10, **_SMALL))
def test_the_plainest_number_lies_between(low: Fraction, width: Fraction) -> None:
    high = low + width
    found = simplest(low, high)
    assert low <= found <= high
    between = range(1, found.denominator)
    assert not any(-((-low * d) // 1) <= high * d for d in between)
    if width:
        assert low <= shortest_decimal(low, high) <= high


def chart(case: Case, lang: str) -> tuple[Sweep, str]:
    pytest.importorskip("vl_convert")
    found = swept("offset_cap=0:0.15:0.02", case)
    return found, chart_svg([found], lang)


def test_the_chart_is_xml_with_chinese_words_as_text() -> None:
    case = plant(allowances_surrendered=92_000, correction_deadline="2027-03-31")
    _, svg = chart(Case('甲<&"厂\x07', case.entity, case.years, case.digest), "zh")
    root = etree.fromstring(svg.encode())
    texts = [t for e in root.iter("{*}text") for t in (e.text,) if t]
    assert '抵销比例上限：甲<&"厂�' in texts
    assert {"差额（吨）", "结论", "违反", "符合", "8%"} <= set(texts)
    fonts = {e.get("font-family") for e in root.iter("{*}text")}
    assert fonts and all(f and "Noto Sans CJK SC" in f and "sans-serif" in f for f in fonts)


def test_the_chart_speaks_english_too() -> None:
    _, svg = chart(plant(), "en")
    assert "gap, t" in svg and "breached" in svg and "差额" not in svg


def test_what_is_not_known_leaves_a_gap_in_the_line() -> None:
    facts = {"listed": True, "surrender_obligation": 100_000, "allowances_surrendered": 90_000}
    tree = {"entity": {"sector": "power"}, "year": {"2025": facts}}
    unknown = case_from(tree, law().rulebook.vocabulary, "plant")
    spec = chart_spec([swept("offset_cap=0,0.05,0.1", unknown)], "zh")
    rows = [r for panel in spec["vconcat"] for r in panel["data"]["values"] if "y" in r]
    assert all(r["y"] is None or isinstance(r["y"], str) for r in rows)
    assert not any(r["y"] == "0" for r in rows if "足额清缴" in r["duty"])


CASE = """
entity = {name = "示例电厂", sector = "power"}
[year.2025]
listed = true
surrender_obligation = 100_000
credits = [{quantity = 8_000, used = true, from_covered_project = false}]
"""


def run(tmp_path: Path, *args: object) -> tuple[int, str, str]:
    case = tmp_path / "case.toml"
    case.write_text(CASE, "utf-8")
    told = ["whatif", str(case), "--on", "2027-06-15", *map(str, args)]
    result = CliRunner().invoke(app, told)
    return result.exit_code, result.stdout, result.stderr


def test_the_command_says_where_it_flips_and_writes_the_chart_whole(tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    out = tmp_path / "cap.svg"
    out.write_text("old", "utf-8")
    code, said, complaint = run(
        tmp_path, "--sweep", "offset_cap=0:0.15:0.01", "--chart", out, "--lang", "en"
    )
    assert (code, complaint) == (0, "")
    assert "flips at 8%: breached below, complied from 8% on" in " ".join(said.split())
    etree.fromstring(out.read_bytes())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cap.svg", "case.toml"]


def test_a_long_sweep_shows_some_rows_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    code, said, _ = run(tmp_path, "--sweep", "offset_cap=0:0.2:0.002")
    assert code == 0 and "表中未列" in said and len(said.splitlines()) < 60


def test_a_bad_sweep_is_refused_by_the_command(tmp_path: Path) -> None:
    code, said, complaint = run(tmp_path, "--sweep", "offset_cup=0,1", "--lang", "en")
    assert (code, said) == (2, "")
    assert "sweep-malformed" in complaint and "offset_cap" in complaint


def test_without_vl_convert_it_says_how_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda n, *a: None if n == "vl_convert" else real(n, *a)
    )
    code, _, complaint = run(tmp_path, "--sweep", "offset_cap=0,1", "--chart", tmp_path / "a.svg")
    assert code == 2 and 'pip install "carbonlex[chart]"' in complaint


def test_a_sweep_says_what_is_only_presumed_and_lists_it() -> None:
    case = plant()
    found = swept("offset_cap=0.05,0.1", case)
    slot = ("keep-records", 2025, -1)
    assert found.report is not None and ("records_kept", 2025) in found.report.presumed
    last = found.points[-1]
    assert any(s.assumed and s.outcome == "complied" for s in last.samples.values())
    assert slot in last.samples


def test_one_value_has_a_table_of_its_verdicts(tmp_path: Path) -> None:
    case = tmp_path / "case.toml"
    case.write_text(
        'entity = {sector = "power"}\n[year.2025]\nlisted = true\nsurrender_obligation = 100_000\n'
        "credits = [{quantity = 8_000, used = true, from_covered_project = false}]\n",
        "utf-8",
    )
    args = ["whatif", str(case), "--sweep", "offset_cap=0.1", "--on", "2027-06-15"]
    ran = CliRunner().invoke(app, args)
    assert ran.exit_code == 0, ran.stderr
    assert "offset_cap = 10%" in ran.stdout and "只试了一个值" in ran.stdout
    assert "抵销比例上限（2025年度）" in ran.stdout
    assert "✓ 推定符合" in ran.stdout and "所作的假定" in ran.stdout
    assert "推定为“是”（records_kept）" in "".join(ran.stdout.split())
