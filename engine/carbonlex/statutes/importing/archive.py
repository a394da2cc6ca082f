"""A .docx file as a package of parts, refused in the words of the importer."""

from __future__ import annotations

from typing import NoReturn

from carbonlex.office import MAX_UNPACKED, OfficePackage, Unfit
from carbonlex.statutes.importing.source import refuse

_SAVE = ("用 Word 打开并另存为 .docx", "open it in Word and save it as .docx again")


class Package(OfficePackage):
    """The parts of one Word file by path; raises `ContentError` for what is not safe to read."""

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        super().__init__(data)

    def document(self) -> str:
        """Return the path of the part that holds the text."""
        for one in self.relationships("").values():
            if one.kind == "officeDocument" and one.inside and one.target in self:
                return one.target
        self.unfit("no-package")

    def unfit(self, why: Unfit, part: str = "") -> NoReturn:
        """Raise `ContentError` with what to do about the Word file."""
        match why:
            case "locked" | "no-package":
                words = ("不是未加密的 .docx 文件", "no .docx file without a password")
                hint = ("用 Word 或 WPS 另存为 .docx", "save it as .docx with Word or WPS")
                refuse("file-unreadable", words, self.name, hint)
            case "damaged":
                words = (f"{part} 缺失或损坏", f"{part} is missing or damaged")
                refuse("file-unreadable", words, self.name, _SAVE)
            case "repeated":
                words = ("含同名部件", "it holds two parts of one name")
                refuse("import-unsafe", words, self.name, _SAVE)
            case "markup":
                zh = "含DOCTYPE、XML 实体或非 UTF-8 文本"
                en = "it holds a DOCTYPE, XML entities or no UTF-8"
                refuse("import-unsafe", (zh, en), self.name, _SAVE)
            case "large":
                mib, most = MAX_UNPACKED // 1024**2, self.max_parts
                zh = f"解压后超过 {mib} MiB、{most} 个部件，或压缩比异常"
                en = f"unpacked, it exceeds {mib} MiB or {most} parts, or is packed too well"
                hint = ("一个文件只放一部法律文件，去掉图片", "one instrument, without pictures")
                refuse("file-too-large", (zh, en), self.name, hint)
