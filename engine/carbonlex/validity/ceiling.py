"""A fine against the State Council's ceiling as recalled: never more than a comparison."""

from __future__ import annotations

import re
from fractions import Fraction

from carbonlex.model import Facts
from carbonlex.quantities import grouped
from carbonlex.rulebook.norms import Norm
from carbonlex.rulebook.rulebook import Rulebook
from carbonlex.validity.finding import Examination, Finding
from carbonlex.words.norms import say_norm

_ENDS = ("fine_minimum", "fine_maximum")


def compared(
    rulebook: Rulebook, examination: Examination, finding: Finding, norm: Norm, lang: str
) -> str:
    """Return a fine beside the recalled ceiling that a norm sets, with the ceiling's figures."""
    zh, known = lang == "zh", finding.ceiling
    amount = ""
    if known is not None and isinstance(known.value, Fraction):
        amount = f"：{grouped(known.value)} 元" if zh else f": CNY {grouped(known.value)}"
    own, how = _own(examination, finding, zh), _formula(rulebook, norm, lang)
    place = _place(examination, finding, zh)
    opened = finding.result == "undetermined"
    if zh:
        tail = "；不能据此认为违法" if opened else ""
        return f"{own}，与凭记忆所知的限额{amount}相比{place}（{how}）{tail}"
    tail = "; no ground to call it unlawful" if opened else ""
    return f"{own} against the ceiling as recalled{amount}{place} ({how}){tail}"


def _place(examination: Examination, finding: Finding, zh: bool) -> str:
    """Return whether the fine goes above the recalled ceiling, where that is one figure."""
    told = _facts(examination, finding).get("fine_maximum")
    known = finding.ceiling
    if told is None or known is None:
        return ""
    if not isinstance(told.value, Fraction) or not isinstance(known.value, Fraction):
        return ""
    if told.value > known.value:
        return "，高于该限额" if zh else ", above it"
    return "，不高于该限额" if zh else ", not above it"


def _facts(examination: Examination, finding: Finding) -> Facts:
    years = examination.report.case.years
    return years[examination.asked_on.year].lists["clauses"][finding.index]


def _own(examination: Examination, finding: Finding, zh: bool) -> str:
    told = _facts(examination, finding)
    ends = [told[n].value for n in _ENDS if n in told]
    figures = [grouped(e) for e in ends if isinstance(e, Fraction)]
    if len(figures) < len(_ENDS):
        return "本条罚款随事实而定" if zh else "its fine, which hangs on facts,"
    low, high = figures
    return f"本条罚款 {low}–{high} 元" if zh else f"its fine of CNY {low}–{high}"


def _formula(rulebook: Rulebook, norm: Norm, lang: str) -> str:
    """Return how the ceiling is found, with the figures of its parameters."""
    said = " ".join(say_norm(rulebook, norm, lang))
    said = said.partition("＝" if lang == "zh" else "means: ")[2]
    figures: dict[str, str] = {}
    for found, *_ in rulebook.parameter_names.values():
        entry = found.spans[0].entry
        if found.norm == norm.id and entry is not None and isinstance(entry.value, Fraction):
            figures[found.label.of(lang)] = grouped(entry.value)
    # A label may be part of another: the longest is meant.
    labels = "|".join(re.escape(name) for name in sorted(figures, key=len, reverse=True))
    said = re.sub(labels, lambda m: f"{m[0]} {figures[m[0]]}", said) if labels else said
    return said.rstrip("。.")
