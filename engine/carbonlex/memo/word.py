"""Documents as Word files: real styles, footnotes, numbers and tracked changes."""

from __future__ import annotations

from carbonlex.memo.house import PLAIN, House
from carbonlex.memo.ooxml.blocks import sections
from carbonlex.memo.ooxml.elements import paragraph, run
from carbonlex.memo.ooxml.package import About, packed
from carbonlex.memo.ooxml.pages import cover, letterhead, notices
from carbonlex.memo.ooxml.setting import Setting, file_of
from carbonlex.memo.parallel import Parallel, Written


def word(written: Written, house: House = PLAIN) -> bytes:
    """Return a document, or one in two languages, as a Word file (.docx).

    The same document gives the same bytes on every day and machine. Raises `ImportError` where
    python-docx is not installed (`pip install "carbonlex[word]"`).
    """
    if isinstance(written, Parallel):
        from carbonlex.memo.ooxml.columns import two_columns

        return two_columns(written, house)
    file = file_of(house, written.lang, written.date)
    setting = Setting(file, written)
    rows = [(label, (value,)) for label, value in written.header]
    body = [
        *letterhead(house),
        paragraph("Title", [run(written.title)]),
        *cover(rows, file.sheet),
        *notices([written.notice]),
        *sections(setting, written.sections),
    ]
    subject = dict(written.header).get(setting.pick("事由", "Re"), "")
    about = About(written.title, written.lang, written.date, subject, written.digest)
    return packed(file, house, about, body)
