"""Why rows are undetermined: the facts that a proof asks for and nobody told, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from carbonlex.portfolio.compile import Plan
from carbonlex.portfolio.engines import Face
from carbonlex.portfolio.execute import column_of, gathered, placed
from carbonlex.portfolio.faces.polars import AT
from carbonlex.portfolio.graph import Node
from carbonlex.portfolio.judge import Answered
from carbonlex.portfolio.outcome import OUTCOMES
from carbonlex.portfolio.reading.prepared import BAD, ENTITY, ROW, YEAR
from carbonlex.portfolio.schedule import Schedule, schedule

if TYPE_CHECKING:
    import polars as pl

INVALID = "invalid-data"
"""The reason of every row of an entity with a cell that could not be taken."""

OTHER = "other"
"""The reason where no single fact is wanting: what was told does not settle it."""

SUFFIX, OUTCOME, AND = ".reasons", ".outcome", "+"
_UNDETERMINED = OUTCOMES.index("undetermined")


class Reasons:
    """Finds the reasons of undetermined rows; the plans of a portfolio are scheduled once each."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self._wanted: dict[int, tuple[Plan, dict[str, list[str]], dict[str, Node], Schedule]] = {}

    def of(self, answer: Answered) -> Mapping[str, pl.DataFrame]:
        """Return by table, for each row with something undetermined, why.

        `_row`, and for each duty a column `<duty>.reasons`: names joined by `+`, null where it is
        not undetermined.
        """
        import polars as pl

        outcomes = {t: _outcomes(answer, t) for t in answer.frames}
        hits = {t: answer.frames[t].filter(_any(names)) for t, names in outcomes.items() if names}
        hits = {t: frame for t, frame in hits.items() if frame.height}
        if not hits:
            return {}
        bad = answer.rows.filter(pl.col(BAD))[ENTITY].unique()
        open_ones = pl.concat([f.select(ENTITY) for f in hits.values()])[ENTITY].unique()
        rows = answer.rows.filter(
            pl.col(ENTITY).is_in(open_ones.implode()) & ~pl.col(ENTITY).is_in(bad.implode())
        )
        found: dict[str, pl.DataFrame] = {}
        why: dict[str, pl.DataFrame] = {}
        _, lacking, wanted, order = self._plan(answer.plan)
        if rows.height:
            rows = rows.drop(AT).with_row_index(AT)
            gathered_rows = gathered(answer.plan.group, rows, wanted, order, answer.told)
            why = self.face(answer.plan, wanted, order, gathered_rows)
        for table, frame in hits.items():
            keys = [ROW, ENTITY, *outcomes[table]]
            joined = frame.select(keys)
            if table in why:
                joined = joined.join(why[table].drop(ENTITY, YEAR), on=ROW, how="left")
            spoiled = pl.col(ENTITY).is_in(bad.implode())
            said = [
                _said(name, lacking.get(name, []), joined.columns, spoiled)
                for name in outcomes[table]
            ]
            found[table] = joined.select(ROW, *said)
        return found

    def _plan(self, plan: Plan) -> tuple[Plan, dict[str, list[str]], dict[str, Node], Schedule]:
        """Return which names each duty may lack, and the columns that say where it does.

        The columns are named `<duty>?0`, `<duty>?1`: names of parameters have slashes of their own.
        """
        key = id(plan)
        if key not in self._wanted:
            lacking: dict[str, list[str]] = {}
            wanted: dict[str, Node] = {}
            for (duty, place), nodes in plan.reasons.items():
                name = column_of(duty, place)
                kept = [(fact, node) for fact, node in nodes if node is not plan.graph.false]
                lacking[name + OUTCOME] = [fact for fact, _ in kept]
                wanted |= {f"{name}{OUTCOME}?{at}": node for at, (_, node) in enumerate(kept)}
            self._wanted[key] = plan, lacking, wanted, schedule(placed(wanted))
        return self._wanted[key]


def _outcomes(answer: Answered, table: str) -> list[str]:
    frame = answer.frames[table]
    return [n for n in answer.outputs if n.endswith(OUTCOME) and n in frame.columns]


def _any(names: list[str]) -> pl.Expr:
    import polars as pl

    return pl.any_horizontal(pl.col(n) == _UNDETERMINED for n in names)


def _said(name: str, lacking: list[str], columns: list[str], spoiled: pl.Expr) -> pl.Expr:
    """Return the names that a duty lacks, as text."""
    import polars as pl

    places = [(f"{name}?{at}", fact) for at, fact in enumerate(lacking)]
    parts = [pl.when(pl.col(c)).then(pl.lit(fact)) for c, fact in places if c in columns]
    text = pl.lit("")
    if parts:
        text = pl.concat_str(parts, separator=AND, ignore_nulls=True)
    named = pl.when(spoiled).then(pl.lit(INVALID)).when(text == "").then(pl.lit(OTHER))
    told = pl.when(pl.col(name) == _UNDETERMINED).then(named.otherwise(text))
    return told.alias(name.removesuffix(OUTCOME) + SUFFIX)
