"""One expression with the fences that give it meaning: located, compiled, its words counted.

Its fences may stand in several texts: those of a rule file that still hold, and a reform's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from carbonlex.errors import Location
from carbonlex.model import Label
from carbonlex.rulebook.compile import Compiler
from carbonlex.rulebook.markdown import Fence, RuleText
from carbonlex.rulebook.norms import REASONS, Norm, NotEncoded, Parameter
from carbonlex.rulebook.quoting import Quoted, article_map, locate, reached
from carbonlex.rulebook.rulebook import ArticleCoverage
from carbonlex.rulebook.shapes import LABEL, TEXT, label, misfits
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.pairing import folded

_WORD = re.compile(r"[^\W_]")
Spans = list[tuple[int, int]]


class Expressed:
    """What the fences of some texts say of one expression of an instrument."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument
        self.norms: list[Norm] = []
        self.parameters: list[Parameter] = []
        self.not_encoded: list[NotEncoded] = []
        self.encoded: dict[str, Spans] = {}
        self.declared: dict[str, Spans] = {}
        self.headings: dict[str, Location] = {}

    def read(self, text: RuleText) -> None:
        """Read the fences of one text; what is wrong is noted in the text."""
        self.text, self.compiler = text, Compiler(text, self.instrument)
        self.left_off: dict[str, int] = {}
        for eid, line in text.headings.items():
            self.headings.setdefault(eid, Location(text.file, line))
        for fence in text.fences:
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
        self.norms += self.compiler.norms
        self.parameters += self.compiler.parameters

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

    def heading(self, article: str) -> Location:
        """Return where the first heading of an article, or of a paragraph of it, stands."""
        own = (at for eid, at in self.headings.items() if f"{eid}__".startswith(f"{article}__"))
        return next(own, Location(self.text.file))

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
                encoded, both - encoded, gaps, self.heading(provision.eid),
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
