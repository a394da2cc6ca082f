"""Sections put in order: what was relied on is listed once all else has been written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from carbonlex.memo.citing import numbered
from carbonlex.memo.document import Block, Document, Kind, Section
from carbonlex.memo.governing import law_table
from carbonlex.memo.pen import Pen
from carbonlex.model import Label
from carbonlex.statutes.citation import chinese_number

Written = tuple[Block, ...] | tuple[Section, ...]
Writer = Callable[[], Written]
LAW, AUTHORITIES = "law", "authorities"
SHARED: dict[str, Label] = {
    "readings": Label("未决问题与读法", "Open Questions and Readings"),
    "missing": Label("缺少的事实", "Missing Facts"),
    "not-encoded": Label("未编码的内容", "What Is Not Encoded"),
    "authorities": Label("依据目录", "Table of Authorities"),
    "run": Label("声明与运行摘要", "Reservation and Digest of the Run"),
}
"""The headings of sections that memos of several kinds share, by id."""

_NOTICE = (
    "Statutes are quoted in Chinese, the only authentic language; English renderings are "
    "unofficial."
)


def compose(
    pen: Pen,
    kind: Kind,
    title: Label,
    headings: Mapping[str, Label],
    writers: Mapping[str, Writer],
    header: tuple[tuple[str, str], ...],
    day: date,
    digest: str,
    notice: Label | None = None,
) -> Document:
    """Return a document: the sections of `headings`, in order, each as its writer writes it.

    The table of authorities has no writer, and the table of law stands before what the writer of
    `law` says: both list what the others cited. `notice` is what a reader must know first.

    Raises `CitationError` for a citation or quote
    that does not resolve.
    """
    written = {name: writers[name]() for name in headings if name != AUTHORITIES}
    sections = []
    for at, (name, heading) in enumerate(headings.items(), 1):
        blocks: list[Block] = [law_table(pen)] if name == LAW else []
        blocks += pen.citer.authorities() if name == AUTHORITIES else ()
        parts = []
        for one in written.get(name, ()):
            if isinstance(one, Section):
                parts.append(one)
            else:
                blocks.append(one)
        number = chinese_number(at) if pen.zh else str(at)
        sections.append(Section(name, number, heading.of(pen.lang), tuple(blocks), tuple(parts)))
    document = Document(
        kind, pen.lang, title.of(pen.lang), header, day, digest, tuple(sections),
        _noticed(pen, notice), pen.house.numerals,
    )  # fmt: skip
    return numbered(document, pen.citer.numbers)


def _noticed(pen: Pen, notice: Label | None) -> str:
    if notice is None:
        return pen.pick("", _NOTICE)
    return pen.pick(notice.zh, f"{notice.en} {_NOTICE}")
