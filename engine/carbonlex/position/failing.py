"""What failing would cost: the verdict that the rulebook gives on the day after the deadline."""

from __future__ import annotations

from fractions import Fraction

from carbonlex.calendar import next_day
from carbonlex.model import UNKNOWN, Scalar
from carbonlex.position.trials import SURRENDER, altered, told
from carbonlex.position.values import Failing
from carbonlex.reasoner.check import judge
from carbonlex.reasoner.duties import Slot
from carbonlex.reasoner.evaluate import Evaluation, Frame
from carbonlex.reasoner.verdict import Verdict

_PRICE = "price_before_deadline"


def failing(
    run: Evaluation, frame: Frame, verdict: Verdict, tonnes: Fraction | None, price: Fraction | None
) -> Failing | None:
    """Return what follows if `tonnes` stay unsurrendered (None: as many as now).

    None where nothing is owed, or no deadline is known. Where the average price on which a fine
    rests was not told, `price` stands in for it.
    """
    if verdict.outcome in ("complied", "not_applicable") or verdict.due is None:
        return None
    facts: dict[str, Scalar] = {}
    terms = run.rulebook.vocabulary.terms
    if tonnes is not None and terms["shortfall"].tellable:
        facts["shortfall"] = tonnes
    average = terms.get(_PRICE)
    assumed = price if average is not None and average.tellable else None
    if assumed is not None and run.name(_PRICE, frame).value is not UNKNOWN:
        assumed = None
    if assumed is not None:
        facts[_PRICE] = assumed
    day = max(run.asked_on, next_day(verdict.due))
    case = altered(run.case, frame.year, told(**facts), {})
    later = Evaluation(run.rulebook, case, day, None, run.readings)
    ((_, found, _),) = judge(later, (Slot(SURRENDER, frame.year),), "plain")
    run.reached |= later.reached
    return Failing(tonnes, found, assumed)
