"""`carbonlex statutes`: official texts into the corpus, and what a new one changes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonlex.calendar import today
from carbonlex.interfaces.arguments import (
    JsonOption,
    LangOption,
    console,
    day,
    language,
    refuse,
    refuse_word,
    refusing,
    rulebook_or_refuse,
)
from carbonlex.interfaces.patience import patience

if TYPE_CHECKING:
    from carbonlex.model import Grade
    from carbonlex.statutes.importing.identity import Told
    from carbonlex.statutes.instruments import Instrument

statutes = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="法律文本：导入、对照。 Texts of law: import, compare.",
)


@statutes.command("import")
def statutes_import(
    file: Annotated[Path, typer.Argument(help="官方文本 .docx .html .txt .md。 The text.")],
    work: Annotated[
        str, typer.Option("--work", help="作品 URI，如 /akn/cn/act/guizhang/mee/2020-12-31/19。")
    ],
    effective: Annotated[str, typer.Option("--effective", help="施行日。 In force from.")],
    promulgated: Annotated[
        str, typer.Option("--promulgated", help="公布日（默认取自 URI）。 Promulgated on.")
    ] = "",
    ended: Annotated[
        str, typer.Option("--ended", help="不再施行的第一天。 First day not in force.")
    ] = "",
    number: Annotated[str, typer.Option("--number", help="文号。 Its number.")] = "",
    title: Annotated[
        str, typer.Option("--title", help="名称（默认取自文中）。 Its title in Chinese.")
    ] = "",
    title_en: Annotated[str, typer.Option("--title-en", help="英文名称。 In English.")] = "",
    key: Annotated[str, typer.Option("--key", help="文件键。 Its key in the corpus.")] = "",
    rank: Annotated[str, typer.Option("--rank", help="位阶，如 law。 Its rank.")] = "",
    maker: Annotated[str, typer.Option("--maker", help="制定机关名称。 Who made it.")] = "",
    grade: Annotated[str, typer.Option("--grade", help="来源等级。 Source grade.")] = "official",
    against: Annotated[
        str,
        typer.Option("--against", help="沿用该旧文本的 wId：键或 .xml。 Keep the wIds of KEY."),
    ] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="写入文件。 Write FILE.")] = None,
    into: Annotated[
        Path | None, typer.Option("--into", help="写入条文目录。 Write into a FOLDER of statutes.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="替换已有的文件。 Replace a file that is there.")
    ] = False,
    end_older: Annotated[
        bool, typer.Option("--end-older", help="目录中的旧文本自施行日起失效。 End the older text.")
    ] = False,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """导入官方文本为 Akoma Ntoso。 Import an official text, held against its source."""
    language(lang)
    begins = day(effective, "--effective", lang)
    if begins is None:
        refuse_word(lang, "--effective：请写施行日", "--effective: tell the day of effect")
    from carbonlex.interfaces.statutes_write import Place, place_of, placed
    from carbonlex.rulebook.stranded import stranded
    from carbonlex.statutes.importing.identity import Told
    from carbonlex.statutes.importing.importer import imported
    from carbonlex.statutes.importing.read import read_source
    from carbonlex.statutes.matching import carried
    from carbonlex.statutes.redline import redline

    told = Told(
        work=work,
        effective=begins,
        promulgated=day(promulgated, "--promulgated", lang),
        ended=day(ended, "--ended", lang),
        number=number,
        title=title,
        title_en=title_en,
        key=key,
        rank=rank,
        maker=maker,
        grade=_grade(grade, lang),
    )
    rulebook = rulebook_or_refuse(lang)
    held = {**rulebook.instruments, **_in_folder(into, lang)}
    with refusing(lang):
        older = _older(against, told, held, lang)
        source = read_source(file)
        signs = f"{len(source.words):,}"
        with patience(f"正在导入 {signs} 字…", f"importing {signs} signs…", lang):
            made = imported(source, told, held, today(), older)
    place: Place | None = place_of(made, out, into, replace, lang)
    own = rulebook.instruments.get(made.identity.key)
    lost = stranded(rulebook, redline(own, carried(own, made.instrument))) if own else ()
    ends = placed(made, place, end_older, lang) if place else ()
    if as_json:
        from carbonlex.interfaces.statutes_wire import import_json

        print(import_json(made, lost, place.path if place else None, ends))
    else:
        from carbonlex.interfaces.statutes_page import ImportPage

        page = ImportPage(console(), rulebook, made, lang)
        page.print(lost, place.path if place else None, ends, older)


@statutes.command("diff")
def statutes_diff(
    old: Annotated[str, typer.Argument(help="旧文本：文件键，或文件。 OLD text: key or file.")],
    new: Annotated[str, typer.Argument(help="新文本：文件键，或文件。 NEW text: key or file.")],
    whole: Annotated[
        bool, typer.Option("--all", help="未变的条文也列出。 Unchanged articles too.")
    ] = False,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """逐条对照两个文本，文件也可。 Redline of two texts, files too; renumbering is found."""
    language(lang)
    from carbonlex.interfaces.redline_page import RedlinePage
    from carbonlex.interfaces.statutes_sides import sides
    from carbonlex.rulebook.stranded import stranded
    from carbonlex.statutes.redline import redline

    rulebook = rulebook_or_refuse(lang)
    with refusing(lang):
        before, after = sides(rulebook, old, new, lang)
    found = redline(before, after)
    lost = stranded(rulebook, found)
    if as_json:
        from carbonlex.interfaces.redline_wire import redline_json

        print(redline_json(found, lost))
    else:
        RedlinePage(console(), rulebook, found, lang, whole).print(lost)


@statutes.command("outline")
def statutes_outline(
    key: Annotated[str, typer.Argument(help="文件键。 KEY of the text.")],
    folder: Annotated[
        Path | None, typer.Option("--statutes", help="条文目录。 Folder of statutes.")
    ] = None,
    rules: Annotated[
        Path | None, typer.Option("--rules", help="规则目录。 Folder of rules.")
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", help="各条写同一未编码理由，如 scope。 One reason for all.")
    ] = "",
    lang: LangOption = "zh",
) -> None:
    """规则尚未涉及的条文，写成待填的 Markdown。 Articles without rules, as Markdown to fill in."""
    language(lang)
    from carbonlex.corpus import corpus
    from carbonlex.rulebook.assemble import read_rulebook
    from carbonlex.rulebook.norms import REASONS
    from carbonlex.rulebook.outline import outline

    if reason and reason not in REASONS:
        choices = "、".join(REASONS)
        refuse_word(lang, f"--reason：可选 {choices}", f"--reason: choose from {choices}")
    rulebook, _ = read_rulebook(rules or corpus("rules"), folder or corpus("statutes"))
    if key not in rulebook.instruments:
        near = "、".join(rulebook.instruments)
        refuse_word(lang, f"没有文件 {key}；可选：{near}", f"no {key}; choose from: {near}")
    for section in outline(rulebook, rulebook.instruments[key], reason):
        print(section)


def _grade(text: str, lang: str) -> Grade:
    from carbonlex.model import GRADES

    for one in GRADES:
        if text == one:
            return one
    choices = "、".join(GRADES)
    refuse_word(lang, f"--grade {text}：可选 {choices}", f"--grade {text}: choose from {choices}")


def _in_folder(into: Path | None, lang: str) -> dict[str, Instrument]:
    """Return what a folder of statutes already holds; refuse one that does not hold by itself."""
    if into is None or not into.is_dir():
        return {}
    from carbonlex.statutes.akn import read_instruments

    found, wrong = read_instruments(into)
    # Texts that overlap are what this command may be about to put in order.
    faults = tuple(d for d in wrong if d.code != "statute-overlap")
    if faults:
        refuse(faults, lang)
    return {i.key: i for i in found}


def _older(against: str, told: Told, held: dict[str, Instrument], lang: str) -> Instrument | None:
    """Return the text whose wIds are kept: the one named, or the same expression as it is held."""
    if not against:
        uri = f"{told.work}/zho@{told.effective}"
        return next((i for i in held.values() if i.uri == uri), None)
    if against in held:
        return held[against]
    if re.search(r"\.xml$", against, re.IGNORECASE):
        from carbonlex.interfaces.statutes_sides import xml_side

        return xml_side(Path(against))
    refuse_word(
        lang, f"--against {against}：没有这个文件键，也不是 .xml 文件",
        f"--against {against}: neither a key of the corpus nor an .xml file",
    )  # fmt: skip
