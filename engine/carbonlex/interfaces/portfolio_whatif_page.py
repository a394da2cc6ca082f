"""Drafts over a portfolio on a terminal: the drafts, flips, who enters, what moves, the sweep."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from carbonlex.interfaces.figure_page import FigurePage
from carbonlex.model import weakest
from carbonlex.portfolio.flips import DutyFlips, Flips, GroupFlips
from carbonlex.portfolio.result import USUAL
from carbonlex.portfolio.subjects import Slot
from carbonlex.portfolio.sweep import Sweep
from carbonlex.portfolio.synth import NOTICE
from carbonlex.portfolio.totals import Grouping, Key
from carbonlex.portfolio.whatif import PortfolioWhatIf
from carbonlex.portfolio.whatif_wording import FlipWords, SweepWords
from carbonlex.reform.whatif import Step
from carbonlex.reform.wording import WhatIfWords
from carbonlex.version import ENGINE
from carbonlex.words.phrases import DISCLAIMER, HEADINGS
from carbonlex.words.sentences import Line, grade_words


class PortfolioWhatIfPage(FigurePage):
    """Prints what drafts do to a portfolio, in one language."""

    def __init__(self, console: Console, found: PortfolioWhatIf, lang: str) -> None:
        super().__init__(console, found.law.after, lang)
        self.found, self.words = found, FlipWords(found, lang)
        self.drafts = WhatIfWords(found.law, lang)
        self.pick = self.words.pick

    def print(self) -> None:
        """Print the whole answer."""
        found, said = self.found, self.words
        self.console.print(Text(said.title(), style="bold"))
        if found.synthetic:
            self.put(Text(NOTICE.of(self.lang), style="bold yellow"))
        if line := said.chosen():
            self.put(Text(line))
        for step in found.law.steps:
            self.draft(step)
        for clash in found.law.clashes:
            self.put(Text(self.drafts.clash(clash), style="bold magenta"))
        self.problems()
        if found.flips is not None:
            self.flips(found.flips)
        if found.sweep is not None:
            self.sweep(found.sweep)
        self.run()

    def draft(self, step: Step) -> None:
        """Print one draft: what it is, what becomes of the norms."""
        self.heading(self.pick("修法方案：", "Reform: ") + self.drafts.title(step))
        for line in (*self.drafts.summary(step), *self.drafts.effects(step)):
            self.put(Text(f"· {line}"))
        if step.strands:
            more = len(step.strands)
            self.put(
                Text(
                    self.pick(
                        f"· 别处受到牵连的 {more} 处，见 carbonlex whatif",
                        f"· elsewhere {more} things lean on what it changes: carbonlex whatif",
                    )
                )
            )

    def problems(self) -> None:
        """Print how many cells could not be taken."""
        cells = sum(self.found.problem_counts.values())
        if cells:
            self.put(
                Text(
                    self.pick(
                        f"数据中有 {cells:,} 处问题（portfolio check 逐一列出）：这些单位一律为"
                        "“未定”",
                        f"{cells:,} problems of the data (listed by portfolio check): those "
                        "entities are undetermined throughout",
                    ),
                    style="bold magenta",
                )
            )

    def flips(self, flips: Flips) -> None:
        """Print all that differs."""
        whole = flips.whole
        for one in flips.refused:
            self.put(Text(self.words.refused(one), style="bold magenta"))
        self.heading(self.pick("翻转的判断", "Verdicts that flip"))
        for line in self.words.tallies(whole):
            self.put(Text(line))
        self.matrix(whole)
        self.flags(whole)
        self.heading(self.pick("数额的变动", "Amounts that move"))
        self.amounts(whole)
        for grouping, groups in flips.groups.items():
            self.groups(grouping, groups)

    def matrix(self, of: GroupFlips) -> None:
        """Print which verdicts flip, from what to what."""
        duties = self._duties(of)
        rows = [row for slot, one in duties for row in self.words.matrix(slot, one)]
        if rows:
            heads = self.pick("义务|修改前|修改后|行", "duty|before|after|rows")
            self.table(heads, rows, (3,))
        else:
            self.put(Text(self.pick("没有判断翻转。", "No verdict flips.")))
        for line in (*(self.words.new_or_gone(s, d) for s, d in duties), self.words.half_open(of)):
            if line:
                self.put(Text(line))

    def flags(self, of: GroupFlips) -> None:
        """Print who enters and who leaves."""
        rows = [self.words.flag(name, one) for name, one in of.concepts.items() if one.states]
        if rows:
            self.heading(self.pick("进入与退出", "Who enters and who leaves"))
            self.table(self.words.flags(), rows, (1, 2, 3, 4, 5))

    def amounts(self, of: GroupFlips, before: str = "") -> None:
        """Print the amounts that move; `before` names a group."""
        moved = False
        for name, concept in of.concepts.items():
            if concept.amount.differs:
                moved = True
                self.put(Text(before + self.words.concept_moved(name, concept)))
        for slot, duty in self._duties(of):
            lines = [*self.words.amounts_moved(slot, duty)]
            if lines:
                moved = True
                self.put(Text(before + self.words.named(slot), style="bold"))
            for line in lines:
                self.put(Text(""), Line(1, line))
        if not moved and not before:
            self.put(Text(self.pick("没有数额变动。", "No amount moves.")))

    def groups(self, grouping: Grouping, groups: Mapping[Key, GroupFlips]) -> None:
        """Print the groups of a grouping; those asked for with each duty and amount."""
        self.heading(self.pick("按", "By ") + self.words.grouping(grouping))
        names = "|".join(self.words.column(c) for c in grouping)
        rows = [
            (*self.words.group(grouping, key), *self.words.group_row(of))
            for key, of in groups.items()
        ]
        first = len(grouping)
        heads = f"{names}|{self.words.group_heads()}"
        self.table(heads, rows, tuple(range(first, first + 7)))
        if grouping in USUAL and grouping not in self.found.asked_by:
            return
        rows = [
            (*self.words.group(grouping, key), *row)
            for key, of in groups.items()
            for slot, duty in self._duties(of)
            for row in self.words.matrix(slot, duty)
        ]
        if rows:
            heads = names + self.pick("|义务|修改前|修改后|行", "|duty|before|after|rows")
            self.table(heads, rows, (first + 3,))
        for key, of in groups.items():
            self.amounts(of, " · ".join((*self.words.group(grouping, key), "")))

    def _duties(self, of: GroupFlips) -> list[tuple[Slot, DutyFlips]]:
        """Return the duties that are judged of any row, in the order of the rulebook."""
        return [
            (s, of.duties[s]) for s in self.words.subjects if of.duties.get(s, DutyFlips()).flips
        ]

    def sweep(self, sweep: Sweep) -> None:
        """Print the totals at each value that was tried."""
        words = SweepWords(self.words, sweep)
        self.heading(words.title())
        for one in dict.fromkeys(r for p in sweep.points for r in p.refused):
            self.put(Text(self.words.refused(one), style="bold magenta"))
        if not sweep.slots and not sweep.concepts:
            self.put(
                Text(
                    self.pick(
                        "在所扫描的范围内合计没有变化。", "No total differs over the values tried."
                    )
                )
            )
            return
        self.table(words.heads(), [*words.rows()], ())
        if said := words.left_out():
            self.put(Text(said))

    def run(self) -> None:
        """Print what makes the run repeatable, and the reservation."""
        found, law = self.found, self.found.law
        self.heading(HEADINGS["run"].of(self.lang))
        lines = [said] if (said := self.words.presumed()) else []
        if found.flips is not None:
            held = {**law.before.norms, **law.after.norms}
            least = weakest([held[n].grade for n in found.flips.norms])
            lines.append(
                self.pick(
                    f"所依规范的最弱来源等级：{grade_words(least, self.lang)}；证明中可能有更弱的",
                    f"weakest source grade of the norms: {grade_words(least, self.lang)}; a proof "
                    "may rest on something weaker",
                )
            )
        lines += [
            self.pick("规则库 {} → {} · 数据 {}", "rulebook {} → {} · data {}").format(
                law.before.digest[:16], law.after.digest[:16], found.digest.partition(":")[2][:16]
            ),
            f"carbonlex {ENGINE} · {found.engine}",
            *(f"→ {path}" for path in found.written),
            DISCLAIMER.of(self.lang),
        ]
        for line in lines:
            self.put(Text(line, style="dim"))
