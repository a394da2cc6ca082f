"""In which order a plan is computed: level by level, each child list folded when it is ready."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from carbonlex.portfolio.graph import Grain, Node, ordered

FOLDS = frozenset({"sum_rows", "any_row", "min_rows", "max_rows", "count_rows"})
_FREE = frozenset({"const", "null", "column"})
_NEARLY_FREE = frozenset({"isnull", "istrue", "not"})
LARGEST = 64  # nodes of one expression: beyond it, planners get slow before rows are read


@dataclass(frozen=True)
class Compute:
    """Compute columns of the entity, or of a child record, from columns that are there."""

    grain: Grain | None
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Bring:
    """Bring columns of the entity to its child records."""

    grain: Grain
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Fold:
    """Fold child records into columns of their entity."""

    grain: Grain
    nodes: tuple[Node, ...]


Step = Compute | Bring | Fold


@dataclass(frozen=True)
class Schedule:
    """The steps of a plan. `kept` are the nodes that get a column of their own, by id.

    `columns` are the columns of the data that it reads; `made` is what a face has made of nodes,
    by their ids, for the next batch.
    """

    steps: tuple[Step, ...]
    kept: frozenset[int]
    columns: tuple[Node, ...]
    made: dict[int, Any] = field(default_factory=dict, compare=False, repr=False)


def schedule(outputs: Iterable[tuple[Grain | None, Node]]) -> Schedule:
    """Return the order of computing for outputs and all that they need.

    Each output comes with the record that it is wanted for: what is of the entity may be wanted
    for each of its child records.
    """
    wanted = list(outputs)
    nodes = list(ordered(n for _, n in wanted))
    kept, crossing = _kept(nodes, wanted)
    stages, levels = _places(nodes, kept)
    computed: dict[tuple[int, int, Grain | None, int], list[Node]] = {}
    brought: dict[tuple[int, Grain], list[Node]] = {}
    folded: dict[tuple[int, Grain], list[Node]] = {}
    for node in nodes:
        stage = stages[node.id]
        if node.op in FOLDS:
            assert isinstance(node.data, Grain)
            folded.setdefault((stage - 1, node.data), []).append(node)
        elif node.id in kept and node.op != "column":
            child = node.grain is not None
            computed.setdefault((stage, child, node.grain, levels[node.id]), []).append(node)
    for grain, node in crossing:
        brought.setdefault((stages[node.id], grain), []).append(node)
    last = max(stages.values(), default=0)
    steps: list[Step] = []
    for stage in range(last + 1):
        for key in sorted((k for k in computed if k[0] == stage and not k[1]), key=lambda k: k[3]):
            steps.append(Compute(None, tuple(computed[key])))
        for at, grain in sorted(k for k in brought if k[0] == stage):
            steps.append(Bring(grain, tuple(brought[at, grain])))
        inner = sorted(
            (k for k in computed if k[0] == stage and k[1]), key=lambda k: (k[2] or (), k[3])
        )
        for key in inner:
            steps.append(Compute(key[2], tuple(computed[key])))
        for at, grain in sorted(k for k in folded if k[0] == stage):
            steps.append(Fold(grain, tuple(folded[at, grain])))
    columns = tuple(n for n in nodes if n.op == "column")
    return Schedule(tuple(steps), frozenset(kept), columns)


def _names_twice(node: Node) -> bool:
    """Return whether the expression of a node names an argument more than once."""
    if node.op == "round":
        assert isinstance(node.data, tuple)
        return node.data[0] != "round_half_up" or node.args[0].lo < 0
    if node.op in ("min", "max"):
        return all(a.op != "const" for a in node.args)
    return node.op in ("divround", "date")


def _kept(
    nodes: list[Node], wanted: list[tuple[Grain | None, Node]]
) -> tuple[set[int], list[tuple[Grain, Node]]]:
    """Return the nodes that get a column, and those of the entity that child records need."""
    uses: Counter[int] = Counter()
    real = [(g, n) for g, n in wanted if n.op not in ("const", "null")]
    outputs = {n.id for _, n in real}
    crossing = {(g, n.id): (g, n) for g, n in real if g is not None and n.grain is None}
    for node in nodes:
        rows = node.data if node.op in FOLDS else node.grain
        for arg in {a.id: a for a in node.args}.values():
            again = _names_twice(node) and arg.op not in _FREE and arg.op != "scaled"
            uses[arg.id] += 2 if again else 1
            if isinstance(rows, Grain) and arg.grain is None and arg.op not in ("const", "null"):
                crossing[rows, arg.id] = (rows, arg)
    kept = set(outputs) | {n.id for n in nodes if n.op in FOLDS}
    kept |= {node.id for _, node in crossing.values()}
    size: dict[int, int] = {}
    cheap: set[int] = set()
    for node in nodes:
        inside = 1 + sum(1 if a.id in kept else size[a.id] for a in node.args)
        if node.op in _FREE or (
            node.op in _NEARLY_FREE and (node.args[0].id in cheap or node.args[0].id in kept)
        ):
            cheap.add(node.id)
        elif uses[node.id] > 1 or inside > LARGEST:
            kept.add(node.id)
        size[node.id] = 1 if node.id in kept else inside
    return kept, list(crossing.values())


def _places(nodes: list[Node], kept: set[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Return of each node the stage, one more after each fold, and the level within it."""
    stages: dict[int, int] = {}
    levels: dict[int, int] = {}
    for node in nodes:
        stage = max((stages[a.id] for a in node.args), default=0)
        if node.op in FOLDS:
            stages[node.id], levels[node.id] = stage + 1, 0
            continue
        stages[node.id] = stage
        near = [a for a in node.args if stages[a.id] == stage and a.grain == node.grain]
        levels[node.id] = max((levels[a.id] + (a.id in kept) for a in near), default=0)
    return stages, levels
