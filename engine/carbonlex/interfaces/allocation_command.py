"""`carbonlex allocation`: how many allowances an entity gets, unit by unit or line by line."""

from __future__ import annotations

from typing import Annotated

import typer

from carbonlex.interfaces.arguments import (
    CaseArgument,
    JsonOption,
    LangOption,
    OnOption,
    ReadingOption,
    case_or_refuse,
    chosen_readings,
    console,
    day_asked,
    language,
    refuse_word,
    refusing,
)


def allocation(
    case: CaseArgument,
    year: Annotated[
        int,
        typer.Option("--year", help="履约年度（默认告知的最后一年）。 Compliance year."),
    ] = 0,
    on: OnOption = "",
    reading: ReadingOption = None,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """配额：逐机组、逐生产线核算，及其后果。 Allowances by unit or line, and what follows."""
    language(lang)
    from carbonlex.position.allocation import NoAllocation, allocation_of

    asked, readings = day_asked(on, lang), chosen_readings(reading, lang)
    rulebook, facts = case_or_refuse(case, lang)
    try:
        with refusing(lang):
            found = allocation_of(rulebook, facts, year or None, asked, readings)
    except NoAllocation:
        years = ", ".join(map(str, facts.years))
        refuse_word(
            lang,
            f"--year {year or ''}：案件没有告知该年度，或者不是关于排放单位的；已告知 {years}",
            f"--year {year or ''}: not told, or the case is not about an emitter; told: {years}",
        )
    if as_json:
        from carbonlex.interfaces.allocation_wire import allocation_json

        print(allocation_json(rulebook, found))
    else:
        from carbonlex.interfaces.allocation_page import AllocationPage

        AllocationPage(console(), rulebook, found, lang).print()
    raise typer.Exit(found.exit_code)
