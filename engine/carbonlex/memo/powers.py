"""What a drafting memo says of power and validity, read off the examination clause by clause."""

from __future__ import annotations

from collections.abc import Iterator

from carbonlex.memo.document import Block, Sentence
from carbonlex.memo.draft import Draft
from carbonlex.memo.paths import path_of
from carbonlex.validity.finding import Finding
from carbonlex.validity.wording import RESULTS, Remark, ValidityWords, by_clause
from carbonlex.words.sentences import Line, cites_of
from carbonlex.words.values import say

_APART = ("reading", "needs", "doubt")
_GRAVEST = ("ultra_vires", "conflict", "undetermined", "within")


def answers(draft: Draft, powers: ValidityWords) -> tuple[Block, ...]:
    """Return, for each day, which clauses came out how, the gravest result first."""
    blocks: list[Block] = []
    for at_enactment in (True, False):
        found = [f for f in powers.examination.findings if f.enactment is at_enactment]
        for result in _GRAVEST:
            same = [f for f in found if f.result == result]
            if not same:
                continue
            number, said = draft.number(), RESULTS[result]
            clauses = [powers.clause(f) for f in same]
            named = draft.pick("；", "; ").join(line.text for line in clauses)
            day = say(same[0].day, "", draft.lang)
            zh = "制定时" if at_enactment else "询问日"
            en = "at enactment" if at_enactment else "on the day asked"
            text = draft.pick(
                f"权限与效力，依{zh}（{day}）的法律，{said.zh}（{len(same)} 项）：{named}",
                f"Power and validity {en} ({day}): {said.en} ({len(same)}): {named}",
            )
            cites = dict.fromkeys(c for line in clauses for c in line.cites)
            blocks.append(draft.paragraph(draft.rested(text, cites), number=number))
    return tuple(blocks) or (
        draft.said(
            "权限与效力：没有设定义务、许可、处罚或者强制措施的条款",
            "Power and validity: no clause imposes, licenses, penalises or coerces",
        ),
    )


def analysis(draft: Draft, powers: ValidityWords) -> tuple[Block, ...]:
    """Return a paragraph per clause and day: the result, and what it rests on."""
    blocks: list[Block] = []
    for group in by_clause(powers.examination.findings):
        number = draft.number()
        line = powers.clause(group[0])
        head = draft.rested(line.text, line.cites)
        blocks.append(draft.paragraph(head, number=number))
        for finding in group:
            number = draft.number()
            blocks.append(draft.paragraph(*_sentences(draft, powers, finding), number=number))
    return tuple(blocks) or (draft.nothing(),)


def _sentences(draft: Draft, powers: ValidityWords, finding: Finding) -> Iterator[Sentence]:
    deciding = [v for v in finding.verdicts if v.norm in finding.limits] or finding.verdicts
    path = path_of(deciding[0]) if deciding else ""
    grade = deciding[0].grade if deciding else None
    yield draft.sentence(powers.result(finding), proof=path, grade=grade)
    for remark in powers.remarks(finding):
        if remark.kind not in _APART:
            yield _said(draft, remark, finding, path)


def _said(draft: Draft, remark: Remark, finding: Finding, path: str) -> Sentence:
    label = remark.label.of(draft.lang)
    text = f"{label}：{remark.line.text}" if draft.zh else f"{label}: {remark.line.text}"
    # A basis that is claimed and was not in force is named, not relied on.
    on = None if remark.kind == "claimed" else finding.day
    return draft.rested(text, remark.line.cites, path, remark.line.grade, on)


def readings(draft: Draft, powers: ValidityWords) -> tuple[Block, ...]:
    """Return what would be otherwise under other readings, and the doubts that are declared."""
    blocks: list[Block] = []
    for finding in powers.examination.findings:
        for remark in powers.remarks(finding):
            if remark.kind in ("reading", "doubt"):
                what = powers.clause(finding).text
                day = powers.result(finding)
                text = (
                    f"{what}，{day}；{remark.line.text}"
                    if draft.zh
                    else (f"{what}, {day}; {remark.line.text}")
                )
                number = draft.number()
                rested = draft.rested(text, remark.line.cites)
                blocks.append(draft.paragraph(rested, number=number))
    return tuple(blocks) or (draft.nothing(),)


def needs(draft: Draft, powers: ValidityWords) -> tuple[Block, ...]:
    """Return the facts that would settle what is open, each once."""
    said: dict[str, None] = {}
    for finding in powers.examination.findings:
        for remark in powers.remarks(finding):
            if remark.kind == "needs":
                said.setdefault(remark.line.text)
    lines = [draft.paragraph(draft.sentence(text)) for text in said]
    return tuple(lines) or (draft.nothing(),)


def unencoded(draft: Draft, powers: ValidityWords) -> tuple[Block, ...]:
    """Return what the answer does not reach: laws held by title, documents of the State Council."""
    pick, rulebook = draft.pick, draft.rulebook
    days = {f.day for f in powers.examination.findings}
    lines = [
        Line(0, pick(
            "国务院的决定、命令没有编码；宪法、程序（听证、备案、公布）与合理性不在审查之内",
            "Decisions and orders of the State Council are not encoded; the Constitution, procedure"
            " (hearing, filing, publication) and reasonableness are not examined",
        ))
    ]  # fmt: skip
    for key in powers.examination.title_only:
        instrument = rulebook.instruments[key]
        if any(instrument.in_force(day) for day in days):
            title = instrument.title.of(draft.lang)
            lines.append(Line(0, pick(f"《{title}》只有题名，没有编码", f"{title}: by title only")))
    for norm in powers.examination.subject.norms:
        if norm.kind in ("defines", "parameter") and not norm.matter:
            text = pick("定义不设定义务，未单独审查：", "a definition, not examined: ")
            lines.append(Line(0, text + norm.label.of(draft.lang), cites_of(norm)))
    blocks: list[Block] = []
    for line in lines:
        number = draft.number()
        blocks.append(draft.paragraph(draft.line(line), number=number))
    return tuple(blocks)
