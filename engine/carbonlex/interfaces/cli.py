"""The command line: check, law, memo. Thin: reads arguments, prints, and returns exit codes.

Exit codes: 0 complied, pending or not applicable; 1 something breached; 2 bad input;
3 undetermined or conflict (1 outranks 3).
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from carbonlex.calendar import parse_day, today

if TYPE_CHECKING:
    from rich.console import Console

    from carbonlex.errors import Diagnostic
    from carbonlex.reasoner.verdict import Report
    from carbonlex.rulebook.rulebook import Rulebook

BAD_INPUT = 2
app = typer.Typer(
    name="carbonlex",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="碳市场法律的规则引擎。 A rules-as-code engine for the law of carbon markets.",
)
law = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="法律语料：条文、规范、覆盖率。 The corpus: words, norms, coverage.",
)
app.add_typer(law, name="law")

CaseArgument = Annotated[str, typer.Argument(help="案情文件 .toml/.json/.csv，或 -。 Case file, or -.")]
OnOption = Annotated[str, typer.Option("--on", help="询问日 YYYY-MM-DD（默认今天）。 Day asked (today).")]
DecidedOption = Annotated[str, typer.Option("--decided", help="处罚决定日。 Day of decision of a penalty.")]
ReadingOption = Annotated[
    list[str] | None, typer.Option("--reading", help="未决问题的读法 问题=读法。 QUESTION=READING.")
]
LangOption = Annotated[str, typer.Option("--lang", help="zh 或 en。 zh or en.")]
JsonOption = Annotated[bool, typer.Option("--json", help="机器可读输出。 For machines.")]


def main() -> None:
    """Run the command line; the entry point of the `carbonlex` script."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()


def console(plain: bool = False) -> Console:
    """Return a console: as wide as the terminal, 100 columns where there is none."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else 100
    return Console(width=width, highlight=False, markup=False, emoji=False, no_color=plain or None)


def refuse(diagnostics: tuple[Diagnostic, ...], lang: str) -> NoReturn:
    """Print what is wrong with the input and leave with the exit code for it."""
    for one in diagnostics:
        print(one.render(lang), file=sys.stderr)
    raise typer.Exit(BAD_INPUT)


def refuse_word(lang: str, zh: str, en: str) -> NoReturn:
    """Print one sentence on a bad argument and leave with the exit code for it."""
    print(en if lang == "en" else zh, file=sys.stderr)
    raise typer.Exit(BAD_INPUT)


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
        refuse_word(lang, f"{option}：“{text}”不是日期，应如 2026-12-31", f"{option}: '{text}' is no date like 2026-12-31")


def chosen_readings(given: list[str] | None, lang: str) -> dict[str, str]:
    """Return the readings of `--reading QUESTION=READING`, or refuse."""
    found: dict[str, str] = {}
    for one in given or ():
        question, equals, reading = one.partition("=")
        if not equals or question in found:
            refuse_word(
                lang,
                f"--reading {one}：应为 问题=读法，每个问题一次",
                f"--reading {one}: QUESTION=READING is wanted, each question once",
            )
        found[question] = reading
    return found


def rulebook_or_refuse(lang: str) -> Rulebook:
    """Return the rulebook that came with the package, or print why it does not load."""
    from carbonlex.errors import ContentError
    from carbonlex.rulebook.load import load_rulebook

    try:
        return load_rulebook()
    except ContentError as error:
        refuse(error.diagnostics, lang)


def checked(
    case: str, on: str, decided: str, reading: list[str] | None, lang: str
) -> tuple[Rulebook, Report]:
    """Read a case and check it, or refuse with what is wrong."""
    from carbonlex.cases.read import read_case
    from carbonlex.errors import ContentError
    from carbonlex.reasoner.check import check_case

    asked = day(on, "--on", lang) or today()
    decision = day(decided, "--decided", lang)
    readings = chosen_readings(reading, lang)
    rulebook = rulebook_or_refuse(lang)
    try:
        facts = read_case(case, rulebook.vocabulary, stdin=sys.stdin.buffer if case == "-" else None)
        return rulebook, check_case(rulebook, facts, asked, decision, readings)
    except ContentError as error:
        refuse(error.diagnostics, lang)


@app.command()
def check(
    case: CaseArgument,
    on: OnOption = "",
    decided: DecidedOption = "",
    reading: ReadingOption = None,
    lang: LangOption = "zh",
    as_json: JsonOption = False,
    explain: Annotated[
        str, typer.Option("--explain", help="完整打印一条规范或义务的证明。 One proof in full.")
    ] = "",
    only: Annotated[str, typer.Option("--only", help="只看一项义务。 One duty only.")] = "",
) -> None:
    """检查一个单位。 Check one entity: verdicts, proof, gap, what is missing."""
    language(lang)
    rulebook, report = checked(case, on, decided, reading, lang)
    if only:
        report = narrowed(report, only, lang)
    if as_json:
        from carbonlex.interfaces.wire import report_json

        print(report_json(rulebook, report))
    else:
        from carbonlex.interfaces.terminal import Terminal

        terminal = Terminal(console(), rulebook, report, lang)
        if explain:
            terminal.explain(asked_for(rulebook, report, explain, lang))
        else:
            terminal.note()
    raise typer.Exit(report.exit_code)


def narrowed(report: Report, duty: str, lang: str) -> Report:
    """Return the report with the verdicts of one duty only, or refuse."""
    from dataclasses import replace

    kept = tuple(v for v in report.verdicts if v.duty == duty)
    if not kept:
        known = "、".join(sorted({v.duty for v in report.verdicts}))
        refuse_word(lang, f"没有义务 {duty}；可选：{known}", f"no duty {duty}; choose from: {known}")
    return replace(report, verdicts=kept)


def asked_for(rulebook: Rulebook, report: Report, name: str, lang: str):  # type: ignore[no-untyped-def]
    """Return the verdicts in which a norm or duty takes part, or refuse."""
    found = []
    for verdict in report.verdicts:
        part = {verdict.duty, verdict.norm, *verdict.concurring, *(n for n, _, _ in verdict.losing)}
        if verdict.sanctions is not None:
            for package in (verdict.sanctions.at_breach, verdict.sanctions.at_decision):
                for one in package.consequences if package else ():
                    part |= {one.norm, *(d.loser for d in one.defeats)}
        if name in part | {n.partition("/")[2] for n in part}:
            found.append(verdict)
    if not found:
        known = sorted({v.duty for v in report.verdicts} | {v.norm for v in report.verdicts})
        refuse_word(
            lang,
            f"本案没有用到 {name}；可选：{'、'.join(known)}",
            f"{name} plays no part in this case; choose from: {', '.join(known)}",
        )
    return found


@app.command()
def memo(
    case: CaseArgument,
    out: Annotated[Path, typer.Option("-o", "--out", help="输出 .md 或 .html。 Output file.")],
    on: OnOption = "",
    decided: DecidedOption = "",
    reading: ReadingOption = None,
    lang: LangOption = "zh",
) -> None:
    """写一份可逐句核对的备忘录。 Write a memo in which every sentence can be checked."""
    language(lang)
    rulebook, report = checked(case, on, decided, reading, lang)
    from carbonlex.errors import CitationError
    from carbonlex.memo.write import UnknownFormat, write_memo

    try:
        write_memo(rulebook, report, out, lang)
    except UnknownFormat:
        refuse_word(lang, f"{out}：只能写 .md 或 .html", f"{out}: .md or .html only")
    except CitationError as error:
        refuse_word(lang, f"引文不成立，备忘录未写出：{error}", f"a citation does not hold, no memo: {error}")
    except OSError as error:
        refuse_word(lang, f"不能写入 {out}：{error.strerror}", f"cannot write {out}: {error.strerror}")
    print(f"→ {out}")


@law.command("list")
def law_list(lang: LangOption = "zh", as_json: JsonOption = False) -> None:
    """列出全部文件。 List the instruments."""
    language(lang)
    from carbonlex.interfaces.corpus_pages import instruments_json, print_instruments

    rulebook = rulebook_or_refuse(lang)
    if as_json:
        print(instruments_json(rulebook))
    else:
        print_instruments(console(), rulebook, lang)


@law.command("show")
def law_show(
    place: Annotated[str, typer.Argument(help="文件键，可加 #条款。 INSTRUMENT[#PROVISION].")],
    on: OnOption = "",
    lang: LangOption = "zh",
) -> None:
    """条文与规范对照。 Words and norms side by side."""
    language(lang)
    from carbonlex.interfaces.corpus_pages import UnknownPlace, print_place

    rulebook = rulebook_or_refuse(lang)
    try:
        print_place(console(), rulebook, place, day(on, "--on", lang), lang)
    except UnknownPlace as error:
        refuse_word(lang, error.args[0], error.args[1])


@law.command("verify")
def law_verify(
    rules: Annotated[Path | None, typer.Option("--rules", help="规则目录。 Folder of rules.")] = None,
    statutes: Annotated[Path | None, typer.Option("--statutes", help="条文目录。 Folder of statutes.")] = None,
    lang: LangOption = "zh",
) -> None:
    """检查规则与条文。 Check rules against statutes: every fault with file and line."""
    language(lang)
    from carbonlex.corpus import corpus
    from carbonlex.rulebook.assemble import read_rulebook

    folders = (rules or corpus("rules"), statutes or corpus("statutes"))
    for folder in folders:
        if not folder.is_dir():
            refuse_word(lang, f"{folder} 不是目录", f"{folder} is no folder")
    rulebook, wrong = read_rulebook(*folders)
    if wrong:
        refuse(wrong, lang)
    counts = (len(rulebook.instruments), len(rulebook.norms), len(rulebook.parameters), len(rulebook.questions))
    zh = "{} 份文件、{} 条规范、{} 个参数、{} 个未决问题，无误"
    en = "{} instruments, {} norms, {} parameters, {} open questions: nothing wrong"
    print((en if lang == "en" else zh).format(*counts))


@law.command("coverage")
def law_coverage(lang: LangOption = "zh", as_json: JsonOption = False) -> None:
    """逐条覆盖率。 Clause-level coverage."""
    language(lang)
    from carbonlex.interfaces.corpus_pages import coverage_json, print_coverage

    rulebook = rulebook_or_refuse(lang)
    if as_json:
        print(coverage_json(rulebook))
    else:
        print_coverage(console(), rulebook, lang)


if __name__ == "__main__":
    main()
