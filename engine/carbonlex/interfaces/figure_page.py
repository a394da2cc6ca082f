"""Headings, wrapped sentences with citations, tables of figures and the foot of their pages."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from carbonlex.interfaces.typesetting import folded
from carbonlex.model import Grade, Label
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.phrases import DISCLAIMER, HEADINGS
from carbonlex.words.sentences import Line, grade_words, written_cites


class FigurePage:
    """Prints the parts that pages of figures are made of, in one language."""

    def __init__(self, console: Console, rulebook: Rulebook, lang: str) -> None:
        self.console, self.rulebook, self.lang = console, rulebook, lang
        self.gap = "　" if lang == "zh" else "  "

    def heading(self, text: str) -> None:
        """Print a heading."""
        self.console.print()
        self.console.print(Text(text, style="bold underline"))

    def put(self, head: Text, line: Line | None = None) -> None:
        """Print a sentence with its citation, wrapped."""
        if line is not None:
            head.append(line.text)
            if line.cites:
                cites = written_cites(self.rulebook, line.cites, self.lang)
                head.append(f"{self.gap}{cites}", style="cyan")
        depth = 1 + (line.depth if line else 0)
        for part in folded(head, self.console.width - 2 * depth):
            self.console.print(Text("  " * depth) + part, soft_wrap=True)

    def table(
        self, columns: str, rows: Sequence[tuple[str, ...]], figures: tuple[int, ...]
    ) -> None:
        """Print a table; `columns` are separated by `|`, figures are set to the right."""
        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
        for at, name in enumerate(columns.split("|")):
            right = at in figures
            table.add_column(
                name, justify="right" if right else "left", no_wrap=right, overflow="fold"
            )
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        self.console.print(table)

    def foot(self, grade: Grade, report: Report) -> None:
        """Print the weakest grade, what makes the run repeatable, and the reservation."""
        self.heading(HEADINGS["run"].of(self.lang))
        least = grade_words(grade, self.lang)
        rules, case = report.rulebook_digest[:16], report.case_digest[:16]
        for said in (
            Label(f"最弱来源等级：{least}", f"weakest source grade: {least}"),
            Label(f"规则库 {rules} · 案情 {case}", f"rulebook {rules} · case {case}"),
            DISCLAIMER,
        ):
            self.put(Text(said.of(self.lang), style="dim"))
