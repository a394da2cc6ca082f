"""Markdown: its paragraphs, headings, lists and tables as lines; its marks are no words."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from carbonlex.statutes.importing.plain import broken_lines
from carbonlex.statutes.importing.source import Block, Line, Table, in_one_line

if TYPE_CHECKING:
    from markdown_it.token import Token

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# What Markdown takes out of a text. Chinese punctuation is none of it.
_MARKS = re.compile(r"[#*_`>|\\~+=\[\]()!<:-]")


def markdown_blocks(text: str) -> list[Block]:
    """Return the lines and tables of a Markdown text.

    >>> [line.whole for line in markdown_blocks("## 第一章 总则\\n\\n**第一条** 为了，\\n1. 甲")]
    ['第一章 总则', '第一条 为了，', '1. 甲']
    """
    from markdown_it import MarkdownIt

    # Chinese texts are set in by spaces, which would make them code; what looks like HTML is text.
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    found: list[Block] = []
    marks: list[str] = []
    rows: list[tuple[str, ...]] | None = None
    cells: list[str] = []
    line = 0
    for token in parser.disable(["code", "reference"]).parse(_without_comments(text)):
        line = token.map[0] + 1 if token.map else line
        if token.type == "list_item_open":
            marks.append(f"{token.info}{token.markup}" if token.info else "")
        elif token.type == "list_item_close":
            marks.pop()
        elif token.type == "table_open":
            rows = []
        elif token.type == "table_close" and rows is not None:
            found.append(Table(tuple(rows), line))
            rows = None
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and rows is not None:
            rows.append(tuple(cells))
        elif token.type == "inline" and rows is not None:
            cells.append(in_one_line(_text(token)))
        elif token.type in ("inline", "fence"):
            for said in broken_lines(_text(token).split("\n")):
                mark = marks[-1] if marks else ""
                found.append(Line(in_one_line(said), line, mark))
                if marks:
                    marks[-1] = ""
    return found


def without_marks(text: str) -> str:
    """Return a text without what Markdown takes out of it, or without the like of it.

    Both the Markdown and the words made of it are held against each other in this form.
    """
    return _MARKS.sub("", html.unescape(_without_comments(text)))


def _without_comments(text: str) -> str:
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def _text(token: Token) -> str:
    if token.children is None:
        return token.content
    said = ""
    for child in token.children:
        if child.type in ("softbreak", "hardbreak"):
            said += "\n"
        elif child.type in ("text", "code_inline", "image"):
            said += child.content
    # Beside Chinese brackets and quotation marks CommonMark leaves ** as it is: **《办法》**.
    return said.replace("**", "")
