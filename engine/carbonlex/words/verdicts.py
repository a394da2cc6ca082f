"""Verdicts in sentences: the conclusion, the consequences, which law and why."""

from __future__ import annotations

from dataclasses import replace

from carbonlex.model import UNKNOWN, Label
from carbonlex.reasoner.consequence import Consequence, Package, Sanctions
from carbonlex.reasoner.precedence import Clash, Defeat
from carbonlex.reasoner.verdict import Finding, Verdict
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.explain import Explainer
from carbonlex.words.penalties import time_bar
from carbonlex.words.phrases import ASSUMED, CONSEQUENCES, LIGHTER, OUTCOMES, STEPS, days
from carbonlex.words.sentences import Cite, Line, cites_of, flagged, quotes_of, written_cites
from carbonlex.words.values import say


class VerdictWords:
    """Says what verdicts say, in one language."""

    def __init__(self, rulebook: Rulebook, lang: str) -> None:
        self.rulebook, self.lang = rulebook, lang
        self.zh = lang == "zh"

    def pick(self, zh: str, en: str) -> str:
        """Return the one of two texts in this language."""
        return zh if self.zh else en

    def title(self, verdict: Verdict) -> str:
        """Return the name of the duty with its year: 清缴（2025年度）."""
        name = verdict.label.of(self.lang)
        if verdict.index >= 0:
            name += self.pick(f"（第{verdict.index + 1}项）", f" (no. {verdict.index + 1})")
        return self.pick(f"{name}（{verdict.year}年度）", f"{name}, {verdict.year}")

    def conclusion(self, verdict: Verdict) -> Line:
        """Return the one-sentence conclusion: outcome, date, gap, cost."""
        said = [outcome_of(verdict).of(self.lang)]
        if verdict.outcome != "not_applicable":
            said += [self.day(verdict), self.gap(verdict)]
        mark = flagged(verdict.grade, self.lang)
        text = self.pick("；", "; ").join(s for s in said if s) + mark
        norm = self.rulebook.norms[verdict.norm]
        return Line(0, text, cites_of(norm), quotes_of(self.rulebook, norm), verdict.grade)

    def day(self, verdict: Verdict) -> str:
        """Return the deadline and how far off it is."""
        norm = self.rulebook.norms[verdict.norm]
        if verdict.due is None:
            if not verdict.unissued:
                return ""
            return self.pick("时限未知", "deadline not known")
        day, left = say(verdict.due, "", self.lang), verdict.days_left or 0
        if norm.kind == "prohibits" and (left <= 0 or verdict.outcome == "breached"):
            return ""
        until = norm.until is not None
        head = self.pick("至" if until else "期限", "until" if until else "due") + self.pick(
            day, f" {day}"
        )
        if verdict.outcome == "complied":
            return head
        if left > 0:
            return head + self.pick(f"，还有 {left} 天", f", {days(left)} left")
        if left == 0:
            return head + self.pick("，即今日", ", today")
        return head + self.pick(f"，已过 {-left} 天", f", {days(-left)} ago")

    def gap(self, verdict: Verdict) -> str:
        """Return how far off it is, and what that costs."""
        if verdict.gap is None or verdict.gap is UNKNOWN or verdict.gap == 0:
            return ""
        norm = self.rulebook.norms[verdict.norm]
        amount = say(verdict.gap, verdict.gap_unit, self.lang)
        if norm.kind == "prohibits":
            return self.pick(f"超出 {amount}", f"{amount} too much")
        said = self.pick(f"尚缺 {amount}", f"short by {amount}")
        if verdict.cost is not None and verdict.cost_price is not None and not _made_good(verdict):
            price = say(verdict.cost_price.value, verdict.cost_price.unit, self.lang)
            cost = say(verdict.cost, "CNY", self.lang)
            said += self.pick(f"，按 {price} 购足需 {cost}", f", {cost} to buy at {price}")
        return said

    def basis(self, verdict: Verdict) -> list[Line]:
        """Return the basis of a verdict, and the norms that say the same."""
        norm = self.rulebook.norms[verdict.norm]
        quotes = quotes_of(self.rulebook, norm)
        lines = [Line(0, self.pick("依据", "Basis"), cites_of(norm), quotes, norm.grade)]
        also = tuple(c for n in verdict.concurring for c in cites_of(self.rulebook.norms[n]))
        if also:
            lines.append(Line(0, self.pick("同此规定", "To the same effect"), also))
        return lines

    def finding(self, finding: Finding) -> Line:
        """Return a headline finding: whether a concept holds for a year."""
        label = self.rulebook.label_of(finding.concept).of(self.lang)
        value = say(finding.value, "", self.lang)
        text = self.pick(
            f"{finding.year}年度：{label}——{value}", f"{finding.year}: {label}: {value}"
        )
        norm = self.rulebook.norms.get(finding.proof.norm)
        cites = cites_of(norm) if norm is not None else ()
        return Line(0, text + flagged(finding.grade, self.lang), cites, (), finding.grade)

    def defeat(self, defeat: Defeat) -> Line:
        """Return why one norm lost to another."""
        loser, winner = self.rulebook.norms[defeat.loser], self.rulebook.norms[defeat.winner]
        lost = written_cites(self.rulebook, cites_of(loser), self.lang)
        won = written_cites(self.rulebook, cites_of(winner), self.lang)
        step = STEPS[defeat.step].of(self.lang)
        text = self.pick(
            f"{lost}不适用：让位于{won}（{step}）", f"{lost} gives way to {won} ({step})"
        )
        by = self.rulebook.norms.get(defeat.by)
        return Line(1, text, cites_of(by) if by else (), (), by.grade if by else None)

    def clash(self, clash: Clash) -> Line:
        """Return that two norms clash, and who decides."""
        one, other = (self.rulebook.norms[n] for n in (clash.one, clash.other))
        first = written_cites(self.rulebook, cites_of(one), self.lang)
        second = written_cites(self.rulebook, cites_of(other), self.lang)
        who = clash.decides.of(self.lang)
        text = self.pick(
            f"{first}与{second}不一致，由{who}裁决", f"{first} and {second} differ: {who} decides"
        )
        by = self.rulebook.norms.get(clash.by)
        return Line(1, text, cites_of(by) if by else ())

    def sanctions(self, verdict: Verdict) -> list[Line]:
        """Return what follows from a breach, or would follow: governing law, then the other."""
        found = verdict.sanctions
        if found is None:
            return []
        lines: list[Line] = []
        if found.governing is not None:
            lines += self.package(found.governing, verdict)
            if not found.governing.norms and not (
                found.lighter and found.lighter.reason == "lawful"
            ):
                none = self.pick(
                    "所载规定没有为此规定处罚。",
                    "No provision held here penalises this.",
                )
                lines.append(Line(0, none))
        lines += self.lighter(found, verdict)
        if found.decided_on is None and verdict.outcome == "breached":
            lines.append(Line(0, self.pick(
                "未告知处罚决定日：以违法行为发生日的法律为准，未比较是否从轻。",
                "Day of decision not told: law of the breach applied, lighter law not tried.",
            )))  # fmt: skip
        return lines

    def package(self, package: Package, verdict: Verdict, defeats: bool = True) -> list[Line]:
        """Return the consequences that one law attaches, with what lost to each."""
        happened = verdict.outcome != "pending"
        lines: list[Line] = []
        told: set[tuple[str, str]] = set()
        quoted: set[str] = set()
        for one in package.consequences:
            if one.kind == "discretion" and one.breach != verdict.duty:
                continue
            if one.kind != "discretion":
                line = self.consequence(one, verdict, happened)
                lines.append(line if one.norm not in quoted else replace(line, quotes=()))
                quoted.add(one.norm)
                for defeat in one.defeats if defeats else ():
                    if defeat.loser in one.concurring or defeat.winner != one.norm:
                        continue
                    if (defeat.loser, one.norm) not in told:
                        told.add((defeat.loser, one.norm))
                        lines.append(self.defeat(defeat))
                lines += [self.clash(c) for c in one.clashes]
        lines += [self.further(v) for v in package.further]
        if package.limitation is not None:
            lines.append(time_bar(self.rulebook, package.limitation, self.lang))
        return lines

    def consequence(self, one: Consequence, verdict: Verdict, happened: bool) -> Line:
        """Return one consequence in a sentence."""
        norm = self.rulebook.norms[one.norm]
        kind = CONSEQUENCES[one.kind].of(self.lang)
        if one.excluded:
            text = self.pick(f"不适用{kind}", f"no {kind}")
            return Line(0, text, cites_of(norm), quotes_of(self.rulebook, norm), norm.grade)
        if one.liable is not None:
            kind = self.pick(f"对{one.liable.zh}{kind}", f"{kind} on {one.liable.en}")
        text = kind
        if one.amount is not None and one.amount is not UNKNOWN:
            text += self.pick(" ", ": ") + say(one.amount, one.unit, self.lang)
        elif one.amount is UNKNOWN and one.proof is not None:
            how = Explainer(self.rulebook, self.lang).words(one.proof.label)
            text += self.pick(f"（数额未定：{how}）", f" (amount not known: {how})")
        if one.kind == "ban" and one.text is not None:
            text += self.pick("：", ": ") + one.text.of(self.lang)
        elif one.text is not None:
            text = one.text.of(self.lang)
        text = self.condition(one, verdict, happened) + text
        if one.replaced_by:
            text += self.pick("（被第二步罚款取代）", " (replaced by the second fine)")
        return Line(0, text, cites_of(norm), quotes_of(self.rulebook, norm), norm.grade)

    def condition(self, one: Consequence, verdict: Verdict, happened: bool) -> str:
        """Return on what a consequence still hangs."""
        if one.status == "applies":
            return ""
        if one.status == "barred":
            return self.pick("已过处罚时效，不再处罚：", "time-barred, no penalty: ")
        if one.breach == verdict.duty:
            if one.status == "contingent" or not happened:
                return self.pick("届时未履行的，", "if not performed: ")
            if verdict.outcome == "breached":
                return self.pick("视未告知的事实而定，", "depending on facts not told: ")
            return self.pick("如构成违反，", "if it is a breach: ")
        return self.pick("限期内未改正的，", "if not corrected in time: ")

    def further(self, verdict: Verdict) -> Line:
        """Return the state of a duty that an order to correct imposed."""
        outcome = outcome_of(verdict).of(self.lang)
        said = [s for s in (self.day(verdict), self.gap(verdict)) if s]
        tail = self.pick("；", "; ").join([outcome, *said])
        name = verdict.label.of(self.lang)
        return Line(0, self.pick(f"{name}：{tail}", f"{name}: {tail}"))

    def lighter(self, found: Sanctions, verdict: Verdict) -> list[Line]:
        """Return the comparison of old and new law."""
        if found.decided_on is None:
            return []
        if found.decided_on <= found.breach_date:
            early = self.pick(
                "处罚决定日不晚于违法行为发生日，不比较新旧规定。",
                "The day of decision is not after the breach: there is no later law to compare.",
            )
            return [Line(0, early)]
        if found.lighter is None or found.at_decision is None:
            same = self.pick(
                "决定之日所适用的规定未变。", "The law is the same on the day of decision."
            )
            return [Line(0, same)]
        cites = tuple(c for n in found.lighter.cites for c in cites_of(self.rulebook.norms[n]))
        if found.lighter.reason == "continuing":
            question = self.rulebook.norms[verdict.norm].continuing
            places = (p.partition("#") for p in self.rulebook.questions[question].provisions)
            cites = tuple(Cite(key, eid) for key, _, eid in places)
        reason = LIGHTER[found.lighter.reason].of(self.lang)
        lines = [Line(0, self.pick(f"从旧兼从轻：{reason}", f"Old law or new: {reason}"), cites)]
        old, new = found.lighter.old_measure, found.lighter.new_measure
        if old is not None and new is not None:
            lines.append(Line(1, self.pick(
                f"违法行为发生时：{say(old, 'CNY', 'zh')}；决定时：{say(new, 'CNY', 'zh')}",
                f"at the breach: {say(old, 'CNY', 'en')}; at decision: {say(new, 'CNY', 'en')}",
            )))  # fmt: skip
        other = found.at_decision if found.lighter.result == "old" else found.at_breach
        if found.lighter.result == "open":
            lines.append(
                Line(1, self.pick("违法行为发生时的规定：", "Under the law of the breach:"))
            )
            lines += [_deeper(x) for x in self.package(found.at_breach, verdict)]
        which = Label("决定之日的规定（对照）：", "For comparison, the law of the day of decision:")
        if found.lighter.result == "new":
            which = Label(
                "违法行为发生时的规定（对照）：", "For comparison, the law of the breach:"
            )
        lines.append(Line(1, which.of(self.lang)))
        lines += [_deeper(x) for x in self.package(other, verdict, defeats=False)]
        return lines

    def discretion(self, verdict: Verdict) -> list[Line]:
        """Return the discretion that stays open beside every range."""
        found = verdict.sanctions
        package = (found.governing or found.at_breach) if found is not None else None
        if package is None:
            return []
        return [
            Line(
                0,
                one.text.of(self.lang),
                cites_of(norm),
                quotes_of(self.rulebook, norm),
                norm.grade,
            )
            for one in package.consequences
            if one.kind == "discretion" and one.text is not None and one.breach == verdict.duty
            for norm in (self.rulebook.norms[one.norm],)
        ]


def _made_good(verdict: Verdict) -> bool:
    """Return whether what was missing has been made good since."""
    found = verdict.sanctions.governing if verdict.sanctions is not None else None
    return found is not None and any(v.outcome == "complied" for v in found.further)


def outcome_of(verdict: Verdict) -> Label:
    """Return the outcome in a word; what is only presumed done says so."""
    return ASSUMED if verdict.assumed else OUTCOMES[verdict.outcome]


def _deeper(line: Line) -> Line:
    return Line(line.depth + 2, line.text, line.cites, line.quotes, line.grade)
