"""One import from end to end: a file and what its user tells, to an expression that was checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from carbonlex.errors import ContentError, Diagnostic, Location
from carbonlex.model import Label
from carbonlex.statutes.akn import instrument_in
from carbonlex.statutes.importing.article import Node
from carbonlex.statutes.importing.comparison import Comparison, compared
from carbonlex.statutes.importing.draft import Draft
from carbonlex.statutes.importing.identity import Identity, Told, identified
from carbonlex.statutes.importing.source import Line, Remark, Source, bare
from carbonlex.statutes.importing.structure import structured
from carbonlex.statutes.importing.written import written
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.matching import with_wids

_NUMBER = re.compile(
    r"[^\s，。,;:()0-9日]{0,16}令(?:\(|第)\s*(?:\()?第?\s*[0-9零〇一二三四五六七八九十百]+号\)?"
    r"|[^\s，。,;:()0-9日]{2,12}〔[0-9]{4}〕[0-9]+号"
)
_EFFECT = re.compile(r"自([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日起(?:施行|实施|生效)")


@dataclass(frozen=True)
class Import:
    """An expression made of a file, and what its user must see before relying on it.

    Attributes:
        xml: the Akoma Ntoso file; `instrument` is what it reads as.
        comparison: its text against that of the source.
        remarks: what a person must look at.
    """

    source: Source
    identity: Identity
    draft: Draft
    xml: bytes
    instrument: Instrument
    comparison: Comparison
    remarks: tuple[Remark, ...]

    @property
    def path(self) -> str:
        """Where the file belongs in a folder of statutes: its FRBR URI."""
        return f"{self.identity.expression.removeprefix('/akn/')}.xml"


def imported(
    source: Source,
    told: Told,
    held: Mapping[str, Instrument],
    today: date,
    older: Instrument | None = None,
) -> Import:
    """Return the expression that a file holds; raises `ContentError`.

    `held` are the instruments of a corpus. Provisions that `older` has, an earlier expression or
    another file of the same, keep the `wId` that they have there. The text of what is made is held
    against that of the source: any sign lost or added refuses the import.
    """
    draft = structured(source, told.title)
    identity = identified(told, draft.title, _number_in(source), held)
    xml = written(draft, identity, source, today)
    made, wrong = instrument_in(xml, source.name)
    if made is not None and older is not None and not wrong:
        wids = with_wids(older, made)
        draft = replace(draft, body=tuple(_renamed(n, wids) for n in draft.body))
        xml = written(draft, identity, source, today)
        made, wrong = instrument_in(xml, source.name)
    if made is None or wrong:
        raise ContentError(tuple(wrong))
    comparison = compared(source, draft, xml)
    if comparison.differences:
        raise ContentError(tuple(_lossy(comparison, source.name)))
    remarks = (*draft.remarks, *_of_effect(source, identity))
    return Import(source, identity, draft, xml, made, comparison, remarks)


def as_it_is(source: Source) -> tuple[str, date | None, Instrument]:
    """Return the title of a text, the day of effect that it states, and its divisions.

    What is not known of it, its work and maker, is made up: it is for comparing with another text,
    and is not kept. Raises `ContentError`.
    """
    draft = structured(source)
    day = date(1949, 10, 1)  # before any text of law that is imported
    label = Label(draft.title, draft.title)
    nameless = Identity(
        work=f"/akn/cn/act/falv/unknown/{day}/{source.digest[:16]}",
        country="cn",
        subtype="falv",
        maker="unknown",
        worked=day,
        work_number=source.digest[:16],
        key="unknown",
        rank="law",
        maker_label=label,
        title=label,
        short=label,
        number="",
        promulgated=day,
        effective=day,
        ended=None,
        grade="official",
    )
    made, wrong = instrument_in(written(draft, nameless, source, day), source.name)
    if made is None or wrong:
        raise ContentError(tuple(wrong))
    said = _effect_in(source)
    return draft.title, said[0] if said else None, made


def _lossy(comparison: Comparison, name: str) -> list[Diagnostic]:
    hint = (
        "核对原文该处；脚注、链接、图注不是正文，先从文件中删去",
        "look at that place of the source; delete from the file what is no text of law",
    )
    found: list[Diagnostic] = []
    for one in comparison.differences[:20]:
        words = one.lost or one.added
        shown = words if len(words) <= 60 else f"{words[:57]}……"
        zh, en = ("丢失", "lost") if one.lost else ("多出", "added")
        found.append(
            Diagnostic(
                "import-loss",
                (f"“{one.after}”之后{zh}“{shown}”", f"after '{one.after}', {en}: '{shown}'"),
                Location(name), hint=hint,
            )
        )  # fmt: skip
    return found


def _renamed(node: Node, wids: Mapping[str, str]) -> Node:
    below = tuple(_renamed(child, wids) for child in node.children)
    return replace(node, wid=wids.get(node.eid, ""), children=below)


def _number_in(source: Source) -> str:
    """Return the one number (文号) that the first lines state; empty for none or several."""
    lines = [bare(b.whole) for b in source.blocks[:20] if isinstance(b, Line)]
    found = {m[0] for line in lines for m in _NUMBER.finditer(line) if len(line) < 60}
    return found.pop() if len(found) == 1 else ""


def _of_effect(source: Source, identity: Identity) -> list[Remark]:
    """Return a remark where the text says another day of effect than was told."""
    said = _effect_in(source)
    if said is None or said[0] == identity.effective:
        return []
    return [
        Remark(
            f"文中写自 {said[0]} 起施行，--effective 为 {identity.effective}",
            f"the text says in force from {said[0]}, --effective says {identity.effective}",
            said[1],
        )
    ]


def _effect_in(source: Source) -> tuple[date, int] | None:
    """Return the day of effect that a text states last, and in which line; None for none."""
    for block in reversed(source.blocks):
        found = _EFFECT.search(bare(block.whole)) if isinstance(block, Line) else None
        if found is not None:
            with suppress(ValueError):
                return date(int(found[1]), int(found[2]), int(found[3])), block.line
    return None
