"""Whether a verdict survives every reading of the open questions that its proof reached."""

from __future__ import annotations

from carbonlex.reasoner.duties import Slot
from carbonlex.reasoner.evaluate import Evaluation, again
from carbonlex.reasoner.verdict import Alternative, Effect, Result, Robustness, Verdict

MAX_COMBINATIONS = 64
Choice = tuple[tuple[str, str], ...]


def robustness(
    run: Evaluation, slot: Slot, verdict: Verdict, questions: frozenset[str], chain_with: str
) -> Robustness:
    """Try other readings of the questions reached: all combinations, or one at a time."""
    trial = _Trial(run, slot, chain_with)
    trial.known[()] = (verdict, questions)
    if trial.explore((), verdict, questions):
        mode, found = "all", trial.leaves
    else:
        mode, found = "single", trial.one_at_a_time(questions)
    base = result_of(verdict)
    reached = sorted({q for choice, _ in found for q, _ in choice} | questions)
    differing = [(c, v) for c, v in found if result_of(v) != base]
    return Robustness(
        questions=tuple(reached),
        mode=mode,  # type: ignore[arg-type]
        tried=len(found),
        changing=_changing(run, found, reached) if mode == "all" else _alone(differing),
        alternatives=tuple(
            Alternative(_other(run, choice), result_of(v)) for choice, v in differing
        ),
    )


class _Trial:
    def __init__(self, run: Evaluation, slot: Slot, chain_with: str) -> None:
        self.run, self.slot, self.chain_with = run, slot, chain_with
        self.known: dict[Choice, tuple[Verdict, frozenset[str]]] = {}
        self.leaves: list[tuple[Choice, Verdict]] = []

    def explore(self, choice: Choice, verdict: Verdict, questions: frozenset[str]) -> bool:
        """Walk the tree of readings; False once there are more leaves than the limit."""
        open_ones = sorted(questions - {q for q, _ in choice})
        if not open_ones:
            self.leaves.append((choice, verdict))
            return len(self.leaves) <= MAX_COMBINATIONS
        question = open_ones[0]
        declared = self.run.rulebook.questions[question]
        used = self.run.chosen(question)
        for reading in (used, *(r.name for r in declared.readings if r.name != used)):
            next_choice = (*choice, (question, reading))
            found = (verdict, questions) if reading == used else self.judge(next_choice)
            if not self.explore(next_choice, *found):
                return False
        return True

    def one_at_a_time(self, questions: frozenset[str]) -> list[tuple[Choice, Verdict]]:
        found: list[tuple[Choice, Verdict]] = [((), self.known[()][0])]
        for question in sorted(questions):
            declared = self.run.rulebook.questions[question]
            used = self.run.chosen(question)
            for reading in declared.readings:
                if reading.name != used:
                    choice = ((question, reading.name),)
                    found.append((choice, self.judge(choice)[0]))
        return found

    def judge(self, choice: Choice) -> tuple[Verdict, frozenset[str]]:
        from carbonlex.reasoner.check import judge

        if choice not in self.known:
            other = again(self.run, {**self.run.readings, **dict(choice)})
            judged = judge(other, (self.slot,), self.chain_with, result_only=True)
            self.known[choice] = (judged[0][1], judged[0][2])
        return self.known[choice]


def _other(run: Evaluation, choice: Choice) -> Choice:
    """Return the readings of a choice that differ from those in use."""
    return tuple((q, r) for q, r in choice if r != run.chosen(q))


def _changing(
    run: Evaluation, found: list[tuple[Choice, Verdict]], questions: list[str]
) -> tuple[str, ...]:
    """Return the questions whose reading alone makes a difference somewhere."""
    by_choice = [(dict(c), result_of(v)) for c, v in found]
    return tuple(q for q in questions if _matters(run, by_choice, q))


def _alone(differing: list[tuple[Choice, Verdict]]) -> tuple[str, ...]:
    """Return the questions of which one other reading, alone, makes a difference."""
    return tuple(sorted({q for choice, _ in differing for q, _ in choice}))


def _matters(
    run: Evaluation, by_choice: list[tuple[dict[str, str], Result]], question: str
) -> bool:
    """Return whether two choices that agree on all they share but this question differ."""
    used = run.chosen(question)
    ones = [(c, s) for c, s in by_choice if c.get(question, used) == used]
    others = [(c, s) for c, s in by_choice if c.get(question, used) != used]
    return any(
        first != second
        and all(one[q] == other[q] for q in one.keys() & other.keys() if q != question)
        for one, first in ones
        for other, second in others
    )


def result_of(verdict: Verdict) -> Result:
    """Return what counts as the same result: outcome, gap, governing law, effects."""
    found = verdict.sanctions
    if found is None:
        return Result(verdict.outcome, verdict.norm, verdict.gap, "", ())
    law = found.lighter.result if found.lighter is not None else "old"
    effects = tuple(
        Effect(c.kind, c.norm, c.status, c.amount, bool(c.replaced_by))
        for c in (found.governing.consequences if found.governing is not None else ())
        if c.kind != "discretion" and not c.excluded
    )
    return Result(verdict.outcome, verdict.norm, verdict.gap, law, effects)
