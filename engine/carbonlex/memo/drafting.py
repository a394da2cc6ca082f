"""The drafting memorandum: the redline, the effect, the validity and what is open."""

from __future__ import annotations

from carbonlex.memo import closing
from carbonlex.memo.citing import numbered
from carbonlex.memo.document import Block, Document, Mark, Paragraph, Section, SideBySide, Table
from carbonlex.memo.draft import Addressing, Draft
from carbonlex.memo.powers import analysis, needs, readings, unencoded
from carbonlex.model import Label
from carbonlex.reform.compare import Comparison
from carbonlex.reform.consequence_wording import ConsequenceWords
from carbonlex.reform.whatif import Step, WhatIf
from carbonlex.reform.wording import WhatIfWords
from carbonlex.statutes.citation import chinese_number
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
    "readings": Label("未决问题与读法", "Open Questions and Readings"),
    "missing": Label("尚须查明的事实", "Facts Still Needed"),
    "not-encoded": Label("未编码的内容", "What Is Not Encoded"),
    "authorities": Label("依据目录", "Table of Authorities"),
    "run": Label("声明与运行摘要", "Reservation and Digest of the Run"),
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
) -> Document:
    """Return the drafting memo of a reform applied and examined.

    `source` is the name of the reform file, for the command that repeats the run. Raises
    `CitationError` for a citation that does not resolve.
    """
    draft = Draft(found.after, examination.report, lang)
    words, powers = WhatIfWords(found, lang), ValidityWords(found.after, examination, lang)
    step = found.steps[-1]
    blocks: dict[str, tuple[Block, ...]] = {
        "conclusion": _conclusion(draft, found, words, powers),
        "reform": _reform(draft, words, step),
        "redline": _redline(draft, step),
        "effect": _effect(draft, found, words),
        "strands": _listed(draft, [words.strand(s) for s in step.strands]),
        "validity": analysis(draft, powers),
        "readings": readings(draft, powers),
        "missing": needs(draft, powers),
        "not-encoded": unencoded(draft, powers),
    }
    blocks["authorities"] = draft.citer.authorities()
    command = f"carbonlex validity {source} --on {examination.asked_on}"
    command += "".join(f" --reading {q}={r}" for q, r in examination.readings)
    blocks["run"] = closing.run(draft, command)
    sections = tuple(_section(draft, name, blocks[name]) for name in HEADINGS)
    document = Document(
        "drafting", draft.lang, TITLE.of(lang), _header(draft, powers, words, step, addressing),
        examination.asked_on, examination.report.digest, sections,
    )  # fmt: skip
    return numbered(document, draft.citer.numbers)


def _section(draft: Draft, name: str, blocks: tuple[Block, ...]) -> Section:
    at = [*HEADINGS].index(name) + 1
    number = chinese_number(at) if draft.zh else str(at)
    return Section(name, number, HEADINGS[name].of(draft.lang), blocks)


def _header(
    draft: Draft,
    powers: ValidityWords,
    words: WhatIfWords,
    step: Step,
    addressing: Addressing | None,
) -> tuple[tuple[str, str], ...]:
    pick, to = draft.pick, addressing or Addressing()
    engine = f"carbonlex {draft.report.engine}"
    return (
        (pick("致", "To"), to.to or pick("起草部门", "the drafting department")),
        (pick("自", "From"), to.sender or pick(f"{engine}（程序生成）", f"{engine} (generated)")),
        (pick("日期", "Date"), say(draft.report.asked_on, "", draft.lang)),
        (pick("事由", "Re"), to.subject or words.title(step)),
        (pick("草案", "Draft"), powers.head()),
    )


def _conclusion(
    draft: Draft, found: WhatIf, words: WhatIfWords, powers: ValidityWords
) -> tuple[Block, ...]:
    pick = draft.pick
    blocks: list[Block] = [draft.paragraph(draft.sentence(powers.head()))]
    tally = powers.tally()
    if not tally:
        tally = pick(
            "没有设定义务、许可、处罚或者强制措施的条款",
            "no clause imposes, licenses, penalises or coerces",
        )
    said = pick(f"权限与效力：{tally}", f"Power and validity: {tally}")
    blocks.append(draft.paragraph(draft.sentence(said)))
    for one in found.comparisons:
        name = one.after.case_name or pick("（未具名）", "(unnamed)")
        flips = len(one.flips)
        effect = pick(
            f"对{name}：{len(one.changed)} 项判断有变化，其中 {flips} 项结论翻转",
            f"{name}: {len(one.changed)} verdicts differ, of which {flips} flip",
        )
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
        return (draft.paragraph(draft.sentence(draft.pick("无", "None"))),)
    return tuple(draft.paragraph(draft.sentence(line)) for line in lines)


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
            cite = draft.rulebook.cite(step.redline.old.key, row.old, draft.lang, True)
            weak.append(f"{cite}（{grade_words(row.grade, draft.lang)}）")
    legend = pick(
        "删去的文字加删除线，增加的文字加粗或者加下划线",
        "words that go are struck through, words that come are set bold or underlined",
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
    old = draft.rulebook.cite(redline.old.key, row.old, draft.lang, True) if row.old else ""
    new = draft.rulebook.cite(redline.new.key, row.new, draft.lang, True) if row.new else ""
    found: list[tuple[tuple[Mark, ...], tuple[Mark, ...]]] = [
        ((Mark("same", old),), (Mark("same", new),))
    ]
    for line in row.lines:
        left = tuple(Mark(op, text) for op, text in line.stretches if op in _OLD)
        right = tuple(Mark(op, text) for op, text in line.stretches if op in _NEW)
        found.append((left, right))
    return found


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
