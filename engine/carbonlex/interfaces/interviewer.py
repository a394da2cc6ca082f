"""An interview on a terminal or down a pipe: one question at a time, saved after each answer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from carbonlex.cases.models import NAME, Refusal, shown
from carbonlex.errors import ContentError
from carbonlex.interfaces.arguments import BAD_INPUT, console
from carbonlex.interfaces.terminal import Terminal
from carbonlex.interview.answer import command_of, count_from, value_from, year_from
from carbonlex.interview.draft import Draft
from carbonlex.interview.question import Place, Question, next_question, question_on
from carbonlex.interview.wording import QuestionWords
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.sentences import Line

MAX_TRIES = 3
_Answer = TypeVar("_Answer")


class Ended(Exception):
    """The user ended the interview, or the input did."""


class Interviewer:
    """One run: asks on the terminal or down a pipe, and saves after each answer."""

    def __init__(
        self,
        rulebook: Rulebook,
        draft: Draft,
        on: date,
        readings: dict[str, str],
        lang: str,
        everything: bool,
    ) -> None:
        self.rulebook, self.draft, self.on, self.readings = rulebook, draft, on, readings
        self.lang, self.everything = lang, everything
        self.words = QuestionWords(rulebook, lang)
        self.pick = self.words.pick
        self.asked: set[Place] = set()
        self.number = 0

    def check(self, draft: Draft) -> Report:
        """Return what the facts of a draft come to."""
        case = draft.case(self.rulebook.vocabulary)
        return check_case(self.rulebook, case, self.on, None, self.readings, survey=False)

    def take(self, told: Draft, report: Report) -> Report:
        """Save an answer, and return what comes of it; one that fits no case is not kept."""
        try:
            after = self.check(told)
        except ContentError as error:
            for one in error.diagnostics:
                print("  ✗ " + one.render(self.lang).replace("<stdin>", str(told.path)))
            self.say("  没有记入。", "  Not taken.")
            return report
        self.draft = told.save()
        return after

    def begin(self, year: int) -> int:
        """Ask for what every case has, make the file, and go on; returns the exit code."""
        self.rules()
        blank = self.draft
        try:
            self.name()
            self.sector(year or self.on.year - 1)
            year = year or self.year()
        except Ended:
            if self.draft == blank:
                self.say("什么也没有告知，没有写文件。", "Nothing was told, and no file written.")
                return BAD_INPUT
            self.draft = self.draft.with_year(year or self.on.year - 1).save()
            return self.finish(self.check(self.draft))
        self.draft = self.draft.with_year(year).save()
        return self.run(year, greet=False)

    def run(self, year: int, *, greet: bool = True) -> int:
        """Ask until no answer would change a verdict any more; returns the exit code.

        `year` 0 asks about every year that the case tells of.
        """
        if year:
            self.draft = self.draft.with_year(year)
        report = self.check(self.draft)
        years = {year} if year else {*report.case.years}
        if self.draft.saved is None:
            self.draft = self.draft.save()
        while question := next_question(
            self.rulebook, report, self.asked, years, everything=self.everything
        ):
            if greet and not self.asked:
                self.rules()
            try:
                told = self.put(question, report)
                if told is not None:
                    report = self.take(told, report)
            except (Ended, KeyboardInterrupt):
                break
        return self.finish(self.check(self.draft))

    def put(self, question: Question, report: Report) -> Draft | None:
        """Put one question, and return the draft with its answer; None where it was skipped."""
        vocabulary, place = self.rulebook.vocabulary, question.place
        self.asked.add(place)
        self.head(self.words.title(question), self.words.place(question))
        self.show(report, self.words.lines(question))
        if place.fact in vocabulary.records:
            record = vocabulary.records[place.fact]
            count = self.answer(lambda text: count_from(record, text), question, report)
            if count is None:
                return None
            self.noted(self.words.noted(question, count))
            return self.draft.with_rows(place, count)
        term = vocabulary.terms[place.fact]
        told = self.answer(lambda text: value_from(term, text), question, report)
        if told is None:
            return None
        value, source = told
        self.noted(self.words.noted(question, value) + (f" # {source}" if source else ""))
        return self.draft.with_fact(vocabulary, place, value, source)

    def answer(
        self,
        read: Callable[[str], _Answer],
        question: Question | None = None,
        report: Report | None = None,
    ) -> _Answer | None:
        """Return what is answered, None where it is skipped or could not be understood."""
        wrong = 0
        while wrong < MAX_TRIES:
            text = self.line()
            command = command_of(text)
            if command == "quit":
                raise Ended
            if command == "skip":
                return None
            if command == "explain":
                self.explain(question, report)
                continue
            try:
                return read(text)
            except Refusal as refusal:
                wrong += 1
                at = 0 if self.lang == "zh" else 1
                print(f"  ✗ {refusal.message[at]}\n    → {refusal.hint[at]}")
        self.say("  先跳过这一项。", "  Skipped for now.")
        return None

    def line(self) -> str:
        """Return the next line of input; raises `Ended` where there is none."""
        try:
            text = input("> ").lstrip("\ufeff")
        except (EOFError, KeyboardInterrupt):
            print()
            raise Ended from None
        if not sys.stdin.isatty():
            print(shown(text))  # a pipe does not show what was answered
        return text

    def name(self) -> None:
        """Ask for the name of the entity."""
        self.head(self.pick("单位名称", "name of the entity"), "entity.name")
        told = self.answer(lambda text: value_from(NAME, text))
        if told is not None:
            self.draft = self.draft.with_name(str(told[0]))

    def sector(self, year: int) -> None:
        """Ask for the sector, on the words that ask for it in a year."""
        report = self.check(self.draft.with_year(year))
        self.draft = self.put(question_on(report, Place("sector", 0, -1)), report) or self.draft

    def year(self) -> int:
        """Ask for the compliance year; the last one that is over, where nothing is answered."""
        last = self.on.year - 1
        self.head(self.pick("履约年度", "compliance year"), "year")
        self.say(
            f"  排放发生的公历年；回车为 {last}",
            f"  the calendar year of the emissions; Enter for {last}",
        )
        return self.answer(year_from) or last

    def rules(self) -> None:
        """Print how the interview is answered."""
        self.say(
            "逐项询问仍有影响的事实。回车跳过，? 看条文，q 保存并结束；答案后可加 # 来源。",
            "Only facts that still matter are asked for. Enter skips, ? shows the law, "
            "q saves and ends; # after an answer adds its source.",
        )

    def head(self, title: str, key: str) -> None:
        """Print the head of a question."""
        self.number += 1
        number = self.pick(f"问 {self.number}", f"Question {self.number}")
        print(f"\n{number} · {title}　[{key}]")

    def explain(self, question: Question | None, report: Report | None) -> None:
        """Print the law that asks, in full."""
        if question is None or report is None:
            self.say("  案件须有此项。", "  Every case has it.")
        else:
            self.show(report, self.words.explanation(question))

    def show(self, report: Report, lines: list[Line]) -> None:
        """Print sentences with their citations, and the words of law where they may be quoted."""
        terminal = Terminal(console(), self.rulebook, report, self.lang)
        terminal.lines(lines)
        terminal.flush()

    def finish(self, report: Report) -> int:
        """Print the verdicts in short and where the file is; returns the exit code."""
        print()
        terminal = Terminal(console(), self.rulebook, report, self.lang)
        terminal.head()
        ordered = sorted(report.verdicts, key=lambda v: (v.outcome == "not_applicable", v.year))
        for verdict in ordered:
            terminal.verdict(verdict)
        terminal.flush()
        file = self.draft.path
        print("\n" + self.pick(f"案情已存于 {file}", f"The case is in {file}"))
        years = report.case.years
        if next_question(self.rulebook, report, (), years):
            self.say(
                f"仍有未定之处：carbonlex check {file} 列出所缺，carbonlex ask {file} 接着问。",
                f"Some is still open: carbonlex check {file} lists what is missing, "
                f"carbonlex ask {file} goes on.",
            )
        elif not self.everything and next_question(
            self.rulebook, report, (), years, everything=True
        ):
            self.say(
                f"金额所需或推定的事实：carbonlex ask {file} --all 接着问。",
                f"Amounts, and facts presumed so far: carbonlex ask {file} --all goes on.",
            )
        return report.exit_code

    def noted(self, said: str) -> None:
        """Print what was understood."""
        print(self.pick(f"  记下：{said}", f"  Noted: {said}"))

    def say(self, zh: str, en: str) -> None:
        """Print one line in the language asked for."""
        print(self.pick(zh, en))
