"""What a memo on a report is written with: the pen, and what is read off the report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from carbonlex.memo.document import Item
from carbonlex.memo.house import PLAIN, House
from carbonlex.memo.pen import Pen
from carbonlex.memo.traced import Tracer
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.remarks import Remarks
from carbonlex.words.verdicts import VerdictWords

ORDER = ("breached", "conflict", "undetermined", "pending", "complied", "not_applicable")


@dataclass(frozen=True)
class Addressing:
    """To whom a memo goes, from whom, about what, under which number; data, and nothing else."""

    to: str = ""
    sender: str = ""
    subject: str = ""
    number: str = ""


class Draft(Pen):
    """One memo on a report in the making; `only` keeps to verdicts with certain outcomes."""

    def __init__(
        self,
        rulebook: Rulebook,
        report: Report,
        lang: str,
        house: House = PLAIN,
        only: tuple[str, ...] = ORDER,
    ) -> None:
        super().__init__(rulebook, lang, house)
        self.report, self.case, self.only = report, report.case, only
        self.words = VerdictWords(rulebook, lang)
        kept = tuple(v for v in report.verdicts if v.outcome in only)
        self.remarks = Remarks(rulebook, replace(report, verdicts=kept), lang)

    @property
    def verdicts(self) -> list[Verdict]:
        """The verdicts that the memo is about, what matters most first."""
        last = date.max
        kept = [v for v in self.report.verdicts if v.outcome in self.only]
        return sorted(kept, key=lambda v: (ORDER.index(v.outcome), v.due or last, v.year))

    @property
    def name(self) -> str:
        """The name of the case."""
        return self.report.case_name or self.pick("（未具名）", "(unnamed)")

    def norm(self, name: str) -> Norm:
        """Return a norm as the reading in use has it."""
        return self.rulebook.as_read(self.rulebook.norms[name], dict(self.report.readings))

    def used(self, question: str) -> str:
        """Return the reading in use of a question."""
        return dict(self.report.readings).get(question, self.rulebook.questions[question].default)

    def steps(
        self, tracer: Tracer, proof: Proof | None, path: str, limit: int, on: date
    ) -> list[Item]:
        """Return a proof as items of a list, each with its path."""
        if proof is None:
            return []
        traced = tracer.trace(proof, path, limit)
        return [Item(line.depth, self.line(line, where, on)) for line, where in traced]
