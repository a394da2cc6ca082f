"""What the law of one day attaches to a breach, over columns: `reasoner.sanctions`, per world."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from carbonlex.model import Label
from carbonlex.portfolio.arithmetic import add, compare, same
from carbonlex.portfolio.duty import Duty, Imposed, measured
from carbonlex.portfolio.frame import Frame, Place
from carbonlex.portfolio.graph import Node
from carbonlex.portfolio.logic import (
    conjunction,
    disjunction,
    is_false,
    is_known,
    is_true,
)
from carbonlex.portfolio.sym import Span, Sym
from carbonlex.portfolio.symbolic import Symbolic
from carbonlex.portfolio.worlds import World
from carbonlex.reasoner.fines import AMOUNTS, FINE_CONFLICT, rivals
from carbonlex.reasoner.precedence import Defeat, Ranking
from carbonlex.reasoner.sanctions import MAX_DEPTH, kinds_of
from carbonlex.rulebook.norms import ConsequenceKind, Norm


@dataclass(frozen=True)
class Attached:
    """One consequence of a breach: `depth` is 0 for the breach itself, 1 for the order after it.

    `amount` is a range for fines, both ends the same for others; None where there is no amount.
    """

    kind: ConsequenceKind
    norm: Norm
    depth: int
    possible: bool
    amount: Span | None
    excluded: bool
    liable: Label | None


@dataclass
class Scheme:
    """The sanctions of a breach, and the duties that they order, by depth."""

    attached: list[Attached] = field(default_factory=list)
    ordered: list[tuple[Attached, Duty]] = field(default_factory=list)


@dataclass(frozen=True)
class _Candidate:
    norm: Norm
    possible: bool


@dataclass(frozen=True)
class Breach:
    """Whose breach is asked after: duty, year, record, and the law of which day."""

    duty: str
    year: int
    place: Place
    law: date

    def frame(self, norm: Norm) -> Frame:
        """Return where an expression of a norm is read."""
        return Frame(self.year, self.law, norm, self.place)


def scheme(run: Symbolic, breach: Breach, world: World) -> Scheme:
    """Return everything that the law of a day attaches to the breach of a duty."""
    found = Scheme()
    _attach(run, breach, world, found, {}, 0)
    return found


def _attach(
    run: Symbolic, breach: Breach, world: World, into: Scheme,
    lost: dict[ConsequenceKind, frozenset[str]], depth: int,
) -> None:  # fmt: skip
    lost = dict(lost)
    candidates = _candidates(run, breach, world)
    correction: Attached | None = None
    groups: dict[tuple[ConsequenceKind, Label | None], list[_Candidate]] = {}
    for one in candidates:
        for kind in _kinds(one.norm):
            if not (kind == "fine" and one.norm.instrument in lost.get("fine", ())):
                groups.setdefault((kind, one.norm.liable), []).append(one)
    for (kind, liable), group in groups.items():
        shut = [c for c in candidates if kind in c.norm.excludes]
        attached, beaten = _settle(run, breach, world, kind, liable, group, shut, depth)
        into.attached.append(attached)
        if kind == "correction" and not attached.excluded:
            correction = attached
        if kind in ("fine", "correction") and liable is None:
            lost[kind] = lost.get(kind, frozenset()) | beaten - {attached.norm.instrument}
    if correction is not None and depth < MAX_DEPTH:
        duty = ordered(run, breach, correction.norm)
        if duty is not None:
            into.ordered.append((correction, duty))
            further = Breach(duty.name, breach.year, breach.place, breach.law)
            _attach(run, further, world, into, lost, depth + 1)


def _kinds(norm: Norm) -> list[ConsequenceKind]:
    """Return the kinds of consequence that bear on verdicts and money."""
    return [k for k in kinds_of(norm) if k == "correction" or k in AMOUNTS]


def _candidates(run: Symbolic, breach: Breach, world: World) -> list[_Candidate]:
    found = []
    for norm in run.rulebook.sanctions.get(breach.duty, ()):
        if not run.in_force(norm, breach.law, breach.year):
            continue
        version = run.version(norm, breach.year)
        frame = breach.frame(version)
        holds: bool | None = True
        if version.when is not None:
            holds = world.truth(run.value(version.when, frame).node)
        if holds is not False:
            spared = _spared(run, version, frame, world)
            holds = holds if spared is None else world.truth(spared.node)
        if holds is not False:
            found.append(_Candidate(version, holds is None))
    return found


def _spared(run: Symbolic, norm: Norm, frame: Frame, world: World) -> Sym | None:
    """Return an exception to a sanction that holds, or else one that may hold."""
    found = [run.exception(e, frame, world) for e in run.rulebook.exceptions.get(norm.id, ())]
    held = [f for f in found if f is not None and f.step != "spared"]
    for one in held:
        if world.known(one.node):
            return one
    return held[0] if held else None


def amount_of(run: Symbolic, breach: Breach, kind: ConsequenceKind, norm: Norm) -> Span | None:
    """Return the amount that a norm attaches as a range; None for a kind without amount."""
    node = AMOUNTS[kind](norm) if kind in AMOUNTS else None
    if node is None:
        return None
    value = run.value(node, breach.frame(norm)).value
    if isinstance(value, Span):
        return value
    assert isinstance(value, Node)
    return Span(value, value)


def _settle(
    run: Symbolic, breach: Breach, world: World, kind: ConsequenceKind, liable: Label | None,
    group: list[_Candidate], shut: list[_Candidate], depth: int,
) -> tuple[Attached, frozenset[str]]:  # fmt: skip
    """Return which norm governs one kind of consequence, and the instruments that lost."""
    g = run.graph
    by_id = {c.norm.id: c for c in (*group, *shut)}
    ranking = run.rank(tuple(c.norm for c in by_id.values()), breach.law)
    amounts = {c.norm.id: amount_of(run, breach, kind, c.norm) for c in group}
    if kind == "fine" and len(group) > 1:
        ranking = _higher_fine(run, breach, world, ranking, group, amounts)
    chosen = by_id[ranking.order[0].id]
    own = amounts.get(chosen.norm.id)
    possible = chosen.possible
    if ranking.winner is None:
        others = [n.id for n in ranking.order[1:] if n.id in amounts]
        alike = [i for i in others if world.truth(_same_amount(run, amounts[i], own))]
        if ranking.clashes and len(alike) < len(by_id) - 1:
            # Nothing says which of them stands, so none gives a figure.
            own, possible = Span(g.unknown, g.unknown), True
    beaten = frozenset(run.rulebook.norms[d.loser].instrument for d in ranking.defeats)
    attached = Attached(
        kind, chosen.norm, depth, possible, own, kind in chosen.norm.excludes, liable
    )
    return attached, beaten


def _same_amount(run: Symbolic, one: Span | None, other: Span | None) -> Node:
    g = run.graph
    if one is None or other is None:
        return g.truth(one is other)
    known = conjunction(g, [is_known(g, e) for e in (one.lower, other.lower)])
    ends = [same(g, a, b) for a, b in zip(one, other, strict=True)]
    return conjunction(g, (known, *ends))


def _higher_fine(
    run: Symbolic, breach: Breach, world: World, ranking: Ranking,
    group: list[_Candidate], amounts: dict[str, Span | None],
) -> Ranking:  # fmt: skip
    """Where law says that the higher fine applies and that reading is taken, compare row by row."""
    ids = {c.norm.id for c in group}
    rule, pair = rivals(run.rulebook, ranking, ids, lambda r: run.in_force(r, breach.law))
    if rule is None or run.reading(FINE_CONFLICT) != "higher-fine":
        return ranking
    assert rule.precedence is not None
    higher = rule.precedence.higher
    rank = {n.id: run.rulebook.instruments[n.instrument].rank for n in pair}
    sizes = {n.id: _size(run, breach, world, n, amounts[n.id]) for n in pair}
    rest = tuple(n for n in ranking.order if n not in pair)
    known = {n.id: world.truth(_known_span(run, sizes[n.id])) for n in pair}
    if not all(known.values()):
        pair.sort(key=lambda n: (bool(known[n.id]), rank[n.id] == higher))
        return Ranking(None, (*pair, *rest), ranking.defeats)
    first: list[Norm] = []
    for norm in pair:  # the largest first, equal ones in the order of rank
        at = 0
        while at < len(first) and not world.truth(
            _exceeds(run, sizes[norm.id], sizes[first[at].id])
        ):
            at += 1
        first.insert(at, norm)
    kept = [d for d in ranking.defeats if not {d.winner, d.loser} <= {n.id for n in pair}]
    won = [Defeat(first[0].id, n.id, rule.id, "higher_fine") for n in first[1:]]
    return Ranking(first[0], (*first, *rest), (*won, *kept))


def _known_span(run: Symbolic, span: Span | None) -> Node:
    return run.graph.false if span is None else is_known(run.graph, span.lower)


def _exceeds(run: Symbolic, one: Span | None, other: Span | None) -> Node:
    assert one is not None and other is not None
    g = run.graph
    above = is_true(g, compare(g, ">", one.upper, other.upper))
    level = is_true(g, compare(g, "==", one.upper, other.upper))
    lower = is_true(g, compare(g, ">", one.lower, other.lower))
    return disjunction(g, (above, conjunction(g, (level, lower))))


def _size(
    run: Symbolic, breach: Breach, world: World, norm: Norm, first: Span | None
) -> Span | None:
    """Return the fine of a provision with its further step, where that has fallen due too."""
    g = run.graph
    duty = ordered(run, breach, norm)
    if first is None or duty is None:
        return first
    due = conjunction(g, (is_true(g, duty.past), is_false(g, duty.met)))
    if not world.truth(due):
        return first
    further = Breach(duty.name, breach.year, breach.place, breach.law)
    for one in run.rulebook.sanctions.get(duty.name, ()):
        if one.instrument == norm.instrument and one.fine is not None:
            later = run.version(one, breach.year)
            more = amount_of(run, further, "fine", later)
            if more is None:
                return None
            first = more if later.replaces == norm.id else _plus(run, first, more)
    return first


def _plus(run: Symbolic, one: Span, other: Span) -> Span:
    g = run.graph
    return Span(add(g, one.lower, other.lower), add(g, one.upper, other.upper))


def ordered(run: Symbolic, breach: Breach, sanction: Norm) -> Duty | None:
    """Return the duty that an order to correct imposes: `reasoner.orders`."""
    orders = [n for n in run.rulebook.norms.values() if n.ordered_by == sanction.id]
    if not orders:
        return None
    g, norm = run.graph, orders[0]
    frame = breach.frame(norm)
    due = run.value(norm.due, frame) if norm.due is not None else None
    day = due.node if due is not None else g.null("date")
    test = run.test(norm, frame)
    imposed = Imposed(norm, frame, Sym(g.true, "literal"), False, test, due, day)
    past = g.null("boolean")
    if day.op != "null":
        past = compare(g, ">", g.day(run.asked_on), day)
    gap, cost = measured(run, norm, frame, True)
    return Duty(norm.answers, imposed, False, g.true, test.node, past, day, gap, cost)
