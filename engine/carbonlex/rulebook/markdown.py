"""Literate rule files into blocks: headings, quotes and fences, each with its line.

Reads structure only; what a fence means is for `read` and `compile`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt

from carbonlex.errors import Code, Diagnostic, Location
from carbonlex.quantities import QuantityError, exact

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
    lines: tuple[str, ...]

    def line_of(self, key: str) -> int:
        """Return the line of a key of the fence in the file."""
        pattern = re.compile(rf'\s*\[?{re.escape(key)}\b|\s*"?{re.escape(key)}"?\s*=')
        for number, text in enumerate(self.lines):
            if pattern.match(text):
                return self.line + 1 + number
        return self.line


@dataclass(slots=True)
class RuleText:
    """A rule file read: front matter, fences in order, and what was wrong."""

    file: str
    front: dict[str, Any] = field(default_factory=dict)
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
    data = path.read_bytes() if path.stat().st_size <= MAX_BYTES else b""
    if not data:
        rules.fail("file-too-large", 0, "文件为空或超过 2 MiB", "empty, or larger than 2 MiB")
        return rules
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        rules.fail(
            "file-unreadable", 0, f"不是 UTF-8：{error.reason}", f"not UTF-8: {error.reason}"
        )
        return rules
    body, offset = _front_matter(text, rules)
    _blocks(body, offset, rules)
    return rules


def _front_matter(text: str, rules: RuleText) -> tuple[str, int]:
    lines = text.split("\n")
    if lines[0].strip() != "+++" or "+++" not in (line.strip() for line in lines[1:]):
        rules.fail("syntax", 1, "文件应以 +++ 元数据开头", "the file begins with +++ front matter")
        return text, 0
    end = next(n for n, line in enumerate(lines[1:], 1) if line.strip() == "+++")
    table = toml("\n".join(lines[1:end]), rules, 1)
    rules.front = table or {}
    return "\n".join(lines[end + 1 :]), end + 1


def toml(source: str, rules: RuleText, offset: int) -> dict[str, Any] | None:
    """Read TOML with exact decimals; `offset` is the line before its first."""
    try:
        return tomllib.loads(source, parse_float=_decimal)
    except QuantityError as error:
        rules.fail("number-inexact", offset + 1, *error.messages)
    except RecursionError:
        rules.fail("syntax", offset + 1, "嵌套过深", "nested too deeply")
    except ValueError as error:
        found = _LINE.search(str(error))
        line = offset + (int(found.group(1)) if found else 1)
        code: Code = "duplicate-key" if _DUPLICATE.search(str(error)) else "syntax"
        rules.fail(code, line, f"TOML 有误：{error}", f"bad TOML: {error}")
    return None


def _decimal(text: str) -> object:
    return exact(text)


def _blocks(body: str, offset: int, rules: RuleText) -> None:
    tokens = MarkdownIt("commonmark").parse(body)
    article, quote_depth = "", 0
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
                rules.fences.append(
                    Fence(kind, table, article, last, line, tuple(token.content.split("\n")))
                )
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
