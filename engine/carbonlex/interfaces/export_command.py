"""`carbonlex export`: the corpus as LegalRuleML, Akoma Ntoso, JSON Schema or JSON-LD."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonlex.interfaces.arguments import (
    LangOption,
    day,
    language,
    not_written,
    refuse_word,
    rulebook_or_refuse,
)

if TYPE_CHECKING:
    from carbonlex.exports.scope import Exported, Scope

SCHEMA_FILE = "CARBONLEX_LRML_XSD"
_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`#?]+")


def export(
    legalruleml: Annotated[
        bool, typer.Option("--legalruleml", help="LegalRuleML 1.0：全部规范。 Every norm.")
    ] = False,
    akn: Annotated[bool, typer.Option("--akn", help="Akoma Ntoso 3.0：条文。 The texts.")] = False,
    json_schema: Annotated[
        bool, typer.Option("--json-schema", help="案情文件的 JSON Schema。 Of a case file.")
    ] = False,
    jsonld: Annotated[
        bool, typer.Option("--jsonld", help="JSON-LD：条文、规范。 Texts and norms.")
    ] = False,
    on: Annotated[
        str, typer.Option("--on", help="只要该日施行的文本。 Texts in force on that day only.")
    ] = "",
    instrument: Annotated[
        list[str] | None,
        typer.Option("--instrument", help="只要这些文件键，可重复。 These KEYs only."),
    ] = None,
    versions: Annotated[
        bool, typer.Option("--versions", help="--akn：各版本合为一件。 All versions in one.")
    ] = False,
    base: Annotated[
        str, typer.Option("--base", help="URI 的主机，https://…。 Host that URIs are resolved on.")
    ] = "",
    out: Annotated[
        str, typer.Option("-o", "--out", help="文件或目录，- 为标准输出。 FILE, FOLDER/ or -.")
    ] = "-",
    lang: LangOption = "zh",
) -> None:
    """导出规则与条文，供其他程序使用。 Rules and texts for other programs."""
    language(lang)
    asked = [legalruleml, akn, json_schema, jsonld]
    if sum(asked) != 1:
        names = "--legalruleml, --akn, --json-schema, --jsonld"
        refuse_word(lang, f"须选其一：{names}", f"choose one of {names}")
    if json_schema and (on or instrument):
        refuse_word(
            lang,
            "--json-schema 描述案情文件，不分文本与日期：去掉 --on、--instrument",
            "--json-schema describes case files, of any text and day: leave out --on, --instrument",
        )
    if versions and (not akn or on):
        refuse_word(lang, "--versions 只与 --akn 同用，不与 --on 同用",
                    "--versions goes with --akn, and without --on")  # fmt: skip
    if base and not _BASE.fullmatch(base):
        refuse_word(
            lang, f"--base {base}：应为 https://…", f"--base {base}: an https://… is wanted"
        )
    made = _made(on, instrument or [], base, lang, asked, versions)
    _put(made, out, lang)


def _made(
    on: str, keys: list[str], base: str, lang: str, asked: Sequence[bool], versions: bool
) -> Sequence[Exported]:
    """Return the documents asked for, or refuse."""
    from carbonlex.exports.scope import BASE, NotExported, scope_of

    rulebook = rulebook_or_refuse(lang)
    try:
        scope = scope_of(rulebook, keys, day(on, "--on", lang), base or BASE)
        return _documents(scope, asked, versions)
    except NotExported as refusal:
        refuse_word(lang, *refusal.args)


def _documents(scope: Scope, asked: Sequence[bool], versions: bool) -> Sequence[Exported]:
    legalruleml, akn, json_schema, _ = asked
    if legalruleml:
        from carbonlex.exports.legalruleml.document import legal_rule_ml
        from carbonlex.exports.legalruleml.schema import validated

        made = legal_rule_ml(scope)
        if schema := os.environ.get(SCHEMA_FILE):
            validated(made.text, Path(schema))
        return [made]
    if akn:
        from carbonlex.exports.akoma.document import akoma_ntoso

        return akoma_ntoso(scope, versions)
    if json_schema:
        from carbonlex.exports.case_form import case_form

        return [case_form(scope)]
    from carbonlex.exports.linked.document import linked_data

    return [linked_data(scope)]


def _put(made: Sequence[Exported], out: str, lang: str) -> None:
    """Print one document, or write one or several; refuse what cannot be written."""
    if out == "-":
        if len(made) != 1:
            refuse_word(
                lang,
                f"共 {len(made)} 个文件：用 -o 目录/ 写出，或用 --instrument 只选一个",
                f"{len(made)} files: write them with -o FOLDER/, or choose one with --instrument",
            )
        sys.stdout.write(made[0].text)
        return
    from carbonlex.exports.scope import NotExported
    from carbonlex.exports.writing import write_exported

    try:
        places = write_exported(made, Path(out), folder=out.endswith(("/", os.sep)))
    except NotExported as refusal:
        refuse_word(lang, *refusal.args)
    except OSError as error:
        not_written(Path(out), error, lang)
    print(f"→ {places[0]}" if len(places) == 1 else f"→ {out} ({len(places)})")
