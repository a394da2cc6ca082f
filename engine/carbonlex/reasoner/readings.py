"""Whether a verdict survives every reading of the open questions that its proof reached."""

from __future__ import annotations

from carbonlex.model import UNKNOWN, Value
from carbonlex.quantities import Range, plain
from carbonlex.reasoner.duties import Slot
from carbonlex.reasoner.evaluate import Evaluation, again
from carbonlex.reasoner.verdict import Alternative, Package, Robustness, Verdict

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
    base = signature(verdict)
    reached = sorted({q for choice, _ in found for q, _ in choice} | questions)
    differing = [(c, v) for c, v in found if signature(v) != base]
    return Robustness(
        questions=tuple(reached),
        mode=mode,  # type: ignore[arg-type]
        tried=len(found),
        changing=_changing(run, found, reached),
        alternatives=tuple(
            Alternative(_other(run, choice), v.outcome, signature(v)) for choice, v in differing
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
        used = self.run.readings.get(question, declared.default)
        for reading in (used, *(r.name for r in declared.readings if r.name != used)):
            next_choice = (*choice, (question, reading))
            if reading == used:
                found = (verdict, questions)
            else:
                found = self.judge(next_choice)
            if not self.explore(next_choice, *found):
                return False
        return True

    def one_at_a_time(self, questions: frozenset[str]) -> list[tuple[Choice, Verdict]]:
        found: list[tuple[Choice, Verdict]] = [((), self.known[()][0])]
        for question in sorted(questions):
            declared = self.run.rulebook.questions[question]
            used = self.run.readings.get(question, declared.default)
            for reading in declared.readings:
                if reading.name != used:
                    choice = ((question, reading.name),)
                    found.append((choice, self.judge(choice)[0]))
        return found

    def judge(self, choice: Choice) -> tuple[Verdict, frozenset[str]]:
        from carbonlex.reasoner.check import judge

        if choice not in self.known:
            other = again(self.run, {**self.run.readings, **dict(choice)})
            judged = judge(other, (self.slot,), self.chain_with)
            self.known[choice] = (judged[0][1], judged[0][2])
        return self.known[choice]


def _other(run: Evaluation, choice: Choice) -> Choice:
    """Return the readings of a choice that differ from those in use."""
    questions = run.rulebook.questions
    return tuple((q, r) for q, r in choice if r != run.readings.get(q, questions[q].default))


def _changing(
    run: Evaluation, found: list[tuple[Choice, Verdict]], questions: list[str]
) -> tuple[str, ...]:
    """Return the questions whose reading alone makes a difference somewhere."""
    by_choice = [(dict(c), signature(v)) for c, v in found]
    changing = []
    for question in questions:
        default = run.readings.get(question, run.rulebook.questions[question].default)
        for one, first in by_choice:
            rest = {q: r for q, r in one.items() if q != question}
            if one.get(question, default) != default:
                continue
            for other, second in by_choice:
                others = {q: r for q, r in other.items() if q != question}
                shared = rest.keys() & others.keys()
                if first != second and all(rest[q] == others[q] for q in shared) and (
                    other.get(question, default) != default
                ):
                    changing.append(question)
                    break
            else:
                continue
            break
    return tuple(changing)


def signature(verdict: Verdict) -> tuple[str, ...]:
    """Return what counts as the same result: outcome, governing norms, amounts, statuses."""
    lines = [verdict.outcome, verdict.norm, _written(verdict.gap)]
    if verdict.sanctions is not None:
        lines.append(f"law {_side(verdict)}")
        if verdict.sanctions.governing is not None:
            lines += _package(verdict.sanctions.governing)
    return tuple(lines)


def _side(verdict: Verdict) -> str:
    assert verdict.sanctions is not None
    lighter = verdict.sanctions.lighter
    return lighter.result if lighter is not None else "old"


def _package(package: Package) -> list[str]:
    lines = []
    for one in package.consequences:
        if one.kind == "discretion" or one.excluded:
            continue
        replaced = " replaced" if one.replaced_by else ""
        lines.append(f"{one.kind} {one.norm} {one.status} {_written(one.amount)}{replaced}")
    return lines


def _written(value: Value | None) -> str:
    if value is None:
        return "-"
    if value is UNKNOWN:
        return "?"
    if isinstance(value, Range):
        return f"{plain(value.lower)}..{plain(value.upper)}"
    return plain(value) if not isinstance(value, (bool, str, tuple)) and hasattr(value, "numerator") else str(value)  # noqa: E501
