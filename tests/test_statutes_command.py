"""`carbonlex statutes`: from a new official text to green tests, as its user goes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from carbonlex.interfaces.cli import app
from carbonlex.interfaces.statutes_wire import import_schema
from carbonlex.statutes.akn import read_instruments
from carbonlex.statutes.matching import carried, matched
from carbonlex.statutes.redline import redline
from imported import lines_of, made_of, words

ROOT = Path(__file__).resolve().parents[1]
STATUTES = ROOT / "statutes"
REGULATIONS = "interim-regs-2024"
WORK = "/akn/cn/act/fagui/gwy/2024-01-25/775"
HELD = {i.key: i for i in read_instruments(STATUTES)[0]}


def run(*args: str | Path) -> tuple[int, str, str]:
    """Run `carbonlex statutes`; returns exit code, what it printed, what it complained of."""
    result = CliRunner().invoke(app, ["statutes", *map(str, args)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def regulations() -> list[str]:
    """Return the regulations as a text has them: official wording, in lines."""
    held = HELD[REGULATIONS]
    return lines_of(held, (ROOT / held.file).read_bytes())


@pytest.fixture
def text(tmp_path: Path) -> Callable[[list[str]], Path]:
    """Return a function that writes lines to a text file."""

    def written(lines: list[str]) -> Path:
        path = tmp_path / "new.txt"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return written


def amended(day: str = "2031年1月1日") -> list[str]:
    """Return a fictional amendment: an article inserted, one changed, one repealed."""
    lines = regulations()
    first = next(n for n, line in enumerate(lines) if line.startswith("第五条　"))
    lines.insert(
        first, "第四条之前的虚构新条　本条为测试虚构。".replace("第四条之前的虚构新条", "第五条")
    )
    numbers = "一二三四五六七八九十"
    counted = [
        *numbers,
        *(f"十{n}" for n in numbers[:9]),
        *(f"{a}十{b}" for a in "二三" for b in ["", *numbers[:9]]),
    ]
    made, number = [], 0
    for line in lines:
        found = re.match(r"第[一二三四五六七八九十]+条　", line)
        if found:
            number += 1
            line = f"第{counted[number - 1]}条　{line[found.end() :]}"
        made.append(
            line.replace("自2024年5月1日起施行", f"自{day}起施行").replace(
                "至少保存5年", "至少保存10年"
            )
        )
    return made


def test_an_import_without_a_place_is_looked_at_and_not_written(
    text: Callable[[list[str]], Path], tmp_path: Path
) -> None:
    path = text(regulations())
    code, out, _ = run("import", path, "--work", WORK, "--effective", "2024-05-01")
    assert code == 0 and "未写出" in out and "条 33" in out and "条号连续" in out
    assert "无丢失，无多出" in out and "0 条不成立" in out
    assert [p.name for p in tmp_path.iterdir()] == ["new.txt"]
    code, out, _ = run("import", path, "--work", WORK, "--effective", "2024-05-01", "--lang", "en")
    assert "33 articles" in out and "not written" in out and "条" not in out.split("Divisions")[1]


def test_the_text_stands_in_for_the_one_held(
    text: Callable[[list[str]], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "statutes"
    shutil.copytree(STATUTES, folder)
    args = (
        "import",
        text(regulations()),
        "--work",
        WORK,
        "--effective",
        "2024-05-01",
        "--into",
        folder,
    )
    code, _, complaint = run(*args)
    assert code == 2 and "--replace" in complaint
    code, out, _ = run(*args, "--replace")
    assert code == 0 and "→" in out
    found, wrong = read_instruments(folder)
    new = next(i for i in found if i.key == REGULATIONS)
    assert not wrong and new.grade == "official" and new.title == HELD[REGULATIONS].title
    verified = CliRunner().invoke(app, ["law", "verify", "--statutes", str(folder)])
    assert verified.exit_code == 0, verified.stderr


def test_a_quote_that_the_full_text_does_not_have_is_found(
    text: Callable[[list[str]], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "statutes"
    shutil.copytree(STATUTES, folder)
    lines = [line.replace("不得参与碳排放权交易", "不得从事碳排放权交易") for line in regulations()]
    code, out, _ = run("import", text(lines), "--work", WORK, "--effective", "2024-05-01",
                       "--into", folder, "--replace")  # fmt: skip
    assert code == 0 and "0 条不成立" not in out
    verified = CliRunner().invoke(app, ["law", "verify", "--statutes", str(folder)])
    assert verified.exit_code == 2 and "quote-mismatch" in verified.stderr


def test_a_new_expression_keeps_the_wids_and_ends_the_older(
    text: Callable[[list[str]], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "statutes"
    shutil.copytree(STATUTES, folder)
    code, out, complaint = run(
        "import", text(amended()), "--work", WORK, "--effective", "2031-01-01", "--promulgated",
        "2030-10-01", "--against", REGULATIONS, "--into", folder, "--end-older",
    )  # fmt: skip
    assert code == 0, complaint
    assert "第六条 ← art_5" in out and f"{REGULATIONS} 自 2031-01-01 起失效" in out
    found, wrong = read_instruments(folder)
    assert not wrong
    new = next(i for i in found if i.effective == date(2031, 1, 1))
    assert new.key == "interim-regs-2031" and new.provisions["art_34"].wid == "art_33"
    assert new.provisions["art_12__para_2"].wid == "art_11__para_2"
    verified = CliRunner().invoke(app, ["law", "verify", "--statutes", str(folder)])
    assert verified.exit_code == 0, verified.stderr
    # Nothing is wrong with a text without rules; that it has none must not go unsaid.
    assert "interim-regs-2031：34 条既无规范" in verified.stdout
    assert "2024：" not in verified.stdout


def test_an_amendment_asks_for_the_day_of_its_promulgation(
    text: Callable[[list[str]], Path],
) -> None:
    for lang, word in (("zh", "公布日"), ("en", "promulgated")):
        code, out, complaint = run("import", text(amended()), "--work", WORK, "--effective",
                                   "2031-01-01", "--lang", lang)  # fmt: skip
        assert (code, out) == (2, "") and word in complaint and "--promulgated" in complaint


def test_an_inserted_article_does_not_make_all_after_it_changed(
    text: Callable[[list[str]], Path],
) -> None:
    path = text(amended())
    code, out, _ = run("diff", REGULATIONS, path)
    assert code == 0 and "修改 2，新增 1，仅改条号 27，未变 4" in out
    answer = json.loads(run("diff", REGULATIONS, path, "--json")[1])
    schema = json.loads((ROOT / "docs" / "redline.schema.json").read_text("utf-8"))
    jsonschema.validate(answer, schema)
    assert answer["counts"]["changed"] == 2 and answer["new"]["effective"] == "2031-01-01"
    assert {row["amendment"]["zh"][:10] for row in answer["rows"] if row["kind"] == "inserted"} == {
        "增加一条，作为第五条"
    }


def test_norms_that_lose_their_words_are_named_with_where_these_are_now(
    text: Callable[[list[str]], Path],
) -> None:
    lines = regulations()
    at = next(n for n, line in enumerate(lines) if line.startswith("第十四条　"))
    # The duty to surrender goes to an article of its own; the rest of its article stays.
    own = lines[at].partition("　")[2]
    lines[at : at + 2] = [f"第十四条　{lines[at + 1]}"]
    path = text([*lines, f"第三十四条　{own}"])
    answer = json.loads(run("diff", REGULATIONS, path, "--json")[1])
    lost = next(s for s in answer["stranded"] if s["norm"] == f"{REGULATIONS}/surrender")
    assert (lost["old"], lost["new"], lost["moved"]) == ("art_14", "art_14", ["art_34__para_1"])
    for lang, said in (("zh", f"“{own}”；现见于第三十四条"), ("en", "now in art. 34")):
        page = "".join(run("diff", REGULATIONS, path, "--lang", lang)[1].split())
        assert "".join(said.split()) in page
    args = ("--work", WORK, "--effective", "2024-05-01")
    page = "".join(run("import", path, *args)[1].split())
    assert "；现见于第三十四条" in page


def test_what_are_not_two_texts_of_one_work_is_refused(text: Callable[[list[str]], Path]) -> None:
    for args in (("measures-2021", text(regulations())), ("measures-2021", "nothing"),
                 (REGULATIONS, text(regulations()).with_name("none.txt"))):  # fmt: skip
        for lang in ("zh", "en"):
            code, out, complaint = run("diff", *args, "--lang", lang)
            assert (code, out) == (2, "") and complaint.strip()


def test_two_files_that_nobody_holds_are_compared(tmp_path: Path) -> None:
    one, other = tmp_path / "a.md", tmp_path / "b.txt"
    one.write_text("# 虚构办法\n\n第一条 甲乙丙丁。\n\n第二条 戊己庚辛。\n", encoding="utf-8")
    other.write_text(
        "虚构办法\n第一条 壬癸子丑。\n第二条 甲乙丙丁。\n第三条 戊己庚辛。\n", encoding="utf-8"
    )
    code, out, _ = run("diff", one, other, "--lang", "en")
    assert code == 0 and "inserted 1, renumbered only 2" in out
    assert json.loads(run("diff", one, other, "--json")[1])["new"]["effective"] is None


def test_json_follows_its_schema(text: Callable[[list[str]], Path]) -> None:
    schema = json.loads((ROOT / "docs" / "statutes-import.schema.json").read_text("utf-8"))
    assert schema == json.loads(import_schema())
    args = ("import", text(regulations()), "--work", WORK, "--effective", "2024-05-01", "--json")
    answer = json.loads(run(*args)[1])
    jsonschema.validate(answer, schema)
    assert answer["counts"]["article"] == 33 and answer["written"] is None
    assert answer["key"] == REGULATIONS and answer["stranded"] == []


def test_nothing_is_written_where_anything_is_wrong(
    text: Callable[[list[str]], Path], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    path = text(["示例办法", "第一条 甲。"])
    base = ("import", path, "--effective", "2030-03-01")
    work = "/akn/cn/act/guizhang/mee/2030-01-01/9"
    for more in (
        ("--work", "9", "--into", out),
        ("--work", work, "--into", out, "--grade", "excellent"),
        ("--work", work, "-o", out / "a.txt"),
        ("--work", work, "-o", out / "a.xml", "--into", out),
        ("--work", work, "--into", out, "--against", "nothing"),
        ("--work", work, "--into", out, "--promulgated", "2030-13-01"),
        ("--work", work.replace("mee", "sample"), "--into", out),
    ):
        code, said, complaint = run(*base, *more)
        assert code == 2 and complaint.strip() and not said and not out.exists(), more


def test_a_full_text_is_made_green_by_an_outline(
    text: Callable[[list[str]], Path], tmp_path: Path
) -> None:
    folder, rules = tmp_path / "statutes", tmp_path / "rules"
    shutil.copytree(STATUTES, folder)
    shutil.copytree(ROOT / "rules", rules)
    held = HELD["env-protection-law-2014"]
    lines = lines_of(held, (ROOT / held.file).read_bytes())
    number = max(int(e.removeprefix("art_")) for e in held.provisions if "__" not in e)
    assert number < 99
    lines.append("第九十九条　本条为测试虚构。")
    code, _, complaint = run("import", text(lines), "--work", held.work, "--effective",
                             str(held.effective), "--into", folder, "--replace")  # fmt: skip
    assert code == 0, complaint
    places = ("--statutes", folder, "--rules", rules)
    verify = ["law", "verify", *map(str, places)]
    assert "coverage-gap" in CliRunner().invoke(app, verify).stderr
    code, out, _ = run("outline", held.key, *places, "--reason", "scope")
    assert code == 0 and out.startswith("## 第九十九条 {#art_99}")
    with (rules / "cn" / f"{held.key}.md").open("a", encoding="utf-8") as file:
        file.write("\n" + out)
    verified = CliRunner().invoke(app, verify)
    assert verified.exit_code == 0, verified.stderr
    assert run("outline", held.key, *places, "--reason", "nothing")[0] == 2


def test_the_official_renumbering_of_2023_is_found_by_words_alone() -> None:
    old, new = HELD["legislation-law-2015"], HELD["legislation-law-2023"]
    found = matched(old, new)
    outer = [p for p in new.provisions.values() if not p.parent and p.wid != p.eid]
    told = {p.eid: p.wid for p in outer if new.words(p.eid) and old.words(p.wid)}
    assert len(told) >= 20
    assert {eid: found.get(eid) for eid in told} == told


def test_articles_with_the_same_words_pair_in_their_order() -> None:
    one = made_of("虚构办法\n第一条 同文。\n第二条 甲乙丙丁。\n第三条 同文。").instrument
    other = made_of("虚构办法\n第一条 子丑寅卯。\n第二条 同文。\n第三条 甲乙丙丁。\n第四条 同文。")
    found = redline(one, carried(one, other.instrument))
    assert [(r.kind, r.old, r.new) for r in found.rows] == [
        ("inserted", "", "art_1"), ("renumbered", "art_1", "art_2"),
        ("renumbered", "art_2", "art_3"), ("renumbered", "art_3", "art_4"),
    ]  # fmt: skip
    assert words(other, "art_1") == "子丑寅卯。"
