"""`carbonlex whatif`: a draft applied to the law on paper, and cases before and after it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonlex.interfaces.arguments import (
    DecidedOption,
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
from carbonlex.interfaces.patience import Line
from carbonlex.interfaces.records_keep import keep, kept

if TYPE_CHECKING:
    from carbonlex.errors import Diagnostic
    from carbonlex.model import Case
    from carbonlex.reform.reform import Reform
    from carbonlex.reform.sweep import Sweep
    from carbonlex.reform.whatif import WhatIf
    from carbonlex.rulebook.rulebook import Rulebook


@kept("whatif")
def whatif(
    files: Annotated[
        list[str],
        typer.Argument(
            help="修法方案 .md（可多个）与案情文件。 Reforms (.md, they stack) and case files."
        ),
    ],
    on: OnOption = "",
    decided: DecidedOption = "",
    reading: ReadingOption = None,
    effective: Annotated[
        str, typer.Option("--effective", help="改自该日施行。 Reform has effect from DATE.")
    ] = "",
    sweep: Annotated[
        str,
        typer.Option(
            "--sweep", help="名称=起:止:步长 或 名称=值,值。 NAME=START:STOP:STEP or NAME=v1,v2."
        ),
    ] = "",
    chart: Annotated[
        Path | None, typer.Option("--chart", help="把扫描画成 .svg。 Draw the sweep as .svg.")
    ] = None,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """在纸上修法：条文、规则与案件的变化。 Change the law on paper and see what happens."""
    language(lang)
    asked = day_asked(on, lang)
    decision = day(decided, "--decided", lang)
    moved = day(effective, "--effective", lang)
    readings = chosen_readings(reading, lang)
    drafts = [f for f in files if f.lower().endswith((".md", ".markdown"))]
    told = [f for f in files if f not in drafts]
    _sensible(drafts, told, sweep, chart, bool(effective), lang)
    from carbonlex.reform.law import law_on_paper
    from carbonlex.reform.postpone import in_effect_from
    from carbonlex.reform.whatif import what_if

    with refusing(lang):
        law = law_on_paper()
    reforms, cases = _read(drafts, told, law.rulebook, lang)
    if moved is not None:
        reforms = [in_effect_from(r, moved) for r in reforms]
    swept = "swept" if lang == "en" else "已扫描"
    with refusing(lang), Line() as line:
        found = what_if(
            law, reforms, cases, asked, decision, readings, sweep,
            lambda done, total: line.show(f"{swept} {done}/{total}"),
        )  # fmt: skip
    if chart is not None:
        _draw(chart, found.sweeps, lang)
    if as_json:
        print(_json(found))
    else:
        from carbonlex.interfaces.whatif_page import WhatIfPage

        WhatIfPage(console(), found, lang).print()
    if chart is not None:
        print(f"→ {chart}", file=sys.stderr if as_json else sys.stdout)
    keep(lambda: _json(found), cases)
    raise typer.Exit(found.exit_code)


def _json(found: WhatIf) -> str:
    from carbonlex.interfaces.whatif_wire import whatif_json

    return whatif_json(found)


def _sensible(
    drafts: list[str], told: list[str], sweep: str, chart: Path | None, moved: bool, lang: str
) -> None:
    """Refuse what asks for nothing, or could not be drawn, before anything is worked out."""
    if not drafts and not sweep:
        refuse_word(
            lang,
            "没有修法方案（.md），也没有 --sweep",
            "neither a reform (.md) nor --sweep is given",
        )
    if sweep and not told:
        refuse_word(lang, "--sweep 须有案情文件", "--sweep needs a case file")
    if moved and not drafts:
        refuse_word(lang, "--effective 须有修法方案", "--effective needs a reform")
    if told.count("-") > 1:
        refuse_word(lang, "标准输入只能读一次", "standard input can be read once only")
    if chart is None:
        return
    if not sweep:
        refuse_word(lang, "--chart 须与 --sweep 同用", "--chart goes with --sweep")
    if chart.suffix.lower() != ".svg" or str(chart) in (*drafts, *told):
        refuse_word(
            lang, f"{chart}：文件名应以 .svg 结尾", f"{chart}: the name of the file ends in .svg"
        )
    from importlib.util import find_spec

    if find_spec("vl_convert") is None:
        refuse_extra(("画图", "a chart"), "chart", lang)


def _read(
    drafts: list[str], told: list[str], rulebook: Rulebook, lang: str
) -> tuple[list[Reform], list[Case]]:
    """Read every file, or refuse with all that is wrong in all of them."""
    from carbonlex.cases.read import read_case
    from carbonlex.errors import ContentError
    from carbonlex.reform.read import read_reform

    wrong: list[Diagnostic] = []
    reforms: list[Reform] = []
    cases: list[Case] = []
    for file in (*drafts, *told):
        try:
            if file in drafts:
                reforms.append(read_reform(Path(file)))
            else:
                stdin = sys.stdin.buffer if file == "-" else None
                cases.append(read_case(file, rulebook.vocabulary, stdin=stdin))
        except ContentError as error:
            wrong += error.diagnostics
    if wrong:
        refuse(tuple(wrong), lang)
    return reforms, cases


def _draw(chart: Path, sweeps: Sequence[Sweep], lang: str) -> None:
    from carbonlex.reform.chart import chart_svg
    from carbonlex.writing import write_whole

    try:
        write_whole(chart, chart_svg(sweeps, lang))
    except OSError as error:
        not_written(chart, error, lang)
