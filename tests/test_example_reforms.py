"""The founding paper's proposals as drafts: each applies, and changes something for a case."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from carbonlex.cases.read import case_from, read_case
from carbonlex.position.allocation import allocation_of
from carbonlex.quantities import Range
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.verdict import Report, Verdict
from carbonlex.reform.apply import Applied, apply, apply_all
from carbonlex.reform.postpone import in_effect_from
from carbonlex.reform.read import read_reform
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.statutes.akn import instrument_in
from carbonlex.statutes.amend import body_of
from drafted import ROOT, law, undone

REFORMS = sorted(p for p in (ROOT / "examples/reforms").glob("*.md") if p.stem != "README")
DRAFTS = sorted((ROOT / "tests/drafts").glob("*.md"))
DAY = date(2027, 1, 10)
POWER, TRADER = "power-offsets-2025.toml", "trader-2026.toml"


def step(name: str) -> Applied:
    """Apply an example, with effect by the deadline of 2025 at the latest."""
    reform = read_reform(ROOT / f"examples/reforms/{name}.md")
    return apply(law(), in_effect_from(reform, min(reform.effective, date(2026, 12, 1))))


def report(rulebook: Rulebook, example: str, on: date = DAY) -> Report:
    case = read_case(ROOT / "examples" / example, rulebook.vocabulary)
    return check_case(rulebook, case, on, survey=False)


def verdict(found: Report, duty: str, index: int = -1) -> Verdict | None:
    return next((v for v in found.verdicts if (v.duty, v.index) == (duty, index)), None)


def outcomes(name: str, example: str, duty: str, index: int = -1) -> tuple[Any, Any]:
    """Return the outcome of one duty of an example before and after a reform."""
    both = (law().rulebook, step(name).law.rulebook)
    found = [verdict(report(rulebook, example), duty, index) for rulebook in both]
    return tuple(v.outcome if v else None for v in found)  # type: ignore[return-value]


@pytest.mark.parametrize("path", [*REFORMS, *DRAFTS], ids=lambda p: p.stem)
def test_applies_and_is_akoma_ntoso(path: Path) -> None:
    made = apply(law(), read_reform(path))
    xml = made.law.written(made.after.key).xml
    instrument, wrong = instrument_in(xml, path.name)
    assert instrument is not None
    assert not wrong
    assert (b"<textualMod" in xml) == (made.before is not None)


@pytest.mark.parametrize(
    "path", [p for p in REFORMS if "amends" in p.read_text("utf-8")], ids=lambda p: p.stem
)
def test_taken_back_leaves_no_trace(path: Path) -> None:
    made = apply(law(), read_reform(path))
    assert made.before is not None
    back = undone(made)
    xml, first = (
        back.law.written(back.after.key).xml,
        law().written(made.before.key).xml,
    )
    assert body_of(xml) == body_of(first)
    assert back.law.rulebook.digest == law().rulebook.digest
    assert xml.count(b"<eventRef") == first.count(b"<eventRef") + 2


@pytest.mark.parametrize(
    ("name", "example", "duty", "index", "expected"),
    [
        ("offset-ten", POWER, "surrender", -1, ("breached", "complied")),
        ("offset-ten", POWER, "offset-cap", -1, ("breached", "complied")),
        ("ccer-linkage", POWER, "credit-age", 0, (None, "complied")),
        ("ccer-linkage", POWER, "credit-age", 1, (None, "breached")),
        ("unify-pilots", POWER, "leave-local-market", 0, ("complied", "breached")),
        ("open-trading", TRADER, "holding-limit", -1, (None, "breached")),
        ("derivatives", TRADER, "spot-only", 0, ("breached", "breached")),
        ("derivatives", TRADER, "spot-only", 3, ("breached", "not_applicable")),
        ("price-corridor", TRADER, "price-corridor", 1, (None, "complied")),
        ("price-corridor", TRADER, "price-corridor", 2, (None, "breached")),
        ("raise-status", POWER, "offset-cap", -1, ("breached", "breached")),
    ],
)
def test_a_verdict_changes(
    name: str, example: str, duty: str, index: int, expected: tuple[str, str]
) -> None:
    assert outcomes(name, example, duty, index) == expected


def test_every_proposal_is_shipped_and_listed() -> None:
    page = (ROOT / "examples/reforms/README.md").read_text("utf-8")
    assert {p.stem for p in REFORMS} == {
        "raise-status", "staged-auctioning", "tighter-benchmarks", "offset-ten", "ccer-linkage",
        "open-trading", "derivatives", "price-corridor", "unify-pilots",
    }  # fmt: skip
    assert all(f"[{p.name}]({p.name})" in page for p in REFORMS)


def test_a_law_gives_the_cap_on_offsets_a_sanction() -> None:
    # 20,000 used, 12,500 allowed; 60 a tonne: one to three times 7,500 × 60.
    before = verdict(report(law().rulebook, POWER), "offset-cap")
    after = verdict(report(step("raise-status").law.rulebook, POWER), "offset-cap")
    assert before is not None
    assert after is not None
    assert (before.norm, after.norm) == (
        "measures-2021/offset-cap", "carbon-trading-law-draft/offset-cap",
    )  # fmt: skip
    assert before.sanctions is not None
    assert before.sanctions.governing is not None
    assert not [c for c in before.sanctions.governing.consequences if c.kind == "fine"]
    assert after.sanctions is not None
    assert after.sanctions.governing is not None
    (fine,) = [c for c in after.sanctions.governing.consequences if c.kind == "fine"]
    assert fine.amount == Range(Fraction(450_000), Fraction(1_350_000))


def test_auctioning_takes_a_tenth_of_the_allocation_of_2025() -> None:
    # 1,280,000 × 90 % = 1,152,000 against 1,300,000 emitted.
    case = read_case(ROOT / "examples/cement-2025.toml", law().rulebook.vocabulary)
    found = [
        allocation_of(rulebook, case, 2025, DAY)
        for rulebook in (law().rulebook, step("staged-auctioning").law.rulebook)
    ]
    assert [f.free_allocation.value for f in found] == [1_280_000, 1_152_000]
    assert [f.balance for f in found] == [-20_000, -148_000]


@pytest.mark.parametrize(("year", "share"), [(2026, 700_000), (2027, 700_000)])
def test_auctioning_leaves_seven_tenths_from_2026(year: int, share: int) -> None:
    rulebook = step("staged-auctioning").law.rulebook
    line = {"line_name": "1", "line_kind": "clinker", "line_allocation": 1_000_000}
    tree = {"entity": {"sector": "cement"}, "year": {str(year): {"listed": True, "lines": [line]}}}
    case = case_from(tree, rulebook.vocabulary, "plant")
    found = check_case(rulebook, case, date(2028, 6, 1), survey=False).findings
    assert [f.value for f in found if f.concept == "free_allocation"] == [share]


def test_auctioning_leaves_2024_free() -> None:
    both = (law().rulebook, step("staged-auctioning").law.rulebook)
    found = [report(r, "steel-2024-2025.toml").findings for r in both]
    values = [[f.value for f in each if f.concept == "free_allocation"] for each in found]
    assert values == [[5_200_000, 4_900_000], [5_200_000, 4_410_000]]


def test_benchmarks_tighten_year_by_year() -> None:
    rulebook = step("tighter-benchmarks").law.rulebook
    found = report(rulebook, "power-2025-2027.toml", date(2028, 2, 1)).findings
    values = {f.year: f.value for f in found if f.concept == "free_allocation"}
    assert values == {2025: 783_000, 2026: 767_000, 2027: 752_000}
    before = report(law().rulebook, "power-2025-2027.toml", date(2028, 2, 1)).findings
    assert not [f for f in before if f.concept == "free_allocation"]


def test_a_trade_outside_the_corridor_is_fined() -> None:
    found = verdict(report(step("price-corridor").law.rulebook, TRADER), "price-corridor", 2)
    assert found is not None
    assert found.sanctions is not None
    assert found.sanctions.governing is not None
    (fine,) = [c for c in found.sanctions.governing.consequences if c.kind == "fine"]
    assert fine.amount == Range(Fraction(10_000), Fraction(100_000))


def test_linkage_and_the_higher_cap_stack() -> None:
    # The expired 6,000 t do not count: 250,000 − 232,000 − 14,000 = 4,000 t short.
    names = ("offset-ten", "ccer-linkage")
    reforms = [read_reform(ROOT / f"examples/reforms/{n}.md") for n in names]
    moved = [in_effect_from(r, date(2026, 12, 1)) for r in reforms]
    changed, steps, clashes = apply_all(law(), moved)
    found = verdict(report(changed.rulebook, POWER), "surrender")
    assert found is not None
    assert (found.outcome, found.gap) == ("breached", 4_000)
    assert len(steps) == 2
    assert not clashes


def test_all_of_them_together() -> None:
    changed, steps, clashes = apply_all(law(), [read_reform(p) for p in REFORMS])
    assert len(steps) == len(REFORMS)
    assert not clashes
    report(changed.rulebook, POWER)
