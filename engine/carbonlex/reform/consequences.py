"""What follows from a breach under two laws, consequence by consequence; how values are reached.

The sum of the fines says nothing where one of them is not known: each has to be looked at alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from carbonlex.model import UNKNOWN, Value
from carbonlex.reasoner.consequence import Consequence, Package
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Verdict
from carbonlex.rulebook.rulebook import Rulebook


@dataclass(frozen=True)
class ConsequenceMoved:
    """One consequence of a breach before and after; None where that law attaches none.

    `otherwise`: something besides its amount differs: that there is one, its norm, its status, its
    words. `reworked`: its amount is known on neither side, and is worked out otherwise.
    """

    before: Consequence | None
    after: Consequence | None
    otherwise: bool = False
    reworked: bool = False

    @property
    def shown(self) -> Consequence:
        """The consequence after, or before where there is none after."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def amount_moved(self) -> bool:
        """Whether an amount differs that is known, or there at all, on one side only."""
        one, other = (_amount(c) for c in (self.before, self.after))
        return one != other


def successor(rulebook: Rulebook, norm: str) -> str:
    """Return the norm that now stands in the place of one, itself where no other does.

    >>> import carbonlex
    >>> successor(carbonlex.load_rulebook(), "measures-2021/offset-cap")
    'measures-2021/offset-cap'
    """
    seen = {norm}
    while (following := rulebook.successors.get(norm, norm)) not in seen:
        seen.add(norm := following)
    return norm


def reworked(rulebook: Rulebook, one: Proof | None, other: Proof | None) -> bool:
    """Return whether two proofs reach their values otherwise; `rulebook` is the one after."""
    return _Method(rulebook).of(one) != _Method(rulebook).of(other)


def consequences_moved(
    rulebook: Rulebook, before: Verdict, after: Verdict
) -> tuple[ConsequenceMoved, ...]:
    """Return the consequences that differ; `rulebook` is the one after, which knows successors.

    A norm and the one in its place are one. What is left to discretion counts only where both
    sides have consequences at all: otherwise the outcome says it.
    """
    one, other = _packages(before, after)
    bare = not one or not other
    sides = [
        [c for p in side for c in p.consequences if not (bare and c.kind == "discretion")]
        for side in (one, other)
    ]
    same = before.outcome == after.outcome
    found = (
        ConsequenceMoved(
            a,
            b,
            _rest(rulebook, a, same) != _rest(rulebook, b, same),
            same and _unknown_reworked(rulebook, a, b),
        )
        for a, b in _paired(rulebook, *sides)
    )
    return tuple(m for m in found if m.otherwise or m.reworked or m.amount_moved)


def aside(before: Verdict, after: Verdict) -> bool:
    """Return whether the duties ordered, the time bar or the law that governs differ.

    Where one side has no sanctions at all, the outcome and the consequences say so.
    """
    both = before.sanctions is not None and after.sanctions is not None
    return both and _aside(before) != _aside(after)


def _aside(verdict: Verdict) -> tuple[object, ...]:
    found = verdict.sanctions
    if found is None or found.governing is None:
        return ()
    package = found.governing
    bar = package.limitation
    return (
        tuple((v.duty, v.outcome, v.due) for v in package.further),
        (bar.years, bar.last_day, bar.barred) if bar is not None else None,
        found.lighter.result if found.lighter is not None else "",
    )


def _packages(one: Verdict, other: Verdict) -> tuple[list[Package], list[Package]]:
    """Return what to compare: the law that governs, or, where a side leaves it open, each law."""
    held = [v.sanctions for v in (one, other)]
    settled = all(s is None or s.governing is not None for s in held)
    first, second = (
        [p for p in ((s.governing,) if settled else (s.at_breach, s.at_decision)) if p is not None]
        if s is not None
        else []
        for s in held
    )
    return first, second


def _paired(
    rulebook: Rulebook, one: list[Consequence], other: list[Consequence]
) -> Iterator[tuple[Consequence | None, Consequence | None]]:
    """Pair by norm; what is left over by kind, where one norm took another's place."""
    pairs: list[tuple[Consequence | None, Consequence | None]] = []
    left, right = list(one), list(other)
    for exactly in (True, False):
        for c in tuple(left):
            of = (d for d in right if _slot(rulebook, c, exactly) == _slot(rulebook, d, exactly))
            if (d := next(of, None)) is not None and (exactly or c.kind != "discretion"):
                pairs.append((c, d))
                left.remove(c)
                right.remove(d)
    yield from pairs
    yield from ((c, None) for c in left)
    yield from ((None, d) for d in right)


def _slot(rulebook: Rulebook, one: Consequence, exactly: bool) -> tuple[object, ...]:
    norm = successor(rulebook, one.norm) if exactly else ""
    return one.kind, one.breach, one.liable, norm


def _amount(one: Consequence | None) -> Value | None:
    return one.amount if one is not None and not one.excluded else None


def _rest(rulebook: Rulebook, one: Consequence | None, same: bool) -> tuple[object, ...] | None:
    """Return what is compared besides the amount; a consequence that is shut out is none.

    Its status follows the outcome: it is a difference of its own where the outcome is the `same`.
    """
    if one is None or one.excluded:
        return None
    status = one.status if same and one.kind != "discretion" else ""
    return successor(rulebook, one.norm), status, one.text, successor(rulebook, one.replaced_by)


def _unknown_reworked(
    rulebook: Rulebook, one: Consequence | None, other: Consequence | None
) -> bool:
    if one is None or other is None or one.excluded or other.excluded:
        return False
    both = one.amount is UNKNOWN and other.amount is UNKNOWN
    return both and reworked(rulebook, one.proof, other.proof)


class _Method:
    """How values are reached, as a digest: steps, figures and norms, without their expression."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.known: dict[int, str] = {}

    def of(self, proof: Proof | None) -> str:
        """Return the digest of a proof; steps that are shared are worked out once."""
        if proof is None:
            return ""
        if id(proof) not in self.known:
            own = (proof.step, self.plain(proof.label), repr(proof.value), proof.extra)
            norm = successor(self.rulebook, proof.norm)
            self.known[id(proof)] = _digest((*own, norm, *(self.of(p) for p in proof.parts)))
        return self.known[id(proof)]

    def plain(self, label: str) -> str:
        """Return a label without white space, and a full name without the day of its expression."""
        key, slash, rest = label.partition("/")
        bare = f"{key.partition('@')[0]}/{rest}" if slash else label
        return "".join(bare.split())


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
