"""Doubts of validity: whether words of law that a result rests on hold at all."""

from __future__ import annotations

from collections.abc import Iterable

from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.sentences import Cite, Line


def doubts_of(rulebook: Rulebook, verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Return the questions of validity of the norms that verdicts rest on, each once."""
    found: dict[str, None] = {}
    for verdict in verdicts:
        relied = {p.norm for t in (verdict.test, verdict.gap_proof) if t for p in t.walk()}
        package = verdict.sanctions.governing if verdict.sanctions is not None else None
        relied |= {c.norm for c in package.consequences} if package is not None else set()
        for norm in (rulebook.norms[n] for n in sorted(relied) if n in rulebook.norms):
            question = rulebook.questions.get(norm.question)
            if question is not None and question.validity:
                found[question.name] = None
    return tuple(found)


def doubt(rulebook: Rulebook, report: Report, name: str, lang: str) -> Line:
    """Return one doubt with the reading in use, and how to ask for the other."""
    question = rulebook.questions[name]
    used = dict(report.readings).get(name, question.default)
    label = {r.name: r.label.of(lang) for r in question.readings}
    others = "、".join(n for n in label if n != used)
    asked = f"--reading {name}={others}"
    zh = f"效力存疑 {name}：{question.label.zh}？采用 {used}＝{label[used]}；改用其他读法：{asked}"
    en = f"doubt of validity {name}: {question.label.en}? used: {used} = {label[used]}"
    en += f"; otherwise {asked}"
    return Line(0, en if lang == "en" else zh, places_of(rulebook, question.provisions))


def places_of(rulebook: Rulebook, provisions: Iterable[str]) -> tuple[Cite, ...]:
    """Return the pinpoints of `instrument#eId`, those that the corpus has."""
    split = (p.partition("#") for p in provisions)
    return tuple(Cite(key, eid) for key, _, eid in split if key in rulebook.instruments)
