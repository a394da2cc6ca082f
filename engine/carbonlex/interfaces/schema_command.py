"""`carbonlex schema`: the tables and columns that data of many entities may have."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Annotated

import typer

from carbonlex.interfaces.arguments import (
    JsonOption,
    LangOption,
    console,
    language,
    refuse_extra,
    refuse_word,
    rulebook_or_refuse,
)


def schema(
    lang: LangOption = "zh",
    as_json: JsonOption = False,
    sql: Annotated[bool, typer.Option("--sql", help="CREATE TABLE 语句。 As SQL.")] = False,
) -> None:
    """许多单位的数据表：列、单位、取值。 Tables of many entities: columns, units, values."""
    language(lang)
    if sql and as_json:
        refuse_word(lang, "--sql 与 --json 只能选一", "--sql or --json, not both")
    if sql and find_spec("sqlglot") is None:
        refuse_extra(("--sql ", "--sql"), "portfolio", lang)
    rulebook = rulebook_or_refuse(lang)
    from carbonlex.portfolio.schema import ddl, json_schema

    if sql:
        print(ddl(rulebook.vocabulary), end="")
    elif as_json:
        print(json.dumps(json_schema(rulebook.vocabulary), ensure_ascii=False, indent=2))
    else:
        from carbonlex.interfaces.schema_page import SchemaPage

        SchemaPage(console(), rulebook, lang).print()
