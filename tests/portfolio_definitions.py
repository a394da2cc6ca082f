"""Made-up definitions: of one concept by several instruments, with conditions and exceptions."""

from __future__ import annotations

from dataclasses import replace

from portfolio_drafting import Drafting, Fence, Keys, Tables, quoted
from portfolio_expressions import Writer
from portfolio_words import Draft, Word

MOST_DIGITS = 22


def define(d: Drafting, concept: Word) -> None:
    """Define a concept in one instrument or more, alike or otherwise."""
    sizes: list[Draft] = []
    ids: list[str] = []
    first: Fence | None = None
    for count, act in enumerate(d.some_acts()):
        fence = first if first is not None and d.chance(0.4) else _definition(d, concept, sizes)
        first = first or fence
        keys = {"id": quoted(f"def-{concept.name}-{count}"), **d.ranked(act, ids), **d.years()}
        ids.append(d.into(act, replace(fence, keys={**keys, **fence.keys})))
    for one in ids:
        if d.chance(0.2):
            _excepted(d, one, concept, sizes)
    scale, whole = (max((getattr(s, k) for s in sizes), default=0) for k in ("scale", "whole"))
    # What a later expression makes of it: what was told, or what was derived, if that is larger.
    d.known.append(
        replace(concept, scale=max(scale, concept.scale), whole=max(whole, concept.whole))
    )


def _definition(d: Drafting, concept: Word, sizes: list[Draft]) -> Fence:
    writer = d.writer(concept.record)
    keys = {"defines": quoted(concept.name), "record": quoted(concept.record)}
    if d.chance(0.3):
        keys["when"] = d.short(lambda: writer.truth(1))
    value, tables = _value(d, writer, concept, sizes)
    fence = Fence({**keys, **value}, tuple(tables), writer.parameters)
    if tables:
        return fence
    return d.asks(fence, writer, lambda: {"value": _written(d, writer, concept, sizes)})


def _excepted(d: Drafting, norm: str, concept: Word, sizes: list[Draft]) -> None:
    """Except from a definition; what is excepted from a truth is false, unless it says else."""
    if concept.type == "boolean" and d.chance(0.5):
        d.excepted(norm, concept.record)
    else:
        d.excepted(norm, concept.record, lambda writer: _value(d, writer, concept, sizes))


def _value(d: Drafting, writer: Writer, concept: Word, sizes: list[Draft]) -> tuple[Keys, Tables]:
    if concept.type == "boolean":
        return d.tested(writer, "value")
    return {"value": _written(d, writer, concept, sizes)}, []


def _written(d: Drafting, writer: Writer, concept: Word, sizes: list[Draft]) -> str:
    """Return the expression of a value; how large a number can be is noted."""
    match concept.type:
        case "number":
            sizes.append(_amount(d, writer, concept))
            return quoted(sizes[-1].text)
        case "date":
            return d.short(writer.day)
        case "choice":
            return d.short(lambda: writer.choice(concept.choices))
    return d.short(writer.truth)


def _amount(d: Drafting, writer: Writer, concept: Word) -> Draft:
    """Write a number; some of an entity carry over what was left of the year before."""
    while True:
        found = writer.number(concept.unit, 3)
        if concept.record == "entity" and d.chance(0.15):
            left = f"{concept.name}[-1]"
            forms = [f"{left} + {{}}", f"max(0, {left} - ({{}}))", f"min({left}, {{}})"]
            found = Draft(d.pick(forms).format(found.text), found.scale, found.whole + 2)
        if len(found.text) <= 500 and found.size <= MOST_DIGITS:
            return found
