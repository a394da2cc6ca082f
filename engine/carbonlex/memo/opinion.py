"""The legal opinion (法律意见书): engagement, facts as assumed, law, analysis, and a signature."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from carbonlex.memo import closing, opening
from carbonlex.memo.analysis import analysis
from carbonlex.memo.compose import SHARED, compose
from carbonlex.memo.document import Block, Document, Item, Signature, outline
from carbonlex.memo.draft import Addressing, Draft
from carbonlex.memo.governing import points_in_time
from carbonlex.memo.house import PLAIN, House
from carbonlex.memo.paths import path_of
from carbonlex.model import Label
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.values import say
from carbonlex.words.verdicts import outcome_of

HEADINGS: dict[str, Label] = {
    "summary": Label("意见摘要", "Opinion in Brief"),
    "engagement": Label("委托事项", "Instructions"),
    "facts": Label("材料与事实假设", "Materials and Facts Assumed"),
    "law": Label("法律依据", "Governing Law"),
    "analysis": Label("分析", "Analysis"),
    "conclusion": Label("结论", "Conclusion"),
    "readings": SHARED["readings"],
    "risks": Label("风险提示", "Risks"),
    "missing": SHARED["missing"],
    "not-encoded": SHARED["not-encoded"],
    "reservation": Label("声明与保留", "Reservations"),
    "authorities": SHARED["authorities"],
    "run": Label("运行摘要", "Digest of the Run"),
    "signature": Label("落款", "Signature"),
}
"""The sections of the opinion, by id, in order."""

TITLE = Label("法律意见书", "Legal Opinion")
NOTICE = Label(
    "本稿由程序依所载条文推算，未经律师复核并签署，不构成法律意见。",
    "Draft computed from the provisions named: no legal advice until a lawyer has reviewed and "
    "signed it.",
)
_Test = Callable[[Verdict], bool]


def opinion(
    rulebook: Rulebook,
    report: Report,
    lang: str = "zh",
    addressing: Addressing | None = None,
    house: House = PLAIN,
) -> Document:
    """Return the legal opinion on a report.

    Raises `CitationError` for a citation or quote that does not resolve.
    """
    draft, to = Draft(rulebook, report, lang, house), addressing or Addressing()
    return compose(
        draft, "opinion", TITLE, HEADINGS,
        {
            "summary": lambda: opening.answers(draft),
            "engagement": lambda: _engagement(draft, to),
            "facts": lambda: (_assumed(draft), *opening.facts(draft)),
            "law": lambda: points_in_time(draft),
            "analysis": lambda: analysis(draft),
            "conclusion": lambda: _conclusion(draft),
            "readings": lambda: closing.open_questions(draft),
            "risks": lambda: _risks(draft),
            "missing": lambda: closing.missing(draft),
            "not-encoded": lambda: closing.not_encoded(draft),
            "reservation": lambda: _reservation(draft),
            "run": lambda: (closing.digests(draft),),
            "signature": lambda: (_signature(draft, to),),
        },
        opening.header(draft, to), report.asked_on, report.digest, NOTICE,
    )  # fmt: skip


def _conclusion(draft: Draft) -> tuple[Block, ...]:
    """Return the outcome of each duty, the duties with one outcome together."""
    lead = draft.pick("综上：", "In conclusion:")
    items: list[Item] = []
    for label in dict.fromkeys(outcome_of(v) for v in draft.verdicts):
        same = [v for v in draft.verdicts if outcome_of(v) == label]
        head = draft.pick(
            f"{label.zh}（{len(same)} 项）：", f"{label.en.capitalize()} ({len(same)}):"
        )
        items.append(Item(0, draft.sentence(head)))
        items += _titles(draft, same, "", 1)
    if not items:
        return (draft.nothing(),)
    return (draft.paragraph(draft.sentence(lead)), outline(items), opening.weakest_grade(draft))


def _titles(draft: Draft, verdicts: Iterable[Verdict], node: str, depth: int = 0) -> Iterator[Item]:
    for verdict in verdicts:
        title, path = draft.words.title(verdict), f"{path_of(verdict)}{node}"
        yield Item(depth, draft.sentence(title, proof=path, grade=verdict.grade))


def _engagement(draft: Draft, to: Addressing) -> tuple[Block, ...]:
    client, asked = to.to or draft.name, say(draft.report.asked_on, "", draft.lang)
    text = draft.pick(
        f"应{client}的委托，就{draft.name}的下列问题，依{asked}所知的事实与规定出具意见：",
        f"At the instruction of {client}, on these questions concerning {draft.name}, on the facts "
        f"and law known on {asked}:",
    )
    return (draft.paragraph(draft.sentence(text)), *opening.questions(draft))


def _assumed(draft: Draft) -> Block:
    return draft.said(
        "下列事实系告知，未经本意见书核实；“由谁证明”一栏所列为法律上确认该事实的主体或者记录，"
        "假定告知的与其一致",
        "The facts below were told and have not been verified for this opinion; 'attested by' "
        "names who or what settles the fact in law, and what was told is assumed to agree with it",
    )


def _risks(draft: Draft) -> tuple[Block, ...]:
    """Return what may turn out otherwise: each read off the report, none if there is none."""
    blocks: list[Block] = []
    for zh, en, applies, node in _RISKS:
        titles = outline(_titles(draft, filter(applies, draft.verdicts), node))
        if titles.items:
            blocks += [draft.said(f"{zh}：", f"{en}:"), titles]
    if draft.report.decided_on is None and any(v.outcome == "breached" for v in draft.verdicts):
        blocks.append(draft.said(
            "处罚决定日未告知：决定之日的规定如果较轻，结果可能较轻",
            "The day of decision was not told: if the law of that day is lighter, so may be the "
            "result",
        ))  # fmt: skip
    return tuple(blocks) or (draft.nothing(),)


def _unstable(verdict: Verdict) -> bool:
    return verdict.robustness is not None and not verdict.robustness.stable


_RISKS: tuple[tuple[str, str, _Test, str], ...] = (
    (
        "罚款等后果为幅度，由主管部门裁量，下限不是承诺",
        "fines and the like are ranges within the authority's discretion: the floor is no promise",
        lambda v: v.outcome == "breached" and v.sanctions is not None, "/sanctions",
    ),
    (
        "结果取决于未决问题的读法", "the result turns on open questions of law",
        _unstable, "/robustness",
    ),
    (
        "事实不足，尚不能判断", "facts are missing, and there is no answer yet",
        lambda v: v.outcome == "undetermined", "",
    ),
    (
        "规范冲突，由有权机关裁决", "norms conflict, and an authority decides",
        lambda v: v.outcome == "conflict", "",
    ),
    (
        "仅凭推定为符合，没有人告知已经履行",
        "complied with by presumption only: nobody told that it was done",
        lambda v: v.assumed, "",
    ),
    (
        "所依来源凭记忆，未经核对，使用之前应当核对官方文本",
        "rests on a source recalled and unverified: compare the official text before use",
        lambda v: v.grade == "recalled" and v.outcome != "not_applicable", "",
    ),
)  # fmt: skip
"""What makes a result uncertain: in Chinese, in English, when, and on which node it rests."""


def _reservation(draft: Draft) -> tuple[Block, ...]:
    return (
        draft.said(
            "本意见书仅依所列规定及其在所列日期的文本，不涉及所列之外的法律",
            "This opinion is confined to the law listed, as it stood on the days named",
        ),
        draft.said(
            "本意见书以所列事实和推定为前提；事实不同的，结论可能不同",
            "It rests on the facts and presumptions listed; on other facts the result may differ",
        ),
        draft.said(
            "本意见书供收件人就所述事由使用；幅度内的决定、读法的取舍以有权机关为准",
            "It is for the addressee and the matter named; what lies within a range, and which "
            "reading holds, is for the competent authority",
        ),
        *closing.reservation(draft, NOTICE),
    )


def _signature(draft: Draft, to: Addressing) -> Signature:
    pick = draft.pick
    firm = to.sender or draft.house.name or pick("（出具人）", "(issued by)")
    roles = pick("承办律师：|复核律师：", "Prepared by:|Reviewed by:").split("|")
    return Signature((firm, *roles, say(draft.report.asked_on, "", draft.lang)))
