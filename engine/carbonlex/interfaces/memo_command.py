"""`carbonlex memo`: a memo of one of five kinds, in one face, in one language or both."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from carbonlex.interfaces.arguments import (
    BAD_INPUT,
    DecidedOption,
    OnOption,
    ReadingOption,
    case_or_refuse,
    chosen_readings,
    day,
    day_asked,
    refuse_word,
    refusing,
    writing,
)
from carbonlex.interfaces.house_style import HouseOption, house_style
from carbonlex.interfaces.memo_faces import write_faces
from carbonlex.interfaces.portfolio_arguments import holds_many
from carbonlex.interfaces.records_keep import keep, kept

if TYPE_CHECKING:
    from carbonlex.memo.document import Document, Kind
    from carbonlex.memo.draft import Addressing
    from carbonlex.memo.house import House
    from carbonlex.memo.parallel import Written
    from carbonlex.memo.paths import Source
    from carbonlex.model import Case
    from carbonlex.rulebook.rulebook import Rulebook

_MOST = 2000  # characters of what a document is addressed with


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for, whatever the kind."""

    given: str
    out: Path
    on: str
    decided: str
    reading: list[str] | None
    cases: list[str]
    effective: str
    by: list[str]
    lang: str
    addressing: Addressing
    house: House
    fonts: list[Path]

    @property
    def words(self) -> str:
        """The language in which the command itself speaks."""
        return "en" if self.lang == "en" else "zh"


@dataclass(frozen=True)
class Made:
    """What a memo was read off, how to write it in one language, and the JSON of its result."""

    rulebook: Rulebook
    source: Source
    write: Callable[[str], Document]
    result: Callable[[], str]
    cases: tuple[Case, ...] = ()


@kept("memo")
def memo(
    case: Annotated[
        str,
        typer.Argument(
            help="案情文件，改革文件 .md，或组合数据。 Case file, REFORM.md, or portfolio DATA."
        ),
    ],
    out: Annotated[
        Path,
        typer.Option("-o", "--out", help="输出 .md、.html、.docx 或 .pdf。 Output file."),
    ],
    kind: Annotated[
        str,
        typer.Option(
            "--kind",
            help="compliance、opinion（法律意见书）、penalty（处罚分析）、drafting 或 portfolio。",
        ),
    ] = "",
    on: OnOption = "",
    decided: DecidedOption = "",
    reading: ReadingOption = None,
    lang: Annotated[
        str, typer.Option("--lang", help="zh、en 或 both（对照）。 zh, en, or both side by side.")
    ] = "",
    style: HouseOption = None,
    to: Annotated[str, typer.Option("--to", help="致。 To.")] = "",
    sender: Annotated[str, typer.Option("--from", "--sender", help="自。 From.")] = "",
    about: Annotated[str, typer.Option("--subject", "--about", help="事由。 Re.")] = "",
    number: Annotated[str, typer.Option("--number", help="编号。 Number.")] = "",
    cases: Annotated[
        list[str] | None,
        typer.Option("--case", help="改革所影响的案情。 A case that the reform is tried on."),
    ] = None,
    effective: Annotated[
        str, typer.Option("--effective", help="改革另定的施行日。 Another day of effect of REFORM.")
    ] = "",
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="组合报告的分组，如 sector,year。 GROUPS of a portfolio report."),
    ] = None,
    fonts: Annotated[
        list[Path] | None,
        typer.Option("--font-path", help="PDF 的字体文件或文件夹。 Fonts for PDF."),
    ] = None,
) -> None:
    """写一份可逐句核对的文书。 Write a document in which every sentence can be checked."""
    from carbonlex.memo.draft import Addressing

    if lang and lang not in ("zh", "en", "both"):
        refuse_word("zh", f"--lang 应为 zh、en 或 both，而不是 {lang}", "")
    house = house_style(style, "en" if lang == "en" else "zh")
    addressing = Addressing(to, sender, about, number)
    wanted = Wanted(
        case, out, on, decided, reading, cases or [], effective, by or [], lang or house.lang,
        addressing, house, fonts or [],
    )  # fmt: skip
    if any(len(t) > _MOST for t in (to, sender, about, number)):
        refuse_word(
            wanted.words,
            f"--to、--from、--subject、--number 不超过 {_MOST} 字",
            f"--to, --from, --subject, --number: {_MOST} characters at most",
        )
    chosen = _kind(kind, case, wanted.words)
    _fitting(chosen, wanted)
    with writing(out, wanted.words):
        from carbonlex.memo.write import face_of

        face_of(out)
        if not out.absolute().parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(out))
        made = _MAKERS[chosen](wanted)
        document = _spoken(made, wanted.lang)
        found = write_faces(
            made.rulebook, made.source, document, out, house, wanted.fonts, wanted.words
        )
    for path in found.files:
        print(f"→ {path}")
    if out not in found.files:
        raise typer.Exit(BAD_INPUT)
    keep(made.result, made.cases, found.fonts, 0)


def _kind(asked: str, given: str, lang: str) -> Kind:
    """Return the kind that was asked for, or the one that what was given calls for."""
    from carbonlex.memo.document import Kind

    kinds: tuple[Kind, ...] = get_args(Kind)
    for one in kinds:
        if asked == one:
            return one
    if asked:
        listed = ", ".join(kinds)
        refuse_word(
            lang,
            f"--kind {asked}：没有这一种；可选：{listed}",
            f"--kind {asked}: there is no such kind; choose: {listed}",
        )
    path = Path(given)
    if path.suffix.lower() == ".md":
        return "drafting"
    return "portfolio" if holds_many(path) else "compliance"


def _fitting(kind: Kind, wanted: Wanted) -> None:
    """Refuse options that a kind has no use for, and one that it cannot do without."""
    lang = wanted.words
    idle = {
        "--case": bool(wanted.cases) and kind != "drafting",
        "--effective": bool(wanted.effective) and kind != "drafting",
        "--decided": bool(wanted.decided) and kind == "portfolio",
        "--by": bool(wanted.by) and kind != "portfolio",
    }
    for option, useless in idle.items():
        if useless:
            refuse_word(
                lang, f"--kind {kind} 不用 {option}", f"--kind {kind} has no use for {option}"
            )
    if kind == "penalty" and not wanted.decided:
        refuse_word(
            lang,
            "--kind penalty 需要 --decided YYYY-MM-DD：新旧规定在处罚决定日比较",
            "--kind penalty needs --decided YYYY-MM-DD: old law and new are compared on that day",
        )


def _spoken(made: Made, lang: str) -> Written:
    if lang != "both":
        return made.write(lang)
    from carbonlex.memo.parallel import Parallel

    return Parallel(made.write("zh"), made.write("en"))


def _on_case(kind: Kind) -> Callable[[Wanted], Made]:
    def make(wanted: Wanted) -> Made:
        from carbonlex.interfaces.wire import report_json
        from carbonlex.memo.compliance import compliance_memo
        from carbonlex.memo.opinion import opinion
        from carbonlex.memo.penalty import penalty_memo
        from carbonlex.reasoner.check import check_case

        build = {"opinion": opinion, "penalty": penalty_memo}.get(kind, compliance_memo)
        lang = wanted.words
        asked, decision = day_asked(wanted.on, lang), day(wanted.decided, "--decided", lang)
        readings = chosen_readings(wanted.reading, lang)
        rulebook, facts = case_or_refuse(wanted.given, lang)
        with refusing(lang):
            report = check_case(rulebook, facts, asked, decision, readings)
        return Made(
            rulebook,
            report,
            lambda spoken: build(rulebook, report, spoken, wanted.addressing, wanted.house),
            lambda: report_json(rulebook, report),
            (report.case,),
        )

    return make


def _on_reform(wanted: Wanted) -> Made:
    from carbonlex.interfaces.drafting_command import drafted_reform
    from carbonlex.interfaces.validity_wire import validity_json
    from carbonlex.memo.drafting import drafting_memo

    found, examination = drafted_reform(
        wanted.given, wanted.cases, wanted.on, wanted.decided, wanted.reading, wanted.words,
        wanted.effective,
    )  # fmt: skip
    name = Path(wanted.given).name
    return Made(
        found.after,
        examination.report,
        lambda lang: drafting_memo(found, examination, lang, wanted.addressing, name, wanted.house),
        lambda: validity_json(found.after, examination),
        tuple(c.before.case for c in found.comparisons),
    )


def _on_data(wanted: Wanted) -> Made:
    from carbonlex.interfaces.memo_portfolio import surveyed
    from carbonlex.interfaces.portfolio_wire import portfolio_json
    from carbonlex.memo.portfolio import portfolio_report

    found = surveyed(Path(wanted.given), wanted.on, wanted.reading, wanted.by, wanted.words)
    return Made(
        found.rulebook,
        found,
        lambda lang: portfolio_report(found, lang, wanted.addressing, wanted.house),
        lambda: portfolio_json(found),
    )


_MAKERS: dict[Kind, Callable[[Wanted], Made]] = {
    "compliance": _on_case("compliance"),
    "opinion": _on_case("opinion"),
    "penalty": _on_case("penalty"),
    "drafting": _on_reform,
    "portfolio": _on_data,
}
