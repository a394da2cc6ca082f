"""What an official text is divided into, and what only looks like a division."""

from __future__ import annotations

from datetime import date

import pytest

from carbonlex.errors import ContentError
from carbonlex.statutes.importing.identity import Told
from imported import DAY, TOLD, WORK, draft_of, eids, made_of, words

HEAD = "示例办法（试行）\n（2030年1月1日公布）\n"


def act(*lines: str) -> str:
    """Return a fictional act with lines after its title."""
    return HEAD + "\n".join(lines)


def remarks(text: str) -> str:
    """Return all that a person is to look at."""
    return "\n".join(r.zh for r in draft_of(text).remarks)


def test_every_level_has_its_element_and_its_eid() -> None:
    made = made_of(
        act(
            "第一编　总　　则", "第一分编　通则", "第一章　范　围", "第一节　原　则",
            "第一条　为了示例，制定本办法。", "另有规定的除外。",
            "第二条　有下列情形之一的，应当报告：", "（一）甲，包括：", "1．天；", "2．地。",
            "（二）乙。", "第二条之一　丙。", "第二章　附　　则",
            "第三条　本办法自2030年3月1日起施行。",
        )
    )  # fmt: skip
    assert eids(made.draft) == [
        "part_1", "part_1__subpart_1", "part_1__subpart_1__chp_1",
        "part_1__subpart_1__chp_1__sec_1",
        "art_1", "art_1__para_1", "art_1__para_2", "art_2", "art_2__para_1",
        "art_2__para_1__point_1",
        "art_2__para_1__point_1__indent_1", "art_2__para_1__point_1__indent_2",
        "art_2__para_1__point_2", "art_2-1", "art_2-1__para_1", "part_1__subpart_1__chp_2",
        "art_3", "art_3__para_1",
    ]  # fmt: skip
    assert next(n.heading for n in made.draft.nodes()) == "总则"
    assert words(made, "art_2__para_1").split("\n") == [
        "有下列情形之一的，应当报告：", "（一）甲，包括：", "1．天；", "2．地。", "（二）乙。",
    ]  # fmt: skip
    assert not made.comparison.differences and not made.remarks


def test_a_reference_at_the_beginning_of_a_paragraph_is_no_article() -> None:
    text = act(
        "第一条　甲。", "第二十九条规定的比例不得超过5%。", "第二十九条 规定的比例，从其规定。",
        "第三条、第四条另有规定的除外。", "第二章规定的事项，依照其规定。",
        "（二）项所列事项除外。",
        "第二条　中华人民共和国境内适用。", "第三条　及时报告。",
    )  # fmt: skip
    made = made_of(text)
    assert [e for e in eids(made.draft) if "__" not in e] == ["art_1", "art_2", "art_3"]
    assert len(made.instrument.provisions["art_1"].children) == 6


def test_a_number_out_of_order_is_text_and_said() -> None:
    text = act(
        "第一条　甲。", "第二条　乙。", "第九条　这是引用的原文。", "第三条　丙。", "第四条　丁。"
    )
    draft = draft_of(text)
    assert [e for e in eids(draft) if "__" not in e] == ["art_1", "art_2", "art_3", "art_4"]
    assert "第九条不合条的次序" in remarks(text)


def test_articles_set_close_to_their_words_are_found() -> None:
    text = act("第一条为了示例，制定本办法。", "第二条本办法适用于示例。", "第三条规定如下事项。")
    assert [e for e in eids(draft_of(text)) if "__" not in e] == ["art_1", "art_2"]
    one = act("第一条　甲。", "第二条国务院有关部门负责。", "第五条国务院负责。", "第三条　丙。")
    assert [e for e in eids(draft_of(one)) if "__" not in e] == ["art_1", "art_2", "art_3"]


@pytest.mark.parametrize(
    ("printed", "eid"),
    [
        ("一百一十五", "art_115"), ("一百十五", "art_115"), ("一百零二", "art_102"),
        ("一千二百二十六", "art_1226"), ("十", "art_10"), ("２９", "art_29"), ("29", "art_29"),
    ],
)  # fmt: skip
def test_numbers_as_they_are_printed(printed: str, eid: str) -> None:
    assert eids(draft_of(act(f"第{printed}条　甲。")))[0] == eid


def test_an_inserted_article_has_a_place_of_its_own() -> None:
    text = act(
        "第一百二十条　甲。",
        "第一百二十条之一　乙。",
        "第一百二十条之二　丙。",
        "第一百二十一条　丁。",
    )
    assert [e for e in eids(draft_of(text)) if "__" not in e] == [
        "art_120", "art_120-1", "art_120-2", "art_121",
    ]  # fmt: skip


def test_a_table_of_contents_is_none_of_the_chapters() -> None:
    entries = ["第一章　总则………1", "第二章　管理………2", "第三章　附则………9"]
    body = [
        "第一章　总则",
        "第一条　甲。",
        "第二章　管　理",
        "第二条　乙。",
        "第三章　附则",
        "第三条　丙。",
    ]
    for before in (["目　　录"], []):
        draft = draft_of(act(*before, *entries, *body))
        assert [n.eid for n in draft.body] == ["chp_1", "chp_2", "chp_3"]
        assert [e.words for e in draft.preface.entries] == [
            "第一章总则",
            "第二章管理",
            "第三章附则",
        ]
        assert not draft.remarks
    lost = draft_of(act("目录", *entries[:2], "第九章　罚则", *body))
    said = "\n".join(r.zh for r in lost.remarks)
    assert "目录有而正文没有：第九章罚则" in said and "正文有而目录没有：第三章附则" in said


def test_a_text_that_is_there_twice_is_refused_with_both_places() -> None:
    body = ["第一章　总则", "第一条　甲。"]
    with pytest.raises(ContentError) as error:
        draft_of(act(*body, "第一章　总则", "第二条　乙。"))
    found = error.value.diagnostics[0]
    assert (
        found.code == "import-structure" and found.where.line == 5 and "第 3 行" in found.message[0]
    )


def test_what_follows_the_last_item_is_a_paragraph_or_the_end_of_the_sentence() -> None:
    text = act(
        "第一条　下列事项除外：", "（一）甲；", "（二）乙。", "前款规定自公布之日起执行。",
        "第二条　有下列行为之一的：", "（一）丙；", "（二）丁；", "处一万元罚款。",
        "第三条　应当提交：", "（一）申请；", "申请应当书面。", "（二）证明。",
    )  # fmt: skip
    made = made_of(text)
    assert words(made, "art_1__para_2") == "前款规定自公布之日起执行。"
    assert made.instrument.provisions["art_2__para_1__wrapup_1"].level == "wrap-up"
    assert words(made, "art_2__para_1").endswith("（二）丁；\n处一万元罚款。")
    assert words(made, "art_3__para_1__point_1") == "（一）申请；申请应当书面。"
    said = [(r.line, r.zh) for r in made.remarks]
    assert [line for line, _ in said] == [6, 10, 13]
    assert "另一款" in said[0][1] and "该款的结尾" in said[1][1] and "前一项" in said[2][1]


def test_a_quote_reaches_the_end_of_a_paragraph_and_cites_the_paragraph() -> None:
    from carbonlex.rulebook.quoting import locate
    from carbonlex.statutes.citation import pinpoint

    made = made_of(
        act("第一条　甲。", "第二条　有下列行为的：", "（一）乙；", "处一万元罚款。", "丙。")
    )
    found, missing = locate(made.instrument, "art_2", ["处一万元罚款。"])
    assert not missing
    assert pinpoint(made.instrument, found.provisions[0]) == "第二条第一款"


def test_gaps_in_the_numbers_are_counted() -> None:
    draft = draft_of(act("第一条　甲。", "第二条　乙。", "第五条　丙。"))
    assert draft.missing == (3, 4)


def test_the_note_under_the_title_and_an_order_before_it_are_kept_as_preface() -> None:
    text = (
        "示例部令\n第9号\n《示例办法》已经审议通过，现予公布。\n示例办法\n（2030年1月1日公布）\n"
        "第一条　甲。\n第二条　本办法自2030年4月1日起施行。"
    )
    made = made_of(text)
    assert made.draft.title == "示例办法"
    assert made.draft.preface.before[1] == "第9号" and made.draft.preface.after == (
        "（2030年1月1日公布）",
    )
    assert any("--effective 为 2030-03-01" in r.zh for r in made.remarks)


def test_annexes_are_attachments_and_a_list_of_them_is_none() -> None:
    text = act("第一条　甲。", "附件1", "示例目录", "第一类：煤。", "附件 2：示例表", "煤　1.9")
    made = made_of(text)
    assert [a.heading for a in made.draft.annexes] == ["附件1", "附件 2：示例表"]
    assert made.xml.count(b"<attachment ") == 2 and not made.comparison.differences
    listed = act("第一条　甲。", "附件：1.示例表", "2.示例目录", "附件1", "示例表", "煤　1.9")
    assert [a.heading for a in draft_of(listed).annexes] == ["附件1"]


def test_a_chapter_of_supplementary_provisions_without_a_number_is_an_ordinary_chapter() -> None:
    draft = draft_of(act("第一章　总则", "第一条　甲。", "附　　则", "第二条　乙。"))
    assert [(n.eid, n.heading) for n in draft.body] == [("chp_1", "总则"), ("chp_2", "附则")]


def test_a_text_without_articles_has_numbered_paragraphs_and_says_so() -> None:
    text = (
        "关于示例工作的通知\n国示例〔2030〕1号\n各省：\n一、总体要求\n（一）目标\n按期完成。\n"
        "二、附则\n1. 甲"
    )
    made = made_of(text)
    assert eids(made.draft) == [f"para_{n}" for n in range(1, 7)]
    assert words(made, "para_3") == "（一）目标" and made.identity.number == "国示例〔2030〕1号"
    assert "不是原文的条款号" in made.remarks[0].zh


def test_an_article_with_a_caption_keeps_it_apart_from_its_words() -> None:
    made = made_of(act("第一条　【目的】为了示例。", "第二条（定义）　本办法所称示例。"))
    assert words(made, "art_1") == "为了示例。" and b"<heading>\xe3\x80\x90" in made.xml
    assert words(made, "art_2") == "（定义） 本办法所称示例。"


def test_no_words_and_no_title_are_refused_with_a_remedy() -> None:
    for text, hint in (("", "官方发布"), ("　\n\n", "官方发布"), ("甲\n乙", "--title")):
        with pytest.raises(ContentError) as error:
            draft_of(text)
        assert hint in error.value.diagnostics[0].hint[0]


def test_control_characters_are_refused_and_unseen_signs_left_out() -> None:
    with pytest.raises(ContentError) as error:
        draft_of(act("第一条　甲\x07。"))
    assert (
        "U+0007" in error.value.diagnostics[0].message[0]
        and error.value.diagnostics[0].where.line == 3
    )
    damaged = draft_of(act("第一条　甲\ue000\ufffd。")).remarks[0]
    assert "U+E000 U+FFFD" in damaged.zh and damaged.line == 3
    made = made_of(act("第一条　\u202e甲\u200b、\ufeff乙。"))
    assert words(made, "art_1") == "甲、乙。" and "3 个看不见的字符" in made.remarks[0].zh


def test_text_with_markup_in_it_is_text() -> None:
    made = made_of(act("第一条　A & B <问题> {{ 7*7 }} ]]> =HYPERLINK(1)"))
    assert words(made, "art_1") == "A & B <问题> {{ 7*7 }} ]]> =HYPERLINK(1)"


@pytest.mark.parametrize(
    ("told", "option"),
    [
        (Told("19", DAY), "--work"),
        (Told(WORK, DAY), "--maker"),
        (Told(WORK.replace("guizhang", "banfa"), DAY, maker="甲"), "--rank"),
        (Told(WORK, date(2029, 1, 1), maker="甲"), "--effective"),
        (Told(WORK, DAY, ended=DAY, maker="甲"), "--ended"),
        (Told(WORK, DAY, key="Bad Key", maker="甲"), "--key"),
        (Told(WORK, DAY, maker="甲\x1b[31m"), "--maker"),
    ],
)
def test_what_is_not_told_is_asked_for_by_its_option(told: Told, option: str) -> None:
    with pytest.raises(ContentError) as error:
        made_of(act("第一条　甲。"), told=told)
    assert option in {d.where.file for d in error.value.diagnostics}
    assert all(d.code == "import-identity" and all(d.hint) for d in error.value.diagnostics)


def test_what_the_file_is_made_of_stays_in_it() -> None:
    made = made_of(act("第一条　甲。"))
    assert f'sha256="{made.source.digest}"'.encode() in made.xml
    assert made.identity.key == TOLD.key and made.path.endswith("zho@2030-03-01.xml")
