"""Cases as prepared frames, and verdicts of the reasoner in the shape of a plan's answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import polars as pl

from carbonlex.model import Case, Facts
from carbonlex.portfolio.available import Available, Held
from carbonlex.quantities import Range, decimals
from carbonlex.rulebook.vocabulary import Term, Vocabulary

EPOCH = date(1970, 1, 1).toordinal()
_TYPES: Mapping[str, Any] = {"boolean": pl.Boolean, "date": pl.Int32, "choice": pl.Int16}


def prepared(
    cases: Mapping[str, Case], vocabulary: Vocabulary
) -> tuple[dict[str, pl.DataFrame], Available]:
    """Return cases as the frames that plans read, with what may be relied on of them."""
    entities: list[dict[str, Any]] = []
    children: dict[str, list[dict[str, Any]]] = {}
    for name, case in cases.items():
        for year, told in sorted(case.years.items()):
            row: dict[str, Any] = {"entity": name, "year": year}
            row |= _told({**case.entity, **told.facts})
            for record, rows in told.lists.items():
                row[f"{record}.count"] = len(rows)
                keys = {"entity": name, "year": year}
                children.setdefault(record, []).extend({**keys, **_told(r)} for r in rows)
            entities.append(row)
    frames: dict[str, pl.DataFrame] = {}
    held: dict[str, dict[str, Held]] = {}
    for table, rows in {"entities": entities, **children}.items():
        frames[table], held[table] = _frame(rows, vocabulary)
    most = {r: max(_counts(rows)) for r, rows in children.items()}
    if "movements" in most:  # those after the day asked are left out, and the list stays told
        held["entities"]["movements.count"] = Held(0, 0, most["movements"], True)
    found = Available(held["entities"], {r: held[r] for r in children}, most)
    return frames, found


def _counts(rows: list[dict[str, Any]]) -> list[int]:
    seen: dict[tuple[Any, Any], int] = {}
    for row in rows:
        key = (row["entity"], row["year"])
        seen[key] = seen.get(key, 0) + 1
    return list(seen.values())


def _told(facts: Facts) -> dict[str, Any]:
    return {name: told.value for name, told in facts.items() if name != "name"}


def _frame(
    rows: list[dict[str, Any]], vocabulary: Vocabulary
) -> tuple[pl.DataFrame, dict[str, Held]]:
    names = list(dict.fromkeys(n for row in rows for n in row))
    columns: dict[str, pl.Series] = {}
    held: dict[str, Held] = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if name == "entity":
            columns[name] = pl.Series(name, values, dtype=pl.String)
        elif name == "year" or name.endswith(".count"):
            columns[name] = pl.Series(name, values, dtype=pl.Int32)
            known = [v for v in values if v is not None]
            held[name] = Held(0, min(known), max(known), None in values)
        else:
            columns[name], held[name] = _column(vocabulary.terms[name], values)
    columns["_row"] = pl.Series("_row", range(1, len(rows) + 1), dtype=pl.Int64)
    return pl.DataFrame(columns), held


def _column(term: Term, values: list[Any]) -> tuple[pl.Series, Held]:
    if term.type == "text":
        return pl.Series(term.name, values, dtype=pl.String), Held()
    scale = 0
    if term.type == "number":
        scale = max((decimals(v) or 0 for v in values if v is not None), default=0)
    choices = list(term.choices)

    def plain(value: Any) -> Any:
        match value:
            case bool() | None:
                return value
            case Fraction():
                return int(value * 10**scale)
            case date():
                return value.toordinal() - EPOCH
        return choices.index(value)

    stored = [plain(v) for v in values]
    known = [int(v) for v in stored if v is not None]
    lo, hi = min(known, default=0), max(known, default=0)
    dtype = _TYPES.get(term.type, pl.Int128 if max(hi, -lo) >= 2**63 else pl.Int64)
    return pl.Series(term.name, stored, dtype=dtype), Held(scale, lo, hi, None in values)


def verdicts(report: Any) -> Iterable[tuple[tuple[str, int, int], dict[str, Any]]]:
    """Yield what a plan answers of each verdict of a report, by duty, year and record."""
    for verdict in report.verdicts:
        found: dict[str, Any] = {"outcome": verdict.outcome, "norm": verdict.norm}
        found["due"] = verdict.due
        found["gap"] = verdict.gap if isinstance(verdict.gap, Fraction) else None
        found["cost"] = verdict.cost
        found["assumed"] = verdict.assumed
        found |= _money(verdict)
        yield (verdict.duty, verdict.year, verdict.index), found


_KINDS = ("fine", "confiscation", "deduction")


def _money(verdict: Any) -> dict[str, Any]:
    found: dict[str, Any] = {f"{k}_{e}": None for k in _KINDS for e in ("low", "high")}
    found["fines"] = ""
    if verdict.sanctions is None or verdict.outcome not in ("breached", "undetermined"):
        return found
    package = verdict.sanctions.governing
    for kind in _KINDS:
        total = package.total if kind == "fine" else _sum(package, kind)
        if total is not None:
            found |= {f"{kind}_low": total.lower, f"{kind}_high": total.upper}
    found["fines"] = "+".join(
        c.norm
        for c in package.consequences
        if c.kind == "fine" and c.liable is None and not c.excluded
        and c.status == "applies" and not c.replaced_by
    )  # fmt: skip
    return found


def _sum(package: Any, kind: str) -> Range | None:
    total = Range(Fraction(0), Fraction(0))
    for one in package.consequences:
        if one.kind != kind or one.excluded or one.status in ("contingent", "barred"):
            continue
        amount = one.amount
        if one.status == "undetermined" or not isinstance(amount, (Fraction, Range)):
            return None
        total = total.plus(Range(amount, amount) if isinstance(amount, Fraction) else amount)
    return total
