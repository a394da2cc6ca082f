"""The figures of the synthetic population: what is published, and what is invented.

No figure here is law: thresholds, benchmarks, deadlines and caps are read from the rulebook
(`law`). What is published carries its grade and source; the rest, and every share in `guesses`,
was made up, to be plausible and to reach the edges of the rules, and is evidence of nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from carbonlex.model import Grade, Label

DEFAULT_ENTITIES = 3_400
LAST_SETTLED = 2024
"""The last compliance year whose deadline has passed for everyone in the population."""


@dataclass(frozen=True)
class Figure:
    """A published figure: its value in `unit`, how well it is known, and who reports it."""

    label: Label
    value: Fraction
    unit: str
    grade: Grade
    source: str


@dataclass(frozen=True)
class Sector:
    """A sector of the default population.

    Attributes:
        name: the choice of the fact `sector`.
        entities: how many there are among `DEFAULT_ENTITIES`.
        tonnes: verified emissions of all of them by compliance year, tCO2e.
        spread: the standard deviation of the logarithm of an entity's emissions; invented.
    """

    name: str
    label: Label
    entities: int
    tonnes: Mapping[int, int]
    spread: float


def _figure(zh: str, en: str, value: str, unit: str, grade: Grade, source: str) -> Figure:
    return Figure(Label(zh, en), Fraction(value), unit, grade, source)


PUBLISHED: Mapping[str, Figure] = {
    "power_entities": _figure(
        "首个履约周期的发电企业数",
        "power entities at the start",
        "2225",
        "entities",
        "secondary",
        "plan-power-2019-2020#para_7",
    ),
    "power_tonnes_2019": _figure(
        "首个履约周期发电企业的年排放量（约）",
        "yearly emissions of power at the start (about)",
        "4000000000",
        "tCO2e",
        "recalled",
        "",
    ),
    "power_tonnes_2023": _figure(
        "2023、2024年度发电企业的年排放量（约）",
        "yearly emissions of power, 2023 and 2024 (about)",
        "5000000000",
        "tCO2e",
        "secondary",
        "ICAP, on the draft of 2024-07-02",
    ),
    "entities_2026": _figure(
        "2026年四个行业的重点排放单位数（约）",
        "entities of four sectors in 2026 (about)",
        "3400",
        "entities",
        "recalled",
        "",
    ),
    "tonnes_2026": _figure(
        "2026年四个行业的年排放量（约）；此处作为2025履约年度（2026年清缴）的",
        "yearly emissions of four sectors in 2026 (about); taken here for compliance year 2025, "
        "surrendered in 2026",
        "8000000000",
        "tCO2e",
        "recalled",
        "",
    ),
    "price_november_2024": _figure(
        "2024年11月配额成交均价（按成交量加权）",
        "average allowance price of November 2024 (volume-weighted)",
        "97.48",
        "CNY/tCO2e",
        "secondary",
        "computed from a public series of the exchange's figures",
    ),
    "price_december_2024": _figure(
        "2024年12月配额成交均价（按成交量加权）",
        "average allowance price of December 2024 (volume-weighted)",
        "97.997",
        "CNY/tCO2e",
        "secondary",
        "computed from a public series of the exchange's figures",
    ),
}

_GT = 1_000_000_000

# Of these sums only those that PUBLISHED has are published. Invented: power of 2021 and 2022 (on
# the way from 4 to 5 Gt) and of 2025 (as in 2024); all of the division among the other sectors.
SECTORS: tuple[Sector, ...] = (
    Sector(
        "power",
        Label("发电", "power"),
        2_225,
        {
            2019: 4 * _GT,
            2020: 4 * _GT,
            2021: 4_300_000_000,
            2022: 4_600_000_000,
            2023: 5 * _GT,
            2024: 5 * _GT,
            2025: 5 * _GT,
        },
        1.0,
    ),
    Sector(
        "steel",
        Label("钢铁", "steel"),
        205,
        {2024: 1_850_000_000, 2025: 1_850_000_000},
        0.8,
    ),
    Sector(
        "cement",
        Label("水泥", "cement"),
        880,
        {2024: 1_050_000_000, 2025: 1_050_000_000},
        0.7,
    ),
    Sector(
        "aluminium",
        Label("铝冶炼", "aluminium"),
        90,
        {2024: 100_000_000, 2025: 100_000_000},
        0.7,
    ),
)

PROVINCES: Mapping[str, int] = {
    "北京市": 1, "天津市": 2, "河北省": 8, "山西省": 7, "内蒙古自治区": 9,
    "辽宁省": 5, "吉林省": 3, "黑龙江省": 4, "上海市": 2, "江苏省": 9,
    "浙江省": 6, "安徽省": 5, "福建省": 3, "江西省": 3, "山东省": 14,
    "河南省": 7, "湖北省": 4, "湖南省": 3, "广东省": 6, "广西壮族自治区": 3,
    "海南省": 1, "重庆市": 2, "四川省": 4, "贵州省": 3, "云南省": 3,
    "西藏自治区": 1, "陕西省": 5, "甘肃省": 3, "青海省": 1, "宁夏回族自治区": 3,
    "新疆维吾尔自治区": 7,
}  # fmt: skip
"""The 31 provinces and how many of each 137 entities stand there: invented weights."""


def apportion(entities: int) -> tuple[tuple[Sector, int], ...]:
    """Return how many of `entities` belong to each sector, by largest remainder.

    >>> [(sector.name, number) for sector, number in apportion(3_400)]
    [('power', 2225), ('steel', 205), ('cement', 880), ('aluminium', 90)]
    >>> sum(number for _, number in apportion(17))
    17
    """
    exact = [Fraction(entities * s.entities, DEFAULT_ENTITIES) for s in SECTORS]
    numbers = [int(share) for share in exact]
    rests = sorted(range(len(exact)), key=lambda at: numbers[at] - exact[at])
    for at in rests[: entities - sum(numbers)]:
        numbers[at] += 1
    return tuple(zip(SECTORS, numbers, strict=True))


def expected(entities: int) -> Mapping[int, Fraction]:
    """Return the emissions that a population of `entities` aims at, tCO2e by compliance year.

    >>> expected(3_400)[2025], expected(6_800)[2019]
    (Fraction(8000000000, 1), Fraction(8000000000, 1))
    """
    sums: dict[int, Fraction] = {}
    for sector, number in apportion(entities):
        for year, tonnes in sector.tonnes.items():
            share = Fraction(tonnes * number, sector.entities)
            sums[year] = sums.get(year, Fraction(0)) + share
    return sums
