"""What a norm attaches in yuan or tonnes, and which of two fines is the higher where law asks."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date

from carbonlex.expressions.tree import Expression
from carbonlex.model import UNKNOWN
from carbonlex.quantities import Range
from carbonlex.reasoner.duties import Slot, amount
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.precedence import Defeat, Ranking
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.norms import ConsequenceKind, Norm
from carbonlex.rulebook.rulebook import Rulebook

FINE_CONFLICT = "fine-conflict"
AMOUNTS: dict[ConsequenceKind, Callable[[Norm], Expression | None]] = {
    "fine": lambda norm: norm.fine,
    "confiscation": lambda norm: norm.confiscation,
    "deduction": lambda norm: norm.deduction,
}


def amount_of(
    run: Evaluation, slot: Slot, law: date, kind: ConsequenceKind, norm: Norm
) -> Proof | None:
    """Return the proof of the amount that a norm attaches; None for a kind without amount."""
    node = AMOUNTS[kind](norm) if kind in AMOUNTS else None
    return None if node is None else run.value(node, Frame(slot.year, law, norm, slot.index))


def range_of(proof: Proof | None) -> Range | None:
    """Return an amount as a range; None where it is not known."""
    value = amount(proof) if proof is not None else None
    return value if isinstance(value, Range) else None


def same_amount(one: Proof | None, other: Proof | None) -> bool:
    """Return whether two norms attach the same: the same known amount, or neither any."""
    if one is None or other is None:
        return one is other
    return one.value is not UNKNOWN and one.value == other.value


def higher_fine(
    run: Evaluation, law: date, ranking: Ranking, sizes: dict[str, Range | None]
) -> Ranking:
    """Where law says that the higher fine applies, ask which reading of it is taken.

    Code art. 1055 against rank. `sizes` are the fines of the provisions with the steps that
    have fallen due; they compare by the upper end, then the lower.
    """
    rule, pair = rivals(run.rulebook, ranking, sizes, lambda r: run.in_force(r, law))
    if rule is None or run.reading(FINE_CONFLICT) != "higher-fine":
        return ranking
    assert rule.precedence is not None
    higher = rule.precedence.higher
    rank = {n.id: run.rulebook.instruments[n.instrument].rank for n in pair}
    known = {i: r for i, r in sizes.items() if r is not None}
    if any(n.id not in known for n in pair):
        # Which fine is the higher cannot be told: the unknown one stands first, undetermined.
        pair.sort(key=lambda n: (n.id in known, rank[n.id] == higher))
        return Ranking(None, (*pair, *(n for n in ranking.order if n not in pair)), ranking.defeats)
    pair.sort(key=lambda n: (known[n.id].upper, known[n.id].lower), reverse=True)
    kept = [d for d in ranking.defeats if not {d.winner, d.loser} <= {n.id for n in pair}]
    won = [Defeat(pair[0].id, n.id, rule.id, "higher_fine") for n in pair[1:]]
    order = (*pair, *(n for n in ranking.order if n not in pair))
    return Ranking(pair[0], order, (*won, *kept))


def rivals(
    rulebook: Rulebook, ranking: Ranking, fined: Collection[str], in_force: Callable[[Norm], bool]
) -> tuple[Norm | None, list[Norm]]:
    """Return the rule that the higher of two fines applies, and the norms between which it asks.

    None where no such rule is in force, the question of it is not declared, or nobody lost.
    """
    rules = (r for r in rulebook.precedence if r.precedence and r.precedence.step == "higher_fine")
    rule = next((r for r in rules if in_force(r)), None)
    if rule is None or FINE_CONFLICT not in rulebook.questions or not ranking.defeats:
        return None, []
    assert rule.precedence is not None
    ranks = {rule.precedence.higher, *rule.precedence.lower}
    found = [n for n in ranking.order if n.id in fined]
    pair = [n for n in found if rulebook.instruments[n.instrument].rank in ranks]
    apart = len({rulebook.instruments[n.instrument].rank for n in pair}) > 1
    return (rule, pair) if apart else (None, [])
