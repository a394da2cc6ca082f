"""Lists of child records: whether one was told, and how many records it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonlex.portfolio.aggregate import count_rows
from carbonlex.portfolio.arithmetic import compare
from carbonlex.portfolio.graph import Grain, Node
from carbonlex.portfolio.logic import disjunction, is_known

if TYPE_CHECKING:
    from carbonlex.portfolio.symbolic import Symbolic


def listed(run: Symbolic, record: str, year: int) -> tuple[Grain, Node, int]:
    """Return a list of child records: its grain, whether it was told, the most it can hold."""
    g, back = run.graph, run.year - year
    grain = Grain(record, back)
    if year < run.first:
        return grain, g.false, 0
    told_count = counted(run, record, year)
    told = is_known(g, told_count)
    most = 0
    if record in run.available.children:
        most = run.available.most[record]
        some = compare(g, ">", count_rows(g, grain, most), g.constant("number", 0, 0))
        told = disjunction(g, (some, told))
    return grain, told, most


def counted(run: Symbolic, record: str, year: int) -> Node:
    """Return the column that says how many child records were told; unknown without one."""
    held = run.available.entity.get(f"{record}.count")
    if held is None or year < run.first:
        return run.graph.null("number")
    back = run.year - year
    return run.graph.column(
        f"{record}.count", "number", back=back, bounds=(held.lo, held.hi),
        nullable=held.nullable or back > 0,
    )  # fmt: skip
