"""A surrender position on a terminal: figures with their articles, tables of units, advice."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from carbonlex.interfaces.figure_page import FigurePage
from carbonlex.position.origin import no_holdings, origin
from carbonlex.position.values import Position
from carbonlex.position.wording import FIGURES, HEADINGS, PositionWords
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.phrases import MARKS


class PositionPage(FigurePage):
    """Prints one position in one language."""

    def __init__(self, console: Console, rulebook: Rulebook, found: Position, lang: str) -> None:
        super().__init__(console, rulebook, lang)
        self.found, self.words = found, PositionWords(rulebook, found, lang)
        self.pick = self.words.pick

    def print(self) -> None:
        """Print the whole position."""
        self.put(Text(self.words.title(), style="bold"))
        verdict = self.found.verdict
        said = self.words.verdicts.conclusion(verdict)
        self.put(
            Text(f"{MARKS[verdict.outcome]} {self.words.verdicts.title(verdict)}{self.gap}"), said
        )
        for other in self.found.others:
            line = self.words.verdicts.conclusion(other)
            self.put(
                Text(f"{MARKS[other.outcome]} {self.words.verdicts.title(other)}{self.gap}"), line
            )
        self.figures()
        self.holdings()
        self.credits()
        self.order()
        for key in ("cost", "failing", "banking", "needs", "questions", "assumptions"):
            lines = self.words.section(key)
            if lines:
                self.heading(HEADINGS[key].of(self.lang))
                for line in lines:
                    self.put(Text("· "), line)
        self.foot(self.found.grade, self.found.report)

    def figures(self) -> None:
        """Print what is owed, surrendered and short, and what is missing after all units."""
        self.heading(HEADINGS["figures"].of(self.lang))
        rows = [self.words.figure(name) for name in FIGURES if self.words.shown(name)]
        rows.append(self.words.missing())
        self.table(self.pick("项目|吨|依据", "|t|basis"), rows, (1,))

    def holdings(self) -> None:
        """Print the allowances held, by vintage."""
        self.heading(HEADINGS["holdings"].of(self.lang))
        held = self.found.holdings
        if not held:
            self.put(Text(no_holdings(self.found, self.words.pick)))
            return
        self.put(Text(origin(self.found, self.words.pick)))
        rows = [self.words.holding(h) for h in held]
        self.table(self.pick("年度|吨|本年度可用|依据", "vintage|t|usable|basis"), rows, (1,))

    def credits(self) -> None:
        """Print the credits told, row by row, and the cap."""
        self.heading(HEADINGS["credits"].of(self.lang))
        if self.found.credits is None:
            self.put(Text(self.words.no_credits()))
        elif self.found.credits:
            rows = [self.words.credit(c) for c in self.found.credits]
            heads = self.pick("项|吨|已用|本年度可用|依据", "no.|t|used|usable|basis")
            self.table(heads, rows, (1,))
        for line in self.words.cap():
            self.put(Text("· "), line)

    def order(self) -> None:
        """Print the order of use."""
        if not self.found.order:
            return
        self.heading(HEADINGS["order"].of(self.lang))
        self.put(Text(self.words.advice()))
        rows = [self.words.step(at, s) for at, s in enumerate(self.found.order, 1)]
        self.table(self.pick("次序|单位|吨|理由", "|units|t|reason"), rows, (2,))
