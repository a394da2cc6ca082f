"""The penalty analysis (处罚分析): decided on a day, under the law of the act and of that day."""

from __future__ import annotations

from carbonlex.memo import closing, opening
from carbonlex.memo.analysis import analysis
from carbonlex.memo.compose import SHARED, compose
from carbonlex.memo.consequences import both_laws, which_law
from carbonlex.memo.document import Block, Document, Paragraph, Table
from carbonlex.memo.draft import Addressing, Draft
from carbonlex.memo.governing import points_in_time
from carbonlex.memo.house import PLAIN, House
from carbonlex.model import Label
from carbonlex.reasoner.consequence import Package, Sanctions
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.phrases import LAWS
from carbonlex.words.values import say

HEADINGS: dict[str, Label] = {
    "conclusion": Label("结论", "Brief Answer"),
    "figures": Label("各项违法行为的幅度", "Ranges, Breach by Breach"),
    "questions": Label("问题", "Questions Presented"),
    "facts": Label("事实与假定", "Facts and Assumptions"),
    "law": Label("行为时法与决定时法", "Law of the Act and Law of the Decision"),
    "analysis": Label(
        "分析：违法、幅度、裁量、时效", "Analysis: Breach, Range, Discretion, Limitation"
    ),
    **SHARED,
}
"""The sections of the analysis, by id, in order."""

TITLE = Label("处罚分析备忘录", "Penalty Analysis")


class NotDecided(ValueError):
    """A penalty is analysed as decided on a day, and the report was asked for without one."""


def penalty_memo(
    rulebook: Rulebook,
    report: Report,
    lang: str = "zh",
    addressing: Addressing | None = None,
    house: House = PLAIN,
) -> Document:
    """Return the penalty analysis of the breaches in a report with a day of decision.

    Raises `NotDecided`, and `CitationError` for a citation or quote that does not resolve.
    """
    if report.decided_on is None:
        raise NotDecided
    draft, to = Draft(rulebook, report, lang, house, only=("breached",)), addressing or Addressing()
    return compose(
        draft, "penalty", TITLE, HEADINGS,
        {
            "conclusion": lambda: _conclusion(draft),
            "figures": lambda: _figures(draft),
            "questions": lambda: _questions(draft),
            "facts": lambda: opening.facts(draft),
            "law": lambda: points_in_time(draft) or (draft.nothing(),),
            "analysis": lambda: analysis(draft, both_laws),
            "readings": lambda: closing.open_questions(draft),
            "missing": lambda: closing.missing(draft),
            "not-encoded": lambda: closing.not_encoded(draft),
            "run": lambda: closing.run(draft),
        },
        opening.header(draft, to, _subject(draft)), report.asked_on, report.digest,
    )  # fmt: skip


def _subject(draft: Draft) -> str:
    return draft.pick(f"{draft.name}违法行为的处罚", f"Penalties for breaches by {draft.name}")


def _conclusion(draft: Draft) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for verdict in draft.verdicts:
        number = draft.number()
        # Sentences are written in the order in which they are read: the first mention is full.
        answer = opening.answer(draft, verdict)
        sentences = [next(answer)]
        found = verdict.sanctions
        if found is not None and found.lighter is not None:
            sentences.append(which_law(draft, verdict, found))
        blocks.append(Paragraph(number, (*sentences, *answer)))
    if not blocks:
        blocks.append(draft.said("没有已成立的违反，无可处罚", "No breach is established"))
    others = [v for v in draft.report.verdicts if v.outcome in ("undetermined", "conflict")]
    if others:
        named = draft.pick("；", "; ").join(draft.words.title(v) for v in others)
        blocks.append(draft.said(
            f"未定或者规范冲突，不在本分析之内：{named}",
            f"Undetermined or in conflict, and not analysed here: {named}",
        ))  # fmt: skip
    if draft.verdicts:
        blocks += (*opening.single_acts(draft), opening.weakest_grade(draft))
    return tuple(blocks)


def _figures(draft: Draft) -> tuple[Block, ...]:
    sanctioned = [(v, v.sanctions) for v in draft.verdicts if v.sanctions is not None]
    if not sanctioned:
        return (draft.nothing(),)
    headers = draft.pick(
        "违法行为|发生日|行为时法：罚款|决定时法：罚款|何法|时效届满日",
        "Breach|Day|Fine, law of the act|Fine, law of the decision|Which law|Limitation ends",
    )
    rows = tuple(_row(draft, v, found) for v, found in sanctioned)
    caption = draft.pick(
        "罚款为对单位的、已届期的各项之和；罚款之外的后果见分析",
        "Fines are those on the entity that have fallen due, added up; other consequences: see the "
        "analysis",
    )
    return (Table(tuple(headers.split("|")), rows, caption),)


def _row(draft: Draft, verdict: Verdict, found: Sanctions) -> tuple[str, ...]:
    pick, lang = draft.pick, draft.lang
    lighter = found.lighter
    which = LAWS[lighter.result].of(lang) if lighter is not None else pick("规定未变", "unchanged")
    package = found.governing or found.at_breach
    limit = package.limitation
    last = limit.last_day if limit is not None else None
    return (
        draft.capital(draft.words.title(verdict)),
        say(found.breach_date, "", lang),
        _fine(draft, found.at_breach),
        _fine(draft, found.at_decision) if found.at_decision is not None else pick("同左", "same"),
        which,
        say(last, "", lang) if last is not None else "—",
    )


def _fine(draft: Draft, package: Package) -> str:
    fines = [c for c in package.consequences if c.kind == "fine" and c.liable is None]
    if not any(not c.excluded for c in fines):
        return draft.pick("无", "none")
    if package.total is None:
        return draft.pick("未定", "not known")
    return say(package.total, "CNY", draft.lang)


def _questions(draft: Draft) -> tuple[Block, ...]:
    assert draft.report.decided_on is not None
    day = say(draft.report.decided_on, "", draft.lang)
    blocks: list[Block] = []
    for verdict in draft.verdicts:
        title = draft.words.title(verdict)
        blocks.append(draft.said(
            f"{draft.name}“{title}”的违反，于{day}作出处罚决定的，适用何日的规定，幅度几何，是否已过时效？",
            f"Where {draft.name}'s breach of '{title}' is decided on {day}: which day's law "
            "applies, within what range, and is it barred by time?",
        ))  # fmt: skip
    return tuple(blocks) or (draft.nothing(),)
