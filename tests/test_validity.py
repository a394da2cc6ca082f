"""The cases under `tests/validity/`: what an instrument, a draft or a clause may say, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from carbonlex.reasoner.life import chainer
from carbonlex.rulebook.load import load_rulebook
from validity_files import DRAFTS, ValidityCase, clauses_found, examination, validity_cases

CASES = {case.name: case for case in validity_cases()}
ALONE = [case for case in CASES.values() if "expect" not in case.tables[0]]
EXAMINED = [case for case in CASES.values() if "expect" in case.tables[0]]
MAKERS_NORMS = [n for n in load_rulebook().norms.values() if "maker" in n.addressees]


@pytest.mark.parametrize("name", CASES)
def test_what_the_law_allows_its_makers(name: str) -> None:
    wrong = [*CASES[name].wrong(load_rulebook(), "plain")]
    assert not wrong, "\n".join(wrong)


@pytest.mark.skipif(chainer().name == "plain", reason="durable-rules is not here")
def test_both_chainers_find_the_same() -> None:
    rulebook = load_rulebook()
    for case in (*ALONE, CASES["validity/instruments-and-drafts/In a law: free"]):
        assert not [*case.wrong(rulebook)], case.name


def test_no_two_cases_have_one_title() -> None:
    assert len(CASES) == len(validity_cases())
    for case in ALONE:
        titles = [one["title"] for one in case.tables]
        assert len(titles) == len(set(titles)), case.name


def test_every_draft_is_examined() -> None:
    used = {case.tables[0].get("subject") for case in EXAMINED}
    assert {path.name for path in DRAFTS.glob("*-20*.md")} <= used


def test_every_norm_that_binds_makers_is_kept_and_broken_by_a_clause() -> None:
    kept, broken, open_ = set(), set(), set()
    for case in ALONE:
        for _, _, finding in clauses_found(case.tables, load_rulebook(), "plain"):
            for verdict in finding.verdicts:
                outcome = {"complied": kept, "breached": broken, "undetermined": open_}
                outcome.get(verdict.outcome, set()).update((verdict.norm, *verdict.concurring))
    bans = {n.id for n in MAKERS_NORMS if n.kind == "prohibits"}
    assert bans <= broken
    # What is forbidden without condition is kept by those to whom it does not speak.
    unconditional = {n.id for n in MAKERS_NORMS if n.kind == "prohibits" and _always(n)}
    assert bans - unconditional <= kept
    assert {n for n in bans if n.endswith(("-burden", "-derogation"))} <= open_


def _always(norm: Any) -> bool:
    return "True" in repr(norm.test)


def test_every_power_of_makers_is_used_by_a_clause() -> None:
    used: set[str] = set()
    for case in ALONE:
        for _, _, finding in clauses_found(case.tables, load_rulebook(), "plain"):
            used.update(finding.powers)
    assert {n.id for n in MAKERS_NORMS if n.kind == "permits"} <= used


def test_a_later_basis_does_not_cure_an_earlier_enactment() -> None:
    told = CASES["validity/instruments-and-drafts/The Measures on the first day of the Code"].tables
    found = examination(told[0], load_rulebook(), "plain").findings
    then, now = (f for f in found if f.clause.norm.short == "surrender")
    assert (then.enactment, then.result, then.bases) == (True, "undetermined", ())
    assert (now.enactment, now.result, len(now.bases)) == (False, "within", 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"result": "ultra_vires"}, "result: 'ultra_vires' is right, 'undetermined' came out"),
        ({"limits": []}, "limits: [] is right"),
        ({"limit": []}, "limit means nothing here"),
        ({"clause": "surrendering"}, "0 findings of this name"),
    ],
)
def test_a_case_that_says_otherwise_fails(change: dict[str, Any], said: str) -> None:
    case = CASES[
        "validity/instruments-and-drafts/Measures on 2023-06-01: no basis encoded, then or now"
    ]
    told = case.tables[0]
    other = {**told, "expect": [{**told["expect"][1], **change}]}
    (found,) = replace(case, tables=(other,)).wrong(load_rulebook(), "plain")
    assert said in found


def test_a_clause_that_says_otherwise_fails() -> None:
    case = ALONE[0]
    told = {**case.tables[0], "result": "conflict", "day": case.tables[0]["day"], "maker": "mee"}
    found = [*ValidityCase("x", (told,), "").wrong(load_rulebook(), "plain")]
    assert any("'conflict' is right" in one for one in found)
    assert any("['maker'] mean nothing here" in one for one in found)
