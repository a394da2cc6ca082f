"""The grade of a conclusion: that of the weakest link in its proof."""

from __future__ import annotations

from collections.abc import Iterable

from carbonlex.model import Grade, weakest
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook


def links(rulebook: Rulebook, proofs: Iterable[Proof | None]) -> dict[str, Grade]:
    """Return every norm and parameter that proofs rest on, with its grade."""
    found: dict[str, Grade] = {}
    for proof in proofs:
        if proof is None:
            continue
        for step in _relied_on(proof):
            if step.step == "parameter":
                entry = rulebook.parameters[step.label].spans[step.entry].entry
                if entry is not None:
                    found[step.label] = entry.grade
            elif step.norm in rulebook.norms:
                found[step.norm] = rulebook.norms[step.norm].grade
    return found


def _relied_on(proof: Proof) -> Iterable[Proof]:
    """Yield the steps that a result rests on; definitions that only concur do not weaken it."""
    yield proof
    below = proof.parts[:1] if proof.step == "concept" else proof.parts
    for part in below:
        yield from _relied_on(part)


def grade_of(rulebook: Rulebook, norm: Norm, proofs: Iterable[Proof | None]) -> Grade:
    """Return the grade of a conclusion drawn from a norm by proofs."""
    return weakest((norm.grade, *links(rulebook, proofs).values()))
