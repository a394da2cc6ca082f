"""A question in words: what to answer and how, who attests it, what it settles, whose words ask."""

from __future__ import annotations

from carbonlex.cases.formats import write_path
from carbonlex.interview.question import Question
from carbonlex.model import Label
from carbonlex.reasoner.verdict import Verdict
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Term
from carbonlex.words.norms import say_norm
from carbonlex.words.sentences import Line, cites_of, flagged, quotes_of, written_cites
from carbonlex.words.values import say, unit_words
from carbonlex.words.verdicts import VerdictWords

_EXAMPLES = {
    "tCO2e": Label("如 100000、“100 kt”、“2.6万吨”", "such as 100000 or '100 kt'"),
    "CNY": Label("如 500000、“50万元”", "such as 500000"),
    "CNY/tCO2e": Label("如 62.5", "such as 62.5"),
    "ratio": Label("如 0.05、“5%”", "such as 0.05 or '5%'"),
}
_SHOWN_VERDICTS = 4
_SHOWN_NORMS = 2


class QuestionWords:
    """Says what questions ask, in one language."""

    def __init__(self, rulebook: Rulebook, lang: str) -> None:
        self.rulebook, self.lang = rulebook, lang
        self.words = VerdictWords(rulebook, lang)
        self.pick = self.words.pick

    def title(self, question: Question) -> str:
        """Return what is asked: the label, the year, the child record."""
        fact, year, index = question.place
        said = self.rulebook.label_of(fact).of(self.lang)
        if index >= 0:
            record = self.rulebook.vocabulary.terms[fact].record
            of = self.rulebook.label_of(record).of(self.lang)
            said = self.pick(f"{of}第{index + 1}项：{said}", f"{of} no. {index + 1}: {said}")
        if year:
            said = self.pick(f"{year}年度 {said}", f"{said}, {year}")
        return said

    def place(self, question: Question) -> str:
        """Return the key under which a case file tells it: `year.2025.credits#1.used`."""
        fact, year, index = question.place
        if index >= 0:
            record = self.rulebook.vocabulary.terms[fact].record
            return write_path(("year", str(year), record, index, fact))
        return write_path(("year", str(year), fact) if year else ("entity", fact))

    def lines(self, question: Question) -> list[Line]:
        """Return how to answer, who attests it, what waits for it, and the words that ask."""
        term = self.rulebook.vocabulary.terms.get(question.place.fact)
        said = [Line(0, self.pick("应答：", "Answer: ") + self.form(term))]
        if question.presumed:
            said.append(Line(0, self.presumption(term)))
        if term is not None and term.attester is not None:
            who = term.attester.of(self.lang)
            said.append(Line(0, self.pick(f"以何为据：{who}", f"Attested by: {who}")))
        if question.settles:
            titles = self.titles(question.settles)
            said.append(Line(0, self.pick(f"答后即定：{titles}", f"Settles: {titles}")))
        if question.helps:
            titles = self.titles(question.helps)
            head = self.pick("所据以推定者：", "Rests on it: ")
            if not question.presumed:
                head = self.pick("尚待此事实：", "Waits for it, among others: ")
            said.append(Line(0, head + titles))
        return said + [self.asking(norm) for norm in self.norms(question)[:_SHOWN_NORMS]]

    def form(self, term: Term | None) -> str:
        """Return how an answer is written, with an example; None is a list of child records."""
        if term is None:
            return self.pick(
                "共几项；没有答 0，其后逐项询问", "how many; 0 for none; each is then asked about"
            )
        match term.type:
            case "boolean":
                return self.pick("是 或 否（y/n）", "yes or no (y/n)")
            case "date":
                return self.pick("日期，如 2026-03-31", "a day, such as 2026-03-31")
            case "choice":
                choices = enumerate(term.choices.items(), 1)
                listed = [f"{n} {label.of(self.lang)} ({key})" for n, (key, label) in choices]
                return self.pick("选一项：", "choose one: ") + "  ".join(listed)
            case "number":
                return self.number(term)
        return self.pick("文字", "text")

    def number(self, term: Term) -> str:
        """Return the unit, an example and the decimals allowed of a number."""
        unit = unit_words(term.unit, self.lang)
        parts = [self.pick("数", "a number")]
        if unit:
            parts[0] += self.pick(f"，单位{unit}", f" in {unit}")
        if term.unit in _EXAMPLES:
            parts.append(_EXAMPLES[term.unit].of(self.lang))
        most = term.decimals
        parts.append(
            self.pick(f"至多 {most} 位小数", f"at most {most} decimals")
            if most
            else self.pick("整数", "a whole number")
        )
        return self.pick("，", ", ").join(parts)

    def presumption(self, term: Term | None) -> str:
        """Return what is presumed where nothing is answered."""
        value = self.pick("没有", "none")
        if term is not None:
            value = say(term.presumption, term.unit, self.lang, self.rulebook)
        return self.pick(f"不答则推定为：{value}", f"Presumed if not answered: {value}")

    def titles(self, verdicts: tuple[Verdict, ...]) -> str:
        """Return the names of verdicts, those that fall due first before the others."""
        ordered = sorted(verdicts, key=lambda v: (v.due is None, v.due))
        # English titles have commas of their own.
        between = self.pick("、", "; ")
        said = between.join(self.words.title(v) for v in ordered[:_SHOWN_VERDICTS])
        more = len(verdicts) - _SHOWN_VERDICTS
        return said if more <= 0 else said + self.pick(f"等 {len(verdicts)} 项", f"; {more} more")

    def norms(self, question: Question) -> list[Norm]:
        """Return the norms that ask."""
        norms = self.rulebook.norms
        return [norms[n] for n in question.norms if n in norms]

    def asking(self, norm: Norm) -> Line:
        """Return the provision that asks, with its words."""
        label = norm.label.of(self.lang) + flagged(norm.grade, self.lang)
        text = self.pick(f"何以要问：{label}", f"Asked for by: {label}")
        return Line(0, text, cites_of(norm), quotes_of(self.rulebook, norm), norm.grade)

    def explanation(self, question: Question) -> list[Line]:
        """Return every norm that asks: its full citation, its words, and what it says in short."""
        lines: list[Line] = []
        for norm in self.norms(question):
            cite = written_cites(self.rulebook, cites_of(norm), self.lang, short=False)
            quotes = quotes_of(self.rulebook, norm)
            said = cite + flagged(norm.grade, self.lang)
            lines.append(Line(0, said, (), quotes, norm.grade))
            lines += [Line(1, sentence) for sentence in say_norm(self.rulebook, norm, self.lang)]
        nothing = self.pick("没有条文直接要求；案件须有此项。", "No provision asks: a case has it.")
        return lines or [Line(0, nothing)]

    def noted(self, question: Question, value: object) -> str:
        """Return what was understood: a value, or how many child records."""
        term = self.rulebook.vocabulary.terms.get(question.place.fact)
        if term is None:
            return self.pick(f"{value} 项", f"{value} of them") if value else self.form_none()
        return say(value, term.unit, self.lang, self.rulebook)  # type: ignore[arg-type]

    def form_none(self) -> str:
        """Return the words for an empty list."""
        return self.pick("没有", "none")
