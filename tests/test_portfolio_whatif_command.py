"""`carbonlex portfolio whatif` as its users run it: the page, JSON, rows, charts, refusals."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from carbonlex.interfaces.portfolio_whatif_models import PortfolioWhatIfOut
from carbonlex.interfaces.portfolio_whatif_wire import portfolio_whatif_schema
from carbonlex.portfolio import compile as compiling
from carbonlex.portfolio.graph import NotColumnar
from carbonlex.portfolio.synth import NOTICE, synthesise
from carbonlex.portfolio.synth.label import KEY
from portfolio_runs import EXAMPLE, rulebook, write_csv
from portfolio_whatifs import DRAFTS, REFORMS, told_by, what_if
from readme import ROOT

THRESHOLD, OFFSETS = DRAFTS / "higher-threshold.md", REFORMS / "offset-ten.md"
SOON = ("--effective", "2026-12-01")
TOLD = {"entity": 1, "year": 2025, "sector": "power", "listed": "true", "region": "甲省"}
SHORT = {**TOLD, "verified_emissions": 100_000, "allowances_surrendered": "91999.5",
         "allowance_price": 60}  # fmt: skip
CREDIT = {"entity": 1, "year": 2025, "quantity": 8_000, "used": "true", "used_on": "2026-12-20",
          "from_covered_project": "false"}  # fmt: skip


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synth") / "small"
    synthesise(folder, 4, 2, rulebook())
    return folder


@pytest.fixture
def short(tmp_path: Path) -> Path:
    """Return one entity that is short by the cap on offsets, and half a tonne more."""
    return write_csv(tmp_path / "short", entities=[SHORT], credits=[CREDIT])


# ---- what is said


def test_the_page_says_who_leaves_and_where(tmp_path: Path) -> None:
    found = what_if(THRESHOLD, EXAMPLE)
    assert found.code == 0
    assert "修法方案：提高列入名录的门槛：2.6万吨至10万吨" in found.flat
    assert "没有判断翻转" in found.flat
    line = next(x for x in found.out.splitlines() if "符合列入重点排放单位名录的条件" in x)
    assert line.split()[1:] == ["2", "21", "19"]
    english = what_if(THRESHOLD, EXAMPLE, "--lang", "en")
    assert "Noverdictflips." in english.flat and "Whoentersandwholeaves" in english.flat
    assert "1problemsofthedata" in english.flat


def test_flips_tonnes_and_yuan_of_a_duty_are_said(short: Path) -> None:
    found = what_if(OFFSETS, short, *SOON, "--by", "region,year")
    assert found.code == 0
    flip = [x.split() for x in found.out.splitlines() if "抵销比例上限" in x and "违反" in x]
    assert flip[0][-3:] == ["违反", "符合", "1"]
    assert "差额：3,000.5吨→0.5吨；差-3,000吨（1行变动）" in found.flat
    assert "补足费用：180,030元→30元；差-180,000元（1行变动）" in found.flat
    assert "甲省·2025·" in found.flat
    english = what_if(OFFSETS, short, *SOON, "--lang", "en")
    assert "gap:3,000.5t→0.5t;difference-3,000t(1row)" in english.flat


def test_a_new_duty_and_a_side_without_a_figure_are_named(tmp_path: Path) -> None:
    credit = {**CREDIT, "recorded_on": "2024-03-01"}
    data = write_csv(tmp_path / "d", entities=[SHORT], credits=[credit])
    assert "新的义务：" in what_if(REFORMS / "ccer-linkage.md", data).flat
    english = what_if(REFORMS / "ccer-linkage.md", data, "--lang", "en")
    assert "anewduty:" in english.flat
    unit = {"entity": 1, "year": 2025, "unit_class": "gas", "electricity_generated": 1_000,
            "heat_supplied": 0, "peaking_correction": 1}  # fmt: skip
    units = write_csv(tmp_path / "e", entities=[TOLD], units=[unit])
    found = what_if(REFORMS / "tighter-benchmarks.md", units)
    assert "核定配额量：未知→326吨；没有两侧均知的行；修改前未知1行" in found.flat


def test_synthetic_data_are_labelled_in_every_output(population: Path, tmp_path: Path) -> None:
    out, chart = tmp_path / "rows.parquet", tmp_path / "c.svg"
    sweep = ("--sweep", "listing_threshold=0,30000,3000000", "--chart", chart)
    page = what_if(THRESHOLD, population, "--out", out, *sweep)
    assert "".join(NOTICE.zh.split()) in page.flat and page.out.endswith(f"→ {chart}\n")
    told = json.loads(what_if(THRESHOLD, population, "--json").out)
    assert told["synthetic"] is True and told["notice"]["en"] == NOTICE.en
    assert "模拟数据" in chart.read_text("utf-8")
    rows = pl.read_parquet(out)
    assert rows.height == 0 or rows["synthetic"].all()
    assert "synthetic" in rows.columns
    assert pq.read_metadata(out).metadata[KEY.encode()] == b"true"


def test_json_is_of_the_schema_in_the_documents(short: Path) -> None:
    found = what_if(OFFSETS, short, *SOON, "--sweep", "offset_cap=0.05,0.1", "--json")
    told = PortfolioWhatIfOut.model_validate_json(found.out)
    assert told.flips is not None and told.sweep is not None
    assert [p.value for p in told.sweep.points] == ["0.05", "0.1"]
    assert [r.key for r in told.reforms] == ["offset-ten"]
    shipped = (ROOT / "docs" / "portfolio-whatif.schema.json").read_text("utf-8")
    assert json.loads(shipped) == json.loads(portfolio_whatif_schema())


def test_the_duckdb_engine_says_the_same(short: Path) -> None:
    answers = [
        json.loads(what_if(OFFSETS, short, *SOON, "--engine", engine, "--json").out)
        for engine in ("polars", "duckdb")
    ]
    assert [a.pop("columns") for a in answers] == ["polars", "duckdb"]
    assert answers[0] == answers[1]


def test_only_some_duties_are_compared(short: Path) -> None:
    found = json.loads(what_if(OFFSETS, short, *SOON, "--only", "offset-cap", "--json").out)
    assert [d["duty"] for d in found["flips"]["whole"]["duties"]] == ["offset-cap"]
    drafted = what_if(REFORMS / "ccer-linkage.md", short, "--only", "credit-age", "--json")
    assert [d["duty"] for d in json.loads(drafted.out)["flips"]["whole"]["duties"]] == [
        "credit-age"
    ]


# ---- the rows


def test_rows_that_differ_are_written_with_both_sides(short: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "rows.parquet"
    found = what_if(OFFSETS, short, *SOON, "--out", out, "--json")
    assert json.loads(found.out)["written"] == [str(out)]
    rows = {r["name"]: r for r in pl.read_parquet(out).iter_rows(named=True)}
    assert set(rows) == {"surrender", "offset-cap"}
    one = rows["surrender"]
    assert (one["entity"], one["year"], one["row"], one["record"]) == ("1", 2025, 1, "")
    assert (one["gap_before"], one["gap_after"]) == (Decimal("3000.5"), Decimal("0.5"))
    assert (one["cost_before"], one["cost_after"]) == (Decimal(180_030), Decimal(30))
    assert (rows["offset-cap"]["before"], rows["offset-cap"]["after"]) == ("breached", "complied")
    assert not [p for p in out.parent.iterdir() if p != out]


def test_rows_written_are_as_many_as_flip(tmp_path: Path) -> None:
    out = tmp_path / "rows.parquet"
    found = json.loads(what_if(THRESHOLD, EXAMPLE, "--out", out, "--json").out)
    rows = pl.read_parquet(out)
    told = told_by(found["flips"]["whole"])
    changed = sum(n for (_, before, after), n in told.states.items() if before != after)
    assert rows.height == changed == 4
    leaving = rows.filter(pl.col("name") == "meets_listing_conditions")
    assert leaving["entity"].to_list() == ["P03", "P04"]
    assert leaving.select("before", "after").unique().row(0) == ("true", "false")


def test_rows_take_the_place_of_an_older_file_only_when_whole(
    short: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "rows.parquet"
    out.write_text("older", encoding="utf-8")
    bad = write_csv(tmp_path / "bad", entities=[{**SHORT, "colour": 1}])
    assert what_if(OFFSETS, bad, "--out", out).code == 2
    assert out.read_text("utf-8") == "older"
    assert what_if(OFFSETS, short, "--out", out).code == 0
    assert pl.read_parquet(out).width > 5
    assert what_if(OFFSETS, short, "--out", tmp_path / "no.parquet" / "x.parquet").code == 0


# ---- sweeps


def test_a_sweep_needs_no_draft_and_draws_what_differs(short: Path, tmp_path: Path) -> None:
    chart = tmp_path / "sweep.svg"
    found = what_if(short, "--sweep", "offset_cap=0.04:0.10:0.02", "--chart", chart)
    assert found.code == 0 and "扫描：抵销比例上限[offset_cap]4%–10%，4个值" in found.flat
    assert "差额4,000.5吨" in found.flat and "差额0.5吨" in found.flat
    drawn = chart.read_text("utf-8")
    assert drawn.startswith("<svg") and "违反的差额（吨）" in drawn
    flat = ("--sweep", "offset_cap=0.4,0.5", "--chart", chart, "--lang", "en")
    assert "Nototaldiffersoverthevaluestried." in what_if(short, *flat).flat
    assert "no total differs" in chart.read_text("utf-8")


def test_who_enters_at_each_threshold_is_swept() -> None:
    found = json.loads(
        what_if(EXAMPLE, "--sweep", "listing_threshold=50000,70000,100000", "--json").out
    )
    holds = [
        c["holds"]
        for p in found["sweep"]["points"]
        for c in p["totals"]["findings"]
        if c["concept"] == "meets_listing_conditions"
    ]
    assert holds == [21, 19, 17]


# ---- what is refused, and what is not judged


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ([EXAMPLE], "没有修法方案"),
        ([THRESHOLD], "须有一份数据"),
        ([THRESHOLD, EXAMPLE, EXAMPLE], "而不是 2 份"),
        ([EXAMPLE, "--sweep", "cap=1,2"], "没有参数 cap"),
        ([EXAMPLE, "--sweep", "offset_cap=0,1", *SOON], "--effective 须有修法方案"),
        ([EXAMPLE, "--sweep", "offset_cap=0,1", "--out", "x.parquet"], "--out 须有修法方案"),
        ([THRESHOLD, EXAMPLE, "--out", "rows.csv"], "应以 .parquet 结尾"),
        ([THRESHOLD, EXAMPLE, "--chart", "x.svg"], "--chart 须与 --sweep 同用"),
        ([EXAMPLE, "--sweep", "offset_cap=0,1", "--chart", "x.png"], "应以 .svg 结尾"),
        ([THRESHOLD, EXAMPLE, "--out", EXAMPLE / "rows.parquet"], "不能写入数据所在之处"),
        ([THRESHOLD, EXAMPLE, "--by", "colour"], "不能按 colour 分组"),
        ([THRESHOLD, EXAMPLE, "--only", "surender"], "没有义务 surender"),
        ([THRESHOLD, EXAMPLE, "--engine", "abacus"], "没有这个引擎"),
        ([THRESHOLD, EXAMPLE, "--reading", "mood=good"], "question-unknown"),
        ([THRESHOLD, EXAMPLE / "none"], "file-unreadable"),
        ([EXAMPLE / "none.md", EXAMPLE], "none.md"),
        ([THRESHOLD, EXAMPLE, "--effective", "soon"], "--effective"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(args: list[Any], says: str) -> None:
    found = what_if(*args)
    assert found.code == 2 and says in found.err and not found.out


def test_a_duty_that_no_column_can_say_is_in_no_comparison(
    monkeypatch: pytest.MonkeyPatch, short: Path
) -> None:
    compiled = compiling._Compiler.answer

    def answer(self: compiling._Compiler, name: str, *rest: Any) -> compiling.Answer:
        if name == "surrender":
            raise NotColumnar("太难", "too hard")
        return compiled(self, name, *rest)

    monkeypatch.setattr(compiling._Compiler, "answer", answer)
    only = ("--only", "surrender", "--only", "offset-cap")
    found = what_if(OFFSETS, short, *SOON, *only, "--lang", "en")
    assert found.code == 3
    assert "notjudged:surrenderallowancesinfullandintime(surrender),1row:toohard" in found.flat
    told = json.loads(what_if(OFFSETS, short, *SOON, *only, "--json").out)
    assert [d["duty"] for d in told["flips"]["whole"]["duties"]] == ["offset-cap"]
