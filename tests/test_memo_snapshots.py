"""What each kind of memo reads like, in each language: kept as text, and reviewed as prose.

`CARBONLEX_SNAPSHOTS=write` writes them anew. Figures are asserted elsewhere; here it is the words
and their order. Digests move with every rule, and stand as `<digest>`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

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


# The HTML of one language has the words of its Markdown: only that of both is reviewed too.
@pytest.mark.parametrize(
    ("lang", "face"), [("zh", "md"), ("en", "md"), ("both", "md"), ("both", "html")]
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_memo_reads_as_it_was_reviewed(kind: str, lang: str, face: Page) -> None:
    if kind == "portfolio" and find_spec("polars") is None:
        pytest.skip("no polars")
    text = render(written(kind, lang), face, HOUSE if kind == "opinion" else House()).decode()
    text = re.sub(r"\b[0-9a-f]{64}\b", "<digest>", text)
    text = text.replace(f"carbonlex {ENGINE}", "carbonlex <version>")
    text = re.sub(r"(?s)<style>.*?</style>\n", "", text)
    # Which chainer ran, and which engine, is on the record and no matter of the words.
    text = re.sub(r"durable-rules [\d.]+|\bplain\b(?= \||</td>)", "<chainer>", text)
    path = KEPT / f"{kind}-{lang}.{face}"
    if WRITE:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8"), f"read {path.name}; CARBONLEX_SNAPSHOTS=write keeps it"


def test_every_snapshot_is_of_a_memo_that_there_is() -> None:
    names = {f"{k}-{lang}.md" for k in KINDS for lang in ("zh", "en", "both")}
    assert {p.name for p in KEPT.iterdir()} == names | {f"{k}-both.html" for k in KINDS}
