"""Which facts, if told, would settle what is unknown: smallest sets first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from carbonlex.model import UNKNOWN
from carbonlex.reasoner.consequence import Need
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.vocabulary import Vocabulary

MAX_SETS = 8
MANY = 40
Sets = tuple[frozenset[Need], ...]
_NOTHING: Sets = (frozenset(),)


def needs(proof: Proof, vocabulary: Vocabulary, norm: str = "") -> Sets:
    """Return sets of facts each of which would settle a step, whatever the facts turn out to be.

    Empty where no telling settles it: a parameter not yet issued, a definition not in force,
    a clash of norms, a quotient by zero.
    """
    return _Search(vocabulary, {}).sets(proof, norm)


@dataclass(frozen=True)
class _Search:
    """One search: a step on which several others rest is searched once for each norm that asks."""

    vocabulary: Vocabulary
    found: dict[tuple[int, str], Sets]

    def sets(self, proof: Proof, norm: str) -> Sets:
        if proof.value is not UNKNOWN:
            return _NOTHING
        key = (id(proof), norm)
        if key not in self.found:
            self.found[key] = self.settling(proof, proof.norm or norm)
        return self.found[key]

    def settling(self, proof: Proof, norm: str) -> Sets:
        match proof.step:
            case "missing":
                return (frozenset({Need(proof.label, proof.year, proof.index, norm)}),)
            case "unissued" | "undefined":
                return _told_itself(proof, self.vocabulary, norm)
            case "concept" | "conflict":
                own = _told_itself(proof, self.vocabulary, norm)
                # The definition that prevails comes first; the losing ones settle nothing.
                inner = self.sets(proof.parts[0], norm) if proof.step == "concept" else ()
                return smallest([*own, *inner])
        unknown = [p for p in proof.parts if p.value is UNKNOWN]
        found: list[Sets] = []
        for part in unknown:  # a loop: a comprehension would nest long histories deeper
            found.append(self.sets(part, norm))
        return together(found) if found else ()


def _told_itself(proof: Proof, vocabulary: Vocabulary, norm: str) -> Sets:
    term = vocabulary.terms.get(proof.label)
    if term is None or not term.tellable:
        return ()
    return (frozenset({Need(proof.label, proof.year, proof.index, norm)}),)


def together(several: Iterable[Sets]) -> Sets:
    """Return the sets that settle all of several steps.

    Where very many facts are wanted, only the smallest set of each choice is followed.
    """
    certain: dict[tuple[str, int, int], Need] = {}
    choices: list[Sets] = []
    for sets in several:
        if not sets:
            return ()
        if len(sets) > 1:
            choices.append(sets)
        else:
            for need in sets[0]:
                certain.setdefault(need[:3], need)
    result: Sets = (frozenset(certain.values()),)
    for sets in dict.fromkeys(choices):
        offered = sets if len(result[0]) <= MANY else sets[:1]
        result = smallest([joined(a, b) for a in result for b in offered])
        result = result if len(result[0]) <= MANY else result[:1]
    return result


def joined(one: frozenset[Need], other: frozenset[Need]) -> frozenset[Need]:
    """Return the union of two sets, each fact asked for once."""
    known = {n[:3] for n in one}
    return one | {n for n in other if n[:3] not in known}


def smallest(sets: list[frozenset[Need]]) -> Sets:
    """Return the sets that contain no other, smallest first, at most `MAX_SETS`."""
    if len(sets) == 1:
        return (sets[0],)
    kept: list[tuple[frozenset[Need], set[tuple[str, int, int]]]] = []
    for one in sorted(set(sets), key=lambda s: (len(s), sorted(s))):
        facts = {n[:3] for n in one}
        if not any(known <= facts for _, known in kept):
            kept.append((one, facts))
        if len(kept) == MAX_SETS:
            break
    return tuple(one for one, _ in kept)


def unissued(proof: Proof) -> tuple[str, ...]:
    """Return the parameters of law that had no value on the day asked."""
    return tuple(sorted({p.label for p in proof.walk() if p.step == "unissued"}))


def days_unpublished(proof: Proof) -> bool:
    """Return whether a step is unknown for want of the State Council's calendar of a year."""
    return any(
        p.extra == "add_working_days"
        and p.value is UNKNOWN
        and all(part.value is not UNKNOWN for part in p.parts)
        for p in proof.walk()
    )


def presumed(proofs: Iterable[Proof | None]) -> tuple[tuple[str, int], ...]:
    """Return the facts that proofs took as presumed, or from before the years told."""
    found = {
        (p.label, p.year)
        for proof in proofs
        if proof is not None
        for p in proof.walk()
        if p.step in ("presumed", "before")
    }
    return tuple(sorted(found, key=lambda x: (x[1], x[0])))
