"""Concepts over columns: what the reasoner's `Evaluation` computes for one case, for all rows.

It follows `reasoner.evaluate` and `reasoner.definitions` line by line, with columns in the place
of values; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from carbonlex.expressions import tree as t
from carbonlex.model import Scalar
from carbonlex.portfolio.available import Available
from carbonlex.portfolio.change import days_of_change
from carbonlex.portfolio.choices import either
from carbonlex.portfolio.definition import defined
from carbonlex.portfolio.frame import ENTITY, Frame, Place
from carbonlex.portfolio.graph import Grain, Graph, Node, NotColumnar
from carbonlex.portfolio.literal import constant
from carbonlex.portfolio.logic import is_known, negation
from carbonlex.portfolio.sym import Parts, Sym, Value, unknown
from carbonlex.portfolio.worlds import World
from carbonlex.reasoner.parameters import entry_at, issued_later
from carbonlex.reasoner.precedence import Ranking, prevail
from carbonlex.rulebook.norms import Norm, Parameter
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Term

DEEP = 10


@dataclass
class Symbolic:
    """One reading of a rulebook over columns, for entities told from `first` on, in `year`."""

    graph: Graph
    rulebook: Rulebook
    available: Available
    asked_on: date
    readings: Mapping[str, str]
    first: int
    year: int
    memo: dict[tuple[object, ...], Any] = field(default_factory=dict)
    breaks: tuple[date, ...] = ()
    assumed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.breaks = days_of_change(self.rulebook)

    # what holds when the plan is made

    def version(self, norm: Norm, year: int) -> Norm:
        """Return what a norm says under the reading chosen for its question."""
        return norm.readings[self.reading(norm.question, year)] if norm.question else norm

    def reading(self, question: str, year: int = 0) -> str:
        """Return the reading in use."""
        return self.rulebook.questions[question].taken(self.readings, year)

    def in_force(self, norm: Norm, day: date, year: int = 0) -> bool:
        """Return whether a norm is in force on a day, and for a compliance year, as known."""
        return self.rulebook.known_in_force(norm, day, self.asked_on, year)

    def rank(self, norms: tuple[Norm, ...], day: date) -> Ranking:
        """Rank norms that answer one question."""
        key = ("rank", tuple(n.id for n in norms), day)
        if key not in self.memo:
            self.memo[key] = prevail(self.rulebook, norms, day)
        return cast(Ranking, self.memo[key])

    def once(self, key: tuple[object, ...], compute: Callable[[], Any]) -> Any:
        """Compute something once."""
        if key not in self.memo:
            self.memo[key] = compute()
        return self.memo[key]

    # expressions

    def value(self, node: t.Expression, frame: Frame) -> Sym:
        """Read one expression."""
        from carbonlex.portfolio.steps import STEPS

        year, law, norm, place, bound = frame
        key = ("value", id(node), year, law, id(norm), place, bound)
        found = self.memo.get(key)
        if found is None:
            found = self.memo[key] = STEPS[type(node)](self, node, frame)
        return cast(Sym, found)

    def test(self, norm: Norm, frame: Frame) -> Sym:
        """Read the test of a norm: its expression, or its limbs."""
        from carbonlex.portfolio.steps import junction

        if norm.limbs is None:
            if norm.test is None:
                return Sym(self.graph.true, "literal")
            return self.value(norm.test, frame)
        g = self.graph
        found = [self.value(node, frame) for _, node in norm.limbs.items]
        inner = junction(g, "and" if norm.limbs.mode == "all" else "or", found)
        value = negation(g, inner.node) if norm.limbs.mode == "none" else inner.node
        return Sym(value, "limbs", lambda: inner.parts)

    def name(self, name: str, frame: Frame) -> Sym:
        """Read a built-in, a fact, a concept or a parameter by name."""
        if name in t.BUILTINS:
            return self.builtin(name, frame)
        term = self.rulebook.vocabulary.terms.get(name)
        if term is None:
            return self.parameter(name, frame)
        return self.term(term, frame, ENTITY if term.record == "entity" else frame.place)

    def builtin(self, name: str, frame: Frame) -> Sym:
        """Read the year, the day asked, or the day of decision, which a portfolio has not."""
        g = self.graph
        if name == "year":
            return Sym(g.constant("number", frame.year, 0), "builtin")
        return Sym(g.day(self.asked_on) if name == "asked_on" else g.null("date"), "builtin")

    # facts and concepts

    def column(self, term: Term, frame: Frame, place: Place) -> Node:
        """Return the column in which a term may have been told; unknown where there is none."""
        g = self.graph
        kind: Any = {"choice": "code"}.get(term.type, term.type)
        always = term.record == "entity" and term.period == "always"
        back = 0 if always else self.year - frame.year
        absent = g.null(kind if kind != "text" else "any")
        if back < 0 or (frame.year < self.first and not always):
            return absent
        grain = None
        if term.record == "entity":
            name, held = term.name, self.available.entity.get(term.name)
        elif not place.record:
            raise NotColumnar(
                f"“{term.name}”属于“{term.record}”的单项，此处没有指明是哪一项",
                f"'{term.name}' is of one of {term.record}, and nothing says which here",
            )
        elif place.position:
            name = f"{term.record}.{place.position}.{term.name}"
            held = self.available.entity.get(name)
        else:
            name, held = term.name, self.available.children.get(term.record, {}).get(term.name)
            grain = Grain(term.record, back)
        if held is None:
            return absent
        if kind == "text":
            raise NotColumnar(f"“{term.name}”是文字", f"'{term.name}' is free text")
        return g.column(
            name, kind, back=back, scale=held.scale, bounds=(held.lo, held.hi),
            nullable=held.nullable or (back > 0 and grain is None), grain=grain,
        )  # fmt: skip

    def term(self, term: Term, frame: Frame, place: Place) -> Sym:
        """Read a fact or concept: told, derived, presumed, or missing."""
        key = ("term", term.name, frame.year, place, frame.law)
        if key not in self.memo:
            self.memo[key] = self._term(term, frame, place)
        return cast(Sym, self.memo[key])

    def _term(self, term: Term, frame: Frame, place: Place) -> Sym:
        g = self.graph
        told = self.column(term, frame, place)
        choices = tuple(term.choices)
        leaf = Sym(told, "told", (), choices, term.name)
        if told.op == "null":
            return self._untold(term, frame, place)
        if not told.nullable:
            return leaf
        other = self._untold(term, frame, place)
        return self._either(is_known(g, told), leaf, other, term.name)

    def _either(self, condition: Node, one: Sym, other: Sym, name: str) -> Sym:
        """Return one of two, by a condition that is never unknown."""
        g = self.graph
        value, choices = either(g, condition, one, other)
        parts: Parts = ((condition, one), (negation(g, condition), other))
        return Sym(value, "choice", parts, choices, name)

    def _untold(self, term: Term, frame: Frame, place: Place) -> Sym:
        """Read a term as if nobody had told it: `reasoner.evaluate.Evaluation.term`."""
        g, first = self.graph, self.first
        yearly = term.period == "year" or term.record != "entity"
        if term.kind == "concept" and term.name in self.rulebook.definitions:
            if frame.year < first and term.before is not None:
                return self.known(term, term.before, "before")
            if frame.year < first - 1:
                return self.missing(term)
            found = self.concept(term, frame, place)
            if term.presumption is None or frame.year < first:
                return found
            presumed = self.known(term, term.presumption, "presumed")
            return self._either(negation(g, unknown(g, found.value)), found, presumed, term.name)
        if term.before is not None and yearly and frame.year < first:
            return self.known(term, term.before, "before")
        if term.presumption is not None and (not yearly or frame.year >= first):
            return self.known(term, term.presumption, "presumed")
        return self.missing(term)

    def known(self, term: Term, value: Scalar, step: str) -> Sym:
        """Return an assumed value of a term, noting that it may be assumed."""
        self.assumed.add(term.name)
        node, choices = constant(self.graph, value)
        return Sym(node, step, (), choices, term.name)

    def missing(self, term: Term) -> Sym:
        """Return a term that nobody told."""
        kind: Any = {"choice": "code", "text": "any"}.get(term.type, term.type)
        return Sym(self.graph.null(kind), "missing", (), tuple(term.choices), term.name)

    def concept(self, term: Term, frame: Frame, place: Place) -> Sym:
        """Derive a concept under the law of the day, once."""
        key = ("concept", term.name, frame.year, place, frame.law)
        if key not in self.memo and frame.year - self.first > DEEP:
            for year in range(self.first, frame.year):  # so that long histories do not nest
                self.term(term, frame._replace(year=year), place)
        return cast(Sym, self.once(key, lambda: defined(self, term, frame, place)))

    def exception(self, norm: Norm, frame: Frame, world: World) -> Sym | None:
        """Return an exception that holds or may hold; None if it does not; `spared` as there."""
        if not self.in_force(norm, frame.law, frame.year):
            return None
        g = self.graph
        version = self.version(norm, frame.year)
        inner = frame._replace(norm=version)
        when = Sym(g.true, "literal")
        if version.when is not None:
            when = self.value(version.when, inner)
        holds = world.truth(when.node)
        if holds is False:
            rests = when.walked(g, frozenset({"presumed", "before"}))
            return Sym(g.true, "spared", ((rests, when),), name="spared")
        value: Value = g.false
        parts: list[tuple[Node, Sym]] = [(g.true, when)]
        choices: tuple[str, ...] = ()
        if version.test is not None or version.limbs is not None:
            test = self.test(version, inner)
            value, choices = test.value, test.choices
            parts.append((g.true, test))
        if holds is None:
            value = g.unknown
        return Sym(value, "exception", parts, choices)

    def parameter(self, name: str, frame: Frame) -> Sym:
        """Read a parameter that is no table: by law date or year, as known on the day asked."""
        parameter, value, step = self.entry(name, frame)
        if parameter is None or value is None:
            late = step == "unissued-later"
            return Sym(
                self.graph.unknown, step.removesuffix("-later"), name="later" if late else name
            )
        if isinstance(value, Mapping):
            return Sym(self.graph.unknown, "undefined", name=name)
        if isinstance(value, tuple):
            return Sym(value, "parameter", name=name)
        node, choices = constant(self.graph, value)
        return Sym(node, "parameter", (), choices, name)

    def entry(self, name: str, frame: Frame) -> tuple[Parameter | None, Any, str]:
        """Return a parameter with its value that holds, None where there is none, and the step."""
        parameter = self.rulebook.parameter(name, frame.norm, frame.law)
        if parameter is None:
            return None, None, "undefined"
        at = entry_at(parameter, frame.year, frame.law, self.asked_on)
        found = parameter.spans[at].entry if at >= 0 else None
        if found is None:
            later = issued_later(parameter, frame.year, frame.law)
            return parameter, None, "unissued-later" if later else "unissued"
        return parameter, found.value, "parameter"
