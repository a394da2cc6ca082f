"""Serial numbers followed through a ledger: no unit is counted twice, none comes back from use."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal

from carbonlex.errors import Diagnostic
from carbonlex.ledger.movements import Movement

State = Literal["held", "gone", "spent"]

# A unit sold may be bought back; one surrendered, used, cancelled or deducted is no more. What
# is banked comes in again under another vintage.
_AFTER: dict[str, State] = {"sell": "gone", "bank": "gone", "pledge": "held"}


@dataclass(frozen=True)
class Span:
    """Serial numbers from `first` to `last`, both included, and the row that moved them last."""

    first: int
    last: int
    state: State
    by: Movement


@dataclass
class Serials:
    """The serial numbers of one pool, row by row in the order of days.

    `complete` as long as every row that brought units in told their numbers.
    """

    spans: list[Span] = field(default_factory=list)
    complete: bool = True

    def take(self, row: Movement) -> Diagnostic | None:
        """Follow one row; return what is impossible about it, in which case nothing moved."""
        if row.serials is None:
            self.complete = self.complete and not row.brings
            return None
        first, last = row.serials
        near = self._overlapping(first, last)
        forbidden = ("held", "spent") if row.brings else ("gone", "spent")
        for span in near:
            if span.state in forbidden:
                return _repeated(row, span)
        covered = sum(min(s.last, last) - max(s.first, first) + 1 for s in near)
        if not row.brings and self.complete and covered < last - first + 1:
            return _never_held(row)
        self._put(Span(first, last, "held" if row.brings else _AFTER.get(row.kind, "spent"), row))
        return None

    def _overlapping(self, first: int, last: int) -> list[Span]:
        # Spans are disjoint and sorted, so their ends are sorted too.
        start = bisect_left(self.spans, first, key=lambda s: s.last)
        end = bisect_left(self.spans, last + 1, key=lambda s: s.first)
        return self.spans[start:end]

    def _put(self, new: Span) -> None:
        near = self._overlapping(new.first, new.last)
        start = bisect_left(self.spans, new.first, key=lambda s: s.last)
        kept = [new]
        if near and near[0].first < new.first:
            kept.insert(0, Span(near[0].first, new.first - 1, near[0].state, near[0].by))
        if near and near[-1].last > new.last:
            kept.append(Span(new.last + 1, near[-1].last, near[-1].state, near[-1].by))
        self.spans[start : start + len(near)] = kept


def _repeated(row: Movement, span: Span) -> Diagnostic:
    assert row.serials is not None
    low, high = max(span.first, row.serials[0]), min(span.last, row.serials[1])
    which = f"{low}–{high}" if low != high else f"{low}"
    earlier = f"{span.by.kind} {span.by.day} ({span.by.where})"
    message = {
        "spent": (f"编号 {which} 已用于 {earlier}，不能再动用",
                  f"serials {which} were used up by {earlier} and cannot move again"),
        "gone": (f"编号 {which} 已由 {earlier} 转出，不能再次转出",
                 f"serials {which} left by {earlier} and cannot leave again"),
        "held": (f"编号 {which} 已由 {earlier} 取得，不能再次取得",
                 f"serials {which} came in by {earlier} and cannot come in again"),
    }[span.state]  # fmt: skip
    hint = {
        "spent": ("核对编号；同一单位只能使用一次", "check the numbers: a unit is used only once"),
        "gone": ("核对编号；其间曾买回的，买入一行也写编号",
                 "check the numbers; if they were bought back, tell them in that row too"),
        "held": ("核对编号；其间曾卖出的，卖出一行也写编号",
                 "check the numbers; if they were sold meanwhile, tell them in that row too"),
    }[span.state]  # fmt: skip
    return Diagnostic("serial-repeated", message, row.where, hint=hint)


def _never_held(row: Movement) -> Diagnostic:
    assert row.serials is not None
    which = f"{row.serials[0]}–{row.serials[1]}"
    return Diagnostic(
        "movement-overdrawn",
        (f"编号 {which} 在 {row.day} 并未全部持有",
         f"serials {which} are not all held on {row.day}"),
        row.where,
        hint=("核对编号；较早取得的，补一行 movement = \"opening\"",
              "check the numbers; if they came in earlier, add a row movement = \"opening\""),
    )  # fmt: skip
