"""`carbonlex portfolio`: the same rules over many entities, and a synthetic population."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
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
    refuse_word,
    refusing,
    rulebook_or_refuse,
)
from carbonlex.interfaces.records_keep import keep, kept

if TYPE_CHECKING:
    from carbonlex.portfolio.judge import Asked
    from carbonlex.portfolio.survey import Survey
    from carbonlex.portfolio.totals import Grouping
    from carbonlex.rulebook.rulebook import Rulebook

portfolio = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="许多单位：检查、模拟数据。 Many entities: check them, make up a population.",
)
_PATIENCE = 2  # seconds before a terminal is told how far it has come
JAVA = "Java 17 (apt install openjdk-17-jre-headless, brew install openjdk@17)"
READS, _SYNTH = ("polars", "pyarrow"), ("numpy", "pyarrow")
DataArgument = Annotated[
    Path,
    typer.Argument(
        help="数据：文件夹、.parquet、.csv 或 .duckdb。 A folder, .parquet, .csv or .duckdb."
    ),
]


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
    need(READS, lang)
    if data.suffix.lower() in (".duckdb", ".db"):
        need(("duckdb",), lang)
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

    progress = Progress(lang)
    try:
        with refusing(lang):
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
    finally:
        progress.end()
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

    progress = Progress(lang)
    try:
        with refusing(lang):
            found = explained(rulebook, data, asked, row, progress.tell)
    except NoRow:
        refuse_word(
            lang,
            f"--explain {row}：entities 没有这一行；写行号（从 1 起）或 单位@年度，如 1@2025",
            f"--explain {row}: entities has no such row; write its number (from 1) or "
            "ENTITY@YEAR, like 1@2025",
        )
    finally:
        progress.end()
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


def need(modules: tuple[str, ...], lang: str) -> None:
    """Refuse where what reads or computes many rows is not installed."""
    if lost := [m for m in modules if find_spec(m) is None]:
        extra = "spark" if "pyspark" in lost else "portfolio"
        listed, remedy = ", ".join(lost), f'pip install "carbonlex[{extra}]"'
        refuse_word(lang, f"缺少 {listed}，需先安装：{remedy}", f"{listed} missing: {remedy}")


def known_duties(rulebook: Rulebook, asked: list[str], lang: str) -> None:
    """Refuse a duty that there is not."""
    if not asked:
        return
    from difflib import get_close_matches

    from carbonlex.portfolio.subjects import subjects

    known = {s.duty for s in subjects(rulebook)}
    for duty in asked:
        if duty not in known:
            near = ", ".join(get_close_matches(duty, known, 3, 0.3) or sorted(known))
            refuse_word(lang, f"没有义务 {duty}；可选：{near}", f"no duty {duty}; choose: {near}")


def known_groupings(rulebook: Rulebook, asked: list[str], lang: str) -> list[Grouping]:
    """Return what rows are to be grouped by, or refuse."""
    if not asked:
        return []
    need(READS, lang)
    from carbonlex.portfolio.survey import may_group_by

    known = may_group_by(rulebook.vocabulary)
    found = [tuple(dict.fromkeys(c.strip() for c in one.split(","))) for one in asked]
    for name in (c for g in found for c in g):
        if name not in known:
            listed = ", ".join(known)
            refuse_word(
                lang,
                f"--by：不能按 {name} 分组；可选：{listed}",
                f"--by: rows are not grouped by {name}; choose: {listed}",
            )
    return found


def apart(data: Path, out: Path | None, lang: str) -> None:
    """Refuse to write into what is read."""
    if out is None:
        return
    here, there = data.resolve(), out.resolve()
    if here in (there, *there.parents) or there in here.parents:
        refuse_word(
            lang,
            f"--out {out}：不能写入数据所在之处；请换一个位置",
            f"--out {out}: it is where the data are; choose another place",
        )


def not_written(out: Path | None, error: OSError, lang: str) -> NoReturn:
    if isinstance(error, FileExistsError):
        refuse_word(
            lang,
            f"{out} 已有内容，未覆盖；请换名",
            f"{out} has contents and is kept: choose a name",
        )
    refuse_word(lang, f"不能写入 {out}：{error.strerror}", f"cannot write {out}: {error.strerror}")


class Progress:
    """One line on a terminal while a portfolio takes its time; silent where nobody watches."""

    def __init__(self, lang: str) -> None:
        from time import monotonic

        self.clock, self.start, self.told = monotonic, monotonic(), False
        words = {"judge": ("已判断", "judged"), "check": ("已核对", "looked over")}
        self.words = {k: w[lang == "en"] for k, w in words.items()}
        self.written = ("已写出", "written")[lang == "en"]
        self.read = ("已读入", "read")[lang == "en"]

    def tell(self, what: str, done: int, total: int) -> None:
        """Say how many of how many rows have been done; `what` is a step, or a table read."""
        if not sys.stderr.isatty() or self.clock() - self.start < _PATIENCE:
            return
        self.told = True
        said = self.words.get(what) or (self.written if what == "write" else f"{self.read} {what}")
        of = f"/{total:,}" if total else ""
        print(f"\r\x1b[K{said} {done:,}{of}", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Take the line away."""
        if self.told:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
