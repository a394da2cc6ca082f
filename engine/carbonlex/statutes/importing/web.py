"""Web pages: the element that holds the law, its lines and tables; nothing is run or fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonlex.statutes.importing.marks import annex, article, heading
from carbonlex.statutes.importing.plain import decoded
from carbonlex.statutes.importing.source import (
    Block,
    Line,
    Remark,
    Table,
    bare,
    in_one_line,
    refuse,
)
from carbonlex.statutes.importing.tokens import articles_among

if TYPE_CHECKING:
    from lxml.etree import _Element

_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,20})", re.I)
# What a browser runs, draws or loads, and never shows as text of its own.
_NO_TEXT = frozenset(
    ("script", "style", "noscript", "template", "head", "iframe", "object", "svg", "math", "canvas",
     "audio", "video", "select", "button", "textarea", "input", "map", "link", "meta", "title")
)  # fmt: skip
_BLOCK = frozenset(
    ("html", "body", "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "td", "th", "table",
     "tbody", "thead", "tfoot", "caption", "section", "article", "main", "header", "footer", "nav",
     "aside", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "center", "form", "fieldset",
     "hr", "address", "figure", "figcaption")
)  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_STRUCK = re.compile(r"text-decoration[a-z-]*\s*:[^;]{0,60}line-through", re.I)
# What government sites call the element that holds the text.
_CONTAINER = re.compile(
    r"ucap-content|trs_(?:ueditor|editor|editor_view)|trs_editor|pages_content|zoom|article|"
    r"(?:[a-z]+[-_])?content(?:[-_](?:body|area|main|text))?|main[-_]?text|law[-_]?text",
    re.I,
)
_TITLES = ("ArticleTitle", "og:title")


@dataclass(frozen=True)
class _Placed:
    block: Block
    element: _Element


class Page:
    """One web page; raises `ContentError` where it cannot be read whole."""

    def __init__(self, data: bytes, name: str) -> None:
        from lxml import etree

        declared = _DECLARED.search(data[:4096])
        text, self.encoding = decoded(data, name, declared[1].decode() if declared else "")
        # As text without its own word on how it is encoded, which would be taken over ours.
        parser = etree.HTMLParser(
            encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
        )
        root = etree.fromstring(text.encode("utf-8"), parser) if text.strip() else None
        fatal = [e for e in parser.error_log if e.level_name == "FATAL"]
        if root is None or fatal:
            why = fatal[0].message.strip() if fatal else "empty"
            refuse(
                "file-unreadable", (f"网页不能完整读取：{why}", f"not readable whole: {why}"), name,
                ("把正文复制到文本文件", "copy the words into a text file"),
                fatal[0].line if fatal else 0,
            )  # fmt: skip
        self.name, self.root, self.remarks = name, root, list[Remark]()
        self._counted: dict[_Element, int] = {}
        self._placed = list(self._within(root))
        self.container = self._container()

    def blocks(self) -> list[Block]:
        """Return the lines and tables of the element that holds the law; no word is struck out."""
        for element in self.container.iter():
            said = in_one_line("".join(_texts(element))) if _strikes(element) else ""
            if said:
                refuse(
                    "import-unsafe",
                    (f"含带删除线的文字：“{said[:40]}”", f"words struck through: '{said[:40]}'"),
                    self.name,
                    ("用没有修订的正式文本", "take a final text, without revisions"),
                    int(element.sourceline or 0),
                )  # fmt: skip
        return [p.block for p in self._placed if self._inside(p.element)]

    def outside(self) -> tuple[str, ...]:
        """Return the lines of the rest of the page."""
        return tuple(_flat(p.block) for p in self._placed if not self._inside(p.element))

    def words(self) -> str:
        """Return all text of the element that holds the law, straight from the page."""
        return "".join(_texts(self.container))

    def title(self) -> str:
        """Return the title that the page states for its text; empty where it states none."""
        for name in _TITLES:
            for meta in self.root.iter("meta"):
                if name.casefold() in (
                    str(meta.get(k, "")).casefold() for k in ("name", "property")
                ):
                    return in_one_line(meta.get("content", ""))
        first = next(self.root.iter("h1"), None)
        return in_one_line("".join(_texts(first))) if first is not None else ""

    def _inside(self, element: _Element) -> bool:
        return element is self.container or any(
            a is self.container for a in element.iterancestors()
        )

    def _container(self) -> _Element:
        """Return the element that holds every article and, where the site marks it, the text."""
        body = next(self.root.iter("body"), self.root)
        # What only looks like an article, in a list of news or below the text, is none of these.
        marks = [article(p.block.text) if isinstance(p.block, Line) else None for p in self._placed]
        starts = [self._placed[n].element for n in sorted(articles_among(marks))]
        if not starts:
            marked = [e for e in body.iter() if _names_container(e) and bare(_all(e))]
            return max(marked, key=lambda e: len(_all(e))) if marked else body
        shared = [*reversed([*starts[0].iterancestors()]), starts[0]]
        for other in starts[1:]:
            chain = {other, *other.iterancestors()}
            shared = [e for e in shared if e in chain]
        lowest = shared[-1]
        if lowest.tag not in ("html", "body") and len(starts) == 1:
            over = lowest.getparent()
            lowest = lowest if over is None else over
        named = next((e for e in shared if _names_container(e)), None)
        return named if named is not None else lowest

    def _within(self, parent: _Element) -> Iterator[_Placed]:
        """Yield the lines and tables below an element: each begins and ends with a block."""
        text: list[str] = []

        def ended() -> Iterator[_Placed]:
            line = Line(in_one_line("".join(text)), int(parent.sourceline or 0), mark[0])
            text.clear()
            if line.text:
                mark[0] = ""
                yield _Placed(line, parent)

        mark = [self._number(parent)]

        def inline(element: _Element) -> Iterator[_Placed]:
            text.append(element.text or "")
            for child in element:
                if not isinstance(child.tag, str) or _unshown(child):
                    if child.tag == "math":
                        self._look_at(child)
                elif child.tag == "br":
                    yield from ended()
                elif child.tag == "table" and not _is_layout(child):
                    yield from ended()
                    yield _Placed(self._table(child), child)
                elif child.tag in _BLOCK:
                    yield from ended()
                    yield from self._within(child)
                else:
                    self._look_at(child)
                    yield from inline(child)
                text.append(child.tail or "")

        yield from inline(parent)
        yield from ended()

    def _number(self, element: _Element) -> str:
        """Return the number that a browser shows before an item of an ordered list."""
        parent = element.getparent()
        if element.tag != "li" or parent is None or parent.tag != "ol":
            return ""
        start = str(parent.get("start", "1"))
        first = int(start) if start.isdigit() and len(start) < 5 else 1
        own = self._counted.get(parent, 0)
        self._counted[parent] = own + 1
        self.remarks.append(
            Remark("网页自动编号的列表，编号已写成文字", "a numbered list: check its numbers",
                   int(element.sourceline or 0))
        )  # fmt: skip
        return f"{first + own}."

    def _look_at(self, element: _Element) -> None:
        line, said = int(element.sourceline or 0), "".join(_texts(element)).strip()
        if element.tag == "sup" and said:
            self.remarks.append(
                Remark(f"上标“{said}”写成了平常的字，请核对数值",
                       f"the superscript '{said}' is now plain text: check the figure", line)
            )  # fmt: skip
        elif element.tag in ("img", "math"):
            self.remarks.append(
                Remark(
                    "有一幅图，图中文字（如公式）未导入", "a picture: its words are not read", line
                )
            )

    def _table(self, table: _Element) -> Table:
        rows = tuple(
            tuple(in_one_line(" ".join(_texts(cell))) for cell in row if cell.tag in ("td", "th"))
            for row in table.iter("tr")
        )
        line = int(table.sourceline or 0)
        if any(c.get("colspan", "1") != "1" or c.get("rowspan", "1") != "1" for c in table.iter()):
            self.remarks.append(
                Remark(
                    "表格有合并的单元格，请核对行列", "a table with merged cells: check it", line
                )
            )
        return Table(tuple(r for r in rows if r), line)


def _names_container(element: _Element) -> bool:
    if element.tag in ("article", "main"):
        return True
    if not isinstance(element.tag, str) or element.tag in ("html", "body"):
        return False
    names = [*str(element.get("class", "")).split(), str(element.get("id", ""))]
    return any(_CONTAINER.fullmatch(name) for name in names)


def _strikes(element: _Element) -> bool:
    return element.tag in ("del", "s", "strike") or bool(
        _STRUCK.search(str(element.get("style", "")))
    )


def _unshown(element: _Element) -> bool:
    return (
        element.tag in _NO_TEXT
        or element.get("hidden") is not None
        or bool(_HIDDEN.search(str(element.get("style", ""))))
    )


def _is_layout(table: _Element) -> bool:
    """Return whether a table only places text: it holds another, one column, or the law itself."""
    if next(table.iterdescendants("table"), None) is not None:
        return True
    rows = [[c for c in row if c.tag in ("td", "th")] for row in table.iter("tr")]
    if max((len(r) for r in rows), default=0) < 2:
        return True
    return any(
        article(line) or heading(line) or annex(line)
        for cell in table.iter("td", "th") for line in _all(cell).strip().splitlines()
    )  # fmt: skip


def _texts(element: _Element) -> Iterator[str]:
    """Yield the text that an element shows; a block begins on a line of its own."""
    if not isinstance(element.tag, str) or _unshown(element):
        return
    if element.tag in _BLOCK or element.tag == "br":
        yield "\n"
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""


def _all(element: _Element) -> str:
    return "".join(_texts(element))


def _flat(block: Block) -> str:
    if isinstance(block, Line):
        return block.whole
    return " ".join(cell for row in block.rows for cell in row if cell)
