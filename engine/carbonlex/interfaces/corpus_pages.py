"""The corpus on a terminal: instruments, words beside norms, histories, coverage."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from rich.console import Console
from rich.table import Table
from rich.text import Text

from carbonlex.interfaces.typesetting import folded
from carbonlex.rulebook.norms import REASONS, Norm, NotEncoded, Parameter, ParameterValue, Span
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.citation import pinpoint
from carbonlex.statutes.instruments import RANK_LABELS, SUMMARY, Instrument
from carbonlex.statutes.resolve import resolve
from carbonlex.words.norms import say_norm
from carbonlex.words.phrases import KINDS
from carbonlex.words.sentences import Cite, Quote, flagged, grade_words
from carbonlex.words.values import say


def instruments_json(rulebook: Rulebook) -> str:
    """Return every instrument as JSON."""
    rows = [
        {
            "key": i.key,
            "uri": i.uri,
            "title": {"zh": i.title.zh, "en": i.title.en},
            "rank": i.rank,
            "maker": i.maker,
            "number": i.number,
            "promulgated": i.promulgated.isoformat(),
            "effective": i.effective.isoformat(),
            "ended": i.ended.isoformat() if i.ended else None,
            "grade": i.grade,
            "norms": sum(n.instrument == i.key for n in rulebook.norms.values()),
        }
        for i in rulebook.instruments.values()
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def print_instruments(console: Console, rulebook: Rulebook, lang: str) -> None:
    """Print every instrument with rank, maker, dates and grade."""
    heads = (
        "键|文件|位阶|施行|终止|规范|等级"
        if lang == "zh"
        else "key|instrument|rank|from|until|norms|grade"
    ).split("|")
    table = Table(box=None, pad_edge=False)
    for head in heads:
        table.add_column(head, overflow="fold", no_wrap=head not in (heads[1], heads[-1]))
    for i in rulebook.instruments.values():
        count = sum(n.instrument == i.key for n in rulebook.norms.values())
        title = i.title.of(lang)
        table.add_row(
            i.key, title, RANK_LABELS[i.rank].of(lang), i.effective.isoformat(),
            i.ended.isoformat() if i.ended else "", str(count), grade_words(i.grade, lang),
        )  # fmt: skip
    console.print(table)


def print_place(
    console: Console, rulebook: Rulebook, place: str, on: date | None, lang: str
) -> None:
    """Print an instrument or one provision: words, norms, paraphrase, history.

    Raises `UnknownPlace` for what the corpus does not have.
    """
    found = resolve(rulebook.instruments, place, on)
    instrument, eid = found.instrument, found.eid
    page = _Page(console, rulebook, instrument, lang)
    for warning in found.warnings:
        page.print(page.pick("注意：", "note: ") + warning.of(lang), style="bold red")
    page.head(on)
    articles = (
        [eid] if eid else [p.eid for p in instrument.provisions.values() if not p.parent and p.held]
    )
    for article in articles:
        page.provision(article)
    if eid:
        page.history(eid)


class _Page:
    def __init__(
        self, console: Console, rulebook: Rulebook, instrument: Instrument, lang: str
    ) -> None:
        self.console, self.rulebook, self.instrument, self.lang = (
            console,
            rulebook,
            instrument,
            lang,
        )

    def pick(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def print(self, text: str, depth: int = 0, style: str = "") -> None:
        for line in folded(Text(text, style=style), self.console.width - 2 * depth):
            self.console.print(Text(" " * (2 * depth)) + line, soft_wrap=True)

    def head(self, on: date | None) -> None:
        i = self.instrument
        rank, grade = RANK_LABELS[i.rank].of(self.lang), grade_words(i.grade, self.lang)
        self.print(i.title.of(self.lang), style="bold")
        until = i.ended.isoformat() if i.ended else self.pick("今", "now")
        maker = i.maker_label.of(self.lang)
        said = [rank, maker, i.number or "—", f"{i.effective}–{until}", grade]
        self.print(" · ".join(said), 1, "dim")
        if on is not None and not i.in_force(on):
            self.print(
                self.pick(f"注意：{on} 不在施行期间", f"note: not in force on {on}"), 1, "bold red"
            )

    def provision(self, eid: str) -> None:
        """Print the words of a provision, and under them its norms and what is not encoded."""
        self.console.print()
        grade = self.instrument.grade_of(eid)
        place = pinpoint(self.instrument, eid, self.lang)
        self.print(f"{place}{flagged(grade, self.lang)}  #{eid}", style="bold cyan")
        words = self.instrument.words(eid) or self.pick("（没有文字）", "(no words held)")
        if self.instrument.is_summary(eid):
            self.print(SUMMARY.of(self.lang) + self.pick("：", ":"), 1, "red")
        elif grade == "recalled":
            self.print(
                self.pick("以下为凭记忆的大意，不作引文：", "Recalled, not a quotation:"), 1, "red"
            )
        for line in words.split("\n"):
            self.print(line, 1)
        inside = {p.eid for p in self.instrument.under(eid)}
        for norm in self.rulebook.norms.values():
            if (
                norm.instrument == self.instrument.key
                and not norm.ordered_by
                and inside & set(norm.provisions)
            ):
                self.norm(norm)
        for one in self.rulebook.not_encoded:
            if (
                one.instrument == self.instrument.key
                and one.article == self.instrument.article(eid).eid
            ):
                self.not_encoded(one, eid)

    def norm(self, norm: Norm) -> None:
        kind = KINDS[norm.kind].of(self.lang)
        self.print(f"▸ {kind}　{norm.label.of(self.lang)}　[{norm.id}]", 1, "bold")
        for sentence in say_norm(self.rulebook, norm, "zh"):
            self.print(sentence, 2)
        for sentence in say_norm(self.rulebook, norm, "en"):
            self.print(sentence, 2, "dim")
        for parameter in self.rulebook.parameters.values():
            if parameter.norm == norm.id:
                self.parameter(parameter)

    def parameter(self, parameter: Parameter) -> None:
        """Print the history of a parameter: each span, value, source and grade."""
        self.print(f"{parameter.label.of(self.lang)}　[{parameter.full}]", 2, "bold")
        for span in parameter.spans:
            self.print(self.span(parameter, span), 3)

    def span(self, parameter: Parameter, span: Span) -> str:
        when = f"{span.start}" if span.until in (None, span.start) else f"{span.start}–{span.until}"
        entry = span.entry
        if entry is None:
            return f"{when}　" + self.pick("终止", "ended")
        source = self.rulebook.cite(*entry.cited, self.lang) if entry.source else ""
        if entry.issued is not None:
            source += self.pick(f"，{entry.issued} 公布", f", issued {entry.issued}")
        grade = grade_words(entry.grade, self.lang)
        return f"{when}　{self.entry(parameter, entry)}　{source}〔{grade}〕"

    def entry(self, parameter: Parameter, entry: ParameterValue) -> str:
        value = entry.value
        if isinstance(value, Mapping):
            rows = (f"{k}={say(v, parameter.unit, self.lang)}" for k, v in value.items())
            return ", ".join(rows)
        return say(value, parameter.unit, self.lang, self.rulebook)

    def not_encoded(self, one: NotEncoded, eid: str) -> None:
        reason, note = REASONS[one.reason].of(self.lang), one.note.of(self.lang)
        said = reason + (f"（{note}）" if note else "")
        words = "……".join(q if len(q) < 40 else f"{q[:18]}…{q[-12:]}" for q in one.quotes)
        grade = self.instrument.grade_of(one.article)
        summary = self.instrument.is_summary(one.article)
        quote = Quote(words, Cite(one.instrument, one.article), grade, summary).written(self.lang)
        self.print(self.pick("▹ 未编码：", "▹ not encoded: ") + f"{said}　{quote}", 1, "dim")

    def history(self, eid: str) -> None:
        """Print the provision under its numbers in every expression of the same work."""
        wid = self.instrument.provisions[eid].wid
        found = [
            (i, e)
            for i in self.rulebook.instruments.values()
            if i.work == self.instrument.work and (e := i.by_wid(wid)) is not None
        ]
        self.console.print()
        self.print(self.pick("沿革", "History"), style="bold")
        for instrument, other in sorted(found, key=lambda x: x[0].effective):
            until = instrument.ended.isoformat() if instrument.ended else self.pick("今", "now")
            place = pinpoint(instrument, other, self.lang)
            self.print(f"{instrument.effective}–{until}　{instrument.key}　{place}", 1)
