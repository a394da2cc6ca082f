"""The drafting memo: what it holds, in both faces and languages; what stops it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from lxml import html
from typer.testing import CliRunner

from carbonlex.cases.read import read_case
from carbonlex.errors import CitationError
from carbonlex.interfaces.cli import app
from carbonlex.memo.document import Citation, Document, SideBySide, sentences_of
from carbonlex.memo.drafting import HEADINGS, drafting_memo
from carbonlex.memo.paths import node_at
from carbonlex.memo.verify import verify
from carbonlex.memo.write import render
from carbonlex.reform.law import law_on_paper
from carbonlex.reform.postpone import in_effect_from
from carbonlex.reform.read import read_reform
from carbonlex.reform.whatif import WhatIf, what_if
from carbonlex.validity.examine import examine
from carbonlex.validity.finding import Examination
from carbonlex.validity.subject import drafted
from memo_cases import page

ROOT = Path(__file__).resolve().parents[1]
REFORMS = sorted((ROOT / "examples" / "reforms").glob("[!R]*.md"))
ON = date(2026, 12, 15)


def written(path: Path, lang: str = "zh", *cases: str) -> tuple[WhatIf, Examination, Document]:
    law = law_on_paper()
    told = [read_case(str(ROOT / "examples" / c), law.rulebook.vocabulary) for c in cases]
    reform = in_effect_from(read_reform(path), date(2026, 12, 1))
    found = what_if(law, [reform], told, ON)
    examination = examine(found.after, drafted(found.steps[-1].applied, ON), ON)
    return found, examination, drafting_memo(found, examination, lang)


@pytest.mark.parametrize("path", REFORMS, ids=lambda p: p.stem)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_example_has_a_memo_that_holds(path: Path, lang: str) -> None:
    found, examination, document = written(path, lang, "power-offsets-2025.toml")
    assert [s.id for s in document.sections] == [*HEADINGS]
    verify(found.after, examination.report, document)
    for face in ("md", "html"):
        assert render(document, face)  # type: ignore[arg-type]


def test_every_result_names_the_verdict_that_it_was_read_off() -> None:
    _, examination, document = written(ROOT / "examples/reforms/derivatives.md")
    results = [s for s in sentences_of(document.section("validity")) if "与上位法冲突" in s.text]
    assert results
    for sentence in results:
        assert node_at(examination.report, sentence.proof)


def test_the_redline_stands_beside_the_old_words_in_both_faces() -> None:
    _, _, document = written(ROOT / "examples/reforms/offset-ten.md")
    table = next(b for b in document.section("redline").blocks if isinstance(b, SideBySide))
    marked = {m.op: m.text for row in table.rows for cell in row for m in cell if m.op != "same"}
    assert marked == {"deleted": "5%", "inserted": "10%"}
    tree = html.fromstring(page(document, "html"))
    assert [e.text for e in tree.iter("del", "ins")] == ["5%", "10%"]
    assert "~~5%~~" in page(document, "md") and "**10%**" in page(document, "md")


def test_what_a_drafter_writes_is_data() -> None:
    text = (ROOT / "examples/reforms/offset-ten.md").read_text("utf-8")
    assert "扩大自愿减排量抵销比例" in text
    hostile = '<script>alert(1)</script> {{ 7*7 }} | =HYPERLINK("x")'
    law = law_on_paper()
    reform = read_reform(ROOT / "examples/reforms/offset-ten.md")
    reform = replace(reform, title=replace(reform.title, zh=hostile))
    found = what_if(law, [reform], [], ON)
    examination = examine(found.after, drafted(found.steps[-1].applied, ON), ON)
    document = drafting_memo(found, examination)
    text = page(document, "html")
    assert "<script>alert" not in text and "49" not in re.findall(r"事由.{0,80}", text)[0]
    assert "{{ 7\\*7 }}" in page(document, "md") or "{{ 7*7 }}" in page(document, "md")


def test_a_citation_that_does_not_resolve_stops_the_memo() -> None:
    found, examination, document = written(ROOT / "examples/reforms/derivatives.md")
    section = document.section("validity")
    paragraph = section.blocks[1]
    sentence = next(s for s in paragraph.sentences if s.cites)  # type: ignore[union-attr]
    runs = tuple(
        replace(r, eid="art_9999") if isinstance(r, Citation) else r for r in sentence.runs
    )
    broken = replace(paragraph, sentences=(replace(sentence, runs=runs),))  # type: ignore[type-var]
    sections = tuple(replace(s, blocks=(broken,)) if s is section else s for s in document.sections)
    with pytest.raises(CitationError):
        verify(found.after, examination.report, replace(document, sections=sections))


def test_the_command_writes_it_with_the_cases_that_it_is_tried_on(tmp_path: Path) -> None:
    out = tmp_path / "memo.md"
    ran = CliRunner().invoke(
        app,
        [
            "memo", str(ROOT / "examples/reforms/offset-ten.md"), "-o", str(out), "--on",
            "2027-01-15", "--effective", "2026-12-01",
            "--case", str(ROOT / "examples/power-offsets-2025.toml"),
        ],
    )  # fmt: skip
    assert ran.exit_code == 0, ran.stderr
    said = out.read_text("utf-8")
    assert "## 三、修订对照表" in said and "## 六、权限与效力" in said
    assert "| 义务 | 修改前 | 修改后 | 变化 |" in said


def test_a_file_that_is_no_reform_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.md", tmp_path / "memo.md"
    bad.write_text("# not a reform\n", encoding="utf-8")
    ran = CliRunner().invoke(app, ["memo", str(bad), "-o", str(out)])
    assert ran.exit_code == 2 and "bad.md:1" in ran.stderr and not out.exists()
