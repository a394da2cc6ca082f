"""What an instrument does to people, clause by clause: burdens, licences, powers, penalties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.instruments import Rank

PENALTIES = ("warning", "fine", "confiscation", "suspension", "ban")
LEVELS: dict[Rank, int] = {
    "law": 5,
    "administrative_regulation": 4,
    "local_regulation": 3,
    "departmental_rule": 2,
    "local_government_rule": 2,
    "normative_document": 1,
}
"""Ranks from the highest down, as Legislation Law arts 88 and 89 (2015), 99 and 100 (2023) set
them. Departmental and local government rules are equal."""


@dataclass(frozen=True)
class Clause:
    """One effect of one norm: what the rules on who may enact ask about.

    `effect` and `matter` are choices of `clause_effect` and `clause_matter`; `duty` is the duty
    imposed or sanctioned, by which it is matched with higher law.
    """

    norm: Norm
    effect: str
    matter: str

    @property
    def duty(self) -> str:
        """The duty that the clause imposes or sanctions."""
        return self.norm.answers


def clauses_of(rulebook: Rulebook, norms: Iterable[Norm]) -> tuple[Clause, ...]:
    """Return the clauses of norms, in order; what does nothing to anyone is none.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> norms = [rulebook.norm("measures-2021/surrender"), rulebook.norm("measures-2021/trade")]
    >>> [(c.norm.short, c.effect) for c in clauses_of(rulebook, norms)]
    [('surrender', 'burden')]
    """
    found = (
        Clause(norm, effect, _matter(norm)) for norm in norms for effect in _effects(rulebook, norm)
    )
    return tuple(found)


def _matter(norm: Norm) -> str:
    """Return what a norm establishes or admits; one that forbids it does neither."""
    return "ordinary" if norm.kind == "prohibits" else norm.matter or "ordinary"


def amendments(norms: Iterable[Norm], form: Rank, amends: Rank | None) -> tuple[Clause, ...]:
    """Return the clauses by which a draft changes words of an instrument that ranks above it."""
    if amends is None or LEVELS.get(form, 0) >= LEVELS.get(amends, 0):
        return ()
    own = (n for n in norms if not n.ordered_by)
    return tuple(Clause(norm, "amendment", norm.matter or "ordinary") for norm in own)


def _effects(rulebook: Rulebook, norm: Norm) -> Iterator[str]:
    to_authorities = norm.addressees == ("authority",)
    match norm.kind:
        case "obliges" | "prohibits" if not norm.ordered_by and "maker" not in norm.addressees:
            yield "authority_duty" if to_authorities else "burden"
        case "permits" if norm.licence:
            yield "licence"
        case "permits" | "empowers" if norm.coercion:
            yield "coercion"
        case "empowers" if to_authorities:
            yield "own_power"
        case "permits" | "empowers" if norm.matter:
            yield "right"
        case "defines" | "excepts" if norm.matter == "allocation":
            yield "burden"  # who is given less must surrender more
        case "excepts":
            if _derogates(rulebook, norm):
                yield "derogation"
        case "precedence":
            yield "in_words"
        case "sanctions" if norm.answers == "*":
            yield "in_words"  # a rule on penalties in general
        case "sanctions":
            yield from set_by(norm)
            if norm.discretion is not None or (norm.measure is not None and not norm.suspension):
                yield "in_words"


def set_by(norm: Norm) -> tuple[str, ...]:
    """Return the effects that a sanction sets, but for those that its reading excludes."""
    found = (
        ("fine", norm.fine is not None),
        ("confiscation", norm.confiscation is not None),
        ("suspension", norm.suspension),
        ("ban", norm.ban is not None),
        ("deduction", norm.deduction is not None),
    )
    return tuple(effect for effect, says in found if says and effect not in norm.excludes)


def _derogates(rulebook: Rulebook, norm: Norm) -> bool:
    """Return whether an exception is to a norm of higher law."""
    target = rulebook.norms.get(norm.answers)
    if target is None:
        return False
    own, theirs = (rulebook.instruments[n.instrument].rank for n in (norm, target))
    return LEVELS.get(theirs, 0) > LEVELS.get(own, 0)
