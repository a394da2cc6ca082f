"""The compliance memorandum (合规备忘录), built from a report: conclusion first."""

from __future__ import annotations

from dataclasses import replace

from carbonlex.memo import closing, opening
from carbonlex.memo.analysis import analysis
from carbonlex.memo.citing import numbered
from carbonlex.memo.document import Block, Document, Section
from carbonlex.memo.draft import Addressing, Draft
from carbonlex.memo.governing import law_table, points_in_time
from carbonlex.model import Label
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.citation import chinese_number

HEADINGS: dict[str, Label] = {
    "conclusion": Label("结论", "Brief Answer"),
    "questions": Label("问题", "Questions Presented"),
    "facts": Label("事实与假定", "Facts and Assumptions"),
    "law": Label("适用法律", "Governing Law"),
    "analysis": Label("分析", "Analysis"),
    "readings": Label("未决问题与读法", "Open Questions and Readings"),
    "missing": Label("缺少的事实", "Missing Facts"),
    "not-encoded": Label("未编码的内容", "What Is Not Encoded"),
    "authorities": Label("依据目录", "Table of Authorities"),
    "run": Label("声明与运行摘要", "Reservation and Digest of the Run"),
}
"""The sections of the memo, by id, in order."""

TITLE = Label("合规备忘录", "Compliance Memorandum")


def compliance_memo(
    rulebook: Rulebook,
    report: Report,
    lang: str = "zh",
    addressing: Addressing | None = None,
) -> Document:
    """Return the compliance memo of a report.

    Raises `CitationError` for a citation or quote that does not resolve.
    """
    draft = Draft(rulebook, report, lang)
    sections = {
        "conclusion": _section(draft, "conclusion", opening.answers(draft)),
        "questions": _section(draft, "questions", opening.questions(draft)),
        "facts": _section(draft, "facts", opening.facts(draft)),
        "law": _section(draft, "law", points_in_time(draft)),
    }
    number = _number(draft, "analysis")
    heading = HEADINGS["analysis"].of(draft.lang)
    parts = analysis(draft)
    sections["analysis"] = Section("analysis", number, heading, (), parts)
    for name, blocks in (
        ("readings", closing.open_questions),
        ("missing", closing.missing),
        ("not-encoded", closing.not_encoded),
    ):
        sections[name] = _section(draft, name, blocks(draft))
    # What was relied on is known only once everything else has been written.
    law = sections["law"]
    sections["law"] = replace(law, blocks=(law_table(draft), *law.blocks))
    sections["authorities"] = _section(draft, "authorities", draft.citer.authorities())
    sections["run"] = _section(draft, "run", closing.run(draft))
    document = Document(
        "compliance", draft.lang, TITLE.of(draft.lang),
        opening.header(draft, addressing or Addressing()),
        report.asked_on, report.digest, tuple(sections.values()),
    )  # fmt: skip
    return numbered(document, draft.citer.numbers)


def _number(draft: Draft, name: str) -> str:
    at = [*HEADINGS].index(name) + 1
    return chinese_number(at) if draft.zh else str(at)


def _section(draft: Draft, name: str, blocks: tuple[Block, ...]) -> Section:
    heading = HEADINGS[name].of(draft.lang)
    return Section(name, _number(draft, name), heading, blocks)
