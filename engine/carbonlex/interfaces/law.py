"""`carbonlex law`: the corpus from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from carbonlex.interfaces.apply_command import law_apply
from carbonlex.interfaces.arguments import (
    JsonOption,
    LangOption,
    OnOption,
    chosen_sector,
    console,
    day,
    language,
    refuse,
    refuse_word,
    rulebook_or_refuse,
)
from carbonlex.interfaces.house_style import HouseOption, house_style

law = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="法律语料：条文、规范、覆盖率。 The corpus: words, norms, coverage.",
)


law.command("apply")(law_apply)


@law.command("list")
def law_list(lang: LangOption = "zh", as_json: JsonOption = False) -> None:
    """列出全部文件。 List the instruments."""
    language(lang)
    from carbonlex.interfaces.corpus_pages import instruments_json, print_instruments

    rulebook = rulebook_or_refuse(lang)
    if as_json:
        print(instruments_json(rulebook))
    else:
        print_instruments(console(), rulebook, lang)


@law.command("show")
def law_show(
    place: Annotated[
        str,
        typer.Argument(help="文件键[#条款]，或引注如 立法法第八十条。 KEY[#EID] or a citation."),
    ],
    on: OnOption = "",
    lang: LangOption = "zh",
) -> None:
    """条文与规范对照。 Words and norms side by side."""
    language(lang)
    from carbonlex.interfaces.corpus_pages import print_place
    from carbonlex.statutes.resolve import UnknownPlace

    rulebook = rulebook_or_refuse(lang)
    try:
        print_place(console(), rulebook, place, day(on, "--on", lang), lang)
    except UnknownPlace as error:
        refuse_word(lang, error.args[0], error.args[1])


@law.command("verify")
def law_verify(
    rules: Annotated[
        Path | None, typer.Option("--rules", help="规则目录。 Folder of rules.")
    ] = None,
    statutes: Annotated[
        Path | None, typer.Option("--statutes", help="条文目录。 Folder of statutes.")
    ] = None,
    lang: LangOption = "zh",
) -> None:
    """检查规则与条文。 Check rules against statutes: every fault with file and line."""
    language(lang)
    from carbonlex.corpus import corpus
    from carbonlex.rulebook.assemble import read_rulebook
    from carbonlex.rulebook.outline import unspoken

    folders = (rules or corpus("rules"), statutes or corpus("statutes"))
    for folder in folders:
        if not folder.is_dir():
            refuse_word(lang, f"{folder} 不是目录", f"{folder} is no folder")
    rulebook, wrong = read_rulebook(*folders)
    if wrong:
        refuse(wrong, lang)
    counts = (
        len(rulebook.instruments),
        len(rulebook.norms),
        len(rulebook.parameters),
        len(rulebook.questions),
    )
    zh = "{} 份文件、{} 条规范、{} 个参数、{} 个未决问题，无误"
    en = "{} instruments, {} norms, {} parameters, {} open questions: nothing wrong"
    print((en if lang == "en" else zh).format(*counts))
    for key, instrument in rulebook.instruments.items():
        if count := len(unspoken(rulebook, instrument)):
            zh = f"{key}：{count} 条既无规范，也无不编的理由：carbonlex statutes outline {key}"
            en = f"{key}: {count} articles, no norm, no reason: carbonlex statutes outline {key}"
            print(en if lang == "en" else zh)


@law.command("coverage")
def law_coverage(
    lang: LangOption = "zh",
    as_json: JsonOption = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="每个文件一行，按条计。 One line each, by article.")
    ] = False,
) -> None:
    """逐条覆盖率。 Clause-level coverage."""
    language(lang)
    from carbonlex.interfaces import coverage_pages as pages

    rulebook = rulebook_or_refuse(lang)
    if as_json:
        print(pages.summary_json(rulebook) if summary else pages.coverage_json(rulebook))
    elif summary:
        pages.print_summary(console(), rulebook, lang)
    else:
        pages.print_coverage(console(), rulebook, lang)


@law.command("facts")
def law_facts(
    sector: Annotated[
        str, typer.Option("--sector", help="只看一个行业，如 power、钢铁。 One SECTOR only.")
    ] = "",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """案情可以告知的全部事实。 Every fact that a case may tell."""
    language(lang)
    from carbonlex.interfaces.facts_page import facts_json, print_facts

    rulebook = rulebook_or_refuse(lang)
    chosen = chosen_sector(rulebook, sector, lang) if sector else ""
    if as_json:
        print(facts_json(rulebook, chosen))
    else:
        print_facts(console(), rulebook, chosen, lang)


@law.command("diff")
def law_diff(
    old: Annotated[str, typer.Argument(help="旧文本的文件键。 Key of the OLD expression.")],
    new: Annotated[str, typer.Argument(help="新文本的文件键。 Key of the NEW expression.")],
    whole: Annotated[
        bool, typer.Option("--all", help="未变的条文也列出。 Unchanged articles too.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help="带修订标记的 .docx。 Word file with tracked changes."),
    ] = None,
    house: HouseOption = None,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """修订对照表：逐条比较两个文本。 Redline of two expressions, article by article."""
    language(lang)
    from carbonlex.interfaces.redline_file import redline_ending, write_redline

    if out is not None:
        redline_ending(out, lang)
        if as_json:
            refuse_word(lang, "-o 与 --json 只能用一个", "-o or --json, not both")
    elif house is not None:
        refuse_word(lang, "--house 须与 -o 同用", "--house goes with -o")
    style = house_style(house, lang) if house is not None else None
    rulebook = rulebook_or_refuse(lang)
    from carbonlex.interfaces.redline_page import RedlinePage, comparable
    from carbonlex.rulebook.stranded import stranded
    from carbonlex.statutes.redline import redline

    refusal = comparable(rulebook, old, new)
    if refusal is not None:
        refuse_word(lang, *refusal)
    found = redline(rulebook.instruments[old], rulebook.instruments[new])
    lost = stranded(rulebook, found)
    if as_json:
        from carbonlex.interfaces.redline_wire import redline_json

        print(redline_json(found, lost))
        return
    page = RedlinePage(console(), rulebook, found, lang, whole)
    if out is None:
        page.print(lost)
    else:
        write_redline(page, tuple(lost), out, style)
