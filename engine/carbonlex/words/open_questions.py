"""Open questions of law: whether results survive every reading, and what they are otherwise."""

from __future__ import annotations

from carbonlex.reasoner.readings import result_of
from carbonlex.reasoner.verdict import Alternative, Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.doubts import doubt, doubts_of, places_of
from carbonlex.words.phrases import CONSEQUENCES, LAWS, OUTCOMES, joined
from carbonlex.words.sentences import Line, cites_of, written_cites
from carbonlex.words.values import say
from carbonlex.words.verdicts import VerdictWords


class OpenQuestions:
    """Says which open questions the verdicts of a report turned on, in one language."""

    def __init__(self, rulebook: Rulebook, report: Report, lang: str) -> None:
        self.rulebook, self.report, self.lang = rulebook, report, lang
        self.words = VerdictWords(rulebook, lang)
        self.pick = self.words.pick

    def lines(self) -> list[Line]:
        """Return whether each result survives every reading of the questions it turned on."""
        lines: list[Line] = []
        for verdict in self.report.verdicts:
            robust = verdict.robustness
            if robust is None or not robust.questions:
                continue
            title = self.words.title(verdict)
            tried = (
                self.pick(
                    f"全部 {robust.tried} 种读法组合",
                    f"all {robust.tried} combinations of readings",
                )
                if robust.mode == "all"
                else self.pick(
                    f"组合过多，逐一改变读法共 {robust.tried} 种",
                    f"too many combinations: one question at a time, {robust.tried} in all",
                )
            )
            if robust.stable:
                lines.append(
                    Line(
                        0,
                        self.pick(
                            f"{title}：经{tried}，结果不变", f"{title}: the same under {tried}"
                        ),
                    )
                )
            else:
                lines.append(
                    Line(
                        0,
                        self.pick(
                            f"{title}：经{tried}，以下问题影响结果",
                            f"{title}: under {tried}, these change the result",
                        ),
                    )
                )
            lines += [self.question(q, q in robust.changing) for q in robust.questions]
            lines += [
                self.alternative(verdict, a) for a in robust.alternatives if len(a.readings) == 1
            ]
        doubts = doubts_of(self.rulebook, self.report.verdicts)
        return lines + [doubt(self.rulebook, self.report, d, self.lang) for d in doubts]

    def alternative(self, verdict: Verdict, other: Alternative) -> Line:
        """Return what the result is where one question is read otherwise."""
        base = result_of(verdict)
        said = []
        if other.result.law != base.law:
            said.append(LAWS[other.result.law].of(self.lang))
        for effect in other.result.effects:
            if effect not in base.effects:
                norm = self.rulebook.norms[effect.norm]
                cite = written_cites(self.rulebook, cites_of(norm), self.lang)
                unit = "tCO2e" if effect.kind == "deduction" else "CNY"
                kind = CONSEQUENCES[effect.kind].of(self.lang)
                amount = say(effect.amount, unit, self.lang) if effect.amount is not None else ""
                replaced = self.pick("（被取代）", " (replaced)") if effect.replaced else ""
                said.append(f"{cite} {kind} {amount}".rstrip() + replaced)
        kinds = {(e.kind, e.norm) for e in other.result.effects}
        for effect in base.effects:
            if (effect.kind, effect.norm) not in kinds:
                norm = self.rulebook.norms[effect.norm]
                cite = written_cites(self.rulebook, cites_of(norm), self.lang)
                kind = CONSEQUENCES[effect.kind].of(self.lang)
                said.append(self.pick(f"不适用{cite}的{kind}", f"no {kind} under {cite}"))
        (question, reading) = other.readings[0]
        head = f"{question}={reading}"
        text = self.pick("；", "; ").join(said) or OUTCOMES[other.result.outcome].of(self.lang)
        return Line(1, self.pick(f"若 {head}：{text}", f"if {head}: {text}"))

    def question(self, name: str, changes: bool) -> Line:
        """Return one open question with the reading in use and the others."""
        question = self.rulebook.questions[name]
        used = dict(self.report.readings).get(name, question.default)
        label = {r.name: r.label.of(self.lang) for r in question.readings}
        others = [
            f"{n}＝{label[n]}" if self.lang == "zh" else f"{n} = {label[n]}"
            for n in label
            if n != used
        ]
        mark = self.pick(
            "（影响结果）" if changes else "（不影响结果）",
            " (changes the result)" if changes else " (changes nothing)",
        )
        rest = joined(others, self.lang)
        text = self.pick(
            f"{name}：{question.label.zh}？采用 {used}＝{label[used]}；另有 {rest}{mark}",
            f"{name}: {question.label.en}? used: {used} = {label[used]}; also {rest}{mark}",
        )
        return Line(1, text, places_of(self.rulebook, question.provisions))
