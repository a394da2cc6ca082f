"""The words for drafts over a portfolio: flips, who enters and leaves, what moves, the sweep."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from carbonlex.model import Label, Outcome
from carbonlex.portfolio.flips import ConceptFlips, DutyFlips, Flip, GroupFlips, Moved
from carbonlex.portfolio.subjects import KINDS, Slot
from carbonlex.portfolio.sweep import Point, Sweep
from carbonlex.portfolio.totals import Part
from carbonlex.portfolio.whatif import PortfolioWhatIf
from carbonlex.portfolio.wording import AMOUNTS, ORDER, PortfolioWords, presumed_words
from carbonlex.quantities import Range
from carbonlex.words.phrases import OUTCOMES
from carbonlex.words.values import say

MOST_POINTS = 40
NO_DUTY = Label("无此义务", "no such duty")
_ORDER: tuple[Outcome | None, ...] = (*ORDER, None)


class FlipWords(PortfolioWords):
    """Says what drafts do to a portfolio, in one language."""

    def __init__(self, found: PortfolioWhatIf, lang: str) -> None:
        super().__init__(found.law.after, lang)
        self.found, self.subjects, self.units = found, found.subjects, found.units

    def title(self) -> str:
        """Return what was judged, of when."""
        found = self.found
        first, last = found.years
        years = str(first) if first == last else f"{first}–{last}"
        rows, asked = found.rows["entities"], found.asked.on
        return self.pick(
            f"{found.data} · 询问日 {asked} · {years}年度 · {rows:,} 个单位年度",
            f"{found.data} · asked on {asked} · {years} · {rows:,} entity-years",
        )

    def chosen(self) -> str:
        """Return the readings that were chosen; empty where none was."""
        said = ", ".join(f"{q}={r}" for q, r in sorted(self.found.asked.readings.items()))
        return self.pick(f"所选读法：{said}", f"readings: {said}") if said else ""

    def named(self, slot: Slot) -> str:
        """Return the name of a duty; of a child record's, with what is counted."""
        label = self.subjects[slot].label.of(self.lang)
        if not slot.record:
            return label
        of = self.rulebook.vocabulary.records[slot.record].label.of(self.lang)
        return self.pick(f"{label}（按{of}）", f"{label} (each of {of})")

    def presumed(self) -> str:
        """Return what was presumed where nobody told it; empty where nothing was."""
        names = self.found.presumptions
        said = [
            f"{self.rulebook.label_of(n).of(self.lang)}{self.pick('：', ': ')}"
            f"{presumed_words(self.rulebook, n, self.lang)}"
            for n in names
        ]
        listed = self.pick("；", "; ").join(said)
        return (
            self.pick(f"未告知时推定：{listed}", f"presumed where not told: {listed}")
            if said
            else ""
        )

    def tallies(self, of: GroupFlips) -> Iterator[str]:
        """Yield how many entity-years are in breach, and open, before and after."""
        yield self.pick(
            f"有违反的单位年度：{of.breached[0]:,} → {of.breached[1]:,}（新增 {of.enter:,}，"
            f"消除 {of.leave:,}）",
            f"entity-years with a breach: {of.breached[0]:,} → {of.breached[1]:,} "
            f"({of.enter:,} new, {of.leave:,} gone)",
        )
        yield self.pick(
            f"没有违反而未定或规范冲突的：{of.open_ones[0]:,} → {of.open_ones[1]:,}；"
            f"数据有误的 {of.invalid:,}",
            f"without one, undetermined or in conflict: {of.open_ones[0]:,} → "
            f"{of.open_ones[1]:,}; with invalid data: {of.invalid:,}",
        )

    def outcome(self, outcome: Outcome | None) -> str:
        """Return a verdict in a word; None: that law has no such duty."""
        return (OUTCOMES[outcome] if outcome is not None else NO_DUTY).of(self.lang)

    def flips(self, of: DutyFlips) -> Iterator[tuple[Flip, int]]:
        """Yield the flips of a duty in the order of verdicts: before, then after."""
        for before in _ORDER:
            for after in _ORDER:
                rows = of.flips[Flip(before, after)]
                if rows and Flip(before, after).flipped:
                    yield Flip(before, after), rows

    def matrix(self, slot: Slot, of: DutyFlips) -> Iterator[tuple[str, ...]]:
        """Yield a row for each flip of a duty: duty, before, after, rows."""
        for flip, rows in self.flips(of):
            words = (self.outcome(flip.before), self.outcome(flip.after))
            yield self.named(slot), *words, f"{rows:,}"

    def new_or_gone(self, slot: Slot, of: DutyFlips) -> str:
        """Return that only one of the laws has a duty; empty where both have."""
        before, after = of.side
        name = self.named(slot)
        if before and after:
            return ""
        if after:
            return self.pick(
                f"新的义务：{name}，{after:,} 行", f"a new duty: {name}, {_rows(after)}"
            )
        return self.pick(
            f"不再有的义务：{name}，{before:,} 行", f"a duty that is gone: {name}, {_rows(before)}"
        )

    def half_open(self, of: GroupFlips) -> str:
        """Return how many verdicts one law settles and the other does not; empty where none."""
        rows = sum(d.half_open for d in of.duties.values())
        return (
            self.pick(
                f"一部法律可定、另一部不可定的判断：{rows:,} 行",
                f"verdicts that one law settles and the other leaves open: {rows:,}",
            )
            if rows
            else ""
        )

    def flag(self, name: str, of: ConceptFlips) -> tuple[str, ...]:
        """Return a concept that holds or not: enters, leaves, holds before and after, open."""
        sides = [sum(n for s, n in of.states.items() if s[at] is True) for at in (0, 1)]
        cells = (of.enters, of.leaves, *sides, of.half_open)
        return self.rulebook.label_of(name).of(self.lang), *(f"{n:,}" if n else "" for n in cells)

    def flags(self) -> str:
        """Return the heads of the columns of `flag`."""
        return self.pick(
            "认定|进入|退出|修改前成立|修改后成立|一侧无值",
            "finding|enter|leave|hold before|hold after|no value on one side",
        )

    def amounts_moved(self, slot: Slot, of: DutyFlips) -> Iterator[str]:
        """Yield the amounts of a duty that differ, a sentence for each kind."""
        for kind in KINDS:
            moved = of.amounts.get(kind, Moved())
            if moved.differs:
                unit = self.units[slot].get(kind, "")
                yield self.colon(AMOUNTS[kind].of(self.lang), self.moved(moved, unit))

    def concept_moved(self, name: str, of: ConceptFlips) -> str:
        """Return how the sum of a concept moves."""
        term = self.rulebook.vocabulary.terms[name]
        return self.colon(term.label.of(self.lang), self.moved(of.amount, term.unit))

    def moved(self, of: Moved, unit: str) -> str:
        """Return an amount before and after, and by how much it moves."""
        ends = (of.before, of.after)
        before, after = (
            say(Range(e.low, e.high) if e.rows else None, unit, self.lang) for e in ends
        )
        said = [f"{before} → {after}", self._difference(of, unit)]
        lost = [
            self.pick(f"修改{side[0]}未知 {rows:,} 行", f"{rows:,} not known {side[1]}")
            for side, rows in ((("前", "before"), of.open_before), (("后", "after"), of.open_after))
            if rows
        ]
        if of.moved.rows and not of.whole:
            rows = of.moved.rows
            lost.append(
                self.pick(f"差数只含两侧均知的 {rows:,} 行", f"difference of {_rows(rows)}")
            )
        return self.pick("；", "; ").join([*said, *lost])

    def _difference(self, of: Moved, unit: str) -> str:
        if not of.moved.rows:
            return self.pick("没有两侧均知的行", "no row is known on both sides")
        ends = sorted((of.moved.low, of.moved.high))
        signs = ["+" if end > 0 else "" for end in ends]
        said = [sign + say(end, unit, self.lang) for sign, end in zip(signs, ends, strict=True)]
        both = said[0] if ends[0] == ends[1] else self.pick("至", " to ").join(said)
        rows = self.pick(f"{of.changed:,} 行变动", _rows(of.changed))
        return self.pick(f"差 {both}（{rows}）", f"difference {both} ({rows})")

    def colon(self, head: str, said: str) -> str:
        """Join a head and what is said under it."""
        return self.pick(f"{head}：{said}", f"{head}: {said}")

    def group_row(self, of: GroupFlips) -> tuple[str, ...]:
        """Return a group: entity-years, breaches before and after, new, gone, verdicts flipped."""
        flipped = sum(d.flipped for d in of.duties.values())
        half = sum(d.half_open for d in of.duties.values())
        cells = (of.breached[0], of.breached[1], of.enter, of.leave, flipped, half)
        return f"{of.entity_years:,}", *(f"{n:,}" if n else "" for n in cells)

    def group_heads(self) -> str:
        """Return the heads of the columns of `group_row`."""
        return self.pick(
            "单位年度|违反前|违反后|新增|消除|翻转|一侧未定",
            "entity-years|breach before|after|new|gone|flips|half open",
        )


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


class SweepWords:
    """Says what a portfolio comes to over a sweep, in one language."""

    def __init__(self, words: FlipWords, sweep: Sweep) -> None:
        self.words, self.sweep, self.lang = words, sweep, words.lang
        self.pick = words.pick

    def title(self) -> str:
        """Return which figure was tried, from where to where."""
        figure = self.sweep.figure
        label = figure.parameter.label.of(self.lang)
        ends = [self.value(figure.values[at]) for at in (0, -1)]
        count = len(figure.values)
        return self.pick(
            f"扫描：{label} [{figure.name}] {ends[0]} – {ends[1]}，{count} 个值",
            f"Sweep: {label} [{figure.name}] {ends[0]} – {ends[1]}, {count} values",
        )

    def value(self, value: Fraction) -> str:
        """Return a value of the figure."""
        return say(value, self.sweep.figure.parameter.unit, self.lang)

    def heads(self) -> str:
        """Return the heads of the table, divided by `|`."""
        concepts = [self.words.rulebook.label_of(n).of(self.lang) for n in self.sweep.concepts]
        duties = [self.words.named(s) for s in self.sweep.slots]
        names = [n.replace("|", "／") for n in (*concepts, *duties)]
        return "|".join((self.sweep.figure.name, *names))

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield a row for each value; of many, some between the ends."""
        points = self.sweep.points
        step = -(-len(points) // MOST_POINTS)
        for at, point in enumerate(points):
            if at % step == 0 or at == len(points) - 1:
                yield self.value(point.value), *self._cells(point)

    def left_out(self) -> str:
        """Return how many values the table leaves out; empty where it shows all."""
        more = len(self.sweep.points) - sum(1 for _ in self.rows())
        return (
            self.pick(
                f"表中未列 {more} 个值（--json 有全部）。",
                f"{more} values not in the table: --json.",
            )
            if more
            else ""
        )

    def _cells(self, point: Point) -> Iterator[str]:
        terms = self.words.rulebook.vocabulary.terms
        for name in self.sweep.concepts:
            found, term = point.concept(name), terms[name]
            held = f"{found.holds:,}" if term.type == "boolean" else ""
            yield held or say(found.sum, term.unit, self.lang)
        for slot in self.sweep.slots:
            yield self.pick("；", "; ").join(self._duty(point, slot)) or "–"

    def _duty(self, point: Point, slot: Slot) -> Iterator[str]:
        outcomes = point.duty(slot).outcomes
        for outcome in ("breached", "undetermined"):
            if rows := outcomes[outcome]:
                yield f"{OUTCOMES[outcome].of(self.lang)} {rows:,}"
        units = self.words.units[slot]
        for kind in ("gap", "fine"):
            one = point.amount(slot, Part(kind, "breached"))
            if one.known and not one.nothing:
                said = say(Range(one.low, one.high), units[kind], self.lang)
                yield f"{AMOUNTS[kind].of(self.lang)} {said}"
