"""What opens a memo: header, brief answer, questions presented, facts and assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from carbonlex.memo.document import Block, Paragraph, Sentence, Table
from carbonlex.memo.draft import Addressing, Draft
from carbonlex.memo.paths import path_of
from carbonlex.memo.pen import Pen
from carbonlex.model import Facts, Value, weakest
from carbonlex.reasoner.consequence import Consequence
from carbonlex.reasoner.verdict import Verdict
from carbonlex.version import ENGINE
from carbonlex.words.penalties import one_act
from carbonlex.words.sentences import cites_of, grade_words
from carbonlex.words.values import say
from carbonlex.words.verdicts import outcome_of

Row = tuple[str, str, str, str, str]


def header(draft: Draft, addressing: Addressing, subject: str = "") -> tuple[tuple[str, str], ...]:
    """Return to, from, date, number, re, and the days that the law turns on."""
    pick, report = draft.pick, draft.report
    asked = say(report.asked_on, "", draft.lang)
    untold = pick("未告知（未比较是否从轻）", "not told (lighter law was not tried)")
    decided = say(report.decided_on, "", draft.lang) if report.decided_on else untold
    subject = subject or pick(
        f"{draft.name}在全国碳排放权交易市场中的义务与后果",
        f"Obligations of {draft.name} in the national carbon market, and what follows",
    )
    return (
        *addressed(draft, addressing, draft.name, report.asked_on, subject),
        (pick("单位", "Entity"), draft.name),
        (pick("询问日", "Day asked"), asked),
        (pick("处罚决定日", "Day of decision"), decided),
    )


def addressed(
    pen: Pen, addressing: Addressing, to: str, day: date, subject: str
) -> tuple[tuple[str, str], ...]:
    """Return to, from, date, number and re; what was not told is `to`, the house, `subject`."""
    pick = pen.pick
    sender = addressing.sender or pen.house.name
    number = ((pick("编号", "No."), addressing.number),) if addressing.number else ()
    return (
        (pick("致", "To"), addressing.to or to),
        (
            pick("自", "From"),
            sender or pick(f"carbonlex {ENGINE}（程序生成）", f"carbonlex {ENGINE} (generated)"),
        ),
        (pick("日期", "Date"), say(day, "", pen.lang)),
        *number,
        (pick("事由", "Re"), addressing.subject or subject),
    )


def answers(draft: Draft) -> tuple[Block, ...]:
    """Return the brief answer: one paragraph per verdict that is open or bad, one for the rest."""
    blocks: list[Block] = []
    for verdict in draft.verdicts:
        if verdict.outcome not in ("complied", "not_applicable"):
            number = draft.number()
            blocks.append(Paragraph(number, tuple(answer(draft, verdict))))
    rest = [v for v in draft.verdicts if v.outcome in ("complied", "not_applicable")]
    for label in dict.fromkeys(outcome_of(v) for v in sorted(rest, key=_told_first)):
        same = [v for v in rest if outcome_of(v) == label]
        if same:
            said = draft.pick("；", "; ").join(draft.words.title(v) for v in same)
            head = label.of(draft.lang)
            head = draft.pick(f"{head}（{len(same)} 项）：", f"{head} ({len(same)}): ")
            number = draft.number()
            blocks.append(draft.paragraph(draft.sentence(head + said), number=number))
    return (*blocks, *single_acts(draft), weakest_grade(draft))


def single_acts(draft: Draft) -> tuple[Block, ...]:
    """Return, for each act with several breaches, which one fine is imposed."""
    blocks: list[Block] = []
    for at, line in enumerate(one_act(draft.rulebook, draft.report, draft.lang)):
        told = at < len(draft.report.concurrences)
        path = f"concurrences/{at}" if told else ""
        number = draft.number()
        rested = draft.rested(line.text, line.cites, path, on=draft.report.asked_on)
        blocks.append(draft.paragraph(rested, number=number))
    return tuple(blocks)


def weakest_grade(draft: Draft) -> Paragraph:
    """Return the weakest grade of source that the answers rest on."""
    lowest = weakest([v.grade for v in draft.verdicts])
    words = grade_words(lowest, draft.lang)
    text = draft.pick(
        f"以上结论所依据的最弱来源等级：{words}", f"Weakest source grade of these answers: {words}"
    )
    return draft.paragraph(draft.sentence(text, grade=lowest))


def _told_first(verdict: Verdict) -> tuple[bool, bool]:
    return verdict.outcome == "not_applicable", verdict.assumed


def answer(draft: Draft, verdict: Verdict) -> Iterator[Sentence]:
    """Yield the conclusion of a verdict, what follows from it, and whether readings matter."""
    line, path = draft.words.conclusion(verdict), path_of(verdict)
    text = (
        draft.pick(f"{draft.words.title(verdict)}：", f"{draft.words.title(verdict)}: ") + line.text
    )
    yield draft.rested(text, line.cites, path, line.grade, verdict.law)
    found = verdict.sanctions
    if found is not None and verdict.outcome in ("breached", "pending"):
        package = found.governing or found.at_breach
        kept = [c for c in package.consequences if _is_due(c, verdict)]
        if kept:
            happened = verdict.outcome != "pending"
            said = [draft.words.consequence(c, verdict, happened).text for c in kept]
            head = draft.pick("后果：", "What follows: ")
            cites = dict.fromkeys(k for c in kept for k in cites_of(draft.rulebook.norms[c.norm]))
            joined = head + draft.pick("；", "; ").join(said)
            yield draft.rested(joined, cites, f"{path}/sanctions", on=package.law)
        which = "governing" if found.governing is not None else "at_breach"
        for at, ordered in enumerate(package.further if verdict.outcome == "breached" else ()):
            line = draft.words.further(ordered)
            yield draft.line(line, f"{path}/sanctions/{which}/further/{at}", package.law)
    if verdict.robustness is not None and not verdict.robustness.stable:
        yield draft.sentence(draft.pick(
            "该结果并非在每一种读法下都成立，见“未决问题与读法”",
            "The result does not hold under every reading: see 'Open questions and readings'",
        ), proof=f"{path}/robustness")  # fmt: skip


def _is_due(one: Consequence, verdict: Verdict) -> bool:
    if one.kind == "discretion" or one.excluded or one.liable is not None:
        return False
    return one.status == "applies" or one.breach == verdict.duty


def questions(draft: Draft) -> tuple[Block, ...]:
    """Return the questions presented: one for each duty concerned."""
    years: dict[str, tuple[str, list[int]]] = {}
    for verdict in draft.verdicts:
        label = verdict.label.of(draft.lang)
        known = years.setdefault(verdict.duty, (label, []))[1]
        known += [] if verdict.year in known else [verdict.year]
    blocks: list[Block] = []
    for label, told in years.values():
        joined = draft.pick("、", ", ").join(str(y) for y in sorted(told))
        text = draft.pick(
            f"{draft.name}在{joined}年度是否符合关于“{label}”的规定？",
            f"Did {draft.name} meet the rule on '{label}' for {joined}?",
        )
        blocks.append(draft.paragraph(draft.sentence(text)))
    if any(v.sanctions is not None for v in draft.verdicts):
        text = draft.pick(
            "如有违反，适用何日有效的规定，后果为何？",
            "In case of breach, which day's law applies, and what follows?",
        )
        blocks.append(draft.paragraph(draft.sentence(text)))
    return tuple(blocks)


def facts(draft: Draft) -> tuple[Block, ...]:
    """Return the facts as told with who attests them, then presumptions, then differences."""
    pick = draft.pick
    headers = pick("年度|事实|值|由谁证明|告知的来源", "Year|Fact|Value|Attested by|Source as told")
    rows = sorted(dict.fromkeys(_told(draft)), key=lambda row: row[0])
    blocks: list[Block] = [
        Table(tuple(headers.split("|")), tuple(rows), pick("告知的事实", "Facts told"))
    ]
    for lines, zh, en in (
        (draft.remarks.assumptions(), "未告知而推定的：", "Not told, and presumed:"),
        (
            draft.remarks.differences(),
            "告知与依规定推算不一致的：",
            "Told otherwise than law derives:",
        ),
    ):
        if lines:
            blocks.append(draft.paragraph(draft.sentence(pick(zh, en))))
            blocks += draft.bullets(lines)
    return tuple(blocks)


def _told(draft: Draft) -> Iterator[Row]:
    yield from _rows(draft, draft.case.entity, "")
    for year, of in draft.case.years.items():
        yield from _rows(draft, of.facts, str(year))
        for name, records in of.lists.items():
            label = draft.rulebook.label_of(name).of(draft.lang)
            if not records:
                yield (str(year), draft.capital(label), draft.pick("无", "none"), "", "")
            for at, record in enumerate(records, 1):
                place = draft.pick(f"（第{at}项）", f" (no. {at})")
                yield from _rows(draft, record, str(year), label + place + draft.pick("：", ": "))


def _rows(draft: Draft, told: Facts, year: str, before: str = "") -> Iterator[Row]:
    for name, fact in told.items():
        yield _row(draft, name, year, before, fact.value, fact.source)


def _row(draft: Draft, name: str, year: str, before: str, value: Value, source: str) -> Row:
    term = draft.rulebook.vocabulary.terms[name]
    # Free text is data even where it happens to spell a name of the vocabulary.
    known = draft.rulebook if term.type == "choice" else None
    said = say(value, term.unit if isinstance(value, Fraction) else "", draft.lang, known)
    attester = term.attester.of(draft.lang) if term.attester else ""
    return (year, draft.capital(before + term.label.of(draft.lang)), said, attester, source)
