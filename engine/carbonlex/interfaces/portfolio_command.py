"""`carbonlex portfolio`: the same rules over many entities, and a synthetic population."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from carbonlex.interfaces.arguments import (
    JsonOption,
    LangOption,
    OnOption,
    ReadingOption,
    chosen_readings,
    console,
    day_asked,
    language,
    not_written,
    refuse_word,
    refusing,
    rulebook_or_refuse,
)
from carbonlex.interfaces.portfolio_arguments import (
    JAVA,
    DataArgument,
    Progress,
    apart,
    known_duties,
    known_groupings,
    need,
    need_for,
)
from carbonlex.interfaces.records_keep import keep, kept

if TYPE_CHECKING:
    from carbonlex.portfolio.judge import Asked
    from carbonlex.portfolio.survey import Survey
    from carbonlex.rulebook.rulebook import Rulebook

portfolio = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="许多单位：检查、模拟数据。 Many entities: check them, make up a population.",
)
_SYNTH = ("numpy", "pyarrow")


@portfolio.command("check")
@kept("portfolio check")
def portfolio_check(
    data: DataArgument,
    on: OnOption = "",
    reading: ReadingOption = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="只看这项义务，可多个。 DUTY, repeatable.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="逐行结果：.parquet 或文件夹。 Rows: .parquet, or a folder."
        ),
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="分组，如 sector,year，可多个。 GROUPS, repeatable."),
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", help="polars、duckdb 或 spark。 Engine that computes.")
    ] = "polars",
    explain: Annotated[
        str,
        typer.Option(
            "--explain", help="一行的完整证明：行号或 单位@年度。 One row: number or ENTITY@YEAR."
        ),
    ] = "",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """检查许多单位：合计、分组、原因。 Check many entities: totals, groups, reasons."""
    language(lang)
    asked_on = day_asked(on, lang)
    readings = chosen_readings(reading, lang)
    rulebook = rulebook_or_refuse(lang)
    known_duties(rulebook, only or [], lang)
    groupings = known_groupings(rulebook, by or [], lang)
    apart(data, out, lang)
    need_for(data, lang, engine)
    if engine == "spark":
        need(("pyspark",), lang)
        if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
            refuse_word(lang, f"--engine spark 需要 {JAVA}", f"--engine spark needs {JAVA}")
    from carbonlex.portfolio.judge import Asked

    asked = Asked(asked_on, readings, tuple(only or ()))
    if explain:
        _explain(rulebook, data, asked, explain, lang, as_json)
    from carbonlex.portfolio.engines import UnknownEngine, engines
    from carbonlex.portfolio.survey import survey

    try:
        with refusing(lang), Progress(lang) as progress:
            found = survey(rulebook, data, asked, groupings, out, engine, progress.tell)
    except UnknownEngine:
        listed = ", ".join(engines())
        refuse_word(
            lang,
            f"--engine {engine}：没有这个引擎；可选：{listed}",
            f"--engine {engine}: there is no such engine; choose: {listed}",
        )
    except OSError as error:
        not_written(out, error, lang)
    if as_json:
        print(_json(found))
    else:
        from carbonlex.interfaces.portfolio_page import PortfolioPage

        PortfolioPage(console(), found, lang).print()
    keep(lambda: _json(found))
    raise typer.Exit(found.exit_code)


def _json(found: Survey) -> str:
    from carbonlex.interfaces.portfolio_wire import portfolio_json

    return portfolio_json(found)


@portfolio.command("synth")
def portfolio_synth(
    out: Annotated[Path, typer.Option("--out", "-o", help="输出文件夹。 Output folder.")],
    entities: Annotated[
        int | None,
        typer.Option("--entities", min=1, help="单位数（默认全国）。 How many (national)."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="随机种子。 Seed.")] = 1,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """生成模拟的全国数据（企业均为虚构）。 Make up a national population, labelled synthetic."""
    language(lang)
    need(_SYNTH, lang)
    from carbonlex.portfolio.synth import DEFAULT_ENTITIES, synthesise

    rulebook = rulebook_or_refuse(lang)
    try:
        summary = synthesise(out, entities or DEFAULT_ENTITIES, seed, rulebook)
    except OSError as error:
        not_written(out, error, lang)
    if as_json:
        from carbonlex.interfaces.portfolio_wire import synth_json

        print(synth_json(summary))
    else:
        from carbonlex.interfaces.portfolio_page import print_synth

        print_synth(console(), summary, rulebook, lang)


def _explain(
    rulebook: Rulebook, data: Path, asked: Asked, row: str, lang: str, as_json: bool
) -> NoReturn:
    """Print what `check` says of one row, and leave with its exit code."""
    from carbonlex.portfolio.explain import NoRow, explained

    try:
        with refusing(lang), Progress(lang) as progress:
            found = explained(rulebook, data, asked, row, progress.tell)
    except NoRow:
        refuse_word(
            lang,
            f"--explain {row}：entities 没有这一行；写行号（从 1 起）或 单位@年度，如 1@2025",
            f"--explain {row}: entities has no such row; write its number (from 1) or "
            "ENTITY@YEAR, like 1@2025",
        )
    if as_json:
        from carbonlex.interfaces.wire import report_json

        print(report_json(rulebook, found.report))
    else:
        from carbonlex.interfaces.terminal import Terminal

        Terminal(console(), rulebook, found.report, lang).note()
    if found.invalid:
        said = (
            "该单位有不能采用的单元格，汇总中其判断均为“未定”；上面按未告知处理",
            "cells of this entity could not be taken: in the totals all of it is undetermined; "
            "above they count as not told",
        )
        print(said[lang == "en"], file=sys.stderr)
        for one in found.problems:
            print(f"{one.table}:{one.row} [{one.column}]: {one.code}: {one.value}", file=sys.stderr)
    raise typer.Exit(found.exit_code)
