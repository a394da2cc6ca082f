"""The analysis: issue, rule, application and conclusion of each verdict, read off its proofs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from carbonlex.memo.consequences import consequences
from carbonlex.memo.contests import clashing, defeated
from carbonlex.memo.document import Block, Item, Section, outline
from carbonlex.memo.draft import Draft
from carbonlex.memo.paths import path_of
from carbonlex.memo.traced import Tracer
from carbonlex.model import Label
from carbonlex.reasoner.verdict import Verdict
from carbonlex.statutes.citation import chinese_number
from carbonlex.words.norms import say_norm
from carbonlex.words.sentences import cites_of

Follow: TypeAlias = Callable[[Draft, Verdict, Tracer], list[Block]]
ISSUE = Label("问题：", "Issue: ")
RULE = Label("规定：", "Rule: ")
APPLICATION = Label("适用：", "Application: ")
CONCLUSION = Label("小结：", "Conclusion: ")
# Deeper than any proof; what is met is said more briefly than what is not.
_WHOLE, _STATUS, _BRIEF = 64, 4, 2


def analysis(draft: Draft, follow: Follow = consequences) -> tuple[Section, ...]:
    """Return the parts of the analysis: whether the entity is covered, then each verdict.

    `follow` writes what follows from a breach, with the tracer that told the application.
    """
    parts: list[Section] = []
    status = _status(draft)
    if status:
        heading = draft.pick("主体与名录", "Coverage and Listing")
        parts.append(Section("analysis-status", _number(draft, 1), heading, status))
    for verdict in draft.verdicts:
        name = "analysis-" + path_of(verdict).replace("/", "-").replace(".", "-")
        title, number = draft.words.title(verdict), _number(draft, len(parts) + 1)
        heading = draft.capital(title)
        parts.append(Section(name, number, heading, _verdict(draft, verdict, follow)))
    return tuple(parts)


def _number(draft: Draft, at: int) -> str:
    return f"（{chinese_number(at)}）" if draft.zh else f"({at})"


def _status(draft: Draft) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for at, finding in enumerate(draft.report.findings):
        number = draft.number()
        line = draft.words.finding(finding)
        sentence = draft.line(line, f"findings/{at}")
        blocks.append(draft.paragraph(sentence, number=number))
        tracer = Tracer(draft.rulebook, draft.lang)
        items = [
            Item(line.depth - 1, draft.line(line, where))
            for line, where in tracer.trace(finding.proof, f"findings/{at}/proof", _STATUS)
            if line.depth
        ]
        blocks += [outline(items)] if items else []
    return tuple(blocks)


def _verdict(draft: Draft, verdict: Verdict, follow: Follow) -> tuple[Block, ...]:
    path, title = path_of(verdict), draft.words.title(verdict)
    tracer = Tracer(draft.rulebook, draft.lang)
    issue = draft.pick(
        f"{draft.name}就“{title}”是否符合规定？", f"Did {draft.name} meet the rule on '{title}'?"
    )
    blocks: list[Block] = [
        draft.paragraph(draft.sentence(issue, proof=path), lead=ISSUE.of(draft.lang)),
        *_rule(draft, verdict),
        *_application(draft, verdict, tracer),
    ]
    number = draft.number()
    line = draft.words.conclusion(verdict)
    sentence = draft.line(line, path, verdict.law)
    blocks.append(draft.paragraph(sentence, lead=CONCLUSION.of(draft.lang), number=number))
    if verdict.outcome != "undetermined":
        blocks += follow(draft, verdict, tracer)
    return tuple(blocks)


def _rule(draft: Draft, verdict: Verdict) -> list[Block]:
    path, on = path_of(verdict), verdict.law
    norm = draft.norm(verdict.norm)
    number = draft.number()
    said = "".join(say_norm(draft.rulebook, norm, draft.lang))
    head = draft.pick("依", "Under ")
    sentences = [
        draft.sentence(
            head, cites_of(norm), draft.pick("，", ": ") + said, proof=path, grade=norm.grade, on=on
        )
    ]
    if verdict.concurring:
        cites = draft.cites(verdict.concurring)
        same = draft.pick("同此规定：", "To the same effect: ")
        sentences.append(draft.sentence(same, cites, proof=path, on=on))
    lost = {n for n, _, _ in verdict.losing}
    for at, defeat in enumerate(verdict.defeats):
        if defeat.loser in lost:
            sentences.append(defeated(draft, defeat, f"{path}/defeats/{at}"))
    for at, clash in enumerate(verdict.clashes):
        sentences.append(clashing(draft, clash, f"{path}/clashes/{at}"))
    paragraph = draft.paragraph(*sentences, lead=RULE.of(draft.lang), number=number)
    return [paragraph, *draft.quotes(norm, path, on)]


def _application(draft: Draft, verdict: Verdict, tracer: Tracer) -> list[Block]:
    path, on = path_of(verdict), verdict.law
    settled = verdict.outcome == "complied"
    bound = verdict.binding.value is True
    shown = (
        (Label("是否受约束", "Bound"), verdict.binding, "binding", _BRIEF if bound else _WHOLE),
        (Label("期限", "Date"), verdict.due_proof, "due_proof", _BRIEF if settled else _WHOLE),
        (Label("要求", "Requirement"), verdict.test, "test", _BRIEF if settled else _WHOLE),
        (Label("差额", "Gap"), verdict.gap_proof, "gap_proof", 1),
    )
    number = draft.number()
    items: list[Item] = []
    for label, proof, name, limit in shown:
        if proof is None or (verdict.outcome == "not_applicable" and name != "binding"):
            continue
        if name == "gap_proof" and verdict.gap in (None, 0):
            continue
        steps = draft.steps(tracer, proof, f"{path}/{name}", limit, on)
        if steps:
            head = label.of(draft.lang) + draft.pick("：", ":")
            items.append(Item(0, draft.sentence(head, proof=f"{path}/{name}")))
            items += [Item(i.depth + 1, i.sentence) for i in steps]
    for at, (norm, binding, test) in enumerate(verdict.losing):
        cites = draft.cites((norm,))
        lost = draft.pick("落败或者冲突的规范：", "A norm that lost, or clashes: ")
        items.append(Item(0, draft.sentence(lost, cites, proof=f"{path}/losing/{at}/1", on=on)))
        for where, proof in ((1, binding), (2, test)):
            steps = draft.steps(tracer, proof, f"{path}/losing/{at}/{where}", _WHOLE, on)
            items += [Item(i.depth + 1, i.sentence) for i in steps]
    if not items:
        return []
    lead = draft.sentence(draft.pick("逐步如下：", "Step by step:"), proof=path)
    paragraph = draft.paragraph(lead, lead=APPLICATION.of(draft.lang), number=number)
    return [paragraph, outline(items)]
