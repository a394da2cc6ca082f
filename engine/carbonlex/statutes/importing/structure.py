"""The lines of a text into an act: what stands before it, its divisions, its annexes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NoReturn

from carbonlex.statutes.importing.article import Paragraphs
from carbonlex.statutes.importing.divisions import Divisions, content_of
from carbonlex.statutes.importing.draft import Annex, Draft
from carbonlex.statutes.importing.marks import HEADINGS
from carbonlex.statutes.importing.preface import contents_of, preface_of, title_at
from carbonlex.statutes.importing.source import Block, Line, Remark, Source, bare, refuse, seen
from carbonlex.statutes.importing.tokens import annexes_begin, begins_annex, tokens_of


def structured(source: Source, title: str = "") -> Draft:
    """Return what a text is made of; raises `ContentError` where its divisions cannot be.

    `title` is what the text is called; without it, the line that looks most like one is taken.
    """
    return _Structure(source, title).draft()


class _Structure:
    """One text, pass by pass: annexes off, articles found, contents off, divisions put in order."""

    def __init__(self, source: Source, title: str) -> None:
        self.source, self.told = source, title
        self.remarks: list[Remark] = [*source.remarks]
        cut = annexes_begin(source.blocks)
        self.blocks, self.rest = source.blocks[:cut], source.blocks[cut:]

    def draft(self) -> Draft:
        """Return the act."""
        tokens = tokens_of(self.blocks, self.remarks)
        first = next((n for n, t in enumerate(tokens) if t.article), None)
        if first is None:
            return self.without_articles()
        entries = contents_of([t.block for t in tokens[:first]])
        begins = next(
            n for n, t in enumerate(tokens) if (t.heading or t.article) and n not in entries
        )
        before = [t.block for t in tokens[:begins]]
        title, at = self.titled(before, near=True)
        divisions = Divisions(tokens[begins:], self.source.name)
        self.remarks += divisions.remarks
        preface = preface_of(before, at, "" if at else title, entries)
        made = Draft(title, preface, divisions.nodes, self.annexes(), ())
        self.against_contents(made)
        self.at_the_end(made)
        return replace(made, remarks=self.in_order())

    def without_articles(self) -> Draft:
        """Return a text that has no article: its paragraphs, numbered by us."""
        self.say(
            0, "没有第×条，段落编号为本程序所加，不是原文的条款号",
            "there are no articles: paragraphs are numbered by this program, not by the text",
        )  # fmt: skip
        title, at = self.titled(self.blocks, near=False)
        ends = at.stop if at else 0
        while ends < len(self.blocks) and _is_note(self.blocks[ends]):
            ends += 1
        paragraphs = Paragraphs("", self.blocks[ends:], strict=True)
        self.remarks += paragraphs.remarks
        preface = preface_of(self.blocks[:ends], at, "" if at else title, {})
        if not paragraphs.done:
            refuse(
                "import-structure", ("没有条文，也没有段落", "neither articles nor paragraphs"),
                self.source.name, ("核对文件是否完整", "check that the file is whole"),
            )  # fmt: skip
        return Draft(title, preface, paragraphs.nodes(), self.annexes(), self.in_order())

    def say(self, line: int, zh: str, en: str) -> None:
        """Note something for a person to look at."""
        self.remarks.append(Remark(zh, en, line))

    def in_order(self) -> tuple[Remark, ...]:
        """Return all remarks, in the order of the text."""
        return tuple(sorted(self.remarks, key=lambda r: r.line))

    def titled(self, blocks: Sequence[Block], near: bool) -> tuple[str, range | None]:
        """Return the title and the lines that hold it, or refuse a text without."""
        at = title_at(blocks, self.told, near)
        if at:
            words = (b.whole for n in at if isinstance(b := blocks[n], Line))
            return seen(" ".join(words)), at
        supplied = self.told or self.source.title
        if not supplied:
            self.untitled()
        return supplied, None

    def untitled(self) -> NoReturn:
        """Refuse a text whose title cannot be told."""
        refuse(
            "import-structure", ("看不出文件名称", "its title cannot be told"), self.source.name,
            ("用 --title 写明名称", "say it with --title"),
        )  # fmt: skip

    def annexes(self) -> tuple[Annex, ...]:
        """Return the annexes; each begins with its mark."""
        starts = [n for n, b in enumerate(self.rest) if begins_annex(b)]
        made: list[Annex] = []
        for start, end in pairwise([*starts, len(self.rest)]):
            heading = content_of(self.rest[start])
            content = tuple(content_of(b) for b in self.rest[start + 1 : end])
            made.append(Annex(seen(str(heading)), content, self.rest[start].line))
        return tuple(made)

    def against_contents(self, made: Draft) -> None:
        """Note what the table of contents has and the text has not, or the other way round."""
        told = {bare(e.words) for e in made.preface.entries}
        if not told:
            return
        have = {bare(n.num + n.heading): n.line for n in made.nodes() if n.tag in HEADINGS}
        for words in sorted(told - have.keys()):
            self.say(0, f"目录有而正文没有：{words}", f"in the contents, not in the text: {words}")
        for words, line in have.items():
            if words not in told:
                self.say(
                    line, f"正文有而目录没有：{words}", f"in the text, not in the contents: {words}"
                )

    def at_the_end(self, made: Draft) -> None:
        """Note lines that may not be law: those after the sentence on when it takes effect."""
        last = [n for n in made.nodes() if n.tag == "article"][-1]
        if len(last.children) > 1:
            number = len(last.children)
            self.say(
                last.children[1].line,
                f"{last.num}有 {number} 款；末尾如是落款、日期或网页文字，请先从文件中删去",
                f"the last article has {number} paragraphs: delete from the file what is a"
                " signature, a date, or of a web page",
            )


def _is_note(block: Block) -> bool:
    """Return whether a line under a title is a note on it (题注): in brackets, or a number."""
    if not isinstance(block, Line):
        return False
    words = bare(block.whole)
    return len(words) < 200 and ((words[:1] == "(" and words[-1:] == ")") or _is_number(words))


def _is_number(words: str) -> bool:
    return len(words) < 40 and words.endswith("号") and any(c in words for c in "〔[(令")
