"""The command line: `check`, and the way to the others. Thin: arguments, prints, exit codes.

Exit codes: 0 complied, pending or not applicable; 1 something breached; 2 bad input;
3 undetermined or conflict (1 outranks 3).
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, NoReturn, TextIO

import typer

from carbonlex.interfaces.arguments import (
    BAD_INPUT,
    CaseArgument,
    DecidedOption,
    JsonOption,
    LangOption,
    OnOption,
    ReadingOption,
    case_or_refuse,
    chosen_readings,
    console,
    day,
    day_asked,
    language,
    refuse_word,
    refusing,
)
from carbonlex.interfaces.commands import OnDemand
from carbonlex.interfaces.records_keep import keep, kept

if TYPE_CHECKING:
    from carbonlex.reasoner.verdict import Report, Verdict
    from carbonlex.rulebook.rulebook import Rulebook

INTERNAL = 70
UNREAD = 141  # what a shell shows of a program whose reader went away: no verdict
app = typer.Typer(
    name="carbonlex",
    cls=OnDemand,
    callback=lambda: None,  # with but one command of its own it would be that command
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="碳市场法律的规则引擎。 A rules-as-code engine for the law of carbon markets.",
)


def main() -> None:
    """Run the command line; the entry point of the `carbonlex` script."""
    if sys.stdout is None:  # closed by who called: then only the exit code is wanted
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    out = sys.stdout
    try:
        try:
            app()
        finally:
            out.flush()
    except BrokenPipeError:
        _unread(out)
    except SystemExit:
        # Typer puts another stream in the place of one that nobody reads any more, and ends with 1.
        if sys.stdout is not out:
            _unread(out)
        raise
    except OSError as error:
        # The disk is full, a name is too long: a fault of the place, not of ours.
        zh, en = f"不能读写：{error}", f"cannot read or write: {error}"
        print(f"carbonlex {zh} · {en}", file=sys.stderr)
        _unread(out, BAD_INPUT)
    except Exception as error:
        # A fault of ours must not pass for a verdict: 1 and 3 are answers.
        if os.environ.get("CARBONLEX_DEBUG"):
            raise
        print(
            f"carbonlex 内部错误 · internal error: {type(error).__name__}: {error}", file=sys.stderr
        )
        print("CARBONLEX_DEBUG=1 显示详情 · shows more", file=sys.stderr)
        sys.exit(INTERNAL)


def _unread(out: TextIO, code: int = UNREAD) -> NoReturn:
    """Leave without another try to write what could not be written, which would end with 120."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    sys.exit(code)


def checked(
    case: str, on: str, decided: str, reading: list[str] | None, lang: str
) -> tuple[Rulebook, Report]:
    """Read a case and check it, or refuse with what is wrong."""
    from carbonlex.reasoner.check import check_case

    asked = day_asked(on, lang)
    decision = day(decided, "--decided", lang)
    readings = chosen_readings(reading, lang)
    rulebook, facts = case_or_refuse(case, lang)
    with refusing(lang):
        return rulebook, check_case(rulebook, facts, asked, decision, readings)


@app.command()
@kept("check")
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
    brief: Annotated[
        bool, typer.Option("--brief", help="只写结论和后果。 Verdicts and consequences only.")
    ] = False,
) -> None:
    """检查一个单位。 Check one entity: verdicts, proof, gap, what is missing."""
    language(lang)
    rulebook, report = checked(case, on, decided, reading, lang)
    if only:
        report = narrowed(rulebook, report, only, lang)
    if as_json:
        print(_json(rulebook, report))
    else:
        from carbonlex.interfaces.terminal import Terminal

        terminal = Terminal(console(), rulebook, report, lang)
        if explain:
            terminal.explain(asked_for(rulebook, report, explain, lang))
        elif brief:
            from carbonlex.interfaces.brief_page import print_brief

            print_brief(terminal)
        else:
            terminal.note()
    keep(lambda: _json(rulebook, report), [report.case])
    raise typer.Exit(report.exit_code)


def _json(rulebook: Rulebook, report: Report) -> str:
    from carbonlex.interfaces.wire import report_json

    return report_json(rulebook, report)


def narrowed(rulebook: Rulebook, report: Report, duty: str, lang: str) -> Report:
    """Return the report with the verdicts of one duty only, or refuse."""
    from carbonlex.reasoner.check import only_duty

    known = sorted({v.duty for v in report.verdicts})
    if duty not in known:
        listed = ", ".join(known)
        refuse_word(lang, f"没有义务 {duty}；可选：{listed}", f"no duty {duty}; choose: {listed}")
    return only_duty(rulebook, report, duty)


def asked_for(rulebook: Rulebook, report: Report, name: str, lang: str) -> list[Verdict]:
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


if __name__ == "__main__":
    main()
