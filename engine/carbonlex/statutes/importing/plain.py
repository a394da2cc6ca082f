"""Text files: what encoding they are in, and lines that were broken at a width put together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from carbonlex.statutes.importing.marks import article, heading, is_contents, is_mark
from carbonlex.statutes.importing.source import Block, Line, Remark, in_one_line, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_LINE_ENDS = re.compile(f"({_LINE_END.pattern})")
_PAGE = re.compile(
    r"[-—–－―]{1,2}\s{0,4}[0-9０-９]{1,4}\s{0,4}[-—–－―]{1,2}"
    r"|第\s?[0-9０-９]{1,4}\s?页(?:[\s,，/／、]{0,3}共\s?[0-9０-９]{1,4}\s?页)?"
)
_ENDED = re.compile(r"[。；：！？.;:!?][”’」』）)]*$")
_FULL = 4  # a line is as wide as the widest, or at most two Chinese characters shorter
_FEWEST, _SHARE, _NARROW, _WIDEST = 6, 0.3, 40, 200


def decoded(data: bytes, name: str, declared: str = "") -> tuple[str, str]:
    """Return text and its encoding: as declared, UTF-8, or GB18030; raises `ContentError`."""
    for start, encoding in _BOMS:
        if data.startswith(start):
            candidates = [encoding]
            break
    else:
        known = "gb18030" if declared.lower().startswith("gb") else declared
        candidates = [*([known] if known else []), "utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text:
            return text, encoding.removesuffix("-sig")
    refuse(
        "file-unreadable", ("编码不是 UTF-8 或 GB18030", "not in UTF-8 or GB18030"), name,
        ("另存为 UTF-8", "save it as UTF-8"),
    )  # fmt: skip


def without_pages(text: str) -> tuple[str, dict[int, str]]:
    """Return a text without the lines that number its pages, and these by their numbers from 1.

    >>> without_pages("第一条　甲\\n— 1 —\\n乙。")
    ('第一条　甲\\n\\n乙。', {2: '— 1 —'})
    """
    parts = _LINE_ENDS.split(text)
    pages = {n: p.strip() for n, p in enumerate(parts[::2], 1) if _PAGE.fullmatch(p.strip())}
    for n in pages:
        parts[2 * n - 2] = ""
    return "".join(parts), pages


def text_blocks(text: str, pages: Collection[int] = ()) -> tuple[list[Block], list[Remark]]:
    """Return the lines of a text, those that were only broken at a width as one.

    A break is one of width where the line before is full and the next begins no paragraph: it is
    not set in, no empty line stands before it, and no sentence ended, or it begins no division.
    Where a page ended, at one of the lines `pages`, nothing ended with it.
    """
    rows = [(n, row) for n, row in enumerate(_LINE_END.split(text), 1)]
    if pages:
        rows = _over_pages(rows, pages)
    width = _wrapped_at([row for _, row in rows])
    if not width:
        return [Line(in_one_line(row), n) for n, row in rows if in_one_line(row)], []
    set_in = _sets_in([row for _, row in rows if row.strip()])
    found: list[Block] = []
    remarks: list[Remark] = [
        Remark(
            f"文字在约 {width // 2} 字处折行，已按段落接回",
            f"lines broken at about {width // 2} characters were joined into paragraphs",
        )
    ]
    before = ""
    for n, row in rows:
        words = in_one_line(row)
        last = found[-1] if found else None
        if words and before and isinstance(last, Line) and _goes_on(before, row, width, set_in):
            found[-1] = Line(in_one_line(_joined(last.text, words)), last.line)
        elif words:
            if before and _wide(before) >= width - _FULL and not set_in and not is_mark(words):
                remarks.append(
                    Remark(
                        "上一行满行且句已完，是否另起一款看不出，作另起一款",
                        "the line before is full and its sentence ended: taken as a new paragraph",
                        n,
                    )
                )
            found.append(Line(words, n))
        before = row if words else ""
    return found, remarks


def _over_pages(rows: Sequence[tuple[int, str]], pages: Collection[int]) -> list[tuple[int, str]]:
    """Return rows without those of page numbers and the empty ones about them."""
    gone = set(pages)
    for way in (rows, rows[::-1]):
        paged = False
        for n, row in way:
            paged = n in pages or (paged and not row.strip())
            if paged:
                gone.add(n)
    return [(n, row) for n, row in rows if n not in gone]


def _goes_on(before: str, row: str, width: int, set_in: bool) -> bool:
    if row[:1].isspace() or _divides(in_one_line(row)):
        return False
    ended = bool(_ENDED.search(before.rstrip()))
    if _wide(before) < width - _FULL:
        # Not full, and no paragraph ends in the middle of a sentence: the break is uneven.
        return set_in and not ended and _wide(before) * 2 > width
    return not ended or (set_in and not is_mark(in_one_line(row)))


def _divides(words: str) -> bool:
    """Return whether a line is a heading or article for certain, and no reference to one."""
    found = heading(words)
    mark = found[1] if found else article(words)
    return is_contents(words) or (mark is not None and mark.firm)


def _joined(one: str, other: str) -> str:
    """Join two parts of a line; Latin words keep the space that the break stood for."""
    latin = (
        one[-1:].isascii() and one[-1:].isalnum() and other[:1].isascii() and other[:1].isalpha()
    )
    return f"{one} {other}" if latin else one + other


def _wrapped_at(rows: Sequence[str]) -> int:
    """Return the width at which the lines of a text were broken; 0 where they were not."""
    widths = Counter(_wide(row) for row in rows if row.strip())
    number = sum(widths.values())
    if number < _FEWEST:
        return 0
    width = max(widths)
    full = sum(n for w, n in widths.items() if w >= width - _FULL)
    open_ends = sum(
        1 for row in rows if _wide(row) >= width - _FULL and not _ENDED.search(row.rstrip())
    )
    wrapped = full >= _SHARE * number and open_ends * 2 > full
    return width if wrapped and _NARROW <= width <= _WIDEST else 0


def _sets_in(rows: Sequence[str]) -> bool:
    """Return whether paragraphs begin with white space."""
    return sum(row[:1].isspace() for row in rows) * 5 >= len(rows)


def _wide(row: str) -> int:
    return sum(2 if east_asian_width(c) in "WFA" else 1 for c in row.rstrip())


def broken_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a paragraph that was written in several, divided where a mark begins.

    >>> list(broken_lines(["有下列情形的：", "（一）甲；", "乙。"]))
    ['有下列情形的：', '（一）甲；乙。']
    """
    kept = ""
    for line in lines:
        if kept and is_mark(line.strip()):
            yield kept
            kept = line.strip()
        else:
            kept = _joined(kept, line.strip()) if kept else line.strip()
    if kept:
        yield kept
