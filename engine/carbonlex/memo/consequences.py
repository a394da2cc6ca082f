"""What follows from a breach: ranges, what lost to what, old law and new, open discretion."""

from __future__ import annotations

from datetime import date

from carbonlex.memo.contests import clashing, defeated
from carbonlex.memo.document import Block, Item, QuoteBlock, Sentence, outline
from carbonlex.memo.draft import Draft
from carbonlex.memo.paths import path_of
from carbonlex.memo.traced import Tracer
from carbonlex.model import UNKNOWN, Label
from carbonlex.reasoner.consequence import Consequence, Package, Sanctions
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Verdict
from carbonlex.words.penalties import time_bar
from carbonlex.words.values import say

_WHOLE = 64
_LEADS: dict[str, Label] = {
    "governing": Label("后果：", "Consequences: "),
    "at_breach": Label("违法行为发生时的规定：", "Law of the breach: "),
    "at_decision": Label("处罚决定日的规定：", "Law of the day of decision: "),
}


def consequences(draft: Draft, verdict: Verdict, tracer: Tracer) -> list[Block]:
    """Return what follows from a breach, or would follow; `tracer` told the application."""
    found = verdict.sanctions
    if found is None:
        return []
    blocks: list[Block] = []
    if found.governing is not None:
        blocks += _package(draft, verdict, found.governing, "governing", tracer)
    blocks += _comparison(draft, verdict, found)
    # The law that governs was set out above; the other is set beside it.
    lighter = found.lighter.result if found.lighter is not None else ""
    if found.at_decision is not None and lighter in ("new", "open"):
        blocks += _package(draft, verdict, found.at_breach, "at_breach", tracer)
    if found.at_decision is not None and lighter in ("old", "open"):
        blocks += _package(draft, verdict, found.at_decision, "at_decision", tracer)
    if verdict.outcome == "breached":
        blocks += _discretion(draft, verdict, found)
    return blocks


def both_laws(draft: Draft, verdict: Verdict, tracer: Tracer) -> list[Block]:
    """Return which law governs a breach, then what each of the two attaches, and what is open."""
    found = verdict.sanctions
    if found is None:
        return []
    blocks = _comparison(draft, verdict, found)
    blocks += _package(draft, verdict, found.at_breach, "at_breach", tracer)
    if found.at_decision is not None:
        blocks += _package(draft, verdict, found.at_decision, "at_decision", tracer)
    return blocks + _discretion(draft, verdict, found)


def _package(
    draft: Draft, verdict: Verdict, package: Package, name: str, tracer: Tracer
) -> list[Block]:
    path = f"{path_of(verdict)}/sanctions/{name}"
    number = draft.number()
    day = say(package.law, "", draft.lang)
    head = draft.pick(
        f"依{day}有效的规定处理如下，数额为区间：",
        f"Under the law in force on {day}, amounts being ranges:",
    )
    lead = draft.paragraph(
        draft.sentence(head, proof=path), lead=_LEADS[name].of(draft.lang), number=number
    )
    items: list[Item] = []
    quotes: list[QuoteBlock] = []
    told: set[tuple[str, str]] = set()
    for at, one in enumerate(package.consequences):
        if one.kind == "discretion":
            continue
        where = f"{path}/consequences/{at}"
        items += _consequence(draft, verdict, one, where, tracer, told)
        quotes += draft.quotes(draft.norm(one.norm), where, one.law)
    for at, further in enumerate(package.further):
        line = draft.words.further(further)
        items.append(Item(0, draft.line(line, f"{path}/further/{at}", package.law)))
    if package.limitation is not None:
        line = time_bar(draft.rulebook, package.limitation, draft.lang)
        items.append(Item(0, draft.line(line, f"{path}/limitation", package.law)))
    if not items:
        items.append(Item(0, draft.sentence(
            draft.pick("已编码的规定没有附加后果", "the norms encoded attach nothing"), proof=path
        )))  # fmt: skip
    return [lead, outline(items), *quotes]


def _consequence(
    draft: Draft, verdict: Verdict, one: Consequence, path: str,
    tracer: Tracer, told: set[tuple[str, str]],
) -> list[Item]:  # fmt: skip
    line = draft.words.consequence(one, verdict, verdict.outcome != "pending")
    items = [Item(0, draft.line(line, path, one.law))]
    if one.concurring:
        same = draft.pick("同此规定：", "To the same effect: ")
        cites = draft.cites(one.concurring)
        items.append(Item(1, draft.sentence(same, cites, proof=path, on=one.law)))
    if one.proof is not None and one.amount is not None and _rests_on_case(one.proof):
        head = draft.pick("计算：", "Computation:")
        if one.amount is UNKNOWN:
            head = draft.pick("数额尚不能确定：", "The amount cannot be determined yet:")
        steps = draft.steps(tracer, one.proof, f"{path}/proof", _WHOLE, one.law)
        if steps:
            items.append(Item(1, draft.sentence(head, proof=f"{path}/proof")))
        items += [Item(i.depth + 2, i.sentence) for i in steps]
    for at, defeat in enumerate(one.defeats):
        # A norm that says the same was named with it; only one that says otherwise has lost.
        lost = defeat.winner == one.norm and defeat.loser not in one.concurring
        if lost and (defeat.loser, one.norm) not in told:
            told.add((defeat.loser, one.norm))
            items.append(Item(1, defeated(draft, defeat, f"{path}/defeats/{at}")))
    for at, clash in enumerate(one.clashes):
        items.append(Item(1, clashing(draft, clash, f"{path}/clashes/{at}")))
    return items


def _rests_on_case(proof: Proof) -> bool:
    """Whether more than the figures of the norm itself goes into an amount."""
    plain = ("literal", "arithmetic", "call")
    return any(step.step not in plain for step in proof.walk())


def _comparison(draft: Draft, verdict: Verdict, found: Sanctions) -> list[Block]:
    path = f"{path_of(verdict)}/sanctions"
    lead = draft.pick("新旧规定：", "Old law and new: ")
    if found.decided_on is None:
        if verdict.outcome != "breached":
            return []
        text = draft.pick(
            "未告知处罚决定日：以违法行为发生日的规定为准，未比较是否从轻",
            "day of decision not told: the law of the breach applies, lighter law was not tried",
        )
        return [draft.paragraph(draft.sentence(text, proof=path), lead=lead)]
    number, lighter = draft.number(), found.lighter
    if lighter is None or found.at_decision is None:
        line = draft.words.lighter(found, verdict)[0]
        return [draft.paragraph(draft.line(line, path), lead=lead, number=number)]
    sentences = [which_law(draft, verdict, found)]
    old, new = lighter.old_measure, lighter.new_measure
    if old is not None and new is not None:
        before, after = say(old, "CNY", draft.lang), say(new, "CNY", draft.lang)
        text = draft.pick(
            f"违法行为发生时的规定：{before}；处罚决定日的规定：{after}",
            f"law of the breach: {before}; law of the day of decision: {after}",
        )
        sentences.append(draft.sentence(text, proof=f"{path}/lighter"))
    return [draft.paragraph(*sentences, number=number)]


def which_law(draft: Draft, verdict: Verdict, found: Sanctions) -> Sentence:
    """Return which of two laws governs a breach and why (从旧兼从轻), where there are two."""
    line = draft.words.lighter(found, verdict)[0]
    path = f"{path_of(verdict)}/sanctions/lighter"
    return draft.line(line, path, found.decided_on)


def _discretion(draft: Draft, verdict: Verdict, found: Sanctions) -> list[Block]:
    name = "governing" if found.governing is not None else "at_breach"
    package = found.governing or found.at_breach
    path = f"{path_of(verdict)}/sanctions/{name}"
    number = draft.number()
    items = [
        Item(0, _open(draft, one, one.text, f"{path}/consequences/{at}", package.law))
        for at, one in enumerate(package.consequences)
        if one.kind == "discretion" and one.text is not None and one.breach == verdict.duty
    ]
    if not items:
        return []
    text = draft.pick(
        "区间的下限不是承诺，以下裁量仍然开放：",
        "The floor of a range is no promise; this discretion stays open:",
    )
    lead = draft.sentence(text, proof=path)
    paragraph = draft.paragraph(lead, lead=draft.pick("裁量：", "Discretion: "), number=number)
    return [paragraph, outline(items)]


def _open(draft: Draft, one: Consequence, text: Label, path: str, on: date) -> Sentence:
    norm = draft.rulebook.norms[one.norm]
    return draft.rested(text.of(draft.lang), draft.cites((norm.id,)), path, norm.grade, on)
