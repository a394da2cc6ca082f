"""The words for a portfolio: duties, groups, amounts, reasons and problems, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from carbonlex.model import Label, Outcome
from carbonlex.portfolio.reading.prepared import YEAR
from carbonlex.portfolio.reasons import INVALID, OTHER
from carbonlex.portfolio.subjects import KINDS, Kind, Slot
from carbonlex.portfolio.survey import Survey
from carbonlex.portfolio.totals import (
    REST,
    DutyTotals,
    FindingTotals,
    Grouping,
    GroupTotals,
    Key,
    Part,
    Refused,
    Sum,
)
from carbonlex.quantities import Range
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.phrases import CONSEQUENCES, OUTCOMES
from carbonlex.words.values import say

ORDER: tuple[Outcome, ...] = (
    "breached", "conflict", "undetermined", "pending", "complied", "not_applicable",
)  # fmt: skip
AMOUNTS: dict[Kind, Label] = {
    "gap": Label("差额", "gap"),
    "cost": Label("补足费用", "cost of closing it"),
    "fine": CONSEQUENCES["fine"],
    "confiscation": CONSEQUENCES["confiscation"],
    "deduction": CONSEQUENCES["deduction"],
}
_REASONS = {
    INVALID: Label("数据有误的单元格", "an invalid cell"),
    OTHER: Label("不因缺少某一项事实", "not for want of any one fact"),
}
_HEADS: dict[Outcome, Label] = {
    "conflict": Label("冲突", "conflict"), "not_applicable": Label("不适用", "n/a"),
}  # fmt: skip
_UNTOLD, _REST = Label("未告知", "not told"), Label("其余", "all others")
_YEAR = Label("履约年度", "compliance year")


def presumed_words(rulebook: Rulebook, name: str, lang: str) -> str:
    """Return what a fact is taken to be where nobody told it; of a list: none."""
    term = rulebook.vocabulary.terms.get(name)
    if term is None:
        return "无" if lang == "zh" else "none"
    return say(term.assumption, term.unit, lang, rulebook)


class PortfolioWords:
    """Says what a survey found, in one language."""

    def __init__(self, rulebook: Rulebook, lang: str) -> None:
        self.rulebook, self.lang = rulebook, lang

    def pick(self, zh: str, en: str) -> str:
        """Return the words of this language."""
        return en if self.lang == "en" else zh

    def assumptions(self, found: Survey) -> Iterator[str]:
        """Yield what was presumed, and which verdicts rest on nothing else."""
        taken = [
            f"{self.rulebook.label_of(n).of(self.lang)}{self.pick('：', ': ')}"
            f"{presumed_words(self.rulebook, n, self.lang)}"
            for n in found.presumptions
        ]
        if taken:
            listed = self.pick("；", "; ").join(taken)
            yield self.pick(f"未告知时推定：{listed}", f"presumed where not told: {listed}")
        for slot, rows in found.totals.assumed.items():
            duty = self.duty(found, slot)
            yield self.pick(
                f"{duty}：{rows:,} 行仅凭推定为符合",
                f"{duty}: {rows:,} rows comply only by what is presumed",
            )
        yield self.pick(
            "未决问题按所选或者默认的读法；没有逐一试其他读法，没有比较处罚决定时的法律，"
            "数个违反也没有并作一个行为：见 --explain",
            "open questions are read as chosen, or by default; other readings, the law at "
            "decision, and several breaches as one act were not tried: --explain",
        )

    def head(self, found: Survey) -> str:
        """Return what was judged, of when."""
        first, last = found.years
        years = str(first) if first == last else f"{first}–{last}"
        rows = found.totals.whole.entity_years
        asked = found.asked.on
        return self.pick(
            f"{found.data} · 询问日 {asked} · {years}年度 · {rows:,} 个单位年度",
            f"{found.data} · asked on {asked} · {years} · {rows:,} entity-years",
        )

    def tally(self, of: GroupTotals) -> str:
        """Return how many entity-years have a breach, and how many are open."""
        return self.pick(
            f"有违反的 {of.breached:,}；没有违反而未定或规范冲突的 {of.open_ones:,}；"
            f"数据有误的 {of.invalid:,}",
            f"with a breach: {of.breached:,}; without one, undetermined or in conflict: "
            f"{of.open_ones:,}; with invalid data: {of.invalid:,}",
        )

    def readings(self, found: Survey) -> str:
        """Return the readings that were chosen; empty where none was."""
        chosen = ", ".join(f"{q}={r}" for q, r in sorted(found.asked.readings.items()))
        return self.pick(f"所选读法：{chosen}", f"readings: {chosen}") if chosen else ""

    def duty(self, found: Survey, slot: Slot) -> str:
        """Return the name of a duty; of a child record's, with what is counted."""
        label = found.subjects[slot].label.of(self.lang)
        if not slot.record:
            return label
        of = self.rulebook.vocabulary.records[slot.record].label.of(self.lang)
        return self.pick(f"{label}（按{of}）", f"{label} (each of {of})")

    def counts(self, of: DutyTotals) -> tuple[str, ...]:
        """Return how many rows have which verdict, in the order of `ORDER`."""
        return tuple(f"{of.outcomes[o]:,}" if of.outcomes[o] else "" for o in ORDER)

    def heads(self) -> str:
        """Return the heads of the columns of `counts`, with `|` between them."""
        return "|".join(_HEADS.get(o, OUTCOMES[o]).of(self.lang) for o in ORDER)

    def amounts(self, found: Survey, slot: Slot, of: DutyTotals) -> Iterator[str]:
        """Yield what a duty comes to, a sentence for each kind of amount.

        Of what is undetermined only what is known; that all the rest is not goes without saying.
        """
        units = found.subjects[slot].units
        for kind in KINDS:
            said = []
            for outcome in ORDER:
                one = of.amounts.get(Part(kind, outcome), Sum())
                if not one.nothing and (one.known or outcome == "breached"):
                    said.append(f"{OUTCOMES[outcome].of(self.lang)} {self._sum(one, units[kind])}")
            if said:
                head = AMOUNTS[kind].of(self.lang)
                yield self.pick(f"{head}：{'；'.join(said)}", f"{head}: {'; '.join(said)}")

    def _sum(self, one: Sum, unit: str) -> str:
        """Return a sum with how many rows are in it, and how many are not known."""
        lost = self.pick(f"{one.unknown:,} 行未知", f"{_rows(one.unknown)} not known")
        if not one.known:
            return lost
        rows = self.pick(f"{one.known:,} 行", _rows(one.known))
        beside = [rows, lost] if one.unknown else [rows]
        said = say(Range(one.low, one.high), unit, self.lang)
        return self.pick(f"{said}（{'，'.join(beside)}）", f"{said} ({', '.join(beside)})")

    def concept(self, name: str, of: FindingTotals) -> tuple[str, ...]:
        """Return a headline concept: its name, how often it holds or its sum, how many without."""
        term = self.rulebook.vocabulary.terms[name]
        if term.type == "boolean":
            said = self.pick(
                f"成立 {of.holds:,}，不成立 {of.fails:,}", f"holds {of.holds:,}, not {of.fails:,}"
            )
        else:
            total = say(of.sum, term.unit, self.lang)
            said = self.pick(f"合计 {total}（{of.known:,} 行）", f"{total} ({_rows(of.known)})")
        return term.label.of(self.lang), said, f"{of.unknown:,}" if of.unknown else ""

    def grouping(self, grouping: Grouping) -> str:
        """Return the name of what rows are grouped by."""
        return " × ".join(self.column(c) for c in grouping)

    def column(self, name: str) -> str:
        """Return the name of one column that rows are grouped by."""
        return _YEAR.of(self.lang) if name == YEAR else self.rulebook.label_of(name).of(self.lang)

    def group(self, grouping: Grouping, key: Key) -> tuple[str, ...]:
        """Return the values of a group."""
        return tuple(self.value(c, v) for c, v in zip(grouping, key, strict=True))

    def value(self, column: str, value: str | int | None) -> str:
        """Return one value that rows are grouped by."""
        if value is None:
            return _UNTOLD.of(self.lang)
        if value == REST:
            return _REST.of(self.lang)
        term = self.rulebook.vocabulary.terms.get(column)
        if term is not None and value in term.choices:
            return term.choices[str(value)].of(self.lang)
        return str(value)

    def reason(self, name: str) -> str:
        """Return what a reason is, with the name that a fact is told by."""
        said = self.reason_label(name)
        return self.pick(f"{said}（{name}）", f"{said} ({name})") if said != name else name

    def reason_label(self, name: str) -> str:
        """Return what a reason is: the label of a fact, list or figure."""
        if name in _REASONS:
            return _REASONS[name].of(self.lang)
        parameter = self.rulebook.parameters.get(name)
        label = parameter.label if parameter is not None else self.rulebook.label_of(name)
        return label.of(self.lang)

    def refused(self, one: Refused) -> str:
        """Return that a duty or concept was not judged, and why."""
        name = self.rulebook.label_of(one.name).of(self.lang)
        duty = self.rulebook.duties.get(one.name)
        if duty:
            name = duty[0].label.of(self.lang)
        return self.pick(
            f"未判断：{name}（{one.name}），{one.rows:,} 行：{one.why[0]}",
            f"not judged: {name} ({one.name}), {_rows(one.rows)}: {one.why[1]}",
        )

    def problem_rows(self, rows: Sequence[int], count: int) -> str:
        """Return the first rows with a problem."""
        told = ", ".join(map(str, rows))
        return told + (" …" if count > len(rows) else "")

    def number(self, count: int) -> str:
        """Return a count for people."""
        return f"{count:,}"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
