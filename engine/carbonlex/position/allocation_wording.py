"""An allocation in words, both languages: units and lines, the sum and the obligation."""

from __future__ import annotations

from fractions import Fraction

from carbonlex.model import Grade, Label
from carbonlex.position.allocation_values import Allocation, Share
from carbonlex.position.values import Amount
from carbonlex.quantities import decimals, grouped, round_half_up
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.formula import Formula, branch, giver, giving
from carbonlex.words.phrases import joined
from carbonlex.words.sentences import Cite, Line, cites_of, flagged, written_cites
from carbonlex.words.values import UNKNOWN_LABEL, say, unit_words
from carbonlex.words.verdicts import VerdictWords

Row = tuple[str, str, str]
"""What it is, how much, on what it rests."""

Row5 = tuple[str, str, str, str, str]

_ORIGINS: dict[str, Label] = {
    "told": Label("已告知", "told"),
    "presumed": Label("未告知，推定", "not told, presumed"),
    "before": Label("未告知，推定", "not told, presumed"),
    "missing": Label("未告知", "not told"),
    "undefined": Label("所收录的规定不推算，须告知", "no rule held derives it: to be told"),
}


class ShareWords:
    """Says what each unit or line gets and what the entity gets, in one language."""

    def __init__(self, rulebook: Rulebook, found: Allocation, lang: str) -> None:
        self.rulebook, self.found, self.lang = rulebook, found, lang
        self.verdicts = VerdictWords(rulebook, lang)
        self.formula, self.named = Formula(rulebook, lang), Formula(rulebook, lang, named=True)
        self.pick = self.verdicts.pick

    def title(self) -> str:
        """Return who, which year, as of when."""
        report, year = self.found.report, self.found.year
        name = report.case_name or self.pick("（未具名）", "(unnamed)")
        return self.pick(
            f"{name} · {year}年度配额 · 询问日 {report.asked_on}",
            f"{name} · allocation of {year} · asked on {report.asked_on}",
        )

    def plan(self) -> str:
        """Return which plan the figures come from, or plainly that there is none."""
        found, year = self.found, self.found.year
        if found.plan_status == "none":
            return self.pick(
                f"没有收录该行业{year}年度的分配方案，不能推算：须告知核定配额量（free_allocation）。",
                f"No allocation plan is held for this sector and {year}: nothing is derived, and"
                " the allocation (free_allocation) must be told.",
            )
        if found.plan_status == "later":
            return self.pick(
                f"询问日该行业{year}年度的分配方案尚未印发：须告知核定配额量（free_allocation）。",
                f"The plan for this sector and {year} had not been issued on the day asked: the"
                " allocation (free_allocation) must be told.",
            )
        if not found.plan:
            return self.pick("适用哪一分配方案尚不能确定。", "It is not known which plan applies.")
        title = self.rulebook.instruments[found.plan].title.of(self.lang)
        return self.pick(f"分配方案：《{title}》", f"Plan: {title}")

    def unlisted(self) -> str:
        """Return that none of what the plan sums up was told, where that is what is missing."""
        found = self.found
        if found.free_allocation.known or found.shares or not found.summed:
            return ""
        lists = joined(
            [
                self.rulebook.label_of(r).of(self.lang) + self.pick(f"（{r}）", f" ({r})")
                for r in found.summed
            ],
            self.lang,
        )
        return self.pick(
            f"方案逐项核算{lists}，案件一项也没有告知：请告知，或者告知核定配额量（free_allocation）。",
            f"The plan sums up {lists}, and the case tells none: tell them, or the allocation"
            " (free_allocation).",
        )

    def tonnes(self, one: Amount) -> str:
        """Return a number of tonnes without its unit, with all its decimals."""
        return UNKNOWN_LABEL.of(self.lang) if one.number is None else grouped(one.number)

    def share_title(self, share: Share) -> str:
        """Return the number, the name and the kind of a unit or line."""
        number = self.pick(f"第{share.index + 1}项", f"no. {share.index + 1}")
        kind = self.rulebook.label_of(share.kind).of(self.lang) if share.kind else ""
        out = share.in_scope is not None and share.in_scope.value is False
        left = self.pick("不纳入当年度配额分配", "not within the year's allocation") if out else ""
        return " · ".join(x for x in (number, share.name, kind, left) if x)

    def share_rows(self, share: Share) -> list[Row]:
        """Return the figures of one unit or line, from benchmark to relief."""
        rows = [self.input(p) for p in share.inputs]
        if len(share.parts) > 1:
            rows += [
                (self.named.figures(p), say(p.value, p.unit, self.lang), "") for p in share.parts
            ]
        if share.exact.proof.label != share.allocation.proof.label:
            rows.append(self.amount(share.exact))
        if share.in_scope is not None:
            rows.append(self.input(share.in_scope.proof))
        rows += [self.amount(share.allocation)] if share.counts else []
        if share.relief is not None and share.relief.known:
            rows.append(self.amount(share.relief))
        return rows

    def summary(self, share: Share) -> Row5:
        """Return one unit or line in a line: exact, allocated, relief, and the grade."""
        exact = self.tonnes(share.exact) if share.exact.known and share.counts else "–"
        got = self.tonnes(share.allocation) if share.counts else "–"
        relief = self.tonnes(share.relief) if share.relief is not None else "–"
        grade = flagged(share.allocation.grade, self.lang).strip()
        return self.share_title(share), exact, got, relief, grade

    def share_lines(self, share: Share) -> list[str]:
        """Return the formulas of one unit or line, with the figures put in."""
        if not share.counts:
            return []
        lines = [self.formula.equation(share.exact.proof)] if share.exact.known else []
        lines += [
            f"{self.formula.name(p)}{self.pick('：', ': ')}{self.formula.equation(p)}"
            for p in share.inputs
            if p.step == "concept" and giving(p).step == "arithmetic"
        ]
        relief = share.relief
        if relief is not None and branch(giving(relief.proof)).step == "call":
            label = self.formula.name(relief.proof)
            lines.append(f"{label}{self.pick('：', ': ')}{self.formula.equation(relief.proof)}")
        return lines

    def input(self, proof: Proof) -> Row:
        """Return one fact, parameter or concept of a formula."""
        label = self.formula.name(proof)
        value = say(proof.value, proof.unit, self.lang, self.rulebook)
        if isinstance(proof.value, Fraction):
            unit = self.unit(proof) if proof.unit != "ratio" else ""
            value = f"{grouped(proof.value)} {unit}".strip()
        return label, value, self.basis(proof)

    def unit(self, proof: Proof) -> str:
        """Return the unit of a step, in words."""
        return unit_words(proof.unit, self.lang)

    def amount(self, one: Amount) -> Row:
        """Return one figure in tonnes."""
        label = self.rulebook.label_of(one.proof.label).of(self.lang)
        return label, self.weight(one), self.basis(one.proof, one.grade)

    def weight(self, one: Amount) -> str:
        """Return a figure with its unit."""
        return say(one.value, one.unit, self.lang)

    def basis(self, proof: Proof, grade: Grade | None = None) -> str:
        """Return what a figure rests on: who told it, or its provision with the grade."""
        if proof.step == "parameter":
            parameter = self.rulebook.parameters[proof.label]
            entry = parameter.spans[proof.entry].entry
            assert entry is not None
            cites = tuple(Cite(parameter.instrument, e) for e in parameter.provisions)
            cites = (Cite(*entry.cited),) if all(entry.cited) else cites
            said = written_cites(self.rulebook, cites, self.lang)
            return said + flagged(entry.grade, self.lang)
        if proof.step in _ORIGINS:
            return _ORIGINS[proof.step].of(self.lang)
        norm = self.rulebook.norms.get(giver(proof))
        said = written_cites(self.rulebook, cites_of(norm), self.lang) if norm else ""
        own = grade or (norm.grade if norm else "official")
        return said + flagged(own, self.lang)

    def figures(self) -> list[Row]:
        """Return the allocation, what it leaves open of the emissions, and the obligation."""
        found = self.found
        rows = [self.amount(found.free_allocation)]
        if found.derived is not None:
            label, value, basis = self.amount(found.derived)
            if not found.derived.known:
                value, basis = "–", self.pick("没有规定可推算", "no rule held derives it")
            rows.append((self.pick(f"　依规定推算的{label}", f"　{label} as law derives it"),
                         value, basis))  # fmt: skip
        rows.append(self.amount(found.emissions))
        if found.balance is not None:
            rows.append(self.balance(found.balance))
        rows += [self.amount(b) for b in (found.lower, found.upper) if b.known]
        rows += [self.amount(found.relief)] if found.relief.known else []
        return [*rows, self.amount(found.obligation)]

    def balance(self, balance: Fraction) -> Row:
        """Return the surplus or the gap, with its ratio to the emissions."""
        label = self.pick("配额盈余", "surplus") if balance >= 0 else self.pick("配额缺口", "gap")
        ratio = self.found.ratio
        share = ""
        if ratio is not None:
            share = self.pick(
                f"占核查排放量 {self.percent(abs(ratio))}",
                f"{self.percent(abs(ratio))} of verified emissions",
            )
        return label, say(abs(balance), "tCO2e", self.lang), share

    def percent(self, ratio: Fraction) -> str:
        """Return a ratio in per cent: exact, or to four decimals and said to be so."""
        per_cent = ratio * 100
        if decimals(per_cent) is not None and (decimals(per_cent) or 0) <= 6:
            return f"{grouped(per_cent)}%"
        near = grouped(round_half_up(per_cent, 4))
        return self.pick(f"约 {near}%", f"about {near}%")

    def sum_lines(self) -> list[Line]:
        """Return the formulas of the sum and the obligation, and whether the bounds are kept."""
        found, colon = self.found, self.pick("：", ": ")
        shown = [found.derived or found.free_allocation, found.lower, found.upper, found.obligation]
        lines = []
        for one in shown:
            several = one is shown[0] and not found.plan
            if one.proof.step == "concept" and not several:
                label = self.formula.name(one.proof)
                lines.append(Line(0, f"{label}{colon}{self.formula.equation(one.proof)}"))
        if found.within is False:
            lines.append(Line(0, self.pick(
                "核定配额量在方案的上下限之外，请核对。",
                "The allocation is outside the bounds of the plan: please check.",
            )))  # fmt: skip
        return lines
