"""`carbonlex ask` as its users meet it: what is asked, what is written, how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from test_cli import run

ROOT = Path(__file__).resolve().parents[1]
FULL = """# 甲厂的案情
entity = {name = "甲厂", sector = "power"}  # 一家电厂

[year.2025]  # 本年
listed = true   # 名录
report_submitted = true
reported_on = 2026-03-27
verified_emissions = 100_000
allowances_surrendered = 100_000
credits = []

# 末注
"""
FACTS = {
    "verified_emissions": "100 kt # 2025年度核查结果通知",
    "credits": "0",
    "report_submitted": "是",
    "reported_on": "2026年3月27日",
    "allowances_surrendered": "10万吨",
}
ON = ("--on", "2027-01-15")


def case_of(tmp_path: Path, text: str = FULL) -> Path:
    path = tmp_path / "case.toml"
    path.write_text(text, "utf-8")
    return path


def asked(out: str) -> list[str]:
    """Return the keys of the questions put, as a case file writes them."""
    return re.findall(r"^(?:问|Question) \d+ · .*\[([\w.#]+)\]$", out, re.MULTILINE)


def answered(path: Path, answers: dict[str, str], *options: str) -> tuple[int, list[str], str]:
    """Answer by name until the interview ends; an answer not held is skipped."""
    said: list[str] = []
    while True:
        given = "".join(f"{line}\n" for line in said)
        path.unlink(missing_ok=True)
        code, out, _ = run("ask", str(path), *ON, *options, given=given)
        keys = asked(out)
        if len(keys) == len(said):
            return code, keys, out
        said.append(answers.get(keys[-1].rpartition(".")[2], ""))


def test_a_new_power_case_comes_to_its_verdicts_by_what_matters_alone(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    opening = {"name": "甲厂", "sector": "1", "year": "2025"}
    code, keys, out = answered(path, opening | FACTS)
    assert keys[:3] == ["entity.name", "entity.sector", "year"]
    assert {k.rpartition(".")[2] for k in keys[3:]} >= {"verified_emissions", "reported_on"}
    assert len(keys) == len(set(keys))
    assert code == run("check", str(path), *ON)[0]
    tree = tomllib.loads(path.read_text("utf-8"))
    assert tree["entity"] == {"name": "甲厂", "sector": "power"}
    told = tree["year"]["2025"]
    assert told["verified_emissions"] == {"value": 100_000, "source": "2025年度核查结果通知"}
    assert told["allowances_surrendered"] == 100_000
    assert told["credits"] == []
    assert f"案情已存于 {path}" in out


def test_a_firm_outside_the_market_is_asked_nothing_more(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    opening = {"name": "乙厂", "sector": "other", "verified_emissions": "900000"}
    code, keys, _ = answered(path, opening, "--year", "2025")
    assert keys == ["entity.name", "entity.sector"]
    assert code == 0


@pytest.mark.parametrize("fact", ["reported_on", "allowances_surrendered", "credits"])
def test_one_fact_missing_is_the_one_question(tmp_path: Path, fact: str) -> None:
    text = re.sub(rf"^{fact} = .*\n", "", FULL, flags=re.MULTILINE)
    path = case_of(tmp_path, text)
    code, out, _ = run("ask", str(path), *ON, given=f"{FACTS[fact]}\n")
    assert asked(out)[0] == f"year.2025.{fact}"
    assert code == run("check", str(case_of(tmp_path)), *ON)[0]


def test_a_question_shows_how_to_answer_why_and_on_whose_words(tmp_path: Path) -> None:
    path = case_of(tmp_path, FULL.replace("reported_on = 2026-03-27\n", ""))
    _, out, _ = run("ask", str(path), *ON, given="q\n")
    assert "2025年度 年度排放报告报送日" in out
    assert "日期，如 2026-03-31" in out
    assert "以何为据：管理平台报送记录" in out
    assert "答后即定：报送年度排放报告（2025年度）" in out
    assert "《办法》第二十五条第一款" in out
    assert "“并于每年3月31日前报" in out


def test_a_question_mark_shows_the_law_and_asks_again(tmp_path: Path) -> None:
    path = case_of(tmp_path, FULL.replace("reported_on = 2026-03-27\n", ""))
    _, out, _ = run("ask", str(path), *ON, given="？\n2026-03-27\n")
    assert "《碳排放权交易管理办法（试行）》第二十五条第一款" in out
    assert "reported_on = 2026-03-27\n" in path.read_text("utf-8")


def test_comments_and_spacing_are_left_as_they_are(tmp_path: Path) -> None:
    path = case_of(tmp_path, FULL.replace("reported_on = 2026-03-27\n", ""))
    run("ask", str(path), *ON, given="2026-03-27\n")
    told = "credits = []\nreported_on = 2026-03-27\n"
    assert path.read_text("utf-8") == FULL.replace("reported_on = 2026-03-27\n", "").replace(
        "credits = []\n", told
    )


def test_nothing_to_ask_changes_nothing(tmp_path: Path) -> None:
    path = case_of(tmp_path)
    before = path.stat().st_mtime_ns
    code, out, _ = run("ask", str(path), *ON, given="")
    assert (code, asked(out)) == (run("check", str(path), *ON)[0], [])
    assert path.stat().st_mtime_ns == before


def test_a_wrong_answer_is_explained_and_asked_again_three_times(tmp_path: Path) -> None:
    path = case_of(tmp_path, FULL.replace("reported_on = 2026-03-27\n", ""))
    _, out, _ = run("ask", str(path), *ON, given="昨天\n2026-02-30\n2026-03-27\n")
    assert out.count("✗ ") >= 2
    assert "应为日期" in out
    assert "reported_on = 2026-03-27\n" in path.read_text("utf-8")
    path = case_of(tmp_path, FULL.replace("reported_on = 2026-03-27\n", ""))
    before = path.read_text("utf-8")
    _, out, _ = run("ask", str(path), *ON, given="a\nb\nc\n")
    assert "先跳过这一项" in out
    assert path.read_text("utf-8") == before


def test_who_quits_midway_keeps_what_was_answered_and_goes_on_later(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    code, out, _ = run("ask", str(path), *ON, given="甲厂\n发电\n2025\n100 kt\nq\n")
    assert code == 3
    assert "carbonlex ask" in out
    assert tomllib.loads(path.read_text("utf-8"))["year"]["2025"] == {"verified_emissions": 100_000}
    _, out, _ = run("ask", str(path), *ON, given="")
    assert "year.2025.verified_emissions" not in asked(out)


@pytest.mark.parametrize("given", ["甲厂\n", "甲厂\nq\n", "\nsteel\n"])
def test_who_leaves_during_the_opening_keeps_that_too(tmp_path: Path, given: str) -> None:
    path = tmp_path / "new.toml"
    run("ask", str(path), *ON, given=given)
    assert list(tomllib.loads(path.read_text("utf-8"))["year"]) == ["2026"]


def test_who_says_nothing_makes_no_file(tmp_path: Path) -> None:
    code, out, _ = run("ask", str(tmp_path / "new.toml"), given="")
    assert (code, [*tmp_path.iterdir()]) == (2, [])
    assert "没有写文件" in out


def test_what_was_skipped_is_not_asked_again_in_this_run(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    _, keys, _ = answered(path, {"name": "甲厂", "year": "2025"})
    assert len(keys) == len(set(keys))


def test_one_year_can_be_asked_about(tmp_path: Path) -> None:
    path = case_of(tmp_path, "entity = {sector = 'power'}\n[year.2024]\n[year.2025]\n")
    _, out, _ = run("ask", str(path), *ON, "--year", "2024", given="\n" * 50)
    assert asked(out) and all(".2024." in key for key in asked(out))
    _, out, _ = run("ask", str(path), *ON, "--year", "2023", given="26000\n")
    assert tomllib.loads(path.read_text("utf-8"))["year"]["2023"] == {"verified_emissions": 26_000}


def test_all_shows_what_is_presumed_and_enter_leaves_it(tmp_path: Path) -> None:
    path = case_of(tmp_path)
    _, out, _ = run("ask", str(path), *ON, "--all", given="\n" * 50)
    assert "year.2025.records_kept" in asked(out)
    assert "不答则推定为：是" in out
    assert path.read_text("utf-8") == FULL
    run("ask", str(path), *ON, "--all", given="否\n" * 50)
    assert tomllib.loads(path.read_text("utf-8"))["year"]["2025"]["records_kept"] is False


def test_in_english(tmp_path: Path) -> None:
    path = case_of(tmp_path, FULL.replace("reported_on = 2026-03-27\n", ""))
    _, out, _ = run("ask", str(path), *ON, "--lang", "en", given="?\nx\n2026-03-27\n")
    for said in ("Enter skips", "Answer: a day", "Settles: ", "Asked for by: ", "Noted: "):
        assert said in out
    assert f"The case is in {path}" in out
    ours = re.sub(r"[“].*?[”]|^.*甲厂.*$", "", out, flags=re.MULTILINE | re.DOTALL)
    assert "问" not in ours and "应答" not in ours


def test_a_csv_or_json_is_left_alone_and_written_as_toml(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    told = {"title": "题", "entity": {"sector": "power"}, "year": {"2025": {"credits": []}}}
    path.write_text(json.dumps(told), "utf-8")
    code, _, err = run("ask", str(path), given="")
    assert code == 2 and "-o case.toml" in err
    out = tmp_path / "out.toml"
    run("ask", str(path), "-o", str(out), *ON, given="100 kt\n")
    assert json.loads(path.read_text("utf-8")) == told
    tree = tomllib.loads(out.read_text("utf-8"))
    assert tree["title"] == "题"
    assert tree["year"]["2025"] == {"credits": [], "verified_emissions": 100_000}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-",), "请给出文件"),
        (("none.csv",), "只写 TOML"),
        (("none/case.toml",), "没有目录"),
        (("new.toml", "--year", "25"), "不是履约年度"),
        (("new.toml", "--on", "soon"), "不是日期"),
        (("new.toml", "-o", "there.toml"), "不覆盖"),
    ],
)
def test_what_cannot_be_done_is_refused_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.toml").write_text(FULL, "utf-8")
    code, out, err = run("ask", *arguments, given="甲厂\n1\n2025\n")
    assert (code, out) == (2, "")
    assert said in err
    assert [p.name for p in tmp_path.iterdir()] == ["there.toml"]


def test_a_case_with_a_fault_is_refused_with_its_line(tmp_path: Path) -> None:
    path = case_of(tmp_path, "[year.2025]\nlisted = maybe\n")
    code, _, err = run("ask", str(path), given="")
    assert code == 2 and f"{path}:2" in err


def test_bytes_that_are_no_text_are_refused_as_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    given = b"\xff\xfe\n\xef\xbb\xbf" + "甲厂\n".encode() + b"1\n2025\n"
    run("ask", str(path), *ON, given=given)
    assert tomllib.loads(path.read_text("utf-8"))["entity"]["name"] == "甲厂"


def test_an_interrupt_keeps_what_was_answered(tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    command = [sys.executable, "-m", "carbonlex.interfaces.cli", "ask", str(path), *ON]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "engine"), "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        encoding="utf-8",
        # A test run in the background is started deaf to interrupts, and so would its children be.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write("甲厂\n1\n2025\n100 kt\n")
        process.stdin.flush()
        for line in process.stdout:
            if line.startswith("问 5"):
                break
        time.sleep(0.5)  # until it waits for the next line
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert process.returncode == 3
    assert f"案情已存于 {path}" in rest
    assert tomllib.loads(path.read_text("utf-8"))["year"]["2025"] == {"verified_emissions": 100_000}
