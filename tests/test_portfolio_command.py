"""`carbonlex schema` and `carbonlex portfolio` as their users meet them."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import carbonlex
from carbonlex.interfaces import portfolio_arguments, schema_command
from carbonlex.interfaces.portfolio_wire import portfolio_schema
from carbonlex.interfaces.wire import report_json
from carbonlex.portfolio import compile as compiling
from carbonlex.portfolio.graph import NotColumnar
from carbonlex.portfolio.synth import NOTICE, synthesise
from portfolio_runs import EXAMPLE, ON, checked, ran, rulebook, write_csv

ROOT = Path(__file__).resolve().parents[1]
SCHEMA = ROOT / "docs" / "portfolio.schema.json"


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synth") / "small"
    synthesise(folder, 12, 2, rulebook())
    return folder


# ---- schema


def test_the_tables_are_shown_in_both_languages() -> None:
    zh, en = ran("schema"), ran("schema", "--lang", "en")
    assert zh.code == en.code == 0
    for said in ("entities", "verified_emissions", "tCO2e", "movements", "power,steel"):
        assert said in zh.flat and said in en.flat
    assert "经核查确认的温室气体实际排放量" in zh.flat and "每年至多" in zh.flat
    own = [line for line in en.out.splitlines() if "一" <= max(line, default="") <= "鿿"]
    assert own == []


def test_the_tables_come_as_json_and_as_sql() -> None:
    tables = json.loads(ran("schema", "--json").out)["tables"]
    assert {"entities", "units", "credits", "movements"} <= tables.keys()
    sql = ran("schema", "--sql")
    assert sql.code == 0 and 'CREATE TABLE "credits"' in sql.out
    both = ran("schema", "--sql", "--json")
    assert both.code == 2 and "只能选一" in both.err


# ---- check


def test_the_page_says_what_is_wrong_what_is_breached_and_why_rows_are_open() -> None:
    found = checked(EXAMPLE)
    assert found.code == 1
    for said in (
        "24个单位年度", "有违反的5", "allowances_surrendered", "number-inexact",
        "按时足额清缴碳排放配额", "差额：违反16,500.5吨（3行）", "4,950,150元以上9,900,300元以下",
        "按行业", "按所在地区", "按履约年度", "核证自愿减排量（credits）1",
        "《条例》第十四条第一款", "最弱来源等级", "不构成法律意见",
    ):  # fmt: skip
        assert said in found.flat, said
    assert "模拟数据" not in found.flat


def test_an_english_page_is_english() -> None:
    found = checked(EXAMPLE, "--lang", "en", "--by", "sector,role")
    assert found.code == 1
    for said in ("withabreach:5", "gap:breached16,500.5t(3rows)", "Bysector×", "notold", "Thisrun"):
        assert said.replace("notold", "nottold") in found.flat, said
    names = {"甲省", "乙省", "丙省"}  # told in the data
    own = [
        line for line in found.out.splitlines()
        if any("一" <= c <= "鿿" for c in line) and not any(n in line for n in names)
    ]  # fmt: skip
    assert own == []


def test_the_json_follows_its_schema_in_the_documents(population: Path, tmp_path: Path) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert schema == json.loads(portfolio_schema())
    for found in (
        checked(EXAMPLE, "--json"),
        checked(population, "--json", "--by", "sector,year", "--only", "surrender"),
    ):
        told = json.loads(found.out)
        jsonschema.validate(told, schema)
        assert told["exit_code"] == found.code
    made = ran("portfolio", "synth", "--out", tmp_path / "s", "--entities", 5, "--json")
    jsonschema.validate(json.loads(made.out), schema)


def test_the_same_data_give_the_same_answer() -> None:
    assert checked(EXAMPLE, "--json").out == checked(EXAMPLE, "--json").out


def test_problems_are_counted_and_their_rows_named() -> None:
    (problem,) = json.loads(checked(EXAMPLE, "--json").out)["problems"]
    assert problem == {
        "table": "entities",
        "column": "allowances_surrendered",
        "code": "number-inexact",
        "count": 1,
        "rows": [20],
    }


def test_an_entity_with_an_invalid_cell_is_undetermined_in_every_year(tmp_path: Path) -> None:
    row = {"entity": "a", "sector": "power", "listed": "true", "verified_emissions": "100000"}
    data = write_csv(
        tmp_path / "d",
        entities=[{**row, "year": 2024, "report_submitted": "maybe"}, {**row, "year": 2023}],
    )
    found = checked(data, "--only", "report", "--json")
    told = json.loads(found.out)
    (duty,) = told["totals"]["duties"]
    assert duty["outcomes"] == {"undetermined": 2} and found.code == 3
    (reasons,) = told["reasons"]
    assert [(r["reason"], r["rows"]) for r in reasons["reasons"]] == [("invalid-data", 2)]
    assert told["totals"]["invalid"] == 2


def test_what_is_missing_is_named_by_the_fact_to_tell(tmp_path: Path) -> None:
    row = {"entity": 1, "year": 2024, "sector": "power", "listed": "true"}
    data = write_csv(tmp_path / "d", entities=[row])
    told = json.loads(checked(data, "--only", "report", "--json").out)
    (reasons,) = told["reasons"]
    assert "report_submitted" in {r["reason"] for r in reasons["reasons"]}
    told_too = write_csv(
        tmp_path / "e",
        entities=[{**row, "report_submitted": "true", "reported_on": "2025-03-01"}],
    )
    found = checked(told_too, "--only", "report", "--json")
    assert not json.loads(found.out)["reasons"] and found.code == 0


def test_readings_change_what_is_judged_and_are_said(tmp_path: Path) -> None:
    question = rulebook().questions["late-report"]
    other = next(r.name for r in question.readings if r.name != question.default)
    found = checked(EXAMPLE, "--reading", f"late-report={other}")
    assert f"所选读法：late-report={other}" in found.flat
    told = json.loads(checked(EXAMPLE, "--reading", f"late-report={other}", "--json").out)
    assert told["readings"] == {"late-report": other}


def test_synthetic_data_are_labelled_in_every_output(population: Path, tmp_path: Path) -> None:
    assert "".join(NOTICE.zh.split()) in checked(population).flat
    assert "".join(NOTICE.en.split()) in checked(population, "--lang", "en").flat
    told = json.loads(checked(population, "--json").out)
    assert told["synthetic"] is True and told["notice"]["en"] == NOTICE.en
    row = checked(population, "--explain", "1", "--json")
    assert NOTICE.en in json.loads(row.out)["case"]
    made = ran("portfolio", "synth", "--out", tmp_path / "s", "--entities", 3)
    assert "".join(NOTICE.zh.split()) in made.flat


# ---- one row


def test_a_row_explained_is_what_check_says_of_that_case(tmp_path: Path) -> None:
    facts = {"sector": "power", "listed": True, "verified_emissions": 1000}
    years = {"2023": {"allowances_surrendered": 1000}, "2024": {"allowances_surrendered": 900}}
    told = {k: v for k, v in facts.items() if k != "sector"}
    case = carbonlex.case_from(
        {
            "entity": {"sector": "power"},
            "year": {y: {**told, **f, "credits": []} for y, f in years.items()},
        },
        rulebook().vocabulary,
        "7",
    )
    report = json.loads(report_json(rulebook(), carbonlex.check_case(rulebook(), case, ON)))
    rows = [
        {"entity": 7, "year": y, "credits.count": 0}
        | {k: str(v).lower() for k, v in {**facts, **f}.items()}
        for y, f in years.items()
    ]
    data = write_csv(tmp_path / "d", entities=rows)
    for row in ("2", "7@2024"):
        found = checked(data, "--explain", row, "--json")
        explained = json.loads(found.out)
        wanted = [v for v in report["verdicts"] if v["year"] == 2024]
        assert explained["verdicts"] == wanted and wanted
        assert explained["findings"] == [f for f in report["findings"] if f["year"] == 2024]
        assert found.code == explained["exit_code"] == 1
    page = checked(data, "--explain", "2")
    assert "按时足额清缴碳排放配额（2024年度）" in page.flat and "2023年度）" not in page.flat


def test_a_row_with_an_invalid_cell_says_so_beside_its_proof() -> None:
    found = checked(EXAMPLE, "--explain", "C03@2024")
    assert found.code == 3 and "按未告知处理" in found.err
    assert "entities:20 [allowances_surrendered]: number-inexact: 42.8万吨" in found.err


def test_one_duty_of_a_row_is_explained_alone() -> None:
    found = json.loads(
        checked(EXAMPLE, "--explain", "P03@2024", "--only", "surrender", "--json").out
    )
    assert [(v["duty"], v["outcome"]) for v in found["verdicts"]] == [("surrender", "breached")]


# ---- what is refused


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--only", "surender"], "没有义务 surender；可选：surrender"),
        (["--only", "reserved-to-law"], "没有义务 reserved-to-law"),
        (["--by", "sector,colour"], "不能按 colour 分组；可选：sector"),
        (["--engine", "abacus"], "没有这个引擎；可选：polars"),
        (["--explain", "99"], "没有这一行"),
        (["--explain", "row one"], "没有这一行"),
        (["--explain", "P01@1999"], "没有这一行"),
        (["--reading", "mood=good"], "question-unknown"),
        (["--reading", "mood"], "应为 问题=读法"),
        (["--out", str(EXAMPLE / "verdicts")], "不能写入数据所在之处"),
        (["--out", str(EXAMPLE.parent)], "不能写入数据所在之处"),
        (["--lang", "fr"], "--lang"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(args: list[str], says: str) -> None:
    found = checked(EXAMPLE, *args)
    assert found.code == 2 and says in found.err and not found.out


def test_data_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    missing = checked(tmp_path / "none")
    assert missing.code == 2 and "file-unreadable" in missing.err
    odd = checked(write_csv(tmp_path / "d", entities=[{"entity": 1, "year": 2024, "colour": 1}]))
    assert odd.code == 2 and "name-unknown" in odd.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    def without(name: str, *_: object) -> object:
        return None if name in ("polars", "numpy", "sqlglot") else importlib.util.find_spec(name)

    monkeypatch.setattr(portfolio_arguments, "find_spec", without)
    monkeypatch.setattr(schema_command, "find_spec", without)
    for args in (
        ("portfolio", "check", EXAMPLE),
        ("portfolio", "check", EXAMPLE, "--by", "year"),
        ("portfolio", "synth", "--out", "never"),
        ("schema", "--sql"),
    ):
        found = ran(*args, "--lang", lang)
        assert found.code == 2 and 'pip install "carbonlex[portfolio]"' in found.err
    assert ran("schema").code == 0


# ---- synth


def test_a_population_is_made_once_and_never_over_another(tmp_path: Path) -> None:
    out = tmp_path / "s"
    assert ran("portfolio", "synth", "--out", out, "--entities", 4, "--seed", 9).code == 0
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    again = ran("portfolio", "synth", "--out", out, "--entities", 4)
    assert again.code == 2 and "未覆盖" in again.err
    assert before == {p.name: p.read_bytes() for p in out.iterdir()}
    shutil.rmtree(out)
    told = json.loads(
        ran("portfolio", "synth", "--out", out, "--entities", 4, "--seed", 9, "--json").out
    )
    assert told["entities"] == 4 and told["rows"]["entities"] > 4
    assert {p.name for p in out.iterdir()} == {*before}


# ---- what is not judged; how far it has come


def test_a_duty_that_no_column_can_say_is_named_loudly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    compiled = compiling._Compiler.answer

    def answer(self: compiling._Compiler, name: str, *rest: Any) -> compiling.Answer:
        if name == "surrender":
            raise NotColumnar("太难", "too hard")
        return compiled(self, name, *rest)

    monkeypatch.setattr(compiling._Compiler, "answer", answer)
    row = {"entity": 1, "year": 2024, "sector": "power", "listed": "true"}
    told = {"report_submitted": "true", "reported_on": "2025-03-01"}
    data = write_csv(tmp_path / "d", entities=[row | told])
    found = checked(data, "--only", "surrender", "--only", "report", "--lang", "en")
    assert found.code == 3
    assert "notjudged:surrenderallowancesinfullandintime(surrender),1row:toohard" in found.flat
    (one,) = json.loads(checked(data, "--only", "surrender", "--json").out)["not_judged"]
    assert one == {"name": "surrender", "rows": 1, "why": {"zh": "太难", "en": "too hard"}}


def test_records_in_columns_come_to_the_same_as_records_in_rows(tmp_path: Path) -> None:
    keys = {"entity": 1, "year": 2023}
    row = keys | {"sector": "power", "listed": "true", "verified_emissions": "100000"}
    old = {"quantity": 10, "used": "true", "recorded_on": "2016-05-01"}
    used = [old | {"used_on": f"{y}-02-10"} for y in (2024, 2025)]
    long = write_csv(tmp_path / "long", entities=[row], credits=[keys | u for u in used])
    cells = {f"credits.{n}.{k}": v for n, u in enumerate(used, 1) for k, v in u.items()}
    wide = write_csv(tmp_path / "wide", entities=[row | cells | {"credits.count": 2}])
    one, other = (json.loads(checked(d, "--json").out) for d in (long, wide))
    assert one["totals"] == other["totals"] and one["reasons"] == other["reasons"]
    duties = {(d["duty"], d["record"]): d for d in one["totals"]["duties"]}
    assert duties["old-credits", "credits"]["outcomes"] == {"breached": 1, "complied": 1}


def test_a_terminal_is_told_how_far_it_has_come_after_two_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    progress = portfolio_arguments.Progress("en")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    progress.tell("judge", 10, 1_000)
    assert not capsys.readouterr().err
    progress.start -= 3
    progress.tell("judge", 250_000, 1_000_000)
    progress.tell("credits", 500, 0)
    said = capsys.readouterr().err
    assert "judged 250,000/1,000,000" in said and "read credits 500" in said
    progress.end()
    assert capsys.readouterr().err == "\r\x1b[K"
