"""Situations that memos are written on, and small tools that their tests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from carbonlex.cases.read import case_from
from carbonlex.memo.compliance import compliance_memo
from carbonlex.memo.document import Document
from carbonlex.memo.opinion import opinion
from carbonlex.memo.parallel import Parallel, Written
from carbonlex.memo.penalty import penalty_memo
from carbonlex.memo.write import Page, render
from carbonlex.model import Case, Label
from carbonlex.reasoner.check import check_case
from carbonlex.reasoner.precedence import Clash
from carbonlex.reasoner.verdict import Report
from carbonlex.rulebook.load import load_rulebook
from carbonlex.rulebook.rulebook import Rulebook

LANGUAGES = ("zh", "en")
_TOLD = {"report_submitted": True, "listed": True, "credits": []}
_SHORT: dict[str, Any] = {"verified_emissions": 100_000, "allowances_surrendered": 90_000}
_CREDIT = {"quantity": 5_000, "used": True, "from_covered_project": True}


def _year(year: int, **told: Any) -> dict[str, Any]:
    facts = {**_TOLD, "reported_on": f"{year + 1}-03-20", **told}
    return {"entity": {"name": "示例电厂", "sector": "power"}, "year": {str(year): facts}}


# What is told, the day asked, the day of decision.
SITUATIONS: dict[str, tuple[dict[str, Any], str, str]] = {
    "breached": (_year(2025, **_SHORT, price_before_deadline=60), "2027-01-15", ""),
    "pending": (_year(2025, **_SHORT, allowance_price=60), "2026-11-22", ""),
    "undetermined": (_year(2025, verified_emissions=100_000), "2027-01-15", ""),
    "complied": (_year(2024, **{**_SHORT, "allowances_surrendered": 100_000}), "2026-01-15", ""),
    "not_applicable": (
        {"entity": {"sector": "steel"}, "year": {"2023": {"verified_emissions": 300_000}}},
        "2024-06-01",
        "",
    ),
    "old and new law": (
        _year(
            2024, **_SHORT, price_before_deadline=60, correction_deadline="2026-03-31", made_good=0
        ),
        "2026-10-01",
        "2026-10-01",
    ),
    "recalled": (_year(2022, **_SHORT, report_truthful=False), "2024-03-01", "2024-03-01"),
    "per record": (
        _year(2025, **{**_SHORT, "credits": [_CREDIT, _CREDIT]}),
        "2027-01-15",
        "",
    ),
}


@dataclass(frozen=True)
class Memo:
    """One memo with what it was made from."""

    rulebook: Rulebook
    case: Case
    report: Report
    document: Document


@cache
def rulebook() -> Rulebook:
    """Return the rulebook that came with the package."""
    return load_rulebook()


@cache
def reported(name: str) -> tuple[Case, Report]:
    """Return the case and the report of a situation; `conflict` is a breach made one by hand."""
    told, on, decided = SITUATIONS["breached" if name == "conflict" else name]
    case = case_from(told, rulebook().vocabulary, name)
    day = date.fromisoformat(decided) if decided else None
    report = check_case(rulebook(), case, date.fromisoformat(on), day)
    return case, _in_conflict(report) if name == "conflict" else report


def _in_conflict(report: Report) -> Report:
    one = next(v for v in report.verdicts if v.outcome == "breached")
    other = one.concurring[0]
    who = Label("全国人民代表大会常务委员会", "the Standing Committee")
    clash = Clash(one.norm, other, "legislation-law-2023/law-over-lower", who)
    lost = replace(
        one,
        outcome="conflict",
        concurring=(),
        clashes=(clash,),
        losing=((other, one.binding, one.test),),
        sanctions=None,
        robustness=None,
    )
    return replace(report, verdicts=tuple(lost if v is one else v for v in report.verdicts))


ALL = (*SITUATIONS, "conflict")
DECIDED = ("old and new law", "recalled")
KINDS = {"compliance": compliance_memo, "opinion": opinion, "penalty": penalty_memo}


@cache
def of_kind(kind: str, name: str, lang: str = "zh") -> Document:
    """Return the document of a kind on a situation; one that has a decision, for a penalty."""
    return KINDS[kind](rulebook(), reported(name)[1], lang)


def both(kind: str, name: str) -> Parallel:
    """Return the documents of a kind on a situation, Chinese beside English."""
    return Parallel(of_kind(kind, name, "zh"), of_kind(kind, name, "en"))


@cache
def memo(name: str, lang: str = "zh") -> Memo:
    """Return the memo on a situation."""
    case, report = reported(name)
    document = compliance_memo(rulebook(), report, lang)
    return Memo(rulebook(), case, report, document)


def page(document: Written, face: Page) -> str:
    """Return a document as Markdown or HTML."""
    return render(document, face).decode()


def changed(value: Any, kind: type, change: Callable[[Any], Any]) -> Any:
    """Return a document in which the first part of a kind that `change` accepts is changed.

    `change` returns None for a part that it leaves as it is.
    """
    done = False

    def walk(part: Any) -> Any:
        nonlocal done
        if not done and isinstance(part, kind) and (new := change(part)) is not None:
            done = True
            return new
        if isinstance(part, tuple):
            return tuple(walk(p) for p in part)
        if is_dataclass(part) and not isinstance(part, type):
            return replace(part, **{f.name: walk(getattr(part, f.name)) for f in fields(part)})
        return part

    result = walk(value)
    assert done, f"no {kind.__name__} to change"
    return result
