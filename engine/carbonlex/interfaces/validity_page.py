"""An examination of validity on the terminal: clause by clause, the law of two days."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from carbonlex.interfaces.figure_page import FigurePage
from carbonlex.reasoner.verdict import Verdict
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.validity.finding import Examination, Finding
from carbonlex.validity.wording import ValidityWords, by_clause
from carbonlex.words.explain import explain
from carbonlex.words.sentences import Line, flagged, written_cites

_STYLES = {
    "within": "green", "ultra_vires": "bold red", "conflict": "bold red", "undetermined": "yellow",
}  # fmt: skip


class ValidityPage(FigurePage):
    """Prints what an examination found."""

    def __init__(
        self,
        console: Console,
        rulebook: Rulebook,
        examination: Examination,
        lang: str,
        *,
        proofs: bool = False,
    ) -> None:
        super().__init__(console, rulebook, lang)
        self.examination, self.proofs = examination, proofs
        self.words = ValidityWords(rulebook, examination, lang)

    def print(self) -> None:
        """Print the whole: what was examined, the tally, each clause, the foot."""
        said = self.words
        self.console.print(Text(said.head(), style="bold"))
        self.put(Text(said.days(), style="dim"))
        if not self.examination.findings:
            nothing = "没有能够审查的条款：没有设定义务、许可、处罚或者强制措施"
            self.put(Text(said.pick(nothing, "no clause imposes, licenses, penalises or coerces")))
        self.put(Text(said.tally()))
        for group in by_clause(self.examination.findings):
            self.clause(group)
        self.foot(said.grade(self.examination.findings), self.examination.report)

    def clause(self, findings: list[Finding]) -> None:
        """Print what was found of one clause, day by day."""
        line = self.words.clause(findings[0])
        cites = written_cites(self.rulebook, line.cites, self.lang)
        self.heading(f"{cites}{self.words.pick('　', '  ')}{line.text}")
        for finding in findings:
            self.put(Text(self.words.result(finding), style=_STYLES[finding.result]))
            for remark in self.words.remarks(finding):
                mark = flagged(remark.line.grade, self.lang) if remark.line.grade else ""
                gap = self.words.pick("　", "  ")
                head = Text(f"{remark.label.of(self.lang)}{gap}", style="dim")
                head.append(f"{mark.strip()} " if mark and self.lang == "en" else mark)
                self.put(head, remark.line)
            for verdict in finding.verdicts if self.proofs else ():
                self.proof(verdict)

    def proof(self, verdict: Verdict) -> None:
        """Print how a rule on who may enact was applied, step by step."""
        self.put(Text(f"{self.words.pick('证明', 'proof')}　{verdict.norm}", style="dim"))
        for proof in (verdict.binding, verdict.test):
            for line in explain(self.rulebook, proof, self.lang) if proof else ():
                self.put(Text(""), Line(line.depth + 1, line.text, line.cites))
