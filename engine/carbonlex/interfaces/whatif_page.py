"""A what-if on a terminal: the reform, its redline, what it strands; each case before and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rich.console import Console
from rich.text import Text

from carbonlex.interfaces.figure_page import FigurePage
from carbonlex.interfaces.redline_page import RedlinePage
from carbonlex.interfaces.terminal import REASON_DEPTH, Terminal
from carbonlex.model import weakest
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.reform.compare import Comparison, Pair
from carbonlex.reform.consequence_wording import ConsequenceWords
from carbonlex.reform.sweep import Sweep
from carbonlex.reform.sweep_wording import SweepWords
from carbonlex.reform.whatif import Step, WhatIf
from carbonlex.reform.wording import WhatIfWords
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.explain import Explainer
from carbonlex.words.phrases import DISCLAIMER, HEADINGS
from carbonlex.words.remarks import Remarks


class WhatIfPage(FigurePage):
    """Prints one what-if in one language."""

    def __init__(self, console: Console, found: WhatIf, lang: str) -> None:
        super().__init__(console, found.after, lang)
        self.found, self.words = found, WhatIfWords(found, lang)
        self.pick = self.words.pick

    def print(self) -> None:
        """Print the whole what-if."""
        for step in self.found.steps:
            self.reform(step)
        self.listed(
            self.pick("方案之间的冲突", "Clashes between the reforms"),
            [self.words.clash(c) for c in self.found.clashes],
        )
        for one in self.found.comparisons:
            self.comparison(one)
        for swept in self.found.sweeps:
            self.sweep(swept)
        if not self.found.comparisons:
            self.console.print()
            self.put(Text(DISCLAIMER.of(self.lang), style="dim"))

    def listed(self, title: str, lines: list[str]) -> None:
        """Print lines under a heading; nothing where there are none."""
        if lines:
            self.heading(title)
            for line in lines:
                self.put(Text(f"· {line}"))

    def reform(self, step: Step) -> None:
        """Print one reform: what it is, what becomes of the words, of the norms, elsewhere."""
        self.heading(self.pick("修法方案：", "Reform: ") + self.words.title(step))
        for line in (*self.words.summary(step), *self.words.amendments(step)):
            self.put(Text(f"· {line}"))
        self.listed(self.pick("规则的变化", "What it changes"), list(self.words.effects(step)))
        if step.redline is not None and step.redline.amendments:
            self.console.print()
            rulebook = step.applied.law.rulebook
            # What is not held a reform leaves as it is: the articles it changes are all held.
            rows = tuple(r for r in step.redline.rows if r.kind != "not-held")
            shown = replace(step.redline, rows=rows)
            RedlinePage(self.console, rulebook, shown, self.lang).print(())
        found = [self.words.strand(s) for s in step.strands]
        none = [self.pick("没有发现。", "None found.")]
        self.listed(self.pick("别处受到牵连的", "What it strands elsewhere"), found or none)

    def comparison(self, one: Comparison) -> None:
        """Print a case before and after: what differs, both proofs of what flipped, the sums."""
        name = one.after.case_name or self.pick("（未具名）", "(unnamed)")
        asked = self.pick(f"询问日 {one.after.asked_on}", f"asked on {one.after.asked_on}")
        self.heading(
            self.pick(f"修改前后：{name} · {asked}", f"Before and after: {name} · {asked}")
        )
        if not one.changed:
            self.put(Text(self.words.unchanged(one)))
        else:
            rows = [self.words.pair(p) for p in one.changed]
            heads = self.pick("义务|修改前|修改后|变化", "duty|before|after|what differs")
            self.table(heads, rows, ())
            same = sum(1 for p in one.pairs if p.before and p.after and not p.changes)
            self.put(Text(self.pick(f"其余 {same} 项判断不变。", f"{same} verdicts are the same.")))
            words = ConsequenceWords(self.words)
            follows = [line for p in one.changed for line in words.lines(p)]
            self.listed(self.pick("后果的变动", "Consequences that change"), follows)
            moved = [self.words.total(t) for t in one.moved]
            self.listed(self.pick("资金与吨数的变动", "Money and tonnes that move"), moved)
        if still := self.words.still_open(one):
            self.put(Text(still))
        found = [self.words.finding(f) for f in one.findings]
        self.listed(self.pick("认定的变动", "Findings that change"), found)
        for pair in one.flips:
            self.proofs(one, pair)
        self.assumptions(((self.found.before, one.before), (self.found.after, one.after)))
        grades = [v.grade for r in (one.before, one.after) for v in r.verdicts]
        self.foot(weakest(grades), one.after)
        before = one.before.rulebook_digest[:16]
        self.put(
            Text(self.pick(f"修改前规则库 {before}", f"rulebook before {before}"), style="dim")
        )

    def proofs(self, one: Comparison, pair: Pair) -> None:
        """Print why a verdict was what it was, and why it is what it becomes."""
        title = self.words.name(pair.verdict.label, pair.year, pair.index)
        self.heading(self.pick(f"翻转：{title}", f"Flipped: {title}"))
        sides = (
            (self.pick("修改前", "before"), self.found.before, one.before, pair.before),
            (self.pick("修改后", "after"), self.found.after, one.after, pair.after),
        )
        for head, rulebook, report, verdict in sides:
            self.put(Text(head, style="bold"))
            if verdict is None:
                self.put(Text(self.pick("没有此项义务。", "There is no such duty.")))
            else:
                self.proof(rulebook, report, verdict)

    def proof(self, rulebook: Rulebook, report: Report, verdict: Verdict) -> None:
        page = Terminal(self.console, rulebook, report, self.lang)
        page.verdict(verdict)
        page.lines(page.words.basis(verdict), 2)
        bound = verdict.test is not None and verdict.binding.value is True
        explainer = Explainer(rulebook, self.lang)
        for proof in (verdict.test if bound else verdict.binding, verdict.due_proof):
            if proof is not None:
                kept = [x for x in explainer.lines(proof) if x.depth < REASON_DEPTH]
                page.lines(kept, 2, quotes=False)
        page.lines(page.words.sanctions(verdict), 2, bullet="→ ", quotes=False)
        page.flush()

    def sweep(self, found: Sweep) -> None:
        """Print a sweep: where verdicts flip, then the values tried."""
        words = SweepWords(self.words, found)
        self.heading(words.title())
        for line in words.cliffs():
            self.put(Text(f"· {line}"))
        if words.columns():
            self.table(words.heads(), list(words.rows()), ())
        if said := words.left_out():
            self.put(Text(said))
        self.assumptions(((self.found.after, found.report),) if found.report else ())

    def assumptions(self, sides: Iterable[tuple[Rulebook, Report]]) -> None:
        """Print what was presumed, told once where both sides presume it."""
        lines = (
            line.text for book, report in sides
            for line in Remarks(book, report, self.lang).assumptions()
        )  # fmt: skip
        self.listed(HEADINGS["assumptions"].of(self.lang), [*dict.fromkeys(lines)])
