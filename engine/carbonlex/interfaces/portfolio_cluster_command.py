"""`carbonlex portfolio prepare` and `cluster`: data that one machine cannot hold, on Spark."""

from __future__ import annotations

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
    day_asked,
    language,
    not_written,
    refuse_word,
    refusing,
    rulebook_or_refuse,
)
from carbonlex.interfaces.portfolio_arguments import (
    JAVA,
    READS,
    DataArgument,
    Progress,
    apart,
    known_duties,
    need,
    need_for,
)

if TYPE_CHECKING:
    from carbonlex.portfolio.cluster import Spread
    from carbonlex.rulebook.rulebook import Rulebook


def portfolio_prepare(
    data: DataArgument,
    out: Annotated[Path, typer.Option("--out", "-o", help="输出文件夹。 Output folder.")],
    lang: LangOption = "zh",
) -> None:
    """把数据写成集群可读的文件夹。 Write DATA as a folder that a cluster reads."""
    language(lang)
    rulebook = rulebook_or_refuse(lang)
    apart(data, out, lang)
    need_for(data, lang)
    from carbonlex.portfolio.prepare import prepare

    try:
        with refusing(lang), Progress(lang) as progress:
            found = prepare(rulebook, data, out, progress.tell)
    except OSError as error:
        not_written(out, error, lang)
    rows = "，".join(f"{table} {n:,}" for table, n in found.rows.items())
    said = (
        f"→ {out}：{rows}；{len(found.groups)} 组，不能采用的数据 {found.problems:,} 处",
        f"→ {out}: {rows}; {len(found.groups)} groups, {found.problems:,} problems of the data",
    )
    console().print(said[lang == "en"], highlight=False, markup=False)
    raise typer.Exit(3 if found.problems else 0)


def portfolio_cluster(
    folder: Annotated[
        str,
        typer.Argument(help="prepare 写出的文件夹或其地址。 What `prepare` wrote: a path, URL."),
    ],
    out: Annotated[
        str, typer.Option("--out", "-o", help="结果写入的新文件夹或地址。 New folder, or a URL.")
    ],
    master: Annotated[
        str, typer.Option("--master", help="Spark 主节点，如 spark://主机:7077。 Spark master.")
    ] = "",
    on: OnOption = "",
    reading: ReadingOption = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="只看这项义务，可多个。 DUTY, repeatable.")
    ] = None,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """在 Spark 上判断全部单位。 Judge all entities at once on Spark."""
    language(lang)
    asked_on = day_asked(on, lang)
    readings = chosen_readings(reading, lang)
    rulebook = rulebook_or_refuse(lang)
    known_duties(rulebook, only or [], lang)
    need((*READS, "pyspark", "sqlglot"), lang)
    from pyspark.errors import AnalysisException, PySparkRuntimeError

    from carbonlex.portfolio.cluster import NotPrepared, spread
    from carbonlex.portfolio.faces.spark import session
    from carbonlex.portfolio.judge import Asked

    try:
        spark = session(master)
    except PySparkRuntimeError as error:
        refuse_word(
            lang,
            f"Spark 没有启动（{error}）；需要 {JAVA}",
            f"Spark did not start ({error}): {JAVA}",
        )
    try:
        with refusing(lang), Progress(lang) as progress:
            asked = Asked(asked_on, readings, tuple(only or ()))
            found = spread(spark, rulebook, folder, asked, out, progress.tell)
    except NotPrepared:
        refuse_word(
            lang,
            f"{folder} 不是由这一版本和规则库写出的；请先运行 carbonlex portfolio prepare",
            f"{folder} was not prepared by this version with this rulebook: "
            "run carbonlex portfolio prepare",
        )
    except AnalysisException as error:
        refuse_word(lang, f"Spark：{error}", f"Spark: {error}")
    if as_json:
        import json

        print(json.dumps({"outcomes": found.outcomes, "out": out}, ensure_ascii=False))
    else:
        _print(rulebook, found, out, lang)
    raise typer.Exit(found.exit_code)


def _print(rulebook: Rulebook, found: Spread, out: str, lang: str) -> None:
    """Print how many rows have which verdict, and which duties were not judged."""
    from carbonlex.portfolio.subjects import subjects
    from carbonlex.words.phrases import OUTCOMES

    labels = {slot.name: subject.label for slot, subject in subjects(rulebook).items()}
    page = console()
    for columns in found.outcomes.values():
        for name, counts in columns.items():
            label = labels.get(name.removesuffix(".outcome"))
            said = label.of(lang) if label is not None else name.removesuffix(".outcome")
            words = "，".join(f"{OUTCOMES[o].of(lang)} {n:,}" for o, n in counts.items())
            page.print(f"{said}：{words}", highlight=False, markup=False)
    for duty, reason in found.refused.items():
        said = (f"未判断 {duty}：{reason[0]}", f"not judged, {duty}: {reason[1]}")[lang == "en"]
        page.print(said, highlight=False, markup=False)
    page.print(f"→ {out}", highlight=False, markup=False)
