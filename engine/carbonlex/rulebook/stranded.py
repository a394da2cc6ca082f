"""Norms whose quotes another expression no longer has: what its rules must be written anew for."""

from __future__ import annotations

from dataclasses import dataclass

from carbonlex.rulebook.quoting import locate
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.redline import Redline


@dataclass(frozen=True)
class Stranded:
    """A norm of the old expression that the new one does not bear out by its words.

    Attributes:
        old, new: the article that it quotes, by eId on either side; `new` is empty where there
            is none.
        missing: the spans of its quotes that are not there; empty where the words of the new
            article are not held, so that it cannot be told.
    """

    norm: str
    old: str
    new: str
    missing: tuple[str, ...]


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
        article = redline.old.article(norm.provisions[0]).eid
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
        found.append(Stranded(norm.id, article, row.new, missing))
    return tuple(found)
