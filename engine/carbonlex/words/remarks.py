"""What stands around the verdicts: missing facts, open questions, assumptions, what is left out."""

from __future__ import annotations

from collections import Counter

from carbonlex.ledger.movements import known_on
from carbonlex.model import UNKNOWN
from carbonlex.reasoner.consequence import Need
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.norms import REASONS, NotEncoded
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.open_questions import OpenQuestions
from carbonlex.words.phrases import CONSEQUENCES, in_year, joined
from carbonlex.words.sentences import Cite, Line, Quote, cites_of, quotes_of, written_cites
from carbonlex.words.values import say
from carbonlex.words.verdicts import VerdictWords, outcome_of

Sets = tuple[frozenset[Need], ...]


class Remarks:
    """Says what a reader must know beside the verdicts, in one language."""

    def __init__(self, rulebook: Rulebook, report: Report, lang: str) -> None:
        self.rulebook, self.report, self.lang = rulebook, report, lang
        self.words = VerdictWords(rulebook, lang)
        self.pick = self.words.pick

    def missing(self) -> list[Line]:
        """Return, for each result that is open, what would settle it, smallest set first."""
        lines: list[Line] = []
        alike: dict[Sets, list[Verdict]] = {}
        for verdict in self.report.verdicts:
            if verdict.needs:
                alike.setdefault(_facts_only(verdict.needs), []).append(verdict)
        for verdicts in alike.values():
            titles = joined([self.words.title(v) for v in verdicts], self.lang)
            lines += self.sets(titles, verdicts[0].needs)
        for verdict in self.report.verdicts:
            lines += self.missing_of(verdict)
        for finding in self.report.findings:
            if finding.needs and not any(
                v.needs and v.year == finding.year for v in self.report.verdicts
            ):
                label = self.rulebook.label_of(finding.concept).of(self.lang)
                head = self.pick(f"{finding.year}年度“{label}”", f"'{label}', {finding.year}")
                lines += self.sets(head, finding.needs)
        return lines

    def missing_of(self, verdict: Verdict) -> list[Line]:
        """Return what would settle the dates, the gap and the sanctions of one verdict."""
        title = self.words.title(verdict)
        lines: list[Line] = []
        dated = self.rulebook.norms[verdict.norm].due is not None
        if verdict.unissued and dated and verdict.outcome in ("undetermined", "pending"):
            names = [self.rulebook.parameters[u].label.of(self.lang) for u in verdict.unissued]
            lines.append(Line(0, self.pick(
                f"{title}：{joined(names, 'zh')}在询问日没有已知的值",
                f"{title}: no value of {joined(names, 'en')} was known on the day asked",
            )))  # fmt: skip
        if verdict.gap_needs and verdict.outcome in ("pending", "breached"):
            lines += self.sets(
                self.pick(f"{title}的差额与费用", f"gap and cost of {title}"), verdict.gap_needs
            )
        if verdict.sanction_needs:
            lines += self.sets(
                self.pick(f"{title}的违法行为发生日", f"day of breach of {title}"),
                verdict.sanction_needs,
            )
        if verdict.sanctions is not None and verdict.outcome == "breached":
            lines += self.missing_sanctions(verdict)
        return lines

    def missing_sanctions(self, verdict: Verdict) -> list[Line]:
        """Return what would settle the amounts, the further steps and the comparison of laws."""
        found = verdict.sanctions
        assert found is not None
        lines: list[Line] = []
        if found.lighter is not None and found.lighter.result == "open":
            lines += self.sets(
                self.pick("新旧规定轻重的比较", "comparison of old and new law"),
                found.lighter.needs,
            )
        package = found.governing or found.at_breach
        for further in package.further:
            if further.needs:
                lines += self.sets(further.label.of(self.lang), further.needs)
        for one in package.consequences:
            sets = tuple(s for s in one.needs if s)
            sized = one.kind in ("fine", "deduction")
            if (sized or one.status == "undetermined") and sets and not one.excluded:
                cite = written_cites(
                    self.rulebook, cites_of(self.rulebook.norms[one.norm]), self.lang
                )
                what = self.pick(f"{cite}的数额", f"amount under {cite}")
                if not sized:
                    kind = CONSEQUENCES[one.kind].of(self.lang)
                    what = self.pick(f"{cite}：{kind}", f"{cite}: {kind}")
                lines += self.sets(what, sets)
        return lines

    def sets(self, what: str, sets: Sets) -> list[Line]:
        """Return the facts that would settle something: one set, or a choice of sets."""
        # A fact is what people have at hand; a concept told in its place comes after.
        sets = tuple(
            sorted((s for s in sets if s), key=lambda s: (len(s), self.lists(s), self.concepts(s)))
        )
        said = [self.one_set(s) for s in sets]
        if not said:
            return [
                Line(0, self.pick(f"{what}：告知事实不能确定", f"{what}: no fact would settle it"))
            ]
        first, rest = said[0], said[1:4]
        text = self.pick(f"{what}：请告知{first}", f"{what}: tell {first}")
        if rest:
            others = self.pick("；或者", "; or ").join(rest)
            text += self.pick(f"；或者{others}", f"; or {others}")
        # Which words of law ask for these facts: the norms on whose proof they are missing.
        norms = dict.fromkeys(n.norm for n in sorted(sets[0]) if n.norm in self.rulebook.norms)
        asking = [self.rulebook.norms[n] for n in norms]
        cites = tuple(dict.fromkeys(c for n in asking for c in cites_of(n)))
        quotes = tuple(dict.fromkeys(q for n in asking[:2] for q in quotes_of(self.rulebook, n)))
        return [Line(0, text, cites, quotes)]

    def concepts(self, needs: frozenset[Need]) -> int:
        """Return how many of the facts asked for are concepts."""
        terms = self.rulebook.vocabulary.terms
        return sum(n.fact in terms and terms[n.fact].kind == "concept" for n in needs)

    def lists(self, needs: frozenset[Need]) -> int:
        """Return how many of what is asked for are whole lists."""
        return sum(n.fact in self.rulebook.vocabulary.records for n in needs)

    def one_set(self, needs: frozenset[Need]) -> str:
        said = []
        for need in sorted(needs, key=lambda n: (n.year, n.fact, n.index)):
            label = self.rulebook.label_of(need.fact).of(self.lang)
            place = f"{need.fact}" if not need.year else f"{need.year}.{need.fact}"
            if need.index >= 0:
                place += f"#{need.index + 1}"
            said.append(self.pick(f"“{label}”（{place}）", f"'{label}' ({place})"))
        return self.pick("、", " and ").join(said)

    def questions(self) -> list[Line]:
        """Return whether each result survives every reading of the questions it turned on."""
        return OpenQuestions(self.rulebook, self.report, self.lang).lines()

    def assumptions(self) -> list[Line]:
        """Return every presumption that a result used."""
        none: dict[str, list[str]] = {}
        taken: dict[str, list[int]] = {}
        for fact, year in self.report.presumed:
            taken.setdefault(fact, []).append(year)
        lines = []
        for fact, years in taken.items():
            term = self.rulebook.vocabulary.terms.get(fact)
            label = self.rulebook.label_of(fact).of(self.lang)
            told = joined([str(y) for y in years if y], self.lang)
            if term is None:
                none.setdefault(told, []).append(label)
                continue
            where = f", {told}" if told else ""
            said = say(term.assumption, term.unit, self.lang)
            lines.append(Line(0, self.pick(
                f"{in_year(label, told)}：推定为“{said}”（{fact}）",
                f"{label}{where}: presumed '{said}' ({fact})",
            )))  # fmt: skip
        for finding in self.report.findings:
            # What an authority settles was not told: law derived it, and the authority may differ.
            attester = self.rulebook.vocabulary.terms[finding.concept].attester
            if (
                attester is not None
                and finding.proof.step == "concept"
                and finding.value is not UNKNOWN
            ):
                label = self.rulebook.label_of(finding.concept).of(self.lang)
                lines.append(Line(0, self.pick(
                    f"{in_year(label, finding.year)}：未告知，由规则推算；以{attester.zh}为准",
                    f"{label}, {finding.year}: not told, derived by law; {attester.en} governs",
                )))  # fmt: skip
        for told, lists in none.items():
            listed = joined(lists, self.lang)
            lines.append(Line(0, self.pick(
                f"{told}年度未告知，视为没有：{listed}",
                f"not told for {told}, taken as none: {listed}",
            )))  # fmt: skip
        return lines

    def unjudged(self) -> list[Line]:
        """Return the lists that were not told, so that no duty on their records was judged."""
        years: dict[str, list[int]] = {}
        for record, year in self.report.unjudged:
            years.setdefault(record, []).append(year)
        lines = []
        _, later = known_on(self.report.case, self.report.asked_on)
        if later:
            lines.append(Line(0, self.pick(
                f"询问日之后的单位变动 {later} 项，尚未发生，不计入",
                f"{later} movements of units after the day asked have not happened yet: left out",
            )))  # fmt: skip
        for record, found in years.items():
            duties = {
                d: n[0].label.of(self.lang)
                for d, n in self.rulebook.duties.items()
                if n[0].record == record
            }
            label = self.rulebook.label_of(record).of(self.lang)
            when, what = (
                joined([str(y) for y in found], self.lang),
                joined([*duties.values()], self.lang),
            )
            lines.append(Line(0, self.pick(
                f"{when}年度未告知{label}（{record}），未作判断：{what}",
                f"{label} ({record}) not told for {when}, so not judged: {what}",
            )))  # fmt: skip
        return lines

    def differences(self) -> list[Line]:
        """Return told concepts that law would derive otherwise; the told value governs."""
        lines = []
        for one in self.report.differences:
            term = self.rulebook.vocabulary.terms[one.concept]
            told, derived = (say(v, term.unit, self.lang) for v in (one.told, one.derived))
            label = term.label.of(self.lang)
            lines.append(Line(0, self.pick(
                f"{in_year(label, one.year)}：告知“{told}”，依规定推算为“{derived}”；以告知的为准",
                f"{label}, {one.year}: told '{told}', law derives '{derived}'; the former governs",
            )))  # fmt: skip
        return lines

    def not_encoded(self) -> list[Line]:
        """Return the clauses without a norm in the articles relied on, with the reason."""
        lines = []
        for place in self.report.not_encoded:
            key, _, article = place.partition("#")
            lines.append(Line(0, self.rulebook.cite(key, article, self.lang, short=True)))
            lines += [
                Line(1, self.clause(n))
                for n in self.rulebook.not_encoded
                if (n.instrument, n.article) == (key, article)
            ]
        return lines

    def clause(self, one: NotEncoded) -> str:
        """Return the words of a clause, shortened, with the reason why it carries no norm."""
        words = "……".join(q if len(q) <= 30 else f"{q[:14]}…{q[-10:]}" for q in one.quotes)
        instrument = self.rulebook.instruments[one.instrument]
        grade, summary = instrument.grade_of(one.article), instrument.is_summary(one.article)
        quote = Quote(words, Cite(one.instrument, one.article), grade, summary)
        said = quote.written(self.lang)
        reason, note = REASONS[one.reason].of(self.lang), one.note.of(self.lang)
        reason += self.pick(f"（{note}）", f" ({note})") if note else ""
        return self.pick(f"{reason}：{said}", f"{reason}: {said}")

    def counts(self) -> str:
        """Return how many verdicts there are of each outcome, in one line."""
        order = ("breached", "conflict", "undetermined", "pending", "complied", "not_applicable")
        listed = sorted(self.report.verdicts, key=lambda v: (order.index(v.outcome), v.assumed))
        counted = Counter(outcome_of(v).of(self.lang) for v in listed)
        return joined([f"{outcome} {count}" for outcome, count in counted.items()], self.lang)


def _facts_only(sets: Sets) -> Sets:
    """Return sets of needs without the norms that ask, so that the same facts are asked once."""
    return tuple(frozenset(n._replace(norm="") for n in s) for s in sets)
