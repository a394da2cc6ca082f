"""Word files: paragraphs with the numbers that Word shows, tables, and what may not be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from carbonlex.statutes.importing.archive import Package
from carbonlex.statutes.importing.numbering import Numbering
from carbonlex.statutes.importing.source import (
    Block,
    Line,
    Remark,
    Table,
    Words,
    in_one_line,
    refuse,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

# Office writes the one namespace, and the other where it is asked to be strict.
_NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_REVISED: dict[str, Words] = {
    "ins": ("修订痕迹", "tracked changes"),
    "del": ("修订痕迹", "tracked changes"),
    "moveFrom": ("修订痕迹", "tracked changes"),
    "moveTo": ("修订痕迹", "tracked changes"),
    "altChunk": ("嵌入的其他文件", "another file embedded"),
    "subDoc": ("子文档", "a subdocument"),
    "vanish": ("隐藏文字", "hidden text"),
    "strike": ("带删除线的文字", "words struck through"),
    "dstrike": ("带删除线的文字", "words struck through"),
}
_STRUCK = ("strike", "dstrike")
_PROPERTIES = ("vanish", *_STRUCK)
_ON = ("", "1", "true", "on")
MAX_DEPTH = 200


class WordFile:
    """The text of one .docx file; raises `ContentError` where it cannot be relied on."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name, self.package = name, Package(data, name)
        part = self.package.document()
        root = self.package.root(part)
        namespace = str(root.tag).partition("}")[0].lstrip("{")
        if namespace not in _NAMESPACES:
            self.package.unfit("no-package")
        self.w, self.root = f"{{{namespace}}}", root
        self.folder = part.rpartition("/")[0]
        self.remarks: list[Remark] = []
        self.line = 0
        self._check()
        self.numbering = Numbering(name, self.w)
        self.numbering.read(self._part("numbering.xml"), self._part("styles.xml"))

    def blocks(self) -> list[Block]:
        """Return the lines and tables of the body, in order."""
        body = self.root.find(f"{self.w}body")
        found = [] if body is None else list(self._within(body, 0))
        marked = sum(isinstance(b, Line) and bool(b.mark) for b in found)
        if marked:
            self.remarks.append(
                Remark(
                    f"{marked} 段的编号是 Word 自动编号，已写成文字，请对照原文核对",
                    f"{marked} paragraphs have automatic numbers, now spelled out: check them",
                )
            )
        return found

    def words(self) -> str:
        """Return all text that the body holds, straight from the file."""
        kept = (f"{self.w}t", "}t")
        return "\n".join(
            e.text or ""
            for e in self.root.iter()
            if str(e.tag).endswith(kept) and not any(a.tag == _FALLBACK for a in e.iterancestors())
        )

    def _part(self, name: str) -> _Element | None:
        path = f"{self.folder}/{name}" if self.folder else name
        return self.package.root(path) if path in self.package else None

    def _check(self) -> None:
        for element in self.root.iter(*(f"{self.w}{tag}" for tag in _REVISED)):
            tag = str(element.tag).removeprefix(self.w)
            if tag in _PROPERTIES and element.get(f"{self.w}val", "") not in _ON:
                continue
            if tag in _STRUCK and not self._strikes(element):
                continue
            zh, en = _REVISED[tag]
            refuse(
                "import-unsafe", (f"含{zh}", f"it holds {en}"), self.name,
                ("在 Word 中接受或拒绝全部修订，删去隐藏文字和嵌入的文件，再另存",
                 "accept or reject all changes in Word, delete hidden text and files, and save"),
                self._line_of(element),
            )  # fmt: skip
        for part, zh, en in (("footnotes", "脚注", "footnotes"), ("endnotes", "尾注", "endnotes")):
            notes = self._part(f"{part}.xml")
            text = "" if notes is None else "".join(e.text or "" for e in notes.iter(f"{self.w}t"))
            if text.strip():
                refuse(
                    "import-loss", (f"含{zh}，不在正文之内", f"it holds {en}, which are no text"),
                    self.name,
                    (f"把{zh}移入正文或删去：“{text.strip()[:40]}”",
                     f"move the {en} into the text or delete them: '{text.strip()[:40]}'"),
                )  # fmt: skip
        self._beside()
        self._formulas()
        pictures = sum(1 for _ in self.root.iter(f"{self.w}drawing", f"{self.w}pict"))
        if pictures:
            self.remarks.append(
                Remark(
                    f"含 {pictures} 幅图（或文本框），图中文字（如公式）未导入",
                    f"{pictures} pictures or text boxes: words in pictures (formulas) are not read",
                )
            )

    def _strikes(self, element: _Element) -> bool:
        """Return whether a property strikes out any words; that of a paragraph's end does not."""
        properties = element.getparent()
        run = None if properties is None else properties.getparent()
        if run is None or run.tag != f"{self.w}r":
            return False
        return any((t.text or "").strip() for t in run.iter(f"{self.w}t"))

    def _formulas(self) -> None:
        """Say that formulas are read sign by sign, without fractions and raised signs."""
        found = [e for e in self.root.iter() if str(e.tag).endswith("math}oMath")]
        if found:
            self.remarks.append(
                Remark(
                    f"{len(found)} 处公式按字序写成一行，分式和上下标已失，请核对",
                    f"{len(found)} formulas are now one line each, without fractions and raised"
                    " signs: check them",
                    self._line_of(found[0]),
                )
            )

    def _beside(self) -> None:
        """Say what stands in the headers and footers of the pages; page numbers say nothing."""
        heads = re.compile(rf"{re.escape(self.folder)}/(?:header|footer)[0-9]*\.xml", re.I)
        for part in [p for p in self.package.parts if heads.fullmatch(p)]:
            root = self.package.root(part)
            words = "".join(e.text or "" for e in root.iter(f"{self.w}t"))
            if re.search(r"[\u4e00-\u9fff]{2}", words):
                said = in_one_line(words)[:40]
                self.remarks.append(
                    Remark(
                        f"页眉页脚未导入：“{said}”", f"headers and footers are not read: '{said}'"
                    )
                )

    def _line_of(self, element: _Element) -> int:
        chain = {element, *element.iterancestors()}
        paragraphs = enumerate(self.root.iter(f"{self.w}p"), 1)
        return next((n for n, p in paragraphs if p in chain), 0)

    def _within(self, parent: _Element, depth: int) -> Iterator[Block]:
        if depth > MAX_DEPTH:
            refuse(
                "file-too-large", ("嵌套过深", "nested too deeply"), self.name,
                ("复制文字到新文件", "copy the text into a new file"), self.line,
            )  # fmt: skip
        for child in parent:
            tag = str(child.tag).removeprefix(self.w)
            if tag == "p":
                yield from self._paragraph(child, depth)
            elif tag == "tbl" and self._columns(child) < 2:
                yield from self._within(child, depth + 1)  # a frame about the text
            elif tag == "tbl":
                yield self._table(child, depth)
            elif tag not in ("sectPr", "tblPr", "tblGrid") and child.tag != _FALLBACK:
                yield from self._within(child, depth + 1)

    def _paragraph(self, paragraph: _Element, depth: int) -> Iterator[Line]:
        self.line += 1
        line, lines = self.line, [""]
        boxes: list[_Element] = []
        self._collect(paragraph, lines, boxes, depth)
        mark = self.numbering.mark(paragraph, line)
        for n, text in enumerate(lines):
            said = Line(in_one_line(text), line, "" if n else mark)
            if said.whole:
                yield said
        for box in boxes:
            yield from (b for b in self._within(box, depth + 1) if isinstance(b, Line))

    def _collect(
        self, parent: _Element, lines: list[str], boxes: list[_Element], depth: int
    ) -> None:
        if depth > MAX_DEPTH:
            return
        for child in parent:
            if child.tag == _FALLBACK or not isinstance(child.tag, str):
                continue
            tag = child.tag.rpartition("}")[2]
            if tag == "txbxContent":
                boxes.append(child)
            elif tag == "t":
                lines[-1] += child.text or ""
                self._raised(child)
            elif tag in ("br", "cr"):
                lines.append("")
            elif tag in ("tab", "ptab"):
                lines[-1] += " " if parent.tag != f"{self.w}tabs" else ""
            elif tag == "noBreakHyphen":
                lines[-1] += "-"
            elif tag == "sym":
                self.remarks.append(
                    Remark(
                        "有符号字体的字，未导入", "a sign of a symbol font is not read", self.line
                    )
                )
            else:
                self._collect(child, lines, boxes, depth + 1)

    def _raised(self, text: _Element) -> None:
        run = text.getparent()
        raised = None if run is None else run.find(f"{self.w}rPr/{self.w}vertAlign")
        said = (text.text or "").strip()
        if raised is not None and raised.get(f"{self.w}val") == "superscript" and said:
            self.remarks.append(
                Remark(
                    f"上标“{said}”写成了平常的字，请核对数值",
                    f"the superscript '{said}' is now plain text: check the figure",
                    self.line,
                )
            )

    def _columns(self, table: _Element) -> int:
        rows = (r.iter(f"{self.w}tc") for r in table.iter(f"{self.w}tr"))
        return max((sum(1 for _ in cells) for cells in rows), default=0)

    def _table(self, table: _Element, depth: int) -> Table:
        first = self.line + 1
        rows: list[tuple[str, ...]] = []
        for row in table.iter(f"{self.w}tr"):
            if next(row.iterancestors(f"{self.w}tbl")) is not table:
                continue
            cells = []
            for cell in row.iter(f"{self.w}tc"):
                if next(cell.iterancestors(f"{self.w}tr")) is not row:
                    continue
                parts = [_flat(b) for b in self._within(cell, depth + 1)]
                cells.append(" ".join(p for p in parts if p))
            rows.append(tuple(cells))
        if any(True for _ in table.iter(f"{self.w}gridSpan", f"{self.w}vMerge")):
            self.remarks.append(
                Remark(
                    "表格有合并的单元格，请核对行列", "a table with merged cells: check it", first
                )
            )
        return Table(tuple(rows), first)


def _flat(block: Block) -> str:
    if isinstance(block, Line):
        return block.whole
    return " ".join(cell for row in block.rows for cell in row if cell)
