"""What higher law says on a clause: the basis that it gives, the penalties that it sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from carbonlex.expressions.tree import Boolean, Expression, Logic, Not
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import Rank
from carbonlex.validity.clauses import LEVELS, PENALTIES, Clause, set_by
from carbonlex.validity.ranges import Scope, within


@dataclass(frozen=True)
class Penalised:
    """What law of one rank sets for the act that a clause penalises.

    `within` says whether the clause keeps to act, kind and range; None: not to be told.
    """

    norms: tuple[str, ...]
    within: bool | None


@dataclass(frozen=True)
class Higher:
    """The law above one instrument on one day, under one choice of readings.

    `questions` collects those that a norm that was looked at turns on.
    """

    rulebook: Rulebook
    instrument: str
    form: Rank
    day: date
    asked_on: date
    readings: Mapping[str, str]
    questions: set[str]

    def norms(self, rank: Rank) -> Iterator[Norm]:
        """Yield the norms of one higher rank in force on the day, as read."""
        if LEVELS[rank] <= LEVELS[self.form]:
            return
        for norm in self.rulebook.norms.values():
            source = self.rulebook.instruments[norm.instrument]
            known = source.promulgated <= self.asked_on and source.in_force(self.day)
            if known and source.rank == rank and source.key != self.instrument:
                yield norm

    def read(self, norm: Norm) -> Norm:
        """Return what a norm says under the reading in use, noting that it was asked."""
        if norm.question:
            self.questions.add(norm.question)
        return self.rulebook.as_read(norm, self.readings)

    def bases(self, clause: Clause, rank: Rank) -> tuple[str, ...]:
        """Return the norms of a rank that impose the same duty, or give the same power."""
        if clause.matter == "allocation" and clause.norm.kind in ("defines", "excepts"):
            return tuple(
                n.id for n in self.norms(rank) if n.kind == "empowers" and n.matter == "allocation"
            )
        kinds = {
            "burden": ("obliges", "prohibits"),
            "own_power": ("empowers",),
            "deduction": ("sanctions",),
        }.get(clause.effect, ())
        return tuple(
            n.id
            for n in self.norms(rank)
            if n.kind in kinds and n.answers == clause.duty and "maker" not in n.addressees
            and (clause.effect != "deduction" or self._deducts(clause, n))
        )  # fmt: skip

    def _deducts(self, clause: Clause, norm: Norm) -> bool:
        """Return whether a higher norm lets so much be deducted."""
        own, theirs = clause.norm.deduction, norm.deduction
        if own is None or theirs is None:
            return False
        scopes = [Scope(self.rulebook, n, self.day) for n in (clause.norm, norm)]
        return within(own, scopes[0], theirs, scopes[1]) is True

    def claimed(self, clause: Clause) -> dict[str, bool]:
        """Return whether each basis that a clause claims is in force: a later one cures nothing."""
        found = {}
        for name in clause.norm.basis:
            source = self.rulebook.instruments[self.rulebook.norms[name].instrument]
            found[name] = source.promulgated <= self.asked_on and source.in_force(self.day)
        return found

    def licensed(self, clause: Clause, rank: Rank) -> bool:
        """Return whether law of a rank has created the licence, or the coercive measure."""
        return any(
            n.answers == clause.duty and (n.licence or bool(n.coercion)) for n in self.norms(rank)
        )

    def penalised(self, clause: Clause, rank: Rank) -> Penalised | None:
        """Return what law of a rank sets for the act penalised; None where it sets nothing."""
        same: list[Norm] = []
        for norm in self.norms(rank):
            if norm.kind != "sanctions" or norm.answers != clause.duty:
                continue
            read = self.read(norm)
            if read.when == Boolean(False):
                continue  # what another reading says
            if set(PENALTIES) & set(set_by(read)) and _one_act(clause.norm, read):
                same.append(read)
        if not same:
            return None
        alike = [n for n in same if clause.effect in set_by(n) and _persons(n, clause.norm)]
        found = [self._within(clause, n) for n in alike]
        inside = True if True in found else None if None in found else False
        shown = alike or same
        return Penalised(tuple(n.id for n in shown), inside)

    def _within(self, clause: Clause, higher: Norm) -> bool | None:
        if clause.effect != "fine" or clause.norm.fine is None or higher.fine is None:
            return True
        scopes = [Scope(self.rulebook, n, self.day) for n in (clause.norm, higher)]
        return within(clause.norm.fine, scopes[0], higher.fine, scopes[1])


def _persons(one: Norm, other: Norm) -> bool:
    """Return whether two sanctions fall on the same: the entity, or the persons responsible."""
    return (one.liable is None) == (other.liable is None)


def _one_act(draft: Norm, higher: Norm) -> bool:
    """Return whether two sanctions of one duty may be of one act: no condition rules it out."""
    return not any(
        _opposed(one, other) for one in _limbs(draft.when) for other in _limbs(higher.when)
    )


def _limbs(node: Expression | None) -> tuple[Expression, ...]:
    if node is None:
        return ()
    return node.parts if isinstance(node, Logic) and node.op == "and" else (node,)


def _opposed(one: Expression, other: Expression) -> bool:
    return Not(one) == other or Not(other) == one
