"""A report in short: each verdict, what a breach leads to, and what the whole note would add."""

from __future__ import annotations

from carbonlex.interfaces.terminal import Terminal
from carbonlex.reasoner.verdict import Verdict
from carbonlex.words.sentences import Line


def print_brief(terminal: Terminal) -> None:
    """Print verdicts and consequences, without reasons, quotations and what surrounds them."""
    terminal.head()
    terminal.heading("verdicts")
    for verdict in terminal.ordered():
        terminal.verdict(verdict)
        terminal.lines([terminal.words.clash(c) for c in verdict.clashes], 1, bullet="! ")
        if verdict.outcome == "breached":
            terminal.lines(_following(terminal, verdict), 2, bullet="→ ", quotes=False)
            terminal.lines(_discretion(terminal, verdict), 2, bullet="→ ", quotes=False)
        terminal.lines(_open(terminal, verdict), 2, bullet="? ", quotes=False)
    missing = terminal.remarks.missing()
    if missing:
        terminal.heading("missing")
        terminal.lines(missing, bullet="· ", quotes=False)
    terminal.run()
    whole = terminal.pick(
        "理由、原文、未决问题的各种读法、所作的假定和未编码的内容：去掉 --brief。",
        "Reasons, quotations, readings of open questions, assumptions and what is not encoded: "
        "without --brief.",
    )
    terminal.lines([Line(0, whole)])
    terminal.flush()


def _following(terminal: Terminal, verdict: Verdict) -> list[Line]:
    """Return the consequences, and norms that differ on them; not those that gave way."""
    found = verdict.sanctions
    packages = (found.at_breach, found.at_decision) if found is not None else ()
    differing = [
        terminal.words.clash(clash)
        for package in packages
        if package is not None
        for one in package.consequences
        for clash in one.clashes
    ]
    said = terminal.words.sanctions(verdict)
    return [line for line in said if not line.depth or line in differing]


def _discretion(terminal: Terminal, verdict: Verdict) -> list[Line]:
    """Return the provisions on which a range is not the last word, in one line."""
    cites = tuple(dict.fromkeys(c for x in terminal.words.discretion(verdict) for c in x.cites))
    text = terminal.pick("裁量仍然开放", "discretion stays open")
    return [Line(0, text, cites)] if cites else []


def _open(terminal: Terminal, verdict: Verdict) -> list[Line]:
    """Return the open questions on whose reading the result turns, in one line."""
    robust = verdict.robustness
    if robust is None or robust.stable:
        return []
    names = ", ".join(robust.changing)
    return [Line(0, terminal.pick(f"读法影响结果：{names}", f"the reading matters: {names}"))]
