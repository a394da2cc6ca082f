"""What a reform changes in the norms of the instrument that it amends, and in their figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from carbonlex.errors import Location
from carbonlex.model import Grade, Scalar
from carbonlex.reform.apply import Applied
from carbonlex.reform.fences import Fallen, name_of
from carbonlex.rulebook.norms import Norm, Parameter, Span
from carbonlex.rulebook.rulebook import Rulebook

Figures = Scalar | tuple[str, ...] | None
_NOWHERE = Location("")
_OFFICIAL: Grade = "official"


@dataclass(frozen=True)
class ParameterChange:
    """A figure of law before and after, from one day or compliance year on; None: no value.

    `key` is the row of a table, empty for a single value; `start` and `until` are days (until
    exclusive) or compliance years (inclusive), `until` None where it is open.
    """

    parameter: Parameter
    key: str
    start: date | int
    until: date | int | None
    old: Figures
    new: Figures


@dataclass(frozen=True)
class Changes:
    """The norms that a reform adds, changes in meaning, puts on new words alone, or takes away.

    `fallen` holds what fell with its words or was given up by name, `parameters` what changed
    from the day of effect on.
    """

    added: tuple[Norm, ...]
    changed: tuple[Norm, ...]
    restated: tuple[Norm, ...]
    fallen: tuple[Fallen, ...]
    parameters: tuple[ParameterChange, ...]


def changes(step: Applied, before: Rulebook) -> Changes:
    """Return what a reform changes, given the rulebook that it was applied to.

    >>> from pathlib import Path
    >>> from carbonlex.reform.apply import apply
    >>> from carbonlex.reform.law import law_on_paper
    >>> from carbonlex.reform.read import read_reform
    >>> law = law_on_paper()
    >>> step = apply(law, read_reform(Path("examples/reforms/offset-ten.md")))
    >>> found = changes(step, law.rulebook)
    >>> [(c.parameter.name, c.start.year, c.old, c.new) for c in found.parameters]
    [('offset_cap', 2027, Fraction(1, 20), Fraction(1, 10))]
    >>> [n.short for n in found.restated], found.changed
    (['offset-cap', 'offset-limit', 'offsets-counted'], ())
    """
    after = step.law.rulebook
    own = {name_of(f) for f in step.reform.text.fences if f.kind == "norm"}
    added: list[Norm] = []
    changed: list[Norm] = []
    restated: list[Norm] = []
    for norm in after.norms.values():
        if norm.instrument != step.after.key:
            continue
        old = before.norms.get(f"{step.before.key}/{norm.short}") if step.before else None
        if old is None:
            added.append(norm)
        elif _meaning(old) != _meaning(norm):
            changed.append(norm)
        elif norm.short in own:
            restated.append(norm)
    return Changes(
        tuple(added), tuple(changed), tuple(restated), step.fallen, tuple(_figures(step, before))
    )


def _meaning(norm: Norm) -> Norm:
    """Return a norm without its words and its place: what is left is what it says."""

    def plain(value: Any) -> Any:
        key, slash, short = str(value).partition("/")
        return f"{key.partition('@')[0]}/{short}" if slash else value

    return replace(
        norm,
        id=norm.short,
        instrument="",
        provisions=(),
        quotes=(),
        grade=_OFFICIAL,
        where=_NOWHERE,
        answers=plain(norm.answers),
        replaces=plain(norm.replaces),
        ordered_by=plain(norm.ordered_by),
        special_to=plain(norm.special_to),
        varies=plain(norm.varies),
        basis=tuple(plain(b) for b in norm.basis),
        readings={name: _meaning(one) for name, one in norm.readings.items()},
    )


def _figures(step: Applied, before: Rulebook) -> Iterator[ParameterChange]:
    def own(rulebook: Rulebook, key: str) -> dict[str, Parameter]:
        found = (p for p in rulebook.parameters.values() if p.instrument == key)
        return {p.full.partition("/")[2]: p for p in found}

    old = own(before, step.before.key) if step.before is not None else {}
    new = own(step.law.rulebook, step.after.key)
    for name in dict.fromkeys((*old, *new)):
        yield from _differing(old.get(name), new.get(name), step.reform.effective)


def _differing(
    old: Parameter | None, new: Parameter | None, day: date
) -> Iterator[ParameterChange]:
    """Yield each stretch of days or years in which a parameter has another value."""
    shown = new or old
    assert shown is not None
    ends: set[date | int] = {day} if shown.keyed == "date" else set()
    for span in (*(old.spans if old else ()), *(new.spans if new else ())):
        last = span.until + 1 if isinstance(span.until, int) else span.until
        ends |= {e for e in (span.start, last) if e is not None}
    if shown.keyed == "date":
        ends = {e for e in ends if isinstance(e, date) and e >= day}
    points = sorted(ends, key=str)
    for at, start in enumerate(points):
        until: date | int | None = points[at + 1] if at + 1 < len(points) else None
        if isinstance(until, int):
            until -= 1
        one, other = _value(old, start), _value(new, start)
        for key in _keys(one, other):
            before, after = _of(one, key), _of(other, key)
            if before != after:
                yield ParameterChange(shown, key, start, until, before, after)


def _value(parameter: Parameter | None, at: date | int) -> Any:
    """Return the latest entry that holds at a day or year."""
    held = [s for s in parameter.spans if _inside(s, at)] if parameter else []
    entry = held[-1].entry if held else None
    return entry.value if entry is not None else None


def _inside(span: Span, at: date | int) -> bool:
    start, until, point = span.start, span.until, at
    if isinstance(start, int) or isinstance(point, int):
        alike = isinstance(start, int) and isinstance(point, int) and isinstance(until, int)
        return alike and start <= point <= until  # type: ignore[operator]
    return start <= point and (until is None or point < until)  # type: ignore[operator]


def _keys(one: Any, other: Any) -> list[str]:
    tables = [v for v in (one, other) if isinstance(v, dict)]
    return list(dict.fromkeys(k for t in tables for k in t)) if tables else [""]


def _of(value: Any, key: str) -> Figures:
    if isinstance(value, dict):
        found: Figures = value.get(key)
        return found
    return None if key else value
