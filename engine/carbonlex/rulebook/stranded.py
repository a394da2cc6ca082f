"""Norms whose quotes another expression no longer has: what its rules must be written anew for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from carbonlex.rulebook.quoting import article_map, locate
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.pairing import folded
from carbonlex.statutes.redline import Redline

TELLING = 6
"""Words shorter than this may stand anywhere: that they do is no sign that they were moved."""


@dataclass(frozen=True)
class Stranded:
    """A norm of the old expression that the new one does not bear out by its words.

    Attributes:
        old, new: the article that it quotes, by eId on either side; `new` is empty where there
            is none.
        missing: the spans of its quotes that are not there; empty where the words of the new
            article are not held, so that it cannot be told.
        moved: provisions of other articles of the new text in which such a span now stands.
    """

    norm: str
    old: str
    new: str
    missing: tuple[str, ...]
    moved: tuple[str, ...] = ()


def stranded(rulebook: Rulebook, redline: Redline) -> tuple[Stranded, ...]:
    """Return the norms of the old expression that do not carry over to the new, in order.

    Duties that a sanction orders stand under that sanction and are not named again.

    >>> import carbonlex
    >>> from carbonlex.statutes.redline import redline
    >>> rulebook = carbonlex.load_rulebook()
    >>> measures = rulebook.instruments["measures-2021"]
    >>> stranded(rulebook, redline(measures, measures))
    ()
    """
    found: list[Stranded] = []
    for norm in rulebook.norms.values():
        if norm.instrument != redline.old.key or norm.ordered_by:
            continue
        provision = norm.provisions[0]
        if provision not in redline.old.provisions:
            # The old text is a file that goes by the key and has another division.
            found.append(Stranded(norm.id, provision.partition("__")[0], "", norm.quotes))
            continue
        article = redline.old.article(provision).eid
        row = redline.row(article)
        if row is None or row.kind == "unchanged":
            continue
        missing: tuple[str, ...] = ()
        if row.kind == "repealed":
            missing = norm.quotes
        elif row.kind != "not-held":
            missing = tuple(locate(redline.new, row.new, norm.quotes)[1])
            if not missing:
                continue
        moved = tuple(now_in(redline.new, missing, row.new))
        found.append(Stranded(norm.id, article, row.new, missing, moved))
    return tuple(found)


def now_in(instrument: Instrument, spans: Iterable[str], beside: str = "") -> dict[str, None]:
    """Return the provisions, in an article not `beside`, in which any of some words stand."""
    found: dict[str, None] = {}
    outer = [p.eid for p in instrument.provisions.values() if not p.parent and p.eid != beside]
    for span in spans:
        pieces = [p for p in span.split("……") if len(folded(p)) >= TELLING]
        for eid in outer if pieces else ():
            text = article_map(instrument, eid).text
            for piece in pieces:
                if folded(piece) in text:
                    found |= dict.fromkeys(locate(instrument, eid, (piece,))[0].provisions)
    return found
