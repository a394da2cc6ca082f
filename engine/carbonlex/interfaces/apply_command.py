"""`carbonlex law apply`: the expressions that reforms make, as Akoma Ntoso files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from carbonlex.interfaces.arguments import LangOption, language, not_written, refusing


def law_apply(
    reforms: Annotated[
        list[Path], typer.Argument(help="改革文件 .md，可数份叠加。 REFORM files; several stack.")
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="写入的目录。 The FOLDER to write to.")],
    lang: LangOption = "zh",
) -> None:
    """写出改革后的文本。 Write the text as reforms make it: Akoma Ntoso, amendments recorded."""
    language(lang)
    from carbonlex.reform.apply import apply_all
    from carbonlex.reform.law import law_on_paper
    from carbonlex.reform.read import read_reform
    from carbonlex.statutes.modifications import ended
    from carbonlex.writing import write_whole

    with refusing(lang):
        law, steps, _ = apply_all(law_on_paper(), [read_reform(path) for path in reforms])
    named = [i.key for s in steps for i in (s.before, s.after) if i is not None]
    before = {s.before.key for s in steps if s.before is not None}
    held = law.rulebook.instruments
    try:
        for instrument in (held[key] for key in dict.fromkeys(named) if key in held):
            path = out / f"{instrument.uri.removeprefix('/akn/')}.xml"
            path.parent.mkdir(parents=True, exist_ok=True)
            xml = law.written(instrument.key).xml
            if instrument.key in before and instrument.ended is not None:
                # It stands beside the new text, ended: only one is law on any day.
                xml = ended(xml, instrument.ended)
            write_whole(path, xml.decode("utf-8"))
            print(f"→ {path}")
    except OSError as error:
        not_written(out, error, lang)
    print(f"{'规则库' if lang == 'zh' else 'rulebook'} {law.rulebook.digest[:16]}")
