"""Reading a draft: numbers in headings, items on lines of their own, what is refused and how."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbonlex.errors import ContentError
from carbonlex.reform.apply import apply, apply_all
from carbonlex.reform.read import read_reform
from drafted import REASON, applied, draft, law, norm, refused

CODE = 'amends = "code-2026"'
LEAD = "有下列情形之一的，不予核准："


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("删去 第二十条 {#art_19}", "第二十条（art_20）"),
        ("删去 第二十九条第一款 {#art_29__para_2}", "第二十九条第一款（art_29__para_1）"),
        ("删去 第二十九条第一款 {#art_29}", "第二十九条第一款（art_29__para_1）"),
        ("删去 第二十九条 {#art_29__para_2}", "第二十九条（art_29）"),
        ("删去 第29条之一 {#art_29}", "第29条之一（art_29-1）"),
        ("repeal article 20 {#art_19}", "article 20（art_20）"),
        ("repeal art. 29(1) {#art_29__para_2}", "art. 29(1)（art_29__para_1）"),
    ],
)
def test_a_heading_that_prints_another_number_is_refused(
    tmp_path: Path, heading: str, place: str
) -> None:
    (found,) = refused(tmp_path, f"## {heading}\n")
    eid = heading.partition("#")[2][:-1]
    assert found.code == "reform-malformed" and found.where.line == 6
    assert f"标题写{place}，编号却是 {eid}" in found.message[0] and all(found.hint)


@pytest.mark.parametrize("verb", ["修改", "增加"])
def test_the_number_is_held_against_the_eid_for_every_verb(tmp_path: Path, verb: str) -> None:
    found = refused(tmp_path, f"## {verb} 第三十一条 {{#art_29-1}}\n\n> 甲。\n{REASON}")
    assert "第三十一条" in found[0].message[0]


@pytest.mark.parametrize(
    "heading",
    [
        "删去 {#art_19}",
        "删去 第十九条 自愿注销 {#art_19}",
        "删去 《办法》第十九条 {#art_19}",
        "repeal article 19 {#art_19}",
        "删去 关于第二十条的例外 {#art_19}",
    ],
)
def test_a_heading_with_the_right_number_or_none_is_read(tmp_path: Path, heading: str) -> None:
    (one,) = draft(tmp_path, f"## {heading}\n").amendments
    assert one.eid == "art_19"


def test_a_sole_paragraph_need_not_be_named_in_a_heading(tmp_path: Path) -> None:
    body = f"## 修改 第八条第（二）项 {{#art_8__para_1__point_2}}\n\n> （二）甲。\n{REASON}"
    assert draft(tmp_path, body).amendments[0].eid == "art_8__para_1__point_2"


@pytest.mark.parametrize(
    "quote",
    [
        f"> {LEAD}\n> （一）甲的；\n> （二）乙的。\n>\n> 丙。\n",
        f"> {LEAD}\n>\n> （一）甲的；\n>\n> （二）乙的。\n>\n> 丙。\n",
        f"> {LEAD}\n> (一)甲的；\n> (二)乙的。\n>\n> 丙。\n",
        "> 有下列情形之一的，\n> 不予核准：\n> （一）甲\n> 的；\n> （二）乙的。\n>\n> 丙。\n",
    ],
)
def test_items_on_lines_of_their_own_are_items(tmp_path: Path, quote: str) -> None:
    after = applied(tmp_path, f"## 增加 {{#art_29-1}}\n\n{quote}{REASON}").after
    said = {p.eid.removeprefix("art_29-1__"): p.text for p in after.under("art_29-1") if p.text}
    assert said == {
        "para_1": LEAD, "para_1__point_1": "甲的；", "para_1__point_2": "乙的。", "para_2": "丙。",
    }  # fmt: skip


def test_a_line_that_goes_on_with_a_reference_is_no_item(tmp_path: Path) -> None:
    quote = (
        "> 有本办法第八条第\n> （二）项情形，以及第十一条第\n> （一）、（二）项情形的，不予核准。\n"
    )
    after = applied(tmp_path, f"## 增加 {{#art_29-1}}\n\n{quote}{REASON}").after
    assert [p.level for p in after.under("art_29-1")] == ["article", "paragraph"]


def test_items_restated_on_lines_keep_their_place_in_the_redline(tmp_path: Path) -> None:
    from carbonlex.statutes.redline import redline

    words = law().rulebook.instruments["measures-2021"].words("art_8__para_1")
    quoted = "".join(f"> {line}\n" for line in words.split("\n"))
    names = ("listing-conditions", "annual-emissions", "sector-covered", "sector")
    known = {n.short for n in law().rulebook.norms.values() if n.instrument == "measures-2021"}
    fences = "".join(norm(id=f'"{n}"', as_before="true") for n in names if n in known)
    step = applied(tmp_path, f"## 修改 第八条第一款 {{#art_8__para_1}}\n\n{quoted}{fences}")
    assert step.before is not None
    assert not redline(step.before, step.after, whole=True).amendments


def test_quotes_nested_without_end_are_refused_and_not_left_out(tmp_path: Path) -> None:
    found = refused(tmp_path, "## 增加 {#art_29-1}\n\n" + ">" * 50_000 + " 甲。\n" + REASON)
    assert any(d.code == "syntax" and d.where.line == 8 and all(d.hint) for d in found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "文件为空"),
        ("title = 1\n", "文件应以 +++ 元数据开头"),
        ('+++\ntitle = {zh = "甲", en = "A"}\n', "没有结束"),
        ("+++\ntitle = 1\n+++\n", "title 应为"),
        (
            '+++\ntitle = {zh = "甲", en = "A"}\namends = "measures-2021"\neffective = 2026-01-01\n'
            "promulgated = 2027-01-01\n+++\n## 删去 {#art_19}\n",
            "公布在施行之后",
        ),
    ],
)
def test_what_is_wrong_with_a_file_says_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "draft.md"
    path.write_text(text, "utf-8")
    with pytest.raises(ContentError) as caught:
        read_reform(path)
    found = next(d for d in caught.value.diagnostics if said in d.message[0])
    assert all(found.hint)


def test_words_without_meaning_are_shown_as_they_are_written(tmp_path: Path) -> None:
    body = "## 增加 {#art_29-1}\n\n> 甲应当乙。丙（丁），应当：戊。\n\n> 甲应当乙。\n" + REASON
    (found,) = refused(tmp_path, body)
    assert found.message[0].endswith("：丙（丁），应当：戊。") and all(found.hint)


@pytest.mark.parametrize(
    ("fine", "said"),
    [
        ("between(10, 5)", "between(10, 5) 的下限高于上限"),
        ("between(2 * 5, 5) * price_before_deadline * shortfall", "的下限高于上限"),
        ("between(-10, 5)", "fine 小于零"),
        ("-100", "fine 小于零"),
        ("-2 * price_before_deadline * shortfall", "fine 小于零"),
        ("between(1, 2) if listed else between(3, 2)", "的下限高于上限"),
    ],
)
def test_a_range_that_is_none_and_a_fine_below_nothing_are_refused(
    tmp_path: Path, fine: str, said: str
) -> None:
    keys = norm(
        id='"x"', label='{zh = "罚", en = "fine"}', sanctions='"surrender"', fine=f'"{fine}"'
    )
    found = refused(tmp_path, f"## 增加 {{#art_29-1}}\n\n> 甲。\n{keys}")
    assert [d.code for d in found] == ["norm-malformed"]
    assert said in found[0].message[0] and all(found[0].hint)


def test_a_fine_of_nothing_up_is_no_fault(tmp_path: Path) -> None:
    keys = norm(
        id='"x"', label='{zh = "罚", en = "fine"}', sanctions='"surrender"',
        fine='"between(0, 5) * (verified_emissions - 1)"',
    )  # fmt: skip
    with pytest.raises(ContentError) as caught:
        applied(tmp_path, f"## 增加 {{#art_29-1}}\n\n> 甲。\n{keys}")
    assert {d.code for d in caught.value.diagnostics} == {"unit-mismatch"}


def test_what_an_earlier_draft_repealed_says_which(tmp_path: Path) -> None:
    first = draft(tmp_path, "## 删去 第十九条 {#art_19}\n", name="first")
    second = draft(tmp_path, "## 删去 第十九条 {#art_19}\n", name="second")
    with pytest.raises(ContentError) as caught:
        apply_all(law(), [first, second])
    (found,) = caught.value.diagnostics
    assert found.where.file == "second.md" and "已由“草案”删去" in found.message[0]


def test_a_draft_from_the_first_day_stands_in_the_place_of_what_it_amends(tmp_path: Path) -> None:
    path = tmp_path / "first.md"
    path.write_text(
        '+++\ntitle = {zh = "甲", en = "A"}\neffective = 2021-02-01\namends = "measures-2021"\n'
        "+++\n## 删去 第十九条 {#art_19}\n",
        "utf-8",
    )
    step = apply(law(), read_reform(path))
    assert step.after.key == "measures-2021" and "art_19" not in step.after.provisions
    assert "measures-2021/offset-cap" in step.law.rulebook.norms
    path.write_text(path.read_text("utf-8").replace("十九", "二十九").replace("19", "29"), "utf-8")
    with pytest.raises(ContentError) as caught:
        apply(law(), read_reform(path))
    (found,) = caught.value.diagnostics
    assert (found.where.file, found.where.line) == ("first.md", 3)
    assert "第一天" in found.message[0] and "施行日改为以后的一天" in found.hint[0]
