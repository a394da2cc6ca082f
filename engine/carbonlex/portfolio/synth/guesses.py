"""What the synthetic population makes up: shares and ranges, each with words for its README.

Shares between 0 and 1 are of what the label names. None is a finding about real entities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carbonlex.model import Label


@dataclass(frozen=True)
class Guess:
    """Something made up: a share, or a figure in the unit that its label names."""

    label: Label
    value: float


def _guess(value: float, zh: str, en: str) -> Guess:
    return Guess(Label(zh, en), value)


GUESSES: Mapping[str, Guess] = {
    # entities
    "near_threshold": _guess(0.02, "排放量在门槛附近的企业", "entities near the threshold"),
    "at_threshold": _guess(0.3, "其中恰在门槛的年度", "of their years: exactly at the threshold"),
    "small": _guess(0.015, "最近两年均低于门槛的企业", "entities below it in the last two years"),
    "ceased": _guess(0.01, "已停产关闭的企业", "entities that ceased operations"),
    "drift": _guess(0.06, "年度间波动（对数标准差）", "change between years (sd of the logarithm)"),
    "whole_tonnes": _guess(0.8, "排放量为整吨的企业", "entities whose emissions are whole tonnes"),
    "emissions_untold": _guess(0.002, "未告知核查排放量", "verified emissions not told"),
    "direct_untold": _guess(0.1, "未告知直接排放量", "direct emissions not told"),
    "listed_untold": _guess(0.08, "未告知是否列入名录", "listing not told"),
    "region_untold": _guess(0.02, "未告知地区的企业", "entities whose region is not told"),
    # units and lines
    "another_unit": _guess(0.25, "再有一台机组（至多六次）", "one more unit (up to six times)"),
    "coal_above_300": _guess(
        0.45, "机组类别：300MW以上常规燃煤", "class: conventional coal above 300 MW"
    ),
    "coal_up_to_300": _guess(
        0.33, "机组类别：300MW及以下常规燃煤", "class: conventional coal up to 300 MW"
    ),
    "coal_unconventional": _guess(0.12, "机组类别：非常规燃煤", "class: unconventional coal"),
    "gas": _guess(0.10, "机组类别：燃气", "class: gas"),
    "same_class": _guess(0.85, "与企业主要机组同类的机组", "units of the entity's main class"),
    "heat": _guess(0.5, "供热机组", "units that supply heat"),
    "heat_share": _guess(0.3, "供热所占排放的上限", "most of a unit's emissions due to heat"),
    "intensity": _guess(0.05, "强度与基准之比（对数标准差）", "intensity to benchmark (sd of log)"),
    "own_use": _guess(0.06, "厂用电率", "share of electricity used in the plant"),
    "strained": _guess(0.03, "排放强度高出基准两成的企业", "entities a fifth above the benchmark"),
    "borrowed": _guess(0.3, "其2021、2022年度预支配额的", "of these: borrowed in 2021, 2022"),
    "unit_untold": _guess(0.004, "机组的某项事实未告知", "a fact of a unit not told"),
    "unit_new": _guess(0.005, "当年新投产机组", "units new in the year"),
    "another_line": _guess(0.3, "再有一条生产线（至多四次）", "one more line (up to four times)"),
    "clinker_white": _guess(0.05, "白水泥熟料生产线", "lines of white clinker"),
    "clinker_gypsum": _guess(0.03, "石膏制硫酸副产熟料生产线", "lines of clinker from gypsum"),
    "slag": _guess(0.1, "使用电石渣的熟料生产线", "clinker lines that use carbide slag"),
    "slag_at_edge": _guess(0.2, "其中替代率恰在分界", "of these: exactly at the threshold"),
    "slag_untold": _guess(0.02, "未告知电石渣替代率", "carbide slag not told"),
    "line_out": _guess(0.01, "已关停（另有同样多新投产）", "lines closed; as many are new"),
    "allocation_untold": _guess(0.1, "未告知2025年度核定配额", "allocation of 2025 not told"),
    # surrender, years whose deadline has passed
    "exact": _guess(0.63, "清缴量恰等于应清缴量", "surrendered exactly what is owed"),
    "more": _guess(0.22, "清缴量多于应清缴量", "surrendered more than is owed"),
    "by_ledger": _guess(0.10, "清缴量由变动记录告知", "surrender told by movements"),
    "short": _guess(0.03, "清缴不足", "surrendered less than is owed"),
    "untold": _guess(0.02, "未告知清缴量", "surrender not told"),
    "ordered": _guess(0.6, "清缴不足且已责令改正", "of those short: ordered to correct"),
    "made_good": _guess(0.5, "其中已全部补缴", "of those ordered: made good in full"),
    # surrender, the year under way
    "exact_so_far": _guess(0.25, "2025年度：已足额清缴", "2025: surrendered exactly already"),
    "more_so_far": _guess(0.05, "2025年度：已多缴", "2025: surrendered more already"),
    "ledger_so_far": _guess(0.10, "2025年度：由变动记录告知", "2025: told by movements"),
    "short_so_far": _guess(0.25, "2025年度：已部分清缴", "2025: surrendered in part"),
    "untold_so_far": _guess(0.35, "2025年度：未告知清缴量", "2025: surrender not told"),
    "late": _guess(0.03, "变动记录：逾期清缴", "movements: surrendered late"),
    "lapsed": _guess(0.05, "2025年度变动记录：以往年配额清缴", "2025 movements: an old vintage"),
    # credits
    "credits": _guess(0.12, "使用减排量抵销", "offsets used"),
    "credits_at_cap": _guess(0.5, "其中恰为上限", "of these: exactly at the cap"),
    "credits_above": _guess(0.1, "其中超过上限", "of these: above the cap"),
    "covered": _guess(0.08, "其中来自覆盖项目", "of these: from covered projects"),
    "used_late": _guess(0.03, "其中逾期使用", "of these: used late"),
    "spare": _guess(0.05, "持有未使用的减排量", "credits held and not used"),
    "credits_untold": _guess(0.03, "未告知是否使用减排量", "credits not told"),
    # reports, evidence, prices, reliefs
    "report_untold": _guess(0.01, "未告知排放报告", "report not told"),
    "unreported": _guess(0.005, "未报送排放报告", "report not submitted"),
    "reported_late": _guess(0.01, "排放报告逾期", "report late"),
    "last_day": _guess(0.05, "期限当日报送", "reported on the last day"),
    "months": _guess(0.02, "告知月度存证的年度", "years with monthly evidence told"),
    "month_late": _guess(0.03, "逾期存证的月份", "months whose evidence is late"),
    "price_untold": _guess(0.03, "未告知均价", "average price not told"),
    "price_2024": _guess(
        60.0, "2024年度清缴时限前均价（元/吨）", "price before the deadline of 2024"
    ),
    "price_2025": _guess(65.0, "2025年度购买配额的价格（元/吨）", "price of allowances for 2025"),
    "banked": _guess(0.3, "2024年度结转配额", "allowances banked in 2024"),
}


def share(name: str) -> float:
    """Return a guess by name; raises `KeyError`.

    >>> share("gas")
    0.1
    """
    return GUESSES[name].value
