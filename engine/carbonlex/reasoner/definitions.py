"""One definition of a concept, with the exceptions to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonlex.model import UNKNOWN
from carbonlex.reasoner.proof import Proof
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.vocabulary import Term

if TYPE_CHECKING:
    from carbonlex.reasoner.evaluate import Evaluation, Frame


def definition(run: Evaluation, norm: Norm, term: Term, frame: Frame) -> Proof | None:
    """Evaluate one definition with its exceptions; None where its condition fails."""
    parts: list[Proof] = []
    if norm.when is not None:
        when = run.value(norm.when, frame)
        if when.value is False:
            return None
        parts.append(when)
    for exception in run.rulebook.exceptions.get(norm.id, ()):
        found = run.exception(exception, frame)
        if found is None:
            continue
        parts.append(found)
        if found.step == "spared":
            continue
        if found.value is not UNKNOWN:
            # One that may hold before it, or a norm that may not apply, leaves it open.
            sure = all(p.value is not UNKNOWN for p in parts)
            value = found.value if sure else UNKNOWN
            steps = (found,) if sure else tuple(parts)
            return Proof(
                "definition",
                term.name,
                value,
                term.unit,
                steps,
                frame.year,
                frame.index,
                norm.id,
            )
    test = run.test(norm, frame)
    value = test.value if all(p.value is not UNKNOWN for p in parts) else UNKNOWN
    return Proof(
        "definition",
        term.name,
        value,
        term.unit,
        (*parts, test),
        frame.year,
        frame.index,
        norm.id,
    )
