"""`carbonlex law diff -o FILE.docx`: a redline as a Word file with tracked changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from carbonlex.interfaces.arguments import not_written, refuse_extra, refuse_word
from carbonlex.interfaces.redline_page import RedlinePage
from carbonlex.rulebook.stranded import Stranded

if TYPE_CHECKING:
    from carbonlex.memo.house import House


def redline_ending(out: Path, lang: str) -> None:
    """Refuse a file whose ending is not that of Word."""
    if out.suffix.lower() != ".docx":
        refuse_word(lang, f"{out}：只能写 .docx", f"{out}: .docx only")


def write_redline(
    page: RedlinePage, lost: tuple[Stranded, ...], out: Path, house: House | None = None
) -> None:
    """Write what a page shows as a Word file, whole or not at all, or refuse."""
    from carbonlex.memo.house import PLAIN
    from carbonlex.memo.word_redline import Around, redline_docx
    from carbonlex.writing import write_whole

    lead = [page.tally(), *([] if page.redline.amendments else [page.nothing()])]
    around = Around(page.title(), lead, page.lists(lost))
    try:
        made = redline_docx(page.redline, around, page.lang, house or PLAIN, whole=page.whole)
        write_whole(out, made)
    except ImportError:
        refuse_extra(("写 Word 文件", "a Word file"), "word", page.lang)
    except OSError as error:
        not_written(out, error, page.lang)
    print(f"→ {out}")
