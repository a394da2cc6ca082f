"""`carbonlex ask`: an interview that asks for the facts that still matter, and writes the case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from carbonlex.calendar import FIRST_YEAR, LAST_YEAR
from carbonlex.interfaces.arguments import (
    LangOption,
    OnOption,
    ReadingOption,
    chosen_readings,
    day_asked,
    language,
    refuse,
    refuse_word,
    rulebook_or_refuse,
)

INTERRUPTED = 130


def ask(
    case: Annotated[
        str, typer.Argument(help="案情文件；没有则新建 .toml。 Case file, or a new one.")
    ],
    on: OnOption = "",
    reading: ReadingOption = None,
    lang: LangOption = "zh",
    year: Annotated[int, typer.Option("--year", help="只问这一履约年度。 This year only.")] = 0,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="另存为 .toml。 Write to another .toml.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="也问金额所需和推定的事实。 Amounts and presumptions too.")
    ] = False,
) -> None:
    """逐项询问仍有影响的事实，写入案情文件。 Ask for the facts that still matter."""
    language(lang)
    asked_on = day_asked(on, lang)
    readings = chosen_readings(reading, lang)
    if year and not FIRST_YEAR <= year <= LAST_YEAR:
        refuse_word(lang, f"--year {year} 不是履约年度", f"--year {year} is no compliance year")
    target = _target(case, out, lang)
    rulebook = rulebook_or_refuse(lang)
    from carbonlex.errors import ContentError
    from carbonlex.interfaces.interviewer import Interviewer
    from carbonlex.interview.draft import Unsaved, draft_of, new_draft

    _read_any_bytes()
    try:
        old = Path(case).exists()
        draft = draft_of(Path(case), target, rulebook.vocabulary) if old else new_draft(target)
        interview = Interviewer(rulebook, draft, asked_on, readings, lang, everything)
        code = interview.run(year) if old else interview.begin(year)
    except ContentError as error:
        refuse(error.diagnostics, lang)
    except Unsaved as error:
        refuse_word(lang, *error.args)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(code)


def _target(case: str, out: Path | None, lang: str) -> Path:
    """Return the file to write, or refuse: what is written is TOML, and replaces nothing else."""
    path = Path(case)
    target = out or path
    if case == "-":
        refuse_word(lang, "ask 不读取标准输入的案情；请给出文件", "ask needs a file, not -")
    if target.suffix.lower() != ".toml":
        zh = f"{target}：ask 只写 TOML，原文件不改；加 -o {path.stem}.toml"
        en = f"{target}: ask writes TOML only and leaves this as it is; add -o {path.stem}.toml"
        refuse_word(lang, zh, en)
    if not target.parent.is_dir():
        refuse_word(
            lang, f"没有目录 {target.parent}；先建立它", f"no folder {target.parent}; make it first"
        )
    if target.exists() and not (path.exists() and target.samefile(path)):
        zh = f"{target} 已存在，不覆盖；接着问：carbonlex ask {target}"
        en = f"{target} is there already and is kept; to go on with it: carbonlex ask {target}"
        refuse_word(lang, zh, en)
    return target


def _read_any_bytes() -> None:
    """Let no byte of a pipe stop the interview: what is no text is refused as an answer."""
    if not sys.stdin.isatty() and hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")
