"""What does not hold stops the memo, and no file is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import carbonlex.memo.write as writing
from carbonlex.errors import CitationError
from carbonlex.memo.document import (
    Authorities,
    AuthorityEntry,
    Citation,
    Document,
    Paragraph,
    Pinpoint,
    QuoteBlock,
    Sentence,
    Text,
    quotes_in,
)
from carbonlex.memo.verify import verify
from carbonlex.memo.write import UnknownFormat, write_memo
from memo_cases import changed, memo

BROKEN: dict[str, tuple[type, Callable[[Any], Any], str]] = {
    "provision": (Citation, lambda c: replace(c, eid="art_9999"), "not in the corpus"),
    "instrument": (Citation, lambda c: replace(c, instrument="no-such-law"), "not in the corpus"),
    "expression": (Citation, lambda c: replace(c, uri=c.uri + "x"), "not the expression"),
    "words of a citation": (
        Citation,
        lambda c: replace(c, text="《法典》第一条"),
        "names another provision",
    ),
    "law not yet in force": (
        Citation,
        lambda c: replace(c, on=date(2019, 1, 1)) if c.on else None,
        "not in force on 2019-01-01",
    ),
    "words before a citation": (
        Citation,
        lambda c: replace(c, text="《另一部法律》" + c.text) if c.text.startswith("《") else None,
        "names another provision",
    ),
    "an authority listed as another": (
        Pinpoint,
        lambda p: replace(p, text="第一条"),
        "listed as",
    ),
    "an authority listed with a better grade": (
        Pinpoint,
        lambda p: replace(p, grade="official"),
        "listed as",
    ),
    "an authority with another title": (
        AuthorityEntry,
        lambda e: replace(e, title="《另一部法律》"),
        "listed as",
    ),
    "an authority with another number and day": (
        AuthorityEntry,
        lambda e: replace(e, about="国务院令第1号"),
        "listed as",
    ),
    "an authority left out of the table": (
        Authorities,
        lambda a: replace(a, entries=a.entries[1:]),
        "of the authorities",
    ),
    "a citation numbered as another": (
        Citation,
        lambda c: replace(c, authority=999),
        "not no. 999 of the authorities",
    ),
    "a quotation without words": (QuoteBlock, lambda q: replace(q, text=" "), "without words"),
    "a quotation with a better grade": (
        QuoteBlock,
        lambda q: replace(q, grade="official"),
        "quoted as official",
    ),
    "an authority that is not there": (
        Pinpoint,
        lambda p: replace(p, eid="art_9999"),
        "not in the corpus",
    ),
    "quote": (QuoteBlock, lambda q: replace(q, text=q.text + "另有"), "not in the text"),
    "quote of another day": (
        QuoteBlock,
        lambda q: replace(q, on=date(2019, 1, 1)),
        "when it was not in force",
    ),
    "no proof": (
        Sentence,
        lambda s: replace(s, proof="") if s.proof.startswith("findings") else None,
        "no proof for",
    ),
    "proof that is not there": (
        Sentence,
        lambda s: replace(s, proof=s.proof + "/99") if "/test/" in s.proof else None,
        "no proof at",
    ),
    "proof that is no node": (
        Sentence,
        lambda s: replace(s, proof="surrender/2025/outcome") if s.proof else None,
        "no proof at",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_does_not_hold_is_named(what: str) -> None:
    made = memo("breached")
    kind, change, said = BROKEN[what]
    broken = changed(made.document, kind, change)
    with pytest.raises(CitationError, match=said):
        verify(made.rulebook, made.report, broken)


def test_recalled_words_may_not_be_set_as_a_quotation() -> None:
    made = memo("recalled")
    broken = changed(
        made.document,
        QuoteBlock,
        lambda q: replace(q, verbatim=True) if q.grade == "recalled" else None,
    )
    with pytest.raises(CitationError, match="recalled"):
        verify(made.rulebook, made.report, broken)


def test_recalled_words_in_quotation_marks_stop_the_memo_wherever_they_stand() -> None:
    made = memo("breached")
    weak = next(n for n in made.rulebook.norms.values() if n.grade == "recalled" and n.quotes)
    words = max(weak.quotes, key=len)
    quoted = [f"法律规定“{words}”。", f"法律规定「{words}」。", f"it says '{words}'."]
    part = f"法律规定“{words[2:]}”。"
    for text, refused in (*((q, True) for q in (*quoted, part)), (f"法律规定{words}。", False)):
        said = Paragraph(1, (Sentence((Text(text),)),))
        broken = changed(made.document, Paragraph, lambda _, p=said: p)
        if not refused:
            verify(made.rulebook, made.report, broken)
            continue
        with pytest.raises(CitationError, match="set as a quotation"):
            verify(made.rulebook, made.report, broken)


def test_a_summary_may_not_be_set_as_a_quotation() -> None:
    made = memo("breached")
    key = next(q.cite.instrument for s in made.document.sections for q in quotes_in(s))
    law = made.rulebook.instruments[key]
    words = {e: replace(p, summary=True) for e, p in law.provisions.items()}
    instruments = {**made.rulebook.instruments, key: replace(law, provisions=words)}
    with pytest.raises(CitationError, match="summary may not be quoted"):
        verify(replace(made.rulebook, instruments=instruments), made.report, made.document)


def test_a_broken_memo_leaves_no_file_and_the_old_one_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = memo("breached")
    broken: Document = changed(made.document, Citation, lambda c: replace(c, eid="art_9999"))

    def build(*_: object) -> Document:
        return broken

    monkeypatch.setattr(writing, "compliance_memo", build)
    old = tmp_path / "old.md"
    old.write_text("as it was", "utf-8")
    for out in (old, tmp_path / "new.html"):
        with pytest.raises(CitationError):
            write_memo(made.rulebook, made.report, out)
    assert [p.name for p in tmp_path.iterdir()] == ["old.md"]
    assert old.read_text("utf-8") == "as it was"


def test_words_changed_in_the_corpus_stop_the_memo(tmp_path: Path) -> None:
    made = memo("breached")
    key = "code-2026"
    law = made.rulebook.instruments[key]
    words = {e: replace(p, text=p.text.replace("足额", "全额")) for e, p in law.provisions.items()}
    instruments = {**made.rulebook.instruments, key: replace(law, provisions=words)}
    with pytest.raises(CitationError):
        write_memo(
            replace(made.rulebook, instruments=instruments), made.report, tmp_path / "m.md", "zh"
        )
    assert not [*tmp_path.iterdir()]


def test_the_format_is_told_by_the_ending(tmp_path: Path) -> None:
    made = memo("breached")
    for name in ("a.md", "b.MARKDOWN", "c.html", "d.htm"):
        write_memo(made.rulebook, made.report, tmp_path / name)
        html = (tmp_path / name).read_text("utf-8").startswith("<!DOCTYPE html>")
        assert html == name[2:].startswith("htm")
    for name in ("memo", "memo.doc", ".md"):
        with pytest.raises(UnknownFormat):
            write_memo(made.rulebook, made.report, tmp_path / name)
    assert len([*tmp_path.iterdir()]) == 4


def test_a_file_that_cannot_be_written_leaves_nothing_beside_it(tmp_path: Path) -> None:
    made = memo("breached")
    (tmp_path / "m.md").mkdir()
    with pytest.raises(OSError, match=r"m\.md"):
        write_memo(made.rulebook, made.report, tmp_path / "m.md")
    assert [p.name for p in tmp_path.iterdir()] == ["m.md"]
