"""A redline on a terminal: what each article becomes, then its words in two columns.

What went stands in 【】 on the left, what came in 〔〕 on the right, so that it can be read where
there is neither colour nor type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TypeAlias

from rich.box import SQUARE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from carbonlex.interfaces.typesetting import folded
from carbonlex.rulebook.quoting import as_written
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.rulebook.stranded import Stranded
from carbonlex.statutes.citation import pinpoint
from carbonlex.statutes.instruments import SUMMARY, Instrument
from carbonlex.statutes.redline import CHANGES, Redline, RedlineLine, Row
from carbonlex.statutes.stretches import Op, passages
from carbonlex.words.redlines import CHANGE_LABELS, amendment
from carbonlex.words.sentences import flagged

_MARKS: dict[Op, tuple[str, str, str]] = {
    "deleted": ("【", "】", "red strike"),
    "inserted": ("〔", "〕", "bold green"),
}
Listed: TypeAlias = tuple[str, list[str]]
_FRAME = 7  # the three rules of a table and the space about its cells


def comparable(rulebook: Rulebook, *keys: str) -> tuple[str, str] | None:
    """Return why instruments cannot be compared, in Chinese and English; None where they can.

    Two instruments that are not expressions of one work have articles of the same numbers that
    have nothing to do with one another.
    """
    held = rulebook.instruments
    for key in keys:
        if key not in held:
            near = "、".join(get_close_matches(key, held, n=5, cutoff=0.6) or held)
            return f"没有文件 {key}；可选：{near}", f"no instrument {key}; choose from: {near}"
    works = {held[key].work for key in keys}
    if len(works) > 1:
        first = held[keys[0]].work
        others = "、".join(k for k, i in held.items() if i.work == first and k != keys[0])
        zh, en = others or "没有其他文本", others or "no other expression is held"
        said = " 与 ".join(keys), " and ".join(keys)
        return (
            f"{said[0]} 不是同一文件的两个文本，条号相同也无关联；{keys[0]} 可对照：{zh}",
            f"{said[1]} are not two expressions of one instrument: articles of one number have "
            f"nothing in common; {keys[0]} compares with: {en}",
        )
    return None


class RedlinePage:
    """Prints one redline in one language; `whole` shows unchanged articles too."""

    def __init__(
        self, console: Console, rulebook: Rulebook, redline: Redline, lang: str, whole: bool = False
    ) -> None:
        self.console, self.rulebook, self.redline = console, rulebook, redline
        self.lang, self.whole = lang, whole
        self.old, self.new = redline.old, redline.new

    def print(self, lost: Iterable[Stranded]) -> None:
        """Print heading, legend, the articles, those left out, and norms that lose their words."""
        self.head()
        for row in self.redline.rows:
            shown = row.kind in ("changed", "inserted", "repealed")
            if shown or (self.whole and row.kind != "not-held"):
                self.row(row)
        for title, lines in self.lists(tuple(lost)):
            self.listed(title, lines)

    def pick(self, zh: str, en: str) -> str:
        """Return the words of the language of the page."""
        return zh if self.lang == "zh" else en

    def say(self, text: str | Text, depth: int = 0, style: str = "") -> None:
        """Print text at a depth, wrapped under itself."""
        whole = text if isinstance(text, Text) else Text(text, style=style)
        for line in folded(whole, self.console.width - 2 * depth):
            self.console.print(Text(" " * (2 * depth)) + line, soft_wrap=True)

    def title(self) -> str:
        """Return which texts are compared."""
        one, other = self.titles()
        return self.pick(f"修订对照表：{one} → {other}", f"Redline: {one} → {other}")

    def tally(self) -> str:
        """Return how many articles differ, and how."""
        counts = ((kind, len(self.redline.of(kind))) for kind in CHANGES)
        said = [f"{CHANGE_LABELS[kind].of(self.lang)} {count}" for kind, count in counts if count]
        return self.pick("条文：", "articles: ") + self.pick("，", ", ").join(said)

    def head(self) -> None:
        """Print which texts are compared, how much differs, and what the marks mean."""
        self.say(self.title(), 0, "bold")
        self.say(self.tally(), 1)
        if not self.redline.amendments:
            self.say(self.nothing(), 1)
            return
        gone = self._marked("deleted", self.pick("删去", "deleted"))
        came = self._marked("inserted", self.pick("新增", "inserted"))
        self.say(
            Text.assemble(self.pick("图例：", "legend: "), gone, self.pick("，", ", "), came), 1
        )

    def titles(self) -> tuple[str, str]:
        """Return both titles; those that are one title with the day of effect of each."""
        one, other = self.old.title.of(self.lang), self.new.title.of(self.lang)
        if one != other:
            return one, other
        days = self.old.effective, self.new.effective
        old, new = (self.pick(f"{d} 施行", f"in force from {d}") for d in days)
        if old == new:
            old, new = self.pick("修改前|修改后", "before|as amended").split("|")
        return self.pick(f"{one}（{old}）", f"{one} ({old})"), self.pick(
            f"{one}（{new}）", f"{one} ({new})"
        )

    def nothing(self) -> str:
        """Return that nothing differs, so far as that can be told."""
        unknown = len(self.redline.of("not-held"))
        if not unknown:
            return self.pick("没有变化。", "Nothing differs.")
        if unknown == len(self.redline.rows):
            return self.pick("没有可以对照的条文。", "There is no article that can be compared.")
        return self.pick(
            "可以对照的条文没有变化。", "Nothing differs in the articles that can be compared."
        )

    def row(self, row: Row) -> None:
        """Print one article: what becomes of it, then old and new side by side."""
        self.console.print()
        flag = SUMMARY.of(self.lang) if row.summary else flagged(row.grade, self.lang).strip()
        said = amendment(self.redline, row, self.lang, quoting=False)
        said = said or CHANGE_LABELS[row.kind].of(self.lang)
        self.say(said, 0, "bold cyan")
        if flag:
            never = "" if row.quotable else self.pick("，不作引文", ", not to be quoted")
            self.say(flag + never, 1, "red")
        table = Table(box=SQUARE, show_lines=False, expand=True)
        heads = (
            (self.pick("修改前", "before"), self.old, row.old),
            (self.pick("修改后", "after"), self.new, row.new),
        )
        for name, instrument, eid in heads:
            table.add_column(f"{name}{self.pick('　', ': ')}{self.place(instrument, eid)}", ratio=1)
        for line in row.lines:
            table.add_row(
                self.cell(line, line.old, "deleted"), self.cell(line, line.new, "inserted")
            )
        self.console.print(table)

    def place(self, instrument: Instrument, eid: str) -> str:
        """Return the pinpoint of an article, or that there is none."""
        return pinpoint(instrument, eid, self.lang) if eid else self.pick("（无）", "(none)")

    def cell(self, line: RedlineLine, eid: str, own: Op) -> Text:
        """Return one side of a line: what stayed, and what is this side's own, marked."""
        if not eid:
            return Text()
        text = Text()
        for differs, old, new in passages(line.stretches):
            words = old if own == "deleted" else new
            text.append_text(self._marked(own, words) if differs and words else Text(words))
        width = (self.console.width - _FRAME) // 2
        return Text("\n").join(folded(text, width))

    def _marked(self, op: Op, words: str) -> Text:
        before, after, style = _MARKS[op]
        return Text(before + words + after, style=style)

    def lists(self, lost: Sequence[Stranded]) -> list[Listed]:
        """Return what follows the articles: renumbered, not compared, norms that lose words."""
        return [self.renumbered(), self.not_held(), self.stranded(lost)]

    def renumbered(self) -> Listed:
        """Return, in a line each, the articles that only have another number."""
        rows = () if self.whole else self.redline.of("renumbered")
        title = self.pick("文字未变，仅改条号", "Other numbers, same words")
        return title, [amendment(self.redline, row, self.lang) for row in rows]

    def not_held(self) -> Listed:
        """Return the articles that could not be compared."""
        said: list[str] = []
        for row in self.redline.of("not-held"):
            # Where a side lists nothing, it need not have nothing.
            missing = self.pick("（未列）", "(not listed)")
            one = self.place(self.old, row.old) if row.old else missing
            other = self.place(self.new, row.new) if row.new else missing
            said.append(one if one == other else f"{one} → {other}")
        title = CHANGE_LABELS["not-held"].of(self.lang)
        together = [self.pick("、", ", ").join(said)] if said else []
        return title[:1].upper() + title[1:], together

    def stranded(self, lost: Sequence[Stranded]) -> Listed:
        """Return the norms of the old text whose quotes the new one does not have."""
        said: list[str] = []
        for one in lost:
            label = self.rulebook.norms[one.norm].label.of(self.lang)
            place = self.place(self.old, one.old)
            spans: Iterable[str] = one.missing
            if one.old in self.old.provisions:  # a file may go by the key and be divided otherwise
                spans = [as_written(self.old, one.old, text) for text in one.missing]
            missing = self.pick("、", ", ").join(f"“{text}”" for text in spans)
            why = self.pick(f"新文本没有：{missing}", f"not in the new text: {missing}")
            if one.moved:
                now = self.pick("、", ", ").join(self.place(self.new, eid) for eid in one.moved)
                why += self.pick(f"；现见于{now}", f"; now in {now}")
            unknown = self.pick("新文本未收录该条文字，不能核对", "its new words are not held")
            said.append(
                f"{label} [{one.norm}] {place}{self.pick('　', ': ')}{why if missing else unknown}"
            )
        return self.pick("引文在新文本中不再成立的规范", "Norms whose quotes no longer hold"), said

    def listed(self, title: str, lines: Sequence[str]) -> None:
        """Print lines under a title; nothing where there are none."""
        if lines:
            self.console.print()
            self.say(title, 0, "bold")
            for line in lines:
                self.say(line, 1)
