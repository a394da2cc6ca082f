"""What a clause rests on, in words: the basis found, the one claimed, and what came too late."""

from __future__ import annotations

from collections.abc import Iterator

from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.validity.clauses import PENALTIES
from carbonlex.validity.finding import Examination, Finding
from carbonlex.words.sentences import Line, cites_of


def grounds(
    rulebook: Rulebook, examination: Examination, finding: Finding, lang: str
) -> Iterator[tuple[str, Line]]:
    """Yield the kind of remark and the sentence for each thing that a clause rests on."""
    zh = lang == "zh"

    def said(name: str, more: str = "") -> Line:
        norm = rulebook.norms[name]
        return Line(1, norm.label.of(lang) + more, cites_of(norm), grade=norm.grade)

    for name in finding.bases:
        yield "basis", said(name)
    if not finding.bases and finding.asks(rulebook, "departmental_basis", "local_basis"):
        yield "no-basis", Line(1, _none_found(rulebook, examination, finding, lang))
    for name in finding.claimed:
        other = rulebook.norms[name].answers != finding.clause.duty
        more = (
            "（规定的不是同一义务，是否足以为依据须另行判断）"
            if zh
            else (" (another duty: whether it carries this one is a matter of judgement)")
        )
        yield "claimed", said(name, more if other else "")
    for name in finding.unfounded:
        yield "claimed", said(name, "（当日不施行）" if zh else " (not in force that day)")
    if not finding.enactment and _came_late(examination, finding):
        late = "后来的依据不补正制定时的欠缺"
        yield "late-basis", Line(1, late if zh else "a later basis does not cure the enactment")


def _none_found(rulebook: Rulebook, examination: Examination, finding: Finding, lang: str) -> str:
    zh = lang == "zh"
    held = [rulebook.instruments[k] for k in examination.title_only]
    titles = [f"《{i.title.zh}》" if zh else i.title.en for i in held if i.in_force(finding.day)]
    also = ""
    if titles:
        joined = ("、" if zh else ", ").join(titles)
        also = f"；当日施行而只有题名的有{joined}" if zh else f"; by title only: {joined}"
    if zh:
        return f"已编码的法律、行政法规中没有找到{also}；国务院的决定、命令没有编码"
    council = "decisions and orders of the State Council are not encoded"
    return f"none found in the laws and regulations encoded{also}; {council}"


def _came_late(examination: Examination, finding: Finding) -> bool:
    """Return whether what carries a clause today was not there when it was enacted."""
    first = next(f for f in examination.findings if f.clause == finding.clause)
    if not first.enactment or first.result == "within":
        return False
    if finding.clause.effect in PENALTIES:
        return bool(finding.penal) and not first.penal and finding.result == "within"
    return bool(finding.bases) and not first.bases
