"""What every command shares: its options, how it refuses, how it opens the rulebook and a case."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from carbonlex.calendar import parse_day, today

if TYPE_CHECKING:
    from rich.console import Console

    from carbonlex.errors import Diagnostic
    from carbonlex.model import Case
    from carbonlex.rulebook.rulebook import Rulebook

BAD_INPUT = 2
CaseArgument = Annotated[
    str, typer.Argument(help="案情文件 .toml/.json/.csv/.xlsx，或 -。 Case file, or -.")
]
OnOption = Annotated[
    str, typer.Option("--on", help="询问日 YYYY-MM-DD（默认今天）。 Day asked (today).")
]
DecidedOption = Annotated[
    str, typer.Option("--decided", help="处罚决定日。 Day of decision of a penalty.")
]
ReadingOption = Annotated[
    list[str] | None, typer.Option("--reading", help="未决问题的读法 问题=读法。 QUESTION=READING.")
]
LangOption = Annotated[str, typer.Option("--lang", help="zh 或 en。 zh or en.")]
JsonOption = Annotated[bool, typer.Option("--json", help="机器可读输出。 For machines.")]


def console(plain: bool = False) -> Console:
    """Return a console: as wide as the terminal, 100 columns where there is none."""
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # Rich would end with 1, which is a verdict

    width = None if sys.stdout.isatty() else 100
    return Piped(width=width, highlight=False, markup=False, emoji=False, no_color=plain or None)


def refuse(diagnostics: tuple[Diagnostic, ...], lang: str) -> NoReturn:
    """Print what is wrong with the input and leave with the exit code for it."""
    for one in diagnostics:
        print(one.render(lang), file=sys.stderr)
    raise typer.Exit(BAD_INPUT)


def refuse_word(lang: str, zh: str, en: str) -> NoReturn:
    """Print one sentence on a bad argument and leave with the exit code for it."""
    print(en if lang == "en" else zh, file=sys.stderr)
    raise typer.Exit(BAD_INPUT)


@contextmanager
def refusing(lang: str) -> Iterator[None]:
    """Refuse with what is wrong where content is not as it should be."""
    from carbonlex.errors import ContentError

    try:
        yield
    except ContentError as error:
        refuse(error.diagnostics, lang)


@contextmanager
def writing(out: Path, lang: str) -> Iterator[None]:
    """Refuse, with no file written, where a memo cannot be written or a citation does not hold."""
    from carbonlex.errors import CitationError
    from carbonlex.memo.write import UnknownFormat

    try:
        yield
    except UnknownFormat:
        refuse_word(
            lang,
            f"{out}：只能写 .md、.html、.docx 或 .pdf",
            f"{out}: .md, .html, .docx or .pdf only",
        )
    except CitationError as error:
        refuse_word(
            lang,
            f"引文不成立，备忘录未写出：{error}",
            f"a citation does not hold, no memo: {error}",
        )
    except OSError as error:
        not_written(out, error, lang)


def refuse_extra(what: tuple[str, str], extra: str, lang: str) -> NoReturn:
    """Refuse what an extra of the package is needed for, with the command that installs it."""
    remedy = f'pip install "carbonlex[{extra}]"'
    refuse_word(lang, f"{what[0]}需先安装：{remedy}", f"{what[1]} needs: {remedy}")


def not_written(out: Path | None, error: OSError, lang: str) -> NoReturn:
    """Refuse a file or folder that cannot be written, or that is there and is kept."""
    if isinstance(error, FileExistsError):
        refuse_word(
            lang, f"{out} 已存在，未覆盖；请换名", f"{out} exists and is kept: choose a name"
        )
    refuse_word(lang, f"不能写入 {out}：{error.strerror}", f"cannot write {out}: {error.strerror}")


def language(lang: str) -> str:
    """Return the language asked for, or refuse."""
    if lang not in ("zh", "en"):
        refuse_word("zh", f"--lang 应为 zh 或 en，而不是 {lang}", "")
    return lang


def day(text: str, option: str, lang: str) -> date | None:
    """Return the day of an option, None where it was not given, or refuse."""
    if not text:
        return None
    try:
        return parse_day(text)
    except ValueError:
        refuse_word(
            lang,
            f"{option}：“{text}”不是日期，应如 2026-12-31",
            f"{option}: '{text}' is no date like 2026-12-31",
        )


def day_asked(on: str, lang: str) -> date:
    """Return the day of `--on`, today where it was not given, or refuse."""
    return day(on, "--on", lang) or today()


def chosen_readings(given: list[str] | None, lang: str) -> dict[str, str]:
    """Return the readings of `--reading QUESTION=READING`, or refuse."""
    return pairs(given, "--reading", ("问题=读法，每个问题一次", "QUESTION=READING"), lang)


def pairs(
    given: list[str] | None, option: str, wanted: tuple[str, str], lang: str
) -> dict[str, str]:
    """Return what an option says as name and value, each name once, or refuse."""
    found: dict[str, str] = {}
    for one in given or ():
        name, equals, value = one.partition("=")
        if not equals or name in found:
            refuse_word(
                lang,
                f"{option} {one}：应为 {wanted[0]}",
                f"{option} {one}: {wanted[1]} is wanted, each once",
            )
        found[name] = value
    return found


def rulebook_or_refuse(lang: str) -> Rulebook:
    """Return the rulebook that came with the package, or print why it does not load."""
    from carbonlex.rulebook.load import load_rulebook

    with refusing(lang):
        return load_rulebook()


def case_or_refuse(case: str, lang: str) -> tuple[Rulebook, Case]:
    """Return the rulebook and the facts of a case file, `-` for standard input, or refuse."""
    from carbonlex.cases.read import read_case

    rulebook = rulebook_or_refuse(lang)
    with refusing(lang):
        stdin = sys.stdin.buffer if case == "-" else None
        return rulebook, read_case(case, rulebook.vocabulary, stdin=stdin)


def chosen_sector(rulebook: Rulebook, told: str, lang: str) -> str:
    """Return the name of a sector told by name or label, or refuse with those there are."""
    from carbonlex.cases.models import Refusal, value_of

    try:
        return str(value_of(rulebook.vocabulary.terms["sector"], told))
    except Refusal as refusal:
        zh, en = (f"{m}；{h}" for m, h in zip(refusal.message, refusal.hint, strict=True))
        refuse_word(lang, f"行业：{zh}", f"sector: {en}")
