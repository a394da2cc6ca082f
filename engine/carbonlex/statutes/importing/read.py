"""A file into a `Source`: its bytes bounded, its format told by name and by its first bytes."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from carbonlex.statutes.importing.source import (
    MAX_BYTES,
    Block,
    Kind,
    Remark,
    Source,
    checked,
    refuse,
    unseen_signs,
)

KINDS: dict[str, Kind] = {
    ".docx": "docx", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".txt": "txt", ".text": "txt", ".md": "md", ".markdown": "md",
}  # fmt: skip
_OLD_WORD, _PDF, _ZIP = b"\xd0\xcf\x11\xe0", b"%PDF", b"PK\x03\x04"


def read_source(path: Path) -> Source:
    """Read a .docx, .html, .txt or .md file; raises `ContentError` with what is wrong."""
    return source_of(bytes_of(path), path.name)


def source_of(data: bytes, name: str) -> Source:
    """Return what a file of a name says; raises `ContentError`."""
    kind = _kind(data, name)
    remarks: list[Remark] = []
    blocks: list[Block]
    outside: tuple[str, ...] = ()
    encoding, title = "utf-8", ""
    if kind == "docx":
        from carbonlex.statutes.importing.word import WordFile

        word = WordFile(data, name)
        blocks, words, remarks = word.blocks(), word.words(), word.remarks
    elif kind == "html":
        from carbonlex.statutes.importing.web import Page

        page = Page(data, name)
        blocks, words, remarks = page.blocks(), page.words(), page.remarks
        outside, title, encoding = page.outside(), page.title(), page.encoding
    else:
        from carbonlex.statutes.importing.marked import markdown_blocks
        from carbonlex.statutes.importing.plain import decoded, text_blocks, without_pages

        words, encoding = decoded(data, name)
        if kind == "md":
            blocks = markdown_blocks(words)
        else:
            words, pages = without_pages(words)
            blocks, remarks = text_blocks(words, pages)
            outside = tuple(pages.values())
    kept, doubts = checked(blocks, name)
    if unseen := unseen_signs([words]):
        remarks.append(
            Remark(
                f"删去了 {unseen} 个看不见的字符", f"{unseen} signs that nobody sees were left out"
            )
        )
    return Source(
        name=name,
        kind=kind,
        encoding=encoding,
        size=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        blocks=kept,
        words=words,
        outside=outside,
        title=title,
        remarks=(*remarks, *doubts),
    )


def _kind(data: bytes, name: str) -> Kind:
    hint = ("用 Word 或 WPS 打开，另存为 .docx 或 .txt", "open it and save it as .docx or .txt")
    if data.startswith(_OLD_WORD):
        words = ("旧式 .doc 或加密的文件", "an old .doc, or an encrypted file")
        refuse("file-unreadable", words, name, hint)
    if data.startswith(_PDF):
        words = ("PDF 不保证文字和次序", "a PDF, which vouches for neither words nor order")
        refuse("file-unreadable", words, name, hint)
    kind = KINDS.get(os.path.splitext(name)[1].lower())
    if data.startswith(_ZIP) and kind in (None, "docx"):
        return "docx"
    if kind is None or (kind == "docx") != data.startswith(_ZIP):
        refuse(
            "file-unreadable", ("不是 .docx、.html、.txt 或 .md", "no .docx, .html, .txt or .md"),
            name, hint,
        )  # fmt: skip
    return kind


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a file, bounded; raises `ContentError`."""
    data = b""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise OSError(0, "not a regular file")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        zh = "没有这个文件" if isinstance(error, FileNotFoundError) else f"无法读取：{reason}"
        refuse(
            "file-unreadable", (zh, f"cannot be read: {reason}"), str(path),
            ("检查路径与读取权限", "check the path and the permission to read it"),
        )  # fmt: skip
    if len(data) > MAX_BYTES:
        mib = MAX_BYTES // 1024**2
        refuse(
            "file-too-large", (f"超过 {mib} MiB", f"larger than {mib} MiB"), str(path),
            ("一个文件只放一部法律文件，去掉图片", "one instrument to a file, without pictures"),
        )  # fmt: skip
    return data
