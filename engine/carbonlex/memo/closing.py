"""What closes a memo: open questions, missing facts, what is not encoded, the run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from carbonlex.errors import CitationError
from carbonlex.memo.document import Block, Item, Sentence, Table, outline
from carbonlex.memo.draft import Draft
from carbonlex.memo.paths import path_of
from carbonlex.memo.pen import Pen
from carbonlex.model import UNKNOWN, Label
from carbonlex.reasoner.readings import result_of
from carbonlex.reasoner.verdict import Alternative, Effect, Result, Robustness, Verdict
from carbonlex.rulebook.norms import REASONS, NotEncoded, Question
from carbonlex.rulebook.quoting import locate
from carbonlex.words.doubts import doubts_of, places_of
from carbonlex.words.phrases import CONSEQUENCES, DISCLAIMER, LAWS, OUTCOMES, STATUSES
from carbonlex.words.sentences import Cite, Quote, cites_of
from carbonlex.words.values import say

_UNITS = {"fine": "CNY", "deduction": "tCO2e"}
_GAP = "tCO2e"
_LONG = 120


def open_questions(draft: Draft) -> tuple[Block, ...]:
    """Return each open question with its readings, then whether each result survives them."""
    reached = [(v, v.robustness) for v in draft.verdicts if v.robustness is not None]
    reached = [(v, robust) for v, robust in reached if robust.questions]
    names = dict.fromkeys(q for _, robust in reached for q in robust.questions)
    blocks: list[Block] = []
    for name in names:
        blocks += _question(draft, draft.rulebook.questions[name])
    for verdict, robust in reached:
        blocks += _survival(draft, verdict, robust)
    for name in doubts_of(draft.rulebook, draft.verdicts):
        blocks += _doubt(draft, draft.rulebook.questions[name])
    return tuple(blocks) or (draft.nothing(),)


def _doubt(draft: Draft, question: Question) -> Iterator[Block]:
    """Yield a doubt whether words relied on hold at all: it is tried only when asked for."""
    yield from _question(draft, question, draft.pick("效力存疑：", "Doubt of validity: "))
    other = next(r.name for r in question.readings if r.name != draft.used(question.name))
    option = f"--reading {question.name}={other}"
    yield draft.said(
        f"以上结果没有逐一改变这一读法；另一读法的结果，加 {option} 重新运行",
        f"The results above were not tried under its other readings: run again with {option}",
    )


def _question(draft: Draft, question: Question, head: str = "") -> Iterator[Block]:
    number = draft.number()
    head += question.label.of(draft.lang)
    name = question.name
    head += draft.pick(f"？（问题 {name}）", f"? (question {name})")
    yield draft.paragraph(
        draft.rested(draft.restyled(head), places_of(draft.rulebook, question.provisions)),
        number=number,
    )
    used = draft.used(question.name)
    items = []
    for reading in question.readings:
        mark = (
            draft.pick("采用：", "Used: ")
            if reading.name == used
            else draft.pick("另有：", "Also: ")
        )
        label = reading.label.of(draft.lang)
        source = draft.pick(
            f"（{reading.name}；出处：{reading.source}）",
            f" ({reading.name}; source: {reading.source})",
        )
        items.append(Item(0, draft.sentence(draft.restyled(mark + label + source))))
    yield outline(items)


def _survival(draft: Draft, verdict: Verdict, robust: Robustness) -> Iterator[Block]:
    path, title = f"{path_of(verdict)}/robustness", draft.words.title(verdict)
    tried = draft.pick(
        f"经全部 {robust.tried} 种读法组合"
        if robust.mode == "all"
        else f"逐一改变读法，共 {robust.tried} 种",
        f"under all {robust.tried} combinations of readings"
        if robust.mode == "all"
        else f"changing one reading at a time, {robust.tried} in all",
    )
    number = draft.number()
    if robust.stable:
        text = draft.pick(f"{title}：{tried}，结果不变", f"{title}: the same {tried}")
        yield draft.paragraph(draft.sentence(text, proof=path), number=number)
        return
    comma = draft.pick("、", ", ")
    text = draft.pick(f"{title}：{tried}，影响结果的问题：", f"{title}: {tried}, these change it: ")
    text += comma.join(robust.changing)
    if rest := comma.join(q for q in robust.questions if q not in robust.changing):
        text += draft.pick(f"；不影响的：{rest}", f"; these do not: {rest}")
    yield draft.paragraph(draft.sentence(text, proof=path), number=number)
    ways: dict[Result, list[Alternative]] = {}
    for one in robust.alternatives:
        ways.setdefault(one.result, []).append(one)
    base = result_of(verdict)
    yield outline(Item(0, _alternative(draft, _fewest(w), base, path)) for w in ways.values())


def _fewest(ways: list[Alternative]) -> list[Alternative]:
    """Return the choices that lead to one result without more readings than it takes."""
    return [w for w in ways if not any({*o.readings} < {*w.readings} for o in ways)]


def _chosen(draft: Draft, one: Alternative) -> str:
    chosen: list[str] = []
    for question, reading in one.readings:
        readings = draft.rulebook.questions[question].readings
        label = next(r.label for r in readings if r.name == reading).of(draft.lang)
        chosen.append(f"{question}={reading}" + draft.pick(f"（{label}）", f" ({label})"))
    return draft.pick("、", " and ").join(chosen)


def _alternative(draft: Draft, ways: list[Alternative], base: Result, path: str) -> Sentence:
    """Return what comes out otherwise under other readings, against the result given."""
    result = ways[0].result
    said = draft.restyled(draft.pick("；或者 ", "; or with ").join(_chosen(draft, w) for w in ways))
    parts: list[str | tuple[Cite, ...]] = [
        draft.pick("如采 ", "with ") + said,
        draft.pick("：", ": ") + OUTCOMES[result.outcome].of(draft.lang),
    ]
    if result.norm != base.norm:
        norm = draft.rulebook.norms[result.norm]
        parts += [draft.pick("；依据", "; basis "), cites_of(norm)]
    if result.gap != base.gap and result.gap is not None:
        gap = say(result.gap, _GAP, draft.lang)
        parts.append(draft.pick(f"；差额 {gap}", f"; gap {gap}"))
    if result.law != base.law:
        parts.append(draft.pick("；", "; ") + LAWS[result.law].of(draft.lang))
    for effect in result.effects:
        if effect not in base.effects:
            parts += [draft.pick("；", "; "), *_effect(draft, effect)]
    kept = {(e.kind, e.norm) for e in result.effects}
    for effect in base.effects:
        if (effect.kind, effect.norm) not in kept:
            parts += [draft.pick("；不再有：", "; no longer: "), *_effect(draft, effect)]
    return draft.sentence(*parts, proof=path)


def _effect(draft: Draft, effect: Effect) -> list[str | tuple[Cite, ...]]:
    said = CONSEQUENCES[effect.kind].of(draft.lang)
    if effect.amount is UNKNOWN:
        said += draft.pick("（数额未定）", " (amount not known)")
    elif effect.amount is not None:
        amount = say(effect.amount, _UNITS.get(effect.kind, ""), draft.lang)
        said += draft.pick(" ", ": ") + amount
    if effect.status != "applies":
        status = STATUSES[effect.status]
        said += draft.pick(f"〔{status.zh}〕", f" [{status.en}]")
    if effect.replaced:
        said += draft.pick("（被第二步罚款取代）", " (replaced by the second fine)")
    cites = cites_of(draft.rulebook.norms[effect.norm])
    return [said, draft.pick("（", " ("), cites, draft.pick("）", ")")]


def missing(draft: Draft) -> tuple[Block, ...]:
    """Return the facts that would settle what is open, then what was not judged for want of any."""
    blocks: list[Block] = []
    for lines, zh, en in (
        (
            draft.remarks.missing(),
            "告知下列事实，尚未确定的即可确定：", "These facts would settle what is open:",
        ),
        (
            draft.remarks.unjudged(),
            "没有告知，或者尚未发生，因而没有判断的：",
            "Not told, or not happened yet, and so not judged:",
        ),
    ):  # fmt: skip
        if lines:
            styled = [replace(x, text=draft.restyled(x.text)) for x in lines]
            blocks += [draft.said(zh, en), *draft.bullets(styled)]
    return tuple(blocks) or (draft.nothing(),)


def not_encoded(draft: Draft) -> tuple[Block, ...]:
    """Return what the articles relied on say that no norm holds, and why."""
    return unencoded(draft, draft.report.not_encoded)


def unencoded(pen: Pen, places: Iterable[str]) -> tuple[Block, ...]:
    """Return the clauses of some articles, `KEY#EID`, that no norm holds, and why."""
    if not (places := tuple(places)):
        return (pen.nothing(),)
    lead = pen.said(
        "所依条文中下列内容没有编码为规范，原因各如所列：",
        "These articles were relied on; what they also say no norm holds, for the reason given:",
    )
    items: list[Item] = []
    for place in places:
        key, _, article = place.partition("#")
        items.append(Item(0, pen.sentence((Cite(key, article),), pen.pick("：", ":"))))
        for one in pen.rulebook.not_encoded:
            if (one.instrument, one.article) == (key, article):
                items.append(Item(1, pen.sentence(_clause(pen, one))))
    return lead, outline(items)


def _clause(draft: Pen, one: NotEncoded) -> str:
    """Return the reason and the words, shortened, quoted only if they are found and verified."""
    instrument = draft.rulebook.instruments[one.instrument]
    words = "……".join(_shortened(q) for q in one.quotes)
    found, missing = locate(instrument, one.article, (words,))
    if missing:
        raise CitationError(f"{one.instrument}#{one.article}: not in the text: {missing[0]}")
    reason, note = REASONS[one.reason].of(draft.lang), one.note.of(draft.lang)
    reason += draft.pick(f"（{note}）", f" ({note})") if note else ""
    quote = Quote(words, Cite(one.instrument, one.article), found.grade, found.summary)
    return reason + draft.pick("：", ": ") + quote.written(draft.lang)


def _shortened(words: str) -> str:
    """Return words of law in full, or their first and last clauses where they run long.

    >>> _shortened("甲" * 70 + "，" + "乙" * 40 + "；" + "丙" * 30 + "。")[68:76]
    '甲甲，……丙丙丙'
    """
    if len(words) <= _LONG:
        return words
    first, last = _LONG * 2 // 3, len(words) - _LONG // 3
    breaks = [at for at, mark in enumerate(words[:-1], 1) if mark in "，；：。"]
    head = max((at for at in breaks if at <= first), default=first)
    tail = min((at for at in breaks if at >= last), default=last)
    return f"{words[:head]}……{words[tail:]}"


def _checked(draft: Draft) -> str:
    report = draft.report
    command = f"carbonlex check CASE --on {report.asked_on}"
    command += f" --decided {report.decided_on}" if report.decided_on else ""
    return command + "".join(f" --reading {q}={r}" for q, r in report.readings)


def run(draft: Draft, command: str = "") -> tuple[Block, ...]:
    """Return the reservation, the digests of the run, and the command that repeats it.

    Without a command it is the check of the case.
    """
    return (*reservation(draft), digests(draft, command))


def reservation(pen: Pen, claim: Label = DISCLAIMER) -> tuple[Block, ...]:
    """Return what no document claims to be, and which language of the law prevails."""
    return (
        pen.paragraph(pen.sentence(claim.of(pen.lang))),
        pen.said(
            "条文以中文官方文本为准；英文名称不是官方译文",
            "The Chinese text of the law prevails; English renderings here are unofficial",
        ),
    )


def digests(draft: Draft, command: str = "") -> Table:
    """Return the digests of a run with the command that repeats it; without one, the check."""
    report, pick = draft.report, draft.pick
    return digest_table(draft, (
        (pick("运行", "Run"), report.digest),
        (pick("规则库", "Rulebook"), report.rulebook_digest),
        (pick("案情", "Case"), report.case_digest),
        (pick("引擎", "Engine"), f"carbonlex {report.engine}"),
        (pick("推理链", "Chainer"), report.chainer),
        (
            pick("复算命令（CASE 为案情文件）", "To repeat it (CASE: the case file)"),
            command or _checked(draft),
        ),
    ))  # fmt: skip


def digest_table(pen: Pen, rows: tuple[tuple[str, str], ...]) -> Table:
    """Return what a run can be repeated from, as a table."""
    headers = tuple(pen.pick("项目|值", "Item|Value").split("|"))
    return Table(headers, rows, pen.pick("运行摘要（SHA-256）", "Digests of the run (SHA-256)"))
