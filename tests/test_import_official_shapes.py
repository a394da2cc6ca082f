"""Official texts in the shapes in which they come: what looks odd is read right, or pointed out."""

from __future__ import annotations

import pytest

from carbonlex.errors import ContentError
from carbonlex.statutes.importing.read import source_of
from imported import W, docx, draft_of, eids, made_of, para

HEAD = "示例管理办法\n（2030年1月1日公布）\n"
BODY = "第一章　总则\n第一条　甲。\n第二章　罚则\n第二条　乙。\n附　则\n第三条　丙。\n"
DIVIDED = ["chp_1", "art_1", "chp_2", "art_2", "chp_3", "art_3"]


def divisions(text: str) -> list[str]:
    """Return the eIds of chapters and articles."""
    return [e for e in eids(draft_of(text)) if "para" not in e]


def says(text: str | bytes, name: str = "act.txt") -> str:
    """Return all that a person is told to look at."""
    return "\n".join(r.zh for r in draft_of(text, name).remarks)


@pytest.mark.parametrize(
    "pages",
    [("（1）", "（5）", "（9）"), (" (1)", " (5)", " (9)"), ("……１", "⋯⋯5", "・・・9"),
     ("（第一条—第二条）", "（第三条至第九条）", "（第十条）"), ("（第1-2条）", "", "")],
)  # fmt: skip
def test_pages_of_a_table_of_contents_are_no_words_of_its_headings(
    pages: tuple[str, str, str],
) -> None:
    contents = "".join(
        f"{n}{p}\n" for n, p in zip(("第一章 总则", "第二章 罚则", "附 则"), pages, strict=True)
    )
    draft = draft_of(f"{HEAD}目　录\n{contents}{BODY}")
    assert [e for e in eids(draft) if "para" not in e] == DIVIDED
    assert [e.words for e in draft.preface.entries] == ["第一章总则", "第二章罚则", "附则"]
    assert not draft.remarks


def test_contents_end_where_their_first_number_comes_again_though_its_words_differ() -> None:
    text = f"{HEAD}目录\n第一章 总的规定\n第二章 罚则\n附则\n{BODY}"
    assert divisions(text) == DIVIDED
    assert "目录有而正文没有：第一章总的规定" in says(text)


def test_contents_may_begin_with_a_preamble() -> None:
    contents = "目录\n序言\n第一章 总则\n第二章 罚则\n附则\n附件一 示例表\n"
    draft = draft_of(f"示例法\n{contents}序言\n示例是好的。\n{BODY}")
    assert [e for e in eids(draft) if "para" not in e] == DIVIDED
    assert draft.preface.last == ("附件一 示例表", "序言", "示例是好的。")


def test_an_inserted_article_may_have_its_number_before_the_word_for_article() -> None:
    text = f"{HEAD}第一百二十条　甲。\n第一百二十之一条　乙。\n第一百二十一条　丙。\n"
    assert divisions(text) == ["art_120", "art_120-1", "art_121"]


@pytest.mark.parametrize(
    "line", ["第三条：丙。", "第三条、丙。", "【第三条】丙。", "[第三条] 丙。", "第○三条　丙。",
             "第二〇三条 丙。", "第廿三条　丙。"],
)  # fmt: skip
def test_what_may_be_an_article_and_is_not_read_as_one_is_pointed_out(line: str) -> None:
    assert "像是条的开头而未作条" in says(f"{HEAD}第一条　甲。\n第二条　乙。\n{line}\n")


def test_two_articles_in_one_line_are_pointed_out_and_references_are_not() -> None:
    assert "“第二条”像是条的开头" in says(f"{HEAD}第一条　甲。第二条　乙。\n第三条　丙。\n")
    text = f"{HEAD}第一条　甲。第二条规定的除外。\n第一条、第二条所称的，从其规定。\n第二条　乙。\n"
    assert "像是条的开头" not in says(text)


def test_arabic_numbers_in_brackets_are_items() -> None:
    text = f"{HEAD}第一条　有：\n（一）甲，包括：\n（1）子；\n（2）丑。\n（二）乙。\n"
    point = "art_1__para_1__point_1"
    assert [*eids(draft_of(text))][2:5] == [point, f"{point}__indent_1", f"{point}__indent_2"]
    wide = draft_of(f"{HEAD}第１条　有：\n（１）甲；\n（２）乙。\n（１）项不适用的除外。\n")
    assert eids(wide)[2:] == [
        "art_1__para_1__indent_1", "art_1__para_1__indent_2", "art_1__para_2",
    ]  # fmt: skip


def test_a_heading_may_stand_under_its_number() -> None:
    draft = draft_of(f"{HEAD}第一章\n总　则\n第一条　甲。\n第二章\n第二条　乙。\n")
    assert [n.heading for n in draft.body] == ["总则", ""] and not draft.body[0].content
    kept = draft_of(f"{HEAD}第一章\n本章规定，适用于全部。\n第一条　甲。\n")
    assert kept.body[0].content == ("本章规定，适用于全部。",)


def test_a_line_end_within_a_sentence_is_pointed_out() -> None:
    soft = "<w:p><w:r><w:t>第一条　有下列情形</w:t><w:br/><w:t>之一的，处罚。</w:t></w:r></w:p>"
    assert "误断" in says(docx(para("示例管理办法") + soft), "a.docx")
    assert "误断" not in says(f"{HEAD}第一条　甲。\n乙。\n第二条　丙：\n（一）子；\n（二）丑。\n")


def test_headers_and_footers_of_word_pages_are_named_and_page_numbers_are_not() -> None:
    body = para("示例管理办法") + para("第一条　甲。")
    parts = {
        f"word/{name}.xml": f'<w:x xmlns:w="{W}"><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:x>'
        for name, words in (("header1", "示例机关公报"), ("footer1", "— 1 —"))
    }
    assert says(docx(body, dict(parts)), "a.docx") == "页眉页脚未导入：“示例机关公报”"


WRAPPED = """\
示例管理办法
（2030年1月1日示例机关令第9号公布　自2030年3月1日起施行）
第一章　总　则
　　第一条　为了规范示例排放权交易及其相关的活动，加强对温室气体排放的控制
和管理，推动实现示例目标，促进经济社会绿色低碳的发展，根据国家有关温室气
体排放控制的要求，制定本办法。
　　第二条　本办法适用于示例排放权交易及相关活动，包括示例排放配额的分配和
                              — 1 —

清缴，示例排放权登记、交易、结算，温室气体排放报告与核查等活动以及对前述各
项活动的监督和管理。
　　第三条　有下列情形之一的，由生态环境主管部门责令改正，处二万元以上三万元
以下的罚款：
　　（一）虚报、瞒报温室气体排放报告，或者拒绝履行温室气体排放报告的义务的；

第 2 页 共 3 页
　　（二）其他情形。
"""


def test_page_numbers_between_lines_are_no_words_of_the_law() -> None:
    made = made_of(WRAPPED.encode("gb18030"))
    assert made.source.outside == ("— 1 —", "第 2 页 共 3 页")
    assert "分配和清缴，示例" in made.instrument.words("art_2__para_1")
    assert made.instrument.words("art_3__para_1__point_1").endswith("的义务的；")
    assert "— 1 —" not in "".join(b.text for b in made.source.blocks if hasattr(b, "text"))


def test_a_number_alone_on_its_line_may_be_that_of_a_page() -> None:
    assert "只有“3”的一行" in says(f"{HEAD}第一条　甲。\n3\n第二条　乙。\n")


def test_a_heading_is_never_joined_to_the_line_before_it() -> None:
    draft = draft_of(WRAPPED)
    assert [n.eid for n in draft.body] == ["chp_1"] and len(draft.preface.after) == 1


def test_the_number_of_an_act_does_not_begin_with_a_date() -> None:
    assert made_of(WRAPPED).identity.number == "示例机关令第9号"


def test_news_and_footers_that_look_like_articles_are_no_part_of_a_page() -> None:
    page = (
        "<html><body><ul><li>第一条 快讯：今日要闻</li></ul><div id='UCAP-CONTENT'>"
        "<p>示例管理办法</p><p>第一条　甲。</p><p>第二条　乙。</p></div>"
        "<div>第一条 版权声明</div></body></html>"
    )
    draft, source = draft_of(page, "act.html"), source_of(page.encode(), "act.html")
    assert eids(draft) == ["art_1", "art_1__para_1", "art_2", "art_2__para_1"]
    assert source.outside == ("第一条 快讯：今日要闻", "第一条 版权声明")


def test_a_long_leader_takes_no_time() -> None:
    text = f"{HEAD}目录\n第一章 总则{'.' * 90_000}x\n{BODY}"
    assert "art_1" in eids(draft_of(text))


@pytest.mark.parametrize(
    ("data", "name"),
    [(docx(para("示例管理办法") + para("第一条　甲。", run="<w:strike/>")), "a.docx"),
     (docx(para("示例管理办法") + para("第一条　甲。", run="<w:dstrike w:val='1'/>")), "a.docx"),
     ("<p>示例管理办法</p><p>第一条　<del>甲</del><ins>乙</ins>。</p>".encode(), "a.html"),
     ("<p>示例管理办法</p><p>第一条　<s>甲</s>乙。</p>".encode(), "a.html"),
     ("<p>示例办法</p><p>第一条　<b style='text-decoration:line-through'>甲</b>乙。</p>".encode(),
      "a.html")],
)  # fmt: skip
def test_words_struck_through_are_never_taken_as_law(data: bytes, name: str) -> None:
    with pytest.raises(ContentError) as refused:
        draft_of(data, name)
    assert [d.code for d in refused.value.diagnostics] == ["import-unsafe"]


def test_a_strike_that_strikes_nothing_is_no_matter() -> None:
    end = para("第一条　甲。", properties="<w:rPr><w:strike/></w:rPr>")
    was = "<w:rPrChange w:id='1'><w:rPr><w:strike/></w:rPr></w:rPrChange>"
    off = para("第二条　乙。", run=f"<w:strike w:val='0'/>{was}")
    assert len(draft_of(docx(para("示例管理办法") + end + off), "a.docx").body) == 2


def test_formulas_are_pointed_out() -> None:
    formula = (
        "<w:p><w:r><w:t>第一条　</w:t></w:r><m:oMath><m:f><m:num><m:r><m:t>A</m:t></m:r></m:num>"
        "<m:den><m:r><m:t>B</m:t></m:r></m:den></m:f></m:oMath></w:p>"
    )
    assert "1 处公式按字序" in says(docx(para("示例管理办法") + formula), "a.docx")
    page = "<p>示例管理办法</p><p>第一条　甲<math><mi>A</mi></math>。</p><p>第二条　乙。</p>"
    assert "公式" in says(page, "a.html")


def test_a_frame_about_a_text_in_word_is_no_table_and_articles_in_a_table_are_pointed_out() -> None:
    cell = "<w:tbl><w:tr><w:tc>{}</w:tc>{}</w:tr></w:tbl>"
    text = para("示例管理办法") + para("第一条　甲。") + para("第二条　乙。")
    assert len(draft_of(docx(cell.format(text, "")), "a.docx").body) == 2
    beside = cell.format(para("第三条"), f"<w:tc>{para('丙。')}</w:tc>")
    assert "“第三条”像是条的开头" in says(docx(text + beside), "a.docx")
