"""Portfolios run as their users run them, and the reasoner's answers over the same entities."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

import carbonlex
from carbonlex.interfaces.cli import app
from carbonlex.model import Unknown
from carbonlex.portfolio.reading.case import cases_of
from carbonlex.portfolio.reading.dataset import open_dataset
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.rulebook import Rulebook

ON = date(2026, 11, 22)
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "portfolio"


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def flat(self) -> str:
        """What it printed, without white space: pages are wrapped."""
        return "".join(self.out.split())


def ran(*args: object) -> Ran:
    """Run `carbonlex …`."""
    found = CliRunner().invoke(app, [str(a) for a in args])
    return Ran(found.exit_code, found.stdout, found.stderr)


def checked(data: object, *args: object) -> Ran:
    """Run `carbonlex portfolio check DATA` on the day of the tests."""
    return ran("portfolio", "check", data, "--on", ON, *args)


@cache
def rulebook() -> Rulebook:
    """Return the rulebook of the package."""
    return carbonlex.load_rulebook()


def write_csv(folder: Path, **tables: Sequence[Mapping[str, object]]) -> Path:
    """Write tables as CSV and return the folder; a cell that a row does not have is empty."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(c for row in rows for c in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def reports(data: Path, on: date = ON) -> Iterator[tuple[int | str, Report]]:
    """Yield what the reasoner says of each entity of data."""
    dataset = open_dataset(data, rulebook().vocabulary)
    for batch in dataset.batches(1_000_000):
        for entity, case in cases_of(batch, rulebook().vocabulary):
            yield entity, carbonlex.check_case(rulebook(), case, on)


Place = tuple[str, str | None]


class Reckoned(NamedTuple):
    """Totals of the reasoner's verdicts: by duty, record, verdict; gaps; fines of breaches."""

    outcomes: Counter[tuple[Place, str]]
    gaps: dict[Place, Fraction]
    fines: dict[Place, tuple[Fraction, Fraction]]
    findings: Counter[tuple[str, object]]
    sums: dict[str, Fraction]


def reckoned(found: Iterator[tuple[int | str, Report]], years: Sequence[int] = ()) -> Reckoned:
    """Add up reports by hand: of some years, or of all."""
    told = Reckoned(Counter(), {}, {}, Counter(), {})
    for _, report in found:
        for v in report.verdicts:
            if years and v.year not in years:
                continue
            norm = rulebook().norms[v.norm]
            place = (v.duty, None if norm.record == "entity" else norm.record)
            told.outcomes[place, v.outcome] += 1
            if v.outcome == "breached":
                if isinstance(v.gap, Fraction):
                    told.gaps[place] = told.gaps.get(place, Fraction(0)) + v.gap
                total = (
                    v.sanctions.governing.total if v.sanctions and v.sanctions.governing else None
                )
                if total is not None:
                    low, high = told.fines.get(place, (Fraction(0), Fraction(0)))
                    told.fines[place] = (low + total.lower, high + total.upper)
        for f in report.findings:
            if years and f.year not in years:
                continue
            if isinstance(f.value, Fraction):
                told.sums[f.concept] = told.sums.get(f.concept, Fraction(0)) + f.value
            told.findings[f.concept, "known"] += not isinstance(f.value, Unknown)
            if f.value is True:
                told.findings[f.concept, "holds"] += 1
    return told


def totals_of(answer: Mapping[str, Any]) -> Reckoned:
    """Return the totals of a JSON answer in the same shape."""
    told = Reckoned(Counter(), {}, {}, Counter(), {})
    for duty in answer["duties"]:
        place = (duty["duty"], duty["record"])
        for outcome, rows in duty["outcomes"].items():
            told.outcomes[place, outcome] += rows
        for amount in duty["amounts"]:
            ends = Fraction(amount["low"]), Fraction(amount["high"])
            if amount["outcome"] == "breached" and amount["known"]:
                if amount["kind"] == "gap":
                    told.gaps[place] = ends[0]
                if amount["kind"] == "fine":
                    told.fines[place] = ends
    for one in answer["findings"]:
        for key in ("known", "holds"):
            if one[key]:
                told.findings[one["concept"], key] += one[key]
        if one["sum"] is not None and Fraction(one["sum"]):
            told.sums[one["concept"]] = Fraction(one["sum"])
    return told


def told_only(found: Reckoned) -> Reckoned:
    """Return totals without what is nothing."""
    return Reckoned(
        found.outcomes,
        {p: g for p, g in found.gaps.items() if g},
        {p: f for p, f in found.fines.items() if any(f)},
        found.findings,
        {c: s for c, s in found.sums.items() if s},
    )
