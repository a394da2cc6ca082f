"""Which fact to ask for next: the one that the most open verdicts wait for, earliest due first."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from carbonlex.reasoner.consequence import Need, Package
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.vocabulary import Vocabulary

Sets = tuple[frozenset[Need], ...]
_AMOUNTS = ("fine", "deduction", "confiscation")


class Place(NamedTuple):
    """Where a fact is told: its name, the year (0: with the entity), the child record (-1: none).

    A list of child records is asked for under its own name.
    """

    fact: str
    year: int
    index: int  # type: ignore[assignment]  # a child record's place, not tuple.index


@dataclass(frozen=True)
class Question:
    """One fact to ask for, and why.

    Attributes:
        norms: the norms whose words ask for it.
        settles: the verdicts that any answer settles, with no other fact.
        helps: the verdicts or amounts that wait for this and for more.
        presumed: that the fact is taken as presumed where nobody answers.
    """

    place: Place
    norms: tuple[str, ...]
    settles: tuple[Verdict, ...] = ()
    helps: tuple[Verdict, ...] = ()
    presumed: bool = False


def next_question(
    rulebook: Rulebook,
    report: Report,
    asked: Collection[Place],
    years: Collection[int],
    *,
    everything: bool = False,
) -> Question | None:
    """Return what to ask next about some years, or None where no answer would change a thing.

    What was `asked` before is not asked again: verdicts are settled by other facts, or stay open.
    `everything` asks beyond the verdicts: for amounts of gaps and fines, and for presumed facts.

    >>> from datetime import date
    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "power"}, "year": {"2022": {}}}, rulebook.vocabulary, "plant")
    >>> report = carbonlex.check_case(rulebook, case, date(2023, 6, 1), survey=False)
    >>> next_question(rulebook, report, (), (2022,)).place
    Place(fact='verified_emissions', year=2022, index=-1)
    """
    about = [v for v in report.verdicts if v.year in years]
    open_ones = [(v, v.needs) for v in about if v.outcome == "undetermined"]
    amounts = [(v, sets) for v in about for sets in amount_needs(v)]
    for results in (open_ones, amounts) if everything else (open_ones,):
        # A set of which a fact was skipped settles nothing for certain, but the rest of it may.
        for rest in (False, True):
            waiting = _Waiting(rulebook.vocabulary, asked, rest)
            for verdict, sets in results:
                waiting.add(verdict, sets)
            if waiting.sets:
                return waiting.best()
    if everything:
        return next(presumed_questions(rulebook, report, asked, years), None)
    return None


def question_on(report: Report, place: Place) -> Question:
    """Return the question on one fact, with the verdicts that wait for it in any way."""
    norms: dict[str, None] = {}
    helps = []
    for verdict in report.verdicts:
        mine = [n for s in verdict.needs for n in sorted(s) if n[:3] == place]
        norms |= dict.fromkeys(n.norm or verdict.norm for n in mine)
        helps += [verdict] * bool(mine)
    return Question(place, tuple(norms), (), tuple(helps))


def amount_needs(verdict: Verdict) -> Iterator[Sets]:
    """Yield what would settle the gap, the day, the sanctions and the orders of a verdict."""
    if verdict.outcome in ("pending", "breached"):
        yield verdict.gap_needs
    yield verdict.sanction_needs
    found = verdict.sanctions
    if found is None or verdict.outcome != "breached":
        return
    if found.lighter is not None and found.lighter.result == "open":
        yield found.lighter.needs
    yield from _package_needs(found.governing or found.at_breach)


def _package_needs(package: Package) -> Iterator[Sets]:
    for further in package.further:
        yield further.needs
    for one in package.consequences:
        if one.kind in _AMOUNTS and not one.excluded:
            yield one.needs
    yield package.total_needs


class _Waiting:
    """The open results, each with the cheapest sets of facts that would settle it."""

    def __init__(self, vocabulary: Vocabulary, asked: Collection[Place], rest: bool) -> None:
        self.vocabulary, self.asked, self.rest = vocabulary, asked, rest
        self.order = {name: n for n, name in enumerate(vocabulary.terms)}
        self.sets: list[tuple[Verdict, Sets]] = []

    def add(self, verdict: Verdict, sets: Sets) -> None:
        """Keep the cheapest sets of a result that can be told in full, or the rest of sets."""
        left = [frozenset(n for n in s if Place(*n[:3]) not in self.asked) for s in sets]
        usable = [
            s for s, all_of in zip(left, sets, strict=True) if s and (self.rest or s == all_of)
        ]
        if usable:
            least = min(map(self.cost, usable))
            self.sets.append((verdict, tuple(s for s in usable if self.cost(s) == least)))

    def cost(self, needs: frozenset[Need]) -> tuple[int, int]:
        """Return how much a set asks of people.

        What happened is what they know: a conclusion that law would draw itself counts double.
        A list is asked about record by record.
        """
        weight = concepts = 0
        for need in needs:
            term = self.vocabulary.terms.get(need.fact)
            concept = term is not None and term.kind == "concept"
            weight += 1 + concept + len(self.vocabulary.of_record(need.fact))
            concepts += concept
        return weight, concepts

    def best(self) -> Question:
        """Return the question on the fact that the most results wait for, earliest due first."""
        places = {Place(*n[:3]) for _, sets in self.sets for s in sets for n in s}
        return min(map(self.question, places), key=self.rank)

    def question(self, place: Place) -> Question:
        settles: list[Verdict] = []
        helps: list[Verdict] = []
        norms: dict[str, None] = {}
        for verdict, sets in self.sets:
            mine = [n for s in sets for n in sorted(s) if n[:3] == place]
            if mine:
                norms |= dict.fromkeys(n.norm or verdict.norm for n in mine)
                sure = verdict.outcome == "undetermined" and not self.rest
                alone = sure and any(len(s) == 1 for s in sets)
                (settles if alone else helps).append(verdict)
        return Question(place, tuple(norms), _once(settles), _once(helps))

    def rank(self, question: Question) -> tuple[bool, int, int, date, int, int]:
        """Return what puts one question before another; a record begun is finished first."""
        waiting = (*question.settles, *question.helps)
        due = min((v.due or date.max for v in waiting), default=date.max)
        fact, year, index = question.place
        return index < 0, index, -len(waiting), due, year, self.order.get(fact, -1)


def _once(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    return tuple({(v.duty, v.year, v.index): v for v in verdicts}.values())


def presumed_questions(
    rulebook: Rulebook, report: Report, asked: Collection[Place], years: Collection[int]
) -> Iterator[Question]:
    """Yield the facts and lists of some years that results took as presumed."""
    for fact, year in report.presumed:
        term = rulebook.vocabulary.terms.get(fact)
        # What held before the years told opens a new year, which nobody asked about.
        if (term is not None and term.presumption is None) or (year and year not in years):
            continue
        norms, resting = _resting_on(report, fact, year)
        if term is None:
            norms = tuple(n.id for n in rulebook.norms.values() if n.record == fact)
        for place in _places(report, fact, year, term.record if term else "entity"):
            if place not in asked:
                yield Question(place, norms, (), resting, presumed=True)


def _places(report: Report, fact: str, year: int, record: str) -> Iterator[Place]:
    """Yield where a presumed fact can be told: with the entity, or in each record without it."""
    if record == "entity":
        yield Place(fact, year, -1)
    elif year in report.case.years:
        for index, row in enumerate(report.case.years[year].lists.get(record, ())):
            if fact not in row:
                yield Place(fact, year, index)


def _resting_on(
    report: Report, fact: str, year: int
) -> tuple[tuple[str, ...], tuple[Verdict, ...]]:
    """Return the verdicts that rest on a presumption, and the norms that ask for the fact."""
    resting = tuple(v for v in report.verdicts if (fact, year) in v.presumed)
    norms: dict[str, None] = {}
    for verdict in resting:
        for proof in (verdict.binding, verdict.test, verdict.due_proof, verdict.breach_proof):
            if proof is not None:
                norms |= dict.fromkeys(n or verdict.norm for n in _askers(proof, fact, year))
    for finding in report.findings:
        norms |= dict.fromkeys(n for n in _askers(finding.proof, fact, year) if n)
    return tuple(norms), resting


def _askers(proof: Proof, fact: str, year: int) -> Iterator[str]:
    stack, seen = [(proof, "")], set()
    while stack:
        step, norm = stack.pop()
        norm = step.norm or norm
        if (step.step, step.label, step.year) == ("presumed", fact, year):
            yield norm
        if id(step) not in seen:
            seen.add(id(step))
            stack += [(part, norm) for part in reversed(step.parts)]
