"""An .xlsx file as a package of parts, and what no case needs in one.

What could make two programs see two different workbooks (two parts of one name, macros, links to
other files) is refused.
"""

from __future__ import annotations

import re
from typing import NoReturn

from carbonlex.cases.formats import fail
from carbonlex.cases.models import Words, shown
from carbonlex.errors import Location
from carbonlex.office import MAX_UNPACKED, OfficePackage, Unfit

MAX_PARTS = 1_000
HERE = Location("")

_UNSAFE: tuple[tuple[str, Words], ...] = (
    (r"vbaproject.*\.bin$|xl/macrosheets/", ("宏", "macros")),
    (r"xl/externallinks/", ("外部链接", "links to other workbooks")),
    (r"xl/activex/|xl/ctrlprops/|xl/embeddings/", ("控件、嵌入对象", "controls or other objects")),
    (r"xl/connections\.xml$|xl/querytables/", ("外部数据连接", "data connections")),
)  # fmt: skip


class Package(OfficePackage):
    """The parts of one workbook by path; raises `ContentError` for what is not safe to read."""

    max_parts = MAX_PARTS

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        for name in self.parts:
            for pattern, words in _UNSAFE:
                if re.search(pattern, name):
                    refuse_unsafe(words, name)
            if name.endswith((".xml", ".vml")):
                self.markup(name)
            if name.endswith(".rels"):
                self._check_links(name)
        if b"macroEnabled" in self.read("[Content_Types].xml"):
            refuse_unsafe(("宏", "macros"), "[Content_Types].xml")

    def _check_links(self, name: str) -> None:
        for _, one in self.related(name):
            # The address of a cell is never followed.
            if not one.inside and one.kind != "hyperlink":
                refuse_unsafe(("外部链接", "links to other files"), name)

    def unfit(self, why: Unfit, part: str = "") -> NoReturn:
        """Raise `ContentError` with what to do about the workbook."""
        hint = ("另存为不加密的 .xlsx", "save it as .xlsx without a password")
        match why:
            case "locked":
                words = ("加密的工作簿，或旧式 .xls", "an encrypted workbook, or an old .xls")
                fail("file-unreadable", words, hint, HERE)
            case "no-package":
                fail("file-unreadable", ("不是 .xlsx 工作簿", "no .xlsx workbook"), hint, HERE)
            case "repeated":
                refuse_unsafe(("同名部件", "two parts of one name"), part)
            case "markup":
                zh = "DOCTYPE、XML 实体或非 UTF-8 文本"
                en = "a DOCTYPE, XML entities or text not in UTF-8"
                refuse_unsafe((zh, en), part)
            case "large":
                refuse_large()
            case "damaged":
                broken(part)


def refuse_large() -> NoReturn:
    """Raise `ContentError`: unpacked, the workbook is larger than any that people fill in."""
    mib = MAX_UNPACKED // 1024**2
    zh = f"工作簿解压后超过 {mib} MiB、{MAX_PARTS} 个部件，或压缩比异常"
    en = f"unpacked, the workbook exceeds {mib} MiB or {MAX_PARTS} parts, or is packed too well"
    hint = ("复制到新的模板", "copy the figures into a new template")
    fail("file-too-large", (zh, en), hint, HERE)


def refuse_unsafe(what: Words, part: str) -> NoReturn:
    """Raise `ContentError`: the workbook holds what no case needs."""
    zh, en = (
        f"工作簿含{what[0]}（{shown(part)}）",
        f"the workbook holds {what[1]} ({shown(part)})",
    )
    hint = (
        "另存为不含宏的 .xlsx，断开外部链接",
        "save it as .xlsx without macros, and break its links",
    )
    fail("workbook-unsafe", (zh, en), hint, HERE)


def broken(part: str) -> NoReturn:
    """Raise `ContentError`: a part is missing, damaged or malformed."""
    words = (
        f"工作簿的 {shown(part)} 缺失或损坏",
        f"{shown(part)} of the workbook is missing or damaged",
    )
    hint = ("在 Excel 中打开并另存为 .xlsx", "open it in Excel and save it as .xlsx again")
    fail("syntax", words, hint, HERE)
