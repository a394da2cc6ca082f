"""`carbonlex portfolio whatif`: drafts applied to the law on paper, over many entities."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonlex.interfaces.arguments import (
    JsonOption,
    LangOption,
    OnOption,
    ReadingOption,
    chosen_readings,
    console,
    day,
    day_asked,
    language,
    not_written,
    refuse,
    refuse_extra,
    refuse_word,
    refusing,
)
from carbonlex.interfaces.portfolio_arguments import (
    Progress,
    apart,
    known_duties,
    known_groupings,
    need_for,
)
from carbonlex.interfaces.records_keep import keep, kept

if TYPE_CHECKING:
    from carbonlex.errors import Diagnostic
    from carbonlex.portfolio.whatif import PortfolioWhatIf
    from carbonlex.reform.reform import Reform


@kept("portfolio whatif")
def portfolio_whatif(
    files: Annotated[
        list[str],
        typer.Argument(
            help="修法方案 .md（可多个）与数据。 Reforms (.md, they stack) and DATA: a folder, "
            ".parquet, .csv or .duckdb."
        ),
    ],
    on: OnOption = "",
    reading: ReadingOption = None,
    effective: Annotated[
        str, typer.Option("--effective", help="改自该日施行。 Reform has effect from DATE.")
    ] = "",
    only: Annotated[
        list[str] | None, typer.Option("--only", help="只看这项义务，可多个。 DUTY, repeatable.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="分组，如 sector,year，可多个。 GROUPS, repeatable."),
    ] = None,
    sweep: Annotated[
        str,
        typer.Option(
            "--sweep", help="名称=起:止:步长 或 名称=值,值。 NAME=START:STOP:STEP or NAME=v1,v2."
        ),
    ] = "",
    chart: Annotated[
        Path | None, typer.Option("--chart", help="把扫描画成 .svg。 Draw the sweep as .svg.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="有变化的行：.parquet。 Rows that differ: .parquet."),
    ] = None,
    engine: Annotated[
        str, typer.Option("--engine", help="计算引擎，polars 或 duckdb。 Engine that computes.")
    ] = "polars",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """在纸上修法，看许多单位：翻转、吨数、资金。 Change the law on paper, over many entities."""
    language(lang)
    asked_on = day_asked(on, lang)
    moved = day(effective, "--effective", lang)
    readings = chosen_readings(reading, lang)
    drafts = [f for f in files if f.lower().endswith((".md", ".markdown"))]
    data = _data([f for f in files if f not in drafts], lang)
    _sensible(drafts, sweep, chart, out, bool(effective), lang)
    need_for(data, lang, engine)
    for written in (out, chart):
        apart(data, written, lang)
    from carbonlex.portfolio.engines import UnknownEngine, engines
    from carbonlex.portfolio.judge import Asked
    from carbonlex.portfolio.whatif import portfolio_what_if
    from carbonlex.reform.law import law_on_paper
    from carbonlex.reform.postpone import in_effect_from
    from carbonlex.reform.whatif import what_if

    with refusing(lang):
        law = law_on_paper()
    reforms = _read(drafts, lang)
    if moved is not None:
        reforms = [in_effect_from(r, moved) for r in reforms]
    groupings = known_groupings(law.rulebook, by or [], lang)
    with refusing(lang):
        changed = what_if(law, reforms, (), asked_on, None, readings)
    known_duties(changed.after, [d for d in only or () if d not in law.rulebook.duties], lang)
    asked = Asked(asked_on, readings, tuple(only or ()))
    try:
        with refusing(lang), Progress(lang) as progress:
            found = portfolio_what_if(
                changed, data, asked, groupings, sweep, out, engine, progress.tell
            )
    except UnknownEngine:
        listed = ", ".join(engines())
        refuse_word(
            lang,
            f"--engine {engine}：没有这个引擎；可选：{listed}",
            f"--engine {engine}: there is no such engine; choose: {listed}",
        )
    except OSError as error:
        not_written(out, error, lang)
    if chart is not None:
        _draw(chart, found, lang)
    _print(found, lang, as_json)
    if chart is not None:
        print(f"→ {chart}", file=sys.stderr if as_json else sys.stdout)
    keep(lambda: _json(found))
    raise typer.Exit(found.exit_code)


def _json(found: PortfolioWhatIf) -> str:
    from carbonlex.interfaces.portfolio_whatif_wire import portfolio_whatif_json

    return portfolio_whatif_json(found)


def _print(found: PortfolioWhatIf, lang: str, as_json: bool) -> None:
    if as_json:
        print(_json(found))
    else:
        from carbonlex.interfaces.portfolio_whatif_page import PortfolioWhatIfPage

        PortfolioWhatIfPage(console(), found, lang).print()


def _data(told: list[str], lang: str) -> Path:
    if len(told) != 1:
        refuse_word(
            lang,
            f"须有一份数据（文件夹、.parquet、.csv 或 .duckdb），而不是 {len(told)} 份",
            f"one DATA is wanted (a folder, .parquet, .csv or .duckdb), not {len(told)}",
        )
    return Path(told[0])


def _sensible(
    drafts: list[str], sweep: str, chart: Path | None, out: Path | None, moved: bool, lang: str
) -> None:
    """Refuse what asks for nothing, or could not be written, before anything is worked out."""
    if not drafts and not sweep:
        refuse_word(
            lang,
            "没有修法方案（.md），也没有 --sweep",
            "neither a reform (.md) nor --sweep is given",
        )
    if moved and not drafts:
        refuse_word(lang, "--effective 须有修法方案", "--effective needs a reform")
    if out is not None and not drafts:
        refuse_word(lang, "--out 须有修法方案", "--out needs a reform")
    if out is not None and out.suffix.lower() != ".parquet":
        refuse_word(
            lang, f"--out {out}：文件名应以 .parquet 结尾", f"--out {out}: it ends in .parquet"
        )
    if chart is None:
        return
    if not sweep:
        refuse_word(lang, "--chart 须与 --sweep 同用", "--chart goes with --sweep")
    if chart.suffix.lower() != ".svg":
        refuse_word(
            lang, f"{chart}：文件名应以 .svg 结尾", f"{chart}: the name of the file ends in .svg"
        )
    from importlib.util import find_spec

    if find_spec("vl_convert") is None:
        refuse_extra(("画图", "a chart"), "chart", lang)


def _read(drafts: list[str], lang: str) -> list[Reform]:
    """Read every draft, or refuse with all that is wrong in all of them."""
    from carbonlex.errors import ContentError
    from carbonlex.reform.read import read_reform

    wrong: list[Diagnostic] = []
    reforms: list[Reform] = []
    for file in drafts:
        try:
            reforms.append(read_reform(Path(file)))
        except ContentError as error:
            wrong += error.diagnostics
    if wrong:
        refuse(tuple(wrong), lang)
    return reforms


def _draw(chart: Path, found: PortfolioWhatIf, lang: str) -> None:
    from carbonlex.portfolio.chart import chart_svg
    from carbonlex.portfolio.whatif_wording import FlipWords
    from carbonlex.writing import write_whole

    assert found.sweep is not None
    try:
        write_whole(chart, chart_svg(found.sweep, FlipWords(found, lang)))
    except OSError as error:
        not_written(chart, error, lang)
