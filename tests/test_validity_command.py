"""`carbonlex validity` as its users meet it: the page, the JSON, what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from carbonlex.interfaces.cli import app
from carbonlex.interfaces.validity_wire import validity_schema

ROOT = Path(__file__).resolve().parents[1]
DRAFTS = ROOT / "tests" / "drafts"


def ran(*args: str) -> tuple[int, str, str]:
    found = CliRunner().invoke(app, ["validity", *args])
    return found.exit_code, found.stdout, found.stderr


def flat(text: str) -> str:
    return "".join(text.split())


def test_the_fine_of_the_measures_is_compared_and_never_called_unlawful() -> None:
    code, out, _ = ran("measures-2021#art_40", "--on", "2021-03-01")
    said = flat(out)
    assert code == 3
    assert "本条罚款20,000–30,000元" in said
    assert "违法所得的倍数3" in said and "有违法所得的限额30,000" in said
    assert "没有违法所得的限额10,000" in said and "不能据此认为违法" in said
    assert "超过限额已经国务院批准" in said and "官方文本" in said
    assert "超越权限" not in said


def test_a_later_basis_is_shown_and_does_not_cure() -> None:
    code, out, _ = ran("measures-2021#art_28", "--on", "2024-06-01")
    said = flat(out)
    assert code == 3
    assert "制定时（2020-12-31）：尚不能定" in said and "询问日（2024-06-01）：在权限之内" in said
    assert "《条例》第十四条" in said and "后来的依据不补正制定时的欠缺" in said


def test_laws_not_encoded_that_were_in_force_are_named() -> None:
    _, out, _ = ran("measures-2021#art_25", "--on", "2023-06-01", "--lang", "en")
    said = " ".join(out.split())
    assert "Environmental Protection Law" in said and "State Council are not encoded" in said


def test_an_english_page_says_all_of_it_in_english() -> None:
    _, out, _ = ran("measures-2021", "--on", "2026-11-22", "--lang", "en")
    own = [line for line in out.splitlines() if "一" <= max(line, default="") <= "鿿"]
    assert own == []


def test_proofs_are_printed_when_asked_for() -> None:
    _, out, _ = ran("measures-2021#art_40", "--on", "2024-06-01", "--explain")
    assert "证明　penalty-law-2021/rule-within-higher" in out


def test_the_json_follows_its_schema_in_the_documents() -> None:
    schema = json.loads((ROOT / "docs" / "validity.schema.json").read_text("utf-8"))
    assert schema == json.loads(validity_schema())
    for args in (["measures-2021"], [str(DRAFTS / "regulation-2026-late.md")]):
        code, out, _ = ran(*args, "--on", "2026-11-22", "--json")
        told = json.loads(out)
        jsonschema.validate(told, schema)
        assert told["exit_code"] == code


def test_what_is_told_of_a_draft_settles_it() -> None:
    draft = str(DRAFTS / "rule-2022.md")
    code, _, _ = ran(draft, "--on", "2022-06-01")
    told = ("--fact", "council_approved=true", "--fact", "basis_in_council_document=true")
    settled, out, _ = ran(draft, "--on", "2022-06-01", *told)
    assert (code, settled) == (3, 0), out


def test_an_official_ceiling_that_is_told_is_held_against_the_fine() -> None:
    draft = str(DRAFTS / "rule-2022.md")
    told = ("--fact", "basis_in_council_document=true", "--fact", "council_approved=false")
    within, _, _ = ran(draft, "--on", "2022-06-01", *told, "--fact", "council_ceiling=500000")
    beyond, out, _ = ran(draft, "--on", "2022-06-01", *told, "--fact", "council_ceiling=499999.99")
    assert (within, beyond) == (0, 1), out
    confirmed, out, _ = ran(draft, "--on", "2022-06-01", *told, "--fact", "ceiling_confirmed=true")
    assert confirmed == 1 and "高于该限额" in flat(out), out


def test_what_would_settle_it_comes_as_alternatives() -> None:
    _, out, _ = ran(str(DRAFTS / "rule-2022.md"), "--on", "2022-06-01")
    basis, confirmed, told = [part[:60] for part in flat(out).split("还须知道")[1:]]
    approved = "超过限额已经国务院批准"
    assert basis.startswith("有国务院决定") and "或者" not in confirmed
    assert approved in confirmed and "已据官方文本" in confirmed
    assert told.startswith("或者：") and approved in told and "国务院规定的罚款限额" in told


def test_a_presumption_that_a_result_rests_on_is_listed_and_may_be_told() -> None:
    draft = str(DRAFTS / "rule-2022.md")
    _, out, _ = ran(draft, "--on", "2022-06-01")
    assert "法律对该行为已规定处罚：否(penalty_in_law)" in flat(out)
    told = ("--fact", "penalty_in_law=true", "--fact", "basis_in_law=true")
    opened, out, _ = ran(draft, "--on", "2022-06-01", *told)
    assert opened == 3 and "(penalty_in_law)" not in flat(out)
    assert "在法律规定的行为、种类和幅度之内" in flat(out)
    settled, out, _ = ran(draft, "--on", "2022-06-01", *told, "--fact", "within_law=true")
    assert settled == 0, out


def test_a_city_rule_is_not_compared_with_the_ceiling_of_departments() -> None:
    draft = str(DRAFTS / "rule-2022.md")
    _, out, _ = ran(draft, "--on", "2022-06-01", "--maker", "city")
    said = flat(out)
    assert "省级人大常委会规定的罚款限额" in said and "凭记忆所知的限额" not in said


def test_words_that_are_not_classified_are_said_not_to_be_examined(tmp_path: Path) -> None:
    draft = tmp_path / "words.md"
    draft.write_text(
        """+++
title = {zh = "甲通知", en = "Notice A"}
maker = "city"
form = "normative_document"
effective = 2026-12-01
+++

## 增加 第一条 {#art_1}

> 未按期清缴的，吊销营业执照。

```norm
id         = "words"
sanctions  = "surrender"
label      = {zh = "吊销执照", en = "licence revoked"}
discretion = {zh = "吊销营业执照", en = "the business licence is revoked"}
```
""",
        encoding="utf-8",
    )
    code, out, _ = ran(str(draft), "--on", "2026-11-22")
    assert code == 3 and "没有分类，不能审查" in flat(out)


def test_another_body_may_or_may_not(tmp_path: Path) -> None:
    draft = str(DRAFTS / "city-notice-2026.md")
    notice, out, _ = ran(draft, "--on", "2026-11-22")
    assert notice == 1 and "《行政处罚法》第十六条" in flat(out)
    law, _, _ = ran(draft, "--on", "2026-11-22", "--maker", "npcsc")
    assert law == 0


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["measures-2012"], "没有文件 measures-2012"),
        (["measures-2021#art_99"], "没有 art_99"),
        (["measures-2021", "--maker", "mayor"], "没有制定机关 mayor"),
        (["measures-2021", "--form", "edict"], "没有形式 edict"),
        (["measures-2021", "--fact", "council_approved"], "应为 名称=值"),
        (["measures-2021", "--fact", "mood=good"], "没有可以告知的事实 mood"),
        (["measures-2021", "--fact", "council_approved=perhaps"], "council_approved 应为"),
        (["measures-2021", "--on", "2019-01-01"], "尚未制定"),
        (["measures-2021", "--reading", "late-report=perhaps"], "late-report"),
        (["measures-2021", "--reading", "mood=good"], "mood"),
        (["absent.md"], "absent.md"),
    ],
)
def test_bad_input_is_refused_with_what_to_do(args: list[str], says: str) -> None:
    code, out, err = ran(*args)
    assert code == 2 and says in err and not out


def test_a_basis_that_was_not_in_force_is_not_counted(tmp_path: Path) -> None:
    draft = tmp_path / "claims.md"
    draft.write_text(
        """+++
title = {zh = "甲办法", en = "Measures A"}
key = "measures-a"
maker = "mee"
promulgated = 2022-01-10
effective = 2022-02-01
+++

## 增加 第一条 {#art_1}

> 重点排放单位应当按时足额清缴碳排放配额。

```norm
id       = "surrender"
obliges  = "surrender"
label    = {zh = "清缴", en = "surrender"}
bearer   = "key_emitting_entity"
requires = "shortfall == 0"
due      = "surrender_deadline"
basis    = ["interim-regs-2024/surrender"]
```
""",
        encoding="utf-8",
    )
    code, out, _ = ran(str(draft), "--on", "2024-06-01")
    said = flat(out)
    assert code == 3
    assert "（当日不施行）" in said.partition("询问日（2024-06-01）")[0]
    assert "询问日（2024-06-01）：在权限之内" in said
