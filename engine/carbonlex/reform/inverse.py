"""The reform that takes another back: the words before, and what they meant."""

from __future__ import annotations

from dataclasses import replace

from carbonlex.model import Label
from carbonlex.reform.apply import Applied
from carbonlex.reform.fences import name_of
from carbonlex.reform.law import Law
from carbonlex.reform.reform import Reform
from carbonlex.rulebook.markdown import RuleText
from carbonlex.statutes.amend import Amendment, Kind, around, attributes_of
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.markup import Line

_BACK: dict[Kind, Kind] = {
    "substitution": "substitution", "insertion": "repeal", "repeal": "insertion",
}  # fmt: skip


def inverse(law: Law, applied: Applied) -> Reform:
    """Return the reform that undoes one, given the law that it was applied to.

    Applied to the law after, it yields the words and the rulebook digest before. Raises
    `ValueError` where the words before are not held, or where there were none to restore.
    """
    before, reform = applied.before, applied.reform
    if before is None:
        raise ValueError("a new instrument has no words before")
    written = law.written(before.key)
    own = {name_of(f) for f in reform.text.fences}
    fallen = {f.name for f in applied.fallen}
    old = {name_of(f) for t in written.texts for f in t.fences}
    lost = [
        f for t in written.texts for f in t.fences
        if name_of(f) in own | fallen or f.kind == "not-encoded"
    ]  # fmt: skip
    first = written.texts[0]
    text = RuleText(first.file, dict(first.front), first.front_lines, lost, dict(first.headings))
    return replace(
        reform,
        key=f"{reform.key}-back",
        title=Label(f"撤回：{reform.title.zh}", f"Take back: {reform.title.en}"),
        after=reform.key,
        amendments=tuple(_back(before, written.xml, a) for a in reversed(reform.amendments)),
        text=text,
        falls=frozenset(own - old - {""}),
        digest="",
    )


def _back(before: Instrument, xml: bytes, one: Amendment) -> Amendment:
    kind = _BACK[one.kind]
    if kind == "repeal" or not (one.lines or kind == "insertion"):
        return replace(one, kind=kind, lines=(), attributes={})
    article = before.article(one.eid)
    if not article.held or before.is_summary(one.eid):
        raise ValueError(f"the words of {one.eid} are not held")
    lines = tuple(Line(words, one.where) for words in before.words(one.eid).split("\n"))
    kept, within = attributes_of(xml, one.eid), around(xml, one.eid)
    return replace(one, kind=kind, lines=lines, attributes=kept, within=within)
