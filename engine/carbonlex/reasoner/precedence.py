"""Which norm prevails: computed from the Legislation Law in force, step by step, each cited.

Explicit variation; then higher rank over lower; then, between norms of one maker, special over
general and new over old. It is not a total order: where the law refers the matter to somebody,
or says nothing, there is no winner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from carbonlex.model import Label
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook

NOBODY = Label("立法法未规定由谁裁决", "the Legislation Law names nobody")


@dataclass(frozen=True)
class Defeat:
    """That one norm prevails over another, by which rule of precedence."""

    winner: str
    loser: str
    by: str
    step: str


@dataclass(frozen=True)
class Clash:
    """Two norms between which nothing decides; `by` refers the matter, `decides` says to whom."""

    one: str
    other: str
    by: str
    decides: Label


@dataclass(frozen=True)
class Ranking:
    """Norms on one question: the winner if there is one, defeats with their reason, clashes.

    `order` has the winner, or else a norm of the highest rank, first.
    """

    winner: Norm | None
    order: tuple[Norm, ...]
    defeats: tuple[Defeat, ...] = ()
    clashes: tuple[Clash, ...] = ()


def prevail(rulebook: Rulebook, norms: tuple[Norm, ...], day: date) -> Ranking:
    """Rank norms that answer one question under the law in force on a day."""
    if len(norms) == 1:
        return Ranking(norms[0], norms)
    defeats: list[Defeat] = []
    clashes: list[Clash] = []
    for at, one in enumerate(norms):
        for other in norms[at + 1 :]:
            found = between(rulebook, one, other, day)
            if isinstance(found, Defeat):
                defeats.append(found)
            else:
                clashes.append(found)
    beaten = {d.loser for d in defeats}
    standing = [n for n in norms if n.id not in beaten]
    order = (*standing, *(n for n in norms if n.id in beaten))
    if len(standing) == 1:
        return Ranking(standing[0], order, tuple(defeats))
    return Ranking(None, order, tuple(defeats), tuple(clashes))


def between(rulebook: Rulebook, one: Norm, other: Norm, day: date) -> Defeat | Clash:
    """Return which of two norms prevails, or that neither does."""
    rules = [r for r in rulebook.precedence if rulebook.in_force(r, day)]
    for left, right in ((one, other), (other, one)):
        if left.varies == right.id:
            by = next(
                (r.id for r in rules if r.precedence and r.precedence.step == "variation"), ""
            )
            return Defeat(left.id, right.id, by, "variation")
    ranks = {n.id: rulebook.instruments[n.instrument].rank for n in (one, other)}
    for rule in rules:
        p = rule.precedence
        if p is None or p.step != "rank":
            continue
        for left, right in ((one, other), (other, one)):
            if ranks[left.id] == p.higher and ranks[right.id] in p.lower:
                return Defeat(left.id, right.id, rule.id, "rank")
    if ranks[one.id] == ranks[other.id]:
        found = _one_maker(rulebook, one, other, rules)
        if found is not None:
            return found
    return _referred(rulebook, one, other, rules, one_maker=False)


def _one_maker(
    rulebook: Rulebook, one: Norm, other: Norm, rules: list[Norm]
) -> Defeat | Clash | None:
    first, second = rulebook.instruments[one.instrument], rulebook.instruments[other.instrument]
    if first.maker != second.maker:
        return None

    def by(step: str) -> str:
        return next((r.id for r in rules if r.precedence and r.precedence.step == step), "")

    newer = None
    if first.effective != second.effective:
        newer = one if first.effective > second.effective else other
    for special, general in ((one, other), (other, one)):
        if special.special_to == general.id:
            if newer is general:
                return _referred(rulebook, one, other, rules, one_maker=True)
            return Defeat(special.id, general.id, by("special"), "special")
    if newer is None:
        return None
    return Defeat(newer.id, (other if newer is one else one).id, by("new"), "new")


def _referred(
    rulebook: Rulebook, one: Norm, other: Norm, rules: list[Norm], *, one_maker: bool
) -> Clash:
    ranks: set[str] = {rulebook.instruments[n.instrument].rank for n in (one, other)}
    for rule in rules:
        p = rule.precedence
        if p is None or p.step != "referral" or p.one_maker != one_maker:
            continue
        same = one_maker and ranks <= set(p.between)
        across = not one_maker and ranks <= set(p.between) and _matches(ranks, p.between)
        if (same or across) and p.decides is not None:
            return Clash(one.id, other.id, rule.id, p.decides)
    return Clash(one.id, other.id, "", NOBODY)


def _matches(ranks: set[str], between: tuple[str, ...]) -> bool:
    """A referral between different ranks names each once; among equals it names one twice."""
    if len(ranks) == 2:
        return ranks == set(between)
    return between.count(next(iter(ranks))) > 1
