"""A sweep in sentences and rows: the values tried, and the value at which a verdict flips."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from carbonlex.model import Outcome
from carbonlex.quantities import decimals, grouped, plain, round_half_even
from carbonlex.reform.sweep import Cliff, Point, Slot, Sweep
from carbonlex.reform.wording import WhatIfWords
from carbonlex.words.phrases import ASSUMED, MARKS, OUTCOMES, joined
from carbonlex.words.values import say

MOST_ROWS, MOST_COLUMNS = 40, 4


class SweepWords:
    """Says what one sweep found, in one language."""

    def __init__(self, words: WhatIfWords, sweep: Sweep) -> None:
        self.words, self.sweep, self.lang = words, sweep, words.lang
        self.pick = words.pick

    def title(self) -> str:
        """Return which figure was tried on which case, from where to where."""
        asked = self.sweep.asked
        label = asked.parameter.label.of(self.lang)
        ends = [self.value(asked.values[at]) for at in (0, -1)]
        case = self.sweep.case_name
        head = self.pick(f"扫描：{label} [{asked.name}]", f"Sweep: {label} [{asked.name}]")
        count = self.pick(f"，{len(asked.values)} 个值", f", {len(asked.values)} values")
        said = f"{head} {ends[0]}" if self.single else f"{head} {ends[0]} – {ends[1]}{count}"
        return self.words.beside(said, case) if case else said

    def value(self, value: Fraction) -> str:
        """Return a value of the figure; one without an end in digits with its fraction."""
        if decimals(value) is None:
            near = grouped(round_half_even(value, 6))
            return f"{plain(value)}{self.pick(f'（约 {near}）', f' (about {near})')}"
        return say(value, self.sweep.asked.parameter.unit, self.lang)

    def columns(self) -> tuple[Slot, ...]:
        """Return the verdicts that a table shows: those that flip before those that move."""
        flipping = dict.fromkeys(c.slot for c in self.sweep.cliffs)
        found = tuple(dict.fromkeys((*flipping, *self.sweep.slots)))
        return found if self.single else found[:MOST_COLUMNS]

    @property
    def single(self) -> bool:
        """Whether one value only was tried: its verdicts then stand below each other."""
        return len(self.sweep.points) == 1

    def heads(self) -> str:
        """Return the heads of the table, divided by `|`."""
        if self.single:
            value = self.value(self.sweep.points[0].value)
            return self.pick("义务", "duty") + f"|{self.sweep.asked.name} = {value}"
        names = [self.name(s).replace("|", "／") for s in self.columns()]
        return "|".join((self.sweep.asked.name, *names))

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield a row for each value; of many, the ends, those beside a cliff, and some between."""
        columns = self.columns()
        if self.single:
            yield from ((self.name(s), self.cell(self.sweep.points[0], s)) for s in columns)
            return
        last = ""
        for at, point in self.shown():
            cells = tuple(self.cell(point, s) for s in columns)
            yield (("… " if last and at > int(last) + 1 else "") + self.value(point.value), *cells)
            last = str(at)

    def shown(self) -> Iterator[tuple[int, Point]]:
        points = self.sweep.points
        keep = set(range(len(points)))
        if len(points) > MOST_ROWS:
            keep = set(range(0, len(points), -(-len(points) // 20))) | {0, len(points) - 1}
            for cliff in self.sweep.cliffs:
                at = next(i for i, p in enumerate(points) if p.value >= cliff.high)
                keep |= {max(at - 1, 0), at}
        return ((at, points[at]) for at in sorted(keep))

    def left_out(self) -> str:
        """Return what the table leaves out; empty where it shows all."""
        said = []
        every = set(self.sweep.slots) | {c.slot for c in self.sweep.cliffs}
        if (more := len(every) - len(self.columns())) > 0:
            said.append(self.pick(f"另有 {more} 项判断", f"{more} more verdicts"))
        points = len(self.sweep.points)
        if (fewer := points - sum(1 for _ in self.shown())) > 0:
            said.append(self.pick(f"另有 {fewer} 个值", f"{fewer} more values"))
        if not said:
            return ""
        listed = joined(said, self.lang)
        return self.pick(
            f"表中未列：{listed}（--json 有全部）。", f"Not in the table: {listed}; --json has all."
        )

    def name(self, slot: Slot) -> str:
        """Return a duty with its year and record."""
        return self.words.name(self.sweep.labels[slot], slot[1], slot[2])

    def cell(self, point: Point, slot: Slot) -> str:
        """Return the outcome of a verdict at a value, and what it comes to."""
        sample = point.samples.get(slot)
        if sample is None:
            return self.pick("无此义务", "no such duty")
        outcome = ASSUMED.of(self.lang) if sample.assumed else self.outcome(sample.outcome)
        said = [f"{MARKS[sample.outcome]} {outcome}"]
        if sample.outcome != "not_applicable":
            said += self.words.amounts(sample.figures)
        return self.pick("；", "; ").join(said)

    def outcome(self, outcome: Outcome) -> str:
        """Return an outcome in a word."""
        return OUTCOMES[outcome].of(self.lang)

    def cliffs(self) -> Iterator[str]:
        """Yield each value at which verdicts flip, and how; or that there is none."""
        groups: dict[tuple[object, ...], list[Cliff]] = {}
        for one in self.sweep.cliffs:
            place = (one.value,) if one.value is not None else (one.low, one.high)
            groups.setdefault((place, one.below, one.above, one.on), []).append(one)
        if self.single:
            yield self.pick(
                "只试了一个值，无从翻转；范围写作 起:止:步长。",
                "One value only was tried, so nothing can flip; a range is START:STOP:STEP.",
            )
            return
        for found in groups.values():
            names = joined([self.name(c.slot) for c in found], self.lang)
            yield f"{self.flip(found[0])}{self.pick('：', ': ')}{names}"
        if not groups:
            yield self.pick(
                "在所扫描的范围内没有判断翻转。", "No verdict flips within the values tried."
            )

    def flip(self, one: Cliff) -> str:
        below, above, on = (self.outcome(o) for o in (one.below, one.above, one.on))
        if one.value is None:
            low, high = self.value(one.low), self.value(one.high)
            return self.pick(
                f"在 {low} 与 {high} 之间由“{below}”变为“{above}”",
                f"flips between {low} and {high}, from {below} to {above}",
            )
        at = self.value(one.value)
        if one.on == one.above:
            return self.pick(
                f"在 {at} 翻转：低于则“{below}”，自 {at} 起“{above}”",
                f"flips at {at}: {below} below, {above} from {at} on",
            )
        if one.on == one.below:
            return self.pick(
                f"在 {at} 翻转：至 {at} 止“{below}”，高于则“{above}”",
                f"flips at {at}: {below} up to {at}, {above} above",
            )
        return self.pick(
            f"在 {at} 翻转：低于则“{below}”，恰为 {at} 则“{on}”，高于则“{above}”",
            f"flips at {at}: {below} below, {on} on {at} itself, {above} above",
        )
