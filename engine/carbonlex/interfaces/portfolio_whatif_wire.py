"""Drafts over a portfolio into the JSON of `--json`: reads what was added up, computes nothing."""

from __future__ import annotations

import json

from carbonlex.interfaces.portfolio_models import PresumptionOut, RefusedOut, Words
from carbonlex.interfaces.portfolio_whatif_models import (
    ComparedOut,
    ConceptFlipsOut,
    DutyFlipsOut,
    EndsOut,
    FlipOut,
    FlipsGroupingOut,
    FlipsGroupOut,
    FlipsOut,
    MovedOut,
    PointOut,
    PortfolioWhatIfOut,
    StateOut,
    SweepOut,
)
from carbonlex.interfaces.portfolio_wire import problems_out, totals_out
from carbonlex.interfaces.whatif_models import WhatIfOut
from carbonlex.interfaces.whatif_wire import whatif_json
from carbonlex.model import Label, weakest
from carbonlex.portfolio.flips import ConceptFlips, DutyFlips, Ends, Flips, GroupFlips, Moved
from carbonlex.portfolio.subjects import KINDS, Slot
from carbonlex.portfolio.sweep import Sweep
from carbonlex.portfolio.synth import NOTICE
from carbonlex.portfolio.totals import Refused
from carbonlex.portfolio.whatif import PortfolioWhatIf
from carbonlex.portfolio.wording import presumed_words
from carbonlex.quantities import plain
from carbonlex.version import ENGINE

_LANGS = ("zh", "en")


def portfolio_whatif_json(found: PortfolioWhatIf) -> str:
    """Return what drafts do to a portfolio as JSON text; the same input gives the same text."""
    law = WhatIfOut.model_validate_json(whatif_json(found.law))
    return PortfolioWhatIfOut(
        data=found.data,
        synthetic=found.synthetic,
        notice=_words(NOTICE) if found.synthetic else None,
        asked_on=found.asked.on,
        readings=dict(found.asked.readings),
        only=list(found.asked.only),
        years=list(found.years),
        rows=dict(found.rows),
        exit_code=found.exit_code,
        reforms=law.reforms,
        clashes=law.clashes,
        flips=_compared(found, found.flips) if found.flips is not None else None,
        sweep=_sweep(found, found.sweep) if found.sweep is not None else None,
        presumptions=[
            PresumptionOut(
                fact=name,
                label=_words(found.rulebook.label_of(name)),
                value=presumed_words(found.rulebook, name, "en"),
            )
            for name in found.presumptions
        ],
        problems=problems_out(found),
        written=[str(p) for p in found.written],
        columns=found.engine,
        engine=ENGINE,
        digests={
            "data": found.digest,
            "rulebook_before": found.law.before.digest,
            "rulebook_after": found.law.after.digest,
        },
    ).model_dump_json(indent=2)


def portfolio_whatif_schema() -> str:
    """Return the JSON Schema of `portfolio whatif --json` as text."""
    return json.dumps(
        PortfolioWhatIfOut.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True
    )


def _words(label: Label) -> Words:
    return {"zh": label.zh, "en": label.en}


def _compared(found: PortfolioWhatIf, flips: Flips) -> ComparedOut:
    norms = {**found.law.before.norms, **found.law.after.norms}
    return ComparedOut(
        whole=_flips(found, flips.whole),
        groupings=[
            FlipsGroupingOut(
                by=list(grouping),
                groups=[
                    FlipsGroupOut(
                        values=dict(zip(grouping, key, strict=True)), flips=_flips(found, of)
                    )
                    for key, of in groups.items()
                ],
            )
            for grouping, groups in flips.groups.items()
        ],
        not_judged=[_refused(one) for one in flips.refused],
        grade=weakest([norms[n].grade for n in flips.norms]),
    )


def _refused(one: Refused) -> RefusedOut:
    return RefusedOut(name=one.name, rows=one.rows, why=dict(zip(_LANGS, one.why, strict=True)))


def _flips(found: PortfolioWhatIf, of: GroupFlips) -> FlipsOut:
    duties = [(s, of.duties[s]) for s in found.subjects if s in of.duties]
    return FlipsOut(
        entity_years=of.entity_years,
        invalid=of.invalid,
        breached_before=of.breached[0],
        breached_after=of.breached[1],
        breach_enters=of.enter,
        breach_leaves=of.leave,
        open_before=of.open_ones[0],
        open_after=of.open_ones[1],
        duties=[_duty(found, slot, duty) for slot, duty in duties if duty.flips],
        concepts=[_concept(found, name, one) for name, one in of.concepts.items()],
    )


def _duty(found: PortfolioWhatIf, slot: Slot, of: DutyFlips) -> DutyFlipsOut:
    subject = found.subjects[slot]
    before, after = of.side
    return DutyFlipsOut(
        duty=slot.duty,
        record=slot.record or None,
        label=_words(subject.label),
        flipped=of.flipped,
        half_open=of.half_open,
        rows_before=before,
        rows_after=after,
        verdicts=[
            FlipOut(before=flip.before, after=flip.after, rows=rows)
            for flip, rows in sorted(
                of.flips.items(), key=lambda one: (one[0].before or "", one[0].after or "")
            )
        ],
        amounts=[
            _moved(kind, found.units[slot].get(kind, ""), of.amounts[kind])
            for kind in KINDS
            if kind in of.amounts and not of.amounts[kind].nothing
        ],
    )


def _concept(found: PortfolioWhatIf, name: str, of: ConceptFlips) -> ConceptFlipsOut:
    term = found.rulebook.vocabulary.terms[name]
    number = term.type == "number"
    return ConceptFlipsOut(
        concept=name,
        label=_words(term.label),
        unit=term.unit,
        enters=None if number else of.enters,
        leaves=None if number else of.leaves,
        half_open=of.half_open,
        states=[
            StateOut(before=before, after=after, rows=rows)
            for (before, after), rows in sorted(of.states.items(), key=lambda one: str(one[0]))
        ],
        amount=_moved("value", term.unit, of.amount) if number else None,
    )


def _moved(kind: str, unit: str, of: Moved) -> MovedOut:
    return MovedOut(
        kind=kind,
        unit=unit,
        before=_ends(of.before),
        after=_ends(of.after),
        moved=_ends(of.moved),
        changed=of.changed,
        unknown_before=of.open_before,
        unknown_after=of.open_after,
    )


def _ends(of: Ends) -> EndsOut:
    return EndsOut(low=plain(of.low), high=plain(of.high), rows=of.rows)


def _sweep(found: PortfolioWhatIf, sweep: Sweep) -> SweepOut:
    return SweepOut(
        name=sweep.figure.name,
        parameters=list(sweep.figure.targets),
        unit=sweep.figure.parameter.unit,
        points=[
            PointOut(
                value=plain(point.value),
                totals=totals_out(found, point.totals),
                not_judged=[_refused(one) for one in point.refused],
            )
            for point in sweep.points
        ],
    )
