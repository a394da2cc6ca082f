"""The compliance memorandum (合规备忘录), built from a report: conclusion first."""

from __future__ import annotations

from carbonlex.memo import closing, opening
from carbonlex.memo.analysis import analysis
from carbonlex.memo.compose import SHARED, compose
from carbonlex.memo.document import Document
from carbonlex.memo.draft import Addressing, Draft
from carbonlex.memo.governing import points_in_time
from carbonlex.memo.house import PLAIN, House
from carbonlex.model import Label
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.rulebook import Rulebook

HEADINGS: dict[str, Label] = {
    "conclusion": Label("结论", "Brief Answer"),
    "questions": Label("问题", "Questions Presented"),
    "facts": Label("事实与假定", "Facts and Assumptions"),
    "law": Label("适用法律", "Governing Law"),
    "analysis": Label("分析", "Analysis"),
    **SHARED,
}
"""The sections of the memo, by id, in order."""

TITLE = Label("合规备忘录", "Compliance Memorandum")


def compliance_memo(
    rulebook: Rulebook,
    report: Report,
    lang: str = "zh",
    addressing: Addressing | None = None,
    house: House = PLAIN,
) -> Document:
    """Return the compliance memo of a report.

    Raises `CitationError` for a citation or quote that does not resolve.
    """
    draft = Draft(rulebook, report, lang, house)
    return compose(
        draft, "compliance", TITLE, HEADINGS,
        {
            "conclusion": lambda: opening.answers(draft),
            "questions": lambda: opening.questions(draft),
            "facts": lambda: opening.facts(draft),
            "law": lambda: points_in_time(draft),
            "analysis": lambda: analysis(draft),
            "readings": lambda: closing.open_questions(draft),
            "missing": lambda: closing.missing(draft),
            "not-encoded": lambda: closing.not_encoded(draft),
            "run": lambda: closing.run(draft),
        },
        opening.header(draft, addressing or Addressing()), report.asked_on, report.digest,
    )  # fmt: skip
