"""`carbonlex validity`: may this body enact it, clause by clause, under the law of two days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
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
    pairs,
    refuse_word,
    refusing,
)
from carbonlex.interfaces.records_keep import keep, kept

if TYPE_CHECKING:
    from carbonlex.model import Told
    from carbonlex.reform.makers import Maker
    from carbonlex.rulebook.rulebook import Rulebook
    from carbonlex.statutes.instruments import Rank
    from carbonlex.validity.finding import Examination
    from carbonlex.validity.subject import Subject

FactOption = Annotated[
    list[str] | None,
    typer.Option("--fact", help="告知关于草案的事实 名称=值。 NAME=VALUE, a fact of the draft."),
]
MakerOption = Annotated[
    str,
    typer.Option("--maker", help="由何机关制定，如 gwy、mee。 The BODY that enacts."),
]
FormOption = Annotated[
    str, typer.Option("--form", help="以何种形式，如 departmental_rule。 In which form.")
]


@kept("validity")
def validity(
    subject: Annotated[
        str,
        typer.Argument(help="文件键[#条款] 或改革文件 .md。 INSTRUMENT[#PROVISION] or REFORM."),
    ],
    on: OnOption = "",
    maker: MakerOption = "",
    form: FormOption = "",
    fact: FactOption = None,
    reading: ReadingOption = None,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
    proofs: Annotated[bool, typer.Option("--explain", help="打印证明。 Print the proofs.")] = False,
) -> None:
    """该机关能否如此规定。 May this body enact it: power, basis, ceilings, higher law."""
    language(lang)
    rulebook, found = examined(
        subject, day_asked(on, lang), maker, form, fact, chosen_readings(reading, lang), lang
    )
    if as_json:
        print(_json(rulebook, found))
    else:
        from carbonlex.interfaces.validity_page import ValidityPage

        ValidityPage(console(), rulebook, found, lang, proofs=proofs).print()
    keep(lambda: _json(rulebook, found))
    raise typer.Exit(found.exit_code)


def _json(rulebook: Rulebook, found: Examination) -> str:
    from carbonlex.interfaces.validity_wire import validity_json

    return validity_json(rulebook, found)


def examined(
    subject: str,
    asked: date,
    maker: str,
    form: str,
    fact: list[str] | None,
    readings: dict[str, str],
    lang: str,
) -> tuple[Rulebook, Examination]:
    """Examine an instrument or a reform file, or refuse with what is wrong."""
    from carbonlex.reform.law import law_on_paper
    from carbonlex.validity.examine import examine

    body, rank = _body(maker, lang), _form(form, lang)
    key, _, eid = subject.partition("#")
    with refusing(lang):
        law = law_on_paper()
        rulebook = law.rulebook
        facts = _facts(rulebook, fact, lang)
        chosen: Subject
        if key.endswith(".md"):
            from carbonlex.reform.apply import apply
            from carbonlex.reform.read import read_reform
            from carbonlex.validity.subject import drafted

            applied = apply(law, read_reform(Path(key)), known=asked)
            rulebook = applied.law.rulebook
            chosen = drafted(applied, asked, body, rank, facts)
        else:
            from carbonlex.validity.subject import held

            if key not in rulebook.instruments:
                _unknown(rulebook, key, lang)
            chosen = held(rulebook, key, body, rank, facts)
        if eid:
            chosen = _narrowed(chosen, eid, lang)
        return rulebook, examine(rulebook, chosen, asked, readings)


def _unknown(rulebook: Rulebook, key: str, lang: str) -> None:
    from difflib import get_close_matches

    near = ", ".join(get_close_matches(key, [*rulebook.instruments], 3, 0.3))
    refuse_word(
        lang,
        f"没有文件 {key}；相近：{near}（改革文件以 .md 结尾）",
        f"no instrument {key}; near: {near} (a reform file ends with .md)",
    )


def _narrowed(subject: Subject, eid: str, lang: str) -> Subject:
    if eid not in subject.instrument.provisions:
        refuse_word(
            lang,
            f"{subject.instrument.key} 没有 {eid}",
            f"{subject.instrument.key} has no {eid}",
        )
    under = {p.eid for p in subject.instrument.under(eid)}
    kept = tuple(n for n in subject.norms if under & set(n.provisions))
    return replace(subject, norms=kept)


def _body(maker: str, lang: str) -> Maker | None:
    from carbonlex.reform.makers import MAKERS

    if maker and maker not in MAKERS:
        known = ", ".join(MAKERS)
        refuse_word(
            lang, f"没有制定机关 {maker}；可选：{known}", f"no maker {maker}; choose: {known}"
        )
    return MAKERS.get(maker)


def _form(form: str, lang: str) -> Rank | None:
    from carbonlex.validity.clauses import LEVELS

    found = next((r for r in LEVELS if r == form), None)
    if form and found is None:
        known = ", ".join(LEVELS)
        refuse_word(lang, f"没有形式 {form}；可选：{known}", f"no form {form}; choose: {known}")
    return found


def _facts(rulebook: Rulebook, given: list[str] | None, lang: str) -> dict[str, Told]:
    from carbonlex.errors import Location
    from carbonlex.validity.subject import told_facts

    said = pairs(given, "--fact", ("名称=值，每个一次", "NAME=VALUE"), lang)
    return told_facts(rulebook, said, Location("--fact"))
