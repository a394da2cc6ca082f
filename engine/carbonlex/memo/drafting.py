"""The drafting memorandum: the redline, the effect, the validity and what is open."""

from __future__ import annotations

from carbonlex.memo import closing, opening
from carbonlex.memo.compose import SHARED, compose
from carbonlex.memo.document import Block, Document, Mark, Paragraph, SideBySide, Table
from carbonlex.memo.draft import Addressing, Draft
from carbonlex.memo.house import PLAIN, House
from carbonlex.memo.powers import analysis, answers, needs, readings, unencoded
from carbonlex.model import Label
from carbonlex.reform.compare import Comparison
from carbonlex.reform.consequence_wording import ConsequenceWords
from carbonlex.reform.whatif import Step, WhatIf
from carbonlex.reform.wording import WhatIfWords
from carbonlex.statutes.redline import Row
from carbonlex.statutes.stretches import Op
from carbonlex.validity.finding import Examination
from carbonlex.validity.wording import ValidityWords
from carbonlex.words.sentences import grade_words
from carbonlex.words.values import say

HEADINGS: dict[str, Label] = {
    "conclusion": Label("结论", "Brief Answer"),
    "reform": Label("修法方案", "The Reform"),
    "redline": Label("修订对照表", "Redline"),
    "effect": Label("影响", "Effect"),
    "strands": Label("别处受到牵连的规定", "What It Strands Elsewhere"),
    "validity": Label("权限与效力", "Power and Validity"),
    **SHARED,
    "missing": Label("尚须查明的事实", "Facts Still Needed"),
}
"""The sections of the memo, by id, in order."""
TITLE = Label("立法备忘录", "Drafting Memorandum")
_OLD: tuple[Op, ...] = ("same", "deleted")
_NEW: tuple[Op, ...] = ("same", "inserted")


def drafting_memo(
    found: WhatIf,
    examination: Examination,
    lang: str = "zh",
    addressing: Addressing | None = None,
    source: str = "REFORM",
    house: House = PLAIN,
) -> Document:
    """Return the drafting memo of a reform applied and examined.

    `source` is the name of the reform file, for the command that repeats the run. Raises
    `CitationError` for a citation that does not resolve.
    """
    draft = Draft(found.after, examination.report, lang, house)
    words, powers = WhatIfWords(found, lang), ValidityWords(found.after, examination, lang)
    step = found.steps[-1]
    command = f"carbonlex validity {source} --on {examination.asked_on}"
    command += "".join(f" --reading {q}={r}" for q, r in examination.readings)
    return compose(
        draft, "drafting", TITLE, HEADINGS,
        {
            "conclusion": lambda: _conclusion(draft, found, words, powers),
            "reform": lambda: _reform(draft, words, step),
            "redline": lambda: _redline(draft, step),
            "effect": lambda: _effect(draft, found, words),
            "strands": lambda: _listed(draft, [words.strand(s) for s in step.strands]),
            "validity": lambda: analysis(draft, powers),
            "readings": lambda: readings(draft, powers),
            "missing": lambda: needs(draft, powers),
            "not-encoded": lambda: unencoded(draft, powers),
            "run": lambda: closing.run(draft, command),
        },
        _header(draft, powers, words.title(step), addressing or Addressing()),
        examination.asked_on, examination.report.digest,
    )  # fmt: skip


def _header(
    draft: Draft, powers: ValidityWords, subject: str, addressing: Addressing
) -> tuple[tuple[str, str], ...]:
    to = draft.pick("起草部门", "the drafting department")
    asked = draft.report.asked_on
    return (
        *opening.addressed(draft, addressing, to, asked, subject),
        (draft.pick("草案", "Draft"), powers.head()),
    )


def _conclusion(
    draft: Draft, found: WhatIf, words: WhatIfWords, powers: ValidityWords
) -> tuple[Block, ...]:
    pick = draft.pick
    blocks: list[Block] = [*answers(draft, powers)]
    for one in found.comparisons:
        name = one.after.case_name or pick("（未具名）", "(unnamed)")
        flips, differ = len(one.flips), len(one.changed)
        effect = pick(
            f"对{name}：{differ} 项判断有变化，其中 {flips} 项结论翻转",
            f"{name}: {differ} {'verdict differs' if differ == 1 else 'verdicts differ'}, of which "
            f"{flips} {'flips' if flips == 1 else 'flip'}",
        )
        if not one.changed:
            effect = pick(f"对{name}：", f"{name}: ") + words.unchanged(one)
        blocks.append(draft.paragraph(draft.sentence(effect)))
    strands = sum(len(s.strands) for s in found.steps)
    if strands:
        blocks.append(draft.paragraph(draft.sentence(pick(
            f"别处有 {strands} 处受到牵连", f"{strands} places elsewhere are stranded"
        ))))  # fmt: skip
    lowest = powers.grade(powers.examination.findings)
    weak = grade_words(lowest, draft.lang)
    closing_line = pick(f"以上结论所依据的最弱来源等级：{weak}", f"Weakest source grade: {weak}")
    blocks.append(draft.paragraph(draft.sentence(closing_line, grade=lowest)))
    return tuple(blocks)


def _reform(draft: Draft, words: WhatIfWords, step: Step) -> tuple[Block, ...]:
    lines = [*words.summary(step), *words.amendments(step), *words.effects(step)]
    return _listed(draft, lines)


def _listed(draft: Draft, lines: list[str]) -> tuple[Block, ...]:
    if not lines:
        return (draft.nothing(),)
    return tuple(draft.paragraph(draft.sentence(draft.restyled(line))) for line in lines)


def _redline(draft: Draft, step: Step) -> tuple[Block, ...]:
    if step.redline is None:
        new = draft.pick("新文件，没有修改前的条文", "A new instrument: no text before")
        return _listed(draft, [new])
    pick = draft.pick
    rows: list[tuple[tuple[Mark, ...], tuple[Mark, ...]]] = []
    weak: list[str] = []
    for row in step.redline.rows:
        if row.kind in ("unchanged", "not-held"):
            continue
        rows += _marked(draft, step, row)
        if row.old and not row.quotable:
            cite = _named(draft, step.redline.old.key, row.old)
            weak.append(f"{cite}（{grade_words(row.grade, draft.lang)}）")
    legend = pick(
        "删去的文字加删除线，增加的文字加粗或者加下划线",
        "Words that go are struck through, words that come are set bold or underlined",
    )
    blocks: list[Block] = [
        SideBySide((pick("修改前", "Before"), pick("修改后", "After")), tuple(rows), legend)
    ]
    if weak:
        said = pick("、", "; ").join(weak)
        blocks.append(draft.paragraph(draft.sentence(pick(
            f"修改前的文字并非逐字可引的原文：{said}", f"The words before may not be quoted: {said}"
        ))))  # fmt: skip
    return tuple(blocks)


def _marked(draft: Draft, step: Step, row: Row) -> list[tuple[tuple[Mark, ...], tuple[Mark, ...]]]:
    """Return the lines of an article, each beside its old words; its number opens them."""
    redline = step.redline
    assert redline is not None
    old = _named(draft, redline.old.key, row.old) if row.old else ""
    new = _named(draft, redline.new.key, row.new) if row.new else ""
    found: list[tuple[tuple[Mark, ...], tuple[Mark, ...]]] = [
        ((Mark("same", old),), (Mark("same", new),))
    ]
    for line in row.lines:
        left = tuple(Mark(op, text) for op, text in line.stretches if op in _OLD)
        right = tuple(Mark(op, text) for op, text in line.stretches if op in _NEW)
        found.append((left, right))
    return found


def _named(draft: Draft, instrument: str, eid: str) -> str:
    return draft.restyled(draft.rulebook.cite(instrument, eid, draft.lang, True))


def _effect(draft: Draft, found: WhatIf, words: WhatIfWords) -> tuple[Block, ...]:
    if not found.comparisons:
        none = draft.pick("没有告知案情（--case）", "No case was told (--case)")
        return _listed(draft, [none])
    return tuple(b for one in found.comparisons for b in _compared(draft, one, words))


def _compared(draft: Draft, one: Comparison, words: WhatIfWords) -> list[Block]:
    pick = draft.pick
    name = one.after.case_name or pick("（未具名）", "(unnamed)")
    if not one.changed:
        said = f"{name}：{words.unchanged(one)}" if draft.zh else f"{name}: {words.unchanged(one)}"
        return [draft.paragraph(draft.sentence(s)) for s in (said, words.still_open(one)) if s]
    heads = tuple(pick("义务|修改前|修改后|变化", "Duty|Before|After|What differs").split("|"))
    rows = tuple(tuple(words.pair(p)) for p in one.changed)
    asked = say(one.after.asked_on, "", draft.lang)
    blocks: list[Block] = [
        Table(heads, rows, pick(f"{name}（询问日 {asked}）", f"{name} (asked on {asked})"))
    ]
    follows = ConsequenceWords(words)
    moved = [line for p in one.changed for line in follows.lines(p)]
    moved += [words.total(t) for t in one.moved]
    moved += [still] if (still := words.still_open(one)) else []
    blocks += [Paragraph(draft.number(), (draft.sentence(line),)) for line in moved]
    return blocks
