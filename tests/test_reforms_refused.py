"""Drafts that are refused, with their line and what to do; drafts from strangers cost little."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from carbonlex.errors import ContentError
from carbonlex.reform.apply import apply
from carbonlex.reform.read import read_reform
from drafted import MEASURES, REASON, TITLE, applied, law, norm, refused

NEW = 'key = "new-one"\nmaker = "mee"'
SECOND = "用于抵销的国家核证自愿减排量，不得来自纳入全国碳排放权交易市场配额管理的减排项目。"
INSERTED = "## 增加 第二十九条之一 {#art_29-1}\n\n> 交易机构应当按月公布成交均价。\n" + REASON


@pytest.mark.parametrize(
    ("front", "said"),
    [
        (f"{TITLE.partition(chr(10))[2]}\n{MEASURES}", "needs title"),
        (f"{TITLE.partition(chr(10))[0]}\n{MEASURES}", "needs effective"),
        (f"{TITLE}\ncolour = 1\n{MEASURES}", "unknown key colour"),
        (f'{TITLE}\nmaker = "mayor"\n{MEASURES}', "no maker mayor"),
        (f'{TITLE}\nform = "decree"\n{MEASURES}', "no form decree"),
        (TITLE, "neither amends nor maker"),
        (f'{TITLE}\namends = "measures-2020"', "there is no measures-2020"),
        (f'{TITLE}\nfalls = ["no-such"]\n{MEASURES}', "has no no-such"),
    ],
)
def test_front_matter_is_checked_and_says_what_to_do(tmp_path: Path, front: str, said: str) -> None:
    path = tmp_path / "draft.md"
    path.write_text(f"+++\n{front}\n+++\n{INSERTED}", "utf-8")
    with pytest.raises(ContentError) as caught:
        apply(law(), read_reform(path))
    (found,) = [d for d in caught.value.diagnostics if said in d.message[1]]
    assert found.where.line
    assert all(found.hint)


@pytest.mark.parametrize(
    ("front", "said"),
    [
        (f"promulgated = 2027-01-01\n{MEASURES}", "promulgated after"),
        (f'grades = {{art_29-1 = "excellent"}}\n{MEASURES}', "no grade excellent"),
        (f'formerly = {{art_29-1 = "chapter"}}\n{MEASURES}', "an eId is wanted"),
        (f'formerly = {{art_29-1 = "art_29"}}\n{MEASURES}', "both have the wId art_29"),
        (f'key = "Draft 1"\n{MEASURES}', "small letters"),
        ('key = "code-2026"\nmaker = "mee"', "choose another key"),
    ],
)
def test_front_matter_that_does_not_fit(tmp_path: Path, front: str, said: str) -> None:
    assert any(said in d.message[1] for d in refused(tmp_path, INSERTED, front))


@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        ("## 第十九条 {#art_19}\n", "reform-malformed", "does not say what becomes"),
        ("### 删去 第十九条 {#art_19}\n", "syntax", "heading of ##"),
        ("## 删去 第十九条\n", "syntax", "no {#art_"),
        ("## 删去 {#art_19}\n\n## 删去 {#art_19}\n", "reform-clash", "stands on line 6"),
        (f"## 删去 {{#art_29}}\n\n## 修改 {{#art_29__para_2}}\n\n> {SECOND}\n{REASON}",
         "reform-clash", "stands on line 6, in art_29"),
        ("## 删去 {#art_19}\n\n> 甲。\n" + REASON, "reform-malformed", "has no words"),
        ("## 增加 {#art_29-1}\n", "reform-malformed", "needs words"),
        ("## 增加 {#art_29}\n\n> 甲。\n" + REASON, "reform-malformed", "art_29 is there: replace"),
        ("## 修改 {#art_99}\n\n> 甲。\n" + REASON, "reform-malformed", "there is no art_99"),
        ("## 增加 {#art_99__para_1}\n\n> 甲。\n" + REASON,
         "reform-malformed", "there is no art_99"),
        ("## 增加 {#art_99999}\n\n> 甲。\n" + REASON, "reform-malformed", "no article or part"),
        ("## 增加 {#art_0}\n\n> 甲。\n" + REASON, "reform-malformed", "no article or part"),
        ("## 增加 {#art_29__para_4}\n\n> 甲。\n" + REASON,
         "reform-malformed", "the next is number 3"),
        ("## 删去 {#art_29__para_1}\n", "reform-malformed", "only the last paragraph"),
        ("## 删去 {#art_28__para_1}\n", "reform-malformed", "nothing would be left"),
        ("## 修改 {#art_29__para_2}\n\n> 甲。\n>\n> 乙。\n" + REASON,
         "reform-malformed", "restate the article"),
        ("## 增加 {#art_29-1}\n\n> 有下列情形的：\n>\n> （一）甲；\n>\n> （三）乙。\n" + REASON,
         "reform-malformed", "should be numbered 2"),
        ("## 增加 {#art_29-1}\n\n> （一）甲。\n" + REASON, "reform-malformed", "without a lead-in"),
        ("## 增加 {#art_29-1}\n\n> 甲\x07。\n" + REASON, "reform-malformed", "control characters"),
        ("## 增加 {#art_29-1}\n\n> 甲。\n\n```python\nimport os\n```\n", "syntax", "unknown fence"),
        ("## 增加 {#art_29-1}\n\n> 甲。\n" + norm(id='"x"', as_before="true"),
         "reform-malformed", "what is amended has no x"),
        ("# 草案\n" + REASON + INSERTED, "reform-malformed", "before the first heading"),
        ("这里什么也没有。\n", "reform-malformed", "it changes nothing"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_at_its_line(
    tmp_path: Path, body: str, code: str, said: str
) -> None:
    found = refused(tmp_path, body)
    assert (code, True) in {(d.code, said in d.message[1]) for d in found}


def test_a_new_instrument_is_written_whole(tmp_path: Path) -> None:
    body = "## 修改 第一条 {#art_1}\n\n> 甲。\n" + REASON
    (found,) = refused(tmp_path, body, NEW)
    assert "each article of it is inserted" in found.message[1]


def test_words_without_a_norm_are_a_gap(tmp_path: Path) -> None:
    body = "## 增加 第二十九条之一 {#art_29-1}\n\n> 甲应当乙。丙应当丁。\n\n> 甲应当乙。\n" + REASON
    (found,) = refused(tmp_path, body)
    assert (found.code, found.where.line) == ("coverage-gap", 6)
    assert found.message[0].endswith("丙应当丁。")


def test_a_quote_of_a_draft_is_held_to_its_words(tmp_path: Path) -> None:
    body = "## 增加 {#art_29-1}\n\n> 甲应当乙。\n\n> 甲应当丙。\n" + REASON
    assert {d.code for d in refused(tmp_path, body)} == {"quote-mismatch"}


HOSTILE = {
    "quotes": "> " * 3000 + "甲。\n" + REASON,
    "brackets": "> " + "[" * 50_000 + "\n" + REASON,
    "emphasis": "> " + "*a_ " * 20_000 + "\n" + REASON,
    "lists": "> 甲。\n" + REASON + "- " * 5_000 + "x\n",
    "long": "> " + "甲乙丙丁。" * 50_000 + "\n" + REASON,
    "toml lists": "> 甲。\n\n```norm\nx = " + "[" * 10_000 + "]" * 10_000 + "\n```\n",
    "toml tables": "> 甲。\n\n```norm\n" + ".".join("a" * 5_000) + " = 1\n```\n",
    "nested": "> 甲。\n" + norm(id='"x"', defines='"x"', value=f'"{"(" * 500}1{")" * 500}"'),
    "wide": "> 甲。\n" + norm(id='"x"', defines='"x"', value=f'"{"1+" * 100_000}1"'),
    "power": "> 甲。\n" + norm(id='"x"', defines='"x"', value='"9**9**9**9"'),
    "code": "> 甲。\n" + norm(id='"x"', defines='"x"', value="'__import__(\"os\")'"),
    "number": "> 甲。\n\n```norm\nx = 1e999999999\n```\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_drafts_from_strangers_cost_little(tmp_path: Path, name: str) -> None:
    law()
    started = time.monotonic()
    try:
        applied(tmp_path, "## 增加 {#art_29-1}\n\n" + HOSTILE[name])
    except ContentError as error:
        assert all(d.where.line for d in error.diagnostics)
    assert time.monotonic() - started < 4  # about 0.5 s alone; tests share their cores


@pytest.mark.parametrize("name", ["toml lists", "toml tables", "nested", "wide", "power", "code"])
def test_what_is_nested_or_computes_is_refused(tmp_path: Path, name: str) -> None:
    found = refused(tmp_path, "## 增加 {#art_29-1}\n\n" + HOSTILE[name])
    known = {"syntax", "expression-too-large", "expression-forbidden"}
    assert {d.code for d in found} & known


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text("> " + "甲" * 1_000_000, "utf-8")
    with pytest.raises(ContentError) as caught:
        read_reform(path)
    assert [d.code for d in caught.value.diagnostics] == ["file-too-large"]


def test_too_many_changes_are_refused(tmp_path: Path) -> None:
    body = "".join(f"## 增加 {{#art_{n}}}\n\n> 甲。\n{REASON}\n" for n in range(100, 602))
    assert {d.code for d in refused(tmp_path, body)} == {"file-too-large"}


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script>甲。",
        "<div>甲。</div>",
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;甲。',
        "甲&lt;b&gt;&amp;&#65;。",
        "]]></p></content>甲。",
    ],
)
def test_markup_in_words_is_words(tmp_path: Path, words: str) -> None:
    step = applied(tmp_path, f"## 增加 {{#art_29-1}}\n\n> {words}\n{REASON}")
    assert step.after.words("art_29-1") == words
    assert b"<script" not in step.law.written(step.after.key).xml


def test_files_from_windows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    text = f"\ufeff+++\n{TITLE}\n{MEASURES}\n+++\n{INSERTED}"
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert [a.eid for a in read_reform(path).amendments] == ["art_29-1"]


def test_a_gap_left_in_an_old_article_is_shown_in_the_draft(tmp_path: Path) -> None:
    body = (
        "## 修改 第二十九条第二款 {#art_29__para_2}\n\n> 不得来自覆盖项目。另行公布名单。\n\n"
        "> 不得来自覆盖项目。\n" + norm(id='"offset-exclusion"', as_before="true")
    )
    (found,) = refused(tmp_path, body)
    assert (found.code, found.where.file, found.where.line) == ("coverage-gap", "draft.md", 6)
