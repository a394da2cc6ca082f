"""The command line as its users meet it: what it prints, what it refuses, what it returns."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from carbonlex.corpus import corpus
from carbonlex.interfaces.cli import app
from carbonlex.interfaces.wire import report_schema

ROOT = Path(__file__).resolve().parents[1]
POWER = str(ROOT / "examples" / "power-2025.toml")
SHORT = str(ROOT / "examples" / "short-2024.toml")
COMPLIED = """
entity = {name = "甲厂", sector = "power"}
[year.2025]
listed = true
report_submitted = true
reported_on = 2026-03-31
verified_emissions = 100_000
allowances_surrendered = 95_000
[[year.2025.credits]]
quantity = 5_000
used = true
from_covered_project = false
"""


def run(*args: str, given: str | bytes | None = None) -> tuple[int, str, str]:
    """Run the command; returns exit code, what it printed, and what it complained of."""
    result = CliRunner().invoke(app, list(args), input=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def test_pending_is_zero_and_counts_the_days() -> None:
    code, out, _ = run("check", POWER, "--on", "2026-11-22")
    assert code == 0
    assert "还有 39 天" in out
    assert "尚缺 21,456.78 吨" in out


def test_breach_is_one_with_the_fine_as_a_range() -> None:
    code, out, _ = run("check", POWER, "--on", "2027-01-15")
    assert code == 1
    assert "罚款 1,000,000 元以上 5,000,000 元以下" in out


def test_complied_is_zero() -> None:
    assert run("check", "-", "--on", "2027-01-15", given=COMPLIED)[0] == 0


def test_undetermined_is_three() -> None:
    case = COMPLIED.replace("verified_emissions = 100_000\n", "")
    code, out, _ = run("check", "-", "--on", "2027-01-15", given=case)
    assert code == 3
    assert "verified_emissions" in out


def test_breach_outranks_undetermined() -> None:
    case = COMPLIED.replace("reported_on = 2026-03-31\n", "").replace("95_000", "94_999")
    assert run("check", "-", "--on", "2027-01-15", given=case)[0] == 1


def test_english_is_equal() -> None:
    code, out, _ = run("check", POWER, "--on", "2027-01-15", "--lang", "en")
    assert code == 1
    assert "CNY 1,000,000 to 5,000,000" in out
    headings = [line for line in out.splitlines() if line and not line.startswith(" ")]
    assert not any("结论" in line or "理由" in line for line in headings)


def test_json_follows_its_schema_and_is_the_same_twice() -> None:
    schema = json.loads((ROOT / "docs" / "check.schema.json").read_text("utf-8"))
    assert schema == json.loads(report_schema())
    for args in (
        (POWER, "--on", "2027-01-15"),
        (SHORT, "--on", "2026-10-01", "--decided", "2026-10-01"),
    ):
        first, second = (run("check", *args, "--json")[1] for _ in range(2))
        assert first == second
        jsonschema.validate(json.loads(first), schema)


def test_json_has_no_floating_number() -> None:
    def refuse(text: str) -> None:
        raise AssertionError(text)

    json.loads(run("check", POWER, "--on", "2027-01-15", "--json")[1], parse_float=refuse)


def test_json_toml_and_csv_give_the_same_verdicts(tmp_path: Path) -> None:
    tree = {
        "entity": {"name": "示例发电有限公司", "sector": "power"},
        "year": {
            "2025": {
                "listed": True, "report_submitted": True, "reported_on": "2026-03-27",
                "verified_emissions": "123456.78", "allowances_surrendered": 96000,
                "credits": [{"quantity": 6000, "used": True, "from_covered_project": False}],
            }
        },
    }  # fmt: skip
    path = tmp_path / "case.json"
    path.write_text(json.dumps(tree), "utf-8")
    found = []
    for case in (str(path), str(ROOT / "examples" / "power-2025.csv")):
        report = json.loads(run("check", case, "--on", "2027-01-15", "--json")[1])
        found.append((report["digests"]["case"], [v["outcome"] for v in report["verdicts"]]))
    assert found[0] == found[1]


def test_explain_shows_the_losing_norms_and_the_law_that_says_so() -> None:
    code, out, _ = run("check", SHORT, "--on", "2026-03-01", "--explain", "non-surrender")
    assert code == 1
    unwrapped = "".join(out.split())  # lines break between any two characters
    assert "《办法》第四十条不适用：让位于《条例》第二十四条" in unwrapped
    assert "《立法法（2023）》第九十九条第二款" in unwrapped


def test_a_reading_changes_the_result() -> None:
    args = ("check", SHORT, "--on", "2026-10-01", "--decided", "2026-10-01", "--json")
    for reading, governing in (("counts", "decision"), ("formal", "breach")):
        report = json.loads(run(*args, "--reading", f"displacement={reading}")[1])
        verdict = next(v for v in report["verdicts"] if v["duty"] == "surrender")
        assert verdict["sanctions"]["governing"] == governing


def test_only_one_duty() -> None:
    report = json.loads(run("check", POWER, "--on", "2027-01-15", "--only", "report", "--json")[1])
    assert {v["duty"] for v in report["verdicts"]} == {"report"}
    assert report["exit_code"] == 0


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("check", "missing.toml"), "missing.toml"),
        (("check", POWER, "--on", "2026-02-30"), "2026-02-30"),
        (("check", POWER, "--decided", "tomorrow"), "tomorrow"),
        (("check", POWER, "--reading", "two-steps"), "QUESTION=READING"),
        (("check", POWER, "--reading", "two-steps=other"), "in-place"),
        (("check", POWER, "--reading", "nothing=x"), "two-steps"),
        (("check", POWER, "--only", "nothing"), "surrender"),
        (("check", POWER, "--explain", "nothing"), "surrender"),
        (("law", "show", "nothing"), "measures-2021"),
        (("law", "show", "measures-2021#art_99"), "art_99"),
        (("memo", POWER, "-o", "memo.exe"), ".html"),
        (("law", "verify", "--rules", "nowhere"), "nowhere"),
    ],
)
def test_bad_arguments_are_two_with_a_remedy(args: tuple[str, ...], says: str) -> None:
    code, out, complaint = run(*args, "--lang", "en")
    assert code == 2
    assert says in complaint
    assert "Traceback" not in out + complaint


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        (
            'entity = {sector = "power"}\n[year.2025]\nverified_emisions = 1',
            "name-unknown",
            "verified_emissions",
        ),
        ('entity = {sector = "power"}\n[year.2025]\nverified_emissions = -1', "range-exceeded", ""),
        (
            'entity = {sector = "power"}\n[year.2025]\nverified_emissions = 1e5',
            "number-inexact",
            "",
        ),
        (
            'entity = {sector = "power"}\n[year.2025]\nverified_emissions = "5 CNY"',
            "unit-mismatch",
            "",
        ),
        ('entity = {sector = "power"}\n[year.2025]\nlisted = 1', "type-mismatch", ""),
        (
            'entity = {sector = "power"}\n[year.2025]\nlisted = true\nlisted = true',
            "duplicate-key",
            ":4",
        ),
        ('{"entity": {}, "entity": {}, "year": {}}', "duplicate-key", ""),
        (
            "record,year,fact,value,source\nentity,2025,reported_on,2026-02-30,",
            "date-impossible",
            ":2",
        ),
        ("\x00\x01", "file-unreadable", "UTF-8"),
    ],
)
def test_bad_cases_say_where_and_what(given: str, code: str, says: str) -> None:
    exit_code, out, complaint = run("check", "-", "--lang", "en", given=given)
    assert exit_code == 2
    assert code in complaint
    assert says in complaint
    assert not out


def test_law_list_show_and_coverage() -> None:
    assert "code-2026" in run("law", "list")[1]
    rows = json.loads(run("law", "list", "--json")[1])
    assert next(r for r in rows if r["key"] == "legislation-law-2015")["ended"] == "2023-03-15"
    shown = run("law", "show", "measures-2021#art_29")[1]
    assert "抵销比例不得超过应清缴碳排放配额的5%" in "".join(shown.split())
    assert "offsets used exceeds limit of offsets" in " ".join(shown.split())
    coverage = json.loads(run("law", "coverage", "--json")[1])
    assert all(row["rest"] == 0 for row in coverage["instruments"])
    assert all(a["encoded"] + a["declared"] == a["characters"] for a in coverage["articles"])


def test_recalled_words_are_not_shown_as_words_of_law() -> None:
    assert "不作引文" in run("law", "show", "measures-2021#art_11")[1]


def test_a_renumbered_provision_keeps_its_history() -> None:
    shown = run("law", "show", "legislation-law#art_91", "--on", "2024-01-01", "--lang", "en")[1]
    history = shown[shown.index("History") :]
    assert "art. 80" in history
    assert "art. 91" in history


def test_verify_tells_every_fault_with_its_line(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(corpus("rules"), rules)
    measures = rules / "cn" / "measures-2021.md"
    text = measures.read_text("utf-8")
    text = text.replace("不得超过应清缴碳排放配额的5%", "不得超过应清缴碳排放配额的6%", 1)
    text = text.replace(
        '"offsets_used > offset_cap * surrender_obligation"', "\"__import__('os')\""
    )
    measures.write_text(text, "utf-8")
    code, _, complaint = run("law", "verify", "--rules", str(rules), "--lang", "en")
    assert code == 2
    assert "quote-mismatch" in complaint
    line = next(n for n, x in enumerate(text.splitlines(), 1) if "的6%" in x)
    assert f"measures-2021.md:{line}: quote-mismatch" in complaint


def test_memo_is_written(tmp_path: Path) -> None:
    for name in ("memo.md", "memo.html"):
        out = tmp_path / name
        code, _, _ = run("memo", POWER, "-o", str(out), "--on", "2027-01-15")
        assert code == 0
        assert "第一千二百二十六条第二款" in out.read_text("utf-8")
