"""A surrender position in words, both languages: figures, units, advice, what failing costs."""

from __future__ import annotations

from fractions import Fraction

from carbonlex.model import Label
from carbonlex.position.values import Amount, Credit, Holding, Position, Reason, Step, Use
from carbonlex.quantities import grouped
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words import sentences
from carbonlex.words.remarks import Remarks
from carbonlex.words.sentences import Cite, Line, cites_of, flagged, written_cites
from carbonlex.words.values import UNKNOWN_LABEL, say
from carbonlex.words.verdicts import VerdictWords

FIGURES = ("free_allocation", "relief", "obligation", "surrendered", "offsets", "shortfall")
HEADINGS: dict[str, Label] = {
    "figures": Label("数额", "Figures"),
    "holdings": Label("持有的配额", "Allowances held"),
    "credits": Label("核证自愿减排量", "Certified reductions"),
    "order": Label("使用次序（建议）", "Order of use (advice)"),
    "cost": Label("补足的费用", "Cost of what is missing"),
    "failing": Label("届时不足的后果", "If it stays short"),
    "banking": Label("结转", "Banking"),
    "needs": Label("缺少的事实", "Facts that are missing"),
    "questions": Label("所涉未决问题与采用的读法", "Open questions, and the readings used"),
    "assumptions": Label("所作的假定", "Assumptions made"),
}
REASONS: dict[Reason, Label] = {
    "borrowed": Label("预支的只能用于本年度，最先用", "borrowed: can serve this year only"),
    "lapses": Label("下一年度不能再用", "cannot serve the next year"),
    "cheaper": Label("减排量比配额便宜", "reductions are cheaper than allowances"),
    "room": Label(
        "本年度的抵销额度过期不补，用减排量可留下仍能使用的配额",
        "this year's room lapses; using it spares allowances that may serve later",
    ),
    "bankable": Label("可在上限内结转，先旧后新", "may be banked within the cap; older first"),
    "open": Label(
        "下一年度能否使用尚无规定，先旧后新",
        "not settled whether it may serve the next year; older first",
    ),
    "oldest": Label(
        "下一年度仍可用，先旧后新，最新的留存", "may serve the next year; older first, newest kept"
    ),
    "dearer": Label("减排量比配额贵，最后用", "reductions are dearer than allowances: last"),
}
_ALLOWED = {True: Label("可用", "yes"), False: Label("不可用", "no"), None: UNKNOWN_LABEL}


class PositionWords:
    """Says what a position says, in one language."""

    def __init__(self, rulebook: Rulebook, found: Position, lang: str) -> None:
        self.rulebook, self.found, self.lang = rulebook, found, lang
        self.verdicts = VerdictWords(rulebook, lang)
        self.remarks = Remarks(rulebook, found.report, lang)
        self.pick = self.verdicts.pick

    def title(self) -> str:
        """Return who, which year, as of when."""
        report, year = self.found.report, self.found.year
        name = report.case_name or self.pick("（未具名）", "(unnamed)")
        return self.pick(
            f"{name} · {year}年度清缴头寸 · 询问日 {report.asked_on}",
            f"{name} · surrender position of {year} · asked on {report.asked_on}",
        )

    def tonnes(self, quantity: Fraction | None) -> str:
        """Return a number of tonnes without its unit."""
        return UNKNOWN_LABEL.of(self.lang) if quantity is None else grouped(quantity)

    def weight(self, quantity: Fraction | None) -> str:
        """Return a number of tonnes with its unit."""
        return say(quantity, "tCO2e", self.lang)

    def shown(self, name: str) -> bool:
        """Return whether a figure is worth a row: allocation and relief only where there is one."""
        one = self.amount(name)
        optional = name in ("free_allocation", "relief")
        return one.known and not (optional and (one.number is None or one.number == 0))

    def amount(self, name: str) -> Amount:
        """Return one of the figures by its name."""
        found: Amount = getattr(self.found, name)
        return found

    def figure(self, name: str) -> tuple[str, str, str]:
        """Return one figure: what it is, tonnes, on what it rests."""
        one = self.amount(name)
        label = self.rulebook.label_of(one.proof.label).of(self.lang)
        return label, self.tonnes(one.number), self.basis(one.proof) + flagged(one.grade, self.lang)

    def missing(self) -> tuple[str, str, str]:
        """Return what is missing after everything usable, or between what it lies."""
        label = self.pick("用尽可用单位后尚缺", "missing after all that may be used")
        exact, best, worst = self.found.missing, self.found.best, self.found.worst
        if exact is not None or best is None:
            return label, self.tonnes(exact), ""
        least, most = grouped(best), self.tonnes(worst)
        between = self.pick(f"在 {least} 与 {most} 之间", f"between {least} and {most}")
        return label, self.tonnes(None), between

    def basis(self, proof: Proof) -> str:
        """Return what a figure rests on: that it was told, or its article."""
        if proof.step == "told":
            return self.pick("已告知", "told")
        norm = self.rulebook.norms.get(proof.norm)
        return written_cites(self.rulebook, cites_of(norm), self.lang) if norm else ""

    def no_credits(self) -> str:
        """Return that credits were not told."""
        return self.pick(
            "未告知（没有则写 credits = []）。",
            "Not told; where there are none, write credits = [].",
        )

    def holding(self, held: Holding) -> tuple[str, str, str, str]:
        """Return one vintage: its name, tonnes, whether usable, and who says so."""
        name = self.vintage(held.vintage)
        if held.borrowed:
            name += self.pick("（预支）", " (borrowed)")
        allowed = _ALLOWED[held.now.allowed].of(self.lang)
        return name, grouped(held.quantity), allowed, self.reason(held.now)

    def vintage(self, key: str) -> str:
        """Return the name of a vintage."""
        return self.rulebook.vocabulary.terms["vintage"].choices[key].of(self.lang)

    def credit(self, one: Credit) -> tuple[str, str, str, str, str]:
        """Return one row of credits; one that was used counts or does not."""
        return (
            str(one.index + 1),
            self.tonnes(one.quantity),
            say(one.used, "", self.lang) if one.used is not None else self.tonnes(None),
            _ALLOWED[one.now.allowed].of(self.lang),
            self.reason(one.now),
        )

    def reason(self, use: Use) -> str:
        """Return the articles by which units may be used or not, with the grade where weak."""
        listed = [p for p in use.proof.walk() if p.step == "parameter" and p.unit == "choices"]
        if listed and (use.allowed or not use.norms):
            parameter = self.rulebook.parameters[listed[0].label]
            said, grade = sentences.parameter_source(
                self.rulebook, parameter, listed[0].entry, self.lang
            )
            return said + flagged(grade, self.lang)
        norms = [self.rulebook.norms[n] for n in use.norms if n in self.rulebook.norms]
        cites = tuple(dict.fromkeys(c for n in norms for c in cites_of(n)))
        if not cites and use.allowed is None:
            return self.pick("询问日没有已知的规定", "no law on it known on the day asked")
        return written_cites(self.rulebook, cites, self.lang) + flagged(use.grade, self.lang)

    def cap(self) -> list[Line]:
        """Return the cap on credits for the year, and the room left."""
        cap, room = self.found.cap, self.found.room
        if not cap.known:
            return []
        norm = self.rulebook.norms.get(cap.proof.norm)
        text = self.pick(
            f"抵销上限 {self.weight(cap.number)}，尚可用 {self.weight(room)}",
            f"cap {self.weight(cap.number)}, room left {self.weight(room)}",
        )
        lines = [Line(0, text + flagged(cap.grade, self.lang), cites_of(norm) if norm else ())]
        if self.found.ledger_credits:
            held = grouped(self.found.ledger_credits)
            lines.append(Line(0, self.pick(
                f"变动记录结存减排量 {held} 吨；可否使用以 credits 各项为准",
                f"the ledger holds {held} t; whether they may be used is judged by the rows of"
                " credits",
            )))  # fmt: skip
        return lines

    def advice(self) -> str:
        """Return what the order of use is, and is not."""
        return self.pick(
            "由各单位的使用期限推得，不是法律要求：",
            "It follows from when units lapse; law does not ask for it:",
        )

    def step(self, at: int, step: Step) -> tuple[str, str, str, str]:
        """Return one step of the order of use."""
        if step.index >= 0:
            units = self.pick(f"减排量第 {step.index + 1} 项", f"reductions, no. {step.index + 1}")
        else:
            name = self.vintage(step.vintage)
            units = self.pick(f"{name}配额", f"allowances of {name}")
        return str(at), units, grouped(step.quantity), REASONS[step.reason].of(self.lang)

    def section(self, key: str) -> list[Line]:
        """Return the sentences of a section."""
        lines: list[Line] = getattr(self, key)()
        return lines

    def cost(self) -> list[Line]:
        """Return what it costs to buy what is missing."""
        cost = self.found.cost
        if not self.found.missing:
            return []
        if cost is None:
            zh, en = "未告知价格：写 --price 或", "no price told: give --price or"
            return [Line(0, self.pick(zh, en) + " allowance_price")]
        parts = [(cost.allowances, cost.price, self.pick("配额", "allowances"))]
        if cost.credits and cost.credit_price is not None:
            parts.insert(0, (cost.credits, cost.credit_price, self.pick("减排量", "reductions")))
        sums = [
            f"{name} {grouped(q)} × {grouped(p)} = {grouped(q * p)}" for q, p, name in parts if q
        ]
        total = say(cost.total, "CNY", self.lang)
        said = self.pick("；", "; ").join(sums)
        return [Line(0, self.pick(f"{said}，共 {total}", f"{said}: {total} in all"))]

    def failing(self) -> list[Line]:
        """Return the consequences of staying short, as ranges."""
        found = self.found.failing
        if found is None:
            return []
        gap = found.tonnes if found.tonnes is not None else found.verdict.gap
        short = self.pick("未足额清缴", "surrender is not in full")
        if isinstance(gap, Fraction):
            tonnes = self.weight(gap)
            short = self.pick(f"仍有 {tonnes}未清缴", f"{tonnes} are still short")
        day = say(found.verdict.due, "", self.lang)
        lines = [Line(0, self.pick(f"{day}期满{short}的：", f"if {short} after {day}:"))]
        if found.price is not None:
            price = say(found.price, "CNY/tCO2e", self.lang)
            lines.append(Line(1, self.pick(
                f"清缴时限前一个月均价尚未告知，假定为 {price}",
                f"average price of the month before the deadline not told, assumed {price}",
            )))  # fmt: skip
        sanctions = found.verdict.sanctions
        if sanctions is not None:
            package = sanctions.governing or sanctions.at_breach
            lines += [_deeper(x) for x in self.verdicts.package(package, found.verdict)]
        return lines

    def banking(self) -> list[Line]:
        """Return what could be banked."""
        found = self.found.banking
        if found is None:
            return []
        norm = self.rulebook.norms.get(found.cap.proof.norm)
        could, left = self.weight(found.quantity), self.weight(found.left)
        cap = self.weight(found.cap.number)
        text = self.pick(
            f"清缴后余 {left}，结转上限 {cap}，可结转 {could}",
            f"left after surrender: {left}; cap on banking: {cap}; could be banked: {could}",
        )
        lines = [
            Line(0, text + flagged(found.cap.grade, self.lang), cites_of(norm) if norm else ())
        ]
        if found.quantity is None and found.cap.needs:
            lines += self.remarks.sets(self.pick("结转上限", "cap on banking"), found.cap.needs)
        return lines

    def needs(self) -> list[Line]:
        """Return the facts that would settle what is missing."""
        if self.found.missing is not None or self.found.verdict.outcome == "not_applicable":
            return []
        return self.remarks.sets(self.missing()[0], self.found.missing_needs)

    def questions(self) -> list[Line]:
        """Return the open questions that the figures turned on, with the reading in use."""
        lines = []
        for name, used in self.found.questions:
            question = self.rulebook.questions[name]
            label = next(r.label for r in question.readings if r.name == used).of(self.lang)
            text = f"{name}={used}" + self.pick(f"：{label}", f": {label}")
            places = (p.partition("#") for p in question.provisions)
            cites = tuple(Cite(k, e) for k, _, e in places if k in self.rulebook.instruments)
            lines.append(Line(0, text, cites))
        return lines

    def assumptions(self) -> list[Line]:
        """Return every presumption used."""
        return self.remarks.assumptions()


def _deeper(line: Line) -> Line:
    return Line(line.depth + 1, line.text, line.cites, line.quotes, line.grade)
