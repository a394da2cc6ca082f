"""What a portfolio is totalled by: duties, with what each can come to and in which unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from carbonlex.expressions.types import check
from carbonlex.model import Label
from carbonlex.quantities import write_unit
from carbonlex.reasoner.sanctions import MAX_DEPTH
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.scope import NormScope

Kind = Literal["gap", "cost", "fine", "confiscation", "deduction"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SANCTIONS: tuple[Kind, ...] = ("fine", "confiscation", "deduction")
_UNITS: Mapping[Kind, str] = {
    "cost": "CNY", "fine": "CNY", "confiscation": "CNY", "deduction": "tCO2e",
}  # fmt: skip


class Slot(NamedTuple):
    """A duty of the entity (`record` empty), or of each of its child records."""

    duty: str
    record: str = ""

    @property
    def name(self) -> str:
        """How columns name it: `surrender`, `credits/old-credits`."""
        return f"{self.record}/{self.duty}" if self.record else self.duty


@dataclass(frozen=True)
class Subject:
    """A duty that is judged: its label, and the units of what it can come to.

    `units` has no `gap` where no norm measures one, and no kind of sanction that law attaches
    neither to its breach nor to a failure to correct it.
    """

    slot: Slot
    label: Label
    units: Mapping[Kind, str]


def subjects(rulebook: Rulebook) -> Mapping[Slot, Subject]:
    """Return every duty that entities are judged by, in the order of the rulebook."""
    found: dict[Slot, Subject] = {}
    for duty, norms in rulebook.duties.items():
        lawful = [n for n in norms if not n.ordered_by]
        for record in dict.fromkeys(n.record for n in lawful):
            kind = rulebook.vocabulary.records.get(record)
            if kind is not None and kind.enactment:
                continue
            own = [n for n in lawful if n.record == record]
            slot = Slot(duty, "" if record == "entity" else record)
            found[slot] = Subject(slot, own[0].label, dict(_units(rulebook, duty, own)))
    return found


def _units(rulebook: Rulebook, duty: str, norms: list[Norm]) -> Iterator[tuple[Kind, str]]:
    for norm in norms:
        if norm.gap is not None:
            unit = check(norm.gap, NormScope(rulebook, norm))[0].unit
            yield "gap", write_unit(unit) if unit is not None else ""
            break
    if any(n.gap is not None and n.lever for n in norms):
        yield "cost", _UNITS["cost"]
    brought = _brought(rulebook, duty, 0)
    yield from ((kind, _UNITS[kind]) for kind in SANCTIONS if kind in brought)


def _brought(rulebook: Rulebook, duty: str, depth: int) -> frozenset[Kind]:
    """Return the kinds of sanction of a breach, and of not doing what was ordered after it."""
    norms = rulebook.sanctions.get(duty, ())
    own = {k for n in norms for k in SANCTIONS if getattr(n, k) is not None}
    if depth < MAX_DEPTH:
        ids = {n.id for n in norms}
        orders = {n.answers for n in rulebook.norms.values() if n.ordered_by in ids}
        own |= {k for order in orders for k in _brought(rulebook, order, depth + 1)}
    return frozenset(own)
