"""Rule files over instruments into a rulebook, with everything that is wrong: one pass per file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import get_args

from carbonlex.errors import Diagnostic
from carbonlex.rulebook.check import problems
from carbonlex.rulebook.declarations import read_questions, read_vocabulary
from carbonlex.rulebook.expressed import Expressed
from carbonlex.rulebook.markdown import RuleText, read_text
from carbonlex.rulebook.norms import Norm, NotEncoded, Parameter
from carbonlex.rulebook.rulebook import ArticleCoverage, Rulebook
from carbonlex.statutes.akn import read_instruments
from carbonlex.statutes.instruments import Instrument, Rank


def read_rulebook(rules: Path, statutes: Path) -> tuple[Rulebook, tuple[Diagnostic, ...]]:
    """Return the rulebook of a corpus with everything that is wrong with it.

    With diagnostics, the rulebook is for looking at, not for judging by.
    """
    instruments, wrong = read_instruments(statutes)
    return assemble(rules, {i.key: i for i in instruments}, list(wrong))


def assemble(
    rules: Path, instruments: dict[str, Instrument], wrong: list[Diagnostic]
) -> tuple[Rulebook, tuple[Diagnostic, ...]]:
    """Read the rule files over instruments already read, and check the whole."""
    vocabulary, more = read_vocabulary(rules)
    questions, others = read_questions(rules / "questions.toml", "rules/questions.toml")
    wrong += [*more, *others]
    norms: list[Norm] = []
    parameters: list[Parameter] = []
    not_encoded: list[NotEncoded] = []
    coverage: list[ArticleCoverage] = []
    for path in sorted(rules.rglob("*.md")):
        text = read_text(path, f"rules/{path.relative_to(rules).as_posix()}")
        instrument = _instrument(text, instruments)
        if instrument is not None:
            said = Expressed(instrument)
            said.read(text)
            norms += said.norms
            parameters += said.parameters
            not_encoded += said.not_encoded
            coverage += said.coverage()
        wrong += text.wrong
    wrong += duplicates(norms)
    rulebook = indexed(
        Rulebook(
            instruments={k: instruments[k] for k in sorted(instruments, key=order(instruments))},
            vocabulary=vocabulary,
            questions=questions,
            norms={n.id: n for n in norms},
            parameters={p.full: p for p in parameters},
            not_encoded=tuple(not_encoded),
            coverage=tuple(coverage),
            digest="",
        )
    )
    return rulebook, (*wrong, *(() if wrong else problems(rulebook)))


def order(instruments: Mapping[str, Instrument]) -> Callable[[str], tuple[int, date, str]]:
    """Return the key by which instruments are sorted: rank, then effect, then name."""
    ranks = get_args(Rank)
    return lambda k: (ranks.index(instruments[k].rank), instruments[k].effective, k)


def _instrument(text: RuleText, instruments: dict[str, Instrument]) -> Instrument | None:
    key = text.front.get("key", "")
    instrument = instruments.get(key) if isinstance(key, str) else None
    if instrument is None:
        line = text.front_lines.get("key", 1)
        text.fail("instrument-unknown", line, f"statutes/ 中没有 {key}", f"no {key} in statutes/")
    elif text.front.get("expression") != instrument.uri:
        text.fail(
            "instrument-unknown",
            text.front_lines.get("expression", 1),
            f"expression 应为 {instrument.uri}",
            f"expression is {instrument.uri}",
        )
        return None
    return instrument


def duplicates(norms: Iterable[Norm]) -> Iterable[Diagnostic]:
    """Yield each norm whose id is taken, with both places."""
    seen: dict[str, Norm] = {}
    for norm in norms:
        if norm.id in seen:
            yield Diagnostic(
                "norm-duplicate",
                (f"{norm.id} 已在 {seen[norm.id].where}", f"{norm.id} is at {seen[norm.id].where}"),
                norm.where,
            )
        seen[norm.id] = norm


def indexed(rulebook: Rulebook) -> Rulebook:
    """Return a rulebook with its norms grouped by what they answer.

    An exception to a norm that a reform has re-expressed excepts from its successor too.
    """

    def group(kinds: tuple[str, ...]) -> dict[str, tuple[Norm, ...]]:
        found: dict[str, tuple[Norm, ...]] = {}
        for norm in rulebook.norms.values():
            answers = norm.answers if norm.kind in kinds else ""
            while answers:
                found[answers] = (*found.get(answers, ()), norm)
                answers = rulebook.successors.get(answers, "") if norm.kind == "excepts" else ""
        return found

    names: dict[str, tuple[Parameter, ...]] = {}
    for parameter in rulebook.parameters.values():
        names[parameter.name] = (*names.get(parameter.name, ()), parameter)
    return replace(
        rulebook,
        definitions=group(("defines",)),
        duties=group(("obliges", "prohibits")),
        sanctions=group(("sanctions",)),
        exceptions=group(("excepts",)),
        precedence=tuple(n for n in rulebook.norms.values() if n.kind == "precedence"),
        parameter_names=names,
    )
