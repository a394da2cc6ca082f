"""A rulebook compiled for one group of rows: those of one year, role, and first year told."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from carbonlex.errors import CarbonlexError
from carbonlex.portfolio.arithmetic import compare
from carbonlex.portfolio.available import Available
from carbonlex.portfolio.definition import gathered
from carbonlex.portfolio.duty import Duty, duty_in
from carbonlex.portfolio.frame import ENTITY, Frame, Place
from carbonlex.portfolio.graph import Graph, Node, NotColumnar
from carbonlex.portfolio.logic import (
    choose,
    conjunction,
    disjunction,
    is_false,
    is_true,
    negation,
)
from carbonlex.portfolio.money import Owing, owing
from carbonlex.portfolio.outcome import OUTCOMES, by_presumption, outcome
from carbonlex.portfolio.records import counted
from carbonlex.portfolio.scheme import Breach, scheme
from carbonlex.portfolio.sym import Sym
from carbonlex.portfolio.symbolic import Symbolic
from carbonlex.portfolio.worlds import Tree, World, explore, joined, mapped
from carbonlex.reasoner.check import anchor_of
from carbonlex.reasoner.facts import EMITTER
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Term


class Group(NamedTuple):
    """Rows that share a plan: entities of a role told from `first` on, in one compliance year."""

    role: str
    first: int
    year: int


class Answer(NamedTuple):
    """The columns of one duty, of the entity, of each child record, or of the n-th (`place`).

    Attributes:
        outcome: code of the verdict (`outcome.OUTCOMES`).
        norm, fines: codes of the norm it is based on, and of those whose fines apply
            (`Plan.citations`; several joined by `+`); `due` the day.
        gap, cost: how far off in the unit of the gap, and what closing it costs in yuan.
        fine_…, confiscation_…: yuan; deduction_…: tonnes; each from and to; unknown where a breach
            happened or may have and one of the sums is not known, or where there was none.
        assumed: whether it is complied with only by what is presumed: nobody told that it was.
    """

    duty: str
    place: Place
    outcome: Node
    norm: Node
    fines: Node
    due: Node
    gap: Node
    cost: Node
    fine_low: Node
    fine_high: Node
    confiscation_low: Node
    confiscation_high: Node
    deduction_low: Node
    deduction_high: Node
    assumed: Node


@dataclass(frozen=True)
class Plan:
    """What is computed of each row of a group.

    `findings` are the headline concepts of the year; `reasons` tell, for each answer, which facts
    an undetermined verdict lacks; `refused` are the duties that no column can say, with why;
    `presumptions` the facts and lists that are taken to be so where nobody told them.
    """

    group: Group
    graph: Graph
    answers: tuple[Answer, ...]
    findings: Mapping[str, Node]
    citations: tuple[str, ...]
    reasons: Mapping[tuple[str, Place], tuple[tuple[str, Node], ...]]
    refused: Mapping[str, CarbonlexError]
    presumptions: tuple[str, ...] = ()


class _Judged(NamedTuple):
    """A duty in one world, with what its breach brings."""

    duty: Duty | None
    owing: Owing | None


def compile_plan(
    rulebook: Rulebook,
    available: Available,
    group: Group,
    asked_on: date,
    readings: Mapping[str, str] | None = None,
    only: Collection[str] = (),
) -> Plan:
    """Compile the duties of a role for one group of rows, all of them or some by name.

    A duty that cannot be said column by column is not in the plan but in `refused`.
    """
    graph = Graph()
    run = Symbolic(
        graph, rulebook, available, asked_on, dict(readings or {}), group.first, group.year
    )
    compiler = _Compiler(run, group)
    answers: list[Answer] = []
    refused: dict[str, CarbonlexError] = {}
    for duty, norms in rulebook.duties.items():
        if only and duty not in only:
            continue
        lawful = tuple(n for n in norms if not n.ordered_by and n.addresses(group.role))
        try:
            for record in dict.fromkeys(n.record for n in lawful):
                answers += [compiler.answer(duty, lawful, p) for p in _places(available, record)]
        except NotColumnar as error:
            refused[duty] = error
    findings: dict[str, Node] = {}
    if group.role == EMITTER:
        findings = compiler.findings(refused)
    return Plan(
        group, graph, tuple(answers), findings, tuple(compiler.citations), compiler.reasons,
        refused, tuple(sorted(run.assumed)),
    )  # fmt: skip


def _places(available: Available, record: str) -> list[Place]:
    """Return of which records a duty is judged: those that the data have."""
    if record == "entity":
        return [ENTITY]
    if available.most.get(record):
        return [Place(record)]
    return [Place(record, n) for n in range(1, available.wide.get(record, 0) + 1)]


class _Compiler:
    def __init__(self, run: Symbolic, group: Group) -> None:
        self.run, self.group = run, group
        self.citations: dict[str, int] = {"": 0}
        self.reasons: dict[tuple[str, Place], tuple[tuple[str, Node], ...]] = {}

    def cited(self, name: str) -> Node:
        """Return the code of a norm or of several."""
        at = self.citations.setdefault(name, len(self.citations))
        return self.run.graph.constant("code", at, 0)

    def answer(self, name: str, norms: tuple[Norm, ...], place: Place) -> Answer:
        """Compile one duty."""
        run, g = self.run, self.run.graph
        tree = explore(g, lambda w: self._judge(name, norms, place, w), run.breaks)
        self.reasons[name, place] = tuple(self._reasons(tree).items())

        leaves = mapped(tree, lambda j: self._columns(j, name, place))

        there = g.true
        if place.position:
            count = counted(run, place.record, self.group.year)
            number = g.constant("number", place.position, 0)
            there = is_true(g, compare(g, ">=", count, number))
        columns = (joined(g, leaves, attrgetter(f)) for f in Answer._fields[2:])
        found = Answer(name, place, *columns)
        if there is g.true:
            return found
        none = (choose(g, there, n, _absent(g, n)) for n in found[2:])
        return Answer(name, place, *none)

    def _judge(self, name: str, norms: tuple[Norm, ...], place: Place, world: World) -> _Judged:
        run, g = self.run, self.run.graph
        duty = duty_in(run, name, norms, self.group.year, place, world)
        if duty is None or duty.conflict or duty.breach.op == "null" or duty.owed is g.false:
            return _Judged(duty, None)
        # As the reasoner has it: what may bind and may not be met may bring something.
        binding, met = duty.basis.binding.node, duty.met
        if not world.truth(negation(g, disjunction(g, (is_false(g, binding), is_true(g, met))))):
            return _Judged(duty, None)
        day = world.day(duty.breach)
        if day is None:
            return _Judged(duty, None)
        asked = Breach(name, self.group.year, place, day)
        return _Judged(duty, owing(run, duty, asked, scheme(run, asked, world)))

    def _columns(self, judged: _Judged, name: str, place: Place) -> Answer:
        g = self.run.graph
        duty, money = judged
        nothing = g.null("number")
        if duty is None:
            no_verdict, none, no_day = g.constant("code", 0, 0), self.cited(""), g.null("date")
            empty = (no_verdict, none, none, no_day, *[nothing] * 8, g.false)
            return Answer._make((name, place, *empty))
        verdict = outcome(g, duty, duty.owed)
        settled = _is_one_of(self.run, verdict, ("not_applicable", "complied"))
        met = is_true(g, duty.met)
        open_gap = negation(g, disjunction(g, (settled, met)))
        gap, cost = (
            choose(g, open_gap, n, nothing) if n.kind in ("number", "any") else nothing
            for n in (duty.gap, duty.cost)
        )
        sums = [nothing] * 6 if money is None else list(money[:6])
        fines = self._fines(money) if money is not None else self.cited("")
        if money is not None:
            happened = _is_one_of(self.run, verdict, ("breached", "undetermined"))
            sums = [choose(g, happened, s, nothing) for s in sums]
            fines = choose(g, happened, fines, self.cited(""))
        complied = _is_one_of(self.run, verdict, ("complied",))
        assumed = conjunction(g, (complied, by_presumption(g, duty)))
        norm, due = self.cited(duty.norm.id), duty.basis.day
        figures = (gap, cost, *sums)
        return Answer._make((name, place, verdict, norm, fines, due, *figures, assumed))

    def _fines(self, money: Owing) -> Node:
        """Return the code of the norms whose fines apply."""
        g = self.run.graph

        def under(at: int, chosen: tuple[str, ...]) -> Node:
            if at == len(money.fines):
                return self.cited("+".join(chosen))
            norm, applies = money.fines[at]
            if applies is g.false:
                return under(at + 1, chosen)
            return choose(g, applies, under(at + 1, (*chosen, norm)), under(at + 1, chosen))

        return under(0, ())

    def _reasons(self, tree: Tree[_Judged]) -> dict[str, Node]:
        """Return for each fact whether the proof of a duty asks for it and it was not told."""
        from carbonlex.portfolio.missing import missing_facts

        return missing_facts(self.run.graph, tree, _proofs)

    def findings(self, refused: dict[str, CarbonlexError]) -> dict[str, Node]:
        """Compile the headline concepts, under the law of the year's duties."""
        run, found = self.run, {}
        for term in run.rulebook.vocabulary.terms.values():
            definitions = run.rulebook.definitions.get(term.name, ())
            if not term.headline or not definitions:
                continue
            try:
                headline = partial(self._headline, term, definitions[0])
                sym = gathered(run, explore(run.graph, headline, run.breaks), term.name)
                if sym.step != "undefined":
                    found[term.name] = sym.node
            except NotColumnar as error:
                refused[term.name] = error
        return found

    def _headline(self, term: Term, norm: Norm, world: World) -> Sym:
        """Read a concept under the law of the day on which the year's duty is due."""
        run, year, law = self.run, self.group.year, self.run.asked_on
        anchor = anchor_of(run.rulebook)
        if anchor is not None and anchor.due is not None:
            due = run.value(anchor.due, Frame(year, run.asked_on, anchor)).node
            law = world.day(due) or law
        return run.term(term, Frame(year, law, norm), ENTITY)


def _proofs(judged: _Judged) -> list[Sym]:
    if judged.duty is None:
        return []
    basis = judged.duty.basis
    return [s for s in (basis.binding, basis.test, basis.due) if s is not None]


def _is_one_of(run: Symbolic, verdict: Node, outcomes: tuple[str, ...]) -> Node:
    g = run.graph
    codes = tuple(OUTCOMES.index(o) for o in outcomes)
    if verdict.op == "const":
        return g.truth(verdict.data in codes)
    return g.node("among", (verdict,), codes, "boolean")


def _absent(g: Graph, node: Node) -> Node:
    if node.kind == "boolean":
        return g.false
    return g.constant("code", 0, 0) if node.kind == "code" else g.unknown
