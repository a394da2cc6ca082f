"""`carbonlex position`: what is owed, held, usable, missing; what it costs to fix or to miss."""

from __future__ import annotations

from fractions import Fraction
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


def position(
    case: CaseArgument,
    year: Annotated[
        int,
        typer.Option("--year", help="履约年度（默认下一个将清缴的）。 Compliance year."),
    ] = 0,
    price: Annotated[
        str, typer.Option("--price", help="配额价格，元/吨。 Price of allowances, CNY/t.")
    ] = "",
    credit_price: Annotated[
        str, typer.Option("--credit-price", help="减排量价格，元/吨。 Price of credits, CNY/t.")
    ] = "",
    on: OnOption = "",
    reading: ReadingOption = None,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """清缴头寸：应缴、持有、可用、尚缺与代价。 Surrender: owed, held, usable, missing, cost."""
    language(lang)
    from carbonlex.position import NoPosition, position_of

    asked = day_asked(on, lang)
    prices = (_price(price, "--price", lang), _price(credit_price, "--credit-price", lang))
    readings = chosen_readings(reading, lang)
    rulebook, facts = case_or_refuse(case, lang)
    try:
        with refusing(lang):
            found = position_of(
                rulebook, facts, year or None, asked, prices[0], readings, prices[1]
            )
    except NoPosition:
        years = ", ".join(map(str, facts.years))
        if year:
            refuse_word(
                lang,
                f"--year {year}：案件没有告知该年度，或当年没有清缴义务的规定；已告知 {years}",
                f"--year {year}: not told, or no law on surrender for it; told: {years}",
            )
        refuse_word(
            lang,
            f"{asked} 没有规定已告知年度（{years}）的清缴义务；用 --on 换询问日",
            f"on {asked} no law held asks for surrender for the years told ({years}): "
            "ask of another day by --on",
        )
    if as_json:
        from carbonlex.interfaces.position_wire import position_json

        print(position_json(rulebook, found))
    else:
        from carbonlex.interfaces.position_page import PositionPage

        PositionPage(console(), rulebook, found, lang).print()
    raise typer.Exit(found.exit_code)


def _price(text: str, option: str, lang: str) -> Fraction | None:
    """Return the price of an option in CNY/tCO2e, None where it was not given, or refuse."""
    from carbonlex.quantities import QuantityError, parse_quantity

    if not text:
        return None
    try:
        price = parse_quantity(text, "CNY/tCO2e")
    except QuantityError as error:
        zh, en = error.messages
        refuse_word(lang, f"{option}：{zh}；应如 97.5", f"{option}: {en}; write a price like 97.5")
    if price < 0:
        refuse_word(lang, f"{option}：价格不能为负", f"{option}: a price is not below zero")
    return price
