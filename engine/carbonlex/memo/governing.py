"""The governing law: which expressions were relied on, and which day's law for which duty."""

from __future__ import annotations

from carbonlex.memo.document import Block, Table
from carbonlex.memo.draft import Draft
from carbonlex.memo.paths import path_of
from carbonlex.memo.pen import Pen
from carbonlex.model import Label
from carbonlex.reasoner.verdict import Verdict
from carbonlex.statutes.instruments import RANK_LABELS, Instrument
from carbonlex.words.sentences import flagged, grade_words
from carbonlex.words.values import say

_REASONS: dict[str, Label] = {
    "deadline": Label(
        "义务以其期限届满之日有效的规定为准", "a duty is read under the law of its deadline"
    ),
    "lasting": Label(
        "持续的义务在存续期间以询问日有效的规定为准",
        "a continuing duty is read, while it lasts, under the law of the day asked",
    ),
    "act": Label(
        "禁止以行为之日有效的规定为准", "a prohibition is read under the law of the day of the act"
    ),
    "undated": Label(
        "期限尚未确定，以询问日有效的规定为准",
        "its day is not known, so the law of the day asked is applied",
    ),
}


def points_in_time(draft: Draft) -> tuple[Block, ...]:
    """Return the reason of point in time: which day's law was applied to what."""
    groups: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in draft.verdicts:
        day = say(verdict.law, "", draft.lang)
        groups.setdefault((day, _reason(draft, verdict)), []).append(verdict)
    blocks: list[Block] = []
    for (day, reason), verdicts in groups.items():
        named = draft.pick("；", "; ").join(draft.words.title(v) for v in verdicts)
        why = _REASONS[reason].of(draft.lang)
        text = draft.pick(
            f"适用{day}有效的规定（{why}）：{named}", f"Law in force on {day} ({why}): {named}"
        )
        blocks.append(draft.paragraph(draft.sentence(text)))
    for verdict in draft.verdicts:
        found = verdict.sanctions
        if found is None or verdict.outcome not in ("breached", "pending"):
            continue
        title, breach = draft.words.title(verdict), say(found.at_breach.law, "", draft.lang)
        text = draft.pick(
            f"{title}的后果：适用违法行为发生之日（{breach}）有效的规定",
            f"What follows from {title}: the law of the day of breach ({breach})",
        )
        if found.at_decision is not None:
            decided = say(found.at_decision.law, "", draft.lang)
            text += draft.pick(
                f"，并与处罚决定日（{decided}）的规定比较",
                f", compared with that of the day of decision ({decided})",
            )
        blocks.append(draft.paragraph(draft.sentence(text, proof=f"{path_of(verdict)}/sanctions")))
    return tuple(blocks)


def _reason(draft: Draft, verdict: Verdict) -> str:
    norm = draft.rulebook.norms[verdict.norm]
    if verdict.due is None:
        return "undated"
    if norm.until is not None:
        return "lasting"
    return "act" if norm.kind == "prohibits" else "deadline"


def law_table(draft: Pen) -> Table:
    """Return the instruments that the memo cites, by rank, with version and grade."""
    headers = draft.pick(
        "位阶|名称|文号|施行|失效|所用版本|来源等级",
        "Rank|Title|Number|In force from|Until|Version used|Source grade",
    )
    rows = tuple(_row(draft, i) for i in draft.citer.instruments)
    caption = draft.pick("所依据的规定", "Law relied on")
    return Table(tuple(headers.split("|")), rows, caption)


def _row(draft: Pen, instrument: Instrument) -> tuple[str, ...]:
    lang = draft.lang

    def graded(said: str, what: str) -> str:
        grade = instrument.date_grades.get(what, instrument.grade)
        return said + (flagged(grade, lang) if grade == "recalled" and said else "")

    title = instrument.title
    ended = say(instrument.ended, "", lang) if instrument.ended else ""
    return (
        draft.capital(RANK_LABELS[instrument.rank].of(lang)),
        draft.pick(f"《{title.zh}》", f"{title.en} ({title.zh})"),
        graded(instrument.number, "number") or "—",
        graded(say(instrument.effective, "", lang), "effective"),
        graded(ended, "ended") or "—",
        instrument.uri,
        grade_words(instrument.grade, lang),
    )
