"""What an examination found, in words: for the terminal, the memo and the JSON alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from carbonlex.model import Grade, Label, weakest
from carbonlex.reasoner.consequence import Need
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import RANK_LABELS
from carbonlex.validity.ceiling import compared
from carbonlex.validity.finding import Examination, Finding
from carbonlex.validity.grounds import grounds
from carbonlex.words.norms import say_norm
from carbonlex.words.sentences import Cite, Line, cites_of
from carbonlex.words.values import say

RESULTS: dict[str, Label] = {
    "within": Label("在权限之内", "within power"),
    "ultra_vires": Label("超越权限", "ultra vires"),
    "conflict": Label("与上位法冲突", "conflicts with higher law"),
    "undetermined": Label("尚不能定", "undetermined"),
}


@dataclass(frozen=True)
class Remark:
    """One thing said of a finding: what it is about, the sentence, the provisions it rests on."""

    kind: str
    label: Label
    line: Line


_LABELS: dict[str, Label] = {
    "limit": Label("限制", "limit"),
    "against": Label("上位法", "higher law"),
    "hierarchy": Label("位阶", "rank"),
    "ceiling": Label("限额", "ceiling"),
    "basis": Label("依据", "basis"),
    "no-basis": Label("依据", "basis"),
    "claimed": Label("主张的依据", "basis claimed"),
    "power": Label("权限", "power"),
    "needs": Label("还须知道", "still needed"),
    "annulment": Label("改变或者撤销", "annulment"),
    "late-basis": Label("注意", "note"),
    "doubt": Label("未决问题", "open question"),
    "reading": Label("另一读法", "other reading"),
    "unregulated": Label("未编码", "not encoded"),
    "presumed": Label("推定", "presumed"),
}


class ValidityWords:
    """Says what was found of clauses, in one language."""

    def __init__(self, rulebook: Rulebook, examination: Examination, lang: str) -> None:
        self.rulebook, self.examination, self.lang = rulebook, examination, lang
        self.zh = lang == "zh"

    def pick(self, zh: str, en: str) -> str:
        """Return the one of two texts in the language."""
        return zh if self.zh else en

    def head(self) -> str:
        """Return who enacts what, in which form."""
        subject = self.examination.subject
        title = subject.instrument.title.of(self.lang)
        form, maker = RANK_LABELS[subject.form].of(self.lang), subject.maker.label.of(self.lang)
        named = "草案" in subject.instrument.title.zh
        draft = self.pick("（草案）", " (draft)") if subject.draft and not named else ""
        return self.pick(
            f"《{title}》{draft} · {form} · {maker}", f"{title}{draft} · {form} · {maker}"
        )

    def days(self) -> str:
        """Return the days under whose law it was examined."""
        made, asked = self.examination.subject.enacted_on, self.examination.asked_on
        if made == asked:
            return self.pick(f"依 {made} 的法律审查", f"examined under the law of {made}")
        return self.pick(
            f"依制定日 {made} 与询问日 {asked} 的法律审查",
            f"examined under the law of its enactment, {made}, and of the day asked, {asked}",
        )

    def clause(self, finding: Finding) -> Line:
        """Return what a clause is: its norm, what it does, where it stands."""
        norm = finding.clause.norm
        effects = self.rulebook.vocabulary.terms["clause_effect"].choices
        effect = effects[finding.clause.effect].of(self.lang)
        return Line(0, f"{norm.label.of(self.lang)} · {effect}", cites_of(norm))

    def result(self, finding: Finding) -> str:
        """Return the day and the result."""
        said = RESULTS[finding.result].of(self.lang)
        day = (
            self.pick("制定时", "at enactment")
            if finding.enactment
            else self.pick("询问日", "day asked")
        )
        return f"{day}（{finding.day}）：{said}" if self.zh else f"{day} ({finding.day}): {said}"

    def remarks(self, finding: Finding) -> Iterator[Remark]:
        """Yield everything that is to be said of a finding, what decides it first."""
        for name in finding.limits:
            yield self._of("limit", self.rulebook.norms[name])
        for name in finding.against:
            if name not in finding.limits:
                yield self._of("against", self.rulebook.norms[name], self._range(name))
        for name in finding.hierarchy:
            yield self._of("hierarchy", self.rulebook.norms[name])
        yield from self._ceiling(finding)
        for kind, line in grounds(self.rulebook, self.examination, finding, self.lang):
            yield _remark(kind, line)
        if finding.result == "within":
            for name in finding.powers[-1:]:
                yield self._of("power", self.rulebook.norms[name])
        for name in finding.penal if not finding.against else ():
            yield self._of("against", self.rulebook.norms[name], self._range(name))
        for sets in finding.needs:
            yield from self._needs(sets)
        for name in finding.annulment:
            norm = self.rulebook.norms[name]
            yield _remark(
                "annulment",
                Line(1, " ".join(say_norm(self.rulebook, norm, self.lang)), cites_of(norm)),
            )
        if finding.unregulated:
            yield _remark("unregulated", Line(1, self._unregulated(finding)))
        if finding.presumed:
            terms = self.rulebook.vocabulary.terms
            yield _remark("presumed", Line(1, self.pick("；", "; ").join(
                f"{terms[name].label.of(self.lang)}{self.pick('：', ': ')}"
                f"{say(terms[name].presumption, '', self.lang)} ({name})"
                for name in finding.presumed
            )))  # fmt: skip
        for question in finding.doubts:
            asked = self.rulebook.questions[question].label.of(self.lang)
            yield _remark("doubt", Line(1, f"{question}{self.pick('：', ': ')}{asked}"))
        for other in finding.alternatives:
            yield _remark("reading", self._alternative(other.readings, other.finding))

    def _unregulated(self, finding: Finding) -> str:
        if finding.clause.effect == "in_words":
            return self.pick(
                "只以文字写明的后果或者规则，没有分类，不能审查",
                "a consequence or rule in words only, not classified: it cannot be examined",
            )
        return self.pick(
            "没有编码适用于这种文件的权限规则，不作在权限之内的结论",
            "no rule on such documents is encoded: not said to be within power",
        )

    def _of(self, kind: str, norm: Norm, more: str = "") -> Remark:
        return _remark(
            kind, Line(1, norm.label.of(self.lang) + more, cites_of(norm), grade=norm.grade)
        )

    def _range(self, name: str) -> str:
        fine = self.rulebook.norms[name].fine
        if fine is None:
            return ""
        from carbonlex.expressions.paraphrase import paraphrase

        said = paraphrase(fine, self.rulebook.label_of, self.lang, self.rulebook.is_day)
        return self.pick(f"：罚款 {said}", f": fine {said}")

    def _ceiling(self, finding: Finding) -> Iterator[Remark]:
        asked = finding.asks(self.rulebook, "council_ceiling")
        norms = self.rulebook.definitions.get("recalled_ceiling", ())
        for norm in norms if asked else ():
            if self.rulebook.in_force(norm, finding.day):
                said = compared(self.rulebook, self.examination, finding, norm, self.lang)
                yield _remark("ceiling", Line(1, said, cites_of(norm), grade=norm.grade))

    def _needs(self, sets: tuple[frozenset[Need], ...]) -> Iterator[Remark]:
        """Yield what would settle one limit: any of the lines, of which others say `or`."""
        instead = ""
        for one in sets:
            terms = [
                self.rulebook.vocabulary.terms[n.fact]
                for n in sorted(one)
                if n.fact in self.rulebook.vocabulary.terms
            ]
            said = []
            for term in terms:
                who = (
                    self.pick(f"（{term.attester.zh}）", f" ({term.attester.en})")
                    if term.attester
                    else ""
                )
                said.append(term.label.of(self.lang) + who)
            if said:
                yield _remark("needs", Line(1, instead + self.pick("；", "; ").join(said)))
                instead = self.pick("或者：", "or: ")

    def _alternative(self, readings: tuple[tuple[str, str], ...], other: Finding) -> Line:
        chosen = self.pick("、", ", ").join(f"{q}={r}" for q, r in readings)
        norms = [self.rulebook.norms[n] for n in (*other.limits, *other.against)]
        cites: tuple[Cite, ...] = tuple(dict.fromkeys(c for n in norms for c in cites_of(n)))
        return Line(1, f"{chosen} → {RESULTS[other.result].of(self.lang)}", cites)

    def grade(self, findings: Iterable[Finding]) -> Grade:
        """Return the grade of the weakest link of findings and of what they are compared with."""
        grades: list[Grade] = []
        for finding in findings:
            grades += [finding.clause.norm.grade, *(v.grade for v in finding.verdicts)]
            grades += [r.line.grade for r in self.remarks(finding) if r.line.grade]
        return weakest(grades)

    def tally(self) -> str:
        """Return how many clauses came out how, on each day."""
        parts = []
        for enactment in (True, False):
            found = [f for f in self.examination.findings if f.enactment is enactment]
            if not found:
                continue
            counts = [
                f"{RESULTS[r].of(self.lang)} {n}"
                for r in RESULTS if (n := sum(f.result == r for f in found))
            ]  # fmt: skip
            day = found[0].day
            parts.append(
                f"{day}：{'，'.join(counts)}" if self.zh else f"{day}: {', '.join(counts)}"
            )
        return self.pick("；", "; ").join(parts)


def _remark(kind: str, line: Line) -> Remark:
    return Remark(kind, _LABELS[kind], line)


def by_clause(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return findings grouped by clause, in the order of the text."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.clause.norm.id, one.clause.effect), []).append(one)
    return [*groups.values()]
