"""Literate rule files into blocks: headings, quotes and fences, each with its line.

Reads structure only; what a fence means is for `read` and `compile`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from carbonlex.errors import Code, Diagnostic, Location
from carbonlex.quantities import QuantityError, exact
from carbonlex.rulebook.places import key_lines, line_at, literal_line

MAX_BYTES, MAX_FENCES, MAX_DEPTH = 2 * 1024 * 1024, 2_000, 20
# Deeper than this the parser of Markdown leaves words out and says nothing.
MAX_MARKS = 8
_DEEP = re.compile(rf"\s*(?:(?:>|(?:[-*+]|\d{{1,9}}[.)])\s)\s*){{{MAX_MARKS + 1},}}")
_BEGIN = (
    "文件以 +++ 一行开头，其下是 TOML，再以 +++ 一行结束",
    "begin with a line +++, TOML below it, and close it by a line +++",
)
FENCES = frozenset({"norm", "not-encoded", "parameter"})
_HEADING = re.compile(r"(?P<title>.*?)\s*\{#(?P<eid>[a-z0-9_-]+)\}\s*")
_DUPLICATE = re.compile(r"Cannot overwrite|Cannot declare .* twice", re.IGNORECASE)
_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True)
class Fence:
    """A TOML fence with the quotes that it gives meaning to."""

    kind: str
    table: dict[str, Any]
    article: str
    quotes: tuple[tuple[str, int], ...]
    line: int
    heading: int
    lines: Mapping[str, int]

    def line_of(self, path: str) -> int:
        """Return the line of a key such as `orders.due`, or of what is nearest around it."""
        return line_at(self.lines, path, self.line)


@dataclass(frozen=True)
class Heading:
    """A heading of a provision; `words` are the paragraphs, with lines, of its first quote."""

    eid: str
    title: str
    line: int
    words: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class RuleText:
    """A rule file read: front matter, headings and fences in order, and what was wrong."""

    file: str
    front: dict[str, Any] = field(default_factory=dict)
    front_lines: Mapping[str, int] = field(default_factory=dict)
    fences: list[Fence] = field(default_factory=list)
    headings: dict[str, int] = field(default_factory=dict)
    outline: list[Heading] = field(default_factory=list)
    wrong: list[Diagnostic] = field(default_factory=list)

    def fail(
        self, code: Code, line: int, zh: str, en: str, hint: tuple[str, str] = ("", "")
    ) -> None:
        """Note one thing that is wrong at a line."""
        self.wrong.append(Diagnostic(code, (zh, en), Location(self.file, line), hint=hint))


def read_text(path: Path, name: str, *, draft: bool = False) -> RuleText:
    """Read one rule file; never raises for what stands in it.

    In a draft the first quote under a heading holds the words of the provision: quotes after it
    pin parts of them, and a fence that follows at once speaks of them all.
    """
    rules = RuleText(name)
    text = read_source(path, rules)
    if text is None:
        return rules
    if not text:
        rules.fail("syntax", 1, "文件为空", "the file is empty", _BEGIN)
        return rules
    body, offset = _front_matter(text, rules)
    _Blocks(rules, offset, draft).read(body)
    if len(rules.fences) > MAX_FENCES or len(rules.outline) > MAX_FENCES:
        rules.fail("file-too-large", 0, "标题或围栏过多", "too many headings or fences")
    return rules


def read_source(path: Path, rules: RuleText) -> str | None:
    """Return the text of a file, or None with what is wrong noted in `rules`."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        rules.fail(
            "file-unreadable", 0, f"文件不能读取：{error.strerror}", f"unreadable: {error.strerror}"
        )
        return None
    if len(data) > MAX_BYTES:
        rules.fail("file-too-large", 0, "文件超过 2 MiB", "larger than 2 MiB")
        return None
    try:
        # Editors on Windows write a byte order mark and end lines with CR LF.
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        rules.fail(
            "file-unreadable", 0, f"不是 UTF-8：{error.reason}", f"not UTF-8: {error.reason}"
        )
        return None


def _front_matter(text: str, rules: RuleText) -> tuple[str, int]:
    lines = text.split("\n")
    if lines[0].strip() != "+++":
        zh, en = "文件应以 +++ 元数据开头", "the file begins with +++ front matter"
        rules.fail("syntax", 1, zh, en, _BEGIN)
        return text, 0
    if "+++" not in (line.strip() for line in lines[1:]):
        rules.fail(
            "syntax", 1, "开头的 +++ 没有结束", "the front matter that +++ opens is not closed",
            ("在元数据之后另写一行 +++", "write a line +++ after the front matter"),
        )  # fmt: skip
        return text, 0
    end = next(n for n, line in enumerate(lines[1:], 1) if line.strip() == "+++")
    table = toml("\n".join(lines[1:end]), rules, 1)
    rules.front = table or {}
    rules.front_lines = key_lines(lines[1:end], 2)
    return "\n".join(lines[end + 1 :]), end + 1


def toml(source: str, rules: RuleText, offset: int) -> dict[str, Any] | None:
    """Read TOML with exact decimals; `offset` is the line before its first."""
    read: list[str] = []

    def decimal(text: str) -> Fraction:
        read.append(text)
        return exact(text)

    try:
        table = tomllib.loads(source, parse_float=decimal)
        if not _deep(table):
            return table
        rules.fail("syntax", offset + 1, "嵌套过深", "nested too deeply")
        return None
    except QuantityError as error:
        line = offset + literal_line(source, read[-1])
        rules.fail("number-inexact", line, *error.messages)
    except RecursionError:
        rules.fail("syntax", offset + 1, "嵌套过深", "nested too deeply")
    except ValueError as error:
        found = _LINE.search(str(error))
        line = offset + (int(found.group(1)) if found else 1)
        code: Code = "duplicate-key" if _DUPLICATE.search(str(error)) else "syntax"
        rules.fail(code, line, f"TOML 有误：{error}", f"bad TOML: {error}")
    return None


def _deep(table: dict[str, Any]) -> bool:
    """Return whether tables and lists stand in each other deeper than any rule needs."""
    level: list[Any] = [table]
    for _ in range(MAX_DEPTH):
        inner = [v.values() if isinstance(v, dict) else v for v in level]
        level = [v for values in inner for v in values if isinstance(v, (dict, list))]
        if not level:
            return False
    return True


class _Blocks:
    """The blocks of a rule file in order: each fence with the quotes that stand before it."""

    def __init__(self, rules: RuleText, offset: int, draft: bool) -> None:
        self.rules, self.offset, self.draft = rules, offset, draft
        self.heading = Heading("", "", 0)
        self.first: list[tuple[str, int]] = []
        self.pending: list[tuple[str, int]] = []
        self.last: tuple[tuple[str, int], ...] = ()
        self.quotes = 0

    def read(self, body: str) -> None:
        """Read every block of a file's body into its rules."""
        depth, level = 0, ""
        for number, row in enumerate(body.split("\n"), self.offset + 1):
            if _DEEP.match(row):
                self.rules.fail(
                    "syntax", number,
                    f"引文或者列表嵌套过深，最多 {MAX_MARKS} 层",
                    f"quotes or lists nested too deeply, at most {MAX_MARKS} levels",
                    ("每段文字之前只写一个 >", "write one > before each paragraph"),
                )  # fmt: skip
                return
        for token in MarkdownIt("commonmark", {"html": False}).parse(body):
            line = self.offset + (token.map[0] if token.map else 0) + 1
            if token.type == "heading_open":
                level = token.tag
            elif token.type == "blockquote_open":
                self.quotes += depth == 0
                depth += 1
            elif token.type == "blockquote_close":
                depth -= 1
            elif token.type == "inline" and depth:
                words = self.draft and self.quotes == 1 and self.heading.eid
                (self.first if words else self.pending).append((token.content, line))
            elif token.type == "inline" and level:
                if level == "h2":
                    self.begin(token.content, line)
                elif self.draft and "{#" in token.content:
                    self.rules.fail(
                        "syntax", line, "条款的标题用两个 #：##", "a provision has a heading of ##"
                    )
                level = ""
            elif token.type == "fence":
                self.fence(token.info.strip(), token.content, line)
        self.end()

    def begin(self, content: str, line: int) -> None:
        """Begin the blocks of a provision."""
        self.end()
        match = _HEADING.fullmatch(content)
        if match is None:
            self.rules.fail("syntax", line, "标题缺少 {#art_…}", "the heading has no {#art_…}")
        eid, title = (match["eid"], match["title"]) if match else ("", content)
        self.heading = Heading(eid, title, line if match else 0)
        self.first, self.pending, self.last, self.quotes = [], [], (), 0
        self.rules.headings.setdefault(eid, line)

    def end(self) -> None:
        """End the blocks of a provision: every quote must have been given a meaning."""
        if self.heading.eid:
            self.rules.outline.append(replace(self.heading, words=tuple(self.first)))
        for _, line in self.pending:
            self.rules.fail(
                "coverage-gap",
                line,
                f"{self.heading.eid} 的引文之后没有规范或未编码理由",
                f"a quote of {self.heading.eid} without norm or reason",
                ("在引文下写 norm 或 not-encoded 围栏", "put a norm or not-encoded fence under it"),
            )

    def fence(self, kind: str, content: str, line: int) -> None:
        """Take a fence with the quotes before it; without any, with those quoted last."""
        if kind not in FENCES:
            self.rules.fail("syntax", line, f"未知的围栏 {kind[:30]}", f"unknown fence {kind[:30]}")
            return
        table = toml(content, self.rules, line)
        self.last = tuple(self.pending) or self.last or tuple(self.first)
        self.pending = []
        if table is not None:
            lines = key_lines(content.split("\n"), line + 1)
            at = self.heading
            self.rules.fences.append(Fence(kind, table, at.eid, self.last, line, at.line, lines))
