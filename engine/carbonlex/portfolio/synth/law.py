"""What the drawing of a population takes from the rulebook, so that facts reach the law's edges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from carbonlex.expressions.tree import names
from carbonlex.model import Scalar
from carbonlex.reasoner.parameters import entry_at
from carbonlex.rulebook.norms import Parameter
from carbonlex.rulebook.rulebook import Rulebook

_Entry = Scalar | tuple[str, ...] | Mapping[str, Scalar]


@dataclass(frozen=True)
class Law:
    """Parameters of law by compliance year; a year that has none takes the latest before it.

    Attributes:
        deadlines: of surrender.
        thresholds: of listing, tCO2e.
        benchmarks, heat_benchmarks: by unit class, tCO2e/MWh and tCO2e/GJ.
        supplied: whether allocation counts the electricity supplied, not that generated.
        offset_caps: share of the obligation.
        vintages: those that may be surrendered, the year's own last.
        slag: threshold of carbide-slag substitution.
        balance: limit of surplus or gap of the lines' last year, of emissions.
        bank_base: what may be banked without net sales, tCO2e.
        evidence_days: in which a month's evidence is to be filed.
    """

    deadlines: Mapping[int, date]
    thresholds: Mapping[int, Fraction]
    benchmarks: Mapping[int, Mapping[str, Fraction]]
    heat_benchmarks: Mapping[int, Mapping[str, Fraction]]
    supplied: Mapping[int, bool]
    offset_caps: Mapping[int, Fraction]
    vintages: Mapping[int, tuple[str, ...]]
    slag: Fraction
    balance: Fraction
    bank_base: Fraction
    evidence_days: int


def law_of(rulebook: Rulebook, years: range) -> Law:
    """Return the parameters of a rulebook over compliance years; raises `LookupError` for none."""

    def table(name: str) -> dict[int, tuple[Parameter, _Entry]]:
        found: dict[int, tuple[Parameter, _Entry]] = {}
        for year in years:
            entry = _entry(rulebook, name, year) or found.get(year - 1)
            if entry:
                found[year] = entry
        if not found:
            raise LookupError(name)
        first = found[min(found)]
        return {year: found.get(year, first) for year in years}

    def numbers(name: str) -> dict[int, Fraction]:
        return {y: e for y, (_, e) in table(name).items() if isinstance(e, Fraction)}

    def by_class(name: str) -> dict[int, dict[str, Fraction]]:
        tables = {y: e for y, (_, e) in table(name).items() if isinstance(e, Mapping)}
        return {
            year: {key: n for key, n in entry.items() if isinstance(n, Fraction)}
            for year, entry in tables.items()
        }

    counted = {y: rulebook.norms[p.norm].test for y, (p, _) in table("benchmark").items()}
    return Law(
        {y: e for y, (_, e) in table("surrender_deadline").items() if isinstance(e, date)},
        numbers("listing_threshold"),
        by_class("benchmark"),
        by_class("heat_benchmark"),
        {y: e is not None and "electricity_supplied" in names(e) for y, e in counted.items()},
        numbers("offset_cap"),
        {y: e for y, (_, e) in table("usable_vintages").items() if isinstance(e, tuple)},
        numbers("slag_threshold")[years[-1]],
        numbers("balance_limit")[years[-1]],
        numbers("bank_base")[years[-1]],
        int(numbers("evidence_days")[years[-1]]),
    )


def _entry(rulebook: Rulebook, name: str, year: int) -> tuple[Parameter, _Entry] | None:
    """Return the entry for a year as it is known by now, and the parameter that has it."""
    for parameter in rulebook.parameter_names.get(name, ()):
        at = entry_at(parameter, year, date(year + 1, 12, 31), date.max)
        entry = parameter.spans[at].entry if at >= 0 else None
        if entry:
            return parameter, entry.value
    return None
