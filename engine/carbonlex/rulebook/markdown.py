"""Literate rule files into blocks: headings, quotes and fences, each with its line.

Reads structure only; what a fence means is for `read` and `compile`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from carbonlex.errors import Code, Diagnostic, Location
from carbonlex.quantities import QuantityError, exact
from carbonlex.rulebook.places import key_lines, line_at, literal_line

MAX_BYTES, MAX_FENCES = 2 * 1024 * 1024, 2_000
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


@dataclass(slots=True)
class RuleText:
    """A rule file read: front matter, fences in order, and what was wrong."""

    file: str
    front: dict[str, Any] = field(default_factory=dict)
    front_lines: Mapping[str, int] = field(default_factory=dict)
    fences: list[Fence] = field(default_factory=list)
    headings: dict[str, int] = field(default_factory=dict)
    wrong: list[Diagnostic] = field(default_factory=list)

    def fail(
        self, code: Code, line: int, zh: str, en: str, hint: tuple[str, str] = ("", "")
    ) -> None:
        """Note one thing that is wrong at a line."""
        self.wrong.append(Diagnostic(code, (zh, en), Location(self.file, line), hint=hint))


def read_text(path: Path, name: str) -> RuleText:
    """Read one rule file; never raises for what stands in it."""
    rules = RuleText(name)
    text = read_source(path, rules)
    if text is None:
        return rules
    if not text:
        rules.fail("file-too-large", 0, "文件为空", "the file is empty")
        return rules
    body, offset = _front_matter(text, rules)
    _blocks(body, offset, rules)
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
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        rules.fail(
            "file-unreadable", 0, f"不是 UTF-8：{error.reason}", f"not UTF-8: {error.reason}"
        )
        return None


def _front_matter(text: str, rules: RuleText) -> tuple[str, int]:
    lines = text.split("\n")
    if lines[0].strip() != "+++" or "+++" not in (line.strip() for line in lines[1:]):
        rules.fail("syntax", 1, "文件应以 +++ 元数据开头", "the file begins with +++ front matter")
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
        return tomllib.loads(source, parse_float=decimal)
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


def _blocks(body: str, offset: int, rules: RuleText) -> None:
    tokens = MarkdownIt("commonmark").parse(body)
    article, heading, quote_depth = "", 0, 0
    pending: list[tuple[str, int]] = []
    last: tuple[tuple[str, int], ...] = ()
    heading_level = ""
    for token in tokens:
        line = offset + (token.map[0] if token.map else 0) + 1
        if token.type == "heading_open":
            heading_level = token.tag
        elif token.type == "blockquote_open":
            quote_depth += 1
        elif token.type == "blockquote_close":
            quote_depth -= 1
        elif token.type == "inline" and quote_depth:
            pending.append((token.content, line))
        elif token.type == "inline" and heading_level:
            if heading_level == "h2":
                _dangling(pending, article, rules)
                match = _HEADING.fullmatch(token.content)
                article, pending, last = (match["eid"] if match else ""), [], ()
                heading = line if match else 0
                rules.headings.setdefault(article, line)
                if not match:
                    rules.fail("syntax", line, "标题缺少 {#art_…}", "the heading has no {#art_…}")
            heading_level = ""
        elif token.type == "fence":
            kind = token.info.strip()
            if kind not in FENCES:
                rules.fail("syntax", line, f"未知的围栏 {kind[:30]}", f"unknown fence {kind[:30]}")
                continue
            table = toml(token.content, rules, line)
            # A fence without a quote of its own speaks of the words quoted last.
            last = tuple(pending) or last
            pending = []
            if table is not None:
                lines = key_lines(token.content.split("\n"), line + 1)
                rules.fences.append(Fence(kind, table, article, last, line, heading, lines))
    _dangling(pending, article, rules)
    if len(rules.fences) > MAX_FENCES:
        rules.fail("file-too-large", 0, "围栏过多", "too many fences")


def _dangling(pending: list[tuple[str, int]], article: str, rules: RuleText) -> None:
    for _, line in pending:
        rules.fail(
            "coverage-gap",
            line,
            f"{article} 的引文之后没有规范或未编码理由",
            f"a quote of {article} without norm or reason",
            ("在引文下写 norm 或 not-encoded 围栏", "put a norm or not-encoded fence under it"),
        )
