"""The cases under `tests/cases/`: facts in, verdicts and citations out, on both chainers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from carbonlex.errors import UnknownNorm
from carbonlex.reasoner.life import chainer
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.load import load_rulebook
from case_files import CaseFile, case_files, mismatches

FILES = {file.name: file for file in case_files()}
WRONG = {name: pytest.mark.xfail(reason=f.known) for name, f in FILES.items() if f.known}


@cache
def report_of(name: str, chain_with: str = "") -> Report:
    """Return the report on a case file."""
    return FILES[name].check(load_rulebook(), chain_with)


@pytest.mark.parametrize("name", [pytest.param(n, marks=WRONG.get(n, ())) for n in FILES])
def test_the_answer_of_the_law(name: str) -> None:
    wrong = [*mismatches(FILES[name], load_rulebook(), report_of(name))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(chainer().name == "plain", reason="durable-rules is not here")
@pytest.mark.parametrize("name", FILES)
def test_both_chainers_report_the_same(name: str) -> None:
    durable, plain = report_of(name), report_of(name, "plain")
    assert durable.chainer != plain.chainer == "plain"
    assert replace(durable, chainer="") == replace(plain, chainer="")


@pytest.mark.parametrize("name", FILES)
def test_sets_of_missing_facts_come_smallest_first(name: str) -> None:
    for verdict in report_of(name).verdicts:
        sizes = [len(one) for one in verdict.needs]
        assert sizes == sorted(sizes)


def test_every_norm_that_a_case_names_is_in_the_rulebook() -> None:
    for file in FILES.values():
        for name in norms_named(file):
            try:
                load_rulebook().norm(name)
            except UnknownNorm:
                pytest.fail(f"{file.name}: {name}")


def norms_named(file: CaseFile) -> list[str]:
    """Return the norms on which a file says that a verdict or a sanction rests."""
    found = []
    for one in file.tree.get("expect", ()):
        for part in (one, *one.get("sanction", ())):
            found += [part["norm"]] if "norm" in part else []
            for key in ("concurring", "losing", "defeated", "by"):
                found += part.get(key, ())
    return found


def test_every_other_reading_is_taken_by_a_case() -> None:
    taken = {choice for f in FILES.values() for choice in f.tree.get("readings", {}).items()}
    for question in load_rulebook().questions.values():
        others = {(question.name, r.name) for r in question.readings if r.name != question.default}
        assert others <= taken, question.name


def test_every_sanction_is_attached_by_a_case() -> None:
    attached = set()
    for name in FILES:
        for verdict in report_of(name).verdicts:
            kept = verdict.sanctions
            for package in (kept.at_breach, kept.at_decision) if kept else ():
                attached |= {c.norm for c in package.consequences} if package else set()
                time_bar = package.limitation if package else None
                attached |= {time_bar.norm} if time_bar else set()
    sanctions = {n.id for n in load_rulebook().norms.values() if n.kind == "sanctions"}
    # That a sanction is shut out under one reading shows on the sanction itself.
    assert sanctions - attached <= {"measures-2021/estimate"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"expects": []}, "'expects' means nothing"),
        ({"exit": 7}, "exit: '7' is right"),
        ({"expect": [{"duty": "surrender", "year": 2025, "gaps": 1}]}, "'gaps' means nothing"),
        ({"expect": [{"duty": "surrender", "year": 2025, "gap": 2}]}, "gap: '2' is right"),
        ({"expect": [{"duty": "surrender", "year": 1999}]}, "surrender 1999: is not there"),
        ({"finding": [{"concept": "listed", "year": 2025, "value": False}]}, "value: False"),
        ({"difference": [{"concept": "listed", "year": 2025}]}, "difference: "),
        ({"outcomes": {"2025": {"surrender": "breached"}}}, "outcomes.2025: "),
        ({"concurrence": [{"year": 2025, "breaches": ["report"]}]}, "report: is not there"),
        (
            {"expect": [{"duty": "surrender", "year": 2025, "limitation": {"years": 2}}]},
            "limitation governing: is not there",
        ),
    ],
)
def test_a_file_that_says_otherwise_fails(wrong: dict[str, object], said: str) -> None:
    file = FILES["offsets/at-cap"]
    other = replace(file, tree={**file.tree, **wrong})
    (found,) = mismatches(other, load_rulebook(), report_of(file.name))
    assert said in found
