"""A surrender position on a terminal: figures with their articles, tables of units, advice."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from carbonlex.interfaces.typesetting import folded
from carbonlex.position.origin import no_holdings, origin
from carbonlex.position.values import Position
from carbonlex.position.wording import FIGURES, HEADINGS, PositionWords
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.phrases import DISCLAIMER, MARKS
from carbonlex.words.sentences import Line, grade_words, written_cites


class PositionPage:
    """Prints one position in one language."""

    def __init__(self, console: Console, rulebook: Rulebook, found: Position, lang: str) -> None:
        self.console, self.rulebook, self.found, self.lang = console, rulebook, found, lang
        self.words = PositionWords(rulebook, found, lang)
        self.pick = self.words.pick

    def print(self) -> None:
        """Print the whole position."""
        self.put(Text(self.words.title(), style="bold"))
        verdict = self.found.verdict
        said = self.words.verdicts.conclusion(verdict)
        self.put(Text(f"{MARKS[verdict.outcome]} {self.words.verdicts.title(verdict)}　"), said)
        for other in self.found.others:
            line = self.words.verdicts.conclusion(other)
            self.put(Text(f"{MARKS[other.outcome]} {self.words.verdicts.title(other)}　"), line)
        self.figures()
        self.holdings()
        self.credits()
        self.order()
        for key in ("cost", "failing", "banking", "needs", "questions", "assumptions"):
            lines = self.words.section(key)
            if lines:
                self.heading(key)
                for line in lines:
                    self.put(Text("· "), line)
        self.run()

    def heading(self, key: str) -> None:
        """Print a heading."""
        self.console.print()
        self.console.print(Text(HEADINGS[key].of(self.lang), style="bold underline"))

    def put(self, head: Text, line: Line | None = None) -> None:
        """Print a sentence with its citation, wrapped."""
        if line is not None:
            head.append(line.text)
            if line.cites:
                cites = written_cites(self.rulebook, line.cites, self.lang)
                head.append(f"　{cites}", style="cyan")
        depth = 1 + (line.depth if line else 0)
        for part in folded(head, self.console.width - 2 * depth):
            self.console.print(Text("  " * depth) + part, soft_wrap=True)

    def table(
        self, columns: str, rows: Sequence[tuple[str, ...]], figures: tuple[int, ...]
    ) -> None:
        """Print a table; `columns` are separated by `|`, figures are set to the right."""
        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
        for at, name in enumerate(columns.split("|")):
            table.add_column(name, justify="right" if at in figures else "left",
                             no_wrap=at in figures, overflow="fold")  # fmt: skip
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self.console.print(table)

    def figures(self) -> None:
        """Print what is owed, surrendered and short, and what is missing after all units."""
        self.heading("figures")
        rows = [self.words.figure(name) for name in FIGURES if self.words.shown(name)]
        rows.append(self.words.missing())
        self.table(self.pick("项目|吨|依据", "|t|basis"), rows, (1,))

    def holdings(self) -> None:
        """Print the allowances held, by vintage."""
        self.heading("holdings")
        held = self.found.holdings
        if not held:
            self.put(Text(no_holdings(self.found, self.words.pick)))
            return
        self.put(Text(origin(self.found, self.words.pick)))
        rows = [self.words.holding(h) for h in held]
        self.table(self.pick("年度|吨|本年度可用|依据", "vintage|t|usable|basis"), rows, (1,))

    def credits(self) -> None:
        """Print the credits told, row by row, and the cap."""
        self.heading("credits")
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
        self.heading("order")
        self.put(Text(self.words.advice()))
        rows = [self.words.step(at, s) for at, s in enumerate(self.found.order, 1)]
        self.table(self.pick("次序|单位|吨|理由", "|units|t|reason"), rows, (2,))

    def run(self) -> None:
        """Print what makes the run repeatable, and the reservation."""
        self.heading("run")
        report = self.found.report
        least = grade_words(self.found.grade, self.lang)
        for text in (
            self.pick(f"最弱来源等级：{least}", f"weakest source grade: {least}"),
            self.pick("规则库 {} · 案情 {}", "rulebook {} · case {}").format(
                report.rulebook_digest[:16], report.case_digest[:16]
            ),
            DISCLAIMER.of(self.lang),
        ):
            self.put(Text(text, style="dim"))
