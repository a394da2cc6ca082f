"""A summary may be held against a rule and cited; it is never shown as the words of law."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from carbonlex.errors import CitationError
from carbonlex.interfaces.corpus_pages import print_place
from carbonlex.interfaces.terminal import Terminal
from carbonlex.interfaces.wire import report_json
from carbonlex.memo.compliance import compliance_memo
from carbonlex.memo.document import QuoteBlock, quotes_in
from carbonlex.memo.verify import verify
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.citation import cite
from memo_cases import changed, page
from synthetic import Act, checked, sound, write_corpus

SAID = "单位应当补足缺口。"
WORDS = "缺口以吨计算。"
LABELS = {"zh": "摘要，非原文", "en": "ummary, not the words"}
BODY = f"""<paragraph eId="para_1" cl:grade="secondary" cl:summary="true">
<content><p>{SAID}</p></content>
</paragraph>
<paragraph eId="para_2" cl:grade="single-page">
<content><p>{WORDS}</p></content>
</paragraph>"""
RULES = f"""
## 摘要 {{#para_1}}

> {SAID}

```norm
id       = "duty"
label    = {{zh = "补足", en = "make good"}}
obliges  = "duty"
bearer   = "bound"
requires = "cured"
due      = "date(year + 1, 3, 31)"
```

## 摘录 {{#para_2}}

> {WORDS}

```not-encoded
reason = "scope"
```
"""
VOCABULARY = """
record.entity.label = {zh = "单位", en = "entity"}
[fact]
bound = {type = "boolean", label = {zh = "受约束", en = "bound"}}
cured = {type = "boolean", label = {zh = "已补足", en = "cured"}}
"""
LANGUAGES = ("zh", "en")


def corpus(folder: Path) -> Rulebook:
    act = Act("plan", body=BODY)
    write_corpus(folder, [act], VOCABULARY)
    rules = folder / "rules" / "plan.md"
    front = rules.read_text("utf-8").partition("\n## ")[0]
    rules.write_text(front + RULES, "utf-8")
    return sound(folder)


def breach(rulebook: Rulebook) -> Report:
    return checked(rulebook, {"bound": True, "cured": False}, "2026-01-01")


def on_screen(rulebook: Rulebook, lang: str, place: str = "") -> str:
    """Return a provision as `law show` prints it, or the report of the breach."""
    out = io.StringIO()
    console = Console(file=out, width=200)
    if place:
        print_place(console, rulebook, place, None, lang)
    else:
        Terminal(console, rulebook, breach(rulebook), lang).note()
    return out.getvalue()


def test_only_what_is_marked_is_a_summary(tmp_path: Path) -> None:
    plan = corpus(tmp_path).instruments["plan"]
    assert plan.is_summary("para_1") and not plan.is_summary("para_2")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_law_show_says_that_a_summary_is_none_of_the_words(lang: str, tmp_path: Path) -> None:
    rulebook = corpus(tmp_path)
    shown = on_screen(rulebook, lang, "plan#para_1")
    assert LABELS[lang] in shown and SAID in shown
    assert LABELS[lang] not in on_screen(rulebook, lang, "plan#para_2")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_report_names_a_summary_and_puts_it_in_no_quotation_marks(
    lang: str, tmp_path: Path
) -> None:
    said = on_screen(corpus(tmp_path), lang)
    assert LABELS[lang] in said and SAID in said
    assert f"“{SAID}" not in said


def test_json_gives_a_summary_under_a_name_of_its_own(tmp_path: Path) -> None:
    rulebook = corpus(tmp_path)
    said = "".join(report_json(rulebook, breach(rulebook)).split())
    assert f'"quotes":[],"summaries":["{SAID}"]' in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_memo_reports_a_summary_and_does_not_quote_it(lang: str, tmp_path: Path) -> None:
    rulebook = corpus(tmp_path)
    document = compliance_memo(rulebook, breach(rulebook), lang)
    verify(rulebook, breach(rulebook), document)
    quotes = [q for s in document.sections for q in quotes_in(s)]
    assert [(q.text, q.verbatim) for q in quotes] == [(SAID, False)]
    assert all(LABELS[lang] in q.note for q in quotes)
    text = page(document, "md")
    assert f"“{SAID}" not in text
    table = text[text.rindex("### ") :]
    assert LABELS[lang] in table


def test_a_memo_that_quotes_a_summary_is_refused(tmp_path: Path) -> None:
    rulebook = corpus(tmp_path)
    document = compliance_memo(rulebook, breach(rulebook), "zh")
    broken = changed(document, QuoteBlock, lambda q: replace(q, verbatim=True))
    with pytest.raises(CitationError, match="summary"):
        verify(rulebook, breach(rulebook), broken)


def test_a_number_that_is_not_of_the_law_is_said_to_be_the_editors(tmp_path: Path) -> None:
    plan = corpus(tmp_path).instruments["plan"]
    assert cite(plan, "para_1") == "《plan》（编者摘要第1段）"
    assert cite(plan, "para_2") == "《plan》（编者摘录第2段）"
    assert cite(plan, "para_1", "en") == "plan, summary 1 (editor's numbering)"
    assert cite(plan, "para_2", "en") == "plan, extract 2 (editor's numbering)"


def test_what_stands_outside_articles_is_an_extract_or_a_summary_with_a_grade() -> None:
    for instrument in load_rulebook().instruments.values():
        loose = [
            p for p in instrument.provisions.values() if p.level == "paragraph" and not p.parent
        ]
        assert all(p.held and p.text for p in loose), instrument.key
        assert all("official" not in p.grade for p in loose)


def test_within_articles_only_the_old_penalty_law_is_known_from_a_paraphrase() -> None:
    within = {
        (i.key, p.eid, p.grade)
        for i in load_rulebook().instruments.values()
        for p in i.provisions.values()
        if p.summary and (p.level != "paragraph" or p.parent)
    }
    assert within == {("penalty-law-1996", "art_12__para_2", "secondary")}
