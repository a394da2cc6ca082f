"""Which norm prevails: two bodies say different things of one duty, and law says who wins."""

from __future__ import annotations

from pathlib import Path

import pytest

from carbonlex.reasoner.verdict import Verdict
from carbonlex.rulebook.rulebook import Rulebook
from synthetic import Act, checked, sound, verdict_on, write_corpus

VOCABULARY = """
record.entity.label = {zh = "单位", en = "entity"}
[fact]
bound = {type = "boolean", label = {zh = "受约束", en = "bound"}}
done = {type = "boolean", label = {zh = "已办", en = "done"}}
filed = {type = "boolean", label = {zh = "已报", en = "filed"}}
exempt = {type = "boolean", label = {zh = "豁免", en = "exempt"}}
[concept]
ready = {type = "boolean", label = {zh = "就绪", en = "ready"}}
"""
FACTS = {"bound": True, "done": True, "filed": False}
ON = "2026-01-01"


def duty(requires: str = "done", more: str = "", bearer: str = "bound") -> str:
    return f"""id = "duty"\nobliges = "duty"\nbearer = "{bearer}"\nrequires = "{requires}"
due = "date(year + 1, 3, 31)"\n{more}"""


class Corpus:
    """Builds a rulebook of some acts together with the Legislation Law, and asks it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, *acts: Act) -> Rulebook:
        write_corpus(self.folder, acts, VOCABULARY, legislation_law=True)
        return sound(self.folder)

    def verdict(self, *acts: Act, year: int = 2024) -> Verdict:
        report = checked(self.of(*acts), {"year": {str(year): FACTS}}, ON)
        found = verdict_on(report, "duty", year)
        if found.outcome == "conflict":
            assert report.exit_code == 3
        return found


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return Corpus(tmp_path)


RANKS = [
    ("law", "administrative_regulation", "law-over-lower"),
    ("law", "local_regulation", "law-over-lower"),
    ("law", "departmental_rule", "law-over-lower"),
    ("law", "local_government_rule", "law-over-lower"),
    ("administrative_regulation", "local_regulation", "regulation-over-lower"),
    ("administrative_regulation", "departmental_rule", "regulation-over-lower"),
    ("administrative_regulation", "local_government_rule", "regulation-over-lower"),
    ("local_regulation", "local_government_rule", "local-regulation-over-rule"),
]


@pytest.mark.parametrize("swapped", [False, True], ids=["done", "not done"])
@pytest.mark.parametrize(("higher", "lower", "rule"), RANKS, ids=[f"{h}>{o}" for h, o, _ in RANKS])
def test_rank(corpus: Corpus, higher: str, lower: str, rule: str, swapped: bool) -> None:
    # The lower is the newer, and comes first in the order of files: neither helps it.
    says, denies = ("filed", "done") if swapped else ("done", "filed")
    verdict = corpus.verdict(
        Act("z", (duty(says),), rank=higher, maker="one", effective="2000-01-01"),
        Act("a", (duty(denies),), rank=lower, maker="other", effective="2024-01-01"),
    )
    assert verdict.outcome == ("breached" if swapped else "complied")
    assert verdict.norm == "z/duty"
    (defeat,) = verdict.defeats
    assert (defeat.winner, defeat.loser) == ("z/duty", "a/duty")
    assert (defeat.by, defeat.step) == (f"legislation-law-2023/{rule}", "rank")
    # The norm that lost stays, with what it would have said.
    ((loser, binding, test),) = verdict.losing
    assert loser == "a/duty" and binding.value is True
    assert test is not None and test.value is swapped


def test_rank_comes_before_special_and_new(corpus: Corpus) -> None:
    verdict = corpus.verdict(
        Act("law", (duty("done"),), rank="law", maker="m", effective="1990-01-01"),
        Act("rule", (duty("filed", 'special_to = "law/duty"'),), maker="m"),
    )
    assert verdict.norm == "law/duty" and verdict.defeats[0].step == "rank"


def test_where_all_agree_the_highest_is_the_basis(corpus: Corpus) -> None:
    verdict = corpus.verdict(
        Act("rule", (duty(),)),
        Act("law", (duty(),), rank="law", maker="npc"),
        Act("reg", (duty(),), rank="administrative_regulation", maker="gwy"),
    )
    assert verdict.norm == "law/duty" and verdict.outcome == "complied"
    assert set(verdict.concurring) == {"reg/duty", "rule/duty"} and not verdict.losing


def test_rules_that_agree_are_no_conflict_whoever_made_them(corpus: Corpus) -> None:
    verdict = corpus.verdict(Act("a", (duty(),)), Act("b", (duty(),), maker="ndrc"))
    assert verdict.outcome == "complied" and not verdict.clashes
    assert {verdict.norm, *verdict.concurring} == {"a/duty", "b/duty"}


def test_a_norm_that_does_not_bind_says_nothing(corpus: Corpus) -> None:
    verdict = corpus.verdict(
        Act("law", (duty("filed", bearer="filed"),), rank="law", maker="npc"), Act("a", (duty(),))
    )
    assert verdict.norm == "a/duty" and verdict.outcome == "complied"


ONE_MAKER = [
    ("law", "npc"),
    ("administrative_regulation", "gwy"),
    ("local_regulation", "sh"),
    ("departmental_rule", "mee"),
    ("local_government_rule", "sz"),
]


@pytest.mark.parametrize(("rank", "maker"), ONE_MAKER)
def test_of_one_maker_the_new_prevails(corpus: Corpus, rank: str, maker: str) -> None:
    verdict = corpus.verdict(
        Act("a", (duty("filed"),), rank, maker, "2010-01-01"),
        Act("b", (duty("done"),), rank, maker, "2011-01-01"),
    )
    (defeat,) = verdict.defeats
    assert (verdict.norm, verdict.outcome) == ("b/duty", "complied")
    assert (defeat.by, defeat.step) == ("legislation-law-2023/new-over-old", "new")


@pytest.mark.parametrize("day", ["2010-01-01", "2011-01-01"], ids=["as old", "newer"])
@pytest.mark.parametrize(("rank", "maker"), ONE_MAKER)
def test_of_one_maker_the_special_prevails(corpus: Corpus, rank: str, maker: str, day: str) -> None:
    verdict = corpus.verdict(
        Act("a", (duty("filed"),), rank, maker, "2010-01-01"),
        Act("b", (duty("done", 'special_to = "a/duty"'),), rank, maker, day),
    )
    (defeat,) = verdict.defeats
    assert (verdict.norm, verdict.outcome) == ("b/duty", "complied")
    assert (defeat.by, defeat.step) == ("legislation-law-2023/special-over-general", "special")


DECIDES = [
    ("law", "npc", "laws-npcsc", "全国人民代表大会常务委员会"),
    ("administrative_regulation", "gwy", "regulations-sc", "国务院"),
    ("local_regulation", "sh", "rules-maker", "制定机关"),
    ("departmental_rule", "mee", "rules-maker", "制定机关"),
    ("local_government_rule", "sz", "rules-maker", "制定机关"),
]


@pytest.mark.parametrize(("rank", "maker", "rule", "decides"), DECIDES)
def test_new_general_against_old_special(
    corpus: Corpus, rank: str, maker: str, rule: str, decides: str
) -> None:
    verdict = corpus.verdict(
        Act("a", (duty("filed", 'special_to = "b/duty"'),), rank, maker, "2010-01-01"),
        Act("b", (duty("done"),), rank, maker, "2011-01-01"),
    )
    assert verdict.outcome == "conflict" and not verdict.defeats
    (clash,) = verdict.clashes
    assert {clash.one, clash.other} == {"a/duty", "b/duty"}
    assert (clash.by, clash.decides.zh) == (f"legislation-law-2023/{rule}", decides)
    assert {verdict.norm, verdict.losing[0][0]} == {"a/duty", "b/duty"}
    assert verdict.sanctions is None and verdict.needs == ()


BETWEEN_EQUALS = [
    ("local_regulation", "departmental_rule", "local-regulation-departmental-rule", "国务院"),
    ("departmental_rule", "departmental_rule", "rules-sc", "国务院"),
    ("departmental_rule", "local_government_rule", "rule-local-rule-sc", "国务院"),
    # Of these the Legislation Law says nothing.
    ("law", "law", "", ""),
    ("local_regulation", "local_regulation", "", ""),
    ("departmental_rule", "normative_document", "", ""),
    ("normative_document", "normative_document", "", ""),
]  # fmt: skip


@pytest.mark.parametrize("year", [2021, 2024])
@pytest.mark.parametrize(("one", "other", "rule", "decides"), BETWEEN_EQUALS)
def test_of_two_makers(
    corpus: Corpus, one: str, other: str, rule: str, decides: str, year: int
) -> None:
    # Special and new do not help between two makers, such as the NPC and its Standing Committee.
    verdict = corpus.verdict(
        Act("a", (duty("filed"),), one, "npc", "2010-01-01"),
        Act("b", (duty("done", 'special_to = "a/duty"'),), other, "npcsc", "2011-01-01"),
        year=year,
    )
    assert verdict.outcome == "conflict"
    (clash,) = verdict.clashes
    law = "legislation-law-2015" if year == 2021 else "legislation-law-2023"
    assert clash.by == (f"{law}/{rule}" if rule else "")
    assert clash.decides.zh.startswith(decides or "立法法未规定")


def test_the_legislation_law_as_it_stood(corpus: Corpus) -> None:
    acts = (
        Act("a", (duty("done"),), rank="law", maker="npc"),
        Act("b", (duty("filed"),), rank="departmental_rule"),
    )
    # due on 31 March 2022, and on 31 March 2023: the 2023 version is in force since 15 March
    for year, law in ((2021, "legislation-law-2015"), (2022, "legislation-law-2023")):
        (defeat,) = corpus.verdict(*acts, year=year).defeats
        assert defeat.by == f"{law}/law-over-lower"
    places = {
        "legislation-law-2015": "第八十八条第一款",
        "legislation-law-2023": "第九十九条第一款",
    }
    for law, place in places.items():
        rulebook = corpus.of(*acts)
        (eid,) = rulebook.norm(f"{law}/law-over-lower").provisions
        assert rulebook.cite(law, eid, "zh").endswith(place)


def test_a_lawful_variation(corpus: Corpus) -> None:
    verdict = corpus.verdict(
        Act("law", (duty("filed"),), rank="law", maker="npc"),
        Act("zone", (duty("done", 'varies = "law/duty"'),), rank="local_regulation", maker="sz"),
    )
    (defeat,) = verdict.defeats
    assert (verdict.norm, verdict.outcome) == ("zone/duty", "complied")
    assert (defeat.by, defeat.step) == ("legislation-law-2023/variation", "variation")


def test_a_law_ends_a_quarrel_below_it(corpus: Corpus) -> None:
    verdict = corpus.verdict(
        Act("a", (duty("filed"),)),
        Act("b", (duty("filed or done"),), maker="ndrc"),
        Act("law", (duty("done"),), rank="law", maker="npc"),
    )
    assert (verdict.norm, verdict.outcome, verdict.clashes) == ("law/duty", "complied", ())
    assert {d.loser for d in verdict.defeats} == {"a/duty", "b/duty"}
    assert [norm for norm, _, _ in verdict.losing] == ["a/duty"]
    assert verdict.concurring == ("b/duty",)


def test_law_no_longer_or_not_yet_in_force_does_not_compete(corpus: Corpus) -> None:
    acts = (
        Act("old", (duty("filed"),), "law", "npc", "2000-01-01", "2025-03-31"),
        Act("new", (duty("filed"),), "law", "npc", "2025-04-01"),
        Act("rule", (duty("done"),)),
    )
    verdict = corpus.verdict(*acts)  # due on 31 March 2025
    assert (verdict.norm, verdict.outcome, verdict.losing) == ("rule/duty", "complied", ())
    assert corpus.verdict(*acts, year=2023).norm == "old/duty"


def test_something_breached_outranks_a_conflict(corpus: Corpus) -> None:
    other = duty("filed").replace('"duty"', '"other"')
    rulebook = corpus.of(Act("a", (duty("filed"), other)), Act("b", (duty("done"),), maker="ndrc"))
    report = checked(rulebook, FACTS, ON)
    assert [v.outcome for v in report.verdicts] == ["conflict", "breached"]
    assert report.exit_code == 1
