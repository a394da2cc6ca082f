"""Parameters as statements: each value with the days or the compliance years that it is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from lxml import etree

from carbonlex.exports.legalruleml.markup import (
    atom,
    comment,
    conjunction,
    curie,
    data,
    expression,
    key_of,
    lrml,
    own,
    ruleml,
    spoken,
    variable,
)
from carbonlex.exports.legalruleml.sources import Place
from carbonlex.rulebook.norms import Parameter, Span


@dataclass(frozen=True)
class Figure:
    """One value of a parameter as a statement, with its key and the places that it comes from."""

    key: str
    element: etree._Element
    places: tuple[Place, ...]


def figures(parameter: Parameter) -> Iterator[Figure]:
    """Yield every value of a parameter, and where it has none any more."""
    for number, span in enumerate(parameter.spans, 1):
        key = key_of("parameter", parameter.full, str(number))
        rule = ruleml(
            "Rule", ruleml("if", conjunction(_within(span))),
            ruleml("then", _value(parameter, span)), closure="universal",
        )  # fmt: skip
        stated = lrml("ConstitutiveStatement", _about(parameter, span), rule, key=key)
        yield Figure(key, stated, _places(parameter, span))


def _places(parameter: Parameter, span: Span) -> tuple[Place, ...]:
    if span.entry is not None and span.entry.source:
        return (span.entry.cited,)
    return tuple((parameter.instrument, eid) for eid in parameter.provisions)


def _about(parameter: Parameter, span: Span) -> etree._Element:
    told = {"parameter": parameter.full, "unit": parameter.unit, "keyed": parameter.keyed}
    if parameter.by:
        told["by"] = parameter.by
    if span.entry is not None:
        told["grade"] = span.entry.grade
    return comment(own("parameter", own("label", *spoken(parameter.label)), **told))


def _within(span: Span) -> list[etree._Element]:
    """Return the condition of time under which an entry holds."""
    start, until = span.start, span.until
    if isinstance(start, date):
        found = [atom("pred:date-greater-than-or-equal", variable("law_day"), data(start))]
        if isinstance(until, date):
            found.append(atom("pred:date-less-than", variable("law_day"), data(until)))
    elif start == until:
        found = [ruleml("Equal", variable("year"), data(Fraction(start)))]
    else:
        first = data(Fraction(start))
        found = [atom("pred:numeric-greater-than-or-equal", variable("year"), first)]
        if isinstance(until, int):
            last = data(Fraction(until))
            found.append(atom("pred:numeric-less-than-or-equal", variable("year"), last))
    issued = span.entry.issued if span.entry is not None else None
    if issued is not None:
        known = atom("pred:date-greater-than-or-equal", variable("asked_on"), data(issued))
        found.append(known)
    return found


def _value(parameter: Parameter, span: Span) -> etree._Element:
    when = "year" if parameter.keyed == "year" else "law_day"
    name = curie("parameter", parameter.full)
    if span.entry is None:
        held = atom(curie("relation", "has-value"), expression(name, variable(when)))
        return ruleml("Neg", held)
    value = span.entry.value
    if isinstance(value, tuple):
        listed = ruleml("Plex", *(data(one) for one in value))
        return ruleml("Equal", expression(name, variable(when)), listed)
    if isinstance(value, bool | str | Fraction | date):
        return ruleml("Equal", expression(name, variable(when)), data(value))
    rows = [
        ruleml("Equal", expression(name, data(key), variable(when)), data(one))
        for key, one in value.items()
    ]
    return ruleml("And", *rows)
