"""A redline as a Word file: one column, with tracked changes that can be accepted or refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml.etree import _Element

from carbonlex.memo.document import Mark
from carbonlex.memo.house import PLAIN, House
from carbonlex.memo.ooxml.changes import change, tracked
from carbonlex.memo.ooxml.elements import paragraph, run, w
from carbonlex.memo.ooxml.package import About, packed
from carbonlex.memo.ooxml.pages import letterhead, notices
from carbonlex.memo.ooxml.setting import File, file_of
from carbonlex.model import Label
from carbonlex.statutes.citation import pinpoint
from carbonlex.statutes.instruments import SUMMARY
from carbonlex.statutes.redline import Redline, RedlineLine, Row
from carbonlex.statutes.stretches import passages
from carbonlex.words.redlines import CHANGE_LABELS, amendment
from carbonlex.words.sentences import flagged

LEGEND = Label(
    "删去、新增的文字均为 Word 修订标记：全部接受即修改后的文本，全部拒绝即修改前的文本。"
    "各条上方灰色的说明不属于条文。",
    "Words that go or come are tracked changes: accept all for the text as amended, reject all "
    "for the text before. The grey line above each article is no part of it.",
)
_NEVER = Label("不作引文", "not to be quoted")


@dataclass(frozen=True)
class Around:
    """What stands about a redline.

    Attributes:
        title: which texts are compared.
        lead: sentences before the first article.
        lists: titles with their lines after the last one.
    """

    title: str
    lead: Sequence[str] = ()
    lists: Sequence[tuple[str, Sequence[str]]] = ()


def redline_docx(
    found: Redline, around: Around, lang: str = "zh", house: House = PLAIN, whole: bool = False
) -> bytes:
    """Return a redline as a Word file, its changes those of the day the new text takes effect.

    `whole` has unchanged articles too. What differs by typography alone is no change: it is
    written as the new text has it. Raises `ImportError` without python-docx.
    """
    file = file_of(house, lang, found.new.effective)
    lead = [*around.lead, LEGEND.of(lang)] if found.amendments else around.lead
    body = [*letterhead(house), paragraph("Title", [run(around.title)]), *notices(lead)]
    for row in found.rows:
        changed = row.kind in ("changed", "inserted", "repealed")
        if changed or (whole and row.kind != "not-held"):
            body += _article(file, found, row, lang)
    for title, lines in around.lists:
        if lines:
            body.append(paragraph("Heading2", [run(title)]))
            body += [paragraph("List", [run(x)], file.numbering.item(0)) for x in lines]
    return packed(file, house, About(around.title, lang, found.new.effective), body)


def _article(file: File, found: Redline, row: Row, lang: str) -> Iterator[_Element]:
    """Yield what becomes of an article, its number, and its lines."""
    said = amendment(found, row, lang, quoting=False) or CHANGE_LABELS[row.kind].of(lang)
    flag = SUMMARY.of(lang) if row.summary else flagged(row.grade, lang).strip()
    if not row.quotable:
        flag += ("，" if lang == "zh" else ", ") + _NEVER.of(lang)
    notes = [run(said), *([run(("" if lang == "zh" else " ") + flag, "Lead")] if flag else [])]
    yield paragraph("Amending", notes)
    one = pinpoint(found.old, row.old, lang) if row.old else ""
    other = pinpoint(found.new, row.new, lang) if row.new else ""
    marks = [Mark("same", one)] if one == other else [Mark("deleted", one), Mark("inserted", other)]
    yield _paragraph(file, "Heading3", marks, row.old, row.new)
    for line in row.lines:
        yield _paragraph(file, "Point" if line.level == "point" else "Clause", _marks(line),
                         line.old, line.new)  # fmt: skip


def _marks(line: RedlineLine) -> list[Mark]:
    """Return the words of a line as marked; of a difference of typography, those of the new."""
    made: list[Mark] = []
    for differs, old, new in passages(line.stretches):
        if differs:
            made += [Mark("deleted", old), Mark("inserted", new)]
        else:
            made.append(Mark("same", new or old))
    return made


def _paragraph(file: File, style: str, marks: Sequence[Mark], old: str, new: str) -> _Element:
    """Return a paragraph; one that only a side has is itself a tracked change, its end included."""
    made = paragraph(style, tracked(file, marks))
    if not (old and new):
        made[0].append(w("rPr", change(file, "ins" if new else "del")))
    return made
