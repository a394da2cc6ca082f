"""`carbonlex memo` as it is used: kinds, faces, languages, house style; what is refused."""

from __future__ import annotations

import shutil
import zipfile
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html
from markdown_it import MarkdownIt
from typer.testing import CliRunner

import carbonlex.memo.write as writing
from carbonlex.interfaces.cli import app
from carbonlex.memo.escape import visible

ROOT = Path(__file__).resolve().parents[1]
SHORT = str(ROOT / "examples" / "short-2024.toml")
MANY = str(ROOT / "examples" / "portfolio")
REFORM = str(min((ROOT / "examples" / "reforms").glob("[!R]*.md")))
WHEN = ("--on", "2026-10-01", "--decided", "2026-10-01")
HOSTILE = (
    "A & B <问题>", "{{ 7*7 }}", '=HYPERLINK("http://x")', "甲\u202e乙\u202c", "长" * 1500,
    "x" * 1500, "第一行\n第二行\r\n第三行", "🏭 工厂 👩‍🚒", "#eval(1) @here $x$",
    "</td><script>1</script>",
)  # fmt: skip


def run(*words: str, code: int = 0) -> str:
    found = CliRunner().invoke(app, ["memo", *words])
    assert found.exit_code == code, found.output
    return found.output


@pytest.mark.parametrize("lang", ("zh", "en", "both"))
@pytest.mark.parametrize(
    ("words", "title"),
    [
        ((SHORT, *WHEN), ("合规备忘录", "Compliance Memorandum")),
        ((SHORT, *WHEN, "--kind", "opinion"), ("法律意见书", "Legal Opinion")),
        ((SHORT, *WHEN, "--kind", "penalty"), ("处罚分析备忘录", "Penalty Analysis")),
        ((REFORM, "--on", "2026-12-15", "--case", SHORT), ("立法备忘录", "Drafting Memorandum")),
        ((MANY, "--on", "2026-11-22"), ("组合合规报告", "Portfolio Compliance Report")),
    ],
)
def test_each_kind_is_written_in_each_language(
    tmp_path: Path, words: tuple[str, ...], title: tuple[str, str], lang: str
) -> None:
    wanted = {"zh": title[:1], "en": title[1:], "both": title}[lang]
    for face in ("md", "html"):
        out = tmp_path / f"memo.{face}"
        assert f"→ {out}" in run(*words, "--lang", lang, "-o", str(out)).replace("\n", "")
        text = out.read_text("utf-8")
        assert all(t in text for t in wanted)
        assert ("unofficial translation" in text) is (lang == "both")


def test_two_runs_write_the_same_bytes_in_every_face_that_is_installed(tmp_path: Path) -> None:
    faces = ["md", "html", *(["docx"] if _has("docx") else [])]
    for face in faces:
        for lang in ("zh", "both"):
            files = [tmp_path / f"{n}-{lang}.{face}" for n in (1, 2)]
            for file in files:
                run(SHORT, *WHEN, "--kind", "opinion", "--lang", lang, "-o", str(file))
            assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_memo_is_addressed_with_is_data_in_every_face(tmp_path: Path, text: str) -> None:
    told = ("--to", text, "--from", text, "--subject", text, "--number", text)
    shown = visible(text)
    assert isinstance(shown, str)
    for face in ("html", "md"):
        out = tmp_path / f"memo.{face}"
        run(SHORT, *WHEN, "--kind", "opinion", *told, "-o", str(out))
        read = out.read_text("utf-8")
        if face == "md":
            read = MarkdownIt("commonmark").enable("table").render(read)
        tree: Any = html.document_fromstring(read)
        cells = [c.text_content().strip() for c in tree.iter("td")]
        assert cells.count(shown) == 4
        assert not [*tree.iter("script", "img")]
    if _has("docx"):
        out = tmp_path / "memo.docx"
        run(SHORT, *WHEN, "--kind", "opinion", *told, "-o", str(out))
        with zipfile.ZipFile(BytesIO(out.read_bytes())) as package:
            parts = {n: package.read(n) for n in package.namelist()}
        for name, data in parts.items():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(data)
        relations = b"".join(d for n, d in parts.items() if n.endswith(".rels"))
        assert b'TargetMode="External"' not in relations
        body: Any = etree.fromstring(parts["word/document.xml"])
        words = "".join(body.itertext())
        first = shown.replace("\\u000d", "").split("\\u000a")[0]
        assert words.count(first) >= 4


def test_a_house_style_gives_name_numerals_and_language_and_an_option_comes_first(
    tmp_path: Path,
) -> None:
    house = tmp_path / "house.toml"
    house.write_text('name = "某某律所"\nnumerals = "arabic"\nlang = "en"\n', "utf-8")
    out = tmp_path / "memo.md"
    run(SHORT, *WHEN, "--house", str(house), "-o", str(out))
    assert "# Compliance Memorandum" in out.read_text("utf-8")
    run(SHORT, *WHEN, "--house", str(house), "--lang", "zh", "-o", str(out))
    text = out.read_text("utf-8")
    assert "| 自 | 某某律所 |" in text and "第14条第1款" in text and "第十四条" not in text
    run(SHORT, *WHEN, "--house", str(house), "--lang", "zh", "--from", "张三", "-o", str(out))
    assert "| 自 | 张三 |" in out.read_text("utf-8")


def test_a_house_style_that_is_wrong_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    house, out = tmp_path / "house.toml", tmp_path / "memo.md"
    house.write_text("\nnumeral = 1\n", "utf-8")
    said = run(SHORT, *WHEN, "--house", str(house), "-o", str(out), code=2)
    assert "house.toml:2" in said and "house-malformed" in said
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((SHORT, "--kind", "letter", "-o", "m.md"), "没有这一种"),
        ((SHORT, "--kind", "letter", "--lang", "en", "-o", "m.md"), "no such kind"),
        ((SHORT, "--lang", "fr", "-o", "m.md"), "zh、en 或 both"),
        ((SHORT, "--kind", "penalty", "-o", "m.md"), "--decided"),
        ((SHORT, "--kind", "penalty", "--lang", "en", "-o", "m.md"), "needs --decided"),
        ((SHORT, "--case", SHORT, "-o", "m.md"), "不用 --case"),
        ((SHORT, "--effective", "2027-01-01", "-o", "m.md"), "不用 --effective"),
        ((SHORT, "--by", "sector", "-o", "m.md"), "不用 --by"),
        ((MANY, "--decided", "2027-01-01", "-o", "m.md"), "不用 --decided"),
        ((SHORT, "--to", "长" * 2001, "-o", "m.md"), "2000"),
        ((SHORT, "-o", "m.doc"), ".docx"),
        ((SHORT, "-o", "m"), ".pdf"),
        ((MANY, "--kind", "portfolio", "--by", "colour", "-o", "m.md"), "colour"),
        ((SHORT, "--on", "morgen", "-o", "m.md"), "morgen"),
        (("no-such.toml", "-o", "m.md"), "no-such.toml"),
        ((SHORT, "-o", "no/such/folder/m.md"), "不能写入"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said in run(*words, code=2)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(("face", "extra"), [("docx", "word"), ("pdf", "pdf")])
def test_a_face_whose_packages_are_missing_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, face: str, extra: str
) -> None:
    monkeypatch.setattr(writing, "find_spec", lambda _: None)
    out = tmp_path / f"memo.{face}"
    assert f'pip install "carbonlex[{extra}]"' in run(SHORT, *WHEN, "-o", str(out), code=2)
    assert f'"carbonlex[{extra}]"' in run(SHORT, "--lang", "en", "-o", str(out), code=2)
    assert not out.exists()


def _has(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None


@pytest.mark.skipif(not (_has("typst") and _has("docx")), reason="no typst or no python-docx")
def test_without_a_chinese_font_html_and_word_are_written_beside_and_no_work_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from carbonlex.memo import pdf
    from carbonlex.memo.fonts import refused

    def none(*_: object) -> None:
        raise refused([(tmp_path, "没有中文字体", "there is no Chinese font")])

    monkeypatch.setattr(pdf, "fonts_for", none)
    (tmp_path / "memo.docx").write_text("someone's work", "utf-8")
    out = tmp_path / "memo.pdf"
    said = run(SHORT, *WHEN, "-o", str(out), code=2)
    assert "没有中文字体" in said and "HTML 与 Word" in said
    assert {p.name for p in tmp_path.iterdir()} == {"memo.html", "memo.docx", "memo.pdf.docx"}
    assert (tmp_path / "memo.docx").read_text("utf-8") == "someone's work"
    assert "memo.pdf.docx" in said.replace("\n", "")


@pytest.mark.skipif(not _has("typst"), reason="no typst")
def test_without_a_font_and_without_word_html_is_written_and_what_word_needs_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib.util import find_spec

    from carbonlex.memo import fonts_found

    monkeypatch.setattr(fonts_found, "system_folders", lambda: ())
    monkeypatch.setenv("CARBONLEX_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("CARBONLEX_FONTS", raising=False)
    monkeypatch.setattr(writing, "find_spec", lambda m: None if m == "docx" else find_spec(m))
    said = run(SHORT, *WHEN, "-o", str(tmp_path / "memo.pdf"), code=2)
    assert "没有能排中文的字体" in said and "carbonlex[word]" in said
    assert {p.name for p in tmp_path.iterdir() if p.is_file()} == {"memo.html"}


def test_a_face_that_takes_long_says_that_it_is_being_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from carbonlex.interfaces import memo_faces

    said: list[str] = []

    def told(zh: str, en: str, lang: str) -> AbstractContextManager[None]:
        said.append(en if lang == "en" else zh)
        return nullcontext()

    monkeypatch.setattr(memo_faces, "patience", told)
    run(SHORT, *WHEN, "-o", str(tmp_path / "memo.html"))
    assert said == ["正在成文…"]


def test_a_memo_starts_without_what_it_does_not_need() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from typer.testing import CliRunner; from carbonlex.interfaces.cli import app;"
        f"r = CliRunner().invoke(app, ['check', {SHORT!r}, '--on', '2026-10-01']);"
        "print(sorted(m for m in ('docx', 'typst', 'fontTools', 'polars', 'jinja2')"
        " if m in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_data_in_a_csv_file_are_a_portfolio_where_that_is_asked_for(tmp_path: Path) -> None:
    data = tmp_path / "many.csv"
    data.write_text("entity,year,sector,verified_emissions\na,2024,power,100000\n", "utf-8")
    out = tmp_path / "memo.md"
    run(str(data), "--kind", "portfolio", "--on", "2026-11-22", "-o", str(out))
    text = out.read_text("utf-8")
    assert "1 个单位年度" in text and "many.csv" in text and str(tmp_path) not in text
    shutil.rmtree(tmp_path)
