"""The cases under `tests/cases/`: facts in, verdicts and citations out, on both chainers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from case_files import CaseFile, case_files, mismatches

from carbonlex.errors import UnknownNorm
from carbonlex.reasoner.life import chainer
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.rulebook import Rulebook

FILES = case_files()


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """Return the rulebook that came with the package."""
    return load_rulebook()


def parameters() -> list[object]:
    """Return every file; one whose answer the engine is known to miss is marked so."""
    marks = {f.name: pytest.mark.xfail(reason=f.known) for f in FILES if f.known}
    return [pytest.param(f, id=f.name, marks=marks.get(f.name, ())) for f in FILES]


@pytest.mark.parametrize("file", parameters())
def test_the_answer_of_the_law(file: CaseFile, rulebook: Rulebook) -> None:
    report = file.check(rulebook)
    assert not [*mismatches(file, rulebook, report)]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_both_chainers_report_the_same(file: CaseFile, rulebook: Rulebook) -> None:
    if chainer().name == "plain":
        pytest.skip("durable-rules is not here")
    durable, plain = file.check(rulebook), file.check(rulebook, chain_with="plain")
    assert durable.chainer != plain.chainer
    assert replace(durable, chainer="") == replace(plain, chainer="")


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.name)
def test_sets_of_missing_facts_are_smallest_first(file: CaseFile, rulebook: Rulebook) -> None:
    for verdict in file.check(rulebook).verdicts:
        sizes = [len(one) for one in verdict.needs]
        assert sizes == sorted(sizes)


def test_every_case_names_norms_that_exist(rulebook: Rulebook) -> None:
    for file in FILES:
        for name in _norms_named(file):
            try:
                rulebook.norm(name)
            except UnknownNorm:
                pytest.fail(f"{file.name}: {name}")


def _norms_named(file: CaseFile) -> list[str]:
    found = []
    for one in file.tree.get("expect", ()):
        found += [one["norm"], *one.get("concurring", ())] if "norm" in one else []
        found += [s["norm"] for s in one.get("sanction", ()) if "norm" in s]
    return found


def test_every_norm_and_every_reading_is_spoken_of(rulebook: Rulebook) -> None:
    asked: set[tuple[str, str]] = set()
    for file in FILES:
        asked |= {*file.tree.get("readings", {}).items()}
    for question in rulebook.questions.values():
        for reading in question.readings:
            named = (question.name, reading.name) in asked
            assert named or reading.name == question.default, f"{question.name}={reading.name}"


def _reports(rulebook: Rulebook) -> list[Report]:
    return [f.check(rulebook) for f in FILES]
