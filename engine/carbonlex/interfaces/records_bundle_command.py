"""`carbonlex records export` and `import`: records that travel with all that they use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonlex.interfaces.arguments import JsonOption, LangOption, language, not_written, refusing
from carbonlex.interfaces.patience import patience
from carbonlex.interfaces.records_keep import StoreOption, opened, refuse_lacking

if TYPE_CHECKING:
    from carbonlex.records.bundle import Carried


def records_export(
    ids: Annotated[list[str], typer.Argument(help="记录编号，可多个。 Ids of records.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="输出文件。 Output file.")],
    store: StoreOption = "",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """把记录连同所用文件写成独立的记录库。 Records with all that they use, in a file."""
    language(lang)
    held = opened(store, lang)
    from carbonlex.records.bundle import export

    try:
        with refusing(lang), patience("导出中…", "exporting…", lang):
            found = export(held, ids, out)
    except OSError as error:
        not_written(out, error, lang)
    _say("export", found, out, lang, as_json)


def records_import(
    bundle: Annotated[Path, typer.Argument(help="export 写出的文件。 A file that export wrote.")],
    store: StoreOption = "",
    lang: LangOption = "zh",
    as_json: JsonOption = False,
) -> None:
    """核验后并入记录库。 Add records to a store, once they verify."""
    language(lang)
    refuse_lacking(str(bundle), lang)
    from carbonlex.records.bundle import bring, judged

    with refusing(lang), patience("核验并导入…", "verifying and importing…", lang):
        source = judged(str(bundle))
        held = opened(store, lang, make=True)
        found = bring(held, source)
    _say("import", found, Path(held.place), lang, as_json)


def _say(what: str, found: Carried, out: Path, lang: str, as_json: bool) -> None:
    if as_json:
        from carbonlex.interfaces.records_wire import carried_json

        print(carried_json(what, found))
        return
    added, held = len(found.entries), found.held
    zh = f"{added} 条 → {out}" + (f"（{held} 条已有）" if held else "")
    en = f"{added} entries → {out}" + (f" ({held} were there)" if held else "")
    print(en if lang == "en" else zh)
