"""A portfolio on a terminal: what is wrong with the data, totals, groups, why rows are open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.text import Text

from carbonlex.interfaces.figure_page import FigurePage
from carbonlex.model import weakest
from carbonlex.portfolio.reasons import INVALID
from carbonlex.portfolio.result import USUAL
from carbonlex.portfolio.survey import Survey
from carbonlex.portfolio.synth import NOTICE, SynthSummary
from carbonlex.portfolio.totals import DutyTotals, Grouping, GroupTotals, Key
from carbonlex.portfolio.wording import ORDER, PortfolioWords
from carbonlex.quantities import grouped, round_half_up
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.version import ENGINE
from carbonlex.words.phrases import DISCLAIMER, HEADINGS
from carbonlex.words.sentences import Line, cites_of, grade_words, written_cites

MOST = 12  # reasons of a duty, and kinds of problem, that a page shows


class PortfolioPage(FigurePage):
    """Prints one survey in one language."""

    def __init__(self, console: Console, found: Survey, lang: str) -> None:
        super().__init__(console, found.rulebook, lang)
        self.found, self.words = found, PortfolioWords(found.rulebook, lang)
        self.pick = self.words.pick

    def print(self) -> None:
        """Print the whole survey."""
        found, said = self.found, self.words
        whole = found.totals.whole
        self.console.print(Text(said.head(found), style="bold"))
        if found.synthetic:
            self.put(Text(NOTICE.of(self.lang), style="bold yellow"))
        for line in (said.readings(found), said.tally(whole)):
            if line:
                self.put(Text(line))
        for one in found.totals.refused:
            self.put(Text(said.refused(one), style="bold magenta"))
        self.problems()
        self.heading(HEADINGS["verdicts"].of(self.lang))
        self.duties(whole)
        self.heading(self.pick("数额", "Amounts"))
        self.amounts(whole)
        self.concepts(whole)
        for grouping, groups in found.totals.groups.items():
            self.groups(grouping, groups)
        self.reasons()
        self.norms()
        self.heading(HEADINGS["assumptions"].of(self.lang))
        for line in said.assumptions(found):
            self.put(Text("· "), Line(1, line))
        self.run()

    def problems(self) -> None:
        """Print which cells could not be taken."""
        counts = self.found.problem_counts
        if not counts:
            return
        self.heading(self.pick("数据中的问题", "Problems of the data"))
        rows = [
            (table, column, code, self.words.number(n), self.words.problem_rows(first, n))
            for (table, column, code), n in sorted(counts.items())
            for first in (self.found.first_rows(table, column, code),)
        ]
        heads = self.pick("表|列|代码|单元格|前几行", "table|column|code|cells|first rows")
        self.table(heads, rows[:MOST], (3,))
        if len(rows) > MOST:
            more = len(rows) - MOST
            self.put(Text(self.pick(f"另有 {more} 种，见 --json", f"{more} kinds more: --json")))
        self.put(
            Text(
                self.pick(
                    "这些单位的判断均为“未定”（invalid-data）；代码见 docs/errors.md",
                    "every verdict on these entities is undetermined (invalid-data); "
                    "codes: docs/errors.md",
                )
            )
        )

    def duties(self, of: GroupTotals) -> None:
        """Print how many rows of each duty have which verdict."""
        rows = [
            (self.words.duty(self.found, s), *self.words.counts(of.duties[s]))
            for s in self.found.subjects
            if s in of.duties
        ]
        heads = self.pick("义务", "duty") + "|" + self.words.heads()
        self.table(heads, rows, tuple(range(1, 1 + len(ORDER))))

    def amounts(self, of: GroupTotals, before: str = "") -> None:
        """Print what breaches come to, and what is still short; `before` names a group."""
        for slot in self.found.subjects:
            lines = [*self.words.amounts(self.found, slot, of.duties.get(slot, DutyTotals()))]
            if lines:
                self.put(Text(before + self.words.duty(self.found, slot), style="bold"))
            for line in lines:
                self.put(Text(""), Line(1, line))

    def concepts(self, of: GroupTotals) -> None:
        """Print the headline concepts."""
        rows = [self.words.concept(name, one) for name, one in of.findings.items()]
        if rows:
            self.heading(HEADINGS["findings"].of(self.lang))
            heads = self.pick("认定|结果|无值行", "finding|result|rows without")
            self.table(heads, rows, (2,))

    def groups(self, grouping: Grouping, groups: Mapping[Key, GroupTotals]) -> None:
        """Print the groups of a grouping; those asked for with each duty."""
        self.heading(self.pick("按", "By ") + self.words.grouping(grouping))
        names = "|".join(self.words.column(c) for c in grouping)
        if grouping in USUAL and grouping not in self.found.asked_by:
            rows = [
                (*self.words.group(grouping, key), *self._verdicts(of))
                for key, of in groups.items()
            ]
            heads = names + self.pick("|单位年度|", "|entity-years|") + self.words.heads()
            first = len(grouping)
            self.table(heads, rows, tuple(range(first, first + 1 + len(ORDER))))
            return
        rows = [
            (*self.words.group(grouping, key), self.words.duty(self.found, s), *line)
            for key, of in groups.items()
            for s in self.found.subjects
            if s in of.duties
            for line in (self.words.counts(of.duties[s]),)
        ]
        first = len(grouping) + 1
        heads = names + self.pick("|义务|", "|duty|") + self.words.heads()
        self.table(heads, rows, tuple(range(first, first + len(ORDER))))
        for key, of in groups.items():
            self.amounts(of, " · ".join((*self.words.group(grouping, key), "")))

    def _verdicts(self, of: GroupTotals) -> Sequence[str]:
        """Return the entity-years of a group, and how many verdicts of each kind it has."""
        counts = (sum(d.outcomes[o] for d in of.duties.values()) for o in ORDER)
        return (f"{of.entity_years:,}", *(f"{n:,}" if n else "" for n in counts))

    def reasons(self) -> None:
        """Print why rows are undetermined."""
        by = self.found.totals.reasons
        if not self.found.totals.reason_rows.keys() - {INVALID}:
            return
        self.heading(self.pick("未定的原因", "Why rows are undetermined"))
        for slot in self.found.subjects:
            facts = {n: rows for n, rows in by.get(slot, {}).items() if n != INVALID}
            counted = sorted(facts.items(), key=lambda one: (-one[1], one[0]))
            if not counted:
                continue
            told = [f"{self.words.reason(name)} {rows:,}" for name, rows in counted[:MOST]]
            more = ["…"] if len(counted) > MOST else []
            line = self.pick("；", "; ").join([*told, *more])
            colon = self.pick("：", ": ")
            self.put(Text(f"{self.words.duty(self.found, slot)}{colon}{line}"))

    def norms(self) -> None:
        """Print on which norms verdicts rest."""
        self.heading(self.pick("所依规范", "Norms relied on"))
        rows = []
        for slot in self.found.subjects:
            counted = self.found.totals.norms.get(slot, Counter[str]())
            for name, number in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
                norm = self.rulebook.norms[name]
                cites = written_cites(self.rulebook, cites_of(norm), self.lang)
                grade = grade_words(norm.grade, self.lang)
                duty = self.words.duty(self.found, slot)
                rows.append((duty, cites, grade, self.words.number(number)))
        heads = self.pick("义务|条文|来源等级|行", "duty|provision|source grade|rows")
        self.table(heads, rows, (3,))

    def run(self) -> None:
        """Print what makes the run repeatable, and the reservation."""
        found = self.found
        used = {n for counted in found.totals.norms.values() for n in counted}
        least = grade_words(weakest([self.rulebook.norms[n].grade for n in used]), self.lang)
        self.heading(HEADINGS["run"].of(self.lang))
        lines = [
            self.pick(
                f"所依规范的最弱来源等级：{least}；证明中可能有更弱的，见 --explain",
                f"weakest source grade of these norms: {least}; a proof may rest on something "
                "weaker: --explain",
            ),
            self.pick("规则库 {} · 数据 {}", "rulebook {} · data {}").format(
                found.rulebook.digest[:16], found.digest.partition(":")[2][:16]
            ),
            f"carbonlex {ENGINE} · {found.engine}",
            *(f"→ {path}" for path in found.written),
            DISCLAIMER.of(self.lang),
        ]
        for line in lines:
            self.put(Text(line, style="dim"))


def print_synth(console: Console, summary: SynthSummary, rulebook: Rulebook, lang: str) -> None:
    """Print what was synthesised, labelled as such."""
    page = FigurePage(console, rulebook, lang)
    words = PortfolioWords(rulebook, lang)
    page.put(Text(NOTICE.of(lang), style="bold yellow"))
    rows = [
        (str(t.year), f"{t.entities:,}", grouped(t.drawn), grouped(round_half_up(t.aimed)))
        for t in summary.totals
    ]
    heads = words.pick(
        "履约年度|单位|排放量（吨）|公布的总量（吨）",
        "compliance year|entities|emissions (t)|published total (t)",
    )
    page.table(heads, rows, (1, 2, 3))
    counted = ", ".join(f"{name} {count:,}" for name, count in summary.rows.items())
    page.put(Text(f"→ {summary.folder}: {counted}"))
