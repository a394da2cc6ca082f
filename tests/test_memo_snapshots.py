"""What each kind of memo reads like, in each language: kept as text, and reviewed as prose.

`CARBONLEX_SNAPSHOTS=write` writes them anew. Figures are asserted elsewhere; here it is the words
and their order. Digests move with every rule, and stand as `<digest>`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

import pdf_memos
from carbonlex.cases.read import read_case
from carbonlex.memo.compliance import compliance_memo
from carbonlex.memo.document import Document
from carbonlex.memo.draft import Addressing
from carbonlex.memo.drafting import drafting_memo
from carbonlex.memo.house import House
from carbonlex.memo.opinion import opinion
from carbonlex.memo.parallel import Parallel, Written
from carbonlex.memo.penalty import penalty_memo
from carbonlex.memo.verify import verify
from carbonlex.memo.word import word
from carbonlex.memo.write import Page, render
from carbonlex.reasoner.check import check_case, only_duty
from carbonlex.reasoner.verdict import Report
from carbonlex.reform.law import law_on_paper
from carbonlex.reform.read import read_reform
from carbonlex.reform.whatif import what_if
from carbonlex.validity.examine import examine
from carbonlex.validity.subject import drafted
from carbonlex.version import ENGINE
from memo_cases import rulebook
from ooxml_files import W, parts, tree
from ooxml_files import text as ooxml_text

ROOT = Path(__file__).resolve().parents[1]
KEPT = Path(__file__).resolve().parent / "snapshots" / "memo"
WRITE = os.environ.get("CARBONLEX_SNAPSHOTS") == "write"
SHORT = ROOT / "examples" / "short-2024.toml"
TO = Addressing("示例热电厂", "", "2024年度清缴", "（2026）某律意字第1号")
HOUSE = House("某某律师事务所", ("某市某路1号",), "仅供收件人使用", numerals="arabic")
Builder = Callable[[str], Document]


@cache
def reported() -> Report:
    """Return the report on one duty of one case: as long as a reader can review."""
    case = read_case(str(SHORT), rulebook().vocabulary)
    day = date(2026, 10, 1)
    return only_duty(rulebook(), check_case(rulebook(), case, day, day), "surrender")


def _drafting(lang: str) -> Document:
    law = law_on_paper()
    draft = read_reform(ROOT / "examples" / "reforms" / "offset-ten.md")
    on = date(2026, 12, 15)
    found = what_if(law, [draft], [read_case(str(SHORT), law.rulebook.vocabulary)], on)
    examined = examine(found.after, drafted(found.steps[-1].applied, on), on)
    document = drafting_memo(found, examined, lang, source="offset-ten.md")
    verify(found.after, examined.report, document)
    return document


def _portfolio(lang: str) -> Document:
    from carbonlex.memo.portfolio import portfolio_report
    from carbonlex.portfolio.judge import Asked
    from carbonlex.portfolio.survey import survey

    asked = Asked(date(2026, 11, 22), only=("surrender",))
    found = survey(rulebook(), ROOT / "examples" / "portfolio", asked)
    document = portfolio_report(found, lang)
    verify(rulebook(), found, document)
    return document


KINDS: dict[str, Builder] = {
    "compliance": lambda lang: compliance_memo(rulebook(), reported(), lang),
    "opinion": lambda lang: opinion(rulebook(), reported(), lang, TO, HOUSE),
    "penalty": lambda lang: penalty_memo(rulebook(), reported(), lang),
    "drafting": _drafting,
    "portfolio": _portfolio,
}
_written = cache(lambda kind, lang: KINDS[kind](lang))


def written(kind: str, lang: str) -> Written:
    """Return the document of a kind in one language, or in both."""
    if lang == "both":
        return Parallel(_written(kind, "zh"), _written(kind, "en"))
    document: Document = _written(kind, lang)
    return document


FACES = ("md", "html", "docx", "pdf")


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("lang", ["zh", "en", "both"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_memo_reads_as_it_was_reviewed(kind: str, lang: str, face: str) -> None:
    text = read(written(kind, lang), face, HOUSE if kind == "opinion" else House())
    text = re.sub(r"\b[0-9a-f]{64}\b", "<digest>", text)
    text = re.sub(rf"carbonlex ?{re.escape(ENGINE)}", "carbonlex <version>", text)
    text = re.sub(r"(?s)<style>.*?</style>\n", "", text)
    # Which chainer ran, and which engine, is on the record and no matter of the words.
    text = re.sub(r"durable-rules ?[\d.]+|\bplain\b(?=$| \||</td>)", "<chainer>", text, flags=re.M)
    path = KEPT / file_of(kind, lang, face)
    if WRITE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"read {path.name}; CARBONLEX_SNAPSHOTS=write keeps it"


def read(document: Written, face: str, house: House) -> str:
    """Return a document as a reader has it: text as it is, of Word and PDF what stands on paper."""
    match face:
        case "docx":
            return on_paper(word(document, house))
        case "pdf":
            pdf = pdf_memos.read(document, replace(house, fonts=pdf_memos.NAMES))
            return "\n\n".join(pdf.words(page) for page in pdf.pages) + "\n"
    page: Page = "md" if face == "md" else "html"
    return render(document, page, house).decode()


def on_paper(data: bytes) -> str:
    """Return each paragraph of a Word file with its style, then those of its notes."""
    lines = []
    for name in ("document", "footnotes", "endnotes", "header1", "footer1"):
        part = f"word/{name}.xml"
        if part not in parts(data):
            continue
        lines.append(f"== {name}")
        for paragraph in tree(data, part).iter(f"{W}p"):
            style = paragraph.find(f"{W}pPr/{W}pStyle")
            named = style.get(f"{W}val") if style is not None else ""
            lines.append(f"{named}: {ooxml_text(paragraph).strip()}")
    return "\n".join(lines) + "\n"


def file_of(kind: str, lang: str, face: str) -> str:
    """Return the name of a snapshot: what is kept of Word and PDF is text."""
    return f"{kind}-{lang}.{face}" + (".txt" if face in ("docx", "pdf") else "")


def test_every_snapshot_is_of_a_memo_that_there_is() -> None:
    names = {file_of(k, lang, f) for k in KINDS for lang in ("zh", "en", "both") for f in FACES}
    assert {p.name for p in KEPT.iterdir()} == names
