"""A report on a terminal, as a lawyer's note: verdicts, why, what is missing, what is left out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from rich.console import Console
from rich.text import Text

from carbonlex.interfaces.typesetting import folded
from carbonlex.model import weakest
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.explain import Explainer
from carbonlex.words.penalties import one_act
from carbonlex.words.phrases import DISCLAIMER, HEADINGS, MARKS
from carbonlex.words.remarks import Remarks
from carbonlex.words.sentences import Line, grade_words, written_cites
from carbonlex.words.verdicts import VerdictWords

_STYLES = {
    "complied": "green",
    "breached": "bold red",
    "pending": "yellow",
    "not_applicable": "dim",
    "undetermined": "magenta",
    "conflict": "bold magenta",
}
_LAST = date.max
_ORDER = ("breached", "conflict", "undetermined", "pending", "complied", "not_applicable")
REASON_DEPTH = 4


class Terminal:
    """Prints one report in one language."""

    def __init__(self, console: Console, rulebook: Rulebook, report: Report, lang: str) -> None:
        self.console, self.rulebook, self.report, self.lang = console, rulebook, report, lang
        self.words = VerdictWords(rulebook, lang)
        self.remarks = Remarks(rulebook, report, lang)
        self.pick = self.words.pick
        self.out: list[Text] = []
        self.gap = "　" if lang == "zh" else "  "

    def note(self) -> None:
        """Print the whole note."""
        self.head()
        ordered = self.ordered()
        self.heading("verdicts")
        for verdict in ordered:
            self.verdict(verdict)
        shown = [
            f for f in self.report.findings if f.concept != "ground_for_removal" or f.value is True
        ]
        self.section("findings", [self.words.finding(f) for f in shown])
        self.heading("why")
        for verdict in ordered:
            if verdict.outcome in ("breached", "conflict", "pending", "undetermined"):
                self.reasons(verdict)
        self.section("one_act", one_act(self.rulebook, self.report, self.lang))
        self.section("missing", self.remarks.missing())
        self.section("questions", self.remarks.questions())
        self.section("assumptions", self.remarks.assumptions())
        self.section("unjudged", self.remarks.unjudged())
        self.section("differences", self.remarks.differences())
        self.section("not_encoded", self.remarks.not_encoded())
        self.run()
        self.flush()

    def ordered(self) -> list[Verdict]:
        """Return the verdicts, the worst first, and then by their dates."""
        return sorted(self.report.verdicts, key=lambda v: (_ORDER.index(v.outcome), v.due or _LAST))

    def put(self, line: Text) -> None:
        """Add a line; all are printed at once, which a terminal takes far quicker."""
        self.out.append(line)

    def flush(self) -> None:
        """Print what was put."""
        self.console.print(Text("\n").join(self.out), soft_wrap=True)
        self.out = []

    def head(self) -> None:
        """Print who, and as of when."""
        name = self.report.case_name or self.pick("（未具名）", "(unnamed)")
        asked = self.pick(f"询问日 {self.report.asked_on}", f"asked on {self.report.asked_on}")
        decided = self.report.decided_on
        if decided is not None:
            asked += self.pick(f"，处罚决定日 {decided}", f", decided on {decided}")
        self.put(Text(f"{name} · {asked} · {self.remarks.counts()}", style="bold"))

    def heading(self, key: str) -> None:
        """Print a heading."""
        self.put(Text())
        self.put(Text(HEADINGS[key].of(self.lang), style="bold underline"))

    def section(self, key: str, lines: list[Line]) -> None:
        """Print a section, if there is anything in it."""
        if lines:
            self.heading(key)
            self.lines(lines, bullet="· ")

    def verdict(self, verdict: Verdict) -> None:
        """Print one verdict on a line of its own."""
        line = self.words.conclusion(verdict)
        style = _STYLES[verdict.outcome]
        text = Text(f"{MARKS[verdict.outcome]} {self.words.title(verdict)}{self.gap}", style=style)
        text.append(line.text, style="" if verdict.outcome != "not_applicable" else "dim")
        cites = written_cites(self.rulebook, line.cites, self.lang)
        text.append(f"{self.gap}{cites}", style="cyan")
        self.indented(text, 1)

    def reasons(self, verdict: Verdict) -> None:
        """Print why one verdict is what it is, and what follows."""
        self.indented(Text(self.words.title(verdict), style="bold"), 1)
        self.lines(self.words.basis(verdict), 2)
        for clash in verdict.clashes:
            self.lines([self.words.clash(clash)], 2)
        for defeat in verdict.defeats:
            if defeat.loser in {n for n, _, _ in verdict.losing}:
                self.lines([self.words.defeat(defeat)], 1)
        explainer = Explainer(self.rulebook, self.lang)
        shown = (
            verdict.test
            if verdict.test is not None and verdict.binding.value is True
            else verdict.binding
        )
        for proof in (shown, verdict.due_proof):
            if proof is not None:
                kept = [x for x in explainer.lines(proof) if x.depth < REASON_DEPTH]
                self.lines(kept, 2, quotes=False)
        self.lines(self.words.sanctions(verdict), 2, bullet="→ ")
        discretion = self.words.discretion(verdict)
        if discretion and verdict.outcome == "breached":
            self.lines([Line(0, self.pick("裁量仍然开放：", "Discretion stays open:"))], 2)
            self.lines(discretion, 3, bullet="· ", quotes=False)

    def explain(self, verdicts: Iterable[Verdict]) -> None:
        """Print the proofs of verdicts in full, losing norms included."""
        self.head()
        for verdict in verdicts:
            explainer = Explainer(self.rulebook, self.lang)
            self.put(Text())
            self.verdict(verdict)
            self.lines(self.words.basis(verdict), 2)
            heads = self.pick("是否受约束|期限|要求", "bound|date|requirement").split("|")
            for head, proof in zip(
                heads, (verdict.binding, verdict.due_proof, verdict.test), strict=True
            ):
                if proof is not None:
                    self.indented(Text(head, style="bold"), 2)
                    self.lines(list(explainer.lines(proof)), 3)
            self.losing(verdict, explainer)
            self.consequences(verdict, explainer)
            self.chain(verdict)
        self.flush()

    def losing(self, verdict: Verdict, explainer: Explainer) -> None:
        """Print the norms that lost, each with its own proof."""
        for norm, binding, test in verdict.losing:
            self.indented(
                Text(
                    self.pick("落败的规范", "a norm that lost") + f"{self.gap}{norm}", style="bold"
                ),
                2,
            )
            for defeat in verdict.defeats:
                if defeat.loser == norm:
                    self.lines([self.words.defeat(defeat)], 2)
            for proof in (binding, test):
                if proof is not None:
                    self.lines(list(explainer.lines(proof)), 3)

    def consequences(self, verdict: Verdict, explainer: Explainer) -> None:
        """Print the consequences, and how each amount was reached."""
        found = verdict.sanctions
        if found is None:
            return
        self.indented(Text(self.pick("后果", "consequences"), style="bold"), 2)
        self.lines(self.words.sanctions(verdict), 3)
        for package in dict.fromkeys(
            p for p in (found.at_breach, found.at_decision) if p is not None
        ):
            for one in package.consequences:
                if one.proof is not None:
                    self.indented(Text(f"{one.norm}{self.gap}{package.law}", style="bold"), 3)
                    self.lines(list(explainer.lines(one.proof)), 4)

    def chain(self, verdict: Verdict) -> None:
        """Print the propositions that the chainer derived."""
        self.indented(
            Text(self.pick("推理链", "chain") + f"（{self.report.chainer}）", style="bold"), 2
        )
        for step in verdict.chain:
            self.indented(Text(step, style="dim"), 3)

    def lines(
        self, lines: list[Line], depth: int = 1, bullet: str = "", quotes: bool = True
    ) -> None:
        """Print sentences, each with its citation and the words quoted."""
        for line in lines:
            text = Text(bullet + line.text)
            if line.cites:
                cites = written_cites(self.rulebook, line.cites, self.lang)
                text.append(f"{self.gap}{cites}", style="cyan")
            self.indented(text, depth + line.depth)
            for quote in line.quotes if quotes else ():
                said = quote.written(self.lang)
                self.indented(Text(said, style="italic dim"), depth + line.depth + 1)

    def indented(self, text: Text, depth: int) -> None:
        """Print text at a depth, wrapped under itself."""
        for line in folded(text, self.console.width - 2 * depth):
            self.put(Text(" " * (2 * depth)) + line)

    def run(self) -> None:
        """Print what makes the run repeatable, and the reservation."""
        self.heading("run")
        report = self.report
        least = grade_words(weakest([v.grade for v in report.verdicts]), self.lang)
        digests = (report.rulebook_digest[:16], report.case_digest[:16], report.digest[:16])
        for text in (
            self.pick(f"最弱来源等级：{least}", f"weakest source grade: {least}"),
            self.pick("规则库 {} · 案情 {} · 运行 {}", "rulebook {} · case {} · run {}").format(
                *digests
            ),
            f"carbonlex {report.engine} · {report.chainer}",
            DISCLAIMER.of(self.lang),
        ):
            self.indented(Text(text, style="dim"), 1)
