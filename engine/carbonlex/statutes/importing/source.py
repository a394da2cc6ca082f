"""What a file says, before anyone asks what it means: lines and tables, each with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NoReturn, TypeAlias

from carbonlex.errors import Code, ContentError, Diagnostic, Location

Kind = Literal["docx", "html", "txt", "md"]
Words: TypeAlias = tuple[str, str]

MAX_BYTES = 20 * 1024 * 1024
MAX_LINES = 100_000
# The longest code of law has some 200,000 signs.
MAX_SIGNS = 2_000_000
MAX_LINE = 100_000
# Signs that nobody sees. They may not survive, since they make two equal texts differ; they are
# counted, and compare as white space does.
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
# White space of every width, and what divides lines in some programs.
_SPACE = re.compile(r"[\s\u3000\u00a0]+")
_WIDE = (
    r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u2014\u2018-\u201d\u2026"
    r"\U00020000-\U0003ffff"
)
_BROKEN = re.compile(rf"(?<=[{_WIDE}])[ \t]*[\r\n]+\s*(?=[{_WIDE}])")
_BETWEEN_WIDE = re.compile(rf"(?<=[{_WIDE}]) (?=[{_WIDE}])")
# What no XML file may hold, and no text of law does.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Line:
    """One line of a text as its reader sees it.

    Attributes:
        text: its words, any white space as one space.
        line: where it stands: the line of a text file, the paragraph of a Word file, from 1.
        mark: a number that a program shows before it and the file does not hold as text: 第一条.
    """

    text: str
    line: int = 0
    mark: str = ""

    @property
    def whole(self) -> str:
        """The line with its mark, as a reader sees it."""
        return f"{self.mark} {self.text}" if self.mark else self.text


@dataclass(frozen=True)
class Table:
    """A table: its cells by row, each in one line."""

    rows: tuple[tuple[str, ...], ...]
    line: int = 0


Block: TypeAlias = Line | Table


@dataclass(frozen=True)
class Remark:
    """Something that a person must look at, and where: `line` as in `Line`, 0 for the whole."""

    zh: str
    en: str
    line: int = 0

    def of(self, lang: str) -> str:
        """Return the remark in one language."""
        return self.en if lang == "en" else self.zh


@dataclass(frozen=True)
class Source:
    """A file as read.

    Attributes:
        name, kind, encoding, size, digest: of the file; the digest is the SHA-256 of its bytes.
        blocks: its lines and tables, in order.
        words: all of its text, taken another way than the blocks: what these are held against.
        outside: text of the file that is not of the document: the frame of a web page, numbers of
            pages.
        title: a title that the file states outside of the text; empty where it states none.
        remarks: what the reader could not be sure of.
    """

    name: str
    kind: Kind
    encoding: str
    size: int
    digest: str
    blocks: tuple[Block, ...]
    words: str
    outside: tuple[str, ...] = ()
    title: str = ""
    remarks: tuple[Remark, ...] = ()


def refuse(code: Code, message: Words, name: str, hint: Words, line: int = 0) -> NoReturn:
    """Raise `ContentError`: the file cannot be read as a text of law."""
    raise ContentError((Diagnostic(code, message, Location(name, line), hint=hint),))


def in_one_line(text: str) -> str:
    """Return text with any white space as one space, and nothing that nobody sees.

    A line end between Chinese characters is that of the file, and no space.

    >>> in_one_line("　　2021 年\\u200b起  施行，\\n  并")
    '2021 年起 施行，并'
    """
    return _SPACE.sub(" ", _BROKEN.sub("", _UNSEEN.sub("", text))).strip()


def seen(text: str) -> str:
    """Return a heading or title as the statutes write it: no space between Chinese characters.

    >>> seen("总　　则"), seen("2021 年 \\u200b1 月  起")
    ('总则', '2021 年 1 月起')
    """
    return _BETWEEN_WIDE.sub("", in_one_line(text))


def bare(text: str) -> str:
    """Return the signs of a text that count: NFKC, no white space, nothing unseen.

    >>> bare("（一）　甲\\u200b；") == bare("(一) 甲；")
    True
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", _UNSEEN.sub("", text)))


def unseen_signs(texts: Iterable[str]) -> int:
    """Return how many signs of texts nobody sees: byte-order marks, directions, joiners."""
    return sum(len(_UNSEEN.findall(text)) for text in texts)


def checked(blocks: list[Block], name: str) -> tuple[tuple[Block, ...], tuple[Remark, ...]]:
    """Return the blocks that say something, with remarks on signs that may be damage.

    Raises `ContentError` for control characters, for no words at all, and for too many lines.
    """
    kept = tuple(b for b in blocks if isinstance(b, Table) or b.whole)
    if not kept:
        refuse(
            "import-structure", ("没有文字", "there are no words in it"), name,
            ("扫描件没有文字层；请用官方发布的文本", "a scan holds no text: take another"),
        )  # fmt: skip
    signs = [len(_all_of(b)) for b in kept]
    if len(kept) > MAX_LINES or sum(signs) > MAX_SIGNS or max(signs) > MAX_LINE:
        refuse(
            "file-too-large",
            (f"超过 {MAX_LINES:,} 行、{MAX_SIGNS:,} 字，或一段超过 {MAX_LINE:,} 字",
             f"over {MAX_LINES:,} lines or {MAX_SIGNS:,} signs, or {MAX_LINE:,} in one line"),
            name,
            ("一个文件只放一部法律文件", "one instrument to a file"),
        )  # fmt: skip
    remarks: list[Remark] = []
    for block in kept:
        text = _all_of(block)
        if (found := _FORBIDDEN.search(text)) is not None:
            sign = f"U+{ord(found[0]):04X}"
            refuse(
                "import-structure", (f"控制字符 {sign}", f"the control character {sign}"), name,
                ("删去后重试", "delete it and try again"), block.line,
            )  # fmt: skip
        odd = sorted({c for c in text if c == "\ufffd" or unicodedata.category(c) == "Co"})
        if odd:
            shown = " ".join(f"U+{ord(c):04X}" for c in odd)
            remarks.append(
                Remark(f"可能是损坏的字：{shown}", f"signs that may be damage: {shown}", block.line)
            )
    return kept, tuple(remarks)


def _all_of(block: Block) -> str:
    if isinstance(block, Line):
        return block.mark + block.text
    return "".join(cell for row in block.rows for cell in row)
