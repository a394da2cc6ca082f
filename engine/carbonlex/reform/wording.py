"""What a what-if finds, in sentences: the reform, what it strands, what moved, where it flips."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from carbonlex.errors import Location
from carbonlex.model import Label, Unknown
from carbonlex.quantities import Range, decimals, grouped, round_half_even
from carbonlex.reasoner.verdict import Verdict
from carbonlex.reform.apply import Clash
from carbonlex.reform.changes import Figures as Held
from carbonlex.reform.changes import ParameterChange
from carbonlex.reform.chart import printable
from carbonlex.reform.compare import Aspect, Comparison, FindingMoved, Pair, Total
from carbonlex.reform.figures import NOTHING, Figure, Figures
from carbonlex.reform.strands import Strand, StrandKind
from carbonlex.reform.whatif import Step, WhatIf
from carbonlex.rulebook.norms import Norm
from carbonlex.statutes.citation import cite, pinpoint
from carbonlex.statutes.instruments import RANK_LABELS
from carbonlex.words.phrases import MARKS, joined
from carbonlex.words.redlines import amendment
from carbonlex.words.values import UNKNOWN_LABEL, say
from carbonlex.words.verdicts import outcome_of

ASPECTS: dict[Aspect, Label] = {
    "outcome": Label("结论", "outcome"),
    "basis": Label("依据", "basis"),
    "due": Label("期限", "due date"),
    "gap": Label("差额", "gap"),
    "fine": Label("罚款", "fine"),
    "confiscation": Label("没收", "confiscation"),
    "deduction": Label("核减", "deduction"),
    "cost": Label("补足代价", "cost to comply"),
    "consequences": Label("后果", "consequences"),
    "method": Label("未知之数的算法", "how what is unknown is worked out"),
}
_STRANDS: dict[StrandKind, Label] = {
    "norm": Label("所指的规范已不存在", "names a norm that fell"),
    "concept": Label("所用的概念不再有定义", "uses a concept that nothing defines any more"),
    "parameter": Label("所用的参数不再有值", "uses a figure that has no value any more"),
    "sanction": Label("处罚的义务不再有人设定", "sanctions a duty that nothing imposes any more"),
    "duty": Label("违反该义务不再有后果", "is a duty that nothing sanctions any more"),
    "source": Label("数值的来源已删去", "takes its value from a provision that is repealed"),
    "question": Label("未决问题所涉条款已删去", "is a question on a provision that is repealed"),
    "words": Label("所引条款已删去或者移位", "refers to a provision that is repealed or moved"),
}
_HINT = Label("所引条款已修改，请核对", "refers to a provision that is changed: look at it again")


class WhatIfWords:
    """Says what a what-if found, in one language."""

    def __init__(self, found: WhatIf, lang: str) -> None:
        self.found, self.lang, self.zh = found, lang, lang == "zh"

    def pick(self, zh: str, en: str) -> str:
        """Return the one of two texts in this language."""
        return zh if self.zh else en

    def title(self, step: Step) -> str:
        """Return the title of a reform."""
        return printable(step.applied.reform.title.of(self.lang)) or step.applied.reform.key

    def summary(self, step: Step) -> Iterator[str]:
        """Yield who would enact what in which form, from when, and what it amends."""
        reform, after = step.applied.reform, step.applied.after
        maker = reform.maker.label if reform.maker is not None else after.maker_label
        form = RANK_LABELS[reform.form or after.rank].of(self.lang)
        who = printable(maker.of(self.lang))
        yield self.pick(f"制定：{who}，{form}", f"enacted by: {who}, as {form}")
        if step.applied.before is not None:
            base = step.applied.before
            title = base.title.of(self.lang)
            yield self.pick(f"修改：《{title}》[{base.key}]", f"amends: {title} [{base.key}]")
        else:
            count = sum(not p.parent for p in after.provisions.values())
            yield self.pick(
                f"新制定，共 {count} 条 [{after.key}]",
                f"a new instrument of {count} articles [{after.key}]",
            )
        day = say(reform.effective, "", self.lang)
        yield self.pick(f"施行：{day}", f"with effect from: {day}")

    def amendments(self, step: Step) -> Iterator[str]:
        """Yield each amendment in one sentence; of a new instrument each article."""
        if step.redline is not None:
            for row in step.redline.amendments:
                yield amendment(step.redline, row, self.lang, quoting=False)
            if not step.redline.amendments:
                yield self.pick("文字没有变化。", "No words differ.")
            return
        after = step.applied.after
        for provision in after.provisions.values():
            if not provision.parent:
                place = pinpoint(after, provision.eid, self.lang)
                said = self.beside(place, after.words(provision.eid))
                yield printable(said.replace("\n", " "))

    def effects(self, step: Step) -> Iterator[str]:
        """Yield the figures that change, and the norms added, changed, restated and fallen."""
        found = step.changes
        for one in found.parameters:
            yield self.parameter(one)
        for norms, zh, en in (
            (found.added, "新增规范", "norms added"),
            (found.changed, "含义改变的规范", "norms that say something else"),
            (found.restated, "改依新文字、含义未变的规范", "norms on new words, meaning the same"),
        ):
            if norms:
                said = joined([self.norm(n) for n in norms], self.lang)
                yield self.colon(self.pick(zh, en), said)
        if found.fallen:
            said = joined([f.name for f in found.fallen], self.lang)
            yield self.colon(self.pick("不再有的规范", "norms that fall"), said)

    def norm(self, norm: Norm) -> str:
        return printable(f"{norm.label.of(self.lang)} [{norm.short}]")

    def colon(self, head: str, said: str) -> str:
        """Join a head and what is said under it."""
        return f"{head}：{said}" if self.zh else f"{head}: {said}"

    def beside(self, head: str, said: str) -> str:
        """Set what is said beside its head, with the space of the language."""
        return f"{head}　{said}" if self.zh else f"{head}, {said}"

    def parameter(self, one: ParameterChange) -> str:
        """Return a figure before and after, with from when."""
        label = printable(one.parameter.label.of(self.lang))
        if one.key:
            row = printable(self.found.after.label_of(one.key).of(self.lang))
            label += self.pick(f"（{row}）", f" ({row})")
        old, new = (self.held(v, one.parameter.unit) for v in (one.old, one.new))
        return self.colon(label, f"{old} → {new}{self.span(one.start, one.until)}")

    def held(self, value: Held, unit: str) -> str:
        if value is None:
            return self.pick("（无）", "(none)")
        if isinstance(value, tuple):
            return say(value, unit, self.lang, self.found.after)
        if isinstance(value, dict):
            return "…"
        return say(value, unit, self.lang)

    def span(self, start: date | int, until: date | int | None) -> str:
        if isinstance(start, int):
            said = f"{start}" if until in (None, start) else f"{start}–{until}"
            return self.pick(f"（{said}年度）", f" (compliance year {said})")
        end = self.pick(f"，{until} 前", f" until {until}") if until is not None else ""
        return self.pick(f"（自 {start} 起{end}）", f" (from {start}{end})")

    def strand(self, one: Strand) -> str:
        """Return what leans on what is gone, and where."""
        why = (_HINT if one.hint else _STRANDS[one.kind]).of(self.lang)
        names = self.place(one.names)
        if one.text:
            names = f"“{one.text}”" + self.pick(f"（{names}）", f" ({names})")
        elif one.kind in ("concept", "parameter"):
            names = f"{self.found.after.label_of(one.names).of(self.lang)} [{one.names}]"
        where = self.where(one.where)
        return printable(self.beside(self.place(one.at), self.colon(why, names)) + where)

    def where(self, where: Location) -> str:
        return self.pick(f"（{where}）", f" ({where})") if where.line else ""

    def place(self, name: str) -> str:
        """Return a norm by its label, a provision by its citation; another name as it is."""
        key, mark, eid = name.partition("#")
        instrument = self.found.after.instruments.get(key) or self.found.before.instruments.get(key)
        if mark and instrument is not None:
            return cite(instrument, eid, self.lang, short=True)
        norm = self.found.after.norms.get(name) or self.found.before.norms.get(name)
        return f"{norm.label.of(self.lang)} [{name}]" if norm is not None else name

    def clash(self, one: Clash) -> str:
        """Return that two reforms change one provision."""
        return self.pick(
            f"{one.eid}：{one.first} 与 {one.second} 都作修改，后者取代前者",
            f"{one.eid}: both {one.first} and {one.second} change it; the latter takes its place",
        )

    def name(self, label: Label, year: int, index: int) -> str:
        """Return a duty with its record and compliance year."""
        said = label.of(self.lang)
        if index >= 0:
            said += self.pick(f"（第{index + 1}项）", f" (no. {index + 1})")
        return printable(self.pick(f"{said}（{year}年度）", f"{said}, {year}"))

    def pair(self, one: Pair) -> tuple[str, str, str, str]:
        """Return a row: the duty, the verdict before, that after, in what they differ."""
        changed = joined([ASPECTS[a].of(self.lang) for a in one.changes], self.lang)
        return (
            self.name(one.verdict.label, one.year, one.index),
            self.side(one.before, one.figures[0]),
            self.side(one.after, one.figures[1]),
            changed,
        )

    def side(self, verdict: Verdict | None, figures: Figures) -> str:
        """Return a verdict in short: its outcome, and what it comes to."""
        if verdict is None:
            return self.pick("无此义务", "no such duty")
        said = [f"{MARKS[verdict.outcome]} {outcome_of(verdict).of(self.lang)}"]
        if verdict.outcome != "not_applicable":
            said += self.amounts(figures)
        return self.pick("；", "; ").join(said)

    def amounts(self, figures: Figures) -> Iterator[str]:
        for aspect, unit in (
            ("gap", figures.unit), ("fine", "CNY"), ("confiscation", "CNY"),
            ("deduction", "tCO2e"), ("cost", "CNY"),
        ):  # fmt: skip
            figure: Figure = getattr(figures, aspect)
            if figure != NOTHING:
                yield f"{ASPECTS[aspect].of(self.lang)} {self.figure(figure, unit)}"  # type: ignore[index]

    def figure(self, figure: Figure, unit: str) -> str:
        """Return an amount; a quotient without an end in digits is rounded, and says so."""
        if isinstance(figure, Unknown):
            return UNKNOWN_LABEL.of(self.lang)
        ends = (figure.lower, figure.upper)
        if any(decimals(e) is None for e in ends):
            low, high = (round_half_even(e, 6) for e in ends)
            return self.pick("约 ", "about ") + say(Range(low, high), unit, self.lang)
        return say(figure, unit, self.lang)

    def total(self, one: Total) -> str:
        """Return what moved in all: before, after, and by how much the least and the most."""
        kind = ASPECTS[one.kind].of(self.lang)
        if one.duty:
            norms = (
                *self.found.after.duties.get(one.duty, ()),
                *self.found.before.duties.get(one.duty, ()),
            )
            kind = self.beside(printable(norms[0].label.of(self.lang)), kind)
        before, after = self.figure(one.before, one.unit), self.figure(one.after, one.unit)
        said = self.colon(kind, f"{before} → {after}")
        if one.moved is None:
            return said + self.pick("（有数额未知，变动不能合计）", " (not known in part: no sum)")
        least, most = (self.signed(m) for m in one.moved)
        if least == most:
            return said + self.pick(f"（{most}）", f" ({most})")
        return said + self.pick(f"（最低 {least}，最高 {most}）", f" (least {least}, most {most})")

    def finding(self, one: FindingMoved) -> str:
        """Return a main concept of a year before and after."""
        term = self.found.after.vocabulary.terms[one.concept]
        sides = (
            say(v, term.unit, self.lang, self.found.after)
            if v is not None
            else self.pick("（无规定）", "(no law on it)")
            for v in (one.before, one.after)
        )
        return self.colon(self.name(term.label, one.year, -1), " → ".join(sides))

    def signed(self, amount: Fraction) -> str:
        """Return by how much an amount moves, with its sign."""
        exact = amount if decimals(amount) is not None else round_half_even(amount, 6)
        return f"+{grouped(exact)}" if exact > 0 else grouped(exact)

    def unchanged(self, one: Comparison) -> str:
        """Return that nothing differs, and why where the law came too late."""
        said = self.pick("判断没有变化。", "No verdict differs.")
        last, start = one.last_law, self.found.effective
        if last is not None and start is not None and last < start:
            said += self.pick(
                f"本案各项义务依 {last} 及以前的法律判断，早于施行日 {start}；"
                "用 --effective 日期 试较早的施行日。",
                f" The duties of this case are judged by the law of {last} and before, and the "
                f"reform has effect from {start}: try an earlier day with --effective DATE.",
            )
        return said

    def still_open(self, one: Comparison) -> str:
        """Return which verdicts neither law settles on what was told; empty where there is none."""
        found = one.open
        if not found:
            return ""
        names = joined([self.name(p.verdict.label, p.year, p.index) for p in found], self.lang)
        return self.pick(
            f"{len(found)} 项在修改前后都未能判定：{names}。修改对它们的影响因此不明；"
            "carbonlex check 列出所缺的事实。",
            f"{len(found)} settled neither before nor after: {names}. What the change does to them "
            "is therefore not known; carbonlex check lists the facts that are missing.",
        )
