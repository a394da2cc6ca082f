"""The portfolio report says what the survey added up, and cites the norms it rests on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("polars")
from carbonlex.errors import CitationError
from carbonlex.interfaces.portfolio_wire import portfolio_json
from carbonlex.memo.document import Sentence, Table, sentences_of
from carbonlex.memo.parallel import Parallel
from carbonlex.memo.paths import node_at
from carbonlex.memo.portfolio import HEADINGS, portfolio_report
from carbonlex.memo.verify import verify
from carbonlex.portfolio.judge import Asked
from carbonlex.portfolio.survey import Survey, survey
from memo_cases import LANGUAGES, changed, page, rulebook

ROOT = Path(__file__).resolve().parents[1]


@cache
def found() -> Survey:
    """Return the survey of the example, also by sector and year."""
    asked = Asked(date(2026, 11, 22))
    return survey(rulebook(), ROOT / "examples" / "portfolio", asked, [("sector", "year")])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_section_is_there_and_every_sentence_on_a_duty_names_its_total(lang: str) -> None:
    document = portfolio_report(found(), lang)
    verify(rulebook(), found(), document)
    assert [s.id for s in document.sections] == [*HEADINGS]
    told = [s for s in sentences_of(document.section("amounts")) if s.proof]
    assert told and all(node_at(found(), s.proof) for s in told)


def test_its_figures_are_those_of_the_json() -> None:
    document = portfolio_report(found(), "en")
    told = json.loads(portfolio_json(found()))
    (duties,) = (b for b in document.section("totals").blocks if isinstance(b, Table))
    rows = {r[0]: r[1:] for r in duties.rows}
    order = ("breached", "conflict", "undetermined", "pending", "complied", "not_applicable")
    for duty in told["totals"]["duties"]:
        said = next(r for t, r in rows.items() if t.casefold().startswith(duty["label"]["en"]))
        counts = [duty["outcomes"].get(o, 0) for o in order]
        assert [int(c.replace(",", "") or 0) for c in said] == counts
    groups = [b for b in document.section("groups").blocks if isinstance(b, Table)]
    by_year = next(b for b in groups if b.caption.endswith("compliance year"))
    years = next(g for g in told["groupings"] if g["by"] == ["year"])["groups"]
    assert {r[0]: r[1] for r in by_year.rows} == {
        str(g["values"]["year"]): str(g["totals"]["entity_years"]) for g in years
    }
    reasons = next(b for b in document.section("reasons").blocks if isinstance(b, Table))
    assert sum(int(r[2]) for r in reasons.rows) == sum(
        r["rows"] for d in told["reasons"] for r in d["reasons"]
    )
    amounts = "".join(s.text for s in sentences_of(document.section("amounts")))
    assert "CNY 4,950,150 to 9,900,300" in amounts and "16,500.5 t" in amounts


def test_groups_asked_for_have_a_table_for_each_with_every_duty() -> None:
    captions = [
        b.caption
        for b in portfolio_report(found()).section("groups").blocks
        if isinstance(b, Table)
    ]
    assert "发电 · 2024" in captions and "按行业 × 履约年度" in captions


def test_a_total_that_is_not_there_stops_the_report() -> None:
    document = portfolio_report(found())
    for path in ("no-such-duty", "surrender/bribe", "surrender@credits"):
        broken = changed(
            document, Sentence, lambda s, p=path: replace(s, proof=p) if s.proof else None
        )
        with pytest.raises(CitationError, match="no total at"):
            verify(rulebook(), found(), broken)


def test_invalid_cells_reasons_method_and_what_is_not_encoded_are_said() -> None:
    text = page(portfolio_report(found()), "md")
    for words in (
        "number-inexact",
        "核证自愿减排量（credits）",
        "未告知不是零",
        "不用浮点",
        "行仅凭推定",
    ):
        assert words in text
    assert "授权另行规定" in text
    assert "carbonlex portfolio check DATA --on 2026-11-22" in text


def test_a_synthetic_population_is_labelled_before_anything_else() -> None:
    document = portfolio_report(replace(found(), synthetic=True))
    assert "虚构" in document.notice or "模拟" in document.notice
    assert portfolio_report(found()).notice == ""


def test_both_languages_of_a_report_hold() -> None:
    written = Parallel(portfolio_report(found(), "zh"), portfolio_report(found(), "en"))
    verify(rulebook(), found(), written)
    assert page(written, "html") == page(written, "html")


def test_the_digest_moves_with_day_readings_and_data_and_with_nothing_else() -> None:
    one = portfolio_report(found()).digest
    assert one == portfolio_report(replace(found(), data="elsewhere")).digest
    asked = found().asked
    for other in (
        replace(found(), digest="sha256:0"),
        replace(found(), asked=replace(asked, on=date(2026, 11, 23))),
        replace(found(), asked=replace(asked, only=("surrender",))),
    ):
        assert portfolio_report(other).digest != one
