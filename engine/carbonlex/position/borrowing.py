"""Whether allowances may be borrowed: tried out on a case in which they are."""

from __future__ import annotations

from fractions import Fraction

from carbonlex.expressions.tree import names
from carbonlex.model import UNKNOWN, weakest
from carbonlex.position.trials import altered, told
from carbonlex.position.values import Amount, Use
from carbonlex.reasoner.duties import Duty, Slot, duty_in
from carbonlex.reasoner.evaluate import Evaluation
from carbonlex.reasoner.grades import grade_of
from carbonlex.reasoner.needs import needs, together
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.norms import Norm


def borrowing(run: Evaluation, year: int, limit: Amount) -> Use | None:
    """Return whether the limit may be borrowed, or one tonne where there is no limit.

    None where no law in force forbids borrowing or sets conditions for it. The prohibitions are
    asked what they say of the act itself: that its day is still to come does not settle them.
    """
    case = altered(run.case, year, told(borrowed=limit.number or Fraction(1)), {})
    trial = Evaluation(run.rulebook, case, run.asked_on, None, run.readings)
    found = [
        duty
        for name, norms in run.rulebook.duties.items()
        if any(map(_on_borrowing, norms))
        and (duty := duty_in(trial, Slot(name, year), norms)) is not None
        and duty.basis.bound is not False
    ]
    if not found:
        return None
    barred = [d for d in found if d.basis.bound is True and d.met is False]
    doubtful = [d for d in found if d.basis.bound is UNKNOWN or d.met is UNKNOWN]
    decisive = barred or doubtful or found
    sets = () if barred else together(needs(p, run.rulebook.vocabulary, d.basis.norm.id)
                                      for d in doubtful for p in _open(d))  # fmt: skip
    return Use(
        allowed=False if barred else None if doubtful else True,
        norms=tuple(d.basis.norm.id for d in decisive),
        proof=limit.proof,
        grade=weakest([grade_of(run.rulebook, d.basis.norm, [d.basis.test]) for d in decisive]),
        needs=tuple(s for s in sets if s),
    )


def _open(duty: Duty) -> list[Proof]:
    """Return what of a prohibition is not known: whom it binds, or whether it is broken."""
    proofs = (duty.basis.binding, duty.basis.test)
    return [p for p in proofs if p is not None and p.value is UNKNOWN]


def _on_borrowing(norm: Norm) -> bool:
    """Return whether a norm forbids borrowing by the entity, or sets conditions for it."""
    said = [node for node in (norm.test, norm.when) if node is not None]
    forbids = norm.kind == "prohibits" and norm.record == "entity" and not norm.ordered_by
    return forbids and any("borrowed" in names(node) for node in said)
