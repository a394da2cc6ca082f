"""`carbonlex template`: a workbook for a sector, to be filled in and checked."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR, today
from carbonlex.interfaces.arguments import (
    LangOption,
    chosen_sector,
    language,
    not_written,
    refuse_extra,
    refuse_word,
    rulebook_or_refuse,
)

MOST_YEARS = 20


def template(
    sector: Annotated[str, typer.Argument(help="行业，如 power、钢铁。 SECTOR, such as power.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="输出 .xlsx。 Output file.")],
    years: Annotated[
        str,
        typer.Option("--years", help="履约年度，如 2023-2026（默认近四年）。 Years (last four)."),
    ] = "",
    lang: LangOption = "zh",
) -> None:
    """生成供填写的 Excel 模板（中英文）。 Write an Excel template to fill in, for `check`."""
    language(lang)
    if out.suffix.lower() != ".xlsx":
        refuse_word(lang, f"{out}：只能写 .xlsx", f"{out}: .xlsx only")
    asked = _years(years, lang)
    rulebook = rulebook_or_refuse(lang)
    name = chosen_sector(rulebook, sector, lang)
    from carbonlex.cases.workbook.template import template as written

    try:
        data = written(rulebook, name, asked)
    except ImportError:
        refuse_extra(("生成模板", "a template"), "excel", lang)
    try:
        _write_new(out, data)
    except OSError as error:
        not_written(out, error, lang)
    print(f"→ {out}")


def _write_new(out: Path, data: bytes) -> None:
    """Write a file that was not there, whole or not at all."""
    # A template filled in is work that nobody wants to lose.
    with out.open("xb") as stream:
        try:
            stream.write(data)
            stream.flush()
        except BaseException:
            out.unlink(missing_ok=True)
            raise


def _years(told: str, lang: str) -> range:
    if not told:
        last = today().year
        return range(last - 3, last + 1)
    match = re.fullmatch(r"(\d{4})(?:\s*[-–—]\s*(\d{4}))?", told.strip(), re.ASCII)
    if match is not None:
        first, last = int(match[1]), int(match[2] or match[1])
        if FIRST_YEAR <= first <= last <= LAST_YEAR and last - first < MOST_YEARS:
            return range(first, last + 1)
    refuse_word(
        lang,
        f"--years {told}：写 2023-2026，至多 {MOST_YEARS} 年",
        f"--years {told}: write 2023-2026, {MOST_YEARS} years at most",
    )
