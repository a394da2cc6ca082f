"""Rule files over instruments into a rulebook, with everything that is wrong: one pass per file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

from carbonlex.errors import Diagnostic, Location
from carbonlex.model import Label
from carbonlex.rulebook.check import problems
from carbonlex.rulebook.compile import Compiler
from carbonlex.rulebook.declarations import read_questions, read_vocabulary
from carbonlex.rulebook.markdown import Fence, RuleText, read_text
from carbonlex.rulebook.norms import REASONS, Norm, NotEncoded, Parameter
from carbonlex.rulebook.quoting import Quoted, article_map, folded, locate, reached
from carbonlex.rulebook.rulebook import ArticleCoverage, Rulebook
from carbonlex.rulebook.shapes import LABEL, TEXT, label, misfits
from carbonlex.statutes.akn import read_instruments
from carbonlex.statutes.instruments import Instrument, Rank

_WORD = re.compile(r"[^\W_]")
Spans = list[tuple[int, int]]


def read_rulebook(rules: Path, statutes: Path) -> tuple[Rulebook, tuple[Diagnostic, ...]]:
    """Return the rulebook of a corpus with everything that is wrong with it.

    With diagnostics, the rulebook is for looking at, not for judging by.
    """
    instruments, wrong = read_instruments(statutes)
    return assemble(rules, {i.key: i for i in instruments}, list(wrong))


def assemble(
    rules: Path, instruments: dict[str, Instrument], wrong: list[Diagnostic]
) -> tuple[Rulebook, tuple[Diagnostic, ...]]:
    """Read the rule files over instruments already read, and check the whole."""
    vocabulary, more = read_vocabulary(rules)
    questions, others = read_questions(rules / "questions.toml", "rules/questions.toml")
    wrong += [*more, *others]
    norms: list[Norm] = []
    parameters: list[Parameter] = []
    not_encoded: list[NotEncoded] = []
    coverage: list[ArticleCoverage] = []
    for path in sorted(rules.rglob("*.md")):
        text = read_text(path, f"rules/{path.relative_to(rules).as_posix()}")
        instrument = _instrument(text, instruments)
        if instrument is not None:
            file = _File(text, instrument)
            file.read()
            norms += file.compiler.norms
            parameters += file.compiler.parameters
            not_encoded += file.not_encoded
            coverage += file.coverage()
        wrong += text.wrong
    wrong += _duplicates(norms)
    rulebook = _indexed(
        Rulebook(
            instruments={k: instruments[k] for k in sorted(instruments, key=_order(instruments))},
            vocabulary=vocabulary,
            questions=questions,
            norms={n.id: n for n in norms},
            parameters={p.full: p for p in parameters},
            not_encoded=tuple(not_encoded),
            coverage=tuple(coverage),
            digest="",
        )
    )
    return rulebook, (*wrong, *(() if wrong else problems(rulebook)))


def _order(instruments: dict[str, Instrument]) -> Callable[[str], tuple[int, date, str]]:
    ranks = get_args(Rank)
    return lambda k: (ranks.index(instruments[k].rank), instruments[k].effective, k)


def _instrument(text: RuleText, instruments: dict[str, Instrument]) -> Instrument | None:
    key = text.front.get("key", "")
    instrument = instruments.get(key) if isinstance(key, str) else None
    if instrument is None:
        line = text.front_lines.get("key", 1)
        text.fail("instrument-unknown", line, f"statutes/ 中没有 {key}", f"no {key} in statutes/")
    elif text.front.get("expression") != instrument.uri:
        text.fail(
            "instrument-unknown",
            text.front_lines.get("expression", 1),
            f"expression 应为 {instrument.uri}",
            f"expression is {instrument.uri}",
        )
        return None
    return instrument


class _File:
    """One rule file against its instrument: quotes located, fences compiled, words counted."""

    def __init__(self, text: RuleText, instrument: Instrument) -> None:
        self.text, self.instrument = text, instrument
        self.compiler = Compiler(text, instrument)
        self.not_encoded: list[NotEncoded] = []
        self.encoded: dict[str, Spans] = {}
        self.declared: dict[str, Spans] = {}
        self.left_off: dict[str, int] = {}

    def read(self) -> None:
        for fence in self.text.fences:
            provision = self.instrument.provisions.get(fence.article)
            if provision is None:
                line = fence.heading or fence.line
                self.text.fail(
                    "provision-unknown", line, f"没有 {fence.article}", f"no {fence.article}"
                )
                continue
            after = self.left_off.get(fence.article, 0)
            texts = [q for q, _ in fence.quotes]
            quoted, missing = locate(self.instrument, fence.article, texts, after)
            for piece in missing:
                self.text.fail(
                    "quote-mismatch",
                    _quote_line(fence, piece),
                    f"引文不在 {fence.article} 原文中：“{piece[:40]}”",
                    f"not in the words of {fence.article}: '{piece[:40]}'",
                    ("逐字核对 statutes/ 中的原文", "check it word for word against statutes/"),
                )
            if not missing:
                self.left_off[fence.article] = min((s for s, _ in quoted.spans), default=0)
                self.fence(fence, quoted)

    def fence(self, fence: Fence, quoted: Quoted) -> None:
        spans = self.declared if fence.kind == "not-encoded" else self.encoded
        article, start = _place(self.instrument, fence.article)
        spans.setdefault(article, []).extend((start + a, start + b) for a, b in quoted.spans)
        if fence.kind == "norm":
            self.compiler.norm(fence, quoted)
        elif fence.kind == "parameter":
            name = fence.table.get("name")
            if not isinstance(name, str) or not name:
                self.text.fail(
                    "parameter-malformed", fence.line_of("name"), "缺少 name", "needs a name"
                )
                return
            table = {k: v for k, v in fence.table.items() if k != "name"}
            self.compiler.parameter(
                fence, name, table, f"{self.instrument.key}/{fence.article}", quoted
            )
        else:
            self.declare(fence, quoted)

    def declare(self, fence: Fence, quoted: Quoted) -> None:
        reason, note = fence.table.get("reason"), label(fence.table.get("note")) or Label("", "")
        wrong = list(misfits(fence.table, {"reason": TEXT, "note": LABEL}))
        for key, zh, en in wrong:
            self.text.fail("norm-malformed", fence.line_of(key), zh, en)
        if not isinstance(reason, str) or reason not in REASONS:
            self.text.fail(
                "norm-malformed", fence.line_of("reason"),
                f"reason 应为其一：{'、'.join(REASONS)}", f"reason is one of {', '.join(REASONS)}",
            )  # fmt: skip
        elif not wrong:
            self.leave(fence, quoted, reason, note)

    def leave(self, fence: Fence, quoted: Quoted, reason: str, note: Label) -> None:
        self.not_encoded.append(
            NotEncoded(
                self.instrument.key, fence.article, quoted.texts, reason, note,
                Location(self.text.file, fence.line),
            )
        )  # fmt: skip

    def heading(self, article: str) -> int:
        """Return the line of the heading of an article, or of the first of its paragraphs."""
        lines = self.text.headings
        parts = (n for eid, n in lines.items() if eid.startswith(f"{article}__"))
        return lines.get(article) or next(parts, 0)

    def coverage(self) -> Iterable[ArticleCoverage]:
        """Count, for each article of which words are held, what norms and reasons reach."""
        for provision in self.instrument.provisions.values():
            if provision.parent or not provision.held:
                continue
            text = article_map(self.instrument, provision.eid).text
            if not _WORD.search(text):
                continue
            norms, reasons = (
                self.encoded.get(provision.eid, []),
                self.declared.get(provision.eid, []),
            )
            encoded = reached(len(text), norms)
            both = reached(len(text), [*norms, *reasons])
            gaps = _gaps(text, [*norms, *reasons])
            rest = sum(map(len, gaps))
            yield ArticleCoverage(
                self.instrument.key, provision.eid, encoded + (both - encoded) + rest,
                encoded, both - encoded, gaps,
                Location(self.text.file, self.heading(provision.eid)),
            )  # fmt: skip


def _quote_line(fence: Fence, piece: str) -> int:
    """Return the line of the paragraph of a quote that has some words."""
    return next((n for text, n in fence.quotes if piece in folded(text)), fence.quotes[0][1])


def _place(instrument: Instrument, eid: str) -> tuple[str, int]:
    """Return the article of a provision, and where in its folded words the provision begins."""
    article = instrument.article(eid).eid
    under = {p.eid for p in instrument.under(eid)}
    stretches = article_map(instrument, article).stretches
    return article, next((start for start, _, e in stretches if e in under), 0)


def _gaps(text: str, spans: Spans) -> tuple[str, ...]:
    """Return the stretches no span reaches; lone punctuation does not count."""
    gaps, at = [], 0
    for start, end in sorted(spans):
        if start > at:
            gaps.append(text[at:start])
        at = max(at, end)
    gaps.append(text[at:])
    return tuple(g for g in gaps if _WORD.search(g))


def _duplicates(norms: list[Norm]) -> Iterable[Diagnostic]:
    seen: dict[str, Norm] = {}
    for norm in norms:
        if norm.id in seen:
            yield Diagnostic(
                "norm-duplicate",
                (f"{norm.id} 已在 {seen[norm.id].where}", f"{norm.id} is at {seen[norm.id].where}"),
                norm.where,
            )
        seen[norm.id] = norm


def _indexed(rulebook: Rulebook) -> Rulebook:
    def group(kinds: tuple[str, ...]) -> dict[str, tuple[Norm, ...]]:
        found: dict[str, tuple[Norm, ...]] = {}
        for norm in rulebook.norms.values():
            if norm.kind in kinds:
                found[norm.answers] = (*found.get(norm.answers, ()), norm)
        return found

    names: dict[str, tuple[Parameter, ...]] = {}
    for parameter in rulebook.parameters.values():
        names[parameter.name] = (*names.get(parameter.name, ()), parameter)
    return replace(
        rulebook,
        definitions=group(("defines",)),
        duties=group(("obliges", "prohibits")),
        sanctions=group(("sanctions",)),
        exceptions=group(("excepts",)),
        precedence=tuple(n for n in rulebook.norms.values() if n.kind == "precedence"),
        parameter_names=names,
    )
