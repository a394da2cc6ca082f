"""Where a sentence was read off: paths into a report, such as `surrender/2025/test/0/1`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from carbonlex.errors import CitationError
from carbonlex.reasoner.consequence import (
    Consequence,
    Lighter,
    Limitation,
    Package,
    Sanctions,
)
from carbonlex.reasoner.precedence import Clash, Defeat
from carbonlex.reasoner.proof import Proof
from carbonlex.reasoner.verdict import Concurrence, Finding, Report, Robustness, Verdict

if TYPE_CHECKING:
    from carbonlex.portfolio.subjects import Slot
    from carbonlex.portfolio.survey import Survey

Source: TypeAlias = "Report | Survey"
"""What a document is read off."""

Node = (
    Proof, Verdict, Finding, Sanctions, Package, Consequence, Lighter, Robustness, Defeat, Clash,
    Limitation, Concurrence,
)  # fmt: skip


def path_of(verdict: Verdict) -> str:
    """Return the path of a verdict: duty and year, and the child record counted from 1."""
    record = f".{verdict.index + 1}" if verdict.index >= 0 else ""
    return f"{verdict.duty}/{verdict.year}{record}"


def slot_name(slot: Slot) -> str:
    """Return how a path names a duty of a portfolio: with the record it is counted by."""
    return f"{slot.duty}@{slot.record}" if slot.record else slot.duty


def node_at(source: Source, path: str) -> object:
    """Return what a path names in a report or a portfolio; raises `CitationError` if nothing."""
    return _reported(source, path) if isinstance(source, Report) else _counted(source, path)


def _counted(found: Survey, path: str) -> object:
    """Return the totals of a duty, `surrender`, or of one kind of amount, `surrender/fine`."""
    name, _, kind = path.partition("/")
    duties = {slot_name(s): of for s, of in found.totals.whole.duties.items()}
    of = duties.get(name)
    amounts = {p: a for p, a in of.amounts.items() if p.kind == kind} if of is not None else {}
    if of is None or (kind and not amounts):
        raise CitationError(f"no total at {path!r}")
    return amounts if kind else of


def _reported(report: Report, path: str) -> object:
    """Return the node of a report at a path; raises `CitationError` where there is none.

    After the name of a verdict, `binding`, `test` and the like name its proofs, `sanctions` its
    consequences; numbers are positions, in a proof those of its parts. A path that ends on
    something that is not a node of the report is none.
    """
    first, _, rest = path.partition("/")
    lists = {"findings": report.findings, "concurrences": report.concurrences}
    here: object = lists.get(first)
    if here is None:
        second, _, rest = rest.partition("/")
        here = next((v for v in report.verdicts if path_of(v) == f"{first}/{second}"), None)
    for name in rest.split("/") if rest else ():
        if name.isdecimal():
            row = here.parts if isinstance(here, Proof) else here
            inside = isinstance(row, tuple) and int(name) < len(row)
            here = row[int(name)] if inside and isinstance(row, tuple) else None
        else:
            here = None if isinstance(here, Proof) else getattr(here, name, None)
    if not isinstance(here, Node):
        raise CitationError(f"no proof at {path!r}")
    return here


def steps(proof: Proof, path: str) -> Iterator[tuple[Proof, str]]:
    """Yield every step of a proof with its path, top down."""
    yield proof, path
    for at, part in enumerate(proof.parts):
        yield from steps(part, f"{path}/{at}")
