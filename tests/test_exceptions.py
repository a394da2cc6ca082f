"""Exceptions to norms, and norms of equal force on a concept or a sanction."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from carbonlex.model import UNKNOWN
from carbonlex.quantities import Range
from carbonlex.reasoner.consequence import Package
from carbonlex.reasoner.verdict import Verdict
from synthetic import Act, checked, sound, verdict_on, write_corpus

VOCABULARY = """
record.entity.label = {zh = "单位", en = "entity"}
[fact]
bound = {type = "boolean", label = {zh = "受约束", en = "bound"}}
held = {type = "number", unit = "ratio", label = {zh = "已有", en = "held"}}
small = {type = "boolean", label = {zh = "小型", en = "small"}}
new = {type = "boolean", label = {zh = "新设", en = "new"}}
cured = {type = "boolean", label = {zh = "已改正", en = "cured"}}
[concept]
owed = {type = "number", unit = "ratio", label = {zh = "应有", en = "owed"}}
"""
DUTY = """id = "duty"
obliges = "duty"
bearer = "bound"
requires = "held >= owed"
due = "date(year + 1, 3, 31)"
"""
OWED = 'id = "owed"\ndefines = "owed"\nvalue = "10"\n'
FINE = 'id = "fine"\nsanctions = "duty"\nfine = "between(1_000, 2_000)"\n'
ON = "2026-01-01"
HELD = {"bound": True, "held": 7}


def judged(folder: Path, *acts: Act, **facts: Any) -> Verdict:
    write_corpus(folder, acts, VOCABULARY, legislation_law=len(acts) > 1)
    report = checked(sound(folder), HELD | facts, ON)
    found = verdict_on(report, "duty")
    exits = {"breached": 1, "undetermined": 3, "conflict": 3}
    assert report.exit_code == exits.get(found.outcome, 0)
    return found


def one_act(folder: Path, *norms: str, **facts: Any) -> Verdict:
    return judged(folder, Act("act", (DUTY, *norms)), **facts)


def fines(verdict: Verdict) -> tuple[Package, list[Any]]:
    assert verdict.sanctions is not None
    package = verdict.sanctions.at_breach
    return package, [c for c in package.consequences if c.kind == "fine"]


# ---- exceptions to what a term means

LESS = 'id = "less"\nexcepts = "act/owed"\nwhen = "small"\nvalue = "5"\n'


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"small": False}, "breached"),
        ({"small": True}, "complied"),
        ({"held": 4, "small": True}, "breached"),
        ({}, "undetermined"),
    ],
)
def test_with_another_value(tmp_path: Path, facts: dict[str, Any], outcome: str) -> None:
    verdict = one_act(tmp_path, OWED, LESS, **facts)
    assert verdict.outcome == outcome
    if outcome == "undetermined":
        assert [[n.fact for n in s] for s in verdict.needs] == [["small"]]


def test_the_exception_is_in_the_proof(tmp_path: Path) -> None:
    verdict = one_act(tmp_path, OWED, LESS, small=True)
    assert verdict.test is not None
    assert "act/less" in {p.norm for p in verdict.test.walk() if p.step == "exception"}


def test_two_exceptions(tmp_path: Path) -> None:
    none = 'id = "none"\nexcepts = "act/owed"\nwhen = "new"\nvalue = "0"\n'
    told = one_act(tmp_path, OWED, LESS, none, small=False, new=True, held=0)
    assert told.outcome == "complied"
    assert one_act(tmp_path, OWED, LESS, none, small=False, new=False).outcome == "breached"


def test_an_exception_before_it_may_hold_too(tmp_path: Path) -> None:
    none = 'id = "none"\nexcepts = "act/owed"\nwhen = "new"\nvalue = "0"\n'
    # If it is small too, 5 is owed, as `test_both_hold` pins; if not, nothing is.
    assert one_act(tmp_path, OWED, LESS, none, new=True, held=3).outcome == "undetermined"


def test_both_hold(tmp_path: Path) -> None:
    none = 'id = "none"\nexcepts = "act/owed"\nwhen = "new"\nvalue = "0"\n'
    assert one_act(tmp_path, OWED, LESS, none, small=True, new=True, held=3).outcome == "breached"


def test_an_exception_to_what_may_not_apply(tmp_path: Path) -> None:
    owed = OWED + 'when = "new"\n'
    assert one_act(tmp_path, owed, LESS, small=True, new=False).outcome == "undetermined"
    # Without `new` nothing is defined, with it 5: not known until told.
    assert one_act(tmp_path, owed, LESS, small=True).outcome == "undetermined"


# ---- exceptions to a duty

NOT_SMALL = 'id = "not-small"\nexcepts = "act/duty"\nwhen = "small"\n'


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"small": True}, "not_applicable"),
        ({"small": False}, "breached"),
        ({"small": False, "held": 10}, "complied"),
        ({}, "undetermined"),
    ],
)
def test_to_a_duty(tmp_path: Path, facts: dict[str, Any], outcome: str) -> None:
    verdict = one_act(tmp_path, OWED, NOT_SMALL, **facts)
    assert verdict.outcome == outcome
    if outcome == "undetermined":
        assert [[n.fact for n in s] for s in verdict.needs] == [["small"]]


def test_without_a_condition_it_always_holds(tmp_path: Path) -> None:
    assert one_act(tmp_path, OWED, 'id = "e"\nexcepts = "act/duty"').outcome == "not_applicable"


def test_a_lower_norm_may_except_from_a_higher(tmp_path: Path) -> None:
    law = Act("act", (DUTY, OWED), "law", "npc")
    rule = Act("rule", (NOT_SMALL,))
    assert judged(tmp_path, law, rule, small=True).outcome == "not_applicable"


def test_an_exception_not_yet_in_force(tmp_path: Path) -> None:
    law = Act("act", (DUTY, OWED), "law", "npc")
    for first_day, outcome in (("2025-03-31", "not_applicable"), ("2025-04-01", "breached")):
        rule = Act("rule", (NOT_SMALL,), effective=first_day)
        folder = tmp_path / first_day
        assert judged(folder, law, rule, small=True).outcome == outcome


def test_to_a_sanction(tmp_path: Path) -> None:
    spared = 'id = "spared"\nexcepts = "act/fine"\nwhen = "small"\n'
    package, _ = fines(one_act(tmp_path, OWED, FINE, spared, small=True))
    assert package.total == Range(Fraction(0), Fraction(0))


# ---- norms of equal force

CLASH = (Act("act", (DUTY, OWED)), Act("other", (OWED.replace("10", "5"),), maker="ndrc"))


def test_a_clash_on_a_concept_is_a_conflict(tmp_path: Path) -> None:
    assert judged(tmp_path, *CLASH).outcome == "conflict"


def test_a_clash_on_a_concept_says_what_each_says(tmp_path: Path) -> None:
    verdict = judged(tmp_path, *CLASH)
    assert verdict.test is not None and verdict.test.value is UNKNOWN
    (clash,) = (p for p in verdict.test.walk() if p.step == "conflict")
    assert {p.norm: p.value for p in clash.parts} == {"act/owed": 10, "other/owed": 5}


def test_a_higher_norm_on_a_concept_prevails_and_the_lower_stays(tmp_path: Path) -> None:
    law = Act("law", (OWED.replace("10", "5"),), "law", "npc")
    verdict = judged(tmp_path, Act("act", (DUTY, OWED)), law)
    assert verdict.outcome == "complied" and verdict.test is not None
    (concept,) = (p for p in verdict.test.walk() if p.step == "concept")
    assert concept.norm == "law/owed" and concept.value == 5
    assert [(p.norm, p.value) for p in concept.parts] == [("law/owed", 5), ("act/owed", 10)]


def test_a_fine_of_a_higher_norm_prevails(tmp_path: Path) -> None:
    law = Act("law", (FINE.replace("1_000", "500"),), "law", "npc")
    package, (fine,) = fines(judged(tmp_path, Act("act", (DUTY, OWED, FINE)), law))
    assert (fine.norm, fine.status) == ("law/fine", "applies")
    assert package.total == fine.amount == Range(Fraction(500), Fraction(2_000))
    assert [(d.winner, d.loser, d.step) for d in fine.defeats] == [("law/fine", "act/fine", "rank")]


TWO_FINES = (
    Act("act", (DUTY, OWED, FINE)),
    Act("other", (FINE.replace("2_000", "9_000"),), maker="ndrc"),
)


def test_a_clash_of_fines_names_who_decides(tmp_path: Path) -> None:
    _, (fine,) = fines(judged(tmp_path, *TWO_FINES))
    (clash,) = fine.clashes
    assert {clash.one, clash.other} == {"act/fine", "other/fine"}
    assert clash.decides.zh == "国务院"


def test_a_clash_of_fines_gives_no_figure(tmp_path: Path) -> None:
    package, (fine,) = fines(judged(tmp_path, *TWO_FINES))
    assert fine.status != "applies" and package.total is None


def test_fines_that_agree_do_not_clash(tmp_path: Path) -> None:
    acts = (TWO_FINES[0], Act("other", (FINE,), maker="ndrc"))
    package, (fine,) = fines(judged(tmp_path, *acts))
    assert package.total == Range(Fraction(1_000), Fraction(2_000))
    assert {fine.norm, *fine.concurring} == {"act/fine", "other/fine"}


def test_a_conflict_that_may_not_be_one(tmp_path: Path) -> None:
    lenient = DUTY.replace("held >= owed", "held >= owed or small")
    acts = (Act("act", (DUTY, OWED)), Act("other", (lenient,), maker="ndrc"))
    assert judged(tmp_path / "small", *acts, small=True).outcome == "conflict"
    assert judged(tmp_path / "large", *acts, small=False).outcome == "breached"
    verdict = judged(tmp_path / "untold", *acts)
    assert verdict.outcome == "undetermined"
    assert [[n.fact for n in s] for s in verdict.needs] == [["small"]]
