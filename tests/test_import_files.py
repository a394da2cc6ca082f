"""Files as people have them: Word with its automatic numbers, web pages, Markdown, broken lines."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from time import process_time

import pytest
from docx import Document

from carbonlex.errors import ContentError
from carbonlex.statutes.importing.read import read_source, source_of
from carbonlex.statutes.importing.source import MAX_BYTES
from imported import W, docx, draft_of, eids, made_of, numbered, numbering, para, words

TITLE = para("示例办法")
PAGE = "<html><head><title>x</title></head><body>{}</body></html>"


def refused(data: bytes, name: str) -> tuple[str, str]:
    """Return the code and message with which a file is refused; it has a remedy."""
    with pytest.raises(ContentError) as error:
        made_of(data, name)
    found = error.value.diagnostics[0]
    assert all(found.hint)
    return found.code, found.message[1]


# Word


def test_word_with_quirks() -> None:
    body = "".join(
        para(text)
        for text in ("示例办法", "（2030年1月1日公布）", "目　录", "第一章　总则\t1",
                     "第一章　总　　则",
                     "第一条　甲：", "（一）乙；", "1．丙；", "第二条之一　丁。")
    )  # fmt: skip
    made = made_of(docx(body), "act.docx")
    assert made.draft.counts["article"] == 2 and words(made, "art_2-1") == "丁。"


def test_word_as_python_docx_writes_it(tmp_path: Path) -> None:
    document = Document()
    document.add_heading("示例办法", 0)
    for text in ("第一条　甲。", "第二条　乙。"):
        document.add_paragraph(text)
    document.add_paragraph("附表")
    grid = document.add_table(1, 2)
    grid.cell(0, 0).text, grid.cell(0, 1).text = "煤", "1.9"
    document.save(str(tmp_path / "act.docx"))
    source = read_source(tmp_path / "act.docx")
    made = made_of((tmp_path / "act.docx").read_bytes(), "act.docx")
    assert source.kind == "docx" and [a.heading for a in made.draft.annexes] == ["附表"]
    assert "<td><p>煤</p></td><td><p>1.9</p></td>" in made.xml.decode()


def test_automatic_numbers_are_spelled_out() -> None:
    body = (
        TITLE + para("总则", numbered(0)) + para("甲。", numbered(1)) + para("乙：", numbered(1))
        + para("丙；", numbered(2)) + para("丁。", numbered(2)) + para("附则", numbered(0))
        + para("戊。", numbered(1))
    )  # fmt: skip
    levels = numbering(("chineseCountingThousand", "第%1章 "), ("chineseCounting", "第%2条"),
                       ("chineseCountingThousand", "（%3）"))  # fmt: skip
    restarting = levels.replace('<w:lvl w:ilvl="1">', '<w:lvl w:ilvl="1"><w:lvlRestart w:val="0"/>')
    made = made_of(docx(body, {"word/numbering.xml": restarting}), "act.docx")
    assert [e for e in eids(made.draft) if "para" not in e] == [
        "chp_1", "art_1", "art_2", "chp_2", "art_3",
    ]  # fmt: skip
    assert words(made, "art_2") == "乙：\n（一）丙；\n（二）丁。"
    assert made.comparison.spelled_out[:2] == ("第一章", "第一条")
    assert any("自动编号" in r.zh for r in made.remarks)


def test_numbers_that_a_style_gives() -> None:
    style = (
        f'<w:styles xmlns:w="{W}"><w:style w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr></w:pPr></w:style><w:style w:styleId="Art"><w:basedOn w:val="Base"/></w:style>'
        "</w:styles>"
    )
    body = TITLE + "".join(para(t, '<w:pStyle w:val="Art"/>') for t in ("甲。", "乙。"))
    parts = {"word/numbering.xml": numbering(("decimal", "第%1条")), "word/styles.xml": style}
    made = made_of(docx(body, parts), "act.docx")
    assert words(made, "art_1") == "甲。" and words(made, "art_2") == "乙。"


def test_a_number_that_cannot_be_spelled_out_is_refused() -> None:
    body = TITLE + para("甲。", numbered(0))
    parts = {"word/numbering.xml": numbering(("ideographZodiac", "第%1条"))}
    code, says = refused(docx(body, parts), "act.docx")
    assert code == "import-structure" and "ideographZodiac" in says


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (f"<w:p><w:ins>{'<w:r><w:t>第一条　甲。</w:t></w:r>'}</w:ins></w:p>", "import-unsafe"),
        ("<w:p><w:del><w:r><w:delText>甲</w:delText></w:r></w:del></w:p>", "import-unsafe"),
        (para("第一条　甲。", run="<w:vanish/>"), "import-unsafe"),
        ('<w:altChunk xmlns:r="r" r:id="rId9"/>', "import-unsafe"),
    ],
)
def test_words_that_are_not_final_or_not_seen_are_refused(body: str, code: str) -> None:
    assert refused(docx(TITLE + para("第一条　乙。") + body), "act.docx")[0] == code


def test_footnotes_are_no_text_and_would_be_lost() -> None:
    note = f'<w:footnote w:id="1">{para("见附件。")}</w:footnote>'
    notes = f'<w:footnotes xmlns:w="{W}">{note}</w:footnotes>'
    body = TITLE + para("第一条　甲。")
    assert refused(docx(body, {"word/footnotes.xml": notes}), "act.docx")[0] == "import-loss"


def test_superscripts_and_pictures_are_pointed_out() -> None:
    raised = para("2", run='<w:vertAlign w:val="superscript"/>')
    body = TITLE + para("第一条　每m") + raised + "<w:p><w:r><w:drawing/></w:r></w:p>"
    said = " ".join(r.en for r in made_of(docx(body), "act.docx").remarks)
    assert "superscript '2'" in said and "1 pictures" in said


def test_hostile_packages_are_refused_in_time() -> None:
    begun = process_time()
    entity = b'<!DOCTYPE w [<!ENTITY a "aaaa">]><w:document xmlns:w="' + W.encode() + b'"/>'
    bomb = docx(TITLE, {"word/media/x.bin": b"\0" * 80_000_000})
    deep = "<w:sdt>" * 240 + para("第一条　甲。") + "</w:sdt>" * 240
    assert refused(bomb, "act.docx")[0] == "file-too-large"
    assert refused(docx(deep), "act.docx")[0] in ("file-too-large", "file-unreadable")
    stream = io.BytesIO(docx(TITLE))
    with zipfile.ZipFile(stream) as archive:
        kept = {n: archive.read(n) for n in archive.namelist()}
    for name, data, code in (
        ("word/document.xml", entity, "import-unsafe"),
        ("word/document.xml", b"<w:document", "file-unreadable"),
        ("_rels/.rels", kept["_rels/.rels"].replace(b" Id=", b' TargetMode="External" Id='),
         "file-unreadable"),
        ("word/document.xml", None, "file-unreadable"),
    ):  # fmt: skip
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for path, old in kept.items():
                if path != name or data is not None:
                    archive.writestr(path, data if path == name and data else old)
        assert refused(made.getvalue(), "act.docx")[0] == code, (name, data)
    assert process_time() - begun < 10


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"\xd0\xcf\x11\xe0rest", "a.doc"), (b"%PDF-1.7", "a.pdf"), (b"PK\x03\x04no", "a.docx"),
     (b"text", "a.docx"), (b"text", "a.rtf"), (b"\xff\x00\xff", "a.txt")],
)  # fmt: skip
def test_what_is_none_of_the_four_formats_is_refused(data: bytes, name: str) -> None:
    assert refused(data, name)[0] == "file-unreadable"


def test_a_file_too_large_or_not_there(tmp_path: Path) -> None:
    large = tmp_path / "a.txt"
    large.write_bytes(b"a" * (MAX_BYTES + 1))
    for path, code in ((large, "file-too-large"), (tmp_path / "b.txt", "file-unreadable"),
                       (tmp_path, "file-unreadable")):  # fmt: skip
        with pytest.raises(ContentError) as error:
            read_source(path)
        assert error.value.diagnostics[0].code == code


# Web pages


def test_a_page_of_a_government_site() -> None:
    page = PAGE.format(
        "<div class='header'><a href='/'>首页</a> 当前位置：政策</div>"
        "<h1>示例办法</h1><div id='UCAP-CONTENT'>"
        "<p style='text-align:center'>（2030年1月1日公布）</p>"
        "<p>　　<strong>第一条</strong>　为了<span>示例</span><span>，</span><br>制定本办法。</p>"
        "<div>第二条&nbsp;有下列情形的：<br/>（一）甲；<br/>（二）CO<sub>2</sub>。</div>"
        "<script>document.write('第三条 不是')</script><style>p{}</style>"
        "<p hidden>第四条 看不见。</p>"
        "<p style='display: none'>第五条 看不见。</p></div>"
        "<div class='share'>扫一扫在手机打开当前页</div>"
    ).encode("gb18030")
    made = made_of(page.replace(b"<head>", b'<head><meta charset="gb2312">'), "act.html")
    assert made.source.encoding == "gb18030" and made.draft.title == "示例办法"
    assert eids(made.draft) == [
        "art_1", "art_1__para_1", "art_1__para_2", "art_2", "art_2__para_1",
        "art_2__para_1__point_1", "art_2__para_1__point_2",
    ]  # fmt: skip
    assert words(made, "art_2__para_1__point_2") == "（二）CO2。"
    assert "扫一扫在手机打开当前页" in made.source.outside
    assert made.comparison.spelled_out == ("示例办法",)


def test_tables_are_kept_and_those_that_only_place_text_are_none() -> None:
    page = PAGE.format(
        "<table><tr><td><p>示例办法</p><p>第一条　甲。</p><p>第二条　乙。</p><p>附件</p>"
        "<table><tr><th>燃料</th><th>值</th></tr><tr><td>煤</td><td>1.9</td></tr></table>"
        "</td></tr></table>"
    )
    made = made_of(page, "act.html")
    assert made.draft.counts["article"] == 2
    assert "<tr><td><p>煤</p></td><td><p>1.9</p></td></tr>" in made.xml.decode()


def test_a_list_that_the_browser_numbers_has_its_numbers() -> None:
    page = PAGE.format(
        "<p>示例办法</p><p>第一条 甲：</p><ol start=1><li>乙；</li><li>丙。</li></ol>"
        "<p>第二条 丁。</p>"
    )
    made = made_of(page, "act.html")
    assert words(made, "art_1") == "甲：\n1.乙；\n2.丙。"


def test_a_page_nested_without_end_is_refused_and_not_cut_off() -> None:
    page = PAGE.format("<div>" * 5000 + "<p>示例办法</p><p>第一条 甲。</p>" + "</div>" * 5000)
    code, says = refused(page.encode(), "act.html")
    assert code == "file-unreadable" and "epth" in says


def test_a_page_names_no_file_and_fetches_nothing() -> None:
    page = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + PAGE.format(
        "<p>示例办法</p><p>第一条 甲&x;。</p><img src='http://example.invalid/a.png'>"
    )
    assert words(made_of(page, "act.html"), "art_1") in ("甲&x;。", "甲。")


# Markdown and text


def test_markdown_marks_are_no_words_and_its_numbers_are() -> None:
    text = (
        "# 示例办法\n\n<!-- 注释 -->\n\n## 第一章 总则\n\n**第一条** 为了**《示例》**，\n制定：\n\n"
        "（一）甲；\n（二）乙：\n\n"
        "1. 丙；\n2. 丁。\n\n    第二条 四格缩进。\n\n附件\n\n"
        "| 燃料 | 值 |\n|---|---|\n| 煤 | 1-9 |\n"
    )
    made = made_of(text, "act.md")
    assert words(made, "art_1") == "为了《示例》，制定：\n（一）甲；\n（二）乙：\n1.丙；\n2.丁。"
    assert words(made, "art_2") == "四格缩进。" and b"<td><p>1-9</p></td>" in made.xml


def test_what_markdown_would_hide_is_lost_and_refused() -> None:
    text = "# 示例办法\n\n第一条 见[附件](http://example.invalid/secret)。\n"
    assert refused(text.encode(), "act.md")[0] == "import-loss"


WRAPPED = """              示例办法
    第一条  为了规范示例活动，加强对示例行为的管理，保护示例各方当事
人的合法权益，根据有关法律、行政法规的规定，制定本办法。依照本法
第二十九条规定的比例执行，具体办法由国务院生态环境主管部门会同有关
部门另行制定，并向社会公布。
    第二条  本办法适用于中华人民共和国境内的示例活动，法律、行政法
规另有规定的，从其规定。
    （一）甲类活动应当符合国家有关规定和技术规范的要求，并按照第一款第
（二）项的规定备案。
"""


def test_lines_broken_at_a_width_are_put_together() -> None:
    made = made_of(WRAPPED)
    assert [e for e in eids(made.draft) if "__" not in e] == ["art_1", "art_2"]
    assert "各方当事人的合法权益" in words(made, "art_1")
    assert "依照本法第二十九条规定的比例执行，" in words(made, "art_1")
    assert words(made, "art_2").endswith("并按照第一款第（二）项的规定备案。")
    assert any("折行" in r.zh for r in made.remarks)


def test_lines_that_were_not_broken_stay_apart() -> None:
    text = "示例办法\n第一条 甲。\n乙。\n" + "\n".join(f"第{n}条 丙丁。" for n in "二三四五六七")
    assert len(made_of(text).instrument.provisions["art_1"].children) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    text = end.join(["示例办法", "第一条　䶮、㐂。", "第二条　乙。"])
    assert words(made_of(text.encode(encoding)), "art_1") == "䶮、㐂。"


def test_long_and_repetitive_text_ends_in_time() -> None:
    begun = process_time()
    text = "示例办法\n" + "\n".join(f"第{n}条　" + "甲乙丙丁戊，" * 30 for n in range(1, 3001))
    assert draft_of(text).counts["article"] == 3000
    hostile = "示例办法\n第一条　甲。\n" + "第" * 90_000 + "\n" + "（" * 90_000 + "\n第二条　乙。"
    assert draft_of(hostile).counts["article"] == 2
    assert source_of(("　" * 500_000 + "甲").encode(), "a.txt").blocks
    for lines in (
        ["第一条　甲：", "（一）乙；", *["丙。"] * 30_000, "（二）丁。"],
        [f"第{n}条　甲。\n第{n + 1}条国家。" for n in range(1, 20_000)],
        ["第一条　甲。", *["附件1：乙"] * 30_000],
    ):
        assert draft_of("\n".join(["示例办法", *lines])).body
    listed = "<p>第一条 甲：</p><ol>" + "<li>乙；</li>" * 20_000 + "</ol>"
    assert source_of(PAGE.format(listed).encode(), "a.html").blocks
    for large in ("示例办法\n第一条　" + "甲" * 200_000, "示例办法\n" + "甲\n" * 200_000):
        assert refused(large.encode(), "act.txt")[0] == "file-too-large"
    assert process_time() - begun < 20
