"""What a report says, key by key, in the words of case files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from carbonlex.model import UNKNOWN, Value
from carbonlex.quantities import Range, plain
from carbonlex.reasoner.consequence import Consequence, Limitation, Need, Package
from carbonlex.reasoner.verdict import Concurrence, Finding, Fined, Verdict

Shown = Any


def package_of(verdict: Verdict, law: str) -> Package | None:
    """Return what the governing law, the law of the breach, or that at decision attaches."""
    if verdict.sanctions is None:
        return None
    kept = verdict.sanctions
    packages = {"governing": kept.governing, "breach": kept.at_breach, "decision": kept.at_decision}
    return packages[law]


def _listed(package: Package | None, discretion: bool) -> list[str]:
    """Return the consequences of a law in short: `fine NORM`, or the norms left to discretion."""
    listed = package.consequences if package else ()
    if discretion:
        return [c.norm for c in listed if c.kind == "discretion"]
    return [f"{c.kind} {c.norm}" for c in listed if c.kind != "discretion"]


def _total_needs(verdict: Verdict) -> tuple[frozenset[Need], ...]:
    package = package_of(verdict, "governing")
    return package.total_needs if package else ()


def _governing(verdict: Verdict) -> str:
    kept = verdict.sanctions
    if kept is None or kept.governing is None:
        return "none" if kept is None else "open"
    return "breach" if kept.governing is kept.at_breach else "decision"


def facts_needed(sets: tuple[frozenset[Need], ...], year: int) -> list[list[str]]:
    """Return sets of missing facts as the names that a case would tell them by."""
    return sorted(sorted(_fact(n, year) for n in one) for one in sets)


def _fact(need: Need, year: int) -> str:
    """Return `fact`, with `#N` for the Nth child record and `@YEAR` for another year."""
    name = need.fact if need.index < 0 else f"{need.fact}#{need.index + 1}"
    return name if need.year in (0, year) else f"{name}@{need.year}"


def acts_named(one: Concurrence) -> list[str]:
    """Return the breaches of one act as a case names them: `disclosure`, `accept-inspection#2`."""
    return [_act(b) for b in one.breaches]


def _act(breach: Fined) -> str:
    return breach.duty if breach.index < 0 else f"{breach.duty}#{breach.index + 1}"


def _years(presumed: tuple[tuple[str, int], ...]) -> list[str]:
    return [name if not year else f"{name}@{year}" for name, year in presumed]


def _robust(key: str) -> Callable[[Verdict], Shown]:
    """Return what the survey of readings says; a result that reached no question is stable."""
    untouched = True if key == "stable" else ()
    return lambda v: getattr(v.robustness, key) if v.robustness else untouched


FINDING: dict[str, Callable[[Finding], Shown]] = {
    "value": lambda f: f.value,
    "grade": lambda f: f.grade,
    "needs": lambda f: facts_needed(f.needs, f.year),
}
VERDICT: dict[str, Callable[[Verdict], Shown]] = {
    **{
        key: (lambda v, key=key: getattr(v, key))  # type: ignore[misc]
        for key in (
            "outcome", "norm", "concurring", "gap", "cost", "days_left", "due", "law", "grade",
            "unissued",
        )
    },
    "losing": lambda v: [norm for norm, _, _ in v.losing],
    "by": lambda v: {d.by for d in v.defeats},
    "needs": lambda v: facts_needed(v.needs, v.year),
    "gap_needs": lambda v: facts_needed(v.gap_needs, v.year),
    "sanction_needs": lambda v: facts_needed(v.sanction_needs, v.year),
    "presumed": lambda v: _years(v.presumed),
    "stable": _robust("stable"),
    "changing": _robust("changing"),
    "questions": _robust("questions"),
    "breach_date": lambda v: v.sanctions.breach_date if v.sanctions else None,
    "governing": _governing,
    "total": lambda v: p.total if (p := package_of(v, "governing")) else None,
    "total_needs": lambda v: facts_needed(_total_needs(v), v.year),
    "consequences": lambda v: _listed(package_of(v, "governing"), discretion=False),
    "at_breach": lambda v: _listed(package_of(v, "breach"), discretion=False),
    "at_decision": lambda v: _listed(package_of(v, "decision"), discretion=False),
    "discretion": lambda v: _listed(package_of(v, "governing"), discretion=True),
}  # fmt: skip
CONSEQUENCE: dict[str, Callable[[Consequence], Shown]] = {
    "status": lambda c: c.status,
    "amount": lambda c: c.amount,
    "unit": lambda c: c.unit,
    "defeated": lambda c: {d.loser for d in c.defeats},
    "by": lambda c: {d.by for d in c.defeats},
    "concurring": lambda c: c.concurring,
    "excluded": lambda c: c.excluded,
    "replaced_by": lambda c: c.replaced_by,
}
LIGHTER: dict[str, Callable[[Any], Shown]] = {
    "result": lambda x: x.result,
    "reason": lambda x: x.reason,
    "cites": lambda x: x.cites,
    "old": lambda x: x.old_measure,
    "new": lambda x: x.new_measure,
    "needs": lambda x: sorted(sorted(n.fact for n in one) for one in x.needs),
}
LIMITATION: dict[str, Callable[[Limitation], Shown]] = {
    "norm": lambda x: x.norm,
    "years": lambda x: x.years,
    "runs_from": lambda x: x.runs_from,
    "last_day": lambda x: x.last_day,
    "barred": lambda x: x.barred,
}
CONCURRENCE: dict[str, Callable[[Concurrence], Shown]] = {
    "highest": lambda x: _act(x.highest) if x.highest else None,
    "fines": lambda x: {_act(b): b.total for b in x.breaches},
    "cites": lambda x: x.cites,
}


def written(value: Shown) -> Shown:
    """Return a value as case files write it: exact decimals as text, lists without order."""
    if isinstance(value, Mapping):
        return {k: written(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return sorted((written(v) for v in value), key=str)
    return shown(value)


def shown(value: Value | Decimal | int | None) -> Shown:
    """Return one scalar or range in the same words on both sides."""
    if value is None or value is UNKNOWN:
        return "none" if value is None else "unknown"
    if isinstance(value, Range):
        return sorted((plain(value.lower), plain(value.upper)), key=str)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool):
        return plain(Fraction(value))
    return value
