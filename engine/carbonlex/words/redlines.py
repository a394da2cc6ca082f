"""What a redline does, in the verbs of amending decisions: 修改为, 增加一条, 删去, 改为."""

from __future__ import annotations

import re
from dataclasses import dataclass

from carbonlex.model import Label
from carbonlex.statutes.citation import pinpoint
from carbonlex.statutes.instruments import Instrument
from carbonlex.statutes.redline import Change, Redline, RedlineLine, Row
from carbonlex.statutes.stretches import passages

CHANGE_LABELS: dict[Change, Label] = {
    "changed": Label("修改", "changed"),
    "inserted": Label("新增", "inserted"),
    "repealed": Label("删去", "repealed"),
    "renumbered": Label("仅改条号", "renumbered only"),
    "unchanged": Label("未变", "unchanged"),
    "not-held": Label("未收录文字，不能对照", "not held, not compared"),
}
_NOUNS = {"article": "条", "paragraph": "款", "point": "项", "indent": "目", "wrap-up": "段"}
_BREAK = re.compile(r"[，。；：、！？“”（）]")
# A phrase longer than this, or more of them in one paragraph, is no longer read at a glance:
# the drafter then writes the paragraph anew.
_LONGEST, _MOST = 60, 3


def amendment(redline: Redline, row: Row, lang: str = "zh", quoting: bool = True) -> str:
    """Return a row as an amending decision would say it; nothing for one without a change.

    `quoting` false leaves out the wording of what is written anew or added, for a reader who has
    it beside. Words that may not be quoted (recalled, a summary) are left out in any case.

    >>> import carbonlex
    >>> from carbonlex.statutes.redline import redline
    >>> held = carbonlex.load_rulebook().instruments
    >>> found = redline(held["legislation-law-2015"], held["legislation-law-2023"])
    >>> print(amendment(found, found.row("art_96")))
    将第九十六条改为第一百零七条，将“第九十七条”修改为“第一百零八条”。
    >>> amendment(found, found.row("art_88"), "en")
    'Art. 88 becomes art. 99.'
    """
    writer = _Writer(redline, row, lang, quoting and row.quotable)
    said = {
        "changed": writer.changed,
        "inserted": writer.inserted,
        "repealed": writer.repealed,
        "renumbered": writer.renumbered,
    }.get(row.kind)
    return said() if said is not None else ""


@dataclass(frozen=True)
class _Phrase:
    """A phrase that goes, one that comes, and the words it comes after."""

    gone: str
    come: str
    after: str


class _Writer:
    """Writes the sentence of one row."""

    def __init__(self, redline: Redline, row: Row, lang: str, quoting: bool) -> None:
        self.redline, self.row, self.quoting = redline, row, quoting
        self.lang, self.zh = lang, lang == "zh"
        self.old, self.new = redline.old, redline.new

    def pick(self, zh: str, en: str) -> str:
        return zh if self.zh else en

    def place(self, instrument: Instrument, eid: str, local: bool = False) -> str:
        """Return a pinpoint; `local` without the article, which was named just before."""
        said = pinpoint(instrument, eid, self.lang)
        if not (local and self.zh):
            return said
        return said.removeprefix(pinpoint(instrument, instrument.article(eid).eid, self.lang))

    def words(self, instrument: Instrument, eid: str) -> str:
        """Return a colon and the words of a provision, where they are to be quoted."""
        if not self.quoting:
            return ""
        return self.pick("：", ": ") + f"“{instrument.words(eid)}”"

    def end(self, said: str) -> str:
        return said[:1].upper() + said[1:] + self.pick("。", ".")

    def renumbered(self) -> str:
        one, other = self.place(self.old, self.row.old), self.place(self.new, self.row.new)
        return self.end(self.pick(f"{one}改为{other}", f"{one} becomes {other}"))

    def repealed(self) -> str:
        place = self.place(self.old, self.row.old)
        return self.end(self.pick(f"删去{place}", f"repeal {place}"))

    def inserted(self) -> str:
        place, words = self.place(self.new, self.row.new), self.words(self.new, self.row.new)
        noun = _NOUNS[self.new.provisions[self.row.new].level]
        return self.end(self.pick(f"增加一{noun}，作为{place}", f"insert {place}") + words)

    def changed(self) -> str:
        """Say each paragraph that differs; the numbers that follow from that once for all."""
        row, parts = self.row, []
        if row.renumbered:
            one, other = self.place(self.old, row.old), self.place(self.new, row.new)
            parts.append(self.pick(f"将{one}改为{other}", f"{one} becomes {other}"))
        alone = {line.old or line.new for line in row.lines if not (line.old and line.new)}
        gone: list[str] = []
        for line in row.lines:
            over = self.over(line)
            if line.kind == "repealed" and not line.elsewhere and over not in alone:
                gone.append(self.place(self.old, line.old, row.renumbered))
                continue
            if over not in alone and (said := self.line(line)):
                parts.append(said)
        if gone:
            listed = self.pick("、", ", ").join(gone)
            parts.append(self.pick(f"删去{listed}", f"repeal {listed}"))
        if any(line.kind == "renumbered" for line in row.lines):
            parts.append(self.pick("款项序号作相应调整", "renumber the rest accordingly"))
        return self.end(self.pick("，", "; ").join(parts) + self.doubt())

    def doubt(self) -> str:
        """Return that what is here new or gone may stand in an article that is not held."""
        kinds = {line.kind for line in self.row.lines if not line.elsewhere}
        if "repealed" in kinds and not self.redline.new_whole:
            return self.pick(
                "（新文本未收录全部条文，删去的可能已移至他条）",
                " (the new text is not held whole: what is gone may have been moved)",
            )
        if "inserted" in kinds and not self.redline.old_whole:
            return self.pick(
                "（旧文本未收录全部条文，增加的可能原在他条）",
                " (the old text is not held whole: what is new may have been moved)",
            )
        return ""

    def over(self, line: RedlineLine) -> str:
        """Return the paragraph of a point that stands on one side alone."""
        if line.level not in ("point", "indent", "wrap-up") or (line.old and line.new):
            return ""
        side, eid = (self.old, line.old) if line.old else (self.new, line.new)
        return side.provisions[eid].parent

    def line(self, line: RedlineLine) -> str:
        """Return what happens to one paragraph or point."""
        local = self.row.renumbered
        if line.kind == "inserted":
            return self.added(line)
        if line.kind == "repealed":
            one, other = (
                self.place(self.old, line.old, local),
                self.place(self.new, line.elsewhere),
            )
            return self.pick(f"{one}移作{other}", f"{one} is moved to {other}")
        if line.kind != "changed":
            return ""
        # A drafter names what the law in force calls it; once the article has its new number,
        # the new place.
        place = self.place(self.new, line.new, True) if local else self.place(self.old, line.old)
        if not self.zh and local:
            place = self.place(self.new, line.new)
        phrases = _phrases(line) if self.row.quotable else ()
        if not phrases:
            return self.anew(line, place)
        if len(phrases) == 1:
            return self.phrase(phrases[0], place)
        said = self.pick("，", ", ").join(self.phrase(p, "") for p in phrases)
        return self.pick(f"{place}中，" if place else "", f"in {place}, ") + said

    def anew(self, line: RedlineLine, place: str) -> str:
        if not self.quoting:
            return self.pick(f"修改{place or '条文'}", f"rewrite {place}")
        # Its points have lines of their own.
        words = f"“{line.new_words}”"
        return self.pick(
            f"{f'将{place}' if place else ''}修改为：{words}", f"{place} reads: {words}"
        )

    def added(self, line: RedlineLine) -> str:
        place = self.place(self.new, line.new, True)
        noun = _NOUNS[line.level]
        home = "" if self.row.renumbered else "在" + self.place(self.old, self.row.old)
        said = self.pick(f"{home}增加一{noun}，作为{place}", f"insert {place}")
        if line.elsewhere:
            origin = self.place(self.old, line.elsewhere)
            said += self.pick(f"（原{origin}）", f" (formerly {origin})")
        return said + self.words(self.new, line.new)

    def phrase(self, phrase: _Phrase, place: str) -> str:
        gone, come, after = (f"“{x}”" for x in (phrase.gone, phrase.come, phrase.after))
        inside = f"{place}中的" if place else ""
        there = f"in {place}, " if place else ""
        if phrase.gone and phrase.come:
            return self.pick(f"将{inside}{gone}修改为{come}", f"{there}for {gone} read {come}")
        if phrase.gone:
            return self.pick(f"删去{inside}{gone}", f"{there}delete {gone}")
        if phrase.after:
            return self.pick(f"在{place}{after}后增加{come}", f"{there}after {after} insert {come}")
        return self.pick(f"在{place}开头增加{come}", f"{there}at the beginning insert {come}")


def _phrases(line: RedlineLine) -> tuple[_Phrase, ...]:
    """Return the phrases that differ, if they are few and short and each is found only once."""
    found: dict[_Phrase, None] = {}
    before, places = "", 0
    for differs, old, new in passages(line.stretches):
        if differs:
            phrase = _placed(line.old_words, before, old, new)
            if phrase is None:
                return ()
            found[phrase] = None
            places += 1
        before += old
    once = all(line.old_words.count(p.gone) == 1 for p in found if p.gone)
    everywhere = len(found) == 1 and all(line.old_words.count(p.gone) == places for p in found)
    short = all(len(x) <= _LONGEST for p in found for x in (p.gone, p.come))
    return tuple(found) if short and (once or everywhere) and len(found) <= _MOST else ()


def _placed(words: str, before: str, gone: str, come: str) -> _Phrase | None:
    """Return a change with what it takes to find it; None where that is too much."""
    if gone or not before:
        return _Phrase(gone, come, "")
    cut = [m.end() for m in _BREAK.finditer(before[:-1])]
    for start in (*reversed(cut[-2:]), *([0] if len(cut) < 2 else [])):
        anchor = before[start:]
        if 1 < len(anchor) <= _LONGEST and words.count(anchor) == 1:
            return _Phrase("", come, anchor)
    return None
