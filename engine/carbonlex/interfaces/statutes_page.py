"""An import on a terminal: what was made, what a person must look at, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from carbonlex.interfaces.typesetting import folded
from carbonlex.statutes.citation import pinpoint
from carbonlex.statutes.instruments import GRADE_LABELS, RANK_LABELS, Instrument

if TYPE_CHECKING:
    from carbonlex.rulebook.rulebook import Rulebook
    from carbonlex.rulebook.stranded import Stranded
    from carbonlex.statutes.importing.importer import Import

LEVELS: dict[str, tuple[str, str]] = {
    "part": ("编", "parts"),
    "subpart": ("分编", "subparts"),
    "chapter": ("章", "chapters"),
    "section": ("节", "sections"),
    "article": ("条", "articles"),
    "paragraph": ("款", "paragraphs"),
    "point": ("项", "points"),
    "indent": ("目", "indents"),
    "wrapUp": ("项后结尾", "wrap-ups"),
    "annex": ("附件", "annexes"),
}
SHOWN = 40
"""Remarks, lines outside and provisions shown at most; `--json` has them all."""


class ImportPage:
    """Prints one import in one language."""

    def __init__(self, console: Console, rulebook: Rulebook, made: Import, lang: str) -> None:
        self.console, self.rulebook, self.made, self.lang = console, rulebook, made, lang

    def print(
        self,
        lost: Sequence[Stranded],
        path: Path | None,
        ended: Sequence[str],
        older: Instrument | None,
    ) -> None:
        """Print what was made, its doubts, its norms, where it was written and what to do."""
        self.head()
        self.divisions()
        self.outside()
        self.remarks()
        if older is not None:
            self.renumbered(older)
        self.norms(lost)
        self.next_steps(path, ended, older)

    def pick(self, zh: str, en: str) -> str:
        """Return the words of the language of the page."""
        return en if self.lang == "en" else zh

    def say(self, text: str, depth: int = 0, style: str = "") -> None:
        """Print text at a depth, wrapped under itself."""
        for line in folded(Text(text, style=style), self.console.width - 2 * depth):
            self.console.print(Text(" " * (2 * depth)) + line, soft_wrap=True)

    def titled(self, zh: str, en: str) -> None:
        """Print a heading after an empty line."""
        self.console.print()
        self.say(self.pick(zh, en), 0, "bold")

    def head(self) -> None:
        """Print which expression was made of which bytes."""
        identity, source = self.made.identity, self.made.source
        self.say(self.pick(f"《{identity.title.zh}》", identity.title.en), 0, "bold")
        maker = identity.maker_label.of(self.lang)
        rank = RANK_LABELS[identity.rank].of(self.lang)
        grade = GRADE_LABELS[identity.grade].of(self.lang)
        said = [identity.key, maker, rank, *([identity.number] if identity.number else [])]
        self.say(self.pick("　", " · ").join(said), 1)
        days = self.pick(
            f"公布 {identity.promulgated}，施行 {identity.effective}",
            f"promulgated {identity.promulgated}, in force from {identity.effective}",
        )
        if identity.ended:
            days += self.pick(f"，失效 {identity.ended}", f", ended {identity.ended}")
        self.say(f"{days}{self.pick('；', '; ')}{grade}", 1)
        self.say(identity.expression, 1)
        self.say(
            self.pick("来源：", "source: ")
            + f"{source.name} ({source.kind}, {source.encoding}, {source.size:,} B)", 1,
        )  # fmt: skip
        self.say(f"SHA-256 {source.digest}", 1)

    def divisions(self) -> None:
        """Print the counts of each level, gaps in the numbers, and how it compares."""
        counts = self.made.draft.counts
        said = [
            self.pick(f"{zh} {counts[tag]}", f"{counts[tag]} {en}")
            for tag, (zh, en) in LEVELS.items()
            if counts.get(tag)
        ]
        self.titled("结构", "Divisions")
        self.say(self.pick("、", ", ").join(said), 1)
        missing = self.made.draft.missing
        if missing:
            numbers = self.pick("、", ", ").join(map(str, missing[:SHOWN]))
            self.say(self.pick(f"条号缺：{numbers}", f"articles missing: {numbers}"), 1, "red")
        elif counts.get("article"):
            self.say(self.pick("条号连续", "articles are numbered without a gap"), 1)
        signs = f"{self.made.comparison.signs:,}"
        self.say(
            self.pick(
                f"与原文逐字比对：{signs} 字，无丢失，无多出",
                f"held against the source: {signs} signs, none lost, none added",
            ),
            1,
        )
        spelled = self.made.comparison.spelled_out
        if spelled:
            shown = self.pick("、", ", ").join(f"“{s}”" for s in spelled[:8])
            more = "……" if len(spelled) > 8 else ""
            self.say(
                self.pick(
                    f"另写出原文未写成文字的 {len(spelled)} 处：{shown}{more}",
                    f"{len(spelled)} that the source does not hold as text: {shown}{more}",
                ),
                1,
            )

    def outside(self) -> None:
        """Print what of the file was not read as the text."""
        lines = self.made.source.outside
        if not lines:
            return
        self.titled(
            f"文件其余 {len(lines)} 行（网页框架、页码）未导入，请确认不是条文",
            f"{len(lines)} lines (page around it, page numbers) were not imported: are they law?",
        )
        self._listed([line if len(line) < 80 else f"{line[:77]}……" for line in lines])

    def remarks(self) -> None:
        """Print what a person must look at, with its line."""
        if not self.made.remarks:
            return
        number = len(self.made.remarks)
        self.titled(f"请人工核对（{number}）", f"For a person to look at ({number})")
        unit = self.pick("段", "paragraph ") if self.made.source.kind == "docx" else ""
        unit = unit or self.pick("行", "line ")
        lines = []
        for one in self.made.remarks:
            place = self.pick(f"第 {one.line} {unit}：", f"{unit}{one.line}: ") if one.line else ""
            lines.append(place + one.of(self.lang))
        self._listed(lines)

    def renumbered(self, older: Instrument) -> None:
        """Print the articles that keep the wId of another number."""
        new = self.made.instrument
        moved = [p for p in new.provisions.values() if not p.parent and p.wid != p.eid]
        self.titled(
            f"沿用 {older.key} 的原始标识（wId），改号 {len(moved)} 条",
            f"wIds kept from {older.key}: {len(moved)} articles renumbered",
        )
        self._listed([f"{pinpoint(new, p.eid, self.lang)} ← {p.wid}" for p in moved])

    def norms(self, lost: Sequence[Stranded]) -> None:
        """Print the norms of the corpus whose quotes this text does not have."""
        key = self.made.identity.key
        norms = [n for n in self.rulebook.norms.values() if n.instrument == key]
        if not norms:
            return
        held = len(norms) - len({s.norm for s in lost})
        self.titled(
            f"规则的引文：{len(norms)} 条规范，{held} 条成立，{len(norms) - held} 条不成立",
            f"quotes of {len(norms)} norms: {held} hold, {len(norms) - held} do not",
        )
        self._listed(
            [
                f"{self.rulebook.norms[s.norm].label.of(self.lang)} [{s.norm}] "
                + self.pick("、", ", ").join(f"“{m}”" for m in s.missing)
                + self._now_in(s)
                for s in lost
            ]
        )

    def _now_in(self, lost: Stranded) -> str:
        """Return where words now stand that their article has lost; empty where nowhere."""
        new = self.made.instrument
        places = self.pick("、", ", ").join(pinpoint(new, e, self.lang) for e in lost.moved)
        return self.pick(f"；现见于{places}", f"; now in {places}") if places else ""

    def next_steps(self, path: Path | None, ended: Sequence[str], older: Instrument | None) -> None:
        """Print where it was written, and the commands that come next."""
        self.console.print()
        for key in ended:
            day = self.made.identity.effective
            self.say(self.pick(f"{key} 自 {day} 起失效", f"{key} ended on {day}"))
        if path is None:
            self.say(
                self.pick(
                    "未写出：加 --into 条文目录，或 -o 文件.xml",
                    "not written: add --into FOLDER of statutes, or -o FILE.xml",
                )
            )
        else:
            self.say(f"→ {path}")
        self.say(self.pick("下一步：", "next:"))
        before = older.key if older else self.pick("旧文本", "OLD")
        folder = self.pick("条文目录", "FOLDER")
        for command in (
            f"carbonlex statutes diff {before} {path or self.made.source.name}",
            f"carbonlex statutes outline {self.made.identity.key} --statutes {folder}",
            f"carbonlex law verify --statutes {folder}",
        ):
            self.say(command, 2)

    def _listed(self, lines: Sequence[str]) -> None:
        for line in lines[:SHOWN]:
            self.say(line, 1)
        if len(lines) > SHOWN:
            rest = len(lines) - SHOWN
            self.say(self.pick(f"……另 {rest} 处（--json 全列）", f"… and {rest} more (--json)"), 1)
