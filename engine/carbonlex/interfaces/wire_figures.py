"""What the JSON of figures shares: what was not told, a figure and its norm, a use of units."""

from __future__ import annotations

from collections.abc import Iterable

from carbonlex.interfaces.wire_models import Wire
from carbonlex.interfaces.wire_values import number
from carbonlex.model import Grade
from carbonlex.position.values import Amount, Use
from carbonlex.reasoner.needs import Sets
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.words.sentences import cites_of, written_cites

LANGUAGES = ("zh", "en")


class UntoldOut(Wire):
    """What was not told, of a compliance year (0: any) and child record (0: the root)."""

    fact: str
    year: int
    record: int


class FigureOut(Wire):
    """A figure with the norm that gives it; `value` is null where it is not known."""

    value: str | None
    unit: str
    told: bool
    norm: str
    grade: Grade
    needs: list[list[UntoldOut]]


class UseOut(Wire):
    """Whether units may be used: true, false, or null where it is not known; and who says so."""

    allowed: bool | None
    norms: list[str]
    cite: dict[str, str]
    grade: Grade
    needs: list[list[UntoldOut]]


def untold(sets: Sets) -> list[list[UntoldOut]]:
    """Return the sets of facts of which any one would settle something; empty sets left out."""
    return [
        [UntoldOut(fact=n.fact, year=n.year, record=n.index + 1) for n in sorted(one)]
        for one in sets
        if one
    ]


def figure(one: Amount) -> FigureOut:
    """Return a figure as law gives it or as it was told."""
    return FigureOut(
        value=number(one.value),
        unit=one.unit,
        told=one.proof.step == "told",
        norm=one.proof.norm,
        grade=one.grade,
        needs=untold(one.needs),
    )


def use(rulebook: Rulebook, one: Use) -> UseOut:
    """Return whether units may be used, with the provisions that say so."""
    return UseOut(
        allowed=one.allowed,
        norms=list(one.norms),
        cite=cited(rulebook, one.norms),
        grade=one.grade,
        needs=untold(one.needs),
    )


def cited(rulebook: Rulebook, norms: Iterable[str]) -> dict[str, str]:
    """Return the citation of some norms in each language; empty where none is in the rulebook."""
    known = [rulebook.norms[n] for n in norms if n in rulebook.norms]
    cites = tuple(dict.fromkeys(c for n in known for c in cites_of(n)))
    return {lang: written_cites(rulebook, cites, lang) for lang in LANGUAGES}
