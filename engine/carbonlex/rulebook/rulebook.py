"""The rulebook: every norm, resolved, typed, ordered, with the instruments that it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from carbonlex.errors import Location, UnknownNorm
from carbonlex.expressions.tree import BUILTINS
from carbonlex.model import Label
from carbonlex.rulebook.norms import Norm, NotEncoded, Parameter, Question
from carbonlex.rulebook.vocabulary import Vocabulary
from carbonlex.statutes.citation import cite
from carbonlex.statutes.instruments import Instrument

BUILTIN_LABELS = {
    "year": Label("履约年度", "compliance year"),
    "asked_on": Label("询问日", "day asked"),
    "decided_on": Label("处罚决定日", "day of decision"),
}
assert set(BUILTIN_LABELS) == BUILTINS


@dataclass(frozen=True)
class ArticleCoverage:
    """Clause-level coverage of one article, in characters of its folded words.

    `encoded` were reached by the quote of a norm, `declared` by a quote with a reason why not;
    `rest` by neither. `gaps` holds the words of the rest; `where` is the article's heading in
    the rule file.
    """

    instrument: str
    article: str
    total: int
    encoded: int
    declared: int
    gaps: tuple[str, ...]
    where: Location

    @property
    def rest(self) -> int:
        """Characters that neither a norm nor a reason reaches."""
        return self.total - self.encoded - self.declared


@dataclass(frozen=True)
class Rulebook:
    """Everything that a case is judged by. Frozen; built by `carbonlex.rulebook.load`.

    >>> import carbonlex
    >>> from datetime import date
    >>> rulebook = carbonlex.load_rulebook()
    >>> norms = rulebook.norms_in_force(date(2026, 8, 14))
    >>> any(n.instrument == "code-2026" for n in norms)
    False
    >>> rulebook.cite("measures-2021", "art_29__para_1")
    '《碳排放权交易管理办法（试行）》第二十九条第一款'

    Attributes:
        norms: by full id, in the order of files and of statute.
        parameters: by full name.
        digest: SHA-256 over the statutes and rules that it was made from.
        successors: the norm in whose place a reform's expression has put another, by id.
    """

    instruments: Mapping[str, Instrument]
    vocabulary: Vocabulary
    questions: Mapping[str, Question]
    norms: Mapping[str, Norm]
    parameters: Mapping[str, Parameter]
    not_encoded: tuple[NotEncoded, ...]
    coverage: tuple[ArticleCoverage, ...]
    digest: str
    definitions: Mapping[str, tuple[Norm, ...]] = field(default_factory=dict)
    duties: Mapping[str, tuple[Norm, ...]] = field(default_factory=dict)
    sanctions: Mapping[str, tuple[Norm, ...]] = field(default_factory=dict)
    exceptions: Mapping[str, tuple[Norm, ...]] = field(default_factory=dict)
    precedence: tuple[Norm, ...] = ()
    parameter_names: Mapping[str, tuple[Parameter, ...]] = field(default_factory=dict)
    successors: Mapping[str, str] = field(default_factory=dict)

    def norm(self, name: str) -> Norm:
        """Return a norm by full id, or by short id where that is unique; else `UnknownNorm`."""
        if name in self.norms:
            return self.norms[name]
        found = [n for n in self.norms.values() if n.short == name]
        if len(found) == 1:
            return found[0]
        known = "、".join(n.id for n in found) or "、".join(self._near(name))
        raise UnknownNorm(f"{name}: {known}")

    def _near(self, name: str) -> list[str]:
        from difflib import get_close_matches

        return get_close_matches(name, [*self.norms], n=3, cutoff=0.3)

    def as_read(self, norm: Norm, readings: Mapping[str, str]) -> Norm:
        """Return what a norm says under a choice of readings; where none was made, by default."""
        if not norm.question:
            return norm
        return norm.readings[self.questions[norm.question].taken(readings)]

    def in_force(self, norm: Norm, day: date) -> bool:
        """Return whether the instrument that holds a norm is in force on a day."""
        return self.instruments[norm.instrument].in_force(day)

    def known_in_force(self, norm: Norm, day: date, asked_on: date, year: int = 0) -> bool:
        """Return whether a norm is in force on a day, as known when asked: it is promulgated.

        With a compliance year, whether it is for that year too.
        """
        meant = not year or norm.years[0] <= year <= norm.years[1]
        promulgated = self.instruments[norm.instrument].promulgated
        return meant and promulgated <= asked_on and self.in_force(norm, day)

    def norms_in_force(self, day: date) -> tuple[Norm, ...]:
        """Return every norm in force on a day, in order."""
        return tuple(n for n in self.norms.values() if self.in_force(n, day))

    def parameter(self, name: str, norm: Norm | None, day: date | None = None) -> Parameter | None:
        """Return the parameter that a name means in a norm: its own, its instrument's, the only.

        Of several expressions of one instrument, that in force on a day. One whose expression
        has been followed by another that no longer sets it is law no more.
        """
        found = self.parameter_names.get(name, ())
        if norm is not None:
            for owner in (norm.id, norm.ordered_by):
                own = [p for p in found if p.norm == owner]
                if own:
                    return own[0]
            same = [p for p in found if p.instrument == norm.instrument]
            if len(same) == 1:
                return same[0]
        if len(found) == 1 and not self.successors:
            return found[0]
        works = {self.instruments[p.instrument].work for p in found}
        if len(works) != 1:
            return None
        return self._expressed(found, works.pop(), day) if day else found[-1]

    def _expressed(self, found: tuple[Parameter, ...], work: str, day: date) -> Parameter | None:
        """Return which expression's parameter is meant on a day: before all, the first's."""
        expressions = (i for i in self.instruments.values() if i.work == work)
        ordered = sorted(expressions, key=lambda i: i.effective)
        begun = [i for i in ordered if i.effective <= day] or ordered[:1]
        return next((p for p in found if p.instrument == begun[-1].key), None)

    def label_of(self, name: str) -> Label:
        """Return the label of anything that an expression can name."""
        term = self.vocabulary.terms.get(name)
        if term is not None:
            return term.label
        if name in self.vocabulary.records:
            return self.vocabulary.records[name].label
        if name in BUILTIN_LABELS:
            return BUILTIN_LABELS[name]
        if name in self.parameter_names:
            return self.parameter_names[name][0].label
        for term in self.vocabulary.terms.values():
            if name in term.choices:
                return term.choices[name]
        return Label(name, name)

    def is_day(self, name: str) -> bool:
        """Return whether a name of an expression is a day."""
        term = self.vocabulary.terms.get(name)
        dated = any(p.unit == "date" for p in self.parameter_names.get(name, ()))
        return (
            dated
            or (term is not None and term.type == "date")
            or name in ("asked_on", "decided_on")
        )

    def cite(self, instrument: str, eid: str, lang: str = "zh", short: bool = False) -> str:
        """Return the citation of a provision."""
        return cite(self.instruments[instrument], eid, lang, short)
