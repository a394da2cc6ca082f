"""Consequences before and after in sentences: which fine it is, from how much to how much."""

from __future__ import annotations

from carbonlex.model import UNKNOWN, Label, Value
from carbonlex.reasoner.consequence import Consequence, Status
from carbonlex.reasoner.proof import Proof
from carbonlex.reform.chart import printable
from carbonlex.reform.compare import Pair
from carbonlex.reform.consequences import ConsequenceMoved, successor
from carbonlex.reform.wording import WhatIfWords
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.explain import Explainer
from carbonlex.words.phrases import CONSEQUENCES, STATUSES
from carbonlex.words.values import UNKNOWN_LABEL, say

_FOLLOWS = frozenset({"correction", "suspension", "discretion", "ban"})


class ConsequenceWords:
    """Says which consequences differ, in one language."""

    def __init__(self, words: WhatIfWords) -> None:
        self.words, self.lang, self.pick = words, words.lang, words.pick
        self.old, self.new = words.found.before, words.found.after

    def lines(self, pair: Pair) -> list[str]:
        """Return a sentence for each consequence of a breach that differs."""
        duty = self.words.name(pair.verdict.label, pair.year, pair.index)
        return [self.words.beside(duty, self.line(m, pair.duty)) for m in pair.consequences]

    def line(self, one: ConsequenceMoved, duty: str) -> str:
        """Return one consequence before and after; its norm once, where one stands for the other.

        `duty` is the one that the verdict is on: a breach of an order says that it is one.
        """
        shown = one.shown
        kind = CONSEQUENCES[shown.kind].of(self.lang)
        if shown.liable is not None:
            kind = self.pick(f"对{shown.liable.zh}{kind}", f"{kind} on {shown.liable.en}")
        if shown.breach != duty:
            kind = self.pick(f"限期内未改正的，{kind}", f"if not corrected in time: {kind}")
        norms = {successor(self.new, c.norm) for c in (one.before, one.after) if c is not None}
        if len(norms) == 1:
            name = self.norm(self.new if one.after is not None else self.old, shown)
            kind += self.pick(f"（{name}）", f" ({name})")
        sides = (
            self.side(self.old, one.before, one, len(norms) > 1),
            self.side(self.new, one.after, one, len(norms) > 1),
        )
        return printable(self.words.colon(kind, " → ".join(sides)))

    def norm(self, rulebook: Rulebook, one: Consequence) -> str:
        norm = rulebook.norms[one.norm]
        return f"{norm.label.of(self.lang)} [{norm.short}]"

    def side(
        self, rulebook: Rulebook, one: Consequence | None, moved: ConsequenceMoved, named: bool
    ) -> str:
        """Return what one law says: an amount, how it would be worked out, or that it follows."""
        if one is None:
            return self.pick("（无）", "(none)")
        if one.excluded:
            return self.pick("不适用", "shut out")
        said = self.amount(rulebook, one, moved)
        notes = [self.norm(rulebook, one)] if named else []
        if self.statuses(moved):
            notes.append(STATUSES[one.status].of(self.lang))
        if one.replaced_by:
            notes.append(self.pick("被第二步罚款取代", "replaced by the second fine"))
        listed = self.pick("，", ", ").join(notes)
        return said + (self.pick(f"（{listed}）", f" ({listed})") if notes else "")

    def statuses(self, one: ConsequenceMoved) -> set[Status]:
        """Return the statuses on both sides, where they differ or none is certain; else nothing."""
        found = {c.status for c in (one.before, one.after) if c is not None}
        return set() if found == {"applies"} else found

    def amount(self, rulebook: Rulebook, one: Consequence, moved: ConsequenceMoved) -> str:
        if one.text is not None:
            return one.text.of(self.lang)
        if one.kind in _FOLLOWS:
            return Label("有", "follows").of(self.lang)
        if one.amount is not UNKNOWN and one.amount is not None:
            return say(one.amount, one.unit, self.lang)
        unknown = UNKNOWN_LABEL.of(self.lang)
        if one.proof is None:
            return unknown
        how = Explainer(rulebook, self.lang).words(one.proof.label)
        figures = _figures(one.proof)
        other = moved.before if one is moved.after else moved.after
        elsewhere = _figures(other.proof) if other is not None and other.proof is not None else {}
        for name, value in figures.items() if elsewhere else ():
            if elsewhere.get(name) != value:
                parameter = rulebook.parameters[name]
                label = parameter.label.of(self.lang)
                how += self.pick("，", ", ") + f"{label} {say(value, parameter.unit, self.lang)}"
        return self.pick(f"{unknown}，为{how}", f"{unknown}: {how}")


def _figures(proof: Proof) -> dict[str, Value]:
    return {p.label: p.value for p in proof.walk() if p.step == "parameter"}
