"""A plan in Polars: integers of 64 bits, of 128 where a bound asks for it, nulls for unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from carbonlex.portfolio.graph import Grain, Node
from carbonlex.portfolio.schedule import Bring, Compute, Fold, Schedule

if TYPE_CHECKING:
    import polars as pl

AT = "_at"
MANY = 50_000


def column_name(node: Node) -> str:
    """Return the name of a column of the data in a frame: `verified_emissions@1` a year before."""
    assert isinstance(node.data, tuple)
    name, back = node.data
    return f"{name}@{back}" if back and node.grain is None else str(name)


def run(plan: Schedule, entities: pl.DataFrame, children: Mapping[Grain, pl.DataFrame]) -> Frames:
    """Return the frames of a plan over the rows of one group, lazy where nothing was folded.

    `entities` has a row for each entity with `_at` counting from 0, and the columns of the plan
    by `column_name`; `children` the child records, each with the `_at` of its entity.
    """
    face = Frames(plan, entities, children)
    for step in plan.steps:
        match step:
            case Compute(None, nodes):
                face.entities = face.entities.with_columns([face.named(n) for n in nodes])
            case Compute(grain, nodes):
                assert grain is not None
                frame = face.children[grain]
                face.children[grain] = frame.with_columns([face.named(n) for n in nodes])
            case Bring(grain, nodes):
                face.bring(grain, nodes)
            case Fold(grain, nodes):
                face.fold(grain, nodes)
    return face


class Frames:
    """The frames of a plan while it is computed, and the expressions of its nodes."""

    def __init__(
        self, plan: Schedule, entities: pl.DataFrame, children: Mapping[Grain, pl.DataFrame]
    ) -> None:
        self.plan, self.entities = plan, entities.lazy()
        self.children = {grain: frame.lazy() for grain, frame in children.items()}
        # Many rows go through in pieces that stay in the processor's cache; few are done at once.
        self.engine: Literal["streaming", "in-memory"] = (
            "streaming" if entities.height > MANY else "in-memory"
        )

    def collected(self, frame: pl.LazyFrame) -> pl.DataFrame:
        """Compute a frame."""
        found = frame.collect(engine=self.engine)
        return found

    def settle(self) -> pl.DataFrame:
        """Compute the entities so far: what comes after reads them more than once."""
        found = self.collected(self.entities)
        self.entities = found.lazy()
        return found

    def named(self, node: Node) -> pl.Expr:
        """Return the expression of a node that gets a column, under its name; made once."""
        made = self.plan.made
        if node.id not in made:
            made[node.id] = self.computed(node).alias(f"n{node.id}")
        found: pl.Expr = made[node.id]
        return found

    def of(self, node: Node) -> pl.Expr:
        """Return a node as an expression: its column, where it has one."""
        import polars as pl

        if node.op == "column":
            found = pl.col(column_name(node))
            return found.cast(pl.Int64) if node.kind == "number" and self._counts(node) else found
        if node.id in self.plan.kept:
            return pl.col(f"n{node.id}")
        return self.computed(node)

    def _counts(self, node: Node) -> bool:
        assert isinstance(node.data, tuple)
        return str(node.data[0]).endswith(".count")

    def computed(self, node: Node) -> pl.Expr:
        """Return the expression that computes a node from its arguments."""
        from carbonlex.portfolio.faces.expressions import OPERATIONS

        return OPERATIONS[node.op](self, node)

    def bring(self, grain: Grain, nodes: tuple[Node, ...]) -> None:
        """Give child records the columns of their entity."""
        names = [column_name(n) if n.op == "column" else f"n{n.id}" for n in nodes]
        frame = self.children[grain]
        brought = self.settle().lazy().select(AT, *names)
        self.children[grain] = frame.join(brought, on=AT, how="left", maintain_order="left")

    def fold(self, grain: Grain, nodes: tuple[Node, ...]) -> None:
        """Fold child records and give the results to their entities."""

        frame = self.collected(self.children[grain])
        self.children[grain] = frame.lazy()
        parts: list[pl.Expr] = []
        for node in nodes:
            parts += self._parts(node)
        grouped = frame.group_by(AT).agg(parts) if parts else frame.select(AT).unique()
        joined = self.entities.join(grouped.lazy(), on=AT, how="left", maintain_order="left")
        self.entities = joined.with_columns([self._folded(n).alias(f"n{n.id}") for n in nodes])

    def _parts(self, node: Node) -> list[pl.Expr]:
        """Return what a fold aggregates: under `p` its value, under `u` what is unknown."""
        import polars as pl

        name = f"{node.id}"
        if node.op == "count_rows":
            return [pl.len().cast(pl.Int64).alias(f"p{name}")]
        arg = node.args[0]
        each = self.wide(arg, node.wide)
        if node.op in ("min_rows", "max_rows"):
            return [(each.min() if node.op == "min_rows" else each.max()).alias(f"p{name}")]
        lost = [each.is_null().any().alias(f"u{name}")] if arg.nullable else []
        if node.op == "any_row":
            sure = each.fill_null(False) if arg.nullable else each
            return [sure.any().alias(f"p{name}"), *lost]
        # The same for each record is no column: its sum would be taken once.
        total = each * pl.len() if arg.op == "const" else each.sum()
        return [total.alias(f"p{name}"), *lost]

    def _folded(self, node: Node) -> pl.Expr:
        import polars as pl

        value = pl.col(f"p{node.id}")
        if node.op in ("min_rows", "max_rows"):
            return value
        if node.op == "any_row":
            value = value.fill_null(False)
            if not node.args[0].nullable:
                return value
            lost = pl.col(f"u{node.id}").fill_null(False)
            return pl.when(value).then(True).when(~lost).then(False)
        value = value.fill_null(0)
        if node.op == "count_rows" or not node.args[0].nullable:
            return value
        return pl.when(~pl.col(f"u{node.id}").fill_null(False)).then(value)

    def wide(self, node: Node, needed: bool) -> pl.Expr:
        """Return a number in as many bits as what is computed from it needs."""
        import polars as pl

        found = self.of(node)
        if node.kind != "number" or not needed:
            return found
        if node.op == "const":
            return pl.lit(node.data, dtype=pl.Int128)
        return found if node.wide else found.cast(pl.Int128)
