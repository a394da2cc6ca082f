"""A portfolio into the JSON of `--json`: reads what was added up, computes nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Protocol

from pydantic import TypeAdapter

from carbonlex.interfaces.portfolio_models import (
    AmountOut,
    AssumedOut,
    ConceptOut,
    DutyOut,
    DutyReasonsOut,
    GroupingOut,
    GroupOut,
    NormRowsOut,
    PortfolioOut,
    PresumptionOut,
    ProblemOut,
    ReasonOut,
    RefusedOut,
    SynthOut,
    TotalsOut,
    Words,
    YearTotalOut,
)
from carbonlex.model import Label
from carbonlex.portfolio.reading.profile import ProblemKey
from carbonlex.portfolio.subjects import KINDS, Slot, Subject
from carbonlex.portfolio.survey import Survey
from carbonlex.portfolio.synth import NOTICE, SynthSummary
from carbonlex.portfolio.totals import DutyTotals, GroupTotals
from carbonlex.portfolio.wording import ORDER, PortfolioWords, presumed_words
from carbonlex.quantities import plain
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.version import ENGINE

_LANGS = ("zh", "en")


class Judged(Protocol):
    """A portfolio that was judged, under one law or under several."""

    @property
    def rulebook(self) -> Rulebook:
        """The law of its terms."""

    @property
    def subjects(self) -> Mapping[Slot, Subject]:
        """The duties that were judged."""

    @property
    def problem_counts(self) -> Mapping[ProblemKey, int]:
        """How many cells could not be taken."""

    def first_rows(self, table: str, column: str, code: str) -> tuple[int, ...]:
        """Return the first rows with one kind of problem."""


def portfolio_json(found: Survey) -> str:
    """Return a survey as JSON text; the same data give the same text."""
    totals = found.totals
    return PortfolioOut(
        data=found.data,
        synthetic=found.synthetic,
        notice=_words(NOTICE) if found.synthetic else None,
        asked_on=found.asked.on,
        readings=dict(found.asked.readings),
        only=list(found.asked.only),
        years=list(found.years),
        rows=dict(found.rows),
        exit_code=found.exit_code,
        totals=totals_out(found, totals.whole),
        groupings=[
            GroupingOut(
                by=list(grouping),
                groups=[
                    GroupOut(
                        values=dict(zip(grouping, key, strict=True)), totals=totals_out(found, of)
                    )
                    for key, of in groups.items()
                ],
            )
            for grouping, groups in totals.groups.items()
        ],
        reasons=[
            DutyReasonsOut(
                duty=slot.duty, record=slot.record or None, reasons=_reasons(found, counted)
            )
            for slot, counted in _in_order(found, totals.reasons)
            if counted
        ],
        norms=[
            _norm(found, slot, norm, rows)
            for slot, counted in _in_order(found, totals.norms)
            for norm, rows in _most(counted)
        ],
        assumed=[
            AssumedOut(duty=slot.duty, record=slot.record or None, rows=rows)
            for slot, rows in totals.assumed.items()
        ],
        presumptions=[
            PresumptionOut(
                fact=name,
                label=_words(found.rulebook.label_of(name)),
                value=presumed_words(found.rulebook, name, "en"),
            )
            for name in found.presumptions
        ],
        problems=problems_out(found),
        not_judged=[
            RefusedOut(name=r.name, rows=r.rows, why=dict(zip(_LANGS, r.why, strict=True)))
            for r in totals.refused
        ],
        written=[str(p) for p in found.written],
        columns=found.engine,
        engine=ENGINE,
        digests={"data": found.digest, "rulebook": found.rulebook.digest},
    ).model_dump_json(indent=2)


def synth_json(summary: SynthSummary) -> str:
    """Return what was synthesised as JSON text."""
    return SynthOut(
        notice=_words(NOTICE),
        folder=str(summary.folder),
        entities=summary.entities,
        seed=summary.seed,
        rows=dict(summary.rows),
        totals=[
            YearTotalOut(
                year=t.year, entities=t.entities, drawn=plain(t.drawn), aimed=plain(t.aimed)
            )
            for t in summary.totals
        ],
    ).model_dump_json(indent=2)


def portfolio_schema() -> str:
    """Return the JSON Schema of `portfolio check --json` and `portfolio synth --json` as text."""
    either = TypeAdapter(PortfolioOut | SynthOut).json_schema()
    return json.dumps(either, ensure_ascii=False, indent=2, sort_keys=True)


def _words(label: Label) -> Words:
    return {"zh": label.zh, "en": label.en}


def _most(counted: Counter[str]) -> list[tuple[str, int]]:
    """Return names by how many rows they have, the most first, then by letters."""
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def _in_order(found: Survey, by: Mapping[Slot, Counter[str]]) -> list[tuple[Slot, Counter[str]]]:
    return [(slot, by[slot]) for slot in found.subjects if slot in by]


def totals_out(found: Judged, of: GroupTotals) -> TotalsOut:
    """Return the totals of some rows."""
    terms = found.rulebook.vocabulary.terms
    return TotalsOut(
        entity_years=of.entity_years,
        breached=of.breached,
        open=of.open_ones,
        invalid=of.invalid,
        duties=[_duty(found, s, of.duties[s]) for s in found.subjects if s in of.duties],
        findings=[
            ConceptOut(
                concept=name,
                label=_words(terms[name].label),
                unit=terms[name].unit,
                known=one.known,
                unknown=one.unknown,
                holds=one.holds if terms[name].type == "boolean" else None,
                fails=one.fails if terms[name].type == "boolean" else None,
                sum=plain(one.sum) if terms[name].type == "number" else None,
            )
            for name, one in of.findings.items()
        ],
    )


def _duty(found: Judged, slot: Slot, of: DutyTotals) -> DutyOut:
    units = found.subjects[slot].units
    return DutyOut(
        duty=slot.duty,
        record=slot.record or None,
        label=_words(found.subjects[slot].label),
        rows=of.rows,
        outcomes={o: of.outcomes[o] for o in ORDER if of.outcomes[o]},
        amounts=[
            AmountOut(
                kind=part.kind,
                outcome=part.outcome,
                unit=units[part.kind],
                low=plain(one.low),
                high=plain(one.high),
                known=one.known,
                unknown=one.unknown,
            )
            for part, one in sorted(
                of.amounts.items(), key=lambda a: (KINDS.index(a[0][0]), ORDER.index(a[0][1]))
            )
            if not one.nothing
        ],
    )


def _reasons(found: Survey, counted: Counter[str]) -> list[ReasonOut]:
    words = {lang: PortfolioWords(found.rulebook, lang) for lang in _LANGS}
    return [
        ReasonOut(
            reason=name, label={lang: w.reason_label(name) for lang, w in words.items()}, rows=rows
        )
        for name, rows in _most(counted)
    ]


def _norm(found: Survey, slot: Slot, name: str, rows: int) -> NormRowsOut:
    norm = found.rulebook.norms[name]
    cite = {
        lang: "; ".join(found.rulebook.cite(norm.instrument, e, lang) for e in norm.provisions)
        for lang in _LANGS
    }
    return NormRowsOut(
        duty=slot.duty,
        record=slot.record or None,
        norm=name,
        cite=cite,
        grade=norm.grade,
        rows=rows,
    )


def problems_out(found: Judged) -> list[ProblemOut]:
    return [
        ProblemOut(
            table=table,
            column=column,
            code=code,
            count=count,
            rows=list(found.first_rows(table, column, code)),
        )
        for (table, column, code), count in sorted(found.problem_counts.items())
    ]
