"""A portfolio held against the reasoner: every verdict, gap and sum of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

import polars as pl

from carbonlex.model import Case
from carbonlex.portfolio.engines import face
from carbonlex.portfolio.graph import EPOCH, Node
from carbonlex.portfolio.judge import FIELDS, Answered, Asked, Judge
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.reading.prepared import Batch
from carbonlex.reasoner.check import check_case
from carbonlex.rulebook.rulebook import Rulebook
from portfolio_frames import prepared, verdicts

Key = tuple[str, str, int, int]


class Agreement(NamedTuple):
    """How many verdicts were compared, what differs, and which duties no column could say.

    `outcomes` counts the verdicts that were compared, `left_out` those of refused duties.
    """

    compared: int
    differences: list[str]
    refused: Mapping[str, str]
    outcomes: Counter[str]
    left_out: int


def agreement(
    rulebook: Rulebook,
    cases: Mapping[str, Case],
    on: date,
    readings: Mapping[str, str] | None = None,
    engine: str = "polars",
) -> Agreement:
    """Compare a portfolio of cases with the reasoner on each of them."""
    found, refused = _portfolio(rulebook, cases, on, readings or {}, engine)
    differences: list[str] = []
    outcomes: Counter[str] = Counter()
    left_out = 0
    for name, case in cases.items():
        report = check_case(rulebook, case, on, None, readings, survey=False, chain_with="plain")
        for (duty, year, index), wanted in verdicts(report):
            if duty in refused:
                left_out += 1
                continue
            outcomes[wanted["outcome"]] += 1
            have: Mapping[str, Any] = found.pop((name, duty, year, index), {})
            apart = {k: (have.get(k), w) for k, w in wanted.items() if have.get(k, "") != w}
            if apart:
                differences.append(f"{name} {duty} {year} #{index} {wanted['outcome']}: {apart}")
    differences += [
        f"{key}: only in the portfolio, {found[key]['outcome']}"
        for key in found
        if key[1] not in refused
    ]
    return Agreement(outcomes.total(), differences, refused, outcomes, left_out)


def _portfolio(
    rulebook: Rulebook,
    cases: Mapping[str, Case],
    on: date,
    readings: Mapping[str, str],
    engine: str,
) -> tuple[dict[Key, dict[str, Any]], dict[str, str]]:
    frames, available = prepared(cases, rulebook.vocabulary)
    rows = frames["entities"].with_columns(pl.lit(False).alias("_bad"))
    judge = Judge(rulebook, available, Asked(on, readings), face(engine))
    found: dict[Key, dict[str, Any]] = {}
    refused: dict[str, str] = {}
    for answered in judge.answers(Batch({**frames, "entities": rows}, {})):
        refused |= {k: str(e.args[-1]) for k, e in answered.plan.refused.items()}
        for table in answered.frames:
            found |= _rows(answered, table)
    return found, refused


def _rows(answered: Answered, table: str) -> dict[Key, dict[str, Any]]:
    found: dict[Key, dict[str, Any]] = {}
    seen: Counter[Any] = Counter()
    before = "" if table == "entities" else f"{table}/"
    duties = [n.removesuffix(".outcome") for n in answered.outputs if n.endswith(".outcome")]
    duties = [d for d in duties if (d.startswith(before) if before else "/" not in d)]
    for row in answered.frames[table].to_dicts():
        index = seen[row["entity"]] if before else -1
        seen[row["entity"]] += 1
        for duty in duties:
            values = {f: _value(answered, row, f"{duty}.{f}") for f in FIELDS}
            if values["outcome"] is not None:
                found[row["entity"], duty.removeprefix(before), row["year"], index] = values
    return found


def _value(answered: Answered, row: Mapping[str, Any], name: str) -> Any:
    value, node = row[name], answered.outputs[name]
    assert isinstance(node, Node)
    match name.rpartition(".")[2]:
        case "outcome":
            return OUTCOMES[value]
        case "norm" | "fines":
            return answered.plan.citations[value]
        case "due":
            return None if value is None else date.fromordinal(value + EPOCH)
    return None if value is None else Fraction(value, 10**node.scale)
