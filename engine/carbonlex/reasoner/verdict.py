"""Verdicts: what a check answers, frozen, with everything that a reader may ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, NamedTuple

from carbonlex.model import Case, Grade, Label, Outcome, Value
from carbonlex.quantities import Range
from carbonlex.reasoner.consequence import Need, Sanctions, Status
from carbonlex.reasoner.precedence import Clash, Defeat
from carbonlex.reasoner.proof import Proof, by_presumption
from carbonlex.rulebook.norms import ConsequenceKind


class Difference(NamedTuple):
    """A told concept that law would derive otherwise."""

    concept: str
    year: int
    told: Value
    derived: Value


class Effect(NamedTuple):
    """One consequence as far as two results are compared."""

    kind: ConsequenceKind
    norm: str
    status: Status
    amount: Value | None
    replaced: bool


class Result(NamedTuple):
    """What makes one result another: outcome, basis, gap, which law governs, its effects."""

    outcome: Outcome
    norm: str
    gap: Value | None
    law: str
    effects: tuple[Effect, ...]


@dataclass(frozen=True)
class Alternative:
    """Another choice of readings under which the verdict comes out otherwise."""

    readings: tuple[tuple[str, str], ...]
    result: Result


@dataclass(frozen=True)
class Robustness:
    """Whether a verdict holds under every reading of the questions that its proof reached.

    `mode` is `all` combinations, or `single` (one question at a time) where there are too many.
    """

    questions: tuple[str, ...]
    mode: Literal["all", "single"]
    tried: int
    changing: tuple[str, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def stable(self) -> bool:
        """Whether nothing changed."""
        return not self.changing


@dataclass(frozen=True)
class Verdict:
    """The verdict on one duty or prohibition for one record and compliance year.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> facts = {"listed": True, "shortfall": 10_000}
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "power"}, "year": {"2025": facts}}, rulebook.vocabulary, "plant")
    >>> report = carbonlex.check_case(rulebook, case, date(2027, 1, 15))
    >>> verdict = next(v for v in report.verdicts if v.duty == "surrender")
    >>> verdict.outcome, verdict.norm, verdict.gap
    ('breached', 'code-2026/surrender', Fraction(10000, 1))
    >>> [(c.kind, c.norm) for c in verdict.sanctions.governing.consequences if c.kind == "fine"][0]
    ('fine', 'code-2026/non-surrender')

    Attributes:
        norm: the norm it is based on; `concurring` say the same, `defeats` lost and why.
        law: the day whose law was applied.
        due: the day due, or on which the act is judged; `days_left` from the day asked.
        breach_proof: proof of the day of a breach that is no due date.
        binding, test, due_proof: proofs of being bound, of the requirement, of the date.
        gap, cost: how far off, in `gap_unit`, and what it costs to close.
        needs: sets of facts of which any one would settle it, smallest first.
        gap_needs, sanction_needs: the same for the gap and for the day of the breach.
        unissued: parameters of law that had no value on the day asked.
        presumed: presumptions used, as (fact, year).
    """

    norm: str
    duty: str
    label: Label
    year: int
    index: int
    outcome: Outcome
    law: date
    due: date | None
    days_left: int | None
    binding: Proof
    test: Proof | None
    due_proof: Proof | None
    concurring: tuple[str, ...] = ()
    defeats: tuple[Defeat, ...] = ()
    clashes: tuple[Clash, ...] = ()
    losing: tuple[tuple[str, Proof, Proof | None], ...] = ()
    gap: Value | None = None
    gap_unit: str = ""
    gap_proof: Proof | None = None
    breach_proof: Proof | None = None
    cost: Fraction | None = None
    cost_price: Proof | None = None
    needs: tuple[frozenset[Need], ...] = ()
    gap_needs: tuple[frozenset[Need], ...] = ()
    sanction_needs: tuple[frozenset[Need], ...] = ()
    unissued: tuple[str, ...] = ()
    presumed: tuple[tuple[str, int], ...] = ()
    grade: Grade = "official"
    sanctions: Sanctions | None = None
    robustness: Robustness | None = None
    chain: tuple[str, ...] = ()

    @property
    def assumed(self) -> bool:
        """Whether it is complied with only by what is presumed: nobody told that it was done."""
        return self.outcome == "complied" and by_presumption(self.test)


@dataclass(frozen=True)
class Finding:
    """A headline concept of one year: whether it holds, and why."""

    concept: str
    year: int
    value: Value
    proof: Proof
    grade: Grade
    needs: tuple[frozenset[Need], ...]


class Fined(NamedTuple):
    """One breach among several in one act: which, and the fine it would bring by itself."""

    duty: str
    year: int
    index: int  # type: ignore[assignment]  # a child record's place, not tuple.index
    total: Range | None


@dataclass(frozen=True)
class Concurrence:
    """Several breaches in one act: one fine, the highest (Penalty Law art. 29, Code art. 1055).

    `highest` is the breach of which the fine is imposed; None where a fine is not known, or
    where none of them is fined. Corrections and other consequences stand for each.
    """

    year: int
    breaches: tuple[Fined, ...]
    highest: Fined | None
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """The answer to a check: verdicts, findings, what was assumed, what is not encoded.

    `chainer` names what chained the consequences; `digest` is over case, rulebook and choices;
    `case` holds the facts as told, with their sources; `unjudged` names the lists not told of a
    year, (record, year), whose records no duty could be judged on.

    >>> import carbonlex
    >>> rulebook = carbonlex.load_rulebook()
    >>> case = carbonlex.case_from(
    ...     {"entity": {"sector": "steel"}, "year": {"2023": {}}}, rulebook.vocabulary, "plant")
    >>> report = carbonlex.check_case(rulebook, case, date(2024, 6, 1))
    >>> report.exit_code, {v.outcome for v in report.verdicts}
    (0, {'not_applicable'})
    """

    case_name: str
    case_digest: str
    rulebook_digest: str
    asked_on: date
    decided_on: date | None
    readings: tuple[tuple[str, str], ...]
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    differences: tuple[Difference, ...]
    presumed: tuple[tuple[str, int], ...]
    not_encoded: tuple[str, ...]
    chainer: str
    engine: str
    digest: str
    case: Case
    concurrences: tuple[Concurrence, ...] = ()
    unjudged: tuple[tuple[str, int], ...] = ()

    @property
    def exit_code(self) -> int:
        """0 complied, pending, not applicable; 1 something breached; 3 undetermined or conflict."""
        outcomes = {v.outcome for v in self.verdicts}
        if "breached" in outcomes:
            return 1
        return 3 if outcomes & {"undetermined", "conflict"} else 0
