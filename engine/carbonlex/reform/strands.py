"""What a reform leaves hanging elsewhere: references, concepts, figures and sanctions without end.

A strand is no error. It says that something in force still leans on what is gone, and where.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from carbonlex.errors import Location
from carbonlex.expressions.tree import names
from carbonlex.reform.apply import Applied
from carbonlex.reform.consequences import successor
from carbonlex.reform.references import references
from carbonlex.rulebook.norms import Norm, Parameter
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.typecheck import every_version, expressions_of
from carbonlex.statutes.instruments import Instrument

StrandKind = Literal[
    "norm", "concept", "parameter", "sanction", "duty", "source", "question", "words"
]


@dataclass(frozen=True)
class Strand:
    """One thing in force that leans on what a reform took away.

    Attributes:
        kind: `norm` names a norm that fell; `concept` one that no norm defines any more;
            `parameter` one without a value; `sanction` a duty that nobody imposes; `duty` is one
            that nothing sanctions any more; `source`, `question` and `words` name a provision.
        at: a norm's id, a parameter's full name, a question, or `instrument#eId`.
        names: what it leans on, under the name that it uses: an id, a name, `instrument#eId`.
        text: the reference as the words have it; empty for other kinds.
        hint: the provision named is there still, with other words: to be looked at, no more.
    """

    kind: StrandKind
    at: str
    names: str
    where: Location
    text: str = ""
    hint: bool = False


def strands(step: Applied, before: Rulebook) -> tuple[Strand, ...]:
    """Return what a reform strands, given the rulebook that it was applied to.

    What hung before already is none of its doing. Hints come last.

    >>> from pathlib import Path
    >>> from carbonlex.reform.apply import apply
    >>> from carbonlex.reform.law import law_on_paper
    >>> from carbonlex.reform.read import read_reform
    >>> law = law_on_paper()
    >>> step = apply(law, read_reform(Path("examples/reforms/offset-ten.md")))
    >>> [s.kind for s in strands(step, law.rulebook) if not s.hint]
    []
    """
    found = _Search(step, before)
    every = dict.fromkeys(
        (
            *found.norms(),
            *found.named(),
            *found.duties(),
            *found.sources(),
            *found.questions(),
            *found.words(),
        )
    )
    return tuple(sorted(every, key=lambda s: s.hint))


class _Search:
    def __init__(self, step: Applied, before: Rulebook) -> None:
        self.old, self.new = before, step.law.rulebook
        self.base, self.amended = step.before, step.after
        self.day: date = step.reform.effective
        self.in_force = tuple(
            v for n in self.new.norms_in_force(self.day) for v in every_version(n)
        )
        self.works = {i.work for i in (self.amended, *((self.base,) if self.base else ()))}

    def norms(self) -> Iterator[Strand]:
        """Yield norms in force that name one which fell."""
        for norm in self.in_force:
            named = [("special_to", norm.special_to), ("replaces", norm.replaces)]
            named += [("varies", norm.varies), *(("basis", b) for b in norm.basis)]
            if norm.kind == "excepts":
                named.append(("excepts", norm.answers))
            for key, name in named:
                if name and self.fell(name):
                    yield Strand("norm", norm.id, name, norm.place(key))

    def fell(self, name: str) -> bool:
        """Return whether a norm of the expression amended has none in its place."""
        if self.base is None:
            return False
        old = self.old.norms.get(successor(self.old, name))
        if old is None or old.instrument != self.base.key:
            return False
        now = self.new.norms.get(successor(self.new, name))
        return now is None or now.instrument != self.amended.key

    def named(self) -> Iterator[Strand]:
        """Yield expressions that name a concept or figure which the law no longer gives."""
        terms = self.new.vocabulary.terms
        for norm in self.in_force:
            for key, node, _ in expressions_of(norm):
                for name in dict.fromkeys(names(node)):
                    if name in terms and self.undefined(name):
                        yield Strand("concept", norm.id, name, norm.place(key))
                    elif name in self.old.parameter_names and self.valueless(name, norm):
                        yield Strand("parameter", norm.id, name, norm.place(key))

    def undefined(self, name: str) -> bool:
        before = any(self.old.in_force(n, self.day) for n in self.old.definitions.get(name, ()))
        after = any(self.new.in_force(n, self.day) for n in self.new.definitions.get(name, ()))
        return before and not after

    def valueless(self, name: str, norm: Norm) -> bool:
        origin = norm
        if self.base is not None and norm.instrument == self.amended.key:
            origin = self.old.norms.get(f"{self.base.key}/{norm.short}", norm)
        known = origin.id in self.old.norms
        before = self.old.parameter(name, origin if known else None, self.day)
        return _valued(before, self.day) and not _valued(
            self.new.parameter(name, norm, self.day), self.day
        )

    def duties(self) -> Iterator[Strand]:
        """Yield sanctions of what is no duty any more, and duties that lost every sanction."""
        old, new = self.old, self.new
        for duty, sanctions in new.sanctions.items():
            if self.any_in_force(old, old.duties.get(duty, ())) and not self.any_in_force(
                new, new.duties.get(duty, ())
            ):
                for norm in sanctions:
                    if new.in_force(norm, self.day):
                        yield Strand("sanction", norm.id, duty, norm.place("sanctions"))
        for duty, norms in new.duties.items():
            if self.any_in_force(old, old.sanctions.get(duty, ())) and not self.any_in_force(
                new, new.sanctions.get(duty, ())
            ):
                for norm in norms:
                    if new.in_force(norm, self.day):
                        yield Strand("duty", norm.id, duty, norm.where)

    def any_in_force(self, rulebook: Rulebook, norms: tuple[Norm, ...]) -> bool:
        return any(rulebook.in_force(n, self.day) for n in norms)

    def sources(self) -> Iterator[Strand]:
        """Yield figures, for days or years to come, whose source was repealed."""
        for parameter in self.new.parameters.values():
            ended = self.new.instruments[parameter.instrument].ended
            if ended is not None and ended <= self.day:
                continue
            for span in parameter.spans:
                last = span.until
                past = last is not None and (
                    last < self.day.year if isinstance(last, int) else last <= self.day
                )
                if span.entry is None or past or not span.entry.source:
                    continue
                key, eid = span.entry.cited
                if eid and self.repealed(key, eid):
                    yield Strand("source", parameter.full, span.entry.source, span.entry.where)

    def questions(self) -> Iterator[Strand]:
        """Yield open questions about a provision that was repealed."""
        for question in self.new.questions.values():
            for place in question.provisions:
                key, _, eid = place.partition("#")
                if self.repealed(key, eid):
                    yield Strand("question", question.name, place, question.provisions_at)

    def repealed(self, key: str, eid: str) -> bool:
        """Return whether a provision of the instrument amended was there before and is gone."""
        held = self.old.instruments.get(key)
        if self.base is None or held is None or held.work != self.base.work:
            return False
        provision = held.provisions.get(eid)
        if provision is None or self.base.by_wid(provision.wid) is None:
            return False
        return self.amended.by_wid(provision.wid) is None

    def words(self) -> Iterator[Strand]:
        """Yield words in force that refer to a provision which was repealed, moved or changed."""
        if self.base is None:
            return
        titles = {i.title.zh for i in (self.base, self.amended)}
        titles |= {self.base.short.zh, self.amended.short.zh}
        for instrument in self.new.instruments.values():
            if not instrument.in_force(self.day):
                continue
            inside = instrument.key == self.amended.key
            for provision in instrument.provisions.values():
                if not provision.text or not provision.held:
                    continue
                article = instrument.article(provision.eid).eid
                own = inside and self.rewritten(provision.eid)
                for one in references(provision.text, article):
                    if (one.title in titles) if one.title else inside:
                        file = instrument.file if own or not inside else self.base.file
                        at = Location(file, 0, provision.eid)
                        place = f"{instrument.key}#{provision.eid}"
                        yield from self.leads(self.base, one.eid, one.text, place, at, own)

    def rewritten(self, eid: str) -> bool:
        """Return whether the reform itself wrote words: they speak of the text as amended."""
        assert self.base is not None
        old = self.base.by_wid(self.amended.provisions[eid].wid)
        return old is None or self.base.provisions[old].text != self.amended.provisions[eid].text

    def leads(
        self, base: Instrument, eid: str, text: str, place: str, at: Location, own: bool
    ) -> Iterator[Strand]:
        held = self.amended if own else base
        if own:
            if eid in base.provisions and eid not in held.provisions:
                yield Strand("words", place, f"{base.key}#{eid}", at, text)
            return
        if eid not in held.provisions:
            return
        now = self.amended.by_wid(base.provisions[eid].wid)
        if now != eid:
            yield Strand("words", place, f"{base.key}#{eid}", at, text)
        elif base.words(eid) != self.amended.words(now):
            yield Strand("words", place, f"{base.key}#{eid}", at, text, True)


def _valued(parameter: Parameter | None, day: date) -> bool:
    """Return whether a parameter has a value on a day; one by years has, where it has any."""
    if parameter is None:
        return False
    for span in parameter.spans:
        if span.entry is None:
            continue
        if isinstance(span.start, int):
            return True
        ended = isinstance(span.until, date) and span.until <= day
        if span.start <= day and not ended:
            return True
    return False
