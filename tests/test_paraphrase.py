"""Expressions in words: what a lawyer reads beside the clause, in Chinese and in English."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonlex.expressions.paraphrase import paraphrase
from carbonlex.expressions.parse import parse
from carbonlex.model import Label

LABELS = {
    "emissions": Label("年度排放量", "annual emissions"),
    "threshold": Label("门槛", "the threshold"),
    "owed": Label("应清缴量", "the obligation"),
    "held": Label("已清缴量", "the amount surrendered"),
    "short": Label("未清缴量", "the shortfall"),
    "price": Label("均价", "the average price"),
    "cap": Label("抵销比例上限", "the cap on offsets"),
    "sector": Label("行业", "the sector"),
    "power": Label("发电", "power"),
    "steel": Label("钢铁", "steel"),
    "covered": Label("覆盖行业", "the sectors covered"),
    "listed": Label("已列入名录", "listed"),
    "removed": Label("已被移出名录", "removed from the list"),
    "closed": Label("停业", "closed"),
    "reported": Label("报送日", "the day of the report"),
    "due": Label("报送期限", "the deadline"),
    "year": Label("履约年度", "compliance year"),
    "benchmark": Label("基准值", "the benchmark"),
    "credits": Label("减排量", "credits"),
    "quantity": Label("数量", "quantity"),
    "used": Label("已用于抵销", "used as an offset"),
    "excluded": Label("来自覆盖项目", "from a covered project"),
}


def say(text: str, lang: str) -> str:
    def label(name: str) -> Label:
        return LABELS.get(name, Label(name, name))

    return paraphrase(parse(text), label, lang, lambda name: name in ("reported", "due"))


SAID = [
    ("26_000", "26,000", "26,000"),
    ("0.05", "0.05", "0.05"),
    ("emissions", "年度排放量", "annual emissions"),
    ("emissions < threshold", "年度排放量低于门槛", "annual emissions is below the threshold"),
    ("short <= 5", "未清缴量不超过5", "the shortfall is at most 5"),
    ("short > 5", "未清缴量超过5", "the shortfall exceeds 5"),
    ("held >= owed", "已清缴量不低于应清缴量", "the amount surrendered is at least the obligation"),
    ("short == 0", "未清缴量为0", "the shortfall is 0"),
    ("short != 0", "未清缴量不为0", "the shortfall is not 0"),
    ("sector == 'power'", "行业为“发电”", "the sector is 'power'"),
    ("sector in covered", "行业属于覆盖行业", "the sector is among the sectors covered"),
    ("sector in ('power', 'steel')", "行业属于发电、钢铁", "the sector is among power, steel"),
    ("not closed", "并非停业", "not closed"),
    (
        "listed and not removed",
        "已列入名录，且并非已被移出名录",
        "listed, and not removed from the list",
    ),
    ("removed or closed", "已被移出名录，或者停业", "removed from the list, or closed"),
    (
        "listed and (removed or closed)",
        "已列入名录，且（已被移出名录，或者停业）",
        "listed, and (removed from the list, or closed)",
    ),
    (
        "cap * owed",
        "抵销比例上限 × 应清缴量",
        "the cap on offsets × the obligation",
    ),
    ("short / 2", "未清缴量 ÷ 2", "the shortfall ÷ 2"),
    (
        "2 * (owed + held)",
        "2 × （应清缴量 ＋ 已清缴量）",
        "2 × (the obligation ＋ the amount surrendered)",
    ),
    ("reported <= date(2026, 3, 31)", "报送日不晚于", "the day of the report is not later than"),
    ("reported > add_days(due, 30)", "报送日晚于", "the day of the report is after"),
    ("between(1_000_000, 5_000_000)", "1,000,000以上5,000,000以下", "from 1,000,000 to 5,000,000"),
    ("upper(between(1, 5))", "1以上5以下的上限", "the upper end of from 1 to 5"),
    (
        "max(owed, held)",
        "应清缴量与已清缴量中较大者",
        "the larger of the obligation and the amount surrendered",
    ),
    (
        "min(owed, held)",
        "应清缴量与已清缴量中较小者",
        "the smaller of the obligation and the amount surrendered",
    ),
    (
        "0 if closed else short",
        "停业的，为0；否则为未清缴量",
        "0 if closed, else the shortfall",
    ),
    (
        "sum(c.quantity for c in credits)",
        "各项减排量的数量之和",
        "the sum of quantity over credits",
    ),
    (
        "sum(c.quantity for c in credits if c.used)",
        "各项减排量（已用于抵销的）的数量之和",
        "the sum of quantity over credits (where used as an offset)",
    ),
    (
        "any(c.excluded for c in credits if c.used)",
        "有任一减排量（已用于抵销的）来自覆盖项目",
        "for any of credits (where used as an offset), from a covered project",
    ),
    (
        "all(c.used for c in credits)",
        "每一减排量均已用于抵销",
        "for each of credits, used as an offset",
    ),
    ("count(c.used for c in credits)", "减排量的项数", "the number of credits"),
    (
        "max(c.quantity for c in credits)",
        "各项减排量的数量中最大者",
        "the greatest quantity of credits",
    ),
    ("benchmark[sector]", "基准值（按行业）", "the benchmark for the sector"),
    ("round_half_up(short / 3)", "未清缴量 ÷ 3（四舍五入）", "the shortfall ÷ 3 rounded half up"),
    ("emissions[-1]", "上一年度的年度排放量", ""),
]


@pytest.mark.parametrize(("text", "zh", "en"), SAID, ids=[text for text, _, _ in SAID])
def test_said(text: str, zh: str, en: str) -> None:
    assert say(text, "zh").startswith(zh)
    assert say(text, "en").startswith(en)


@given(st.sampled_from([text for text, _, _ in SAID]), st.sampled_from(["zh", "en"]))
@settings(max_examples=60, deadline=None)
def test_nothing_technical_is_left(text: str, lang: str) -> None:
    said = say(text, lang)
    assert not set("[]{}_*/<>=") & set(said)
    if lang == "zh":
        assert not any(a.isascii() and a.isalpha() for a in said)
    assert "  " not in said and said == said.strip()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("emissions <= owed", "emissions < owed"),
        ("emissions >= owed", "emissions > owed"),
        ("owed - held", "held - owed"),
        ("(owed + held) * 2", "owed + held * 2"),
        ("owed - (held - short)", "owed - held - short"),
        ("not (listed and closed)", "not listed and closed"),
        ("listed and (removed or closed)", "(listed and removed) or closed"),
        ("emissions[-1]", "emissions[-2]"),
        ("emissions[-1]", "emissions"),
        ("0 if closed else short", "short if closed else 0"),
        ("sum(c.quantity for c in credits)", "sum(c.quantity for c in credits if c.used)"),
        ("any(c.used for c in credits)", "all(c.used for c in credits)"),
        ("round_half_up(short)", "round_half_even(short)"),
        ("owed / (held * short)", "owed / held * short"),
        ("round_half_up(owed + held)", "owed + round_half_up(held)"),
        ("round_half_up(short, 2)", "round_half_up(short)"),
    ],
)
def test_two_meanings_are_not_said_alike(one: str, other: str, lang: str) -> None:
    # × and brackets may stand for themselves; blanks around them say nothing.
    first, second = (say(text, lang).replace(" ", "") for text in (one, other))
    assert first != second


def test_a_range_keeps_its_end() -> None:
    assert say("between(1, 2) * price", "en") != say("between(1, 2 * price)", "en")


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        pytest.param(*case, id=reason)
        for *case, reason in (
            (
                "year >= 2024",
                "履约年度不低于2024",
                "compliance year is at least 2024",
                "a year is no sum of money: no comma",
            ),
            (
                "date(2026, 12, 31)",
                "2026年12月31日",
                "the day 2026-12-31",
                "a year is no sum of money: no comma",
            ),
            (
                "reported <= due",
                "报送日不晚于报送期限",
                "the day of the report is not later than the deadline",
                "days by name are compared as if they were amounts",
            ),
            (
                "max(0, owed, held)",
                "0、应清缴量、已清缴量中最大者",
                "the largest of 0, the obligation and the amount surrendered",
                "of three, none is the larger",
            ),
            (
                "emissions[-1]",
                "上一年度的年度排放量",
                "annual emissions of the year before",
                "'1 year(s) before'",
            ),
        )
    ],
)
def test_should_be_said(text: str, zh: str, en: str) -> None:
    assert (say(text, "zh"), say(text, "en")) == (zh, en)


def test_comparisons_are_told_apart_in_both_languages() -> None:
    for lang in ("zh", "en"):
        said = [say(f"owed {op} held", lang) for op in ("<", "<=", ">", ">=", "==", "!=")]
        assert all(a != b for a, b in pairwise(sorted(said)))
