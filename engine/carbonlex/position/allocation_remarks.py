"""What follows from an allocation, in words: reliefs, borrowing, banking, and what is open."""

from __future__ import annotations

from carbonlex.model import Label
from carbonlex.position.allocation_values import Allocation, Otherwise
from carbonlex.position.allocation_wording import ShareWords
from carbonlex.position.values import Amount
from carbonlex.quantities import grouped
from carbonlex.reasoner.consequence import Need
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.doubts import places_of
from carbonlex.words.formula import addends, giver, giving
from carbonlex.words.phrases import joined
from carbonlex.words.remarks import Remarks
from carbonlex.words.sentences import Line, cites_of, flagged

HEADINGS: dict[str, Label] = {
    "units": Label("各机组", "Units"),
    "lines": Label("各生产线、工序", "Lines"),
    "figures": Label("配额与清缴义务", "Allocation and obligation"),
    "relief": Label("履约优惠", "Relief"),
    "borrowing": Label("预支与结转", "Borrowing and banking"),
    "needs": Label("缺少的事实", "Facts that are missing"),
    "differences": Label("告知与推算不一致", "Told otherwise than law would derive"),
    "questions": Label("所涉未决问题与各读法的结果", "Open questions, and what each reading gives"),
    "assumptions": Label("所作的假定", "Assumptions made"),
    "left": Label("未计算、未收录的内容", "Not computed, not held"),
}


class AllocationWords(ShareWords):
    """Says what an allocation says, in one language."""

    def __init__(self, rulebook: Rulebook, found: Allocation, lang: str) -> None:
        super().__init__(rulebook, found, lang)
        self.remarks = Remarks(rulebook, found.report, lang)

    def relief(self) -> list[Line]:
        """Return each relief that the plan knows, with its formula."""
        one = self.found.relief
        if not one.known:
            return []
        if one.proof.step == "told":
            return [Line(0, f"{self.formula.name(one.proof)} {self.weight(one)}"
                            f"{self.pick('（已告知）', ' (told)')}")]  # fmt: skip
        norm = self.rulebook.norms.get(giver(one.proof))
        cites = cites_of(norm) if norm else ()
        equals, lines = self.pick("＝", "="), []
        for part in addends(giving(one.proof)):
            figures, number = self.formula.figures(part), self.formula.number(part)
            right = f" {equals} {figures}" if figures != number else ""
            lines.append(Line(0, f"{self.named.figures(part)}{right} {equals} {number}", cites))
        if not self.found.relieved and self.found.obligation.proof.step != "told":
            lines.append(Line(0, self.pick(
                "应清缴量没有计入这一减免：没有告知机组，也没有申请（relief_claimed）。",
                "The obligation is not less this relief: no units are told, and none was claimed"
                " (relief_claimed).",
            )))  # fmt: skip
        return lines

    def borrowing(self) -> list[Line]:
        """Return what may be borrowed and what may be banked under the plan of the year."""
        found, lines = self.found, []
        if found.borrowing is not None:
            use = found.borrowing
            norms = [self.rulebook.norms[n] for n in use.norms]
            cites = tuple(dict.fromkeys(c for n in norms for c in cites_of(n)))
            may = {
                True: self.pick("可以预支", "may be borrowed"),
                False: self.pick("不得预支", "nothing may be borrowed") + self.because(norms),
                None: self.pick("能否预支未定", "not known whether anything may be borrowed"),
            }[use.allowed]
            if found.borrow_limit.known and use.allowed is not False:
                may += self.pick("；", "; ") + self.equation(found.borrow_limit)
            lines.append(Line(0, may + flagged(use.grade, self.lang), cites))
            if use.allowed is None:
                what = self.pick("能否预支", "whether anything may be borrowed")
                lines += self.remarks.sets(what, use.needs)
        if found.bank_cap.known:
            cap = found.bank_cap
            norm = self.rulebook.norms.get(giver(cap.proof))
            said = self.equation(cap) + flagged(cap.grade, self.lang)
            lines.append(Line(0, said, cites_of(norm) if norm else ()))
            if cap.needs and cap.number is None:
                lines += self.remarks.sets(self.formula.name(cap.proof), cap.needs)
        return lines

    def because(self, norms: list[Norm]) -> str:
        """Return, in brackets, the norms that stand in the way, by their labels."""
        said = joined([n.label.of(self.lang) for n in norms], self.lang)
        return self.pick(f"（{said}）", f" ({said})")

    def equation(self, one: Amount) -> str:
        """Return a figure with its label and formula."""
        colon = self.pick("：", ": ")
        return f"{self.formula.name(one.proof)}{colon}{self.formula.equation(one.proof)}"

    def needs(self) -> list[Line]:
        """Return what would settle each unit or line, and then the figures of the entity."""
        found, asked = self.found, frozenset[str]()
        wanted = [(self.share_title(s), s.needs) for s in found.shares]
        wanted.append((self.formula.name(found.free_allocation.proof), found.free_allocation.needs))
        wanted += [
            (self.formula.name(one.proof), one.needs)
            for one in (found.relief, found.obligation)
            if one.known
        ]
        lines: list[Line] = []
        for what, sets in wanted:
            # What was asked for above is not asked for again under another head.
            if sets and not any(_places(one) <= asked for one in sets):
                lines += self.remarks.sets(what, sets)
                asked |= _places(min(sets, key=self.rank))
        return lines

    def rank(self, one: frozenset[Need]) -> tuple[int, int, int]:
        """Return how late a set of facts is asked for: small ones and facts come first."""
        return len(one), self.remarks.lists(one), self.remarks.concepts(one)

    def differences(self) -> list[Line]:
        """Return the told concepts that law derives otherwise; the told value governs."""
        lines = []
        for one in self.found.differences:
            label = self.formula.name(one.told.proof)
            if one.index >= 0:
                label += self.pick(f"（第{one.index + 1}项）", f" (no. {one.index + 1})")
            told, derived = (self.plain(a) for a in (one.told, one.derived))
            lines.append(Line(0, self.pick(
                f"{label}：告知 {told}，依规定推算为 {derived}；以告知的为准",
                f"{label}: told {told}, law derives {derived}; the former governs",
            )))  # fmt: skip
        return lines

    def plain(self, one: Amount) -> str:
        """Return any figure; a factor as a number and not in per cent."""
        factor = one.unit == "ratio" and one.number is not None
        return grouped(one.number) if factor and one.number is not None else self.weight(one)

    def questions(self) -> list[Line]:
        """Return each open question with the reading in use, and what the others would give."""
        lines = []
        for name, used in self.found.questions:
            question = self.rulebook.questions[name]
            label = {r.name: r.label.of(self.lang) for r in question.readings}
            text = self.pick(
                f"{name}：{question.label.zh}？采用 {used}＝{label[used]}",
                f"{name}: {question.label.en}? used: {used} = {label[used]}",
            )
            lines.append(Line(0, text, places_of(self.rulebook, question.provisions)))
            lines += [
                Line(1, self.other(o, label[o.reading]))
                for o in self.found.otherwise
                if o.question == name
            ]
        return lines

    def other(self, one: Otherwise, label: str) -> str:
        """Return what one other reading gives."""
        head = self.pick(
            f"若 {one.question}={one.reading}（{label}）：",
            f"if {one.question}={one.reading} ({label}): ",
        )
        if not one.differs and one.obligation.number is None:
            return head + self.pick("同样未知", "not known either")
        if not one.differs:
            return head + self.pick("结果相同", "the same")
        figures = [f for f in (one.free_allocation, one.relief, one.obligation) if f.known]
        said = [f"{self.formula.name(f.proof)} {self.weight(f)}" for f in figures]
        return head + self.pick("；", "; ").join(said)

    def assumptions(self) -> list[Line]:
        """Return every presumption used."""
        return self.remarks.assumptions()

    def left(self) -> list[Line]:
        """Return what is not computed, and what the corpus does not hold of the plan."""
        lines = [Line(0, self.pick(
            "预分配配额不计算，以通知为准；上列为最终核定的配额量。",
            "The pre-allocation is not computed: it is as notified. These are final allocations.",
        ))]  # fmt: skip
        return lines + [
            Line(0, self.remarks.clause(n))
            for n in self.rulebook.not_encoded
            if n.instrument == self.found.plan and n.reason == "incomplete"
        ]


def _places(needs: frozenset[Need]) -> frozenset[str]:
    return frozenset(f"{n.year}.{n.fact}#{n.index}" for n in needs)
