"""What a portfolio came to, as tables and sentences: read off a survey, nothing added up here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.memo.document import Block, Bullets, Item, Table
from carbonlex.memo.paths import slot_name
from carbonlex.memo.pen import Pen

if TYPE_CHECKING:
    from carbonlex.portfolio.survey import Survey
    from carbonlex.portfolio.totals import Grouping, GroupTotals, Key

_MOST = 200  # groups of one grouping that a report prints


class Tallies:
    """Writes the figures of one survey with one pen."""

    def __init__(self, pen: Pen, found: Survey) -> None:
        from carbonlex.portfolio.wording import PortfolioWords

        self.pen, self.found, self.pick = pen, found, pen.pick
        self.words = PortfolioWords(found.rulebook, pen.lang)

    def brief(self) -> tuple[Block, ...]:
        """Return how many entity-years have a breach, then each duty that some row breaches."""
        found, pen, whole = self.found, self.pen, self.found.totals.whole
        head = f"{whole.entity_years:,} "
        head += self.pick("个单位年度：", "entity-years: ")
        lines = [head + self.words.tally(whole), self.words.readings(found)]
        blocks: list[Block] = [pen.paragraph(pen.sentence(line)) for line in lines if line]
        for slot in found.subjects:
            of = whole.duties.get(slot)
            if of is None or not of.outcomes["breached"]:
                continue
            count = of.outcomes["breached"]
            label = self.words.duty(found, slot)
            rows = "row" if count == 1 else "rows"
            said = self.pick(
                f"{label}：违反 {count:,} 行", f"{label}: breached in {count:,} {rows}"
            )
            tail = [*self.words.amounts(found, slot, of)]
            text = self.pick("；", "; ").join([said, *tail])
            blocks.append(pen.paragraph(pen.sentence(text, proof=slot_name(slot))))
        blocks += [pen.paragraph(pen.sentence(self.words.refused(r))) for r in found.totals.refused]
        return tuple(blocks)

    def data(self) -> tuple[Block, ...]:
        """Return which data were judged, and which of their cells could not be taken."""
        found, words = self.found, self.words
        first, last = found.years
        # The folder's own name: where it lies on one machine is no part of what was found.
        name = Path(found.data).name
        years = str(first) if first == last else f"{first}–{last}"
        blocks: list[Block] = [
            self.pen.said(f"数据：{name}；{years}年度", f"Data: {name}; compliance years {years}"),
            Table(
                self._heads(self.pick("表|行", "Table|Rows")),
                tuple((name, f"{rows:,}") for name, rows in found.rows.items()),
                self.pick("数据的各表", "Tables of the data"),
                right=(1,),
            ),
        ]
        if found.problem_counts:
            rows = tuple(
                (*key, words.number(n), words.problem_rows(found.first_rows(*key), n))
                for key, n in sorted(found.problem_counts.items())
            )
            heads = self.pick("表|列|代码|单元格|前几行", "Table|Column|Code|Cells|First rows")
            caption = self.pick(
                "不能采用的单元格：这些单位的判断均为“未定”",
                "Cells that could not be taken: every verdict on these entities is undetermined",
            )
            blocks.append(Table(self._heads(heads), rows, caption, right=(3,)))
        return tuple(blocks)

    def duties(self) -> tuple[Block, ...]:
        """Return how many rows of each duty have which verdict."""
        return (self._duties(self.found.totals.whole, self.pick("全部", "All")),)

    def _duties(self, of: GroupTotals, caption: str) -> Table:
        rows = tuple(
            (self.pen.capital(self.words.duty(self.found, s)), *self.words.counts(of.duties[s]))
            for s in self.found.subjects
            if s in of.duties
        )
        heads = self._heads(self.pick("义务|", "Duty|") + self.words.heads())
        return Table(heads, rows, caption, right=tuple(range(1, len(heads))))

    def amounts(self) -> tuple[Block, ...]:
        """Return what each duty comes to, kind by kind."""
        from carbonlex.portfolio.subjects import KINDS
        from carbonlex.portfolio.totals import DutyTotals

        items: list[Item] = []
        for slot in self.found.subjects:
            of = self.found.totals.whole.duties.get(slot, DutyTotals())
            kinds = [k for k in KINDS if any(p.kind == k for p in of.amounts)]
            lines = [*self.words.amounts(self.found, slot, of)]
            if lines:
                label = self.words.duty(self.found, slot) + self.pick("：", ":")
                items.append(Item(0, self.pen.sentence(label, proof=slot_name(slot))))
            # A line may be left out where nothing of its kind is known: paths name the duty then.
            exact = len(lines) == len(kinds)
            for at, line in enumerate(lines):
                path = slot_name(slot) + (f"/{kinds[at]}" if exact else "")
                items.append(Item(1, self.pen.sentence(line, proof=path)))
        if not items:
            return (self.pen.nothing(),)
        lead = self.pen.said(
            "合计只含已知的行，未知的行数写在旁边：",
            "Sums hold the rows that are known; how many are not stands beside them:",
        )
        return (lead, Bullets(tuple(items)))

    def findings(self) -> tuple[Block, ...]:
        """Return the headline concepts: how often each holds, or what it sums up to."""
        told = (self.words.concept(n, f) for n, f in self.found.totals.whole.findings.items())
        rows = tuple((self.pen.capital(name), *rest) for name, *rest in told)
        heads = self.pick("认定|结果|无值行", "Finding|Result|Rows without")
        caption = self.pick(
            "无值：未知，或者法律对这类单位没有规定",
            "Rows without: not known, or not defined by law for such an entity",
        )
        table = Table(self._heads(heads), rows, caption, right=(2,))
        return (table,) if rows else (self.pen.nothing(),)

    def groups(self) -> tuple[Block, ...]:
        """Return the verdicts of each group; those asked for with each duty."""
        from carbonlex.portfolio.result import USUAL

        blocks: list[Block] = []
        for grouping, groups in self.found.totals.groups.items():
            blocks.append(self._grouped(grouping, [*groups.items()][:_MOST]))
            if len(groups) > _MOST:
                more = len(groups) - _MOST
                blocks.append(self.pen.said(f"另有 {more:,} 组未列", f"{more:,} groups more"))
            if grouping not in USUAL or grouping in self.found.asked_by:
                blocks += [
                    self._duties(of, " · ".join(self.words.group(grouping, key)))
                    for key, of in [*groups.items()][:_MOST]
                ]
        return tuple(blocks) or (self.pen.nothing(),)

    def _grouped(self, grouping: Grouping, groups: list[tuple[Key, GroupTotals]]) -> Table:
        from carbonlex.portfolio.wording import ORDER

        rows = tuple(
            (
                *self.words.group(grouping, key),
                f"{of.entity_years:,}",
                *(_count(sum(d.outcomes[o] for d in of.duties.values())) for o in ORDER),
            )
            for key, of in groups
        )
        names = "|".join(self.words.column(c) for c in grouping)
        heads = self._heads(names + self.pick("|单位年度|", "|Entity-years|") + self.words.heads())
        caption = self.pick("按", "By ") + self.words.grouping(grouping)
        return Table(heads, rows, caption, right=tuple(range(len(grouping), len(heads))))

    def reasons(self) -> tuple[Block, ...]:
        """Return why rows are undetermined: each reason with the name that a fact is told by."""
        rows = tuple(
            (
                self.pen.capital(self.words.duty(self.found, slot)),
                self.words.reason(name),
                f"{count:,}",
            )
            for slot in self.found.subjects
            for name, count in sorted(
                self.found.totals.reasons.get(slot, {}).items(), key=lambda one: (-one[1], one[0])
            )
        )
        caption = self.pick("一行可以有几个原因", "A row may have several reasons")
        table = Table(
            self._heads(self.pick("义务|原因|行", "Duty|Reason|Rows")), rows, caption, right=(2,)
        )
        return (table,) if rows else (self.pen.nothing(),)

    def _heads(self, row: str) -> tuple[str, ...]:
        return tuple(self.pen.capital(head) for head in row.split("|"))

    def assumed(self) -> list[str]:
        """Return what was presumed, and what was not tried."""
        return [*self.words.assumptions(self.found)]


def _count(number: int) -> str:
    return f"{number:,}" if number else ""
