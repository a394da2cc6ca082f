"""An instrument as one expression holds it: its place in the order of law, and its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from carbonlex.model import Grade, Label, weakest

Rank = Literal[
    "law",
    "administrative_regulation",
    "local_regulation",
    "departmental_rule",
    "local_government_rule",
    "normative_document",
    "policy",
    "treaty",
    "treaty_body_decision",
    "eu_act",
]
Level = Literal["article", "paragraph", "point", "indent", "wrap-up"]
RANK_LABELS: dict[str, Label] = {
    "law": Label("法律", "law"),
    "administrative_regulation": Label("行政法规", "administrative regulation"),
    "local_regulation": Label("地方性法规", "local regulation"),
    "departmental_rule": Label("部门规章", "departmental rule"),
    "local_government_rule": Label("地方政府规章", "local government rule"),
    "normative_document": Label("规范性文件", "normative document"),
    "policy": Label("政策文件", "policy"),
    "treaty": Label("条约", "treaty"),
    "treaty_body_decision": Label("条约机构决定", "decision of a treaty body"),
    "eu_act": Label("欧盟法令", "EU act"),
}
GRADE_LABELS: dict[str, Label] = {
    "official": Label("官方文本", "official text"),
    "official-mirror": Label("公开法规库全文", "public mirror of the official text"),
    "single-page": Label("单一网页转载", "one unofficial page"),
    "secondary": Label("二手来源", "secondary source"),
    "recalled": Label("凭记忆，未经核对", "recalled, unverified"),
    "draft": Label("草案文字，尚未制定", "words of a draft, not enacted"),
}
SUMMARY = Label("摘要，非原文", "summary, not the words")


@dataclass(frozen=True)
class Provision:
    """An article (条), paragraph (款), point (项), 目 (`indent`), or the end of a paragraph.

    A `wrap-up` is what follows the items of a paragraph, in the same sentence: it is cited as the
    paragraph.

    Attributes:
        eid: its id in this expression; `wid` its id in the earliest expression held.
        text: its own words: a paragraph's lead-in, a point's text; empty for an article.
        held: whether there is a reading of its words.
        summary: whether the text only sums up what a reading reports. It may be cited and held
            against a rule like any other, and is never quoted as the words of the instrument.
    """

    eid: str
    wid: str
    level: Level
    num: str
    text: str
    grade: Grade
    held: bool
    parent: str
    children: tuple[str, ...]
    summary: bool = False

    @property
    def numbered(self) -> bool:
        """Whether its number is printed before its words: （一）, 1．."""
        return self.level in ("point", "indent")

    @property
    def printed(self) -> str:
        """Its own words as they are printed, with its number where it is a point or a 目."""
        return self.num + self.text if self.numbered else self.text


@dataclass(frozen=True)
class Instrument:
    """One expression of one instrument: a version in force from `effective` until `ended`.

    `ended` is the first day on which it is no longer in force; None while it is.
    """

    key: str
    uri: str
    work: str
    rank: Rank
    maker: str
    maker_label: Label
    title: Label
    short: Label
    number: str
    promulgated: date
    effective: date
    ended: date | None
    grade: Grade
    date_grades: Mapping[str, Grade]
    articles: int
    provisions: Mapping[str, Provision]
    file: str
    digest: str
    note: Label

    def in_force(self, day: date) -> bool:
        """Return whether this expression is in force on a day."""
        return self.effective <= day and (self.ended is None or day < self.ended)

    def under(self, eid: str) -> Iterator[Provision]:
        """Yield a provision and all below it, in the order of the text."""
        provision = self.provisions[eid]
        yield provision
        for child in provision.children:
            yield from self.under(child)

    def words(self, eid: str) -> str:
        """Return the words of a provision, its points with their numbers, paragraphs in lines."""
        lines: list[str] = []
        for provision in self.under(eid):
            if provision.numbered or provision.text:
                lines.append(provision.printed)
        return "\n".join(lines)

    def grade_of(self, eid: str) -> Grade:
        """Return the weakest grade of the words of a provision."""
        return weakest([p.grade for p in self.under(eid) if p.text or p.level == "article"])

    def is_summary(self, eid: str) -> bool:
        """Return whether a provision, or anything below it, is a summary and not the words."""
        return any(p.summary for p in self.under(eid))

    def article(self, eid: str) -> Provision:
        """Return the article, or the paragraph outside any, that a provision belongs to."""
        provision = self.provisions[eid]
        while provision.parent:
            provision = self.provisions[provision.parent]
        return provision

    def by_wid(self, wid: str) -> str | None:
        """Return the eId in this expression of the provision that was once `wid`."""
        return next((p.eid for p in self.provisions.values() if p.wid == wid), None)
