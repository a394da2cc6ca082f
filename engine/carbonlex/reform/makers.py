"""Who makes law: the bodies that a draft may name, and the form in which each usually speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from carbonlex.model import Label
from carbonlex.statutes.instruments import Rank

Level = Literal[
    "nation", "council", "department", "province_congress", "province", "city_congress", "city"
]  # fmt: skip


@dataclass(frozen=True)
class Maker:
    """A body that makes law: its place among the organs of state, and its usual form."""

    key: str
    label: Label
    level: Level
    forms: tuple[Rank, ...]

    @property
    def form(self) -> Rank:
        """The form in which it usually enacts."""
        return self.forms[0]


def _ministry(key: str, zh: str, en: str) -> Maker:
    return Maker(key, Label(zh, en), "department", ("departmental_rule", "normative_document"))


_NORMATIVE: Rank = "normative_document"
MAKERS: dict[str, Maker] = {
    m.key: m
    for m in (
        Maker("npc", Label("全国人民代表大会", "National People's Congress"), "nation", ("law",)),
        Maker(
            "npcsc",
            Label("全国人民代表大会常务委员会", "Standing Committee of the NPC"),
            "nation",
            ("law",),
        ),
        Maker(
            "gwy",
            Label("国务院", "State Council"),
            "council",
            ("administrative_regulation", _NORMATIVE),
        ),
        _ministry("mee", "生态环境部", "Ministry of Ecology and Environment"),
        _ministry("ndrc", "国家发展和改革委员会", "National Development and Reform Commission"),
        _ministry("samr", "国家市场监督管理总局", "State Administration for Market Regulation"),
        _ministry("csrc", "中国证券监督管理委员会", "China Securities Regulatory Commission"),
        _ministry("department", "国务院部门", "a department of the State Council"),
        Maker(
            "province-congress",
            Label("省级人民代表大会及其常务委员会", "a provincial people's congress"),
            "province_congress",
            ("local_regulation",),
        ),
        Maker(
            "province",
            Label("省级人民政府", "a provincial government"),
            "province",
            ("local_government_rule", _NORMATIVE),
        ),
        Maker(
            "city-congress",
            Label("设区的市人民代表大会及其常务委员会", "a municipal people's congress"),
            "city_congress",
            ("local_regulation",),
        ),
        Maker(
            "city",
            Label("设区的市人民政府", "a municipal government"),
            "city",
            ("local_government_rule", _NORMATIVE),
        ),
    )
}
"""By key. A province or a city is told as one; its own name may be given in `maker_label`."""
