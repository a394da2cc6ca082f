"""A plan as SQL: one common table expression a level, every cast and rounding said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from carbonlex.portfolio.faces.dialects import Dialect
from carbonlex.portfolio.faces.polars import AT, column_name
from carbonlex.portfolio.graph import Grain, Node
from carbonlex.portfolio.schedule import Bring, Compute, Fold, Schedule

if TYPE_CHECKING:
    from sqlglot import exp

KEY = AT


class Statement:
    """The SQL of one plan in one dialect, for rows of `sources`.

    `sources` names the relation of the entity rows (None) and of each child record; each has the
    columns of the plan by `column_name`, and `_at`, by which they are joined: in that of the
    entities each once.
    """

    def __init__(
        self, plan: Schedule, dialect: Dialect, sources: Mapping[Grain | None, str]
    ) -> None:
        self.plan, self.dialect = plan, dialect
        self.current: dict[Grain | None, str] = dict(sources)
        self.tables: list[tuple[str, exp.Select]] = []
        for step in plan.steps:
            match step:
                case Compute(grain, nodes):
                    self._compute(grain, nodes)
                case Bring(grain, nodes):
                    self._bring(grain, nodes)
                case Fold(grain, nodes):
                    self._fold(grain, nodes)

    def select(self, grain: Grain | None, keys: tuple[str, ...], wanted: Mapping[str, Node]) -> str:
        """Return the statement that gives keys and columns of the entities or child records."""
        query = self._query(grain, keys, wanted)
        for name, table in self._needed(self.current[grain]):
            query = query.with_(name, as_=table, copy=False)
        return query.sql(dialect=self.dialect.name, copy=False)

    def bodies(self) -> dict[str, str]:
        """Return the tables of the plan by name, in order, each as a statement of its own."""
        return {name: table.sql(dialect=self.dialect.name) for name, table in self.tables}

    def last(self, grain: Grain | None, keys: tuple[str, ...], wanted: Mapping[str, Node]) -> str:
        """Return what `select` does, where the tables of `bodies` are there already."""
        return self._query(grain, keys, wanted).sql(dialect=self.dialect.name, copy=False)

    def _query(
        self, grain: Grain | None, keys: tuple[str, ...], wanted: Mapping[str, Node]
    ) -> exp.Select:
        from sqlglot import exp

        columns: list[exp.Expr] = [named(k) for k in keys]
        for name, node in wanted.items():
            value = self.of(node)
            if node.kind == "number" and node.wide:
                value = self.dialect.out(value)
            columns.append(exp.alias_(value, name, quoted=True, copy=False))
        source = exp.to_table(self.current[grain])
        return exp.select(*columns, copy=False).from_(source, copy=False)

    def _needed(self, last: str) -> list[tuple[str, exp.Select]]:
        """Return the tables that a select rests on, in order."""
        from sqlglot import exp

        wanted, found = {last}, []
        for name, table in reversed(self.tables):
            if name in wanted:
                wanted |= {t.name for t in table.find_all(exp.Table)}
                found.append((name, table))
        return found[::-1]

    def _next(self, grain: Grain | None, table: exp.Select) -> None:
        label = "e" if grain is None else f"{grain.record}{grain.back}_"
        name = f"{label}{len(self.tables)}"
        self.tables.append((name, table))
        self.current[grain] = name

    def _compute(self, grain: Grain | None, nodes: tuple[Node, ...]) -> None:
        from sqlglot import exp

        columns = [exp.alias_(self.computed(n), f"n{n.id}", copy=False) for n in nodes]
        source = exp.to_table(self.current[grain])
        self._next(grain, exp.select(exp.Star(), *columns, copy=False).from_(source, copy=False))

    def _bring(self, grain: Grain, nodes: tuple[Node, ...]) -> None:
        from sqlglot import exp

        names = [column_name(n) if n.op == "column" else f"n{n.id}" for n in nodes]
        columns = [named(n, "e") for n in names]
        every = exp.Column(this=exp.Star(), table=exp.to_identifier("c"))
        query = exp.select(every, *columns).from_(exp.to_table(self.current[grain]).as_("c"))
        self._next(grain, _joined(query, self.current[None], "c", "e", "inner"))

    def _fold(self, grain: Grain, nodes: tuple[Node, ...]) -> None:
        from sqlglot import exp

        from carbonlex.portfolio.faces.operations import folded, parts

        columns = [c for n in nodes for c in parts(self, n)]
        source = exp.to_table(self.current[grain])
        grouped = exp.select(named(KEY), *columns).from_(source, copy=False).group_by(named(KEY))
        name = f"f{len(self.tables)}"
        self.tables.append((name, grouped))
        every = exp.Column(this=exp.Star(), table=exp.to_identifier("e"))
        results = [exp.alias_(folded(self, n), f"n{n.id}", copy=False) for n in nodes]
        query = exp.select(every, *results).from_(exp.to_table(self.current[None]).as_("e"))
        self._next(None, _joined(query, name, "e", "f", "left"))

    def of(self, node: Node) -> exp.Expr:
        """Return a node as an expression: its column, where it has one."""
        from sqlglot import exp

        if node.op == "column":
            found = named(column_name(node))
            counts = column_name(node).partition("@")[0].endswith(".count")
            return exp.cast(found, "BIGINT") if counts else found
        if node.id in self.plan.kept:
            return exp.column(f"n{node.id}")
        return self.computed(node)

    def computed(self, node: Node) -> exp.Expr:
        """Return the expression that computes a node from its arguments."""
        from carbonlex.portfolio.faces.operations import OPERATIONS

        found: exp.Expr = OPERATIONS[node.op](self, node)
        return found

    def wide(self, node: Node, needed: bool) -> exp.Expr:
        """Return a number in as many bits as what is computed from it needs."""
        from sqlglot import exp

        found = self.of(node)
        if node.kind != "number":
            return found
        if node.op == "const":
            return exp.cast(found, self.dialect.wide) if needed else found
        return exp.cast(found, self.dialect.wide) if needed and not node.wide else found


def named(name: str, table: str | None = None) -> exp.Column:
    """Return a column by name, quoted: names of data have dots."""
    from sqlglot import exp

    return exp.column(name, table=table, quoted=True)


def _joined(query: exp.Select, other: str, left: str, right: str, how: str) -> exp.Select:
    from sqlglot import exp

    on = exp.EQ(this=named(KEY, left), expression=named(KEY, right))
    return query.join(exp.to_table(other).as_(right), on=on, join_type=how, copy=False)
