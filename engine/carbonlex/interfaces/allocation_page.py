"""An allocation on a terminal: a table for each unit or line, the sum, and what follows."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from carbonlex.interfaces.figure_page import FigurePage
from carbonlex.position.allocation_remarks import HEADINGS, AllocationWords
from carbonlex.position.allocation_values import Allocation
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.phrases import MARKS
from carbonlex.words.sentences import Line

_SECTIONS = ("borrowing", "needs", "differences", "questions", "assumptions", "left")


class AllocationPage(FigurePage):
    """Prints one allocation in one language."""

    def __init__(self, console: Console, rulebook: Rulebook, found: Allocation, lang: str) -> None:
        super().__init__(console, rulebook, lang)
        self.found, self.words = found, AllocationWords(rulebook, found, lang)
        self.pick = self.words.pick

    def print(self) -> None:
        """Print the whole allocation."""
        self.put(Text(self.words.title(), style="bold"))
        self.put(Text(self.words.plan()))
        if unlisted := self.words.unlisted():
            self.put(Text(unlisted))
        verdict = self.found.verdict
        if verdict is not None:
            said = self.words.verdicts.conclusion(verdict)
            self.put(
                Text(f"{MARKS[verdict.outcome]} {self.words.verdicts.title(verdict)}{self.gap}"),
                said,
            )
        self.shares()
        self.figures()
        self.section("relief", self.words.relief())
        for key in _SECTIONS:
            lines: list[Line] = getattr(self.words, key)()
            self.section(key, lines)
        self.foot(self.found.grade, self.found.report)

    def section(self, key: str, lines: list[Line]) -> None:
        """Print a section of sentences, where there are any."""
        if lines:
            self.heading(HEADINGS[key].of(self.lang))
            for line in lines:
                self.put(Text("· "), line)

    def shares(self) -> None:
        """Print each unit or line with its figures, formula and sources; then all in one table."""
        for record in dict.fromkeys(s.record for s in self.found.shares):
            self.heading(HEADINGS[record].of(self.lang))
            shares = [s for s in self.found.shares if s.record == record]
            for share in shares:
                self.console.print()
                self.put(Text(self.words.share_title(share), style="bold"))
                self.table(
                    self.pick("项目|数值|来源", "|figure|source"),
                    self.words.share_rows(share),
                    (1,),
                )
                for text in self.words.share_lines(share):
                    self.put(Text(text))
            if len(shares) > 1:
                self.console.print()
                heads = self.pick(
                    "汇总（吨）|推算|配额量|减免|等级", "all (t)|derived|allocated|relief|grade"
                )
                rows = [self.words.summary(share) for share in shares]
                self.table(heads, rows, (1, 2, 3))

    def figures(self) -> None:
        """Print the allocation, the surplus or gap, and the obligation, with their formulas."""
        self.heading(HEADINGS["figures"].of(self.lang))
        self.table(self.pick("项目|数值|来源", "|figure|source"), self.words.figures(), (1,))
        for line in self.words.sum_lines():
            self.put(Text("· "), line)
