"""A what-if into the JSON of `--json`: reads what was found, computes nothing."""

from __future__ import annotations

import json

from carbonlex.interfaces.redline_wire import RedlineOut, redline_json
from carbonlex.interfaces.whatif_models import (
    ClashOut,
    ComparisonOut,
    ConsequenceMovedOut,
    ConsequenceSideOut,
    FiguresOut,
    FindingMovedOut,
    PairOut,
    ParameterOut,
    ReformOut,
    SideOut,
    StrandOut,
    SweepOut,
    TotalOut,
    WhatIfOut,
)
from carbonlex.interfaces.wire import report_json
from carbonlex.interfaces.wire_models import ReportOut
from carbonlex.interfaces.wire_values import plain_value, span, value_of
from carbonlex.model import Unknown
from carbonlex.quantities import plain
from carbonlex.reasoner.consequence import Consequence
from carbonlex.reform.changes import Figures as Held
from carbonlex.reform.compare import Comparison, Pair, Total
from carbonlex.reform.consequence_wording import ConsequenceWords
from carbonlex.reform.figures import Figure, Figures, as_figure
from carbonlex.reform.sweep import Slot, Sweep
from carbonlex.reform.sweep_wording import SweepWords
from carbonlex.reform.whatif import Step, WhatIf
from carbonlex.reform.wording import WhatIfWords
from carbonlex.version import ENGINE

_LANGS = ("zh", "en")


def whatif_json(found: WhatIf) -> str:
    """Return a what-if as JSON text; the same input gives the same text."""
    return WhatIfOut(
        asked_on=found.asked_on,
        decided_on=found.decided_on,
        exit_code=found.exit_code,
        reforms=[_reform(found, s) for s in found.steps],
        clashes=[
            ClashOut(provision=c.eid, first=str(c.first), second=str(c.second))
            for c in found.clashes
        ],
        cases=[_comparison(found, c) for c in found.comparisons],
        sweeps=[_sweep(found, s) for s in found.sweeps],
        engine=ENGINE,
        digests={"rulebook_before": found.before.digest, "rulebook_after": found.after.digest},
    ).model_dump_json(indent=2)


def whatif_schema() -> str:
    """Return the JSON Schema of `whatif --json` as text."""
    return json.dumps(WhatIfOut.model_json_schema(), ensure_ascii=False, indent=2, sort_keys=True)


def _reform(found: WhatIf, step: Step) -> ReformOut:
    reform, after = step.applied.reform, step.applied.after
    words = {lang: WhatIfWords(found, lang) for lang in _LANGS}
    redline = None
    if step.redline is not None:
        redline = RedlineOut.model_validate_json(redline_json(step.redline, ()))
    return ReformOut(
        key=reform.key,
        file=reform.where.file,
        digest=reform.digest,
        title={lang: reform.title.of(lang) for lang in _LANGS},
        maker=reform.maker.key if reform.maker is not None else after.maker,
        form=reform.form or after.rank,
        effective=reform.effective,
        amends=reform.amends or None,
        expression=after.key,
        amendments={lang: list(w.amendments(step)) for lang, w in words.items()},
        parameters=[
            ParameterOut(
                parameter=c.parameter.full,
                label={lang: c.parameter.label.of(lang) for lang in _LANGS},
                unit=c.parameter.unit,
                key=c.key or None,
                start=c.start,
                until=c.until,
                old=_held(c.old),
                new=_held(c.new),
            )
            for c in step.changes.parameters
        ],
        norms_added=[n.id for n in step.changes.added],
        norms_changed=[n.id for n in step.changes.changed],
        norms_restated=[n.id for n in step.changes.restated],
        norms_fallen=[f.name for f in step.changes.fallen],
        strands=[
            StrandOut(
                kind=s.kind, at=s.at, names=s.names, text=s.text, hint=s.hint, where=str(s.where),
                said={lang: w.strand(s) for lang, w in words.items()},
            )
            for s in step.strands
        ],
        redline=redline,
    )  # fmt: skip


def _held(value: Held) -> str | list[str] | None:
    found = value_of(value) if value is not None else None
    return str(found).lower() if isinstance(found, bool) else found


def _comparison(found: WhatIf, one: Comparison) -> ComparisonOut:
    return ComparisonOut(
        case=one.after.case_name,
        pairs=[_pair(found, p) for p in one.pairs],
        totals=[_total(t) for t in one.totals],
        findings=[
            FindingMovedOut(
                concept=f.concept,
                year=f.year,
                unit=found.after.vocabulary.terms[f.concept].unit,
                before=plain_value(f.before) if f.before is not None else None,
                after=plain_value(f.after) if f.after is not None else None,
            )
            for f in one.findings
        ],
        exit_code=one.exit_code,
        before=ReportOut.model_validate_json(report_json(found.before, one.before)),
        after=ReportOut.model_validate_json(report_json(found.after, one.after)),
    )


def _pair(found: WhatIf, pair: Pair) -> PairOut:
    words = {lang: ConsequenceWords(WhatIfWords(found, lang)) for lang in _LANGS}
    sides = [
        SideOut(outcome=v.outcome, norm=v.norm, due=v.due, figures=_figures(f)) if v else None
        for v, f in zip((pair.before, pair.after), pair.figures, strict=True)
    ]
    return PairOut(
        duty=pair.duty,
        year=pair.year,
        index=pair.index if pair.index >= 0 else None,
        label={lang: pair.verdict.label.of(lang) for lang in _LANGS},
        before=sides[0],
        after=sides[1],
        changes=list(pair.changes),
        consequences=[
            ConsequenceMovedOut(
                kind=m.shown.kind,
                breach=m.shown.breach,
                before=_side(m.before),
                after=_side(m.after),
                reworked=m.reworked,
                said={lang: w.line(m, pair.duty) for lang, w in words.items()},
            )
            for m in pair.consequences
        ],
    )


def _side(one: Consequence | None) -> ConsequenceSideOut | None:
    if one is None:
        return None
    amount = as_figure(one.amount)
    return ConsequenceSideOut(
        norm=one.norm,
        status=one.status,
        amount=_figure(amount),
        unit=one.unit,
        excluded=one.excluded,
    )


def _figures(one: Figures) -> FiguresOut:
    return FiguresOut(
        gap=_figure(one.gap),
        unit=one.unit,
        fine=_figure(one.fine),
        confiscation=_figure(one.confiscation),
        deduction=_figure(one.deduction),
        cost=_figure(one.cost),
    )


def _figure(figure: Figure) -> list[str] | None:
    return None if isinstance(figure, Unknown) else span(figure)


def _total(one: Total) -> TotalOut:
    return TotalOut(
        kind=one.kind,
        unit=one.unit,
        duty=one.duty or None,
        before=_figure(one.before),
        after=_figure(one.after),
        moved=[plain(m) for m in one.moved] if one.moved is not None else None,
    )


def _place(slot: Slot) -> dict[str, str | int | None]:
    return {"duty": slot[0], "year": slot[1], "index": slot[2] if slot[2] >= 0 else None}


def _sweep(found: WhatIf, one: Sweep) -> SweepOut:
    words = {lang: SweepWords(WhatIfWords(found, lang), one) for lang in _LANGS}
    points = [
        {
            "value": plain(point.value),
            "verdicts": [
                {
                    **_place(slot),
                    "outcome": s.outcome,
                    "assumed": s.assumed,
                    "figures": _figures(s.figures),
                }
                for slot, s in point.samples.items()
            ],
        }
        for point in one.points
    ]
    cliffs = [
        {
            **_place(c.slot),
            "below": c.below,
            "above": c.above,
            "value": plain(c.value) if c.value is not None else None,
            "on": c.on,
            "low": plain(c.low),
            "high": plain(c.high),
            "said": {lang: w.flip(c) for lang, w in words.items()},
        }
        for c in one.cliffs
    ]
    return SweepOut.model_validate(
        {
            "case": one.case_name,
            "name": one.asked.name,
            "parameters": list(one.asked.targets),
            "unit": one.asked.parameter.unit,
            "points": points,
            "cliffs": cliffs,
        }
    )
