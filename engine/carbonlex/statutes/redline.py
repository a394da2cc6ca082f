"""A redline (修订对照表): two expressions of an instrument, article by article.

Provisions are paired by wId, so that one which only took another number is found under it; and
inside an article by their words before that, since a paragraph with the same words is the same.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from carbonlex.model import Grade, weakest
from carbonlex.statutes.instruments import Instrument, Provision
from carbonlex.statutes.pairing import by_wid, folded, in_order, not_crossing, paired
from carbonlex.statutes.stretches import Op, Stretches, stretches

Change = Literal["unchanged", "changed", "inserted", "repealed", "renumbered", "not-held"]
CHANGES: tuple[Change, ...] = (
    "changed",
    "inserted",
    "repealed",
    "renumbered",
    "unchanged",
    "not-held",
)


@dataclass(frozen=True)
class RedlineLine:
    """One paragraph (款) or point (项) of an article, old and new.

    `old` and `new` are eIds, empty where there is none. A point is written with its number.
    `renumbered` has the same words at another place in its article. `elsewhere` is the eId, on
    the side that lacks it here, of the provision of another article that has its wId: it was
    moved there, or comes from there.
    """

    kind: Change
    level: str
    old: str
    new: str
    old_words: str
    new_words: str
    stretches: Stretches
    elsewhere: str = ""


@dataclass(frozen=True)
class Row:
    """One article, or one paragraph outside any, old and new.

    Attributes:
        kind: `renumbered` has the same words under another number. `changed` may have another
            number too. `not-held`: the words of one side, or whether it has the article at all,
            are not known, so that nothing can be said of a change.
        old, new: its eIds, empty where that side does not have it.
        lines: its paragraphs and points in the order of the new text, what was repealed at its
            old place; empty where `not-held`.
        grade, summary: the weakest grade of the words of both sides; whether either only sums
            up. Neither `recalled` words nor a summary may go out as words of law.
    """

    kind: Change
    old: str
    new: str
    old_words: str
    new_words: str
    lines: tuple[RedlineLine, ...]
    grade: Grade
    summary: bool

    @property
    def renumbered(self) -> bool:
        """Whether the article has another number, with its words changed or not."""
        return bool(self.old and self.new and self.old != self.new)

    @property
    def quotable(self) -> bool:
        """Whether its words may stand in quotation marks."""
        return self.grade != "recalled" and not self.summary

    @property
    def stretches(self) -> Stretches:
        """The article in one piece, its lines divided by line ends.

        Joined, `same` and `deleted` give `old_words`, `same` and `inserted` give `new_words`.
        """
        found: list[tuple[Op, str]] = []
        begun = [False, False]
        for line in self.lines:
            has = [bool(line.old), bool(line.new)]
            ends = [b and h for b, h in zip(begun, has, strict=True)]
            if any(ends):
                found.append(("same" if all(ends) else "deleted" if ends[0] else "inserted", "\n"))
            found += line.stretches
            begun = [b or h for b, h in zip(begun, has, strict=True)]
        return tuple(found)


@dataclass(frozen=True)
class Redline:
    """Two expressions compared: a row for each article, in the order of the new text.

    What was repealed stands at its old place. `old_whole` and `new_whole` say whether a side
    lists all of its articles; where it does not, what an article lost may stand in another.
    """

    old: Instrument
    new: Instrument
    rows: tuple[Row, ...]
    old_whole: bool
    new_whole: bool

    @property
    def amendments(self) -> tuple[Row, ...]:
        """The rows in which words or numbers differ."""
        return tuple(r for r in self.rows if r.kind not in ("unchanged", "not-held"))

    def of(self, kind: Change) -> tuple[Row, ...]:
        """Return the rows of one kind."""
        return tuple(r for r in self.rows if r.kind == kind)

    def row(self, old: str) -> Row | None:
        """Return the row of an article by its eId in the old text."""
        return next((r for r in self.rows if r.old == old), None)


def redline(old: Instrument, new: Instrument, whole: bool = False) -> Redline:
    """Compare two expressions article by article.

    An article that one side lacks is `inserted` or `repealed` only where that side lists all of
    its articles, else `not-held`. `whole` says that it does whatever their number in the file:
    a draft, made from the very text that it amends. Differences of typography (full-width or not,
    white space) are shown and do not count as a change.

    >>> import carbonlex
    >>> held = carbonlex.load_rulebook().instruments
    >>> found = redline(held["legislation-law-2015"], held["legislation-law-2023"])
    >>> row = found.row("art_80")
    >>> row.kind, row.new, row.renumbered
    ('changed', 'art_91', True)
    >>> [text for op, text in row.stretches if op == "inserted"]
    ['以及法律规定的机构']
    """
    before, after = _outermost(old), _outermost(new)
    all_old, all_new = whole or _lists_all(old, before), whole or _lists_all(new, after)
    compared = _Comparison(old, new)
    rows: list[Row] = []
    for one, other in in_order(before, after, by_wid(before, after)):
        if one is not None and other is not None:
            rows.append(compared.both(one.eid, other.eid))
        elif one is not None:
            rows.append(compared.repealed(one.eid, all_new))
        elif other is not None:
            rows.append(compared.inserted(other.eid, all_old))
    return Redline(old, new, tuple(rows), all_old, all_new)


def _outermost(instrument: Instrument) -> list[Provision]:
    return [p for p in instrument.provisions.values() if not p.parent]


def _lists_all(instrument: Instrument, outermost: list[Provision]) -> bool:
    listed = sum(p.level == "article" for p in outermost)
    return 0 < instrument.articles <= listed


class _Comparison:
    """Makes the rows of two expressions; knows where either has the provision of a wId."""

    def __init__(self, old: Instrument, new: Instrument) -> None:
        self.old, self.new = old, new
        self.places: list[dict[str, list[str]]] = [defaultdict(list), defaultdict(list)]
        for instrument, places in zip((old, new), self.places, strict=True):
            for provision in instrument.provisions.values():
                places[provision.wid].append(provision.eid)

    def repealed(self, eid: str, known: bool) -> Row:
        """Return the row of an article of the old text alone; `known`: that the new lacks it."""
        held = known and _comparable(self.old, eid)
        return Row(
            kind="repealed" if held else "not-held",
            old=eid,
            new="",
            old_words=self.old.words(eid),
            new_words="",
            lines=tuple(self.line(p, None) for p in _lines(self.old, eid)) if held else (),
            grade=self.old.grade_of(eid),
            summary=self.old.is_summary(eid),
        )

    def inserted(self, eid: str, known: bool) -> Row:
        """Return the row of an article of the new text alone; `known`: that the old lacks it."""
        held = known and _comparable(self.new, eid)
        return Row(
            kind="inserted" if held else "not-held",
            old="",
            new=eid,
            old_words="",
            new_words=self.new.words(eid),
            lines=tuple(self.line(None, p) for p in _lines(self.new, eid)) if held else (),
            grade=self.new.grade_of(eid),
            summary=self.new.is_summary(eid),
        )

    def both(self, one: str, other: str) -> Row:
        """Return the row of an article that both sides have."""
        lines: tuple[RedlineLine, ...] = ()
        kind: Change = "not-held"
        if _comparable(self.old, one) and _comparable(self.new, other):
            before, after = _lines(self.old, one), _lines(self.new, other)
            pairs = not_crossing(before, after, paired(before, after))
            lines = tuple(self.line(a, b, (one, other)) for a, b in in_order(before, after, pairs))
            same = all(line.kind == "unchanged" for line in lines)
            kind = "changed" if not same else "unchanged" if one == other else "renumbered"
        return Row(
            kind=kind,
            old=one,
            new=other,
            old_words=self.old.words(one),
            new_words=self.new.words(other),
            lines=lines,
            grade=weakest((self.old.grade_of(one), self.new.grade_of(other))),
            summary=self.old.is_summary(one) or self.new.is_summary(other),
        )

    def line(
        self, old: Provision | None, new: Provision | None, beside: tuple[str, str] = ("", "")
    ) -> RedlineLine:
        """Return one line, of either side or of both; `beside`: the article on either side."""
        one, other = (p.printed if p is not None else "" for p in (old, new))
        kind: Change = "changed"
        if old is None or new is None:
            kind = "inserted" if old is None else "repealed"
        elif folded(old.text) == folded(new.text):
            moved = _within(old) != _within(new) or folded(old.num) != folded(new.num)
            kind = "renumbered" if moved else "unchanged"
        known = old or new
        return RedlineLine(
            kind=kind,
            level=known.level if known is not None else "",
            old=old.eid if old is not None else "",
            new=new.eid if new is not None else "",
            old_words=one,
            new_words=other,
            stretches=stretches(one, other),
            elsewhere=self.elsewhere(old, new, beside[new is None]),
        )

    def elsewhere(self, old: Provision | None, new: Provision | None, beside: str) -> str:
        """Return where the other side has, in an article not `beside` it, what one side lacks."""
        alone, places = (old, self.places[1]) if new is None else (new, self.places[0])
        if alone is None or (old is not None and new is not None):
            return ""
        found = (e for e in places.get(alone.wid, ()) if e != alone.eid)
        return next((e for e in found if e.partition("__")[0] != beside), "")


def _comparable(instrument: Instrument, eid: str) -> bool:
    """Return whether all of the words of an article are held, and there are any."""
    return bool(_lines(instrument, eid)) and all(p.held for p in instrument.under(eid))


def _lines(instrument: Instrument, eid: str) -> list[Provision]:
    """Return what stands on lines of its own, as `Instrument.words` writes it."""
    return [p for p in instrument.under(eid) if p.text or p.numbered]


def _within(provision: Provision) -> str:
    """Return the place of a provision within its article; nothing for a paragraph outside any."""
    return provision.eid.partition("__")[2]
